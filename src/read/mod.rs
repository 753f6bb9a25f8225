//! Bytes become what the file says. A reader parses a format in its own words and lowers it to a
//! [`RawDocument`]; it decides nothing about fiscal reports, opens no other file, and asks no clock but the
//! document's [`Deadline`].
//!
//! | format | module | library |
//! |---|---|---|
//! | DOCX | [`docx`] | quick-xml over zip, walked by hand |
//! | PDF | [`pdf`] | hayro |
//! | XLSX, XLS, XLSB, ODS, CSV | [`sheet`] | calamine, by its streaming reader |

use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::RawDocument;

/// A format's road from bytes to a [`RawDocument`].
pub trait Reader {
    /// Reads a whole file.
    ///
    /// # Errors
    /// When the file is encrypted, too damaged to read, or passes a limit. What is merely lost is a note.
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument>;
}

/// What the content of a file is, and a note when its name says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Sniffed {
    /// The format to read it as.
    pub format: crate::model::Format,
    /// [`WrongExtension`](crate::model::NoteKind::WrongExtension), where that is so.
    pub note: Option<crate::model::Note>,
}

/// Tells a file's format by its content; the name only breaks ties (CSV has no mark of its own).
///
/// # Errors
/// When the content is no format that we read, or is encrypted; the error says what it is instead.
pub fn sniff(bytes: &[u8], name: &str) -> Result<Sniffed> {
    let _ = (bytes, name);
    Err(crate::error::ErrorKind::Unsupported { found: "nothing yet".into() }.into())
}

/// Reads a file of a known format.
///
/// # Errors
/// As [`Reader::read`].
pub fn read(bytes: &[u8], format: crate::model::Format, limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
    let _ = (bytes, limits, deadline);
    Ok(RawDocument::new(format))
}
