//! TX-02 — the annex calls the total of income and balances income.
//!
//! **Why it matters.** 收、支总计 holds what was carried in; quoted as income, it overstates the year.
//! **When it stays quiet.** Where total and income of the year are equal, and outside annexes.
//! **Example.** 总收入640.00万元, where 640.00 is 收、支总计 and 本年收入合计 is 600.00.

use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::{annex_sentences, shorten};
use crate::forms::identities::Written;
use crate::model::{Basis, Fact, Finding, Literal, Measure, Unit};

/// Finds sentences that give the total as income.
pub(super) fn total_is_called_income(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let figure = |metric: &str| {
        let of_year = |fact: &&Fact| {
            fact.measure == Measure::Amount
                && matches!(fact.basis, Basis::Table | Basis::Narrative)
                && evidence.year_of(fact) == evidence.report.identity.fiscal_year
        };
        evidence.of_metric(metric).iter().copied().find(of_year)
    };
    let (Some(total), Some(income)) = (figure("total.in"), figure("rev.current")) else { return Vec::new() };
    let patterns = (written.patterns.get("claim"), written.patterns.get("annex"));
    let (Some(claim), Some(annex)) = patterns else { return Vec::new() };
    if total.value == income.value {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for sentence in annex_sentences(evidence, annex) {
        let stated = sentence.captures(claim).and_then(|c| amount(c.get(1)?.as_str(), c.get(2)?.as_str()));
        if stated != Some(total.value) {
            continue;
        }
        let quoted = shorten(sentence.text, 60);
        let place = sentence.section.location.clone();
        let mut finding = message::wording(&written.heading, &quoted, vec![place, total.location.clone()], language);
        finding.lhs = Some(message::base(total.value));
        finding.rhs = Some(message::base(income.value));
        finding.facts = vec![total.id.clone(), income.id.clone()];
        finding.hint = Some(match language {
            Language::Zh => format!("本年收入合计为{}", income.printed),
            Language::En => format!("income of the year is {}", income.printed),
        });
        findings.push(finding);
    }
    findings
}

fn amount(literal: &str, unit: &str) -> Option<Decimal> {
    Literal::parse(literal)?.in_base(Unit::parse(unit)?)
}
