//! Figures that two documents both print: how many agree, and which do not.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Document;
use crate::model::{Basis, Fact, Measure, Report, Unit};

/// Totals kept of a document.
const KEPT: usize = 96;

/// A total that a document prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Metric, period and stage, such as `total.in 2026 initial_budget`.
    pub name: String,
    /// Its value in the base unit.
    pub value: Decimal,
    /// Its last printed digit in the base unit: authors cut digits off as often as they round, and move one to make
    /// a sum fit.
    pub slack: Decimal,
}

/// A figure that two documents print otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Metric, period and stage.
    pub name: String,
    /// In the document that was compared.
    pub here: Decimal,
    /// In the other one.
    pub there: Decimal,
}

/// How two documents agree.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    /// Figures that both print.
    pub(super) shared: usize,
    /// Those that agree as far as they are printed.
    pub(super) agreeing: usize,
    /// The others.
    pub(super) differences: Vec<Difference>,
}

impl Figure {
    /// The totals of a report in the order of their names: amounts that are of no class, item or project, one each.
    pub(super) fn totals_of(report: &Report) -> Vec<Self> {
        let mut found: BTreeMap<String, Self> = BTreeMap::new();
        for fact in report.facts.iter().filter(|f| f.preferred && is_total(f)) {
            let Some(figure) = Self::of(fact) else { continue };
            found.entry(figure.name.clone()).or_insert(figure);
        }
        found.into_values().take(KEPT).collect()
    }

    fn of(fact: &Fact) -> Option<Self> {
        let scale = fact.printed_unit.unwrap_or(fact.unit).scale();
        let slack = Decimal::try_new(1, fact.decimals).ok()?.checked_mul(scale)?;
        let phase = serde_json::to_value(fact.phase).ok()?;
        let words = [&fact.metric, fact.period.as_deref().unwrap_or("-"), phase.as_str().unwrap_or("-")];
        Some(Self { name: words.join(" "), value: fact.value, slack })
    }
}

fn is_total(fact: &Fact) -> bool {
    let coded = fact.func_code.is_some() || fact.econ_code.is_some() || fact.project.is_some() || fact.entity.is_some();
    fact.measure == Measure::Amount
        && fact.unit == Unit::Yuan
        && matches!(fact.basis, Basis::Table | Basis::Narrative)
        && !coded
}

impl Agreement {
    /// Whether what is shared speaks for one disclosure: more agrees than not.
    pub(super) fn agrees(&self) -> bool {
        self.agreeing * 2 > self.shared
    }

    /// Whether what is shared speaks against one disclosure.
    pub(super) fn contradicts(&self) -> bool {
        self.shared >= super::TELLING && self.agreeing * 2 < self.shared
    }
}

/// Compares the figures of a document with those of others, of which the first that prints a figure counts.
pub(super) fn agreement(document: &Document, others: &[&Document]) -> Agreement {
    let mut there: BTreeMap<&str, &Figure> = BTreeMap::new();
    for figure in others.iter().flat_map(|d| &d.figures) {
        there.entry(&figure.name).or_insert(figure);
    }
    let mut agreement = Agreement::default();
    for figure in &document.figures {
        let Some(other) = there.get(figure.name.as_str()) else { continue };
        agreement.shared += 1;
        let apart = (figure.value - other.value).abs();
        if apart <= figure.slack + other.slack {
            agreement.agreeing += 1;
        } else {
            let (here, there) = (figure.value, other.value);
            agreement.differences.push(Difference { name: figure.name.clone(), here, there });
        }
    }
    agreement
}
