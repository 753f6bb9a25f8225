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

/// The totals of a document, packed: a region has many documents, and each prints dozens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Figure>", into = "Vec<Figure>")]
pub struct Figures(Box<[u8]>);

/// A figure as it is packed: name, then value and slack as digits and decimals.
type Packed<'a> = (&'a str, (i128, u32), (i128, u32));

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

impl Figures {
    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Figure> + '_ {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let ((name, value, slack), behind) = postcard::take_from_bytes::<Packed<'_>>(rest).ok()?;
            rest = behind;
            let decimal = |(digits, decimals)| Decimal::try_from_i128_with_scale(digits, decimals).ok();
            Some(Figure { name: name.to_owned(), value: decimal(value)?, slack: decimal(slack)? })
        })
    }
}

impl From<Vec<Figure>> for Figures {
    fn from(figures: Vec<Figure>) -> Self {
        let split = |decimal: Decimal| (decimal.mantissa(), decimal.scale());
        let pack = |bytes, figure: &Figure| {
            let packed: Packed<'_> = (&figure.name, split(figure.value), split(figure.slack));
            postcard::to_extend(&packed, bytes)
        };
        // A vector takes whatever is packed.
        Self(figures.iter().try_fold(Vec::new(), pack).unwrap_or_default().into())
    }
}

impl From<Figures> for Vec<Figure> {
    fn from(figures: Figures) -> Self {
        figures.iter().collect()
    }
}

impl Figure {
    /// The totals of a report in the order of their names: amounts that are of no class, item or project, one each.
    pub(super) fn totals_of(report: &Report) -> Figures {
        let mut found: BTreeMap<String, Self> = BTreeMap::new();
        for fact in report.facts.iter().filter(|f| f.preferred && is_total(f)) {
            let Some(figure) = Self::of(fact) else { continue };
            found.entry(figure.name.clone()).or_insert(figure);
        }
        found.into_values().take(KEPT).collect::<Vec<_>>().into()
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
    let mut there: BTreeMap<String, Figure> = BTreeMap::new();
    for figure in others.iter().flat_map(|d| d.figures.iter()) {
        there.entry(figure.name.clone()).or_insert(figure);
    }
    let mut agreement = Agreement::default();
    for figure in document.figures.iter() {
        let Some(other) = there.get(&figure.name) else { continue };
        agreement.shared += 1;
        let apart = (figure.value - other.value).abs();
        if apart <= figure.slack + other.slack {
            agreement.agreeing += 1;
        } else {
            let (here, there) = (figure.value, other.value);
            agreement.differences.push(Difference { name: figure.name, here, there });
        }
    }
    agreement
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn packed_figures_come_back_as_they_were(
            figures in prop::collection::vec((".{0,30}", any::<i64>(), 0_u32..12, 0_u32..9), 0..100),
        ) {
            let figure = |(name, digits, decimals, places): (String, i64, u32, u32)| {
                Figure { name, value: Decimal::new(digits, decimals), slack: Decimal::new(1, places) }
            };
            let figures: Vec<Figure> = figures.into_iter().map(figure).collect();
            let packed = Figures::from(figures.clone());
            prop_assert_eq!(Vec::from(packed.clone()), figures);
            let json = serde_json::to_string(&packed).expect("writes");
            let back: Vec<Figure> = serde_json::from_str(&json).expect("a list of figures");
            prop_assert_eq!(Figures::from(back), packed);
        }
    }
}
