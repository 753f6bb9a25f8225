//! A figure and how far the truth may be from it. Exact decimals only; what leaves their range, or divides
//! by something that may be zero, is `None`, and an assertion over it is not checked.

use rust_decimal::Decimal;

/// A value that is only known to lie between two bounds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    /// Lowest possible value.
    pub low: Decimal,
    /// The value as printed, or computed from printed values.
    pub mid: Decimal,
    /// Highest possible value.
    pub high: Decimal,
}

/// Bounds beyond this many base units are out of range: the difference of any two that are in range is still a
/// decimal, so that comparing them cannot overflow.
const MOST: Decimal = Decimal::from_parts(0, 0, 1 << 30, false, 0);

impl Interval {
    /// The interval, unless a bound is out of range.
    fn bounded(low: Decimal, mid: Decimal, high: Decimal) -> Option<Self> {
        let in_range = [low, mid, high].iter().all(|bound| bound.abs() <= MOST);
        in_range.then_some(Self { low, mid, high })
    }

    /// A value that is known exactly.
    pub fn exact(value: Decimal) -> Self {
        Self { low: value, mid: value, high: value }
    }

    /// A value that is known to `half` on either side.
    pub fn around(value: Decimal, half: Decimal) -> Option<Self> {
        Self::bounded(value.checked_sub(half)?, value, value.checked_add(half)?)
    }

    /// How far the bounds lie apart, halved.
    pub fn half(&self) -> Decimal {
        (self.high - self.low) / Decimal::TWO
    }

    /// Whether some value lies in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    pub fn add(self, other: Self) -> Option<Self> {
        let low = self.low.checked_add(other.low)?;
        Self::bounded(low, self.mid.checked_add(other.mid)?, self.high.checked_add(other.high)?)
    }

    pub fn subtract(self, other: Self) -> Option<Self> {
        self.add(Self { low: -other.high, mid: -other.mid, high: -other.low })
    }

    pub fn multiply(self, other: Self) -> Option<Self> {
        let (low, high) = self.corners(other, Decimal::checked_mul)?;
        Self::bounded(low, self.mid.checked_mul(other.mid)?, high)
    }

    /// `None` when the divisor may be zero.
    pub fn divide(self, other: Self) -> Option<Self> {
        if other.low <= Decimal::ZERO && other.high >= Decimal::ZERO {
            return None;
        }
        let (low, high) = self.corners(other, Decimal::checked_div)?;
        Self::bounded(low, self.mid.checked_div(other.mid)?, high)
    }

    pub fn abs(self) -> Self {
        let (a, b) = (self.low.abs(), self.high.abs());
        let crosses_zero = self.low < Decimal::ZERO && self.high > Decimal::ZERO;
        let low = if crosses_zero { Decimal::ZERO } else { a.min(b) };
        Self { low, mid: self.mid.abs(), high: a.max(b) }
    }

    /// The bounds of an operation that is monotone in each operand.
    fn corners(self, other: Self, apply: impl Fn(Decimal, Decimal) -> Option<Decimal>) -> Option<(Decimal, Decimal)> {
        let mut bounds: Option<(Decimal, Decimal)> = None;
        for a in [self.low, self.high] {
            for b in [other.low, other.high] {
                let value = apply(a, b)?;
                let (low, high) = bounds.unwrap_or((value, value));
                bounds = Some((low.min(value), high.max(value)));
            }
        }
        bounds
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cents(value: i64) -> Interval {
        Interval::around(Decimal::new(value, 2), Decimal::new(5, 3)).expect("in range")
    }

    #[test]
    fn a_small_base_widens_a_percentage() {
        let change = cents(12).divide(cents(50)).expect("no zero");
        assert!(change.low < Decimal::new(228, 3) && change.high > Decimal::new(252, 3), "{change:?}");
    }

    #[test]
    fn nothing_is_divided_by_what_may_be_zero() {
        assert_eq!(cents(100).divide(cents(0)), None);
    }

    #[test]
    fn what_is_out_of_range_is_no_figure() {
        assert_eq!(Interval::around(Decimal::MAX - Decimal::ONE, Decimal::ZERO), None);
        let most = Interval::around(MOST, Decimal::ZERO).expect("in range");
        assert_eq!(most.add(most), None);
        assert!(most.subtract(most).is_some_and(|zero| zero.mid.is_zero() && zero.half().is_zero()));
    }

    proptest! {
        #[test]
        fn a_result_lies_within_its_bounds(a in -99_999i64..99_999, b in -99_999i64..99_999) {
            let (a, b) = (cents(a), cents(b));
            for result in [a.add(b), a.subtract(b), a.multiply(b), a.divide(b), Some(a.abs())].into_iter().flatten() {
                prop_assert!(result.low <= result.mid && result.mid <= result.high);
            }
        }
    }
}
