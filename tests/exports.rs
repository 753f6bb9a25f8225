//! Exports of the sample district as others read them: the validator of Data Packages, a reader of workbooks, JSON and
//! Parquet. Personal data stays inside unless it is asked for, and nothing is overwritten unasked.

#![allow(clippy::print_stderr)] // a test that is skipped says so

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as System;

use assert_cmd::Command;
use calamine::{Data, Reader, Xlsx, open_workbook};
use juesuan::dataset::{Table, read_table};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").timeout(std::time::Duration::from_mins(2));
    command
}

fn crawled(sources: &Path) -> tempfile::TempDir {
    let dataset = tempfile::tempdir().expect("a folder");
    juesuan().arg("crawl").arg(sources).arg("--dataset").arg(dataset.path()).arg("--quiet").assert().code(0);
    dataset
}

fn region() -> tempfile::TempDir {
    crawled(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region"))
}

fn export(dataset: &Path, to: &Path, options: &[&str]) -> assert_cmd::assert::Assert {
    juesuan().arg("export").arg("--dataset").arg(dataset).arg("--to").arg(to).args(options).arg("--quiet").assert()
}

fn rows(dataset: &Path, table: Table) -> usize {
    read_table(dataset, table).expect("a dataset").iter().map(arrow_array::RecordBatch::num_rows).sum()
}

/// Every file of a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).expect("read"))).collect()
}

