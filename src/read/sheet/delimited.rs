//! Comma, tab, semicolon and bar separated text (RFC 4180 and its relatives) as a workbook of one sheet.

use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::model::{Location, Note, NoteKind, RawDocument};
use crate::read::text::decode;

use super::cell;
use super::intake::{Draft, Intake};

/// The name of the one sheet.
const NAME: &str = "csv";

/// Reads the text into one sheet of `document`.
///
/// # Errors
/// When it holds more cells than allowed, or the time is used up.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    Limits::check("the text in bytes", "part_bytes", bytes.len() as u64, intake.limits.part_bytes)?;
    let (text, whole) = decode(bytes);
    if !whole {
        let message = "some characters are in no encoding that we know (UTF-8, UTF-16, GB18030)";
        document.notes.push(Note::new(NoteKind::UnknownEncoding, message, Location::default()));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let delimiter = delimiter(&text).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut draft = Draft::new(NAME, false);
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    while reader.read_record(&mut record).map_err(|e| Error::damaged("CSV", e))? {
        // The parser skips blank lines; whoever opens the file counts them.
        let start = record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(text.len());
        let blank = text.get(start..).unwrap_or_default().bytes().take_while(|&b| b == b'\n').count();
        row += u32::try_from(blank).unwrap_or(u32::MAX);
        for (col, field) in (0u32..).zip(&record) {
            intake.keep(&mut draft, cell::text(row, col, field.trim()))?;
        }
        row += 1;
    }
    draft.finish(document);
    Ok(())
}

/// The delimiter that cuts the lines of a text most evenly; `None` when none cuts two lines alike.
pub(in crate::read) fn delimiter(text: &str) -> Option<u8> {
    const LINES: usize = 50;
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(LINES).collect();
    let mut best = None;
    for delimiter in [b'\t', b',', b';', b'|'] {
        let counts: Vec<usize> = lines.iter().map(|l| count_outside_quotes(l, delimiter)).collect();
        let most_common = counts.iter().filter(|&&c| c > 0).max_by_key(|&&c| (same(&counts, c), c)).copied();
        let Some(count) = most_common else { continue };
        let agreeing = same(&counts, count);
        if agreeing >= 2 && agreeing * 2 >= lines.len() && best.is_none_or(|(most, _)| agreeing > most) {
            best = Some((agreeing, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
}

fn same(counts: &[usize], count: usize) -> usize {
    counts.iter().filter(|&&c| c == count).count()
}

fn count_outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(!quoted && byte == delimiter);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Deadline;

    fn cells(bytes: &[u8]) -> Vec<(u32, u32, String)> {
        let limits = Limits::default();
        let deadline = Deadline::start(&limits);
        let mut document = RawDocument::new(crate::model::Format::Csv);
        read(bytes, &mut Intake::new(&limits, &deadline), &mut document).expect("readable");
        document.sheets.remove(0).cells.into_iter().map(|c| (c.row, c.col, c.text().into_owned())).collect()
    }

    #[test]
    fn quoted_fields_keep_their_delimiters_and_blank_lines_their_rows() {
        let read = cells("项目,金额\n\n\"合计,\n其中\",\"1,278.53\"\n甲,2\n".as_bytes());
        let expected =
            [(0, 0, "项目"), (0, 1, "金额"), (2, 0, "合计,\n其中"), (2, 1, "1,278.53"), (3, 0, "甲"), (3, 1, "2")];
        let expected: Vec<_> = expected.into_iter().map(|(r, c, t)| (r, c, t.to_owned())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn the_delimiter_is_the_one_that_cuts_evenly() {
        assert_eq!(delimiter("a\tb,c\nd\te\n"), Some(b'\t'));
        assert_eq!(delimiter("a;b\n1,5;2\n"), Some(b';'));
        assert_eq!(delimiter("一段文字，没有表格。\n又一段。\n"), None);
    }
}
