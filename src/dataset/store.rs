//! A dataset as a whole: the logs of its tables, the lock of whoever writes, and reading.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow_array::RecordBatch;

use super::entry::Entry;
use super::holdings::Holdings;
use super::lock::{self, Lock};
use super::log::{Change, Log, repair};
use super::part::{Part, PartReader, refused};
use super::partition::Partition;
use super::place::{At, Object, Place};
use super::schema::Table;
use crate::error::{Error, Result};

/// What versions before Delta Lake wrote.
const OLD_MANIFEST: &str = "dataset.json";

/// The tables of a dataset, opened when they are asked for.
pub(super) struct Store {
    dir: Place,
    logs: BTreeMap<Table, Log>,
    /// Held while a run writes.
    lock: Option<Lock>,
}

impl Store {
    /// Opens a dataset to write to it, and makes it where there is none. What a power cut left in a folder is repaired; in
    /// a bucket nothing is ever half written.
    ///
    /// # Errors
    /// When something else than a dataset lies there, another run is writing to it, or it cannot be written.
    pub(super) fn open_for_writing(dir: &Place) -> Result<Self> {
        let lock = match dir.at()? {
            At::Folder(path) => {
                fs::create_dir_all(path).map_err(|e| Error::io(path.display(), e))?;
                refuse_strangers(dir, path)?;
                let lock = Lock::take(dir)?;
                Table::ALL.into_iter().try_for_each(|table| repair(path, table))?;
                lock
            }
            At::Bucket(object) => {
                refuse_strange_objects(dir, &object)?;
                Lock::take(dir)?
            }
        };
        Ok(Self { dir: dir.clone(), logs: BTreeMap::new(), lock: Some(lock) })
    }

    /// Opens a dataset to read it, also while a run writes to it.
    ///
    /// # Errors
    /// When there is no dataset.
    pub(super) fn open(dir: &Place) -> Result<Self> {
        if let Some(path) = dir.folder() {
            fs::metadata(path).map_err(|e| Error::io(path.display(), e))?;
        }
        if !is_dataset(dir)? {
            return Err(refused(dir, "the folder holds no dataset; `juesuan crawl` makes one"));
        }
        Ok(Self { dir: dir.clone(), logs: BTreeMap::new(), lock: None })
    }

    /// Where the dataset lies.
    pub(super) fn dir(&self) -> &Place {
        &self.dir
    }

    /// The log of a table, which is made where there is none.
    pub(super) fn log(&mut self, table: Table) -> Result<&mut Log> {
        if !self.logs.contains_key(&table) {
            self.look_up(table)?;
        }
        if !self.logs.contains_key(&table) {
            let log = Log::create(&self.dir, table)?;
            self.logs.insert(table, log);
        }
        self.logs.get_mut(&table).ok_or_else(|| refused(&self.dir, "a log was opened and is gone"))
    }

    /// The live files of a table; none where there is no table.
    pub(super) fn parts(&mut self, table: Table) -> Result<Vec<Part>> {
        self.look_up(table)?;
        Ok(self.logs.get(&table).into_iter().flat_map(Log::parts).cloned().collect())
    }

    /// Opens the log of a table where there is one.
    fn look_up(&mut self, table: Table) -> Result<()> {
        if !self.logs.contains_key(&table) {
            let mut log = Log::open(&self.dir, table)?;
            if let Some(log) = log.as_mut().filter(|_| self.lock.is_some()) {
                log.widen()?;
            }
            self.logs.extend(log.map(|log| (table, log)));
        }
        Ok(())
    }

    /// The live files of one partition of a table.
    pub(super) fn parts_at(&mut self, table: Table, at: &Partition) -> Result<Vec<Part>> {
        self.look_up(table)?;
        let is_there = |part: &&Part| !table.is_partitioned() || part.partition == *at;
        Ok(self.logs.get(&table).into_iter().flat_map(Log::parts).filter(is_there).cloned().collect())
    }

    /// The batch that a table is up to; 0 where there is no table.
    pub(super) fn batch(&mut self, table: Table) -> Result<i64> {
        self.look_up(table)?;
        Ok(self.logs.get(&table).map_or(0, Log::batch))
    }

