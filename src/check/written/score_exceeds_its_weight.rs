//! PF-04 — an indicator scores more than it weighs.
//!
//! **Why it matters.** The total of the form is then too high.
//! **When it stays quiet.** Where the cell of either is merged over rows, since it then is that of a group.
//! **Example.** 分值 10, 得分 12.

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use crate::model::{Finding, Indicator, Literal, Report};

/// Finds indicators whose score is above their weight.
pub(super) fn score_exceeds_its_weight(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let report = evidence.report;
    let exceeds = |i: &&Indicator| i.weight.zip(i.score).is_some_and(|(weight, score)| score > weight);
    let wrong = report.indicators.iter().filter(exceeds).filter(|i| !is_merged(i, report));
    wrong.map(|indicator| finding(written, indicator, language)).collect()
}

fn finding(written: &Written, indicator: &Indicator, language: Language) -> Finding {
    let number = |value: Option<rust_decimal::Decimal>| value.map(|v| v.normalize().to_string());
    let (weight, score) = (number(indicator.weight), number(indicator.score));
    let quoted = format!(
        "{} {}：{} > {}",
        indicator.project,
        indicator.level3,
        score.as_deref().unwrap_or_default(),
        weight.as_deref().unwrap_or_default()
    );
    let mut finding = message::wording(&written.heading, &quoted, vec![indicator.location.clone()], language);
    finding.lhs = score;
    finding.rhs = weight;
    finding
}

/// Whether a cell of the indicator's row with one of its two numbers reaches over other rows, or begins above.
fn is_merged(indicator: &Indicator, report: &Report) -> bool {
    let (Some(id), Some(row)) = (indicator.location.table.as_deref(), indicator.location.row) else { return true };
    let Some(table) = report.tables.iter().find(|t| t.id == id) else { return true };
    let holds = |wanted: Option<rust_decimal::Decimal>| {
        let is_it = |text: &str| Literal::parse(text.trim()).map(|l| l.value) == wanted;
        table.cells.iter().any(|cell| cell.row == row && cell.row_span <= 1 && is_it(&cell.text))
    };
    !holds(indicator.weight) || !holds(indicator.score)
}
