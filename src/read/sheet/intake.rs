//! The gate that every cell passes: counts, text and time are checked before a cell is kept, and what a sheet
//! lacks or hides is noted once a sheet.

use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::{Location, Note, NoteKind, RawDocument, Sheet, SheetCell, SheetValue};

/// How many cells pass between two looks at the clock.
const CLOCK: u64 = 4_096;

/// What a workbook may still cost.
pub(super) struct Intake<'a> {
    /// The document's limits.
    pub(super) limits: &'a Limits,
    /// The document's clock.
    pub(super) deadline: &'a Deadline,
    ticks: u64,
    bytes: u64,
    visitor: Option<Visitor<'a>>,
}

/// Takes cells as they are met, with the name of their sheet.
pub(super) type Visitor<'a> = &'a mut dyn FnMut(&str, SheetCell);

/// A sheet while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What is kept.
    pub(super) sheet: Sheet,
    /// Why reading stopped before the end of the sheet.
    pub(super) cut: Option<String>,
    missing: Tally,
    dangling: Tally,
    hidden_columns: Vec<(u32, u32)>,
}

/// How often something happened, and where first.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    first: Option<(u32, u32)>,
}

impl<'a> Intake<'a> {
    /// A gate for one document.
    pub(super) fn new(limits: &'a Limits, deadline: &'a Deadline) -> Self {
        Self { limits, deadline, ticks: 0, bytes: 0, visitor: None }
    }

    /// A gate behind which cells go to a visitor and are not kept.
    pub(super) fn passing_on(limits: &'a Limits, deadline: &'a Deadline, visitor: Visitor<'a>) -> Self {
        Self { visitor: Some(visitor), ..Self::new(limits, deadline) }
    }

    /// Counts one step of a loop over the file.
    ///
    /// # Errors
    /// When the time is used up.
    pub(super) fn tick(&mut self) -> Result<()> {
        self.ticks += 1;
        if self.ticks.is_multiple_of(CLOCK) { self.deadline.check() } else { Ok(()) }
    }

    /// Keeps a cell unless it is blank.
    ///
    /// Bytes are counted as well: one long shared string behind many cells will be copied for each of them.
    ///
    /// # Errors
    /// When the sheet holds more cells, or the workbook more text, than the limits allow.
    pub(super) fn keep(&mut self, draft: &mut Draft, cell: SheetCell) -> Result<()> {
        self.tick()?;
        let text = match &cell.value {
            SheetValue::Text(text) if text.trim().is_empty() => return Ok(()),
            SheetValue::Text(text) => text.len(),
            _ => 0,
        };
        if let Some(visitor) = &mut self.visitor {
            visitor(&draft.sheet.name, cell);
            return Ok(());
        }
        self.bytes += (text + size_of::<SheetCell>()) as u64;
        Limits::check("the cells of all sheets in bytes", "package_bytes", self.bytes, self.limits.package_bytes)?;
        draft.sheet.cells.push(cell);
        self.check_cells(draft.sheet.cells.len() as u64)
    }

    /// Keeps a merged range, corners in any order; a single cell is none.
    ///
    /// # Errors
    /// When there are more ranges than cells allowed.
    pub(super) fn merge(&mut self, draft: &mut Draft, from: (u32, u32), to: (u32, u32)) -> Result<()> {
        self.tick()?;
        let range = [from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1)];
        if from != to {
            draft.sheet.merges.push(range);
        }
        self.check_cells(draft.sheet.merges.len() as u64)
    }

    fn check_cells(&self, count: u64) -> Result<()> {
        Limits::check("the number of cells of a sheet", "cells", count, self.limits.cells)
    }
}

impl Draft {
    /// A sheet without cells.
    pub(super) fn new(name: &str, hidden: bool) -> Self {
        Self { sheet: Sheet { name: name.to_owned(), hidden, ..Sheet::default() }, ..Self::default() }
    }

    /// Counts a formula that the file holds no value for.
    pub(super) fn miss(&mut self, row: u32, col: u32) {
        self.missing.add(row, col);
    }

    /// Counts a cell whose text is not in the file's table of strings.
    pub(super) fn dangle(&mut self, row: u32, col: u32) {
        self.dangling.add(row, col);
    }

    /// Remembers that rows are hidden from people.
    pub(super) fn hide_rows(&mut self, first: u32, last: u32) {
        add_run(&mut self.sheet.hidden_rows, first, last);
    }

