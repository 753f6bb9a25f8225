//! The figures of one report, laid out so that a formula finds them: by metric, in the order of their places,
//! each with the precision that its print allows. Reads a [`Report`]; judges nothing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::interval::Interval;
use crate::model::{Basis, Fact, Fund, Literal, Location, Phase, Report, Table, Unit};

/// Facts of a report by metric, and what is needed to read them.
pub(super) struct Evidence<'a> {
    pub report: &'a Report,
    by_metric: BTreeMap<&'a str, Vec<&'a Fact>>,
    forms: BTreeMap<&'a str, &'a str>,
    names: &'a BTreeMap<String, Vec<String>>,
    decimals: BTreeMap<(bool, Unit), u32>,
}

impl<'a> Evidence<'a> {
    /// Lays out the facts of `report`; `names` are the short names of statements.
    pub fn of(report: &'a Report, names: &'a BTreeMap<String, Vec<String>>) -> Self {
        let mut by_metric: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in &report.facts {
            by_metric.entry(fact.metric.as_str()).or_default().push(fact);
        }
        for facts in by_metric.values_mut() {
            facts.sort_by_cached_key(|fact| (place_key(&fact.location), fact.id.clone()));
        }
        let form = |t: &'a Table| t.form.as_deref().map(|form| (t.id.as_str(), form));
        let forms = report.tables.iter().filter_map(form).collect();
        Self { report, by_metric, forms, names, decimals: usual_decimals(&report.facts) }
    }

    /// The facts of a metric, in the order of their places.
    pub fn of_metric(&self, metric: &str) -> &[&'a Fact] {
        self.by_metric.get(metric).map_or(&[], Vec::as_slice)
    }

    /// Every metric that is printed.
    pub fn metrics(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.by_metric.keys().copied()
    }

    /// The statement form of the table that a fact stands in.
    pub fn form_of(&self, fact: &Fact) -> Option<&'a str> {
        self.forms.get(fact.location.table.as_deref()?).copied()
    }

    /// Whether a short name such as `T1` stands for that statement form.
    pub fn stands_for(&self, name: &str, form: &str) -> bool {
        self.names.get(name).is_some_and(|forms| forms.iter().any(|f| f == form))
    }

    /// The year of a fact; that of the report where the fact does not say.
    pub fn year_of(&self, fact: &Fact) -> Option<u16> {
        match &fact.period {
            Some(period) => period.get(..4).and_then(|year| year.parse().ok()),
            None => self.report.identity.fiscal_year,
        }
    }

    /// The body that a fact is of; `None` is the one that reports.
    pub fn body_of(&self, fact: &'a Fact) -> Option<&'a str> {
        fact.entity.as_deref().filter(|entity| self.report.identity.entity.as_deref() != Some(*entity))
    }

    /// What a fact may be worth. An amount of zero is taken as exact. With `literal`, the last printed digit decides;
    /// otherwise a figure with fewer decimals than its neighbours counts as one whose trailing zeros were cut.
    pub fn value_of(&self, fact: &Fact, literal: bool) -> Option<Interval> {
        if fact.value.is_zero() && fact.unit != Unit::Percent {
            return Some(Interval::exact(fact.value));
        }
        let usual = self.decimals.get(&precision_group(fact)).copied().unwrap_or(0);
        let decimals = if literal { fact.decimals } else { fact.decimals.max(usual) };
        let half = match fact.unit {
            Unit::Count => Decimal::ZERO,
            _ => half_unit(decimals).checked_mul(fact.printed_unit.unwrap_or(fact.unit).scale())?,
        };
        Interval::around(fact.value, half)
    }
}

/// The stage that a fact is of; one that names none is of the accounts.
pub(super) fn phase_of(fact: &Fact) -> Phase {
    fact.phase.unwrap_or(Phase::Final)
}

/// The classification code of a fact, functional or economic.
pub(super) fn code_of(fact: &Fact) -> Option<&str> {
    fact.func_code.as_deref().or(fact.econ_code.as_deref())
}

/// Whether a fact is the whole of its metric rather than the part of one fund.
pub(super) fn is_whole(fact: &Fact) -> bool {
    !fact.metric.starts_with("fin.") || matches!(fact.fund, None | Some(Fund::Fiscal | Fund::All))
}

fn precision_group(fact: &Fact) -> (bool, Unit) {
    (matches!(fact.basis, Basis::Table | Basis::Form), fact.printed_unit.unwrap_or(fact.unit))
}

/// The commonest number of decimals of each unit, in tables and in text; the larger one wins a tie.
fn usual_decimals(facts: &[Fact]) -> BTreeMap<(bool, Unit), u32> {
    let mut counts: BTreeMap<(bool, Unit), BTreeMap<u32, u32>> = BTreeMap::new();
    for fact in facts.iter().filter(|f| f.unit.is_money() && !f.value.is_zero() && f.basis != Basis::Chart) {
        *counts.entry(precision_group(fact)).or_default().entry(fact.decimals).or_default() += 1;
    }
    let commonest = |of: &BTreeMap<u32, u32>| of.iter().max_by_key(|(decimals, n)| (**n, **decimals)).map(|(d, _)| *d);
    counts.iter().filter_map(|(group, of)| Some((*group, commonest(of)?))).collect()
}

/// What places are sorted by: page and height, part and paragraph, or table, row and column.
pub(super) type PlaceKey =
    (Option<u32>, Option<i64>, Option<String>, Option<u32>, Option<u32>, Option<String>, Option<u32>, Option<u32>);

/// The sort key of a place.
pub(super) fn place_key(place: &Location) -> PlaceKey {
    #[allow(clippy::cast_possible_truncation, reason = "page heights in tenths of a point are far below 2^63")]
    let height = place.bbox.map(|b| (b.y0 * 10.0).round() as i64);
    let sheet = place.sheet.clone().or_else(|| place.part.clone());
    (place.page, height, sheet, place.paragraph, place.start, place.table.clone(), place.row, place.col)
}

fn half_unit(decimals: u32) -> Decimal {
    Literal { value: Decimal::ZERO, decimals, percent: false }.half_unit()
}
