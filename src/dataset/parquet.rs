//! The dataset as a folder of Parquet files: immutable parts, one manifest. A Delta table will take this place
//! behind the same [`Sink`].
//!
//! Memory: one open file a table, each with at most one row group of [`GROUP_BYTES`] being encoded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::bodies::Bodies;
use super::manifest::{MANIFEST, Manifest, PartFile, refused, replace_file, sync_folder};
use super::reference;
use super::region::{Chooser, Totals};
use super::rows::to_batches;
use super::schema::{Table, arrow_schema};
use super::views::VIEWS;
use super::{Commit, Load, Outcome, Sink};
use crate::error::{Error, Result};
use crate::forms::Forms;

/// A row group is closed when its encoded bytes pass this.
const GROUP_BYTES: usize = 16 << 20;
/// A part is closed when its written bytes pass this, so that its footer stays small.
const PART_BYTES: usize = 256 << 20;
/// Held open and locked while a load runs; the system lets go of it when the process ends, however it ends.
const LOCK: &str = ".juesuan.lock";

/// Writes a load as new parts beside the old ones, then flips the manifest and removes what it no longer names.
pub struct ParquetSink {
    dir: PathBuf,
    load: Load,
    forms: &'static Forms,
    chooser: Chooser,
    bodies: Bodies,
    /// What the load takes the place of.
    earlier: Option<Manifest>,
    open: BTreeMap<Table, Part>,
    manifest: Manifest,
    _lock: File,
}

/// A part that is being written.
struct Part {
    path: String,
    rows: u64,
    writer: ArrowWriter<File>,
}

impl ParquetSink {
    /// Opens a folder for a load, and makes it where it does not exist. The reference tables will be those of
    /// `forms`.
    ///
    /// # Errors
    /// When the folder holds something else than a dataset, another load is writing to it, or it cannot be
    /// written.
    pub fn open(dir: &Path, load: Load, forms: &'static Forms) -> Result<Self> {
        fs::create_dir_all(dir).map_err(|e| Error::io(dir.display(), e))?;
        refuse_strangers(dir)?;
        let lock = lock(dir)?;
        let earlier = dir.join(MANIFEST).exists().then(|| Manifest::read(dir)).transpose()?;
        let manifest = Manifest::new(&load);
        let (chooser, bodies, open) = (Chooser::default(), Bodies::default(), BTreeMap::new());
        Ok(Self { dir: dir.to_owned(), load, forms, chooser, bodies, earlier, open, manifest, _lock: lock })
    }

    fn append(&mut self, table: Table, batch: &RecordBatch) -> Result<()> {
        let fails = |e: ParquetError| refused(&self.dir, e);
        if !self.open.contains_key(&table) {
            let part = start_part(&self.dir, table, &self.load.id, self.closed(table))?;
            self.open.insert(table, part);
        }
        let Some(part) = self.open.get_mut(&table) else { return Ok(()) };
        part.rows += batch.num_rows() as u64;
        part.writer.write(batch).map_err(fails)?;
        if part.writer.in_progress_size() > GROUP_BYTES {
            part.writer.flush().map_err(fails)?;
        }
        if part.writer.bytes_written() > PART_BYTES {
            self.close(table)?;
        }
        Ok(())
    }

    fn closed(&self, table: Table) -> usize {
        self.manifest.tables.get(table.name()).map_or(0, Vec::len)
    }

    /// Finishes the open part of a table, to the disk itself.
    fn close(&mut self, table: Table) -> Result<()> {
        let Some(part) = self.open.remove(&table) else { return Ok(()) };
        let path = self.dir.join(&part.path);
        let file = part.writer.into_inner().map_err(|e| refused(&self.dir, e))?;
        file.sync_all().map_err(|e| Error::io(path.display(), e))?;
        let bytes = file.metadata().map_err(|e| Error::io(path.display(), e))?.len();
        let file = PartFile { path: part.path, rows: part.rows, bytes };
        self.manifest.tables.entry(table.name().to_owned()).or_default().push(file);
        Ok(())
    }

    fn summarise(&mut self) -> Result<()> {
        let mut totals = std::mem::take(&mut self.chooser).into_totals();
        for part in self.manifest.tables.get(Table::Facts.name()).into_iter().flatten() {
            for batch in open_part(&self.dir, part, Some(&Totals::COLUMNS))? {
                totals.add(&batch.map_err(|e| refused(&self.dir, e))?)?;
            }
        }
        if let Some(batch) = totals.into_batch(&self.load)? {
            self.append(Table::RegionSummary, &batch)?;
        }
        Ok(())
    }

