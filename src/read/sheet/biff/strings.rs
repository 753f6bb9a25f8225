//! Strings of BIFF: in the code page of the workbook before BIFF8, in one- or two-byte Unicode from then on,
//! and the shared string table, whose strings run over the borders of records.

use encoding_rs::Encoding;

use crate::read::compound::{u16_at, u32_at};

/// A string behind a one-byte length: a sheet's name, or a format code before BIFF8.
pub(super) fn short_name(data: &[u8], biff8: bool, encoding: &'static Encoding) -> Option<String> {
    let length = usize::from(*data.first()?);
    if biff8 {
        Some(characters(data.get(2..)?, length, *data.get(1)?))
    } else {
        bytes(data.get(1..)?, length, encoding)
    }
}

/// XLUnicodeString ([MS-XLS] §2.5.294): two bytes of length, flags, characters.
pub(super) fn unicode(data: &[u8]) -> Option<String> {
    Some(characters(data.get(3..)?, usize::from(u16_at(data, 0)?), *data.get(2)?))
}

/// A string behind a two-byte length, as a cell holds it.
pub(super) fn label(data: &[u8], biff8: bool, encoding: &'static Encoding) -> Option<String> {
    if biff8 { unicode(data) } else { bytes(data.get(2..)?, usize::from(u16_at(data, 0)?), encoding) }
}

fn bytes(data: &[u8], length: usize, encoding: &'static Encoding) -> Option<String> {
    let data = data.get(..length.min(data.len()))?;
    Some(encoding.decode_without_bom_handling(data).0.into_owned())
}

/// As many characters as there are, at most `length`; bit 0 of the flags says two bytes each.
fn characters(data: &[u8], length: usize, flags: u8) -> String {
    if flags & 1 == 0 {
        return data.iter().take(length).map(|&b| char::from(b)).collect();
    }
    let units: Vec<u16> = data.chunks_exact(2).take(length).filter_map(|pair| u16_at(pair, 0)).collect();
    String::from_utf16_lossy(&units)
}

/// The shared string table ([MS-XLS] §2.4.265): its record and the continuations.
///
/// A string that the data ends in is kept as far as it goes.
pub(super) fn shared_strings(segments: Vec<&[u8]>) -> Vec<String> {
    let mut cursor = Cursor { segments, at: 8, segment: 0 };
    let mut strings = Vec::new();
    while let Some(text) = cursor.rich_string() {
        strings.push(text);
    }
    strings
}

/// A reader over the data of several records.
struct Cursor<'a> {
    segments: Vec<&'a [u8]>,
    segment: usize,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        self.segments.get(self.segment).and_then(|s| s.get(self.at..)).unwrap_or_default()
    }

    fn turn(&mut self) -> bool {
        self.segment += 1;
        self.at = 0;
        self.segment < self.segments.len()
    }

    /// Fixed fields never run over a border: a short rest is skipped.
    fn fixed(&mut self, length: usize) -> Option<&'a [u8]> {
        while self.rest().len() < length {
            if !self.turn() {
                return None;
            }
        }
        let field = self.rest().get(..length)?;
        self.at += length;
        Some(field)
    }

    fn skip(&mut self, mut length: usize) {
        while length > self.rest().len() {
            length -= self.rest().len();
            if !self.turn() {
                return;
            }
        }
        self.at += length;
    }

    /// XLUnicodeRichExtendedString ([MS-XLS] §2.5.293).
    fn rich_string(&mut self) -> Option<String> {
        let head = self.fixed(3)?;
        let (length, flags) = (usize::from(u16_at(head, 0)?), *head.get(2)?);
        let runs = if flags & 8 != 0 { usize::from(u16_at(self.fixed(2)?, 0)?) } else { 0 };
        let extension = if flags & 4 != 0 { usize::try_from(u32_at(self.fixed(4)?, 0)?).ok()? } else { 0 };
        let text = self.text(length, flags & 1 != 0);
        self.skip(runs * 4);
        self.skip(extension);
        Some(text)
    }

    /// Characters; where they run over a border, the next record starts with fresh flags.
    fn text(&mut self, mut length: usize, mut wide: bool) -> String {
        let mut units: Vec<u16> = Vec::new();
        loop {
            let width = if wide { 2 } else { 1 };
            let chunk = self.rest();
            let here = (chunk.len() / width).min(length);
            let chars = chunk.get(..here * width).unwrap_or_default();
            units.extend(chars.chunks_exact(width).filter_map(|c| u16_at(c, 0).or(c.first().map(|&b| u16::from(b)))));
            self.at += here * width;
            length -= here;
            if length == 0 || !self.turn() {
                return String::from_utf16_lossy(&units);
            }
            wide = self.rest().first().is_some_and(|flags| flags & 1 != 0);
            self.at = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_goes_on_behind_a_border_in_another_width() {
        let mut first = vec![0; 8];
        first.extend([4, 0, 0, b'a', b'b']);
        let mut second = vec![1];
        second.extend("合计".encode_utf16().flat_map(u16::to_le_bytes));
        second.extend([1, 0, 0, b'c']);
        assert_eq!(shared_strings(vec![&first, &second]), ["ab合计", "c"]);
    }

    #[test]
    fn rich_runs_and_extensions_are_skipped() {
        let mut data = vec![0; 8];
        data.extend([1, 0, 0x0C, 1, 0, 3, 0, 0, 0, b'x', 9, 9, 9, 9, 7, 7, 7]);
        data.extend([1, 0, 0, b'y']);
        assert_eq!(shared_strings(vec![&data]), ["x", "y"]);
    }

    #[test]
    fn old_strings_are_in_the_code_page() {
        assert_eq!(label(&[4, 0, 0xBA, 0xCF, 0xBC, 0xC6], false, encoding_rs::GBK).as_deref(), Some("合计"));
        assert_eq!(label(&[2, 0, 0, b'o', b'k'], true, encoding_rs::GBK).as_deref(), Some("ok"));
        assert_eq!(label(&[2], true, encoding_rs::GBK), None);
    }
}
