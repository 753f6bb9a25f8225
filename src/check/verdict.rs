//! Do two sides agree? Evaluates a formula over the figures chosen for its terms, and weighs the difference
//! by the tolerance that the print allows: half a unit of the last printed digit of each figure, and no
//! other constant.

use rust_decimal::Decimal;

use super::evidence::Evidence;
use super::instance::Options;
use super::interval::Interval;
use crate::forms::identities::{Expr, Formula, Operator, Relation, Tolerance};
use crate::model::{Basis, Fact};

/// How two sides stand, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// They agree.
    Agree,
    /// They differ by no more than rounding can explain.
    Rounded,
    /// A percentage is off by one unit of its last digit: cut off rather than rounded, or forced to a total.
    Truncated,
    /// They differ.
    Differ,
}

/// A formula evaluated on one choice of figures.
#[derive(Debug, Clone)]
pub(super) struct Verdict<'a> {
    pub standing: Standing,
    pub left: Interval,
    pub right: Interval,
    pub tolerance: Decimal,
    /// The figures of each term, in reading order.
    pub figures: Vec<Vec<&'a Fact>>,
}

impl Verdict<'_> {
    /// Left minus right.
    pub fn delta(&self) -> Decimal {
        self.left.mid - self.right.mid
    }
}

/// So many combinations of differing prints are tried.
const MAX_COMBINATIONS: usize = 64;

/// Evaluates a formula on every choice of figures and keeps the choice that stands best, since a figure that
/// is printed twice with a difference is the business of another check. `None` when none can be evaluated.
pub(super) fn judge<'a>(
    formula: &Formula,
    tolerance: Tolerance,
    options: &[Options<'a>],
    evidence: &Evidence<'_>,
) -> Option<Verdict<'a>> {
    let combinations = options.iter().map(Vec::len).try_fold(1usize, usize::checked_mul)?.min(MAX_COMBINATIONS);
    let mut best: Option<Verdict<'a>> = None;
    for n in 0..combinations {
        let Some(verdict) = evaluate(formula, tolerance, choice(options, n), evidence) else { continue };
        if best.as_ref().is_none_or(|b| verdict.standing < b.standing) {
            best = Some(verdict);
        }
    }
    best
}

/// The `n`-th choice, counting the first option of every term as the first digit.
fn choice<'a>(options: &[Options<'a>], mut n: usize) -> Vec<Vec<&'a Fact>> {
    let mut chosen = Vec::with_capacity(options.len());
    for of_term in options {
        let count = of_term.len().max(1);
        chosen.push(of_term.get(n % count).cloned().unwrap_or_default());
        n /= count;
    }
    chosen
}

fn evaluate<'a>(
    formula: &Formula,
    tolerance: Tolerance,
    figures: Vec<Vec<&'a Fact>>,
    evidence: &Evidence<'_>,
) -> Option<Verdict<'a>> {
    let mut walk = Walk { figures: &figures, next: 0, literal: tolerance == Tolerance::Percent, evidence };
    let left = walk.value(&formula.left)?;
    let right = walk.value(&formula.right)?;
    let (standing, slack) = match formula.relation {
        Relation::AtMost => at_most(&left, &right),
        Relation::AtLeast => at_most(&right, &left),
        Relation::Equal => equal(&left, &right, tolerance),
    };
    let differs = standing == Standing::Differ && tolerance == Tolerance::Same;
    let standing = if differs && is_rounded_in_text(&figures, evidence) { Standing::Rounded } else { standing };
    Some(Verdict { standing, left, right, tolerance: slack, figures })
}

/// Whether a text prints a figure in a larger unit, or without decimals, and rightly rounded: 3,789万元 for 37,892,345元.
fn is_rounded_in_text(figures: &[Vec<&Fact>], evidence: &Evidence<'_>) -> bool {
    let [Some(a), Some(b)] = [0, 1].map(|n| figures.get(n).and_then(|f| f.first()).copied()) else { return false };
    let (Some(x), Some(y)) = (evidence.value_of(a, true), evidence.value_of(b, true)) else { return false };
    let coarser = if x.half() > y.half() { a } else { b };
    let is_rounded = coarser.decimals == 0 || a.printed_unit != b.printed_unit;
    figures.len() == 2
        && is_rounded
        && matches!(coarser.basis, Basis::Narrative | Basis::Annex)
        && equal(&x, &y, Tolerance::Same).0 == Standing::Agree
}

struct Walk<'f, 'a> {
    figures: &'f [Vec<&'a Fact>],
    next: usize,
    literal: bool,
    evidence: &'f Evidence<'f>,
}

