//! Any bytes, taken as DOCX: reading ends within its limits, in a document or an error.
//!
//! Bytes that begin as an archive are taken as one. All others are the parts themselves, parted by zero bytes in the
//! order of [`PARTS`], and are packed here: behind compression and checksums no mutation would reach the XML.
#![no_main]

use juesuan::limits::{Deadline, Limits};
use juesuan::model::Format;
use libfuzzer_sys::fuzz_target;

/// Parts of an input, each with the last word of the relationship that leads to it.
const PARTS: [(&str, &str); 7] = [
    ("document.xml", "officeDocument"),
    ("numbering.xml", "numbering"),
    ("styles.xml", "styles"),
    ("footnotes.xml", "footnotes"),
    ("header1.xml", "header"),
    ("chart1.xml", "chart"),
    ("data1.xml", "diagramData"),
];

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { seconds: 10, part_bytes: 16 << 20, package_bytes: 64 << 20, ..Limits::default() };
    let packed = if bytes.starts_with(b"PK") { bytes.to_vec() } else { pack(bytes) };
    let _ = juesuan::read::read(&packed, Format::Docx, &limits, &Deadline::start(&limits));
});

fn pack(bytes: &[u8]) -> Vec<u8> {
    let given: Vec<_> = PARTS.iter().zip(bytes.split(|&byte| byte == 0)).collect();
    let mut archive = Archive::default();
    archive.add("_rels/.rels", links(&[PARTS[0]]).as_bytes());
    archive.add("word/_rels/document.xml.rels", links(&PARTS[1..]).as_bytes());
    given.iter().for_each(|((name, _), part)| archive.add(&format!("word/{name}"), part));
    archive.finish()
}

/// A relationships part; the ids are the kinds.
fn links(parts: &[(&str, &str)]) -> String {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let link = |(name, kind): &(&str, &str)| {
        format!("<Relationship Id='{kind}' Type='{office}/{kind}' Target='/word/{name}'/>")
    };
    let links: String = parts.iter().map(link).collect();
    format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{links}</Relationships>"
    )
}

/// An archive of stored entries (APPNOTE 4.3).
#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u16,
}

impl Archive {
    fn add(&mut self, name: &str, content: &[u8]) {
        let (offset, size) = (self.bytes.len() as u32, content.len() as u32);
        let mut shared = vec![10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        shared.extend(checksum(content).to_le_bytes());
        shared.extend(size.to_le_bytes());
        shared.extend(size.to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&shared);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(content);
        self.directory.extend(b"PK\x01\x02\x0a\x00");
        self.directory.extend(&shared);
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.entries += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let (offset, size) = (self.bytes.len() as u32, self.directory.len() as u32);
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
        self.bytes.extend(self.entries.to_le_bytes());
        self.bytes.extend(self.entries.to_le_bytes());
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend(offset.to_le_bytes());
        self.bytes.extend([0, 0]);
        self.bytes
    }
}

/// CRC-32 as archives use it, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step))
}
