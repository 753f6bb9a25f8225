//! How outcomes come about: from a worker's report, from a source that cannot be opened, from a worker's death.

use super::bare::{broken_down, fail, unread_report};
use super::{Ledger, Outcome, Source};
use crate::error::Error;
use crate::limits::Limits;
use crate::model::{Report, file_name};

/// The outcome of a report that a worker sent.
pub(super) fn of_report(source: &Source, report: Report, weight: u64, attempts: u32, millis: u64) -> Outcome {
    let modified_ms = source.modified_ms;
    Outcome { report, ledger: Ledger::Read, modified_ms, attempts, millis, weight }
}

/// The outcome of a source that the walk could not enter.
pub(super) fn of_problem(source: &Source, problem: &str) -> Outcome {
    let error = Error::io(file_name(&source.uri), std::io::Error::other(problem.to_owned()));
    let mut report = unread_report(&source.uri, source.bytes);
    fail(&mut report, &error);
    of_report(source, report, 1, 0, 0)
}

/// The outcome of a document that took its worker down each time it was tried.
pub(super) fn of_death(source: &Source, limits: &Limits, error: &Error, attempts: u32, millis: u64) -> Outcome {
    let report = broken_down(source, limits, error);
    Outcome { ledger: Ledger::Quarantined, ..of_report(source, report, 1, attempts, millis) }
}

/// Marks an outcome as left out, because `twin` has the same bytes.
pub(super) fn skip(outcome: &mut Outcome, twin: &str) {
    outcome.ledger = Ledger::Skipped(twin.to_owned());
}
