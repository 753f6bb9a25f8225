//! The checks as data: value assertions (formulas over metrics), wording checks (patterns over text) and the
//! few words that checks written in Rust look for. One [`Identities`] holds those of all files below
//! `forms/identities/`; `check` evaluates them. A file is TOML with `[tables]`, `[[assertion]]`,
//! `[[wording]]` and `[[written]]` entries; a fault in one is told with file, entry and column.

mod across;
mod formula;
mod region;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde::Deserialize;

pub use across::{Across, Relative, Side};
pub use formula::{CodeRef, Expr, Formula, MetricRef, Operator, PhaseRef, Relation, Term};
pub use region::{Override, Rank};

use super::expression::Expression;
use super::{invalid, is_embedded};
use crate::error::Result;
use crate::model::Severity;

/// Every check that the forms hold.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    /// Short names of statements, such as `T1`, with the table forms that they stand for.
    pub tables: BTreeMap<String, Vec<String>>,
    /// Formulas, in the order of files and entries.
    pub assertions: Vec<Assertion>,
    /// Patterns over text.
    pub wordings: Vec<Wording>,
    /// What is told about the checks that are written in Rust, by their name there.
    pub written: BTreeMap<String, Vec<Written>>,
    /// Figures of one report against those of another.
    pub across: Vec<Across>,
    /// Patterns that several checks rest on, by name.
    pub patterns: BTreeMap<String, Regex>,
    /// What is otherwise in a region.
    pub overrides: Vec<Override>,
}

/// What every check says about itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Heading {
    /// Id of the check, such as `IT-03`; several entries may share one.
    pub id: String,
    /// The fault in one line.
    pub title: Text,
    /// How much the fault matters.
    pub severity: Severity,
    /// Why anybody should care, and when the check stays quiet.
    pub why: Text,
    /// Starts of the report kinds that it is for; empty is all.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A formula that the figures of a report must satisfy (a value assertion in the sense of XBRL Formula 1.0).
#[derive(Debug, Clone)]
pub struct Assertion {
    /// Id, title, severity.
    pub heading: Heading,
    /// The formula as it is written.
    pub source: String,
    /// The formula, one for each way in which a right report may satisfy it; the first is the one reported.
    pub formulas: Vec<Formula>,
    /// How far the sides may differ.
    pub tolerance: Tolerance,
    /// Where its terms are looked for.
    pub within: Within,
    /// Metrics that `x` stands for; empty is every metric.
    pub each: Vec<Each>,
    /// What `{left}` and `{right}` are called in the message; empty takes the title alone.
    pub message: Option<Text>,
    /// What may be meant, or what makes such a difference legal.
    pub hint: Option<Text>,
}

/// A metric that `x` stands for, and its whole where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// The metric, or a start of metrics when it ends in `.*`.
    pub metric: String,
    /// What it is a part of.
    pub whole: Option<String>,
}

/// How far two sides may differ before anything is said; see the tolerance policy of the check documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// Not at all.
    Exact,
    /// The same quantity printed twice: by one unit of the last printed digit.
    Same,
    /// A sum: by half a unit of each printed addend and of the total.
    Sum,
    /// A percentage: the claimed literal must meet the interval of the recomputed one.
    Percent,
}

/// Where the terms of an assertion are looked for when they do not say so themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// In the table of the first term.
    Table,
    /// In the text of the report.
    Text,
    /// In the annexes.
    Annex,
    /// In statements and text.
    Report,
}

/// A pattern that a right report does not hold.
#[derive(Debug, Clone)]
pub struct Wording {
    /// Id, title, severity.
    pub heading: Heading,
    /// What is looked for, in text with its white space between CJK characters removed.
    pub pattern: Expression,
    /// What makes a match harmless, in the sentence of the match.
    pub unless: Option<Expression>,
    /// Which sections it is looked for in, by their heading; absent is all.
    pub section: Option<Expression>,
    /// Whether several matches make one finding.
    pub together: bool,
}

