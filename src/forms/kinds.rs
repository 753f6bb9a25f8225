//! Report kinds and the clues of a report's identity (`kinds/*.toml`): what tells kind, body, level and year, and
//! how much each telling weighs.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::expression::Expression;
use super::metrics::Metrics;
use super::statements::Source;
use super::{Files, invalid};
use crate::error::Result;
use crate::model::EntityLevel;

const FILE: &str = "kinds/kinds.toml";
/// Characters of the longest name of a body; what is longer is a sentence.
const MAX_NAME: usize = 60;

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
    pub pattern: Expression,
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
    pub others: Vec<(String, Expression)>,
    families: BTreeMap<String, String>,
    levels: BTreeMap<String, EntityLevel>,
    names: Option<Names>,
    places: Option<Places>,
    title: Option<TitleWords>,
}

/// How places look at the start of a name.
#[derive(Debug)]
struct Places {
    lead: Expression,
    ranks: Vec<Expression>,
    reject: Expression,
    stop: Expression,
}

/// Which lines of a cover make up its title.
#[derive(Debug)]
pub struct TitleWords {
    /// A line that says what the report is.
    pub says: Expression,
    /// A line that starts it with a year.
    pub year: Expression,
    /// A line behind it that belongs to it.
    pub goes_on: Expression,
}

#[derive(Debug)]
struct Names {
    lead: Expression,
    tail: Expression,
    reject: Expression,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKinds {
    body: Spanned<String>,
    lead: Spanned<String>,
    tail: Spanned<String>,
    reject: Spanned<String>,
    title: Spanned<String>,
    title_year: Spanned<String>,
    title_goes_on: Spanned<String>,
    region: RawPlaces,
    families: BTreeMap<String, String>,
    levels: BTreeMap<String, EntityLevel>,
    clue: Vec<RawClue>,
    kind: Vec<RawKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlaces {
    lead: Spanned<String>,
    ranks: Vec<Spanned<String>>,
    reject: Spanned<String>,
    stop: Spanned<String>,
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
        let source = Source::new(FILE, text, metrics);
        let raw: RawKinds = source.toml()?;
        let clue = |clue: &RawClue| {
            let pattern = clue.pattern.get_ref().replace("%E", raw.body.get_ref());
            Ok(Clue {
                place: clue.place,
                pattern: source.compile(&pattern).map_err(|e| source.wrong(&clue.pattern, e))?,
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
        let places = Places {
            lead: source.regex(&raw.region.lead)?,
            ranks: raw.region.ranks.iter().map(|r| source.regex(r)).collect::<Result<_>>()?,
            reject: source.regex(&raw.region.reject)?,
            stop: source.regex(&raw.region.stop)?,
        };
        let title = TitleWords {
            says: source.regex(&raw.title)?,
            year: source.regex(&raw.title_year)?,
            goes_on: source.regex(&raw.title_goes_on)?,
        };
        let others = raw.kind.iter().map(|k| Ok((k.id.clone(), source.regex(&k.pattern)?)));
        Ok(Self {
            clues,
            others: others.collect::<Result<_>>()?,
            families: raw.families,
            levels: raw.levels,
            names: Some(names),
            places: Some(places),
            title: Some(title),
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

    /// Which lines of a cover make up its title.
    #[must_use]
    pub fn title_words(&self) -> Option<&TitleWords> {
        self.title.as_ref()
    }

    /// A name without the words that some bodies put before their place: 中共某市委员会 gives 某市委员会.
    #[must_use]
    pub fn without_lead<'t>(&self, name: &'t str) -> &'t str {
        let lead = self.places.as_ref().and_then(|p| p.lead.find(name));
        lead.and_then(|m| name.get(m.end()..)).unwrap_or(name)
    }

    /// The place that a name starts with by its shape: 某市某区 of 某市某区档案馆; `None` when it shows none.
    #[must_use]
    pub fn place_by_shape<'t>(&self, name: &'t str) -> Option<&'t str> {
        let places = self.places.as_ref()?;
        let mut end = 0;
        for rank in &places.ranks {
            let rest = name.get(end..).unwrap_or("");
            let Some(found) = rank.find(rest) else { continue };
            let after = rest.get(found.end()..).unwrap_or("");
            // 某区 of three characters is no place without the one that holds it: 我区, 西区.
            let is_short = end == 0 && found.as_str().chars().count() < 3;
            if !is_short && !places.reject.is_match(found.as_str()) && !places.stop.is_match(after) {
                end += found.end();
            }
        }
        name.get(..end).filter(|place| !place.is_empty())
    }

    /// A body's name without the words around it; `None` when it is no name of a body.
    #[must_use]
    pub fn body_name<'t>(&self, text: &'t str) -> Option<&'t str> {
        let names = self.names.as_ref()?;
        let start = names.lead.find(text).map_or(0, |m| m.end());
        let name = text.get(start..)?;
        let end = names.tail.find(name).map_or(name.len(), |m| m.start());
        let name = name.get(..end)?;
        let is_place = self.place_by_shape(name) == Some(name);
        ((4..=MAX_NAME).contains(&name.chars().count()) && !is_place && !names.reject.is_match(name)).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use crate::forms::Forms;

    fn place(name: &str) -> Option<&'static str> {
        let kinds = &Forms::builtin().kinds;
        let name: &'static str = name.to_owned().leak();
        kinds.place_by_shape(kinds.without_lead(name))
    }

    #[test]
    fn a_place_is_known_by_its_shape() {
        assert_eq!(place("清川市云汀区档案馆"), Some("清川市云汀区"));
        assert_eq!(place("云岭省清川市审计局"), Some("云岭省清川市"));
        assert_eq!(place("中共清川市西区委员会办公室"), Some("清川市西区"));
        assert_eq!(place("云汀县人民政府办公室"), Some("云汀县"));
        assert_eq!(place("清川彝族自治州财政局"), Some("清川彝族自治州"));
    }

    #[test]
    fn a_place_is_never_cut_out_of_a_name() {
        assert_eq!(place("国家市场监督管理总局"), None);
        assert_eq!(place("清川市市场监督管理局"), Some("清川市"));
        assert_eq!(place("云汀区市场监督管理局"), Some("云汀区"));
        assert_eq!(place("市场监督管理局"), None);
        assert_eq!(place("清川市社区治理委员会"), Some("清川市"));
        assert_eq!(place("清川市城市管理局"), Some("清川市"));
        assert_eq!(place("中国民主同盟清川市委员会"), Some("清川市"));
        assert_eq!(place("区文化馆"), None);
    }

    #[test]
    fn what_is_no_name_of_a_body_is_refused() {
        let kinds = &Forms::builtin().kinds;
        for text in ["财政拨款", "本部门共有", "我单位共有", "清川市云汀区"] {
            assert_eq!(kinds.body_name(text), None, "{text}");
        }
        assert_eq!(kinds.body_name("清川市云汀区财政局"), Some("清川市云汀区财政局"));
    }
}
