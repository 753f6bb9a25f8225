//! The columns of a batch of the dataset by name, and how its decimals and places are written in the page.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::dataset::{self, Snapshot, Table};
use crate::error::Result;
use crate::model::Location;

/// Report and load, which name the rows of a document version.
pub(super) type Version = (String, String);

/// A dataset as it stands at one instant.
pub(super) struct Source(Snapshot);

impl Source {
    /// Opens a dataset.
    ///
    /// # Errors
    /// When there is none, or its logs cannot be read.
    pub(super) fn open(dataset: &dataset::Place) -> Result<Self> {
        Snapshot::open(dataset).map(Self)
    }

    /// Shows every row of a table, with the columns named and, where the table has them, no others.
    ///
    /// # Errors
    /// When a file of the table is missing or damaged.
    pub(super) fn each(&mut self, table: Table, columns: &[&str], take: &mut dyn FnMut(Rows<'_>, usize)) -> Result<()> {
        let files = self.0.files(table)?;
        for batch in self.0.rows(table, &files, Some(columns)) {
            let batch = batch?;
            (0..batch.num_rows()).for_each(|row| take(Rows(&batch), row));
        }
        Ok(())
    }
}

/// The rows of a batch; a partitioned dataset may put its columns in any order.
#[derive(Clone, Copy)]
pub(super) struct Rows<'b>(pub(super) &'b RecordBatch);

impl<'b> Rows<'b> {
    fn column(self, name: &str, row: usize) -> Option<&'b dyn Array> {
        let column = self.0.column_by_name(name)?;
        (row < column.len() && column.is_valid(row)).then_some(column.as_ref())
    }

    pub(super) fn text(self, name: &str, row: usize) -> Option<&'b str> {
        Some(self.column(name, row)?.as_string_opt::<i32>()?.value(row))
    }

    /// The text; empty where there is none.
    pub(super) fn owned(self, name: &str, row: usize) -> String {
        self.text(name, row).unwrap_or_default().to_owned()
    }

    /// The text, unless it is absent or empty.
    pub(super) fn filled(self, name: &str, row: usize) -> Option<String> {
        self.text(name, row).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn int(self, name: &str, row: usize) -> Option<u32> {
        u32::try_from(self.column(name, row)?.as_primitive_opt::<Int32Type>()?.value(row)).ok()
    }

    pub(super) fn long(self, name: &str, row: usize) -> Option<i64> {
        Some(self.column(name, row)?.as_primitive_opt::<Int64Type>()?.value(row))
    }

    pub(super) fn is_true(self, name: &str, row: usize) -> bool {
        let column = self.column(name, row).and_then(AsArray::as_boolean_opt);
        column.is_some_and(|flags| flags.value(row))
    }

    /// A decimal, exact.
    pub(super) fn decimal(self, name: &str, row: usize) -> Option<Decimal> {
        let column = self.column(name, row)?.as_primitive_opt::<Decimal128Type>()?;
        let scale = u32::try_from(column.scale()).ok()?;
        Decimal::try_from_i128_with_scale(column.value(row), scale).ok().map(|value| value.normalize())
    }

    pub(super) fn year(self, row: usize) -> Option<u16> {
        self.int("fiscal_year", row).and_then(|year| u16::try_from(year).ok())
    }

    /// Report and load; nothing for a row without them, which belongs to no report.
    pub(super) fn version(self, row: usize) -> Option<Version> {
        Some((self.text("report_id", row)?.to_owned(), self.text("load_id", row)?.to_owned()))
    }

    pub(super) fn place(self, row: usize) -> Place {
        Place {
            page: self.int("page", row),
            sheet: self.filled("sheet", row),
            cell: self.filled("cell_ref", row),
            part: self.filled("part", row),
            paragraph: self.int("paragraph", row),
            start: self.int("char_start", row),
            end: self.int("char_end", row),
            table: self.filled("place_table", row),
            row: self.int("place_row", row),
            col: self.int("place_col", row),
        }
    }
}

/// The columns that [`Rows::place`] reads.
pub(super) const PLACE: [&str; 10] = [
    "page",
    "sheet",
    "cell_ref",
    "part",
    "paragraph",
    "char_start",
    "char_end",
    "place_table",
    "place_row",
    "place_col",
];

/// Where something stands, in few letters: there are a hundred thousand of these in a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<u32>,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<String>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(super) cell: Option<String>,
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<String>,
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub(super) paragraph: Option<u32>,
    #[serde(skip)]
    pub(super) start: Option<u32>,
    #[serde(skip)]
    pub(super) end: Option<u32>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub(super) table: Option<String>,
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<u32>,
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub(super) col: Option<u32>,
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        Self {
            page: location.page,
            sheet: location.sheet,
            cell: location.cell_ref,
            part: location.part,
            paragraph: location.paragraph,
            start: location.start,
            end: location.end,
            table: location.table,
            row: location.row,
            col: location.col,
        }
    }
}
