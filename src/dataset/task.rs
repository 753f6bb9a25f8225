//! Writing in many places at once: the tasks of an engine write files of rows where they run, and nobody sees them;
//! what they wrote goes to one place, small, which commits it ([`DeltaSink::take`](super::DeltaSink::take)). A task
//! that dies, or that is run twice, leaves files that no log names.

use serde::{Deserialize, Serialize};

use super::batches::Batches;
use super::copies::Holders;
use super::hands::OneHand;
use super::part::{Part, refused, write_parts};
use super::partition::Partition;
use super::place::Place;
use super::schema::Table;
use super::{Load, Outcome};
use crate::error::Result;
use crate::forms::Forms;

/// Documents after which a task writes files.
const DOCUMENTS: usize = 512;
/// Bytes of rows after which it does.
const BYTES: usize = 32 << 20;

/// What a task wrote: files that no log names yet, and the documents whose rows they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The load that the rows are of.
    pub load_id: String,
    pub(super) files: Vec<WrittenFile>,
    pub(super) documents: Vec<WrittenDocument>,
}

impl Written {
    /// How many documents there are.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.documents.len()
    }
}

/// A file of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WrittenFile {
    table: String,
    path: String,
    region: String,
    year: Option<u16>,
    rows: u64,
    bytes: u64,
}

impl WrittenFile {
    pub(super) fn new(table: Table, part: Part) -> Self {
        let Partition { region, year } = part.partition;
        Self { table: table.name().to_owned(), path: part.path, region, year, rows: part.rows, bytes: part.bytes }
    }

    /// The table and the file, if there is such a table.
    pub(super) fn part(&self) -> Option<(Table, Part)> {
        let table = Table::ALL.into_iter().find(|table| table.name() == self.table)?;
        let partition = Partition { region: self.region.clone(), year: self.year };
        Some((table, Part { path: self.path.clone(), partition, rows: self.rows, bytes: self.bytes }))
    }
}

/// A document of a task, as far as committing needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WrittenDocument {
    /// Its place among the sources of the run.
    pub(super) position: u64,
    pub(super) source_uri: String,
    pub(super) report_id: String,
    pub(super) sha256: Option<String>,
    /// Whether another document with the same bytes is a copy of it.
    pub(super) may_have_copies: bool,
    /// The document of the same task that it is a copy of.
    pub(super) duplicate_of: Option<String>,
}

/// Writes the files of one task.
pub struct TaskWriter {
    dataset: Place,
    load: Load,
    name: String,
    forms: &'static Forms,
    batches: Batches,
    holders: Holders,
    flushes: u32,
    written: Written,
}

impl TaskWriter {
    /// Begins a task. No two attempts of any task of a load may have the same `name`: it becomes part of file names.
    ///
    /// # Errors
    /// When the name has other characters than ASCII letters, digits, `-` and `_`.
    pub fn new(dataset: &Place, load: Load, name: &str, forms: &'static Forms) -> Result<Self> {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(refused(dataset, format!("{name:?} names no task; use letters, digits, - and _")));
        }
        let written = Written { load_id: load.id.clone(), files: Vec::new(), documents: Vec::new() };
        let (dataset, name, holders) = (dataset.clone(), name.to_owned(), Holders::default());
        Ok(Self { dataset, load, name, forms, batches: Batches::default(), holders, flushes: 0, written })
    }

    /// Takes a document that stands at `position` among the sources of the run, and marks it where it is a copy of an
    /// earlier one of the task. Memory: the rows of 512 documents, or
    /// 32 MiB of them and one document.
    ///
    /// # Errors
    /// When documents do not come in the order of their positions, or files cannot be written.
    pub fn put(&mut self, position: u64, outcome: &mut Outcome) -> Result<()> {
        if self.written.documents.last().is_some_and(|last| last.position >= position) {
            let words = format!("document {position} came after a later one; give a task its documents in order");
            return Err(refused(&self.dataset, words));
        }
        self.holders.mark(outcome);
        let report = &outcome.report;
        self.written.documents.push(WrittenDocument {
            position,
            source_uri: report.source.path.clone(),
            report_id: report.id.clone(),
            sha256: report.source.hash().map(str::to_owned),
            may_have_copies: outcome.may_have_copies(),
            duplicate_of: outcome.original().map(str::to_owned),
        });
        self.batches.put(outcome, &self.load, self.forms)?;
        if self.batches.documents >= DOCUMENTS || self.batches.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.batches).rows;
        let name = format!("part-{}-{}-{:04}", self.load.id, self.name, self.flushes);
        self.flushes += 1;
        let parts = write_parts(&self.dataset, rows, name, &OneHand)?;
        self.written.files.extend(parts.into_iter().map(|(table, part)| WrittenFile::new(table, part)));
        Ok(())
    }

    /// Writes what waits, and tells what there is to commit.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn finish(mut self) -> Result<Written> {
        self.flush()?;
        Ok(self.written)
    }
}

/// Writes the documents of one task, each with its position among the sources of the run; see [`TaskWriter`].
///
/// # Errors
/// As [`TaskWriter::new`] and [`TaskWriter::put`].
pub fn write_batch(
    dataset: &Place,
    load: &Load,
    task: &str,
    outcomes: impl IntoIterator<Item = (u64, Outcome)>,
    forms: &'static Forms,
) -> Result<Written> {
    let mut writer = TaskWriter::new(dataset, load.clone(), task, forms)?;
    outcomes.into_iter().try_for_each(|(position, mut outcome)| writer.put(position, &mut outcome))?;
    writer.finish()
}
