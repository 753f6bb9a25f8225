//! Where something stands in a file: page and rectangle, sheet and cell, or part and paragraph.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rect;

/// A place in a source file. Absent fields do not apply to the format or are not known.
///
/// Pages and paragraphs count from 1, rows and columns of a table from 0; `start` and `end` are Unicode
/// characters within the paragraph's text, `end` excluded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Location {
    /// Page of a PDF, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Rectangle on that page, in points from its top left corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<Rect>,
    /// Name of a worksheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Cell or range of that sheet, such as `B7` or `A3:F20`.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub cell_ref: Option<String>,
    /// Part of a package, such as `word/document.xml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Paragraph of that part, from 1 in document order, paragraphs of table cells included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    /// First character within the paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// Character after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<u32>,
    /// `id` of a table of the same report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Row of that table, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column of that table, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub col: Option<u32>,
}

impl Location {
    /// A rectangle on a page, which counts from 1.
    #[must_use]
    pub fn on_page(page: u32, bbox: Rect) -> Self {
        Self { page: Some(page), bbox: Some(bbox), ..Self::default() }
    }

    /// A cell of a sheet; `row` and `col` count from 0.
    #[must_use]
    pub fn in_sheet(sheet: &str, row: u32, col: u32) -> Self {
        Self { sheet: Some(sheet.to_owned()), cell_ref: Some(a1(row, col)), ..Self::default() }
    }

    /// A paragraph of a part; `paragraph` counts from 1.
    #[must_use]
    pub fn in_part(part: &str, paragraph: u32) -> Self {
        Self { part: Some(part.to_owned()), paragraph: Some(paragraph), ..Self::default() }
    }
}

/// Spells a cell's place as spreadsheets do; `row` and `col` count from 0.
///
/// `a1(6, 1)` is `B7`.
pub(crate) fn a1(row: u32, col: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(col) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    let column: String = letters.into_iter().rev().collect();
    format!("{column}{}", u64::from(row) + 1)
}

impl fmt::Display for Location {
    /// Writes the place for a person: `page 7, table t3 row 4 col 2` or `sheet 收入决算表!B7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        if let Some(page) = self.page {
            words.push(format!("page {page}"));
        }
        match (&self.sheet, &self.cell_ref) {
            (Some(sheet), Some(cell)) => words.push(format!("sheet {sheet}!{cell}")),
            (Some(sheet), None) => words.push(format!("sheet {sheet}")),
            _ => {}
        }
        match (&self.part, self.paragraph) {
            (Some(part), Some(paragraph)) => words.push(format!("{part} paragraph {paragraph}")),
            (Some(part), None) => words.push(part.clone()),
            _ => {}
        }
        if let (Some(table), Some(row), Some(col)) = (&self.table, self.row, self.col) {
            words.push(format!("table {table} row {row} col {col}"));
        }
        f.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_run_from_a_to_xfd() {
        assert_eq!(a1(6, 1), "B7");
        assert_eq!(a1(0, 25), "Z1");
        assert_eq!(a1(0, 26), "AA1");
        assert_eq!(a1(1_048_575, 16_383), "XFD1048576");
    }

    #[test]
    fn a_place_reads_like_a_citation() {
        let place =
            Location { table: Some("t3".into()), row: Some(4), col: Some(2), ..Location::on_page(7, Rect::default()) };
        assert_eq!(place.to_string(), "page 7, table t3 row 4 col 2");
    }
}
