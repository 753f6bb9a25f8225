//! The command line as people meet it: help, output, standard error and exit status.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use assert_cmd::Command;
use serde_json::{Value, json};

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").env_remove("COLUMNS").timeout(std::time::Duration::from_mins(1));
    command
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.output().expect("it runs").stdout).expect("UTF-8")
}

/// A report with a statement, a merged header, a planted error and a control character that must not get through.
fn report() -> Value {
    let cell = |row: u32, col: u32, row_span: u32, col_span: u32, text: &str| json!({"row": row, "col": col, "row_span": row_span, "col_span": col_span, "text": text, "location": {}});
    let place = json!({"page": 6, "table": "t1", "row": 2, "col": 1});
    json!({
        "schema": "report/v1", "id": "0123456789abcdef",
        "source": {"path": "某局2024决算.pdf", "sha256": "ab".repeat(32), "bytes": 20480, "format": "pdf", "pages": 9},
        "status": "partial",
        "identity": {"kind": "final_accounts.department", "title": "某市某局2024年度部门决算", "entity": "某市某局",
            "entity_level": "department", "region": {"name": "某市某区", "code": "310199"}, "fiscal_year": 2024,
            "confidence": 0.97, "conflicts": [{"field": "fiscal_year", "value": "2023", "source": "file name"}]},
        "sections": [
            {"id": "s1", "level": 1, "label": "第一部分", "title": "部门\u{1b}[31m概况", "bookmarks": [], "text": "",
             "location": {"page": 2}},
            {"id": "s2", "parent": "s1", "level": 2, "label": "一、", "title": "主要职能", "bookmarks": ["_Toc1"],
             "text": "负责全区规划和自然资源管理工作。\n编制并组织实施年度部门预算，收、支总计12.50万元。",
             "location": {"page": 2}}],
        "bookmarks": [],
        "tables": [{"id": "t1", "form": "final_accounts.expenditure", "title": "支出决算表", "code": "公开03表",
            "unit": "万元", "captions": ["部门：某市某局"], "footnotes": ["注：本表反映部门本年度各项支出情况。"],
            "section": "s1", "rows": 4, "cols": 4, "header_rows": 2, "locations": [{"page": 6}],
            "cells": [cell(0, 0, 1, 2, "项目"), cell(0, 2, 2, 1, "本年支出合计"), cell(0, 3, 2, 1, "基本支出"),
                cell(1, 0, 1, 1, "科目编码"), cell(1, 1, 1, 1, "科目名称"), cell(2, 0, 1, 2, "合计"),
                cell(2, 2, 1, 1, "12.50"), cell(2, 3, 1, 1, "10.00"), cell(3, 0, 1, 1, "2010301"),
                cell(3, 1, 1, 1, "行政运行"), cell(3, 2, 1, 1, "12.40"), cell(3, 3, 1, 1, "—")]}],
        "charts": [], "indicators": [],
        "facts": [
            {"id": "f1", "metric": "exp.current", "measure": "amount", "period": "2024", "phase": "final",
             "row_level": "total", "value": "125000", "unit": "元", "printed": "12.50", "printed_unit": "万元",
             "decimals": 2, "basis": "table", "preferred": true, "confidence": 1.0, "location": place},
            {"id": "f2", "metric": "exp.func", "measure": "amount", "period": "2024", "phase": "final",
             "func_code": "2010301", "func_name": "行政运行", "row_level": "item", "value": "124000", "unit": "元",
             "printed": "12.40", "printed_unit": "万元", "decimals": 2, "basis": "table", "preferred": true,
             "confidence": 1.0, "location": place}],
        "checks": {"satisfied": 4, "violated": 1, "not_checked": 2},
        "findings": [{"code": "TX-01", "severity": "error", "status": "violated",
            "message": "合计 12.50 与各项之和 12.40 不符", "lhs": "125000", "rhs": "124000", "delta": "1000",
            "facts": ["f1", "f2"], "locations": [{"page": 6, "table": "t1", "row": 2, "col": 2}], "hint": "请核对合计行"}],
        "notes": [{"kind": "image_page", "message": "the page is an image: its text needs OCR", "location": {"page": 9}}],
    })
}

fn report_file(dir: &Path) -> PathBuf {
    let path = dir.join("report.json");
    fs::write(&path, report().to_string()).expect("written");
    path
}

#[test]
fn help_is_as_people_read_it() {
    let commands: [&[&str]; 12] = [
        &[],
        &["crawl"],
        &["query"],
        &["status"],
        &["maintain"],
        &["extract"],
        &["check"],
        &["show"],
        &["schema"],
        &["forms"],
        &["completions"],
        &["inspect"],
    ];
    for command in commands {
        let help = stdout(juesuan().args(command).arg("--help"));
        assert!(help.contains("Examples:"), "{command:?}");
        let name = format!("help_{}", command.first().unwrap_or(&"juesuan"));
        insta::assert_snapshot!(name, help);
    }
}

