//! The report: what leaves the program for one document, and the glossary of its words.
//!
//! Field names are those of `schemas/report.v1.schema.json`, which is generated from these types.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Format, Location, Table, Unit};

/// The name and version of the report's schema.
pub const SCHEMA: &str = "report/v1";

/// Everything that juesuan says about one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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

/// The file that a report was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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
    /// Pages of a PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Sheets of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheets: Option<u32>,
    /// Last change as the file says, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
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

    /// All of them, in the order of the summary.
    pub const ALL: [Self; 5] = [Self::Extracted, Self::Partial, Self::NeedsOcr, Self::Refused, Self::Failed];
}

/// What a report is: kind, body, place and year, as the document itself says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Report kind, such as `final_accounts.department`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Title as printed on the cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Full name of the body that reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Whether the figures are a department's with its units, or one unit's. The two are never added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_level: Option<EntityLevel>,
    /// Where the body belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The year that the figures are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year: Option<u16>,
    /// Date of publication, ISO 8601, as far as it is printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// How sure this is, 0 to 1.
    #[serde(default)]
    pub confidence: f32,
    /// Readings that disagree with the ones above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// Department (consolidated) or one budget unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityLevel {
    /// 部门
    Department,
    /// 单位
    Unit,
}

/// An administrative region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Full name, such as `上海市普陀区`.
    pub name: String,
    /// Six digits of GB/T 2260; absent for a zone without a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A reading of the identity that lost against another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Field of the identity.
    pub field: String,
    /// The value that was not taken.
    pub value: String,
    /// What said so, such as `file name`.
    pub source: String,
}

/// A part of the report under one heading.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Unique within the report, such as `s4`.
    pub id: String,
    /// `id` of the section that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Depth, from 1.
    pub level: u32,
    /// Number as printed or computed, such as `一、`; empty where there is none.
    pub label: String,
    /// Heading without its number.
    pub title: String,
    /// Names of the bookmarks, or titles of the outline entries, that address the heading.
    pub bookmarks: Vec<String>,
    /// Its own paragraphs joined by `\n`; subsections are not repeated.
    pub text: String,
    /// Where the heading stands.
    pub location: Location,
}

/// A named place of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bookmark {
    /// Its name.
    pub name: String,
    /// How it stands to a heading.
    pub kind: BookmarkKind,
    /// `id` of the section that it addresses or stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The text that it spans.
    pub text: String,
    /// Where it starts.
    pub location: Location,
}

/// How a bookmark stands to a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookmarkKind {
    /// It starts in its heading.
    Heading,
    /// It starts in an earlier paragraph than the heading that it means.
    Displaced,
    /// It stands in the text of a section.
    Inside,
    /// A word processor made it for itself (`_GoBack`, `_Hlk…`).
    System,
}

/// A chart, from the cached data that the file shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Unique within the report, such as `c2`.
    pub id: String,
    /// Title inside the chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Line of text that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Chart type of DrawingML, such as `bar` or `pie`.
    pub kind: String,
    /// `id` of the section that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Data series in order.
    pub series: Vec<ChartSeries>,
    /// Its part, and the paragraph or sheet that shows it.
    pub location: Location,
}

/// A data series of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChartSeries {
    /// Its name; empty where it has none.
    pub name: String,
    /// Points in index order; a category without a cached value is kept, without a value.
    pub points: Vec<ChartPoint>,
}

/// A point of a data series.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChartPoint {
    /// Category label.
    pub category: String,
    /// Cached value, through its shortest decimal spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

/// One printed figure: what it measures, what it is worth, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Unique within the report, such as `f12`.
    pub id: String,
    /// Metric of the dictionary, without bracket or suffix, such as `gpb.exp.func`.
    pub metric: String,
    /// What about the metric is said.
    pub measure: Measure,
    /// The year that it is of, such as `2019`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Stage of the budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Kind of budget that pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fund: Option<Fund>,
    /// Functional classification: 3, 5 or 7 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub func_code: Option<String>,
    /// Its name as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub func_name: Option<String>,
    /// Whether the code is printed or was resolved from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_source: Option<CodeSource>,
    /// Economic classification: 3 or 5 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub econ_code: Option<String>,
    /// Its name as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub econ_name: Option<String>,
    /// Project that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Body that it is of, where that is not the report's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Rank of its row in a table; rows of different rank are never added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_level: Option<RowLevel>,
    /// Exact value in the base unit: money in 元, a percentage as printed.
    pub value: Decimal,
    /// The base unit.
    pub unit: Unit,
    /// The literal as printed.
    pub printed: String,
    /// The unit that it is printed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_unit: Option<Unit>,
    /// Digits after the decimal point as printed; tolerance comes from these.
    pub decimals: u32,
    /// Where in the report it stands.
    pub basis: Basis,
    /// Whether it is the one to take among several printings of the same figure.
    pub preferred: bool,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
    /// Its place, down to the literal.
    pub location: Location,
}

