//! What rests on many documents: `disclosures` and `region_summary` of a region and year, `entities` of all. They
//! are computed from the ledger and the facts as they stand, so that a run over three changed files gives the
//! same rows as one over everything.

use arrow_array::RecordBatch;

use super::Load;
use super::bodies::{Entities, disclosure_rows, document_of};
use super::disclosures::{Disclosure, Document, join};
use super::entry::{Entry, JOINING, text_column};
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

    /// The rows of `entities`.
    pub(super) fn entities(&self, load: &Load, known: &KnownBodies, forms: &Forms) -> Result<Option<RecordBatch>> {
        self.entities.batch(load, known, forms)
    }
}

/// What rests on the documents of one region and year, gathered batch by batch of the ledger. Memory grows with the number
/// of documents, by what joining looks at of each.
#[derive(Debug)]
pub(super) struct PartitionRows<'k> {
    known: &'k KnownBodies,
    forms: &'k Forms,
    chooser: Chooser,
    documents: Vec<Document>,
}

impl<'k> PartitionRows<'k> {
    pub(super) fn new(known: &'k KnownBodies, forms: &'k Forms) -> Self {
        Self { known, forms, chooser: Chooser::default(), documents: Vec::new() }
    }

    /// Looks at rows of the ledger with the columns [`Entry::COLUMNS`] and `joining`.
    ///
    /// # Errors
    /// When a column is missing, or what the ledger keeps of a document cannot be read back.
    pub(super) fn see(&mut self, batch: &RecordBatch) -> Result<()> {
        let joining = text_column(batch, JOINING)?;
        for (entry, joining) in Entry::read(batch)?.iter().zip(joining).filter(|(entry, _)| entry.counts()) {
            let name = entry.entity.as_deref();
            let name = name.and_then(|name| self.known.canonical(&entry.region_code, name, self.forms));
            self.chooser.see(entry, name);
            let document = joining.map(|text| document_of(entry, text, self.known, self.forms));
            self.documents.extend(document.transpose()?);
        }
        Ok(())
    }

    /// The rows; `facts` are the figures of the documents, with the columns of [`Totals::COLUMNS`] at least. Beside them the
    /// disclosures themselves.
    ///
    /// # Errors
    /// When a column of the figures is missing, or a sum is too large.
    pub(super) fn rows(
        self,
        facts: impl Iterator<Item = Result<RecordBatch>>,
        load: &Load,
    ) -> Result<(DerivedRows, Vec<Disclosure>)> {
        let mut totals: Totals = self.chooser.into_totals();
        for batch in facts {
            totals.add(&batch?)?;
        }
        let disclosures = join(&self.documents, self.forms);
        let rows = disclosure_rows(&disclosures, load)?;
        Ok(([(Table::Disclosures, rows), (Table::RegionSummary, totals.into_batch(load)?)], disclosures))
    }
}
