//! Tables that a page break split in two. A table continues the one before it when both have equally many
//! columns and it stands below a line such as `收入决算表（续）`, or repeats the header with nothing but a page
//! break between them, or nothing at all. A blank line alone parts two tables: statements of one kind stand
//! below each other with equal heads. Forms of one kind look alike at their top too, so a repeated title row
//! alone joins nothing: the row of column heads must repeat.

use crate::forms::wording::Wording;
use crate::model::{Cell, Note, NoteKind, Role, fold_text, squeezed};

use super::super::flow::{FlowParagraph, FlowTable, Item};

/// Lines that may stand between a table and its continuation: title, code, body, unit.
const LINES_BETWEEN: usize = 4;

/// Characters of the longest line that says that a table goes on.
const LONGEST: usize = 60;

/// Gathers items, and joins each table to the one before it where it continues it.
#[derive(Debug)]
pub(super) struct Joiner<'w> {
    wording: &'w Wording,
    items: Vec<Item>,
    /// Index of the last table of the body, nested ones left aside.
    last: Option<usize>,
    /// Index in `items` behind that table and the tables nested in it.
    behind: usize,
    gap: Gap,
}

/// What the paragraphs since the last table say about pages, those included that are not kept.
#[derive(Debug, Clone, Copy, Default)]
struct Gap {
    is_open: bool,
    breaks_page: bool,
}

impl<'w> Joiner<'w> {
    /// Starts with nothing; the words say which lines stand above a further piece.
    pub(super) fn new(wording: &'w Wording) -> Self {
        Self { wording, items: Vec::new(), last: None, behind: 0, gap: Gap::default() }
    }

    /// Adds a paragraph, or lets an empty one go by; either parts tables.
    pub(super) fn push_paragraph(&mut self, paragraph: Option<FlowParagraph>, breaks_page: bool) {
        self.gap.is_open = true;
        self.gap.breaks_page |= breaks_page;
        self.items.extend(paragraph.map(Item::Paragraph));
    }

    /// Adds a table of the body and the tables nested in it, or joins it to the one before. `new_page` says that
    /// it starts on one.
    pub(super) fn push_table(
        &mut self,
        table: FlowTable,
        nested: Vec<FlowTable>,
        new_page: bool,
        notes: &mut Vec<Note>,
    ) {
        self.gap.breaks_page |= new_page;
        if let Some((at, repeated)) = self.continued(&table) {
            self.join(at, repeated, table, notes);
        } else {
            self.last = Some(self.items.len());
            self.items.push(Item::Table(table));
        }
        self.items.extend(nested.into_iter().map(Item::Table));
        self.behind = self.items.len();
        self.gap = Gap::default();
    }

    /// All items in order.
    pub(super) fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// The table that `table` continues, and how many of its leading rows repeat that one's header.
    fn continued(&self, table: &FlowTable) -> Option<(usize, u32)> {
        let at = self.last?;
        let Some(Item::Table(before)) = self.items.get(at) else { return None };
        if before.cols != table.cols || table.cols < 2 {
            return None;
        }
        let between = self.items.get(self.behind..)?;
        let repeated = repeated_rows(before, table);
        let named = between.len() <= LINES_BETWEEN && between.iter().any(|line| says_continued(line, self.wording));
        let split = between.iter().all(is_blank) && (self.gap.breaks_page || !self.gap.is_open);
        (named || split && repeated > 0).then_some((at, repeated))
    }

    fn join(&mut self, at: usize, repeated: u32, table: FlowTable, notes: &mut Vec<Note>) {
        let lines: Vec<Item> = self.items.drain(self.behind..).filter(|item| !is_blank(item)).collect();
        let texts: Vec<&str> = lines.iter().filter_map(text_of).collect();
        let place = table.locations.first().cloned().unwrap_or_default();
        let lines =
            if texts.is_empty() { String::new() } else { format!("; left out between them: {}", texts.join(" / ")) };
        let message = format!("a table in two pieces is joined, {repeated} repeated header rows left out{lines}");
        notes.push(Note::new(NoteKind::RepairedTable, message, place));
        if let Some(Item::Table(before)) = self.items.get_mut(at) {
            append_rows(before, table, repeated);
        }
    }
}

fn is_blank(item: &Item) -> bool {
    matches!(item, Item::Paragraph(p) if p.text.trim().is_empty() && p.charts.is_empty())
}

fn text_of(item: &Item) -> Option<&str> {
    if let Item::Paragraph(paragraph) = item { Some(paragraph.text.trim()) } else { None }
}

/// Whether a line says that a table goes on: `（续）`, `(续表)`, `续表`, `续上表`.
fn says_continued(item: &Item, wording: &Wording) -> bool {
    let Item::Paragraph(paragraph) = item else { return false };
    let is_short = paragraph.text.chars().take(LONGEST + 1).count() <= LONGEST;
    paragraph.role == Role::Body && is_short && wording.captions.continued.is_match(&fold_text(&paragraph.text))
}

