//! The data files of a table: Parquet, written once, made durable, never changed. A file of a partitioned table
//! leaves out the columns that its folder says; who reads it here gets them back.

mod pieces;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use arrow_array::{RecordBatch, new_null_array};
use arrow_schema::{FieldRef, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::ChunkReader;

use super::batches::Target;
use super::hands::{Hands, each};
use super::packed::Packed;
use super::partition::{COLUMNS, Partition};
use super::place::{At, Object, Place, sync_folder};
use super::schema::{Table, arrow_schema};
use crate::error::{Error, ErrorKind, Result};

/// A row group is closed when its encoded bytes pass this.
const GROUP_BYTES: usize = 16 << 20;
/// A file of a bucket up to this size is fetched in one request, whatever is asked of it.
const WHOLE_BYTES: u64 = 256 << 10;

/// A data file that a table's log names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Path below the table's folder, with `/`.
    pub(super) path: String,
    pub(super) partition: Partition,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

/// Writes rows of one partition as a new file, down to the disk or into the store. `name` is unique within the table; `dir`
/// is the table's folder. Any number of threads may write parts side by side. Memory: the batch at hand and one row group;
/// for a bucket the whole file as it is encoded, because a store takes it in one piece.
pub(super) fn write_part(
    dir: &Place,
    table: Table,
    at: &Partition,
    name: &str,
    rows: impl IntoIterator<Item = Result<RecordBatch>>,
) -> Result<Part> {
    let path = format!("{}{name}.parquet", at.folder(table));
    let place = dir.join(&path);
    let (rows, bytes) = match place.at()? {
        At::Folder(full) => write_file(full, &place, table, rows)?,
        At::Bucket(object) => {
            let (encoded, rows) = encode(Vec::new(), &place, table, rows)?;
            let bytes = encoded.len() as u64;
            object.write(encoded)?;
            (rows, bytes)
        }
    };
    Ok(Part { path, partition: at.clone(), rows, bytes })
}

/// Gives the rows and the bytes that it wrote.
fn write_file(
    full: &Path,
    place: &Place,
    table: Table,
    rows: impl IntoIterator<Item = Result<RecordBatch>>,
) -> Result<(u64, u64)> {
    let folder = full.parent().unwrap_or(full);
    fs::create_dir_all(folder).map_err(|e| Error::io(folder.display(), e))?;
    let io = |e| Error::io(full.display(), e);
    let file = File::create(full).map_err(io)?;
    let (file, rows) = encode(file, place, table, rows)?;
    file.sync_all().map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    sync_folder(folder)?;
    Ok((rows, bytes))
}

/// Writes a file of each target's rows, side by side; all have the same `name`, in folders of their own.
pub(super) fn write_parts(
    dataset: &Place,
    rows: BTreeMap<Target, Packed>,
    name: String,
    hands: &dyn Hands,
) -> Result<Vec<(Table, Part)>> {
    let dataset = dataset.clone();
    each(hands, rows.into_iter().collect(), move |((table, at), rows): (Target, Packed)| {
        Ok((table, write_part(&dataset.join(table.name()), table, &at, &name, rows.batches(table))?))
    })
}

fn encode<W: Write + Send>(
    to: W,
    place: &Place,
    table: Table,
    rows: impl IntoIterator<Item = Result<RecordBatch>>,
) -> Result<(W, u64)> {
    let fails = |e: ParquetError| refused(place, e);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let properties = properties.set_max_row_group_bytes(Some(GROUP_BYTES)).build();
    let mut writer = ArrowWriter::try_new(to, stored_schema(table), Some(properties)).map_err(fails)?;
    let mut count = 0;
    for batch in rows {
        let batch = batch?;
        count += batch.num_rows() as u64;
        writer.write(&stored(table, &batch).map_err(|e| refused(place, e))?).map_err(fails)?;
    }
    writer.into_inner().map(|to| (to, count)).map_err(fails)
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
    place: Place,
}

impl PartReader {
    /// Opens a file of the table in `dir`.
    pub(super) fn open(dir: &Place, table: Table, part: &Part, columns: Option<&[&str]>) -> Result<Self> {
        let place = dir.join(&part.path);
        let opened = match place.at()? {
            At::Folder(path) => decode(File::open(path).map_err(|e| Error::io(path.display(), e))?, columns),
            At::Bucket(object) => fetch(&object, part, columns)?,
        };
        let inner = opened.map_err(|e| refused(&place, e))?;
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

/// Opens a file of a bucket: of a large one what holds the columns is fetched, of another one the whole.
fn fetch(
    object: &Object,
    part: &Part,
    columns: Option<&[&str]>,
) -> Result<Result<ParquetRecordBatchReader, ParquetError>> {
    if let Some(columns) = columns.filter(|_| part.bytes > WHOLE_BYTES)
        && let Some(opened) = pieces::open(part.bytes, columns, |ranges| object.ranges(ranges))?
    {
        return Ok(opened);
    }
    let absent = || refused(object.address(), "the log names this file, and it is not there");
    Ok(decode(object.read()?.ok_or_else(absent)?, columns))
}

/// Opens a file to read some columns, or all.
fn decode(
    file: impl ChunkReader + 'static,
    columns: Option<&[&str]>,
) -> Result<ParquetRecordBatchReader, ParquetError> {
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    builder.build()
}

impl Iterator for PartReader {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.inner.next()?;
        Some(batch.map_err(|e| refused(&self.place, e)).and_then(|batch| self.complete(&batch)))
    }
}

/// Makes an error about a dataset or a part of it.
pub(super) fn refused(place: impl std::fmt::Display, reason: impl std::fmt::Display) -> Error {
    ErrorKind::Dataset { path: place.to_string(), reason: reason.to_string() }.into()
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
        let mut rows = PartReader::open(&dir.path().into(), Table::FuncCodes, &part, Some(&asked)).expect("opens");
        let batch = rows.next().expect("rows").expect("reads");
        assert_eq!(batch.schema().fields().iter().map(|f| f.name().as_str()).collect::<Vec<_>>(), asked);
        assert_eq!((batch.num_rows(), batch.column(1).null_count()), (2, 2));
    }
}
