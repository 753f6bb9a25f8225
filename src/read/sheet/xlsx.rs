//! SpreadsheetML (ECMA-376-1:2016 §18): the workbook part, its shared tables, and then one sheet after the other,
//! each unpacked and read in a single pass.

mod cells;
pub(super) mod tables;

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Location, Note, NoteKind, RawDocument};

use super::drawing::read_drawing;
use super::intake::{Draft, Intake};
use super::markup::{Event, Markup};
use super::number_format::{DateSystem, NumberFormat};
use super::parts::{Parts, Relationship};
use cells::SheetReader;

const FORMAT: &str = "XLSX";

/// What all sheets of a workbook share.
#[derive(Default)]
pub(super) struct Workbook {
    pub(super) strings: Vec<Arc<str>>,
    pub(super) formats: Vec<NumberFormat>,
    pub(super) system: DateSystem,
    pub(super) sheets: Vec<SheetEntry>,
}

/// A `sheet` of the workbook part (§18.2.19).
pub(super) struct SheetEntry {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// Relationship that leads to its part.
    pub(super) link: String,
}

/// Reads every worksheet into `document`.
///
/// # Errors
/// When the package is no workbook, or passes a limit; a damaged sheet is a note.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    let mut parts = Parts::open(bytes, FORMAT, intake.limits)?;
    parts.describe(document)?;
    let main = parts.main_part("xl/workbook.xml")?;
    let links = parts.relationships(&main)?;
    let book = Workbook::read(&mut parts, &main, &links, intake, document)?;
    for entry in &book.sheets {
        read_sheet(&book, entry, &links, &mut parts, read_part, intake, document)?;
    }
    Ok(())
}

/// What reading a part came to: the relationship to its drawing, and what broke it off.
pub(super) type Reading = (Option<String>, Result<()>);

fn read_part(
    book: &Workbook,
    parts: &mut Parts,
    name: &str,
    draft: &mut Draft,
    intake: &mut Intake,
) -> Option<Reading> {
    let part = parts.stream(name)?;
    let mut reader = SheetReader::new(book);
    let end = reader.read(Markup::new(part), draft, intake);
    Some((reader.drawing, end))
}

/// Reads one sheet by `read_part`, which gives `None` where the part is missing, and the charts that lie on it.
///
/// # Errors
/// When a limit is passed; damage is a note.
pub(super) fn read_sheet(
    book: &Workbook,
    entry: &SheetEntry,
    links: &[Relationship],
    parts: &mut Parts,
    read_part: impl Fn(&Workbook, &mut Parts, &str, &mut Draft, &mut Intake) -> Option<Reading>,
    intake: &mut Intake,
    document: &mut RawDocument,
) -> Result<()> {
    intake.deadline.check()?;
    let mut draft = Draft::new(&entry.name, entry.hidden);
    let Some(link) = links.iter().find(|l| l.id == entry.link) else {
        draft.cut = Some("the workbook does not say which part it is".into());
        draft.finish(document);
        return Ok(());
    };
    let is_worksheet = !["chartsheet", "dialogsheet", "xlMacrosheet"].contains(&link.kind.as_str());
    let drawing = if let Some((drawing, end)) = read_part(book, parts, &link.target, &mut draft, intake) {
        if let Err(error) = end {
            draft.cut = Some(reason(error)?);
        }
        drawing
    } else {
        draft.cut = Some("its part is missing".into());
        None
    };
    if let Some(drawing) = drawing {
        read_drawing(parts, &link.target, &drawing, &mut draft, intake, document)?;
    }
    if !is_worksheet && draft.sheet.charts.is_empty() {
        let place = Location { sheet: Some(entry.name.clone()), ..Location::default() };
        document.notes.push(Note::new(NoteKind::LeftOut, "the sheet holds no cells", place));
    }
    draft.finish(document);
    Ok(())
}

/// Why a part was read only so far; what stops the whole document is passed on.
pub(super) fn reason(error: Error) -> Result<String> {
    match error.kind() {
        ErrorKind::Damaged { reason, .. } => Ok(reason.clone()),
        _ => Err(error),
    }
}

impl Workbook {
    fn read(
        parts: &mut Parts,
        main: &str,
        links: &[Relationship],
        intake: &mut Intake,
        document: &mut RawDocument,
    ) -> Result<Self> {
        let mut book = Self::default();
        let part = parts.stream(main).ok_or_else(|| Error::damaged(FORMAT, "the workbook part is missing"))?;
        if let Err(error) = book.read_sheets(Markup::new(part), intake) {
            note_damage(main, error, document)?;
        }
        let target = |kind: &str| links.iter().find(|l| l.kind == kind).map(|l| l.target.as_str());
        if let Some(name) = target("styles")
            && let Some(part) = parts.stream(name)
            && let Err(error) = tables::read_formats(Markup::new(part), &mut book.formats, intake)
        {
            note_damage(name, error, document)?;
        }
        if let Some(name) = target("sharedStrings")
            && let Some(part) = parts.stream(name)
            && let Err(error) = tables::read_strings(Markup::new(part), &mut book.strings, intake)
        {
            note_damage(name, error, document)?;
        }
        Ok(book)
    }

    fn read_sheets<R: std::io::Read>(&mut self, mut part: Markup<R>, intake: &mut Intake) -> Result<()> {
        while let Some(event) = part.next(intake)? {
            let Event::Open(tag) = event else { continue };
            match tag.name {
                b"workbookPr" if tag.is_on(b"date1904") => self.system = DateSystem::From1904,
                b"sheet" => {
                    let text = |name: &[u8]| tag.text(name).unwrap_or_default();
                    let hidden = matches!(tag.get(b"state"), Some(b"hidden" | b"veryHidden"));
                    self.sheets.push(SheetEntry { name: text(b"name"), hidden, link: text(b"id") });
                    let count = self.sheets.len() as u64;
                    crate::limits::Limits::check("the number of sheets", "entries", count, intake.limits.entries)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Notes a shared part that is damaged.
pub(super) fn note_damage(part: &str, error: Error, document: &mut RawDocument) -> Result<()> {
    let message = format!("the part was read only as far as it is whole: {}", reason(error)?);
    let place = Location { part: Some(part.to_owned()), ..Location::default() };
    document.notes.push(Note::new(NoteKind::SkippedPart, message, place));
    Ok(())
}
