//! PDF (ISO 32000) by hayro: what a page paints, lowered to [`Page`]s of glyphs, rules and images.
//!
//! [`device`] is the canvas that the interpreter paints on, [`outline`] walks the document outline, [`info`]
//! reads the document information dictionary. Form XObjects, rotation and the crop box are resolved by the
//! interpreter; nothing here puts glyphs into lines or rules into tables.

mod device;
mod info;
mod outline;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret_page};
use hayro_syntax::page::Page as PdfPage;
use hayro_syntax::{DecryptionError, LoadPdfError};
use kurbo::Affine;

use self::device::PageDevice;
use super::Reader;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Format, Location, Note, NoteKind, Page, RawDocument, Rect};

/// Reads PDF files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pdf;

impl Reader for Pdf {
    /// Reads glyphs, rules and images of every page, the outline, and who made the file.
    ///
    /// # Errors
    /// When a password is needed, when no page can be found, when there are more pages or more marks on a page
    /// than the limits allow, or when the time is used up.
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
        let pdf = hayro_syntax::Pdf::new(bytes.to_vec()).map_err(load_error)?;
        let pages = pdf.pages();
        Limits::check("the number of pages", "pages", pages.len() as u64, limits.pages)?;
        let mut raw = RawDocument::new(Format::Pdf);
        let cache = InterpreterCache::new();
        for (number, page) in (1u32..).zip(pages.iter()) {
            deadline.check()?;
            let (page, notes) = read_page(page, number, &cache, limits)?;
            raw.pages.push(page);
            raw.notes.extend(notes);
        }
        if raw.pages.is_empty() {
            return Err(Error::damaged("PDF", "it has no pages"));
        }
        raw.outline = outline::read_outline(pdf.xref(), pages);
        raw.producer = info::producer(pdf.metadata());
        raw.modified = info::modified(pdf.metadata());
        Ok(raw)
    }
}

fn load_error(error: LoadPdfError) -> Error {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => {
            ErrorKind::Encrypted { format: "PDF" }.into()
        }
        LoadPdfError::Decryption(DecryptionError::MissingIDEntry) => {
            Error::damaged("PDF", "it is encrypted but its trailer has no ID")
        }
        LoadPdfError::Decryption(DecryptionError::InvalidEncryption) => {
            Error::damaged("PDF", "its encryption dictionary cannot be used")
        }
        LoadPdfError::Invalid => Error::damaged("PDF", "it has no readable cross-reference table or page tree"),
    }
}

/// Interprets one page; what the interpreter warns of and what its fonts do not tell become notes.
fn read_page<'a>(
    page: &PdfPage<'a>,
    number: u32,
    cache: &InterpreterCache<'a>,
    limits: &Limits,
) -> Result<(Page, Vec<Note>)> {
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let transform = Affine::new(page.initial_transform(true).as_coeffs().map(f64::from));
    let area = kurbo::Rect::new(0.0, 0.0, width, height);
    let mut context = Context::new(transform, area, cache, page.xref(), settings(&warnings));
    let mut device = PageDevice::new(number, width, height, limits.page_marks);
    interpret_page(page, &mut context, &mut device);
    let place = Location { page: Some(number), ..Location::default() };
    Limits::check("the number of glyphs and rules of a page", "page_marks", device.marks(), limits.page_marks)
        .map_err(|e| e.at(place.clone()))?;
    let page = device.into_page();
    let warnings = std::mem::take(&mut *warnings.lock().unwrap_or_else(PoisonError::into_inner));
    let mut notes = warning_notes(&warnings, &place);
    notes.extend(unknown_characters(&page));
    Ok((page, notes))
}

fn settings(warnings: &Arc<Mutex<Vec<InterpreterWarning>>>) -> InterpreterSettings {
    let sink = Arc::clone(warnings);
    InterpreterSettings {
        warning_sink: Arc::new(move |warning| sink.lock().unwrap_or_else(PoisonError::into_inner).push(warning)),
        ..InterpreterSettings::default()
    }
}

/// One note for each kind of warning of a page.
fn warning_notes(warnings: &[InterpreterWarning], place: &Location) -> Vec<Note> {
    let told: BTreeSet<(NoteKind, &str)> = warnings.iter().map(|w| describe(*w)).collect();
    told.into_iter().map(|(kind, message)| Note::new(kind, message, place.clone())).collect()
}

fn describe(warning: InterpreterWarning) -> (NoteKind, &'static str) {
    match warning {
        InterpreterWarning::UnsupportedFont => {
            (NoteKind::SkippedPart, "a font of this page cannot be used: its text is missing")
        }
        InterpreterWarning::UnresolvedAnnotationAppearance => {
            (NoteKind::LeftOut, "an annotation of this page has an appearance that cannot be drawn")
        }
        InterpreterWarning::ImageDecodeFailure => (NoteKind::LeftOut, "an image of this page cannot be decoded"),
        _ => (NoteKind::Repaired, "the page breaks the rules of its format but could be read"),
    }
}

fn unknown_characters(page: &Page) -> Option<Note> {
    let unknown: Vec<Rect> = page.glyphs.iter().filter(|g| g.c == '\u{FFFD}').map(|g| g.rect).collect();
    let area = unknown.iter().copied().reduce(|a, b| a.union(&b))?;
    let message = format!("{} characters whose font does not say what they are", unknown.len());
    Some(Note::new(NoteKind::UnknownEncoding, message, Location::on_page(page.number, area)))
}
