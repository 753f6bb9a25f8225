//! Whole crawls by the program itself: every file has a row, the number of workers changes nothing, a document
//! that breaks its worker costs one document, and a second crawl reads what changed and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};

const STATEMENT: &str = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").timeout(std::time::Duration::from_mins(2));
    command
}

/// A folder of files that differ in a word, so that none is a copy of another.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for name in names {
        fs::write(dir.path().join(name), STATEMENT.replace("某局", name)).expect("written");
    }
    dir
}

fn crawl(sources: &Path, dataset: &Path, options: &[&str]) -> assert_cmd::assert::Assert {
    juesuan().arg("crawl").arg(sources).arg("--dataset").arg(dataset).args(options).assert()
}

fn column(dataset: &Path, table: Table, name: &str) -> Vec<String> {
    let of = |batch: &RecordBatch| {
        let values = batch.column_by_name(name).expect("a column").as_string::<i32>().clone();
        (0..values.len()).map(|i| values.value(i).to_owned()).collect::<Vec<_>>()
    };
    read_table(dataset, table).expect("a dataset").iter().flat_map(of).collect()
}

fn name_of(uri: &str) -> String {
    uri.rsplit('/').next().unwrap_or_default().to_owned()
}

/// File name to status, as the ledger has it.
fn ledger(dataset: &Path) -> BTreeMap<String, String> {
    let names: Vec<String> = column(dataset, Table::Reports, "source_uri").iter().map(|uri| name_of(uri)).collect();
    names.into_iter().zip(column(dataset, Table::Reports, "status")).collect()
}

fn docx(path: &Path) {
    let text = docx_rs::Paragraph::new().add_run(docx_rs::Run::new().add_text("某局2024年度部门决算"));
    let file = fs::File::create(path).expect("made");
    docx_rs::Docx::new().add_paragraph(text).build().pack(file).expect("packed");
}

#[test]
fn every_file_has_a_row_whatever_it_is() {
    let dir = folder(&["a.csv", "~$a.csv", ".hidden.csv"]);
    docx(&dir.path().join("b.docx"));
    let whole = fs::read(dir.path().join("b.docx")).expect("read");
    fs::write(dir.path().join("cut.docx"), &whole[..whole.len() / 2]).expect("written");
    fs::write(dir.path().join("empty.pdf"), "").expect("written");
    fs::write(dir.path().join("photo.jpg"), b"\xFF\xD8\xFF\xE0\0\x10JFIF\0").expect("written");
    fs::copy(dir.path().join("a.csv"), dir.path().join("z-copy.csv")).expect("copied");
    let data = tempfile::tempdir().expect("a folder");
    let run = crawl(dir.path(), data.path(), &["--jobs", "2"]);
    let rows = ledger(data.path());
    assert_eq!(
        rows.keys().collect::<Vec<_>>(),
        ["a.csv", "b.docx", "cut.docx", "empty.pdf", "photo.jpg", "z-copy.csv"]
    );
    assert_eq!(rows["a.csv"], "extracted");
    assert_eq!(rows["b.docx"], "extracted");
    assert_eq!(rows["z-copy.csv"], "skipped", "its content is that of a.csv");
    assert_eq!(rows["photo.jpg"], "refused");
    assert!(["refused", "failed", "partial"].contains(&rows["cut.docx"].as_str()), "{rows:?}");
    run.code(2);
    assert_eq!(column(data.path(), Table::Tables, "table_id"), ["t1"], "the copy is stored once");
}

#[test]
fn one_worker_and_several_write_the_same_rows() {
    let names: Vec<String> = (0..12).map(|i| format!("{i:02}.csv")).collect();
    let dir = folder(&names.iter().map(String::as_str).collect::<Vec<_>>());
    fs::write(dir.path().join("05.csv"), b"%PDF-1.7 broken").expect("written");
    let [one, three] = [1, 3].map(|workers| {
        let data = tempfile::tempdir().expect("a folder");
        crawl(dir.path(), data.path(), &["--jobs", &workers.to_string()]);
        data
    });
    for table in Table::ALL {
        assert_eq!(rows(one.path(), table), rows(three.path(), table), "{}", table.name());
    }
}

