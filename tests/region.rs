//! The sample region is read as its generator wrote it: everything that `NAME.expected.json` asks for is found, and
//! the checks find the planted errors and nothing else. `corpus/README.md` says how the two are compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{Fact, Finding, FindingStatus, Format, Report, Severity, Status, fold_text};
use juesuan::pipeline::extract_bytes;
use serde_json::Value;

/// A document of the region, what it must hold, and what was read.
struct Case {
    name: String,
    expected: Value,
    report: Report,
}

fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region");
        let truths = files(&root).into_iter().filter(|p| p.to_string_lossy().ends_with(".expected.json"));
        let cases: Vec<Case> = truths.flat_map(|truth| cases_of(&root, &truth)).collect();
        assert!(cases.len() >= 17, "the sample region is missing: {} documents", cases.len());
        cases
    })
}

fn cases_of(root: &Path, truth: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(truth).expect("the truth is readable");
    let expected: Value = serde_json::from_str(&text).expect("the truth is JSON");
    let names = list(&expected, "files").iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
    let read = |name: String| {
        let path = truth.with_file_name(&name);
        let bytes = std::fs::read(&path).expect("the document is readable");
        let report = extract_bytes(&bytes, &name, Forms::builtin(), &Limits::default());
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        Case { name, expected: expected.clone(), report }
    };
    names.into_iter().map(read).collect()
}

