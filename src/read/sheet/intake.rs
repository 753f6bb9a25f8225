//! The gate that every cell passes: counts, text and time are checked before a cell is kept, and what a sheet
//! lacks or hides is noted once a sheet.

use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::{Location, Note, NoteKind, RawDocument, Sheet, SheetCell, SheetValue};

/// How many cells pass between two looks at the clock.
const CLOCK: u64 = 4_096;

/// What a workbook may still cost.
#[derive(Debug)]
pub(super) struct Intake<'a> {
    /// The document's limits.
    pub(super) limits: &'a Limits,
    /// The document's clock.
    pub(super) deadline: &'a Deadline,
    ticks: u64,
    bytes: u64,
}

/// A sheet while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What is kept.
    pub(super) sheet: Sheet,
    /// Rows hidden from people.
    pub(super) hidden_rows: u64,
    /// Why reading stopped before the end of the sheet.
    pub(super) cut: Option<String>,
    missing: u64,
    first_missing: Option<(u32, u32)>,
}

impl<'a> Intake<'a> {
    /// A gate for one document.
    pub(super) fn new(limits: &'a Limits, deadline: &'a Deadline) -> Self {
        Self { limits, deadline, ticks: 0, bytes: 0 }
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
    /// Bytes are counted as well: one long shared string behind many cells is copied for each of them.
    ///
    /// # Errors
    /// When the sheet holds more cells, or the workbook more text, than the limits allow.
    pub(super) fn keep(&mut self, draft: &mut Draft, cell: SheetCell) -> Result<()> {
        self.tick()?;
        if matches!(&cell.value, SheetValue::Text(text) if text.trim().is_empty()) {
            return Ok(());
        }
        self.bytes += (cell.text.len() + size_of::<SheetCell>()) as u64;
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
        self.missing += 1;
        self.first_missing.get_or_insert((row, col));
    }

    /// Puts the sheet into the document, with its notes.
    pub(super) fn finish(mut self, document: &mut RawDocument) {
        self.put_in_order(document);
        let name = self.sheet.name.clone();
        let place = || Location { sheet: Some(name.clone()), ..Location::default() };
        if self.sheet.hidden && !self.sheet.cells.is_empty() {
            document.notes.push(Note::new(NoteKind::Hidden, "the sheet is hidden; it was read", place()));
        }
        if self.hidden_rows > 0 {
            let message = format!("{} hidden rows were read", self.hidden_rows);
            document.notes.push(Note::new(NoteKind::Hidden, message, place()));
        }
        if let Some((row, col)) = self.first_missing {
            let message = format!("{} formulas have no stored value; open and save the workbook once", self.missing);
            document.notes.push(Note::new(NoteKind::MissingValue, message, Location::in_sheet(&name, row, col)));
        }
        if let Some(reason) = &self.cut {
            let message = format!("the sheet was read only in part: {reason}");
            document.notes.push(Note::new(NoteKind::SkippedPart, message, place()));
        }
        document.sheets.push(self.sheet);
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