/// The columns of a table, without what differs from run to run by its nature.
fn rows(dataset: &Path, table: Table) -> Vec<ArrayRef> {
    let of_run = ["load_id", "loaded_at", "millis"];
    let batches = read_table(dataset, table).expect("a dataset");
    let names: Vec<&str> = table.columns().iter().map(|c| c.name).filter(|n| !of_run.contains(n)).collect();
    let columns = |b: &RecordBatch| names.iter().filter_map(|n| b.column_by_name(n).cloned()).collect::<Vec<_>>();
    batches.iter().flat_map(columns).collect()
}

#[test]
fn reports_are_the_same_at_any_number_of_workers() {
    let dir = folder(&["a.csv", "b.csv", "c.csv", "d.csv"]);
    let extracted =
        |jobs: &str| juesuan().arg("extract").arg(dir.path()).args(["--jobs", jobs]).output().expect("runs").stdout;
    let one = extracted("1");
    assert_eq!(String::from_utf8_lossy(&one).lines().count(), 4);
    assert_eq!(one, extracted("3"));
}

/// What a crawl says it did: read, unchanged, touched, vanished, replaced.
fn crawled(sources: &Path, dataset: &Path, options: &[&str]) -> [u64; 5] {
    let run = crawl(sources, dataset, &[&["--log", "json"], options].concat());
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    let last = said.lines().rev().find(|line| line.contains("\"summary\"")).expect("a summary is logged");
    let event: serde_json::Value = serde_json::from_str(last).expect("JSON");
    let summary: serde_json::Value = serde_json::from_str(event["summary"].as_str().expect("text")).expect("JSON");
    ["documents", "unchanged", "touched", "vanished", "replaced"].map(|name| summary[name].as_u64().expect(name))
}

fn set_time(path: &Path, seconds: u64) {
    let file = fs::File::options().write(true).open(path).expect("opens");
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).expect("set");
}

#[test]
fn a_second_crawl_acts_on_what_changed_and_on_nothing_else() {
    let (data, dir) = (tempfile::tempdir().expect("a folder"), folder(&["a.csv", "b.csv", "c.csv", "d.csv"]));
    assert_eq!(crawled(dir.path(), data.path(), &[]), [4, 0, 0, 0, 0]);
    assert_eq!(crawled(dir.path(), data.path(), &[]), [0, 4, 0, 0, 0]);
    set_time(&dir.path().join("a.csv"), 1_000_000_000);
    fs::write(dir.path().join("b.csv"), STATEMENT.replace("某局", "乙局乙局")).expect("written");
    fs::remove_file(dir.path().join("c.csv")).expect("removed");
    fs::write(dir.path().join("e.csv"), STATEMENT.replace("某局", "戊局")).expect("written");
    assert_eq!(crawled(dir.path(), data.path(), &[]), [2, 1, 1, 1, 1]);
    assert_eq!(crawled(dir.path(), data.path(), &[]), [0, 4, 0, 0, 0], "a touched file is not hashed again");
    let uris = column(data.path(), Table::Reports, "source_uri");
    let mut rows: Vec<String> = uris
        .iter()
        .zip(column(data.path(), Table::Reports, "status"))
        .map(|(uri, status)| format!("{} {status}", uri.rsplit('/').next().unwrap_or_default()))
        .collect();
    rows.sort();
    let expected = [
        "a.csv extracted",
        "b.csv extracted",
        "b.csv superseded",
        "c.csv vanished",
        "d.csv extracted",
        "e.csv extracted",
    ];
    assert_eq!(rows, expected);
    assert_eq!(column(data.path(), Table::Tables, "table_id").len(), 5, "those of the old b.csv are gone");
}

#[test]
fn a_folder_that_was_not_asked_for_does_not_vanish() {
    let data = tempfile::tempdir().expect("a folder");
    let (one, other) = (folder(&["a.csv"]), folder(&["b.csv"]));
    crawl(one.path(), data.path(), &[]).code(0);
    assert_eq!(crawled(other.path(), data.path(), &[]), [1, 0, 0, 0, 0]);
    assert_eq!(ledger(data.path()).into_values().collect::<Vec<_>>(), ["extracted", "extracted"]);
}

#[cfg(unix)]
#[test]
fn a_place_that_cannot_be_entered_is_told_once_and_hides_nothing() {
    let (data, dir) = (tempfile::tempdir().expect("a folder"), folder(&["a.csv"]));
    std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).expect("linked");
    assert_eq!(crawled(dir.path(), data.path(), &[]), [2, 0, 0, 0, 0]);
    assert_eq!(ledger(data.path())["loop"], "failed");
    assert_eq!(crawled(dir.path(), data.path(), &[]), [0, 2, 0, 0, 0], "the same problem is no news");
}

