//! What the sink on disk leaves after runs that end well, badly, or in the middle.

use std::fs;

use super::*;
use crate::dataset::{MemorySink, ReportRows, read_ledger, read_table, sample};

pub(super) fn load(id: &str) -> Load {
    Load { id: id.into(), started_ms: 0, extractor: "juesuan/0".into() }
}

pub(super) fn open(dir: &Path, id: &str) -> DeltaSink {
    DeltaSink::open(dir, load(id), Forms::builtin()).expect("opens")
}

/// Each row as text without the load, sorted: readers cut and order batches as they like.
pub(super) fn rows(batches: &[RecordBatch]) -> Vec<String> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let one = batch.slice(row, 1);
            let schema = one.schema();
            let cells = schema.fields().iter().zip(one.columns()).filter(|(f, _)| f.name() != "load_id");
            rows.push(cells.map(|(f, c)| format!("{}={c:?}", f.name())).collect::<Vec<_>>().concat());
        }
    }
    rows.sort();
    rows
}

fn statuses(dir: &Path) -> Vec<(String, String)> {
    let mut found: Vec<_> = read_ledger(dir).expect("reads").into_iter().map(|e| (e.source_uri, e.status)).collect();
    found.sort();
    found
}

fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(uri, status)| ((*uri).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn a_report_on_disk_is_the_report_in_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut undated = sample::outcome("c.docx", "丙局", 2024);
    undated.report.identity.fiscal_year = None;
    let outcomes = [sample::outcome("a.docx", "甲局", 2024), sample::outcome("b.docx", "乙局", 2023), undated];
    let mut disk = open(dir.path(), "l1");
    let mut memory = MemorySink::new(load("l1"), Forms::builtin());
    for sink in [&mut disk as &mut dyn Sink, &mut memory] {
        sink.write(&outcomes).expect("writes");
        sink.commit().expect("commits");
    }
    for table in Table::ALL {
        let on_disk = read_table(dir.path(), table).expect("reads");
        assert_eq!(rows(&on_disk), rows(memory.table(table)), "{}", table.name());
    }
}

#[test]
fn files_that_were_written_and_not_published_are_nobodys_and_the_next_run_does_not_need_them() {
    let (dir, undisturbed) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let outcomes = ["a", "b", "c"].map(|name| sample::outcome(&format!("{name}.docx"), "甲局", 2024));
    let write = |dir: &Path, count: usize| {
        let mut sink = open(dir, "l1");
        sink.waiting_limit = 1;
        outcomes.iter().take(count).for_each(|outcome| sink.write(std::slice::from_ref(outcome)).expect("writes"));
        sink
    };
    let killed = write(dir.path(), 2);
    assert_eq!((killed.unpublished.batches, killed.batch), (2, 0), "written, and not published for ten seconds");
    drop(killed);
    for dir in [dir.path(), undisturbed.path()] {
        let mut sink = write(dir, 3);
        assert!(sink.holdings().is_empty(), "nothing counted that was not published");
        sink.commit().expect("commits");
        assert_eq!(sink.batch, 1, "files of three batches, one commit");
    }
    for table in Table::ALL {
        let read = |dir: &Path| rows(&read_table(dir, table).expect("reads"));
        assert_eq!(read(dir.path()), read(undisturbed.path()), "{}", table.name());
    }
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one_and_leaves_its_row() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut first = open(dir.path(), "l1");
    first.write(&[sample::outcome("a.docx", "甲局", 2024), sample::outcome("b.docx", "乙局", 2024)]).expect("writes");
    first.commit().expect("commits");
    drop(first);
    let mut changed = sample::outcome("a.docx", "甲局", 2024);
    changed.report.source.sha256 = "11".into();
    changed.report.id = "another".into();
    let mut second = open(dir.path(), "l2");
    second.write(&[changed]).expect("writes");
    second.commit().expect("commits");
    let expected = [("a.docx", "extracted"), ("a.docx", "superseded"), ("b.docx", "extracted")];
    assert_eq!(statuses(dir.path()), said(&expected));
    let facts = read_table(dir.path(), Table::Facts).expect("reads");
    assert_eq!(facts.iter().map(RecordBatch::num_rows).sum::<usize>(), 2, "rows of the old version are gone");
}

