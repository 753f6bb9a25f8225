//! A workbook for officials: what the region spent, the three public expenses, what the reports say wrongly, what is
//! missing, and a sheet for each kind of table with the tables of all departments one below the other.

mod findings;
mod grids;
mod sheet;
mod summary;
mod three_public;

use std::collections::BTreeMap;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::record::each;
use super::selection::Selection;
use super::{Options, WrittenFile};
use crate::dataset::{Place, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::lang::{self, Lang, Text};
use sheet::{Formats, Head, Sheet, Shown};

/// The file's name in a folder.
pub(super) const FILE: &str = "region.xlsx";

/// Writes the workbook.
pub(super) fn write(dataset: &Place, folder: &Path, options: &Options) -> Result<WrittenFile> {
    let mut selection = Selection::open(dataset, options)?;
    let reports = Reports::read(&mut selection)?;
    let mut book = Workbook::new();
    // The clock would make every run another file.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1).map_err(fault)?;
    book.set_properties(&DocProperties::new().set_author("juesuan").set_creation_datetime(&epoch));
    let mut out = Out { book, formats: Formats::new(), lang: options.lang, rows: 0 };
    summary::write(&mut out, &mut selection, &reports)?;
    three_public::write(&mut out, &mut selection, &reports, options)?;
    findings::write(&mut out, &mut selection, &reports)?;
    write_coverage(&mut out, &mut selection)?;
    write_reports(&mut out, &reports)?;
    grids::write(&mut out, &mut selection, &reports)?;
    let bytes = out.book.save_to_buffer().map_err(fault)?;
    std::fs::write(folder.join(FILE), &bytes).map_err(|e| Error::io(FILE, e))?;
    Ok(WrittenFile { name: FILE.to_owned(), rows: out.rows, bytes: bytes.len() as u64 })
}

/// A workbook that is being written.
struct Out {
    book: Workbook,
    formats: Formats,
    lang: Lang,
    /// Rows of all sheets.
    rows: u64,
}

impl Out {
    /// Writes a sheet.
    fn sheet(
        &mut self,
        name: &str,
        heads: Vec<Head>,
        frozen: u16,
        rows: impl IntoIterator<Item = Vec<Shown>>,
    ) -> Result<()> {
        let mut sheet = Sheet::new(&mut self.book, &self.formats, name, heads, frozen).map_err(fault)?;
        for row in rows {
            sheet.push(&row).map_err(fault)?;
            self.rows += 1;
        }
        sheet.finish().map_err(fault)
    }

    fn heads<const N: usize>(&self, heads: [(Text, f64); N]) -> Vec<Head> {
        heads.map(|(text, width)| Head { title: self.lang.say(text).to_owned(), width }).into()
    }
}

// By value: it is what `map_err` hands over.
#[allow(clippy::needless_pass_by_value)]
fn fault(error: XlsxError) -> Error {
    ErrorKind::Export { path: FILE.to_owned(), reason: error.to_string() }.into()
}

/// What a sheet says of the report that a row is of.
#[derive(Debug, Clone, Default)]
struct Report {
    region_code: String,
    region: String,
    year: Option<i64>,
    entity: String,
    level: String,
    kind: String,
    status: String,
    source: String,
    error: String,
    facts: i64,
    tables: i64,
    findings: i64,
}

/// The reports by report and load, in the order of the ledger.
struct Reports {
    order: Vec<(String, String)>,
    of: BTreeMap<(String, String), Report>,
}

impl Reports {
    fn read(selection: &mut Selection<'_>) -> Result<Self> {
        let mut reports = Self { order: Vec::new(), of: BTreeMap::new() };
        each(selection, Table::Reports, |row| {
            let text = |name: &str| row.text(name).to_owned();
            let count = |name: &str| row.whole(name).unwrap_or(0);
            let report = Report {
                region_code: text("region_code"),
                region: text("region_name"),
                year: row.whole("fiscal_year"),
                entity: text("entity"),
                level: text("entity_level"),
                kind: text("kind"),
                status: text("status"),
                source: text("source_uri"),
                error: text("error"),
                facts: count("fact_count"),
                tables: count("table_count"),
                findings: count("finding_count"),
            };
            // A copy has the id of what it is a copy of, and no content.
            if reports.of.get(&row.version()).is_none_or(|known| known.status == "skipped") {
                reports.order.push(row.version());
                reports.of.insert(row.version(), report);
            }
            Ok(())
        })?;
        Ok(reports)
    }

    /// The report that a row is of, if its figures count: read, and neither replaced nor gone.
    fn counting(&self, version: &(String, String)) -> Option<&Report> {
        self.of.get(version).filter(|report| matches!(report.status.as_str(), "extracted" | "partial"))
    }

    fn region_name(&self, code: &str) -> &str {
        let named = self.of.values().find(|report| report.region_code == code && !report.region.is_empty());
        named.map_or("", |report| report.region.as_str())
    }
}

fn file_name(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

/// Who published what, and what is missing in it.
fn write_coverage(out: &mut Out, selection: &mut Selection<'_>) -> Result<()> {
    let lang = out.lang;
    let mut rows = Vec::new();
    each(selection, Table::Disclosures, |row| {
        let list =
            |name: &str| Shown::Long(row.text(name).lines().map(|id| lang.word(id)).collect::<Vec<_>>().join("\n"));
        rows.push(vec![
            row.text("region_code").into(),
            row.text("entity").into(),
            lang.word(row.text("entity_level")).into(),
            row.whole("fiscal_year").into(),
            lang.word(row.text("kind")).into(),
            row.whole("document_count").into(),
            Shown::Whole(i64::try_from(row.text("statements_present").lines().count()).unwrap_or(0)),
            list("statements_empty"),
            list("statements_missing"),
        ]);
        Ok(())
    })?;
    let heads = out.heads([
        (lang::REGION_CODE, 10.0),
        (lang::DEPARTMENT, 32.0),
        (lang::LEVEL, 7.0),
        (lang::YEAR, 7.0),
        (lang::KIND, 14.0),
        (lang::DOCUMENTS, 8.0),
        (lang::STATEMENTS_PRESENT, 10.0),
        (lang::STATEMENTS_EMPTY, 34.0),
        (lang::STATEMENTS_MISSING, 34.0),
    ]);
    out.sheet(lang.say(lang::COVERAGE), heads, 2, rows)
}

fn write_reports(out: &mut Out, reports: &Reports) -> Result<()> {
    let lang = out.lang;
    let rows = reports.order.iter().filter_map(|version| reports.of.get(version)).map(|report| {
        vec![
            report.region_code.as_str().into(),
            report.region.as_str().into(),
            report.entity.as_str().into(),
            lang.word(&report.level).into(),
            report.year.into(),
            lang.word(&report.kind).into(),
            lang.word(&report.status).into(),
            Shown::Whole(report.tables),
            Shown::Whole(report.facts),
            Shown::Whole(report.findings),
            Shown::Long(file_name(&report.source).to_owned()),
            Shown::Long(report.error.clone()),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let heads = out.heads([
        (lang::REGION_CODE, 10.0),
        (lang::REGION, 12.0),
        (lang::DEPARTMENT, 32.0),
        (lang::LEVEL, 7.0),
        (lang::YEAR, 7.0),
        (lang::KIND, 14.0),
        (lang::STATUS, 10.0),
        (lang::TABLES, 7.0),
        (lang::FIGURES, 8.0),
        (lang::FINDINGS, 8.0),
        (lang::FILE, 44.0),
        (lang::REASON, 30.0),
    ]);
    out.sheet(lang.say(lang::REPORTS), heads, 3, rows)
}
