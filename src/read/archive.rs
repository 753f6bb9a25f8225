//! ZIP archives of documents, as publishers offer them for download: the names of their files, decoded, and the
//! bytes of one. Nothing is written to disk; a name is only shown, and cannot lead out of the archive. Office
//! packages are ZIP archives too and are told apart here, because they are one document.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::GB18030;
use zip::ZipArchive;
use zip::read::ZipFileEntry;

use super::package::{check_entries, check_size, claimed_entries, zip_error};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// What a damaged archive is called in errors.
const FORMAT: &str = "zip archive";

/// The bytes in which the end of the directory stands (APPNOTE 4.3.16: a comment of 64 KiB at most behind it).
const TAIL: u64 = (64 << 10) + 128;

/// An open archive.
#[derive(Debug)]
pub struct Archive<R> {
    zip: ZipArchive<R>,
    members: Vec<Member>,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its number in the archive's directory.
    pub index: usize,
    /// Its path in the archive: parted by `/`, and without steps that lead out of it.
    pub name: String,
    /// Its size as the directory says.
    pub bytes: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive of files; `None` for an office package, and for anything that is no ZIP archive.
    ///
    /// # Errors
    /// When the directory cannot be read or passes [`Limits::entries`].
    pub fn open(mut reader: R, limits: &Limits) -> Result<Option<Self>> {
        let damaged = |e: std::io::Error| Error::damaged(FORMAT, e);
        let mut start = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut start).map_err(damaged)?;
        if !matches!(start.as_slice(), b"PK\x03\x04" | b"PK\x05\x06") {
            return Ok(None);
        }
        let size = reader.seek(SeekFrom::End(0)).map_err(damaged)?;
        reader.seek(SeekFrom::Start(size.saturating_sub(TAIL))).map_err(damaged)?;
        let mut tail = Vec::new();
        reader.by_ref().take(TAIL).read_to_end(&mut tail).map_err(damaged)?;
        check_entries(claimed_entries(&tail), limits)?;
        let zip = ZipArchive::new(reader).map_err(|e| Error::damaged(FORMAT, e))?;
        check_entries(zip.len() as u64, limits)?;
        let members = members_of(&zip);
        let is_package = members.iter().any(|m| is_package_part(&m.name));
        Ok((!is_package).then_some(Self { zip, members }))
    }

    /// Its files, in the order of their names.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Unpacks the file of that number.
    ///
    /// # Errors
    /// When it is encrypted or damaged, or passes a limit on size or ratio.
    pub fn unpack(&mut self, index: usize, limits: &Limits) -> Result<Vec<u8>> {
        let entry = self.zip.by_index(index).map_err(zip_error)?;
        let (size, packed) = (entry.size(), entry.compressed_size());
        check_size(size, packed, 0, limits)?;
        Limits::check("the file's size in bytes", "file_bytes", size, limits.file_bytes)?;
        let room = limits.file_bytes.min(limits.part_bytes);
        let mut bytes = Vec::new();
        entry.take(room.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| Error::damaged(FORMAT, e))?;
        // the directory may lie
        check_size(bytes.len() as u64, packed, 0, limits)?;
        Ok(bytes)
    }
}

fn members_of<R: Read + Seek>(zip: &ZipArchive<R>) -> Vec<Member> {
    let member = |index: usize| {
        let entry = zip.by_index_data(index).ok().filter(ZipFileEntry::is_file)?;
        let name = safe_name(&decode_name(entry.name_raw()));
        (!name.is_empty()).then(|| Member { index, name, bytes: entry.size() })
    };
    let mut members: Vec<Member> = (0..zip.len()).filter_map(member).collect();
    members.sort_by(|a, b| (&a.name, a.index).cmp(&(&b.name, b.index)));
    members
}

/// Whether a part makes its archive a document of an office program.
fn is_package_part(name: &str) -> bool {
    const PARTS: [&str; 6] =
        ["[content_types].xml", "mimetype", "ofd.xml", "word/document.xml", "xl/workbook.xml", "xl/workbook.bin"];
    PARTS.contains(&name.to_ascii_lowercase().as_str())
}

/// A name as UTF-8 where it is that, else as GB18030, in which Chinese systems write names without saying so.
///
/// Two bytes of GBK can look like a letter of two bytes in UTF-8, which Chinese names do not hold.
fn decode_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(text) if text.is_ascii() || text.chars().any(|c| c >= '\u{800}') => text.to_owned(),
        _ => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// A path without drive, root, and steps up or in place; what is no character people see is left out.
