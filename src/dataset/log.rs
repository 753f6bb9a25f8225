//! The transaction log of one table: which files are live, and the commits that change that. Delta Lake's
//! protocol is kept by delta-rs; what it leaves to us is here: commits are made durable before they count, and a
//! last commit that a power cut left unreadable is set aside.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Add, DataType, PrimitiveType, Remove, StructField, Transaction};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tokio::runtime::Runtime;

use super::part::{Part, refused, sync_folder};
use super::partition::{COLUMNS, Partition};
use super::schema::{Kind, Table};
use crate::error::{Error, ErrorKind, Result};

/// Who commits, as the application id of a Delta transaction.
const APPLICATION: &str = "juesuan";
/// Folder of a table's log.
const LOG: &str = "_delta_log";
/// The file of the log that names the newest checkpoint.
const LAST_CHECKPOINT: &str = "_last_checkpoint";
/// Commits after which a log is read anew: a snapshot keeps the pieces of all that it was made of, and a long run
/// would grow by them.
const COMMITS_A_SNAPSHOT: u32 = 8;

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
    dir: PathBuf,
    table: Table,
    delta: DeltaTable,
    /// Commits since it was read.
    commits: u32,
}

impl Log {
    /// Opens the log of a table below a dataset's folder; `None` where there is none yet.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn open(dataset: &Path, table: Table) -> Result<Option<Self>> {
        let dir = dataset.join(table.name());
        if !dir.join(LOG).is_dir() || newest_commit(&dir)?.is_none() {
            return Ok(None);
        }
        let delta = load(&dir)?;
        Ok(Some(Self { dir, table, delta, commits: 0 }))
    }

    /// Opens the log of a table, and makes the table where there is none.
    ///
    /// # Errors
    /// When the log cannot be read or written.
    pub(super) fn open_or_create(dataset: &Path, table: Table) -> Result<Self> {
        if let Some(log) = Self::open(dataset, table)? {
            return Ok(log);
        }
        let dir = dataset.join(table.name());
        fs::create_dir_all(&dir).map_err(|e| Error::io(dir.display(), e))?;
        let url = deltalake_core::ensure_table_uri(dir.to_string_lossy()).map_err(fault(&dir))?;
        let columns = table.columns().iter().map(|c| StructField::new(c.name, delta_type(c.kind), c.nullable));
        let mut create = CreateBuilder::new().with_location(url).with_table_name(table.name());
        create = create.with_comment(table.grain()).with_columns(columns);
        if table.is_partitioned() {
            create = create.with_partition_columns(COLUMNS);
        }
        let delta = wait(std::future::IntoFuture::into_future(create), &dir)?;
        let log = Self { dir, table, delta, commits: 0 };
        log.make_durable()?;
        sync_folder(dataset)?;
        Ok(log)
    }

    /// The live files, in the order of their paths.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn parts(&self) -> Result<Vec<Part>> {
        let state = self.delta.snapshot().map_err(fault(&self.dir))?;
        let mut parts: Vec<Part> = Vec::new();
        for file in state.log_data().iter() {
            parts.push(Part {
                path: file.path().into_owned(),
                partition: Partition::from_values(&file.partition_values_map()),
                rows: file.num_records().unwrap_or(0) as u64,
                bytes: u64::try_from(file.size()).unwrap_or(0),
            });
        }
        parts.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(parts)
    }

    /// The last batch that the table is up to; 0 before the first one.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn batch(&self) -> Result<i64> {
        let state = self.delta.snapshot().map_err(fault(&self.dir))?;
        let store = self.delta.log_store();
        let version = state.transaction_version(store.as_ref(), APPLICATION);
        Ok(wait(version, &self.dir)?.unwrap_or(0))
    }

    /// The files that a table had at an earlier version.
    ///
    /// # Errors
    /// When the log does not reach back so far, or cannot be read.
    pub(super) fn parts_of(dataset: &Path, table: Table, version: u64) -> Result<Vec<Part>> {
        let dir = dataset.join(table.name());
        let url = deltalake_core::ensure_table_uri(dir.to_string_lossy()).map_err(fault(&dir))?;
        let builder = DeltaTableBuilder::from_url(url).map_err(fault(&dir))?.with_version(version);
        let delta = wait(builder.load(), &dir)?;
        Self { dir, table, delta, commits: 0 }.parts()
    }

    /// The id of the table, made with it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn id(&self) -> Result<String> {
        let state = self.delta.snapshot().map_err(fault(&self.dir))?;
        Ok(state.metadata().id().to_owned())
    }

    /// The version of the newest commit.
    pub(super) fn version(&self) -> u64 {
        self.delta.version().unwrap_or(0)
    }

    /// Writes a checkpoint of the newest version, so that a reader need not replay the log.
    ///
    /// # Errors
    /// When the storage refuses.
    pub(super) fn checkpoint(&self) -> Result<()> {
        wait(deltalake_core::checkpoints::create_checkpoint(&self.delta, None), &self.dir)?;
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
        let mut properties = CommitProperties::default();
        if let Some(version) = change.batch {
            let txn = Transaction { app_id: APPLICATION.to_owned(), version, last_updated: Some(now) };
            properties = properties.with_application_transaction(txn);
        }
        let partition_by = self.table.is_partitioned().then(|| COLUMNS.map(str::to_owned).to_vec());
        let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by, predicate: None };
        let state = self.delta.snapshot().map_err(fault(&self.dir))?.clone();
        let builder = CommitBuilder::from(properties).with_actions(actions);
        let commit = builder.build(Some(&state), self.delta.log_store(), operation);
        let done = wait(std::future::IntoFuture::into_future(commit), &self.dir)?;
        self.delta.state = Some(done.snapshot());
        self.make_durable()?;
        self.commits += 1;
        if self.commits.is_multiple_of(COMMITS_A_SNAPSHOT) {
            self.delta = load(&self.dir)?;
        }
        Ok(())
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

    /// Brings the newest commit, and a checkpoint made with it, down to the disk.
    fn make_durable(&self) -> Result<()> {
        let version = format!("{:020}", self.delta.version().unwrap_or(0));
        let log = self.dir.join(LOG);
        for entry in fs::read_dir(&log).map_err(|e| Error::io(log.display(), e))?.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&version) || name == LAST_CHECKPOINT {
                let synced = File::open(entry.path()).and_then(|f| f.sync_all());
                synced.map_err(|e| Error::io(entry.path().display(), e))?;
            }
        }
        sync_folder(&log)
    }
}

