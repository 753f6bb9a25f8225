//! Reports as a dataset holds them, for checks over many reports: who reports, what was found, the figures asked
//! for, and the text that matches. Everything else stays on the disk.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::{Array, RecordBatch};
use regex::Regex;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;

use super::{Place, Table, read_table};
use crate::error::Result;
use crate::model::{CheckCounts, Fact, Finding, Format, Identity, Location, Region, Report, Section, Source, Status};

/// What of a report is asked for.
pub struct Wanted<'w> {
    /// Figures of these metrics that carry no classification code.
    pub metrics: &'w BTreeSet<&'w str>,
    /// Sections whose text one of these fits.
    pub text: &'w [&'w Regex],
}

/// The reports of a dataset whose body and year are known, in the order of the ledger.
///
/// # Errors
/// When the folder holds no dataset, or a part of it is missing or damaged.
pub fn stored_reports(dataset: impl Into<Place>, wanted: &Wanted<'_>) -> Result<Vec<Report>> {
    let dir = &dataset.into();
    let mut reports: Vec<Report> = Vec::new();
    let mut place: BTreeMap<(String, String), usize> = BTreeMap::new();
    for batch in read_table(dir, Table::Reports)? {
        let rows = Rows(&batch);
        for (row, report) in (0..batch.num_rows()).filter_map(|row| Some((row, report(&rows, row)?))) {
            place.extend(version(&rows, row).map(|version| (version, reports.len())));
            reports.push(report);
        }
    }
    let mut of_row = |rows: &Rows<'_>, row: usize, take: &mut dyn FnMut(&mut Report)| {
        let report = version(rows, row).and_then(|v| place.get(&v)).and_then(|n| reports.get_mut(*n));
        report.map(take);
    };
    for batch in read_table(dir, Table::Facts)? {
        let rows = Rows(&batch);
        for row in (0..batch.num_rows()).filter(|row| is_wanted(&rows, *row, wanted)) {
            let Some(fact) = fact(&rows, row) else { continue };
            of_row(&rows, row, &mut |report| report.facts.push(fact.clone()));
        }
    }
    for batch in read_table(dir, Table::Findings)? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            let Some(finding) = finding(&rows, row) else { continue };
            of_row(&rows, row, &mut |report| report.findings.push(finding.clone()));
        }
    }
    for batch in read_table(dir, Table::Sections)? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            let Some(section) = section(&rows, row, wanted.text) else { continue };
            of_row(&rows, row, &mut |report| report.sections.push(section.clone()));
        }
    }
    Ok(reports)
}

/// The columns of a batch by name: a partitioned dataset may put them in another order.
struct Rows<'b>(&'b RecordBatch);

impl<'b> Rows<'b> {
    fn column(&self, name: &str, row: usize) -> Option<&'b dyn Array> {
        let column = self.0.column_by_name(name)?;
        (row < column.len() && column.is_valid(row)).then_some(column.as_ref())
    }

    fn text(&self, name: &str, row: usize) -> Option<&'b str> {
        Some(self.column(name, row)?.as_string_opt::<i32>()?.value(row))
    }

    fn owned(&self, name: &str, row: usize) -> Option<String> {
        self.text(name, row).map(str::to_owned)
    }

    /// A word of the report JSON.
    fn word<T: DeserializeOwned>(&self, name: &str, row: usize) -> Option<T> {
        serde_json::from_value(self.text(name, row)?.into()).ok()
    }

    fn int(&self, name: &str, row: usize) -> Option<u32> {
        u32::try_from(self.column(name, row)?.as_primitive_opt::<Int32Type>()?.value(row)).ok()
    }

    fn real(&self, name: &str, row: usize) -> Option<f32> {
        Some(self.column(name, row)?.as_primitive_opt::<arrow_array::types::Float32Type>()?.value(row))
    }

    fn amount(&self, name: &str, row: usize) -> Option<Decimal> {
        let column = self.column(name, row)?.as_primitive_opt::<Decimal128Type>()?;
        let scale = u32::try_from(column.scale()).ok()?;
        Decimal::try_from_i128_with_scale(column.value(row), scale).ok().map(|value| value.normalize())
    }

    fn is_true(&self, name: &str, row: usize) -> Option<bool> {
        Some(self.column(name, row)?.as_boolean_opt()?.value(row))
    }
}

/// Report and load, which name the rows of a document version.
fn version(rows: &Rows<'_>, row: usize) -> Option<(String, String)> {
    Some((rows.owned("report_id", row)?, rows.owned("load_id", row)?))
}

fn report(rows: &Rows<'_>, row: usize) -> Option<Report> {
    let status: Status = rows.word("status", row)?;
    let identity = Identity {
        kind: rows.owned("kind", row),
        title: rows.owned("title", row),
        entity: Some(rows.owned("entity", row)?),
        entity_level: rows.word("entity_level", row),
        region: region(rows, row),
        fiscal_year: Some(rows.int("fiscal_year", row).and_then(|y| u16::try_from(y).ok())?),
        confidence: rows.real("identity_confidence", row).unwrap_or_default(),
        ..Identity::default()
    };
    let source = Source {
        path: rows.owned("source_uri", row)?,
        sha256: rows.owned("sha256", row).unwrap_or_default(),
        bytes: 0,
        format: rows.word("format", row).unwrap_or(Format::Unknown),
        producer: None,
        pages: None,
        sheets: None,
        modified: rows.owned("document_modified", row),
    };
    let count = |name| rows.int(name, row).unwrap_or_default();
    let checks = CheckCounts {
        satisfied: count("checks_satisfied"),
        violated: count("checks_violated"),
        not_checked: count("checks_not_checked"),
    };
    let id = rows.owned("report_id", row).unwrap_or_default();
    (!status.is_failure()).then(|| Report { checks, ..Report::bare(id, source, status, identity) })
}

