//! Reports become tables that a warehouse can load. Knows the [`Report`](crate::model::Report) and nothing
//! of how it was made.
//!
//! [`Outcome`]s go into a [`Sink`] in batches, in source order; [`Sink::commit`] publishes them all at once.
//! The columns of every table stand in [`Table::columns`], which is also where
//! `schemas/dataset.v1.schema.json` comes from. A sink holds one batch and the open row groups of a dozen
//! files in memory, whatever the number of documents.
//!
//! ```text
//! DIR/dataset.json                     names the files that are the dataset; replaced last, in one step
//! DIR/facts/part-<load>-0000.parquet   and so on, a folder a table
//! DIR/views/amounts_leaf.sql           and so on, for any SQL engine
//! ```

mod batch;
mod bodies;
mod columns;
mod leaf;
mod ledger;
mod manifest;
mod memory;
mod outcome;
mod parquet;
mod reference;
mod region;
mod rows;
#[cfg(test)]
mod sample;
mod schema;
mod views;

pub use manifest::{MANIFEST, Manifest, PartFile};
pub use memory::MemorySink;
pub use outcome::{Ledger, Outcome};
pub use parquet::{ParquetSink, read_table};
pub use schema::{Column, Kind, Table, arrow_schema, json_schema};
pub use views::VIEWS;

use std::collections::BTreeSet;

use crate::error::Result;

/// Where outcomes go: a folder of Parquet files, a Delta table, or memory.
///
/// [`write`](Sink::write) is called any number of times with outcomes in source order, then
/// [`commit`](Sink::commit) once. Nothing is visible to a reader before `commit` returns; a sink that is dropped
/// without it leaves the dataset as it was.
pub trait Sink {
    /// Takes the rows of a batch of outcomes.
    ///
    /// # Errors
    /// When the rows cannot be stored, such as a full disk.
    fn write(&mut self, outcomes: &[Outcome]) -> Result<()>;

    /// The `source_uri`s of the dataset that the load takes the place of; none where there is none yet.
    ///
    /// # Errors
    /// When that dataset cannot be read.
    fn earlier_sources(&self) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    /// Publishes everything written so far, with the tables that rest on all of it.
    ///
    /// # Errors
    /// When the storage refuses; the dataset is then what it was before.
    fn commit(&mut self) -> Result<Commit>;
}

/// What a commit made visible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Commit {
    /// Rows of each table, in the order of [`Table::ALL`].
    pub rows: Vec<(Table, u64)>,
    /// Where the dataset lies, for a person.
    pub place: String,
}

/// Which run rows belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Unique among the loads of a dataset, and safe in a file name.
    pub id: String,
    /// When it began, in milliseconds since 1970 (UTC).
    pub started_ms: i64,
    /// Name and version of the extractor.
    pub extractor: String,
}
