//! What a region does otherwise: an `[[override]]` of the identity files makes a check graver or milder there, or
//! leaves it out. Takes the checks of all files; gives those that are due for one report.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Heading, Identities, Text};
use crate::model::{Region, Severity};

/// One check in one or more regions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Id of the check.
    pub id: String,
    /// Starts of region codes, such as `51`, or of region names, such as `四川省`.
    pub regions: Vec<String>,
    /// How much the fault matters there.
    pub severity: Rank,
    /// Why it is otherwise there.
    pub why: Text,
}

/// How much a fault matters in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// The check is left out.
    Off,
    /// Rounding, naming.
    Info,
    /// Wording, scope, a likely mistake.
    Warn,
    /// A published number or code is wrong.
    Error,
    /// A total is wrong or absent.
    Critical,
}

impl Rank {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warn => Some(Severity::Warn),
            Self::Error => Some(Severity::Error),
            Self::Critical => Some(Severity::Critical),
        }
    }
}

impl Override {
    fn is_for(&self, region: &Region) -> bool {
        let code = region.code.as_deref().unwrap_or_default();
        self.regions.iter().any(|start| code.starts_with(start.as_str()) || region.name.starts_with(start.as_str()))
    }
}

impl Identities {
    /// The checks as they are for a region: those of the files where nothing is otherwise there.
    #[must_use]
    pub fn in_region(&self, region: Option<&Region>) -> Cow<'_, Self> {
        let due: Vec<&Override> =
            region.map_or_else(Vec::new, |region| self.overrides.iter().filter(|o| o.is_for(region)).collect());
        if due.is_empty() {
            return Cow::Borrowed(self);
        }
        // The last one wins, so that a folder of one's own comes after the built-in files.
        let rank = |heading: &Heading| due.iter().rev().find(|o| o.id == heading.id).map(|o| o.severity);
        let mut own = self.chosen(|heading| rank(heading) != Some(Rank::Off));
        for heading in own.headings_mut() {
            heading.severity = rank(heading).and_then(Rank::severity).unwrap_or(heading.severity);
        }
        Cow::Owned(own)
    }

    /// The checks whose heading is wanted.
    #[must_use]
    pub fn chosen(&self, is_wanted: impl Fn(&Heading) -> bool) -> Self {
        let mut own = self.clone();
        own.assertions.retain(|a| is_wanted(&a.heading));
        own.wordings.retain(|w| is_wanted(&w.heading));
        own.across.retain(|a| is_wanted(&a.heading));
        for entries in own.written.values_mut() {
            entries.retain(|w| is_wanted(&w.heading));
        }
        own
    }

    fn headings_mut(&mut self) -> impl Iterator<Item = &mut Heading> {
        let assertions = self.assertions.iter_mut().map(|a| &mut a.heading);
        let wordings = self.wordings.iter_mut().map(|w| &mut w.heading);
        let written = self.written.values_mut().flatten().map(|w| &mut w.heading);
        let across = self.across.iter_mut().map(|a| &mut a.heading);
        assertions.chain(wordings).chain(written).chain(across)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[wording]]
        id = "ST-05"
        title = { zh = "模板说明", en = "instructions" }
        why = { zh = "未删除。", en = "Left in." }
        severity = "warn"
        pattern = "请删除"

        [[wording]]
        id = "ST-06"
        title = { zh = "漏字", en = "a character is missing" }
        why = { zh = "未校对。", en = "Not proofread." }
        severity = "info"
        pattern = ";;"

        [[override]]
        id = "ST-05"
        regions = ["51", "丙省"]
        severity = "error"
        why = { zh = "本省通报。", en = "The province names and shames." }

        [[override]]
        id = "ST-06"
        regions = ["5103"]
        severity = "off"
        why = { zh = "不查。", en = "Nobody asks." }
    "#;

    fn ranks(region: Option<(&str, Option<&str>)>) -> Vec<(String, Severity)> {
        let identities = Identities::parse(std::iter::once(("identities/own.toml", FILE))).expect("valid");
        let region = region.map(|(name, code)| Region { name: name.into(), code: code.map(str::to_owned) });
        let due = identities.in_region(region.as_ref());
        due.wordings.iter().map(|w| (w.heading.id.clone(), w.heading.severity)).collect()
    }

    #[test]
    fn a_check_is_graver_milder_or_absent_where_the_region_says_so() {
        let (error, warn, info) = (Severity::Error, Severity::Warn, Severity::Info);
        assert_eq!(ranks(None), [("ST-05".into(), warn), ("ST-06".into(), info)]);
        assert_eq!(ranks(Some(("甲市", Some("320100")))), [("ST-05".into(), warn), ("ST-06".into(), info)]);
        assert_eq!(ranks(Some(("丙省丁市", None))), [("ST-05".into(), error), ("ST-06".into(), info)]);
        assert_eq!(ranks(Some(("乙市", Some("510300")))), [("ST-05".into(), error)]);
    }

    #[test]
    fn only_the_chosen_checks_are_left() {
        let identities = Identities::parse(std::iter::once(("identities/own.toml", FILE))).expect("valid");
        assert_eq!(identities.chosen(|heading| heading.id == "ST-06").wordings.len(), 1);
    }
}