fn region(rows: &Rows<'_>, row: usize) -> Option<Region> {
    let code = rows.owned("region_code", row).filter(|code| code != "000000");
    let name = rows.owned("region_name", row);
    (code.is_some() || name.is_some()).then(|| Region { name: name.unwrap_or_default(), code })
}

fn is_wanted(rows: &Rows<'_>, row: usize, wanted: &Wanted<'_>) -> bool {
    let uncoded = rows.text("func_code", row).is_none() && rows.text("econ_code", row).is_none();
    uncoded && rows.text("metric", row).is_some_and(|metric| wanted.metrics.contains(metric))
}

fn fact(rows: &Rows<'_>, row: usize) -> Option<Fact> {
    Some(Fact {
        id: rows.owned("fact_id", row)?,
        metric: rows.owned("metric", row)?,
        measure: rows.word("measure", row)?,
        period: rows.owned("period", row),
        phase: rows.word("phase", row),
        fund: rows.word("fund", row),
        func_code: None,
        func_name: rows.owned("func_name", row),
        code_source: None,
        econ_code: None,
        econ_name: None,
        project: rows.owned("project", row),
        entity: rows.owned("entity", row),
        row_level: rows.word("row_level", row),
        value: rows.amount("value", row)?,
        unit: rows.word("unit", row)?,
        printed: rows.owned("printed", row)?,
        printed_unit: rows.word("printed_unit", row),
        decimals: rows.int("decimals", row)?,
        basis: rows.word("basis", row)?,
        preferred: rows.is_true("preferred", row)?,
        confidence: rows.real("confidence", row)?,
        location: place(rows, row),
    })
}

fn finding(rows: &Rows<'_>, row: usize) -> Option<Finding> {
    let ratio = |name| rows.amount(name, row);
    Some(Finding {
        code: rows.owned("code", row)?,
        severity: rows.word("severity", row)?,
        status: rows.word("status", row)?,
        message: rows.owned("message", row)?,
        lhs: rows.owned("lhs", row),
        rhs: rows.owned("rhs", row),
        delta: ratio("delta"),
        tolerance: ratio("tolerance"),
        facts: rows.text("facts", row).into_iter().flat_map(str::lines).map(str::to_owned).collect(),
        locations: rows.text("locations", row).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
        hint: rows.owned("hint", row),
    })
}

fn place(rows: &Rows<'_>, row: usize) -> Location {
    Location {
        page: rows.int("page", row),
        sheet: rows.owned("sheet", row),
        cell_ref: rows.owned("cell_ref", row),
        part: rows.owned("part", row),
        paragraph: rows.int("paragraph", row),
        start: rows.int("char_start", row),
        end: rows.int("char_end", row),
        table: rows.owned("place_table", row),
        row: rows.int("place_row", row),
        col: rows.int("place_col", row),
        ..Location::default()
    }
}

fn section(rows: &Rows<'_>, row: usize, patterns: &[&Regex]) -> Option<Section> {
    let (title, text) = (rows.text("title", row)?, rows.text("text", row)?);
    let fits = patterns.iter().any(|pattern| pattern.is_match(title) || pattern.is_match(text));
    fits.then(|| Section {
        id: rows.owned("section_id", row).unwrap_or_default(),
        title: title.to_owned(),
        text: text.to_owned(),
        location: place(rows, row),
        ..Section::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{DeltaSink, Load, Sink, sample};
    use crate::forms::Forms;

    #[test]
    fn a_stored_report_keeps_who_reports_what_was_found_and_the_figures_asked_for() {
        let dir = tempfile::tempdir().expect("a folder");
        let load = Load { id: "l1".into(), started_ms: 0, extractor: "juesuan/0".into() };
        let mut outcome = sample::outcome("a.docx", "甲局", 2024);
        let coded = outcome.report.facts.first().cloned().expect("one");
        let plain = Fact { id: "f2".into(), metric: "gpb.exp".into(), func_code: None, ..coded };
        outcome.report.facts.push(plain.clone());
        let mut sink = DeltaSink::open(dir.path(), load, Forms::builtin()).expect("opens");
        sink.write(std::slice::from_ref(&outcome)).expect("writes");
        sink.commit().expect("commits");
        drop(sink);

        let pattern = Regex::new("x").expect("a pattern");
        let metrics: BTreeSet<&str> = ["gpb.exp", "gpb.exp.func"].into();
        let read = |text: &[&Regex]| stored_reports(dir.path(), &Wanted { metrics: &metrics, text }).expect("reads");
        let reports = read(&[&pattern]);
        let [report] = reports.as_slice() else { panic!("{} reports", reports.len()) };
        assert_eq!(report.identity.entity.as_deref(), Some("甲局"));
        assert_eq!(report.identity.fiscal_year, Some(2024));
        assert_eq!(report.facts.len(), 1, "a figure with a code is not asked for");
        assert_eq!((report.facts[0].value, report.facts[0].decimals), (plain.value.normalize(), plain.decimals));
        assert_eq!(report.facts[0].location.row, plain.location.row);
        assert_eq!(report.findings, outcome.report.findings);
        assert_eq!(report.sections.len(), 1);
        assert!(read(&[]).iter().all(|r| r.sections.is_empty()));
    }
}
