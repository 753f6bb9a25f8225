//! The tally of a run: how many of what, and why not more.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::dataset::{Commit, Ledger};
use crate::model::{Severity, Status};

/// How many of the slowest documents are named.
const SLOWEST: usize = 5;

/// Counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Sources that were handed to workers, read or not.
    pub documents: u64,
    /// Sources that the dataset holds as they are.
    pub unchanged: u64,
    /// Sources with another time and the same bytes.
    pub touched: u64,
    /// Sources of the dataset that are gone.
    pub vanished: u64,
    /// Sources whose earlier version was replaced.
    pub replaced: u64,
    /// Whether the run was told to stop before all was read.
    pub interrupted: bool,
    /// Documents of each ledger status.
    pub statuses: BTreeMap<String, u64>,
    /// Why documents were not, or not wholly, read: most frequent first.
    #[serde(serialize_with = "as_list", deserialize_with = "of_list")]
    pub reasons: BTreeMap<(String, String), Reason>,
    /// Bytes of the files.
    pub bytes: u64,
    /// Pages of PDFs.
    pub pages: u64,
    /// Logical tables.
    pub tables: u64,
    /// Facts.
    pub facts: u64,
    /// Violated findings by severity, least first.
    pub findings: BTreeMap<String, u64>,
    /// Notes.
    pub notes: u64,
    /// Documents that needed more than one attempt.
    pub retried: u64,
    /// The slowest documents, slowest first: milliseconds and path.
    pub slowest: Vec<(u64, String)>,
    /// Wall-clock seconds, the commit included.
    pub seconds: f64,
    /// What became visible in the dataset.
    #[serde(skip)]
    pub commit: Commit,
}

/// One reason, and a document that it holds for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// How many documents have it.
    pub documents: u64,
    /// The words of the first one.
    pub message: String,
    /// The first one.
    pub example: String,
}

impl Summary {
    /// Counts one outcome.
    pub fn count(&mut self, outcome: &Outcome) {
        let report = &outcome.report;
        self.documents += 1;
        *self.statuses.entry(outcome.status().to_owned()).or_default() += 1;
        self.bytes = self.bytes.saturating_add(report.source.bytes);
        self.retried += u64::from(outcome.attempts > 1);
        self.give_reason(outcome);
        self.time(outcome);
        if !outcome.has_content() {
            return;
        }
        self.pages += u64::from(report.source.pages.unwrap_or(0));
        let tally = outcome.tally();
        self.tables += u64::from(tally.tables);
        self.facts += u64::from(tally.facts);
        self.notes += u64::from(tally.notes);
        for (severity, found) in Severity::ALL.into_iter().zip(tally.findings).filter(|(_, found)| *found > 0) {
            *self.findings.entry(severity.word().to_owned()).or_default() += u64::from(found);
        }
    }

    /// Adds the counts of another part of the same run, whose documents come after these.
    pub fn absorb(&mut self, other: Self) {
        self.documents += other.documents;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.pages += other.pages;
        self.tables += other.tables;
        self.facts += other.facts;
        self.notes += other.notes;
        self.retried += other.retried;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        for (severity, count) in other.findings {
            *self.findings.entry(severity).or_default() += count;
        }
        for (key, reason) in other.reasons {
            let known = self.reasons.entry(key).or_insert_with(|| Reason { documents: 0, ..reason.clone() });
            known.documents += reason.documents;
        }
        self.slowest.extend(other.slowest);
        self.keep_slowest();
    }

    /// Documents of a ledger status.
    #[must_use]
    pub fn of(&self, status: &str) -> u64 {
        self.statuses.get(status).copied().unwrap_or(0)
    }

    /// Documents that were not read: each status for which [`Status::is_failure`] holds, and the quarantined.
    #[must_use]
    pub fn failures(&self) -> u64 {
        let of_status = Status::ALL.into_iter().filter(|s| s.is_failure()).map(|s| self.of(s.word()));
        of_status.sum::<u64>() + self.of("quarantined")
    }

    /// Violated findings of at least a severity.
    #[must_use]
    pub fn findings_from(&self, least: Severity) -> u64 {
        let counts = Severity::ALL.iter().filter(|&&s| s >= least).filter_map(|s| self.findings.get(s.word()));
        counts.sum()
    }

