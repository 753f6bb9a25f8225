//! PC-03 — a completion is printed although there was nothing to complete.
//!
//! **Why it matters.** A percentage of nothing means nothing; it is mostly the sentence of another year.
//! **When it stays quiet.** Where a budget above zero is printed, and where the completion is zero.
//! **Example.** 支出0万元，完成预算100%: reported. 支出0万元，完成预算0%: fine.

use crate::check::evidence::{Evidence, code_of};
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use crate::model::{Fact, Finding, Measure, Phase, Severity};

/// Finds completions of figures that are zero, or whose budget is.
pub(super) fn percentage_of_nothing(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let completions = evidence.report.facts.iter().filter(|fact| fact.measure == Measure::Completion);
    completions.filter_map(|fact| finding(written, fact, evidence, language)).collect()
}

fn finding(written: &Written, completion: &Fact, evidence: &Evidence<'_>, language: Language) -> Option<Finding> {
    let of_same = |other: &&&Fact| {
        other.measure == Measure::Amount
            && other.basis == completion.basis
            && evidence.year_of(other) == evidence.year_of(completion)
            && code_of(other) == code_of(completion)
            && (&other.project, &other.entity) == (&completion.project, &completion.entity)
    };
    let amounts: Vec<&&Fact> = evidence.of_metric(&completion.metric).iter().filter(of_same).collect();
    let is_budget = |fact: &Fact| matches!(fact.phase, Some(Phase::InitialBudget | Phase::AdjustedBudget));
    let (budgets, outturns): (Vec<&&Fact>, Vec<&&Fact>) = amounts.into_iter().partition(|fact| is_budget(fact));
    let outturn = outturns.first().filter(|_| outturns.iter().all(|fact| fact.value.is_zero()))?;
    let nothing_planned = !budgets.is_empty() && budgets.iter().all(|fact| fact.value.is_zero());
    if completion.value.is_zero() && !nothing_planned {
        return None;
    }
    let (name, rate) = (evidence.label(&outturn.metric, language), plain(&completion.printed));
    let quoted = match language {
        Language::Zh => format!("{name}决算{}，完成预算{rate}%", outturn.printed),
        Language::En => format!("{name} is {}, completion {rate}%", outturn.printed),
    };
    let places = vec![outturn.location.clone(), completion.location.clone()];
    let mut finding = message::wording(&written.heading, &quoted, places, language);
    finding.facts = vec![outturn.id.clone(), completion.id.clone()];
    if completion.value.is_zero() {
        finding.severity = Severity::Info;
    }
    Some(finding)
}

fn plain(printed: &str) -> &str {
    printed.trim_end_matches(['%', '％'])
}