impl Walk<'_, '_> {
    fn value(&mut self, expr: &Expr) -> Option<Interval> {
        match expr {
            Expr::Number(number) => Some(Interval::exact(*number)),
            Expr::Term(_) | Expr::Sum(_) => self.figure(),
            Expr::Abs(inner) => self.value(inner).map(Interval::abs),
            Expr::Pair(a, operator, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                match operator {
                    Operator::Add => a.add(b),
                    Operator::Subtract => a.subtract(b),
                    Operator::Multiply => a.multiply(b),
                    Operator::Divide => a.divide(b),
                }
            }
        }
    }

    fn figure(&mut self) -> Option<Interval> {
        let facts = self.figures.get(self.next)?;
        self.next += 1;
        let mut total = Interval::exact(Decimal::ZERO);
        for fact in facts {
            total = total.add(self.evidence.value_of(fact, self.literal)?)?;
        }
        Some(total)
    }
}

pub(super) fn at_most(left: &Interval, right: &Interval) -> (Standing, Decimal) {
    let standing = if left.mid <= right.mid {
        Standing::Agree
    } else if left.low <= right.high {
        Standing::Rounded
    } else {
        Standing::Differ
    };
    (standing, left.half() + right.half())
}

pub(super) fn equal(left: &Interval, right: &Interval, tolerance: Tolerance) -> (Standing, Decimal) {
    let delta = (left.mid - right.mid).abs();
    let (a, b) = (left.half(), right.half());
    let both = a + b;
    // The finer print rounded to the coarser one gives the coarser one: nothing to say.
    let coarser = if a == b { Decimal::ZERO } else { a.max(b) };
    match tolerance {
        Tolerance::Exact => (by(delta <= coarser, false), coarser),
        // One unit of the coarser print, which may have been cut off rather than rounded.
        Tolerance::Same => (by(delta <= coarser, delta <= both.max(coarser + coarser)), both.max(coarser + coarser)),
        Tolerance::Sum => (by(delta.is_zero(), left.meets(right)), both),
        Tolerance::Percent if left.meets(right) => (Standing::Agree, both),
        Tolerance::Percent if delta <= a + a => (Standing::Truncated, both),
        Tolerance::Percent => (Standing::Differ, both),
    }
}

fn by(agrees: bool, within_rounding: bool) -> Standing {
    match (agrees, within_rounding) {
        (true, _) => Standing::Agree,
        (false, true) => Standing::Rounded,
        (false, false) => Standing::Differ,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(mid: i64, half_in_tenths: i64) -> Interval {
        Interval::around(Decimal::new(mid, 2), Decimal::new(half_in_tenths, 3)).expect("in range")
    }

    #[test]
    fn a_figure_printed_twice_may_differ_by_its_last_digit() {
        assert_eq!(equal(&around(31_752, 5), &around(31_752, 5), Tolerance::Same).0, Standing::Agree);
        assert_eq!(equal(&around(31_752, 5), &around(31_753, 5), Tolerance::Same).0, Standing::Rounded);
        assert_eq!(equal(&around(31_752, 5), &around(31_754, 5), Tolerance::Same).0, Standing::Differ);
    }

    #[test]
    fn the_finer_print_of_one_figure_agrees_with_the_coarser() {
        let finer = Interval::around(Decimal::new(417_268, 3), Decimal::new(5, 4)).expect("in range");
        assert_eq!(equal(&finer, &around(41_727, 5), Tolerance::Same).0, Standing::Agree);
        assert_eq!(equal(&finer, &around(41_726, 5), Tolerance::Same).0, Standing::Rounded);
        assert_eq!(equal(&finer, &around(41_725, 5), Tolerance::Same).0, Standing::Differ);
    }

    #[test]
    fn many_addends_may_differ_by_more_than_two() {
        assert_eq!(equal(&around(10_003, 5), &around(10_000, 10), Tolerance::Sum).0, Standing::Differ);
        assert_eq!(equal(&around(10_003, 5), &around(10_000, 60), Tolerance::Sum).0, Standing::Rounded);
    }

    #[test]
    fn a_percentage_that_was_cut_off_is_told_from_a_wrong_one() {
        let recomputed = Interval::around(Decimal::new(87_437, 3), Decimal::new(1, 4)).expect("in range");
        assert_eq!(equal(&around(8_744, 5), &recomputed, Tolerance::Percent).0, Standing::Agree);
        assert_eq!(equal(&around(8_743, 5), &recomputed, Tolerance::Percent).0, Standing::Truncated);
        assert_eq!(equal(&around(8_734, 5), &recomputed, Tolerance::Percent).0, Standing::Differ);
    }

    #[test]
    fn a_part_may_be_more_than_its_whole_by_rounding_alone() {
        assert_eq!(at_most(&around(8_245, 5), &around(8_244, 5)).0, Standing::Rounded);
        assert_eq!(at_most(&around(8_264, 5), &around(8_244, 5)).0, Standing::Differ);
    }
}
