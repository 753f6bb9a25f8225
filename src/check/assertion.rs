//! Runs the assertions of the forms over a report. Each instance comes out satisfied, violated or not checked;
//! the violated ones become findings, and an assertion that could judge nothing says what it missed. Which
//! figure is at fault is told from the other assertions: a figure that many of them confirm is not.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::Evidence;
use super::instance::{Gap, instances, resolve};
use super::message::{self, Language};
use super::misread;
use super::unread;
use super::verdict::{Standing, Verdict, judge};
use crate::error::Result;
use crate::forms::identities::{Assertion, Expr, Relation, Tolerance, Within};
use crate::model::{CheckCounts, Fact, Finding, FindingStatus, Severity};

/// Below this confidence a figure accuses nobody.
const DOUBTFUL: f32 = 0.5;
/// Below this confidence a finding is lowered by one step.
const UNSURE: f32 = 0.8;

/// What the assertions said about a report, before findings are written.
#[derive(Default)]
pub(super) struct Run<'a> {
    pub counts: CheckCounts,
    violations: Vec<(&'a Assertion, Verdict<'a>)>,
    gaps: Vec<(&'a Assertion, String)>,
    judged: BTreeSet<&'a str>,
    confirmed: BTreeMap<&'a str, u32>,
}

/// Evaluates every assertion that is for the report's kind.
///
/// # Errors
/// When the deadline passes.
pub(super) fn run<'a>(assertions: &'a [Assertion], evidence: &Evidence<'a>) -> Result<Run<'a>> {
    let kind = evidence.report.identity.kind.as_deref();
    let mut run = Run::default();
    for assertion in assertions.iter().filter(|a| a.heading.applies_to(kind)) {
        run.take(assertion, evidence)?;
    }
    Ok(run)
}

/// What one instance came to.
enum Outcome<'a> {
    Judged(Verdict<'a>),
    NotChecked(String),
    Silent,
}

impl<'a> Run<'a> {
    fn take(&mut self, assertion: &'a Assertion, evidence: &Evidence<'a>) -> Result<()> {
        let mut missed = None;
        for (instance, prints) in instances(assertion, evidence)? {
            let outcome =
                |anchor: &&'a Fact| evidence.check_time().map(|()| outcome(assertion, &instance, anchor, evidence));
            let outcomes = prints.iter().map(outcome).collect::<Result<_>>()?;
            for outcome in without_parts(assertion, outcomes) {
                match outcome {
                    Outcome::Silent => {}
                    Outcome::NotChecked(reason) => {
                        self.counts.not_checked += 1;
                        missed = missed.or(Some(reason));
                    }
                    Outcome::Judged(verdict) => {
                        self.judged.insert(&assertion.heading.id);
                        self.record(assertion, verdict);
                    }
                }
            }
        }
        self.gaps.extend(missed.map(|reason| (assertion, reason)));
        Ok(())
    }

    fn record(&mut self, assertion: &'a Assertion, verdict: Verdict<'a>) {
        if matches!(verdict.standing, Standing::Agree | Standing::Rounded) {
            self.counts.satisfied += 1;
            for fact in verdict.figures.iter().flatten() {
                *self.confirmed.entry(fact.id.as_str()).or_default() += 1;
            }
        } else {
            self.counts.violated += 1;
        }
        if verdict.standing != Standing::Agree {
            self.violations.push((assertion, verdict));
        }
    }

