//! One worksheet part (§18.3.1): cells, merges, hidden rows and columns, and which drawing lies on it, in one pass.

use std::io::Read;

use crate::error::Result;
use crate::model::{SheetCell, SheetValue};

use super::super::cell;
use super::super::intake::{Draft, Intake};
use super::super::markup::{Event, Markup, Tag, unescape};
use super::super::number_format::NumberFormat;
use super::Workbook;
use super::tables::{RichText, without_escapes};

/// Bytes of the longest value in digits; anything longer is text.
const DIGITS: usize = 64;

/// A worksheet while it is read.
pub(super) struct SheetReader<'a> {
    book: &'a Workbook,
    general: NumberFormat,
    row: u32,
    col: u32,
    cell: OpenCell,
    /// Relationship to the drawing on the sheet.
    pub(super) drawing: Option<String>,
}

/// How a cell's value is to be read (§18.18.11).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Inline,
    Boolean,
    Error,
    Date,
}

/// The cell whose end has not come yet.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // each is an answer of its own
struct OpenCell {
    open: bool,
    kind: Kind,
    style: usize,
    /// Whether the next text is its value.
    in_value: bool,
    has_value: bool,
    has_formula: bool,
    value: Vec<u8>,
    inline: RichText,
}

impl<'a> SheetReader<'a> {
    pub(super) fn new(book: &'a Workbook) -> Self {
        let general = NumberFormat::general();
        Self { book, general, row: 0, col: 0, cell: OpenCell::default(), drawing: None }
    }

    /// Reads the part to its end.
    ///
    /// # Errors
    /// When a limit is passed, or the part is damaged; what stands before the damage is in `draft` then.
    pub(super) fn read<R: Read>(&mut self, mut part: Markup<R>, draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        while let Some(event) = part.next(intake)? {
            match event {
                Event::Open(tag) => self.open(&tag, draft, intake)?,
                Event::Close(name) => self.close(name, draft, intake)?,
                Event::Text(raw) if self.cell.in_value => self.cell.value.extend_from_slice(raw),
                event => self.cell.inline_text(&event),
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag, draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        match tag.name {
            b"c" => {
                self.open_cell(tag);
                if tag.empty {
                    return self.close_cell(draft, intake);
                }
            }
            b"v" if self.cell.open => (self.cell.in_value, self.cell.has_value) = (!tag.empty, true),
            b"f" if self.cell.open => self.cell.has_formula = true,
            b"row" => self.open_row(tag, draft),
            b"is" | b"t" | b"rPh" => self.cell.inline_text(&Event::Open(*tag)),
            b"mergeCell" => {
                if let Some((from, to)) = tag.text(b"ref").as_deref().and_then(range) {
                    intake.merge(draft, from, to)?;
                }
            }
            b"col" if tag.is_on(b"hidden") => {
                let column = |name: &[u8]| tag.number::<u32>(name).and_then(|n| n.checked_sub(1));
                if let (Some(first), Some(last)) = (column(b"min"), column(b"max")) {
                    draft.hide_columns(first, last);
                }
            }
            b"drawing" => self.drawing = tag.text(b"id"),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8], draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        match name {
            b"v" => self.cell.in_value = false,
            b"c" => return self.close_cell(draft, intake),
            b"row" => self.next_row(),
            b"t" | b"rPh" => self.cell.inline_text(&Event::Close(name)),
            _ => {}
        }
        Ok(())
    }

    /// A row says its number, or is the one behind the last.
    fn open_row(&mut self, tag: &Tag, draft: &mut Draft) {
        if let Some(row) = tag.number::<u32>(b"r").and_then(|r| r.checked_sub(1)) {
            self.row = row;
        }
        self.col = 0;
        if tag.is_on(b"hidden") {
            draft.hide_rows(self.row, self.row);
        }
        if tag.empty {
            self.next_row();
        }
    }

    fn next_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.col = 0;
    }

    /// A cell says its place, or is the one to the right of the last.
    fn open_cell(&mut self, tag: &Tag) {
        self.cell.start();
        for (name, value) in tag.attributes() {
            match name {
                b"r" => {
                    if let Some((row, col)) = place(value) {
                        (self.row, self.col) = (row, col);
                    }
                }
                b"s" => self.cell.style = whole(value).map_or(0, |style| style as usize),
                b"t" => self.cell.kind = Kind::of(value),
                _ => {}
            }
        }
    }

    fn close_cell(&mut self, draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        if !std::mem::take(&mut self.cell.open) {
            return Ok(());
        }
        let (row, col) = (self.row, self.col);
        self.col = self.col.saturating_add(1);
        if self.cell.has_formula && !self.cell.has_value && self.cell.kind != Kind::Inline {
            draft.miss(row, col);
            return intake.tick();
        }
        match self.value(row, col, draft) {
            Some(cell) => intake.keep(draft, cell),
            None => intake.tick(),
        }
    }

    fn value(&mut self, row: u32, col: u32, draft: &mut Draft) -> Option<SheetCell> {
        if self.cell.kind == Kind::Inline {
            return Some(cell::shared(row, col, self.cell.inline.finish()));
        }
        let raw = self.cell.value.trim_ascii();
        if raw.is_empty() {
            return None;
        }
        Some(match self.cell.kind {
            Kind::Shared => {
                if let Some(text) = whole(raw).and_then(|index| self.book.strings.get(index as usize)) {
                    cell::shared(row, col, text.clone())
                } else {
                    draft.dangle(row, col);
                    return None;
                }
            }
            Kind::Number if raw.len() <= DIGITS => {
                let format = self.book.formats.get(self.cell.style).unwrap_or(&self.general);
                cell::literal(row, col, &String::from_utf8_lossy(raw), format, self.book.system)
            }
            Kind::Boolean => cell::boolean(row, col, matches!(raw, b"1" | b"true")),
            Kind::Error => cell::error(row, col, &unescape(raw)),
            Kind::Date => SheetCell::new(row, col, SheetValue::DateTime(unescape(raw).as_ref().into())),
            _ => cell::text(row, col, &without_escapes(&unescape(&self.cell.value))),
        })
    }
}

impl OpenCell {
    fn start(&mut self) {
        self.value.clear();
        (self.open, self.in_value, self.has_value, self.has_formula) = (true, false, false, false);
        (self.kind, self.style) = (Kind::Number, 0);
    }

