//! Bookmarks of a flowing document and outline entries of a fixed one: which heading each means.
//!
//! A word processor's mark for its table of contents (`_Toc…`) means a heading, but editing often leaves its
//! start in an earlier paragraph: such a mark means the heading that it ends in, or that follows where it ends.

use std::collections::{BTreeMap, BTreeSet};

use super::heading::Heading;
use super::section::section_id;
use crate::forms::wording::Wording;
use crate::model::{
    Bookmark, BookmarkKind, Location, Mark, Note, NoteKind, OutlineEntry, RawBookmark, Role, Section, comparable, cut,
};
use crate::structure::flow::{FlowParagraph, Item};

/// What all bookmarks together may cost; beyond that their text stays empty and a note says so.
const BUDGET: Budget = Budget { spanned: 4_000_000, read: 100_000_000 };
/// Blank lines after a bookmark across which its heading is looked for.
const BLANKS: usize = 60;

/// Bytes of text that bookmarks may still span, and bytes that may still be read to find it.
struct Budget {
    spanned: usize,
    read: usize,
}

impl Budget {
    /// The characters `from..to` of a paragraph, while there is budget for them.
    fn cut(&mut self, p: &FlowParagraph, from: u32, to: u32) -> Option<String> {
        self.read = self.read.checked_sub(p.text.len() + 1)?;
        let text = cut(&p.text, from, to);
        self.spanned = self.spanned.checked_sub(text.len())?;
        Some(text.to_owned())
    }
}

/// Every paragraph of a flow by part and number, those of cells included.
pub(super) struct Places<'f> {
    items: &'f [Item],
    by_number: BTreeMap<(&'f str, u32), Spot<'f>>,
}

/// A paragraph and the item of the flow that it is or stands in.
#[derive(Clone, Copy)]
struct Spot<'f> {
    item: usize,
    p: &'f FlowParagraph,
}

/// A bookmark whose ends are found.
struct Span<'f> {
    start: Spot<'f>,
    from: u32,
    end: Spot<'f>,
    to: u32,
}

impl<'f> Places<'f> {
    /// Looks up the paragraphs of a flow.
    pub(super) fn new(items: &'f [Item]) -> Self {
        let mut by_number = BTreeMap::new();
        for (item, paragraph) in items.iter().enumerate().flat_map(|(at, i)| paragraphs_in(i).map(move |p| (at, p))) {
            for anchor in &paragraph.anchors {
                if let (Some(part), Some(number)) = (&anchor.location.part, anchor.location.paragraph) {
                    by_number.entry((part.as_str(), number)).or_insert(Spot { item, p: paragraph });
                }
            }
        }
        Self { items, by_number }
    }

    /// The paragraph of a mark, or the next one of its part when that one is not in the flow.
    fn spot(&self, mark: &Mark) -> Option<(Spot<'f>, u32)> {
        let part = mark.part.as_str();
        let ((_, number), spot) = self.by_number.range((part, mark.paragraph)..=(part, u32::MAX)).next()?;
        Some((*spot, if *number == mark.paragraph { mark.offset } else { 0 }))
    }

    fn span(&self, raw: &RawBookmark) -> Option<Span<'f>> {
        let (start, from) = self.spot(&raw.start)?;
        let (end, to) = self.spot(&raw.end).unwrap_or((start, from));
        if (end.item, to) < (start.item, 0) {
            return Some(Span { start, from, end: start, to: from });
        }
        Some(Span { start, from, end, to })
    }

    /// The text between both ends, paragraphs joined by line breaks, blank ones left out.
    fn text(&self, raw: &RawBookmark, span: &Span<'f>, budget: &mut Budget) -> Option<String> {
        if std::ptr::eq(span.start.p, span.end.p) {
            return budget.cut(span.start.p, span.from, span.to);
        }
        let part = raw.start.part.as_str();
        if part != raw.end.part || raw.end.paragraph < raw.start.paragraph {
            return Some(String::new());
        }
        let range = (part, raw.start.paragraph)..=(part, raw.end.paragraph);
        let mut text = String::new();
        for ((_, number), spot) in self.by_number.range(range) {
            let from = if *number == raw.start.paragraph { span.from } else { 0 };
            let to = if *number == raw.end.paragraph { span.to } else { u32::MAX };
            let piece = budget.cut(spot.p, from, to)?;
            if !piece.trim().is_empty() {
                text.push_str(if text.is_empty() { "" } else { "\n" });
                text.push_str(&piece);
            }
        }
        Some(text)
    }
}

