//! The instances of an assertion: every printed figure that its first term fits starts one, and the instance's
//! year, stage, body, project, code and table say which figures the other terms mean. Takes the
//! [`Evidence`] and a formula; gives the figures that each term may stand for.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Evidence, code_of, is_whole, phase_of};
use crate::error;
use crate::forms::identities::{Assertion, CodeRef, Each, Formula, MetricRef, PhaseRef, Term, Within};
use crate::model::{Basis, Fact, Measure, Phase};

/// Digits of a functional code of the lowest rank (项).
const LEAF_DIGITS: usize = 7;

/// What the figures of one instance share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instance<'a> {
    metric: &'a str,
    whole: Option<&'a str>,
    table: Option<&'a str>,
    year: Option<u16>,
    phase: Phase,
    body: Option<&'a str>,
    project: Option<Cow<'a, str>>,
    code: Option<&'a str>,
}

/// The figures that a term may stand for: one entry for each differing print of the same figure, and in each
/// entry one figure, or all addends of a sum.
pub(super) type Options<'a> = Vec<Vec<&'a Fact>>;

/// Why a formula has nothing to say about an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Gap {
    /// A figure that it needs is not printed.
    Missing(String),
    /// A list that it adds up holds one code twice, with different figures.
    Ambiguous(String),
    /// It is not about such an instance, such as the parts of a code that has none.
    Silent,
}

/// Instances of a formula, each with the differing prints of its first figure.
///
/// # Errors
/// When the deadline passes.
pub(super) fn instances<'a>(
    assertion: &'a Assertion,
    evidence: &Evidence<'a>,
) -> error::Result<BTreeMap<Instance<'a>, Vec<&'a Fact>>> {
    let mut found: BTreeMap<Instance<'a>, Vec<&'a Fact>> = BTreeMap::new();
    let Some(anchor) = assertion.formulas.first().and_then(|f| f.left.first_term()) else { return Ok(found) };
    for (metric, whole) in anchor_metrics(assertion, anchor, evidence) {
        for &fact in evidence.of_metric(metric) {
            if !anchors(assertion, anchor, fact, evidence) {
                continue;
            }
            evidence.check_time()?;
            let instance = instance_of(metric, whole, fact, assertion, evidence);
            let prints = found.entry(instance).or_default();
            if !prints.iter().any(|p| same_print(p, fact)) {
                prints.push(fact);
            }
        }
    }
    Ok(found)
}

/// Finds the figures that each term of the formula may stand for, in reading order of the terms.
///
/// # Errors
/// A [`Gap`] when the formula cannot be evaluated on this instance.
pub(super) fn resolve<'a>(
    formula: &Formula,
    within: Within,
    instance: &Instance<'a>,
    anchor: &'a Fact,
    evidence: &Evidence<'a>,
) -> Result<Vec<Options<'a>>, Gap> {
    let mut resolved: Vec<Options<'a>> = Vec::new();
    let mut gap = None;
    let mut others_present = false;
    let mut take = |term: &Term, is_sum: bool| {
        if resolved.is_empty() && !is_sum {
            resolved.push(vec![vec![anchor]]);
            return;
        }
        let mut candidates = candidates(term, within, instance, evidence);
        if within == Within::Table && term.code == CodeRef::Same && !is_sum {
            keep_row(&mut candidates, anchor);
        }
        others_present |= !candidates.is_empty();
        match options(term, is_sum, instance, candidates) {
            Ok(options) => resolved.push(options),
            Err(found) => gap = gap.take().or(Some(found)),
        }
    };
    formula.left.visit_terms(&mut take);
    formula.right.visit_terms(&mut take);
    match gap {
        Some(gap) => Err(gap),
        None if !others_present && resolved.len() > 1 => Err(Gap::Silent),
        None => Ok(resolved),
    }
}

fn anchor_metrics<'a>(
    assertion: &'a Assertion,
    anchor: &'a Term,
    evidence: &Evidence<'a>,
) -> Vec<(&'a str, Option<&'a str>)> {
    match &anchor.metric {
        MetricRef::Named(name) => vec![(name.as_str(), None)],
        MetricRef::Whole => Vec::new(),
        MetricRef::Each if assertion.each.is_empty() => evidence.metrics().map(|metric| (metric, None)).collect(),
        MetricRef::Each => {
            let entry = |metric: &str| assertion.each.iter().find(|each| each.covers(metric));
            let pair = |metric: &'a str| entry(metric).map(|each: &'a Each| (metric, each.whole.as_deref()));
            evidence.metrics().filter_map(pair).collect()
        }
    }
}