    /// Writes what rests on all documents, and what rests on none.
    fn derive(&mut self) -> Result<()> {
        self.summarise()?;
        let derived = std::mem::take(&mut self.bodies).batches(&self.load)?;
        let reference = reference::batches(self.forms, &self.load)?;
        derived.iter().chain(&reference).try_for_each(|(table, batch)| self.append(*table, batch))
    }

    /// Gives every table a part, so that one without rows can be read too.
    fn complete(&mut self) -> Result<()> {
        for table in Table::ALL {
            if self.closed(table) == 0 && !self.open.contains_key(&table) {
                self.append(table, &RecordBatch::new_empty(arrow_schema(table)))?;
            }
            self.close(table)?;
            sync_folder(&self.dir.join(table.name()))?;
        }
        Ok(())
    }

    fn write_views(&self) -> Result<()> {
        let dir = self.dir.join("views");
        fs::create_dir_all(&dir).map_err(|e| Error::io(dir.display(), e))?;
        VIEWS.iter().try_for_each(|(name, sql)| replace_file(&dir.join(format!("{name}.sql")), sql.as_bytes()))
    }

    /// Removes the parts that the manifest does not name: older loads, and loads that were killed.
    fn sweep(&self) {
        for table in Table::ALL {
            let live = self.manifest.tables.get(table.name()).map_or(&[][..], Vec::as_slice);
            let is_live = |name: &str| live.iter().any(|f| f.path == format!("{}/{name}", table.name()));
            for entry in fs::read_dir(self.dir.join(table.name())).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with("part-") && name.ends_with(".parquet") && !is_live(&name) {
                    // What stays behind is invisible, and the next load tries again.
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }
}

impl Sink for ParquetSink {
    fn write(&mut self, outcomes: &[Outcome]) -> Result<()> {
        for outcome in outcomes {
            self.chooser.see(outcome);
            self.bodies.see(outcome);
        }
        to_batches(outcomes, &self.load)?.iter().try_for_each(|(table, batch)| self.append(*table, batch))
    }

    fn earlier_sources(&self) -> Result<BTreeSet<String>> {
        let parts = self.earlier.as_ref().and_then(|m| m.tables.get(Table::Reports.name()));
        let mut sources = BTreeSet::new();
        for part in parts.into_iter().flatten() {
            for batch in open_part(&self.dir, part, Some(&["source_uri"]))? {
                let batch = batch.map_err(|e| refused(&self.dir, e))?;
                let uris = batch.column_by_name("source_uri").and_then(|c| c.as_string_opt::<i32>());
                sources.extend(uris.into_iter().flat_map(|c| c.iter().flatten().map(str::to_owned)));
            }
        }
        Ok(sources)
    }

    fn commit(&mut self) -> Result<Commit> {
        self.close(Table::Facts)?;
        self.derive()?;
        self.complete()?;
        self.write_views()?;
        self.manifest.publish(&self.dir)?;
        self.sweep();
        let rows = |t: Table| self.manifest.tables.get(t.name()).into_iter().flatten().map(|f| f.rows).sum();
        let place = fs::canonicalize(&self.dir).unwrap_or_else(|_| self.dir.clone()).display().to_string();
        Ok(Commit { rows: Table::ALL.map(|t| (t, rows(t))).to_vec(), place })
    }
}

/// Keeps a crawl out of a folder that was meant for something else.
fn refuse_strangers(dir: &Path) -> Result<()> {
    if dir.join(MANIFEST).exists() || dir.join(LOCK).exists() {
        return Ok(());
    }
    let mut entries = fs::read_dir(dir).map_err(|e| Error::io(dir.display(), e))?;
    if entries.next().is_some() {
        return Err(refused(dir, "the folder is not empty and holds no dataset; choose a new or empty one"));
    }
    Ok(())
}

fn lock(dir: &Path) -> Result<File> {
    let path = dir.join(LOCK);
    let io = |e| Error::io(path.display(), e);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            Err(refused(dir, "another crawl is writing to it; wait for it to end, or choose another folder"))
        }
        Err(fs::TryLockError::Error(e)) => Err(io(e)),
    }
}

fn start_part(dir: &Path, table: Table, load: &str, number: usize) -> Result<Part> {
    let path = format!("{}/part-{load}-{number:04}.parquet", table.name());
    let full = dir.join(&path);
    fs::create_dir_all(dir.join(table.name())).map_err(|e| Error::io(full.display(), e))?;
    let file = File::create(&full).map_err(|e| Error::io(full.display(), e))?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let writer = ArrowWriter::try_new(file, arrow_schema(table), Some(properties)).map_err(|e| refused(dir, e))?;
    Ok(Part { path, rows: 0, writer })
}

