//! The worker's side of the pipe: one line of JSON in, one report out, one document at a time, until the pipe
//! is closed. Whatever is left of a document when it goes wrong is a report or a dead process; the supervisor
//! (`supervisor.rs`) knows both.
//!
//! ```text
//! in    {"uri":"a.docx","path":[…],"members":[…],"bytes":9,"load":"…"}\n
//!       path only where the name is not UTF-8 or in an archive, members only there, load where rows are asked for
//! out   8 bytes length, big-endian · that many bytes of report JSON, or of the dataset's wire format; where both are
//!       asked for, the JSON's length as 8 bytes and the JSON before the other
//! ```

use std::cell::RefCell;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::bare::{EXTRACTOR, broken_down, refused, worker_error};
use super::extract::{extract_source, on_big_stack, panic_words};
use super::{Fault, Job, Source};
use crate::dataset::{ReportRows, to_wire};
use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;
use crate::limits::Limits;
use crate::model::Report;

/// How often a worker looks whether its supervisor lives.
#[cfg(unix)]
const ORPHAN_CHECK: std::time::Duration = std::time::Duration::from_millis(500);
/// Exit status of a worker without a supervisor, which nobody reads.
#[cfg(unix)]
const ORPHANED: i32 = 4;

/// One document, as it goes through the pipe.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Task {
    uri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<usize>,
    #[serde(default)]
    bytes: u64,
    /// Asks for the rows of this load instead of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    load: Option<String>,
    /// Asks for the report's JSON too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    with_json: bool,
}

impl Task {
    pub(super) fn new(source: &Source, job: &Job) -> Self {
        let is_plain = source.path.to_str() == Some(source.uri.as_str());
        let path = (!is_plain).then(|| source.path.as_os_str().as_encoded_bytes().to_vec());
        let (uri, members, load) = (source.uri.clone(), source.members.clone(), job.load.clone());
        Self { uri, path, members, bytes: source.bytes, load, with_json: job.with_json }
    }

    /// The source as far as reading it needs.
    fn source(&self) -> Source {
        let path = self.path.as_deref().map_or_else(|| PathBuf::from(&self.uri), path_from);
        let (uri, members) = (self.uri.clone(), self.members.clone());
        Source { path, uri, members, bytes: self.bytes, modified_ms: None, problem: None }
    }
}

#[cfg(unix)]
pub(super) fn path_from(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned()
}

#[cfg(not(unix))]
pub(super) fn path_from(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Serves documents from `input` to `output` until `input` ends.
///
/// Runs on a thread of its own with a large stack, and first limits the memory of the whole process to
/// [`Limits::memory_mb`], so call it in a process that does nothing else.
///
/// # Errors
/// When the pipe breaks, or a line in it is no task.
pub fn serve(
    input: impl BufRead + Send,
    output: impl Write + Send,
    forms: &Forms,
    limits: &Limits,
    faults: &[Fault],
) -> Result<()> {
    limit_memory(limits);
    end_with_supervisor();
    note_panics();
    on_big_stack(|| serve_each(input, output, forms, limits, faults))?
}

fn serve_each(
    input: impl BufRead,
    mut output: impl Write,
    forms: &Forms,
    limits: &Limits,
    faults: &[Fault],
) -> Result<()> {
    let pipe = |e| Error::io("the supervisor's pipe", e);
    for line in input.lines() {
        let task: Task = serde_json::from_str(&line.map_err(pipe)?).map_err(|e| pipe(e.into()))?;
        let report = extract_task(&task, forms, limits, faults);
        let reply = Reply { task: &task, forms, limits };
        reply.send(&mut output, &report)?;
    }
    Ok(())
}

fn extract_task(task: &Task, forms: &Forms, limits: &Limits, faults: &[Fault]) -> Report {
    let source = task.source();
    let reading = catch_unwind(AssertUnwindSafe(|| {
        for fault in faults {
            fault.commit(&task.uri);
        }
        extract_source(&source, forms, limits)
    }));
    reading.unwrap_or_else(|_| {
        let reason = PANIC.with_borrow_mut(Option::take).unwrap_or_else(|| "panicked".to_owned());
        broken_down(&source, limits, &ErrorKind::Worker { reason }.into())
    })
}

/// What is sent of a report, and how much of it at most.
struct Reply<'a> {
    task: &'a Task,
    forms: &'a Forms,
    limits: &'a Limits,
}

impl Reply<'_> {
    fn send(&self, output: &mut impl Write, report: &Report) -> Result<()> {
        let pipe = |e| Error::io("the supervisor's pipe", e);
        let mut bytes = self.encode(report)?;
        let (size, limit) = (bytes.len() as u64, self.limits.report_bytes);
        if let Err(error) = Limits::check("the report's size in bytes", "report_bytes", size, limit) {
            bytes = self.encode(&refused(report, &error))?;
        }
        output.write_all(&(bytes.len() as u64).to_be_bytes()).map_err(pipe)?;
        output.write_all(&bytes).map_err(pipe)?;
        output.flush().map_err(pipe)
    }

    fn encode(&self, report: &Report) -> Result<Vec<u8>> {
        let broken = |e: &dyn std::fmt::Display| worker_error(format!("cannot send what it read: {e}"));
        let json = || serde_json::to_vec(report).map_err(|e| broken(&e));
        let Some(load) = &self.task.load else { return json() };
        let rows = ReportRows::of(report, load, self.forms)?;
        let wire = to_wire(report, &rows, EXTRACTOR).map_err(|e| broken(&e))?;
        if !self.task.with_json {
            return Ok(wire);
        }
        let json = json()?;
        Ok([&(json.len() as u64).to_be_bytes(), json.as_slice(), wire.as_slice()].concat())
    }
}

/// Bounds the address space, so that a document which eats memory takes down this process and no other.
fn limit_memory(limits: &Limits) {
    let bytes = limits.memory_mb.saturating_mul(1 << 20);
    if let Err(error) = rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes) {
        tracing::warn!(%error, "this system cannot limit a worker's memory");
    }
}

/// Ends this process soon after the supervisor, whose kill would leave a worker in an endless loop behind.
#[cfg(unix)]
fn end_with_supervisor() {
    let supervisor = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == supervisor {
            std::thread::sleep(ORPHAN_CHECK);
        }
        std::process::exit(ORPHANED);
    });
}

#[cfg(not(unix))]
fn end_with_supervisor() {}

thread_local! {
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps a panic's words for the report instead of printing them.
fn note_panics() {
    std::panic::set_hook(Box::new(|info| {
        let words = panic_words(info.payload());
        let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
        PANIC.set(Some(format!("panicked: {words}{place}")));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_carries_a_name_that_is_no_utf8() {
        let source = |path: PathBuf, uri: &str| Source { uri: uri.into(), ..Source::new(&path) };
        let job = Job::new(Vec::new(), PathBuf::new());
        let plain = Task::new(&source("a.docx".into(), "a.docx"), &job);
        assert_eq!(serde_json::to_string(&plain).expect("json"), r#"{"uri":"a.docx","bytes":0}"#);
        let path = path_from(&[0xBE, 0xF6]);
        let task = Task::new(&source(path.clone(), "决"), &job);
        let back: Task = serde_json::from_str(&serde_json::to_string(&task).expect("json")).expect("a task");
        assert_eq!(back.source().path, path);
    }
}