fn anchors<'a>(assertion: &Assertion, anchor: &Term, fact: &'a Fact, evidence: &Evidence<'a>) -> bool {
    let code_fits = match &anchor.code {
        CodeRef::Uncoded => code_of(fact).is_none(),
        CodeRef::Same => code_of(fact).is_some(),
        CodeRef::Child | CodeRef::Leaf | CodeRef::Lowest => false,
        CodeRef::Digits(n) => code_of(fact).is_some_and(|code| code.len() == *n),
        CodeRef::Literal(code) => code_of(fact) == Some(code.as_str()),
    };
    let phase_fits = match anchor.phase {
        PhaseRef::Same | PhaseRef::Any => true,
        PhaseRef::Only(phase) => phase_of(fact) == phase,
        PhaseRef::AnyBudget => is_budget(phase_of(fact)),
    };
    code_fits
        && phase_fits
        && measure_fits(anchor, fact)
        && fund_fits(anchor, fact)
        && source_fits(anchor, assertion.within, fact, evidence)
}

fn instance_of<'a>(
    metric: &'a str,
    whole: Option<&'a str>,
    fact: &'a Fact,
    assertion: &Assertion,
    evidence: &Evidence<'a>,
) -> Instance<'a> {
    let table = if assertion.within == Within::Table { fact.location.table.as_deref() } else { None };
    Instance {
        metric,
        whole,
        table,
        year: evidence.year_of(fact),
        phase: phase_of(fact),
        body: evidence.body_of(fact),
        project: fact.project.as_deref().map(project_name),
        code: code_of(fact),
    }
}

fn candidates<'a>(term: &Term, within: Within, instance: &Instance<'a>, evidence: &Evidence<'a>) -> Vec<&'a Fact> {
    let Some(metric) = metric_of(term, instance) else { return Vec::new() };
    let fits = |fact: &&'a Fact| {
        measure_fits(term, fact)
            && fund_fits(term, fact)
            && code_fits(term, instance, fact)
            && period_fits(term, instance, fact, evidence)
            && evidence.body_of(fact) == instance.body
            && is_of_project(fact, instance)
            && source_fits(term, within, fact, evidence)
            && (term.source.is_some() || instance.table.is_none() || fact.location.table.as_deref() == instance.table)
    };
    let code = instance.code;
    match &term.code {
        CodeRef::Uncoded => evidence.of_code(metric, None).filter(fits).collect(),
        CodeRef::Same => evidence.of_code(metric, code).filter(fits).collect(),
        CodeRef::Literal(code) => evidence.of_code(metric, Some(code)).filter(fits).collect(),
        CodeRef::Digits(_) => evidence.of_metric(metric).iter().copied().filter(fits).collect(),
        CodeRef::Lowest => {
            // An economic code that a text names beside the functional ones divides the same money again.
            let is_functional = |fact: &&Fact| evidence.is_functional(code_of(fact).unwrap_or_default());
            let listed = evidence.of_metric(metric).iter().copied().filter(is_functional).filter(fits);
            lowest(&listed.collect::<Vec<_>>())
        }
        CodeRef::Child | CodeRef::Leaf => {
            evidence.below_code(metric, code.unwrap_or_default()).into_iter().filter(fits).collect()
        }
    }
}

/// Leaves out each figure whose code another one divides further.
fn lowest<'a>(facts: &[&'a Fact]) -> Vec<&'a Fact> {
    let codes: BTreeSet<&str> = facts.iter().filter_map(|fact| code_of(fact)).collect();
    // In order, what starts with a code comes right behind it.
    let is_divided = |code: &str| codes.range(code..).nth(1).is_some_and(|next| next.starts_with(code));
    facts.iter().copied().filter(|fact| code_of(fact).is_some_and(|code| !is_divided(code))).collect()
}

/// Keeps the figures of the anchor's row: a table may list one code for several bodies, each in its own row.
fn keep_row(candidates: &mut Vec<&Fact>, anchor: &Fact) {
    if anchor.location.row.is_some() {
        candidates.retain(|fact| fact.location.row.is_none() || fact.location.row == anchor.location.row);
    }
}

fn metric_of<'t>(term: &'t Term, instance: &Instance<'t>) -> Option<&'t str> {
    match &term.metric {
        MetricRef::Named(name) => Some(name),
        MetricRef::Each => Some(instance.metric),
        MetricRef::Whole => instance.whole,
    }
}

fn options<'a>(
    term: &Term,
    is_sum: bool,
    instance: &Instance<'_>,
    candidates: Vec<&'a Fact>,
) -> Result<Options<'a>, Gap> {
    if is_sum {
        return addends(candidates).map(|addends| vec![addends]);
    }
    if candidates.is_empty() {
        return if term.optional {
            Ok(vec![Vec::new()])
        } else {
            Err(Gap::Missing(metric_of(term, instance).unwrap_or_default().to_owned()))
        };
    }
    let mut prints: Vec<&Fact> = Vec::new();
    for fact in candidates {
        if !prints.iter().any(|p| same_print(p, fact)) {
            prints.push(fact);
        }
    }
    prints.sort_by_key(|fact| !fact.preferred);
    Ok(prints.into_iter().map(|fact| vec![fact]).collect())
}

