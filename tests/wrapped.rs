//! Documents in wrappers, through the program itself: archives as folders, pages saved as workbooks, formats that
//! another program converts, and what is said when that program is missing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};
use serde_json::Value;
use zip::write::SimpleFileOptions;

const STATEMENT: &str = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").timeout(std::time::Duration::from_mins(2));
    command
}

fn region(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region").join(path)
}

fn archive_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// Writes names as Chinese systems do: in GBK, without saying so. `name` stands in the archive once or more.
fn with_gbk_names(archive: &[u8], name: &str, placeholder: &str) -> Vec<u8> {
    let gbk = encoding_rs::GBK.encode(name).0.into_owned();
    assert_eq!(gbk.len(), placeholder.len(), "the placeholder is as long");
    let mut bytes = archive.to_vec();
    let found: Vec<usize> =
        (0..bytes.len() - gbk.len()).filter(|&at| bytes[at..].starts_with(placeholder.as_bytes())).collect();
    assert_eq!(found.len(), 2, "once before the file, once in the directory");
    for at in found {
        bytes[at..at + gbk.len()].copy_from_slice(&gbk);
    }
    bytes
}

/// The reports that `extract` gives, by what their path ends with.
fn extracted(path: &Path) -> BTreeMap<String, Value> {
    let output = juesuan().args(["extract", "--format", "jsonl", "--quiet"]).arg(path).output().expect("runs");
    let of = |line: &str| {
        let report: Value = serde_json::from_str(line).expect("a report");
        let name = report["source"]["path"].as_str().expect("a path").rsplit_once("/t/").expect("below t").1.to_owned();
        (name, report)
    };
    String::from_utf8_lossy(&output.stdout).lines().map(of).collect()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let inner = dir.path().join("t");
    fs::create_dir(&inner).expect("made");
    (dir, inner)
}

#[test]
fn files_of_an_archive_are_read_under_their_own_names() {
    let (_guard, dir) = folder();
    let inner = archive_of(&[("b.csv", STATEMENT.replace("某局", "乙局").as_bytes())]);
    let archive = archive_of(&[("JJJJ/XXXXXX.csv", STATEMENT.as_bytes()), ("in.zip", &inner), ("x.docx", b"no docx")]);
    let archive = with_gbk_names(&archive, "决算/收入表", "JJJJ/XXXXXX");
    fs::write(dir.join("公开.zip"), archive).expect("written");
    let reports = extracted(&dir.join("公开.zip"));
    let names: Vec<&str> = reports.keys().map(String::as_str).collect();
    assert_eq!(names, ["公开.zip!in.zip!b.csv", "公开.zip!x.docx", "公开.zip!决算/收入表.csv"]);
    assert_eq!(reports["公开.zip!决算/收入表.csv"]["tables"][0]["form"], "final_accounts.revenue");
    assert_eq!(reports["公开.zip!in.zip!b.csv"]["status"], "extracted");
    assert_eq!(reports["公开.zip!x.docx"]["status"], "refused");
}

#[test]
fn an_archive_that_cannot_be_entered_has_one_outcome() {
    let (_guard, dir) = folder();
    let whole = archive_of(&[("a.csv", STATEMENT.as_bytes())]);
    fs::write(dir.join("cut.zip"), &whole[..whole.len() / 2]).expect("written");
    fs::write(dir.join("empty.zip"), archive_of(&[])).expect("written");
    fs::write(dir.join("loop.zip"), (0..5).fold(whole, |inner, _| archive_of(&[("in.zip", &inner)]))).expect("written");
    let reports = extracted(&dir);
    assert_eq!(reports.len(), 3);
    for (name, why) in [("cut.zip", "zip"), ("empty.zip", "no document"), ("loop.zip!in.zip!in.zip!in.zip", "deep")] {
        let report = &reports[name];
        let message = report["notes"][0]["message"].as_str().expect("a reason");
        assert!(report["status"] != "extracted" && message.contains(why), "{name}: {message}");
    }
}

fn column(dataset: &Path, table: Table, name: &str) -> Vec<String> {
    let of = |batch: &RecordBatch| {
        let values = batch.column_by_name(name).expect("a column").as_string::<i32>().clone();
        (0..values.len()).map(|i| values.value(i).to_owned()).collect::<Vec<_>>()
    };
    read_table(dataset, table).expect("a dataset").iter().flat_map(of).collect()
}

/// A crawl, and the counts of what it read, left and found gone.
fn crawl(sources: &Path, dataset: &Path) -> (String, [u64; 3]) {
    let run = juesuan().args(["crawl", "--log", "json", "--dataset"]).arg(dataset).arg(sources).output().expect("runs");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let last = said.lines().rev().find(|line| line.contains("\"summary\"")).expect("a summary is logged");
    let event: Value = serde_json::from_str(last).expect("JSON");
    let summary: Value = serde_json::from_str(event["summary"].as_str().expect("text")).expect("JSON");
    let counts = ["documents", "unchanged", "vanished"].map(|name| summary[name].as_u64().expect(name));
    (String::from_utf8_lossy(&run.stdout).into_owned(), counts)
}

