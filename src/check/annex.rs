//! Whose annex is it? A department's report may carry the evaluation reports of its units and of single projects, each
//! under a heading that names the unit or the project. Figures below such a heading are theirs and are not held against
//! the department's.

use std::collections::BTreeSet;

use regex::Regex;

use super::evidence::{PlaceKey, place_key};
use crate::model::{Location, Report, fold_text};

/// The evaluation reports of a document, in order, each with the body that is not the one that reports.
#[derive(Debug, Default)]
pub(super) struct Annexes<'a>(Vec<(PlaceKey<'a>, Option<&'a str>)>);

/// What the headings of evaluation reports say.
pub(super) struct Words<'p> {
    /// The heading of a body's report, with the name of the body as its group `name`.
    pub heading: Option<&'p Regex>,
    /// A chapter that a body's report begins with.
    pub opening: Option<&'p Regex>,
    /// The heading of a project's report.
    pub project: Option<&'p Regex>,
}

impl<'a> Annexes<'a> {
    /// Finds them by their headings. Where a chapter that opens a report comes a second time, another report has begun,
    /// whose heading was not told from the text.
    pub fn of(report: &'a Report, words: &Words<'_>) -> Self {
        let (Some(entity), Some(heading)) = (report.identity.entity.as_deref().map(fold_text), words.heading) else {
            return Self::default();
        };
        let is_found = |pattern: Option<&Regex>, text: &str| pattern.is_some_and(|p| p.is_match(&fold_text(text)));
        let region = report.identity.region.as_ref().map(|r| fold_text(&r.name)).unwrap_or_default();
        let title = |text: &str| heading.captures(&fold_text(text))?.name("name").map(|m| m.as_str().to_owned());
        let annex = |(title_text, place): (&'a str, &'a Location)| {
            if is_found(words.project, title_text) {
                return Some((place_key(place), Some(title_text)));
            }
            let name = title(title_text)?;
            let is_other = !is_own(&name, &entity, &region);
            Some((place_key(place), is_other.then_some(title_text)))
        };
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for (title_text, place) in report.sections.iter().map(|s| (s.title.as_str(), &s.location)) {
            if let Some(start) = annex((title_text, place)) {
                found.push(start);
                seen.clear();
            } else if is_found(words.opening, title_text) && !seen.insert(title_text) {
                found.push((place_key(place), Some(title_text)));
                seen = BTreeSet::from([title_text]);
            }
        }
        Self(found)
    }

    /// The heading that names another body, where a place lies below it.
    pub fn body_at(&self, place: &Location) -> Option<&'a str> {
        let place = place_key(place);
        self.0.iter().rev().find(|(start, _)| *start <= place)?.1
    }
}

/// Whether a name may be the body's own: beyond the region, they share two characters in a row.
fn is_own(name: &str, entity: &str, region: &str) -> bool {
    let (name, entity) = (without(name, region), without(entity, region));
    let chars: Vec<char> = name.chars().collect();
    chars.len() < 4 || chars.windows(2).any(|pair| entity.contains(&pair.iter().collect::<String>()))
}

/// A name without the region before it, or the last parts of the region.
fn without<'n>(name: &'n str, region: &str) -> &'n str {
    let starts = region.char_indices().map(|(at, _)| at);
    let found =
        starts.filter_map(|at| region.get(at..)).find(|part| part.chars().count() > 1 && name.starts_with(part));
    found.and_then(|part| name.strip_prefix(part)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_or_a_part_of_it_is_the_bodys_own() {
        let own = |name: &str| is_own(name, "甲省乙市人民政府办公室", "甲省乙市");
        assert!(own("乙市人民政府办公室") && own("乙市政府办公室") && own("办公室") && own("我单位"));
        assert!(!own("乙市年鉴编纂中心"));
    }
}
