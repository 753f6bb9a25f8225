//! What became of one source: its report, and what the ledger keeps beside it.

use super::report_rows::{ReportRows, Tally};
use crate::model::{NoteKind, Report};

/// One source of a run, read or not. Every source has exactly one.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The report; of a source that could not be read, one that says why in its notes. It is without content where
    /// `rows` hold that.
    pub report: Report,
    /// Its content as rows, where whoever read it made them.
    pub rows: Option<ReportRows>,
    /// What the ledger says of it.
    pub ledger: Ledger,
    /// When the file was last changed, in milliseconds since 1970 (UTC); absent where the system does not say.
    pub modified_ms: Option<i64>,
    /// How many times reading was tried.
    pub attempts: u32,
    /// How long it took, in milliseconds, all attempts together.
    pub millis: u64,
    /// Bytes that the outcome takes in memory, roughly.
    pub weight: u64,
}

/// How the ledger counts a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger {
    /// By its report's status.
    Read,
    /// Twice it took the worker down with it.
    Quarantined,
    /// Left out, because its bytes are those of another source, whose URI this is.
    Skipped(String),
}

impl Outcome {
    /// The outcome of a report that was read at the first attempt, with its content in it.
    #[must_use]
    pub fn of(report: Report) -> Self {
        Self { report, rows: None, ledger: Ledger::Read, modified_ms: None, attempts: 1, millis: 0, weight: 1 }
    }

    /// How much of what the report holds.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.rows.as_ref().map_or_else(|| Tally::of(&self.report), |rows| rows.tally)
    }

    /// The status that the ledger shows: that of the report, `quarantined` or `skipped`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self.ledger {
            Ledger::Read => self.report.status.word(),
            Ledger::Quarantined => "quarantined",
            Ledger::Skipped(_) => "skipped",
        }
    }

    /// Whether the document was not read, so that the run's exit status must say so.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        !matches!(self.ledger, Ledger::Skipped(_)) && self.report.status.is_failure()
    }

    /// The source that it is a copy of.
    #[must_use]
    pub fn original(&self) -> Option<&str> {
        match &self.ledger {
            Ledger::Skipped(original) => Some(original),
            Ledger::Read | Ledger::Quarantined => None,
        }
    }

    /// Whether what the report says, if only why it says nothing, belongs into the tables.
    #[must_use]
    pub fn has_content(&self) -> bool {
        !matches!(self.ledger, Ledger::Skipped(_))
    }

    /// What stopped the document, where something did.
    #[must_use]
    pub fn error(&self) -> Option<&crate::model::Note> {
        self.report.notes.iter().find(|n| n.kind == NoteKind::Error)
    }
}