    /// The figures that some assertion found to agree with others.
    pub fn confirmed(&self) -> BTreeSet<&'a str> {
        self.confirmed.keys().copied().collect()
    }

    /// Writes the findings, in no particular order.
    pub fn findings(&self, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
        let of_violation =
            |(assertion, verdict): &(&'a Assertion, Verdict<'a>)| self.finding(assertion, verdict, evidence, language);
        let mut findings: Vec<Finding> = self.violations.iter().map(of_violation).collect();
        let mut told = self.judged.clone();
        for (assertion, reason) in &self.gaps {
            if told.insert(&assertion.heading.id) {
                findings.push(message::not_checked(&assertion.heading, evidence.label(reason, language), language));
            }
        }
        findings
    }

    fn finding(
        &self,
        assertion: &Assertion,
        verdict: &Verdict<'_>,
        evidence: &Evidence<'_>,
        language: Language,
    ) -> Finding {
        let facts: Vec<&Fact> = verdict.figures.iter().flatten().copied().collect();
        let severity = severity(assertion.heading.severity, verdict.standing, &facts);
        let hint = [message::standing_hint(verdict.standing, language), self.suspect(verdict, &facts, language)];
        let own = assertion.hint.as_ref().map(|text| language.of(text).to_owned());
        let hint: Vec<String> = hint.into_iter().flatten().chain(own).collect();
        let mut seen = BTreeSet::new();
        let facts: Vec<&Fact> = facts.into_iter().filter(|fact| seen.insert(&fact.id)).collect();
        Finding {
            code: assertion.heading.id.clone(),
            severity,
            status: FindingStatus::Violated,
            message: message::violated(assertion, verdict, evidence, language),
            lhs: Some(message::base(verdict.left.mid)),
            rhs: Some(message::base(verdict.right.mid)),
            delta: Some(verdict.delta().round_dp(6).normalize()),
            tolerance: Some(verdict.tolerance.round_dp(6).normalize()),
            facts: facts.iter().map(|fact| fact.id.clone()).collect(),
            locations: facts.iter().map(|fact| fact.location.clone()).collect(),
            hint: (!hint.is_empty()).then(|| hint.join(language.pause())),
        }
    }

    /// Names the one figure that no other assertion confirms, when all the others are confirmed.
    fn suspect(&self, verdict: &Verdict<'_>, facts: &[&Fact], language: Language) -> Option<String> {
        if verdict.standing != Standing::Differ {
            return None;
        }
        let printed = facts.iter().filter(|fact| !fact.value.is_zero());
        let mut unconfirmed = printed.filter(|fact| !self.confirmed.contains_key(fact.id.as_str()));
        let (only, more) = (unconfirmed.next(), unconfirmed.next());
        let others = facts.iter().any(|fact| self.confirmed.contains_key(fact.id.as_str()));
        only.filter(|_| more.is_none() && others).map(|fact| message::suspect(fact, language))
    }
}

fn outcome<'a>(
    assertion: &'a Assertion,
    instance: &super::instance::Instance<'a>,
    anchor: &'a Fact,
    evidence: &Evidence<'a>,
) -> Outcome<'a> {
    let mut best: Option<Verdict<'a>> = None;
    let mut first_gap = None;
    for (n, formula) in assertion.formulas.iter().enumerate() {
        let options = match resolve(formula, assertion.within, instance, anchor, evidence) {
            Ok(options) => options,
            Err(gap) => {
                first_gap = first_gap.or(Some(gap));
                continue;
            }
        };
        let Some(verdict) = judge(formula, assertion.tolerance, &options, evidence) else { continue };
        // Another way to be right only counts when it is right; the fault is told by the first formula.
        let counts = n == 0 || verdict.standing < Standing::Truncated;
        if counts && best.as_ref().is_none_or(|b| verdict.standing < b.standing) {
            best = Some(verdict);
        }
    }
    match (best, first_gap) {
        (Some(verdict), _) => doubt(assertion, verdict, evidence),
        (None, Some(Gap::Missing(metric))) => Outcome::NotChecked(metric),
        (None, Some(Gap::Ambiguous(code))) => Outcome::NotChecked(code),
        (None, _) => Outcome::Silent,
    }
}

/// Drops the prints of one figure that are rather another figure's: an annex goes on to name parts in the words of
/// the whole, and two percentages of one thing are shares of two.
fn without_parts<'a>(assertion: &Assertion, outcomes: Vec<Outcome<'a>>) -> Vec<Outcome<'a>> {
    let anchor = assertion.formulas.first().and_then(|f| f.left.first_term());
    let source = anchor.and_then(|term| term.source.as_deref());
    let is_annex = source == Some("annex") || (source.is_none() && assertion.within == Within::Annex);
    let agrees = |o: &Outcome<'_>| matches!(o, Outcome::Judged(v) if v.standing <= Standing::Rounded);
    let is_share = assertion.tolerance == Tolerance::Percent && outcomes.len() > 1;
    // Three prints of one figure of the text are figures of its parts, which our reading took for the whole.
    let is_text = source == Some("text") || (source.is_none() && assertion.within == Within::Text);
    let are_parts = is_text && outcomes.len() > 2 && assertion.tolerance != Tolerance::Exact;
    if is_share || are_parts || (is_annex && outcomes.iter().any(agrees)) {
        return outcomes.into_iter().filter(|o| agrees(o)).collect();
    }
    outcomes
}