#[test]
fn text_and_tables_of_an_archive_join_and_the_next_crawl_reads_what_changed() {
    let (_guard, dir) = folder();
    let data = tempfile::tempdir().expect("a folder");
    let read = |name: &str| fs::read(region(&format!("区审计局/2024/2024年度{name}"))).expect("readable");
    let (text, tables) = (read("部门决算.docx"), read("部门决算附表.xlsx"));
    let both = archive_of(&[("附件1.docx", &text), ("附件2 2024年度.xlsx", &tables)]);
    fs::write(dir.join("公开.zip"), both).expect("written");
    let (said, counts) = crawl(&dir, data.path());
    assert_eq!(counts, [2, 0, 0]);
    assert!(said.contains("附件1.docx + 附件2 2024年度.xlsx (identity, figures"), "{said}");
    assert_eq!(
        column(data.path(), Table::Disclosures, "statements_missing"),
        [""],
        "text and annex hold all statements"
    );
    assert_eq!(crawl(&dir, data.path()).1, [0, 2, 0]);
    fs::write(dir.join("公开.zip"), archive_of(&[("附件1.docx", &text)])).expect("written");
    assert_eq!(crawl(&dir, data.path()).1, [0, 0, 1], "the text has the same bytes, the annex is gone");
}

#[test]
fn the_region_joins_reports_with_their_annexes_and_says_so() {
    let data = tempfile::tempdir().expect("a folder");
    let (said, _) = crawl(&region(""), data.path());
    let joined: Vec<&str> = said.lines().filter(|l| l.contains("附表.xlsx (identity, figures")).collect();
    assert_eq!(joined.len(), 6, "three departments, two years: {said}");
    let members: Vec<Value> = column(data.path(), Table::Disclosures, "members_json")
        .iter()
        .map(|json| serde_json::from_str(json).expect("JSON"))
        .collect();
    assert_eq!(members.len(), 9, "four departments of two years, and a budget");
    let files: usize = members.iter().map(|m| m.as_array().map_or(0, Vec::len)).sum();
    assert_eq!(files, 17, "every file is in one disclosure");
    for present in column(data.path(), Table::Disclosures, "statements_present") {
        assert!(present.starts_with("收支总表\n收入表\n支出表\n"), "{present}");
    }
    assert!(column(data.path(), Table::Disclosures, "doubts").iter().all(String::is_empty));
}

#[test]
fn a_page_saved_as_a_workbook_gives_its_tables() {
    let (_guard, dir) = folder();
    let page =
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\"></head><body><table>
        <tr><td colspan=3 align=center>收入决算表</td></tr><tr><td colspan=2>部门：某局</td><td>单位：万元</td></tr>
        <tr><td rowspan=2>项目</td><td colspan=2>本年收入</td></tr><tr><td>合计</td><td>财政拨款收入</td></tr>
        <tr><td>合计</td><td x:num=\"12.5\">12.50</td><td>12.50</td></tr></table></body></html>";
    fs::write(dir.join("2024年度附表.xls"), encoding_rs::GBK.encode(page).0).expect("written");
    let report = &extracted(&dir.join("2024年度附表.xls"))["2024年度附表.xls"];
    assert_eq!((&report["source"]["format"], &report["status"]), (&"html".into(), &"extracted".into()));
    let table = &report["tables"][0];
    assert_eq!((&table["form"], &table["unit"]), (&"final_accounts.revenue".into(), &"万元".into()));
    assert_eq!((&table["cols"], &table["cells"][0]["row_span"]), (&3.into(), &2.into()));
    assert_eq!(report["notes"][0]["kind"], "wrong_extension");
}

const RTF: &str = r"{\rtf1\ansi\ansicpg936 \u26576?\u23616?2024\u24180?\u24230?\u37096?\u38376?\u20915?\u31639?\par}";

#[test]
fn what_another_program_must_convert_names_the_program() {
    let (_guard, dir) = folder();
    fs::write(dir.join("a.rtf"), RTF).expect("written");
    let run = juesuan().arg("extract").arg(dir.join("a.rtf")).env("PATH", "").assert().code(2);
    let report: Value = serde_json::from_slice(&run.get_output().stdout).expect("a report");
    assert_eq!((&report["status"], &report["source"]["format"]), (&"failed".into(), &"rtf".into()));
    let said = report["notes"].to_string();
    assert!(said.contains("LibreOffice") && said.contains("not installed"), "{said}");
}

#[test]
fn a_converted_document_is_read_and_says_that_it_was_converted() {
    if std::process::Command::new("soffice").arg("--version").output().is_err() {
        eprintln!("LibreOffice is not installed: nothing to convert with");
        return;
    }
    let (_guard, dir) = folder();
    fs::write(dir.join("a.doc"), RTF).expect("written");
    let run = juesuan().arg("extract").arg(dir.join("a.doc")).env("TMPDIR", &dir).assert().code(0);
    let report: Value = serde_json::from_slice(&run.get_output().stdout).expect("a report");
    assert_eq!(report["status"], "extracted", "{}", report["notes"]);
    assert_eq!(report["identity"]["fiscal_year"], 2024);
    assert!(report["notes"].to_string().contains("\"kind\":\"converted\""), "{}", report["notes"]);
    let left: Vec<_> = fs::read_dir(&dir).expect("a folder").filter_map(Result::ok).map(|e| e.file_name()).collect();
    assert_eq!(left, ["a.doc"], "the profile and the copy are gone");
}
