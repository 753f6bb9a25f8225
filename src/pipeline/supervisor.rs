//! The supervisor's side of the pipe: starts a worker process, asks it for one round of documents at a time, and ends it
//! when it is late, says too much or makes no sense. How a worker died is told from its exit status and its last
//! words. What to do about it is decided in `run.rs`.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::bare::{EXTRACTOR, worker_error};
use super::pipe::{line, longest, split};
use super::{Job, Source};
use crate::dataset::{ReportRows, from_wire};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::model::Report;

/// How much of a worker's standard error is kept: its last words.
const LAST_WORDS: usize = 2_048;
/// The time that several documents of a round have together.
const ROUND_TIME: Duration = Duration::from_secs(5);

/// A worker process that waits for documents.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    tasks: Option<ChildStdin>,
    replies: Receiver<Reply>,
    last_words: Option<JoinHandle<String>>,
    /// Documents that it has read.
    pub(super) served: u32,
}

/// What came through the pipe.
#[derive(Debug)]
enum Reply {
    Round(Vec<u8>),
    TooLong(u64),
}

/// What a worker made of a document.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) report: Report,
    pub(super) rows: Option<ReportRows>,
    /// The report with all of its content, where the job asks for it beside the rows.
    pub(super) json: Option<String>,
    /// Bytes that came through the pipe.
    pub(super) weight: u64,
    /// How long it took the worker.
    pub(super) millis: u64,
}

impl Answer {
    /// Reads what a worker sends for a job.
    fn read((bytes, millis): (&[u8], u64), job: &Job) -> Result<Self, String> {
        let weight = bytes.len() as u64;
        if job.load.is_none() {
            // As a whole it is known to be UTF-8 sooner than string by string.
            let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
            let report = serde_json::from_str(text).map_err(|e| e.to_string())?;
            return Ok(Self { report, rows: None, json: None, weight, millis });
        }
        let (json, wire) = if job.with_json { split_json(bytes).ok_or("it ends too soon")? } else { (None, bytes) };
        let (report, rows) = from_wire(wire, EXTRACTOR).map_err(|e| e.to_string())?;
        Ok(Self { report, rows: Some(rows), json, weight, millis })
    }
}

/// The JSON that stands before the rows, and these.
fn split_json(bytes: &[u8]) -> Option<(Option<String>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (json, wire) = rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)?;
    Some((Some(String::from_utf8(json.to_vec()).ok()?), wire))
}

impl Worker {
    /// Starts one.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) fn start(job: &Job) -> Result<Self> {
        let mut command = Command::new(&job.program);
        command.args(&job.arguments).arg("worker").arg("--limits").arg(job.limits.to_pairs());
        if let Some(forms) = &job.forms {
            command.arg("--forms").arg(forms);
        }
        for fault in &job.faults {
            command.arg("--fault").arg(fault);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0); // Ctrl-C is for the supervisor alone
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| Error::io(job.program.display(), e))?;
        let (sender, replies) = channel();
        let limit = job.limits.report_bytes;
        if let Some(output) = child.stdout.take() {
            std::thread::spawn(move || read_replies(output, limit, &sender));
        }
        let last_words = child.stderr.take().map(|e| std::thread::spawn(move || read_last_words(e)));
        let tasks = child.stdin.take();
        Ok(Self { child, tasks, replies, last_words, served: 0 })
    }

    /// Has a round of documents read; gives what came of each, in their order.
    ///
    /// # Errors
    /// When the worker died, was late or made no sense. It is dead in every case; start another.
    pub(super) fn ask(&mut self, sources: &[Source], job: &Job) -> Result<Vec<Answer>> {
        if self.send(sources, job).is_err() {
            return Err(self.end(None, job));
        }
        match self.replies.recv_timeout(patience(sources, job)) {
            Ok(Reply::Round(bytes)) => {
                self.served = self.served.saturating_add(u32::try_from(sources.len()).unwrap_or(u32::MAX));
                let parts = split(&bytes, sources.len()).ok_or_else(|| "it is cut otherwise".to_owned());
                let answers = parts.and_then(|parts| parts.into_iter().map(|part| Answer::read(part, job)).collect());
                answers.map_err(|reason| self.end(Some(Senseless(reason)), job))
            }
            Ok(Reply::TooLong(length)) => Err(self.end(Some(TooLong(length)), job)),
            Err(RecvTimeoutError::Timeout) => Err(self.end(Some(Late), job)),
            Err(RecvTimeoutError::Disconnected) => Err(self.end(None, job)),
        }
    }

    fn send(&mut self, sources: &[Source], job: &Job) -> std::io::Result<()> {
        let line = line(sources, job)?;
        self.tasks.as_mut().map_or(Ok(()), |pipe| pipe.write_all(&line))
    }

    /// Ends the process and says why it had to.
    fn end(&mut self, fault: Option<Misconduct>, job: &Job) -> Error {
        if fault.is_some() {
            let _ = self.child.kill();
        }
        self.tasks = None;
        let status = self.child.wait();
        let words = self.last_words.take().and_then(|w| w.join().ok()).unwrap_or_default();
        match fault {
            Some(Late) => ErrorKind::Deadline { seconds: job.limits.seconds }.into(),
            Some(TooLong(found)) => {
                let (what, limit) = ("the report's size in bytes", job.limits.report_bytes);
                ErrorKind::Limit { what, name: "report_bytes", found, limit }.into()
            }
            Some(Senseless(reason)) => worker_error(format!("answered with something that is no report: {reason}")),
            None => worker_error(cause_of_death(status.ok(), &words, &job.limits)),
        }
    }
}

