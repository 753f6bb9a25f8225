//! Performance forms (`kinds/performance.toml`): titles of the five families, where a project's name and money
//! stand, and which columns hold indicators.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Files;
use super::expression::Expression;
use super::metrics::Metrics;
use super::statements::Source;
use crate::error::Result;

const FILE: &str = "kinds/performance.toml";

/// Everything that performance forms share and differ in.
#[derive(Debug)]
pub struct Performance {
    /// Form ids with the pattern of their titles, first fit first.
    pub forms: Vec<(String, Expression)>,
    /// The label before a project's name.
    pub project_label: Expression,
    /// A title that ends with the project's name, which is group 1.
    pub project_title: Expression,
    /// Columns (or labels) of money, by kind.
    pub columns: Vec<(Expression, String)>,
    /// Rows of money, by kind.
    pub rows: Vec<(Expression, String)>,
    /// Metric of `column.row`.
    pub metrics: BTreeMap<String, String>,
    /// Header words of the indicators.
    pub indicators: IndicatorWords,
}

/// Header words of the indicators.
#[derive(Debug)]
pub struct IndicatorWords {
    /// 一级, 二级, 三级指标, target, actual, weight, score.
    pub columns: [Expression; 7],
    /// Starts of rows that end the indicators.
    pub end: Expression,
    /// Cells that hold nothing.
    pub empty: Expression,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPerformance {
    form: Vec<RawForm>,
    project: RawProject,
    money: RawMoney,
    indicators: RawIndicators,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    id: String,
    title: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProject {
    label: Spanned<String>,
    title: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMoney {
    column: Vec<RawKind>,
    row: Vec<RawKind>,
    metrics: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    words: Spanned<String>,
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIndicators {
    level1: Spanned<String>,
    level2: Spanned<String>,
    level3: Spanned<String>,
    target: Spanned<String>,
    actual: Spanned<String>,
    weight: Spanned<String>,
    score: Spanned<String>,
    end: Spanned<String>,
    empty: Spanned<String>,
}

impl Performance {
    /// Parses the form file; `None` where there is none.
    pub(super) fn parse(files: &Files, metrics: &Metrics) -> Result<Option<Self>> {
        let Some(text) = files.get(FILE) else { return Ok(None) };
        let source = Source::new(FILE, text, metrics);
        let raw: RawPerformance = source.toml()?;
        let kinds = |list: &[RawKind]| -> Result<Vec<(Expression, String)>> {
            list.iter().map(|k| Ok((source.regex(&k.words)?, k.kind.clone()))).collect()
        };
        let i = &raw.indicators;
        let columns = [&i.level1, &i.level2, &i.level3, &i.target, &i.actual, &i.weight, &i.score];
        let columns: Vec<Expression> = columns.iter().map(|p| source.regex(p)).collect::<Result<_>>()?;
        let columns: [Expression; 7] = columns.try_into().map_err(|_| super::invalid(FILE, "seven columns"))?;
        let named = raw.money.metrics.iter().map(|(key, id)| Ok((key.clone(), source.metric(id)?)));
        Ok(Some(Self {
            forms: raw.form.iter().map(|f| Ok((f.id.clone(), source.regex(&f.title)?))).collect::<Result<_>>()?,
            project_label: source.regex(&raw.project.label)?,
            project_title: source.regex(&raw.project.title)?,
            columns: kinds(&raw.money.column)?,
            rows: kinds(&raw.money.row)?,
            metrics: named.collect::<Result<_>>()?,
            indicators: IndicatorWords { columns, end: source.regex(&i.end)?, empty: source.regex(&i.empty)? },
        }))
    }
}