    /// Remembers that columns are hidden from people.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        add_run(&mut self.hidden_columns, first, last);
    }

    /// Puts the sheet into the document, with its notes.
    pub(super) fn finish(mut self, document: &mut RawDocument) {
        self.put_in_order(document);
        self.keep_hidden_with_cells();
        let name = self.sheet.name.clone();
        let place = || Location { sheet: Some(name.clone()), ..Location::default() };
        if self.sheet.hidden && !self.sheet.cells.is_empty() {
            document.notes.push(Note::new(NoteKind::Hidden, "the sheet is hidden; it was read", place()));
        }
        if !self.sheet.hidden_rows.is_empty() {
            let rows = runs(&self.sheet.hidden_rows, |row| (u64::from(row) + 1).to_string());
            document.notes.push(Note::new(NoteKind::Hidden, format!("hidden rows were read: {rows}"), place()));
        }
        if !self.hidden_columns.is_empty() {
            let columns = runs(&self.hidden_columns, column_letters);
            document.notes.push(Note::new(NoteKind::Hidden, format!("hidden columns were read: {columns}"), place()));
        }
        let counted = [
            (&self.missing, "formulas have no stored value; open and save the workbook once"),
            (&self.dangling, "cells refer to texts that are not in the file"),
        ];
        for (tally, what) in counted {
            if let Some((row, col)) = tally.first {
                let message = format!("{} {what}", tally.count);
                document.notes.push(Note::new(NoteKind::MissingValue, message, Location::in_sheet(&name, row, col)));
            }
        }
        if let Some(reason) = &self.cut {
            let message = format!("the sheet was read only in part: {reason}");
            document.notes.push(Note::new(NoteKind::SkippedPart, message, place()));
        }
        document.sheets.push(self.sheet);
    }

    /// Rows and columns that are hidden and hold nothing hide nothing.
    fn keep_hidden_with_cells(&mut self) {
        let cells = &self.sheet.cells;
        let holds = |&(first, last): &(u32, u32)| {
            cells.get(cells.partition_point(|c| c.row < first)).is_some_and(|c| c.row <= last)
        };
        self.sheet.hidden_rows.retain(holds);
        let mut shown = vec![false; self.hidden_columns.len()];
        if !shown.is_empty() {
            for cell in cells {
                let at = self.hidden_columns.partition_point(|run| run.1 < cell.col);
                if self.hidden_columns.get(at).is_some_and(|run| run.0 <= cell.col)
                    && let Some(mark) = shown.get_mut(at)
                {
                    *mark = true;
                }
            }
        }
        let mut marks = shown.into_iter();
        self.hidden_columns.retain(|_| marks.next().unwrap_or(false));
    }

    /// Row-major order, each place once: of two cells at one place the later one stays.
    fn put_in_order(&mut self, document: &mut RawDocument) {
        let cells = &mut self.sheet.cells;
        if !cells.is_sorted_by(|a, b| (a.row, a.col) < (b.row, b.col)) {
            let before = cells.len();
            cells.reverse();
            cells.sort_by_key(|c| (c.row, c.col));
            cells.dedup_by_key(|c| (c.row, c.col));
            if cells.len() < before {
                let message =
                    format!("{} cells stand twice at one place; the later ones were kept", before - cells.len());
                let place = Location { sheet: Some(self.sheet.name.clone()), ..Location::default() };
                document.notes.push(Note::new(NoteKind::Repaired, message, place));
            }
        }
        self.sheet.merges.sort_unstable();
        self.sheet.merges.dedup();
    }
}

impl Tally {
    fn add(&mut self, row: u32, col: u32) {
        self.count += 1;
        self.first.get_or_insert((row, col));
    }
}

/// Adds a run behind the others, or to the last of them; runs that come out of order are left out.
fn add_run(runs: &mut Vec<(u32, u32)>, first: u32, last: u32) {
    match runs.last_mut() {
        Some(open) if first <= open.1 => {}
        Some(open) if first == open.1.saturating_add(1) => open.1 = last.max(first),
        _ => runs.push((first, last.max(first))),
    }
}

/// `6, 8–10`, and `…` behind the eighth run.
fn runs(runs: &[(u32, u32)], spell: impl Fn(u32) -> String) -> String {
    const SHOWN: usize = 8;
    let word = |&(first, last): &(u32, u32)| {
        if first == last { spell(first) } else { format!("{}–{}", spell(first), spell(last)) }
    };
    let mut words: Vec<String> = runs.iter().take(SHOWN).map(word).collect();
    if runs.len() > SHOWN {
        words.push("…".into());
    }
    words.join(", ")
}

fn column_letters(col: u32) -> String {
    let place = Location::in_sheet("", 0, col).cell_ref.unwrap_or_default();
    place.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}
