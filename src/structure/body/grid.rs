//! Cells on a grid (ECMA-376-1:2016 §17.4): rows of cells with skips and spans become rectangles, of which no
//! two overlap. Texts are not looked at.

use crate::error::Result;
use crate::limits::Limits;
use crate::model::{Cell, RawCell};

/// The rectangles of a table.
///
/// ```text
/// row 0  skip 1, span 2        .  a  a
/// row 1  one, continues, one   b  ?  c      ? has another width than a: it stands by itself
/// ```
#[derive(Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) rows: u32,
    pub(super) cols: u32,
    /// Cells without text, in row-major order of their first position.
    pub(super) cells: Vec<Cell>,
    /// What became of each raw cell, in order.
    pub(super) slots: Vec<Slot>,
}

/// What became of a raw cell.
#[derive(Debug, PartialEq)]
pub(super) struct Slot {
    /// Its index in [`Grid::cells`]; none when the cell above covers it.
    pub(super) index: Option<usize>,
    /// Whether it should continue a cell above and there is none of its place and width.
    pub(super) orphan: bool,
}

/// Places cells on their grid, so that every position is covered at most once.
///
/// A cell that continues the one above (`vMerge`) joins the cell that ends in the row above and has the same
/// first column and width; where there is none it starts a cell of its own.
///
/// # Errors
/// When rows × columns pass [`Limits::cells`].
pub(super) fn place_cells(rows: &[Vec<RawCell>], limits: &Limits) -> Result<Grid> {
    let cols = rows.iter().map(|row| width_of(row)).max().unwrap_or(0);
    let area = cols.saturating_mul(rows.len() as u64);
    Limits::check("the grid positions of a table", "cells", area, limits.cells)?;
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let mut grid = Grid { rows: narrow(rows.len() as u64), cols: narrow(cols), cells: Vec::new(), slots: Vec::new() };
    let mut above: Vec<Open> = Vec::new();
    for (row, cells) in (0..).zip(rows) {
        above = grid.place_row(row, cells, &above);
    }
    Ok(grid)
}

fn width_of(row: &[RawCell]) -> u64 {
    row.iter().map(|cell| u64::from(cell.skip) + u64::from(cell.col_span.max(1))).sum()
}

/// A cell that ends in the row above, by ascending column.
struct Open {
    col: u32,
    index: usize,
}

impl Grid {
    fn place_row(&mut self, row: u32, cells: &[RawCell], above: &[Open]) -> Vec<Open> {
        let mut col: u32 = 0;
        let mut open = Vec::with_capacity(cells.len());
        for cell in cells {
            col = col.saturating_add(cell.skip);
            let col_span = cell.col_span.max(1);
            let owner = if cell.continues_above { self.owner(above, col, col_span) } else { None };
            let index = owner.unwrap_or(self.cells.len());
            match self.cells.get_mut(index) {
                Some(owner) => owner.row_span += 1,
                None => self.cells.push(Cell { row, col, row_span: 1, col_span, ..Cell::default() }),
            }
            let orphan = cell.continues_above && owner.is_none();
            self.slots.push(Slot { index: if owner.is_some() { None } else { Some(index) }, orphan });
            open.push(Open { col, index });
            col = col.saturating_add(col_span);
        }
        open
    }

    fn owner(&self, above: &[Open], col: u32, col_span: u32) -> Option<usize> {
        let at = above.binary_search_by_key(&col, |open| open.col).ok()?;
        let index = above.get(at)?.index;
        self.cells.get(index).filter(|cell| cell.col_span == col_span).map(|_| index)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::ErrorKind;

    fn raw(skip: u32, col_span: u32, continues_above: bool) -> RawCell {
        RawCell { skip, col_span, continues_above, blocks: Vec::new() }
    }

    fn rectangles(rows: &[Vec<RawCell>]) -> Vec<[u32; 4]> {
        let grid = place_cells(rows, &Limits::default()).expect("within limits");
        grid.cells.iter().map(|c| [c.row, c.col, c.row_span, c.col_span]).collect()
    }

    #[test]
    fn a_vertical_merge_is_one_tall_cell() {
        let rows =
            [vec![raw(0, 1, false), raw(0, 2, false)], vec![raw(0, 1, true), raw(0, 1, false), raw(0, 1, false)]];
        assert_eq!(rectangles(&rows), [[0, 0, 2, 1], [0, 1, 1, 2], [1, 1, 1, 1], [1, 2, 1, 1]]);
    }

    #[test]
    fn a_late_row_starts_further_right() {
        let rows = [vec![raw(0, 1, false), raw(0, 1, false)], vec![raw(1, 1, true)]];
        assert_eq!(rectangles(&rows), [[0, 0, 1, 1], [0, 1, 2, 1]]);
    }

    #[test]
    fn a_continuation_of_another_width_stands_by_itself() {
        let rows = [vec![raw(0, 2, false)], vec![raw(0, 1, true), raw(0, 1, false)]];
        assert_eq!(rectangles(&rows), [[0, 0, 1, 2], [1, 0, 1, 1], [1, 1, 1, 1]]);
    }

    #[test]
    fn a_grid_that_is_too_large_is_refused_before_it_is_made() {
        let rows = vec![vec![raw(u32::MAX, u32::MAX, false)]; 3];
        let error = place_cells(&rows, &Limits::default()).expect_err("a grid of 2^34 positions");
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "cells", .. }));
    }

    proptest! {
        #[test]
        fn every_position_is_covered_at_most_once(
            rows in prop::collection::vec(prop::collection::vec((0u32..3, 0u32..4, any::<bool>()), 0..6), 0..8)
        ) {
            let rows: Vec<Vec<RawCell>> =
                rows.into_iter().map(|row| row.into_iter().map(|(s, c, v)| raw(s, c, v)).collect()).collect();
            let grid = place_cells(&rows, &Limits::default()).expect("within limits");
            for row in 0..grid.rows {
                for col in 0..grid.cols {
                    prop_assert!(grid.cells.iter().filter(|cell| cell.covers(row, col)).count() <= 1);
                }
            }
            prop_assert!(grid.cells.iter().all(|c| c.row + c.row_span <= grid.rows && c.col + c.col_span <= grid.cols));
            prop_assert!(grid.cells.is_sorted_by_key(|c| (c.row, c.col)));
            prop_assert_eq!(grid.slots.len(), rows.iter().map(Vec::len).sum::<usize>());
        }
    }
}
