//! Workbooks as sparse sheets: XLSX and XLSB through calamine's streaming readers, BIFF and OpenDocument
//! walked by hand, delimited text through `csv`.
//!
//! calamine builds a dense range for BIFF and OpenDocument, so that two cells at opposite corners of a sheet
//! cost the whole sheet; those two are read here as they are written, sparse. Whatever the format, cells pass
//! through one gate that counts them before they are kept, and leave as sparse sheets in row-major order.
//! Where tables begin and end is told in `structure`.

mod biff;
mod cell;
mod delimited;
mod intake;
mod number_format;
mod ods;
mod parts;
mod survey;
mod xlsb;
mod xlsx;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Format, RawDocument};

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
        let mut document = RawDocument::new(self.0);
        let mut intake = Intake::new(limits, deadline);
        match self.0 {
            Format::Xlsx => xlsx::read(bytes, &mut intake, &mut document)?,
            Format::Xlsb => xlsb::read(bytes, &mut intake, &mut document)?,
            Format::Ods => ods::read(bytes, &mut intake, &mut document)?,
            Format::Xls => biff::read(bytes, &mut intake, &mut document)?,
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

/// Runs a piece of calamine; `None` where it panics.
///
/// Its XLSB parser indexes into records without looking at their length, and its XLSX parser overflows on a
/// cell reference of many digits in builds with overflow checks. Nothing that a panic leaves half done is used
/// afterwards but the cells already taken.
fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}