fn safe_name(name: &str) -> String {
    let steps = name.split(['/', '\\']).map(|step| step.trim_matches(|c: char| c.is_control()));
    let steps = steps.filter(|step| !matches!(*step, "" | "." | "..") && !step.ends_with(':'));
    let visible = |step: &str| step.chars().filter(|c| !c.is_control()).collect::<String>();
    steps.map(visible).collect::<Vec<_>>().join("/")
}

/// The bytes of the member that a chain of numbers leads to, through archives inside archives.
///
/// # Errors
/// When a link of the chain is no archive, or as [`Archive::unpack`].
pub fn unpack_chain<R: Read + Seek>(reader: R, chain: &[usize], limits: &Limits) -> Result<Vec<u8>> {
    let gone = || Error::from(ErrorKind::Damaged { format: FORMAT, reason: "the file in it is gone".to_owned() });
    let (first, rest) = chain.split_first().ok_or_else(gone)?;
    let mut bytes = Archive::open(reader, limits)?.ok_or_else(gone)?.unpack(*first, limits)?;
    for index in rest {
        let inner =
            Archive::open(std::io::Cursor::new(bytes.as_slice()), limits)?.ok_or_else(gone)?.unpack(*index, limits)?;
        bytes = inner;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
            zip.write_all(content).expect("written");
        }
        zip.finish().expect("an archive").into_inner()
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let archive = Archive::open(Cursor::new(bytes), &Limits::default()).expect("opens").expect("an archive");
        archive.members().iter().map(|m| m.name.clone()).collect()
    }

    #[test]
    fn names_are_decoded_and_cannot_lead_out() {
        let gbk = GB18030.encode("决算公开/附件1：情况说明.docx").0.into_owned();
        assert_eq!(decode_name(&gbk), "决算公开/附件1：情况说明.docx");
        assert_eq!(decode_name("附表.xlsx".as_bytes()), "附表.xlsx");
        let (two_bytes, ..) = GB18030.encode("目录");
        assert!(std::str::from_utf8(&two_bytes).is_ok(), "it looks like UTF-8");
        assert_eq!(decode_name(&two_bytes), "目录");
        for (name, safe) in [
            ("../../etc/passwd", "etc/passwd"),
            ("/root/a.pdf", "root/a.pdf"),
            ("C:\\Users\\甲\\a.pdf", "Users/甲/a.pdf"),
            ("a/./b\u{7}/..", "a/b"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
    }

    #[test]
    fn files_come_in_order_and_a_package_is_no_archive() {
        let bytes = archive_of(&[("b/2.csv", b"x"), ("a.csv", b"y"), ("../c.csv", b"z")]);
        assert_eq!(names(&bytes), ["a.csv", "b/2.csv", "c.csv"]);
        let package = archive_of(&[("[Content_Types].xml", b"<Types/>")]);
        assert!(Archive::open(Cursor::new(package), &Limits::default()).expect("opens").is_none());
        assert!(Archive::open(Cursor::new(b"%PDF-1.7"), &Limits::default()).expect("opens").is_none());
    }

    #[test]
    fn a_chain_leads_through_archives() {
        let inner = archive_of(&[("x.csv", b"1,2")]);
        let outer = archive_of(&[("a.csv", b"y"), ("in.zip", &inner)]);
        let limits = Limits::default();
        assert_eq!(unpack_chain(Cursor::new(&outer), &[1, 0], &limits).expect("unpacks"), b"1,2");
        for chain in [&[][..], &[0, 0], &[9]] {
            unpack_chain(Cursor::new(&outer), chain, &limits).expect_err("leads nowhere");
        }
    }

    #[test]
    fn sizes_and_counts_are_bounded() {
        let bytes = archive_of(&[("a.csv", &[b'0'; 5_000]), ("b.csv", b"")]);
        let small = Limits { file_bytes: 4_000, ..Limits::default() };
        let mut archive = Archive::open(Cursor::new(&bytes), &small).expect("opens").expect("an archive");
        let error = archive.unpack(0, &small).expect_err("5,000 bytes");
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "file_bytes", .. }), "{error}");
        let few = Limits { entries: 1, ..Limits::default() };
        let error = Archive::open(Cursor::new(&bytes), &few).expect_err("2 entries");
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "entries", .. }), "{error}");
    }

    #[test]
    fn every_truncation_is_an_outcome() {
        let bytes = archive_of(&[("a.csv", b"some text"), ("b.csv", b"more")]);
        for end in 0..bytes.len() {
            if let Ok(Some(mut archive)) = Archive::open(Cursor::new(&bytes[..end]), &Limits::default()) {
                let _ = archive.unpack(0, &Limits::default());
            }
        }
    }
}
