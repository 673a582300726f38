//! What one figure of a formula would have to be for the formula to hold.
//!
//! Takes a formula and the amounts of its figures; gives [`Wanted`]. Whether a value really fits is for
//! `evaluate` to say: this only tells where to look.

use rust_decimal::Decimal;

use super::evaluate::{Amounts, Formula, round_like, value};
use super::interval::Interval;
use crate::facts::{Amount, FactId};
use crate::rules::Equation;

/// In base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Not rounded.
    pub value: Decimal,
    /// How far from it a figure may lie and still fit.
    pub slack: Decimal,
    /// The formula asks for this very value, and the slack is for rounding; else, as with the operand of a
    /// rate, any value within the slack is as good.
    pub exact: bool,
}

impl Wanted {
    fn within(interval: Interval) -> Option<Wanted> {
        let value = interval.low.checked_add(interval.high)?.checked_div(Decimal::TWO)?;
        Some(Wanted { value, slack: interval.high.checked_sub(value)?.abs(), exact: false })
    }

    pub fn near(&self, value: Decimal) -> bool {
        value.saturating_sub(self.value).abs() <= self.slack
    }
}

impl Formula {
    /// The value that `fact` alone would need for the formula to hold, where the formula asks for one value
    /// and not for a range; a rate to the digits it shows.
    pub fn required(&self, fact: FactId, amounts: Amounts) -> Option<Decimal> {
        let wanted = self.wanted(fact, amounts).filter(|wanted| wanted.exact)?;
        let sum = matches!(self, Formula::Sum { .. } | Formula::Equal { .. });
        Some(if sum { wanted.value } else { round_like(wanted.value, &amounts(fact)) })
    }

