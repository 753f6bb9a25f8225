//! The words by which the parts of a report are known, read from `forms/structure/*.toml`: how headings are
//! numbered, how titles, units and notes of statements are worded, what header cells say.
//!
//! Patterns are matched against lines whose full-width forms are folded. What follows from a match is decided
//! in `structure`, not here.

use regex::{Regex, RegexSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::expression::{compile, with_ten_digits};
use super::{Files, invalid};
use crate::error::Result;

const HEADINGS: &str = "structure/headings.toml";
const CAPTIONS: &str = "structure/captions.toml";

/// All words and patterns of `forms/structure`.
#[derive(Debug)]
pub struct Wording {
    /// Numbering words, outermost rank first.
    pub labels: Vec<Label>,
    /// All of them at once: most lines have no number.
    pub numbered: Patterns,
    /// Words of headings, tables of contents and figure captions.
    pub headings: HeadingWords,
    /// Kinds of bookmark names.
    pub bookmarks: BookmarkWords,
    /// Words of the lines around a table.
    pub captions: CaptionWords,
    /// Words of header rows.
    pub header: HeaderWords,
    /// Lines of a worksheet around its tables.
    pub sheet: SheetWords,
}

/// How one rank of headings is numbered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Which rank.
    pub rank: Rank,
    /// Whether a short line with this number is a heading without help from its style.
    pub heading: bool,
    /// The number at the start of a line; group `n` is the ordinal, group `label` the number where the match
    /// goes further.
    pub pattern: Pattern,
}

/// Ranks of numbered lines, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// 第一部分
    Part,
    /// 附件1
    Annex,
    /// 一、
    Chapter,
    /// （一）
    Clause,
    /// 1.
    Item,
    /// （1）
    Subitem,
}

/// Words of headings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadingWords {
    /// Lines without a number that are headings.
    pub named: Patterns,
    /// Chapters that are headings even where their number is lost.
    pub chapters: Patterns,
    /// Heading below which numbered lines explain terms.
    pub glossary: Pattern,
    /// First words of duties.
    pub duties: Vec<String>,
    /// How the explanation of a term goes on behind it.
    pub definition: Pattern,
    /// A statement of figures.
    pub figures: Pattern,
    /// Title of a table of contents.
    pub toc_title: Pattern,
    /// Line of a table of contents.
    pub toc_entry: Pattern,
    /// Caption of a chart or picture.
    pub figure: Pattern,
}

/// Kinds of bookmark names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookmarkWords {
    /// Marks that mean a heading.
    pub heading: Pattern,
    /// Marks that mean nothing to a person.
    pub system: Pattern,
}

/// Words of the lines around a table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionWords {
    /// How a title ends.
    pub title: Patterns,
    /// A line that points to a table.
    pub pointer: Pattern,
    /// Titles that stay in the grid when they are a row of it.
    pub own_row: Pattern,
    /// What can only be the end of a title of two lines.
    pub end: Pattern,
    /// How a line ends that can only be the start of a title of two lines.
    pub open_end: Pattern,
    /// A line that goes on with the title above it.
    pub subtitle: Pattern,
    /// Line above a further piece of a table, white space aside.
    pub continued: Pattern,
    /// Unit, with its word as first group.
    pub unit: Pattern,
    /// Unit in brackets, with its word as first group.
    pub unit_in_brackets: Pattern,
    /// Code of the form, at the start of a text.
    pub code: Pattern,
    /// Label of another line, such as 部门：.
    pub label: Pattern,
    /// Start of a note below the grid.
    pub note: Pattern,
}

/// Lines of a worksheet around its tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetWords {
    /// A key whose value may stand in the next cell.
    pub split_key: Pattern,
    /// How a line below a table begins.
    pub note: Pattern,
}

/// Words of header rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderWords {
    /// Words that stand only in headers.
    pub words: Patterns,
    /// First cell of the first body row.
    pub totals: Pattern,
    /// First cell of a form whose rows are labels and values.
    pub form: Pattern,
    /// A cell of the row that numbers the columns.
    pub column_numbers: Pattern,
}

