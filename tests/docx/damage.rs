//! Damaged and hostile packages end in an error with its place, or in a note; never in a panic.

use juesuan::error::ErrorKind;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::NoteKind;
use juesuan::read::Reader;
use juesuan::read::docx::Docx;

use super::builder::{document, p, read, tc, texts};

#[test]
fn a_truncated_file_never_panics() {
    let table = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", tc("", "合计"), tc("", "12.50"));
    let bytes = document(&(p("收入") + &table)).styles("").numbering("").bytes();
    for end in (0..bytes.len()).step_by(97) {
        assert!(read(&bytes[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_changed_byte_never_panics() {
    let bytes = document(&p("收入")).styles("").bytes();
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        let _ = read(&changed);
    }
}

#[test]
fn a_missing_document_part_is_named() {
    let error = read(&document("").part("word/document.xml", b"").bytes()).expect_err("an empty part");
    assert_eq!(error.location().part.as_deref(), Some("word/document.xml"));
    let links = b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'/>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("_rels/.rels", zip::write::SimpleFileOptions::default()).expect("a new entry");
    std::io::Write::write_all(&mut zip, links).expect("memory");
    let error = read(&zip.finish().expect("memory").into_inner()).expect_err("no document part");
    assert_eq!(error.to_string(), "damaged DOCX: the part that holds the document is missing (at word/document.xml)");
}

#[test]
fn a_workbook_is_no_document() {
    let sheet = "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>";
    let error = read(&document("").part("word/document.xml", sheet.as_bytes()).bytes()).expect_err("a workbook");
    assert!(error.to_string().contains("no WordprocessingML document"), "{error}");
}

#[test]
fn an_unknown_entity_is_an_error_with_its_place() {
    let error = read(&document(&(p("1") + &p("&bomb;"))).bytes()).expect_err("an unknown entity");
    assert_eq!(error.to_string(), "damaged XML: unknown entity &bomb; (at word/document.xml paragraph 2)");
}

#[test]
fn a_damaged_part_beside_the_document_is_a_note() {
    let read = document(&p("收入")).styles("").part("word/styles.xml", b"<w:styles").read();
    assert_eq!(texts(&read), ["收入"]);
    assert_eq!(read.notes[0].kind, NoteKind::SkippedPart);
    assert_eq!(read.notes[0].location.part.as_deref(), Some("word/styles.xml"));
}

#[test]
fn a_linked_part_that_is_not_there_is_a_note() {
    let read = document(&p("收入")).link("footnotes", "f", "footnotes.xml").read();
    assert_eq!(read.notes[0].kind, NoteKind::SkippedPart);
}

#[test]
fn nesting_passes_a_limit_and_not_the_stack() {
    let tables = "<w:tbl><w:tr><w:tc>".repeat(5_000) + &"</w:tc></w:tr></w:tbl>".repeat(5_000);
    let error = read(&document(&tables).bytes()).expect_err("5,000 nested tables");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "table_depth", .. }), "{error}");
    let tags = "<w:ins>".repeat(5_000) + &"</w:ins>".repeat(5_000);
    let error = read(&document(&tags).bytes()).expect_err("5,000 nested elements");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "xml_depth", .. }), "{error}");
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let limits = Limits { part_bytes: 1 << 20, ..Limits::default() };
    let bytes = document(&p(&"0".repeat(2 << 20))).bytes();
    assert!(bytes.len() < 64 << 10);
    let error = Docx.read(&bytes, &limits, &Deadline::start(&limits)).expect_err("2 MiB in one part");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "part_bytes", .. }), "{error}");
    let error = read(&document(&p(&"0".repeat(51 << 20))).bytes()).expect_err("a ratio of a thousand");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "ratio", .. }), "{error}");
}

#[test]
fn too_many_paragraphs_are_refused() {
    let limits = Limits { paragraphs: 10, ..Limits::default() };
    let bytes = document(&"<w:p/>".repeat(11)).bytes();
    let error = Docx.read(&bytes, &limits, &Deadline::start(&limits)).expect_err("11 paragraphs");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "paragraphs", .. }), "{error}");
}
