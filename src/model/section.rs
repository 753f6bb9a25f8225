//! Parts of a report that are addressed by name: sections, bookmarks, charts.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Location;

/// A part of the report under one heading.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
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
pub struct ChartSeries {
    /// Its name; empty where it has none.
    pub name: String,
    /// Points in index order; a category without a cached value is kept, without a value.
    pub points: Vec<ChartPoint>,
}

/// A point of a data series.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChartPoint {
    /// Category label.
    pub category: String,
    /// Cached value, through its shortest decimal spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}
