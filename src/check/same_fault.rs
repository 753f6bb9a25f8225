//! One fault of a report is told once: a row that lacks an addend is wrong in its total and in its column, and a
//! literal that stands for income and expenditure alike is wrong for both. Takes sorted findings and joins those
//! that name the same place with the same difference; nothing is dropped that only one of them says.

use rust_decimal::Decimal;

use super::evidence::{PlaceKey, place_key};
use crate::model::{Finding, FindingStatus, Severity};

/// Joins findings that tell of one fault. Each keeps the message of the first.
pub(super) fn join(findings: &mut Vec<Finding>) {
    let mut told: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings.drain(..) {
        let is_same = |earlier: &&mut Finding| key(&finding).is_some_and(|own| key(earlier) == Some(own));
        match told.iter_mut().find(is_same) {
            Some(earlier) => take_over(earlier, finding),
            None => told.push(finding),
        }
    }
    *findings = told;
}

/// What two findings of one fault share: code, severity, the difference, and the row or the literal that they
/// start from.
fn key(finding: &Finding) -> Option<(&str, Severity, Decimal, PlaceKey<'_>)> {
    let delta = finding.delta.filter(|_| finding.status == FindingStatus::Violated)?;
    let first = finding.locations.first()?;
    let row = || (None, None, None, None, None, first.table.as_deref(), first.row, None);
    let place = if first.row.is_some() { row() } else { place_key(first) };
    Some((&finding.code, finding.severity, delta.abs(), place))
}

fn take_over(earlier: &mut Finding, later: Finding) {
    for (n, id) in later.facts.into_iter().enumerate() {
        if earlier.facts.contains(&id) {
            continue;
        }
        earlier.facts.push(id);
        earlier.locations.extend(later.locations.get(n).cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Location;

    fn finding(code: &str, row: u32, col: u32, delta: i64) -> Finding {
        let place = Location { table: Some("t1".into()), row: Some(row), col: Some(col), ..Location::default() };
        Finding {
            code: code.into(),
            severity: Severity::Error,
            status: FindingStatus::Violated,
            message: format!("{code} {col}"),
            lhs: None,
            rhs: None,
            delta: Some(Decimal::from(delta)),
            tolerance: None,
            facts: vec![format!("f{row}{col}")],
            locations: vec![place],
            hint: None,
        }
    }

    #[test]
    fn a_row_that_is_wrong_in_two_columns_by_the_same_amount_is_one_fault() {
        let mut findings = vec![finding("HR-01", 3, 1, 5), finding("HR-01", 3, 2, -5), finding("HR-01", 3, 3, 7)];
        join(&mut findings);
        assert_eq!(findings.len(), 2);
        assert_eq!(findings[0].facts, ["f31", "f32"]);
        assert_eq!(findings[0].message, "HR-01 1");
    }

    #[test]
    fn another_row_or_another_check_is_another_fault() {
        let mut findings = vec![finding("HR-01", 3, 1, 5), finding("HR-01", 4, 1, 5), finding("IT-07", 3, 1, 5)];
        join(&mut findings);
        assert_eq!(findings.len(), 3);
    }
}
