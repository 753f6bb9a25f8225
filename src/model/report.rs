//! The report: what leaves the program for one document.
//!
//! Field names are those of `schemas/report.v1.schema.json`, which is generated from these types. Unknown fields are
//! ignored when a report is read back, so that a newer one can still be shown and checked.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bookmark, Chart, Fact, Finding, Format, Identity, Location, Note, NoteKind, Section, Table};

/// The name and version of the report's schema.
pub const SCHEMA: &str = "report/v1";

/// Everything that juesuan says about one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// `report/v1`.
    pub schema: String,
    /// Stable for one content and one version of the extractor.
    pub id: String,
    /// The file.
    pub source: Source,
    /// How far reading came.
    pub status: Status,
    /// What the report is, and whose.
    pub identity: Identity,
    /// Sections in document order, parents before children.
    pub sections: Vec<Section>,
    /// Every bookmark, also those inside cells and mid-paragraph.
    pub bookmarks: Vec<Bookmark>,
    /// Logical tables in reading order.
    pub tables: Vec<Table>,
    /// Charts in document order.
    pub charts: Vec<Chart>,
    /// Every figure that was named, one a printed occurrence.
    pub facts: Vec<Fact>,
    /// Performance indicators.
    pub indicators: Vec<Indicator>,
    /// How many checks came out which way.
    pub checks: CheckCounts,
    /// What the report says wrongly; never what we failed to read.
    pub findings: Vec<Finding>,
    /// What was lost or is doubtful on our side.
    pub notes: Vec<Note>,
}

impl Report {
    /// A report of which its head alone is known, and no content.
    #[must_use]
    pub fn bare(id: String, source: Source, status: Status, identity: Identity) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            id,
            source,
            status,
            identity,
            sections: Vec::new(),
            bookmarks: Vec::new(),
            tables: Vec::new(),
            charts: Vec::new(),
            facts: Vec::new(),
            indicators: Vec::new(),
            checks: CheckCounts::default(),
            findings: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Its head, and no content.
    #[must_use]
    pub fn head(&self) -> Self {
        let head = Self::bare(self.id.clone(), self.source.clone(), self.status, self.identity.clone());
        Self { schema: self.schema.clone(), checks: self.checks, ..head }
    }

    /// The notes that say why the document was not, or not wholly, read, in the order of the report.
    pub fn explanations(&self) -> impl Iterator<Item = &Note> {
        let is_whole = self.status == Status::Extracted;
        self.notes.iter().filter(move |n| !is_whole && (n.kind == NoteKind::Error || n.kind.is_loss()))
    }
}

/// The file that a report was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Path or URI as it was given.
    pub path: String,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Format, told by content.
    pub format: Format,
    /// Program that made the file, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer: Option<String>,
    /// Pages of a PDF, or those that the producer of a DOCX counted when it saved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Sheets of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheets: Option<u32>,
    /// Last change as the file says, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

impl Source {
    /// The hash of its bytes, where these could be read.
    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        Some(self.sha256.as_str()).filter(|hash| !hash.is_empty())
    }
}

/// How far reading came; the notes say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of it was read.
    Extracted,
    /// Some of it was read; the rest is in the notes.
    Partial,
    /// Its pages are images.
    NeedsOcr,
    /// It is no document that we read, or may not be read: encrypted, another format, over a limit.
    Refused,
    /// It could not be read: damaged, or reading it broke down.
    Failed,
}

impl Status {
    /// The word that the JSON uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Extracted => "extracted",
            Self::Partial => "partial",
            Self::NeedsOcr => "needs_ocr",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing, or nothing but images, could be read, so that a run must not end as if all were well.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::NeedsOcr | Self::Refused | Self::Failed)
    }

    /// All of them, in the order of the summary.
    pub const ALL: [Self; 5] = [Self::Extracted, Self::Partial, Self::NeedsOcr, Self::Refused, Self::Failed];
}

/// A row of a performance form.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Indicator {
    /// Project, or the body for a department's own form.
    pub project: String,
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 三级指标
    pub level3: String,
    /// Target as printed.
    pub target: String,
    /// Outcome as printed.
    pub actual: String,
    /// 分值
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Decimal>,
    /// 得分
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Decimal>,
    /// Its row.
    pub location: Location,
}

/// How many checks came out which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct CheckCounts {
    /// Both sides agree.
    pub satisfied: u32,
    /// They do not.
    pub violated: u32,
    /// A side is missing.
    pub not_checked: u32,
}