fn files(root: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    walk.filter_map(Result::ok).map(walkdir::DirEntry::into_path).collect()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Texts are compared after NFKC, without white space, thousands separators and trailing zeros of decimals.
fn fold(text: &str) -> String {
    let folded = fold_text(text);
    let number = juesuan::model::Literal::parse(&folded).filter(|l| !l.percent);
    number.map_or_else(|| folded.into_owned(), |l| l.value.normalize().to_string())
}

/// Fails with every difference at once: a list is read sooner than a rerun.
fn report_differences(differences: &[String]) {
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_document_is_read_and_known() {
    let mut differences = Vec::new();
    for case in cases() {
        let (wanted, got) = (&case.expected["identity"], serde_json::to_value(&case.report.identity).expect("JSON"));
        if case.report.status != Status::Extracted {
            differences.push(format!("{}: {:?} {:?}", case.name, case.report.status, case.report.notes));
        }
        for field in ["kind", "entity", "entity_level", "fiscal_year"] {
            if wanted[field] != got[field] {
                differences.push(format!("{} {field}: wanted {}, got {}", case.name, wanted[field], got[field]));
            }
        }
        if wanted["region"]["name"] != got["region"]["name"] {
            differences.push(format!("{} region: wanted {}, got {}", case.name, wanted["region"], got["region"]));
        }
    }
    report_differences(&differences);
}

#[test]
fn every_heading_stands_in_order_with_its_label_and_level() {
    let mut differences = Vec::new();
    for case in cases().iter().filter(|c| c.expected.get("sections").is_some()) {
        let wanted: Vec<String> = list(&case.expected, "sections")
            .iter()
            .map(|s| format!("{} {}|{}", s["level"], fold(word(s, "label")), fold(word(s, "title"))))
            .collect();
        let sections = case.report.sections.iter();
        let got: Vec<String> = sections.map(|s| format!("{} {}|{}", s.level, fold(&s.label), fold(&s.title))).collect();
        if wanted != got {
            let at = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
            differences.push(format!("{} heading {at}: wanted {:?}, got {:?}", case.name, wanted.get(at), got.get(at)));
        }
    }
    report_differences(&differences);
}

#[test]
fn every_bookmark_leads_to_its_section() {
    let mut differences = Vec::new();
    for case in cases().iter().filter(|c| c.report.source.format == Format::Docx) {
        let title_of: BTreeMap<&str, String> =
            case.report.sections.iter().map(|s| (s.id.as_str(), fold(&s.title))).collect();
        for wanted in list(&case.expected, "bookmarks") {
            let name = word(wanted, "name");
            let found = case.report.bookmarks.iter().find(|b| b.name == name);
            let kind = found.and_then(|b| serde_json::to_value(b.kind).ok()).unwrap_or_default();
            let section = found.and_then(|b| b.section.as_deref()).and_then(|id| title_of.get(id));
            let right_section = wanted["section"].is_null() || section == Some(&fold(word(wanted, "section")));
            if kind != wanted["kind"] || !right_section {
                differences.push(format!("{} {name}: wanted {wanted}, got {kind} in {section:?}", case.name));
            }
        }
    }
    report_differences(&differences);
}

#[test]
fn every_table_has_its_cells_where_they_stand() {
    let mut differences = Vec::new();
    for case in cases() {
        let wanted = list(&case.expected, "tables");
        let got = &case.report.tables;
        if wanted.len() != got.len() {
            differences.push(format!("{}: wanted {} tables, got {}", case.name, wanted.len(), got.len()));
        }
        for (wanted, got) in wanted.iter().zip(got) {
            let name = format!("{} {}", case.name, word(wanted, "title"));
            let title = fold(got.title.as_deref().unwrap_or_default());
            if !title.starts_with(&fold(word(wanted, "title"))) {
                differences.push(format!("{name}: got the title {title}"));
            }
            for (field, value) in [("form", &got.form), ("code", &got.code), ("unit", &got.unit)] {
                let wanted = wanted.get(field).and_then(Value::as_str).filter(|w| !w.is_empty());
                if wanted.is_some() && wanted != value.as_deref() {
                    differences.push(format!("{name} {field}: wanted {wanted:?}, got {value:?}"));
                }
            }
            let cells = |cells: Vec<String>| cells.into_iter().filter(|c| !c.ends_with(' ')).collect::<Vec<_>>();
            let wanted: Vec<String> = cells(list(&wanted["grid"], "cells").iter().map(wanted_cell).collect());
            let got: Vec<String> = cells(
                got.cells
                    .iter()
                    .map(|c| format!("{},{},{},{} {}", c.row, c.col, c.row_span, c.col_span, fold(&c.text)))
                    .collect(),
            );
            if wanted != got {
                let at = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
                differences.push(format!("{name}: wanted cell {:?}, got {:?}", wanted.get(at), got.get(at)));
            }
        }
    }
    report_differences(&differences);
}

fn wanted_cell(cell: &Value) -> String {
    let at = |i: usize| cell[i].as_u64().unwrap_or_default();
    format!("{},{},{},{} {}", at(0), at(1), at(2), at(3), fold(cell[4].as_str().unwrap_or_default()))
}

#[test]
fn every_chart_has_its_cached_points() {
    let mut differences = Vec::new();
    for case in cases().iter().filter(|c| c.report.source.format == Format::Docx) {
        let wanted = list(&case.expected, "charts");
        let got: Vec<Value> = case.report.charts.iter().filter_map(|c| serde_json::to_value(c).ok()).collect();
        if wanted.len() != got.len() {
            differences.push(format!("{}: wanted {} charts, got {}", case.name, wanted.len(), got.len()));
        }
        for (wanted, got) in wanted.iter().zip(&got) {
            for field in ["kind", "title", "series"] {
                if wanted[field] != got[field] {
                    differences.push(format!("{} {field}: wanted {}, got {}", case.name, wanted[field], got[field]));
                }
            }
        }
    }
    report_differences(&differences);
}

#[test]
fn every_figure_is_found_with_its_name_and_exact_value() {
    let mut differences = Vec::new();
    for case in cases() {
        for wanted in list(&case.expected, "facts") {
            if !case.report.facts.iter().any(|fact| fact_is(fact, wanted)) {
                differences.push(format!("{}: {wanted}", case.name));
            }
        }
    }
    report_differences(&differences);
}

/// 收、支总计 is one printed figure for two metrics, so either name is right.
fn fact_is(fact: &Fact, wanted: &Value) -> bool {
    let got = serde_json::to_value(fact).unwrap_or_default();
    let same = |field: &str| wanted[field].is_null() || wanted[field] == got[field];
    let metric = word(wanted, "metric");
    let same_metric = fact.metric == metric || fact.metric == metric.replace("total.in", "total.out");
    let same_value = word(wanted, "value").parse().is_ok_and(|v: rust_decimal::Decimal| v == fact.value);
    let same_project = wanted["project"].is_null()
        || fact.project.as_deref().is_some_and(|p| fold(p).contains(&fold(word(wanted, "project"))));
    let same_literal = fold(&fact.printed) == fold(word(wanted, "printed"));
    let labels = ["measure", "period", "phase", "func_code", "econ_code"];
    same_metric && same_value && same_project && same_literal && labels.into_iter().all(same)
}

#[test]
fn every_indicator_of_a_performance_form_is_found() {
    let mut differences = Vec::new();
    for case in cases() {
        let indicators: Vec<Value> =
            case.report.indicators.iter().filter_map(|i| serde_json::to_value(i).ok()).collect();
        for wanted in list(&case.expected, "indicators") {
            let fields = ["project", "level1", "level2", "level3", "target", "actual"];
            let is = |got: &Value| fields.iter().all(|f| fold(word(got, f)) == fold(word(wanted, f)));
            if !indicators.iter().any(is) {
                differences.push(format!("{}: {wanted}", case.name));
            }
        }
    }
    report_differences(&differences);
}

#[test]
fn the_planted_errors_are_found_and_the_other_reports_are_silent() {
    let planted = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/planted.csv"));
    let planted = planted.expect("corpus/planted.csv is readable");
    let mut reader = csv::Reader::from_reader(planted.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("CSV");
    assert_eq!(rows.len(), 3, "three errors are planted");
    let mut differences = Vec::new();
    for case in cases() {
        let rows: Vec<_> = rows.iter().filter(|r| &r[0] == case.name.as_str()).collect();
        let allowed: Vec<&str> = rows.iter().flat_map(|r| r[5].split(';').chain([&r[1]])).collect();
        let loud: Vec<&Finding> = case.report.findings.iter().filter(|f| is_loud(f)).collect();
        differences.extend(
            loud.iter()
                .filter(|f| !allowed.contains(&f.code.as_str()))
                .map(|f| format!("{}: false alarm {} {}", case.name, f.code, f.message)),
        );
        for row in rows {
            let names = |f: &&&Finding| f.code == row[1] && f.message.contains(row[3].trim_end_matches('%'));
            if !loud.iter().any(|f| names(&f)) {
                differences.push(format!("{}: {} with {} was not found", case.name, &row[1], &row[3]));
            }
        }
    }
    report_differences(&differences);
}

fn is_loud(finding: &Finding) -> bool {
    finding.status == FindingStatus::Violated && finding.severity >= Severity::Warn
}
