//! Rows of many documents by table and partition, on their way into files.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;

use super::ledger;
use super::packed::Packed;
use super::partition::Partition;
use super::report_rows::ReportRows;
use super::schema::Table;
use super::{Load, Outcome};
use crate::error::Result;
use crate::forms::Forms;

/// Where rows go: the table, and the partition of it.
pub(super) type Target = (Table, Partition);

/// The rows of one document in one table.
///
/// # Errors
/// When a value cannot be packed, which is a fault of this program.
pub fn rows_of(outcome: &Outcome, table: Table, load: &Load, forms: &Forms) -> Result<Vec<RecordBatch>> {
    let mut batches = Batches::default();
    batches.put(outcome, load, forms)?;
    let found = batches.rows.into_iter().find(|((of, _), _)| *of == table);
    found.map_or_else(|| Ok(Vec::new()), |(_, rows)| rows.batches(table).collect())
}

/// Rows of documents, in the order in which these come.
#[derive(Debug, Default)]
pub(super) struct Batches {
    pub(super) rows: BTreeMap<Target, Packed>,
    /// Documents that the rows are of.
    pub(super) documents: usize,
    /// Bytes of the rows.
    pub(super) bytes: usize,
}

impl Batches {
    /// Takes a document: its row of the ledger, and its content where that counts.
    ///
    /// # Errors
    /// When a value cannot be packed, which is a fault of this program.
    pub(super) fn put(&mut self, outcome: &Outcome, load: &Load, forms: &Forms) -> Result<()> {
        let made = outcome.rows.is_none().then(|| ReportRows::of(&outcome.report, &load.id, forms)).transpose()?;
        let Some(rows) = outcome.rows.as_ref().or(made.as_ref()) else { return Ok(()) };
        let at = Partition::of(outcome);
        for (table, rows) in rows.tables.iter().filter(|_| outcome.has_content()) {
            self.bytes += rows.bytes().len();
            self.rows.entry((*table, at.clone())).or_default().extend(rows);
        }
        self.documents += 1;
        let ledger = self.rows.entry((Table::Reports, at)).or_default();
        ledger.push(Table::Reports, ledger::values(outcome, rows, load))
    }
}
