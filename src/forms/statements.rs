//! Statement forms (`statements/*.toml`): titles, header words to metrics, row labels to metrics, and the words that
//! all statements share. Everything is compiled and checked here once; a wrong metric, an unknown key or a bad
//! pattern is an error that names file and line.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::expression::Expression;
use super::metrics::{Metrics, parse_fund};
use super::{Files, invalid};
use crate::error::{Error, Result};
use crate::model::{Fund, Phase, fold_text};

const WORDS: &str = "statements/words.toml";

/// All statement forms and their common words.
#[derive(Debug)]
pub struct Statements {
    /// In the order of the files and of the forms in them.
    pub forms: Vec<StatementForm>,
    /// What all of them share.
    pub words: Words,
}

/// One statement: how it is called and what its columns and rows mean.
#[derive(Debug)]
pub struct StatementForm {
    /// Form id by family, such as `budget` to `budget.revenue`.
    pub ids: BTreeMap<String, String>,
    /// Titles in canonical spelling (see [`Words::canonical`]).
    pub titles: Vec<String>,
    /// Patterns that its header holds.
    pub header: Vec<Expression>,
    /// Patterns of row labels that speak for it.
    pub labels: Vec<Expression>,
    /// Whether columns without a word for the stage are of the report's own stage.
    pub default_phase: bool,
    /// Whether header words and labels alone may tell it, where a table has lost its title.
    pub untitled: bool,
    /// Whether its figures stand in one row under named columns.
    pub single_row: bool,
    /// Columns, first fit first.
    pub columns: Vec<ColumnRule>,
    /// Row labels, first fit first.
    pub rows: Vec<RowRule>,
}

/// What the figures of a column mean.
#[derive(Debug)]
pub struct ColumnRule {
    /// Fits the header texts above the column, joined by `/`.
    pub path: Expression,
    /// The column holds nothing to take.
    pub skip: bool,
    /// Metric of its total row.
    pub total: Option<String>,
    /// Metric of its rows with a functional code.
    pub func: Option<String>,
    /// Metric of its rows with an economic code.
    pub econ: Option<String>,
    /// Metric of the column whatever the row says.
    pub metric: Option<String>,
    /// Row labels may name the metric.
    pub row: bool,
    /// Budget that pays, where the column says so.
    pub fund: Option<Fund>,
    /// Family that the rule is for.
    pub only: Option<String>,
    /// Does not apply when the table's header holds this.
    pub unless: Option<Expression>,
}

/// What the figures of a row mean.
#[derive(Debug)]
pub struct RowRule {
    /// Income (`in`) or expenditure (`out`); both when absent.
    pub side: Option<Side>,
    /// Its metric.
    pub metric: String,
    /// Fits the whole label.
    pub labels: Expression,
    /// Fits the whole label when no other row of the side fits `labels`; then it goes before all other rules.
    pub fallback: Option<Expression>,
    /// Fits a label that has to stand above the row.
    pub after: Option<Expression>,
    /// Fits a label that must not stand above the row.
    pub before: Option<Expression>,
}

/// A side of a two-sided statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// 收入
    In,
    /// 支出
    Out,
}

/// Words that all statements share.
#[derive(Debug)]
pub struct Words {
    drop: Expression,
    replace: Vec<(String, String)>,
    /// Headers of columns that hold codes.
    pub code: Expression,
    /// Headers of columns that hold names.
    pub name: Expression,
    /// Headers of columns that number the rows.
    pub numbering: Expression,
    /// Headers of columns that compare.
    pub compare: Expression,
    /// Words of the income side.
    pub income: Expression,
    /// Words of the expenditure side.
    pub expenditure: Expression,
    /// Labels of total rows.
    pub total: Expression,
    /// Labels of rows that say a stage alone, such as 预算数 above 决算数.
    pub stage: Expression,
    /// Words that tell two statements apart.
    pub distinct: Expression,
    /// How the name of a body ends.
    pub body: Expression,
    /// Stages by header, with the family that a rule is for.
    pub phases: Vec<(Expression, Phase, Option<String>)>,
    /// Years by header, relative to the report's.
    pub periods: Vec<(Expression, i16)>,
}

