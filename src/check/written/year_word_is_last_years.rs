//! YY-05 — a figure of the report year carries last year's year word.
//!
//! **Why it matters.** It is the commonest fault of a text that was copied from last year's, and a reader books
//! the figure under the wrong year.
//! **When it stays quiet.** Where the sentence compares, and where the same section also names the report year,
//! since it then tells of both years.
//! **Example.** In the accounts of 2020, a section that holds only 2019年…支出0万元.

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::{sentences, shorten};
use crate::forms::identities::Written;
use crate::model::{Finding, fold_text};

/// Finds sentences that state a figure for the year before the report's.
pub(super) fn year_word_is_last_years(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let report = evidence.report;
    let (Some(year), Some(claim)) = (report.identity.fiscal_year, written.patterns.get("claim")) else {
        return Vec::new();
    };
    let unless = written.patterns.get("unless");
    let mut findings = Vec::new();
    let (last, own) = (year.saturating_sub(1).to_string(), format!("{year}年"));
    for sentence in sentences(evidence).filter(|sentence| sentence.text.contains(&last)) {
        let stated = sentence.captures(claim).and_then(|c| c.get(1)?.as_str().parse::<u16>().ok());
        let is_last = stated.is_some_and(|stated| stated.checked_add(1) == Some(year));
        let compares = unless.is_some_and(|unless| sentence.is_match(unless));
        if !is_last || compares || fold_text(&sentence.section.text).contains(&own) {
            continue;
        }
        let quoted = shorten(sentence.text, 60);
        let place = sentence.section.location.clone();
        let mut finding = message::wording(&written.heading, &quoted, vec![place], language);
        finding.lhs = stated.map(|stated| stated.to_string());
        finding.rhs = Some(year.to_string());
        findings.push(finding);
    }
    findings
}
