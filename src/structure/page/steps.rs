//! The steps that find the tables of one page, each kept as a value: what was seen, which edges and grids came
//! of it, and what became table and line. The flow needs the last of them alone; who asks why a table came out
//! as it did looks at the others.

use std::borrow::Cow;

use super::PageParts;
use super::boxed::split_boxes;
use super::cells::{PageTable, Placed, place_glyphs, read_cells};
use super::columns::words_to_edges;
use super::edges::{Edge, Edges, TOLERANCE, rules_to_edges};
use super::grid::{Grid, edges_to_grids};
use super::lines::{Apart, glyphs_to_lines};
use super::open_rows::split_open_rows;
use super::stripes::join_stripes;
use super::strips::drop_strips;
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
    let (glyphs, askew) = part_askew(&page.glyphs);
    let (grids, placed) = place_in_columns(&glyphs, join_stripes(grids, &glyphs));
    let mut parts = PageParts { number: page.number, width: page.width, height: page.height, ..PageParts::default() };
    let blank = blank_tables(page.number, &grids, &placed.cells);
    let outside = take_tables(&mut parts, &grids, placed.cells, placed.outside);
    let ruled = parts.tables.len();
    deadline.check()?;
    let imagined = words_to_edges(&outside, &free_rules(&edges.horizontal, &parts.tables));
    let imagined_grids = edges_to_grids(&imagined, limits).map_err(|e| e.at(place()))?;
    deadline.check()?;
    let (imagined_grids, again) = place_in_columns(&outside, imagined_grids);
    let outside = take_tables(&mut parts, &imagined_grids, again.cells, again.outside);
    parts.tables.iter_mut().skip(ruled).for_each(|table| table.imagined = true);
    parts.lines = glyphs_to_lines(page.number, &outside, Apart::Split);
    let notes = [clipped_text(page, &placed.lost), turned_text(page), askew_text(page.number, &askew), blank];
    let notes = notes.into_iter().flatten().collect();
    Ok(PageSteps { edges, grids, imagined, imagined_grids, parts, notes })
}

/// What a grid becomes by the glyphs of its cells; `None` where it stays as it is.
type Mend = fn(&Grid, &[Vec<Glyph>]) -> Option<Grid>;

/// What is seen of a grid only when its texts are placed, in the order in which it is looked for.
const MENDS: [Mend; 3] = [drop_strips, split_boxes, split_open_rows];

/// Places the glyphs of a page, once more where the texts tell other rows or columns than the rules.
fn place_in_columns(glyphs: &[Glyph], mut grids: Vec<Grid>) -> (Vec<Grid>, Placed) {
    let mut placed = place_glyphs(glyphs, &grids);
    for mend in MENDS {
        let mut is_changed = false;
        for (grid, cells) in grids.iter_mut().zip(&placed.cells) {
            if let Some(mended) = mend(grid, cells) {
                *grid = mended;
                is_changed = true;
            }
        }
        if is_changed {
            placed = place_glyphs(glyphs, &grids);
        }
    }
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

/// Height of an upright glyph's box, in font sizes, from which on it stands askew: the boxes of upright glyphs are
/// one size high, those of a page that was scanned a little askew hardly more.
const ASKEW: f64 = 1.05;

/// Parts the text of a page from what is stamped across it, such as a watermark from corner to corner.
fn part_askew(glyphs: &[Glyph]) -> (Cow<'_, [Glyph]>, Vec<Glyph>) {
    let is_askew = |g: &Glyph| (if g.turned { g.rect.width() } else { g.rect.height() }) > ASKEW * g.size;
    let count = glyphs.iter().filter(|g| is_askew(g)).count();
    if count == 0 || count * 2 > glyphs.len() {
        return (Cow::Borrowed(glyphs), Vec::new());
    }
    let (askew, upright): (Vec<Glyph>, Vec<Glyph>) = glyphs.iter().partition(|g| is_askew(g));
    (Cow::Owned(upright), askew)
}

fn askew_text(page: u32, askew: &[Glyph]) -> Option<Note> {
    let area = askew.iter().map(|g| g.rect).reduce(|a, b| a.union(&b))?;
    let start: String = askew.iter().map(|g| g.c).filter(|c| !c.is_whitespace()).take(40).collect();
    let message = format!("{} characters stamped across the page are left out, such as {start}", askew.len());
    Some(Note::new(NoteKind::LeftOut, message, Location::on_page(page, area)))
}

/// Notes grids of several rows and columns without any text, such as the strips of empty columns that a spreadsheet
/// prints on pages of their own.
fn blank_tables(page: u32, grids: &[Grid], cells: &[Vec<Vec<Glyph>>]) -> Option<Note> {
    let is_blank = |cells: &Vec<Vec<Glyph>>| cells.iter().flatten().all(|g| g.c.is_whitespace());
    let is_table = |grid: &Grid| grid.rows() >= 2 && grid.cols() >= 2;
    let blank = || grids.iter().zip(cells).filter(|(grid, cells)| is_table(grid) && is_blank(cells));
    let area = blank().map(|(grid, _)| grid.rect()).reduce(|a, b| a.union(&b))?;
    let message = format!("{} tables without any text are left out", blank().count());
    Some(Note::new(NoteKind::LeftOut, message, Location::on_page(page, area)))
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
