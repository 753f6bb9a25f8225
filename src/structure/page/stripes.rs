//! Rows told apart by their background: every other one is filled, and the fills alone make grids.
//!
//! ```text
//! ▓▓▓▓▓▓▓▓▓   Several grids of the same columns, a row apart from each other, are the filled rows of one
//! 201  1.00   table; between them, and below the last of them, stand those on white.
//! ▓▓▓▓▓▓▓▓▓
//! ```

use super::edges::TOLERANCE;
use super::grid::{Grid, GridCell};
use crate::model::{Glyph, Points};

/// Filled areas that make stripes.
const FEWEST: usize = 3;
/// Grids of a page that are compared; more are no stripes but a pattern.
const MOST_GRIDS: usize = 400;
/// Height of a white row, in heights of the filled one below it.
const MOST_GAP: f64 = 1.6;

/// Makes one grid of the filled rows of each striped table, the white rows between them included.
#[must_use]
pub fn join_stripes(grids: Vec<Grid>, glyphs: &[Glyph]) -> Vec<Grid> {
    if grids.len() < FEWEST || grids.len() > MOST_GRIDS {
        return grids;
    }
    let mut stacks: Vec<Vec<Grid>> = Vec::new();
    for grid in grids {
        match stacks.iter_mut().find(|stack| stack.last().is_some_and(|last| is_stripe_below(last, &grid))) {
            Some(stack) => stack.push(grid),
            None => stacks.push(vec![grid]),
        }
    }
    let (stripes, mut others): (Vec<_>, Vec<_>) = stacks.into_iter().partition(|stack| stack.len() >= FEWEST);
    let mut joined: Vec<Grid> = stripes.iter().map(|stack| stack_to_grid(stack, glyphs)).collect();
    joined.extend(others.drain(..).flatten());
    joined.sort_by(|a, b| {
        let (a, b) = (a.rect(), b.rect());
        a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0))
    });
    joined
}

/// Whether the second grid is one filled row of the same columns, a row below the first.
fn is_stripe_below(above: &Grid, below: &Grid) -> bool {
    let same = |(a, b): (&Points, &Points)| (a - b).abs() <= TOLERANCE;
    let is_aligned = above.xs.len() == below.xs.len() && above.xs.iter().zip(&below.xs).all(same);
    let gap = below.rect().y0 - above.rect().y1;
    is_aligned && below.rows() == 1 && gap > 0.0 && gap <= MOST_GAP * below.rect().height()
}

fn stack_to_grid(stack: &[Grid], glyphs: &[Glyph]) -> Grid {
    let mut whole = Grid::default();
    for grid in stack {
        if whole.ys.is_empty() {
            whole.xs.clone_from(&grid.xs);
        } else {
            add_row(&mut whole, grid.rect().y0);
        }
        let shift = whole.rows();
        whole.ys.extend(grid.ys.iter().skip(usize::from(!whole.ys.is_empty())));
        whole.cells.extend(grid.cells.iter().map(|c| GridCell { row: c.row + shift, ..*c }));
    }
    let (bottom, height) = (whole.rect().y1, stack.last().map_or(0.0, |grid| grid.rect().height()));
    if holds_row(&whole, glyphs, bottom, bottom + height) {
        add_row(&mut whole, bottom + height);
    }
    whole.cells.sort_unstable();
    whole
}

/// Adds a white row down to that line.
fn add_row(grid: &mut Grid, bottom: Points) {
    let row = grid.rows();
    grid.cells.extend((0..grid.cols()).map(|col| GridCell { row, col, row_span: 1, col_span: 1 }));
    grid.ys.push(bottom);
}

/// Whether characters stand in several columns of the area, none of them over a border of columns.
fn holds_row(grid: &Grid, glyphs: &[Glyph], top: Points, bottom: Points) -> bool {
    let area = grid.rect();
    let inside = |g: &&Glyph| {
        let (x, y) = g.rect.center();
        !g.c.is_whitespace() && x > area.x0 && x < area.x1 && y > top && y < bottom
    };
    let column = |x: Points| grid.xs.partition_point(|&line| line <= x);
    let mut columns: Vec<usize> = Vec::new();
    for glyph in glyphs.iter().filter(inside) {
        if column(glyph.rect.x0 + 1.0) != column(glyph.rect.x1 - 1.0) {
            return false;
        }
        columns.push(column(glyph.rect.center().0));
    }
    columns.sort_unstable();
    columns.dedup();
    columns.len() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn stripe(y: f64) -> Grid {
        let cell = |col| GridCell { row: 0, col, row_span: 1, col_span: 1 };
        Grid { xs: vec![0.0, 50.0, 100.0], ys: vec![y, y + 20.0], cells: vec![cell(0), cell(1)] }
    }

    fn glyph(x: f64, y: f64) -> Glyph {
        let rect = Rect::new(x, y, x + 10.0, y + 10.0);
        Glyph { c: '支', rect, baseline: y + 9.0, size: 10.0, font: 0, bold: false, hidden: false, turned: false }
    }

    #[test]
    fn filled_rows_and_the_white_ones_between_and_below_them_are_one_table() {
        let stripes = vec![stripe(0.0), stripe(40.0), stripe(80.0)];
        let joined = join_stripes(stripes.clone(), &[glyph(10.0, 105.0), glyph(60.0, 105.0)]);
        assert_eq!(joined.iter().map(|g| (g.rows(), g.cols(), g.cells.len())).collect::<Vec<_>>(), [(6, 2, 12)]);
        let bare = join_stripes(stripes, &[glyph(10.0, 105.0)]);
        assert_eq!(bare.first().map(Grid::rows), Some(5), "one text below the table is no row of it");
    }

    #[test]
    fn two_boxes_and_boxes_far_apart_stay_what_they_are() {
        assert_eq!(join_stripes(vec![stripe(0.0), stripe(40.0)], &[]).len(), 2);
        assert_eq!(join_stripes(vec![stripe(0.0), stripe(100.0), stripe(200.0)], &[]).len(), 3);
    }
}
