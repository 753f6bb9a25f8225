//! A report as a Word file: cover, table of contents as a field, then block after block.

use std::io::Cursor;

use anyhow::Result;
use docx_rs::{
    AlignmentType, BreakType, Docx, FieldCharType, Hyperlink, HyperlinkType, IndentLevel, InstrPAGEREF, InstrText,
    InstrToC, LineSpacing, NumberingId, Paragraph, Run, Tab, TabLeaderType, TabValueType,
};

use super::package::{finish, marker};
use super::style::{CHAPTER_NUMBERS, TEXT_WIDTH, blank, fonts};
use super::table::{Setting, table};
use crate::document::{Block, Document, Form, Heading, Passage, Start};
use crate::statement::Statement;

/// Writes the package. `pages` are the page numbers that the table of contents prints, in its order.
pub fn write(document: &Document, pages: &[u32]) -> Result<Vec<u8>> {
    let mut writer = Writer {
        docx: contents(cover(blank(&document.published), document), document, pages),
        bookmarks: 0,
        charts: 0,
    };
    let mut breaks = false;
    for (at, block) in document.blocks.iter().enumerate() {
        if matches!(block, Block::PageBreak) {
            breaks = true;
            continue;
        }
        let left_behind = document.blocks.get(at + 1).map(displaced).unwrap_or_default();
        writer.block(block, &left_behind, std::mem::take(&mut breaks));
    }
    let mut package = Cursor::new(Vec::new());
    writer.docx.build().pack(&mut package)?;
    finish(package.into_inner(), &document.charts().collect::<Vec<_>>())
}

/// Bookmarks of a heading that start in the paragraph before it.
fn displaced(block: &Block) -> Vec<&str> {
    match block {
        Block::Heading(heading) => started(heading, Start::Displaced),
        _ => Vec::new(),
    }
}

/// Bookmarks of a heading that start at a place.
fn started(heading: &Heading, start: Start) -> Vec<&str> {
    heading.bookmarks.iter().filter(|b| b.start == start).map(|b| b.name.as_str()).collect()
}

/// The cover: its lines in the upper half of a page of their own.
fn cover(docx: Docx, document: &Document) -> Docx {
    let line = |(at, text): (usize, &String)| {
        let last = at + 1 == document.cover.len();
        let (size, before) = if last { (28, 4800) } else { (44, if at == 0 { 3600 } else { 240 }) };
        let run = Run::new().add_text(text).size(size).fonts(fonts(if last { "宋体" } else { "黑体" }));
        Paragraph::new().align(AlignmentType::Center).line_spacing(LineSpacing::new().before(before)).add_run(if last {
            run
        } else {
            run.bold()
        })
    };
    document.cover.iter().enumerate().map(line).fold(docx, Docx::add_paragraph)
}

/// The table of contents: one field over all its lines (§17.16.5.68), each a link with its own page field.
fn contents(docx: Docx, document: &Document, pages: &[u32]) -> Docx {
    let title = Run::new().add_text("目  录").bold().size(36).fonts(fonts("黑体"));
    let title = Paragraph::new().align(AlignmentType::Center).page_break_before(true).add_run(title);
    let mut docx = docx.add_paragraph(title.line_spacing(LineSpacing::new().after(240)));
    let headings: Vec<&Heading> = document.headings().filter(|heading| heading.level < 3).collect();
    for (at, heading) in headings.iter().enumerate() {
        let mut line = Paragraph::new()
            .style(&format!("TOC{}", heading.level))
            .add_tab(Tab::new().val(TabValueType::Right).leader(TabLeaderType::Dot).pos(TEXT_WIDTH));
        if at == 0 {
            line = line.add_run(
                Run::new()
                    .add_field_char(FieldCharType::Begin, false)
                    .add_instr_text(InstrText::TOC(InstrToC::new().heading_styles_range(1, 2).hyperlink()))
                    .add_field_char(FieldCharType::Separate, false),
            );
        }
        line = line.add_hyperlink(contents_line(heading, pages.get(at)));
        if at + 1 == headings.len() {
            line = line.add_run(Run::new().add_field_char(FieldCharType::End, false));
        }
        docx = docx.add_paragraph(line);
    }
    docx
}

