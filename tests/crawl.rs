//! Whole crawls by the program itself: every file has a row, the number of workers changes nothing, and a
//! document that breaks its worker costs one document.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use assert_cmd::Command;
use juesuan::dataset::{Manifest, Table, read_table};

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

/// File name to status, as the ledger has it.
fn ledger(dataset: &Path) -> BTreeMap<String, String> {
    let name = |uri: &String| uri.rsplit('/').next().unwrap_or_default().to_owned();
    let names: Vec<String> = column(dataset, Table::Reports, "source_uri").iter().map(name).collect();
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

#[test]
fn a_second_crawl_takes_the_place_of_the_first() {
    let data = tempfile::tempdir().expect("a folder");
    crawl(folder(&["a.csv", "b.csv"]).path(), data.path(), &[]).code(0);
    let first = Manifest::read(data.path()).expect("a manifest").load_id;
    let second = crawl(folder(&["c.csv"]).path(), data.path(), &["--lang", "en"]).code(0);
    let output = second.get_output();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("WARN") && said.contains("documents=2") && said.contains("a.csv"), "{said}");
    let summary = String::from_utf8_lossy(&output.stdout);
    assert!(summary.lines().any(|line| line.contains("no longer in the dataset") && line.ends_with('2')), "{summary}");
    assert_eq!(ledger(data.path()).into_keys().collect::<Vec<_>>(), ["c.csv"]);
    assert_ne!(Manifest::read(data.path()).expect("a manifest").load_id, first);
    let parts: Vec<_> = fs::read_dir(data.path().join("reports")).expect("a folder").flatten().collect();
    assert_eq!(parts.len(), 1, "the files of the first crawl are gone");
}

#[test]
fn a_crawl_of_the_same_sources_leaves_nothing_out() {
    let (data, dir) = (tempfile::tempdir().expect("a folder"), folder(&["a.csv"]));
    for _ in 0..2 {
        let run = crawl(dir.path(), data.path(), &["--lang", "en"]).code(0);
        assert!(!String::from_utf8_lossy(&run.get_output().stdout).contains("no longer"));
    }
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
