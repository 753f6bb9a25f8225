//! What a reader hands over: the file in its own words, nothing decided yet.
//!
//! A DOCX fills `blocks`, a PDF `pages`, a workbook `sheets`; charts, bookmarks and notes may come from any.
//! `structure` turns this into [`Content`](super::Content).

use std::borrow::Cow;
use std::sync::Arc;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Chart, Location, Note, Points, Rect};

/// The format of a file, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Office Open XML document (ECMA-376), also as WPS writes it
    Docx,
    /// ISO 32000
    Pdf,
    /// Office Open XML workbook
    Xlsx,
    /// BIFF workbook
    Xls,
    /// Binary Office Open XML workbook
    Xlsb,
    /// OpenDocument spreadsheet
    Ods,
    /// Comma or tab separated values
    Csv,
    /// A web page, or tables that an office program wrote as one
    Html,
    /// Word 97 document, also as WPS writes it
    Doc,
    /// Rich Text Format
    Rtf,
    /// OpenDocument text
    Odt,
    /// Word 2003 XML document
    WordXml,
    /// Excel 2003 XML workbook
    ExcelXml,
    /// Slides of any program
    Slides,
    /// Content that is none of these; only refused and failed reports have it
    Unknown,
}

impl Format {
    /// The word that the JSON uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Doc => "doc",
            Self::Rtf => "rtf",
            Self::Odt => "odt",
            Self::WordXml => "wordxml",
            Self::ExcelXml => "excelxml",
            Self::Slides => "slides",
            Self::Unknown => "unknown",
        }
    }
}

/// One file, parsed and lowered, before any of it is interpreted.
#[derive(Debug, Clone, PartialEq)]
pub struct RawDocument {
    /// What the content is.
    pub format: Format,
    /// The program that says it made the file.
    pub producer: Option<String>,
    /// Pages that the producer of a flowing document counted when it saved it.
    pub page_count: Option<u32>,
    /// When the file says it was last changed, as ISO 8601.
    pub modified: Option<String>,
    /// The body of a flowing document, in document order.
    pub blocks: Vec<Block>,
    /// Bookmarks of a flowing document, in document order of their starts.
    pub bookmarks: Vec<RawBookmark>,
    /// Pages of a fixed document, in order.
    pub pages: Vec<Page>,
    /// Outline of a fixed document, depth first.
    pub outline: Vec<OutlineEntry>,
    /// Sheets of a workbook, in order.
    pub sheets: Vec<Sheet>,
    /// Charts, in document order; paragraphs and sheets refer to them by index.
    pub charts: Vec<Chart>,
    /// What was lost or doubtful while reading.
    pub notes: Vec<Note>,
}

impl RawDocument {
    /// A document of that format with nothing in it.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            producer: None,
            page_count: None,
            modified: None,
            blocks: Vec::new(),
            bookmarks: Vec::new(),
            pages: Vec::new(),
            outline: Vec::new(),
            sheets: Vec::new(),
            charts: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A paragraph or a table of a flowing document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Text.
    Paragraph(RawParagraph),
    /// Rows of cells.
    Table(RawTable),
}

/// A paragraph of a flowing document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawParagraph {
    /// Text as a reader sees it, tracked deletions left out; a tab is `\t`, a line break `\n`.
    pub text: String,
    /// The automatic number as Word prints it, such as `一、`, without the space behind it.
    pub label: Option<String>,
    /// Its style, resolved through `basedOn`.
    pub style: ParagraphStyle,
    /// What kind of text it is.
    pub role: super::Role,
    /// Part and paragraph number.
    pub location: Location,
    /// Indexes into [`RawDocument::charts`] of the charts that stand in it.
    pub charts: Vec<usize>,
    /// Whether the file says that a page ends in it, or starts with it.
    pub breaks_page: bool,
}

/// What a paragraph's style and direct formatting say about its rank.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParagraphStyle {
    /// Name of the style, such as `heading 1`, lower case; all paragraphs of a style share it.
    pub name: Option<Arc<str>>,
    /// Outline level from 0, of the paragraph or its style; body text has none.
    pub outline_level: Option<u8>,
    /// Whether all of its visible runs are bold.
    pub bold: bool,
    /// Whether it is centred.
    pub centred: bool,
    /// Size of its first run in points.
    pub size: Option<Points>,
}

/// A table of a flowing document as the file writes it: rows of cells, merges not yet resolved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawTable {
    /// Rows in order.
    pub rows: Vec<Vec<RawCell>>,
    /// How many leading rows the file marks as header rows.
    pub header_rows: usize,
    /// Part, and number of the first paragraph.
    pub location: Location,
}

/// A cell as the file writes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawCell {
    /// Grid columns skipped before it (`gridBefore` on a row's first cell).
    pub skip: u32,
    /// Grid columns that it spans, at least 1 (`gridSpan`, `hMerge`).
    pub col_span: u32,
    /// Whether it continues the cell above (`vMerge` without `restart`).
    pub continues_above: bool,
    /// Paragraphs and nested tables.
    pub blocks: Vec<Block>,
}

/// A bookmark of a flowing document with both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawBookmark {
    /// Its name, such as `_Toc15396603`.
    pub name: String,
    /// Where it starts.
    pub start: Mark,
    /// Where it ends; equal to `start` when the file has no end for it.
    pub end: Mark,
}

