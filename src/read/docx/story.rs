//! A story of a document - its body, its notes, a header - walked once, element by element, with what is open
//! kept on two stacks: one frame for every XML element, one container for every value under construction. No
//! call recurses, so that depth costs memory and never the call stack.

use super::bookmarks::Bookmarks;
use super::container::{BlockList, CellDraft, Container, RowDraft, TableDraft};
use super::fields::Fields;
use super::form::read_form;
use super::linked::Linked;
use super::paragraph::Draft;
use super::properties::{
    CellProperties, ParagraphProperties, RowProperties, RunProperties, read_cell_properties, read_paragraph_properties,
    read_row_properties, read_run_properties,
};
use super::tally::Passed;
use super::{Reading, drawing::Drawing};
use crate::error::Result;
use crate::limits::Limits;
use crate::model::{Block, Location, Mark, RawParagraph, Role};
use crate::read::xml::{Element, Memory, Ns, Token, Xml};

/// Reads the text of a part as blocks. Bookmarks, charts and notes go to `reading`.
///
/// `linked` holds what the part's relationships lead to.
///
/// # Errors
/// When the XML is damaged, too deep, holds too many paragraphs, or the time is used up.
pub(super) fn read_story(
    part: &str,
    text: &str,
    role: Role,
    linked: &Linked,
    reading: &mut Reading,
) -> Result<Vec<Block>> {
    let mut xml = Xml::new(text, reading.limits, reading.deadline);
    let mut story = Story::new(part, role, linked, reading);
    match story.walk(&mut xml) {
        Ok(()) => Ok(story.finish()),
        Err(error) => Err(error.at(story.place())),
    }
}

/// What an open XML element is to the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Plain,
    Paragraph,
    Run,
    Text,
    Instruction,
    Field,
    Table,
    Row,
    Cell,
    TextBox,
    Deleted,
    /// A content control, and whether it holds a table of contents
    Control(bool),
    /// `mc:AlternateContent`, and whether a choice was taken
    Alternate(bool),
}

/// What to do with an element that has just been opened.
pub(super) enum Step {
    Enter(Frame),
    Skip,
    Read(Properties),
}

/// The property elements that are read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Properties {
    Paragraph,
    Run,
    Row,
    Cell,
    Control,
    Form,
}

/// Properties as they were spelt and what they said.
#[derive(Default)]
struct Memories<'i> {
    paragraph: Memory<'i, ParagraphProperties>,
    run: Memory<'i, RunProperties>,
    row: Memory<'i, RowProperties>,
    cell: Memory<'i, CellProperties>,
}

pub(super) struct Story<'s, 'a> {
    pub(super) part: &'s str,
    role: Role,
    pub(super) linked: &'s Linked,
    pub(super) reading: &'s mut Reading<'a>,
    pub(super) frames: Vec<Frame>,
    containers: Vec<Container>,
    paragraphs: u32,
    tables: u64,
    pub(super) deletions: u32,
    contents_controls: u32,
    pub(super) fields: Fields,
    pub(super) bookmarks: Bookmarks,
    run: RunProperties,
    pub(super) drawing: Drawing,
}

impl<'s, 'a> Story<'s, 'a> {
    fn new(part: &'s str, role: Role, linked: &'s Linked, reading: &'s mut Reading<'a>) -> Self {
        Self {
            part,
            role,
            linked,
            reading,
            frames: Vec::new(),
            containers: vec![Container::List(BlockList::default())],
            paragraphs: 0,
            tables: 0,
            deletions: 0,
            contents_controls: 0,
            fields: Fields::default(),
            bookmarks: Bookmarks::default(),
            run: RunProperties::default(),
            drawing: Drawing::default(),
        }
    }

