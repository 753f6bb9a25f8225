//! The figures of one report, laid out so that a formula finds them: by metric, in the order of their places,
//! each with the precision that its print allows. Reads a [`Report`]; judges nothing.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::annex::{Annexes, Words};
use super::interval::Interval;
use super::message::Language;
use super::passage::Passages;
use super::unread::plain;
use crate::error::Result;
use crate::forms::Forms;
use crate::forms::codes::Classification;
use crate::limits::Deadline;
use crate::model::{Basis, Fact, Fund, Literal, Location, Phase, Report, Table, Unit};

/// The facts of one metric.
struct Printings<'a> {
    /// In the order of their places.
    facts: Vec<&'a Fact>,
    /// Their indices in `facts` by the code of classification.
    by_code: BTreeMap<Option<&'a str>, Vec<usize>>,
}

impl<'a> Printings<'a> {
    fn of(mut facts: Vec<&'a Fact>) -> Self {
        facts.sort_by_cached_key(|fact| (place_key(&fact.location), fact.id.as_str()));
        let mut by_code: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (index, fact) in facts.iter().enumerate() {
            by_code.entry(code_of(fact)).or_default().push(index);
        }
        Self { facts, by_code }
    }

    fn at<'s>(&'s self, indices: &'s [usize]) -> impl Iterator<Item = &'a Fact> + 's {
        indices.iter().filter_map(|index| self.facts.get(*index).copied())
    }
}

/// Facts of a report by metric, and what is needed to read them.
pub(super) struct Evidence<'a> {
    pub report: &'a Report,
    by_metric: BTreeMap<&'a str, Printings<'a>>,
    forms: BTreeMap<&'a str, &'a str>,
    names: &'a BTreeMap<String, Vec<String>>,
    decimals: BTreeMap<(bool, Unit), u32>,
    annexes: Annexes<'a>,
    dictionary: &'a Forms,
    pub passages: Passages<'a>,
    read_amounts: OnceCell<BTreeSet<String>>,
    deadline: Option<&'a Deadline>,
}

impl<'a> Evidence<'a> {
    /// Lays out the facts of `report`.
    pub fn of(report: &'a Report, forms: &'a Forms) -> Self {
        let mut by_metric: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in &report.facts {
            by_metric.entry(fact.metric.as_str()).or_default().push(fact);
        }
        let by_metric = by_metric.into_iter().map(|(metric, facts)| (metric, Printings::of(facts))).collect();
        let form = |t: &'a Table| t.form.as_deref().map(|form| (t.id.as_str(), form));
        let table_forms = report.tables.iter().filter_map(form).collect();
        let pattern = |name: &str| forms.identities.patterns.get(name);
        let words = Words {
            heading: pattern("annex_heading"),
            opening: pattern("annex_opening"),
            project: pattern("annex_of_project"),
        };
        Self {
            report,
            by_metric,
            forms: table_forms,
            names: &forms.identities.tables,
            decimals: usual_decimals(&report.facts),
            annexes: Annexes::of(report, &words),
            dictionary: forms,
            passages: Passages::of(report),
            read_amounts: OnceCell::new(),
            deadline: None,
        }
    }

    /// The same, for checks that end in vain when the deadline passes.
    pub fn until(self, deadline: &'a Deadline) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// Whether the deadline has passed, so that what is found no longer counts.
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline.check().is_err())
    }

    /// Goes on while there is time.
    ///
    /// # Errors
    /// When the deadline has passed.
    pub fn check_time(&self) -> Result<()> {
        self.deadline.map_or(Ok(()), Deadline::check)
    }

    /// The facts of a metric with that code, or without one, in the order of their places.
    pub fn of_code<'s>(&'s self, metric: &str, code: Option<&'s str>) -> impl Iterator<Item = &'a Fact> + use<'s, 'a> {
        let found = self.by_metric.get(metric).and_then(|p| Some((p, p.by_code.get(&code)?)));
        found.into_iter().flat_map(|(printings, indices)| printings.at(indices))
    }

    /// The facts of a metric whose code starts with `start`, in the order of their places.
    pub fn below_code(&self, metric: &str, start: &str) -> Vec<&'a Fact> {
        let Some(printings) = self.by_metric.get(metric) else { return Vec::new() };
        let below = printings.by_code.range(Some(start)..).take_while(|(c, _)| c.is_some_and(|c| c.starts_with(start)));
        let mut indices: Vec<usize> = below.flat_map(|(_, indices)| indices).copied().collect();
        indices.sort_unstable();
        printings.at(&indices).collect()
    }

    /// The literals of text and annexes that facts were made of, without separators, unit and sign.
    pub fn read_amounts(&self) -> &BTreeSet<String> {
        let of_text = |f: &&Fact| matches!(f.basis, Basis::Narrative | Basis::Annex);
        let literals = || self.report.facts.iter().filter(of_text).map(|f| plain(&f.printed)).collect();
        self.read_amounts.get_or_init(literals)
    }

    /// The facts of a metric, in the order of their places.
    pub fn of_metric(&self, metric: &str) -> &[&'a Fact] {
        self.by_metric.get(metric).map_or(&[], |printings| &printings.facts)
    }

    /// Every figure of the report.
    pub fn facts(&self) -> impl Iterator<Item = &'a Fact> + use<'a> {
        self.report.facts.iter()
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
        match fact.entity.as_deref() {
            Some(entity) => Some(entity).filter(|entity| self.report.identity.entity.as_deref() != Some(*entity)),
            None if fact.basis == Basis::Annex => self.annexes.body_at(&fact.location),
            None => None,
        }
    }

    /// The functional classification.
    pub fn functional(&self) -> &'a Classification {
        &self.dictionary.functional
    }

    /// Whether a code lies in a class of the functional classification.
    pub fn is_functional(&self, code: &str) -> bool {
        code.get(..3).is_some_and(|class| self.functional().name(class).is_some())
    }

    /// What people call a metric.
    pub fn label<'m>(&'m self, metric: &'m str, language: Language) -> &'m str {
        match language {
            Language::Zh => self.dictionary.metrics.label(metric).unwrap_or(metric),
            Language::En => metric,
        }
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
pub(super) type PlaceKey<'a> =
    (Option<u32>, Option<i64>, Option<&'a str>, Option<u32>, Option<u32>, Option<&'a str>, Option<u32>, Option<u32>);

/// The sort key of a place.
pub(super) fn place_key(place: &Location) -> PlaceKey<'_> {
    #[allow(clippy::cast_possible_truncation, reason = "page heights in tenths of a point are far below 2^63")]
    let height = place.bbox.map(|b| (b.y0 * 10.0).round() as i64);
    let sheet = place.sheet.as_deref().or(place.part.as_deref());
    (place.page, height, sheet, place.paragraph, place.start, place.table.as_deref(), place.row, place.col)
}

fn half_unit(decimals: u32) -> Decimal {
    Literal { value: Decimal::ZERO, decimals, percent: false }.half_unit()
}