#[cfg(not(feature = "sql"))]
#[test]
fn a_build_without_sql_says_how_to_get_one_that_has_it() {
    let run = juesuan().args(["query", "--dataset", "data", "SELECT 1"]).assert().code(3);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("cargo build --release --locked --features sql"), "{said}");
}

#[test]
fn a_mistyped_option_is_no_failed_document() {
    juesuan().arg("crawl").assert().code(3);
    juesuan().args(["extract", "a.docx", "--limits", "speed=1"]).assert().code(3);
    juesuan().arg("--version").assert().code(0);
}

#[test]
fn show_draws_the_whole_report() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = report_file(dir.path());
    insta::assert_snapshot!("show", stdout(juesuan().arg("show").arg(&file).args(["--width", "96"])));
    let english = stdout(juesuan().arg("show").arg(&file).args(["--width", "96", "--lang", "en"]));
    insta::assert_snapshot!("show_en", english);
}

#[test]
fn show_draws_what_was_asked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = report_file(dir.path());
    let show = |options: &[&str]| stdout(juesuan().arg("show").arg(&file).args(["--width", "60"]).args(options));
    insta::assert_snapshot!("show_table", show(&["--table", "1"]));
    insta::assert_snapshot!("show_section", show(&["--section", "主要"]));
    insta::assert_snapshot!("show_facts", show(&["--facts"]));
    let table: Value = serde_json::from_str(&show(&["--table", "t1", "--json"])).expect("JSON");
    assert_eq!(table["form"], "final_accounts.expenditure");
    juesuan().arg("show").arg(&file).args(["--table", "7"]).assert().code(3);
}

#[test]
fn extract_gives_one_object_or_lines_in_order() {
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["b.csv", "a.csv"] {
        fs::write(dir.path().join(name), format!("收入决算表\n项目,{name}\n合计,1\n")).expect("written");
    }
    let one = stdout(juesuan().current_dir(&dir).args(["extract", "a.csv"]));
    assert_eq!(serde_json::from_str::<Value>(&one).expect("one object")["source"]["path"], "a.csv");
    assert!(one.lines().count() > 1, "one report is indented");
    let two = stdout(juesuan().current_dir(&dir).args(["extract", "b.csv", "a.csv"]));
    let paths: Vec<Value> = two
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line")["source"]["path"].clone())
        .collect();
    assert_eq!(paths, ["b.csv", "a.csv"]);
    juesuan().current_dir(&dir).args(["extract", "a.csv", "b.csv", "-o", "out"]).assert().code(0).stdout("");
    assert!(dir.path().join("out/a.csv.json").is_file() && dir.path().join("out/b.csv.json").is_file());
}

#[test]
fn a_file_that_cannot_be_read_has_a_report_and_a_word_on_standard_error() {
    let run = juesuan().args(["extract", "no-such-file.docx"]).assert().code(2);
    let report: Value = serde_json::from_slice(&run.get_output().stdout).expect("a report");
    assert_eq!(report["status"], "failed");
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("no-such-file.docx"));
}

#[test]
fn check_reads_report_json_and_its_status_tells() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = report_file(dir.path());
    let run = juesuan().arg("check").arg(&file).args(["--format", "json"]).output().expect("runs");
    let line: Value = serde_json::from_slice(&run.stdout).expect("a line of JSON");
    let is_clean = line["findings"].as_array().is_some_and(Vec::is_empty);
    assert_eq!(run.status.code(), Some(i32::from(!is_clean)));
}

/// The report of [`report`] with another status and without findings to recompute.
fn report_with_status(dir: &Path, status: &str) -> PathBuf {
    let mut report = report();
    report["status"] = json!(status);
    report["facts"] = json!([]);
    report["tables"] = json!([]);
    report["sections"] = json!([]);
    report["identity"] = json!({"entity": "某市某局", "fiscal_year": 2024});
    let path = dir.join(format!("{status}.json"));
    fs::write(&path, report.to_string()).expect("written");
    path
}

#[test]
fn check_says_what_was_not_read_instead_of_nothing_found() {
    let dir = tempfile::tempdir().expect("a folder");
    for (status, code) in [("extracted", 0), ("partial", 0), ("needs_ocr", 2), ("refused", 2), ("failed", 2)] {
        let file = report_with_status(dir.path(), status);
        let run = juesuan().arg("check").arg(&file).args(["--lang", "en"]).assert().code(code);
        let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        assert_eq!(said.contains("nothing found"), status == "extracted", "{status}: {said}");
        assert_eq!(said.contains("its text needs OCR"), status != "extracted", "{status}: {said}");
        let line = juesuan().arg("check").arg(&file).args(["--format", "json"]).output().expect("runs").stdout;
        let line: Value = serde_json::from_slice(&line).expect("a line of JSON");
        assert_eq!(line["status"], status);
        assert_eq!(line["notes"].as_array().is_some_and(Vec::is_empty), status == "extracted");
        juesuan().arg("show").arg(&file).assert().code(code);
    }
}

