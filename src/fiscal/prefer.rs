//! The same figure printed several times is several facts, one of them preferred; then order and ids.

use std::collections::HashMap;

use crate::model::{Fact, Fund, Measure, Phase};

/// Everything that makes two facts the same figure.
#[derive(PartialEq, Eq, Hash)]
struct Key<'f> {
    metric: &'f str,
    measure: Measure,
    period: Option<&'f str>,
    phase: Option<Phase>,
    fund: Option<Fund>,
    function: &'f str,
    economic: Option<&'f str>,
    project: Option<&'f str>,
    entity: Option<&'f str>,
}

fn key(fact: &Fact) -> Key<'_> {
    Key {
        metric: &fact.metric,
        measure: fact.measure,
        period: fact.period.as_deref(),
        phase: fact.phase,
        fund: fact.fund,
        function: fact.func_code.as_deref().or(fact.func_name.as_deref()).unwrap_or(""),
        economic: fact.econ_code.as_deref().or(fact.econ_name.as_deref()),
        project: fact.project.as_deref(),
        entity: fact.entity.as_deref(),
    }
}

/// Puts facts into reading order, prefers one of each figure and numbers them.
///
/// Table before narrative before annex before form before chart; among equals the surer, then the first.
pub(crate) fn settle(facts: &mut [Fact]) {
    facts.sort_by_key(reading_order);
    let mut best: HashMap<Key<'_>, usize> = HashMap::new();
    for (index, fact) in facts.iter().enumerate() {
        let slot = best.entry(key(fact)).or_insert(index);
        let Some(known) = facts.get(*slot) else { continue };
        let is_better = fact.basis < known.basis || (fact.basis == known.basis && fact.confidence > known.confidence);
        if is_better {
            *slot = index;
        }
    }
    let mut preferred: Vec<usize> = best.into_values().collect();
    preferred.sort_unstable();
    for index in preferred {
        if let Some(fact) = facts.get_mut(index) {
            fact.preferred = true;
        }
    }
    for (number, fact) in (1usize..).zip(facts) {
        fact.id = format!("f{number}");
    }
}

/// Page and height, or paragraph and character; facts of one cell keep the order in which they were read.
fn reading_order(fact: &Fact) -> (u32, i64, u32, u32) {
    let place = &fact.location;
    #[allow(clippy::cast_possible_truncation)] // pages are a few thousand points high
    let top = place.bbox.map_or(0, |b| b.y0.round() as i64);
    let top = if place.table.is_some() { 0 } else { top };
    (place.page.unwrap_or(0), top, place.paragraph.unwrap_or(0), place.start.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::model::{Basis, Location, Unit};

    fn fact(basis: Basis, page: u32) -> Fact {
        Fact {
            id: String::new(),
            metric: "total.in".into(),
            measure: Measure::Amount,
            period: Some("2020".into()),
            phase: None,
            fund: None,
            func_code: None,
            func_name: None,
            code_source: None,
            econ_code: None,
            econ_name: None,
            project: None,
            entity: None,
            row_level: None,
            value: Decimal::ONE,
            unit: Unit::Yuan,
            printed: "1".into(),
            printed_unit: None,
            decimals: 0,
            basis,
            preferred: false,
            confidence: 1.0,
            location: Location { page: Some(page), ..Location::default() },
        }
    }

    #[test]
    fn a_table_goes_before_the_text_and_each_figure_is_preferred_once() {
        let mut facts = vec![fact(Basis::Table, 9), fact(Basis::Narrative, 2), fact(Basis::Table, 12)];
        settle(&mut facts);
        let told: Vec<_> = facts.iter().map(|f| (f.id.as_str(), f.location.page, f.preferred)).collect();
        assert_eq!(told, [("f1", Some(2), false), ("f2", Some(9), true), ("f3", Some(12), false)]);
    }
}