/// A check that is written in Rust: what is told about it, and the words that it looks for.
#[derive(Debug, Clone)]
pub struct Written {
    /// Id, title, severity.
    pub heading: Heading,
    /// Its patterns, by the name that the check gives them.
    pub patterns: BTreeMap<String, Expression>,
    /// Its word lists, by name.
    pub words: BTreeMap<String, Vec<String>>,
}

impl Heading {
    /// Whether the check is for a report of that kind; a report of unknown kind is checked by all.
    #[must_use]
    pub fn applies_to(&self, kind: Option<&str>) -> bool {
        let Some(kind) = kind else { return true };
        self.kinds.is_empty() || self.kinds.iter().any(|k| kind.starts_with(k.as_str()))
    }
}

impl Identities {
    /// Parses the files of `forms/identities/`, given by name in order.
    ///
    /// # Errors
    /// When a file is no TOML of this shape, or a formula or pattern in it breaks its rules.
    pub fn parse<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut all = Self::default();
        for (name, text) in files {
            let file: File = toml::from_str(text).map_err(|e| invalid(name, e))?;
            all.take(name, file, is_embedded(name, text))?;
        }
        all.check_sources()?;
        Ok(all)
    }

    /// The patterns of a file that the binary carries are known to be right, and wait for a text.
    fn take(&mut self, name: &str, file: File, is_known: bool) -> Result<()> {
        self.tables.extend(file.tables);
        for entry in file.assertion {
            self.assertions.push(entry.build(name)?);
        }
        for entry in file.wording {
            self.wordings.push(entry.build(name, is_known)?);
        }
        for entry in file.written {
            let (key, written) = entry.build(name, is_known)?;
            self.written.entry(key).or_default().push(written);
        }
        for entry in file.across {
            self.across.push(entry.build(name)?);
        }
        for (key, text) in &file.patterns {
            self.patterns.insert(key.clone(), compile(name, key, text)?);
        }
        self.overrides.extend(file.overrides);
        Ok(())
    }

    /// A source that no file explains would silently match nothing.
    fn check_sources(&self) -> Result<()> {
        let mut known: BTreeSet<&str> = ["text", "table", "annex", "form", "chart"].into();
        known.extend(self.tables.keys().map(String::as_str));
        for assertion in &self.assertions {
            let mut unknown = None;
            for formula in &assertion.formulas {
                for side in [&formula.left, &formula.right] {
                    side.visit_terms(&mut |term, _| {
                        unknown = term.source.as_deref().filter(|s| !known.contains(s)).or(unknown);
                    });
                }
            }
            if let Some(source) = unknown {
                return Err(invalid("identities", format!("{}: no table is called {source}", assertion.heading.id)));
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    tables: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    assertion: Vec<AssertionEntry>,
    #[serde(default)]
    wording: Vec<WordingEntry>,
    #[serde(default)]
    written: Vec<WrittenEntry>,
    #[serde(default)]
    across: Vec<across::Entry>,
    #[serde(default)]
    patterns: BTreeMap<String, String>,
    #[serde(default, rename = "override")]
    overrides: Vec<Override>,
}

#[derive(Deserialize)]
struct AssertionEntry {
    #[serde(flatten)]
    heading: Heading,
    formula: String,
    #[serde(default)]
    or: Vec<String>,
    tolerance: Tolerance,
    within: Within,
    #[serde(default)]
    each: Vec<String>,
    message: Option<Text>,
    hint: Option<Text>,
}

impl AssertionEntry {
    fn build(self, file: &str) -> Result<Assertion> {
        let id = &self.heading.id;
        let parse = |text: &String| {
            Formula::parse(text).map_err(|reason| invalid(file, format!("{id}: formula `{text}`: {reason}")))
        };
        let formulas = std::iter::once(&self.formula).chain(&self.or).map(parse).collect::<Result<_>>()?;
        Ok(Assertion {
            formulas,
            source: self.formula,
            tolerance: self.tolerance,
            within: self.within,
            each: self.each.iter().map(|text| Each::parse(text)).collect(),
            message: self.message,
            hint: self.hint,
            heading: self.heading,
        })
    }
}

impl Each {
    /// Reads `exp.basic` or `exp.basic of exp.current`.
    fn parse(text: &str) -> Self {
        match text.split_once(" of ") {
            Some((metric, whole)) => Self { metric: metric.trim().to_owned(), whole: Some(whole.trim().to_owned()) },
            None => Self { metric: text.trim().to_owned(), whole: None },
        }
    }

    /// Whether it stands for that metric.
    #[must_use]
    pub fn covers(&self, metric: &str) -> bool {
        match self.metric.strip_suffix(".*") {
            Some(start) => metric.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
            None => self.metric == metric,
        }
    }
}

#[derive(Deserialize)]
struct WordingEntry {
    #[serde(flatten)]
    heading: Heading,
    pattern: String,
    unless: Option<String>,
    section: Option<String>,
    #[serde(default)]
    together: bool,
}

impl WordingEntry {
    fn build(self, file: &str, is_known: bool) -> Result<Wording> {
        let id = &self.heading.id;
        let known = |text: &String| expression(file, id, text, is_known);
        let pattern = known(&self.pattern)?;
        let unless = self.unless.as_ref().map(known).transpose()?;
        let section = self.section.as_ref().map(known).transpose()?;
        Ok(Wording { pattern, unless, section, together: self.together, heading: self.heading })
    }
}

#[derive(Deserialize)]
struct WrittenEntry {
    check: String,
    #[serde(flatten)]
    heading: Heading,
    #[serde(default)]
    patterns: BTreeMap<String, String>,
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
}

impl WrittenEntry {
    fn build(self, file: &str, is_known: bool) -> Result<(String, Written)> {
        let mut patterns = BTreeMap::new();
        for (name, text) in &self.patterns {
            patterns.insert(name.clone(), expression(file, &self.heading.id, text, is_known)?);
        }
        Ok((self.check, Written { heading: self.heading, patterns, words: self.words }))
    }
}

fn expression(file: &str, id: &str, pattern: &str, is_known: bool) -> Result<Expression> {
    if is_known {
        return Ok(Expression::deferred(pattern));
    }
    Expression::checked(pattern).map_err(|e| invalid(file, format!("{id}: pattern `{pattern}`: {e}")))
}

fn compile(file: &str, id: &str, pattern: &str) -> Result<Regex> {
    super::expression::compile(pattern).map_err(|e| invalid(file, format!("{id}: pattern `{pattern}`: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"
        [[assertion]]
        id = "IT-03"
        title = { zh = "收支总计不等", en = "totals differ" }
        why = { zh = "总计被引用。", en = "Totals are quoted." }
        severity = "critical"
        within = "table"
        tolerance = "exact"
        formula = "total.in = total.out"
    "#;

    fn parse(text: &str) -> Result<Identities> {
        Identities::parse(std::iter::once(("identities/own.toml", text)))
    }

    #[test]
    fn an_entry_becomes_an_assertion() {
        let identities = parse(ENTRY).expect("valid");
        assert_eq!(identities.assertions.len(), 1);
        assert_eq!(identities.assertions[0].source, "total.in = total.out");
    }

    #[test]
    fn a_broken_formula_names_file_entry_and_column() {
        let broken = ENTRY.replace("= total.out", "= total.out +");
        let error = parse(&broken).expect_err("broken").to_string();
        assert!(
            error.contains("identities/own.toml") && error.contains("IT-03") && error.contains("column 23"),
            "{error}"
        );
    }

    #[test]
    fn a_source_that_no_file_explains_is_refused() {
        let error = parse(&ENTRY.replace("total.out\"", "T1:total.out\"")).expect_err("unknown").to_string();
        assert!(error.contains("no table is called T1"), "{error}");
    }

    #[test]
    fn a_start_of_metrics_covers_its_parts_only() {
        let each = Each::parse("tp.* of tp.total");
        assert!(each.covers("tp") && each.covers("tp.vehicle.operation") && !each.covers("tpx"));
        assert_eq!(each.whole.as_deref(), Some("tp.total"));
    }
}
