//! Reports become tables that a warehouse can load. Knows the [`Report`](crate::model::Report) and nothing
//! of how it was made.
//!
//! [`Outcome`]s go into a [`Sink`] in source order; it publishes them batch by batch, and [`Sink::commit`] ends
//! the run. The columns of every table stand in [`Table::columns`], which is also where
//! `schemas/dataset.v1.schema.json` comes from. A sink holds one batch in memory, whatever the number of documents.
//!
//! ```text
//! DIR/reports/_delta_log/              the ledger, a Delta table: one row a document version
//! DIR/facts/_delta_log/                and so on, a Delta table a folder; the log says which files are live
//! DIR/facts/region_code=310199/fiscal_year=2024/part-….parquet
//! DIR/views/amounts_leaf.sql           and so on, for any SQL engine
//! ```

mod batch;
mod batches;
mod bodies;
mod cell;
mod columns;
mod copies;
mod delta;
mod derived;
pub mod disclosures;
mod entry;
mod hands;
mod history;
mod holdings;
mod keys;
mod known;
mod leaf;
mod ledger;
mod lock;
mod log;
mod maintain;
mod memory;
mod outcome;
mod packed;
mod part;
mod partition;
mod place;
mod reference;
mod region;
mod report_rows;
mod rows;
#[cfg(test)]
mod sample;
mod schema;
mod snapshot;
#[cfg(feature = "sql")]
mod sql;
mod store;
mod stored;
mod task;
mod tidy;
mod value;
mod views;
mod wait;
mod wire;

pub use batches::rows_of;
pub use cell::{Cell, Cells};
pub use copies::Holders;
pub use delta::DeltaSink;
pub use entry::Entry;
pub use hands::{Errand, Hands, OneHand};
pub use history::{last_runs, record_run};
pub use holdings::Holdings;
pub use maintain::{Maintained, maintain};
pub use memory::MemorySink;
pub use outcome::{Ledger, Outcome};
pub use place::Place;
pub use report_rows::{ReportRows, Tally};
pub use schema::{Column, Kind, Table, arrow_schema, json_schema};
pub use snapshot::{DataFile, Snapshot};
#[cfg(feature = "sql")]
pub use sql::Engine;
pub use store::{read_columns, read_ledger, read_table};
pub use stored::{Wanted, stored_reports};
pub use task::{TaskWriter, Written, write_batch};
pub use views::VIEWS;
pub use wire::{WireError, from_wire, to_wire};

use std::sync::Arc;

use crate::error::Result;

/// Where outcomes go: Delta tables in a folder or a bucket, or memory.
///
/// [`write`](Sink::write) is called any number of times with outcomes in source order, then
/// [`commit`](Sink::commit) once. A sink may publish whole batches before that; one that is dropped without
/// `commit` leaves a dataset in which every document has its old version or its new one.
pub trait Sink {
    /// The run that it takes rows of.
    fn load(&self) -> &Load;

    /// What it holds from earlier runs.
    fn holdings(&self) -> &Holdings;

    /// Has what can be done side by side done by `hands`, from now on.
    fn lend(&mut self, hands: Arc<dyn Hands>) {
        let _ = hands;
    }

    /// Takes the rows of outcomes. Each takes the place of what was held of its source.
    ///
    /// # Errors
    /// When the rows cannot be stored, such as a full disk.
    fn write(&mut self, outcomes: &[Outcome]) -> Result<()>;

    /// Marks a source as gone; its rows stay.
    fn vanish(&mut self, source_uri: &str);

    /// Notes that a file has another time and the same bytes, in milliseconds since 1970 (UTC).
    fn touch(&mut self, source_uri: &str, modified_ms: Option<i64>);

    /// Publishes everything written so far, with the tables that rest on all of it.
    ///
    /// # Errors
    /// When the storage refuses; what was published before stays.
    fn commit(&mut self) -> Result<Commit>;
}

/// What a dataset holds after a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Commit {
    /// Rows of each table, in the order of [`Table::ALL`].
    pub rows: Vec<(Table, u64)>,
    /// Where the dataset lies, for a person.
    pub place: String,
    /// Disclosures of the regions and years that the load touched.
    pub told: Told,
}

/// What a person is told of disclosures, however many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// How many have several documents.
    pub joined: u64,
    /// The first of those with several documents, and of those with a doubt.
    pub shown: Vec<disclosures::Disclosure>,
}

impl Told {
    /// How many are shown of either sort.
    const SHOWN: u64 = 16;

    fn put(&mut self, disclosures: Vec<disclosures::Disclosure>) {
        let mut doubtful = self.shown.iter().filter(|d| !d.doubts.is_empty()).count() as u64;
        for disclosure in disclosures {
            let (is_joined, is_doubtful) = (disclosure.members.len() > 1, !disclosure.doubts.is_empty());
            if (is_joined && self.joined < Self::SHOWN) || (is_doubtful && doubtful < Self::SHOWN) {
                self.shown.push(disclosure);
            }
            self.joined += u64::from(is_joined);
            doubtful += u64::from(is_doubtful);
        }
    }
}

/// Which run rows belong to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Load {
    /// Unique among the loads of a dataset, and safe in a file name.
    pub id: String,
    /// When it began, in milliseconds since 1970 (UTC).
    pub started_ms: i64,
    /// Name and version of the extractor.
    pub extractor: String,
}
