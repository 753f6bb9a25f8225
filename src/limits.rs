//! How much one document may cost. Limits arrive as a value, are checked before the cost is paid, and say
//! their own name when they stop something, so that a person can raise the right one.

use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};

/// Ceilings for one document; the defaults let every honest report of the field through with room to spare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of one unpacked part of a package (a DOCX part, a worksheet).
    pub part_bytes: u64,
    /// Bytes of all unpacked parts of a package together.
    pub package_bytes: u64,
    /// Unpacked to packed size of a part over 50 MB, above which it counts as a bomb.
    pub ratio: u64,
    /// Entries of a package.
    pub entries: u64,
    /// XML elements open at one time.
    pub xml_depth: u64,
    /// Tables inside tables.
    pub table_depth: u64,
    /// Grid positions of one table, and non-empty cells of one sheet.
    pub cells: u64,
    /// Pages of a PDF.
    pub pages: u64,
    /// Glyphs and rules of one PDF page.
    pub page_marks: u64,
    /// Paragraphs of a document.
    pub paragraphs: u64,
    /// Bytes of one report as JSON.
    pub report_bytes: u64,
    /// Seconds for one document.
    pub seconds: u64,
    /// Mebibytes of address space of a worker process.
    pub memory_mb: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            part_bytes: 256 << 20,
            package_bytes: 1 << 30,
            ratio: 200,
            entries: 20_000,
            xml_depth: 1_024,
            table_depth: 64,
            cells: 2_000_000,
            pages: 5_000,
            page_marks: 500_000,
            paragraphs: 500_000,
            report_bytes: 512 << 20,
            seconds: 60,
            memory_mb: 768,
        }
    }
}

impl Limits {
    /// Refuses `found` when it is over the limit called `name`.
    ///
    /// # Errors
    /// When `found` is greater than `limit`.
    pub fn check(what: &'static str, name: &'static str, found: u64, limit: u64) -> Result<()> {
        if found <= limit {
            return Ok(());
        }
        Err(ErrorKind::Limit { what, name, found, limit }.into())
    }

    /// Applies `name=value` pairs separated by commas, as `--limits` takes them.
    ///
    /// # Errors
    /// In words for the person who typed it: an unknown name, or a value that is no whole number.
    pub fn with(mut self, pairs: &str) -> Result<Self, String> {
        for pair in pairs.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(|| format!("{pair}: write name=value"))?;
            let value = value.trim().parse().map_err(|_| format!("{pair}: {value} is no whole number"))?;
            let names = Self::NAMES.join(", ");
            *self.field(name.trim()).ok_or_else(|| format!("{name}: no such limit; there are {names}"))? = value;
        }
        Ok(self)
    }

    /// The limits in the form that [`Limits::with`] reads.
    #[must_use]
    pub fn to_pairs(mut self) -> String {
        let pair = |name: &&str| self.field(name).map(|value| format!("{name}={value}"));
        Self::NAMES.iter().filter_map(pair).collect::<Vec<_>>().join(",")
    }

    /// Every name that [`Limits::with`] knows.
    pub const NAMES: [&'static str; 14] = [
        "file_bytes",
        "part_bytes",
        "package_bytes",
        "ratio",
        "entries",
        "xml_depth",
        "table_depth",
        "cells",
        "pages",
        "page_marks",
        "paragraphs",
        "report_bytes",
        "seconds",
        "memory_mb",
    ];

    fn field(&mut self, name: &str) -> Option<&mut u64> {
        Some(match name {
            "file_bytes" => &mut self.file_bytes,
            "part_bytes" => &mut self.part_bytes,
            "package_bytes" => &mut self.package_bytes,
            "ratio" => &mut self.ratio,
            "entries" => &mut self.entries,
            "xml_depth" => &mut self.xml_depth,
            "table_depth" => &mut self.table_depth,
            "cells" => &mut self.cells,
            "pages" => &mut self.pages,
            "page_marks" => &mut self.page_marks,
            "paragraphs" => &mut self.paragraphs,
            "report_bytes" => &mut self.report_bytes,
            "seconds" => &mut self.seconds,
            "memory_mb" => &mut self.memory_mb,
            _ => return None,
        })
    }
}

/// The time that one document has left. Readers ask it in their loops; nothing else looks at the clock.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    end: Instant,
    seconds: u64,
}

impl Deadline {
    /// Starts the clock for one document.
    #[must_use]
    pub fn start(limits: &Limits) -> Self {
        Self { end: Instant::now() + Duration::from_secs(limits.seconds), seconds: limits.seconds }
    }

    /// How much time is left.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Goes on while there is time.
    ///
    /// # Errors
    /// [`ErrorKind::Deadline`] when the time is used up.
    pub fn check(&self) -> Result<()> {
        if Instant::now() < self.end {
            return Ok(());
        }
        Err(Error::from(ErrorKind::Deadline { seconds: self.seconds }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_survive_their_own_spelling() {
        let limits = Limits { seconds: 7, ..Limits::default() };
        assert_eq!(Limits::default().with(&limits.to_pairs()), Ok(limits));
    }

    #[test]
    fn an_unknown_limit_is_named_with_those_that_exist() {
        let error = Limits::default().with("speed=3").expect_err("speed is no limit");
        assert!(error.starts_with("speed: no such limit; there are file_bytes"), "{error}");
    }

    #[test]
    fn a_passed_limit_says_how_to_raise_it() {
        let error = Limits::check("the file", "file_bytes", 11, 10).expect_err("11 is over 10");
        assert_eq!(error.to_string(), "the file is 11, the limit is 10 (raise it with --limits file_bytes=…)");
    }
}
