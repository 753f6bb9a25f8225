//! HR-03 — a code stands beside the name that it had before the classification was changed.
//!
//! **Why it matters.** A reader who looks the name up finds nothing.
//! **When it stays quiet.** For names that the list of codes does not know, and for codes told from the name.
//! **Example.** 20805 行政事业单位离退休, which has been 行政事业单位养老支出 since 2020.

use std::collections::BTreeMap;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::{Sentence, sentences};
use crate::forms::codes::name_key;
use crate::forms::expression::Expression;
use crate::forms::identities::Written;
use crate::model::{CodeSource, Finding, Location};

/// The classification was last renamed throughout for this year.
const RENAMED: u16 = 2020;

/// Finds codes with their former names, one finding a code and name.
pub(super) fn code_has_its_former_name(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    if evidence.report.identity.fiscal_year.is_none_or(|year| year < RENAMED) {
        return Vec::new();
    }
    let list = evidence.functional();
    let former = |code: &str, name: &str| {
        let today = list.name(code)?;
        (name_key(name) != name_key(today) && list.is_name_of(name, code)).then(|| today.to_owned())
    };
    let mut found: BTreeMap<(String, String), (Location, Option<&str>, String)> = BTreeMap::new();
    for fact in evidence.report.facts.iter().filter(|f| f.code_source != Some(CodeSource::Inferred)) {
        let (Some(code), Some(name)) = (fact.func_code.as_deref(), fact.func_name.as_deref()) else { continue };
        let Some(today) = former(code, name) else { continue };
        let place = fact.location.clone();
        found.entry((code.to_owned(), name.to_owned())).or_insert((place, Some(&fact.id), today));
    }
    for sentence in sentences(evidence) {
        for (code, name) in written.patterns.get("chain").map_or_else(Vec::new, |chain| named(&sentence, chain)) {
            let Some(today) = former(&code, &name) else { continue };
            found.entry((code, name)).or_insert((sentence.section.location.clone(), None, today));
        }
    }
    let finding = |((code, name), (place, fact, today)): ((String, String), (Location, Option<&str>, String))| {
        let quoted = format!("{name}（{code}）” → “{today}");
        let mut finding = message::wording(&written.heading, &quoted, vec![place], language);
        finding.facts = fact.into_iter().map(str::to_owned).collect();
        finding
    };
    found.into_iter().map(finding).collect()
}

/// The codes and names of the first chain of a sentence: class, section and item, each name with the digits that it adds.
fn named(sentence: &Sentence<'_>, chain: &Expression) -> Vec<(String, String)> {
    let Some(captures) = sentence.captures(chain) else { return Vec::new() };
    let mut code = String::new();
    let step = |(name, digits)| {
        let (name, digits) = (captures.name(name)?.as_str(), captures.name(digits)?.as_str());
        code.push_str(digits);
        Some((code.clone(), name.to_owned()))
    };
    [("class", "c"), ("section", "s"), ("item", "i")].into_iter().map_while(step).collect()
}
