//! Checks as people use them: one of one's own from a TOML file, a region that does otherwise, some of them alone, and
//! the findings in the forms that other programs and officials read.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};

/// Training costs more than meetings, and basic and project expenditure do not make the total.
fn report() -> Value {
    let fact = |id: &str, metric: &str, printed: &str, value: &str, row: u32| {
        json!({ "id": id, "metric": metric, "measure": "amount", "period": "2030", "phase": "final", "value": value,
            "unit": "元", "printed": printed, "printed_unit": "万元", "decimals": 2, "basis": "table", "preferred": true,
            "confidence": 1.0, "location": { "page": 6, "table": "t1", "row": row, "col": 1 } })
    };
    json!({
        "schema": "report/v1", "id": "0123456789abcdef", "status": "extracted",
        "source": { "path": "=某局 2030.pdf", "sha256": "ab".repeat(32), "bytes": 1, "format": "pdf" },
        "identity": { "kind": "final_accounts.department", "entity": "甲省乙市|水务局", "entity_level": "department",
            "region": { "name": "甲省乙市", "code": "990100" }, "fiscal_year": 2030, "confidence": 1.0 },
        "sections": [], "bookmarks": [], "charts": [], "indicators": [], "notes": [], "findings": [],
        "tables": [{ "id": "t1", "form": "final_accounts.expenditure", "title": "支出决算表", "rows": 9, "cols": 2,
            "header_rows": 1, "cells": [], "locations": [{ "page": 6 }] }],
        "facts": [fact("f1", "exp.current", "12.50", "125000", 1), fact("f2", "exp.basic", "10.00", "100000", 2),
            fact("f3", "exp.project", "2.00", "20000", 3), fact("f4", "tp.training", "3.00", "30000", 4),
            fact("f5", "tp.meeting", "2.00", "20000", 5)],
        "checks": { "satisfied": 0, "violated": 0, "not_checked": 0 },
    })
}

/// A folder with the report and with forms of its own.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new(own: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("report.json"), report().to_string()).expect("written");
        fs::create_dir_all(dir.path().join("forms/identities")).expect("made");
        fs::write(dir.path().join("forms/identities/own.toml"), own).expect("written");
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What `check` prints, and how it ends.
    fn check(&self, options: &[&str]) -> (Vec<u8>, i32) {
        let mut command = Command::cargo_bin("juesuan").expect("the program is built");
        let run = command.arg("check").arg(self.path("report.json")).args(["--forms"]).arg(self.path("forms"));
        let output = run.args(options).output().expect("it runs");
        (output.stdout, output.status.code().unwrap_or(-1))
    }

    fn json(&self, options: &[&str]) -> Value {
        let (out, _) = self.check(&[&["--format", "json"], options].concat());
        serde_json::from_slice(&out).expect("a line of JSON")
    }
}

const OWN: &str = r#"
[[assertion]]
id = "OWN-1"
title = { zh = "培训费大于会议费", en = "training costs more than meetings" }
why = { zh = "本地规定。", en = "A local rule." }
severity = "warn"
within = "table"
tolerance = "sum"
formula = "tp.training <= tp.meeting"
"#;

fn codes(line: &Value) -> Vec<(&str, &str)> {
    let findings = line["findings"].as_array().expect("findings").iter().filter(|f| f["status"] == "violated");
    findings.map(|f| (f["code"].as_str().unwrap_or(""), f["severity"].as_str().unwrap_or(""))).collect()
}

#[test]
fn a_check_is_added_by_a_file() {
    let desk = Desk::new(OWN);
    let line = desk.json(&["--only", "OWN-1"]);
    assert_eq!(codes(&line), [("OWN-1", "warn")]);
    assert_eq!(line["checks"], json!({ "satisfied": 0, "violated": 1, "not_checked": 0 }), "the counts are its own");
    assert_eq!(line["findings"][0]["facts"], json!(["f4", "f5"]));
    assert_eq!(codes(&Desk::new("").json(&[])), [("IT-07", "error")]);
}

