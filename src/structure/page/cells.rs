//! Glyphs go into the cells of grids, and the lines of a cell become its text.
//!
//! A glyph belongs to the cell that holds its middle. Two kinds do not: what a person does not see goes with
//! the visible part of its own run, wherever geometry would put it; and a run that is painted across a border
//! belongs to the cell in which it starts.

use super::grid::Grid;
use super::lines::{Apart, glyphs_to_lines};
use super::script::line_break;
use crate::model::{Cell, Glyph, Location, PageLine, Points, Rect};

/// A grid of one page with its texts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageTable {
    /// Page, from 1.
    pub page: u32,
    /// Positions of the vertical lines, from the left; columns lie between them.
    pub xs: Vec<Points>,
    /// Positions of the horizontal lines, from the top; rows lie between them.
    pub ys: Vec<Points>,
    /// Cells in row-major order.
    pub cells: Vec<Cell>,
    /// For each cell, how its text fits into it.
    pub fits: Vec<Fit>,
    /// Whether its columns are imagined from aligned words, so that they lie only about there.
    pub imagined: bool,
}

/// How the text of a cell fits into it: what tells a text that goes on elsewhere from a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // each is an answer of its own
pub struct Fit {
    /// Whether the last line has no room for another character.
    pub is_full: bool,
    /// Whether the last line ends less than a character before the right border.
    pub is_at_end: bool,
    /// Whether the first line begins less than a character behind the left border.
    pub is_at_start: bool,
    /// Whether the first line stands right below the upper border.
    pub is_at_top: bool,
    /// Whether the last line stands right above the lower border.
    pub is_at_bottom: bool,
}

impl PageTable {
    /// The area between the outermost lines.
    #[must_use]
    pub fn rect(&self) -> Rect {
        Grid { xs: self.xs.clone(), ys: self.ys.clone(), cells: Vec::new() }.rect()
    }
}

/// The glyphs of a page by where they belong.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// For each grid and each of its cells, the glyphs in stream order.
    pub cells: Vec<Vec<Vec<Glyph>>>,
    /// Visible glyphs outside of all grids.
    pub outside: Vec<Glyph>,
    /// Glyphs that no one sees and no visible run owns.
    pub lost: Vec<Glyph>,
}

/// A grid and a cell of it.
type Owner = (usize, usize);

/// Gives every glyph to a cell, to the text outside, or to the lost.
#[must_use]
pub fn place_glyphs(glyphs: &[Glyph], grids: &[Grid]) -> Placed {
    let owners = glyph_owners(glyphs, grids);
    let mut placed = Placed {
        cells: grids.iter().map(|g| vec![Vec::new(); g.cells.len()]).collect(),
        outside: Vec::new(),
        lost: Vec::new(),
    };
    for (glyph, owner) in glyphs.iter().zip(owners) {
        let cell = owner.and_then(|(grid, cell)| placed.cells.get_mut(grid)?.get_mut(cell));
        match cell {
            Some(cell) => cell.push(*glyph),
            None if glyph.hidden => placed.lost.push(*glyph),
            None => placed.outside.push(*glyph),
        }
    }
    placed
}

fn glyph_owners(glyphs: &[Glyph], grids: &[Grid]) -> Vec<Option<Owner>> {
    let finder = Finder::new(grids);
    let mut owners: Vec<Option<Owner>> = glyphs.iter().map(|g| finder.owner(g)).collect();
    let mut start = 0;
    for run in glyphs.chunk_by(is_same_run) {
        let range = start..start + run.len();
        start = range.end;
        if let Some(owners) = owners.get_mut(range) {
            settle_run(run, owners, grids);
        }
    }
    adopt_hidden_lines(glyphs, &mut owners, grids);
    owners
}

/// Gives a hidden line to the cell of the text before it in the stream, where it stands right below that cell:
/// the last line of a text that its cell cuts off.
fn adopt_hidden_lines(glyphs: &[Glyph], owners: &mut [Option<Owner>], grids: &[Grid]) {
    let mut before: Option<Owner> = None;
    for (glyph, owner) in glyphs.iter().zip(owners.iter_mut()) {
        if glyph.hidden && owner.is_none() {
            *owner = before.filter(|&(grid, cell)| {
                let grid = grids.get(grid);
                grid.and_then(|g| Some(g.cell_rect(g.cells.get(cell)?))).is_some_and(|area| is_cut_below(glyph, &area))
            });
        }
        before = *owner;
    }
}

fn is_cut_below(glyph: &Glyph, area: &Rect) -> bool {
    let (x, y) = glyph.rect.center();
    x > area.x0 && x < area.x1 && y > area.y0 && y < area.y1 + 1.5 * glyph.size
}