#[test]
fn the_same_version_read_again_has_one_row() {
    let dir = tempfile::tempdir().expect("a folder");
    for id in ["l1", "l2"] {
        let mut sink = open(dir.path(), id);
        sink.write(&[sample::outcome("a.docx", "甲局", 2024)]).expect("writes");
        sink.commit().expect("commits");
    }
    assert_eq!(statuses(dir.path()), said(&[("a.docx", "extracted")]));
    assert_eq!(rows(&read_table(dir.path(), Table::Facts).expect("reads")).len(), 1);
}

#[test]
fn a_vanished_source_keeps_its_rows_and_leaves_the_sums() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut first = open(dir.path(), "l1");
    first.write(&[sample::outcome("a.docx", "甲局", 2024), sample::outcome("b.docx", "乙局", 2024)]).expect("writes");
    first.commit().expect("commits");
    drop(first);
    let mut second = open(dir.path(), "l2");
    second.vanish("b.docx");
    second.touch("a.docx", Some(77));
    second.commit().expect("commits");
    assert_eq!(statuses(dir.path()), said(&[("a.docx", "extracted"), ("b.docx", "vanished")]));
    assert_eq!(read_ledger(dir.path()).expect("reads")[0].modified_ms, Some(77));
    assert_eq!(rows(&read_table(dir.path(), Table::Facts).expect("reads")).len(), 2);
    let sums = read_table(dir.path(), Table::RegionSummary).expect("reads");
    let reports = sums[0].column_by_name("reports").expect("a column");
    assert_eq!(format!("{reports:?}").matches('1').count(), 1, "one report is summed: {reports:?}");
}

#[test]
fn a_run_that_changes_nothing_commits_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut first = open(dir.path(), "l1");
    first.write(&[sample::outcome("a.docx", "甲局", 2024)]).expect("writes");
    first.commit().expect("commits");
    drop(first);
    let commits = || walkdir::WalkDir::new(dir.path()).into_iter().flatten().filter(|e| e.path().is_file()).count();
    let before = commits();
    open(dir.path(), "l2").commit().expect("commits");
    assert_eq!(commits(), before);
}

#[test]
fn content_without_its_ledger_row_is_cleared_away() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut first = open(dir.path(), "l1");
    first.write(&[sample::outcome("a.docx", "甲局", 2024)]).expect("writes");
    first.commit().expect("commits");
    // A run that dies between the tables of content and the ledger.
    let (orphan, at) =
        (sample::outcome("b.docx", "乙局", 2024), Partition { region: "310199".into(), year: Some(2024) });
    let orphan = ReportRows::of(&orphan.report, "l2", Forms::builtin()).expect("rows");
    for (table, rows) in orphan.tables {
        let folder = Place::from(dir.path()).join(table.name());
        let part = write_part(&folder, table, &at, "part-x", rows.batches(table)).expect("written");
        first.store.commit(table, &Change { added: vec![part], batch: Some(2), ..Change::default() }).expect("commits");
    }
    drop(first);
    assert_eq!(rows(&read_table(dir.path(), Table::Facts).expect("reads")).len(), 2);
    open(dir.path(), "l3").commit().expect("commits");
    assert_eq!(rows(&read_table(dir.path(), Table::Facts).expect("reads")).len(), 1);
    assert!(!open(dir.path(), "l4").is_recovering, "the third run came to its end");
}

