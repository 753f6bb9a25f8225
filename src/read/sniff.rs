//! Telling what a file is by its first bytes and its parts. The name is used twice only: it breaks ties for
//! delimited text, which has no mark of its own, and it is compared with the answer.

mod container;

use crate::error::{ErrorKind, Result};
use crate::model::{Format, Location, Note, NoteKind};

use super::compound::SIGNATURE;
use super::html;
use super::sheet::delimiter;
use super::text;

/// How far into a file the header of a PDF may stand (ISO 32000-1:2008 annex H.3.4.1).
const PDF_HEAD: usize = 1024;

/// How much of a file is decoded to tell delimited text.
const TEXT_HEAD: usize = 64 << 10;

/// What the content of a file is, and a note when its name says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Sniffed {
    /// The format to read it as.
    pub format: Format,
    /// [`WrongExtension`](NoteKind::WrongExtension), where that is so.
    pub note: Option<Note>,
}

/// Tells a file's format by its content; the name only breaks ties (CSV has no mark of its own).
///
/// # Errors
/// When the content is no format that we read, or is encrypted; the error says what it is instead.
pub fn sniff(bytes: &[u8], name: &str) -> Result<Sniffed> {
    let extension = extension(name);
    let format = format_of(bytes, extension.as_deref())?;
    Ok(Sniffed { format, note: extension.and_then(|e| note_wrong_extension(format, &e)) })
}

fn format_of(bytes: &[u8], extension: Option<&str>) -> Result<Format> {
    if bytes.is_empty() {
        return Err(unsupported("an empty file"));
    }
    if bytes.starts_with(&SIGNATURE) {
        return container::compound_format(bytes);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return container::package_format(bytes);
    }
    if contains(head(bytes, PDF_HEAD), b"%PDF-") {
        return Ok(Format::Pdf);
    }
    // A PDF that lost its header still has objects, and readers mend the rest.
    if extension == Some("pdf") && contains(head(bytes, TEXT_HEAD), b"endobj") {
        return Ok(Format::Pdf);
    }
    if let Some(format) = bare_biff(bytes)? {
        return Ok(format);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Ok(Format::Rtf);
    }
    if let Some(found) = known_binary(bytes) {
        return Err(unsupported(found));
    }
    text_format(bytes, extension)
}

/// A BIFF stream without a compound file around it, told by its BOF record ([MS-XLS] §2.4.21).
fn bare_biff(bytes: &[u8]) -> Result<Option<Format>> {
    match bytes {
        [0x09, 0x08, 0x08 | 0x10, 0x00, 0x00, 0x05 | 0x06, ..] => Ok(Some(Format::Xls)),
        [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..] => {
            Err(unsupported("an Excel 2 to 4 worksheet; convert it to XLSX with LibreOffice"))
        }
        _ => Ok(None),
    }
}

fn known_binary(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 12] = [
        (b"\x89PNG", "a PNG image; it needs OCR"),
        (b"\xFF\xD8\xFF", "a JPEG image; it needs OCR"),
        (b"GIF8", "a GIF image; it needs OCR"),
        (b"BM", "a BMP image; it needs OCR"),
        (b"II*\0", "a TIFF image; it needs OCR"),
        (b"MM\0*", "a TIFF image; it needs OCR"),
        (b"Rar!", "a RAR archive; unpack it first"),
        (b"7z\xBC\xAF", "a 7-Zip archive; unpack it first"),
        (b"\x1F\x8B", "a gzip archive; unpack it first"),
        (b"MIME-Version:", "a web archive (MHTML); save it as DOCX or XLSX"),
        (b"AT&TFORM", "a DjVu document; it needs OCR"),
        (b"%!PS", "a PostScript document; convert it to PDF"),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("a WebP image; it needs OCR");
    }
    let (_, found) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark))?;
    // Text may start with the letters BM too: a bitmap has binary data behind them.
    (*found != "a BMP image; it needs OCR" || !text::is_plain(head(bytes, PDF_HEAD))).then_some(*found)
}

/// Markup, delimited text, or nothing that we know.
fn text_format(bytes: &[u8], extension: Option<&str>) -> Result<Format> {
    let sample = whole_lines(head(bytes, TEXT_HEAD), bytes.len());
    if !text::is_plain(sample) {
        return Err(unsupported("binary data of an unknown kind"));
    }
    let (text, _) = text::decode(sample);
    if text.trim().is_empty() {
        return Err(unsupported("a file of white space only"));
    }
    if text.trim_start().starts_with('<') {
        return markup_format(&text).map_err(|found| unsupported(&after_name(found, extension)));
    }
    if matches!(extension, Some("csv" | "tsv" | "tab")) || delimiter(&text).is_some() {
        return Ok(Format::Csv);
    }
    Err(unsupported("plain text without columns"))
}