/// Takes a difference back when it is more likely ours than the report's.
fn doubt<'a>(assertion: &Assertion, verdict: Verdict<'a>, evidence: &Evidence<'a>) -> Outcome<'a> {
    if matches!(verdict.standing, Standing::Agree | Standing::Rounded) {
        return Outcome::Judged(verdict);
    }
    let facts: Vec<&Fact> = verdict.figures.iter().flatten().copied().collect();
    if let Some(fact) = facts.iter().find(|fact| fact.confidence < DOUBTFUL) {
        return Outcome::NotChecked(fact.printed.clone());
    }
    if let Some(literal) = misread_figure(assertion, &verdict, evidence) {
        return Outcome::NotChecked(literal);
    }
    if assertion.within == Within::Text && names_one_part(assertion, &verdict) {
        return Outcome::NotChecked(verdict.left.mid.to_string());
    }
    let adds_up = verdict.figures.len() > 2 || has_list(assertion);
    let unread = match assertion.within {
        Within::Table if adds_up => unread::in_table(&facts, evidence).or_else(|| misread::cut_table(&facts, evidence)),
        Within::Text | Within::Annex if adds_up => {
            let gap = || unread::missing_addend(verdict.delta(), verdict.tolerance, evidence);
            unread::without_code(&facts, evidence).or_else(|| unread::in_text(&facts, evidence)).or_else(gap)
        }
        Within::Report if adds_up && assertion.tolerance == Tolerance::Sum => {
            let gap = || unread::missing_addend(verdict.delta(), verdict.tolerance, evidence);
            unread::in_tables(&facts, evidence).or_else(|| if has_list(assertion) { gap() } else { None })
        }
        _ => None,
    };
    match unread {
        Some(literal) => Outcome::NotChecked(literal),
        None => Outcome::Judged(verdict),
    }
}

/// Whether a total is held against one part of it: the text goes on to tell of that part, not of all.
fn names_one_part(assertion: &Assertion, verdict: &Verdict<'_>) -> bool {
    let parts = verdict.figures.iter().skip(1).flatten().filter(|fact| !fact.value.is_zero());
    assertion.tolerance == Tolerance::Sum
        && assertion
            .formulas
            .first()
            .is_some_and(|formula| formula.relation == Relation::Equal && matches!(formula.left, Expr::Term(_)))
        && parts.count() <= 1
        && verdict.left.mid > verdict.right.mid
}

/// The figure that the difference hangs on, when the report prints one beside it that agrees.
fn misread_figure(assertion: &Assertion, verdict: &Verdict<'_>, evidence: &Evidence<'_>) -> Option<String> {
    match (assertion.tolerance, assertion.within) {
        (Tolerance::Percent, _) if verdict.standing == Standing::Differ => {
            misread::change_of_another(verdict, evidence)
                .or_else(|| misread::ratio_of_another(verdict, evidence))
                .or_else(|| misread::share_of_another(verdict, evidence))
        }
        (Tolerance::Same, _) | (Tolerance::Sum, Within::Text) => misread::agreeing_neighbour(verdict, evidence),
        _ => None,
    }
}

/// Whether the formula adds up whatever is printed, so that it stands and falls with reading all of it.
fn has_list(assertion: &Assertion) -> bool {
    let mut found = false;
    for formula in &assertion.formulas {
        formula.left.visit_terms(&mut |_, is_sum| found |= is_sum);
        formula.right.visit_terms(&mut |_, is_sum| found |= is_sum);
    }
    found
}

fn severity(stated: Severity, standing: Standing, facts: &[&Fact]) -> Severity {
    let severity = match standing {
        Standing::Agree | Standing::Rounded => Severity::Info,
        Standing::Truncated => stated.min(Severity::Warn),
        Standing::Differ => stated,
    };
    if facts.iter().any(|fact| fact.confidence < UNSURE) { one_step_lower(severity) } else { severity }
}

fn one_step_lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::Error,
        Severity::Error => Severity::Warn,
        Severity::Warn | Severity::Info => Severity::Info,
    }
}
