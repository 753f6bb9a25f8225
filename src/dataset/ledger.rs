//! Rows of the ledger: what `reports` says of one outcome, and what a later run may change of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::ArrowError;

use super::batch::Value;
use super::entry::{SKIPPED, SUPERSEDED, VANISHED};
use super::report_rows::{ReportRows, Tally};
use super::value::{as_json, key, maybe, word};
use super::{Load, Outcome};
use crate::model::{CheckCounts, Report};

/// The values of a row, in the order of the columns; `rows` are those of the report's content.
pub(super) fn values<'a>(
    outcome: &'a Outcome,
    rows: &'a ReportRows,
    load: &'a Load,
) -> impl Iterator<Item = Value<'a>> + use<'a> {
    let report = &outcome.report;
    let joining = rows.joining.as_deref().filter(|_| outcome.has_content() && !outcome.is_failure());
    let of_report = of_identity(report).into_iter().chain(of_counts(&rows.tally, report.checks));
    key(report, &load.id).into_iter().chain(of_source(outcome, load)).chain(of_report).chain([joining.into()])
}

fn of_source<'a>(outcome: &'a Outcome, load: &'a Load) -> Vec<Value<'a>> {
    let source = &outcome.report.source;
    let error = outcome.error();
    vec![
        (&source.path).into(),
        source.hash().into(),
        source.bytes.into(),
        outcome.modified_ms.into(),
        word(&source.format),
        (&load.extractor).into(),
        load.started_ms.into(),
        outcome.status().into(),
        error.map(|n| n.message.as_str()).into(),
        error.map(|n| n.location.to_string()).filter(|p| !p.is_empty()).into(),
        outcome.original().into(),
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

fn of_counts(tally: &Tally, checks: CheckCounts) -> [Value<'static>; 12] {
    [
        tally.sections.into(),
        tally.tables.into(),
        tally.placed_tables.into(),
        tally.charts.into(),
        tally.facts.into(),
        tally.leaves.into(),
        tally.indicators.into(),
        tally.violated().into(),
        tally.notes.into(),
        checks.satisfied.into(),
        checks.violated.into(),
        checks.not_checked.into(),
    ]
}

/// What a later run does to a row. Counts and times stay as they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amendment {
    /// Another version of the document took its place.
    Supersede,
    /// The file is gone.
    Vanish,
    /// The file has another time and the same bytes, in milliseconds since 1970 (UTC).
    Touch(Option<i64>),
    /// The same version of the document was read again.
    Drop,
}

/// Source and load, which name a row of the ledger.
pub(super) type RowKey = (String, String);

/// The rows of a batch of the ledger with amendments; `None` when none of them is amended.
pub(super) fn amend(
    batch: &RecordBatch,
    amendments: &BTreeMap<RowKey, Amendment>,
) -> Result<Option<RecordBatch>, ArrowError> {
    let text = |name: &str| batch.column_by_name(name).map(AsArray::as_string::<i32>);
    let (Some(uri), Some(load), Some(status)) = (text("source_uri"), text("load_id"), text("status")) else {
        return Ok(None);
    };
    let keys = (0..batch.num_rows()).map(|i| (uri.value(i).to_owned(), load.value(i).to_owned()));
    let found: Vec<Option<Amendment>> = keys.map(|key| amendments.get(&key).copied()).collect();
    if found.iter().all(Option::is_none) {
        return Ok(None);
    }
    let status = found.iter().enumerate().map(|(i, a)| amended_status(*a).unwrap_or(status.value(i)));
    let status: ArrayRef = Arc::new(StringArray::from_iter_values(status));
    let amended = with_column(batch, "status", status)?;
    let amended = with_column(&amended, "modified_at", amended_times(batch, &found))?;
    let kept: BooleanArray = found.iter().map(|a| Some(*a != Some(Amendment::Drop))).collect();
    arrow_select::filter::filter_record_batch(&amended, &kept).map(Some)
}

/// The rows of a batch of the ledger in which sources are copies of others; `None` when none of them is.
pub(super) fn skip(
    batch: &RecordBatch,
    originals: &BTreeMap<String, String>,
) -> Result<Option<RecordBatch>, ArrowError> {
    let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let (Some(uri), Some(status)) = (text("source_uri"), text("status")) else { return Ok(None) };
    let (Some(twin), Some(joining)) = (text("duplicate_of"), text("joining")) else { return Ok(None) };
    let found: Vec<Option<&String>> = uri.iter().map(|uri| originals.get(uri?)).collect();
    if found.iter().all(Option::is_none) {
        return Ok(None);
    }
    let column = |before: &StringArray, new: fn(&String) -> Option<&str>| -> ArrayRef {
        let values = before.iter().zip(&found).map(|(before, found)| found.map_or(before, new));
        Arc::new(values.collect::<StringArray>())
    };
    let skipped = with_column(batch, "status", column(status, |_| Some(SKIPPED)))?;
    let skipped = with_column(&skipped, "duplicate_of", column(twin, |original| Some(original)))?;
    with_column(&skipped, "joining", column(joining, |_| None)).map(Some)
}

fn amended_status(amendment: Option<Amendment>) -> Option<&'static str> {
    match amendment? {
        Amendment::Supersede => Some(SUPERSEDED),
        Amendment::Vanish => Some(VANISHED),
        Amendment::Touch(_) | Amendment::Drop => None,
    }
}

fn amended_times(batch: &RecordBatch, found: &[Option<Amendment>]) -> ArrayRef {
    let before = batch.column_by_name("modified_at").and_then(|c| c.as_primitive_opt::<TimestampMicrosecondType>());
    let at = |i: usize| before.filter(|c| c.is_valid(i)).map(|c| c.value(i));
    let times = found.iter().enumerate().map(|(i, amendment)| match amendment {
        Some(Amendment::Touch(ms)) => ms.and_then(|ms| ms.checked_mul(1_000)),
        _ => at(i),
    });
    Arc::new(times.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn with_column(batch: &RecordBatch, name: &str, column: ArrayRef) -> Result<RecordBatch, ArrowError> {
    let mut columns = batch.columns().to_vec();
    let at = batch.schema().index_of(name)?;
    if let Some(place) = columns.get_mut(at) {
        *place = column;
    }
    RecordBatch::try_new(batch.schema(), columns)
}