/// A point between two characters of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Part of the package.
    pub part: String,
    /// Paragraph of the part, from 1; a mark between paragraphs belongs to the next one.
    pub paragraph: u32,
    /// Unicode characters of the paragraph's text before it.
    pub offset: u32,
}

/// A page of a fixed document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Counts from 1.
    pub number: u32,
    /// Width as shown, in points.
    pub width: Points,
    /// Height as shown, in points.
    pub height: Points,
    /// Glyphs in the order of the content stream.
    pub glyphs: Vec<Glyph>,
    /// Straight lines and edges of filled rectangles.
    pub rules: Vec<Rule>,
    /// Rectangles of the images.
    pub images: Vec<Rect>,
}

/// One character at its place on a page. A ligature is one glyph a character, sharing its width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character, radicals not yet folded; U+FFFD where the font does not say.
    pub c: char,
    /// Its advance box.
    pub rect: Rect,
    /// The line it stands on, from the top.
    pub baseline: Points,
    /// Font size in points.
    pub size: Points,
    /// Number of its font on the page.
    pub font: u16,
    /// Whether the font is bold or drawn as bold.
    pub bold: bool,
    /// Whether it is clipped away or lies off the page, so that a person does not see it.
    pub hidden: bool,
    /// Whether it stands on its side, so that its text runs up or down the page.
    pub turned: bool,
}

/// A straight horizontal or vertical line on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Start, by the smaller coordinate: `(x, y)`.
    pub from: (Points, Points),
    /// End: `(x, y)`.
    pub to: (Points, Points),
    /// Whether it is an edge of a filled area rather than a drawn line.
    pub fill_edge: bool,
}

/// An entry of a PDF outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineEntry {
    /// Depth from 0.
    pub depth: u32,
    /// Its text.
    pub title: String,
    /// The page that it leads to, from 1, where it says.
    pub page: Option<u32>,
}

/// A line of glyphs on a page that `structure` has put into reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct PageLine {
    /// Page, from 1.
    pub page: u32,
    /// The line's text.
    pub text: String,
    /// Left and right edge of each character of `text`.
    pub edges: Vec<[Points; 2]>,
    /// The line's box.
    pub rect: Rect,
    /// The commonest font size in it.
    pub size: Points,
    /// Whether most of it is bold.
    pub bold: bool,
}

/// A worksheet, sparse.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden from people.
    pub hidden: bool,
    /// Runs of rows hidden from people, as first and last row from 0, in order. Their cells are kept.
    pub hidden_rows: Vec<(u32, u32)>,
    /// Non-empty cells in row-major order.
    pub cells: Vec<SheetCell>,
    /// Merged ranges as `[first row, first column, last row, last column]`, from 0.
    pub merges: Vec<[u32; 4]>,
    /// Indexes into [`RawDocument::charts`].
    pub charts: Vec<usize>,
}

/// A cell of a worksheet. A sheet may hold a million of them: text of the shared table is shared here too, and
/// what a person sees is kept only where it is not the value itself.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCell {
    /// Row from 0.
    pub row: u32,
    /// Column from 0.
    pub col: u32,
    /// What it holds.
    pub value: SheetValue,
    shown: Option<Box<str>>,
}

/// The typed content of a spreadsheet cell.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetValue {
    /// Text, numbers written as text included.
    Text(Arc<str>),
    /// A number, through its shortest decimal spelling.
    Number(Decimal),
    /// A date or time, as ISO 8601.
    DateTime(Arc<str>),
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// An error value such as `#DIV/0!`.
    Error(Arc<str>),
}

impl SheetCell {
    /// A cell that shows its value as it is.
    #[must_use]
    pub fn new(row: u32, col: u32, value: SheetValue) -> Self {
        Self { row, col, value, shown: None }
    }

    /// A cell whose number format shows something else than its value.
    #[must_use]
    pub fn shown_as(row: u32, col: u32, value: SheetValue, text: &str) -> Self {
        let mut cell = Self::new(row, col, value);
        cell.shown = (cell.text() != text).then(|| text.into());
        cell
    }

    /// What a person sees, as far as the number format is known.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match (&self.shown, &self.value) {
            (Some(text), _) => Cow::Borrowed(text),
            (None, SheetValue::Text(text) | SheetValue::DateTime(text) | SheetValue::Error(text)) => {
                Cow::Borrowed(text)
            }
            (None, SheetValue::Number(number)) => Cow::Owned(number.to_string()),
            (None, SheetValue::Boolean(true)) => Cow::Borrowed("TRUE"),
            (None, SheetValue::Boolean(false)) => Cow::Borrowed("FALSE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_kept_only_where_it_is_not_the_value() {
        let number = || SheetValue::Number(Decimal::new(125, 1));
        let (plain, padded) =
            (SheetCell::shown_as(0, 0, number(), "12.5"), SheetCell::shown_as(0, 0, number(), "12.50"));
        assert_eq!((plain.text().as_ref(), plain.shown.is_none()), ("12.5", true));
        assert_eq!(padded.text(), "12.50");
        assert!(size_of::<SheetCell>() <= 48);
    }
}