/// Tells what markup is by its first tags; the error says what it is that we do not read.
fn markup_format(text: &str) -> Result<Format, &'static str> {
    let start: String = text.trim_start().chars().take(2048).collect::<String>().to_ascii_lowercase();
    let has = |mark: &str| start.contains(mark);
    if has("urn:schemas-microsoft-com:office:spreadsheet") && has("<workbook") {
        Ok(Format::ExcelXml)
    } else if has("<w:worddocument") || has("word/2003/wordml") {
        Ok(Format::WordXml)
    } else if has("<pkg:package") {
        Err("a Word XML package; save it as DOCX")
    } else if has("<office:document") {
        Err("a flat OpenDocument file; save it as ODS or DOCX")
    } else if html::is_page(&start) {
        Ok(Format::Html)
    } else {
        Err("an XML file")
    }
}

fn after_name(found: &str, extension: Option<&str>) -> String {
    match extension {
        Some(extension) if !matches!(extension, "html" | "htm" | "xml" | "mht") => {
            format!("{found} saved as .{extension}")
        }
        _ => found.to_owned(),
    }
}

/// A sample cut at a line end, so that no character of several bytes is cut in two.
fn whole_lines(sample: &[u8], total: usize) -> &[u8] {
    if sample.len() == total {
        return sample;
    }
    let end = sample.iter().rposition(|&b| b == b'\n').unwrap_or(sample.len());
    // In UTF-16 the zero of a line end stands behind it (little endian); take whole pairs.
    let end = if sample.get(end + 1) == Some(&0) { end + 2 } else { end };
    head(sample, end)
}

fn note_wrong_extension(format: Format, extension: &str) -> Option<Note> {
    let (usual, name): (&[&str], &str) = match format {
        Format::Docx => (&["docx", "docm", "dotx", "dotm", "wps", "wpt"], "a DOCX document"),
        Format::Pdf => (&["pdf"], "a PDF document"),
        Format::Xlsx => (&["xlsx", "xlsm", "xltx", "xltm", "et", "ett"], "an XLSX workbook"),
        Format::Xls => (&["xls", "xlt", "et", "ett"], "an XLS workbook"),
        Format::Xlsb => (&["xlsb"], "an XLSB workbook"),
        Format::Ods => (&["ods", "ots"], "an OpenDocument spreadsheet"),
        Format::Csv => (&["csv", "tsv", "tab", "txt"], "delimited text"),
        Format::Html => (&["html", "htm", "shtml", "xhtml"], "an HTML page"),
        Format::Doc => (&["doc", "dot", "wps", "wpt"], "a Word 97 document"),
        Format::Rtf => (&["rtf", "doc"], "an RTF document"),
        Format::Odt => (&["odt", "ott"], "an OpenDocument text"),
        Format::WordXml => (&["xml", "doc"], "a Word 2003 XML document"),
        Format::ExcelXml => (&["xml", "xls"], "an Excel 2003 XML workbook"),
        Format::Slides => (&["ppt", "pptx", "pps", "ppsx", "dps", "odp"], "a presentation"),
        Format::Unknown => return None,
    };
    let message = format!("the name ends in .{extension}, the content is {name}");
    let wrong = !usual.contains(&extension);
    wrong.then(|| Note::new(NoteKind::WrongExtension, message, Location::default()))
}

/// The letters behind the last dot of a name, lower case, where they look like an extension.
fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let looks_like_one = (1..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    let only_digits = extension.bytes().all(|b| b.is_ascii_digit());
    (!stem.is_empty() && looks_like_one && !only_digits).then(|| extension.to_ascii_lowercase())
}

fn head(bytes: &[u8], length: usize) -> &[u8] {
    bytes.get(..length).unwrap_or(bytes)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|w| w == wanted)
}

fn unsupported(found: &str) -> crate::error::Error {
    ErrorKind::Unsupported { found: found.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_short_and_not_only_digits() {
        assert_eq!(extension("2024年部门决算.PDF").as_deref(), Some("pdf"));
        assert_eq!(extension("a.pdf.pdf").as_deref(), Some("pdf"));
        for none in ["报告", "第1.2", "报告.二〇二四", ".hidden", "a.longword"] {
            assert_eq!(extension(none), None, "{none}");
        }
    }

    #[test]
    fn a_sample_of_two_byte_text_ends_on_a_line() {
        let text: Vec<u8> = "一,二\n三,四\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(whole_lines(&text[..13], text.len()), &text[..8]);
        assert_eq!(whole_lines(&text, text.len()), &text[..]);
    }
}