/// Reads the log below a table's folder.
fn load(dir: &Path) -> Result<DeltaTable> {
    let url = deltalake_core::ensure_table_uri(dir.to_string_lossy()).map_err(fault(dir))?;
    let builder = DeltaTableBuilder::from_url(url).map_err(fault(dir))?;
    wait(builder.load(), dir)
}

/// Sets a last commit aside that cannot be read, as a power cut leaves it. Only the newest can be one: every
/// earlier one was on the disk before its successor was begun. Call it while no other crawl writes.
///
/// # Errors
/// When the log cannot be read or changed.
pub(super) fn repair(dataset: &Path, table: Table) -> Result<()> {
    let dir = dataset.join(table.name());
    if !dir.join(LOG).is_dir() {
        return Ok(());
    }
    drop_broken_checkpoint(&dir.join(LOG))?;
    let Some(newest) = newest_commit(&dir)? else { return Ok(()) };
    let text = fs::read(&newest).map_err(|e| Error::io(newest.display(), e))?;
    if is_whole(&text) {
        return Ok(());
    }
    tracing::warn!(commit = %newest.display(), "the last commit is unreadable, as after a power cut; it is set aside");
    let aside = newest.with_extension("unreadable");
    fs::rename(&newest, &aside).map_err(|e| Error::io(newest.display(), e))?;
    sync_folder(&dir.join(LOG))
}

/// Removes a newest checkpoint that cannot be read. It repeats what the commits say, and these are still there.
fn drop_broken_checkpoint(log: &Path) -> Result<()> {
    let hint = log.join(LAST_CHECKPOINT);
    let is_checkpoint = |path: &PathBuf| path.to_string_lossy().ends_with(".checkpoint.parquet");
    let entries = fs::read_dir(log).map_err(|e| Error::io(log.display(), e))?;
    let newest = entries.flatten().map(|e| e.path()).filter(is_checkpoint).max();
    let is_broken =
        |path: &PathBuf| File::open(path).is_ok_and(|file| ParquetRecordBatchReaderBuilder::try_new(file).is_err());
    let hint_is_readable = fs::read(&hint).map_or(true, |text| is_whole(&text));
    if let Some(broken) = newest.filter(is_broken) {
        tracing::warn!(checkpoint = %broken.display(), "the last checkpoint is unreadable, as after a power cut; it is removed");
        fs::remove_file(&broken).map_err(|e| Error::io(broken.display(), e))?;
    } else if hint_is_readable {
        return Ok(());
    }
    if hint.exists() {
        fs::remove_file(&hint).map_err(|e| Error::io(hint.display(), e))?;
    }
    sync_folder(log)
}

/// Whether every line of a commit is JSON, and there is one.
fn is_whole(text: &[u8]) -> bool {
    let mut lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok())
}

/// The newest commit file of a table's log.
fn newest_commit(dir: &Path) -> Result<Option<PathBuf>> {
    let log = dir.join(LOG);
    let entries = fs::read_dir(&log).map_err(|e| Error::io(log.display(), e))?;
    let is_commit = |path: &PathBuf| {
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        path.extension().is_some_and(|e| e == "json") && stem.len() == 20 && stem.bytes().all(|b| b.is_ascii_digit())
    };
    Ok(entries.flatten().map(|e| e.path()).filter(is_commit).max())
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

/// Runs what delta-rs does to its end. It is asynchronous for the sake of object stores; we wait.
fn wait<T>(work: impl Future<Output = Result<T, DeltaTableError>>, dir: &Path) -> Result<T> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let start = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match RUNTIME.get_or_init(start) {
        Ok(runtime) => runtime.block_on(work).map_err(fault(dir)),
        Err(error) => Err(refused(dir, error)),
    }
}

fn fault(dir: &Path) -> impl Fn(DeltaTableError) -> Error {
    let path = dir.display().to_string();
    move |error| ErrorKind::Dataset { path: path.clone(), reason: error.to_string() }.into()
}

/// Now, in milliseconds since 1970 (UTC): the log dates its actions.
fn millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_ends_in_the_middle_is_not_whole() {
        assert!(is_whole(b"{\"a\":1}\n{\"b\":2}\n"));
        assert!(!is_whole(b"{\"a\":1}\n{\"b\":"));
        assert!(!is_whole(b""));
        assert!(!is_whole(&[0; 64]));
    }
}
