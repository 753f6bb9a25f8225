//! A report's content as rows of the dataset, made where the report was read, and what is told of it without them:
//! how much there is, why it was not read wholly, and what joining looks at. Small enough to go through a pipe.

use serde::{Deserialize, Serialize};

use super::disclosures::Document;
use super::leaf::is_leaf;
use super::packed::Packed;
use super::rows::content_of;
use super::schema::Table;
use crate::error::Result;
use crate::forms::Forms;
use crate::model::{FindingStatus, NoteKind, Report, Severity};

/// The rows of a report's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRows {
    /// How much of what the report holds.
    pub tally: Tally,
    /// What joining documents looks at, as JSON; absent for a document that was not read.
    pub(super) joining: Option<String>,
    /// The rows of each table that has any.
    pub(super) tables: Vec<(Table, Packed)>,
}

impl ReportRows {
    /// Makes the rows of a report for the load `load_id`.
    ///
    /// # Errors
    /// When a value cannot be packed, which is a fault of this program.
    pub fn of(report: &Report, load_id: &str, forms: &Forms) -> Result<Self> {
        let (tables, unstored) = content_of(report, load_id)?;
        let mut tally = Tally::of(report);
        tally.notes = tally.notes.saturating_add(count(unstored));
        let joining = (!report.status.is_failure()).then(|| serde_json::to_string(&Document::of(report, forms)).ok());
        Ok(Self { tally, joining: joining.flatten(), tables })
    }
}

/// How much of what a report holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Sections.
    pub sections: u32,
    /// Logical tables.
    pub tables: u32,
    /// Logical tables with a form.
    pub placed_tables: u32,
    /// Charts.
    pub charts: u32,
    /// Facts.
    pub facts: u32,
    /// Facts that a region's sums may use.
    pub leaves: u32,
    /// Indicators.
    pub indicators: u32,
    /// Findings that are violated, by severity, the least severe first.
    pub findings: [u32; 4],
    /// Notes.
    pub notes: u32,
}

impl Tally {
    /// Counts what a report holds.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let violated = |severity: Severity| {
            let of = report.findings.iter().filter(|f| f.status == FindingStatus::Violated && f.severity == severity);
            count(of.count())
        };
        Self {
            sections: count(report.sections.len()),
            tables: count(report.tables.len()),
            placed_tables: count(report.tables.iter().filter(|t| t.form.is_some()).count()),
            charts: count(report.charts.len()),
            facts: count(report.facts.len()),
            leaves: count(report.facts.iter().filter(|f| is_leaf(report, f)).count()),
            indicators: count(report.indicators.len()),
            findings: Severity::ALL.map(violated),
            notes: count(report.notes.len()),
        }
    }

    /// Findings that are violated.
    #[must_use]
    pub fn violated(&self) -> u32 {
        self.findings.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// What is told of a report beside its rows: what stopped it, or the first thing that was lost, and no content.
#[must_use]
pub(super) fn without_content(report: &Report) -> Report {
    let error = report.notes.iter().find(|n| n.kind == NoteKind::Error);
    let reason = report.explanations().next().filter(|reason| Some(*reason) != error);
    Report { notes: error.into_iter().chain(reason).cloned().collect(), ..report.head() }
}
