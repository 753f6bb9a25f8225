//! Figures of one report against those of another: which report is meant, which figures are held against each
//! other, and what makes a difference legal. An `[[across]]` entry of the identity files becomes an [`Across`].

use regex::Regex;
use serde::Deserialize;

use super::{Each, Heading, Text, compile};
use crate::error::Result;

/// A check over two reports or more.
#[derive(Debug, Clone)]
pub struct Across {
    /// Id, title, severity; `kinds` are those of the report that is judged.
    pub heading: Heading,
    /// Which other report is meant.
    pub relative: Relative,
    /// What is taken of the report that is judged.
    pub side: Side,
    /// The metrics, each with the other report's where that is another one.
    pub each: Vec<Each>,
    /// What a report says where a difference is legal.
    pub unless: Option<Regex>,
    /// Where a department names its units, and how many there are in the group `count`.
    pub perimeter: Option<Regex>,
    /// What may be meant.
    pub hint: Option<Text>,
}

/// Which other report is meant. The body and its region are the same, but for units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    /// That of the year before, of the same kind.
    LastYear,
    /// The budget of the same year and level.
    Budget,
    /// Another document of the same year and kind.
    Twin,
    /// Those of the units that a department names, added up.
    Units,
    /// Those of all departments of the region, added up.
    Departments,
}

/// What is taken of the report that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Its own figure of the year.
    #[default]
    Own,
    /// What it says of the year before, printed or by the change.
    Prior,
    /// The budget that it names.
    InitialBudget,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    heading: Heading,
    relative: Relative,
    #[serde(default)]
    side: Side,
    each: Vec<String>,
    unless: Option<String>,
    perimeter: Option<String>,
    hint: Option<Text>,
}

impl Entry {
    pub(super) fn build(self, file: &str) -> Result<Across> {
        let pattern = |text: Option<&str>| text.map(|text| compile(file, &self.heading.id, text)).transpose();
        Ok(Across {
            unless: pattern(self.unless.as_deref())?,
            perimeter: pattern(self.perimeter.as_deref())?,
            each: self.each.iter().map(|text| Each::parse(text)).collect(),
            relative: self.relative,
            side: self.side,
            hint: self.hint,
            heading: self.heading,
        })
    }
}