/// How many leading rows of `table` repeat those of `before`, down to the row of column heads; 0 when they do
/// not reach it.
fn repeated_rows<'t>(before: &'t FlowTable, table: &'t FlowTable) -> u32 {
    let heads = before.header_rows.unwrap_or_else(|| first_divided_row(before) + 1);
    let heads = heads.max(first_divided_row(before) + 1);
    if heads >= table.rows || heads > before.rows {
        return 0;
    }
    // row-major: what lies behind the heads is not looked at, however long a joined table has grown
    let top = |of: &'t FlowTable| of.cells.iter().take_while(move |cell| cell.row < heads);
    let head = |cell: &'t Cell| (cell.row, cell.col, cell.col_span, squeezed(&cell.text));
    let crosses = top(table).any(|cell| cell.row.saturating_add(cell.row_span) > heads);
    if !crosses && top(before).map(head).eq(top(table).map(head)) { heads } else { 0 }
}

/// The first row with two texts: rows above it are titles that run over the whole width.
fn first_divided_row(table: &FlowTable) -> u32 {
    let mut filled = table.cells.iter().filter(|cell| !cell.text.trim().is_empty()).map(|cell| cell.row).peekable();
    while let Some(row) = filled.next() {
        if filled.peek() == Some(&row) {
            return row;
        }
    }
    table.rows
}

fn append_rows(before: &mut FlowTable, table: FlowTable, repeated: u32) {
    let shift = before.rows;
    let moved = |row: u32| row.checked_sub(repeated).map(|row| row.saturating_add(shift));
    let cells = table.cells.into_iter().filter_map(|cell| Some(Cell { row: moved(cell.row)?, ..cell }));
    before.cells.extend(cells);
    let paragraphs = table.paragraphs.into_iter().filter_map(|(row, col, p)| Some((moved(row)?, col, p)));
    before.paragraphs.extend(paragraphs);
    before.locations.extend(table.locations);
    before.rows = shift.saturating_add(table.rows.saturating_sub(repeated));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;

    fn table(rows: &[&[&str]]) -> FlowTable {
        let cells = (0..).zip(rows).flat_map(|(row, texts)| {
            (0..).zip(*texts).map(move |(col, text)| Cell {
                row,
                col,
                row_span: 1,
                col_span: 1,
                text: (*text).into(),
                ..Cell::default()
            })
        });
        let cols = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        FlowTable {
            rows: u32::try_from(rows.len()).expect("few rows"),
            cols: u32::try_from(cols).expect("few columns"),
            cells: cells.collect(),
            ..FlowTable::default()
        }
    }

    /// Stands for an empty paragraph with a page break.
    const PAGE_BREAK: &str = " ";

    fn paragraph(text: &str) -> FlowParagraph {
        FlowParagraph { text: text.into(), ..FlowParagraph::default() }
    }

    fn joined(first: FlowTable, between: &[&str], second: FlowTable) -> (Vec<Item>, usize) {
        let (mut joiner, mut notes) = (Joiner::new(&Forms::builtin().wording), Vec::new());
        joiner.push_table(first, Vec::new(), false, &mut notes);
        for line in between {
            joiner.push_paragraph((!line.is_empty()).then(|| paragraph(line)), *line == PAGE_BREAK);
        }
        joiner.push_table(second, Vec::new(), false, &mut notes);
        (joiner.into_items(), notes.len())
    }

    #[test]
    fn a_repeated_header_joins_and_comes_once() {
        let first = table(&[&["收入决算表", ""], &["项目", "金额"], &["合计", "3"]]);
        let second = table(&[&["收入决算表", ""], &["项目", "金额"], &["其他", "1"]]);
        let (items, notes) = joined(first, &["", PAGE_BREAK], second);
        let [Item::Table(whole)] = items.as_slice() else { panic!("one table: {items:?}") };
        assert_eq!((whole.rows, whole.cells.len(), notes), (4, 8, 1));
        assert_eq!((whole.cells[6].row, whole.cells[6].text.as_str()), (3, "其他"));
    }

    #[test]
    fn a_blank_line_alone_parts_tables_with_one_header() {
        let statement = || table(&[&["项目", "金额"], &["合计", "3"]]);
        assert_eq!(joined(statement(), &[""], statement()).0.len(), 2);
        assert_eq!(joined(statement(), &[], statement()).0.len(), 1);
    }

    #[test]
    fn a_line_that_says_so_joins_without_a_header() {
        let (items, _) =
            joined(table(&[&["项目", "金额"]]), &["收入决算表（续）", "单位：万元"], table(&[&["其他", "1"]]));
        assert_eq!(items.len(), 1);
    }

    #[test]
    fn forms_that_only_share_their_title_row_stay_apart() {
        let form = |project: &str| table(&[&["绩效目标完成情况表", ""], &["项目名称", project], &["预算数", "1"]]);
        assert_eq!(joined(form("甲"), &[], form("乙")).0.len(), 2);
    }

    #[test]
    fn a_title_between_equal_headers_keeps_tables_apart() {
        let statement = || table(&[&["项目", "金额"], &["合计", "3"]]);
        assert_eq!(joined(statement(), &[PAGE_BREAK, "国有资本经营预算支出表"], statement()).0.len(), 4);
    }
}
