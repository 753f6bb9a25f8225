//! Binary workbooks ([MS-XLSB]): records in parts, read one by one. What the records mean is what the elements of
//! SpreadsheetML mean, so the workbook and its sheets are the same here as there.

mod records;

use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::model::{RawDocument, SheetCell};
use crate::read::compound::u32_at;

use super::cell;
use super::intake::{Draft, Intake};
use super::number_format::{DateSystem, NumberFormat};
use super::parts::{Parts, Relationship};
use super::xlsx::tables::format_of;
use super::xlsx::{Reading, SheetEntry, Workbook, note_damage, read_sheet};
use records::{Record, Records, rich_string, wide_string};

const FORMAT: &str = "XLSB";

/// Reads every worksheet into `document`.
///
/// # Errors
/// When the package is no workbook, or passes a limit; a damaged sheet is a note.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    let mut parts = Parts::open(bytes, FORMAT, intake.limits)?;
    parts.describe(document)?;
    let main = parts.main_part("xl/workbook.bin")?;
    let links = parts.relationships(&main)?;
    let book = read_workbook(&mut parts, &main, &links, intake, document)?;
    for entry in &book.sheets {
        read_sheet(&book, entry, &links, &mut parts, read_part, intake, document)?;
    }
    Ok(())
}

fn read_workbook(
    parts: &mut Parts,
    main: &str,
    links: &[Relationship],
    intake: &mut Intake,
    document: &mut RawDocument,
) -> Result<Workbook> {
    let mut book = Workbook::default();
    let part = parts.bytes(main)?.ok_or_else(|| Error::damaged(FORMAT, "the workbook part is missing"))?;
    let mut take = |name: &str, part: &[u8], read: Take| match read(&mut book, part, intake) {
        Err(error) => note_damage(name, error, document),
        Ok(()) => Ok(()),
    };
    take(main, &part, read_sheet_list)?;
    for (kind, read) in [("styles", read_formats as Take), ("sharedStrings", read_strings)] {
        if let Some(link) = links.iter().find(|l| l.kind == kind)
            && let Some(part) = parts.bytes(&link.target)?
        {
            take(&link.target, &part, read)?;
        }
    }
    Ok(book)
}

type Take = fn(&mut Workbook, &[u8], &mut Intake) -> Result<()>;

/// BrtWbProp (§2.4.823) and BrtBundleSh (§2.4.311).
fn read_sheet_list(book: &mut Workbook, part: &[u8], intake: &mut Intake) -> Result<()> {
    for record in Records::new(part) {
        let record = record?;
        intake.tick()?;
        match record.kind {
            153 if u32_at(record.data, 0).is_some_and(|flags| flags & 1 != 0) => book.system = DateSystem::From1904,
            156 => book.sheets.extend(sheet_entry(record.data)),
            _ => {}
        }
        Limits::check("the number of sheets", "entries", book.sheets.len() as u64, intake.limits.entries)?;
    }
    Ok(())
}

fn sheet_entry(data: &[u8]) -> Option<SheetEntry> {
    let (link, used) = wide_string(data.get(8..)?)?;
    let (name, _) = wide_string(data.get(8 + used..)?)?;
    Some(SheetEntry { name, hidden: u32_at(data, 0)? != 0, link })
}

/// BrtFmt (§2.4.663) and the BrtXF (§2.4.840) between BrtBeginCellXFs and BrtEndCellXFs.
fn read_formats(book: &mut Workbook, part: &[u8], intake: &mut Intake) -> Result<()> {
    let mut codes = std::collections::BTreeMap::new();
    let mut in_cell_styles = false;
    for record in Records::new(part) {
        let record = record?;
        intake.tick()?;
        let short = |at| crate::read::compound::u16_at(record.data, at).map(u32::from);
        match record.kind {
            44 => {
                if let (Some(id), Some((code, _))) = (short(0), record.data.get(2..).and_then(wide_string)) {
                    codes.insert(id, NumberFormat::parse(&code));
                }
            }
            617 => in_cell_styles = true,
            618 => in_cell_styles = false,
            47 if in_cell_styles => book.formats.push(format_of(short(2).unwrap_or(0), &codes)),
            _ => {}
        }
    }
    Ok(())
}

