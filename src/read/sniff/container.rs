//! What lies in a zip package or a compound file: told by the parts, not by their content.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::error::{ErrorKind, Result};
use crate::model::Format;
use crate::read::compound::{Compound, u16_at};

use super::{contains, unsupported};

/// Bytes of a small part that are looked at.
const PART: u64 = 1 << 20;

/// Entries of a zip package whose names are looked at.
const ENTRIES: usize = 20_000;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Tells what a compound file holds ([MS-CFB]).
pub(super) fn compound_format(bytes: &[u8]) -> Result<Format> {
    let compound = Compound::open(bytes)?;
    let has = |name: &str| compound.contains(name);
    if has("EncryptedPackage") {
        return Err(ErrorKind::Encrypted { format: "OOXML" }.into());
    }
    if has("Workbook") || has("Book") {
        return Ok(Format::Xls);
    }
    if has("WordDocument") || has("WPS_Document") {
        return if is_encrypted_word(&compound) {
            Err(ErrorKind::Encrypted { format: "Word 97" }.into())
        } else {
            Ok(Format::Doc)
        };
    }
    if has("PowerPoint Document") {
        return Ok(Format::Slides);
    }
    if compound.names().any(|n| n.starts_with("__substg1.0")) {
        return Err(unsupported("an Outlook message (.msg); save its attachments"));
    }
    Err(unsupported("an OLE file that is no workbook; convert it with LibreOffice if it is a document"))
}

/// Whether the file information block says `fEncrypted` ([MS-DOC] §2.5.2).
fn is_encrypted_word(compound: &Compound) -> bool {
    let stream = compound.stream("WordDocument").unwrap_or_default();
    u16_at(&stream, 10).is_some_and(|flags| flags & 0x0100 != 0)
}

/// Tells what a zip package holds. A package that is cut off is still told by the names in it, so that its
/// reader can say what is wrong.
pub(super) fn package_format(bytes: &[u8]) -> Result<Format> {
    let Ok(mut archive) = Archive::new(Cursor::new(bytes)) else { return cut_package_format(bytes) };
    let types = small_part(&mut archive, "[Content_Types].xml");
    let main = small_part(&mut archive, "_rels/.rels");
    let names: Vec<String> = archive.file_names().flatten().take(ENTRIES).map(|n| n.replace('\\', "/")).collect();
    if let Some(format) = open_document(&small_part(&mut archive, "mimetype"))? {
        return Ok(format);
    }
    if let Some(format) = by_content_type(&types).or_else(|| by_parts(&main, &names)) {
        return Ok(format);
    }
    Err(unsupported(&other_package(&names)))
}

fn small_part(archive: &mut Archive, name: &str) -> String {
    let mut bytes = Vec::new();
    if let Ok(part) = archive.by_name(name) {
        // What cannot be unpacked to its end still tells by its beginning.
        let _ = part.take(PART).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn open_document(mimetype: &str) -> Result<Option<Format>> {
    let Some(kind) = mimetype.trim().strip_prefix("application/vnd.oasis.opendocument.") else { return Ok(None) };
    for (start, format) in [("spreadsheet", Format::Ods), ("text", Format::Odt), ("presentation", Format::Slides)] {
        if kind.starts_with(start) {
            return Ok(Some(format));
        }
    }
    Err(unsupported(&format!("an OpenDocument {kind} file; convert it to DOCX with LibreOffice")))
}

/// The main part's content type (ECMA-376-1:2016 §11.3, §12.3).
fn by_content_type(types: &str) -> Option<Format> {
    let has = |mark: &str| types.contains(mark);
    if has("ms-excel.sheet.binary.macroEnabled.main") {
        Some(Format::Xlsb)
    } else if has("wordprocessingml.document.main") || has("wordprocessingml.template.main") || has("ms-word.") {
        Some(Format::Docx)
    } else if has("spreadsheetml.sheet.main") || has("spreadsheetml.template.main") || has("ms-excel.sheet.macro") {
        Some(Format::Xlsx)
    } else if has("presentationml.") {
        Some(Format::Slides)
    } else {
        None
    }
}

/// Producers get content types wrong; the parts themselves are there or not.
fn by_parts(main: &str, names: &[String]) -> Option<Format> {
    let has = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name)) || main.contains(name);
    if has("xl/workbook.bin") {
        Some(Format::Xlsb)
    } else if has("word/document.xml") {
        Some(Format::Docx)
    } else if has("xl/workbook.xml") {
        Some(Format::Xlsx)
    } else {
        None
    }
}

fn cut_package_format(bytes: &[u8]) -> Result<Format> {
    for (mark, format) in [
        (&b"opendocument.spreadsheet"[..], Format::Ods),
        (b"xl/workbook.bin", Format::Xlsb),
        (b"word/", Format::Docx),
        (b"xl/", Format::Xlsx),
    ] {
        if contains(bytes, mark) {
            return Ok(format);
        }
    }
    Err(unsupported("a damaged zip archive"))
}

fn other_package(names: &[String]) -> String {
    if names.iter().any(|n| n.ends_with("OFD.xml")) {
        return "an OFD document; convert it to PDF".into();
    }
    match names.iter().find(|n| !n.ends_with('/')) {
        Some(first) => format!("a zip archive of {} files such as {first}; unpack it first", names.len()),
        None => "an empty zip archive".into(),
    }
}
