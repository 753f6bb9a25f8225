//! Rows whose cells are not ruled off from each other, in a table whose header is.
//!
//! ```text
//! ┌──────┬──────┬──────┐      The header rules tell the columns. Where the words of
//! │ name │ 2023 │ 2024 │      several rows keep clear of them, the rows have the same
//! ├──────┴──────┴──────┤      columns.
//! │ one    1.00   2.00 │
//! ├────────────────────┤
//! ```

use super::grid::{Grid, GridCell};
use super::lines::{Apart, glyphs_to_lines};
use crate::model::{Glyph, PageLine};

/// So many rows must keep clear of the columns, so that one row with two texts does not count.
const FEWEST: usize = 3;

/// Cuts the open rows of a grid at its columns; `None` when it has none. `glyphs` are those of its cells.
#[must_use]
pub fn split_open_rows(grid: &Grid, glyphs: &[Vec<Glyph>]) -> Option<Grid> {
    let is_open: Vec<bool> =
        grid.cells.iter().zip(glyphs).map(|(cell, glyphs)| keeps_clear(grid, cell, glyphs)).collect();
    let open = is_open.iter().filter(|open| **open).count();
    if open < FEWEST || open * 2 < grid.rows() {
        return None;
    }
    let mut cells: Vec<GridCell> = Vec::new();
    for (cell, is_open) in grid.cells.iter().zip(is_open) {
        if is_open {
            cells.extend((cell.col..cell.col + cell.col_span).map(|col| GridCell { col, col_span: 1, ..*cell }));
        } else {
            cells.push(*cell);
        }
    }
    cells.sort_unstable();
    Some(Grid { xs: grid.xs.clone(), ys: grid.ys.clone(), cells })
}

/// Whether a merged cell holds one line of words that stand in several columns and cross no border of them.
fn keeps_clear(grid: &Grid, cell: &GridCell, glyphs: &[Glyph]) -> bool {
    if cell.col_span < 2 || cell.row_span > 1 {
        return false;
    }
    let words = glyphs_to_lines(1, glyphs, Apart::Words);
    let Some(first) = words.first() else { return false };
    let is_one_line = words.iter().all(|w| w.rect.center().1 < first.rect.y1 && w.rect.center().1 > first.rect.y0);
    let inner = grid.xs.get(cell.col + 1..cell.col + cell.col_span).unwrap_or_default();
    let crosses = |w: &PageLine| inner.iter().any(|&x| w.rect.x0 < x - 1.0 && w.rect.x1 > x + 1.0);
    let column = |w: &PageLine| inner.partition_point(|&x| x < w.rect.center().0);
    let is_spread = words.iter().any(|w| column(w) != column(first));
    is_one_line && is_spread && !words.iter().any(crosses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn set(words: &[(f64, &str)], y: f64) -> Vec<Glyph> {
        let glyph = |(x0, c): (f64, char)| {
            let rect = Rect { x0, y0: y, x1: x0 + 5.0, y1: y + 10.0 };
            Glyph { c, rect, baseline: y + 8.0, size: 10.0, font: 0, bold: false, hidden: false, turned: false }
        };
        let place = |&(x, text): &(f64, &str)| {
            text.chars().enumerate().map(|(i, c)| (x + 5.0 * i as f64, c)).collect::<Vec<_>>()
        };
        words.iter().flat_map(place).map(glyph).collect()
    }

    fn open(rows: usize) -> (Grid, Vec<Vec<Glyph>>) {
        let cell = |row, col, col_span| GridCell { row, col, row_span: 1, col_span };
        let mut cells = vec![cell(0, 0, 1), cell(0, 1, 1)];
        cells.extend((1..=rows).map(|row| cell(row, 0, 2)));
        let ys = (0..=rows + 1).map(|i| 20.0 * i as f64).collect();
        let mut glyphs = vec![set(&[(5.0, "name")], 5.0), set(&[(105.0, "2024")], 5.0)];
        glyphs.extend((1..=rows).map(|row| set(&[(5.0, "one"), (105.0, "1.00")], 20.0 * row as f64 + 5.0)));
        (Grid { xs: vec![0.0, 100.0, 200.0], ys, cells }, glyphs)
    }

    #[test]
    fn rows_that_keep_clear_of_the_header_columns_have_them_too() {
        let (grid, glyphs) = open(4);
        assert_eq!(split_open_rows(&grid, &glyphs).map(|g| g.cells.len()), Some(10));
    }

    #[test]
    fn one_row_with_two_texts_stays_merged() {
        let (grid, glyphs) = open(1);
        assert_eq!(split_open_rows(&grid, &glyphs), None);
    }
}
