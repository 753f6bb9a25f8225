//! The data files of a table: Parquet, written once, made durable, never changed. A file of a partitioned table
//! leaves out the columns that its folder says; who reads it here gets them back.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_array::{RecordBatch, new_null_array};
use arrow_schema::{FieldRef, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::partition::{COLUMNS, Partition};
use super::schema::{Table, arrow_schema};
use crate::error::{Error, ErrorKind, Result};

/// A row group is closed when its encoded bytes pass this.
const GROUP_BYTES: usize = 16 << 20;

/// A data file that a table's log names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Path below the table's folder, with `/`.
    pub(super) path: String,
    pub(super) partition: Partition,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

/// Writes rows of one partition as a new file, down to the disk. `name` is unique within the table. Memory: the
/// batch at hand and one row group.
pub(super) fn write_part(
    dir: &Path,
    table: Table,
    at: &Partition,
    name: &str,
    rows: impl IntoIterator<Item = Result<RecordBatch>>,
) -> Result<Part> {
    let path = format!("{}{name}.parquet", at.folder(table));
    let full = dir.join(&path);
    let folder = full.parent().unwrap_or(dir);
    fs::create_dir_all(folder).map_err(|e| Error::io(folder.display(), e))?;
    let io = |e| Error::io(full.display(), e);
    let file = File::create(&full).map_err(io)?;
    let (file, rows) = encode(file, &full, table, rows)?;
    file.sync_all().map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    sync_folder(folder)?;
    Ok(Part { path, partition: at.clone(), rows, bytes })
}

fn encode(
    file: File,
    place: &Path,
    table: Table,
    rows: impl IntoIterator<Item = Result<RecordBatch>>,
) -> Result<(File, u64)> {
    let fails = |e: ParquetError| refused(place, e);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let properties = properties.set_max_row_group_bytes(Some(GROUP_BYTES)).build();
    let mut writer = ArrowWriter::try_new(file, stored_schema(table), Some(properties)).map_err(fails)?;
    let mut count = 0;
    for batch in rows {
        let batch = batch?;
        count += batch.num_rows() as u64;
        writer.write(&stored(table, &batch).map_err(|e| refused(place, e))?).map_err(fails)?;
    }
    writer.into_inner().map(|file| (file, count)).map_err(fails)
}

/// The columns that a file holds.
fn stored_schema(table: Table) -> SchemaRef {
    let schema = arrow_schema(table);
    if !table.is_partitioned() {
        return schema;
    }
    let kept = schema.fields().iter().filter(|f| !COLUMNS.contains(&f.name().as_str())).cloned();
    std::sync::Arc::new(Schema::new(kept.collect::<Vec<_>>()))
}

fn stored(table: Table, batch: &RecordBatch) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let schema = stored_schema(table);
    let columns = schema.fields().iter().filter_map(|f| batch.column_by_name(f.name()).cloned()).collect();
    RecordBatch::try_new(schema, columns)
}

/// The rows of a file with all columns of its table, or with those named, in the table's order.
#[derive(Debug)]
pub(super) struct PartReader {
    inner: ParquetRecordBatchReader,
    schema: SchemaRef,
    partition: Partition,
    place: PathBuf,
}

impl PartReader {
    /// Opens a file of the table in `dir`.
    pub(super) fn open(dir: &Path, table: Table, part: &Part, columns: Option<&[&str]>) -> Result<Self> {
        let place = dir.join(&part.path);
        let file = File::open(&place).map_err(|e| Error::io(place.display(), e))?;
        let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| refused(&place, e))?;
        if let Some(columns) = columns {
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            builder = builder.with_projection(mask);
        }
        let inner = builder.build().map_err(|e| refused(&place, e))?;
        let is_asked = |name: &str| columns.is_none_or(|columns| columns.contains(&name));
        let fields = arrow_schema(table).fields().iter().filter(|f| is_asked(f.name())).cloned().collect::<Vec<_>>();
        let schema = std::sync::Arc::new(Schema::new(fields));
        Ok(Self { inner, schema, partition: part.partition.clone(), place })
    }

    fn complete(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = batch.num_rows();
        let stored = |name: &str| batch.column_by_name(name).cloned().or_else(|| self.partition.column(name, rows));
        // An earlier version wrote the file, and knew fewer columns.
        let column = |field: &FieldRef| stored(field.name()).unwrap_or_else(|| new_null_array(field.data_type(), rows));
        let columns = self.schema.fields().iter().map(column).collect();
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| refused(&self.place, e))
    }
}

impl Iterator for PartReader {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.inner.next()?;
        Some(batch.map_err(|e| refused(&self.place, e)).and_then(|batch| self.complete(&batch)))
    }
}

/// Writes a file beside its place, then moves it there: bytes first, name second, folder last on the disk.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temp = path.with_extension("tmp");
    let io = |e| Error::io(path.display(), e);
    let mut file = File::create(&temp).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    file.sync_all().map_err(io)?;
    fs::rename(&temp, path).map_err(io)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable. Windows knows no such thing, and needs none.
pub(super) fn sync_folder(dir: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(dir).and_then(|f| f.sync_all()).map_err(|e| Error::io(dir.display(), e))?;
    }
    Ok(())
}

/// Makes an error about a dataset or a part of it.
pub(super) fn refused(place: &Path, reason: impl std::fmt::Display) -> Error {
    ErrorKind::Dataset { path: place.display().to_string(), reason: reason.to_string() }.into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Array, ArrayRef, StringArray};

    use super::*;

    #[test]
    fn a_file_of_an_earlier_version_has_nothing_in_the_columns_that_it_lacks() {
        let dir = tempfile::tempdir().expect("a folder");
        let codes: ArrayRef = Arc::new(StringArray::from(vec!["201", "205"]));
        let narrow = RecordBatch::try_from_iter([("func_code", codes)]).expect("a batch");
        let file = File::create(dir.path().join("old.parquet")).expect("made");
        let mut writer = ArrowWriter::try_new(file, narrow.schema(), None).expect("a writer");
        writer.write(&narrow).expect("written");
        writer.close().expect("closed");
        let part = Part { path: "old.parquet".into(), partition: Partition::default(), rows: 2, bytes: 1 };
        let asked = ["func_code", "parent_code"];
        let mut rows = PartReader::open(dir.path(), Table::FuncCodes, &part, Some(&asked)).expect("opens");
        let batch = rows.next().expect("rows").expect("reads");
        assert_eq!(batch.schema().fields().iter().map(|f| f.name().as_str()).collect::<Vec<_>>(), asked);
        assert_eq!((batch.num_rows(), batch.column(1).null_count()), (2, 2));
    }
}
