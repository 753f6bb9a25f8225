//! The transaction log of one table: which files are live, and the commits that change that. Delta Lake's
//! protocol is that of delta-rs, which reads a log, makes tables, writes commit files and checkpoints. Between commits
//! only the list of live files is held, because a snapshot of delta-rs is computed anew after each commit and keeps
//! the pieces of all before it: memory and time would grow with the commits of a night. Commits are made durable
//! before they count; `repair` sets a last one aside that a power cut left unreadable.

mod repair;
mod table;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use deltalake_core::kernel::transaction::{CommitData, TransactionError};
use deltalake_core::kernel::{
    Action, Add, DataType, MetadataExt, PrimitiveType, Remove, StructField, StructType, Transaction,
};
use deltalake_core::logstore::{CommitOrBytes, LogStoreRef};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};

use super::part::{Part, refused};
use super::partition::{COLUMNS, Partition};
use super::place::{At, Place, sync_folder};
use super::schema::{Kind, Table};
use super::wait::block_on;
use crate::error::{Error, Result};

pub(super) use repair::repair;

/// Who commits, as the application id of a Delta transaction.
const APPLICATION: &str = "juesuan";
/// Folder of a table's log.
pub(super) const LOG: &str = "_delta_log";
/// The file of the log that names the newest checkpoint.
const LAST_CHECKPOINT: &str = "_last_checkpoint";
/// Commits after which a checkpoint is written, as Delta Lake has it: who reads the log replays no more than these. Writing
/// one takes about a megabyte for each of them, because delta-rs reads them all at once.
const COMMITS_A_CHECKPOINT: u64 = 10;
/// How often a commit is tried when another program commits at the same time.
const ATTEMPTS: u32 = 5;

/// A change of one table, published in one step.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) added: Vec<Part>,
    pub(super) removed: Vec<Part>,
    /// The batch that the table is up to after it.
    pub(super) batch: Option<i64>,
    /// Whether the rows are the same before and after, as in a compaction.
    pub(super) keeps_rows: bool,
}

/// The log of one table.
pub(super) struct Log {
    dir: Place,
    table: Table,
    store: LogStoreRef,
    state: State,
}

/// What a log says as a whole.
struct State {
    id: String,
    version: u64,
    /// Live files by path.
    parts: BTreeMap<String, Part>,
    batch: i64,
    /// Whether the table lacks columns that this version writes.
    is_narrow: bool,
}

