//! Pages of a PDF as a flow: glyphs to words and lines, rules to grids, grids to tables over pages.
//!
//! The road, each step a value that can be looked at alone:
//!
//! ```text
//! rules ── edges ──┬─ grid ─┐
//! glyphs ┬ columns ┘        ├ cells ─────────── stitch ─────┬ flow
//!        └──────────────────┴ lines ─ running, toc ─ paragraphs ┘
//! ```
//!
//! A page alone becomes [`PageParts`]; what runs over pages (running text, paragraphs, tables) is told from
//! all of them together.

pub mod cells;
pub mod columns;
pub mod components;
pub mod edges;
pub mod grid;
pub mod labels;
pub mod lines;
pub mod paragraphs;
pub mod running;
pub mod script;
pub mod stitch;
pub mod toc;

use std::collections::BTreeSet;

use self::cells::{PageTable, place_glyphs, read_cells};
use self::columns::words_to_edges;
use self::edges::{Edge, TOLERANCE, rules_to_edges};
use self::grid::{Grid, edges_to_grids};
use self::labels::label_lines;
use self::lines::{Apart, glyphs_to_lines};
use self::paragraphs::{Measure, Open, lines_to_pieces, measure};
use self::running::drop_running;
use self::stitch::OpenTable;
use self::toc::toc_lines;
use super::flow::{Flow, Item};
use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::{Glyph, Location, Note, NoteKind, Page, PageLine, Points, RawDocument, Rect, Role};

/// The tables of one page and the lines outside of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageParts {
    /// Page, from 1.
    pub number: u32,
    /// Width in points.
    pub width: Points,
    /// Height in points.
    pub height: Points,
    /// Lines outside of tables, from the top.
    pub lines: Vec<PageLine>,
    /// Tables from the top.
    pub tables: Vec<PageTable>,
}

/// What stands at one place of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A line outside of tables.
    Line {
        /// The line.
        line: PageLine,
        /// What it is.
        role: Role,
        /// Where the text of its page begins and ends.
        measure: Measure,
    },
    /// A table, or the part of one that stands on this page.
    Table(PageTable),
}

/// Takes the pages of `raw` as a flow; the pages themselves stay, for who looks at their images.
///
/// # Errors
/// When a grid would pass [`Limits::cells`] or the time is used up.
pub fn pages_to_flow(raw: &mut RawDocument, limits: &Limits, deadline: &Deadline) -> Result<Flow> {
    let mut parts = Vec::with_capacity(raw.pages.len());
    for page in &raw.pages {
        deadline.check()?;
        let (part, notes) = page_to_parts(page, limits)?;
        parts.push(part);
        raw.notes.extend(notes);
    }
    drop_running(&mut parts);
    let pieces = parts_to_pieces(parts);
    Ok(pieces_to_flow(pieces))
}

