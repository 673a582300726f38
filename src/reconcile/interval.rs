//! Interval arithmetic over decimals, as XBRL Calculations 1.1 has it: a printed figure stands for every
//! value that rounds to it, and a statement is consistent when printed and computed intervals meet.

use rust_decimal::Decimal;

use crate::facts::Amount;

/// Closed, `low <= high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: Decimal,
    pub high: Decimal,
}

impl Interval {
    pub fn of(amount: &Amount) -> Self {
        Interval { low: amount.low(), high: amount.high() }
    }

    pub fn exactly(value: Decimal) -> Self {
        Interval { low: value, high: value }
    }

    fn spanning(values: [Option<Decimal>; 4]) -> Option<Self> {
        let [a, b, c, d] = values;
        let (a, b, c, d) = (a?, b?, c?, d?);
        Some(Interval { low: a.min(b).min(c).min(d), high: a.max(b).max(c).max(d) })
    }

    /// Whether it holds one value only: then one result is all there is to reckon.
    fn is_point(self) -> bool {
        self.low == self.high
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        if self.is_point() && other.is_point() {
            return self.low.checked_add(other.low).map(Self::exactly);
        }
        Some(Interval { low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        if self.is_point() && other.is_point() {
            return self.low.checked_sub(other.low).map(Self::exactly);
        }
        Some(Interval { low: self.low.checked_sub(other.high)?, high: self.high.checked_sub(other.low)? })
    }

    pub fn times(self, other: Self) -> Option<Self> {
        if self.is_point() && other.is_point() {
            return self.low.checked_mul(other.low).map(Self::exactly);
        }
        if is_positive(self.low) && is_positive(other.low) {
            return Some(Interval {
                low: self.low.checked_mul(other.low)?,
                high: self.high.checked_mul(other.high)?,
            });
        }
        Self::spanning([
            self.low.checked_mul(other.low),
            self.low.checked_mul(other.high),
            self.high.checked_mul(other.low),
            self.high.checked_mul(other.high),
        ])
    }

    /// `None` where the divisor may be zero.
    pub fn over(self, other: Self) -> Option<Self> {
        if other.low <= Decimal::ZERO && other.high >= Decimal::ZERO {
            return None;
        }
        if self.is_point() && other.is_point() {
            return self.low.checked_div(other.low).map(Self::exactly);
        }
        if is_positive(self.low) && is_positive(other.low) {
            return Some(Interval {
                low: self.low.checked_div(other.high)?,
                high: self.high.checked_div(other.low)?,
            });
        }
        Self::spanning([
            self.low.checked_div(other.low),
            self.low.checked_div(other.high),
            self.high.checked_div(other.low),
            self.high.checked_div(other.high),
        ])
    }

    pub fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    pub fn scaled(self, factor: Decimal) -> Option<Self> {
        self.times(Interval::exactly(factor))
    }
}

fn is_positive(value: Decimal) -> bool {
    !value.is_sign_negative() && !value.is_zero()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn interval(low: i64, width: u32) -> Interval {
        Interval { low: low.into(), high: Decimal::from(low) + Decimal::from(width) }
    }

    proptest! {
        #[test]
        fn results_hold_every_pointwise_result(
            a in -1000i64..1000, aw in 0u32..50, b in -1000i64..1000, bw in 0u32..50, s in 0u32..=10, t in 0u32..=10
        ) {
            let (x, y) = (interval(a, aw), interval(b, bw));
            let point = |i: Interval, step: u32| i.low + (i.high - i.low) * Decimal::from(step) / Decimal::TEN;
            let (p, q) = (point(x, s), point(y, t));
            let holds = |i: Option<Interval>, value: Decimal| i.is_none_or(|i| i.low <= value && value <= i.high);
            prop_assert!(holds(x.plus(y), p + q));
            prop_assert!(holds(x.minus(y), p - q));
            prop_assert!(holds(x.times(y), p * q));
            if !q.is_zero() {
                let slack = Decimal::new(1, 20);
                let wide = x.over(y).map(|i| Interval { low: i.low - slack, high: i.high + slack });
                prop_assert!(holds(wide, p / q));
            }
        }
    }
}
