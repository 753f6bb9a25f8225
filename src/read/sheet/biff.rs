//! BIFF5 and BIFF8 workbooks ([MS-XLS]), in their compound file or bare, read record by record and sparse.
//!
//! This room knows the records and their order; strings, which run over CONTINUE records, live in
//! [`strings`], single cells in [`cells`].

mod cells;
mod strings;

use std::collections::BTreeMap;
use std::sync::Arc;

use encoding_rs::Encoding;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::model::{Location, Note, NoteKind, RawDocument};
use crate::read::compound::{Compound, SIGNATURE, u16_at, u32_at};

use super::cell;
use super::intake::{Draft, Intake};
use super::number_format::{DateSystem, NumberFormat};
use strings::{shared_strings, short_name};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;

/// One record: its type, and where its data stands in the stream.
#[derive(Debug, Clone, Copy)]
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    /// Offset of the record behind it.
    next: usize,
}

/// What the globals substream says about the whole workbook.
#[derive(Debug)]
struct Globals {
    biff8: bool,
    encoding: &'static Encoding,
    system: DateSystem,
    codes: BTreeMap<u16, NumberFormat>,
    styles: Vec<u16>,
    formats: Vec<NumberFormat>,
    strings: Vec<Arc<str>>,
    sheets: Vec<SheetEntry>,
}

#[derive(Debug)]
struct SheetEntry {
    name: String,
    start: usize,
    hidden: bool,
    worksheet: bool,
}

/// Reads every worksheet into `document`.
///
/// # Errors
/// When there is no workbook stream, it is encrypted, or it passes a limit; a damaged sheet is a note.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    let stream = if bytes.starts_with(&SIGNATURE) { workbook_stream(bytes)? } else { bytes.to_vec() };
    let globals = Globals::read(&stream, intake)?;
    for entry in &globals.sheets {
        let mut draft = Draft::new(&entry.name, entry.hidden);
        if entry.worksheet {
            cells::read_sheet(&stream, entry.start, &globals, &mut draft, intake)?;
            draft.finish(document);
        } else {
            let place = Location { sheet: Some(entry.name.clone()), ..Location::default() };
            document.notes.push(Note::new(NoteKind::LeftOut, "the sheet holds a chart or macros and no cells", place));
        }
    }
    Ok(())
}

fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>> {
    let compound = Compound::open(bytes)?;
    let stream = compound.stream("Workbook").or_else(|| compound.stream("Book"));
    stream.filter(|s| !s.is_empty()).ok_or_else(|| Error::damaged("XLS", "no workbook stream"))
}

/// The record at an offset; `None` at the end, a record cut off by it included.
fn record_at(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let kind = u16_at(stream, at)?;
    let length = usize::from(u16_at(stream, at + 2)?);
    let next = at + 4 + length;
    Some(Record { kind, data: stream.get(at + 4..next)?, next })
}

impl Globals {
    fn read(stream: &[u8], intake: &mut Intake) -> Result<Self> {
        let first = record_at(stream, 0).filter(|r| r.kind == BOF);
        let bof = first.ok_or_else(|| Error::damaged("XLS", "the workbook stream does not start with BOF"))?;
        let mut globals = Self {
            biff8: u16_at(bof.data, 0) == Some(0x0600),
            encoding: encoding_rs::GBK,
            system: DateSystem::From1900,
            codes: BTreeMap::new(),
            styles: Vec::new(),
            formats: Vec::new(),
            strings: Vec::new(),
            sheets: Vec::new(),
        };
        // A bare worksheet (substream type 0x10) has no globals and is its own workbook.
        if u16_at(bof.data, 2) == Some(0x0010) {
            globals.sheets.push(SheetEntry { name: "Sheet1".into(), start: 0, hidden: false, worksheet: true });
        }
        let mut at = bof.next;
        while let Some(record) = record_at(stream, at).filter(|r| r.kind != EOF) {
            intake.tick()?;
            at = globals.take(stream, record)?;
        }
        Limits::check("the number of sheets", "entries", globals.sheets.len() as u64, intake.limits.entries)?;
        globals.formats = globals.formats();
        Ok(globals)
    }

    /// Takes one record and says where the next one stands.
    fn take(&mut self, stream: &[u8], record: Record) -> Result<usize> {
        let data = record.data;
        match record.kind {
            0x002F => return Err(ErrorKind::Encrypted { format: "XLS" }.into()),
            0x0042 => self.encoding = u16_at(data, 0).and_then(code_page).unwrap_or(self.encoding),
            0x0022 if u16_at(data, 0) == Some(1) => self.system = DateSystem::From1904,
            0x041E => {
                if let (Some(id), Some(code)) = (u16_at(data, 0), self.format_code(data)) {
                    self.codes.insert(id, NumberFormat::parse(&code));
                }
            }
            0x00E0 => self.styles.push(u16_at(data, 2).unwrap_or(0)),
            0x0085 => self.sheets.extend(self.sheet_entry(data)),
            0x00FC => {
                let (segments, next) = with_continuations(stream, record);
                let shared = |text: String| Arc::from(cell::line_ends(&text).as_ref());
                self.strings = shared_strings(segments).into_iter().map(shared).collect();
                return Ok(next);
            }
            _ => {}
        }
        Ok(record.next)
    }

    fn format_code(&self, data: &[u8]) -> Option<String> {
        let rest = data.get(2..)?;
        if self.biff8 { strings::unicode(rest) } else { short_name(rest, false, self.encoding) }
    }

    /// BoundSheet8 ([MS-XLS] §2.4.28).
    fn sheet_entry(&self, data: &[u8]) -> Option<SheetEntry> {
        let name = short_name(data.get(6..)?, self.biff8, self.encoding)?;
        Some(SheetEntry {
            name: name.replace('\0', ""),
            start: usize::try_from(u32_at(data, 0)?).ok()?,
            hidden: data.get(4)? & 0x3 != 0,
            worksheet: *data.get(5)? == 0,
        })
    }

    /// The number format of a cell's style; formats of the file come before built-in ones.
    fn formats(&self) -> Vec<NumberFormat> {
        let format = |id: &u16| {
            let code = self.codes.get(id).cloned();
            code.or_else(|| NumberFormat::builtin(u32::from(*id))).unwrap_or_else(NumberFormat::general)
        };
        self.styles.iter().map(format).collect()
    }
}

/// The data of a record and of the CONTINUE records behind it.
fn with_continuations<'a>(stream: &'a [u8], record: Record<'a>) -> (Vec<&'a [u8]>, usize) {
    let mut segments = vec![record.data];
    let mut next = record.next;
    while let Some(more) = record_at(stream, next).filter(|r| r.kind == CONTINUE) {
        segments.push(more.data);
        next = more.next;
    }
    (segments, next)
}

/// The encoding of a Windows code page ([MS-XLS] §2.4.52).
fn code_page(number: u16) -> Option<&'static Encoding> {
    Some(match number {
        936 | 54936 => encoding_rs::GB18030,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        874 => encoding_rs::WINDOWS_874,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 | 0x8001 => encoding_rs::WINDOWS_1252,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        10000 | 0x8000 => encoding_rs::MACINTOSH,
        1200 => encoding_rs::UTF_16LE,
        _ => return None,
    })
}
