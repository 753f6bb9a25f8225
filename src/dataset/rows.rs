//! Outcomes as rows: one function a table, values in the order of its columns.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use rust_decimal::Decimal;
use serde::Serialize;

use super::batch::{Rows, Value, unscaled};
use super::leaf::is_leaf;
use super::schema::{Kind, Table};
use super::{Load, Outcome};
use crate::error::{ErrorKind, Result};
use crate::model::{FindingStatus, Location, Report};

/// The region code of reports whose region is unknown.
pub(super) const UNKNOWN_REGION: &str = "000000";

/// The rows of a batch of outcomes: children first, the ledger last.
///
/// # Errors
/// When a row lacks a value that its column demands, which is a fault of this module.
pub(super) fn to_batches(outcomes: &[Outcome], load: &Load) -> Result<Vec<(Table, RecordBatch)>> {
    let mut writer = Writer { load, tables: BTreeMap::new() };
    for outcome in outcomes {
        if outcome.has_content() {
            writer.content(&outcome.report);
        }
        writer.ledger(outcome);
    }
    let finish = |(table, rows): (Table, Rows)| rows.finish().map(|batch| Ok((table, batch.map_err(fault(table))?)));
    writer.tables.into_iter().rev().filter_map(finish).collect()
}

/// Makes the error of a batch that its own schema refuses.
pub(super) fn fault(table: Table) -> impl Fn(arrow_schema::ArrowError) -> crate::error::Error {
    move |error| ErrorKind::Dataset { path: table.name().to_owned(), reason: error.to_string() }.into()
}

/// The region code of a report: six digits, or [`UNKNOWN_REGION`].
pub(super) fn region_code(report: &Report) -> &str {
    let code = report.identity.region.as_ref().and_then(|r| r.code.as_deref());
    code.filter(|c| c.len() == 6 && c.bytes().all(|b| b.is_ascii_digit())).unwrap_or(UNKNOWN_REGION)
}

/// The word that the report's JSON uses for an enum.
pub(super) fn word<'a>(value: &impl Serialize) -> Value<'a> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Value::from(word),
        _ => Value::Null,
    }
}

fn maybe<'a>(value: Option<&impl Serialize>) -> Value<'a> {
    value.map_or(Value::Null, word)
}

/// Edges of a rectangle are stored to 1/100 point, which 32 bits hold for any page.
#[allow(clippy::cast_possible_truncation)]
fn place(location: &Location) -> [Value<'_>; 14] {
    let edge = |pick: fn(&[f64; 4]) -> f64| location.bbox.map(|b| pick(&b.into()) as f32).into();
    [
        location.page.into(),
        edge(|b| b[0]),
        edge(|b| b[1]),
        edge(|b| b[2]),
        edge(|b| b[3]),
        location.sheet.as_deref().into(),
        location.cell_ref.as_deref().into(),
        location.part.as_deref().into(),
        location.paragraph.into(),
        location.start.into(),
        location.end.into(),
        location.table.as_deref().into(),
        location.row.into(),
        location.col.into(),
    ]
}

struct Writer<'a> {
    load: &'a Load,
    tables: BTreeMap<Table, Rows>,
}

