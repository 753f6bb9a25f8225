//! Is the report true to itself? Works on a [`Report`] alone, so a JSON file of last year will do.
//!
//! Checks come in three shapes. An assertion is a formula of `forms/identities/*.toml`, evaluated over the
//! figures by [`assertion`]; a wording is a pattern of the same files, looked for by [`wording`]; what neither can
//! say is a file of its own below [`written`]. Each has three answers: satisfied, violated (a [`Finding`]), and not
//! checked, with the reason. Nothing here reads a document or corrects a figure.

mod across;
mod annex;
mod assertion;
mod evidence;
mod instance;
mod interval;
mod message;
mod misread;
mod passage;
mod same_fault;
mod unread;
mod verdict;
mod wording;
mod written;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::forms::Forms;
use crate::forms::identities::{Heading, Identities, Text};
use crate::limits::Deadline;
use crate::model::{CheckCounts, Finding, FindingStatus, Report, Severity};

pub use across::{Crossings, across, patterns};
pub use message::Language;

use evidence::{Evidence, place_key};

/// The answers of all checks on one report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// How many came out which way.
    pub counts: CheckCounts,
    /// What is wrong, and what could not be told, most severe first.
    pub findings: Vec<Finding>,
}

/// Checks a report against every identity of the forms; messages are Chinese.
#[must_use]
pub fn check(report: &Report, forms: &Forms) -> Answers {
    check_in(report, forms, Language::Zh)
}

/// Checks a report, with messages in the language asked for.
///
/// Findings are sorted by severity (most severe first), code, and place.
#[must_use]
pub fn check_in(report: &Report, forms: &Forms, language: Language) -> Answers {
    // Only a deadline stops the checks, and there is none.
    answer(&forms.identities, &Evidence::of(report, forms), language).unwrap_or_default()
}

/// Checks a report against some of the identities, such as those that a person named.
///
/// # Errors
/// When the deadline passes.
pub fn check_by(
    identities: &Identities,
    report: &Report,
    forms: &Forms,
    language: Language,
    deadline: &Deadline,
) -> Result<Answers> {
    answer(identities, &Evidence::of(report, forms).until(deadline), language)
}

/// Ids of the figures that some formula found to agree with other figures of the report.
#[must_use]
pub fn confirmed<'a>(report: &'a Report, forms: &'a Forms) -> BTreeSet<&'a str> {
    // Only a deadline stops the checks, and there is none.
    assertion::run(&forms.identities.assertions, &Evidence::of(report, forms))
        .map_or_else(|_| BTreeSet::new(), |run| run.confirmed())
}

fn answer(identities: &Identities, evidence: &Evidence<'_>, language: Language) -> Result<Answers> {
    if evidence.report.identity.kind.is_none() && evidence.report.facts.is_empty() {
        // No report of public accounts: its words follow other rules.
        return Ok(Answers::default());
    }
    let identities = &*identities.in_region(evidence.report.identity.region.as_ref());
    let run = assertion::run(&identities.assertions, evidence)?;
    let mut findings = run.findings(evidence, language);
    let of_words = wording::find(&identities.wordings, evidence, language);
    let of_rust = written::find(identities, evidence, language);
    evidence.check_time()?;
    let mut counts = run.counts;
    let (violated, not_checked): (Vec<&Finding>, Vec<&Finding>) =
        of_words.iter().chain(&of_rust).partition(|f| f.status == FindingStatus::Violated);
    counts.violated += count(violated.len());
    counts.not_checked += count(not_checked.len());
    findings.extend(of_words);
    findings.extend(of_rust);
    findings.sort_by(in_order);
    findings.dedup();
    same_fault::join(&mut findings);
    Ok(Answers { counts, findings })
}

/// Most severe first, then by code, place and message.
fn in_order(a: &Finding, b: &Finding) -> Ordering {
    b.severity
        .cmp(&a.severity)
        .then_with(|| a.code.cmp(&b.code))
        .then_with(|| a.locations.iter().map(place_key).cmp(b.locations.iter().map(place_key)))
        .then_with(|| a.message.cmp(&b.message))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What a check says about itself, for `check --list` and `check --explain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInfo {
    /// Id, such as `IT-03`.
    pub code: String,
    /// The fault in one line.
    pub title: Text,
    /// How much it matters at most.
    pub severity: Severity,
    /// Why anybody should care, and when the check stays quiet.
    pub why: Text,
    /// The formulas; none for a check that is no formula.
    pub formulas: Vec<String>,
}

/// Every check of the forms, by code.
#[must_use]
pub fn index(forms: &Forms) -> Vec<CheckInfo> {
    let identities = &forms.identities;
    let mut by_code: BTreeMap<&str, CheckInfo> = BTreeMap::new();
    for assertion in &identities.assertions {
        add(&mut by_code, &assertion.heading).formulas.push(assertion.source.clone());
    }
    for wording in &identities.wordings {
        add(&mut by_code, &wording.heading);
    }
    for written in identities.written.values().flatten() {
        add(&mut by_code, &written.heading);
    }
    for across in &identities.across {
        add(&mut by_code, &across.heading);
    }
    by_code.into_values().collect()
}

/// The entry of a code: the first heading names it, the gravest sets its severity.
fn add<'a, 'i>(by_code: &'i mut BTreeMap<&'a str, CheckInfo>, heading: &'a Heading) -> &'i mut CheckInfo {
    let info = by_code.entry(heading.id.as_str()).or_insert_with(|| CheckInfo {
        code: heading.id.clone(),
        title: heading.title.clone(),
        severity: heading.severity,
        why: heading.why.clone(),
        formulas: Vec::new(),
    });
    info.severity = info.severity.max(heading.severity);
    info
}

#[cfg(test)]
mod tests;
