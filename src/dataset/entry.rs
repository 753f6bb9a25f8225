//! A row of the ledger read back: what `reports` says of one version of one document.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch, StringArray};

use super::partition::Partition;
use super::schema::Table;
use crate::error::{ErrorKind, Result};

/// What the ledger keeps of a document version, as far as a later run needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where the file lies.
    pub source_uri: String,
    /// Its report.
    pub report_id: String,
    /// The run that wrote it.
    pub load_id: String,
    /// Six digits; 000000 when unknown.
    pub region_code: String,
    /// Name of the region.
    pub region_name: Option<String>,
    /// Year of the report's figures.
    pub fiscal_year: Option<u16>,
    /// Who reports.
    pub entity: Option<String>,
    /// `department` or `unit`.
    pub entity_level: Option<String>,
    /// Kind of report.
    pub kind: Option<String>,
    /// Status of the ledger.
    pub status: String,
    /// What stopped it.
    pub error: Option<String>,
    /// SHA-256 of its bytes.
    pub sha256: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// When the file was last changed, in milliseconds since 1970 (UTC).
    pub modified_ms: Option<i64>,
    /// Name and version of the extractor.
    pub extractor: String,
    /// The source that was read instead of it.
    pub duplicate_of: Option<String>,
    /// When the run began that wrote the row, in milliseconds since 1970 (UTC).
    pub loaded_ms: i64,
    /// Figures that a region's sums may use.
    pub leaf_count: usize,
}

impl Entry {
    /// The columns of `reports` that [`Entry::read`] needs.
    pub(super) const COLUMNS: [&'static str; 18] = [
        "report_id",
        "load_id",
        "region_code",
        "fiscal_year",
        "source_uri",
        "sha256",
        "bytes",
        "modified_at",
        "extractor",
        "loaded_at",
        "status",
        "error",
        "duplicate_of",
        "kind",
        "entity",
        "entity_level",
        "region_name",
        "leaf_count",
    ];

    /// Reads the rows of a batch of `reports`.
    ///
    /// # Errors
    /// When a column is missing or has another type than the schema says.
    pub(super) fn read(batch: &RecordBatch) -> Result<Vec<Self>> {
        let columns = Columns(batch);
        (0..batch.num_rows()).map(|row| columns.entry(row)).collect()
    }

    /// Whether the row is the present one of its source: neither replaced nor vanished.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !matches!(self.status.as_str(), SUPERSEDED | VANISHED)
    }

    /// Whether the report's rows stand in the other tables.
    #[must_use]
    pub fn has_content(&self) -> bool {
        !matches!(self.status.as_str(), SUPERSEDED | SKIPPED)
    }

    /// Whether a document with the same bytes is a copy of this one.
    #[must_use]
    pub fn has_copies(&self) -> bool {
        let was_read = self.sha256.is_some() && !matches!(self.status.as_str(), "failed" | "quarantined");
        self.is_live() && self.has_content() && was_read
    }

    /// Whether its figures count in sums: read, and still there.
    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(self.status.as_str(), "extracted" | "partial")
    }

    pub(super) fn partition(&self) -> Partition {
        Partition { region: self.region_code.clone(), year: self.fiscal_year }
    }
}

/// The column of `reports` that holds what joining documents looks at, as JSON; thousands of bytes a row, so it is read where
/// documents are joined and nowhere else.
pub(super) const JOINING: &str = "joining";

/// A newer version of the document took its place.
pub(super) const SUPERSEDED: &str = "superseded";
/// The file is no longer there.
pub(super) const VANISHED: &str = "vanished";
/// Another source has the same bytes.
pub(super) const SKIPPED: &str = "skipped";

struct Columns<'a>(&'a RecordBatch);

impl Columns<'_> {
    fn entry(&self, row: usize) -> Result<Entry> {
        Ok(Entry {
            source_uri: self.must(row, "source_uri")?,
            report_id: self.must(row, "report_id")?,
            load_id: self.must(row, "load_id")?,
            region_code: self.must(row, "region_code")?,
            region_name: self.text(row, "region_name")?,
            fiscal_year: self.whole(row, "fiscal_year").and_then(|y| u16::try_from(y).ok()),
            entity: self.text(row, "entity")?,
            entity_level: self.text(row, "entity_level")?,
            kind: self.text(row, "kind")?,
            status: self.must(row, "status")?,
            error: self.text(row, "error")?,
            sha256: self.text(row, "sha256")?,
            bytes: self.whole(row, "bytes").and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
            modified_ms: self.whole(row, "modified_at").map(|us| us.div_euclid(1_000)),
            extractor: self.must(row, "extractor")?,
            duplicate_of: self.text(row, "duplicate_of")?,
            loaded_ms: self.whole(row, "loaded_at").map_or(0, |us| us.div_euclid(1_000)),
            leaf_count: self.whole(row, "leaf_count").and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
        })
    }

    fn text(&self, row: usize, name: &str) -> Result<Option<String>> {
        let column = text_column(self.0, name)?;
        Ok(column.is_valid(row).then(|| column.value(row).to_owned()))
    }

    fn must(&self, row: usize, name: &str) -> Result<String> {
        self.text(row, name).map(Option::unwrap_or_default)
    }

    /// A number of whichever integer type the column has; absent also where the column is.
    fn whole(&self, row: usize, name: &str) -> Option<i64> {
        let column = self.0.column_by_name(name).filter(|c| c.is_valid(row))?;
        let short = column.as_primitive_opt::<Int32Type>().map(|c| i64::from(c.value(row)));
        let long = column.as_primitive_opt::<Int64Type>().map(|c| c.value(row));
        let time = column.as_primitive_opt::<TimestampMicrosecondType>().map(|c| c.value(row));
        short.or(long).or(time)
    }
}

/// A column of text of a batch.
pub(super) fn text_column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringArray> {
    let column = batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
    column.ok_or_else(|| {
        let reason = format!("column {name} is missing or no text");
        ErrorKind::Dataset { path: Table::Reports.name().to_owned(), reason }.into()
    })
}
