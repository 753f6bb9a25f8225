//! Edges become grids: which edges belong together, where they cut the plane, and which boxes are one cell.
//!
//! ```text
//!   xs 0    1    2         The lines of a component cut its area into boxes. Two boxes without an edge
//! ys 0 ┌────┬────┐         between them are one cell, however many lines run past them: a merged cell
//!    1 ├────┼────┤         is one region, and every position of the grid is covered at most once. A
//!    2 │    └────┤         region that leaks to the outside is no cell.
//!    3 └─────────┘
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::components::{Sets, close_open_sides, edges_to_components};
use super::edges::{Edge, Edges, TOLERANCE};
use crate::error::Result;
use crate::limits::Limits;
use crate::model::{Points, Rect};

/// Lines and cells of one ruled area.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    /// Positions of the vertical lines, from the left; columns lie between them.
    pub xs: Vec<Points>,
    /// Positions of the horizontal lines, from the top; rows lie between them.
    pub ys: Vec<Points>,
    /// Cells in row-major order of their first position.
    pub cells: Vec<GridCell>,
}

/// A cell by its place on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GridCell {
    /// First row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub col: usize,
    /// Rows covered, at least 1.
    pub row_span: usize,
    /// Columns covered, at least 1.
    pub col_span: usize,
}

impl Grid {
    /// Rows of the grid.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    /// Columns of the grid.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// The area between the outermost lines.
    #[must_use]
    pub fn rect(&self) -> Rect {
        let ends = |v: &[Points]| Some((*v.first()?, *v.last()?));
        let (Some((x0, x1)), Some((y0, y1))) = (ends(&self.xs), ends(&self.ys)) else { return Rect::default() };
        Rect { x0, y0, x1, y1 }
    }

    /// The area of a cell.
    #[must_use]
    pub fn cell_rect(&self, cell: &GridCell) -> Rect {
        let at = |v: &[Points], i: usize| v.get(i).copied().unwrap_or_default();
        Rect {
            x0: at(&self.xs, cell.col),
            y0: at(&self.ys, cell.row),
            x1: at(&self.xs, cell.col + cell.col_span),
            y1: at(&self.ys, cell.row + cell.row_span),
        }
    }

    /// For each position, row-major, the index of the cell that covers it.
    #[must_use]
    pub fn positions(&self) -> Vec<Option<usize>> {
        let cols = self.cols();
        let mut positions = vec![None; self.rows() * cols];
        for (index, cell) in self.cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.row_span {
                for col in cell.col..cell.col + cell.col_span {
                    if let Some(position) = positions.get_mut(row * cols + col) {
                        *position = Some(index);
                    }
                }
            }
        }
        positions
    }

    /// Row and column of a point, if it lies on the grid.
    #[must_use]
    pub fn position_at(&self, x: Points, y: Points) -> Option<(usize, usize)> {
        let between = |v: &[Points], p: Points| {
            let after = v.partition_point(|&line| line <= p);
            (after > 0 && after < v.len()).then(|| after - 1)
        };
        Some((between(&self.ys, y)?, between(&self.xs, x)?))
    }
}

/// Finds the grids of a page, from the top; an area with fewer than two cells is a frame, not a grid.
///
/// # Errors
/// When a grid or its intersections would pass [`Limits::cells`].
pub fn edges_to_grids(edges: &Edges, limits: &Limits) -> Result<Vec<Grid>> {
    let mut grids = Vec::new();
    let mut boxes = 0u64;
    for mut component in edges_to_components(edges, limits)? {
        close_open_sides(&mut component);
        boxes = boxes.saturating_add(boxes_of(&component));
        Limits::check("the number of cells of a page", "cells", boxes, limits.cells)?;
        let grid = component_to_grid(&component);
        if grid.cells.len() >= 2 {
            grids.push(grid);
        }
    }
    grids.sort_by(|a, b| {
        let (a, b) = (a.rect(), b.rect());
        a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0))
    });
    Ok(grids)
}

/// How many boxes the lines of touching edges cut at most.
fn boxes_of(component: &Edges) -> u64 {
    let (xs, ys) = (lines_of(&component.vertical), lines_of(&component.horizontal));
    (xs.len() as u64).saturating_mul(ys.len() as u64)
}