fn paragraphs_in(item: &Item) -> Box<dyn Iterator<Item = &FlowParagraph> + '_> {
    match item {
        Item::Paragraph(p) => Box::new(std::iter::once(p)),
        Item::Table(t) => Box::new(t.paragraphs.iter().map(|(_, _, p)| p)),
    }
}

/// Items whose whole line a mark of a table of contents spans: a hint that they are headings.
pub(super) fn marked_lines(raw: &[RawBookmark], places: &Places<'_>, wording: &Wording) -> BTreeSet<usize> {
    let toc_marks = raw.iter().filter(|b| wording.bookmarks.heading.is_match(&b.name));
    let whole_line = |b: &RawBookmark| {
        let span = places.span(b)?;
        let same =
            std::ptr::eq(span.start.p, span.end.p) && matches!(places.items.get(span.start.item)?, Item::Paragraph(_));
        (same && span.to > span.from).then_some(span.start.item)
    };
    toc_marks.filter_map(whole_line).collect()
}

/// What is needed to tell what a bookmark means.
pub(super) struct Reading<'a> {
    /// Headings in order.
    pub headings: &'a [Heading],
    /// Section of each item.
    pub owners: &'a [Option<usize>],
    /// Roles of the items.
    pub roles: &'a [Role],
    /// Words.
    pub wording: &'a Wording,
}

impl Reading<'_> {
    fn heading_at(&self, item: usize) -> Option<usize> {
        let owner = self.owners.get(item).copied().flatten()?;
        let heading = self.headings.get(owner).filter(|h| !h.is_absent())?;
        (heading.item == item || heading.more.contains(&item)).then_some(owner)
    }

    /// The heading whose title the point lies in; the text that a heading runs into is not its title.
    fn title_at(&self, item: usize, offset: u32) -> Option<usize> {
        let at = self.heading_at(item)?;
        let within = self.headings.get(at)?.text_from.is_none_or(|end| offset < end);
        within.then_some(at)
    }

    /// Kind of a bookmark and the section that it means.
    fn tell(&self, name: &str, span: &Span<'_>, places: &Places<'_>) -> (BookmarkKind, Option<usize>) {
        let own = self.owners.get(span.start.item).copied().flatten();
        if self.wording.bookmarks.system.is_match(name) {
            return (BookmarkKind::System, own);
        }
        let means_heading = self.wording.bookmarks.heading.is_match(name);
        let starts_in = self.title_at(span.start.item, span.from);
        let ends_in = self.heading_at(span.end.item).filter(|_| span.end.item > span.start.item);
        match (starts_in, ends_in) {
            (Some(first), Some(last)) if means_heading && span.to > 0 && first != last => {
                (BookmarkKind::Displaced, Some(last))
            }
            (Some(first), _) => (BookmarkKind::Heading, Some(first)),
            (None, Some(last)) if means_heading || span.to > 0 => (BookmarkKind::Displaced, Some(last)),
            (None, _) if means_heading => match self.heading_meant(span, places) {
                Some(section) => (BookmarkKind::Displaced, Some(section)),
                None => (BookmarkKind::Inside, own),
            },
            _ => (BookmarkKind::Inside, own),
        }
    }

    /// The heading that a mark without one at its ends means: one that it passes over, or, when it ends on
    /// a blank line or at the very start of one, the one that follows at once.
    fn heading_meant(&self, span: &Span<'_>, places: &Places<'_>) -> Option<usize> {
        let passed = self.headings.iter().rposition(|h| h.item > span.start.item && h.item < span.end.item);
        if passed.is_some() {
            return passed;
        }
        let blank = |at: usize| matches!(places.items.get(at), Some(Item::Paragraph(p)) if p.text.trim().is_empty());
        let running = |at: usize| matches!(self.roles.get(at), Some(Role::Running));
        if !blank(span.end.item) {
            return None;
        }
        let next = (span.end.item + 1..).take(BLANKS).find(|at| !blank(*at) && !running(*at))?;
        self.heading_at(next)
    }
}