#[test]
fn an_unknown_check_is_refused_with_those_near_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = report_file(dir.path());
    for option in ["--only", "--skip"] {
        let run = juesuan().arg("check").arg(&file).args([option, "IT-99"]).assert().code(3).stdout("");
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(said.contains("IT-99: no such check") && said.contains("IT-0"), "{said}");
    }
    juesuan().args(["check", "--explain", "IT-99"]).assert().code(3);
}

#[test]
fn what_could_not_be_checked_is_for_programs_and_for_those_who_ask() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = report_file(dir.path());
    let check =
        |options: &[&str]| stdout(juesuan().arg("check").arg(&file).args(["--min-severity", "info"]).args(options));
    let line: Value = serde_json::from_str(&check(&["--format", "json"])).expect("a line of JSON");
    let findings = line["findings"].as_array().expect("findings");
    let told = findings.iter().find(|f| f["status"] == "not_checked").expect("one that could not be checked");
    let code = told["code"].as_str().expect("a code");
    assert!(!check(&["--lang", "en"]).contains("? could not be checked"));
    assert!(check(&["--lang", "en", "--only", code]).contains("? could not be checked"));
}

#[test]
fn check_gives_a_line_of_csv_a_finding() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = report_file(dir.path());
    let check = |format: &str| juesuan().arg("check").arg(&file).args(["--format", format]).output().expect("runs");
    let json: Value = serde_json::from_slice(&check("json").stdout).expect("a line of JSON");
    let run = check("csv");
    let mut reader = csv::Reader::from_reader(run.stdout.as_slice());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!((header.first().map(String::as_str), header.contains(&"place".to_owned())), (Some("path"), true));
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows as long as the header");
    let violated = json["findings"].as_array().expect("findings").iter().filter(|f| f["status"] == "violated");
    assert_eq!(rows.len(), violated.count());
}

#[test]
fn a_report_is_read_whatever_the_order_of_its_keys() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("turned.json");
    let turned: serde_json::Map<String, Value> =
        report().as_object().expect("an object").clone().into_iter().rev().collect();
    fs::write(&path, Value::Object(turned).to_string()).expect("written");
    assert!(stdout(juesuan().arg("show").arg(&path)).contains("某市某局2024年度部门决算"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let program = assert_cmd::cargo::cargo_bin!("juesuan");
    let mut child = std::process::Command::new(program)
        .args(["schema", "dataset"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{said}");
    assert_eq!(said, "");
}

#[test]
fn output_that_is_no_terminal_has_no_colours() {
    let dir = tempfile::tempdir().expect("a folder");
    let shown = stdout(juesuan().arg("show").arg(report_file(dir.path())));
    assert!(!shown.contains('\u{1b}'), "neither ours nor the document's");
}

#[test]
fn forms_are_listed_and_validated() {
    let dir = tempfile::tempdir().expect("a folder");
    juesuan().arg("forms").assert().code(0);
    juesuan().args(["forms", "check"]).arg(dir.path()).assert().code(0);
    fs::write(dir.path().join("bad.toml"), "\0").expect("written");
    juesuan().args(["forms", "check"]).arg(dir.path()).assert().code(3);
}

#[test]
fn a_form_file_with_an_error_is_refused_with_its_line_and_reason() {
    for (file, text, line, reason) in [
        (
            "statements/own.toml",
            "[[form]]\nids = { budget = \"x\" }\ntitles = []\nheader = ['(']\n",
            4,
            "unclosed group",
        ),
        ("narrative/own.toml", "[[section]]\ntitle = 'x'\n[[section.pattern]]\nsays = '{no.metric}'\n", 4, "no.metric"),
        ("codes/functional.csv", "code,name,also\n2010,行政运行,\n", 2, "2010"),
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(&path, text).expect("written");
        let output = juesuan().args(["forms", "check"]).arg(dir.path()).assert().code(3).get_output().clone();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(said.contains(&format!("line {line}")) && said.contains(reason), "{file}: {said}");
    }
}

#[test]
fn completions_know_the_commands() {
    assert!(stdout(juesuan().args(["completions", "bash"])).contains("crawl"));
}

#[test]
fn every_command_has_a_man_page() {
    let dir = tempfile::tempdir().expect("a folder");
    let to = dir.path().join("man1");
    juesuan().arg("man").arg(&to).assert().success();
    for command in ["juesuan", "juesuan-crawl", "juesuan-load", "juesuan-export", "juesuan-check"] {
        let page = fs::read_to_string(to.join(format!("{command}.1"))).expect(command);
        assert!(page.contains(".SH NAME") && page.contains("Examples:"), "{command}");
    }
}
