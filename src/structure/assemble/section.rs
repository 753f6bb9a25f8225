//! Sections and paragraphs of a report from its headings: which text belongs to which, in reading order.

use std::borrow::Cow;

use super::heading::Heading;
use super::nest::Place;
use crate::model::{Location, Paragraph, Role, Section, cut};
use crate::structure::flow::{FlowParagraph, Item};

/// Makes the sections; their text comes later, from [`fill_texts`].
pub(super) fn make_sections(headings: &[Heading], places: &[Place], items: &[Item]) -> Vec<Section> {
    let section = |(at, (heading, place)): (usize, (&Heading, &Place))| Section {
        id: section_id(at),
        parent: place.parent.map(section_id),
        level: place.level,
        label: heading.label.clone(),
        title: heading.title.clone(),
        location: location_of(heading, items),
        ..Section::default()
    };
    headings.iter().zip(places).enumerate().map(section).collect()
}

/// The id of the section with that index.
pub(super) fn section_id(at: usize) -> String {
    format!("s{}", at + 1)
}

/// Where the heading stands: its line, or the characters that it takes of a paragraph that goes on with text.
fn location_of(heading: &Heading, items: &[Item]) -> Location {
    let Some(Item::Paragraph(p)) = items.get(heading.item) else { return Location::default() };
    let whole = || p.anchors.first().map(|a| a.location.clone()).unwrap_or_default();
    match heading.text_from {
        Some(end) => {
            let paragraph = Paragraph { text: p.text.clone(), anchors: p.anchors.clone(), ..Paragraph::default() };
            paragraph.locate(0, end)
        }
        None => whole(),
    }
}

/// For each item of a flow, the index of the section that it belongs to.
pub(super) fn owners(headings: &[Heading], items: usize) -> Vec<Option<usize>> {
    let mut owners = vec![None; items];
    let mut starts = headings.iter().map(|h| h.item).enumerate().peekable();
    let mut open = None;
    for (at, owner) in owners.iter_mut().enumerate() {
        while let Some((section, _)) = starts.next_if(|(_, item)| *item <= at) {
            open = Some(section);
        }
        *owner = open;
    }
    owners
}

/// Gives headings and cover lines their roles. A heading that runs into its text stays [`Role::Body`], since
/// its paragraph is text for the most part.
pub(super) fn set_roles(headings: &[Heading], items: &[Item], roles: &mut [Role]) {
    for heading in headings {
        let own = heading.text_from.is_none().then_some(heading.item);
        for at in own.into_iter().chain(heading.more.iter().copied()) {
            if let Some(role) = roles.get_mut(at) {
                *role = Role::Heading;
            }
        }
    }
    let Some(first) = headings.first().map(|h| h.item) else { return };
    for (item, role) in items.iter().zip(roles.iter_mut()).take(first) {
        if *role == Role::Body && matches!(item, Item::Paragraph(_)) {
            *role = Role::Cover;
        }
    }
}

/// Fills the texts of sections: their own paragraphs, list numbers in front, footnotes at the end. Captions of
/// tables are fields of the tables; `lifted` names their paragraphs.
pub(super) fn fill_texts(
    sections: &mut [Section],
    headings: &[Heading],
    items: &[Item],
    roles: &[Role],
    lifted: &[bool],
    owners: &[Option<usize>],
) {
    let mut footnotes = vec![Vec::new(); sections.len()];
    for (at, item) in items.iter().enumerate() {
        let (Item::Paragraph(p), Some(owner)) = (item, owners.get(at).copied().flatten()) else { continue };
        let Some(text) = own_text(p, at, headings.get(owner)) else { continue };
        match roles.get(at) {
            Some(Role::Body | Role::Caption) if lifted.get(at) != Some(&true) => {
                if let Some(section) = sections.get_mut(owner) {
                    push_line(&mut section.text, &text);
                }
            }
            Some(Role::Footnote) => footnotes.get_mut(owner).into_iter().for_each(|notes| notes.push(text.clone())),
            _ => {}
        }
    }
    for (section, notes) in sections.iter_mut().zip(footnotes) {
        for note in &notes {
            push_line(&mut section.text, note);
        }
    }
}

/// What a paragraph adds to the text of its section.
fn own_text<'p>(p: &'p FlowParagraph, at: usize, heading: Option<&Heading>) -> Option<Cow<'p, str>> {
    let opens = heading.filter(|h| h.item == at);
    let label = p.label.as_deref().unwrap_or_default();
    let text = match opens {
        Some(heading) => Cow::Borrowed(cut(&p.text, heading.text_from?, u32::MAX).trim()),
        None if label.is_empty() => Cow::Borrowed(p.text.trim()),
        None => Cow::Owned(format!("{label}{}", p.text).trim().to_owned()),
    };
    (!text.is_empty()).then_some(text)
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// Turns the paragraphs of a flow into those of the content.
pub(super) fn make_paragraphs(
    lines: Vec<(usize, FlowParagraph)>,
    headings: &[Heading],
    roles: &[Role],
    owners: &[Option<usize>],
) -> Vec<Paragraph> {
    let mut labels = headings.iter().map(|h| (h.item, &h.label)).peekable();
    let mut paragraphs = Vec::new();
    for (at, p) in lines {
        let label = labels.next_if(|(heading, _)| *heading == at).map(|(_, label)| label.clone());
        paragraphs.push(Paragraph {
            text: p.text,
            label: p.label.or(label.filter(|l| !l.is_empty())),
            role: roles.get(at).copied().unwrap_or_default(),
            section: owners.get(at).copied().flatten(),
            anchors: p.anchors,
        });
    }
    paragraphs
}