impl Writer<'_> {
    fn push<'v>(&mut self, table: Table, values: impl IntoIterator<Item = Value<'v>>) {
        self.tables.entry(table).or_insert_with(|| Rows::new(table)).push(values);
    }

    /// A row of a report's content: its key, its own values, its place.
    fn row(&mut self, table: Table, report: &Report, own: Vec<Value<'_>>, location: &Location) {
        let key = key(report, self.load);
        self.push(table, key.into_iter().chain(own).chain(place(location)));
    }

    fn content(&mut self, report: &Report) {
        self.sections(report);
        self.bookmarks(report);
        self.grids(report);
        self.charts(report);
        self.facts(report);
        self.indicators(report);
        self.findings(report);
        self.notes(report);
    }

    fn sections(&mut self, report: &Report) {
        for (i, s) in report.sections.iter().enumerate() {
            let own = vec![
                (&s.id).into(),
                i.into(),
                s.parent.as_deref().into(),
                s.level.into(),
                (&s.label).into(),
                (&s.title).into(),
                s.bookmarks.join("\n").into(),
                (&s.text).into(),
            ];
            self.row(Table::Sections, report, own, &s.location);
        }
    }

    fn bookmarks(&mut self, report: &Report) {
        for (i, b) in report.bookmarks.iter().enumerate() {
            let own = vec![i.into(), (&b.name).into(), word(&b.kind), b.section.as_deref().into(), (&b.text).into()];
            self.row(Table::Bookmarks, report, own, &b.location);
        }
    }

    fn grids(&mut self, report: &Report) {
        for (i, t) in report.tables.iter().enumerate() {
            let own = vec![
                (&t.id).into(),
                i.into(),
                t.form.as_deref().into(),
                t.title.as_deref().into(),
                t.code.as_deref().into(),
                t.unit.as_deref().into(),
                t.captions.join("\n").into(),
                t.footnotes.join("\n").into(),
                t.section.as_deref().into(),
                t.rows.into(),
                t.cols.into(),
                t.header_rows.into(),
                t.score.into(),
                t.reasons.join("\n").into(),
                t.locations.len().into(),
            ];
            self.row(Table::Tables, report, own, &t.locations.first().cloned().unwrap_or_default());
            for c in &t.cells {
                let own = vec![
                    (&t.id).into(),
                    c.row.into(),
                    c.col.into(),
                    c.row_span.into(),
                    c.col_span.into(),
                    (c.row < t.header_rows).into(),
                    (&c.text).into(),
                ];
                self.row(Table::Cells, report, own, &c.location);
            }
        }
    }

    fn charts(&mut self, report: &Report) {
        for chart in &report.charts {
            for (i, series) in chart.series.iter().enumerate() {
                for (j, point) in series.points.iter().enumerate() {
                    let value = self.exact(report, &chart.location, "a chart's value", point.value, Kind::Ratio);
                    let own = vec![
                        (&chart.id).into(),
                        chart.title.as_deref().into(),
                        chart.caption.as_deref().into(),
                        (&chart.kind).into(),
                        chart.section.as_deref().into(),
                        i.into(),
                        (&series.name).into(),
                        j.into(),
                        (&point.category).into(),
                        value,
                    ];
                    self.row(Table::Charts, report, own, &chart.location);
                }
            }
        }
    }

    fn facts(&mut self, report: &Report) {
        for f in &report.facts {
            let value = self.exact(report, &f.location, &f.id, Some(f.value), Kind::Amount);
            let own = vec![
                (&f.id).into(),
                (&f.metric).into(),
                word(&f.measure),
                f.period.as_deref().into(),
                maybe(f.phase.as_ref()),
                maybe(f.fund.as_ref()),
                f.func_code.as_deref().into(),
                f.func_name.as_deref().into(),
                maybe(f.code_source.as_ref()),
                f.econ_code.as_deref().into(),
                f.econ_name.as_deref().into(),
                f.project.as_deref().into(),
                f.entity.as_deref().into(),
                maybe(f.row_level.as_ref()),
                is_leaf(report, f).into(),
                value,
                f.unit.word().into(),
                (&f.printed).into(),
                f.printed_unit.map(crate::model::Unit::word).into(),
                f.decimals.into(),
                word(&f.basis),
                f.preferred.into(),
                f.confidence.into(),
            ];
            self.row(Table::Facts, report, own, &f.location);
        }
    }

    fn indicators(&mut self, report: &Report) {
        for (i, x) in report.indicators.iter().enumerate() {
            let weight = self.exact(report, &x.location, "an indicator's full mark", x.weight, Kind::Ratio);
            let score = self.exact(report, &x.location, "an indicator's mark", x.score, Kind::Ratio);
            let own = vec![
                i.into(),
                (&x.project).into(),
                (&x.level1).into(),
                (&x.level2).into(),
                (&x.level3).into(),
                (&x.target).into(),
                (&x.actual).into(),
                weight,
                score,
            ];
            self.row(Table::Indicators, report, own, &x.location);
        }
    }

    fn findings(&mut self, report: &Report) {
        for (i, x) in report.findings.iter().enumerate() {
            let location = x.locations.first().cloned().unwrap_or_default();
            let delta = self.exact(report, &location, "a finding's difference", x.delta, Kind::Ratio);
            let tolerance = self.exact(report, &location, "a finding's tolerance", x.tolerance, Kind::Ratio);
            let own = vec![
                i.into(),
                (&x.code).into(),
                x.severity.word().into(),
                word(&x.status),
                (&x.message).into(),
                x.lhs.as_deref().into(),
                x.rhs.as_deref().into(),
                delta,
                tolerance,
                x.facts.join("\n").into(),
                x.locations.len().into(),
                x.hint.as_deref().into(),
            ];
            self.row(Table::Findings, report, own, &location);
        }
    }

    fn notes(&mut self, report: &Report) {
        for (i, n) in report.notes.iter().enumerate() {
            let own = vec![i.into(), word(&n.kind), (&n.message).into()];
            self.row(Table::Notes, report, own, &n.location);
        }
    }

    /// The value if its column holds it exactly; else it is absent, and a note of the dataset says so.
    fn exact<'v>(
        &mut self,
        report: &Report,
        at: &Location,
        what: &str,
        value: Option<Decimal>,
        kind: Kind,
    ) -> Value<'v> {
        let (Some(value), Some((precision, scale))) = (value, kind.decimal()) else { return Value::Null };
        if unscaled(value, precision, scale).is_none() {
            let message = format!("{what}: {value} does not fit DECIMAL({precision},{scale}) and is left empty");
            let own = vec![report.notes.len().into(), "value_not_stored".into(), message.into()];
            self.row(Table::Notes, report, own, at);
            return Value::Null;
        }
        Value::Exact(value)
    }

    fn ledger(&mut self, outcome: &Outcome) {
        let report = &outcome.report;
        let key = key(report, self.load);
        let values = key.into_iter().chain(of_source(outcome, self.load)).chain(of_identity(report));
        self.push(Table::Reports, values.chain(of_counts(report)));
    }
}

