//! A sink in memory, the twin of the one on disk: same rows, no files. For tests and for a handful of reports.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;

use super::bodies::Bodies;
use super::reference;
use super::region::Chooser;
use super::rows::to_batches;
use super::schema::Table;
use super::{Commit, Load, Outcome, Sink};
use crate::error::Result;
use crate::forms::Forms;

/// Keeps every batch.
#[derive(Debug)]
pub struct MemorySink {
    load: Load,
    forms: &'static Forms,
    chooser: Chooser,
    bodies: Bodies,
    written: BTreeMap<Table, Vec<RecordBatch>>,
    committed: BTreeMap<Table, Vec<RecordBatch>>,
}

impl MemorySink {
    /// Makes an empty one; the reference tables are those of `forms`.
    #[must_use]
    pub fn new(load: Load, forms: &'static Forms) -> Self {
        let (chooser, bodies) = (Chooser::default(), Bodies::default());
        Self { load, forms, chooser, bodies, written: BTreeMap::new(), committed: BTreeMap::new() }
    }

    /// The batches of a table that are visible.
    #[must_use]
    pub fn table(&self, table: Table) -> &[RecordBatch] {
        self.committed.get(&table).map_or(&[], Vec::as_slice)
    }
}

impl Sink for MemorySink {
    fn write(&mut self, outcomes: &[Outcome]) -> Result<()> {
        for outcome in outcomes {
            self.chooser.see(outcome);
            self.bodies.see(outcome);
        }
        for (table, batch) in to_batches(outcomes, &self.load)? {
            self.written.entry(table).or_default().push(batch);
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<Commit> {
        let mut totals = std::mem::take(&mut self.chooser).into_totals();
        for batch in self.written.get(&Table::Facts).into_iter().flatten() {
            totals.add(batch)?;
        }
        self.written.insert(Table::RegionSummary, totals.into_batch(&self.load)?.into_iter().collect());
        let derived = std::mem::take(&mut self.bodies).batches(&self.load)?;
        for (table, batch) in derived.into_iter().chain(reference::batches(self.forms, &self.load)?) {
            self.written.insert(table, vec![batch]);
        }
        self.committed = std::mem::take(&mut self.written);
        let rows = |table: Table| self.table(table).iter().map(|b| b.num_rows() as u64).sum();
        Ok(Commit { rows: Table::ALL.map(|t| (t, rows(t))).to_vec(), place: "memory".to_owned() })
    }
}
