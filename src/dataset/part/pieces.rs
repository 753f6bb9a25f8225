//! Some columns of a large Parquet file that lies far away: its end, which says where everything is, and then the pieces that
//! hold these columns, and no other byte.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use bytes::buf::{Buf, Reader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::error::Result;

/// Bytes of the end that are fetched at first; the metadata of a file of ours takes a few thousand.
const END: u64 = 64 << 10;

/// Opens a file of `length` bytes to read some columns. `fetch` gives the bytes of ranges, in their order. `Ok(None)` says that
/// its metadata is larger than what is fetched of its end: then it has to be fetched as a whole.
///
/// # Errors
/// As `fetch`; within, when the file is damaged.
pub(super) fn open(
    length: u64,
    columns: &[&str],
    fetch: impl Fn(&[Range<u64>]) -> Result<Vec<Bytes>>,
) -> Result<Option<Result<ParquetRecordBatchReader, ParquetError>>> {
    let end = length.saturating_sub(END)..length;
    let mut pieces = Pieces { length, held: BTreeMap::new() };
    pieces.put(std::slice::from_ref(&end), fetch(std::slice::from_ref(&end))?);
    let pieces_of_end = Arc::new(pieces);
    let Ok(metadata) = ArrowReaderMetadata::load(&Held(Arc::clone(&pieces_of_end)), ArrowReaderOptions::new()) else {
        return Ok(None);
    };
    let mask = ProjectionMask::columns(metadata.parquet_schema(), columns.iter().copied());
    let ranges = ranges_of(&metadata, &mask);
    let mut pieces = Pieces { length, held: pieces_of_end.held.clone() };
    pieces.put(&ranges, fetch(&ranges)?);
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(Held(Arc::new(pieces)), metadata);
    Ok(Some(builder.with_projection(mask).build()))
}

/// Where the columns of a mask lie.
fn ranges_of(metadata: &ArrowReaderMetadata, mask: &ProjectionMask) -> Vec<Range<u64>> {
    let groups = metadata.metadata().row_groups().iter();
    let columns = groups.flat_map(|group| group.columns().iter().enumerate());
    let asked = columns.filter(|(leaf, _)| mask.leaf_included(*leaf)).map(|(_, column)| column.byte_range());
    asked.map(|(start, length)| start..start.saturating_add(length)).collect()
}

/// Pieces of a file, by where they begin.
#[derive(Debug)]
struct Pieces {
    length: u64,
    held: BTreeMap<u64, Bytes>,
}

impl Pieces {
    fn put(&mut self, ranges: &[Range<u64>], bytes: Vec<Bytes>) {
        self.held.extend(ranges.iter().map(|range| range.start).zip(bytes));
    }

    /// The bytes from a position to the end of its piece.
    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let before = self.held.range(..=start).rev();
        let holding = before.filter_map(|(at, piece)| {
            let skipped = usize::try_from(start - at).ok()?;
            (skipped < piece.len()).then(|| piece.slice(skipped..))
        });
        holding.max_by_key(Bytes::len).ok_or_else(|| ParquetError::EOF(format!("byte {start} was not fetched")))
    }
}

/// Pieces as Parquet's readers take them.
#[derive(Debug, Clone)]
struct Held(Arc<Pieces>);

impl Length for Held {
    fn len(&self) -> u64 {
        self.0.length
    }
}

impl ChunkReader for Held {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.0.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let piece = self.0.from(start)?;
        let is_whole = piece.len() >= length;
        is_whole
            .then(|| piece.slice(..length))
            .ok_or_else(|| ParquetError::EOF(format!("byte {start} was not fetched")))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;

    use super::*;

    #[test]
    fn a_column_is_read_without_the_bytes_of_the_others() {
        let wide: Vec<String> =
            (0..40_000_u64).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        let narrow: Vec<String> = (0..40_000).map(|n| format!("r{}", n / 9_000)).collect();
        let columns = [("wide", wide), ("narrow", narrow.clone())];
        let columns = columns.map(|(name, texts)| (name, Arc::new(StringArray::from(texts)) as ArrayRef));
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).expect("a writer");
        for at in [0, 20_000] {
            writer.write(&batch.slice(at, 20_000)).expect("written");
            writer.flush().expect("a row group");
        }
        let file = Bytes::from(writer.into_inner().expect("whole"));
        let fetched = Cell::new(0);
        let fetch = |ranges: &[Range<u64>]| {
            fetched.set(fetched.get() + ranges.iter().map(|range| range.end - range.start).sum::<u64>());
            let piece = |range: &Range<u64>| {
                file.slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap())
            };
            Ok(ranges.iter().map(piece).collect())
        };
        let reader =
            open(file.len() as u64, &["narrow"], fetch).expect("fetched").expect("small metadata").expect("opens");
        let mut read = Vec::new();
        for batch in reader {
            let batch = batch.expect("reads");
            assert_eq!(batch.num_columns(), 1);
            let column = batch.column(0).as_any().downcast_ref::<StringArray>().expect("text").clone();
            read.extend((0..column.len()).map(|row| column.value(row).to_owned()));
        }
        assert_eq!(read, narrow);
        assert!(fetched.get() < file.len() as u64 / 4, "{} of {} bytes", fetched.get(), file.len());
    }
}
