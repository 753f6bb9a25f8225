//! HR-03 — a code stands beside the name that it had before the classification was changed.
//!
//! **Why it matters.** A reader who looks the name up finds nothing.
//! **When it stays quiet.** For names that the list of codes does not know, and for codes told from the name.
//! **Example.** 20805 行政事业单位离退休, which has been 行政事业单位养老支出 since 2020.

use std::collections::BTreeMap;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::forms::codes::name_key;
use crate::forms::identities::Written;
use crate::model::{CodeSource, Fact, Finding};

/// The classification was last renamed throughout for this year.
const RENAMED: u16 = 2020;

/// Finds codes with their former names, one finding a code and name.
pub(super) fn code_has_its_former_name(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    if evidence.report.identity.fiscal_year.is_none_or(|year| year < RENAMED) {
        return Vec::new();
    }
    let mut found: BTreeMap<(&str, &str), (&Fact, &str)> = BTreeMap::new();
    for fact in evidence.report.facts.iter().filter(|f| f.code_source != Some(CodeSource::Inferred)) {
        let (Some(code), Some(name)) = (fact.func_code.as_deref(), fact.func_name.as_deref()) else { continue };
        let list = evidence.functional();
        let Some(today) = list.name(code) else { continue };
        if name_key(name) != name_key(today) && list.is_name_of(name, code) {
            found.entry((code, name)).or_insert((fact, today));
        }
    }
    let finding = |((code, name), (fact, today)): ((&str, &str), (&Fact, &str))| {
        let quoted = format!("{code} {name}” → “{today}");
        let mut finding = message::wording(&written.heading, &quoted, vec![fact.location.clone()], language);
        finding.facts = vec![fact.id.clone()];
        finding
    };
    found.into_iter().map(finding).collect()
}