/// Whether the second glyph continues the first as one text: same line, no gap to speak of.
fn is_same_run(a: &Glyph, b: &Glyph) -> bool {
    let gap = b.rect.x0 - a.rect.x1;
    let size = a.size.max(1.0);
    (a.baseline - b.baseline).abs() < 0.1 * size && gap > -0.4 * size && gap < 0.4 * size
}

/// Settles a run that no single cell holds.
fn settle_run(run: &[Glyph], owners: &mut [Option<Owner>], grids: &[Grid]) {
    if run.iter().any(|g| g.hidden) {
        follow_visible(run, owners);
    }
    for i in 1..run.len() {
        let (Some(Some(before)), Some(Some(here))) = (owners.get(i - 1).copied(), owners.get(i).copied()) else {
            continue;
        };
        if before != here && before.0 == here.0 && crosses_border(run, i, before, here, grids) {
            let follower = here;
            owners.iter_mut().skip(i).take_while(|o| **o == Some(follower)).for_each(|o| *o = Some(before));
        }
    }
}

/// Hidden glyphs take the cell of the visible ones before them or, at the head of a run, after them.
fn follow_visible(run: &[Glyph], owners: &mut [Option<Owner>]) {
    let first = run.iter().zip(owners.iter()).find(|(g, _)| !g.hidden).and_then(|(_, o)| *o);
    let mut owner = first;
    for (glyph, place) in run.iter().zip(owners.iter_mut()) {
        if glyph.hidden {
            *place = owner;
        } else {
            owner = *place;
        }
    }
}

/// Whether the border between two cells of a row cuts through a glyph of the run: text that runs over.
fn crosses_border(run: &[Glyph], at: usize, before: Owner, here: Owner, grids: &[Grid]) -> bool {
    let Some(grid) = grids.get(before.0) else { return false };
    let (Some(a), Some(b)) = (grid.cells.get(before.1), grid.cells.get(here.1)) else { return false };
    let Some(&border) = grid.xs.get(b.col).filter(|_| a.col + a.col_span == b.col) else { return false };
    // The blank behind an amount may lie across the border; the text behind it is the next cell's own.
    let is_cut = |g: &Glyph| border - g.rect.x0 > 0.2 * g.size && g.rect.x1 - border > 0.2 * g.size;
    let cuts = |g: &Glyph| !g.c.is_whitespace() && is_cut(g);
    [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|i| run.get(i)).any(cuts)
}

/// Finds the cell of a point, by horizontal bands of the page.
struct Finder<'a> {
    /// Grids by their area, so that a table inside a cell keeps its text.
    grids: Vec<Placeable<'a>>,
    /// For each band from the top, the grids that reach into it.
    bands: Vec<Vec<usize>>,
}

/// A grid with what is needed to look positions up.
struct Placeable<'a> {
    index: usize,
    rect: Rect,
    grid: &'a Grid,
    positions: Vec<Option<usize>>,
}

/// Height of a band, and the number of them that is looked up; what lies below is in the last one.
const BAND: Points = 24.0;
const BANDS: usize = 200;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates, which is what is wanted
fn band(y: Points) -> usize {
    ((y / BAND).max(0.0) as usize).min(BANDS - 1)
}

impl<'a> Finder<'a> {
    fn new(grids: &'a [Grid]) -> Self {
        let placeable = |(index, grid): (usize, &'a Grid)| {
            let (rect, positions) = (grid.rect(), grid.positions());
            Placeable { index, rect, grid, positions }
        };
        let mut grids: Vec<Placeable<'a>> = grids.iter().enumerate().map(placeable).collect();
        let area = |g: &Placeable<'_>| g.rect.width() * g.rect.height();
        grids.sort_by(|a, b| area(a).total_cmp(&area(b)));
        let mut bands = vec![Vec::new(); BANDS];
        for (rank, grid) in grids.iter().enumerate() {
            // One band more on either side for lines that the outer border cuts.
            let reached = band(grid.rect.y0 - BAND)..=band(grid.rect.y1 + BAND);
            bands.get_mut(reached).into_iter().flatten().for_each(|band: &mut Vec<usize>| band.push(rank));
        }
        Self { grids, bands }
    }

    fn near(&self, y: Points) -> impl Iterator<Item = &Placeable<'a>> {
        self.bands.get(band(y)).into_iter().flatten().filter_map(|&rank| self.grids.get(rank))
    }

    fn owner(&self, glyph: &Glyph) -> Option<Owner> {
        if glyph.hidden {
            return None;
        }
        let (x, y) = glyph.rect.center();
        self.near(y).find_map(|g| g.cell_at(x, y)).or_else(|| {
            // A line that the outer border cuts is the overflow of the cell next to it, not text outside.
            let reach = 0.25 * glyph.size;
            let is_cut = |r: &Rect| r.y0 < glyph.rect.y1 - reach && r.y1 > glyph.rect.y0 + reach;
            let grid = self.near(y).find(|g| x >= g.rect.x0 && x < g.rect.x1 && is_cut(&g.rect))?;
            grid.cell_at(x, y.max(grid.rect.y0).min(grid.rect.y1 - 0.01))
        })
    }
}

