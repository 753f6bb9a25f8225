//! A row of a table by the names of its columns, for those who need a few of them.

use arrow_array::RecordBatch;
use rust_decimal::Decimal;

use super::selection::Selection;
use crate::dataset::{Cell, Cells, Table};
use crate::error::Result;

/// A row.
pub(super) struct Record<'a> {
    table: Table,
    cells: Vec<Cell<'a>>,
}

impl<'a> Record<'a> {
    /// The values in the order of the columns.
    pub(super) fn cells(&self) -> &[Cell<'a>] {
        &self.cells
    }

    /// A value; absent where there is no such column.
    pub(super) fn cell(&self, name: &str) -> Cell<'a> {
        let at = self.table.columns().iter().position(|column| column.name == name);
        at.and_then(|at| self.cells.get(at)).copied().unwrap_or(Cell::Absent)
    }

    /// A text, or nothing.
    pub(super) fn text(&self, name: &str) -> &'a str {
        match self.cell(name) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    /// A text that is known.
    pub(super) fn known(&self, name: &str) -> Option<&'a str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// A whole number that is known.
    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        match self.cell(name) {
            Cell::Whole(number) => Some(number),
            _ => None,
        }
    }

    /// Whether it is true.
    pub(super) fn is(&self, name: &str) -> bool {
        self.cell(name) == Cell::Bool(true)
    }

    /// A decimal that is known.
    pub(super) fn exact(&self, name: &str) -> Option<Decimal> {
        match self.cell(name) {
            Cell::Exact(digits, scale) => Decimal::try_from_i128_with_scale(digits, scale.into()).ok(),
            _ => None,
        }
    }

    /// Report and load, which name the document version that it is of.
    pub(super) fn version(&self) -> (String, String) {
        (self.text("report_id").to_owned(), self.text("load_id").to_owned())
    }
}

/// Hands the wanted rows of a table over, one by one.
pub(super) fn each(
    selection: &mut Selection<'_>,
    table: Table,
    mut take: impl FnMut(&Record<'_>) -> Result<()>,
) -> Result<()> {
    selection.each(table, |batch: &RecordBatch| {
        let columns = Cells::new(table, batch)?;
        (0..batch.num_rows()).try_for_each(|row| take(&Record { table, cells: columns.row(row).collect() }))
    })
}
