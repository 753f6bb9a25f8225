//! Which encoding plain text is in: byte order marks first, then UTF-8, then GB18030. Used to tell delimited
//! text from binary data, and to read it.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Decodes text of an unknown encoding, a byte order mark taken off; the second value is false when characters
/// were lost on the way.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    let encoding = guess(bytes);
    let (text, _, lossy) = encoding.decode(bytes);
    (text.into_owned(), !lossy)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = bare_utf16(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 }
}

/// UTF-16 without a mark: ASCII in it leaves every other byte zero.
fn bare_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024) & !1)?;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, most) = (zeros(0), zeros(1), head.len() / 20);
    match (even, odd) {
        (0, odd) if odd > most => Some(UTF_16LE),
        (even, 0) if even > most => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether decoded text looks like text: nothing lost, and no control characters but white space.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let (text, whole) = decode(bytes);
    whole && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chinese_encoding_is_told() {
        let text = "项目,金额\n合计,12.50\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for bytes in [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned(), utf16, marked] {
            assert_eq!(decode(&bytes), (text.to_owned(), true));
            assert!(is_plain(&bytes));
        }
    }

    #[test]
    fn binary_data_is_no_text() {
        assert!(!is_plain(&[0, 1, 2, 3, 0xFF, 0xFE, 0x80]));
    }
}