/// How long to wait for a round. Several small documents are read in a few hundredths of a second; those that are not
/// are asked for again one by one, each with all of its time.
fn patience(sources: &[Source], job: &Job) -> Duration {
    let all = Duration::from_secs(job.limits.seconds);
    job.grace + if sources.len() > 1 { all.min(ROUND_TIME) } else { all }
}

impl Drop for Worker {
    /// Lets an idle worker go by closing its pipe, and waits for it, so that none is left behind.
    fn drop(&mut self) {
        if self.tasks.take().is_some() {
            let _ = self.child.wait();
        }
    }
}

/// Why a worker that still lives has to be ended.
#[derive(Debug)]
enum Misconduct {
    Late,
    TooLong(u64),
    Senseless(String),
}
use Misconduct::{Late, Senseless, TooLong};

/// Passes replies on until the pipe ends. Nothing longer than one document of `limit` bytes is ever held.
fn read_replies(output: ChildStdout, limit: u64, replies: &Sender<Reply>) {
    let mut output = BufReader::new(output);
    let mut length = [0; 8];
    while output.read_exact(&mut length).is_ok() {
        let length = u64::from_be_bytes(length);
        if length > longest(limit) {
            let _ = replies.send(Reply::TooLong(length));
            return;
        }
        let mut bytes = Vec::new();
        let read = output.by_ref().take(length).read_to_end(&mut bytes);
        if read.is_err() || (bytes.len() as u64) < length || replies.send(Reply::Round(bytes)).is_err() {
            return;
        }
    }
}

/// Reads standard error to its end and keeps the tail.
fn read_last_words(mut stderr: ChildStderr) -> String {
    let (mut tail, mut buffer) = (Vec::new(), [0; 1_024]);
    while let Ok(n @ 1..) = stderr.read(&mut buffer) {
        tail.extend(buffer.iter().take(n));
        let surplus = tail.len().saturating_sub(LAST_WORDS);
        tail.drain(..surplus);
    }
    String::from_utf8_lossy(&tail).into_owned()
}

/// Says how a worker died, in the same words each time the same thing happens.
fn cause_of_death(status: Option<ExitStatus>, words: &str, limits: &Limits) -> String {
    if words.contains("memory allocation of") || words.contains("out of memory") {
        return format!("ran out of memory, the limit is {} MB (raise it with --limits memory_mb=…)", limits.memory_mb);
    }
    if words.contains("has overflowed its stack") {
        return "overflowed its stack".to_owned();
    }
    let ended = match status {
        Some(status) => signal_of(status).unwrap_or_else(|| format!("ended with {status}")),
        None => "ended".to_owned(),
    };
    match words.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{ended}: {}", line.trim()),
        None => ended,
    }
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> Option<String> {
    use std::os::unix::process::ExitStatusExt;
    let name = match status.signal()? {
        4 => "SIGILL".to_owned(),
        6 => "SIGABRT".to_owned(),
        7 => "SIGBUS".to_owned(),
        9 => "SIGKILL".to_owned(),
        11 => "SIGSEGV".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => format!("signal {other}"),
    };
    Some(format!("was ended by {name}"))
}

#[cfg(not(unix))]
fn signal_of(_: ExitStatus) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_become_a_reason() {
        let limits = Limits { memory_mb: 512, ..Limits::default() };
        let said = |words| cause_of_death(None, words, &limits);
        assert!(said("memory allocation of 67108864 bytes failed").contains("the limit is 512 MB"));
        assert_eq!(said("\nthread 'reader' has overflowed its stack\nfatal runtime error"), "overflowed its stack");
        assert_eq!(said("first\nlast\n"), "ended: last");
    }
}
