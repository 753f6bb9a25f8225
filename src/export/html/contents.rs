//! What the documents of a page say: tables with their cells, figures, findings, charts and the sentences that
//! figures stand in, a list for each document. Everything is read in one pass a table of the dataset.

use std::collections::BTreeMap;

use serde::Serialize;

use super::blackening::Blackener;
use super::ledger::Ledger;
use super::rows::{PLACE, Place, Rows, Source};
use super::sentences::{Passages, Sentences};
use crate::dataset::Table;
use crate::error::Result;
use crate::model::Location;

/// What one document says.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    pub(super) tables: Vec<Grid>,
    pub(super) facts: Vec<Figure>,
    pub(super) findings: Vec<Finding>,
    pub(super) charts: Vec<Chart>,
    pub(super) sentences: Vec<String>,
    /// Remarks on reading: kind, message, place.
    pub(super) notes: Vec<(String, String, Place)>,
}

/// A table of a document.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Grid {
    #[serde(rename = "i")]
    pub(super) id: String,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    form: Option<String>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub(super) captions: Option<String>,
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub(super) footnotes: Option<String>,
    #[serde(rename = "r")]
    pub(super) rows: u32,
    #[serde(rename = "k")]
    pub(super) cols: u32,
    #[serde(rename = "h")]
    header_rows: u32,
    /// Where each piece of it stands, such as a page.
    #[serde(rename = "l")]
    places: Vec<Place>,
    #[serde(rename = "x")]
    pub(super) cells: Vec<Token>,
    /// Whether the cells are left out to keep the page small.
    #[serde(rename = "o", skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_left_out: bool,
    #[serde(skip)]
    unordered: Vec<Cell>,
}

/// A cell: row, column, rows and columns that it covers, text.
pub(super) type Cell = (u32, u32, u32, u32, String);

/// The cells of a grid, row after row: a text for a cell, before it the positions that are passed over and, where it
/// covers more than one, its rows and columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Token {
    Skip(u64),
    Spans([u32; 2]),
    Text(String),
    /// Minus one and the number of a text that many bodies print.
    Shared(i64),
}

/// A printed figure.
#[derive(Debug, Clone, Default)]
pub(super) struct Figure {
    pub(super) id: String,
    pub(super) metric: String,
    pub(super) measure: String,
    pub(super) period: Option<String>,
    pub(super) phase: Option<String>,
    pub(super) fund: Option<String>,
    pub(super) func_code: Option<String>,
    pub(super) econ_code: Option<String>,
    /// Names as printed: of the code, the project, another body.
    pub(super) label: Option<String>,
    /// Exact decimal in the base unit; absent where the dataset does not hold it.
    pub(super) value: Option<String>,
    pub(super) unit: String,
    pub(super) printed: String,
    pub(super) printed_unit: Option<String>,
    pub(super) basis: String,
    /// Whether another printing of the same figure is the one to take.
    pub(super) is_other: bool,
    pub(super) place: Place,
    /// The sentence, and its first character that is the figure's.
    pub(super) sentence: Option<[usize; 2]>,
}

/// What a document says wrongly.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    #[serde(rename = "c")]
    pub(super) code: String,
    #[serde(rename = "s")]
    pub(super) severity: String,
    #[serde(rename = "m")]
    pub(super) message: String,
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    delta: Option<String>,
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
    #[serde(rename = "f")]
    facts: Vec<String>,
    #[serde(rename = "l")]
    pub(super) places: Vec<Place>,
}

/// Category and value of a point.
type Point = (String, Option<String>);

/// A chart, as the document caches it.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Chart {
    #[serde(skip)]
    id: String,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(super) caption: Option<String>,
    #[serde(rename = "k")]
    kind: String,
    #[serde(rename = "at")]
    place: Place,
    /// Name of each series, with its points: category and value.
    #[serde(rename = "s")]
    series: Vec<(String, Vec<Point>)>,
}

/// A row of `facts` whose document counts: the row, the document, and the figure's place in its list.
pub(super) struct Seen<'r> {
    pub(super) rows: Rows<'r>,
    pub(super) row: usize,
    pub(super) document: usize,
    pub(super) figure: usize,
}

