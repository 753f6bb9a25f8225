//! Packages of the Open Packaging Conventions (ECMA-376-2): a ZIP archive, its parts, and the relationships
//! between them. Sizes are checked before anything is unpacked, and again while unpacking, because a header
//! may lie. Names are compared without case and with either slash, as Word does.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{Ns, Xml};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Deadline, Limits};
use crate::model::Location;

/// What a damaged package is called in errors.
const FORMAT: &str = "Office Open XML package";

/// Parts that unpack to no more than this are never taken for a bomb.
const BOMB_BYTES: u64 = 50 << 20;

/// Unpacked to packed size up to which room is made before unpacking.
const HONEST_RATIO: u64 = 48;

/// An open package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Index in the archive by comparable name.
    index: BTreeMap<String, usize>,
    limits: &'a Limits,
    deadline: &'a Deadline,
    unpacked: u64,
}

/// A link from a part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relationship {
    /// Its id within the part that it starts from.
    pub(super) id: String,
    /// Last word of its type, such as `chart`; the same for Transitional and Strict files.
    pub(super) kind: String,
    /// Name of the part that it leads to, without a leading slash.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    /// Opens the archive and checks the number of its entries.
    ///
    /// # Errors
    /// When the archive's directory cannot be read, or passes [`Limits::entries`].
    pub(super) fn open(bytes: &'a [u8], limits: &'a Limits, deadline: &'a Deadline) -> Result<Self> {
        check_entries(claimed_entries(bytes), limits)?;
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Error::damaged(FORMAT, e))?;
        check_entries(archive.len() as u64, limits)?;
        let name_of = |i: usize| archive.name_for_index(i)?.ok().map(|name| (comparable(&name), i));
        let index = (0..archive.len()).filter_map(name_of).collect();
        Ok(Self { archive, index, limits, deadline, unpacked: 0 })
    }

    /// Whether there is a part of that name.
    pub(super) fn has(&self, part: &str) -> bool {
        self.index.contains_key(&comparable(part))
    }

    /// Unpacks a part.
    ///
    /// # Errors
    /// When there is no such part, it cannot be unpacked, or it passes a size limit.
    pub(super) fn bytes(&mut self, part: &str) -> Result<Vec<u8>> {
        self.unpack(part).map_err(|error| error.at(place(part)))
    }

    /// Unpacks a part and decodes it as text.
    ///
    /// # Errors
    /// As [`Package::bytes`].
    pub(super) fn text(&mut self, part: &str) -> Result<String> {
        Ok(decode(self.bytes(part)?))
    }

    /// The relationships that start from a part, or from the package for an empty name; none when it has no
    /// relationships part. Those that lead out of the package are left out.
    ///
    /// # Errors
    /// When the relationships part cannot be read.
    pub(super) fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = join(folder, &format!("_rels/{file}.rels"));
        if !self.has(&name) {
            return Ok(Vec::new());
        }
        let text = self.text(&name)?;
        parse_relationships(&text, folder, self.limits, self.deadline).map_err(|error| error.at(place(&name)))
    }

    fn unpack(&mut self, part: &str) -> Result<Vec<u8>> {
        let Some(&index) = self.index.get(&comparable(part)) else {
            return Err(Error::damaged(FORMAT, "the part is missing"));
        };
        let room = self.limits.package_bytes.saturating_sub(self.unpacked).min(self.limits.part_bytes);
        let (unpacked, limits) = (self.unpacked, self.limits);
        let entry = self.archive.by_index(index).map_err(zip_error)?;
        check_size(entry.size(), entry.compressed_size(), unpacked, limits)?;
        let packed = entry.compressed_size();
        // the size is only claimed: what honest parts unpack to is taken at once, more as it comes
        let expected = entry.size().min(packed.saturating_mul(HONEST_RATIO));
        let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0).saturating_add(1));
        entry.take(room.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| Error::damaged(FORMAT, e))?;
        check_size(bytes.len() as u64, packed, unpacked, limits)?;
        self.unpacked = unpacked.saturating_add(bytes.len() as u64);
        Ok(bytes)
    }
}

/// The place that means a whole part.
pub(super) fn place(part: &str) -> Location {
    Location { part: Some(part.to_owned()), ..Location::default() }
}

pub(super) fn zip_error(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ErrorKind::Encrypted { format: FORMAT }.into(),
        other => Error::damaged(FORMAT, other),
    }
}

pub(super) fn check_entries(found: u64, limits: &Limits) -> Result<()> {
    Limits::check("the number of entries of the package", "entries", found, limits.entries)
}

