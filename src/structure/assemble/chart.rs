//! Charts: the section each stands in and the line that names it; on a page also the words inside the picture,
//! which are no text of the report.

use super::number::number_of;
use super::section::section_id;
use crate::forms::wording::Wording;
use crate::model::{Chart, Location, Note, NoteKind, Printed, Role, fold_line, tidied};
use crate::structure::flow::{FlowParagraph, Item};

/// Filled lines after and before a chart that may name it.
const NEAR: usize = 2;
/// Lines that a picture may hold, the fewest that are told, and the characters of the longest.
const LABELS: usize = 80;
const LABEL: usize = 30;
const FEWEST: usize = 3;
/// Items after and before a chart that are looked at, blank ones included.
const REACH: usize = 12;
/// Characters of the longest caption.
const LONGEST: usize = 80;

/// Gives figure captions the role [`Role::Caption`].
pub(super) fn mark_figures(items: &[Item], roles: &mut [Role], wording: &Wording) {
    for (item, role) in items.iter().zip(roles) {
        if let Item::Paragraph(p) = item
            && *role == Role::Body
            && is_figure(p, wording)
        {
            *role = Role::Caption;
        }
    }
}

fn is_figure(p: &FlowParagraph, wording: &Wording) -> bool {
    p.text.chars().take(LONGEST + 1).count() <= LONGEST
        && !p.text.contains('。')
        && wording.headings.figure.is_match(&fold_line(&p.text).text)
}

/// Marks the words inside the pictures of a page as captions: axis labels, legends and values, which a page
/// prints as lines above the line that names the figure. A note says where they stand.
pub(super) fn mark_labels(items: &[Item], roles: &mut [Role], wording: &Wording) -> Vec<Note> {
    let mut notes = Vec::new();
    for at in 0..items.len() {
        let figure = matches!(items.get(at), Some(Item::Paragraph(p)) if page_of(p).is_some() && is_figure(p, wording));
        if !figure {
            continue;
        }
        let labels: Vec<usize> =
            (0..at).rev().take(LABELS).take_while(|i| is_label(items, roles, *i, wording)).collect();
        let values =
            labels.iter().filter(|i| matches!(items.get(**i), Some(Item::Paragraph(p)) if is_value(p))).count();
        if values == 0 || labels.len() < FEWEST {
            continue;
        }
        labels.iter().filter_map(|i| roles.get_mut(*i).map(|r| *r = Role::Caption)).for_each(drop);
        notes.extend(note_of(items, labels.last().copied(), labels.len()));
    }
    notes
}

fn note_of(items: &[Item], first: Option<usize>, count: usize) -> Option<Note> {
    let Item::Paragraph(p) = items.get(first?)? else { return None };
    let message = format!("{count} lines inside a figure are kept out of the text");
    Some(Note::new(NoteKind::LeftOut, message, p.anchors.first()?.location.clone()))
}

fn page_of(p: &FlowParagraph) -> Option<u32> {
    p.anchors.first()?.location.page
}

/// Whether a line can stand inside a picture: short, no sentence, no heading.
fn is_label(items: &[Item], roles: &[Role], at: usize, wording: &Wording) -> bool {
    let (Some(Item::Paragraph(p)), Some(Role::Body)) = (items.get(at), roles.get(at)) else { return false };
    let folded = fold_line(&p.text).text;
    folded.chars().take(LABEL + 1).count() <= LABEL
        && !folded.contains(['。', ';', ':', ','])
        && !number_of(&folded, wording).is_some_and(|n| n.heads)
        && p.style.outline_level.is_none()
}

fn is_value(p: &FlowParagraph) -> bool {
    let mut words = p.text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|w| matches!(Printed::parse(w), Printed::Number(_)))
}

