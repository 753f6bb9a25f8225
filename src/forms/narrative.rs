//! How prose names figures (`narrative/*.toml`): for each kind of section the terms that name a figure standing
//! behind them, and whole patterns with slots for figures that stand in the middle of words.
//!
//! A pattern is a regular expression over folded text with three additions: `{metric}` is an amount,
//! `{metric:measure}` another measure of it, `{project}` a name; `…` is some words within a clause.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use toml::Spanned;

use super::expression::{Expression, Letters};
use super::metrics::Metrics;
use super::statements::{Source, has_extension};
use super::{Files, invalid};
use crate::error::Result;
use crate::model::{Measure, Phase};

const WORDS: &str = "narrative/words.toml";

/// All section forms and their common words.
#[derive(Debug)]
pub struct Narrative {
    /// In the order of the files; the first that fits a title counts.
    pub sections: Vec<SectionForm>,
    /// What all of them share; `None` where no form file says.
    pub words: Option<Words>,
}

/// What a kind of section says.
#[derive(Debug)]
pub struct SectionForm {
    /// Fits its title.
    pub title: Expression,
    /// Must not fit its title.
    pub not: Option<Expression>,
    /// Metric of figures behind a functional name.
    pub func: Option<String>,
    /// Metric of figures behind an economic name.
    pub econ: Option<String>,
    /// It stands in evaluation annexes.
    pub annex: bool,
    /// Words that name the figure behind them.
    pub terms: Vec<Term>,
    /// Patterns with slots.
    pub patterns: Vec<Pattern>,
}

/// Words that name the figure behind them.
#[derive(Debug, Clone)]
pub struct Term {
    /// The words.
    pub words: Expression,
    /// What the figure is; more than one where it stands for both sides.
    pub metrics: Vec<String>,
    /// Family that it is for.
    pub family: Option<String>,
}

/// A pattern with slots.
#[derive(Debug)]
pub struct Pattern {
    /// Compiled; slot `i` is the group `s{i}`, with its unit in `u{i}`, and `project` a name.
    pub regex: Expression,
    /// Its slots.
    pub slots: Vec<Slot>,
}

/// A slot of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// What stands there.
    pub metric: String,
    /// Which measure of it.
    pub measure: Measure,
}

/// Words that all sections share.
#[derive(Debug)]
pub struct Words {
    /// Words of increase.
    pub up: Expression,
    /// Words of decrease.
    pub down: Expression,
    /// What the words just before a figure make of it.
    pub before: Vec<Before>,
    /// What may stand between a term and its figure.
    pub link: Expression,
    /// Fits up to the first character of a term that is only the end of a longer name.
    pub longer: Expression,
    /// What may stand between a word of increase or decrease and its figure.
    pub lead_on: Expression,
    /// Words by which one figure is that of two things: 各增加.
    pub each: Expression,
    /// What a change is measured against.
    pub base: Expression,
    /// What may stand behind the name of a class.
    pub class_end: Expression,
    /// Where reasons and purposes start.
    pub aside: Expression,
    /// What looks like one of those and is none.
    pub not_aside: Expression,
    /// Words at the start of a part: 其中.
    pub among: Expression,
    /// A sentence by which a report says that what it calls budget is the adjusted one.
    pub adjusted: Expression,
    /// Codes that only government funds pay.
    pub fund_codes: Expression,
    /// Titles of annexes.
    pub annex: Expression,
    /// Titles of parts without figures of the report.
    pub skip: Expression,
}