impl Log {
    /// Opens the log of a table below a dataset; `None` where there is none yet.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn open(dataset: &Place, table: Table) -> Result<Option<Self>> {
        let dir = dataset.join(table.name());
        // A commit that was set aside leaves the folder of a log behind.
        let has_commit = |path: &Path| repair::newest_commit(path).map(|newest| newest.is_some());
        if !Self::is_there(&dir)? || !dir.folder().map_or(Ok(true), has_commit)? {
            return Ok(None);
        }
        let delta = table::load(&dir)?;
        let state = State::of(&delta, table, &dir)?;
        Ok(Some(Self { dir, table, store: delta.log_store(), state }))
    }

    /// Whether a table's folder has a log.
    ///
    /// # Errors
    /// When a bucket cannot be asked.
    pub(super) fn is_there(dir: &Place) -> Result<bool> {
        match dir.join(LOG).at()? {
            At::Folder(log) => Ok(log.is_dir()),
            At::Bucket(log) => log.has_any(),
        }
    }

    /// Makes a table and its log.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn create(dataset: &Place, table: Table) -> Result<Self> {
        let dir = dataset.join(table.name());
        if let Some(path) = dir.folder() {
            fs::create_dir_all(path).map_err(|e| Error::io(path.display(), e))?;
        }
        let columns = fields_of(table);
        let mut create = CreateBuilder::new().with_log_store(table::log_store(&dir)?).with_table_name(table.name());
        create = create.with_comment(table.grain()).with_columns(columns);
        if table.is_partitioned() {
            create = create.with_partition_columns(COLUMNS);
        }
        let delta = wait(std::future::IntoFuture::into_future(create), &dir)?;
        let state = State::of(&delta, table, &dir)?;
        let log = Self { dir, table, store: delta.log_store(), state };
        log.make_durable()?;
        dataset.folder().map_or(Ok(()), sync_folder)?;
        Ok(log)
    }

    /// Adds columns that the table has since an earlier version wrote it. Its rows have nothing in them.
    ///
    /// # Errors
    /// When the storage refuses.
    pub(super) fn widen(&mut self) -> Result<()> {
        if !self.state.is_narrow {
            return Ok(());
        }
        let delta = table::load(&self.dir)?;
        let schema = StructType::try_new(fields_of(self.table)).map_err(|e| refused(&self.dir, e))?;
        let metadata = delta.snapshot().map_err(fault(&self.dir))?.metadata().clone();
        let metadata = metadata.with_schema(&schema).map_err(|e| refused(&self.dir, e))?;
        tracing::info!(table = self.table.name(), "the table gets the columns that this version has");
        let entry = self.entry_of(vec![Action::Metadata(metadata)], None)?;
        self.publish(&entry, &Change::default())?;
        self.state.is_narrow = false;
        Ok(())
    }

    /// The live files, in the order of their paths.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.state.parts.values()
    }

    /// The last batch that the table is up to; 0 before the first one.
    pub(super) fn batch(&self) -> i64 {
        self.state.batch
    }

    /// The files that a table had at an earlier version.
    ///
    /// # Errors
    /// When the log does not reach back so far, or cannot be read.
    pub(super) fn parts_of(dataset: &Place, table: Table, version: u64) -> Result<Vec<Part>> {
        let dir = dataset.join(table.name());
        let delta = table::load_version(&dir, version)?;
        Ok(State::of(&delta, table, &dir)?.parts.into_values().collect())
    }

    /// The id of the table, made with it.
    pub(super) fn id(&self) -> &str {
        &self.state.id
    }

    /// The version of the newest commit.
    pub(super) fn version(&self) -> u64 {
        self.state.version
    }

    /// Writes a checkpoint of the newest version, so that a reader need not replay the log, and removes what the log
    /// no longer needs after the time that Delta Lake keeps it, 30 days.
    ///
    /// # Errors
    /// When the storage refuses.
    pub(super) fn checkpoint(&self) -> Result<()> {
        let delta = table::load(&self.dir)?;
        wait(deltalake_core::checkpoints::create_checkpoint(&delta, None), &self.dir)?;
        wait(deltalake_core::checkpoints::cleanup_metadata(&delta, None), &self.dir)?;
        self.make_durable()
    }

    /// Publishes a change. When this returns, the change is on the disk.
    ///
    /// # Errors
    /// When the storage refuses, or another program changed the same files meanwhile.
    pub(super) fn commit(&mut self, change: &Change) -> Result<()> {
        let now = millis();
        let mut actions: Vec<Action> = Vec::new();
        actions.extend(change.removed.iter().map(|p| Action::Remove(self.removal(p, now, !change.keeps_rows))));
        actions.extend(change.added.iter().map(|p| Action::Add(self.addition(p, now, !change.keeps_rows))));
        let transaction = |version| Transaction { app_id: APPLICATION.to_owned(), version, last_updated: Some(now) };
        let entry = self.entry_of(actions, change.batch.map(transaction))?;
        self.publish(&entry, change)
    }

    /// Writes a commit file under the next free version.
    fn publish(&mut self, entry: &[u8], change: &Change) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let next = self.state.version + 1;
            let bytes = CommitOrBytes::LogBytes(entry.to_vec().into());
            let written = self.store.write_commit_entry(next, bytes, unnamed());
            match block_on(written, &self.dir)? {
                Ok(()) => return self.settle(next, change),
                Err(TransactionError::VersionAlreadyExists(_)) if self.is_ours(next, entry)? => {
                    return self.settle(next, change);
                }
                Err(TransactionError::VersionAlreadyExists(_)) => self.catch_up(change)?,
                Err(error) => return Err(refused(&self.dir, error)),
            }
        }
        Err(refused(&self.dir, "another program commits to it again and again; crawl when that one is done"))
    }

    /// Whether the commit that is there already is this one: a store may have taken it while its answer was lost on the way,
    /// so that its client sent it again.
    fn is_ours(&self, version: u64, entry: &[u8]) -> Result<bool> {
        let held = wait(self.store.read_commit_entry(version), &self.dir)?;
        Ok(held.is_some_and(|held| held == entry))
    }

    /// A commit file: one action a line.
    fn entry_of(&self, actions: Vec<Action>, transaction: Option<Transaction>) -> Result<Vec<u8>> {
        let transactions = transaction.into_iter().collect();
        let partition_by = self.table.is_partitioned().then(|| COLUMNS.map(str::to_owned).to_vec());
        let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by, predicate: None };
        let data = CommitData::new(actions, operation, std::collections::HashMap::new(), transactions);
        let bytes = data.get_bytes().map_err(|e| refused(&self.dir, e))?;
        Ok(bytes.to_vec())
    }

    /// Takes note of a commit that was written.
    fn settle(&mut self, version: u64, change: &Change) -> Result<()> {
        self.state.version = version;
        self.state.batch = change.batch.unwrap_or(self.state.batch);
        change.removed.iter().for_each(|part| drop(self.state.parts.remove(&part.path)));
        self.state.parts.extend(change.added.iter().map(|part| (part.path.clone(), part.clone())));
        self.make_durable()?;
        if version.is_multiple_of(COMMITS_A_CHECKPOINT) { self.checkpoint() } else { Ok(()) }
    }

    /// Reads what another program committed. A change stands when all the files that it removes are still there and no
    /// other crawl published a batch: it may hold the same documents.
    fn catch_up(&mut self, change: &Change) -> Result<()> {
        let before = self.state.batch;
        self.state = State::of(&table::load(&self.dir)?, self.table, &self.dir)?;
        if self.state.batch != before {
            return Err(refused(&self.dir, "another crawl wrote to the dataset meanwhile; run the crawl again"));
        }
        match change.removed.iter().find(|part| !self.state.parts.contains_key(&part.path)) {
            None => Ok(()),
            Some(part) => {
                let words = format!("another program rewrote {} meanwhile; run the crawl again", part.path);
                Err(refused(&self.dir, words))
            }
        }
    }

    fn addition(&self, part: &Part, now: i64, data_change: bool) -> Add {
        Add {
            path: part.path.clone(),
            partition_values: part.partition.values(self.table),
            size: i64::try_from(part.bytes).unwrap_or(i64::MAX),
            modification_time: now,
            data_change,
            stats: Some(format!("{{\"numRecords\":{}}}", part.rows)),
            ..Add::default()
        }
    }

    fn removal(&self, part: &Part, now: i64, data_change: bool) -> Remove {
        Remove {
            path: part.path.clone(),
            data_change,
            deletion_timestamp: Some(now),
            extended_file_metadata: Some(true),
            partition_values: Some(part.partition.values(self.table)),
            size: i64::try_from(part.bytes).ok(),
            ..Remove::default()
        }
    }

    /// Brings the newest commit, and a checkpoint made with it, down to the disk. What a store has taken is so already.
    fn make_durable(&self) -> Result<()> {
        let Some(log) = self.dir.folder().map(|dir| dir.join(LOG)) else { return Ok(()) };
        let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
        let commit = log.join(format!("{:020}.json", self.state.version));
        sync(&commit).map_err(|e| Error::io(commit.display(), e))?;
        let checkpoint = log.join(format!("{:020}.checkpoint.parquet", self.state.version));
        for path in [checkpoint, log.join(LAST_CHECKPOINT)].iter().filter(|path| path.exists()) {
            sync(path).map_err(|e| Error::io(path.display(), e))?;
        }
        sync_folder(&log)
    }
}