    fn inline_text(&mut self, event: &Event) {
        match event {
            Event::Literal(raw) if self.in_value => self.value.extend_from_slice(raw),
            event if self.open && self.kind == Kind::Inline => self.inline.take(event),
            _ => {}
        }
    }
}

impl Kind {
    fn of(word: &[u8]) -> Self {
        match word {
            b"s" => Self::Shared,
            b"str" => Self::Text,
            b"inlineStr" => Self::Inline,
            b"b" => Self::Boolean,
            b"e" => Self::Error,
            b"d" => Self::Date,
            _ => Self::Number,
        }
    }
}

/// Reads `A1:D4`, or a single place, as two corners from 0.
fn range(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let text = text.replace('$', "");
    let (from, to) = text.split_once(':').unwrap_or((&text, &text));
    Some((place(from.trim().as_bytes())?, place(to.trim().as_bytes())?))
}

/// Reads `B7` as row and column from 0.
fn place(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (column, row) = text.split_at_checked(letters).filter(|(column, _)| (1..=3).contains(&column.len()))?;
    let column = column.iter().fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    Some((whole(row)?.checked_sub(1)?, column - 1))
}

/// Reads a whole number of digits alone.
fn whole(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|d| *d <= 9)?;
        number.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_outside_any_alphabet_is_none() {
        assert_eq!(place(b"B7"), Some((6, 1)));
        assert_eq!(range("$A$1:XFD1048576"), Some(((0, 0), (1_048_575, 16_383))));
        for wrong in ["", "7", "A0", "ABCD1", "A", "表1", "A99999999999"] {
            assert_eq!(place(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
