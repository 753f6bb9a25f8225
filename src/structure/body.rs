//! The body of a DOCX as a flow: paragraphs as they stand, tables on their grids, a nested table in its cell's
//! text and once more by itself behind the outer one, tables that a page break split in two made one again.
//! What a table's title is, or which paragraph is a heading, is not decided here.

mod grid;
mod join;
mod marks;

use self::grid::place_cells;
use self::join::Joiner;
use self::marks::Marks;
use super::flow::{Flow, FlowParagraph, FlowTable};
use crate::error::Result;
use crate::forms::wording::Wording;
use crate::limits::{Deadline, Limits};
use crate::model::{Anchor, Block, Cell, Location, Note, NoteKind, RawCell, RawDocument, RawParagraph, RawTable};

/// Levels of nested tables whose text an outer cell repeats; deeper ones stand only by themselves, because each
/// level costs their whole text once more.
const REPEATED_LEVELS: usize = 4;

/// Takes the blocks of `raw` as a flow; notes go to `raw`.
///
/// # Errors
/// When a grid would pass [`Limits::cells`].
pub(super) fn body_to_flow(
    raw: &mut RawDocument,
    wording: &Wording,
    limits: &Limits,
    deadline: &Deadline,
) -> Result<Flow> {
    let blocks = std::mem::take(&mut raw.blocks);
    let mut body = Body { marks: Marks::of(&raw.bookmarks), notes: Vec::new(), limits };
    let mut joiner = Joiner::new(wording);
    for block in blocks {
        deadline.check()?;
        match block {
            Block::Paragraph(paragraph) => {
                let breaks_page = paragraph.breaks_page;
                joiner.push_paragraph(body.keep(paragraph), breaks_page);
            }
            Block::Table(table) => {
                let mut nested = Vec::new();
                let new_page = starts_page(&table);
                let outer = body.place(table, &mut nested)?;
                joiner.push_table(outer, nested, new_page, &mut body.notes);
            }
        }
    }
    raw.notes.append(&mut body.notes);
    Ok(Flow { items: joiner.into_items() })
}

struct Body<'a> {
    marks: Marks,
    notes: Vec<Note>,
    limits: &'a Limits,
}

