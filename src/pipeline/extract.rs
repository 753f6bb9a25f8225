//! The path of one document: bytes to report, in this process.

use std::any::Any;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::Source as Place;
use super::bare::{broken_down, empty_report, fail, read_bytes, unread_report, worker_error};
use super::convert::Conversion;
use super::download::is_address;
use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;
use crate::limits::{Deadline, Limits};
use crate::model::{Content, Location, Note, NoteKind, RawDocument, Report, Source, Status, file_name};
use crate::{check, fiscal, read, structure};

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
/// When the thread cannot be started or panics; then the words of the panic are the reason.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("reader".to_owned()).stack_size(STACK_BYTES);
        let thread = builder.spawn_scoped(scope, work).map_err(|e| Error::io("a thread", e))?;
        thread.join().map_err(|payload| worker_error(format!("panicked: {}", panic_words(&*payload))))
    })
}

/// What a panic said.
pub fn panic_words(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("it did not say why")
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
    if !is_address(Path::new(uri)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_address_is_readable() {
        assert_eq!(name_clue("https://a.cn/f/%E5%86%B3%E7%AE%97.pdf?id=1/2#p"), "决算.pdf");
        assert_eq!(name_clue("https://a.cn/100%.pdf"), "100%.pdf");
        assert_eq!(name_clue("收入/100%41.pdf"), "100%41.pdf", "a path has no escapes");
        assert_eq!(name_clue("s3://a/收入/100%41?.pdf"), "100%41?.pdf", "nor has a key");
    }
}
