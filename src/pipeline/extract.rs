//! The path of one document: bytes to report, in this process.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Source as Place;
use super::archive::unpack;
use super::convert::Conversion;
use super::outcome::{broken_down, worker_error};
use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;
use crate::limits::{Deadline, Limits};
use crate::model::{
    CheckCounts, Content, Format, Identity, Location, Note, NoteKind, RawDocument, Report, SCHEMA, Source, Status,
    file_name,
};
use crate::{check, fiscal, read, structure};

/// Name and version of this extractor: with the content's hash it makes a report's `id`.
pub const EXTRACTOR: &str = concat!("juesuan/", env!("CARGO_PKG_VERSION"));

/// Reads one document to its report. Never fails: what stops it is the report's status and a note.
///
/// `path` is kept as the source's path; only its file name is read, as the last of the clues.
#[must_use]
pub fn extract_bytes(bytes: &[u8], path: &str, forms: &Forms, limits: &Limits) -> Report {
    let mut report = empty_report(bytes, path);
    match fill(&mut report, bytes, forms, limits) {
        Ok(()) => report.status = status_of(&report),
        Err(error) => fail(&mut report, &error),
    }
    report
}

/// Stack of the thread that reads documents: deep files recurse, and no honest one comes near this.
const STACK_BYTES: usize = 64 << 20;

/// Reads one file to its report. Never fails, as [`extract_bytes`]; a file that cannot be opened is a failed
/// report without a hash.
///
/// A file of an archive is unpacked in memory. The source's `uri` is kept as the report's path.
#[must_use]
pub fn extract_source(source: &Place, forms: &Forms, limits: &Limits) -> Report {
    match read_bytes(source, limits) {
        Ok(bytes) => extract_bytes(&bytes, &source.uri, forms, limits),
        Err(error) => {
            let mut report = unread_report(&source.uri, source.bytes);
            fail(&mut report, &error);
            report
        }
    }
}

/// Reads one file as [`extract_source`] does, on a thread with a large stack, and gives up on it `grace` after the
/// deadline that its readers know. The thread is then left behind, so this is for programs that end soon after.
#[must_use]
pub fn extract_guarded(source: &Place, forms: &'static Forms, limits: &Limits, grace: Duration) -> Report {
    let (sender, receiver) = channel();
    let (file, bounds) = (source.clone(), *limits);
    let read = move || drop(sender.send(extract_source(&file, forms, &bounds)));
    let spawned = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(read);
    let error = match spawned.map(|_| receiver.recv_timeout(Duration::from_secs(limits.seconds) + grace)) {
        Ok(Ok(report)) => return report,
        Ok(Err(RecvTimeoutError::Timeout)) => ErrorKind::Deadline { seconds: limits.seconds }.into(),
        Ok(Err(RecvTimeoutError::Disconnected)) => worker_error("panicked"),
        Err(error) => Error::io("a thread", error),
    };
    broken_down(source, limits, &error)
}

/// Runs `work` on a thread with a large stack and waits for it.
///
/// # Errors
/// When the thread cannot be started or panics.
pub(super) fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("reader".to_owned()).stack_size(STACK_BYTES);
        let thread = builder.spawn_scoped(scope, work).map_err(|e| Error::io("a thread", e))?;
        thread.join().map_err(|_| worker_error("panicked"))
    })
}

/// The bytes of a regular file that is not over the limit; a pipe or a device is never opened.
pub(super) fn read_bytes(source: &Place, limits: &Limits) -> Result<Vec<u8>> {
    if !source.members.is_empty() {
        return unpack(&source.path, &source.members, limits);
    }
    let io = |e| Error::io(file_name(&source.uri), e);
    let metadata = std::fs::metadata(&source.path).map_err(io)?;
    if !metadata.is_file() {
        return Err(ErrorKind::Unsupported { found: "it is no regular file".to_owned() }.into());
    }
    Limits::check("the file's size in bytes", "file_bytes", metadata.len(), limits.file_bytes)?;
    std::fs::read(&source.path).map_err(io)
}

