//! Rows of many documents by table and partition, on their way into files.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;

use super::batch::Rows;
use super::ledger;
use super::partition::Partition;
use super::report_rows::ReportRows;
use super::schema::{Table, arrow_schema};
use super::value::fault;
use super::{Load, Outcome};
use crate::error::Result;
use crate::forms::Forms;

/// Where rows go: the table, and the partition of it.
pub(super) type Target = (Table, Partition);

/// The rows of one document, of every table that has some.
///
/// # Errors
/// When a row lacks a value that its column demands, which is a fault of this program.
pub fn tables_of(outcome: &Outcome, load: &Load, forms: &Forms) -> Result<BTreeMap<Table, RecordBatch>> {
    let mut batches = Batches::default();
    batches.put(outcome, load, forms)?;
    let rows = batches.finish()?.into_iter();
    Ok(rows.filter_map(|((table, _), rows)| Some((table, rows.into_iter().next()?))).collect())
}

/// Rows of documents, in the order in which these come.
#[derive(Default)]
pub(super) struct Batches {
    ledger: BTreeMap<Partition, Rows>,
    content: BTreeMap<Target, Vec<RecordBatch>>,
}

impl Batches {
    /// Takes a document: its row of the ledger, and its content where that counts.
    ///
    /// # Errors
    /// When a row lacks a value that its column demands, which is a fault of this program.
    pub(super) fn put(&mut self, outcome: &Outcome, load: &Load, forms: &Forms) -> Result<()> {
        let made = outcome.rows.is_none().then(|| ReportRows::of(&outcome.report, &load.id, forms)).transpose()?;
        let Some(rows) = outcome.rows.as_ref().or(made.as_ref()) else { return Ok(()) };
        let at = Partition::of(outcome);
        for (table, batch) in rows.batches.iter().filter(|_| outcome.has_content()) {
            self.content.entry((*table, at.clone())).or_default().push(batch.clone());
        }
        let ledger = self.ledger.entry(at).or_insert_with(|| Rows::new(Table::Reports));
        ledger.push(ledger::values(outcome, rows, load));
        Ok(())
    }

    /// The rows of each target. Those of many documents are put together, because each array costs memory of its own
    /// and keeps everything alive that came through the pipe with it.
    ///
    /// # Errors
    /// When a row of the ledger lacks a value that its column demands, which is a fault of this program.
    pub(super) fn finish(self) -> Result<BTreeMap<Target, Vec<RecordBatch>>> {
        let mut finished = BTreeMap::new();
        for ((table, at), rows) in self.content {
            let rows = concat_batches(&arrow_schema(table), &rows).map_err(fault(table))?;
            finished.insert((table, at), vec![rows]);
        }
        for (at, rows) in self.ledger {
            let rows = rows.finish().transpose().map_err(fault(Table::Reports))?;
            finished.insert((Table::Reports, at), rows.into_iter().collect());
        }
        Ok(finished)
    }
}
