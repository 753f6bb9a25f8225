//! One document as a flow of paragraphs and tables in reading order: where the three formats meet.

use crate::model::{Anchor, Cell, Location, ParagraphStyle, Role};

/// Paragraphs and tables in reading order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flow {
    /// What stands where.
    pub items: Vec<Item>,
}

/// A paragraph or a table of a flow.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Text outside tables.
    Paragraph(FlowParagraph),
    /// A grid of cells.
    Table(FlowTable),
}

/// A paragraph, not yet known to be a heading, a caption or text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowParagraph {
    /// Its text, a computed number not included.
    pub text: String,
    /// Its computed number; numbers typed as text are still in `text`.
    pub label: Option<String>,
    /// What formatting says about its rank.
    pub style: ParagraphStyle,
    /// What the reader or the page layout could tell already.
    pub role: Role,
    /// Where its characters stand.
    pub anchors: Vec<Anchor>,
    /// Indexes of the charts that stand in it.
    pub charts: Vec<usize>,
}

/// A table on its grid, title and unit lines perhaps still in its first rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowTable {
    /// Rows of the grid.
    pub rows: u32,
    /// Columns of the grid.
    pub cols: u32,
    /// Cells in row-major order, merged ones once.
    pub cells: Vec<Cell>,
    /// Leading header rows, where the file or a repeat on the next page says so.
    pub header_rows: Option<u32>,
    /// One entry a page, or one.
    pub locations: Vec<Location>,
    /// Paragraphs inside its cells that a bookmark covers or a chart stands in, in order, each with the row and
    /// column of its cell; only a flowing document has them.
    pub paragraphs: Vec<(u32, u32, FlowParagraph)>,
}

impl FlowTable {
    /// The cells with text that begin in a row, in order.
    pub(super) fn filled(&self, row: u32) -> Vec<&Cell> {
        let from = self.cells.partition_point(|cell| cell.row < row);
        let cells = self.cells.iter().skip(from).take_while(|cell| cell.row == row);
        cells.filter(|cell| !cell.text.trim().is_empty()).collect()
    }
}