/// Turns the bookmarks of a flowing document into those of the report, and names them in their sections.
pub(super) fn tie_bookmarks(
    raw: &[RawBookmark],
    places: &Places<'_>,
    reading: &Reading<'_>,
    sections: &mut [Section],
) -> (Vec<Bookmark>, Option<Note>) {
    let mut budget = BUDGET;
    let mut cut_short = None;
    let mut bookmarks = Vec::with_capacity(raw.len());
    for mark in raw {
        let location =
            Location { start: Some(mark.start.offset), ..Location::in_part(&mark.start.part, mark.start.paragraph) };
        let Some(span) = places.span(mark) else {
            bookmarks.push(bookmark(
                &mark.name,
                kind_alone(&mark.name, reading.wording),
                None,
                String::new(),
                location,
            ));
            continue;
        };
        let (kind, section) = reading.tell(&mark.name, &span, places);
        if matches!(kind, BookmarkKind::Heading | BookmarkKind::Displaced) {
            name_in(sections, section, &mark.name);
        }
        let text = places.text(mark, &span, &mut budget);
        if text.is_none() && cut_short.is_none() {
            let message = "bookmarks span more text than fits: from here on their text is left out";
            cut_short = Some(Note::new(NoteKind::LeftOut, message, location.clone()));
        }
        bookmarks.push(bookmark(&mark.name, kind, section, text.unwrap_or_default(), location));
    }
    (bookmarks, cut_short)
}

fn kind_alone(name: &str, wording: &Wording) -> BookmarkKind {
    if wording.bookmarks.system.is_match(name) { BookmarkKind::System } else { BookmarkKind::Inside }
}

fn bookmark(name: &str, kind: BookmarkKind, section: Option<usize>, text: String, location: Location) -> Bookmark {
    Bookmark { name: name.to_owned(), kind, section: section.map(section_id), text, location }
}

fn name_in(sections: &mut [Section], section: Option<usize>, name: &str) {
    if let Some(section) = section.and_then(|at| sections.get_mut(at)) {
        section.bookmarks.push(name.to_owned());
    }
}

/// Ties the outline of a fixed document to its sections: by words on the page that an entry leads to, else by
/// words alone, else to the section that is open on that page.
pub(super) fn tie_outline(outline: &[OutlineEntry], sections: &mut [Section]) -> Vec<Bookmark> {
    let mut by_title: BTreeMap<String, Vec<(usize, Option<u32>)>> = BTreeMap::new();
    for (at, section) in sections.iter().enumerate() {
        let page = section.location.page;
        let whole = comparable(&format!("{}{}", section.label, section.title));
        let alone = comparable(&section.title);
        let part = section.label.chars().count() > 2 && section.level == 1;
        let number = part.then(|| comparable(&section.label));
        for key in [whole, alone].into_iter().chain(number).collect::<BTreeSet<_>>() {
            by_title.entry(key).or_default().push((at, page));
        }
    }
    let mut bookmarks = Vec::with_capacity(outline.len());
    for entry in outline {
        let same = by_title.get(&comparable(&entry.title)).map_or(&[][..], Vec::as_slice);
        let near = same.iter().min_by_key(|(at, page)| (page_distance(*page, entry.page), *at)).map(|(at, _)| *at);
        let open = || sections.iter().rposition(|s| entry.page.is_some() && s.location.page <= entry.page);
        let (kind, section) = match near {
            Some(at) => (BookmarkKind::Heading, Some(at)),
            None => (BookmarkKind::Inside, open()),
        };
        let location = match near.and_then(|at| sections.get(at)) {
            Some(section) if entry.page.is_none() || section.location.page == entry.page => section.location.clone(),
            _ => Location { page: entry.page, ..Location::default() },
        };
        if near.is_some() {
            name_in(sections, near, &entry.title);
        }
        bookmarks.push(bookmark(&entry.title, kind, section, entry.title.clone(), location));
    }
    bookmarks
}

fn page_distance(section: Option<u32>, entry: Option<u32>) -> u32 {
    match (section, entry) {
        (Some(a), Some(b)) => a.abs_diff(b),
        _ => 0,
    }
}