/// What a fact says about its metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The thing itself.
    Amount,
    /// Its part of the whole, in percent.
    Share,
    /// Change from the year before, with its sign.
    YoyAbs,
    /// Change from the year before in percent, with its sign.
    YoyPct,
    /// Outturn in percent of the budget.
    Completion,
    /// A number of persons, vehicles, batches, projects.
    Count,
    /// A mark.
    Score,
}

/// Stage of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 决算
    Final,
    /// 年初预算
    InitialBudget,
    /// 调整预算, 全年预算
    AdjustedBudget,
    /// 预算执行
    Execution,
}

/// Kind of budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fund {
    /// 一般公共预算
    Gpb,
    /// 政府性基金预算
    Gf,
    /// 国有资本经营预算
    Soc,
    /// 财政拨款, the three above together
    Fiscal,
    /// Everything but 财政拨款
    Nonfiscal,
    /// All of it
    All,
}

/// Where a code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSource {
    /// It is printed beside the figure.
    Printed,
    /// It was resolved from the name.
    Inferred,
}

/// Rank of a row in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowLevel {
    /// 合计
    Total,
    /// 类
    Class,
    /// 款
    Section,
    /// 项
    Item,
}

/// Where in a report a figure stands, in order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A statement.
    Table,
    /// The text of the report.
    Narrative,
    /// An evaluation annex.
    Annex,
    /// A performance form.
    Form,
    /// A chart's cached data.
    Chart,
}

/// A row of a performance form.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub struct CheckCounts {
    /// Both sides agree.
    pub satisfied: u32,
    /// They do not.
    pub violated: u32,
    /// A side is missing.
    pub not_checked: u32,
}

/// What a check has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Id of the check, such as `IT-01`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// Wrong, or not to be told.
    pub status: FindingStatus,
    /// What is wrong, with the figures as printed.
    pub message: String,
    /// Left side: a decimal in the base unit, or words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lhs: Option<String>,
    /// Right side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rhs: Option<String>,
    /// Left minus right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<Decimal>,
    /// How far they may differ by rounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Decimal>,
    /// `id`s of the facts it rests on.
    pub facts: Vec<String>,
    /// Where to look.
    pub locations: Vec<Location>,
    /// What may be meant, or what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// How much a finding matters, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Rounding, naming.
    Info,
    /// Wording, scope, a likely mistake.
    Warn,
    /// A published number or code is wrong.
    Error,
    /// A total is wrong or absent.
    Critical,
}

impl Severity {
    /// The word that the JSON uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// How a check that has something to say came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// The sides disagree.
    Violated,
    /// A side is missing, so that silence is no pass.
    NotChecked,
}

/// Loss or doubt on our side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Which.
    pub kind: NoteKind,
    /// What happened, for a person.
    pub message: String,
    /// Where.
    pub location: Location,
}

impl Note {
    /// Makes a note.
    #[must_use]
    pub fn new(kind: NoteKind, message: impl Into<String>, location: Location) -> Self {
        Self { kind, message: message.into(), location }
    }
}

/// What a note is about. `structure` and the readers lose nothing without one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Why a document was refused or failed.
    Error,
    /// A part, page or sheet could not be read.
    SkippedPart,
    /// The content is of another format than the name says.
    WrongExtension,
    /// Text that a person does not see, because it is clipped or off the page.
    ClippedText,
    /// A page that is an image.
    ImagePage,
    /// Characters that the font or encoding does not tell.
    UnknownEncoding,
    /// A table that no form fits.
    UnplacedTable,
    /// A sentence with a figure that no pattern fits.
    UnparsedSentence,
    /// A table or cell that was mended on the way, such as a merge without a start.
    RepairedTable,
    /// Tracked changes were read as accepted.
    TrackedChange,
    /// Something is kept out of the content on purpose, such as comments.
    LeftOut,
    /// A hidden sheet or row was read.
    Hidden,
    /// A formula without a cached value.
    MissingValue,
    /// The file breaks its format's rules but could be read.
    Repaired,
    /// A part of the identity is unknown or doubtful.
    Identity,
}

impl NoteKind {
    /// Whether content is lost, so that the document is only partly read.
    #[must_use]
    pub fn is_loss(self) -> bool {
        matches!(self, Self::SkippedPart | Self::ImagePage | Self::UnknownEncoding | Self::MissingValue)
    }
}
