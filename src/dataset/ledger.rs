//! A row of the ledger: what `reports` says of one outcome.

use super::batch::Value;
use super::rows::{as_json, key, leaf_count, maybe, word};
use super::{Ledger, Load, Outcome};
use crate::model::{FindingStatus, Report};

/// The values of a row, in the order of the columns. `unstored` notes came up while the content was written.
pub(super) fn values<'a>(outcome: &'a Outcome, load: &'a Load, unstored: usize) -> impl Iterator<Item = Value<'a>> {
    let report = &outcome.report;
    let of_report = of_identity(report).into_iter().chain(of_counts(report, unstored));
    key(report, load).into_iter().chain(of_source(outcome, load)).chain(of_report)
}

fn of_source<'a>(outcome: &'a Outcome, load: &'a Load) -> Vec<Value<'a>> {
    let source = &outcome.report.source;
    let error = outcome.error();
    let twin = match &outcome.ledger {
        Ledger::Skipped(uri) => Value::from(uri),
        _ => Value::Null,
    };
    let known_hash = Some(source.sha256.as_str()).filter(|h| !h.is_empty());
    vec![
        (&source.path).into(),
        known_hash.into(),
        source.bytes.into(),
        outcome.modified_ms.into(),
        word(&source.format),
        (&load.extractor).into(),
        load.started_ms.into(),
        outcome.status().into(),
        error.map(|n| n.message.as_str()).into(),
        error.map(|n| n.location.to_string()).filter(|p| !p.is_empty()).into(),
        twin,
        outcome.attempts.into(),
        outcome.millis.into(),
        source.producer.as_deref().into(),
        source.pages.into(),
        source.sheets.into(),
        source.modified.as_deref().into(),
    ]
}

fn of_identity(report: &Report) -> Vec<Value<'_>> {
    let identity = &report.identity;
    vec![
        identity.kind.as_deref().into(),
        identity.title.as_deref().into(),
        identity.entity.as_deref().into(),
        maybe(identity.entity_level.as_ref()),
        identity.region.as_ref().map(|r| r.name.as_str()).into(),
        identity.published.as_deref().into(),
        identity.confidence.into(),
        identity.conflicts.len().into(),
        as_json(&identity.conflicts),
    ]
}

fn of_counts(report: &Report, unstored: usize) -> Vec<Value<'_>> {
    let violated = report.findings.iter().filter(|f| f.status == FindingStatus::Violated).count();
    vec![
        report.sections.len().into(),
        report.tables.len().into(),
        report.tables.iter().filter(|t| t.form.is_some()).count().into(),
        report.charts.len().into(),
        report.facts.len().into(),
        leaf_count(report).into(),
        report.indicators.len().into(),
        violated.into(),
        (report.notes.len() + unstored).into(),
        report.checks.satisfied.into(),
        report.checks.violated.into(),
        report.checks.not_checked.into(),
    ]
}