#[test]
fn a_copy_is_read_when_its_original_goes() {
    let (data, dir) = (tempfile::tempdir().expect("a folder"), folder(&["a.csv"]));
    fs::copy(dir.path().join("a.csv"), dir.path().join("b.csv")).expect("copied");
    crawl(dir.path(), data.path(), &[]).code(0);
    assert_eq!(ledger(data.path())["b.csv"], "skipped");
    fs::remove_file(dir.path().join("a.csv")).expect("removed");
    assert_eq!(crawled(dir.path(), data.path(), &[]), [1, 0, 0, 1, 1]);
    assert_eq!(ledger(data.path())["b.csv"], "extracted");
}

#[test]
fn what_failed_is_read_again_on_request() {
    let (data, dir) = (tempfile::tempdir().expect("a folder"), folder(&["a.csv", "b.csv"]));
    assert_eq!(crawled(dir.path(), data.path(), &["--fault", "abort=b.csv"]), [2, 0, 0, 0, 0]);
    assert_eq!(ledger(data.path())["b.csv"], "quarantined");
    assert_eq!(crawled(dir.path(), data.path(), &[]), [0, 2, 0, 0, 0], "nothing about it changed");
    assert_eq!(crawled(dir.path(), data.path(), &["--refresh"]), [1, 1, 0, 0, 1]);
    assert_eq!(ledger(data.path())["b.csv"], "extracted");
    assert_eq!(column(data.path(), Table::Reports, "status").len(), 2, "the same version has one row");
}

#[test]
fn a_dataset_of_an_older_version_is_refused_by_name() {
    let data = tempfile::tempdir().expect("a folder");
    fs::write(data.path().join("dataset.json"), "{}").expect("written");
    let run = crawl(folder(&["a.csv"]).path(), data.path(), &[]).code(3);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("an older version wrote this dataset"), "{said}");
}

#[test]
fn the_status_of_a_dataset_says_what_failed_and_what_ran() {
    let (data, dir) = (tempfile::tempdir().expect("a folder"), folder(&["a.csv", "b.csv"]));
    fs::write(dir.path().join("photo.jpg"), b"\xFF\xD8\xFF\xE0\0\x10JFIF\0").expect("written");
    crawl(dir.path(), data.path(), &[]).code(2);
    crawl(dir.path(), data.path(), &[]).code(0);
    let status = juesuan().args(["status", "--json", "--dataset"]).arg(data.path()).output().expect("runs");
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    assert_eq!(status["statuses"], serde_json::json!({"extracted": 2, "refused": 1}));
    assert_eq!(status["reasons"][0]["documents"], 1);
    assert_eq!((&status["runs"][0]["documents"], &status["runs"][1]["documents"]), (&0.into(), &3.into()));
}

#[test]
fn a_refused_document_alone_is_told_by_the_exit_status() {
    let dir = folder(&["a.csv"]);
    let data = tempfile::tempdir().expect("a folder");
    crawl(dir.path(), data.path(), &[]).code(0);
    fs::write(dir.path().join("photo.jpg"), b"\xFF\xD8\xFF\xE0\0\x10JFIF\0").expect("written");
    crawl(dir.path(), data.path(), &[]).code(2);
}

#[test]
fn a_dataset_names_its_codes() {
    let data = tempfile::tempdir().expect("a folder");
    crawl(folder(&["a.csv"]).path(), data.path(), &[]).code(0);
    for (table, name, known) in [
        (Table::Regions, "region_code", "310107"),
        (Table::Metrics, "metric", "tp.total"),
        (Table::FuncCodes, "func_code", "201"),
        (Table::EconCodes, "econ_code", "301"),
    ] {
        assert!(column(data.path(), table, name).iter().any(|code| code == known), "{}", table.name());
    }
}

#[test]
fn a_missing_source_stops_the_run_before_it_begins() {
    let data = tempfile::tempdir().expect("a folder");
    let run = crawl(Path::new("no/such/folder"), &data.path().join("d"), &[]).code(3);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("no/such/folder") && said.contains("hint:"), "{said}");
}

