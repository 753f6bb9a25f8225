//! What a file is, told by its content, whatever its name says.

use std::io::{Cursor, Write};

use juesuan::error::ErrorKind;
use juesuan::model::{Format, NoteKind};
use juesuan::read::sniff;

/// A zip package of parts with their content.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(content.as_bytes()).expect("written");
    }
    zip.finish().expect("a package").into_inner()
}

/// A compound file with one empty stream of that name: a header, one FAT sector, one directory sector.
fn compound(stream: &str) -> Vec<u8> {
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.resize(512, 0);
    file[30..32].copy_from_slice(&9u16.to_le_bytes());
    file[32..34].copy_from_slice(&6u16.to_le_bytes());
    for (at, value) in [(44, 1u32), (48, 1), (56, 4096), (60, u32::MAX), (68, u32::MAX)] {
        file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    file[80..512].fill(0xFF);
    let mut fat = vec![0xFF; 512];
    fat[..8].copy_from_slice(&[0xFD, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF]);
    file.extend(fat);
    for (name, kind) in [("Root Entry", 5), (stream, 2), ("", 0), ("", 0)] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(entry.len() + 2).expect("a short name");
        entry.resize(128, 0);
        entry[64..66].copy_from_slice(&length.to_le_bytes());
        entry[66] = kind;
        entry[116..120].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
        file.extend(entry);
    }
    file
}

fn format(bytes: &[u8], name: &str) -> Format {
    sniff(bytes, name).unwrap_or_else(|e| panic!("{name}: {e}")).format
}

fn refusal(bytes: &[u8], name: &str) -> String {
    sniff(bytes, name).expect_err("not a format that we read").to_string()
}

#[test]
fn packages_are_told_by_their_main_part() {
    let types = |main: &str| format!("<Types><Override PartName=\"/x\" ContentType=\"{main}+xml\"/></Types>");
    let word = types("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main");
    let sheet = types("application/vnd.ms-excel.sheet.macroEnabled.main");
    let binary = types("application/vnd.ms-excel.sheet.binary.macroEnabled.main");
    assert_eq!(format(&package(&[("[Content_Types].xml", &word)]), "a.docx"), Format::Docx);
    assert_eq!(format(&package(&[("[Content_Types].xml", &sheet)]), "a.xlsm"), Format::Xlsx);
    assert_eq!(format(&package(&[("[Content_Types].xml", &binary)]), "a.xlsb"), Format::Xlsb);
    let odd = package(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document/>")]);
    assert_eq!(format(&odd, "a.docx"), Format::Docx);
    let ods = package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")]);
    assert_eq!(format(&ods, "a.ods"), Format::Ods);
}

#[test]
fn a_package_that_is_cut_off_is_left_to_its_reader() {
    let whole = package(&[("xl/workbook.xml", "<workbook/>"), ("xl/worksheets/sheet1.xml", "<worksheet/>")]);
    assert_eq!(format(&whole[..whole.len() / 2], "a.xlsx"), Format::Xlsx);
}

#[test]
fn other_packages_are_refused_by_name() {
    let zip = package(&[("2024/决算.docx", ""), ("2024/附表.xlsx", "")]);
    assert!(refusal(&zip, "a.zip").contains("a zip archive of 2 files such as 2024/决算.docx"));
    assert!(refusal(&package(&[("OFD.xml", "")]), "a.ofd").contains("OFD"));
    let text = package(&[("mimetype", "application/vnd.oasis.opendocument.text")]);
    assert_eq!(format(&text, "a.odt"), Format::Odt);
    let drawing = package(&[("mimetype", "application/vnd.oasis.opendocument.graphics")]);
    assert!(refusal(&drawing, "a.odg").contains("OpenDocument graphics"));
}

#[test]
fn compound_files_are_told_by_their_streams() {
    assert_eq!(format(&compound("Workbook"), "a.xls"), Format::Xls);
    assert_eq!(format(&compound("Book"), "a.et"), Format::Xls);
    assert_eq!(format(&compound("WordDocument"), "a.doc"), Format::Doc);
    assert_eq!(format(&compound("PowerPoint Document"), "a.ppt"), Format::Slides);
    assert!(refusal(&compound("Other"), "a.doc").contains("no workbook"));
    let error = sniff(&compound("EncryptedPackage"), "a.xlsx").expect_err("encrypted");
    assert!(matches!(error.kind(), ErrorKind::Encrypted { format: "OOXML" }), "{error}");
}

#[test]
fn a_pdf_may_start_late() {
    let mut bytes = vec![b' '; 900];
    bytes.extend(b"%PDF-1.7\n");
    assert_eq!(format(&bytes, "a.pdf"), Format::Pdf);
    let headless = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n\x00\xff";
    assert_eq!(format(headless, "a.pdf"), Format::Pdf);
    assert!(sniff(headless, "a.bin").is_err());
}

#[test]
fn markup_and_images_are_named_with_what_to_do() {
    let page = sniff("<!DOCTYPE html><html><body>页面</body></html>".as_bytes(), "2026年部门预算.pdf").expect("a page");
    assert_eq!(page.format, Format::Html);
    assert_eq!(page.note.expect("a note").message, "the name ends in .pdf, the content is an HTML page");
    let book = "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
    assert_eq!(format(book.as_bytes(), "a.xls"), Format::ExcelXml);
    assert!(refusal(b"<?xml version='1.0'?><feed/>", "a.pdf").ends_with("an XML file saved as .pdf"));
    assert_eq!(format(b"{\\rtf1\\ansi}", "a.doc"), Format::Rtf);
    assert!(refusal(b"\x89PNG\r\n\x1a\n", "a.png").contains("OCR"));
    assert!(refusal(b"", "a.docx").contains("an empty file"));
    assert!(refusal("一段文字。\n".as_bytes(), "a.txt").contains("plain text without columns"));
    assert!(refusal(&[0, 159, 146, 150], "a.docx").contains("binary data"));
}

#[test]
fn delimited_text_is_told_in_every_encoding() {
    let text = "项目,决算数\n合计,12.50\n其中：基本支出,10.00\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    for bytes in [text.as_bytes(), &utf16, &gbk] {
        assert_eq!(format(bytes, "a"), Format::Csv);
        assert_eq!(sniff(bytes, "a.csv").expect("readable").note, None);
    }
    assert_eq!(format(b"only one line", "a.csv"), Format::Csv);
}

#[test]
fn a_wrong_extension_is_noted_with_both_names() {
    let workbook = package(&[("xl/workbook.xml", "<workbook/>")]);
    let note = sniff(&workbook, "附表.pdf").expect("a workbook").note.expect("a wrong extension");
    assert_eq!(note.kind, NoteKind::WrongExtension);
    assert_eq!(note.message, "the name ends in .pdf, the content is an XLSX workbook");
    assert_eq!(sniff(&workbook, "附表.et").expect("a workbook").note, None);
    assert_eq!(sniff(&workbook, "附表").expect("a workbook").note, None);
}
