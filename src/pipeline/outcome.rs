//! How outcomes come about: from a worker's report, from a source that cannot be opened, from a worker's death.

use super::bare::{broken_down, fail, unread_report};
use super::supervisor::Answer;
use super::{Ledger, Outcome, Source};
use crate::error::Error;
use crate::limits::Limits;
use crate::model::file_name;

/// The outcome of what a worker sent.
pub(super) fn of_answer(source: &Source, answer: Answer, attempts: u32) -> Outcome {
    let Answer { report, rows, weight, millis, .. } = answer;
    Outcome { rows, modified_ms: source.modified_ms, attempts, millis, weight, ..Outcome::of(report) }
}

/// The outcome of a source that the walk could not enter.
pub(super) fn of_problem(source: &Source, problem: &str) -> Outcome {
    let error = Error::io(file_name(&source.uri), std::io::Error::other(problem.to_owned()));
    let mut report = unread_report(&source.uri, source.bytes);
    fail(&mut report, &error);
    Outcome { modified_ms: source.modified_ms, attempts: 0, ..Outcome::of(report) }
}

/// The outcome of a document that took its worker down each time it was tried.
pub(super) fn of_death(source: &Source, limits: &Limits, error: &Error, attempts: u32, millis: u64) -> Outcome {
    let report = broken_down(source, limits, error);
    let modified_ms = source.modified_ms;
    Outcome { ledger: Ledger::Quarantined, modified_ms, attempts, millis, ..Outcome::of(report) }
}
