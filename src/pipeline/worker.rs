//! The worker's side of the pipe (`pipe.rs`): a round of documents in, what came of them out, one document at a time,
//! until the pipe is closed. Whatever is left of a document when it goes wrong is a report or a dead process; the
//! supervisor (`supervisor.rs`) knows both.

use std::cell::RefCell;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::Fault;
use super::bare::{EXTRACTOR, broken_down, refused, worker_error};
use super::extract::{extract_source, on_big_stack, panic_words};
use super::pipe::{Replies, Task};
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
        let tasks: Vec<Task> = serde_json::from_str(&line.map_err(pipe)?).map_err(|e| pipe(e.into()))?;
        let mut replies = Replies::default();
        for task in &tasks {
            let started = Instant::now();
            let report = extract_task(task, forms, limits, faults);
            let bytes = Reply { task, forms, limits }.bounded(&report)?;
            replies.push(bytes, started.elapsed());
        }
        replies.send(&mut output).map_err(pipe)?;
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
    /// What is sent of a report, or that it is too long to be sent.
    fn bounded(&self, report: &Report) -> Result<Vec<u8>> {
        let bytes = self.encode(report)?;
        let (size, limit) = (bytes.len() as u64, self.limits.report_bytes);
        match Limits::check("the report's size in bytes", "report_bytes", size, limit) {
            Ok(()) => Ok(bytes),
            Err(error) => self.encode(&refused(report, &error)),
        }
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
