//! Which figures a region's sums may use: never a roll-up beside its parts, never one figure twice.

use crate::model::{Fact, Measure, Phase, Report, RowLevel};

/// Whether a fact is a leaf: preferred, of item level, an expenditure by function, of the report's own year and
/// of the stage that this kind of report is there to publish.
pub(super) fn is_leaf(report: &Report, fact: &Fact) -> bool {
    let by_function = fact.metric == "exp.func" || fact.metric.ends_with(".exp.func");
    let is_item = fact.func_code.as_ref().is_some_and(|c| c.len() == 7)
        && fact.row_level.is_none_or(|level| level == RowLevel::Item);
    let own_phase = own_phase(report.identity.kind.as_deref());
    fact.preferred
        && by_function
        && is_item
        && fact.measure == Measure::Amount
        && fact.entity.is_none()
        && fact.unit.is_money()
        && of_own_year(report, fact)
        && fact.phase.unwrap_or(own_phase) == own_phase
}

fn of_own_year(report: &Report, fact: &Fact) -> bool {
    match (&fact.period, report.identity.fiscal_year) {
        (Some(period), Some(year)) => *period == year.to_string(),
        _ => true,
    }
}

/// The stage that a report of a kind publishes: a budget its initial budget, anything else its outturn.
pub(super) fn own_phase(kind: Option<&str>) -> Phase {
    let is_budget = kind.is_some_and(|k| k.starts_with("budget"));
    if is_budget { Phase::InitialBudget } else { Phase::Final }
}

/// The fund that pays, as the fact says or else as its metric begins.
pub(super) fn fund_word(fact_fund: Option<&str>, metric: &str) -> String {
    let prefix = metric.split_once(".exp.func").map_or("all", |(fund, _)| fund);
    let from_metric = if prefix == "fin" { "fiscal" } else { prefix };
    fact_fund.unwrap_or(from_metric).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sample;

    #[test]
    fn only_item_rows_of_the_own_year_are_leaves() {
        let mut report = sample::report("乙局", 2024);
        assert!(is_leaf(&report, &report.facts[0]));
        report.facts[0].period = Some("2023".into());
        assert!(!is_leaf(&report, &report.facts[0]), "a figure of the year before");
        report.facts[0].period = Some("2024".into());
        report.facts[0].row_level = Some(RowLevel::Class);
        assert!(!is_leaf(&report, &report.facts[0]), "a roll-up");
        report.facts[0].row_level = Some(RowLevel::Item);
        report.facts[0].phase = Some(Phase::InitialBudget);
        assert!(!is_leaf(&report, &report.facts[0]), "the budget beside the outturn");
    }

    #[test]
    fn the_fund_is_what_the_metric_begins_with() {
        assert_eq!(fund_word(None, "gpb.exp.func"), "gpb");
        assert_eq!(fund_word(None, "exp.func"), "all");
        assert_eq!(fund_word(Some("gf"), "exp.func"), "gf");
    }
}