/// The addends of a list: each code once.
fn addends(candidates: Vec<&Fact>) -> Result<Vec<&Fact>, Gap> {
    let mut by_code: BTreeMap<&str, &Fact> = BTreeMap::new();
    for fact in candidates {
        let Some(code) = code_of(fact) else { continue };
        match by_code.get(code) {
            Some(first) if first.value != fact.value => return Err(Gap::Ambiguous(code.to_owned())),
            Some(_) => {}
            None => {
                by_code.insert(code, fact);
            }
        }
    }
    if by_code.is_empty() { Err(Gap::Silent) } else { Ok(by_code.into_values().collect()) }
}

fn same_print(a: &Fact, b: &Fact) -> bool {
    a.value == b.value && a.decimals == b.decimals
}

fn measure_fits(term: &Term, fact: &Fact) -> bool {
    match term.measure {
        Some(measure) => fact.measure == measure,
        None => matches!(fact.measure, Measure::Amount | Measure::Count | Measure::Score),
    }
}

fn fund_fits(term: &Term, fact: &Fact) -> bool {
    match term.fund {
        Some(fund) => fact.fund == Some(fund),
        None => is_whole(fact),
    }
}

fn code_fits(term: &Term, instance: &Instance<'_>, fact: &Fact) -> bool {
    let code = code_of(fact);
    let parent = instance.code.unwrap_or_default();
    match &term.code {
        CodeRef::Uncoded => code.is_none(),
        CodeRef::Same => code == instance.code,
        CodeRef::Digits(n) => code.is_some_and(|code| code.len() == *n),
        CodeRef::Literal(literal) => code == Some(literal.as_str()),
        CodeRef::Child => code.is_some_and(|code| code.len() == parent.len() + 2 && code.starts_with(parent)),
        CodeRef::Lowest => code.is_some(),
        CodeRef::Leaf => code.is_some_and(|code| code.len() == LEAF_DIGITS && code.starts_with(parent)),
    }
}

fn period_fits(term: &Term, instance: &Instance<'_>, fact: &Fact, evidence: &Evidence<'_>) -> bool {
    let year = if term.previous { instance.year.and_then(|y| y.checked_sub(1)) } else { instance.year };
    let phase = phase_of(fact);
    evidence.year_of(fact) == year
        && match term.phase {
            PhaseRef::Same => phase == instance.phase,
            PhaseRef::Only(only) => phase == only,
            PhaseRef::AnyBudget => is_budget(phase),
            PhaseRef::Any => true,
        }
}

fn is_budget(phase: Phase) -> bool {
    matches!(phase, Phase::InitialBudget | Phase::AdjustedBudget)
}

fn source_fits(term: &Term, within: Within, fact: &Fact, evidence: &Evidence<'_>) -> bool {
    match term.source.as_deref() {
        None => match within {
            Within::Table => matches!(fact.basis, Basis::Table | Basis::Form),
            Within::Text => fact.basis == Basis::Narrative,
            Within::Annex => fact.basis == Basis::Annex,
            Within::Report => matches!(fact.basis, Basis::Table | Basis::Narrative),
        },
        Some("table") => fact.basis == Basis::Table,
        Some("text") => fact.basis == Basis::Narrative,
        Some("annex") => fact.basis == Basis::Annex,
        Some("form") => fact.basis == Basis::Form,
        Some("chart") => fact.basis == Basis::Chart,
        Some(name) => evidence.form_of(fact).is_some_and(|form| evidence.stands_for(name, form)),
    }
}

/// A project's name without quotes and the word 项目, which text and form put or leave out at will.
/// Names are only laid beside each other where both have one, which is seldom.
fn is_of_project(fact: &Fact, instance: &Instance<'_>) -> bool {
    match (&fact.project, &instance.project) {
        (Some(own), Some(project)) => project_name(own) == *project,
        (own, project) => own.is_none() && project.is_none(),
    }
}

fn project_name(name: &str) -> Cow<'_, str> {
    let is_mark = |c: char| c.is_whitespace() || "“”\"'《》".contains(c);
    if !name.contains(is_mark) {
        return Cow::Borrowed(name.strip_suffix("项目").unwrap_or(name));
    }
    let plain: String = name.chars().filter(|c| !is_mark(*c)).collect();
    Cow::Owned(plain.strip_suffix("项目").map_or_else(|| plain.clone(), str::to_owned))
}