#[test]
fn the_package_describes_every_file_and_column_and_is_the_same_each_time() {
    let (dataset, out) = (region(), tempfile::tempdir().expect("a folder"));
    let [first, second] = ["1", "2"].map(|name| {
        export(dataset.path(), &out.path().join(name), &["--licence", "CC-BY-4.0"]).success();
        files(&out.path().join(name))
    });
    assert!(first == second, "the same dataset gives the same bytes");
    let package: Value = serde_json::from_slice(&first["datapackage.json"]).expect("JSON");
    assert_eq!(package["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json");
    assert_eq!(package["licenses"][0]["name"], "CC-BY-4.0");
    assert_eq!(package["sources"].as_array().map(Vec::len), Some(rows(dataset.path(), Table::Reports)));
    let resources = package["resources"].as_array().expect("resources");
    assert_eq!(resources.len(), Table::ALL.len());
    for (table, resource) in Table::ALL.into_iter().zip(resources) {
        let bytes = &first[resource["path"].as_str().expect("a path")];
        assert_eq!(resource["bytes"].as_u64(), Some(bytes.len() as u64), "{}", table.name());
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let named: Vec<&str> = fields.iter().filter_map(|f| f["name"].as_str()).collect();
        assert_eq!(header, named, "{}", table.name());
        assert_eq!(reader.records().count(), rows(dataset.path(), table), "{}", table.name());
    }
    let facts = resources.iter().find(|r| r["name"] == "facts").expect("facts");
    let value = facts["schema"]["fields"].as_array().expect("fields").iter().find(|f| f["name"] == "value");
    assert_eq!(value.map(|f| f["columnType"].clone()), Some("value".into()));
}

#[test]
fn frictionless_finds_nothing_wrong_with_the_package() {
    let found = System::new("frictionless").arg("--version").output().is_ok_and(|o| o.status.success());
    let program = std::env::var_os("FRICTIONLESS").map(PathBuf::from).or_else(|| found.then(|| "frictionless".into()));
    let Some(program) = program else {
        eprintln!(
            "\n*** SKIPPED: frictionless is not installed (pip install frictionless; or name it in FRICTIONLESS) ***\n"
        );
        return;
    };
    let (dataset, out) = (region(), tempfile::tempdir().expect("a folder"));
    let to = out.path().join("package");
    export(dataset.path(), &to, &[]).success();
    let validate = |what: &str| {
        let output = System::new(&program).args(["validate", what, "--json"]).current_dir(&to).output().expect("runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        (report["valid"].as_bool(), report.to_string())
    };
    let (valid, report) = validate("datapackage.json");
    assert_eq!(valid, Some(true), "{report}");
    let facts = fs::read_to_string(to.join("facts.csv")).expect("read");
    fs::write(to.join("facts.csv"), facts.replacen("true", "perhaps", 1)).expect("written");
    assert_eq!(validate("datapackage.json").0, Some(false), "the validator looks");
}

#[test]
fn json_lines_and_parquet_hold_every_row() {
    let (dataset, out) = (region(), tempfile::tempdir().expect("a folder"));
    let [lines, parquet] = ["jsonl", "parquet"].map(|format| {
        let to = out.path().join(format);
        export(dataset.path(), &to, &["--format", format]).success();
        to
    });
    let schema = juesuan::dataset::json_schema();
    for table in Table::ALL {
        let text = fs::read_to_string(lines.join(format!("{}.jsonl", table.name()))).expect("read");
        assert_eq!(text.lines().count(), rows(dataset.path(), table), "{}", table.name());
        let all: Value = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect();
        let validator = jsonschema::validator_for(&schema["properties"][table.name()]).expect("a schema");
        let faults: Vec<String> = validator.iter_errors(&all).map(|e| e.to_string()).take(3).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", table.name());
        let file = fs::File::open(parquet.join(format!("{}.parquet", table.name()))).expect("opens");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("reads");
        let batches: Vec<_> = reader.map(|batch| batch.expect("rows")).collect();
        let all: usize = batches.iter().map(arrow_array::RecordBatch::num_rows).sum();
        assert_eq!(all, rows(dataset.path(), table), "{}", table.name());
    }
}

#[test]
fn years_and_regions_are_filtered_and_an_empty_choice_is_said() {
    let (dataset, out) = (region(), tempfile::tempdir().expect("a folder"));
    let to = out.path().join("2024");
    export(dataset.path(), &to, &["--year", "2024"]).success();
    let mut reports = csv::Reader::from_path(to.join("reports.csv")).expect("CSV");
    let at = reports.headers().expect("a header").iter().position(|name| name == "fiscal_year").expect("a column");
    let years: Vec<String> = reports.records().map(|r| r.expect("a row")[at].to_owned()).collect();
    assert!(!years.is_empty() && years.iter().all(|year| year == "2024"), "{years:?}");
    let none = export(dataset.path(), &out.path().join("1990"), &["--year", "1990"]).code(3);
    assert!(String::from_utf8_lossy(&none.get_output().stderr).contains("juesuan status"));
    assert!(!out.path().join("1990").exists(), "nothing is left behind");
}

#[test]
fn names_and_numbers_stay_inside_unless_they_are_asked_for() {
    let sources = tempfile::tempdir().expect("a folder");
    let line = |text: &str| docx_rs::Paragraph::new().add_run(docx_rs::Run::new().add_text(text));
    let file = fs::File::create(sources.path().join("a.docx")).expect("made");
    let document = docx_rs::Docx::new().add_paragraph(line("某市某局2024年度部门决算"));
    let document = document.add_paragraph(line("第一部分 部门概况")).add_paragraph(line("一、主要职责"));
    let document = document.add_paragraph(line("填报人：张三丰 联系电话：0812-3333333"));
    document.build().pack(file).expect("packed");
    let (dataset, out) = (crawled(sources.path()), tempfile::tempdir().expect("a folder"));
    let read = |name: &str, options: &[&str]| {
        export(dataset.path(), &out.path().join(name), options).success();
        files(&out.path().join(name))
            .into_values()
            .map(|b| String::from_utf8_lossy(&b).into_owned())
            .collect::<String>()
    };
    let open = read("open", &["--with-personal"]);
    assert!(open.contains("张三丰") && open.contains("0812-3333333"), "the text is there");
    for (name, options) in [("csv", &["--format", "csv"]), ("jsonl", &["--format", "jsonl"])] {
        let black = read(name, options);
        assert!(!black.contains("张三丰") && !black.contains("3333333"), "{name}");
        assert!(black.contains("填报人：***"), "{name}");
    }
}

#[test]
fn the_workbook_has_its_sheets_and_its_numbers_are_numbers() {
    let (dataset, out) = (region(), tempfile::tempdir().expect("a folder"));
    let to = out.path().join("地区.xlsx");
    export(dataset.path(), &to, &["--format", "xlsx"]).success();
    let mut book: Xlsx<_> = open_workbook(&to).expect("opens");
    let names = book.sheet_names();
    for name in ["地区汇总", "三公经费", "问题清单", "公开完整性", "报告目录", "支出决算表"] {
        assert!(names.iter().any(|n| n == name), "{name}: {names:?}");
    }
    let sums = book.worksheet_range("地区汇总").expect("a sheet");
    let head: Vec<String> = sums.rows().next().expect("a header").iter().map(ToString::to_string).collect();
    let amount = head.iter().position(|title| title == "金额（元）").expect("a column");
    assert!(sums.rows().skip(1).all(|row| matches!(row[amount], Data::Float(_))), "amounts are numbers");
    let findings = book.worksheet_range("问题清单").expect("a sheet");
    let wrong: u32 = read_table(dataset.path(), Table::Reports).expect("a dataset").iter().map(violated).sum();
    assert_eq!(findings.rows().skip(1).count(), wrong as usize, "every finding has its row");
    let quote = findings.rows().next().expect("a header").iter().position(|cell| *cell == *"原文").expect("a column");
    assert!(findings.rows().skip(1).all(|row| !row[quote].to_string().is_empty()), "and the words that it is about");
    export(dataset.path(), &out.path().join("en.xlsx"), &["--format", "xlsx", "--lang", "en"]).success();
    let english: Xlsx<_> = open_workbook(out.path().join("en.xlsx")).expect("opens");
    assert!(english.sheet_names().iter().any(|n| n == "Region summary"));
}

/// Findings of the reports of a batch of the ledger.
fn violated(batch: &arrow_array::RecordBatch) -> u32 {
    use arrow_array::cast::AsArray;
    let counts =
        batch.column_by_name("finding_count").expect("a column").as_primitive::<arrow_array::types::Int32Type>();
    counts.values().iter().map(|n| u32::try_from(*n).expect("a count")).sum()
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let (dataset, out) = (region(), tempfile::tempdir().expect("a folder"));
    let to = out.path().join("package");
    export(dataset.path(), &to, &[]).success();
    let refused = export(dataset.path(), &to, &[]).code(3);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("--force"));
    export(dataset.path(), &to, &["--force", "--format", "jsonl"]).success();
    assert!(
        files(&to).keys().all(|name| name.split('.').next_back() == Some("jsonl")),
        "nothing of the earlier one stays"
    );
    fs::write(to.join("notes.txt"), "mine").expect("written");
    export(dataset.path(), &to, &["--force"]).code(3);
    assert_eq!(fs::read_to_string(to.join("notes.txt")).expect("still there"), "mine");
}
