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
    for (text, place) in texts(report) {
        for name in names_beside(&text, &entity, &region, &office) {
            others.entry(name).or_default().push(place.clone());
        }
    }
    let finding = |(name, places): (String, Vec<Location>)| {
        let mut finding = message::wording(&written.heading, &name, places, language);
        finding.lhs = Some(name);
        finding.rhs = Some(entity.to_string());
        finding
    };
    others.into_iter().map(finding).collect()
}

fn texts(report: &Report) -> Vec<(Cow<'_, str>, Location)> {
    let mut texts = Vec::new();
    for table in &report.tables {
        let place = table.locations.first().cloned().unwrap_or_default();
        let place = Location { table: Some(table.id.clone()), ..place };
        texts.extend(table.captions.iter().chain(&table.title).map(|line| (fold_text(line), place.clone())));
    }
    for section in &report.sections {
        texts.push((fold_text(&section.title), section.location.clone()));
        texts.extend(section.text.lines().map(|line| (fold_text(line), section.location.clone())));
    }
    texts
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
    let (chars, wanted): (Vec<char>, Vec<char>) = (text.chars().collect(), office.chars().collect());
    let differs_once = |window: &&[char]| {
        let ends = window.first() == wanted.first() && window.last() == wanted.last();
        ends && window.iter().zip(&wanted).filter(|(a, b)| a != b).count() == 1
    };
    let of_this_place = |at: usize| {
        let before: String = chars.iter().take(at).collect();
        before.ends_with(region) || !before.ends_with(['省', '市', '州', '区', '县', '旗', '各', '级'])
    };
    let windows = chars.windows(wanted.len()).enumerate().filter(|(_, window)| differs_once(window));
    windows.filter(|(at, _)| of_this_place(*at)).map(|(_, window)| window.iter().collect()).collect()
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
