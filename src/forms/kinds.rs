//! Report kinds and the clues of a report's identity (`kinds/*.toml`): what tells kind, body, level and year, and
//! how much each telling weighs.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::metrics::Metrics;
use super::statements::Source;
use super::{Files, invalid};
use crate::error::Result;
use crate::model::EntityLevel;

const FILE: &str = "kinds/kinds.toml";

/// Where a clue may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Text before the first heading.
    Cover,
    /// Lines between a table's title and its grid.
    Caption,
    /// Headings.
    Heading,
    /// Running text.
    Sentence,
    /// Titles of tables.
    Title,
    /// Neighbouring cells of a row, joined by `|`.
    Cells,
    /// The file's name.
    File,
}

impl Place {
    /// How a conflict names the place.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Caption => "table caption",
            Self::Heading => "heading",
            Self::Sentence => "sentence",
            Self::Title => "table title",
            Self::Cells => "table cell",
            Self::File => "file name",
        }
    }
}

/// A pattern that tells something of the identity.
#[derive(Debug)]
pub struct Clue {
    /// Where it counts.
    pub place: Place,
    /// With named groups `entity`, `year`, `family`, `level`.
    pub pattern: Regex,
    /// How much it counts.
    pub weight: f32,
    /// Family that it speaks for.
    pub family: Option<String>,
    /// Level that it speaks for.
    pub level: Option<EntityLevel>,
}

/// Clues and kinds.
#[derive(Debug, Default)]
pub struct Kinds {
    /// In the order of the file.
    pub clues: Vec<Clue>,
    /// Other kinds: their ids and the words that tell them.
    pub others: Vec<(String, Regex)>,
    families: BTreeMap<String, String>,
    levels: BTreeMap<String, EntityLevel>,
    names: Option<Names>,
}

#[derive(Debug)]
struct Names {
    lead: Regex,
    tail: Regex,
    reject: Regex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKinds {
    body: Spanned<String>,
    lead: Spanned<String>,
    tail: Spanned<String>,
    reject: Spanned<String>,
    families: BTreeMap<String, String>,
    levels: BTreeMap<String, EntityLevel>,
    clue: Vec<RawClue>,
    kind: Vec<RawKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClue {
    place: Place,
    pattern: Spanned<String>,
    weight: f32,
    family: Option<String>,
    level: Option<EntityLevel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    id: String,
    pattern: Spanned<String>,
}

impl Kinds {
    pub(super) fn parse(files: &Files, metrics: &Metrics) -> Result<Self> {
        let Some(text) = files.get(FILE) else { return Ok(Self::default()) };
        let source = Source { file: FILE, text, metrics };
        let raw: RawKinds = source.toml()?;
        let clue = |clue: &RawClue| {
            let pattern = clue.pattern.get_ref().replace("%E", raw.body.get_ref());
            Ok(Clue {
                place: clue.place,
                pattern: Regex::new(&pattern).map_err(|e| source.wrong(&clue.pattern, e))?,
                weight: clue.weight,
                family: clue.family.clone(),
                level: clue.level,
            })
        };
        let clues = raw.clue.iter().map(clue).collect::<Result<Vec<_>>>()?;
        if let Some(bad) = raw.families.values().find(|f| !matches!(f.as_str(), "budget" | "final_accounts")) {
            return Err(invalid(FILE, format!("families: no family {bad}")));
        }
        let names = Names {
            lead: source.regex(&raw.lead)?,
            tail: source.regex(&raw.tail)?,
            reject: source.regex(&raw.reject)?,
        };
        let others = raw.kind.iter().map(|k| Ok((k.id.clone(), source.regex(&k.pattern)?)));
        Ok(Self {
            clues,
            others: others.collect::<Result<_>>()?,
            families: raw.families,
            levels: raw.levels,
            names: Some(names),
        })
    }

    /// The family of a word, such as `budget` of 预算.
    #[must_use]
    pub fn family(&self, word: &str) -> Option<&str> {
        self.families.get(word).map(String::as_str)
    }

    /// The level of a word, such as a department of 部门.
    #[must_use]
    pub fn level(&self, word: &str) -> Option<EntityLevel> {
        self.levels.get(word).copied()
    }

    /// A body's name without the words around it; `None` when it is no name of a body.
    #[must_use]
    pub fn body_name<'t>(&self, text: &'t str) -> Option<&'t str> {
        let names = self.names.as_ref()?;
        let start = names.lead.find(text).map_or(0, |m| m.end());
        let name = text.get(start..)?;
        let end = names.tail.find(name).map_or(name.len(), |m| m.start());
        let name = name.get(..end)?;
        (name.chars().count() > 3 && !names.reject.is_match(name)).then_some(name)
    }
}