/// Reads what the documents say; `each` is shown every figure on the way.
///
/// # Errors
/// When a file of the dataset is missing or damaged.
pub(super) fn read(
    source: &mut Source,
    ledger: &Ledger,
    redactor: Option<&Blackener>,
    each: &mut dyn FnMut(&Seen<'_>),
) -> Result<Vec<Content>> {
    let mut contents: Vec<Content> = ledger.documents.iter().map(|_| Content::default()).collect();
    let mut rows_of = |table, columns: &[&str], take: &mut dyn FnMut(&mut Content, Rows<'_>, usize, usize)| {
        let columns: Vec<&str> = ["report_id", "load_id"].iter().chain(&PLACE).chain(columns).copied().collect();
        source.each(table, &columns, &mut |rows, row| {
            let Some(document) = ledger.document_of(rows, row) else { return };
            if let Some(content) = contents.get_mut(document) {
                take(content, rows, row, document);
            }
        })
    };
    let mut passages: BTreeMap<usize, Passages> = BTreeMap::new();
    rows_of(Table::Sections, &["text"], &mut |_, rows, row, document| {
        let text = rows.text("text", row).unwrap_or_default();
        passages.entry(document).or_default().push(&rows.place(row), text);
    })?;
    let mut sentences: BTreeMap<usize, Sentences> = BTreeMap::new();
    rows_of(Table::Facts, &FIGURE, &mut |content, rows, row, document| {
        let mut figure = figure(rows, row);
        if let Some(passages) = passages.get(&document).filter(|_| figure.basis == "narrative") {
            figure.sentence = sentences.entry(document).or_default().cite(passages, &figure.place, &figure.printed);
        }
        content.facts.push(figure);
        each(&Seen { rows, row, document, figure: content.facts.len() - 1 });
    })?;
    rows_of(Table::Tables, &GRID, &mut |content, rows, row, _| content.tables.push(grid(rows, row)))?;
    rows_of(Table::Cells, &CELL, &mut |content, rows, row, _| cell(content, rows, row))?;
    rows_of(Table::Findings, &FINDING, &mut |content, rows, row, _| content.findings.extend(finding(rows, row)))?;
    rows_of(Table::Charts, &CHART, &mut |content, rows, row, _| point(content, rows, row))?;
    rows_of(Table::Notes, &["kind", "message"], &mut |content, rows, row, _| {
        content.notes.push((rows.owned("kind", row), rows.owned("message", row), rows.place(row)));
    })?;
    for (document, cited) in sentences {
        if let Some(content) = contents.get_mut(document) {
            content.sentences = cited.texts;
        }
    }
    for content in &mut contents {
        content.tables.iter_mut().for_each(|grid| grid.lay_out(redactor));
        if let Some(redactor) = redactor {
            redactor.content(content);
        }
    }
    Ok(contents)
}

const FIGURE: [&str; 20] = [
    "fiscal_year",
    "fact_id",
    "metric",
    "measure",
    "period",
    "phase",
    "fund",
    "func_code",
    "func_name",
    "econ_code",
    "econ_name",
    "project",
    "entity",
    "is_leaf",
    "value",
    "unit",
    "printed",
    "printed_unit",
    "basis",
    "preferred",
];

fn figure(rows: Rows<'_>, row: usize) -> Figure {
    let names = ["func_name", "econ_name", "project", "entity"].map(|name| rows.filled(name, row));
    let names: Vec<String> = names.into_iter().flatten().collect();
    Figure {
        id: rows.owned("fact_id", row),
        metric: rows.owned("metric", row),
        measure: rows.owned("measure", row),
        period: rows.filled("period", row),
        phase: rows.filled("phase", row),
        fund: rows.filled("fund", row),
        func_code: rows.filled("func_code", row),
        econ_code: rows.filled("econ_code", row),
        label: (!names.is_empty()).then(|| names.join(" · ")),
        value: rows.decimal("value", row).map(|value| value.to_string()),
        unit: rows.owned("unit", row),
        printed: rows.owned("printed", row),
        printed_unit: rows.filled("printed_unit", row),
        basis: rows.owned("basis", row),
        is_other: !rows.is_true("preferred", row),
        place: rows.place(row),
        sentence: None,
    }
}

const GRID: [&str; 10] =
    ["table_id", "form", "title", "code", "unit", "captions", "footnotes", "rows", "cols", "header_rows"];

fn grid(rows: Rows<'_>, row: usize) -> Grid {
    let count = |name: &str| rows.int(name, row).unwrap_or_default();
    let places: Vec<Location> =
        rows.text("locations", row).and_then(|j| serde_json::from_str(j).ok()).unwrap_or_default();
    Grid {
        id: rows.owned("table_id", row),
        title: rows.filled("title", row),
        form: rows.filled("form", row),
        code: rows.filled("code", row),
        unit: rows.filled("unit", row),
        captions: rows.filled("captions", row),
        footnotes: rows.filled("footnotes", row),
        rows: count("rows"),
        cols: count("cols"),
        header_rows: count("header_rows"),
        places: places.into_iter().map(Place::from).collect(),
        cells: Vec::new(),
        is_left_out: false,
        unordered: Vec::new(),
    }
}

const CELL: [&str; 6] = ["table_id", "row", "col", "row_span", "col_span", "text"];

fn cell(content: &mut Content, rows: Rows<'_>, row: usize) {
    let id = rows.text("table_id", row).unwrap_or_default();
    let at = |name: &str| rows.int(name, row).unwrap_or_default();
    let (row_span, col_span) = (at("row_span").max(1), at("col_span").max(1));
    let text = rows.owned("text", row);
    let is_drawn = !text.is_empty() || row_span > 1 || col_span > 1;
    // Cells come table by table, so that the last table asked for is nearly always the one.
    let table = content.tables.iter_mut().rev().find(|table| table.id == id);
    if let Some(table) = table.filter(|_| is_drawn) {
        table.unordered.push((at("row"), at("col"), row_span, col_span, text));
    }
}

impl Grid {
    /// The same grid with other cells.
    pub(super) fn with_cells(&self, cells: Vec<Token>, is_left_out: bool) -> Self {
        Self { cells, is_left_out, ..self.clone() }
    }

    /// Writes the cells in the order of their places. A cell outside the grid is left out: there is no place for it.
    fn lay_out(&mut self, redactor: Option<&Blackener>) {
        let mut cells = std::mem::take(&mut self.unordered);
        cells.sort();
        if let Some(redactor) = redactor {
            redactor.cells(&mut cells);
        }
        let mut next = 0;
        for (row, col, row_span, col_span, text) in cells {
            let at = u64::from(row) * u64::from(self.cols) + u64::from(col);
            if row >= self.rows || col >= self.cols || at < next {
                continue;
            }
            if at > next {
                self.cells.push(Token::Skip(at - next));
            }
            if row_span > 1 || col_span > 1 {
                self.cells.push(Token::Spans([row_span.min(self.rows - row), col_span.min(self.cols - col)]));
            }
            self.cells.push(Token::Text(text));
            next = at + 1;
        }
    }
}

const FINDING: [&str; 8] = ["code", "severity", "status", "message", "delta", "facts", "locations", "hint"];

/// A finding that is violated; what could not be checked is counted in the ledger.
fn finding(rows: Rows<'_>, row: usize) -> Option<Finding> {
    let places: Vec<Location> =
        rows.text("locations", row).and_then(|j| serde_json::from_str(j).ok()).unwrap_or_default();
    (rows.text("status", row)? == "violated").then(|| Finding {
        code: rows.owned("code", row),
        severity: rows.owned("severity", row),
        message: rows.owned("message", row),
        delta: rows.decimal("delta", row).map(|delta| delta.to_string()),
        hint: rows.filled("hint", row),
        facts: rows.owned("facts", row).lines().map(str::to_owned).collect(),
        places: places.into_iter().map(Place::from).collect(),
    })
}

const CHART: [&str; 8] = ["chart_id", "title", "caption", "kind", "series_index", "series", "category", "value"];

fn point(content: &mut Content, rows: Rows<'_>, row: usize) {
    let id = rows.owned("chart_id", row);
    if content.charts.last().is_none_or(|chart| chart.id != id) {
        content.charts.push(Chart {
            title: rows.filled("title", row),
            caption: rows.filled("caption", row),
            kind: rows.owned("kind", row),
            place: rows.place(row),
            id,
            series: Vec::new(),
        });
    }
    let Some(chart) = content.charts.last_mut() else { return };
    let index = rows.int("series_index", row).unwrap_or_default() as usize;
    if index >= chart.series.len() {
        chart.series.push((rows.owned("series", row), Vec::new()));
    }
    if let Some((_, points)) = chart.series.last_mut() {
        points.push((rows.owned("category", row), rows.decimal("value", row).map(|value| value.to_string())));
    }
}
