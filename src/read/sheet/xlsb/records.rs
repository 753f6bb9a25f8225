//! Records of [MS-XLSB] §2.1.4 and the strings in them.

use crate::error::{Error, Result};
use crate::read::compound::u32_at;

/// One record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
}

/// The records of a part in order; one that is cut off by its end is an error, the last.
pub(super) struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    pub(super) fn new(part: &'a [u8]) -> Self {
        Self(part)
    }

    fn take(&mut self) -> Option<Record<'a>> {
        let kind = u16::try_from(self.number(2)?).ok()?;
        let length = usize::try_from(self.number(4)?).ok()?;
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Record { kind, data })
    }

    /// A number in seven bits a byte, the lowest first; of a record's type the eighth bits are kept out too.
    fn number(&mut self, most: usize) -> Option<u32> {
        let mut value = 0;
        for place in 0..most {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let record = self.take();
        if record.is_none() {
            self.0 = &[];
        }
        Some(record.ok_or_else(|| Error::damaged("XLSB", "it breaks off within a record")))
    }
}

/// XLWideString (§2.5.169) and how many bytes it takes; a null string is empty.
pub(super) fn wide_string(data: &[u8]) -> Option<(String, usize)> {
    let count = u32_at(data, 0)?;
    if count == u32::MAX {
        return Some((String::new(), 4));
    }
    let bytes = usize::try_from(count).ok()?.checked_mul(2)?;
    let units: Vec<u16> =
        data.get(4..)?.get(..bytes)?.chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]])).collect();
    Some((String::from_utf16_lossy(&units), 4 + bytes))
}

/// RichStr (§2.5.121): flags, then the text; its runs are left aside.
pub(super) fn rich_string(data: &[u8]) -> Option<String> {
    Some(wide_string(data.get(1..)?)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_types_and_lengths_take_more_bytes() {
        let mut part = vec![0x9C, 0x01, 0x81, 0x01];
        part.extend([7; 129]);
        part.extend([0x02, 0x01, 0x05, 0x13]);
        let records: Vec<_> = Records::new(&part).map(|r| r.map(|r| (r.kind, r.data.len())).ok()).collect();
        assert_eq!(records, [Some((156, 129)), Some((2, 1)), None]);
    }

    #[test]
    fn a_string_longer_than_its_record_is_none() {
        assert_eq!(wide_string(&[1, 0, 0, 0, 0x2D, 0x4E]), Some(("中".into(), 6)));
        assert_eq!(wide_string(&[255, 255, 255, 255]), Some((String::new(), 4)));
        assert_eq!(wide_string(&[2, 0, 0, 0, 0x2D, 0x4E]), None);
    }
}
