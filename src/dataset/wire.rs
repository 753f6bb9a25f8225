//! What a document comes to, as bytes for a pipe between two processes of this program: a header in JSON, then a
//! record batch for each table as a message of the Arrow IPC format. Both sides know the columns, so no schema is sent.
//!
//! ```text
//! 4 bytes length, big-endian · header JSON, filled up with spaces to a whole number of 16 · messages
//! header   {"report":{…},"tally":{…},"joining":"…","batches":[["facts",metadata bytes,body bytes],…]}
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions, write_message};
use arrow_ipc::{Block, MetadataVersion};
use serde::{Deserialize, Serialize};

use super::report_rows::{ReportRows, Tally, without_content};
use super::schema::{Table, arrow_schema};
use crate::model::Report;

/// Decimals of 128 bits want their addresses to be whole multiples of this; so they need not be copied.
const ALIGNMENT: usize = 16;
/// Bytes of the header's length.
const LENGTH: usize = 4;

/// Why bytes are no document.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The header is no JSON of its kind.
    #[error("the header: {0}")]
    Header(#[from] serde_json::Error),
    /// A batch cannot be written, or is none.
    #[error("the rows: {0}")]
    Rows(#[from] arrow_schema::ArrowError),
    /// There are fewer bytes than the header says, or too many.
    #[error("the bytes end too soon or too late")]
    Length,
}

#[derive(Serialize, Deserialize)]
struct Header {
    report: Report,
    tally: Tally,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    joining: Option<String>,
    /// Name of the table, bytes of the message's metadata and of its body.
    batches: Vec<(String, u32, u64)>,
}

/// Writes a report and its rows; the report's content is left out, because the rows hold it.
///
/// # Errors
/// When a batch is over what the format holds.
pub fn to_wire(report: &Report, rows: ReportRows) -> Result<Vec<u8>, WireError> {
    let options = IpcWriteOptions::try_new(ALIGNMENT, false, MetadataVersion::V5)?;
    let (mut messages, mut batches) = (Vec::new(), Vec::new());
    let (mut tracker, mut context) = (DictionaryTracker::new(false), IpcWriteContext::default());
    for (table, batch) in &rows.batches {
        let (_, encoded) = IpcDataGenerator::default().encode(batch, &mut tracker, &options, &mut context)?;
        let (metadata, body) = write_message(&mut messages, encoded, &options)?;
        let metadata = u32::try_from(metadata).map_err(|_| WireError::Length)?;
        batches.push((table.name().to_owned(), metadata, body as u64));
    }
    let header = Header { report: without_content(report), tally: rows.tally, joining: rows.joining, batches };
    let mut bytes = vec![0; LENGTH];
    serde_json::to_writer(&mut bytes, &header)?;
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), b' ');
    let length = u32::try_from(bytes.len() - LENGTH).map_err(|_| WireError::Length)?.to_be_bytes();
    bytes.iter_mut().zip(length).for_each(|(byte, new)| *byte = new);
    bytes.extend_from_slice(&messages);
    Ok(bytes)
}

/// Reads what [`to_wire`] wrote. The rows stay where they are in `bytes`. They are checked: text is UTF-8, and every
/// offset lies within its buffer.
///
/// # Errors
/// When the bytes are something else.
pub fn from_wire(bytes: Vec<u8>) -> Result<(Report, ReportRows), WireError> {
    let length = bytes.first_chunk::<LENGTH>().map(|length| u32::from_be_bytes(*length) as usize);
    let start = length.and_then(|length| length.checked_add(LENGTH)).ok_or(WireError::Length)?;
    let header: Header = serde_json::from_slice(bytes.get(LENGTH..start).ok_or(WireError::Length)?)?;
    let buffer = arrow_buffer::Buffer::from_vec(bytes);
    let (mut at, mut batches) = (start, Vec::new());
    for (name, metadata, body) in &header.batches {
        let table = Table::ALL.into_iter().find(|table| table.name() == name).ok_or(WireError::Length)?;
        let whole = usize::try_from(*body).ok().and_then(|body| body.checked_add(*metadata as usize));
        let whole = whole.filter(|whole| at.checked_add(*whole).is_some_and(|end| end <= buffer.len()));
        let whole = whole.ok_or(WireError::Length)?;
        batches.push((table, decode(table, *metadata, &buffer.slice_with_length(at, whole))?));
        at += whole;
    }
    if at != buffer.len() {
        return Err(WireError::Length);
    }
    Ok((header.report, ReportRows { tally: header.tally, joining: header.joining, batches }))
}

/// One message. The decoder panics on some bytes that are none.
fn decode(table: Table, metadata: u32, message: &arrow_buffer::Buffer) -> Result<RecordBatch, WireError> {
    let metadata = i32::try_from(metadata).map_err(|_| WireError::Length)?;
    let body = message.len().checked_sub(metadata.unsigned_abs() as usize).ok_or(WireError::Length)?;
    let block = Block::new(0, metadata, i64::try_from(body).map_err(|_| WireError::Length)?);
    let read = || FileDecoder::new(arrow_schema(table), MetadataVersion::V5).read_record_batch(&block, message);
    let batch = catch_unwind(AssertUnwindSafe(read)).map_err(|_| WireError::Length)?;
    batch?.ok_or(WireError::Length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dataset::sample;
    use crate::forms::Forms;

    fn sent() -> (Report, ReportRows, Vec<u8>) {
        let report = sample::report("甲局", 2024);
        let rows = ReportRows::of(&report, "l1", Forms::builtin()).expect("rows");
        let bytes = to_wire(&report, rows.clone()).expect("writes");
        (report, rows, bytes)
    }

    #[test]
    fn what_is_sent_arrives_without_the_content_that_the_rows_hold() {
        let (report, rows, bytes) = sent();
        let (back, back_rows) = from_wire(bytes).expect("reads");
        assert_eq!(back_rows, rows);
        assert_eq!((back.id, back.identity, back.checks), (report.id, report.identity, report.checks));
        assert!(back.facts.is_empty() && back.tables.is_empty());
        assert_eq!(back_rows.tally.facts, 1);
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_refused_or_read_and_never_end_the_program(at in 0_usize..4_000, new in any::<u8>(), cut in any::<bool>()) {
            let (.., mut bytes) = sent();
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
                prop_assert!(from_wire(bytes).is_err());
            } else {
                bytes[at] = new;
                let _ = from_wire(bytes);
            }
        }
    }
}
