//! Which of several readings of a statement was meant.
//!
//! Takes the checks that the readings come to; gives one of them, set aside where a failure would prove nothing.

use std::cell::Cell;

use rust_decimal::Decimal;

use super::evaluate::Formula;
use super::price::{digits, in_unit};
use super::slip::Slip;
use super::trial::slip_explains;
use super::{Check, State, Why};
use crate::facts::{FactId, FactTable, Role, Surety};

/// How many more failing readings may be tried digit by digit: a report has a few, a table run together
/// thousands.
pub type Probes = Cell<u32>;

pub const PROBES: u32 = 400;

/// The reading that holds, else the nearest; one far off among several proves nothing.
pub fn choose(
    readings: Vec<Check>,
    printed: Decimal,
    sure: Surety,
    (facts, probes): (&FactTable, &Probes),
) -> Option<Check> {
    let mut distinct: Vec<Decimal> = readings.iter().filter_map(|check| check.computed).collect();
    distinct.sort();
    distinct.dedup();
    let alone = distinct.len() == 1;
    let distance = |check: &Check| {
        let off = check.computed.map(|computed| computed.saturating_sub(printed).abs());
        (check.state, off.unwrap_or(Decimal::MAX))
    };
    // Where a reading holds, nothing is asked of slips: trying them digit by digit is what costs time.
    if readings.iter().any(|check| check.state < State::Fails) {
        return readings.into_iter().min_by_key(distance);
    }
    let near = |check: &Check| distance(check).1 <= printed.abs().saturating_mul(Decimal::new(1, 1));
    let last_years = |check: &Check| {
        sure == Surety::Said && check.formula.as_ref().is_some_and(|formula| is_last_years(facts, formula))
    };
    let slipped = |check: &Check| last_years(check) || one_slip_off(check, sure, facts, probes);
    if let Some(meant) = readings.iter().position(slipped) {
        return readings.into_iter().nth(meant);
    }
    let mut best = readings.into_iter().min_by_key(distance)?;
    // 执法分局平均在编8人，共72人，占全局在编人数的P%: one reading, and nothing like it.
    let fits = |check: &Check| {
        let computed = check.computed.unwrap_or(Decimal::MAX).abs();
        let most = computed.max(printed.abs());
        let ids = check.formula.as_ref().map(Formula::facts).unwrap_or_default();
        !matches!(check.formula, Some(Formula::Ratio { .. }))
            || distance(check).1.saturating_mul(Decimal::from(3)) <= most.saturating_mul(Decimal::TWO)
            || matches!(ids[..], [rate, part, whole] if whole.0 + 1 == rate.0 && part.0 + 1 == whole.0)
            || is_copied(facts, &ids)
            || check.formula.as_ref().is_some_and(|formula| {
                ids.iter().any(|id| slip_explains(formula, *id, facts, |slip| slip == Slip::Length))
            })
    };
    let told = sure != Surety::Far && (alone && sure == Surety::Said && fits(&best) || near(&best));
    if best.state == State::Fails && !told {
        best.set_aside(Why::SeveralReadings);
    }
    Some(best)
}

/// 103.43% for 3.43%: a digit lost or slipped in, in the rate or, where the text says what it is of, in any of the figures.
pub fn digit_lost(check: &Check, sure: Surety, facts: &FactTable) -> bool {
    let Some(formula) = check.formula.as_ref().filter(|_| check.state == State::Fails) else { return false };
    let lost = |id: FactId| slip_explains(formula, id, facts, |slip| slip == Slip::Length);
    let ids = formula.facts();
    let asked = if sure == Surety::Said { ids.len() } else { 1 };
    ids.into_iter().take(asked).any(lost)
}

/// The rate is printed as another one near it: the neighbour's.
fn is_copied(facts: &FactTable, ids: &[FactId]) -> bool {
    let Some(&rate) = ids.first() else { return false };
    let own = facts.fact(rate).amount;
    let place = rate.0 as usize;
    let near = place.saturating_sub(BESIDE)..(place + BESIDE + 1).min(facts.facts.len());
    let mut others = near.filter(|other| *other != place).map(|other| facts.facts[other].amount);
    own.half < Decimal::new(5, 1)
        && others.any(|other| other.family == own.family && other.value == own.value)
}

/// 支出A，比上年的A减少B: last year's figure stands for this year's.
fn is_last_years(facts: &FactTable, formula: &Formula) -> bool {
    let Formula::Change { current, base: Some(base), amount, .. } = formula else { return false };
    let value = |id: FactId| facts.fact(id).amount.value;
    facts.fact(*base).role == Role::Base
        && value(*current) == value(*base)
        && amount.is_some_and(|amount| !value(amount).is_zero())
}

/// 由A调整为B，增长P%: P was taken of B.
fn is_of_current(facts: &FactTable, formula: &Formula) -> bool {
    let Formula::Change { current, base: Some(base), rate: Some(rate), up, .. } = formula else {
        return false;
    };
    let (now, before) = (facts.fact(*current).amount.value, facts.fact(*base).amount.value);
    let moved = if *up { now.checked_sub(before) } else { before.checked_sub(now) };
    let printed = facts.fact(*rate).amount;
    let percent = moved.and_then(|moved| moved.checked_div(now)?.checked_mul(Decimal::ONE_HUNDRED));
    percent.is_some_and(|percent| percent.saturating_sub(printed.value).abs() <= printed.half)
}

/// Figures on either side from which a rate is copied.
const BESIDE: usize = 8;

/// A failing ratio that one slip of the pen in one of its figures explains: the reading is the meant one.
/// Only for rates printed to a decimal: a whole per cent fits too much by chance.
/// Of a figure in another paragraph it is not the slip: that one is not known to be meant.
pub fn one_slip_off(check: &Check, sure: Surety, facts: &FactTable, probes: &Probes) -> bool {
    let Some(formula) = check.formula.as_ref().filter(|_| check.state == State::Fails) else { return false };
    let (told, coarse) = match formula {
        Formula::Ratio { rate, .. } | Formula::Change { rate: Some(rate), .. } => {
            (rate, facts.fact(*rate).amount.half > Decimal::new(5, 2))
        }
        // Of an amount alone, where it has digits enough.
        Formula::Change { amount: Some(amount), base: Some(_), .. } if sure == Surety::Far => {
            let (printed, scale) = in_unit(facts.fact(*amount).amount.value, &facts.fact(*amount).amount);
            (amount, digits(printed, scale) < 3)
        }
        _ => return false,
    };
    if coarse || probes.get() == 0 {
        return false;
    }
    probes.set(probes.get() - 1);
    if let Formula::Ratio { rate, numerator, denominator } = formula {
        let (rate, numerator, denominator) = (*rate, *denominator, *numerator);
        let upside_down = Formula::Ratio { rate, numerator, denominator };
        if upside_down.evaluate(&|id| facts.fact(id).amount).state < State::Fails {
            return true;
        }
    }
    if let Formula::Change { current, base, amount, rate, up } = formula {
        let (current, base, amount, rate) = (*current, *base, *amount, *rate);
        let turned = Formula::Change { current, base, amount, rate, up: !up };
        if turned.evaluate(&|id| facts.fact(id).amount).state < State::Fails || is_of_current(facts, formula)
        {
            return true;
        }
    }
    let block = facts.fact(*told).block;
    let near = |id: &FactId| sure != Surety::Far || facts.fact(*id).block == block;
    // A digit lost or slipped in gives too many values to be evidence.
    let counts = |slip| slip != Slip::Length;
    formula.facts().into_iter().filter(near).any(|id| slip_explains(formula, id, facts, counts))
}