impl Body<'_> {
    /// A paragraph of the flow; none when it is empty and nothing points to it.
    fn keep(&self, paragraph: RawParagraph) -> Option<FlowParagraph> {
        let empty = paragraph.text.trim().is_empty() && paragraph.charts.is_empty();
        (!empty || self.marks.start_in(&paragraph.location)).then(|| FlowParagraph {
            text: paragraph.text,
            label: paragraph.label,
            style: paragraph.style,
            role: paragraph.role,
            anchors: vec![Anchor { start: 0, location: paragraph.location, edges: Vec::new() }],
            charts: paragraph.charts,
        })
    }

    /// Places a table on its grid, and the tables inside it into `nested`, each after the one around it.
    fn place(&mut self, table: RawTable, nested: &mut Vec<FlowTable>) -> Result<FlowTable> {
        let mut grid = place_cells(&table.rows, self.limits).map_err(|error| error.at(table.location.clone()))?;
        let mut placed = FlowTable {
            rows: grid.rows,
            cols: grid.cols,
            cells: Vec::with_capacity(grid.cells.len()),
            header_rows: u32::try_from(table.header_rows).ok().filter(|&rows| rows > 0),
            locations: vec![table.location],
            paragraphs: Vec::new(),
        };
        let mut inner = Vec::new();
        let mut slots = grid.slots.into_iter();
        for cell in table.rows.into_iter().flatten() {
            let Some(slot) = slots.next() else { break };
            self.note_repair(&slot, &cell.blocks);
            if let Some(on_grid) = slot.index.and_then(|at| grid.cells.get_mut(at)).map(std::mem::take) {
                let (row, col) = (on_grid.row, on_grid.col);
                let (text, location) = match self.plain_text(cell.blocks) {
                    Ok(given) => given,
                    Err(blocks) => {
                        let said = (text_of(&blocks), first_place(&blocks).cloned().unwrap_or_default());
                        self.keep_blocks(blocks, (row, col), &mut placed.paragraphs, &mut inner);
                        said
                    }
                };
                placed.cells.push(Cell { text, location, ..on_grid });
            }
        }
        for table in inner {
            let mut deeper = Vec::new();
            nested.push(self.place(table, &mut deeper)?);
            nested.append(&mut deeper);
        }
        Ok(placed)
    }

    /// Text and place of a cell that holds one paragraph to which nothing points, as most cells do: they are given
    /// away, not copied. Other blocks come back.
    fn plain_text(&self, blocks: Vec<Block>) -> std::result::Result<(String, Location), Vec<Block>> {
        let [Block::Paragraph(only)] = blocks.as_slice() else { return Err(blocks) };
        if only.label.is_some() || !only.charts.is_empty() || self.marks.cover(&only.location) {
            return Err(blocks);
        }
        let given = |block| match block {
            Block::Paragraph(RawParagraph { text, location, .. }) if text.trim().is_empty() => {
                (String::new(), location)
            }
            Block::Paragraph(RawParagraph { text, location, .. }) => (text, location),
            Block::Table(_) => Default::default(),
        };
        Ok(blocks.into_iter().next().map(given).unwrap_or_default())
    }

    /// Parts the paragraphs of a cell from its tables. A paragraph is kept only where a bookmark or a chart will be
    /// looked for: the cell has its text already, and large tables would cost twice as much.
    fn keep_blocks(
        &self,
        blocks: Vec<Block>,
        (row, col): (u32, u32),
        paragraphs: &mut Vec<(u32, u32, FlowParagraph)>,
        inner: &mut Vec<RawTable>,
    ) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    let is_needed = !paragraph.charts.is_empty() || self.marks.cover(&paragraph.location);
                    let kept = is_needed.then(|| self.keep(paragraph)).flatten();
                    paragraphs.extend(kept.map(|kept| (row, col, kept)));
                }
                Block::Table(table) => inner.push(table),
            }
        }
    }

    fn note_repair(&mut self, slot: &grid::Slot, blocks: &[Block]) {
        let place = || first_place(blocks).cloned().unwrap_or_default();
        let mut note = |message: String| self.notes.push(Note::new(NoteKind::RepairedTable, message, place()));
        if slot.orphan {
            note("a cell continues one above it that is not there; it stands by itself".into());
        }
        let text = if slot.index.is_none() { text_of(blocks) } else { String::new() };
        if !text.is_empty() {
            note(format!("text in the covered part of a merged cell is not shown and left out: {text}"));
        }
    }
}

/// Whether a page starts in the table's first row.
fn starts_page(table: &RawTable) -> bool {
    let first_row = table.rows.first().into_iter().flatten();
    first_row.flat_map(|cell| &cell.blocks).any(|b| matches!(b, Block::Paragraph(p) if p.breaks_page))
}

/// The place of the first paragraph, in nested tables too.
fn first_place(blocks: &[Block]) -> Option<&Location> {
    blocks.first().map(|block| match block {
        Block::Paragraph(paragraph) => &paragraph.location,
        Block::Table(table) => &table.location,
    })
}

/// The paragraphs of a cell by lines, labels before their text; cells of a nested table are parted by tabs.
fn text_of(blocks: &[Block]) -> String {
    text_to_depth(blocks, REPEATED_LEVELS)
}

fn text_to_depth(blocks: &[Block], depth: usize) -> String {
    let lines: Vec<String> = blocks.iter().map(|b| line_of(b, depth)).filter(|line| !line.trim().is_empty()).collect();
    lines.join("\n")
}