/// Reads the tables and lines of one page.
///
/// # Errors
/// When a grid would pass [`Limits::cells`].
pub fn page_to_parts(page: &Page, limits: &Limits) -> Result<(PageParts, Vec<Note>)> {
    let place = || Location { page: Some(page.number), ..Location::default() };
    let edges = rules_to_edges(&page.rules);
    let grids = edges_to_grids(&edges, limits).map_err(|e| e.at(place()))?;
    let placed = place_glyphs(&page.glyphs, &grids);
    let mut parts = PageParts { number: page.number, width: page.width, height: page.height, ..PageParts::default() };
    let outside = take_tables(&mut parts, &grids, placed.cells, placed.outside);
    let imagined = words_to_edges(&outside, &free_rules(&edges.horizontal, &parts.tables));
    let grids = edges_to_grids(&imagined, limits).map_err(|e| e.at(place()))?;
    let again = place_glyphs(&outside, &grids);
    let outside = take_tables(&mut parts, &grids, again.cells, again.outside);
    parts.lines = glyphs_to_lines(page.number, &outside, Apart::Split);
    Ok((parts, clipped_text(page, &placed.lost).into_iter().collect()))
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

/// Puts the lines and tables of all pages in reading order.
fn parts_to_pieces(parts: Vec<PageParts>) -> Vec<Piece> {
    let measures: Vec<Measure> = parts.iter().map(|page| measure(&parts, page)).collect();
    let roles = line_roles(&parts);
    let mut pieces = Vec::new();
    for ((page, roles), measure) in parts.into_iter().zip(roles).zip(measures) {
        let mut on_page = lines_to_pieces(page.lines, roles, measure);
        on_page.extend(page.tables.into_iter().map(Piece::Table));
        on_page.sort_by(|a, b| a.top().total_cmp(&b.top()));
        pieces.extend(on_page);
    }
    pieces
}

/// What each line of each page is, as far as its place and its neighbours tell.
fn line_roles(pages: &[PageParts]) -> Vec<Vec<Role>> {
    let role = |(is_toc, is_label)| match (is_toc, is_label) {
        (true, _) => Role::Toc,
        (false, true) => Role::Running,
        (false, false) => Role::Body,
    };
    let pages = toc_lines(pages).into_iter().zip(label_lines(pages));
    pages.map(|(toc, labels)| toc.into_iter().zip(labels).map(role).collect()).collect()
}

impl Piece {
    fn top(&self) -> Points {
        match self {
            Self::Line { line, .. } => line.rect.y0,
            Self::Table(table) => table.ys.first().copied().unwrap_or_default(),
        }
    }
}

/// Joins lines to paragraphs and fragments to tables.
fn pieces_to_flow(pieces: Vec<Piece>) -> Flow {
    let mut flow = FlowBuilder { texts: cell_texts(&pieces), ..FlowBuilder::default() };
    for piece in pieces {
        match piece {
            Piece::Line { line, role, measure } => flow.add_line(line, role, measure),
            Piece::Table(table) => flow.add_table(table),
        }
    }
    flow.finish()
}

fn cell_texts(pieces: &[Piece]) -> BTreeSet<String> {
    let tables = pieces.iter().filter_map(|p| if let Piece::Table(table) = p { Some(table) } else { None });
    tables.flat_map(|t| &t.cells).map(|c| c.text.clone()).filter(|t| !t.is_empty()).collect()
}

/// A flow whose last items may still go on.
#[derive(Default)]
struct FlowBuilder {
    flow: Flow,
    /// The texts of all cells.
    texts: BTreeSet<String>,
    paragraph: Option<Open>,
    table: Option<OpenTable>,
    /// Texts of the lines above the open table, on its first page.
    titles: Vec<String>,
    /// Lines of the page so far, and which page that is.
    above: (u32, Vec<String>),
    /// Lines behind the open table that may prove to be its title again.
    waiting: Vec<(PageLine, Role, Measure)>,
}

impl FlowBuilder {
    fn add_line(&mut self, line: PageLine, role: Role, measure: Measure) {
        if self.above.0 != line.page {
            self.above = (line.page, Vec::new());
        }
        self.above.1.push(line.text.clone());
        let may_repeat = |open: &OpenTable| line.page == open.page() + 1 && self.titles.contains(&line.text);
        if self.table.as_ref().is_some_and(may_repeat) {
            self.waiting.push((line, role, measure));
            return;
        }
        self.close_table();
        self.write_line(line, role, measure);
    }

    fn write_line(&mut self, line: PageLine, role: Role, measure: Measure) {
        if let Some(open) = self.paragraph.as_mut().filter(|open| open.goes_on(&line, role)) {
            open.add(line);
            return;
        }
        self.close_paragraph();
        self.paragraph = Some(Open::start(line, role, measure));
    }

    fn add_table(&mut self, table: PageTable) {
        let is_titled = !self.waiting.is_empty();
        if let Some(open) = self.table.as_mut().filter(|open| open.goes_on(&table, is_titled)) {
            open.add(table, &self.texts);
            self.waiting.clear();
            return;
        }
        self.close_table();
        self.close_paragraph();
        let is_here = self.above.0 == table.page;
        self.titles = if is_here { std::mem::take(&mut self.above.1) } else { Vec::new() };
        self.table = Some(OpenTable::start(table));
    }

    fn close_paragraph(&mut self) {
        let done = self.paragraph.take().map(|open| Item::Paragraph(open.finish()));
        self.flow.items.extend(done);
    }

    /// Writes the open table and the lines that waited behind it.
    fn close_table(&mut self) {
        if let Some(open) = self.table.take() {
            self.flow.items.push(Item::Table(open.finish()));
        }
        for (line, role, measure) in std::mem::take(&mut self.waiting) {
            self.write_line(line, role, measure);
        }
    }

    fn finish(mut self) -> Flow {
        self.close_table();
        self.close_paragraph();
        self.flow
    }
}