fn open_part(dir: &Path, part: &PartFile, columns: Option<&[&str]>) -> Result<ParquetRecordBatchReader> {
    let path = dir.join(&part.path);
    let file = File::open(&path).map_err(|e| Error::io(path.display(), e))?;
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| refused(dir, e))?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    builder.build().map_err(|e| refused(dir, e))
}

/// Reads a whole table of a dataset into memory, in the order in which it was written.
///
/// # Errors
/// When the folder holds no dataset, or a part of it is missing or damaged.
pub fn read_table(dir: &Path, table: Table) -> Result<Vec<RecordBatch>> {
    let manifest = Manifest::read(dir)?;
    let mut batches = Vec::new();
    for part in manifest.tables.get(table.name()).into_iter().flatten() {
        for batch in open_part(dir, part, None)? {
            batches.push(batch.map_err(|e| refused(dir, e))?);
        }
    }
    Ok(batches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::MemorySink;
    use crate::dataset::sample;

    fn load(id: &str) -> Load {
        Load { id: id.into(), started_ms: 0, extractor: "juesuan/0".into() }
    }

    fn rows(batches: &[RecordBatch]) -> usize {
        batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[test]
    fn a_report_on_disk_is_the_report_in_memory() {
        let dir = tempfile::tempdir().expect("a folder");
        let outcomes = [sample::outcome("a.docx", "甲局", 2024), sample::outcome("b.docx", "乙局", 2024)];
        let mut disk = ParquetSink::open(dir.path(), load("l1"), Forms::builtin()).expect("opens");
        let mut memory = MemorySink::new(load("l1"), Forms::builtin());
        for sink in [&mut disk as &mut dyn Sink, &mut memory] {
            sink.write(&outcomes).expect("writes");
            sink.commit().expect("commits");
        }
        for table in Table::ALL {
            let on_disk = read_table(dir.path(), table).expect("reads");
            // A reader cuts its batches where it likes; rows are rows.
            let rows = |b: &RecordBatch| (0..b.num_rows()).map(|i| b.slice(i, 1)).collect::<Vec<_>>();
            let all = |b: &[RecordBatch]| b.iter().flat_map(rows).collect::<Vec<_>>();
            assert_eq!(all(&on_disk), all(memory.table(table)), "{}", table.name());
        }
    }

    #[test]
    fn a_load_without_commit_changes_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut first = ParquetSink::open(dir.path(), load("l1"), Forms::builtin()).expect("opens");
        first.write(&[sample::outcome("a.docx", "甲局", 2024)]).expect("writes");
        first.commit().expect("commits");
        drop(first);
        let mut second = ParquetSink::open(dir.path(), load("l2"), Forms::builtin()).expect("opens");
        second.write(&[sample::outcome("b.docx", "乙局", 2024)]).expect("writes");
        drop(second);
        assert_eq!(Manifest::read(dir.path()).expect("a manifest").load_id, "l1");
        assert_eq!(rows(&read_table(dir.path(), Table::Reports).expect("reads")), 1);
    }

    #[test]
    fn a_commit_removes_the_files_of_older_and_broken_loads() {
        let dir = tempfile::tempdir().expect("a folder");
        for id in ["l1", "l2", "l3"] {
            let mut sink = ParquetSink::open(dir.path(), load(id), Forms::builtin()).expect("opens");
            sink.write(&[sample::outcome("a.docx", "甲局", 2024)]).expect("writes");
            if id != "l2" {
                sink.commit().expect("commits");
            }
        }
        let files: Vec<_> = fs::read_dir(dir.path().join("facts")).expect("a folder").flatten().collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].file_name().to_string_lossy().contains("l3"));
    }

    #[test]
    fn two_loads_do_not_write_at_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let _first = ParquetSink::open(dir.path(), load("l1"), Forms::builtin()).expect("opens");
        let error = ParquetSink::open(dir.path(), load("l2"), Forms::builtin()).err().expect("locked").to_string();
        assert!(error.contains("another crawl"), "{error}");
    }

    #[test]
    fn a_folder_of_something_else_is_left_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("thesis.docx"), "mine").expect("written");
        let error = ParquetSink::open(dir.path(), load("l1"), Forms::builtin()).err().expect("refused").to_string();
        assert!(error.contains("holds no dataset"), "{error}");
    }
}