fn line_of(block: &Block, depth: usize) -> String {
    match block {
        Block::Paragraph(paragraph) => match &paragraph.label {
            Some(label) => format!("{label}{}", paragraph.text),
            None => paragraph.text.clone(),
        },
        Block::Table(_) if depth == 0 => String::new(),
        Block::Table(table) => {
            let row = |cells: &Vec<RawCell>| {
                let texts: Vec<String> = cells.iter().map(|cell| text_to_depth(&cell.blocks, depth - 1)).collect();
                texts.join("\t")
            };
            table.rows.iter().map(row).filter(|row| !row.trim().is_empty()).collect::<Vec<_>>().join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::flow::Item;
    use super::*;
    use crate::forms::Forms;
    use crate::model::{Format, Mark, RawBookmark};

    fn paragraph(number: u32, text: &str) -> Block {
        let location = Location::in_part("word/document.xml", number);
        Block::Paragraph(RawParagraph { text: text.into(), location, ..RawParagraph::default() })
    }

    fn cell(blocks: Vec<Block>) -> RawCell {
        RawCell { col_span: 1, blocks, ..RawCell::default() }
    }

    fn flow(blocks: Vec<Block>, bookmarks: Vec<RawBookmark>) -> (Vec<Item>, Vec<Note>) {
        let mut raw = RawDocument { blocks, bookmarks, ..RawDocument::new(Format::Docx) };
        let limits = Limits::default();
        let flow = body_to_flow(&mut raw, &Forms::builtin().wording, &limits, &Deadline::start(&limits))
            .expect("within limits");
        (flow.items, raw.notes)
    }

    fn table(rows: Vec<Vec<RawCell>>) -> Block {
        Block::Table(RawTable { rows, ..RawTable::default() })
    }

    fn tables(items: &[Item]) -> Vec<&FlowTable> {
        items.iter().filter_map(|i| if let Item::Table(table) = i { Some(table) } else { None }).collect()
    }

    #[test]
    fn an_empty_paragraph_stays_only_when_a_bookmark_starts_in_it() {
        let mark = Mark { part: "word/document.xml".into(), paragraph: 2, offset: 0 };
        let bookmark = RawBookmark { name: "_Toc1".into(), start: mark.clone(), end: mark };
        let (items, _) = flow(vec![paragraph(1, " "), paragraph(2, ""), paragraph(3, "一、收入")], vec![bookmark]);
        let numbers: Vec<_> = items
            .iter()
            .filter_map(|i| if let Item::Paragraph(p) = i { p.anchors[0].location.paragraph } else { None })
            .collect();
        assert_eq!(numbers, [2, 3]);
    }

    #[test]
    fn a_nested_table_is_text_of_its_cell_and_a_table_of_its_own() {
        let inner = table(vec![vec![cell(vec![paragraph(3, "甲")]), cell(vec![paragraph(4, "乙")])]]);
        let outer = table(vec![vec![cell(vec![paragraph(1, "外"), inner]), cell(vec![paragraph(5, "后")])]]);
        let mark = |paragraph| Mark { part: "word/document.xml".into(), paragraph, offset: 0 };
        let bookmark = RawBookmark { name: "_Toc1".into(), start: mark(4), end: mark(4) };
        let (items, _) = flow(vec![outer], vec![bookmark]);
        let found = tables(&items);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].cells[0].text, "外\n甲\t乙");
        assert_eq!(found[0].cells[1].text, "后");
        assert_eq!((found[1].rows, found[1].cols, found[1].cells[1].text.as_str()), (1, 2, "乙"));
        assert_eq!(found[1].paragraphs.len(), 1, "only what a bookmark covers is kept twice");
        assert_eq!(found[1].paragraphs[0].2.anchors[0].location.paragraph, Some(4));
    }

    #[test]
    fn deep_tables_all_come_and_repeat_their_text_only_so_far() {
        let deep = (0..20).fold(paragraph(1, "底"), |inner, _| table(vec![vec![cell(vec![inner])]]));
        let (items, _) = flow(vec![deep], Vec::new());
        let texts: Vec<_> = tables(&items).iter().map(|t| t.cells[0].text.clone()).collect();
        assert_eq!(texts.len(), 20);
        assert_eq!(texts.iter().filter(|text| *text == "底").count(), REPEATED_LEVELS + 1);
    }

    #[test]
    fn a_merge_without_a_start_stands_by_itself_with_a_note() {
        let orphan = RawCell { continues_above: true, ..cell(vec![paragraph(1, "12.50")]) };
        let (items, notes) = flow(vec![table(vec![vec![orphan]])], Vec::new());
        assert_eq!(tables(&items)[0].cells[0].text, "12.50");
        assert_eq!(notes.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoteKind::RepairedTable]);
    }

    #[test]
    fn a_label_is_part_of_a_cells_text() {
        let numbered = RawParagraph { text: String::new(), label: Some("1".into()), ..RawParagraph::default() };
        let (items, _) = flow(vec![table(vec![vec![cell(vec![Block::Paragraph(numbered)])]])], Vec::new());
        assert_eq!(tables(&items)[0].cells[0].text, "1");
    }
}