/// Ties charts to their sections, captions and paragraphs, and numbers them.
pub(super) fn tie_charts(charts: &mut [Chart], items: &[Item], owners: &[Option<usize>], wording: &Wording) {
    let mut taken = vec![false; items.len()];
    for (at, item) in items.iter().enumerate() {
        for (index, location) in charts_in(item) {
            let Some(chart) = charts.get_mut(index) else { continue };
            chart.section = owners.get(at).copied().flatten().map(section_id);
            if chart.location.paragraph.is_none() {
                chart.location.paragraph = location.paragraph;
            }
            if chart.caption.is_none() {
                chart.caption = caption_near(items, at, &mut taken, wording);
            }
        }
    }
    for (at, chart) in charts.iter_mut().enumerate() {
        chart.id = format!("c{}", at + 1);
    }
}

/// Indexes of the charts that an item shows, with their places.
fn charts_in(item: &Item) -> Vec<(usize, Location)> {
    let of = |p: &FlowParagraph| {
        let place = p.anchors.first().map(|a| a.location.clone()).unwrap_or_default();
        p.charts.iter().map(|c| (*c, place.clone())).collect::<Vec<_>>()
    };
    match item {
        Item::Paragraph(p) => of(p),
        Item::Table(t) => t.paragraphs.iter().flat_map(|(_, _, p)| of(p)).collect(),
    }
}

/// The nearest line that names a figure: in the same paragraph, after it, or before it.
fn caption_near(items: &[Item], at: usize, taken: &mut [bool], wording: &Wording) -> Option<String> {
    let after = at..items.len().min(at + REACH);
    let before = (at.saturating_sub(REACH)..at).rev();
    let found = nearest(items, after, wording, taken).or_else(|| nearest(items, before, wording, taken))?;
    if let Some(slot) = taken.get_mut(found) {
        *slot = true;
    }
    match items.get(found)? {
        Item::Paragraph(p) => Some(tidied(&p.text)),
        Item::Table(_) => None,
    }
}

fn nearest(items: &[Item], order: impl Iterator<Item = usize>, wording: &Wording, taken: &[bool]) -> Option<usize> {
    let mut filled = 0;
    for at in order {
        let Some(Item::Paragraph(p)) = items.get(at) else { return None };
        if p.text.trim().is_empty() {
            continue;
        }
        if is_figure(p, wording) {
            return (taken.get(at) != Some(&true)).then_some(at);
        }
        filled += 1;
        if filled >= NEAR {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;
    use crate::structure::assemble::specimen::flow;

    fn captions(spec: &str, count: usize) -> Vec<Option<String>> {
        let flow = flow(spec);
        let mut charts = vec![Chart::default(); count];
        let owners = vec![Some(0); flow.items.len()];
        tie_charts(&mut charts, &flow.items, &owners, &Forms::builtin().wording);
        assert!(charts.iter().all(|c| c.section.as_deref() == Some("s1")));
        charts.into_iter().map(|c| c.caption).collect()
    }

    #[test]
    fn the_line_below_names_a_chart_before_the_line_above_does() {
        let spec = "收入增加。\n~ 0\n（图1：收入）\n支出减少。\n~ 1\n\n 图2：支出";
        assert_eq!(captions(spec, 2), [Some("（图1：收入）".into()), Some("图2：支出".into())]);
    }

    #[test]
    fn words_inside_a_picture_of_a_page_are_told_from_text() {
        let mut flow = flow("收入增加。\n1300 1200\n1278.53\n2020年度\n总收入\n（图1：收入）");
        let wording = &Forms::builtin().wording;
        let mut roles = vec![Role::Body; flow.items.len()];
        assert!(mark_labels(&flow.items, &mut roles, wording).is_empty(), "a flowing document has no such lines");
        for item in &mut flow.items {
            let Item::Paragraph(p) = item else { continue };
            p.anchors[0].location = Location { page: Some(1), ..Location::default() };
        }
        assert_eq!(mark_labels(&flow.items, &mut roles, wording).len(), 1);
        assert_eq!(roles[0], Role::Body);
        assert_eq!(roles[1..5], [Role::Caption; 4]);
    }

    #[test]
    fn each_caption_names_one_chart() {
        assert_eq!(captions("图1 收入\n~ 0\n~ 1\n后文。\n后文。", 2), [Some("图1 收入".into()), None]);
    }
}
