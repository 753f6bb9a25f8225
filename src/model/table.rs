//! A logical table: one grid, although it may run over several pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Location;

/// A table on its grid. The grid starts at the first header row: title, unit, caption and 注 lines are
/// fields, not cells. Rows and columns count from 0.
///
/// ```text
///        col 0        col 1   col 2
/// row 0  项目         决算数──────────   col_span 2        header_rows = 2
/// row 1  │            合计    基本支出
/// row 2  合计         12.50   10.00
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// Unique within the report, such as `t3`.
    pub id: String,
    /// Statement form that it is, an id of the form files such as `final_accounts.revenue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Title line as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Form code as printed, such as `公开01表`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Unit of its amounts as printed, such as `万元`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Other lines between title and grid, such as `部门：…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
    /// 注 and 说明 lines below the grid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<String>,
    /// `id` of the section that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Rows of the grid.
    pub rows: u32,
    /// Columns of the grid.
    pub cols: u32,
    /// Leading rows that hold column headers.
    pub header_rows: u32,
    /// Cells in row-major order; a merged cell stands once, with its span.
    pub cells: Vec<Cell>,
    /// Where it stands: one entry a page, or one for the whole table.
    pub locations: Vec<Location>,
    /// How sure the form is, 0 to 1.
    #[serde(default)]
    pub score: f32,
    /// What spoke for the form, or why none was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// One cell, merged or not.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// First row that it covers, from 0.
    pub row: u32,
    /// First column that it covers, from 0.
    pub col: u32,
    /// Rows that it covers, at least 1.
    pub row_span: u32,
    /// Columns that it covers, at least 1.
    pub col_span: u32,
    /// Its text; lines are joined as a person reads them.
    pub text: String,
    /// Where it stands in the file.
    pub location: Location,
}

impl Table {
    /// The cell that covers a grid position.
    #[must_use]
    pub fn at(&self, row: u32, col: u32) -> Option<&Cell> {
        self.cells.iter().find(|c| c.covers(row, col))
    }

    /// The text at a grid position; empty where no cell is.
    #[must_use]
    pub fn text(&self, row: u32, col: u32) -> &str {
        self.at(row, col).map_or("", |c| c.text.as_str())
    }

    /// The place of a cell of this table: where it stands in the file, and in the grid.
    #[must_use]
    pub fn place(&self, cell: &Cell) -> Location {
        Location { table: Some(self.id.clone()), row: Some(cell.row), col: Some(cell.col), ..cell.location.clone() }
    }
}

impl Cell {
    /// Whether the cell covers a grid position.
    #[must_use]
    pub fn covers(&self, row: u32, col: u32) -> bool {
        (self.row..self.row.saturating_add(self.row_span)).contains(&row)
            && (self.col..self.col.saturating_add(self.col_span)).contains(&col)
    }
}