#[test]
fn a_document_that_breaks_its_worker_costs_one_document() {
    let dir = folder(&["1.csv", "abort.csv", "eat.csv", "garbage.csv", "overflow.csv", "panic.csv", "z.csv"]);
    let data = tempfile::tempdir().expect("a folder");
    let faults = ["abort", "eat", "garbage", "overflow", "panic"].map(|kind| format!("--fault={kind}={kind}.csv"));
    let mut options: Vec<&str> = faults.iter().map(String::as_str).collect();
    options.extend(["--jobs", "2", "--limits", "memory_mb=1024"]);
    crawl(dir.path(), data.path(), &options).code(2);
    let rows = ledger(data.path());
    assert_eq!((rows["1.csv"].as_str(), rows["z.csv"].as_str()), ("extracted", "extracted"));
    assert_eq!(rows["panic.csv"], "failed", "a panic is caught, and its worker lives on");
    for name in ["abort.csv", "eat.csv", "garbage.csv", "overflow.csv"] {
        assert_eq!(rows[name], "quarantined", "{name}");
    }
    let errors = column(data.path(), Table::Reports, "error").join("\n");
    for reason in ["SIGABRT", "ran out of memory", "no report", "overflowed its stack", "panicked: told to panic"] {
        assert!(errors.contains(reason), "{reason}: {errors}");
    }
}

#[test]
fn small_documents_that_are_read_in_one_round_with_a_bad_one_bear_no_blame() {
    let names: Vec<String> = (10..40).map(|n| format!("{n}.csv")).collect();
    let dir = folder(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let data = tempfile::tempdir().expect("a folder");
    crawl(dir.path(), data.path(), &["--jobs", "1", "--fault", "abort=23.csv"]).code(2);
    let reports = read_table(data.path(), Table::Reports).expect("rows");
    let mut attempts = BTreeMap::new();
    for batch in &reports {
        let tried = batch.column_by_name("attempts").expect("a column").as_primitive::<Int32Type>();
        let uri = batch.column_by_name("source_uri").expect("a column").as_string::<i32>();
        attempts.extend(uri.iter().flatten().map(name_of).zip(tried.values().iter().copied()));
    }
    assert_eq!(attempts.len(), names.len());
    for (name, tried) in attempts {
        assert_eq!(tried, if name == "23.csv" { 2 } else { 1 }, "{name}");
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn a_crawl_holds_its_memory_together_unless_somebody_has_said_how() {
    let dir = folder(&["hang.csv"]);
    let told_when = |given: Option<&str>| {
        let data = tempfile::tempdir().expect("a folder");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_juesuan"));
        command.arg("crawl").arg(dir.path()).arg("--dataset").arg(data.path());
        command.args(["--fault", "hang=hang.csv", "--limits", "seconds=20", "--quiet"]);
        command.env_remove("MALLOC_ARENA_MAX").envs(given.map(|arenas| ("MALLOC_ARENA_MAX", arenas)));
        let mut child = command.spawn().expect("starts");
        let told = || {
            let environment = fs::read(format!("/proc/{}/environ", child.id())).expect("it runs");
            let told =
                environment.split(|byte| *byte == 0).map(|variable| String::from_utf8_lossy(variable).into_owned());
            told.filter(|variable| variable.starts_with("MALLOC_")).collect::<Vec<_>>()
        };
        let started = std::time::Instant::now();
        while told().is_empty() && started.elapsed().as_secs() < 15 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let told = told();
        child.kill().expect("killed");
        child.wait().expect("ended");
        told
    };
    let told = told_when(None);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told_when(Some("3")), ["MALLOC_ARENA_MAX=3"]);
}

#[test]
fn a_document_that_hangs_is_ended_and_the_others_go_on() {
    let dir = folder(&["a.csv", "b.csv", "hang.csv", "z.csv"]);
    let data = tempfile::tempdir().expect("a folder");
    let options = ["--jobs", "2", "--fault", "hang=hang.csv", "--limits", "seconds=1"];
    crawl(dir.path(), data.path(), &options).code(2);
    let rows = ledger(data.path());
    assert_eq!(rows["hang.csv"], "quarantined");
    assert_eq!(rows.values().filter(|s| *s == "extracted").count(), 3);
    let errors = column(data.path(), Table::Reports, "error").join("");
    assert!(errors.contains("not finished after 1 s"), "{errors}");
}