    /// Reasons with their status, most frequent first.
    #[must_use]
    pub fn ranked_reasons(&self) -> Vec<(&str, &Reason)> {
        let mut ranked: Vec<_> = self.reasons.iter().map(|((status, _), reason)| (status.as_str(), reason)).collect();
        ranked.sort_by_key(|(_, reason)| std::cmp::Reverse(reason.documents));
        ranked
    }

    fn give_reason(&mut self, outcome: &Outcome) {
        let Some(message) = reason_of(outcome) else { return };
        let key = (outcome.status().to_owned(), without_digits(&message));
        let reason = self.reasons.entry(key).or_default();
        if reason.documents == 0 {
            reason.message = message;
            reason.example.clone_from(&outcome.report.source.path);
        }
        reason.documents += 1;
    }

    fn time(&mut self, outcome: &Outcome) {
        self.slowest.push((outcome.millis, outcome.report.source.path.clone()));
        self.keep_slowest();
    }

    fn keep_slowest(&mut self) {
        self.slowest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        self.slowest.truncate(SLOWEST);
    }
}

/// The first thing that kept a document from being read wholly.
fn reason_of(outcome: &Outcome) -> Option<String> {
    if let Ledger::Skipped(_) = outcome.ledger {
        return Some("same content as another file".to_owned());
    }
    let error = outcome.error();
    error.or_else(|| outcome.report.explanations().next()).map(|n| n.message.clone())
}

/// A message without its numbers, so that 1,000 damaged files have one reason and not 1,000.
fn without_digits(message: &str) -> String {
    let mut folded = String::with_capacity(message.len());
    for c in message.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !folded.ends_with('#') {
            folded.push(c);
        }
    }
    folded
}

fn as_list<S: serde::Serializer>(
    reasons: &BTreeMap<(String, String), Reason>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        status: &'a str,
        #[serde(flatten)]
        reason: &'a Reason,
    }
    serializer.collect_seq(reasons.iter().map(|((status, _), reason)| Row { status, reason }))
}

fn of_list<'de, D: serde::Deserializer<'de>>(list: D) -> Result<BTreeMap<(String, String), Reason>, D::Error> {
    #[derive(Deserialize)]
    struct Row {
        status: String,
        #[serde(flatten)]
        reason: Reason,
    }
    let rows = Vec::<Row>::deserialize(list)?;
    Ok(rows.into_iter().map(|row| ((row.status, without_digits(&row.reason.message)), row.reason)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Location, Note, NoteKind};
    use crate::pipeline::bare::unread_report;

    fn failed(path: &str, message: &str) -> Outcome {
        let mut report = unread_report(path, 7);
        report.notes.push(Note::new(NoteKind::Error, message, Location::default()));
        Outcome { millis: 3, ..Outcome::of(report) }
    }

    #[test]
    fn one_fault_in_many_files_is_one_reason() {
        let mut summary = Summary::default();
        summary.count(&failed("b.pdf", "damaged PDF: no object 12"));
        summary.count(&failed("a.pdf", "damaged PDF: no object 3007"));
        let reasons = summary.ranked_reasons();
        assert_eq!(reasons.len(), 1);
        assert_eq!((reasons[0].1.documents, reasons[0].1.example.as_str()), (2, "b.pdf"));
        assert_eq!(summary.failures(), 2);
        assert_eq!(summary.slowest[0].1, "a.pdf", "ties go by name");
    }

    #[test]
    fn parts_of_a_run_come_to_the_whole() {
        let outcomes = [failed("b.pdf", "no object 12"), failed("a.pdf", "no object 7"), failed("c.pdf", "no trailer")];
        let count = |outcomes: &[Outcome]| {
            let mut summary = Summary::default();
            for outcome in outcomes {
                summary.count(outcome);
            }
            summary
        };
        let (mut parts, rest) = (count(&outcomes[..1]), count(&outcomes[1..]));
        let sent = serde_json::to_string(&rest).expect("JSON");
        parts.absorb(serde_json::from_str(&sent).expect("a summary"));
        assert_eq!(parts, count(&outcomes));
    }

    #[test]
    fn what_was_refused_or_is_an_image_counts_as_not_read() {
        let mut summary = Summary::default();
        for status in Status::ALL {
            let mut outcome = failed("a.pdf", "why");
            outcome.report.status = status;
            assert_eq!(outcome.is_failure(), status.is_failure());
            summary.count(&outcome);
        }
        assert_eq!((summary.failures(), summary.documents), (3, 5));
    }
}
