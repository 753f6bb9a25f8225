//! Charts (`narrative/charts.toml`): which metric a series or category shows, by the chart's caption or title.

use serde::Deserialize;
use toml::Spanned;

use super::Files;
use super::expression::Expression;
use super::metrics::Metrics;
use super::statements::Source;
use crate::error::Result;

const FILE: &str = "narrative/charts.toml";

/// What a kind of chart shows.
#[derive(Debug)]
pub struct ChartForm {
    /// Fits its caption or title.
    pub title: Expression,
    /// Metric of every point.
    pub whole: Option<String>,
    /// Metric of points whose label is a functional class.
    pub func: Option<String>,
    /// Metrics by the label of a series or category, first fit first.
    pub labels: Vec<(Expression, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    chart: Vec<RawChart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChart {
    title: Spanned<String>,
    whole: Option<Spanned<String>>,
    func: Option<Spanned<String>>,
    #[serde(default)]
    label: Vec<RawLabel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLabel {
    words: Spanned<String>,
    metric: Spanned<String>,
}

/// Parses the form file, in its order.
pub(super) fn parse(files: &Files, metrics: &Metrics) -> Result<Vec<ChartForm>> {
    let Some(text) = files.get(FILE) else { return Ok(Vec::new()) };
    let source = Source::new(FILE, text, metrics);
    let metric = |id: &Option<Spanned<String>>| id.as_ref().map(|id| source.metric(id)).transpose();
    let chart = |raw: &RawChart| {
        let labels = raw.label.iter().map(|l| Ok((source.regex(&l.words)?, source.metric(&l.metric)?)));
        Ok(ChartForm {
            title: source.regex(&raw.title)?,
            whole: metric(&raw.whole)?,
            func: metric(&raw.func)?,
            labels: labels.collect::<Result<_>>()?,
        })
    };
    source.toml::<RawFile>()?.chart.iter().map(chart).collect()
}