    /// The version of a table; `None` where there is no table.
    pub(super) fn version(&mut self, table: Table) -> Result<Option<u64>> {
        self.look_up(table)?;
        Ok(self.logs.get(&table).map(Log::version))
    }

    /// The id of a table; `None` where there is no table.
    pub(super) fn id(&mut self, table: Table) -> Result<Option<String>> {
        self.look_up(table)?;
        Ok(self.logs.get(&table).map(|log| log.id().to_owned()))
    }

    /// Publishes a change of a table.
    pub(super) fn commit(&mut self, table: Table, change: &Change) -> Result<()> {
        self.lock.iter().try_for_each(Lock::check)?;
        self.log(table)?.commit(change)
    }

    /// The rows of files of a table, one batch after the other.
    pub(super) fn rows<'a>(
        &self,
        table: Table,
        parts: &'a [Part],
        columns: Option<&'a [&'a str]>,
    ) -> impl Iterator<Item = Result<RecordBatch>> + use<'a> {
        let dir = self.dir.join(table.name());
        parts.iter().flat_map(move |part| {
            let (reader, fault) = match PartReader::open(&dir, table, part, columns) {
                Ok(reader) => (Some(reader), None),
                Err(error) => (None, Some(Err(error))),
            };
            fault.into_iter().chain(reader.into_iter().flatten())
        })
    }

    /// The ledger's rows of some files.
    pub(super) fn entries(&self, parts: &[Part]) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for batch in self.rows(Table::Reports, parts, Some(&Entry::COLUMNS)) {
            entries.extend(Entry::read(&batch?)?);
        }
        Ok(entries)
    }

    /// What the ledger holds of each source.
    pub(super) fn holdings(&mut self) -> Result<Holdings> {
        let parts = self.parts(Table::Reports)?;
        let mut holdings = Holdings::default();
        for part in parts {
            self.entries(std::slice::from_ref(&part))?.into_iter().for_each(|entry| holdings.put(entry));
        }
        Ok(holdings)
    }
}

fn is_dataset(dir: &Place) -> Result<bool> {
    Log::is_there(&dir.join(Table::Reports.name()))
}

/// Keeps a crawl out of a folder that was meant for something else.
fn refuse_strangers(dir: &Place, path: &Path) -> Result<()> {
    if path.join(OLD_MANIFEST).exists() {
        return Err(refused(dir, "an older version wrote this dataset; crawl into a new folder"));
    }
    if is_dataset(dir)? || path.join(lock::FILE).exists() {
        return Ok(());
    }
    let mut entries = fs::read_dir(path).map_err(|e| Error::io(path.display(), e))?;
    if entries.next().is_some() {
        return Err(refused(dir, "the folder is not empty and holds no dataset; choose a new or empty one"));
    }
    Ok(())
}

/// Keeps a crawl out of a folder of a bucket that was meant for something else.
fn refuse_strange_objects(dir: &Place, object: &Object) -> Result<()> {
    if is_dataset(dir)? || dir.join(lock::FILE).read()?.is_some() || !object.has_any()? {
        return Ok(());
    }
    Err(refused(dir, "there are objects here that are no dataset; choose a folder of the bucket that is new or empty"))
}

/// Reads a whole table of a dataset into memory, region by region and year by year.
///
/// # Errors
/// When there is no dataset, or a file of it is missing or damaged.
pub fn read_table(dir: impl Into<Place>, table: Table) -> Result<Vec<RecordBatch>> {
    read_columns(dir, table, None)
}

/// Reads some columns of a table, in the order of the table; what is not asked for is not decoded.
///
/// # Errors
/// When there is no dataset, or a file of it is missing or damaged.
pub fn read_columns(dir: impl Into<Place>, table: Table, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>> {
    let mut store = Store::open(&dir.into())?;
    let parts = store.parts(table)?;
    store.rows(table, &parts, columns).collect()
}

/// Reads the ledger of a dataset, in the order of sources within region and year.
///
/// # Errors
/// When there is no dataset, or a file of it is missing or damaged.
pub fn read_ledger(dir: impl Into<Place>) -> Result<Vec<Entry>> {
    let mut store = Store::open(&dir.into())?;
    let parts = store.parts(Table::Reports)?;
    store.entries(&parts)
}
