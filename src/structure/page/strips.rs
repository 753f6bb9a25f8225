//! Strips between rules that are too narrow for any character: the padding between two boxes that are drawn one
//! inside the other, the gap of a wide double rule. A person sees one line there, and so does the grid.

use std::collections::BTreeSet;

use super::grid::{Grid, GridCell};
use crate::model::{Glyph, Points};

/// Part of the font size that a row or column has at least.
const NARROW: f64 = 0.75;

/// Makes one line of the two sides of every blank strip; `None` when there is none. `glyphs` are those of the cells.
#[must_use]
pub fn drop_strips(grid: &Grid, glyphs: &[Vec<Glyph>]) -> Option<Grid> {
    let size = glyphs.iter().flatten().find(|g| !g.c.is_whitespace())?.size;
    let is_narrow = |lines: &[Points]| lines.windows(2).any(|w| matches!(w, [a, b] if b - a < NARROW * size));
    if !is_narrow(&grid.xs) && !is_narrow(&grid.ys) {
        return None;
    }
    let filled = || grid.cells.iter().zip(glyphs).filter(|(_, g)| g.iter().any(|g| !g.c.is_whitespace()));
    let cols: BTreeSet<usize> = filled().filter(|(c, _)| c.col_span == 1).map(|(c, _)| c.col).collect();
    let rows: BTreeSet<usize> = filled().filter(|(c, _)| c.row_span == 1).map(|(c, _)| c.row).collect();
    let (xs, x_of) = join_lines(&grid.xs, NARROW * size, &cols);
    let (ys, y_of) = join_lines(&grid.ys, NARROW * size, &rows);
    if xs.len() == grid.xs.len() && ys.len() == grid.ys.len() {
        return None;
    }
    let at = |of: &[usize], i: usize| of.get(i).copied().unwrap_or_default();
    let place = |c: &GridCell| GridCell {
        row: at(&y_of, c.row),
        col: at(&x_of, c.col),
        row_span: at(&y_of, c.row + c.row_span) - at(&y_of, c.row),
        col_span: at(&x_of, c.col + c.col_span) - at(&x_of, c.col),
    };
    let mut cells: Vec<GridCell> = grid.cells.iter().map(place).filter(|c| c.row_span > 0 && c.col_span > 0).collect();
    cells.sort_unstable();
    Some(Grid { xs, ys, cells })
}

/// Joins each line to the one before where the step between them is narrow and none of the `filled` ones; with the
/// new number of each old line, in order.
fn join_lines(lines: &[Points], narrow: Points, filled: &BTreeSet<usize>) -> (Vec<Points>, Vec<usize>) {
    let mut joined: Vec<Points> = Vec::with_capacity(lines.len());
    let mut numbers = Vec::with_capacity(lines.len());
    let mut from = f64::NEG_INFINITY;
    for (index, &line) in lines.iter().enumerate() {
        match joined.last_mut() {
            Some(last) if line - from < narrow && !filled.contains(&(index - 1)) => *last = f64::midpoint(from, line),
            _ => {
                joined.push(line);
                from = line;
            }
        }
        numbers.push(joined.len() - 1);
    }
    (joined, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn glyph(x: f64, y: f64) -> Glyph {
        let rect = Rect::new(x, y, x + 10.0, y + 10.0);
        Glyph { c: '支', rect, baseline: y + 9.0, size: 10.0, font: 0, bold: false, hidden: false, turned: false }
    }

    fn cell(row: usize, col: usize) -> GridCell {
        GridCell { row, col, row_span: 1, col_span: 1 }
    }

    #[test]
    fn the_padding_between_two_boxes_is_no_column() {
        let cells = vec![cell(0, 0), cell(0, 1), cell(0, 2)];
        let grid = Grid { xs: vec![0.0, 50.0, 55.0, 100.0], ys: vec![0.0, 20.0], cells };
        let glyphs = [vec![glyph(5.0, 5.0)], vec![], vec![glyph(60.0, 5.0)]];
        let joined = drop_strips(&grid, &glyphs).expect("a strip");
        assert_eq!((joined.xs, joined.cells), (vec![0.0, 52.5, 100.0], vec![cell(0, 0), cell(0, 1)]));
    }

    #[test]
    fn a_strip_with_text_and_a_column_of_some_width_stay() {
        let cells = vec![cell(0, 0), cell(0, 1), cell(0, 2)];
        let narrow = Grid { xs: vec![0.0, 50.0, 55.0, 100.0], ys: vec![0.0, 20.0], cells: cells.clone() };
        let text = [vec![glyph(5.0, 5.0)], vec![glyph(47.0, 5.0)], vec![glyph(60.0, 5.0)]];
        assert_eq!(drop_strips(&narrow, &text), None);
        let wide = Grid { xs: vec![0.0, 50.0, 60.0, 100.0], ..narrow };
        assert_eq!(drop_strips(&wide, &[vec![glyph(5.0, 5.0)], vec![], vec![]]), None);
    }
}