fn key<'a>(report: &'a Report, load: &'a Load) -> [Value<'a>; 4] {
    [(&report.id).into(), (&load.id).into(), region_code(report).into(), report.identity.fiscal_year.into()]
}

fn of_source<'a>(outcome: &'a Outcome, load: &'a Load) -> Vec<Value<'a>> {
    let source = &outcome.report.source;
    let error = outcome.error();
    let twin = match &outcome.ledger {
        super::Ledger::Skipped(uri) => Value::from(uri),
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
    ]
}

fn of_counts(report: &Report) -> Vec<Value<'_>> {
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
        report.notes.len().into(),
        report.checks.satisfied.into(),
        report.checks.violated.into(),
        report.checks.not_checked.into(),
    ]
}

/// How many facts of a report are leaves.
pub(super) fn leaf_count(report: &Report) -> usize {
    report.facts.iter().filter(|f| is_leaf(report, f)).count()
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;
    use crate::dataset::{Ledger, MemorySink, Sink, sample};

    fn load() -> Load {
        Load { id: "l".into(), started_ms: 0, extractor: "juesuan/0".into() }
    }

    fn written(outcomes: &[Outcome]) -> MemorySink {
        let mut sink = MemorySink::new(load());
        sink.write(outcomes).expect("writes");
        sink.commit().expect("commits");
        sink
    }

    fn texts(sink: &MemorySink, table: Table, column: &str) -> Vec<String> {
        let of = |b: &RecordBatch| {
            let array = b.column_by_name(column).expect("a column").clone();
            let array = array.as_string::<i32>().clone();
            (0..array.len()).map(|i| array.value(i).to_owned()).collect::<Vec<_>>()
        };
        sink.table(table).iter().flat_map(of).collect()
    }

    #[test]
    fn every_value_finds_its_column() {
        let batches = to_batches(&[sample::outcome("a.docx", "甲局", 2024)], &load()).expect("rows fit their columns");
        let tables: Vec<Table> = batches.iter().map(|b| b.0).collect();
        assert_eq!(tables.last(), Some(&Table::Reports), "the ledger comes last");
        let facts = batches.iter().find(|b| b.0 == Table::Facts).map(|b| &b.1).expect("facts");
        let value = facts.column_by_name("value").expect("a column").clone();
        assert_eq!(value.as_primitive::<arrow_array::types::Decimal128Type>().value_as_string(0), "1253000.0000");
        assert_eq!(facts.column_by_name("place_col").expect("a column").null_count(), 0);
    }

    #[test]
    fn a_value_that_does_not_fit_is_absent_and_noted_and_never_rounded() {
        let mut outcome = sample::outcome("a.docx", "甲局", 2024);
        outcome.report.facts[0].value = "1.00001".parse().expect("a decimal");
        let sink = written(&[outcome]);
        assert_eq!(sink.table(Table::Facts)[0].column_by_name("value").expect("a column").null_count(), 1);
        assert_eq!(texts(&sink, Table::Facts, "printed"), ["125.30"]);
        assert_eq!(texts(&sink, Table::Notes, "kind"), ["value_not_stored"]);
    }

    #[test]
    fn one_disclosure_in_two_files_is_summed_once() {
        let sink = written(&[
            sample::outcome("b.pdf", "甲局", 2024),
            sample::outcome("a.docx", "甲局", 2024),
            sample::outcome("c.docx", "乙局", 2024),
        ]);
        let summary = &sink.table(Table::RegionSummary)[0];
        assert_eq!(summary.num_rows(), 1);
        let amount = summary.column_by_name("amount").expect("a column").clone();
        assert_eq!(amount.as_primitive::<arrow_array::types::Decimal128Type>().value_as_string(0), "2506000.0000");
    }

    #[test]
    fn a_skipped_source_has_a_ledger_row_and_no_content() {
        let mut twin = sample::outcome("b.docx", "甲局", 2024);
        twin.ledger = Ledger::Skipped("a.docx".into());
        let sink = written(&[sample::outcome("a.docx", "甲局", 2024), twin]);
        assert_eq!(texts(&sink, Table::Reports, "status"), ["extracted", "skipped"]);
        assert_eq!(texts(&sink, Table::Facts, "fact_id"), ["f1"]);
    }
}
