//! A flow becomes content: sections from bookmarks, heading styles and numbering words, table titles and
//! units from the lines around them, bookmarks tied to their headings.
//!
//! Each room answers one question for every line of the flow. Tables of contents are told first ([`toc`]),
//! then captions ([`chart`], [`table`] with [`around`], [`caption`], [`peel`], [`header`]), then headings
//! ([`heading`], [`nest`]); sections, charts and bookmarks follow from those. Words come from
//! `forms/structure`; no line is changed, and none is left out.

mod around;
mod bookmark;
mod caption;
mod chart;
mod header;
mod heading;
mod nest;
mod number;
mod peel;
mod run;
mod section;
#[cfg(test)]
pub(in crate::structure) mod specimen;
mod table;
mod title;
mod toc;

use std::collections::BTreeSet;

use self::around::Surroundings;
use self::bookmark::{Places, Reading};
use self::heading::Evidence;
use super::flow::{Flow, FlowParagraph, FlowTable, Item};
use crate::error::Result;
use crate::forms::Forms;
use crate::forms::wording::Wording;
use crate::limits::Deadline;
use crate::model::{Bookmark, Content, Location, OutlineEntry, Page, RawDocument, Role, Section, Table, comparable};

/// Tells headings, captions and bookmarks of a flow; what is left of `raw` (charts, bookmarks, outline,
/// notes) goes along.
///
/// # Errors
/// When the time is used up.
pub(super) fn flow_to_content(flow: Flow, mut raw: RawDocument, forms: &Forms, deadline: &Deadline) -> Result<Content> {
    let (wording, items) = (&forms.wording, flow.items);
    let image_pages = image_pages(&raw.pages, &items);
    let mut roles = known_roles(&items);
    toc::mark_toc(&items, &mut roles, wording);
    chart::mark_figures(&items, &mut roles, wording);
    let figures = roles.clone();
    raw.notes.extend(chart::mark_labels(&items, &mut roles, wording));
    let surroundings = table::read_surroundings(&items, &mut roles, wording);
    let lifted: Vec<bool> = roles.iter().zip(&figures).map(|(now, then)| now != then).collect();
    deadline.check()?;
    let places = Places::new(&items);
    let evidence = evidence(&raw, &places, wording);
    let headings = heading::find_headings(&items, &roles, &evidence, wording);
    section::set_roles(&headings, &items, &mut roles);
    let owners = section::owners(&headings, items.len());
    let mut sections = section::make_sections(&headings, &nest::nest(&headings), &items);
    section::fill_texts(&mut sections, &headings, &items, &roles, &lifted, &owners);
    deadline.check()?;
    chart::tie_charts(&mut raw.charts, &items, &owners, wording);
    let reading = Reading { headings: &headings, owners: &owners, roles: &roles, wording };
    let bookmarks = tie_marks(&mut raw, &places, &reading, &mut sections);
    let (lines, grids) = take_apart(items);
    let paragraphs = section::make_paragraphs(lines, &headings, &roles, &owners);
    let tables = make_tables(grids, surroundings, &owners, wording);
    deadline.check()?;
    Ok(Content { paragraphs, sections, tables, charts: raw.charts, bookmarks, image_pages, notes: raw.notes })
}

/// Roles as the reader or the page layout gave them; tables have none.
fn known_roles(items: &[Item]) -> Vec<Role> {
    let role = |item: &Item| match item {
        Item::Paragraph(p) if p.style.name.as_deref().is_some_and(|n| n.starts_with("toc ")) => Role::Toc,
        Item::Paragraph(p) => p.role,
        Item::Table(_) => Role::Body,
    };
    items.iter().map(role).collect()
}

/// Collects what bookmarks and the outline say about headings.
fn evidence(raw: &RawDocument, places: &Places<'_>, wording: &Wording) -> Evidence {
    let marked = bookmark::marked_lines(&raw.bookmarks, places, wording);
    let depth = |depth: u32| u8::try_from(depth.min(8)).unwrap_or(8);
    let place = |e: &OutlineEntry| Some(((e.page?, comparable(&e.title)), depth(e.depth)));
    Evidence { marked, outline: raw.outline.iter().filter_map(place).collect() }
}

/// Ties bookmarks, then outline entries, to their sections.
fn tie_marks(
    raw: &mut RawDocument,
    places: &Places<'_>,
    reading: &Reading<'_>,
    sections: &mut [Section],
) -> Vec<Bookmark> {
    let (mut bookmarks, note) = bookmark::tie_bookmarks(&raw.bookmarks, places, reading, sections);
    raw.notes.extend(note);
    bookmarks.extend(bookmark::tie_outline(&raw.outline, sections));
    bookmarks
}

/// Paragraphs and tables of a flow, each with its index.
type Apart = (Vec<(usize, FlowParagraph)>, Vec<(usize, FlowTable)>);

fn take_apart(items: Vec<Item>) -> Apart {
    let mut apart = Apart::default();
    for (at, item) in items.into_iter().enumerate() {
        match item {
            Item::Paragraph(p) => apart.0.push((at, p)),
            Item::Table(t) => apart.1.push((at, t)),
        }
    }
    apart
}

fn make_tables(
    grids: Vec<(usize, FlowTable)>,
    surroundings: Vec<Surroundings>,
    owners: &[Option<usize>],
    wording: &Wording,
) -> Vec<Table> {
    let make = |(number, ((at, grid), around)): (usize, ((usize, FlowTable), Surroundings))| Table {
        section: owners.get(at).copied().flatten().map(section::section_id),
        ..table::make_table(grid, around, number, wording)
    };
    (1..).zip(grids.into_iter().zip(surroundings)).map(make).collect()
}

/// Pages that show an image and hold no text: neither a visible glyph nor anything that came into the flow.
fn image_pages(pages: &[Page], items: &[Item]) -> Vec<u32> {
    let filled: BTreeSet<u32> = items.iter().flat_map(places).filter_map(|l| l.page).collect();
    let shown = |p: &&Page| p.glyphs.iter().any(|g| !g.hidden && !g.c.is_whitespace());
    let empty = pages.iter().filter(|p| !p.images.is_empty() && !filled.contains(&p.number));
    empty.filter(|p| !shown(p)).map(|p| p.number).collect()
}

fn places(item: &Item) -> Vec<&Location> {
    match item {
        Item::Paragraph(p) => p.anchors.iter().map(|a| &a.location).collect(),
        Item::Table(t) => t.locations.iter().collect(),
    }
}

#[cfg(test)]
mod tests;
