//! A table on its grid, the shape that the Word writer, the workbook writer and the truth share.

use rust_decimal::Decimal;

use crate::fact::{Fact, Key, yuan};

/// A table; positions count from 0, a merged cell stands once, a blank cell not at all.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
    /// Leading header rows.
    pub header_rows: u32,
    /// Cells that print something, in no order.
    pub cells: Vec<Cell>,
    /// Relative column widths.
    pub widths: Vec<usize>,
}

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    /// First row.
    pub row: u32,
    /// First column.
    pub col: u32,
    /// Rows covered.
    pub row_span: u32,
    /// Columns covered.
    pub col_span: u32,
    /// What it prints.
    pub text: String,
    /// The number that it is, for workbooks.
    pub number: Option<Decimal>,
    /// What its figure means.
    pub fact: Option<Fact>,
}

impl Grid {
    /// An empty grid whose column widths stand in the given proportions.
    pub fn new(widths: &[usize], header_rows: u32) -> Self {
        let cols = u32::try_from(widths.len()).unwrap_or(u32::MAX);
        Self { rows: header_rows, cols, header_rows, cells: Vec::new(), widths: widths.to_vec() }
    }

    /// Puts a text.
    pub fn put(&mut self, row: u32, col: u32, text: impl Into<String>) {
        self.merge((row, col), (1, 1), text);
    }

    /// Puts a text into a merged cell of `span` rows × columns.
    pub fn merge(&mut self, at: (u32, u32), span: (u32, u32), text: impl Into<String>) {
        self.rows = self.rows.max(at.0 + span.0);
        let (row, col, row_span, col_span) = (at.0, at.1, span.0, span.1);
        self.cells.push(Cell { row, col, row_span, col_span, text: text.into(), number: None, fact: None });
    }

    /// Puts a header cell that reaches down to the last header row.
    pub fn head(&mut self, row: u32, col: u32, text: &str) {
        self.merge((row, col), (self.header_rows.saturating_sub(row), 1), text);
    }

    /// Names the first headers of neighbouring columns, each down to the last header row.
    pub fn heads(&mut self, row: u32, col: u32, texts: &[&str]) {
        for (column, text) in (col..).zip(texts) {
            self.head(row, column, text);
        }
    }

    /// Puts a number with its fact.
    pub fn number(&mut self, row: u32, col: u32, value: Decimal, printed: String, fact: Option<Fact>) {
        self.rows = self.rows.max(row + 1);
        self.cells.push(Cell { row, col, row_span: 1, col_span: 1, text: printed, number: Some(value), fact });
    }

    /// The cell that starts at a position.
    pub fn at(&self, row: u32, col: u32) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.row == row && cell.col == col)
    }

    /// The cell that covers a position.
    pub fn covering(&self, row: u32, col: u32) -> Option<&Cell> {
        let covers =
            |c: &&Cell| (c.row..c.row + c.row_span).contains(&row) && (c.col..c.col + c.col_span).contains(&col);
        self.cells.iter().find(covers)
    }

    /// Facts of its cells, in reading order.
    pub fn facts(&self) -> Vec<&Fact> {
        let mut cells: Vec<_> = self.cells.iter().collect();
        cells.sort_by_key(|cell| (cell.row, cell.col));
        cells.into_iter().filter_map(|cell| cell.fact.as_ref()).collect()
    }
}

/// Puts the amounts of a statement: which year they are of, their unit, and what a zero looks like.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// The year.
    pub year: u16,
    /// `final` or `initial_budget`.
    pub phase: &'static str,
    /// Whether the amounts are in 元 instead of 万元.
    pub in_yuan: bool,
    /// Whether a zero is printed, or left blank.
    pub zeros: bool,
}

impl Figures {
    /// Puts `amount` at a place; a key makes it a fact.
    pub fn put(&self, grid: &mut Grid, at: (u32, u32), amount: Decimal, key: Option<Key>) {
        if amount.is_zero() && !self.zeros {
            return;
        }
        let printed = if self.in_yuan { grouped(amount) } else { format!("{amount:.2}") };
        let value = if self.in_yuan { amount } else { yuan(amount) };
        let fact =
            key.map(|key| Fact { phase: self.phase, basis: "table", ..key.fact("amount", self.year, value, &printed) });
        grid.number(at.0, at.1, amount, printed, fact);
    }
}

/// Prints an amount of 元 with separators: `9,101,677.53`.
pub fn grouped(amount: Decimal) -> String {
    let plain = format!("{amount:.2}");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{fraction}")
}