/// Label and title, dots, page.
fn contents_line(heading: &Heading, page: Option<&u32>) -> Hyperlink {
    let target = heading.bookmarks.first().map_or("", |bookmark| bookmark.name.as_str());
    let page = Run::new()
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::PAGEREF(InstrPAGEREF::new(target).hyperlink()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text(page.map(u32::to_string).unwrap_or_default())
        .add_field_char(FieldCharType::End, false);
    Hyperlink::new(target, HyperlinkType::Anchor)
        .add_run(Run::new().add_text(heading.printed()))
        .add_run(Run::new().add_tab())
        .add_run(page)
}

/// The document so far, and the numbers given out.
struct Writer {
    docx: Docx,
    bookmarks: usize,
    charts: usize,
}

impl Writer {
    /// Adds a block; `left_behind` are bookmarks of the next heading, `breaks` starts a page.
    fn block(&mut self, block: &Block, left_behind: &[&str], breaks: bool) {
        match block {
            Block::Heading(heading) => self.heading(heading, breaks),
            Block::Passage(passage) => self.passage(passage, left_behind),
            Block::Centred(text) => self.centred(text, left_behind),
            Block::Chart(_) => {
                self.charts += 1;
                let shown = Run::new().add_text(marker(self.charts));
                self.add(Paragraph::new().style("Caption").keep_next(true).add_run(shown));
            }
            Block::Form(form) => self.form(form),
            Block::Statement(statement) => self.statement(statement),
            Block::PageBreak => {}
        }
    }

    fn add(&mut self, paragraph: Paragraph) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    /// Starts bookmarks; the ids stay open until the heading that they mean.
    fn start(&mut self, mut paragraph: Paragraph, names: &[&str]) -> (Paragraph, Vec<usize>) {
        let mut open = Vec::new();
        for name in names {
            self.bookmarks += 1;
            paragraph = paragraph.add_bookmark_start(self.bookmarks, *name);
            open.push(self.bookmarks);
        }
        (paragraph, open)
    }

    fn heading(&mut self, heading: &Heading, breaks: bool) {
        let style = format!("Heading{}", heading.level);
        let mut paragraph = Paragraph::new().style(&style).page_break_before(breaks).keep_next(true);
        let left_behind = started(heading, Start::Displaced).len();
        let mut open: Vec<usize> = (self.bookmarks + 1 - left_behind..=self.bookmarks).collect();
        let (next, at_heading) = self.start(paragraph, &started(heading, Start::Heading));
        paragraph = next;
        open.extend(at_heading);
        if heading.auto {
            paragraph = paragraph.numbering(NumberingId::new(CHAPTER_NUMBERS), IndentLevel::new(0));
        } else {
            paragraph = paragraph.add_run(Run::new().add_text(heading.printed_label()));
        }
        let (next, at_title) = self.start(paragraph, &started(heading, Start::Title));
        paragraph = next.add_run(Run::new().add_text(&heading.title));
        open.extend(at_title);
        self.add(open.into_iter().fold(paragraph, Paragraph::add_bookmark_end));
    }

    /// A paragraph of text, in one run or in three around its bookmark.
    fn passage(&mut self, passage: &Passage, left_behind: &[&str]) {
        let mut paragraph = Paragraph::new().style("BodyText");
        if let Some((name, from, to)) = &passage.bookmark {
            let characters: Vec<char> = passage.text.chars().collect();
            let run = |range: &[char]| Run::new().add_text(range.iter().collect::<String>());
            self.bookmarks += 1;
            paragraph = paragraph.add_run(run(&characters[..*from])).add_bookmark_start(self.bookmarks, name.as_str());
            paragraph = paragraph.add_run(run(&characters[*from..*to])).add_bookmark_end(self.bookmarks);
            paragraph = paragraph.add_run(run(&characters[*to..]));
        } else {
            paragraph = paragraph.add_run(Run::new().add_text(&passage.text));
        }
        let (paragraph, _) = self.start(paragraph, left_behind);
        self.add(paragraph);
    }

    fn centred(&mut self, text: &str, left_behind: &[&str]) {
        let paragraph = Paragraph::new().style("Caption").add_run(Run::new().add_text(text));
        let (paragraph, _) = self.start(paragraph, left_behind);
        self.add(paragraph);
    }

    fn form(&mut self, form: &Form) {
        let title = |text: &str| {
            let run = Run::new().add_text(text).bold().size(24);
            Paragraph::new().align(AlignmentType::Center).keep_next(true).add_run(run)
        };
        self.add(title(&form.title));
        self.add(title(&form.subtitle));
        self.docx = std::mem::take(&mut self.docx).add_table(table(&form.grid, Setting { size: 18, together: true }));
        self.add(Paragraph::new());
    }

    /// Captions above a statement: code on the right, then body left and unit right; the notes below.
    fn statement(&mut self, statement: &Statement) {
        let small = |text: &str| Run::new().add_text(text).size(18);
        if !statement.code.is_empty() {
            self.add(Paragraph::new().align(AlignmentType::Right).keep_next(true).add_run(small(&statement.code)));
        }
        let unit = format!("单位：{}", statement.unit);
        let captions = Paragraph::new()
            .keep_next(true)
            .add_tab(Tab::new().val(TabValueType::Right).pos(TEXT_WIDTH))
            .add_run(small(&statement.body))
            .add_run(Run::new().add_tab().size(18))
            .add_run(small(&unit));
        self.add(captions);
        self.docx = std::mem::take(&mut self.docx)
            .add_table(table(&statement.grid, Setting { size: 16, together: statement.grid.rows < 8 }));
        for note in &statement.notes {
            self.add(Paragraph::new().add_run(small(note)));
        }
        self.add(Paragraph::new().add_run(Run::new().add_break(BreakType::TextWrapping).size(12)));
    }
}
