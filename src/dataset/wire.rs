//! What a document comes to, as bytes for a pipe between two processes of this program: a header in JSON, then the
//! packed rows of each table. Rows are known to be whole by a checksum; reading every value of them here would cost more
//! than making them.
//!
//! ```text
//! 4 bytes length, big-endian · header JSON · rows · joining
//! header   {"extractor":"juesuan/…","report":{…},"tally":{…},"tables":[["facts",bytes],…],"joining":bytes,"crc32":…}
//! ```

use serde::{Deserialize, Serialize};

use super::packed::Packed;
use super::report_rows::{ReportRows, Tally, without_content};
use super::schema::Table;
use crate::model::Report;

/// Bytes of the header's length.
const LENGTH: usize = 4;

/// Why bytes are no document.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The header is no JSON of its kind.
    #[error("the header: {0}")]
    Header(#[from] serde_json::Error),
    /// Another version of this program wrote them, whose columns may be others.
    #[error("{0} wrote it, which is not the version that reads it: the program was replaced while it ran")]
    Version(String),
    /// There are fewer bytes than the header says, or more.
    #[error("the bytes end too soon or too late")]
    Length,
    /// What stands behind the header is not what was written.
    #[error("the rows were damaged on their way")]
    Damaged,
}

#[derive(Serialize, Deserialize)]
struct Header<'a> {
    extractor: &'a str,
    report: Report,
    tally: Tally,
    /// Name of the table, bytes of its rows.
    tables: Vec<(&'a str, usize)>,
    /// Bytes of what joining looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    joining: Option<usize>,
    /// Of all that stands behind the header.
    crc32: u32,
}

/// Writes a report and its rows; the report's content is left out, because the rows hold it.
///
/// # Errors
/// When the header is over 4 GiB.
pub fn to_wire(report: &Report, rows: &ReportRows, extractor: &str) -> Result<Vec<u8>, WireError> {
    let tables = rows.tables.iter().map(|(table, rows)| (table.name(), rows.bytes().len())).collect();
    let pieces = || rows.tables.iter().map(|(_, rows)| rows.bytes()).chain(rows.joining.as_deref().map(str::as_bytes));
    let mut crc32 = crc32fast::Hasher::new();
    pieces().for_each(|piece| crc32.update(piece));
    let (report, joining, crc32) = (without_content(report), rows.joining.as_ref().map(String::len), crc32.finalize());
    let mut bytes = vec![0; LENGTH];
    serde_json::to_writer(&mut bytes, &Header { extractor, report, tally: rows.tally, tables, joining, crc32 })?;
    let length = u32::try_from(bytes.len() - LENGTH).map_err(|_| WireError::Length)?.to_be_bytes();
    bytes.iter_mut().zip(length).for_each(|(byte, new)| *byte = new);
    bytes.reserve_exact(pieces().map(<[u8]>::len).sum());
    pieces().for_each(|piece| bytes.extend_from_slice(piece));
    Ok(bytes)
}

/// Reads what [`to_wire`] wrote.
///
/// # Errors
/// When the bytes are something else, or another version of the program wrote them.
pub fn from_wire(bytes: &[u8], extractor: &str) -> Result<(Report, ReportRows), WireError> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH>().ok_or(WireError::Length)?;
    let (header, mut rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(WireError::Length)?;
    let header: Header<'_> = serde_json::from_slice(header)?;
    if header.extractor != extractor {
        return Err(WireError::Version(header.extractor.to_owned()));
    }
    if crc32fast::hash(rest) != header.crc32 {
        return Err(WireError::Damaged);
    }
    let mut tables = Vec::with_capacity(header.tables.len());
    for (name, length) in &header.tables {
        let table = Table::ALL.into_iter().find(|table| table.name() == *name).ok_or(WireError::Length)?;
        let (rows, behind) = rest.split_at_checked(*length).ok_or(WireError::Length)?;
        tables.push((table, Packed::from_bytes(rows.to_vec())));
        rest = behind;
    }
    if rest.len() != header.joining.unwrap_or_default() {
        return Err(WireError::Length);
    }
    let joining =
        header.joining.map(|_| String::from_utf8(rest.to_vec()).map_err(|_| WireError::Damaged)).transpose()?;
    Ok((header.report, ReportRows { tally: header.tally, joining, tables }))
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
        let bytes = to_wire(&report, &rows, "juesuan/1").expect("writes");
        (report, rows, bytes)
    }

    #[test]
    fn what_is_sent_arrives_without_the_content_that_the_rows_hold() {
        let (report, rows, bytes) = sent();
        let (back, back_rows) = from_wire(&bytes, "juesuan/1").expect("reads");
        assert_eq!(back_rows, rows);
        assert_eq!((back.id, back.identity, back.checks), (report.id, report.identity, report.checks));
        assert!(back.facts.is_empty() && back.tables.is_empty());
        assert_eq!(back_rows.tally.facts, 1);
    }

    #[test]
    fn another_version_is_told_from_this_one() {
        let error = from_wire(&sent().2, "juesuan/2").expect_err("its columns may be others");
        assert!(matches!(&error, WireError::Version(found) if found == "juesuan/1"), "{error}");
    }

    proptest! {
        #[test]
        fn damaged_rows_are_refused_and_no_damage_ends_the_program(
            at in 0_usize..4_000, new in any::<u8>(), cut in any::<bool>(),
        ) {
            let (.., mut bytes) = sent();
            let header = u32::from_be_bytes(*bytes.first_chunk().expect("a length")) as usize;
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
                prop_assert!(from_wire(&bytes, "juesuan/1").is_err());
            } else {
                let is_damage = bytes[at] != new;
                bytes[at] = new;
                let read = from_wire(&bytes, "juesuan/1");
                prop_assert!(read.is_err() || !is_damage || at < LENGTH + header, "rows are known by their checksum");
            }
        }
    }
}
