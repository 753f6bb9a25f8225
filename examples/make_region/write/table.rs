//! Grids as Word tables: grid spans and vertical merges (ECMA-376-1:2016 §17.4.17 and §17.4.84).

use docx_rs::{
    AlignmentType, Paragraph, Run, Table, TableAlignmentType, TableCell, TableLayoutType, TableRow, VAlignType,
    VMergeType, WidthType,
};

use super::style::TEXT_WIDTH;
use crate::grid::{Cell, Grid};

/// How a table is set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Size of its text in half points.
    pub size: usize,
    /// Whether its rows stay on one page.
    pub together: bool,
}

/// Lays a grid out over the width of the text.
pub fn table(grid: &Grid, setting: Setting) -> Table {
    let widths = scaled(&grid.widths);
    let rows = (0..grid.rows).map(|row| table_row(grid, row, &widths, setting)).collect();
    Table::new(rows)
        .set_grid(widths)
        .width(TEXT_WIDTH, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
}

/// Column widths in twips.
fn scaled(widths: &[usize]) -> Vec<usize> {
    let whole: usize = widths.iter().sum();
    widths.iter().map(|width| width * TEXT_WIDTH / whole.max(1)).collect()
}

fn table_row(grid: &Grid, row: u32, widths: &[usize], setting: Setting) -> TableRow {
    let mut cells = Vec::new();
    let mut col = 0;
    while col < grid.cols {
        let cell = grid.covering(row, col);
        let span = cell.map_or(1, |cell| cell.col_span);
        let width = widths.iter().skip(col as usize).take(span as usize).sum();
        cells.push(table_cell(grid, cell, row, setting).width(width, WidthType::Dxa));
        col += span;
    }
    TableRow::new(cells).cant_split()
}

fn table_cell(grid: &Grid, cell: Option<&Cell>, row: u32, setting: Setting) -> TableCell {
    let keep = setting.together && row + 1 < grid.rows;
    let Some(cell) = cell else {
        return TableCell::new().add_paragraph(paragraph("", AlignmentType::Left, setting.size).keep_next(keep));
    };
    let starts_here = cell.row == row;
    let text = if starts_here { cell.text.as_str() } else { "" };
    let mut made = TableCell::new().add_paragraph(paragraph(text, alignment(grid, cell), setting.size).keep_next(keep));
    made = made.vertical_align(VAlignType::Center);
    if cell.col_span > 1 {
        made = made.grid_span(cell.col_span as usize);
    }
    if cell.row_span > 1 {
        made = made.vertical_merge(if starts_here { VMergeType::Restart } else { VMergeType::Continue });
    }
    made
}

/// Numbers stand right, headers and merged cells in the middle, words left.
fn alignment(grid: &Grid, cell: &Cell) -> AlignmentType {
    if cell.number.is_some() {
        AlignmentType::Right
    } else if cell.row < grid.header_rows || cell.row_span > 1 || cell.col_span > 1 && cell.text.chars().count() < 24 {
        AlignmentType::Center
    } else {
        AlignmentType::Left
    }
}

fn paragraph(text: &str, alignment: AlignmentType, size: usize) -> Paragraph {
    // The size of the paragraph mark keeps the rows of blank cells as low as the others.
    Paragraph::new().align(alignment).size(size).add_run(Run::new().add_text(text).size(size))
}