#[test]
fn a_last_commit_cut_short_by_a_power_cut_is_set_aside() {
    let dir = tempfile::tempdir().expect("a folder");
    for (id, name) in [("l1", "a.docx"), ("l2", "b.docx")] {
        let mut sink = open(dir.path(), id);
        sink.write(&[sample::outcome(name, "甲局", 2024)]).expect("writes");
        sink.commit().expect("commits");
    }
    let log = dir.path().join("reports/_delta_log");
    let newest = fs::read_dir(&log)
        .expect("a log")
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"));
    let newest = newest.max().expect("a commit");
    let whole = fs::read(&newest).expect("readable");
    fs::write(&newest, &whole[..whole.len() / 2]).expect("written");
    open(dir.path(), "l3").commit().expect("commits");
    assert_eq!(statuses(dir.path()), said(&[("a.docx", "extracted")]));
    assert_eq!(rows(&read_table(dir.path(), Table::Facts).expect("reads")).len(), 1, "b.docx has no ledger row");
}

#[test]
fn two_loads_do_not_write_at_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let _first = open(dir.path(), "l1");
    let error = DeltaSink::open(dir.path(), load("l2"), Forms::builtin()).err().expect("locked").to_string();
    assert!(error.contains("another crawl"), "{error}");
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("thesis.docx"), "mine").expect("written");
    let error = DeltaSink::open(dir.path(), load("l1"), Forms::builtin()).err().expect("refused").to_string();
    assert!(error.contains("holds no dataset"), "{error}");
}

#[test]
fn maintenance_changes_no_row_and_its_checkpoint_may_break() {
    let dir = tempfile::tempdir().expect("a folder");
    for (id, name) in [("l1", "a.docx"), ("l2", "b.docx"), ("l3", "c.docx")] {
        let mut sink = open(dir.path(), id);
        let mut outcome = sample::outcome(name, "甲局", 2024);
        outcome.report.source.sha256 = name.into();
        sink.write(&[outcome]).expect("writes");
        sink.commit().expect("commits");
    }
    let all = |dir: &Path| Table::ALL.map(|table| rows(&read_table(dir, table).expect("reads")));
    let before = all(dir.path());
    let done = crate::dataset::maintain(dir.path(), Duration::ZERO).expect("maintains");
    let facts = done.iter().find(|m| m.table == Table::Facts).expect("facts");
    assert_eq!((facts.files_before, facts.files_after, facts.removed), (3, 1, 3));
    assert!(all(dir.path()) == before);
    let log = dir.path().join("facts/_delta_log");
    let paths = fs::read_dir(log).expect("a log").flatten().map(|e| e.path());
    let checkpoint = paths.filter(|p| p.to_string_lossy().ends_with(".checkpoint.parquet")).max();
    fs::write(checkpoint.expect("a checkpoint"), b"PAR1").expect("written");
    open(dir.path(), "l4").commit().expect("commits");
    assert!(all(dir.path()) == before);
}

#[test]
fn a_table_of_an_earlier_version_gets_the_columns_of_this_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut first = open(dir.path(), "l1");
    first.write(&[sample::outcome("a.docx", "甲局", 2024)]).expect("writes");
    first.commit().expect("commits");
    drop(first);
    let before = read_table(dir.path(), Table::Reports).expect("reads");
    // As if an earlier version had written the table, whose rows had no column `change`.
    let log = dir.path().join("entities/_delta_log/00000000000000000000.json");
    let text = fs::read_to_string(&log).expect("a log");
    let field = r#",{\"name\":\"change\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}"#;
    assert!(text.contains(field), "{text}");
    fs::write(&log, text.replace(field, "")).expect("written");
    let mut second = open(dir.path(), "l2");
    second.write(&[sample::outcome("b.docx", "乙局", 2024)]).expect("writes");
    second.commit().expect("commits");
    drop(second);
    let widened =
        fs::read_to_string(dir.path().join("entities/_delta_log/00000000000000000002.json")).expect("a commit");
    assert!(widened.contains("metaData") && widened.contains(field), "{widened}");
    let entities: usize =
        read_table(dir.path(), Table::Entities).expect("reads").iter().map(RecordBatch::num_rows).sum();
    assert_eq!(entities, 2);
    assert!(rows(&read_table(dir.path(), Table::Reports).expect("reads")).contains(&rows(&before)[0]));
}