impl Placeable<'_> {
    fn cell_at(&self, x: Points, y: Points) -> Option<Owner> {
        if !self.rect.contains(x, y) {
            return None;
        }
        let (row, col) = self.grid.position_at(x, y)?;
        let cell = (*self.positions.get(row * self.grid.cols() + col)?)?;
        Some((self.index, cell))
    }
}

/// Reads the cells of a grid.
#[must_use]
pub fn read_cells(page: u32, grid: &Grid, glyphs: &[Vec<Glyph>]) -> PageTable {
    let number = |i: usize| u32::try_from(i).unwrap_or(u32::MAX);
    let mut table = PageTable { page, xs: grid.xs.clone(), ys: grid.ys.clone(), ..PageTable::default() };
    for (cell, glyphs) in grid.cells.iter().zip(glyphs) {
        let area = grid.cell_rect(cell);
        let lines = glyphs_to_lines(page, glyphs, Apart::Keep);
        table.fits.push(fit(&lines, &area));
        table.cells.push(Cell {
            row: number(cell.row),
            col: number(cell.col),
            row_span: number(cell.row_span),
            col_span: number(cell.col_span),
            text: cell_text(&lines, area.width()),
            location: Location::on_page(page, area),
        });
    }
    table
}

/// Space that cells keep free at their left and right together, in points; Word's own is 10.8.
const PADDING: Points = 12.0;
/// Space between a line and the border next to it, in font sizes, from which on there is room for a line.
const LEADING: f64 = 1.2;

/// Whether a line of a cell of that width has no room for one more character, the cell's padding included.
fn is_full(line: &PageLine, width: Points) -> bool {
    width - line.rect.width() < line.size + PADDING
}

fn fit(lines: &[PageLine], area: &Rect) -> Fit {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Fit::default() };
    Fit {
        is_full: is_full(last, area.width()),
        is_at_end: area.x1 - last.rect.x1 < last.size,
        is_at_start: first.rect.x0 - area.x0 < first.size,
        is_at_top: first.rect.y0 - area.y0 < LEADING * first.size,
        is_at_bottom: area.y1 - last.rect.y1 < LEADING * last.size,
    }
}

/// Joins the lines of a cell of that width as a person reads them.
#[must_use]
pub fn cell_text(lines: &[PageLine], width: Points) -> String {
    let mut text = String::new();
    let mut is_cut = false;
    for line in lines {
        text.push_str(line_break(&text, &line.text, is_cut));
        text.push_str(&line.text);
        is_cut = is_full(line, width);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::grid::GridCell;
    use super::*;

    fn grid() -> Grid {
        let cell = |col| GridCell { row: 0, col, row_span: 1, col_span: 1 };
        Grid { xs: vec![0.0, 50.0, 100.0], ys: vec![0.0, 20.0], cells: vec![cell(0), cell(1)] }
    }

    fn set(text: &str, x: f64, hidden_from: usize) -> Vec<Glyph> {
        let glyph = |(i, c): (usize, char)| {
            let x0 = x + 10.0 * i as f64;
            let rect = Rect { x0, y0: 5.0, x1: x0 + 10.0, y1: 15.0 };
            Glyph { c, rect, baseline: 14.0, size: 10.0, font: 0, bold: false, hidden: i >= hidden_from, turned: false }
        };
        text.chars().enumerate().map(glyph).collect()
    }

    fn texts(glyphs: &[Glyph]) -> Vec<String> {
        let placed = place_glyphs(glyphs, &[grid()]);
        read_cells(1, &grid(), &placed.cells[0]).cells.into_iter().map(|c| c.text).collect()
    }

    #[test]
    fn the_hidden_tail_of_a_run_stays_in_its_cell() {
        let mut glyphs = set("一般公共预算支出", 5.0, 4);
        glyphs.extend(set("0.00", 60.0, 9));
        assert_eq!(texts(&glyphs), ["一般公共预算支出", "0.00"]);
    }

    #[test]
    fn text_painted_over_a_border_belongs_to_the_cell_where_it_starts() {
        assert_eq!(texts(&set("一般公共预算", 5.0, 99)), ["一般公共预算", ""]);
        assert_eq!(texts(&set("一般公共预算", 10.0, 99)), ["一般公共", "预算"], "no glyph is cut by the border");
    }

    #[test]
    fn a_blank_over_a_border_glues_no_two_cells() {
        assert_eq!(texts(&set("12.5 支出", 6.0, 99)), ["12.5", "支出"]);
    }

    #[test]
    fn what_nobody_sees_and_no_run_owns_is_lost() {
        let placed = place_glyphs(&set("隐藏", 5.0, 0), &[grid()]);
        assert_eq!((placed.lost.len(), placed.outside.len()), (2, 0));
    }
}
