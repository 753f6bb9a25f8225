//! Rows and cells of one table, as the tags give them: column spans as they stand, row spans spelt out as cells that
//! continue the one above, which is how a flowing document writes them.

use std::collections::VecDeque;

use crate::model::{Block, Location, RawCell, RawTable};

/// The most columns that a cell may span (HTML standard §4.9.11).
const WIDEST: u32 = 1_000;
/// The most rows that a cell may span.
const TALLEST: u32 = 65_534;

/// A cell that reaches into rows to come.
#[derive(Debug, Clone, Copy)]
struct Reach {
    col: u32,
    width: u32,
    rows: u32,
}

/// A table that is still open.
#[derive(Debug, Default)]
pub(super) struct Table {
    done: RawTable,
    row: Option<Vec<RawCell>>,
    cell: Option<RawCell>,
    /// Cells of rows above that reach into the open row, by ascending column.
    from_above: VecDeque<Reach>,
    /// Cells that reach into the next row.
    to_below: Vec<Reach>,
    /// The next free column of the open row.
    col: u32,
    is_head: bool,
    /// Cells added since they were counted last.
    added: u64,
}

impl Table {
    pub(super) fn new(location: Location) -> Self {
        Self { done: RawTable { location, ..RawTable::default() }, ..Self::default() }
    }

    /// The open cell's content, where a cell is open.
    pub(super) fn open_cell(&mut self) -> Option<&mut Vec<Block>> {
        self.cell.as_mut().map(|cell| &mut cell.blocks)
    }

    /// Says whether the rows that follow are the head of the table.
    pub(super) fn set_head(&mut self, is_head: bool) {
        self.end_row();
        self.is_head = is_head;
        // a row group ends what reaches down (HTML standard §4.9.12.1)
        self.to_below.clear();
    }

    pub(super) fn start_row(&mut self) {
        self.end_row();
        self.row = Some(Vec::new());
        self.col = 0;
        self.from_above = std::mem::take(&mut self.to_below).into();
    }

    pub(super) fn start_cell(&mut self, col_span: u32, row_span: u32) {
        self.end_cell();
        if self.row.is_none() {
            self.start_row();
        }
        self.continue_above(false);
        let free = self.from_above.front().map_or(WIDEST, |next| next.col.saturating_sub(self.col));
        let width = col_span.clamp(1, WIDEST).min(free.max(1));
        // 0 is to the end of the table
        let rows = if row_span == 0 { TALLEST } else { row_span.min(TALLEST) };
        if rows > 1 {
            self.to_below.push(Reach { col: self.col, width, rows: rows - 1 });
        }
        self.cell = Some(RawCell { col_span: width, ..RawCell::default() });
        self.col = self.col.saturating_add(width);
        self.added += 1;
    }

    /// How many cells came since this was asked last.
    pub(super) fn take_count(&mut self) -> u64 {
        std::mem::take(&mut self.added)
    }

    pub(super) fn end_cell(&mut self) {
        if let (Some(cell), Some(row)) = (self.cell.take(), self.row.as_mut()) {
            row.push(cell);
        }
    }

    pub(super) fn end_row(&mut self) {
        self.end_cell();
        self.continue_above(true);
        let Some(row) = self.row.take() else { return };
        self.to_below.sort_by_key(|reach| reach.col);
        if self.is_head && self.done.header_rows == self.done.rows.len() {
            self.done.header_rows += 1;
        }
        self.done.rows.push(row);
    }

    /// Adds the cells that reach into this row: those at the next column, or all that are left.
    fn continue_above(&mut self, all: bool) {
        let Some(row) = self.row.as_mut() else { return };
        while let Some(&reach) = self.from_above.front() {
            if !all && reach.col > self.col {
                break;
            }
            self.from_above.pop_front();
            let skip = reach.col.saturating_sub(self.col);
            row.push(RawCell { skip, col_span: reach.width, continues_above: true, blocks: Vec::new() });
            self.col = reach.col.saturating_add(reach.width).max(self.col);
            if reach.rows > 1 {
                self.to_below.push(Reach { rows: reach.rows - 1, ..reach });
            }
            self.added += 1;
        }
    }

    /// The finished table; nothing when it has no cell.
    pub(super) fn finish(mut self) -> Option<RawTable> {
        self.end_row();
        self.done.rows.iter().any(|row| !row.is_empty()).then_some(self.done)
    }
}