fn fill(report: &mut Report, bytes: &[u8], forms: &Forms, limits: &Limits) -> Result<()> {
    Limits::check("the file's size in bytes", "file_bytes", bytes.len() as u64, limits.file_bytes)?;
    let deadline = Deadline::start(limits);
    let name = name_clue(&report.source.path);
    let sniffed = read::sniff(bytes, &name)?;
    report.source.format = sniffed.format;
    report.notes.extend(sniffed.note);
    let raw = match Conversion::of(sniffed.format) {
        None => read::read(bytes, sniffed.format, limits, &deadline)?,
        Some(conversion) => {
            report.notes.push(conversion.note());
            read::read(&conversion.run(bytes, limits, &deadline)?, conversion.to, limits, &deadline)?
        }
    };
    describe_source(&mut report.source, &raw);
    let mut content = structure::structure(raw, forms, limits, &deadline)?;
    let reading = fiscal::read_figures(&mut content, &name, forms, &deadline);
    take_content(report, content);
    let reading = reading?;
    report.identity = reading.identity;
    report.facts = reading.facts;
    report.indicators = reading.indicators;
    let answers = check::check_by(&forms.identities, report, forms, check::Language::Zh, &deadline)?;
    report.checks = answers.counts;
    report.findings = answers.findings;
    Ok(())
}

fn take_content(report: &mut Report, content: Content) {
    report.sections = content.sections;
    report.tables = content.tables;
    report.charts = content.charts;
    report.bookmarks = content.bookmarks;
    report.notes.extend(content.notes);
    let image_page = |page: &u32| {
        let place = Location { page: Some(*page), ..Location::default() };
        Note::new(NoteKind::ImagePage, "the page is an image: its text needs OCR", place)
    };
    report.notes.extend(content.image_pages.iter().map(image_page));
}

/// A document whose every page is an image needs OCR; one that lost something is partly read.
fn status_of(report: &Report) -> Status {
    let nothing_read = report.sections.is_empty() && report.tables.is_empty() && report.facts.is_empty();
    if nothing_read && report.notes.iter().any(|n| n.kind == NoteKind::ImagePage) {
        Status::NeedsOcr
    } else if report.notes.iter().any(|n| n.kind.is_loss()) {
        Status::Partial
    } else {
        Status::Extracted
    }
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
    Report {
        schema: SCHEMA.to_owned(),
        id: id.chars().take(16).collect(),
        source: Source {
            path: path.to_owned(),
            sha256,
            bytes,
            format: Format::Unknown,
            producer: None,
            pages: None,
            sheets: None,
            modified: None,
        },
        status: Status::Failed,
        identity: Identity::default(),
        sections: Vec::new(),
        bookmarks: Vec::new(),
        tables: Vec::new(),
        charts: Vec::new(),
        facts: Vec::new(),
        indicators: Vec::new(),
        checks: CheckCounts::default(),
        findings: Vec::new(),
        notes: Vec::new(),
    }
}

fn describe_source(source: &mut Source, raw: &RawDocument) {
    source.producer.clone_from(&raw.producer);
    source.modified.clone_from(&raw.modified);
    source.pages = u32::try_from(raw.pages.len()).ok().filter(|&n| n > 0).or(raw.page_count);
    source.sheets = u32::try_from(raw.sheets.len()).ok().filter(|&n| n > 0);
}

/// The file name as a clue to what the document is: that of an address without its query, its escapes undone
/// (RFC 3986 §2.1).
fn name_clue(uri: &str) -> String {
    let name = file_name(uri);
    if !uri.contains("://") {
        return name.to_owned();
    }
    let path = uri.split(['?', '#']).next().unwrap_or(uri);
    let mut rest = file_name(path).bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        let digits: Vec<u8> = if byte == b'%' { rest.clone().take(2).collect() } else { Vec::new() };
        let escaped = std::str::from_utf8(&digits).ok().filter(|d| d.len() == 2);
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|n| char::from_digit(n.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_address_is_readable() {
        assert_eq!(name_clue("https://a.cn/f/%E5%86%B3%E7%AE%97.pdf?id=1/2#p"), "决算.pdf");
        assert_eq!(name_clue("https://a.cn/100%.pdf"), "100%.pdf");
        assert_eq!(name_clue("收入/100%41.pdf"), "100%41.pdf", "a path has no escapes");
    }
}
