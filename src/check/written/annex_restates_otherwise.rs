//! TX-02, PF-03 — an annex restates a figure of the text with another value.
//!
//! **Why it matters.** The annex is what evaluators read; two values of one figure discredit both.
//! **When it stays quiet.** Outside annexes, in sentences about budgets and other years, and where the annex figure
//! was read as a fact, since the assertions then hold it against the text.
//! **Example.** 其中基本支出120.50万元, where the text has 125.00.

use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::interval::Interval;
use crate::check::message::{self, Language};
use crate::check::passage::{Sentence, annex_sentences, shorten};
use crate::forms::identities::Written;
use crate::model::{Basis, Fact, Finding, Literal, Location, Measure, Report, Unit};

/// Finds restated figures that differ.
pub(super) fn annex_restates_otherwise(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let (Some(annex), Some(unless)) = (written.patterns.get("annex"), written.patterns.get("unless")) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for sentence in annex_sentences(evidence, annex).filter(|s| !s.is_match(unless)) {
        findings.extend(restated(written, &sentence, evidence, language));
    }
    findings
}

fn restated(written: &Written, sentence: &Sentence<'_>, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (metric, pattern) in &written.patterns {
        let Some(captures) = sentence.captures(pattern) else { continue };
        let Some(literal) = captures.name("figure").and_then(|m| Literal::parse(m.as_str())) else { continue };
        let unit = captures.name("unit").and_then(|m| Unit::parse(m.as_str())).unwrap_or(Unit::Count);
        // What no budget could hold is no figure; it could not be subtracted either.
        let Some(value) = literal.in_base(unit).and_then(|v| Interval::around(v, Decimal::ZERO)) else { continue };
        let value = value.mid;
        let tolerance = literal.half_unit() * unit.scale() * Decimal::TWO;
        let Some(stated) = stated(metric, evidence) else { continue };
        let differs = |fact: &&Fact| unit == Unit::Count || (fact.value - value).abs() > tolerance;
        if read_as_fact(metric, value, evidence.report)
            || !stated.iter().all(differs)
            || stated.iter().any(|f| f.value == value)
        {
            continue;
        }
        let Some(first) = stated.first() else { continue };
        let places = vec![sentence.section.location.clone(), first.location.clone()];
        findings.push(finding(written, value, sentence.text, first, places, language));
    }
    findings
}

/// The figures of the text and the statements for the report's year.
fn stated<'a>(metric: &str, evidence: &Evidence<'a>) -> Option<Vec<&'a Fact>> {
    let of_text = |fact: &&&Fact| {
        matches!(fact.basis, Basis::Narrative | Basis::Table)
            && matches!(fact.measure, Measure::Amount | Measure::Count)
            && evidence.year_of(fact) == evidence.report.identity.fiscal_year
    };
    let stated: Vec<&Fact> = evidence.of_metric(metric).iter().filter(of_text).copied().collect();
    (!stated.is_empty()).then_some(stated)
}

fn read_as_fact(metric: &str, value: Decimal, report: &Report) -> bool {
    report.facts.iter().any(|f| f.basis == Basis::Annex && f.metric == metric && f.value == value)
}

fn finding(
    written: &Written,
    value: Decimal,
    text: &str,
    stated: &Fact,
    places: Vec<Location>,
    language: Language,
) -> Finding {
    let mut finding = message::wording(&written.heading, &shorten(text, 80), places, language);
    finding.lhs = Some(message::base(value));
    finding.rhs = Some(message::base(stated.value));
    finding.delta = Some((value - stated.value).normalize());
    finding.facts = vec![stated.id.clone()];
    finding.hint = Some(match language {
        Language::Zh => format!("正文为{}", stated.printed),
        Language::En => format!("the text has {}", stated.printed),
    });
    finding
}
