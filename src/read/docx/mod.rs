//! WordprocessingML documents (ECMA-376-1:2016 §17), as Word, WPS and their kin write them. A part is walked
//! once (`story`); styles and numbers are resolved on the way, so that what goes out is text with its label,
//! tables as rows of cells, bookmarks with both ends and charts at their place, each with part and paragraph.
//!
//! Paragraphs are numbered as the file holds them: number *n* of a part is the *n*th `w:p` element from its
//! top, those in cells, text boxes, fallbacks and deletions counted too.
//!
//! What is read:
//!
//! - [x] parts by relationship, Strict and Transitional, any prefix, UTF-8 and UTF-16
//! - [x] runs: text, tabs, line breaks, no-break hyphens, symbols of Wingdings and Symbol, `EQ \o` signs
//! - [x] hyperlinks, smart tags, content controls around blocks, runs, rows and cells
//! - [x] fields: the result once; tables of contents are marked as such
//! - [x] text boxes once, as `mc:Choice` or VML; they follow the paragraph that they are anchored in
//! - [x] footnotes and endnotes after the body, their marks in the text left out: `12.50` must not become `12.501`
//! - [x] hidden runs, as text, with a note
//! - [x] headers and footers after the notes, as running text
//! - [x] tracked changes as accepted, deleted paragraph marks, rows and cells included
//! - [x] bookmarks with both ends: in a paragraph, in cells, between blocks, spanning paragraphs
//! - [x] automatic numbers, with levels, restarts, overrides, shared counters and numbers of styles
//! - [x] tables: grid span, vertical and horizontal merges, late rows, header rows, nested tables
//! - [x] charts with their cached values; a workbook behind one is noted
//! - [x] form fields: the result as written, else the ticked box or the chosen entry of their data
//! - [~] SmartArt: its text by lines, behind the paragraph; its arrangement is left out with a note
//! - [x] Office Math as text, fractions with a stroke
//! - [x] producer with its build (that of WPS too), its count of pages, and the date of the last change
//! - [~] ruby: the base text; readings are left out with a note
//! - [~] pictures and embedded objects: a note with description and size
//! - [ ] comments: left out with a note
//! - [ ] charts of Office 2016 (`chartex`), `altChunk`: lost with a note
//! - [ ] glossary documents: no part of the text

mod bookmarks;
mod container;
mod drawing;
mod fields;
mod form;
mod linked;
mod metadata;
mod number_format;
mod numbering;
mod paragraph;
mod properties;
mod story;
mod styles;
mod symbols;
mod tally;
mod word;

use std::collections::BTreeSet;

use self::metadata::Metadata;
use self::numbering::Numbering;
use self::story::read_story;
use self::styles::Styles;
use self::tally::Tally;
use super::Reader;
use super::package::{Package, Relationship, place};
use super::xml::{Ns, Token, Xml};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Block, Chart, Format, Note, NoteKind, RawBookmark, RawDocument, RawParagraph, Role};

/// Where the document stands when no relationship says so.
const MAIN_PART: &str = "word/document.xml";

/// The reader of DOCX files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Docx;

impl Reader for Docx {
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
        let mut package = Package::open(bytes, limits, deadline)?;
        let mut reading = Reading::new(limits, deadline);
        let main = find_main(&mut package, &mut reading)?;
        let links = reading.tolerate(&main, |_| package.relationships(&main))?;
        reading.read_definitions(&mut package, &main, &links)?;
        let mut blocks = reading.read_main(&mut package, &main, &links)?;
        blocks.extend(reading.read_notes(&mut package, &links)?);
        blocks.extend(reading.read_running(&mut package, &links)?);
        let mut document = reading.finish(blocks, &main);
        describe(&mut document, &mut package, limits, deadline)?;
        Ok(document)
    }
}

/// What the stories of one document share.
struct Reading<'a> {
    limits: &'a Limits,
    deadline: &'a Deadline,
    styles: Styles,
    numbering: Numbering,
    bookmarks: Vec<RawBookmark>,
    charts: Vec<Chart>,
    notes: Vec<Note>,
    tally: Tally,
    pictures: u32,
}

impl<'a> Reading<'a> {
    fn new(limits: &'a Limits, deadline: &'a Deadline) -> Self {
        Self {
            limits,
            deadline,
            styles: Styles::default(),
            numbering: Numbering::default(),
            bookmarks: Vec::new(),
            charts: Vec::new(),
            notes: Vec::new(),
            tally: Tally::default(),
            pictures: 0,
        }
    }

    /// Goes on without a part that cannot be read, with a note; a limit stops all the same.
    fn tolerate<T: Default>(&mut self, part: &str, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        match read(self).map_err(|error| error.at(place(part))) {
            Err(error) if !matches!(error.kind(), ErrorKind::Limit { .. } | ErrorKind::Deadline { .. }) => {
                let message = format!("a part is not read: {}", error.kind());
                self.notes.push(Note::new(NoteKind::SkippedPart, message, error.location().clone()));
                Ok(T::default())
            }
            result => result,
        }
    }

    fn read_definitions(&mut self, package: &mut Package, main: &str, links: &[Relationship]) -> Result<()> {
        if let Some(part) = part_of_kind(package, main, links, "styles") {
            self.styles =
                self.tolerate(&part, |reading| Styles::parse(&package.text(&part)?, reading.limits, reading.deadline))?;
        }
        if let Some(part) = part_of_kind(package, main, links, "numbering") {
            self.numbering = self.tolerate(&part, |reading| {
                Numbering::parse(&package.text(&part)?, &reading.styles, reading.limits, reading.deadline)
            })?;
        }
        Ok(())
    }