pub(super) fn check_size(size: u64, packed: u64, unpacked: u64, limits: &Limits) -> Result<()> {
    Limits::check("the unpacked size of the part in bytes", "part_bytes", size, limits.part_bytes)?;
    let total = unpacked.saturating_add(size);
    Limits::check("the unpacked size of the package in bytes", "package_bytes", total, limits.package_bytes)?;
    if size <= BOMB_BYTES {
        return Ok(());
    }
    Limits::check("the ratio of unpacked to packed size", "ratio", size / packed.max(1), limits.ratio)
}

/// How many entries the end of the central directory says there are (APPNOTE 4.3.16, 4.3.14 for ZIP64);
/// the archive's own reader makes room for as many before it looks at one.
pub(super) fn claimed_entries(bytes: &[u8]) -> u64 {
    let tail_start = bytes.len().saturating_sub(usize::from(u16::MAX) + 128);
    let tail = bytes.get(tail_start..).unwrap_or(bytes);
    let short = find_last(tail, b"PK\x05\x06").and_then(|at| little_endian(tail, at + 10, 2));
    match short {
        Some(0xFFFF) => find_last(tail, b"PK\x06\x06").and_then(|at| little_endian(tail, at + 32, 8)).unwrap_or(0xFFFF),
        Some(count) => count,
        None => 0,
    }
}

fn find_last(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).rposition(|window| window == mark)
}

fn little_endian(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(width)?)?;
    Some(field.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
}

/// A part name as it is compared: ECMA-376-2 §9.1.1.1 asks for no case, some producers write backslashes.
fn comparable(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_lowercase()
}

/// Text of a part: UTF-8, UTF-16 by its mark or its zeros, else what its declaration says.
fn decode(bytes: Vec<u8>) -> String {
    let encoding = match bytes.as_slice() {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => encoding_rs::UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => encoding_rs::UTF_16BE,
        _ => return String::from_utf8(bytes).unwrap_or_else(|e| decode_as_declared(e.as_bytes())),
    };
    encoding.decode_with_bom_removal(&bytes).0.into_owned()
}

/// A part that is no UTF-8 breaks the rules of the package, but says perhaps what it is instead.
fn decode_as_declared(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default()).into_owned();
    let label = head.split_once("encoding=").and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
    let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    encoding.unwrap_or(encoding_rs::UTF_8).decode(bytes).0.into_owned()
}

fn parse_relationships(text: &str, folder: &str, limits: &Limits, deadline: &Deadline) -> Result<Vec<Relationship>> {
    let mut found = Vec::new();
    let mut xml = Xml::new(text, limits, deadline);
    xml.next()?;
    xml.below_flat(|element| {
        let outside = element.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("External"));
        if !element.is(Ns::Relationships, "Relationship") || outside {
            return;
        }
        let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target")) else { return };
        let kind = element.attribute("Type").unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        found.push(Relationship { id: id.into_owned(), kind, target: join(folder, &target) });
    })?;
    Ok(found)
}

/// Resolves a target against the folder of its source part (RFC 3986 §5.2.4); it cannot leave the package.
fn join(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let base = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_within_the_package() {
        assert_eq!(join("word", "charts/chart1.xml"), "word/charts/chart1.xml");
        assert_eq!(join("word/charts", "../embeddings/a.xlsx"), "word/embeddings/a.xlsx");
        assert_eq!(join("word", "/word/media/a.png"), "word/media/a.png");
        assert_eq!(join("word", "../../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn utf_16_parts_are_read_with_and_without_a_mark() {
        let little: Vec<u8> = "<a>中</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{FEFF}<a>中</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(little), "<a>中</a>");
        assert_eq!(decode(big), "<a>中</a>");
    }

    #[test]
    fn a_part_in_another_encoding_is_read_as_it_declares() {
        let mut part = b"<?xml version='1.0' encoding='GBK'?><a>".to_vec();
        part.extend([0xD6, 0xD0]);
        assert!(decode(part).ends_with("中"));
    }

    #[test]
    fn the_claimed_number_of_entries_is_checked_before_the_directory_is_read() {
        let mut end = b"PK\x05\x06".to_vec();
        end.extend([0, 0, 0, 0, 9, 0, 9, 0]);
        assert_eq!(claimed_entries(&end), 9);
        let limits = Limits { entries: 8, ..Limits::default() };
        let error = Package::open(&end, &limits, &Deadline::start(&limits)).err().expect("9 entries are too many");
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "entries", .. }), "{error}");
    }
}
