//! The rows of a table on their grid: merged ranges become spans, blank margins fall away.

use super::super::flow::FlowTable;
use super::{Row, Spans};
use crate::error::Result;
use crate::limits::Limits;
use crate::model::{Cell, Location, Note, NoteKind, Sheet, SheetCell};

/// Grid positions up to which blank ones are cells too; in a larger table only text and merges are.
const BLANKS: usize = 200_000;

/// The rectangle of a sheet that a table takes, corners included.
#[derive(Debug, Clone, Copy)]
struct Area {
    top: u32,
    left: u32,
    bottom: u32,
    right: u32,
}

/// A grid while cells are placed on it.
struct Board<'a> {
    area: Area,
    /// For each position, one more than the index of the cell with text there.
    texts: Vec<u32>,
    taken: Vec<bool>,
    cells: Vec<&'a SheetCell>,
    /// Cells with text that a merged range covers.
    covered: Vec<&'a SheetCell>,
    /// Merged ranges that run into one another.
    overlaps: Vec<(u32, u32)>,
}

/// Places `rows` on a grid; `limit_row` is the first row below it that belongs to something else.
///
/// # Errors
/// When the grid would hold more than [`Limits::cells`] positions.
pub(super) fn place(
    sheet: &Sheet,
    rows: &[Row],
    spans: &Spans,
    limit_row: Option<u32>,
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Result<FlowTable> {
    let area = Area::around(rows, spans, limit_row);
    let positions = u64::from(area.rows()) * u64::from(area.cols());
    Limits::check("the number of grid positions of a table", "cells", positions, limits.cells)
        .map_err(|e| e.at(area.location(&sheet.name)))?;
    let mut board = Board::new(area, rows);
    let cells = board.place_all(sheet, spans);
    board.note_losses(sheet, notes);
    Ok(FlowTable {
        rows: area.rows(),
        cols: area.cols(),
        cells,
        header_rows: None,
        locations: vec![area.location(&sheet.name)],
        paragraphs: Vec::new(),
    })
}

impl Area {
    /// The smallest rectangle around all text and the merged ranges that start with it.
    fn around(rows: &[Row], spans: &Spans, limit_row: Option<u32>) -> Self {
        let cells = || rows.iter().flat_map(|r| &r.cells);
        let ends = || cells().map(|c| spans.near_end(c.row, c.col));
        let bottom = ends().map(|e| e.0).max().unwrap_or(0);
        let last = rows.last().map_or(0, |r| r.number);
        Self {
            top: rows.first().map_or(0, |r| r.number),
            left: cells().map(|c| c.col).min().unwrap_or(0),
            bottom: limit_row.map_or(bottom, |limit| bottom.min(limit.saturating_sub(1))).max(last),
            right: ends().map(|e| e.1).max().unwrap_or(0),
        }
    }

    fn rows(self) -> u32 {
        (self.bottom - self.top.min(self.bottom)).saturating_add(1)
    }

    fn cols(self) -> u32 {
        (self.right - self.left.min(self.right)).saturating_add(1)
    }

    /// `A4:F30` of the sheet.
    fn location(self, sheet: &str) -> Location {
        let corner = |row, col| Location::in_sheet(sheet, row, col).cell_ref.unwrap_or_default();
        let range = format!("{}:{}", corner(self.top, self.left), corner(self.bottom, self.right));
        Location { sheet: Some(sheet.to_owned()), cell_ref: Some(range), ..Location::default() }
    }
}

impl<'a> Board<'a> {
    fn new(area: Area, rows: &[Row<'a>]) -> Self {
        let positions = area.rows() as usize * area.cols() as usize;
        let cells: Vec<&SheetCell> = rows.iter().flat_map(|r| r.cells.iter().copied()).collect();
        let mut board = Self {
            area,
            texts: vec![0; positions],
            taken: vec![false; positions],
            cells,
            covered: Vec::new(),
            overlaps: Vec::new(),
        };
        for (number, cell) in (1u32..).zip(&board.cells) {
            let at = board.index(cell.row, cell.col);
            if let Some(slot) = board.texts.get_mut(at) {
                *slot = number;
            }
        }
        board
    }

    fn index(&self, row: u32, col: u32) -> usize {
        let (down, across) = (row.saturating_sub(self.area.top), col.saturating_sub(self.area.left));
        down as usize * self.area.cols() as usize + across as usize
    }

    fn is_taken(&self, row: u32, col: u32) -> bool {
        self.taken.get(self.index(row, col)).copied().unwrap_or(true)
    }

    fn text_at(&self, row: u32, col: u32) -> Option<&'a SheetCell> {
        let number = *self.texts.get(self.index(row, col))?;
        self.cells.get((number as usize).checked_sub(1)?).copied()
    }

    fn place_all(&mut self, sheet: &Sheet, spans: &Spans) -> Vec<Cell> {
        let with_blanks = self.texts.len() <= BLANKS;
        let mut placed = Vec::with_capacity(if with_blanks { self.texts.len() } else { self.cells.len() });
        for row in self.area.top..=self.area.bottom {
            for col in self.area.left..=self.area.right {
                if self.is_taken(row, col) {
                    continue;
                }
                let (bottom, right) = self.claim(row, col, spans.end(row, col));
                let text = self.take_text(row, col, bottom, right);
                let single = (row, col) == (bottom, right);
                if text.is_some() || !single || with_blanks {
                    placed.push(Cell {
                        row: row - self.area.top,
                        col: col - self.area.left,
                        row_span: bottom - row + 1,
                        col_span: right - col + 1,
                        text: text.unwrap_or_default(),
                        location: Location::in_sheet(&sheet.name, row, col),
                    });
                }
            }
        }
        placed
    }

    /// Takes the free part of a range, first to the right, then down; says where it ends.
    fn claim(&mut self, row: u32, col: u32, (bottom, right): (u32, u32)) -> (u32, u32) {
        let (bottom, right) = (bottom.min(self.area.bottom), right.min(self.area.right));
        let mut last_col = col;
        while last_col < right && !self.is_taken(row, last_col + 1) {
            last_col += 1;
        }
        let mut last_row = row;
        while last_row < bottom && (col..=last_col).all(|c| !self.is_taken(last_row + 1, c)) {
            last_row += 1;
        }
        if (last_row, last_col) != (bottom, right) {
            self.overlaps.push((row, col));
        }
        for r in row..=last_row {
            let (from, to) = (self.index(r, col), self.index(r, last_col));
            if let Some(run) = self.taken.get_mut(from..=to) {
                run.fill(true);
            }
        }
        (last_row, last_col)
    }

    /// The text of a range: that of its first cell, else the first text below it, as files hold it whose
    /// merges were made by hand.
    fn take_text(&mut self, row: u32, col: u32, bottom: u32, right: u32) -> Option<String> {
        let mut shown = self.text_at(row, col);
        if (row, col) != (bottom, right) {
            for r in row..=bottom {
                for c in col..=right {
                    let Some(cell) = self.text_at(r, c) else { continue };
                    if shown.get_or_insert(cell).text() != cell.text() {
                        self.covered.push(cell);
                    }
                }
            }
        }
        shown.map(|cell| cell.text().trim().to_owned())
    }

    fn note_losses(&self, sheet: &Sheet, notes: &mut Vec<Note>) {
        if let Some(first) = self.covered.first() {
            let message = format!("{} cells under merged ranges are not shown and were left out", self.covered.len());
            let place = Location::in_sheet(&sheet.name, first.row, first.col);
            notes.push(Note::new(NoteKind::LeftOut, message, place));
        }
        if let Some(&(row, col)) = self.overlaps.first() {
            let message = format!("{} merged ranges overlap; the later ones were cut", self.overlaps.len());
            notes.push(Note::new(NoteKind::RepairedTable, message, Location::in_sheet(&sheet.name, row, col)));
        }
    }
}