    fn walk<'i>(&mut self, xml: &mut Xml<'i>) -> Result<()> {
        let mut memories = Memories::<'i>::default();
        while let Some(token) = xml.next()? {
            match token {
                Token::Open(element) => match self.step(&element)? {
                    Step::Enter(frame) => self.frames.push(frame),
                    Step::Skip => self.pass_over(xml)?,
                    Step::Read(properties) => self.read(properties, xml, &mut memories)?,
                },
                Token::Close => self.leave(),
                Token::Text(text) => self.take(&text),
            }
        }
        Ok(())
    }

    /// Passes over an element; the paragraphs in it count all the same, so that a number means one `w:p`.
    fn pass_over(&mut self, xml: &mut Xml) -> Result<()> {
        let mut passed = 0;
        xml.below_flat(|element| passed += u32::from(element.is(Ns::Word, "p")))?;
        self.paragraphs = self.paragraphs.saturating_add(passed);
        Ok(())
    }

    fn read<'i>(&mut self, properties: Properties, xml: &mut Xml<'i>, memories: &mut Memories<'i>) -> Result<()> {
        match properties {
            Properties::Paragraph => {
                let read = xml.recall(&mut memories.paragraph, read_paragraph_properties)?;
                if let Some(draft) = self.paragraph() {
                    draft.properties = read;
                }
            }
            Properties::Run => self.set_run(xml.recall(&mut memories.run, read_run_properties)?),
            Properties::Row => {
                let read = xml.recall(&mut memories.row, read_row_properties)?;
                if let Some(Container::Row(row)) = self.containers.last_mut() {
                    row.properties = read;
                }
            }
            Properties::Cell => {
                let read = xml.recall(&mut memories.cell, read_cell_properties)?;
                if let Some(Container::Cell(cell)) = self.containers.last_mut() {
                    cell.properties = read;
                }
            }
            Properties::Control => self.read_control(xml)?,
            Properties::Form => {
                if let Some(shown) = read_form(xml)? {
                    self.fields.fill_in(shown);
                }
            }
        }
        Ok(())
    }

    fn read_control(&mut self, xml: &mut Xml) -> Result<()> {
        let mut contents = false;
        xml.below_flat(|element| {
            let gallery = element.is(Ns::Word, "docPartGallery");
            contents |= gallery && element.val().as_deref() == Some("Table of Contents");
        })?;
        if let Some(Frame::Control(marked)) = self.frames.last_mut().filter(|_| contents) {
            *marked = true;
            self.contents_controls += 1;
        }
        Ok(())
    }

    fn set_run(&mut self, mut run: RunProperties) {
        if let Some(style) = run.style.as_deref().and_then(|id| self.reading.styles.get(id)) {
            run.fill_from(&style.run);
        }
        self.run = run;
    }

    fn take(&mut self, text: &str) {
        match self.frames.last() {
            Some(Frame::Text) if text.contains(['\n', '\r', '\t']) => self.put(&text.replace(['\n', '\r', '\t'], " ")),
            Some(Frame::Text) => self.put(text),
            Some(Frame::Instruction) if self.deletions == 0 => self.fields.instruct(text),
            _ => {}
        }
    }

    /// Adds text at this point, unless it is deleted or part of a field's instruction.
    pub(super) fn put(&mut self, text: &str) {
        if self.deletions > 0 || self.fields.hide() {
            return;
        }
        let blank = text.trim().is_empty();
        let in_contents = self.fields.in_contents() || self.contents_controls > 0;
        if self.run.hidden == Some(true) && !blank {
            self.pass(Passed::Hidden);
        }
        if !blank {
            self.fields.print();
        }
        match self.containers.last_mut() {
            Some(Container::Paragraph(draft)) => {
                draft.put(text, &self.run);
                draft.in_contents |= in_contents && !blank;
            }
            _ if !blank => self.pass(Passed::Stray),
            _ => {}
        }
    }

    /// Counts something that is passed over.
    pub(super) fn pass(&mut self, passed: Passed) {
        let place = self.place();
        self.reading.tally.count(passed, || place);
    }

    /// The innermost container, when it is a paragraph.
    pub(super) fn paragraph(&mut self) -> Option<&mut Draft> {
        match self.containers.last_mut() {
            Some(Container::Paragraph(draft)) => Some(draft),
            _ => None,
        }
    }

    /// The place of the paragraph that is open or opened last.
    pub(super) fn place(&self) -> Location {
        let number = match self.containers.last() {
            Some(Container::Paragraph(draft)) => draft.number,
            _ => self.paragraphs,
        };
        Location::in_part(self.part, number.max(1))
    }

    /// The point between two characters where the walk stands.
    pub(super) fn mark(&self) -> Mark {
        let (paragraph, offset) = match self.containers.last() {
            Some(Container::Paragraph(draft)) => (draft.number, draft.chars),
            _ => (self.paragraphs.saturating_add(1), 0),
        };
        Mark { part: self.part.to_owned(), paragraph, offset }
    }

    /// Starts a run with formatting of its own.
    pub(super) fn open_run(&mut self) -> Step {
        self.run = RunProperties::default();
        Step::Enter(Frame::Run)
    }

    /// Opens a paragraph, or goes on with one whose mark is deleted.
    pub(super) fn open_paragraph(&mut self) -> Result<Step> {
        self.paragraphs = self.paragraphs.saturating_add(1);
        let limits = self.reading.limits;
        Limits::check("the number of paragraphs", "paragraphs", self.paragraphs.into(), limits.paragraphs)?;
        let unfinished = self.list().and_then(|list| list.unfinished.take());
        let draft = unfinished.unwrap_or_else(|| Box::new(Draft::new(self.paragraphs)));
        self.containers.push(Container::Paragraph(draft));
        Ok(Step::Enter(Frame::Paragraph))
    }

    /// Opens a table, a row, a cell or a text box.
    pub(super) fn open_container(&mut self, frame: Frame) -> Result<Step> {
        self.containers.push(match frame {
            Frame::Table => {
                self.tables += 1;
                let limit = self.reading.limits.table_depth;
                Limits::check("the nesting of tables", "table_depth", self.tables, limit)?;
                let first = self.paragraphs.saturating_add(1);
                Container::Table(TableDraft::at(Location::in_part(self.part, first)))
            }
            Frame::Row => Container::Row(RowDraft::default()),
            Frame::Cell => Container::Cell(CellDraft::default()),
            _ => Container::List(BlockList::default()),
        });
        Ok(Step::Enter(frame))
    }

    fn leave(&mut self) {
        match self.frames.pop() {
            Some(Frame::Paragraph | Frame::Table | Frame::Row | Frame::Cell | Frame::TextBox) => self.close_container(),
            Some(Frame::Deleted) => self.deletions = self.deletions.saturating_sub(1),
            Some(Frame::Control(true)) => self.contents_controls = self.contents_controls.saturating_sub(1),
            Some(Frame::Field) => drop(self.fields.end()),
            _ => {}
        }
    }

    fn close_container(&mut self) {
        match self.containers.pop() {
            Some(Container::Paragraph(draft)) => self.close_paragraph(draft),
            Some(Container::Table(table)) => {
                self.tables = self.tables.saturating_sub(1);
                self.adopt(Block::Table(table.finish()));
            }
            Some(Container::Row(row)) => match self.containers.last_mut() {
                Some(Container::Table(table)) => table.add(row),
                _ => row.into_blocks().for_each(|block| self.adopt(block)),
            },
            Some(Container::Cell(cell)) => self.close_cell(cell),
            Some(Container::List(list)) => self.close_list(list).into_iter().for_each(|block| self.adopt(block)),
            None => {}
        }
    }

    fn close_cell(&mut self, cell: CellDraft) {
        let blocks = self.close_list(cell.list);
        match self.containers.last_mut() {
            Some(Container::Row(row)) => row.add(cell.properties, blocks),
            _ => blocks.into_iter().for_each(|block| self.adopt(block)),
        }
    }

    fn close_list(&mut self, mut list: BlockList) -> Vec<Block> {
        if let Some(draft) = list.unfinished.take() {
            list.blocks.extend(self.lower(*draft));
        }
        list.blocks.shrink_to_fit();
        list.blocks
    }

    fn close_paragraph(&mut self, draft: Box<Draft>) {
        if self.fields.give_up_instructions() {
            self.pass(Passed::Field);
        }
        let goes_on = draft.properties.mark_deleted && !(draft.text.is_empty() && draft.charts.is_empty());
        if draft.properties.mark_deleted {
            self.pass(Passed::Change);
            if !goes_on {
                draft.boxes.into_iter().for_each(|block| self.adopt(block));
                return;
            }
        }
        match self.list().filter(|_| goes_on) {
            Some(list) => list.unfinished = Some(draft),
            None => self.lower(*draft).for_each(|block| self.adopt(block)),
        }
    }

    /// The paragraph as the reader hands it over, then the text boxes anchored in it.
    fn lower(&mut self, draft: Draft) -> impl Iterator<Item = Block> + use<> {
        let styles = &self.reading.styles;
        let style = styles.of_paragraph(draft.properties.style.as_deref());
        let deleted = self.deletions > 0;
        let label = if deleted { None } else { self.reading.numbering.label(&draft.properties, style) };
        let paragraph = RawParagraph {
            label,
            style: draft.style(styles),
            role: draft.role(self.role, style),
            location: Location::in_part(self.part, draft.number),
            charts: draft.charts,
            breaks_page: draft.breaks_page || draft.properties.breaks_page,
            text: draft.text,
        };
        std::iter::once(Block::Paragraph(paragraph)).chain(draft.boxes)
    }

    /// Hands a finished block to the innermost container that can hold one.
    fn adopt(&mut self, block: Block) {
        for container in self.containers.iter_mut().rev() {
            match container {
                Container::List(list) => return list.blocks.push(block),
                Container::Cell(cell) => return cell.list.push_only(block),
                Container::Paragraph(draft) => return draft.boxes.push(block),
                Container::Table(_) | Container::Row(_) => {}
            }
        }
    }

    fn list(&mut self) -> Option<&mut BlockList> {
        match self.containers.last_mut()? {
            Container::List(list) => Some(list),
            Container::Cell(cell) => Some(&mut cell.list),
            _ => None,
        }
    }

    fn finish(mut self) -> Vec<Block> {
        let blocks = match self.containers.pop() {
            Some(Container::List(list)) => self.close_list(list),
            _ => Vec::new(),
        };
        self.reading.bookmarks.extend(std::mem::take(&mut self.bookmarks).into_found());
        blocks
    }

    /// What to do with an element, by its vocabulary.
    fn step(&mut self, element: &Element) -> Result<Step> {
        match element.ns {
            Ns::Word => self.word_step(element),
            Ns::Compatibility => Ok(self.alternate_step(element)),
            _ => Ok(self.drawing_step(element)),
        }
    }

    /// Takes the first choice of alternate content; the fallback says the same once more (ISO/IEC 29500-3 §7.5).
    fn alternate_step(&mut self, element: &Element) -> Step {
        match (element.name(), self.frames.last_mut()) {
            ("AlternateContent", _) => Step::Enter(Frame::Alternate(false)),
            ("Choice", Some(Frame::Alternate(taken))) if !*taken => {
                *taken = true;
                Step::Enter(Frame::Plain)
            }
            ("Choice" | "Fallback", Some(Frame::Alternate(true))) => Step::Skip,
            _ => Step::Enter(Frame::Plain),
        }
    }
}
