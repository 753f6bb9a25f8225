//! Bytes become what the file says. A reader parses a format in its own words and lowers it to a
//! [`RawDocument`]; it decides nothing about fiscal reports, opens no other file, and asks no clock but the
//! document's [`Deadline`].
//!
//! | format | module | library |
//! |---|---|---|
//! | DOCX | [`docx`] | quick-xml over zip, walked by hand |
//! | PDF | [`pdf`] | hayro |
//! | XLSX, XLSB | [`sheet`] | by hand: quick-xml over zip, and records |
//! | XLS, ODS | [`sheet`] | by hand: records, and quick-xml over zip |
//! | CSV | [`sheet`] | csv and encoding_rs |
//! | HTML | [`html`] | by hand |
//!
//! An [`archive`] is no document: its files are. What only another program reads (Word 97, RTF, slides) is told apart
//! here and converted in `pipeline`.
//!
//! [`fn@sniff`] tells which of them a file is.

pub mod archive;
mod chart;
mod compound;
pub mod docx;
pub mod html;
mod package;
pub mod pdf;
pub mod sheet;
mod sniff;
mod text;
mod xml;

use crate::error::{ErrorKind, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Format, RawDocument};

pub use sniff::{Sniffed, sniff};

/// A format's road from bytes to a [`RawDocument`].
pub trait Reader {
    /// Reads a whole file.
    ///
    /// # Errors
    /// When the file is encrypted, too damaged to read, or passes a limit. What is merely lost is a note.
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument>;
}

/// Reads a file of a known format.
///
/// # Errors
/// As [`Reader::read`]; [`Format::Unknown`] is unsupported.
pub fn read(bytes: &[u8], format: Format, limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
    match format {
        Format::Docx => docx::Docx.read(bytes, limits, deadline),
        Format::Pdf => pdf::Pdf.read(bytes, limits, deadline),
        Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods => {
            sheet::Workbook(format).read(bytes, limits, deadline)
        }
        Format::Csv => sheet::Csv.read(bytes, limits, deadline),
        Format::Html => html::Html.read(bytes, limits, deadline),
        Format::Doc | Format::Rtf | Format::Odt | Format::WordXml | Format::ExcelXml | Format::Slides => {
            Err(ErrorKind::Unsupported { found: format!("{} content, which has to be converted", format.word()) }
                .into())
        }
        Format::Unknown => Err(ErrorKind::Unsupported { found: "content of no known format".into() }.into()),
    }
}
