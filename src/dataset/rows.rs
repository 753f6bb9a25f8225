//! A report's content as rows: one function a table, values in the order of its columns. The ledger's row is made
//! in `ledger.rs`, by whoever knows what became of the document.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::batch::{Value, unscaled};
use super::leaf::is_leaf;
use super::packed::Packed;
use super::schema::{Kind, Table};
use super::value::{as_json, key, maybe, word};
use crate::error::{Error, Result};
use crate::model::{Location, Note, NoteKind, Report};

/// The rows of a report's content by table, for the load `load_id`; and how many notes say that a value of it does not
/// fit its column.
///
/// # Errors
/// When a value cannot be packed, which is a fault of this program.
pub(super) fn content_of(report: &Report, load_id: &str) -> Result<(Vec<(Table, Packed)>, usize)> {
    let mut writer = Writer { load_id, tables: BTreeMap::new(), fault: None, unstored: Vec::new() };
    writer.content(report);
    writer.fault.map_or_else(|| Ok((writer.tables.into_iter().collect(), writer.unstored.len())), Err)
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
    load_id: &'a str,
    tables: BTreeMap<Table, Packed>,
    /// The first thing that went wrong.
    fault: Option<Error>,
    /// Notes of values of the report that no column holds.
    unstored: Vec<Note>,
}

impl Writer<'_> {
    fn push<'v>(&mut self, table: Table, values: impl IntoIterator<Item = Value<'v>>) {
        let pushed = self.tables.entry(table).or_default().push(table, values);
        self.fault = self.fault.take().or(pushed.err());
    }

    /// A row of a report's content: its key, its own values, its place.
    fn row(&mut self, table: Table, report: &Report, own: Vec<Value<'_>>, location: &Location) {
        let key = key(report, self.load_id);
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
                as_json(&t.locations),
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
                    let value = self.exact(&chart.location, "a chart's value", point.value, Kind::Ratio);
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
            let value = self.exact(&f.location, &f.id, Some(f.value), Kind::Amount);
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
            let weight = self.exact(&x.location, "an indicator's full mark", x.weight, Kind::Ratio);
            let score = self.exact(&x.location, "an indicator's mark", x.score, Kind::Ratio);
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
            let delta = self.exact(&location, "a finding's difference", x.delta, Kind::Ratio);
            let tolerance = self.exact(&location, "a finding's tolerance", x.tolerance, Kind::Ratio);
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
                as_json(&x.locations),
                x.hint.as_deref().into(),
            ];
            self.row(Table::Findings, report, own, &location);
        }
    }

    fn notes(&mut self, report: &Report) {
        let unstored = self.unstored.clone();
        for (i, n) in report.notes.iter().chain(&unstored).enumerate() {
            let own = vec![i.into(), word(&n.kind), (&n.message).into()];
            self.row(Table::Notes, report, own, &n.location);
        }
    }

    /// The value if its column holds it exactly; else it is absent, and a note of the dataset says so.
    fn exact<'v>(&mut self, at: &Location, what: &str, value: Option<Decimal>, kind: Kind) -> Value<'v> {
        let (Some(value), Some((precision, scale))) = (value, kind.decimal()) else { return Value::Null };
        if unscaled(value, precision, scale).is_none() {
            let message = format!("{what}: {value} does not fit DECIMAL({precision},{scale}) and is left empty");
            self.unstored.push(Note::new(NoteKind::ValueNotStored, message, at.clone()));
            return Value::Null;
        }
        Value::Exact(value)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::{Array, RecordBatch};

    use super::*;
    use crate::dataset::{Ledger, Load, MemorySink, Outcome, Sink, sample};
    use crate::forms::Forms;
    use crate::model::Conflict;

    fn load() -> Load {
        Load { id: "l".into(), started_ms: 0, extractor: "juesuan/0".into() }
    }

    fn written(outcomes: &[Outcome]) -> MemorySink {
        let mut sink = MemorySink::new(load(), Forms::builtin());
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

    fn whole(sink: &MemorySink, table: Table, column: &str) -> Vec<i32> {
        let of = |b: &RecordBatch| {
            let array = b.column_by_name(column).expect("a column").clone();
            array.as_primitive::<arrow_array::types::Int32Type>().values().to_vec()
        };
        sink.table(table).iter().flat_map(of).collect()
    }

    #[test]
    fn every_place_and_every_conflict_is_kept() {
        let mut outcome = sample::outcome("a.docx", "甲局", 2024);
        let report = &mut outcome.report;
        report.findings[0].locations.push(Location::in_sheet("表", 1, 1));
        report.tables[0].locations.push(Location { page: Some(4), ..Location::default() });
        let conflict = Conflict { field: "fiscal_year".into(), value: "2023".into(), source: "file name".into() };
        report.identity.conflicts.push(conflict);
        let sink = written(&[outcome.clone()]);
        let back: Vec<Location> =
            serde_json::from_str(&texts(&sink, Table::Findings, "locations")[0]).expect("JSON of the report");
        assert_eq!(back, outcome.report.findings[0].locations);
        assert_eq!(texts(&sink, Table::Tables, "locations"), [r#"[{"page":4}]"#]);
        let conflicts = r#"[{"field":"fiscal_year","value":"2023","source":"file name"}]"#;
        assert_eq!(texts(&sink, Table::Reports, "conflicts_json"), [conflicts]);
    }

    #[test]
    fn every_value_finds_its_column() {
        let outcome = sample::outcome("a.docx", "甲局", 2024);
        let (tables, unstored) = content_of(&outcome.report, "l").expect("rows");
        assert_eq!(unstored, 0);
        assert!(tables.iter().all(|t| t.0.is_content()), "the ledger is another's");
        let facts = tables.iter().find(|t| t.0 == Table::Facts).map(|t| &t.1).expect("facts");
        let facts = facts.batches(Table::Facts).next().expect("rows").expect("they fit their columns");
        let value = facts.column_by_name("value").expect("a column").clone();
        assert_eq!(value.as_primitive::<arrow_array::types::Decimal128Type>().value_as_string(0), "1253000.0000");
        assert_eq!(facts.column_by_name("place_col").expect("a column").null_count(), 0);
    }

    #[test]
    fn a_value_that_does_not_fit_is_absent_and_noted_and_never_rounded() {
        let mut outcome = sample::outcome("a.docx", "甲局", 2024);
        outcome.report.facts[0].value = "1.00001".parse().expect("a decimal");
        outcome.report.notes.push(Note::new(NoteKind::LeftOut, "a comment", Location::default()));
        let sink = written(&[outcome, sample::outcome("b.docx", "甲局", 2024)]);
        assert_eq!(sink.table(Table::Facts)[0].column_by_name("value").expect("a column").null_count(), 1);
        assert_eq!(texts(&sink, Table::Facts, "printed"), ["125.30", "125.30"]);
        assert_eq!(texts(&sink, Table::Notes, "kind"), ["left_out", "value_not_stored"]);
        assert_eq!(whole(&sink, Table::Notes, "ordinal"), [0, 1]);
        assert_eq!(whole(&sink, Table::Reports, "note_count"), [2, 0]);
        assert!(NoteKind::ValueNotStored.is_loss());
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
