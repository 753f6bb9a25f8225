//! A dataset as it stands at one instant, for those who carry it elsewhere: which files each table has, which of
//! them came after an earlier version, and the rows of files one batch after the other. A crawl may go on writing.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;

use super::log::Log;
use super::part::{Part, refused};
use super::place::Place;
use super::schema::Table;
use super::store::Store;
use crate::error::Result;

/// Times that opening is tried while a crawl commits.
const TRIES: usize = 5;

/// All tables of a dataset, each at the version that it had when the snapshot was made.
///
/// Every document that its ledger says to have content has it in the other tables: the ledger is written last, and
/// opening is tried again when it moved meanwhile.
pub struct Snapshot {
    store: Store,
}

/// A file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile(Part);

impl DataFile {
    /// Region of its rows; `None` where the table is not partitioned.
    #[must_use]
    pub fn region_code(&self) -> Option<&str> {
        Some(self.0.partition.region.as_str()).filter(|region| !region.is_empty())
    }

    /// Year of its rows, where the table is partitioned and the year is known.
    #[must_use]
    pub fn fiscal_year(&self) -> Option<u16> {
        self.0.partition.year
    }

    /// Rows that it holds.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.0.rows
    }
}

impl Snapshot {
    /// Opens a dataset.
    ///
    /// # Errors
    /// When there is none, its logs cannot be read, or a crawl commits so often that no instant is caught.
    pub fn open(dataset: impl Into<Place>) -> Result<Self> {
        let dir = &dataset.into();
        for _ in 0..TRIES {
            let mut store = Store::open(dir)?;
            let before = store.version(Table::Reports)?;
            Table::ALL.into_iter().try_for_each(|table| store.parts(table).map(drop))?;
            if Store::open(dir)?.version(Table::Reports)? == before {
                return Ok(Self { store });
            }
        }
        Err(refused(dir, "a crawl is committing to it all the time; try again in a moment"))
    }

    /// What tells this dataset from every other: the id of its ledger, made with it. `None` while it has no ledger.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn id(&mut self) -> Result<Option<String>> {
        self.store.id(Table::Reports)
    }

    /// The version of a table; `None` where it does not exist yet.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn version(&mut self, table: Table) -> Result<Option<u64>> {
        self.store.version(table)
    }

    /// Whether a table holds rows that the ledger does not name yet: those of a batch that is being published, or
    /// of one that was killed.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn is_ahead(&mut self, table: Table) -> Result<bool> {
        Ok(self.store.batch(table)? > self.store.batch(Table::Reports)?)
    }

    /// The files of a table, by region and year.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn files(&mut self, table: Table) -> Result<Vec<DataFile>> {
        Ok(self.store.parts(table)?.into_iter().map(DataFile).collect())
    }

    /// The files of a table that it did not have at an earlier version. All of them where that version is not in
    /// the log any more.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn files_since(&mut self, table: Table, version: u64) -> Result<Vec<DataFile>> {
        let files = self.files(table)?;
        let Ok(before) = Log::parts_of(self.store.dir(), table, version) else { return Ok(files) };
        let before: BTreeSet<String> = before.into_iter().map(|part| part.path).collect();
        Ok(files.into_iter().filter(|file| !before.contains(&file.0.path)).collect())
    }

    /// The rows of files of a table, in the order of the table's columns, or of those named.
    pub fn rows<'a>(
        &'a self,
        table: Table,
        files: &'a [DataFile],
        columns: Option<&'a [&'a str]>,
    ) -> impl Iterator<Item = Result<RecordBatch>> + 'a {
        files.iter().flat_map(move |file| self.store.rows(table, std::slice::from_ref(&file.0), columns))
    }
}
