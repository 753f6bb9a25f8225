//! The nouns: what a document holds, what a report says, and where each thing stands.
//!
//! Three shapes follow one another on the path of a document. A reader makes a [`RawDocument`] (the file in
//! its own words: paragraphs, glyphs, rules, cells). `structure` makes a [`Content`] of it (paragraphs in
//! reading order, tables on their grids, sections). `fiscal` and `check` fill the [`Report`], which is what
//! leaves the program; its JSON names are fixed by `schemas/report.v1.schema.json`.
//!
//! Nothing here reads, guesses or prints.

mod amount;
mod content;
mod document;
mod fact;
mod finding;
mod folding;
mod geometry;
mod identity;
mod location;
mod path;
mod report;
mod section;
mod table;

pub use amount::{Literal, Printed, Unit};
pub use content::{Anchor, Content, Paragraph, Role};
pub use document::{
    Block, Format, Glyph, Mark, OutlineEntry, Page, PageLine, ParagraphStyle, RawBookmark, RawCell, RawDocument,
    RawParagraph, RawTable, Rule, Sheet, SheetCell, SheetValue,
};
pub use fact::{Basis, CodeSource, Fact, Fund, Measure, Phase, RowLevel};
pub use finding::{Finding, FindingStatus, Note, NoteKind, Severity};
pub(crate) use folding::{Folded, comparable, cut, fold, fold_line, squeezed, tidied};
pub use folding::{fold_radical, fold_text};
pub use geometry::{Points, Rect};
pub use identity::{Conflict, EntityLevel, Identity, Region};
pub use location::Location;
pub use path::{archive_of, file_name, split_path};
pub use report::{CheckCounts, Indicator, Report, SCHEMA, Source, Status};
pub use section::{Bookmark, BookmarkKind, Chart, ChartPoint, ChartSeries, Section};
pub use table::{Cell, Table};
