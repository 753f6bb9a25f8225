//! A sink in memory, the twin of the one on disk: same rows, no files. For tests and for a handful of reports.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;

use super::batches::Batches;
use super::derived::{Derived, PartitionRows};
use super::entry::Entry;
use super::known::KnownBodies;
use super::reference;
use super::schema::Table;
use super::{Commit, Holdings, Load, Outcome, Sink, Told};
use crate::error::Result;
use crate::forms::Forms;

/// Keeps every batch.
#[derive(Debug)]
pub struct MemorySink {
    load: Load,
    forms: &'static Forms,
    holdings: Holdings,
    written: BTreeMap<Table, Vec<RecordBatch>>,
    committed: BTreeMap<Table, Vec<RecordBatch>>,
}

impl MemorySink {
    /// Makes an empty one; the reference tables are those of `forms`.
    #[must_use]
    pub fn new(load: Load, forms: &'static Forms) -> Self {
        Self { load, forms, holdings: Holdings::default(), written: BTreeMap::new(), committed: BTreeMap::new() }
    }

    /// The batches of a table that are visible.
    #[must_use]
    pub fn table(&self, table: Table) -> &[RecordBatch] {
        self.committed.get(&table).map_or(&[], Vec::as_slice)
    }
}

impl Sink for MemorySink {
    fn load(&self) -> &Load {
        &self.load
    }

    fn holdings(&self) -> &Holdings {
        &self.holdings
    }

    fn vanish(&mut self, _: &str) {}

    fn touch(&mut self, _: &str, _: Option<i64>) {}

    fn write(&mut self, outcomes: &[Outcome]) -> Result<()> {
        let mut batches = Batches::default();
        for outcome in outcomes {
            batches.put(outcome, &self.load, self.forms)?;
        }
        for ((table, _), rows) in batches.rows {
            let written = self.written.entry(table).or_default();
            rows.batches(table).try_for_each(|batch| batch.map(|batch| written.push(batch)))?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<Commit> {
        let known = KnownBodies::default();
        let (mut derived, mut partition) = (Derived::default(), PartitionRows::new(&known, self.forms));
        for batch in self.written.get(&Table::Reports).into_iter().flatten() {
            derived.see(&Entry::read(batch)?);
            partition.see(batch)?;
        }
        let facts = self.written.get(&Table::Facts).into_iter().flatten().cloned().map(Ok);
        let (rows, disclosures) = partition.rows(facts, &self.load)?;
        let mut told = Told::default();
        told.put(disclosures);
        let mut rows = rows.to_vec();
        rows.push((Table::Entities, derived.entities(&self.load, &known, self.forms)?));
        for (table, batch) in rows {
            self.written.insert(table, batch.into_iter().collect());
        }
        for (table, batch) in reference::batches(self.forms, &self.load)? {
            self.written.insert(table, vec![batch]);
        }
        self.committed = std::mem::take(&mut self.written);
        let rows = |table: Table| self.table(table).iter().map(|b| b.num_rows() as u64).sum();
        Ok(Commit { rows: Table::ALL.map(|t| (t, rows(t))).to_vec(), place: "memory".to_owned(), told })
    }
}
