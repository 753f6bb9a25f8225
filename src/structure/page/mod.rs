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
//! A page alone becomes [`PageParts`], by the steps that [`steps`] keeps; what runs over pages (running text, paragraphs, tables) is told from
//! all of them together.

pub mod boxed;
pub mod cells;
pub mod columns;
pub mod components;
pub mod edges;
pub mod grid;
pub mod labels;
pub mod lines;
pub mod open_rows;
pub mod paragraphs;
pub mod running;
pub mod script;
pub mod sideways;
pub mod steps;
pub mod stitch;
pub mod stripes;
pub mod strips;
pub mod toc;

use std::collections::BTreeSet;

use self::cells::PageTable;
use self::labels::label_lines;
use self::paragraphs::{Measure, Open, lines_to_pieces, measures};
use self::running::drop_running;
use self::sideways::join_sideways;
use self::steps::page_to_steps;
use self::stitch::OpenTable;
use self::toc::toc_lines;
use super::flow::{Flow, FlowTable, Item};
use crate::error::Result;
use crate::forms::wording::Wording;
use crate::limits::{Deadline, Limits};
use crate::model::{PageLine, Points, RawDocument, Role};

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
/// When a grid or a stitched table would pass [`Limits::cells`], or the time is used up.
pub fn pages_to_flow(raw: &mut RawDocument, wording: &Wording, limits: &Limits, deadline: &Deadline) -> Result<Flow> {
    let mut parts = Vec::with_capacity(raw.pages.len());
    for page in &raw.pages {
        let steps = page_to_steps(page, limits, deadline)?;
        parts.push(steps.parts);
        raw.notes.extend(steps.notes);
    }
    drop_running(&mut parts, &wording.captions);
    deadline.check()?;
    pieces_to_flow(parts_to_pieces(parts), limits, deadline)
}

/// Puts the lines and tables of all pages in reading order.
fn parts_to_pieces(parts: Vec<PageParts>) -> Vec<Piece> {
    let measures = measures(&parts);
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
fn pieces_to_flow(pieces: Vec<Piece>, limits: &Limits, deadline: &Deadline) -> Result<Flow> {
    let mut flow = FlowBuilder { texts: cell_texts(&pieces), ..FlowBuilder::default() };
    for piece in pieces {
        match piece {
            Piece::Line { line, role, measure } => flow.add_line(line, role, measure),
            Piece::Table(table) => {
                deadline.check()?;
                flow.add_table(table, limits)?;
            }
        }
    }
    Ok(flow.finish())
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
    /// Where the open table may go on beside the last one: the repeated title between them.
    between: Option<Vec<(PageLine, Role, Measure)>>,
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

    fn add_table(&mut self, table: PageTable, limits: &Limits) -> Result<()> {
        let is_titled = !self.waiting.is_empty();
        if let Some(open) = self.table.as_mut().filter(|open| open.goes_on(&table, is_titled)) {
            open.add(table, &self.texts);
            self.waiting.clear();
            return open.check_size(limits);
        }
        let may_widen = self.table.as_ref().is_some_and(|open| open.begins_over(&table));
        let between = may_widen.then(|| std::mem::take(&mut self.waiting));
        self.close_table();
        self.between = between;
        self.close_paragraph();
        let is_here = self.above.0 == table.page;
        self.titles = if is_here { std::mem::take(&mut self.above.1) } else { Vec::new() };
        self.table = Some(OpenTable::start(table));
        Ok(())
    }

    fn close_paragraph(&mut self) {
        let done = self.paragraph.take().map(|open| Item::Paragraph(open.finish()));
        self.flow.items.extend(done);
    }

    /// Writes the open table and the lines that waited behind it.
    fn close_table(&mut self) {
        let table = self.table.take().map(OpenTable::finish);
        if let Some(table) = table.and_then(|table| self.join_to_last(table)) {
            self.close_paragraph();
            self.flow.items.push(Item::Table(table));
        }
        for (line, role, measure) in std::mem::take(&mut self.waiting) {
            self.write_line(line, role, measure);
        }
    }

    /// Joins the table to the last one where it goes on beside it; else gives it back, what stands between written.
    fn join_to_last(&mut self, table: FlowTable) -> Option<FlowTable> {
        let Some(between) = self.between.take() else { return Some(table) };
        let Some(Item::Table(last)) = self.flow.items.last_mut() else { return Some(table) };
        let table = join_sideways(last, table).err()?;
        for (line, role, measure) in between {
            self.write_line(line, role, measure);
        }
        Some(table)
    }

    fn finish(mut self) -> Flow {
        self.close_table();
        self.close_paragraph();
        self.flow
    }
}