/// What words just before a figure make of it.
#[derive(Debug)]
pub struct Before {
    /// Fits the end of the text before the figure.
    pub words: Expression,
    /// It is this measure.
    pub measure: Option<Measure>,
    /// It is of this stage.
    pub phase: Option<Phase>,
    /// Family that the rule is for.
    pub family: Option<String>,
    /// What the sentence has to say behind the figure.
    pub then: Option<Expression>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    up: Spanned<String>,
    down: Spanned<String>,
    before: Vec<RawBefore>,
    link: Spanned<String>,
    longer: Spanned<String>,
    lead_on: Spanned<String>,
    each: Spanned<String>,
    base: Spanned<String>,
    class_end: Spanned<String>,
    aside: Spanned<String>,
    not_aside: Spanned<String>,
    among: Spanned<String>,
    adjusted: Spanned<String>,
    fund_codes: Spanned<String>,
    annex: Spanned<String>,
    skip: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBefore {
    words: Spanned<String>,
    measure: Option<Measure>,
    phase: Option<Phase>,
    family: Option<String>,
    then: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    section: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    /// By which others take its terms.
    name: Option<String>,
    /// Sections whose terms it knows too, behind its own.
    #[serde(default)]
    also: Vec<Spanned<String>>,
    title: Spanned<String>,
    not: Option<Spanned<String>>,
    func: Option<Spanned<String>>,
    econ: Option<Spanned<String>>,
    #[serde(default)]
    annex: bool,
    #[serde(default)]
    term: Vec<RawTerm>,
    #[serde(default)]
    pattern: Vec<RawPattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    words: Spanned<String>,
    metrics: Vec<Spanned<String>>,
    family: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPattern {
    says: Spanned<String>,
}

impl Narrative {
    pub(super) fn parse(files: &Files, metrics: &Metrics) -> Result<Self> {
        let words = files.get(WORDS).map(|text| read_words(&Source::new(WORDS, text, metrics))).transpose()?;
        let mut sections = Vec::new();
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let mut takes: Vec<(usize, usize)> = Vec::new();
        for (file, text) in files.range("narrative/".to_owned().."narrative0".to_owned()) {
            if file == WORDS || file.ends_with("/charts.toml") || !has_extension(file, "toml") {
                continue;
            }
            let source = Source::new(file, text, metrics);
            let raws = source.toml::<RawFile>()?.section;
            let named = raws.iter().enumerate().filter_map(|(i, raw)| Some((raw.name.clone()?, sections.len() + i)));
            names.extend(named);
            for raw in &raws {
                for other in &raw.also {
                    let known = names.get(other.get_ref());
                    let known = known.ok_or_else(|| source.wrong(other, format!("no section {}", other.get_ref())))?;
                    takes.push((sections.len(), *known));
                }
                sections.push(read_section(&source, raw)?);
            }
        }
        share_terms(&mut sections, &takes);
        if words.is_none() && !sections.is_empty() {
            return Err(invalid(WORDS, "is missing"));
        }
        Ok(Self { sections, words })
    }

    /// The section form of a title, in an annex or outside.
    #[must_use]
    pub fn section(&self, title: &str, in_annex: bool) -> Option<&SectionForm> {
        let letters = Letters::of(title);
        let may_fit = |s: &&SectionForm| s.title.may_be_in(&letters);
        let fits = |s: &&SectionForm| s.title.is_match(title) && !s.not.as_ref().is_some_and(|n| n.is_match(title));
        self.sections.iter().filter(|s| in_annex || !s.annex).filter(may_fit).find(fits)
    }
}

/// Gives sections the terms of others behind their own.
fn share_terms(sections: &mut [SectionForm], takes: &[(usize, usize)]) {
    let shared: Vec<Vec<Term>> =
        takes.iter().map(|(_, from)| sections.get(*from).map_or_else(Vec::new, |s| s.terms.clone())).collect();
    for ((to, _), terms) in takes.iter().zip(shared) {
        if let Some(section) = sections.get_mut(*to) {
            section.terms.extend(terms);
        }
    }
}

fn read_words(source: &Source<'_>) -> Result<Words> {
    let raw: RawWords = source.toml()?;
    let before = |b: &RawBefore| {
        if b.measure.is_none() && b.phase.is_none() {
            return Err(source.wrong(&b.words, "a rule of [before] needs a measure or a phase"));
        }
        Ok(Before {
            words: source.regex(&b.words)?,
            measure: b.measure,
            phase: b.phase,
            family: b.family.clone(),
            then: b.then.as_ref().map(|t| source.regex(t)).transpose()?,
        })
    };
    Ok(Words {
        up: source.regex(&raw.up)?,
        down: source.regex(&raw.down)?,
        before: raw.before.iter().map(before).collect::<Result<_>>()?,
        link: source.regex(&raw.link)?,
        longer: source.regex(&raw.longer)?,
        lead_on: source.regex(&raw.lead_on)?,
        each: source.regex(&raw.each)?,
        base: source.regex(&raw.base)?,
        class_end: source.regex(&raw.class_end)?,
        aside: source.regex(&raw.aside)?,
        not_aside: source.regex(&raw.not_aside)?,
        among: source.regex(&raw.among)?,
        adjusted: source.regex(&raw.adjusted)?,
        fund_codes: source.regex(&raw.fund_codes)?,
        annex: source.regex(&raw.annex)?,
        skip: source.regex(&raw.skip)?,
    })
}

fn read_section(source: &Source<'_>, raw: &RawSection) -> Result<SectionForm> {
    let term = |t: &RawTerm| {
        let metrics = t.metrics.iter().map(|m| source.metric(m)).collect::<Result<_>>()?;
        Ok(Term { words: source.regex(&t.words)?, metrics, family: t.family.clone() })
    };
    Ok(SectionForm {
        title: source.regex(&raw.title)?,
        not: raw.not.as_ref().map(|n| source.regex(n)).transpose()?,
        func: raw.func.as_ref().map(|f| source.metric(f)).transpose()?,
        econ: raw.econ.as_ref().map(|e| source.metric(e)).transpose()?,
        annex: raw.annex,
        terms: raw.term.iter().map(term).collect::<Result<_>>()?,
        patterns: raw.pattern.iter().map(|p| read_pattern(source, &p.says)).collect::<Result<_>>()?,
    })
}

/// A number with separators and decimals, as it stands in folded text.
pub(crate) const NUMBER: &str = r"[-−]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?";
/// The unit behind a number.
pub(crate) const UNIT: &str = "万元|亿元|千元|元|万|%";

fn read_pattern(source: &Source<'_>, says: &Spanned<String>) -> Result<Pattern> {
    let mut slots = Vec::new();
    let mut regex = String::new();
    let mut rest = says.get_ref().replace('…', "[^。;]{0,60}?");
    while let Some(open) = next_slot(&rest) {
        let close = rest.get(open..).and_then(|r| r.find('}')).map(|c| open + c);
        let Some(close) = close else { return Err(source.wrong(says, "a slot is not closed")) };
        regex.push_str(rest.get(..open).unwrap_or(""));
        let inner = rest.get(open + 1..close).unwrap_or("").to_owned();
        if inner == "project" {
            regex.push_str("(?P<project>[^。;,、]{2,40}?)");
        } else {
            let index = slots.len();
            let _ = write!(regex, "(?P<s{index}>{NUMBER})(?P<u{index}>{UNIT})?");
            slots.push(read_slot(source, says, &inner)?);
        }
        rest = rest.get(close + 1..).unwrap_or("").to_owned();
    }
    regex.push_str(&rest);
    let regex = source.compile(&regex).map_err(|e| source.wrong(says, e))?;
    Ok(Pattern { regex, slots })
}

/// A slot starts with a letter; `{2}` and `{0,60}` are repetitions.
fn next_slot(text: &str) -> Option<usize> {
    text.match_indices('{').map(|(i, _)| i).find(|&i| {
        text.as_bytes().get(i + 1).is_some_and(u8::is_ascii_lowercase)
            && !text.get(..i).is_some_and(|t| t.ends_with("\\p"))
    })
}

fn read_slot(source: &Source<'_>, says: &Spanned<String>, inner: &str) -> Result<Slot> {
    let (metric, measure) = inner.split_once(':').unwrap_or((inner, "amount"));
    let measure = match measure {
        "amount" => Measure::Amount,
        "share" => Measure::Share,
        "yoy_abs" => Measure::YoyAbs,
        "yoy_pct" => Measure::YoyPct,
        "completion" => Measure::Completion,
        "count" => Measure::Count,
        "score" => Measure::Score,
        other => return Err(source.wrong(says, format!("no measure {other}"))),
    };
    if source.metrics.get(metric).is_none() {
        return Err(source.wrong(says, format!("no metric {metric} in codes/metrics.csv")));
    }
    Ok(Slot { metric: metric.to_owned(), measure })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(says: &str) -> Result<Pattern> {
        let metrics = "id,label_zh,kind,aggregation,fund\nasset.fixed,固定资产,money,stock,\n";
        let metrics = Metrics::parse(&[("codes/metrics.csv".to_owned(), metrics.to_owned())].into())?;
        let text = format!("[[section]]\ntitle = 'x'\n[[section.pattern]]\nsays = '{says}'\n");
        let source = Source::new("narrative/a.toml", &text, &metrics);
        let raw: RawFile = source.toml()?;
        read_pattern(&source, &raw.section[0].pattern[0].says)
    }

    #[test]
    fn a_slot_takes_a_number_and_its_unit() {
        let pattern = pattern("资产…共{asset.fixed}").expect("valid");
        let found = pattern.regex.captures("资产净值共1,979.5万元").expect("it fits");
        assert_eq!((&found["s0"], &found["u0"]), ("1,979.5", "万元"));
    }

    #[test]
    fn a_slot_of_an_unknown_metric_is_named_with_its_line() {
        let error = pattern("资产{asset.liquid}").expect_err("no such metric");
        assert_eq!(
            error.to_string(),
            "form file narrative/a.toml: line 4: no metric asset.liquid in codes/metrics.csv"
        );
        let error = pattern("资产{asset.fixed:weight}").expect_err("no such measure");
        assert!(error.to_string().ends_with("line 4: no measure weight"));
    }
}
