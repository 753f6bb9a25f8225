//! What statements, sentences, forms and charts have in common: a figure on its way to becoming a [`Fact`].

use rust_decimal::Decimal;

use crate::forms::metrics::{MetricKind, Metrics};
use crate::model::{Basis, CodeSource, Fact, Fund, Literal, Location, Measure, Phase, RowLevel, Unit};

use super::codes::{Coded, level_of};

/// What a figure measures, before its place and value are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) metric: String,
    pub(crate) fund: Option<Fund>,
    pub(crate) func: Option<Coded>,
    pub(crate) econ: Option<Coded>,
    pub(crate) project: Option<String>,
    pub(crate) entity: Option<String>,
    pub(crate) row_level: Option<RowLevel>,
}

impl Subject {
    pub(crate) fn of(metric: &str) -> Self {
        Self { metric: metric.to_owned(), ..Self::default() }
    }

    /// Whether it is an item of a classification.
    pub(crate) fn is_coded(&self) -> bool {
        self.func.is_some() || self.econ.is_some()
    }
}

/// A literal with its unit and sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    pub(crate) literal: Literal,
    pub(crate) unit: Unit,
    /// The words before it say that it is a decrease.
    pub(crate) negative: bool,
}

/// How a figure was come by.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) basis: Basis,
    pub(crate) confidence: f32,
    pub(crate) location: Location,
    pub(crate) printed: String,
}

/// Makes a fact; `None` when the value leaves the range of a decimal. Its id and preference come later.
pub(crate) fn to_fact(
    subject: &Subject,
    measure: Measure,
    period: Option<u16>,
    phase: Option<Phase>,
    amount: Amount,
    origin: Origin,
    metrics: &Metrics,
) -> Option<Fact> {
    let metric = metrics.get(&subject.metric)?;
    let value: Decimal = amount.literal.in_base(amount.unit)?;
    let is_money = metric.kind == MetricKind::Money;
    Some(Fact {
        id: String::new(),
        metric: subject.metric.clone(),
        measure,
        period: period.map(|y| y.to_string()),
        phase: phase.filter(|_| is_money),
        fund: subject.fund.or(metric.fund),
        func_code: code_of(subject.func.as_ref()),
        func_name: name_of(subject.func.as_ref()),
        code_source: source_of(subject),
        econ_code: code_of(subject.econ.as_ref()),
        econ_name: name_of(subject.econ.as_ref()),
        project: subject.project.clone(),
        entity: subject.entity.clone(),
        row_level: subject.row_level.or_else(|| subject.func.as_ref().and_then(|c| level_of(&c.code))),
        value: if amount.negative { -value.abs() } else { value },
        unit: amount.unit.base(),
        printed: origin.printed,
        printed_unit: Some(amount.unit),
        decimals: amount.literal.decimals,
        basis: origin.basis,
        preferred: false,
        confidence: origin.confidence,
        location: origin.location,
    })
}

/// The year of this century that a text names last: 2024年.
pub(crate) fn last_year_of(text: &str) -> Option<u16> {
    let year = |(end, _): (usize, &str)| text.get(end.checked_sub(4)?..end)?.parse().ok();
    text.rmatch_indices('年').filter_map(year).find(|year| (2000..2100).contains(year))
}

fn code_of(coded: Option<&Coded>) -> Option<String> {
    coded.map(|c| c.code.clone()).filter(|c| !c.is_empty())
}

fn name_of(coded: Option<&Coded>) -> Option<String> {
    coded.map(|c| c.name.clone()).filter(|n| !n.is_empty())
}

fn source_of(subject: &Subject) -> Option<CodeSource> {
    subject.func.as_ref().or(subject.econ.as_ref()).and_then(|c| c.source)
}
