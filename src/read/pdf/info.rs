//! The document information dictionary (ISO 32000-2 §14.3.3): who made the file, and when it last changed.

use hayro_syntax::metadata::Metadata;
use hayro_syntax::object::DateTime;

/// The producing program, or the authoring one where only that is told.
pub(super) fn producer(metadata: &Metadata) -> Option<String> {
    let told = |bytes: &Option<Box<[u8]>>| bytes.as_deref().map(decode_text).filter(|t| !t.is_empty());
    told(&metadata.producer).or_else(|| told(&metadata.creator))
}

/// The modification date, or the creation date where only that is told, as ISO 8601.
pub(super) fn modified(metadata: &Metadata) -> Option<String> {
    metadata.modification_date.as_ref().or(metadata.creation_date.as_ref()).map(iso_8601)
}

fn iso_8601(date: &DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, utc_offset_hour, utc_offset_minute } = date;
    let zone = if *utc_offset_hour == 0 && *utc_offset_minute == 0 {
        "Z".to_owned()
    } else {
        format!("{utc_offset_hour:+03}:{utc_offset_minute:02}")
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
}

/// Decodes a text string (ISO 32000-2 §7.9.2.2): UTF-16 or UTF-8 by its mark, else as the producer meant it.
///
/// Chinese producers write GBK where the standard wants PDFDocEncoding; ASCII is the same in both.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => encoding_rs::GBK.decode_without_bom_handling(bytes).0,
        },
    };
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_string_is_read_by_its_mark() {
        assert_eq!(decode_text(b"\xFE\xFF\x51\xB3\x7B\x97"), "决算");
        assert_eq!(decode_text("决算".as_bytes()), "决算");
        assert_eq!(decode_text(b"WPS \xCE\xC4\xD7\xD6\0"), "WPS 文字");
    }

    #[test]
    fn a_date_keeps_its_zone() {
        let date = DateTime {
            year: 2024,
            month: 8,
            day: 6,
            hour: 9,
            minute: 5,
            second: 1,
            utc_offset_hour: 8,
            utc_offset_minute: 0,
        };
        assert_eq!(iso_8601(&date), "2024-08-06T09:05:01+08:00");
        assert_eq!(iso_8601(&DateTime { utc_offset_hour: 0, ..date }), "2024-08-06T09:05:01Z");
    }
}