    /// The value that `fact` alone would need for the formula to hold.
    pub fn wanted(&self, fact: FactId, amounts: Amounts) -> Option<Wanted> {
        match self {
            Formula::Sum { total, parts } => {
                let sum = parts
                    .iter()
                    .try_fold(Decimal::ZERO, |sum, part| sum.checked_add(amounts(*part).value))?;
                let slack = parts
                    .iter()
                    .try_fold(amounts(*total).half, |slack, part| slack.checked_add(amounts(*part).half))?;
                let value = if fact == *total {
                    sum
                } else {
                    amounts(*total).value.checked_sub(sum.checked_sub(amounts(fact).value)?)?
                };
                Some(Wanted { value, slack, exact: true })
            }
            Formula::Ratio { rate, numerator, denominator } => {
                let (above, below) =
                    (Interval::of(&amounts(*numerator)), Interval::of(&amounts(*denominator)));
                if fact == *rate {
                    let exact = amounts(*numerator).value.checked_div(amounts(*denominator).value)?;
                    told(exact, above.over(below)?, &amounts(*rate))
                } else if fact == *numerator {
                    Wanted::within(share(&amounts(*rate))?.times(below)?)
                } else {
                    Wanted::within(above.over(share(&amounts(*rate))?)?)
                }
            }
            Formula::Change { current, base, amount, rate, up } => {
                let sign = if *up { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
                wanted_in_change(fact, (*current, *base, *amount, *rate), sign, amounts)
            }
            Formula::Equal { facts } => {
                // What most of the others say.
                let others = || facts.iter().filter(|other| **other != fact).map(|id| amounts(*id).value);
                let count = |value: Decimal| others().take(MOST_MENTIONS).filter(|one| *one == value).count();
                let value = others().take(MOST_MENTIONS).max_by_key(|value| count(*value))?;
                Some(Wanted { value, slack: Decimal::ZERO, exact: true })
            }
            Formula::Equation { equation, operands, percent } => {
                wanted_in_equation(equation, operands, *percent, fact, amounts)
            }
        }
    }
}

/// Mentions of one figure that are compared with each other.
const MOST_MENTIONS: usize = 16;

/// A printed rate as a fraction, a unit of its last digit more or less forgiven as when it is checked.
fn share(rate: &Amount) -> Option<Interval> {
    let ulp = rate.half.checked_mul(Decimal::TWO)?;
    let wide = Interval { low: rate.low().checked_sub(ulp)?, high: rate.high().checked_add(ulp)? };
    wide.scaled(Decimal::new(1, 2))
}

/// The rate, in percent, that `exact` asks for.
fn told(exact: Decimal, computed: Interval, printed: &Amount) -> Option<Wanted> {
    let spread = Wanted::within(computed.scaled(Decimal::ONE_HUNDRED)?)?.slack;
    let slack = spread.checked_add(printed.half.checked_mul(Decimal::from(3))?)?;
    Some(Wanted { value: exact.checked_mul(Decimal::ONE_HUNDRED)?, slack, exact: true })
}

fn wanted_in_change(
    fact: FactId,
    (current, base, amount, rate): (FactId, Option<FactId>, Option<FactId>, Option<FactId>),
    sign: Decimal,
    amounts: Amounts,
) -> Option<Wanted> {
    let value = |id: FactId| amounts(id).value;
    let of = |id: FactId| Interval::of(&amounts(id));
    let now = value(current);
    if rate == Some(fact) {
        let (moved, before) = match (base, amount) {
            (Some(base), _) => (now.checked_sub(value(base))?.checked_mul(sign)?, value(base)),
            (None, Some(amount)) => (value(amount), now.checked_sub(value(amount).checked_mul(sign)?)?),
            (None, None) => return None,
        };
        let halves = amounts(current).half.checked_add(base.or(amount).map(|id| amounts(id).half)?)?;
        let spread = Interval { low: moved.checked_sub(halves)?, high: moved.checked_add(halves)? };
        return told(moved.checked_div(before)?, spread.over(Interval::exactly(before))?, &amounts(fact));
    }
    if let (Some(base), Some(amount)) = (base, amount) {
        let moved = value(amount).checked_mul(sign)?;
        let exact = if fact == amount {
            now.checked_sub(value(base))?.checked_mul(sign)?
        } else if fact == current {
            value(base).checked_add(moved)?
        } else {
            now.checked_sub(moved)?
        };
        let halves = [current, base, amount].map(|id| amounts(id).half);
        let slack = halves.iter().try_fold(Decimal::ZERO, |sum, half| sum.checked_add(*half))?;
        return Some(Wanted { value: exact, slack, exact: true });
    }
    let rate = share(&amounts(rate?))?;
    let grown = Interval::exactly(Decimal::ONE).plus(rate.scaled(sign)?)?;
    Wanted::within(match (base, amount) {
        (Some(base), _) if fact == current => of(base).times(grown)?,
        (Some(_), _) => of(current).over(grown)?,
        (None, Some(amount)) if fact == current => of(amount).over(rate)?.plus(of(amount).scaled(sign)?)?,
        (None, _) => of(current).times(rate)?.over(grown)?,
    })
}

/// Solved by secants: an equation of the rule set is linear in most of its operands, and nearly so in the
/// others.
fn wanted_in_equation(
    equation: &Equation,
    operands: &[Option<FactId>],
    percent: bool,
    fact: FactId,
    amounts: Amounts,
) -> Option<Wanted> {
    let sides = |probe: Option<Decimal>, exact: bool| {
        let with = |id: FactId| {
            let amount = amounts(id);
            let value = probe.filter(|_| id == fact).unwrap_or(amount.value);
            Amount { value, half: if exact { Decimal::ZERO } else { amount.half }, ..amount }
        };
        let mut next = 0;
        let left = value(&equation.left, operands, &mut next, &with)?;
        let right = value(&equation.right, operands, &mut next, &with)?;
        Some((left, if percent { right.scaled(Decimal::ONE_HUNDRED)? } else { right }))
    };
    let gap = |probe: Decimal| sides(Some(probe), true).and_then(|(a, b)| a.low.checked_sub(b.low));
    let here = amounts(fact).value;
    let (mut last, mut at) = (here, here.checked_add(Decimal::ONE_HUNDRED)?);
    let mut off = gap(last)?;
    let mut slope = Decimal::ONE;
    for _ in 0..STEPS {
        let next_off = gap(at)?;
        if next_off.abs() < Decimal::new(1, 6) {
            break;
        }
        slope = next_off.checked_sub(off)?.checked_div(at.checked_sub(last)?)?;
        (last, off) = (at, next_off);
        at = at.checked_sub(next_off.checked_div(slope)?)?;
    }
    let (left, right) = sides(None, false)?;
    let wide = left.high.checked_sub(left.low)?.checked_add(right.high.checked_sub(right.low)?)?;
    let first = operands.first().copied().flatten().map_or(Decimal::ONE, |first| amounts(first).factor);
    let wide = wide.checked_add(equation.tolerance.checked_mul(first)?.checked_mul(Decimal::TWO)?)?;
    let slack = wide.checked_div(slope.checked_mul(Decimal::TWO)?)?.abs();
    (gap(at)?.abs() < Decimal::new(1, 6)).then_some(Wanted {
        value: at,
        slack,
        exact: !percent || operands.first() == Some(&Some(fact)),
    })
}

const STEPS: usize = 8;