/// Takes touching edges to their grid.
fn component_to_grid(component: &Edges) -> Grid {
    let (xs, ys) = (lines_of(&component.vertical), lines_of(&component.horizontal));
    let (cols, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
    let mut walls = Walls::new(component, &xs, &ys);
    walls.close_cut_cells();
    let outside = rows * cols;
    let mut regions = Sets::new(outside + 1);
    for row in 0..rows {
        for col in 0..cols {
            let here = row * cols + col;
            let right = if col + 1 < cols { here + 1 } else { outside };
            let below = if row + 1 < rows { here + cols } else { outside };
            let open = [
                (walls.vertical.is_drawn(col + 1, row), right),
                (walls.horizontal.is_drawn(row + 1, col), below),
                (col > 0 || walls.vertical.is_drawn(0, row), outside),
                (row > 0 || walls.horizontal.is_drawn(0, col), outside),
            ];
            open.iter().filter(|(closed, _)| !closed).for_each(|&(_, neighbour)| regions.join(here, neighbour));
        }
    }
    let cells = regions_to_cells(&mut regions, rows, cols);
    compact(&Grid { xs, ys, cells })
}

fn lines_of(edges: &[Edge]) -> Vec<Points> {
    let mut lines: Vec<Points> = edges.iter().map(|e| e.at).collect();
    lines.sort_by(f64::total_cmp);
    lines.dedup();
    lines
}

/// Which sides of the boxes of a grid are drawn.
struct Walls {
    vertical: Sides,
    horizontal: Sides,
}

impl Walls {
    fn new(component: &Edges, xs: &[Points], ys: &[Points]) -> Self {
        Self {
            vertical: Sides::new(&component.vertical, xs, ys),
            horizontal: Sides::new(&component.horizontal, ys, xs),
        }
    }

    /// Closes the outer side of boxes that other borders flank: a merged cell that a page break cuts has none.
    fn close_cut_cells(&mut self) {
        self.horizontal.close_flanked(&self.vertical);
        self.vertical.close_flanked(&self.horizontal);
    }
}

/// For each of several lines of one direction and each step along it, whether it is drawn there.
struct Sides {
    /// Steps of a line, between lines of the other direction.
    steps: usize,
    drawn: Vec<bool>,
}

impl Sides {
    /// What `edges` cover of `lines`, which the lines of the other direction cut at `stops`.
    fn new(edges: &[Edge], lines: &[Points], stops: &[Points]) -> Self {
        let steps = stops.len().saturating_sub(1);
        let mut sides = Self { steps, drawn: vec![false; lines.len() * steps] };
        for edge in edges {
            let line = lines.partition_point(|&at| at < edge.at);
            let first = stops.partition_point(|&stop| stop < edge.from - TOLERANCE);
            let end = stops.partition_point(|&stop| stop <= edge.to + TOLERANCE);
            sides.draw(line, first, end.saturating_sub(1));
        }
        sides
    }

    /// Whether `line` is drawn at `step`; what lies outside is.
    fn is_drawn(&self, line: usize, step: usize) -> bool {
        self.drawn.get(line * self.steps + step).copied().unwrap_or(true)
    }

    fn draw(&mut self, line: usize, from: usize, to: usize) {
        let covered = line * self.steps + from..line * self.steps + to;
        self.drawn.get_mut(covered).into_iter().for_each(|sides| sides.fill(true));
    }

    /// Draws the first and the last line between the outermost of the lines that cross there.
    fn close_flanked(&mut self, crossing: &Self) {
        for (step, line) in [(0, 0), (crossing.steps.saturating_sub(1), crossing.steps)] {
            let mut drawn = (0..=self.steps).filter(|&cross| crossing.is_drawn(cross, step));
            if let Some(first) = drawn.next() {
                self.draw(line, first, drawn.next_back().unwrap_or(first));
            }
        }
    }
}

/// Takes regions of boxes to cells; a region that is no rectangle falls into rectangles from the top.
fn regions_to_cells(regions: &mut Sets, rows: usize, cols: usize) -> Vec<GridCell> {
    let outside = regions.root(rows * cols);
    let mut cells: Vec<GridCell> = Vec::new();
    let mut last_of_region: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for row in 0..rows {
        let mut col = 0;
        while col < cols {
            let region = regions.root(row * cols + col);
            let start = col;
            while col < cols && regions.root(row * cols + col) == region {
                col += 1;
            }
            if region == outside {
                continue;
            }
            let run = GridCell { row, col: start, row_span: 1, col_span: col - start };
            let above = last_of_region.get(&(region, start)).and_then(|&i| cells.get_mut(i));
            if let Some(cell) = above.filter(|c| c.row + c.row_span == row && c.col_span == run.col_span) {
                cell.row_span += 1;
            } else {
                last_of_region.insert((region, start), cells.len());
                cells.push(run);
            }
        }
    }
    cells
}

/// Drops the lines at which no cell begins or ends.
fn compact(grid: &Grid) -> Grid {
    let stops = |pair: fn(&GridCell) -> [usize; 2]| -> Vec<usize> {
        grid.cells.iter().flat_map(pair).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let x_stops = stops(|c| [c.col, c.col + c.col_span]);
    let y_stops = stops(|c| [c.row, c.row + c.row_span]);
    let (x, y) = (|i: usize| x_stops.partition_point(|&s| s < i), |i: usize| y_stops.partition_point(|&s| s < i));
    let renumber = |c: &GridCell| GridCell {
        row: y(c.row),
        col: x(c.col),
        row_span: y(c.row + c.row_span) - y(c.row),
        col_span: x(c.col + c.col_span) - x(c.col),
    };
    let cells = grid.cells.iter().map(renumber).collect();
    let pick = |lines: &[Points], stops: &[usize]| stops.iter().filter_map(|&i| lines.get(i).copied()).collect();
    Grid { xs: pick(&grid.xs, &x_stops), ys: pick(&grid.ys, &y_stops), cells }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::edges::rules_to_edges;
    use super::*;
    use crate::model::Rule;

    fn rule(x0: f64, y0: f64, x1: f64, y1: f64) -> Rule {
        Rule { from: (x0, y0), to: (x1, y1), fill_edge: false }
    }

    fn grids(rules: &[Rule]) -> Vec<Grid> {
        edges_to_grids(&rules_to_edges(rules), &Limits::default()).expect("small")
    }

    /// Draws a grid's cells as letters, row by row.
    fn draw(grid: &Grid) -> String {
        let letter = |p: &Option<usize>| p.map_or('.', |i| char::from(b'a' + u8::try_from(i).unwrap_or(25)));
        let positions = grid.positions();
        positions
            .chunks(grid.cols())
            .map(|row| row.iter().map(letter).collect::<String>())
            .collect::<Vec<_>>()
            .join("/")
    }

    /// Full rules of a lattice of 20 pt boxes.
    fn lattice(cols: i32, rows: i32) -> Vec<Rule> {
        let (w, h) = (f64::from(cols) * 20.0, f64::from(rows) * 20.0);
        let down = (0..=cols).map(|i| rule(f64::from(i) * 20.0, 0.0, f64::from(i) * 20.0, h));
        let across = (0..=rows).map(|i| rule(0.0, f64::from(i) * 20.0, w, f64::from(i) * 20.0));
        down.chain(across).collect()
    }

    #[test]
    fn every_box_of_a_lattice_is_a_cell() {
        assert_eq!(grids(&lattice(3, 2)).iter().map(draw).collect::<Vec<_>>(), ["abc/def"]);
    }

    #[test]
    fn a_merged_cell_is_one_cell_with_its_span() {
        let rules = [
            rule(0.0, 0.0, 60.0, 0.0),
            rule(0.0, 40.0, 60.0, 40.0),
            rule(20.0, 20.0, 60.0, 20.0),
            rule(0.0, 0.0, 0.0, 40.0),
            rule(20.0, 0.0, 20.0, 40.0),
            rule(40.0, 20.0, 40.0, 40.0),
            rule(60.0, 0.0, 60.0, 40.0),
        ];
        assert_eq!(draw(&grids(&rules)[0]), "abb/acd");
    }

    #[test]
    fn borders_that_are_not_drawn_are_taken_from_where_the_inner_rules_run_out() {
        let rules = [
            rule(0.0, 0.0, 60.0, 0.0),
            rule(0.0, 20.0, 60.0, 20.0),
            rule(0.0, 40.0, 60.0, 40.0),
            rule(20.0, 0.0, 20.0, 40.0),
            rule(40.0, 0.0, 40.0, 40.0),
        ];
        assert_eq!(draw(&grids(&rules)[0]), "abc/def");
    }

    #[test]
    fn a_table_of_inner_rules_alone_has_its_corners() {
        let rules = [
            rule(0.0, 20.0, 60.0, 20.0),
            rule(0.0, 40.0, 60.0, 40.0),
            rule(20.0, 0.0, 20.0, 60.0),
            rule(40.0, 0.0, 40.0, 60.0),
        ];
        assert_eq!(draw(&grids(&rules)[0]), "abc/def/ghi");
    }

    #[test]
    fn a_merged_cell_that_the_page_end_cuts_open_is_a_cell() {
        let rules = [
            rule(0.0, 0.0, 40.0, 0.0),
            rule(20.0, 20.0, 40.0, 20.0),
            rule(20.0, 40.0, 40.0, 40.0),
            rule(0.0, 0.0, 0.0, 40.0),
            rule(20.0, 0.0, 20.0, 40.0),
            rule(40.0, 0.0, 40.0, 40.0),
        ];
        assert_eq!(draw(&grids(&rules)[0]), "ab/ac");
    }

    #[test]
    fn a_merged_cell_that_fills_the_page_is_a_cell() {
        let mut rules: Vec<Rule> =
            lattice(2, 2).iter().map(|r| rule(r.from.0 + 40.0, r.from.1, r.to.0 + 40.0, r.to.1)).collect();
        rules.extend([rule(0.0, 0.0, 0.0, 40.0), rule(20.0, 0.0, 20.0, 40.0)]);
        assert_eq!(draw(&grids(&rules)[0]), "abcd/abef");
    }

    #[test]
    fn a_lone_box_is_a_frame() {
        assert!(grids(&lattice(1, 1)).is_empty());
    }

    #[test]
    fn tables_side_by_side_stay_two() {
        let mut rules = lattice(2, 2);
        rules.extend(lattice(2, 2).iter().map(|r| rule(r.from.0 + 60.0, r.from.1, r.to.0 + 60.0, r.to.1)));
        assert_eq!(grids(&rules).len(), 2);
    }

    #[test]
    fn a_grid_over_the_limit_is_refused_before_it_is_built() {
        let limits = Limits { cells: 8, ..Limits::default() };
        let error = edges_to_grids(&rules_to_edges(&lattice(3, 3)), &limits).expect_err("too many");
        assert!(error.to_string().contains("--limits cells="), "{error}");
    }

    fn rules() -> impl Strategy<Value = Vec<Rule>> {
        let rule = (0u8..12, 0u8..12, 1u8..12, any::<bool>()).prop_map(|(a, b, length, is_vertical)| {
            let (a, b, end) = (f64::from(a) * 7.0, f64::from(b) * 7.0, f64::from(b + length) * 7.0);
            if is_vertical { rule(a, b, a, end) } else { rule(b, a, end, a) }
        });
        prop::collection::vec(rule, 0..60)
    }

    proptest! {
        #[test]
        fn the_order_of_rules_does_not_change_the_cells((rules, shuffled) in rules().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))) {
            prop_assert_eq!(grids(&rules), grids(&shuffled));
        }

        #[test]
        fn a_grid_covers_each_position_at_most_once(rules in rules()) {
            for grid in grids(&rules) {
                let area: usize = grid.cells.iter().map(|c| c.row_span * c.col_span).sum();
                prop_assert_eq!(area, grid.positions().iter().flatten().count());
                prop_assert!(grid.cells.iter().all(|c| c.row + c.row_span <= grid.rows() && c.col + c.col_span <= grid.cols()));
            }
        }
    }
}