#[test]
fn what_is_skipped_is_not_counted() {
    let desk = Desk::new(OWN);
    let (all, without) = (desk.json(&[]), desk.json(&["--skip", "it-07"]));
    assert_eq!(codes(&all), [("IT-07", "error"), ("OWN-1", "warn")]);
    assert_eq!(codes(&without), [("OWN-1", "warn")]);
    let violated = |line: &Value| line["checks"]["violated"].as_u64();
    assert_eq!((violated(&all), violated(&without)), (Some(2), Some(1)));
}

#[test]
fn a_region_does_otherwise_by_a_file() {
    let rule = |regions: &str, severity: &str| {
        format!(
            "{OWN}\n[[override]]\nid = \"OWN-1\"\nregions = [\"{regions}\"]\nseverity = \"{severity}\"\nwhy = {{ zh = \"本省规定。\", en = \"A rule of the province.\" }}\n"
        )
    };
    let found = |own: &str| codes(&Desk::new(own).json(&["--only", "OWN-1"])).first().map(|(_, s)| (*s).to_owned());
    assert_eq!(found(&rule("99", "error")).as_deref(), Some("error"));
    assert_eq!(found(&rule("甲省", "off")), None);
    assert_eq!(found(&rule("51", "off")).as_deref(), Some("warn"));
}

#[test]
fn sarif_names_rule_level_and_place() {
    let (out, code) = Desk::new(OWN).check(&["--format", "sarif"]);
    let log: Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!((log["version"].as_str(), code), (Some("2.1.0"), 1));
    let results = log["runs"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|r| r["ruleId"] == "IT-07").expect("the finding");
    assert_eq!((result["level"].as_str(), result["kind"].as_str()), (Some("error"), Some("fail")));
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], "IT-07");
    let place = &result["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "%3D%E6%9F%90%E5%B1%80%202030.pdf");
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "第6页《支出决算表》第2行第2列");
}

#[test]
fn the_list_of_corrections_is_by_department() {
    let (out, _) = Desk::new(OWN).check(&["--format", "markdown"]);
    let text = String::from_utf8(out).expect("UTF-8");
    assert!(text.starts_with("# 整改清单\n\n## 甲省乙市\\|水务局\n"), "{text}");
    assert!(text.contains("| 1 | =某局 2030.pdf | 2030 | IT-07 | 错误 |"), "{text}");
    assert!(text.contains("第6页《支出决算表》第2行第2列"), "{text}");
}

fn entry(bytes: &[u8], name: &str) -> String {
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut text = String::new();
    book.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn the_workbook_is_the_same_twice_and_holds_no_formula() {
    let desk = Desk::new(OWN);
    let path = desk.path("list.xlsx");
    let name = path.to_string_lossy().into_owned();
    let (out, code) = desk.check(&["--format", "xlsx", "--output", &name]);
    assert_eq!((out.as_slice(), code), (&b""[..], 1));
    let bytes = fs::read(Path::new(&path)).expect("written");
    assert_eq!(bytes, desk.check(&["--format", "xlsx"]).0);
    let (words, list) = (entry(&bytes, "xl/sharedStrings.xml"), entry(&bytes, "xl/worksheets/sheet2.xml"));
    assert!(words.contains("甲省乙市|水务局") && words.contains("=某局 2030.pdf") && words.contains("整改情况"));
    assert!(!list.contains("<f>"), "a document's text is no formula");
}

#[test]
fn the_table_of_checks_is_that_of_the_forms() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHECKS.md")).expect("there");
    let told: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).skip(1).collect();
    let index = juesuan::check::index(juesuan::forms::Forms::builtin());
    let known: Vec<&str> = index.iter().map(|info| info.code.as_str()).collect();
    assert_eq!(told, known);
    assert_eq!(told.len(), 94);
}
