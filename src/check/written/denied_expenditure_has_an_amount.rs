//! TT-09 — the text says that a budget had no expenditure, and its statement has some.
//!
//! **Why it matters.** One of the two is last year's.
//! **When it stays quiet.** Where only income is denied, and where the statement was not read.
//! **Example.** 本部门2030年度无政府性基金预算财政拨款收入和支出, where the statement has 12.00.

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::{sentences, shorten};
use crate::forms::identities::Written;
use crate::model::{Basis, Fact, Finding, Measure};

/// Finds denials of expenditure that a statement prints.
pub(super) fn denied_expenditure_has_an_amount(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let year = evidence.report.identity.fiscal_year;
    let mut findings = Vec::new();
    for (metric, denial) in &written.patterns {
        let printed = |fact: &&&Fact| {
            let of_whole = fact.func_code.is_none() && fact.measure == Measure::Amount;
            of_whole && fact.basis == Basis::Table && evidence.year_of(fact) == year && !fact.value.is_zero()
        };
        let Some(fact) = evidence.of_metric(metric).iter().find(printed) else { continue };
        for sentence in sentences(evidence).filter(|s| s.is_match(denial)) {
            let places = vec![sentence.section.location.clone(), fact.location.clone()];
            let quoted = format!("{}” {} “{}", shorten(sentence.text, 60), "≠", fact.printed);
            let mut finding = message::wording(&written.heading, &quoted, places, language);
            finding.facts = vec![fact.id.clone()];
            findings.push(finding);
        }
    }
    findings
}
