//! Workbooks as sparse sheets, each format walked by hand: XLSX and XLSB part by part, BIFF record by record,
//! OpenDocument tag by tag, delimited text through `csv`.
//!
//! Libraries build a dense range for some of these, so that two cells at opposite corners of a sheet cost the
//! whole sheet, or leave out merges, formats or formulas without a value. Whatever the format, cells pass through
//! one gate that counts them before they are kept, and leave as sparse sheets in row-major order. Where tables
//! begin and end is told in `structure`.

mod biff;
mod cell;
mod delimited;
mod drawing;
mod intake;
mod markup;
mod number_format;
mod ods;
mod parts;
mod xlsb;
mod xlsx;

use crate::error::{Error, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Format, RawDocument, SheetCell};

use super::Reader;
use intake::Intake;

pub(super) use delimited::delimiter;

/// Reads the workbook formats; the field tells which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workbook(pub Format);

/// Reads comma, tab and semicolon separated text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csv;

impl Reader for Workbook {
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
        self.take_in(bytes, &mut Intake::new(limits, deadline))
    }
}

impl Workbook {
    /// Gives every cell to `visit` as it is met, with the name of its sheet, and keeps none, so that memory does not
    /// grow with the sheet. What comes back is the document without cells: names, merges, charts, notes.
    ///
    /// Cells come in the order of the file, blank ones left out. An OpenDocument spreadsheet repeats whole rows and is
    /// therefore read first and visited then.
    ///
    /// # Errors
    /// As [`Reader::read`], save that the number of cells has no limit.
    pub fn visit(
        self,
        bytes: &[u8],
        limits: &Limits,
        deadline: &Deadline,
        visit: &mut dyn FnMut(&str, SheetCell),
    ) -> Result<RawDocument> {
        if self.0 != Format::Ods {
            return self.take_in(bytes, &mut Intake::passing_on(limits, deadline, visit));
        }
        let mut document = self.read(bytes, limits, deadline)?;
        for sheet in &mut document.sheets {
            for cell in std::mem::take(&mut sheet.cells) {
                visit(&sheet.name, cell);
            }
        }
        Ok(document)
    }

    fn take_in(self, bytes: &[u8], intake: &mut Intake) -> Result<RawDocument> {
        let mut document = RawDocument::new(self.0);
        match self.0 {
            Format::Xlsx => xlsx::read(bytes, intake, &mut document)?,
            Format::Xlsb => xlsb::read(bytes, intake, &mut document)?,
            Format::Ods => ods::read(bytes, intake, &mut document)?,
            Format::Xls => biff::read(bytes, intake, &mut document)?,
            other => return Err(Error::damaged("workbook", format!("{} is no workbook format", other.word()))),
        }
        Ok(document)
    }
}

impl Reader for Csv {
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
        let mut document = RawDocument::new(Format::Csv);
        delimited::read(bytes, &mut Intake::new(limits, deadline), &mut document)?;
        Ok(document)
    }
}
