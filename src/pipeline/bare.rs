//! Reports that say of a document only that it is there and why nothing else is known of it, and what every report
//! begins as. Reading a file's bytes is here too, because a report without content still knows their hash.

use sha2::{Digest, Sha256};

use super::Source as Place;
use super::archive::unpack;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::model::{Format, Identity, Note, NoteKind, Report, Source, Status, file_name};

/// Name and version of this extractor: with the content's hash it makes a report's `id`.
pub const EXTRACTOR: &str = concat!("juesuan/", env!("CARGO_PKG_VERSION"));

/// The bytes of a regular file that is not over the limit; a pipe or a device is never opened.
pub(super) fn read_bytes(source: &Place, limits: &Limits) -> Result<Vec<u8>> {
    if !source.members.is_empty() {
        return unpack(source.path(), &source.members, limits);
    }
    let io = |e| Error::io(file_name(&source.uri), e);
    let metadata = std::fs::metadata(source.path()).map_err(io)?;
    if !metadata.is_file() {
        return Err(ErrorKind::Unsupported { found: "it is no regular file".to_owned() }.into());
    }
    Limits::check("the file's size in bytes", "file_bytes", metadata.len(), limits.file_bytes)?;
    std::fs::read(source.path()).map_err(io)
}

/// Gives a report the status and the note of what stopped it.
pub(super) fn fail(report: &mut Report, error: &Error) {
    report.status = match error.kind() {
        ErrorKind::Unsupported { .. } | ErrorKind::Encrypted { .. } | ErrorKind::Limit { .. } => Status::Refused,
        _ => Status::Failed,
    };
    report.notes.push(Note::new(NoteKind::Error, error.kind().to_string(), error.location().clone()));
}

/// The report of a document of which nothing is known but its bytes.
pub(super) fn empty_report(bytes: &[u8], path: &str) -> Report {
    let sha256 = hex(&Sha256::digest(bytes));
    bare_report(path, &sha256.clone(), sha256, bytes.len() as u64)
}

/// The report of a document whose bytes could not be read; it has no hash, and its `id` rests on its path.
pub(super) fn unread_report(path: &str, bytes: u64) -> Report {
    bare_report(path, &format!("unread {path}"), String::new(), bytes)
}

fn bare_report(path: &str, key: &str, sha256: String, bytes: u64) -> Report {
    let id = hex(&Sha256::digest(format!("{key} {EXTRACTOR}").as_bytes()));
    let source = Source {
        path: path.to_owned(),
        sha256,
        bytes,
        format: Format::Unknown,
        producer: None,
        pages: None,
        sheets: None,
        modified: None,
    };
    Report::bare(id.chars().take(16).collect(), source, Status::Failed, Identity::default())
}

/// The report of a document whose reading broke down: its bytes are known, its content is not.
pub(super) fn broken_down(source: &Place, limits: &Limits, error: &Error) -> Report {
    let mut report = match read_bytes(source, limits) {
        Ok(bytes) => empty_report(&bytes, &source.uri),
        Err(_) => unread_report(&source.uri, 0),
    };
    fail(&mut report, error);
    report.status = Status::Failed;
    report
}

/// The report without its content, refused for the reason that `error` gives.
pub(super) fn refused(report: &Report, error: &Error) -> Report {
    let mut refused = Report::bare(report.id.clone(), report.source.clone(), report.status, Identity::default());
    fail(&mut refused, error);
    refused
}

/// The reason that a worker's end gives, as an error.
pub(super) fn worker_error(reason: impl Into<String>) -> Error {
    ErrorKind::Worker { reason: reason.into() }.into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|n| char::from_digit(n.into(), 16)).collect()
}
