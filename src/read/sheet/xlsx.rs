//! SpreadsheetML (ECMA-376-1:2016 §18) through calamine's streaming reader: one cell at a time, no range.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Location, Note, NoteKind, RawDocument, SheetCell};

use super::cell;
use super::guarded;
use super::intake::{Draft, Intake};
use super::number_format::{DateSystem, NumberFormat};
use super::parts::Parts;
use super::survey::survey;

/// What is said of a part that calamine cannot get over.
const BROKEN: &str = "a reference or number is out of all bounds";

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads every worksheet into `document`.
///
/// # Errors
/// When the package is no workbook, encrypted, or passes a limit; a damaged sheet is a note.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    let mut parts = Parts::open(bytes, "XLSX", intake.limits)?;
    parts.describe(document)?;
    let paths = parts.sheets()?;
    let opened = guarded(|| Xlsx::new(Cursor::new(bytes)));
    let mut book: Book = opened.ok_or_else(|| Error::damaged("XLSX", BROKEN))?.map_err(|e| into_error(&e))?;
    let system = if book.has_1904_epoch() { DateSystem::From1904 } else { DateSystem::From1900 };
    let mut formats = None;
    for sheet in book.sheets_metadata().to_vec() {
        intake.deadline.check()?;
        if sheet.typ != SheetType::WorkSheet {
            note_no_worksheet(&sheet.name, document);
            continue;
        }
        let mut draft = Draft::new(&sheet.name, sheet.visible != SheetVisible::Visible);
        let path = paths.iter().find(|(name, _)| *name == sheet.name).map(|(_, path)| path.as_str());
        let formulas = match path.and_then(|path| parts.stream(path)) {
            Some(part) => survey(part, intake, &mut draft)?,
            None => false,
        };
        let outcome = guarded(|| read_cells(&mut book, &mut draft, &mut formats, system, intake));
        match outcome.transpose()? {
            Some(blanks) if formulas && blanks => {
                guarded(|| count_missing(&mut book, &mut draft, intake)).transpose()?
            }
            Some(_) => None,
            None => {
                draft.cut = Some(BROKEN.into());
                None
            }
        };
        draft.finish(document);
    }
    Ok(())
}

/// Reads the cells of a sheet; true when some of them hold no value.
fn read_cells(
    book: &mut Book,
    draft: &mut Draft,
    formats: &mut Option<Vec<NumberFormat>>,
    system: DateSystem,
    intake: &mut Intake,
) -> Result<bool> {
    let name = draft.sheet.name.clone();
    let mut reader = match book.worksheet_cells_reader(&name) {
        Ok(reader) => reader,
        Err(error) => {
            draft.cut = Some(error.to_string());
            return Ok(false);
        }
    };
    let formats = formats.get_or_insert_with(|| reader.styles().iter().map(format_of).collect());
    let general = NumberFormat::general();
    let mut blanks = false;
    loop {
        match reader.next_cell_with_style_id() {
            Ok(Some((found, style))) => {
                let format = formats.get(style).unwrap_or(&general);
                if let Some(cell) = to_cell(found.get_position(), found.get_value(), format, system) {
                    intake.keep(draft, cell)?;
                } else {
                    blanks = true;
                    intake.tick()?;
                }
            }
            Ok(None) => break,
            Err(error) => {
                draft.cut = Some(error.to_string());
                break;
            }
        }
    }
    Ok(blanks)
}

/// Lowers one value; `None` for an empty cell.
pub(super) fn to_cell(
    (row, col): (u32, u32),
    value: &DataRef,
    format: &NumberFormat,
    system: DateSystem,
) -> Option<SheetCell> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => cell::text(row, col, text),
        DataRef::SharedString(text) => cell::text(row, col, text),
        #[allow(clippy::cast_precision_loss)] // whole numbers of cells come from floats
        DataRef::Int(value) => cell::number(row, col, *value as f64, format, system),
        DataRef::Float(value) => cell::number(row, col, *value, format, system),
        DataRef::DateTime(value) => cell::number(row, col, value.as_f64(), format, system),
        DataRef::Bool(value) => cell::boolean(row, col, *value),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            SheetCell { value: crate::model::SheetValue::DateTime(text.clone()), ..cell::text(row, col, text) }
        }
        DataRef::Error(error) => cell::error(row, col, &error.to_string()),
    })
}

/// Counts the formulas without a cached value, in a pass of its own: one reader gives styles or formulas.
fn count_missing(book: &mut Book, draft: &mut Draft, intake: &mut Intake) -> Result<()> {
    let name = draft.sheet.name.clone();
    let Ok(mut reader) = book.worksheet_cells_reader(&name) else { return Ok(()) };
    // A break in the XML was noted when the values were read.
    while let Ok(Some(record)) = reader.next_cell_with_formula_metadata() {
        intake.tick()?;
        if record.formula.is_some() && record.value == DataRef::Empty {
            draft.miss(record.pos.0, record.pos.1);
        }
    }
    Ok(())
}

/// The number format of a style; where the file does not redefine a built-in date, the Chinese one is meant.
fn format_of(style: &Style) -> NumberFormat {
    let Some(format) = &style.number_format else { return NumberFormat::general() };
    let code = format.format_code.as_str();
    let local = format.format_id.filter(|id| matches!(id, 5..=8 | 14..=22 | 27..=36 | 50..=58));
    let builtin = local.or(format.format_id.filter(|_| code.is_empty())).and_then(NumberFormat::builtin);
    builtin.unwrap_or_else(|| NumberFormat::parse(code))
}

fn note_no_worksheet(name: &str, document: &mut RawDocument) {
    let place = Location { sheet: Some(name.to_owned()), ..Location::default() };
    document.notes.push(Note::new(NoteKind::LeftOut, "the sheet holds a chart or macros and no cells", place));
}

fn into_error(error: &XlsxError) -> Error {
    match error {
        XlsxError::Password => ErrorKind::Encrypted { format: "OOXML" }.into(),
        other => Error::damaged("XLSX", other),
    }
}
