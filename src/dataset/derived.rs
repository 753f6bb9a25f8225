//! What rests on many documents: `disclosures` and `region_summary` of a region and year, `entities` of all. They
//! are computed from the ledger and the facts as they stand, so that a run over three changed files gives the
//! same rows as one over everything.

use arrow_array::RecordBatch;

use super::Load;
use super::bodies::{Entities, disclosure_rows, disclosures_of};
use super::disclosures::Disclosure;
use super::entry::Entry;
use super::known::KnownBodies;
use super::region::{Chooser, Totals};
use super::schema::Table;
use crate::error::Result;
use crate::forms::Forms;

/// Rows of `disclosures` and of `region_summary`.
type DerivedRows = [(Table, Option<RecordBatch>); 2];

/// Gathers what the ledger says, partition by partition; memory grows with the number of bodies.
#[derive(Debug, Default)]
pub(super) struct Derived {
    entities: Entities,
}

impl Derived {
    /// Looks at ledger rows whose partition needs no new sums.
    pub(super) fn see(&mut self, entries: &[Entry]) {
        entries.iter().filter(|e| e.counts()).for_each(|e| self.entities.see(e));
    }

    /// The rows of `disclosures` and `region_summary` for the ledger rows of whole partitions; `facts` are their
    /// figures, with the columns of [`Totals::COLUMNS`] at least. Beside them the disclosures themselves.
    pub(super) fn of_partition(
        entries: &[Entry],
        facts: impl Iterator<Item = Result<RecordBatch>>,
        load: &Load,
        known: &KnownBodies,
        forms: &Forms,
    ) -> Result<(DerivedRows, Vec<Disclosure>)> {
        let mut chooser = Chooser::default();
        for entry in entries.iter().filter(|e| e.counts()) {
            let name = entry.entity.as_deref().and_then(|name| known.canonical(&entry.region_code, name, forms));
            chooser.see(entry, name);
        }
        let mut totals: Totals = chooser.into_totals();
        for batch in facts {
            totals.add(&batch?)?;
        }
        let disclosures = disclosures_of(entries.iter().filter(|e| e.counts()), known, forms)?;
        let rows = disclosure_rows(&disclosures, load)?;
        Ok(([(Table::Disclosures, rows), (Table::RegionSummary, totals.into_batch(load)?)], disclosures))
    }

    /// The rows of `entities`.
    pub(super) fn entities(&self, load: &Load, known: &KnownBodies, forms: &Forms) -> Result<Option<RecordBatch>> {
        self.entities.batch(load, known, forms)
    }
}