    fn read_main(&mut self, package: &mut Package, main: &str, links: &[Relationship]) -> Result<Vec<Block>> {
        let linked = self.read_linked(package, links)?;
        let text = package.text(main)?;
        self.check_root(&text).map_err(|error| error.at(place(main)))?;
        read_story(main, &text, Role::Body, &linked, self)
    }

    /// Refuses packages of another application, which have the same shape.
    fn check_root(&self, text: &str) -> Result<()> {
        let mut xml = Xml::new(text, self.limits, self.deadline);
        match xml.next()? {
            Some(Token::Open(root)) if root.is(Ns::Word, "document") => Ok(()),
            _ => Err(Error::damaged("DOCX", "its main part is no WordprocessingML document")),
        }
    }

    fn read_notes(&mut self, package: &mut Package, links: &[Relationship]) -> Result<Vec<Block>> {
        let mut blocks = Vec::new();
        for kind in ["footnotes", "endnotes"] {
            for link in links.iter().filter(|link| link.kind == kind) {
                blocks.extend(self.read_beside(package, &link.target, Role::Footnote)?);
            }
        }
        Ok(blocks.into_iter().filter(is_visible).collect())
    }

    /// Headers and footers, each part once, their tables taken apart: they frame the pages, not the text.
    fn read_running(&mut self, package: &mut Package, links: &[Relationship]) -> Result<Vec<Block>> {
        let mut paragraphs = Vec::new();
        let mut seen = BTreeSet::new();
        for link in links.iter().filter(|link| matches!(link.kind.as_str(), "header" | "footer")) {
            if seen.insert(&link.target) {
                flatten(self.read_beside(package, &link.target, Role::Running)?, &mut paragraphs);
            }
        }
        Ok(paragraphs.into_iter().map(Block::Paragraph).filter(is_visible).collect())
    }

    fn read_beside(&mut self, package: &mut Package, part: &str, role: Role) -> Result<Vec<Block>> {
        self.tolerate(part, |reading| {
            let links = package.relationships(part)?;
            let linked = reading.read_linked(package, &links)?;
            let text = package.text(part)?;
            read_story(part, &text, role, &linked, reading)
        })
    }

    fn finish(mut self, blocks: Vec<Block>, main: &str) -> RawDocument {
        if self.pictures > 0 && !blocks.iter().any(holds_text) {
            let message = format!("the document is made of {} pictures: its text needs OCR", self.pictures);
            self.notes.push(Note::new(NoteKind::ImagePage, message, place(main)));
        }
        self.notes.extend(self.tally.into_notes());
        RawDocument {
            blocks,
            bookmarks: self.bookmarks,
            charts: self.charts,
            notes: self.notes,
            ..RawDocument::new(Format::Docx)
        }
    }
}

/// The part that holds the body: the package's own word for it, then its usual name.
fn find_main(package: &mut Package, reading: &mut Reading) -> Result<String> {
    let links = reading.tolerate("_rels/.rels", |_| package.relationships(""))?;
    let named = links.into_iter().find(|link| link.kind == "officeDocument").map(|link| link.target);
    let main = named.filter(|part| package.has(part)).unwrap_or_else(|| MAIN_PART.to_owned());
    if package.has(&main) {
        return Ok(main);
    }
    Err(Error::damaged("DOCX", "the part that holds the document is missing").at(place(&main)))
}

/// A part that the document is linked to, or the one of the usual name beside it.
fn part_of_kind(package: &Package, main: &str, links: &[Relationship], kind: &str) -> Option<String> {
    let linked = links.iter().find(|link| link.kind == kind).map(|link| link.target.clone());
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    linked.or_else(|| Some(format!("{folder}/{kind}.xml")).filter(|part| package.has(part)))
}

fn is_visible(block: &Block) -> bool {
    match block {
        Block::Paragraph(paragraph) => !paragraph.text.trim().is_empty() || !paragraph.charts.is_empty(),
        Block::Table(_) => true,
    }
}

fn holds_text(block: &Block) -> bool {
    match block {
        Block::Paragraph(paragraph) => paragraph.role != Role::Running && !paragraph.text.trim().is_empty(),
        Block::Table(table) => table.rows.iter().flatten().any(|cell| cell.blocks.iter().any(holds_text)),
    }
}

/// Takes paragraphs out of tables, in order; tables nest no deeper than [`Limits::table_depth`].
fn flatten(blocks: Vec<Block>, paragraphs: &mut Vec<RawParagraph>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => paragraphs.push(paragraph),
            Block::Table(table) => table.rows.into_iter().flatten().for_each(|cell| flatten(cell.blocks, paragraphs)),
        }
    }
}

/// Reads who made the file and when it was changed; a properties part that is damaged is a note.
fn describe(document: &mut RawDocument, package: &mut Package, limits: &Limits, deadline: &Deadline) -> Result<()> {
    let mut reading = Reading::new(limits, deadline);
    let mut metadata = Metadata::default();
    let links = package.relationships("").unwrap_or_default();
    for link in links.iter().filter(|link| Metadata::is_kind(&link.kind)) {
        reading.tolerate(&link.target, |_| metadata.read(&package.text(&link.target)?, limits, deadline))?;
    }
    metadata.describe(document);
    let loses_nothing = |note: Note| Note { kind: NoteKind::Repaired, ..note };
    document.notes.extend(reading.notes.into_iter().map(loses_nothing));
    Ok(())
}
