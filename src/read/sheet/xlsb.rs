//! Binary workbooks ([MS-XLSB]) through calamine's streaming reader. It tells no merges and no styles, which a
//! note says.

use std::io::Cursor;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsb, XlsbError};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Location, Note, NoteKind, RawDocument};

use super::guarded;
use super::intake::{Draft, Intake};
use super::number_format::{DateSystem, NumberFormat};
use super::parts::Parts;
use super::xlsx::to_cell;

type Book<'a> = Xlsb<Cursor<&'a [u8]>>;

/// Reads every worksheet into `document`.
///
/// # Errors
/// When the package is no workbook, encrypted, or passes a limit; a damaged sheet is a note.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    let mut parts = Parts::open(bytes, "XLSB", intake.limits)?;
    parts.describe(document)?;
    let opened = guarded(|| Xlsb::new(Cursor::new(bytes)));
    let mut book: Book =
        opened.ok_or_else(|| Error::damaged("XLSB", "a record is too short"))?.map_err(|e| match e {
            XlsbError::Password => ErrorKind::Encrypted { format: "OOXML" }.into(),
            other => Error::damaged("XLSB", other),
        })?;
    let message = "an XLSB workbook is read without merged ranges and number formats; save it as XLSX for both";
    document.notes.push(Note::new(NoteKind::LeftOut, message, Location::default()));
    for sheet in book.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut draft = Draft::new(&sheet.name, sheet.visible != SheetVisible::Visible);
        let outcome = guarded(|| read_cells(&mut book, &mut draft, intake));
        match outcome {
            Some(outcome) => outcome?,
            None => draft.cut = Some("a record is too short".into()),
        }
        draft.finish(document);
    }
    Ok(())
}

fn read_cells(book: &mut Book, draft: &mut Draft, intake: &mut Intake) -> Result<()> {
    let system = if book.has_1904_epoch() { DateSystem::From1904 } else { DateSystem::From1900 };
    let name = draft.sheet.name.clone();
    let mut reader = match book.worksheet_cells_reader(&name) {
        Ok(reader) => reader,
        Err(error) => {
            draft.cut = Some(error.to_string());
            return Ok(());
        }
    };
    // calamine turns numbers in date formats into dates and drops the format: show those as ISO dates.
    let (general, iso) = (NumberFormat::general(), NumberFormat::parse("yyyy-mm-dd"));
    loop {
        match reader.next_cell() {
            Ok(Some(found)) => {
                let value = found.get_value();
                let format = if matches!(value, calamine::DataRef::DateTime(_)) { &iso } else { &general };
                if let Some(cell) = to_cell(found.get_position(), value, format, system) {
                    intake.keep(draft, cell)?;
                }
                intake.tick()?;
            }
            Ok(None) => return Ok(()),
            Err(error) => {
                draft.cut = Some(error.to_string());
                return Ok(());
            }
        }
    }
}
