//! Crawls that are killed: the supervisor with SIGKILL at arbitrary instants, and its workers. However often that
//! happens, the next crawl finishes the work, and the dataset has the rows of an undisturbed one.
//!
//! The short form runs with every `cargo test`. The long one, 50 and 50 kills over 300 documents, is
//! `cargo test --release --test chaos -- --ignored`.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, RecordBatch};
use juesuan::dataset::{Table, read_table};

/// Columns that differ from run to run by their nature.
const OF_RUN: [&str; 4] = ["load_id", "loaded_at", "millis", "attempts"];

#[test]
fn a_killed_crawl_loses_nothing_and_doubles_nothing() {
    disturb(34, 3, 2);
}

#[test]
#[ignore = "takes minutes; run it in a release build"]
fn a_hundred_kills_lose_nothing_and_double_nothing() {
    disturb(300, 50, 50);
}

#[test]
fn an_interrupted_crawl_commits_what_it_has_read() {
    let region = multiplied_region(34);
    let undisturbed = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    finish(region.path(), undisturbed.path());
    let whole = started.elapsed();
    let data = tempfile::tempdir().expect("a folder");
    let mut crawl = start(region.path(), data.path());
    std::thread::sleep(whole / 3);
    signal(crawl.id(), "-INT");
    let status = crawl.wait().expect("ended");
    // A machine that is busy elsewhere may be late: then the crawl came to its end before the signal.
    if !status.success() {
        assert_eq!(status.code(), Some(3), "it says that it did not read everything");
        let ledger = read_table(data.path(), Table::Reports).expect("a dataset");
        assert!(ledger.iter().any(|batch| batch.num_rows() > 0), "documents that were being read are committed");
    }
    finish(region.path(), data.path());
    assert!(rows(undisturbed.path()) == rows(data.path()), "the next crawl goes on from there");
}

/// Crawls `documents` once in peace, then again and again with kills, and compares.
fn disturb(documents: usize, supervisor_kills: u32, worker_kills: u32) {
    let region = multiplied_region(documents);
    let undisturbed = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    finish(region.path(), undisturbed.path());
    let whole = started.elapsed();
    let wanted = rows(undisturbed.path());
    for round in 0..supervisor_kills + worker_kills {
        let data = tempfile::tempdir().expect("a folder");
        let mut crawl = start(region.path(), data.path());
        std::thread::sleep(instant(round, whole));
        if round < supervisor_kills {
            crawl.kill().expect("killed");
        } else {
            kill_a_worker(&crawl, round);
        }
        crawl.wait().expect("ended");
        finish(region.path(), data.path());
        let got = rows(data.path());
        for ((table, wanted), (_, got)) in wanted.iter().zip(&got) {
            assert!(wanted == got, "round {round}: {} differs", table.name());
        }
    }
}

/// A moment of a crawl that takes `whole`, another one each round, spread evenly (multiples of the golden ratio).
fn instant(round: u32, whole: Duration) -> Duration {
    let share = (f64::from(round + 1) * 0.618_033_988_749_895).fract();
    whole.mul_f64(share)
}

fn command(sources: &Path, dataset: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("juesuan"));
    command.arg("crawl").arg(sources).arg("--dataset").arg(dataset);
    command.args(["--jobs", "2", "--commit-every", "5", "--quiet"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn start(sources: &Path, dataset: &Path) -> Child {
    command(sources, dataset).spawn().expect("starts")
}

/// Crawls until the run comes to its end.
fn finish(sources: &Path, dataset: &Path) {
    let status = command(sources, dataset).status().expect("starts");
    assert!(status.success(), "{status}");
}

fn kill_a_worker(supervisor: &Child, round: u32) {
    let workers = children(supervisor.id());
    if let Some(worker) = workers.get(round as usize % workers.len().max(1)) {
        signal(*worker, "-KILL");
    }
}

/// Sends a signal to a process, which may have ended by itself in between.
fn signal(process: u32, name: &str) {
    let _ = Command::new("kill").args([name, &process.to_string()]).stderr(Stdio::null()).status();
}

/// Processes whose parent is `parent`, from field 4 of `/proc/PID/stat`.
fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    let of = |entry: fs::DirEntry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let ppid: u32 = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
        (ppid == parent).then_some(pid)
    };
    entries.filter_map(of).collect()
}

/// Every table as whole columns, without what differs from run to run.
fn rows(dataset: &Path) -> Vec<(Table, Vec<ArrayRef>)> {
    let of = |table: Table| {
        let batches = read_table(dataset, table).expect("a dataset");
        let whole = arrow_select::concat::concat_batches(&juesuan::dataset::arrow_schema(table), &batches);
        let whole: RecordBatch = whole.expect("one schema");
        let names = table.columns().iter().map(|c| c.name).filter(|n| !OF_RUN.contains(n));
        (table, names.filter_map(|name| whole.column_by_name(name).cloned()).collect())
    };
    Table::ALL.map(of).to_vec()
}

/// The sample region again and again, each copy of a document with other bytes and the same content.
fn multiplied_region(documents: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let region = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region");
    let files = walkdir::WalkDir::new(region).sort_by_file_name().into_iter().flatten();
    let endings = ["docx", "xlsx", "pdf"];
    let is_document = |path: &PathBuf| path.extension().is_some_and(|e| endings.iter().any(|known| e == *known));
    let files: Vec<PathBuf> = files.map(walkdir::DirEntry::into_path).filter(is_document).collect();
    assert!(!files.is_empty(), "the sample region is there");
    for (number, path) in files.iter().cycle().take(documents).enumerate() {
        let copy = varied(fs::read(path).expect("readable"), number);
        let name = format!("{number:04} {}", path.file_name().expect("a name").to_string_lossy());
        fs::write(dir.path().join(name), copy).expect("written");
    }
    dir
}

/// The same document with a comment behind it: that of a ZIP archive (APPNOTE 4.3.16) or of a PDF.
fn varied(mut bytes: Vec<u8>, number: usize) -> Vec<u8> {
    let comment = format!("\n% {number:05}");
    if bytes.starts_with(b"PK") {
        let length = bytes.len() - 2;
        assert_eq!(bytes[length..], [0, 0], "the archive has no comment yet");
        bytes[length..].copy_from_slice(&u16::try_from(comment.len()).expect("short").to_le_bytes());
    }
    bytes.extend(comment.as_bytes());
    bytes
}
