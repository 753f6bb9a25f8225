//! Any bytes, taken as each workbook format in turn: reading ends within its limits, in a document or an error.
//!
//! An input that starts with a tag is a bare XML part of a worksheet; it is put into a package of its own, so that the fuzzer
//! need not find out how to write a ZIP archive.
#![no_main]

use std::io::{Cursor, Write};

use juesuan::limits::{Deadline, Limits};
use juesuan::model::Format;
use libfuzzer_sys::fuzz_target;

const WORKBOOK: &str = r#"<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships><Relationship Id="r1" Type="/worksheet" Target="s.xml"/></Relationships>"#;

fn packed(part: &[u8]) -> Option<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in
        [("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()), ("xl/s.xml", part)]
    {
        zip.start_file(name, options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { seconds: 10, part_bytes: 16 << 20, package_bytes: 64 << 20, cells: 200_000, ..Limits::default() };
    let package = bytes.starts_with(b"<").then(|| packed(bytes)).flatten();
    let bytes = package.as_deref().unwrap_or(bytes);
    for format in [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods, Format::Csv] {
        let _ = juesuan::read::read(bytes, format, &limits, &Deadline::start(&limits));
    }
});
