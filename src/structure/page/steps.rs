//! The steps that find the tables of one page, each kept as a value: what was seen, which edges and grids came
//! of it, and what became table and line. The flow needs the last of them alone; who asks why a table came out
//! as it did looks at the others.

use super::PageParts;
use super::cells::{PageTable, Placed, place_glyphs, read_cells};
use super::columns::words_to_edges;
use super::edges::{Edge, Edges, TOLERANCE, rules_to_edges};
use super::grid::{Grid, edges_to_grids};
use super::lines::{Apart, glyphs_to_lines};
use super::open_rows::split_open_rows;
use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::{Glyph, Location, Note, NoteKind, Page, Rect};

/// What one page came through on its road from glyphs and rules to tables and lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageSteps {
    /// The edges that its rules make up.
    pub edges: Edges,
    /// The grids of those edges, open rows split; not all of them are tables.
    pub grids: Vec<Grid>,
    /// The edges that aligned words outside of ruled tables stand for.
    pub imagined: Edges,
    /// The grids of the imagined edges.
    pub imagined_grids: Vec<Grid>,
    /// The tables and the lines outside of them.
    pub parts: PageParts,
    /// What was lost or doubtful on the way.
    pub notes: Vec<Note>,
}

/// Reads the tables and lines of one page, and keeps how.
///
/// # Errors
/// When the grids of the page would pass [`Limits::cells`] or the time is used up.
pub fn page_to_steps(page: &Page, limits: &Limits, deadline: &Deadline) -> Result<PageSteps> {
    let place = || Location { page: Some(page.number), ..Location::default() };
    deadline.check()?;
    let edges = rules_to_edges(&page.rules);
    let grids = edges_to_grids(&edges, limits).map_err(|e| e.at(place()))?;
    deadline.check()?;
    let (grids, placed) = place_in_columns(&page.glyphs, grids);
    let mut parts = PageParts { number: page.number, width: page.width, height: page.height, ..PageParts::default() };
    let outside = take_tables(&mut parts, &grids, placed.cells, placed.outside);
    deadline.check()?;
    let imagined = words_to_edges(&outside, &free_rules(&edges.horizontal, &parts.tables));
    let imagined_grids = edges_to_grids(&imagined, limits).map_err(|e| e.at(place()))?;
    deadline.check()?;
    let again = place_glyphs(&outside, &imagined_grids);
    let outside = take_tables(&mut parts, &imagined_grids, again.cells, again.outside);
    parts.lines = glyphs_to_lines(page.number, &outside, Apart::Split);
    let notes = [clipped_text(page, &placed.lost), turned_text(page)].into_iter().flatten().collect();
    Ok(PageSteps { edges, grids, imagined, imagined_grids, parts, notes })
}

/// Places the glyphs of a page, once more where rows turn out to be open.
fn place_in_columns(glyphs: &[Glyph], mut grids: Vec<Grid>) -> (Vec<Grid>, Placed) {
    let placed = place_glyphs(glyphs, &grids);
    let mut is_changed = false;
    for (grid, cells) in grids.iter_mut().zip(&placed.cells) {
        if let Some(split) = split_open_rows(grid, cells) {
            *grid = split;
            is_changed = true;
        }
    }
    let placed = if is_changed { place_glyphs(glyphs, &grids) } else { placed };
    (grids, placed)
}

/// Reads the grids that are tables; the glyphs of the others go back to those outside.
fn take_tables(parts: &mut PageParts, grids: &[Grid], cells: Vec<Vec<Vec<Glyph>>>, outside: Vec<Glyph>) -> Vec<Glyph> {
    let mut outside = outside;
    for (grid, glyphs) in grids.iter().zip(cells) {
        if is_table(grid, &glyphs) {
            parts.tables.push(read_cells(parts.number, grid, &glyphs));
        } else {
            outside.extend(glyphs.into_iter().flatten());
        }
    }
    outside
}

/// The horizontal edges that no table has taken.
fn free_rules(horizontal: &[Edge], tables: &[PageTable]) -> Vec<Edge> {
    let areas: Vec<Rect> = tables.iter().map(PageTable::rect).collect();
    let is_inside = |e: &Edge| {
        let middle = f64::midpoint(e.from, e.to);
        areas.iter().any(|a| middle > a.x0 && middle < a.x1 && e.at > a.y0 - TOLERANCE && e.at < a.y1 + TOLERANCE)
    };
    horizontal.iter().filter(|e| !is_inside(e)).copied().collect()
}

/// Whether a grid holds a table: at least two cells with text, in more than one row or column.
fn is_table(grid: &Grid, glyphs: &[Vec<Glyph>]) -> bool {
    let has_text = |glyphs: &&Vec<Glyph>| glyphs.iter().any(|g| !g.c.is_whitespace());
    let filled = glyphs.iter().filter(has_text).count();
    filled >= 2 && grid.cols() >= 2
}

fn clipped_text(page: &Page, lost: &[Glyph]) -> Option<Note> {
    let text: String = lost.iter().map(|g| g.c).filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return None;
    }
    let start: String = text.chars().take(40).collect();
    let message = format!("{} characters that no one sees are left out, such as {start}", text.chars().count());
    let place = Location { page: Some(page.number), ..Location::default() };
    Some(Note::new(NoteKind::ClippedText, message, place))
}

/// Characters of a page that may stand on their side without a word: a stamp, a mark in the margin.
const FEW_TURNED: usize = 3;

/// Notes text that runs up or down the page: its characters are read, their order may be another.
fn turned_text(page: &Page) -> Option<Note> {
    let turned: Vec<&Glyph> = page.glyphs.iter().filter(|g| g.turned && !g.hidden && !g.c.is_whitespace()).collect();
    let area = turned.iter().map(|g| g.rect).reduce(|a, b| a.union(&b)).filter(|_| turned.len() > FEW_TURNED)?;
    let start: String = turned.iter().map(|g| g.c).take(40).collect();
    let message = format!("{} characters stand on their side, such as {start}: their order is unsure", turned.len());
    Some(Note::new(NoteKind::Repaired, message, Location::on_page(page.number, area)))
}
