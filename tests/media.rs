//! One report in three media: the archives' final accounts of 2024 as DOCX, as PDF, and as a workbook that is
//! written here from the same truth. Figures, their names and their literals are the same; only places differ.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{Basis, Fact, Literal, Report, Status, fold_text};
use juesuan::pipeline::extract_bytes;
use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::Value;

const STEM: &str = "区档案馆/2024/2024年度部门决算";

fn file(ending: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region").join(format!("{STEM}.{ending}"))
}

fn read(bytes: &[u8], name: &str) -> Report {
    let report = extract_bytes(bytes, name, Forms::builtin(), &Limits::default());
    assert_eq!(report.status, Status::Extracted, "{name}: {:?}", report.notes);
    report
}

fn read_file(ending: &str) -> Report {
    read(&std::fs::read(file(ending)).expect("the report is readable"), &format!("{STEM}.{ending}"))
}

/// The report as a workbook: its text on one sheet, each statement and form of the truth on one of its own.
fn workbook(text: &Report) -> Vec<u8> {
    let truth = std::fs::read_to_string(file("expected.json")).expect("the truth is readable");
    let truth: Value = serde_json::from_str(&truth).expect("JSON");
    let mut book = Workbook::new();
    write_text(book.add_worksheet().set_name("情况说明").expect("a name"), text);
    for (number, table) in (1..).zip(truth["tables"].as_array().expect("tables")) {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("表{number}")).expect("a name");
        write_table(sheet, table);
    }
    book.save_to_buffer().expect("saved")
}

fn write_text(sheet: &mut Worksheet, text: &Report) {
    let title = text.identity.title.clone().unwrap_or_default();
    let section = |s: &juesuan::model::Section| {
        let lines = s.text.lines().map(str::to_owned).collect::<Vec<_>>();
        [format!("{}{}", s.label, s.title)].into_iter().chain(lines).collect::<Vec<_>>()
    };
    let entity = text.identity.entity.clone().unwrap_or_default();
    let lines = [entity, title].into_iter().chain(text.sections.iter().flat_map(section));
    for (row, line) in (0..).zip(lines) {
        sheet.write_string(row, 0, line).expect("written");
    }
}

/// Title, code, body and unit above the grid, notes below it, as the annexes of the region have them.
fn write_table(sheet: &mut Worksheet, table: &Value) {
    let word = |key: &str| table[key].as_str().unwrap_or_default();
    let (rows, cols) = (number(&table["grid"]["rows"]), number(&table["grid"]["cols"]));
    sheet.merge_range(0, 0, 0, u16::try_from(cols - 1).expect("few"), word("title"), &Format::new()).expect("a title");
    let mut above = 1;
    if !word("unit").is_empty() {
        sheet.write_string(1, 0, word("code")).expect("written");
        sheet.write_string(2, 0, format!("单位：{}", word("unit"))).expect("written");
        above = 3;
    }
    for cell in table["grid"]["cells"].as_array().expect("cells") {
        write_cell(sheet, above, cell);
    }
    for (row, note) in (above + rows..).zip(table["footnotes"].as_array().into_iter().flatten()) {
        sheet.write_string(row, 0, note.as_str().expect("text")).expect("written");
    }
}

/// `[row, col, row_span, col_span, text]`: numbers become numbers that show as many decimals.
fn write_cell(sheet: &mut Worksheet, above: u32, cell: &Value) {
    let at = |i: usize| number(&cell[i]);
    let (row, col) = (above + at(0), u16::try_from(at(1)).expect("few columns"));
    let text = cell[4].as_str().expect("text");
    let amount = Literal::parse(text).filter(|l| !l.percent && l.decimals == 2);
    if at(2) * at(3) > 1 {
        let last = (row + at(2) - 1, col + u16::try_from(at(3)).expect("few") - 1);
        sheet.merge_range(row, col, last.0, last.1, text, &Format::new()).expect("written");
    } else if let Some(amount) = amount {
        let shown = Format::new().set_num_format(if text.contains(',') { "#,##0.00" } else { "0.00" });
        let value = amount.value.to_f64().expect("a number");
        sheet.write_number_with_format(row, col, value, &shown).expect("written");
    } else {
        sheet.write_string(row, col, text).expect("written");
    }
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a number")).expect("small")
}

/// What a fact says, without where; a figure that is printed twice counts twice.
fn said(facts: &[Fact], wanted: impl Fn(&Fact) -> bool) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for fact in facts.iter().filter(|f| wanted(f)) {
        let value = serde_json::to_value(fact).expect("JSON");
        let fields = [
            "metric",
            "measure",
            "period",
            "phase",
            "fund",
            "func_code",
            "econ_code",
            "project",
            "row_level",
            "unit",
            "value",
            "basis",
        ];
        let words: Vec<String> = fields.iter().map(|f| value[*f].to_string()).collect();
        let literal = fold_text(&fact.printed).into_owned();
        *counts.entry(format!("{} {literal}", words.join(" "))).or_insert(0) += 1;
    }
    counts
}

/// All but the cached data of charts, which a DOCX alone keeps: a PDF draws them.
fn all(report: &Report) -> BTreeMap<String, usize> {
    said(&report.facts, |f| f.basis != Basis::Chart)
}

fn assert_same(one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>, names: [&str; 2]) {
    let missing = |a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>| {
        let lacks = a.iter().filter(|(fact, count)| b.get(*fact).is_none_or(|found| found < *count));
        lacks.map(|(fact, _)| fact.clone()).collect::<Vec<_>>().join("\n")
    };
    let [here, there] = names;
    let (first, second) = (missing(one, other), missing(other, one));
    assert!(first.is_empty() && second.is_empty(), "only in {here}:\n{first}\nonly in {there}:\n{second}");
}

#[test]
fn docx_and_pdf_say_the_same() {
    let (docx, pdf) = (read_file("docx"), read_file("pdf"));
    assert!(all(&docx).len() > 200, "{} facts", all(&docx).len());
    assert_same(&all(&docx), &all(&pdf), ["DOCX", "PDF"]);
    assert_eq!(docx.identity.entity, pdf.identity.entity);
}

#[test]
fn docx_and_workbook_say_the_same() {
    let docx = read_file("docx");
    let book = read(&workbook(&docx), "2024年度部门决算.xlsx");
    assert_same(&all(&docx), &all(&book), ["DOCX", "XLSX"]);
    let identity = |r: &Report| (r.identity.entity.clone(), r.identity.kind.clone(), r.identity.fiscal_year);
    assert_eq!(identity(&docx), identity(&book));
}
