//! What it costs to believe that a figure is misprinted: how common the slip is, what is the custom around
//! the figure, what other mentions say.
//!
//! Takes a figure with the value it may have been meant to have; gives tenths of a bit. It must not know
//! which checks fail.

use rust_decimal::Decimal;

use super::Strength;
use super::evaluate::Formula;
use super::slip::Slip;
use super::suspects::{Graph, NEAR};
use crate::facts::{Amount, FactId, Role};
use crate::rules::Comparison;

impl Graph<'_> {
    /// The custom of the figures of its kind nearby: how many digits they show after the point, as half a
    /// unit of the last, and in which unit they are.
    pub fn custom(&self, fact: FactId) -> Custom {
        if let Some(known) = self.customs.borrow().get(&fact) {
            return *known;
        }
        let custom = self.find_custom(fact);
        self.customs.borrow_mut().insert(fact, custom);
        custom
    }

    fn find_custom(&self, fact: FactId) -> Custom {
        let own = self.facts.fact(fact);
        let rate = self.tells_rate(fact);
        let place = fact.0 as usize;
        let near = place.saturating_sub(2 * NEAR)..(place + 2 * NEAR + 1).min(self.facts.facts.len());
        let alike = || {
            near.clone().filter(|other| *other != place).map(|other| &self.facts.facts[other]).filter(
                |other| {
                    let amount = other.amount;
                    amount.family == own.amount.family
                        && !amount.half.is_zero()
                        && !amount.value.is_zero()
                        && if rate { other.role == own.role } else { !is_rate(other.role) }
                },
            )
        };
        // Nearly all: three of four.
        let most = |is: &dyn Fn(&Amount) -> bool, least: usize| {
            let all = alike().count();
            let same = alike().filter(|other| is(&other.amount)).count();
            same >= least && same * 4 >= all * 3
        };
        let half = alike()
            .filter(|other| other.amount.factor == own.amount.factor)
            .map(|other| other.amount.half)
            .min();
        let least = match half {
            Some(half) if half > own.amount.half => 3,
            Some(half) if half < own.amount.half && rate => 1,
            _ => 2,
        };
        let factor = alike().next().map(|other| other.amount.factor);
        Custom {
            half: half.filter(|half| most(&|amount| amount.half == *half, least)),
            factor: factor.filter(|factor| most(&|amount| amount.factor == *factor, 3)),
        }
    }

    /// The figure's amount with the digits after the point that are customary around it.
    pub fn house(&self, fact: FactId) -> Amount {
        let own = self.facts.fact(fact).amount;
        Amount { half: self.custom(fact).half.unwrap_or(own.half), ..own }
    }

    pub fn tells_rate(&self, fact: FactId) -> bool {
        is_rate(self.facts.fact(fact).role)
    }

    /// What a slip costs before the other checks are heard.
    pub fn price(&self, fact: FactId, value: Decimal, slip: Option<Slip>, formula: &Formula) -> i32 {
        let amount = self.facts.fact(fact).amount;
        let (printed, scale) = in_unit(amount.value, &amount);
        let count = digits(printed, scale);
        let result = formula.facts().first() == Some(&fact);
        let rate = result && self.tells_rate(fact);
        let slip_cost = match slip {
            Some(Slip::Digit) => 70,
            Some(Slip::Swap) => 60,
            Some(Slip::Length) => 90,
            Some(Slip::Unit) => 65,
            Some(Slip::Point) => 65,
            Some(Slip::CurrentAsBase | Slip::BaseAsChange) => 40,
            Some(Slip::LeftOut) => 70,
            Some(Slip::Copied) if self.is_beside(fact, formula) => 30,
            Some(Slip::Copied) => 160 - 20 * count.min(5) as i32,
            // A rate is reckoned from the others, and may be reckoned wrong.
            None | Some(Slip::Stale | Slip::Direction)
                if rate && amount.value == Decimal::ONE_HUNDRED && scale == 0 =>
            {
                cost::SAID
            }
            None | Some(Slip::Stale | Slip::Direction) if rate => {
                (20 + 33 * count as i32).min(cost::RECKONED)
            }
            None | Some(Slip::Stale | Slip::Direction) => cost::OTHER,
        };
        // Digits after the point and the unit, against what is the custom around the figure.
        let shown = in_unit(value, &amount).0.normalize().scale();
        let around = self.custom(fact);
        let custom = around.half.map_or(scale, |half| in_unit(value, &Amount { half, ..amount }).1);
        let finer = match shown {
            _ if shown > custom
                && around.half.is_none()
                && matches!(slip, Some(Slip::Point | Slip::Length)) =>
            {
                0
            }
            _ if shown > custom => cost::FINER,
            _ if shown == custom && scale != custom => -cost::FINER,
            _ => 0,
        };
        let unit = match (slip, around.factor) {
            (Some(Slip::Unit), Some(factor)) if factor == amount.factor => cost::UNUSUAL,
            (Some(Slip::Unit), Some(_)) => -cost::UNUSUAL,
            _ => 0,
        };
        // Nobody writes nought for something by a slip of the finger.
        let nil = if amount.value.is_zero() { cost::NIL } else { 0 };
        let result = match (rate, result) {
            (true, _) => 3 * cost::RESULT,
            (false, true) => cost::RESULT,
            (false, false) => 0,
        };
        // Shares and completions far beyond the whole are hardly ever meant, nor are rates of nothing.
        let growth = self.facts.fact(fact).role == Role::Rate;
        let strange = |value: Decimal| value.is_zero() || !growth && value > Decimal::from(200);
        let odd = match (rate, strange(value), strange(amount.value)) {
            (true, true, false) => cost::ODD,
            (true, false, true) => -cost::ODD,
            _ => 0,
        };
        slip_cost + finer + unit + nil + odd - result
    }

    /// What other mentions of the same name say, where no check compares them.
    pub fn voices(&self, fact: FactId, value: Decimal) -> i32 {
        let compared = self.checks_of(fact).iter().any(|at| self.checks[*at].kind == "equality");
        if compared {
            return 0;
        }
        let own = self.facts.fact(fact);
        let (printed, scale) = in_unit(own.amount.value, &own.amount);
        let (mut with, mut against) = (0, 0);
        for &twin in self.twins(fact) {
            let other = self.facts.fact(twin);
            let alike = twin != fact
                && other.basis == own.basis
                && self.facts.same_period(other, own)
                && other.role == own.role;
            with += i32::from(alike && other.amount.value == value);
            against += i32::from(alike && other.amount.value == own.amount.value);
        }
        let one = (cost::VOICE * digits(printed, scale) as i32).min(4 * cost::VOICE);
        let say = |count: i32| if count > 0 { one + cost::VOICE * (count.min(3) - 1) } else { 0 };
        say(against) / 2 - say(with)
    }

    /// How surely a check that holds does not do so by chance.
    pub fn weight(&self, at: usize) -> i32 {
        let check = &self.checks[at];
        let first = check.formula.as_ref().and_then(|formula| formula.facts().first().copied());
        let Some(first) = first else { return 0 };
        let amount = self.facts.fact(first).amount;
        let (printed, scale) = in_unit(amount.value, &amount);
        let sure = match &check.formula {
            // A bound is kept by half of all figures.
            Some(Formula::Equation { equation, .. }) if equation.comparison != Comparison::Equal => {
                cost::BOUND
            }
            _ => (33 * digits(printed, scale) as i32).min(cost::SURE),
        };
        if check.strength == Strength::Weak { sure / 2 } else { sure }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Custom {
    pub half: Option<Decimal>,
    pub factor: Option<Decimal>,
}

fn is_rate(role: Role) -> bool {
    matches!(role, Role::Rate | Role::Share | Role::Completion | Role::Ratio)
}

/// Costs in tenths of a bit.
pub mod cost {
    /// A value of no known slip.
    pub const OTHER: i32 = 160;
    /// Any value of a range would do: a slip fits by chance more easily.
    pub const ROUGH: i32 = 20;
    /// A rate reckoned wrong, no slip to be seen.
    pub const RECKONED: i32 = 115;
    /// 100%, which is said more easily than reckoned.
    pub const SAID: i32 = 50;
    /// More digits than are printed.
    pub const FINER: i32 = 40;
    /// A nought in place of a figure.
    pub const NIL: i32 = 60;
    /// A relation that fits only within rounding: in most it fits exactly.
    pub const ROUNDING: i32 = 30;
    /// The unit is not that of the figures around.
    pub const UNUSUAL: i32 = 40;
    /// A rate that nobody would print.
    pub const ODD: i32 = 60;
    /// The wrong direction word.
    pub const WORD: i32 = 50;
    /// A result is reckoned from the others, and goes wrong where they change.
    pub const RESULT: i32 = 10;
    /// Another mention of the name, for each digit that agrees, and for each mention more.
    pub const VOICE: i32 = 20;
    /// A failure that is left over asks for a second slip.
    pub const SECOND: i32 = 40;
    /// A relation that only bounds a figure.
    pub const BOUND: i32 = 10;
    /// No check speaks louder.
    pub const SURE: i32 = 120;
}

/// The value as printed, and the digits it shows after the point.
pub fn in_unit(value: Decimal, like: &Amount) -> (Decimal, u32) {
    let scale =
        like.half.checked_div(like.factor).map_or(0, |half| half.normalize().scale().saturating_sub(1));
    (value.checked_div(like.factor).unwrap_or(value).normalize(), scale)
}

/// Half a unit of the last digit that `value` needs; a count needs none.
pub fn half_unit(value: Decimal, like: &Amount) -> Decimal {
    if like.half.is_zero() {
        return Decimal::ZERO;
    }
    let scale = in_unit(value, like).0.scale();
    Decimal::try_new(5, scale + 1).ok().and_then(|half| half.checked_mul(like.factor)).unwrap_or(like.half)
}

/// How many digits a figure shows.
pub fn digits(printed: Decimal, scale: u32) -> u32 {
    let mut printed = printed;
    printed.rescale(scale);
    printed.mantissa().unsigned_abs().checked_ilog10().unwrap_or(0) + 1
}
