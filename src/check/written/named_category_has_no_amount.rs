//! TT-07 — the text lists an economic category that is zero in the statement.
//!
//! **Why it matters.** The list says what money was spent on; an entry without money is last year's.
//! **When it stays quiet.** Where the statement does not print the category at all.
//! **Example.** 主要包括：…奖励金…, where 30309 奖励金 is 0.00.

use std::collections::BTreeMap;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::{Sentence, sentences};
use crate::forms::identities::Written;
use crate::model::{Fact, Finding, Measure, fold_text};

/// Finds listed categories whose cell is zero, as one finding.
pub(super) fn named_category_has_no_amount(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let (Some(list), Some(marker)) = (written.patterns.get("list"), written.patterns.get("where")) else {
        return Vec::new();
    };
    let zero = zero_categories(evidence);
    let mut named: Vec<(&Fact, Sentence<'_>)> = Vec::new();
    for sentence in sentences(evidence) {
        let heading = format!("{}{}", sentence.section.title, sentence.text);
        if !marker.is_match(&heading) {
            continue;
        }
        let Some(names) = sentence.captures(list).and_then(|c| c.get(1)) else { continue };
        for name in names.as_str().split('、').map(category_name) {
            let Some(fact) = zero.get(&name) else { continue };
            if !named.iter().any(|(known, _)| known.id == fact.id) {
                named.push((fact, sentence));
            }
        }
    }
    let Some((_, first)) = named.first() else { return Vec::new() };
    let word = |fact: &Fact| {
        let (code, name) = (fact.econ_code.as_deref().unwrap_or(""), fact.econ_name.as_deref().unwrap_or(""));
        format!("{code} {name} {}", fact.printed)
    };
    let quoted = named.iter().map(|(fact, _)| word(fact)).collect::<Vec<_>>().join("；");
    let places = std::iter::once(first.section.location.clone());
    let places = places.chain(named.iter().map(|(fact, _)| fact.location.clone())).collect();
    let mut finding = message::wording(&written.heading, &quoted, places, language);
    finding.facts = named.iter().map(|(fact, _)| fact.id.clone()).collect();
    vec![finding]
}

/// Categories that the statement prints as zero, unless a second row of the same name is not.
fn zero_categories<'a>(evidence: &Evidence<'a>) -> BTreeMap<String, &'a Fact> {
    let is_item =
        |fact: &&&Fact| fact.measure == Measure::Amount && fact.econ_code.as_ref().is_some_and(|c| c.len() == 5);
    let mut by_name: BTreeMap<String, Vec<&'a Fact>> = BTreeMap::new();
    for fact in evidence.of_metric("gpb.basic.econ").iter().filter(is_item) {
        if let Some(name) = &fact.econ_name {
            by_name.entry(category_name(name)).or_default().push(fact);
        }
    }
    let zero = |facts: &[&'a Fact]| facts.iter().all(|f| f.value.is_zero()).then(|| facts.first().copied()).flatten();
    by_name.iter().filter_map(|(name, facts)| Some((name.clone(), zero(facts)?))).collect()
}

fn category_name(name: &str) -> String {
    let name = fold_text(name);
    let name = name.trim_end_matches(['等', '。', ';', ',']);
    name.strip_suffix("支出").unwrap_or(name).to_owned()
}
