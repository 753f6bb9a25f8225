//! Damaged and hostile documents: each has an outcome, in time and within memory, and none a panic.
//!
//! The mutations are made here from the documents of `corpus/`, always the same ones. `JUESUAN_MUTATIONS` says how
//! many (2,000 in a release build, 120 in a debug one); `JUESUAN_EVAL` names the folder that holds `corpus/malformed`,
//! and without it that test has nothing to read. `cargo test --release --test docx_robust -- --nocapture` prints the
//! outcomes, the slowest document and the peak of memory.
#![allow(clippy::print_stderr)] // figures for the person who asked for them

#[path = "docx/mutation.rs"]
mod mutation;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::Status;
use juesuan::pipeline::extract_bytes;

use self::mutation::Mutations;

/// The longest that one document may take; a debug build is about ten times slower.
const SECONDS: u64 = if cfg!(debug_assertions) { 50 } else { 5 };

/// Peak of resident memory of this process in MiB.
const MEMORY: u64 = 600;

/// What became of the documents so far.
#[derive(Default)]
struct Record {
    outcomes: BTreeMap<&'static str, u32>,
    slowest: Option<(Duration, String)>,
    faults: Vec<String>,
}

impl Record {
    fn extract(&mut self, name: &str, bytes: &[u8]) {
        let start = Instant::now();
        let read = catch_unwind(AssertUnwindSafe(|| extract_bytes(bytes, name, Forms::builtin(), &Limits::default())));
        let took = start.elapsed();
        let outcome = match read.map(|report| report.status) {
            Ok(Status::Failed) => "failed",
            Ok(Status::Refused) => "refused",
            Ok(_) => "read",
            Err(_) => "panic",
        };
        *self.outcomes.entry(outcome).or_default() += 1;
        if outcome == "panic" || took > Duration::from_secs(SECONDS) {
            self.faults.push(format!("{name}: {outcome} after {took:?}"));
        }
        if self.slowest.as_ref().is_none_or(|(longest, _)| took > *longest) {
            self.slowest = Some((took, name.to_owned()));
        }
    }

    fn judge(&self, what: &str) {
        let peak = peak_mb();
        eprintln!("{what}: {:?}, slowest {:?}, peak {peak:?} MiB", self.outcomes, self.slowest);
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        assert!(peak.is_none_or(|mb| mb < MEMORY), "{peak:?} MiB");
    }
}

/// Peak of resident memory of this process so far in MiB, where the system tells.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}

/// Runs on a thread with the stack that the program gives its readers.
fn on_big_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(work).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn files_below(root: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

#[test]
fn mutated_documents_have_an_outcome_each() {
    let count = std::env::var("JUESUAN_MUTATIONS").ok().and_then(|n| n.parse().ok());
    let count = count.unwrap_or(if cfg!(debug_assertions) { 120 } else { 2_000 });
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let documents: Vec<_> =
        files_below(&corpus).into_iter().filter(|f| f.extension().is_some_and(|e| e == "docx")).collect();
    assert!(documents.len() > 3, "the corpus is missing below {}", corpus.display());
    on_big_stack(move || {
        let seeds: Vec<Vec<u8>> = documents.iter().map(|path| std::fs::read(path).expect("a document")).collect();
        let mut mutations = Mutations::of(&seeds);
        let mut record = Record::default();
        for number in 0..count {
            record.extract(&format!("mutation {number}.docx"), &mutations.make());
        }
        record.judge(&format!("{count} mutated documents"));
    });
}

#[test]
fn malformed_files_have_an_outcome_each() {
    let root = std::env::var_os("JUESUAN_EVAL").map_or_else(PathBuf::new, PathBuf::from).join("corpus/malformed");
    let of_word = |path: &PathBuf| path.extension().is_none_or(|e| e != "pdf");
    let files: Vec<_> = files_below(&root).into_iter().filter(of_word).collect();
    if files.is_empty() {
        return eprintln!("JUESUAN_EVAL names no folder with corpus/malformed: nothing is read");
    }
    on_big_stack(move || {
        let mut record = Record::default();
        for path in &files {
            record.extract(&path.to_string_lossy(), &std::fs::read(path).expect("a readable file"));
        }
        record.judge(&format!("{} malformed files", files.len()));
    });
}
