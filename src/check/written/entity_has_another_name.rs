//! ST-04 — a caption or the text names another body than the one that reports.
//!
//! **Why it matters.** A reader cannot tell whose figures they are.
//! **When it stays quiet.** For short names, for a name that is part of the other (本级, 机关), and for names that
//! are not near the body's own: a report may mention many bodies.
//! **Example.** 某市档案馆 in a caption of 某市某区档案馆; 教育与体育局 in the text of 教育和体育局.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::paragraphs;
use crate::forms::identities::Written;
use crate::model::{Finding, Location, Report, fold_text};

/// A name of fewer characters is near too many others.
const LONG_ENOUGH: usize = 6;

/// Finds names that differ from the body's own in the place that governs, or in one character.
pub(super) fn entity_has_another_name(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let report = evidence.report;
    let (Some(entity), Some(region)) = (report.identity.entity.as_deref().map(fold_text), &report.identity.region)
    else {
        return Vec::new();
    };
    let region = fold_text(&region.name);
    let office = entity.strip_prefix(&*region).unwrap_or(&entity).to_owned();
    if office == entity || office.chars().count() < LONG_ENOUGH {
        return Vec::new();
    }
    let mut others: BTreeMap<String, Vec<Location>> = BTreeMap::new();
    let mut take = |text: &str, place: &Location| {
        for name in names_beside(text, &entity, &region, &office) {
            others.entry(name).or_default().push(place.clone());
        }
    };
    captions(report).for_each(|(text, place)| take(&text, &place));
    paragraphs(evidence).for_each(|(section, text)| take(text, &section.location));
    let finding = |(name, places): (String, Vec<Location>)| {
        let mut finding = message::wording(&written.heading, &name, places, language);
        finding.lhs = Some(name);
        finding.rhs = Some(entity.to_string());
        finding
    };
    others.into_iter().map(finding).collect()
}

/// The lines above tables and the titles of sections, folded.
fn captions(report: &Report) -> impl Iterator<Item = (Cow<'_, str>, Location)> {
    let of_tables = report.tables.iter().flat_map(|table| {
        let place = table.locations.first().cloned().unwrap_or_default();
        let place = Location { table: Some(table.id.clone()), ..place };
        table.captions.iter().chain(&table.title).map(move |line| (fold_text(line), place.clone()))
    });
    of_tables.chain(report.sections.iter().map(|section| (fold_text(&section.title), section.location.clone())))
}

fn names_beside(text: &str, entity: &str, region: &str, office: &str) -> Vec<String> {
    let mut names = of_higher_place(text, region, office);
    names.extend(of_one_other_character(text, entity, region, office));
    names
}

/// The office of the place above: the region's name without its last part, followed by the office.
fn of_higher_place(text: &str, region: &str, office: &str) -> Vec<String> {
    let ends: Vec<usize> =
        region.char_indices().filter(|(_, c)| "省市州".contains(*c)).map(|(i, c)| i + c.len_utf8()).collect();
    let above = ends.iter().filter(|end| **end < region.len()).filter_map(|end| region.get(..*end));
    above.map(|place| format!("{place}{office}")).filter(|name| text.contains(name.as_str())).collect()
}

/// Stretches as long as the office's name that differ from it in one character between its ends.
fn of_one_other_character(text: &str, entity: &str, region: &str, office: &str) -> Vec<String> {
    if text.contains(entity) || text.contains(office) {
        return Vec::new();
    }
    let Some(first) = office.chars().next() else { return Vec::new() };
    let of_this_place = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.ends_with(region) || !before.ends_with(['省', '市', '州', '区', '县', '旗', '各', '级'])
    };
    let stretches =
        text.match_indices(first).filter_map(|(at, _)| Some((at, differing_once(text.get(at..)?, office)?)));
    stretches.filter(|(at, _)| of_this_place(*at)).map(|(_, name)| name.to_owned()).collect()
}

/// The start of `text` that is as long as `wanted` and differs from it in one character that is not its last.
fn differing_once<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    let (mut others, mut is_last_other, mut end) = (0, false, 0);
    let mut given = text.char_indices();
    for wanted in wanted.chars() {
        let (at, c) = given.next()?;
        is_last_other = c != wanted;
        others += usize::from(is_last_other);
        if others > 1 {
            return None;
        }
        end = at + c.len_utf8();
    }
    (others == 1 && !is_last_other).then(|| text.get(..end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_of_the_place_above_is_another_body() {
        let names =
            names_beside("甲市自然资源管理局部门决算表", "甲市乙区自然资源管理局", "甲市乙区", "自然资源管理局");
        assert_eq!(names, ["甲市自然资源管理局"]);
    }

    #[test]
    fn one_other_character_is_another_name_but_the_own_name_is_none() {
        let find = |text: &str| names_beside(text, "甲市乙区人力和社会保障局", "甲市乙区", "人力和社会保障局");
        assert_eq!(find("人力与社会保障局2020年度"), ["人力与社会保障局"]);
        assert!(find("甲市乙区人力和社会保障局2020年度").is_empty());
        assert!(find("丙区教育局").is_empty());
        assert!(find("指导各区人力与社会保障局").is_empty());
        assert_eq!(find("甲市乙区人力与社会保障局"), ["人力与社会保障局"]);
    }
}