impl Words {
    /// The spelling in which titles are compared: folded, without year, numbers, body words and quotes.
    #[must_use]
    pub fn canonical(&self, title: &str) -> String {
        let folded = fold_text(title);
        let mut text = self.drop.replace_all(&folded, "").into_owned();
        for (from, to) in &self.replace {
            if text.contains(from.as_str()) {
                text = text.replace(from, to);
            }
        }
        text
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    drop: Vec<Spanned<String>>,
    replace: toml::Table,
    columns: ColumnWords,
    phase: Vec<PhaseRule>,
    period: Vec<PeriodRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnWords {
    code: Spanned<String>,
    name: Spanned<String>,
    numbering: Spanned<String>,
    compare: Spanned<String>,
    income: Spanned<String>,
    expenditure: Spanned<String>,
    total: Spanned<String>,
    stage: Spanned<String>,
    distinct: Spanned<String>,
    body: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhaseRule {
    path: Spanned<String>,
    phase: Phase,
    only: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodRule {
    path: Spanned<String>,
    years: i16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    form: Vec<RawForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    ids: BTreeMap<String, String>,
    titles: Vec<String>,
    header: Vec<Spanned<String>>,
    #[serde(default)]
    labels: Vec<Spanned<String>>,
    #[serde(default)]
    default_phase: bool,
    #[serde(default)]
    untitled: bool,
    #[serde(default)]
    single_row: bool,
    #[serde(default)]
    column: Vec<RawColumn>,
    #[serde(default)]
    row: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    path: Spanned<String>,
    #[serde(default)]
    skip: bool,
    total: Option<Spanned<String>>,
    func: Option<Spanned<String>>,
    econ: Option<Spanned<String>>,
    metric: Option<Spanned<String>>,
    #[serde(default)]
    row: bool,
    fund: Option<Spanned<String>>,
    only: Option<String>,
    unless: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    side: Option<Side>,
    metric: Spanned<String>,
    labels: Vec<Spanned<String>>,
    #[serde(default)]
    fallback: Vec<Spanned<String>>,
    after: Option<Spanned<String>>,
    before: Option<Spanned<String>>,
}

impl Statements {
    pub(super) fn parse(files: &Files, metrics: &Metrics) -> Result<Self> {
        let words = match files.get(WORDS) {
            Some(text) => Source::new(WORDS, text, metrics).words()?,
            None => Source::new(WORDS, "", metrics).no_words()?,
        };
        let mut forms = Vec::new();
        for (file, text) in files.range("statements/".to_owned().."statements0".to_owned()) {
            if file == WORDS || !has_extension(file, "toml") {
                continue;
            }
            let source = Source::new(file, text, metrics);
            for raw in source.toml::<FormFile>()?.form {
                forms.push(source.form(raw, &words)?);
            }
        }
        Ok(Self { forms, words })
    }

    /// The form with this id, whatever its family.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&StatementForm> {
        self.forms.iter().find(|f| f.ids.values().any(|known| known == id))
    }
}

pub(super) fn has_extension(file: &str, extension: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, e)| e == extension)
}

/// A form file being read: turns spanned strings into checked values, and mistakes into errors with a line.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    text: &'a str,
    pub(super) metrics: &'a Metrics,
    /// The file is the embedded one, so its patterns are known to be right.
    is_embedded: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &'a str, metrics: &'a Metrics) -> Self {
        Self { file, text, metrics, is_embedded: super::is_embedded(file, text) }
    }

    /// Makes an expression of a pattern; that of an embedded file is compiled when it is first used.
    pub(super) fn compile(&self, pattern: &str) -> std::result::Result<Expression, regex::Error> {
        if self.is_embedded { Ok(Expression::deferred(pattern)) } else { Expression::checked(pattern) }
    }

    pub(super) fn toml<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        toml::from_str(self.text).map_err(|e| {
            let line = e.span().map_or(0, |s| self.line(s.start));
            invalid(self.file, format!("line {line}: {}", e.message()))
        })
    }

    fn line(&self, byte: usize) -> usize {
        self.text.bytes().take(byte).filter(|&b| b == b'\n').count() + 1
    }

    pub(super) fn wrong<T>(&self, at: &Spanned<T>, reason: impl std::fmt::Display) -> Error {
        invalid(self.file, format!("line {}: {reason}", self.line(at.span().start)))
    }

    pub(super) fn regex(&self, pattern: &Spanned<String>) -> Result<Expression> {
        self.compile(pattern.get_ref()).map_err(|e| self.wrong(pattern, last_line(&e.to_string())))
    }

    /// One pattern that fits a whole text by any of the alternatives.
    pub(super) fn whole(&self, patterns: &[Spanned<String>]) -> Result<Option<Expression>> {
        for pattern in patterns {
            self.regex(pattern)?;
        }
        let all: Vec<&str> = patterns.iter().map(|p| p.get_ref().as_str()).collect();
        let joined = format!("^(?:{})$", all.join("|"));
        match patterns.first() {
            Some(first) => self.compile(&joined).map(Some).map_err(|e| self.wrong(first, last_line(&e.to_string()))),
            None => Ok(None),
        }
    }

    pub(super) fn metric(&self, id: &Spanned<String>) -> Result<String> {
        if self.metrics.get(id.get_ref()).is_none() {
            return Err(self.wrong(id, format!("no metric {} in codes/metrics.csv", id.get_ref())));
        }
        Ok(id.get_ref().clone())
    }

    fn optional<T>(
        &self,
        value: Option<&Spanned<String>>,
        read: impl Fn(&Self, &Spanned<String>) -> Result<T>,
    ) -> Result<Option<T>> {
        value.map(|v| read(self, v)).transpose()
    }

    fn fund(&self, word: &Spanned<String>) -> Result<Fund> {
        parse_fund(word.get_ref()).ok_or_else(|| self.wrong(word, format!("no fund {}", word.get_ref())))
    }

    fn no_words(&self) -> Result<Words> {
        let never = || Expression::checked("$^").map_err(|e| invalid(self.file, e));
        Ok(Words {
            drop: never()?,
            replace: Vec::new(),
            code: never()?,
            name: never()?,
            numbering: never()?,
            compare: never()?,
            income: never()?,
            expenditure: never()?,
            total: never()?,
            stage: never()?,
            distinct: never()?,
            body: never()?,
            phases: Vec::new(),
            periods: Vec::new(),
        })
    }

    fn words(&self) -> Result<Words> {
        let raw: WordsFile = self.toml()?;
        for pattern in &raw.drop {
            self.regex(pattern)?;
        }
        let drop: Vec<&str> = raw.drop.iter().map(|p| p.get_ref().as_str()).collect();
        let text = |v: &toml::Value| v.as_str().map(str::to_owned);
        let replace = raw.replace.iter().map(|(from, to)| {
            text(to).map(|to| (from.clone(), to)).ok_or_else(|| invalid(self.file, format!("replace.{from}: no text")))
        });
        let mut replace: Vec<(String, String)> = replace.collect::<Result<_>>()?;
        // Longer spellings first: `国有资本经营预算财政拨款` before `预算`.
        replace.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        let phases = raw.phase.into_iter().map(|p| Ok((self.regex(&p.path)?, p.phase, p.only)));
        Ok(Words {
            drop: self.compile(&drop.join("|")).map_err(|e| invalid(self.file, e))?,
            replace,
            code: self.regex(&raw.columns.code)?,
            name: self.regex(&raw.columns.name)?,
            numbering: self.regex(&raw.columns.numbering)?,
            compare: self.regex(&raw.columns.compare)?,
            income: self.regex(&raw.columns.income)?,
            expenditure: self.regex(&raw.columns.expenditure)?,
            total: self.regex(&raw.columns.total)?,
            stage: self.regex(&raw.columns.stage)?,
            distinct: self.regex(&raw.columns.distinct)?,
            body: self.regex(&raw.columns.body)?,
            phases: phases.collect::<Result<_>>()?,
            periods: raw.period.into_iter().map(|p| Ok((self.regex(&p.path)?, p.years))).collect::<Result<_>>()?,
        })
    }

    fn form(&self, raw: RawForm, words: &Words) -> Result<StatementForm> {
        Ok(StatementForm {
            ids: raw.ids,
            titles: raw.titles.iter().map(|t| words.canonical(t)).collect(),
            header: raw.header.iter().map(|p| self.regex(p)).collect::<Result<_>>()?,
            labels: raw.labels.iter().map(|p| self.regex(p)).collect::<Result<_>>()?,
            default_phase: raw.default_phase,
            untitled: raw.untitled,
            single_row: raw.single_row,
            columns: raw.column.iter().map(|c| self.column(c)).collect::<Result<_>>()?,
            rows: raw.row.iter().map(|r| self.row(r)).collect::<Result<_>>()?,
        })
    }

    fn column(&self, raw: &RawColumn) -> Result<ColumnRule> {
        Ok(ColumnRule {
            path: self.regex(&raw.path)?,
            skip: raw.skip,
            total: self.optional(raw.total.as_ref(), Self::metric)?,
            func: self.optional(raw.func.as_ref(), Self::metric)?,
            econ: self.optional(raw.econ.as_ref(), Self::metric)?,
            metric: self.optional(raw.metric.as_ref(), Self::metric)?,
            row: raw.row,
            fund: self.optional(raw.fund.as_ref(), Self::fund)?,
            only: raw.only.clone(),
            unless: self.optional(raw.unless.as_ref(), Self::regex)?,
        })
    }

    fn row(&self, raw: &RawRow) -> Result<RowRule> {
        let labels = self.whole(&raw.labels)?.ok_or_else(|| self.wrong(&raw.metric, "a row needs labels"))?;
        Ok(RowRule {
            side: raw.side,
            metric: self.metric(&raw.metric)?,
            labels,
            fallback: self.whole(&raw.fallback)?,
            after: self.optional(raw.after.as_ref(), Self::regex)?,
            before: self.optional(raw.before.as_ref(), Self::regex)?,
        })
    }
}

