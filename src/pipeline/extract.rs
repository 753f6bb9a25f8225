//! The path of one document: bytes to report, in this process.

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;
use crate::limits::{Deadline, Limits};
use crate::model::{
    CheckCounts, Content, Format, Identity, Location, Note, NoteKind, RawDocument, Report, SCHEMA, Source, Status,
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

fn fill(report: &mut Report, bytes: &[u8], forms: &Forms, limits: &Limits) -> Result<()> {
    Limits::check("the file's size in bytes", "file_bytes", bytes.len() as u64, limits.file_bytes)?;
    let deadline = Deadline::start(limits);
    let name = file_name(&report.source.path).to_owned();
    let sniffed = read::sniff(bytes, &name)?;
    report.source.format = sniffed.format;
    report.notes.extend(sniffed.note);
    let raw = read::read(bytes, sniffed.format, limits, &deadline)?;
    describe_source(&mut report.source, &raw);
    let mut content = structure::structure(raw, forms, limits, &deadline)?;
    let reading = fiscal::read_figures(&mut content, &name, forms);
    report.identity = reading.identity;
    report.facts = reading.facts;
    report.indicators = reading.indicators;
    take_content(report, content);
    let answers = check::check(report, forms);
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

fn fail(report: &mut Report, error: &Error) {
    report.status = match error.kind() {
        ErrorKind::Unsupported { .. } | ErrorKind::Encrypted { .. } | ErrorKind::Limit { .. } => Status::Refused,
        _ => Status::Failed,
    };
    report.notes.push(Note::new(NoteKind::Error, error.kind().to_string(), error.location().clone()));
}

/// The report of a document of which nothing is known but its bytes.
pub(crate) fn empty_report(bytes: &[u8], path: &str) -> Report {
    let sha256 = hex(&Sha256::digest(bytes));
    let id = hex(&Sha256::digest(format!("{sha256} {EXTRACTOR}").as_bytes()));
    Report {
        schema: SCHEMA.to_owned(),
        id: id.chars().take(16).collect(),
        source: Source {
            path: path.to_owned(),
            sha256,
            bytes: bytes.len() as u64,
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
    source.pages = u32::try_from(raw.pages.len()).ok().filter(|&n| n > 0);
    source.sheets = u32::try_from(raw.sheets.len()).ok().filter(|&n| n > 0);
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|n| char::from_digit(n.into(), 16)).collect()
}