/// BrtSSTItem (§2.4.738).
fn read_strings(book: &mut Workbook, part: &[u8], intake: &mut Intake) -> Result<()> {
    for record in Records::new(part) {
        let record = record?;
        intake.tick()?;
        if record.kind == 19 {
            book.strings.push(cell::line_ends(&rich_string(record.data).unwrap_or_default()).as_ref().into());
            let count = book.strings.len() as u64;
            Limits::check("the number of shared strings", "cells", count, intake.limits.cells)?;
        }
    }
    Ok(())
}

fn read_part(
    book: &Workbook,
    parts: &mut Parts,
    name: &str,
    draft: &mut Draft,
    intake: &mut Intake,
) -> Option<Reading> {
    let part = match parts.bytes(name) {
        Ok(part) => part?,
        Err(error) => return Some((None, Err(error))),
    };
    let mut reader = SheetReader { book, general: NumberFormat::general(), row: 0, drawing: None };
    let end = reader.read(&part, draft, intake);
    Some((reader.drawing, end))
}

struct SheetReader<'a> {
    book: &'a Workbook,
    general: NumberFormat,
    row: u32,
    drawing: Option<String>,
}

impl SheetReader<'_> {
    fn read(&mut self, part: &[u8], draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        for record in Records::new(part) {
            let record = record?;
            match record.kind {
                0 => self.start_row(record.data, draft),
                60 => hide_columns(record.data, draft),
                176 => merge(record.data, draft, intake)?,
                550 => self.drawing = wide_string(record.data).map(|(link, _)| link),
                1..=11 | 62 => {
                    if let Some(cell) = self.cell(record, draft) {
                        intake.keep(draft, cell)?;
                    }
                }
                _ => {}
            }
            intake.tick()?;
        }
        Ok(())
    }

    /// BrtRowHdr (§2.4.735): the row, and fDyZero, a row of no height.
    fn start_row(&mut self, data: &[u8], draft: &mut Draft) {
        self.row = u32_at(data, 0).unwrap_or(self.row);
        if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
            draft.hide_rows(self.row, self.row);
        }
    }

    /// A cell record: column, style, value. What a formula shows stands where a constant would.
    fn cell(&self, record: Record, draft: &mut Draft) -> Option<SheetCell> {
        let (row, col) = (self.row, u32_at(record.data, 0)?);
        let style = (u32_at(record.data, 4)? & 0x00FF_FFFF) as usize;
        let value = record.data.get(8..)?;
        match record.kind {
            2 => Some(self.number(row, col, style, cell::rk(u32_at(value, 0)?))),
            5 | 9 => Some(self.number(row, col, style, cell::f64_at(value, 0)?)),
            3 | 11 => Some(cell::error(row, col, cell::error_word(*value.first()?))),
            4 | 10 => Some(cell::boolean(row, col, *value.first()? != 0)),
            6 | 8 => Some(cell::text(row, col, &wide_string(value)?.0)),
            62 => Some(cell::text(row, col, &rich_string(value)?)),
            7 => {
                if let Some(text) = self.book.strings.get(u32_at(value, 0)? as usize) {
                    Some(cell::shared(row, col, text.clone()))
                } else {
                    draft.dangle(row, col);
                    None
                }
            }
            _ => None,
        }
    }

    fn number(&self, row: u32, col: u32, style: usize, value: f64) -> SheetCell {
        cell::number(row, col, value, self.book.formats.get(style).unwrap_or(&self.general), self.book.system)
    }
}

/// BrtColInfo (§2.4.332): fHidden.
fn hide_columns(data: &[u8], draft: &mut Draft) {
    if let (Some(first), Some(last), Some(flags)) = (u32_at(data, 0), u32_at(data, 4), data.get(16))
        && flags & 1 != 0
    {
        draft.hide_columns(first, last);
    }
}

/// BrtMergeCell (§2.4.701): first row, last row, first column, last column.
fn merge(data: &[u8], draft: &mut Draft, intake: &mut Intake) -> Result<()> {
    let field = |at| u32_at(data, at);
    match (field(0), field(4), field(8), field(12)) {
        (Some(top), Some(bottom), Some(left), Some(right)) => intake.merge(draft, (top, left), (bottom, right)),
        _ => Ok(()),
    }
}