/// The last line of a regex error holds its reason; the others draw the pattern.
fn last_line(message: &str) -> &str {
    message.lines().last().unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Statements> {
        let metrics = "id,label_zh,kind,aggregation,fund\nexp.current,支出,money,sum,all\n";
        let metrics = Metrics::parse(&[("codes/metrics.csv".to_owned(), metrics.to_owned())].into())?;
        Statements::parse(&[("statements/a.toml".to_owned(), text.to_owned())].into(), &metrics)
    }

    const FORM: &str = "[[form]]\nids = { budget = \"budget.x\" }\ntitles = [\"表\"]\nheader = []\n";

    fn reason(more: &str) -> String {
        parse(&format!("{FORM}{more}")).expect_err("it is wrong").to_string()
    }

    #[test]
    fn a_wrong_metric_is_named_with_its_line() {
        let reason = reason("[[form.column]]\npath = 'x'\ntotal = \"exp.curent\"\n");
        assert_eq!(reason, "form file statements/a.toml: line 7: no metric exp.curent in codes/metrics.csv");
    }

    #[test]
    fn a_bad_pattern_is_named_with_its_line() {
        let reason = reason("[[form.column]]\npath = '('\n");
        assert_eq!(reason, "form file statements/a.toml: line 6: error: unclosed group");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let reason = reason("colour = \"red\"\n");
        assert!(reason.starts_with("form file statements/a.toml: line 5: unknown field `colour`"), "{reason}");
    }
}