impl State {
    /// What a log that was read says.
    fn of(delta: &DeltaTable, table: Table, dir: &Place) -> Result<Self> {
        let snapshot = delta.snapshot().map_err(fault(dir))?;
        let store = delta.log_store();
        let batch = wait(snapshot.transaction_version(store.as_ref(), APPLICATION), dir)?.unwrap_or(0);
        let mut parts = BTreeMap::new();
        for file in snapshot.log_data().iter() {
            let path = file.path().into_owned();
            let part = Part {
                path: path.clone(),
                partition: Partition::from_values(&file.partition_values_map()),
                rows: file.num_records().unwrap_or(0) as u64,
                bytes: u64::try_from(file.size()).unwrap_or(0),
            };
            parts.insert(path, part);
        }
        let schema = snapshot.schema();
        let is_narrow = table.columns().iter().any(|column| schema.field(column.name).is_none());
        let id = snapshot.metadata().id().to_owned();
        Ok(Self { id, version: delta.version().unwrap_or(0), parts, batch, is_narrow })
    }
}

/// The id of an operation that nothing refers to; its type is no dependency of ours.
fn unnamed<T: Default>() -> T {
    T::default()
}

fn fields_of(table: Table) -> impl Iterator<Item = StructField> {
    table.columns().iter().map(|c| StructField::new(c.name, delta_type(c.kind), c.nullable))
}

fn delta_type(kind: Kind) -> DataType {
    let decimal = |kind: Kind| {
        let (precision, scale) = kind.decimal()?;
        PrimitiveType::decimal(precision, u8::try_from(scale).ok()?).ok()
    };
    DataType::Primitive(match kind {
        Kind::Text => PrimitiveType::String,
        Kind::Bool => PrimitiveType::Boolean,
        Kind::Int => PrimitiveType::Integer,
        Kind::Long => PrimitiveType::Long,
        Kind::Real => PrimitiveType::Float,
        Kind::Amount | Kind::Ratio => decimal(kind).unwrap_or(PrimitiveType::String),
        Kind::Time => PrimitiveType::Timestamp,
    })
}

/// Runs what delta-rs does to its end.
fn wait<T>(work: impl Future<Output = Result<T, DeltaTableError>>, dir: &Place) -> Result<T> {
    block_on(work, dir)?.map_err(fault(dir))
}

fn fault(dir: &Place) -> impl Fn(DeltaTableError) -> Error {
    move |error| refused(dir, error)
}

/// Now, in milliseconds since 1970 (UTC): the log dates its actions.
fn millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
