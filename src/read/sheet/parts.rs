//! The package around a workbook: sizes checked before anything is unpacked, small XML parts, properties.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::model::RawDocument;
use crate::read::text::decode;

/// A part over this size must not be packed tighter than [`Limits::ratio`].
const BOMB: u64 = 50 << 20;

/// A zip package over its bytes.
pub(super) struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    part_bytes: u64,
}

impl<'a> Parts<'a> {
    /// Opens the package and checks what its directory promises; unpacking more than that is an error of `zip`.
    ///
    /// # Errors
    /// When it is no zip package, or promises more than the limits allow.
    pub(super) fn open(bytes: &'a [u8], format: &'static str, limits: &Limits) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Error::damaged(format, e))?;
        Limits::check("the number of parts of the package", "entries", archive.len() as u64, limits.entries)?;
        let mut total = 0u64;
        for index in 0..archive.len() {
            let entry = archive.by_index_data(index).map_err(|e| Error::damaged(format, e))?;
            let (size, packed) = (entry.size(), entry.compressed_size());
            total = total.saturating_add(size);
            Limits::check("a part of the package in bytes", "part_bytes", size, limits.part_bytes)?;
            Limits::check("the unpacked package in bytes", "package_bytes", total, limits.package_bytes)?;
            if size > BOMB {
                Limits::check("the compression ratio of a part", "ratio", size / packed.max(1), limits.ratio)?;
            }
        }
        Ok(Self { archive, part_bytes: limits.part_bytes })
    }

    /// Unpacks a part and decodes it as text; `None` as [`Parts::bytes`].
    ///
    /// # Errors
    /// As [`Parts::bytes`].
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>> {
        Ok(self.bytes(name)?.map(|bytes| {
            if std::str::from_utf8(&bytes).is_ok() {
                String::from_utf8_lossy(&bytes).into_owned()
            } else {
                decode(&bytes).0
            }
        }))
    }

    /// Unpacks a part as a stream of UTF-8; one in UTF-16 is decoded whole first. `None` where it is not there.
    pub(super) fn stream(&mut self, name: &str) -> Option<Box<dyn Read + '_>> {
        let (index, limit) = (self.index_of(name)?, self.part_bytes);
        let mut mark = [0; 2];
        let is_short = self.archive.by_index(index).ok()?.read_exact(&mut mark).is_err();
        let part = self.archive.by_index(index).ok()?;
        if is_short || !matches!(mark, [0xFE, 0xFF] | [0xFF, 0xFE] | [b'<', 0] | [0, b'<']) {
            return Some(Box::new(part));
        }
        let mut bytes = Vec::new();
        // What cannot be unpacked to its end is still read as far as it goes.
        let _ = part.take(limit).read_to_end(&mut bytes);
        Some(Box::new(Cursor::new(decode(&bytes).0.into_bytes())))
    }

    /// Unpacks a part whole; `None` where it is not there or cannot be unpacked.
    ///
    /// # Errors
    /// When it turns out larger than [`Limits::part_bytes`].
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(part) = self.index_of(name).and_then(|index| self.archive.by_index(index).ok()) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        if part.take(self.part_bytes + 1).read_to_end(&mut bytes).is_err() {
            return Ok(None);
        }
        Limits::check("a part of the package in bytes", "part_bytes", bytes.len() as u64, self.part_bytes)?;
        Ok(Some(bytes))
    }

    /// Names are compared without case and with either slash, as office programs do.
    fn index_of(&self, name: &str) -> Option<usize> {
        self.archive.index_for_name(name).or_else(|| {
            let is_it =
                |found: &str| found.trim_start_matches(['/', '\\']).replace('\\', "/").eq_ignore_ascii_case(name);
            (0..self.archive.len())
                .find(|&i| matches!(self.archive.name_for_index(i), Some(Ok(found)) if is_it(&found)))
        })
    }

    /// The main part of the package; `usual` where the package does not say.
    ///
    /// # Errors
    /// When its relationships are larger than a part may be.
    pub(super) fn main_part(&mut self, usual: &str) -> Result<String> {
        let main = self.relationships("")?.into_iter().find(|r| r.kind == "officeDocument");
        Ok(main.map(|r| r.target).filter(|t| self.index_of(t).is_some()).unwrap_or_else(|| usual.to_owned()))
    }

    /// The relationships that start from a part, or from the package for an empty name.
    ///
    /// # Errors
    /// When the part that holds them is larger than a part may be.
    pub(super) fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let place = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let xml = self.text(&format!("{place}_rels/{file}.rels"))?.unwrap_or_default();
        let mut found = Vec::new();
        for_each_element(&xml, |element| {
            let get = |name| attribute(element, name).unwrap_or_default();
            if element.local_name().as_ref() == "Relationship" {
                let kind = get("Type").rsplit('/').next().unwrap_or_default().to_owned();
                found.push(Relationship { id: get("Id"), kind, target: resolve(folder, &get("Target")) });
            }
        });
        Ok(found)
    }

    /// Takes the producing program and the date of the last change from `docProps`.
    ///
    /// # Errors
    /// When such a part is larger than a part may be.
    pub(super) fn describe(&mut self, document: &mut RawDocument) -> Result<()> {
        let app = self.text("docProps/app.xml")?.unwrap_or_default();
        let core = self.text("docProps/core.xml")?.unwrap_or_default();
        document.producer = content_of(&app, "Application");
        document.modified = content_of(&core, "modified");
        Ok(())
    }
}

/// A link from a part to another.
#[derive(Debug)]
pub(super) struct Relationship {
    /// Its id within the part that it starts from.
    pub(super) id: String,
    /// Last word of its type, such as `worksheet`; the same for Transitional and Strict files.
    pub(super) kind: String,
    /// Name of the part that it leads to.
    pub(super) target: String,
}

/// Resolves a target against the folder of its source part (ECMA-376-2:2021 §6.4).
fn resolve(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    steps.retain(|s| !s.is_empty());
    steps.join("/")
}

/// Calls `look` for every start tag, until the XML ends or breaks.
pub(super) fn for_each_element(xml: &str, mut look: impl FnMut(&BytesStart)) {
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) | Event::Empty(element) => look(&element),
            Event::Eof => break,
            _ => {}
        }
    }
}

/// An attribute by its local name, entities resolved.
pub(super) fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(unescape(&found.value).map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned))
}

/// The text of the first element of a local name; `None` where it is absent or blank.
pub(super) fn content_of(xml: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let mut inside = false;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) => inside = element.local_name().as_ref() == name,
            Event::Text(text) if inside => {
                let text = text.trim();
                return (!text.is_empty()).then(|| text.to_owned());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_against_their_folder() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/a", "../b.xml"), "xl/b.xml");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
    }

    #[test]
    fn properties_are_the_first_of_their_name() {
        assert_eq!(
            content_of("<a><Application>WPS 表格</Application></a>", "Application").as_deref(),
            Some("WPS 表格")
        );
        assert_eq!(content_of("<a><Application/></a>", "Application"), None);
    }
}