/// A regular expression of a form file, compiled when the file is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl Pattern {
    /// Whether the pattern is found in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The whole match as bytes of `text`.
    #[must_use]
    pub fn find<'t>(&self, text: &'t str) -> Option<regex::Match<'t>> {
        self.0.find(text)
    }

    /// The match with its groups.
    #[must_use]
    pub fn captures<'t>(&self, text: &'t str) -> Option<regex::Captures<'t>> {
        self.0.captures(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(pattern: String) -> Result<Self, regex::Error> {
        compile(&pattern).map(Self)
    }
}

/// Several regular expressions of a form file, looked for at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Patterns(RegexSet);

impl Patterns {
    /// Whether one of them is found in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TryFrom<Vec<String>> for Patterns {
    type Error = regex::Error;

    fn try_from(patterns: Vec<String>) -> Result<Self, regex::Error> {
        RegexSet::new(patterns.iter().map(|pattern| with_ten_digits(pattern))).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadingFile {
    label: Vec<Label>,
    headings: HeadingWords,
    bookmarks: BookmarkWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaptionFile {
    captions: CaptionWords,
    header: HeaderWords,
    sheet: SheetWords,
}

impl Wording {
    /// Reads the wording from its files.
    ///
    /// # Errors
    /// When a file is missing, is no TOML, has an unknown or missing key, or holds a pattern that is no regular
    /// expression or has no group for the ordinal; the error names file and line.
    pub(super) fn parse(files: &Files) -> Result<Self> {
        let HeadingFile { label, headings, bookmarks } = read(files, HEADINGS)?;
        if let Some(at) = label.iter().position(|l| !l.pattern.0.capture_names().any(|n| n == Some("n"))) {
            return Err(invalid(HEADINGS, format!("label {}: the pattern has no group `n` for the ordinal", at + 1)));
        }
        let CaptionFile { captions, header, sheet } = read(files, CAPTIONS)?;
        for (key, pattern) in [("unit", &captions.unit), ("unit_in_brackets", &captions.unit_in_brackets)] {
            if pattern.0.captures_len() < 2 {
                return Err(invalid(CAPTIONS, format!("captions.{key}: the pattern has no group for the unit")));
            }
        }
        let sources = label.iter().map(|l| l.pattern.0.as_str());
        let numbered = RegexSet::new(sources).map(Patterns).map_err(|e| invalid(HEADINGS, e.to_string()))?;
        Ok(Self { labels: label, numbered, headings, bookmarks, captions, header, sheet })
    }
}

fn read<T: DeserializeOwned>(files: &Files, name: &str) -> Result<T> {
    let text = files.get(name).ok_or_else(|| invalid(name, "is missing"))?;
    toml::from_str(text).map_err(|e| invalid(name, e.to_string().trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::builtin_files;

    #[test]
    fn a_pattern_that_does_not_compile_is_named_with_its_line() {
        let mut files = builtin_files();
        let text = files.get(HEADINGS).expect("built in").replace("'^_Toc'", "'(_Toc'");
        files.insert(HEADINGS.to_owned(), text);
        let error = Wording::parse(&files).expect_err("an open group").to_string();
        assert!(error.contains("structure/headings.toml"), "{error}");
        assert!(error.contains("line "), "{error}");
    }

    #[test]
    fn a_label_needs_a_group_for_its_ordinal() {
        let mut files = builtin_files();
        let text = files.get(HEADINGS).expect("built in").replace(r"\(\s*(?<n>\d{1,2})", r"\(\s*(\d{1,2})");
        files.insert(HEADINGS.to_owned(), text);
        let error = Wording::parse(&files).expect_err("no group").to_string();
        assert!(error.contains("label 6"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let mut files = builtin_files();
        let text = files.get(CAPTIONS).expect("built in").replace("own_row =", "own_rows =");
        files.insert(CAPTIONS.to_owned(), text);
        let error = Wording::parse(&files).expect_err("a misspelt key").to_string();
        assert!(error.contains("own_rows"), "{error}");
    }
}
