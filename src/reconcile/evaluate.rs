//! One formula over figures: does it hold, and what would make it hold.
//!
//! Takes a [`Formula`] and the amounts of its figures; gives an [`Outcome`]. Amounts come through a
//! function, so that blame can ask “and if this figure were another?”.

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::State;
use super::interval::Interval;
use crate::facts::{Amount, FactId};
use crate::rules::{Comparison, Equation, Node, Operator};

/// A relation bound to figures.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    Sum {
        total: FactId,
        parts: Vec<FactId>,
    },
    /// rate (in %) = numerator ÷ denominator
    Ratio {
        rate: FactId,
        numerator: FactId,
        denominator: FactId,
    },
    Change {
        current: FactId,
        base: Option<FactId>,
        amount: Option<FactId>,
        rate: Option<FactId>,
        up: bool,
    },
    Equal {
        facts: Vec<FactId>,
    },
    /// An identity or indicator; operands in the order of the names in the equation, `None` where an
    /// optional one is not stated.
    Equation {
        equation: std::sync::Arc<Equation>,
        operands: Vec<Option<FactId>>,
        percent: bool,
    },
}

/// How far a printed change or rate may be off and still be called rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    pub state: State,
    /// What the result would be, in base units of the result's family; percent for rates.
    pub computed: Option<Decimal>,
    /// Part of the disagreement is only excused by a figure printed more coarsely than the others.
    pub coarse: bool,
}

impl Outcome {
    fn unknown() -> Self {
        Outcome { state: State::NotEvaluable, computed: None, coarse: false }
    }

    fn of(state: State, computed: Decimal) -> Self {
        Outcome { state, computed: Some(computed), coarse: false }
    }
}

pub type Amounts<'a> = &'a dyn Fn(FactId) -> Amount;

impl Formula {
    /// Every figure of the formula, the result first.
    pub fn facts(&self) -> Vec<FactId> {
        match self {
            Formula::Sum { total, parts } => std::iter::once(*total).chain(parts.iter().copied()).collect(),
            Formula::Ratio { rate, numerator, denominator } => vec![*rate, *numerator, *denominator],
            Formula::Change { current, base, amount, rate, .. } => {
                rate.iter().chain(amount).chain([current]).chain(base).copied().collect()
            }
            Formula::Equal { facts } => facts.clone(),
            Formula::Equation { operands, .. } => operands.iter().flatten().copied().collect(),
        }
    }

    /// Whether one of its figures passes `test`.
    fn any(&self, test: impl Fn(FactId) -> bool) -> bool {
        let of = |fact: &Option<FactId>| fact.is_some_and(&test);
        match self {
            Formula::Sum { total, parts } => test(*total) || parts.iter().any(|part| test(*part)),
            Formula::Ratio { rate, numerator, denominator } => {
                [rate, numerator, denominator].into_iter().any(|fact| test(*fact))
            }
            Formula::Change { current, base, amount, rate, .. } => {
                test(*current) || [base, amount, rate].into_iter().any(of)
            }
            Formula::Equal { facts } => facts.iter().any(|fact| test(*fact)),
            Formula::Equation { operands, .. } => operands.iter().any(of),
        }
    }

    /// How many figures it has.
    pub fn size(&self) -> usize {
        match self {
            Formula::Sum { parts, .. } => parts.len() + 1,
            Formula::Equal { facts } => facts.len(),
            Formula::Ratio { .. } | Formula::Change { .. } => 4,
            Formula::Equation { operands, .. } => operands.len(),
        }
    }

    pub fn evaluate(&self, amounts: Amounts) -> Outcome {
        if self.any(|fact| !amounts(fact).is_exact()) {
            return Outcome::unknown();
        }
        match self {
            Formula::Sum { total, parts } => sum(amounts(*total), parts, amounts),
            Formula::Ratio { rate, numerator, denominator } => {
                ratio(amounts(*rate), amounts(*numerator), amounts(*denominator))
                    .unwrap_or(Outcome::unknown())
            }
            Formula::Change { .. } => self.change(amounts).unwrap_or(Outcome::unknown()),
            Formula::Equal { facts } => equal(facts, amounts),
            Formula::Equation { equation, operands, percent } => {
                equation_holds(equation, operands, *percent, amounts).unwrap_or(Outcome::unknown())
            }
        }
    }

    fn change(&self, amounts: Amounts) -> Option<Outcome> {
        let Formula::Change { current, base, amount, rate, up } = self else { return None };
        let now = amounts(*current);
        let sign = if *up { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
        let mut state = None;
        let mut computed = None;
        let mut worst = |next: State| state = Some(state.map_or(next, |state: State| state.max(next)));
        if let (Some(base), Some(amount)) = (base, amount) {
            let (before, by) = (amounts(*base), amounts(*amount));
            let difference = now.value.checked_sub(before.value)?.checked_mul(sign)?;
            let tolerance = now.half.checked_add(before.half)?.checked_add(by.half)?;
            let off = difference.checked_sub(by.value)?.abs();
            worst(graded(off, tolerance));
            if off > tolerance {
                computed = Some(difference);
            }
        }
        if let Some(rate) = rate {
            let printed = amounts(*rate);
            let before = match (base, amount) {
                (Some(base), _) => Interval::of(&amounts(*base)),
                (None, Some(amount)) => {
                    Interval::of(&now).minus(Interval::of(&amounts(*amount)).scaled(sign)?)?
                }
                (None, None) => return None,
            };
            let moved = match (base, amount) {
                (Some(_), _) => Interval::of(&now).minus(before)?.scaled(sign)?,
                (None, Some(amount)) => Interval::of(&amounts(*amount)),
                (None, None) => return None,
            };
            let outcome = rate_outcome(printed, moved, before);
            match outcome {
                Some(outcome) => {
                    worst(outcome.state);
                    if outcome.state == State::Fails {
                        computed = computed.or(outcome.computed);
                    }
                }
                None if state.is_none() => return None,
                None => {}
            }
        } else if let (Some(base), None) = (base, amount) {
            let holds = now.value.saturating_sub(amounts(*base).value).saturating_mul(sign) > Decimal::ZERO;
            worst(if holds { State::Holds } else { State::Fails });
        }
        Some(Outcome { state: state?, computed, coarse: false })
    }
}

/// Zero: holds; within the tolerance: rounding; else fails.
fn graded(off: Decimal, tolerance: Decimal) -> State {
    if off.is_zero() {
        State::Holds
    } else if off <= tolerance {
        State::WithinRounding
    } else {
        State::Fails
    }
}

fn sum(total: Amount, parts: &[FactId], amounts: Amounts) -> Outcome {
    let parts: Vec<Amount> = parts.iter().map(|part| amounts(*part)).collect();
    let Some(computed) = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part.value)) else {
        return Outcome::unknown();
    };
    // A part printed more coarsely than the total (20 beside 118.43) is excused by its own half unit,
    // yet on the plain reading it is exact.
    let all: Decimal = parts.iter().map(|part| part.half).fold(total.half, Decimal::saturating_add);
    let fine: Decimal =
        parts.iter().map(|part| part.half.min(total.half)).fold(total.half, Decimal::saturating_add);
    let off = computed.saturating_sub(total.value).abs();
    let state = graded(off, all);
    if state == State::WithinRounding && off > fine {
        return Outcome { state: State::Fails, computed: Some(computed), coarse: true };
    }
    Outcome::of(state, computed)
}

fn equal(facts: &[FactId], amounts: Amounts) -> Outcome {
    let all: Vec<Amount> = facts.iter().map(|fact| amounts(*fact)).collect();
    let Some(first) = all.first() else { return Outcome::unknown() };
    let mut worst = State::Holds;
    for other in &all[1..] {
        worst = worst.max(graded(
            other.value.saturating_sub(first.value).abs(),
            other.half.saturating_add(first.half),
        ));
    }
    Outcome::of(worst, first.value)
}

fn ratio(rate: Amount, numerator: Amount, denominator: Amount) -> Option<Outcome> {
    rate_outcome(rate, Interval::of(&numerator), Interval::of(&denominator))
}

/// `rate` in percent against moved ÷ before.
fn rate_outcome(rate: Amount, moved: Interval, before: Interval) -> Option<Outcome> {
    let middle = (moved.low.checked_add(moved.high)?)
        .checked_div(before.low.checked_add(before.high)?)?
        .checked_mul(Decimal::ONE_HUNDRED)?;
    let Some(computed) = moved.over(before) else {
        // So coarse that the divisor may be nil (1万元, 比上年增加0.5万元): the figures as printed can bear the rate out,
        // but not refute it.
        return (round_like(middle, &rate) == rate.value).then(|| Outcome::of(State::Holds, middle));
    };
    let computed = computed.scaled(Decimal::ONE_HUNDRED)?;
    let printed = Interval::of(&rate);
    let state = if computed.meets(printed) {
        if round_like(middle, &rate) == rate.value { State::Holds } else { State::WithinRounding }
    } else {
        // Truncated instead of rounded, or rounded twice: one unit of the last place.
        let ulp = rate.half.checked_mul(Decimal::TWO)?;
        let near = Interval { low: printed.low.checked_sub(ulp)?, high: printed.high.checked_add(ulp)? };
        if computed.meets(near) { State::WithinRounding } else { State::Fails }
    };
    Some(Outcome::of(state, middle))
}

/// `value` rounded to the last digit that `printed` shows.
pub fn round_like(value: Decimal, printed: &Amount) -> Decimal {
    let factor = if printed.factor.is_zero() { Decimal::ONE } else { printed.factor };
    let places =
        (printed.half.checked_div(factor)).map_or(2, |half| half.normalize().scale().saturating_sub(1));
    let places = if printed.half.is_zero() { 0 } else { places };
    let scaled = value.checked_div(factor).unwrap_or(value);
    scaled.round_dp_with_strategy(places, MidpointAwayFromZero).checked_mul(factor).unwrap_or(value)
}

// ── equations ───────────────────────────────────────────────────────────────────────────────────────

fn equation_holds(
    equation: &Equation,
    operands: &[Option<FactId>],
    percent: bool,
    amounts: Amounts,
) -> Option<Outcome> {
    let mut next = 0;
    let mut left = value(&equation.left, operands, &mut next, amounts)?;
    let mut right = value(&equation.right, operands, &mut next, amounts)?;
    if percent {
        right = right.scaled(Decimal::ONE_HUNDRED)?;
    }
    if let (false, Some(Some(first))) = (equation.tolerance.is_zero(), operands.first()) {
        let margin = equation.tolerance.checked_mul(amounts(*first).factor)?;
        left = Interval { low: left.low.checked_sub(margin)?, high: left.high.checked_add(margin)? };
    }
    let exact = |id: FactId| Amount { half: Decimal::ZERO, ..amounts(id) };
    let mut next = operands.len().saturating_sub(names(&equation.right));
    let factor = if percent { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let middle = value(&equation.right, operands, &mut next, &exact)?.low.checked_mul(factor)?;
    let holds = match equation.comparison {
        Comparison::Equal => left.meets(right),
        Comparison::AtMost => left.low <= right.high,
        Comparison::AtLeast => left.high >= right.low,
        Comparison::Less => left.low < right.high,
        Comparison::More => left.high > right.low,
    };
    // A rate printed to its last digit as computed is right, whatever follows that digit.
    let printed = operands.first().copied().flatten().filter(|_| percent).map(amounts);
    let rounded = printed.is_some_and(|printed| round_like(middle, &printed) == printed.value);
    let state = if !holds {
        State::Fails
    } else if !rounded
        && equation.comparison == Comparison::Equal
        && left.low.checked_add(left.high)? != middle.checked_mul(Decimal::TWO)?
    {
        State::WithinRounding
    } else {
        State::Holds
    };
    Some(Outcome::of(state, middle))
}

fn names(node: &Node) -> usize {
    match node {
        Node::Number(_) => 0,
        Node::Name { .. } => 1,
        Node::Binary { left, right, .. } => names(left) + names(right),
    }
}

pub(super) fn value(
    node: &Node,
    operands: &[Option<FactId>],
    next: &mut usize,
    amounts: Amounts,
) -> Option<Interval> {
    match node {
        Node::Number(number) => Some(Interval::exactly(*number)),
        Node::Name { .. } => {
            let operand = operands.get(*next).copied().flatten();
            *next += 1;
            Some(operand.map_or(Interval::exactly(Decimal::ZERO), |fact| Interval::of(&amounts(fact))))
        }
        Node::Binary { operator, left, right } => {
            let left = value(left, operands, next, amounts)?;
            let right = value(right, operands, next, amounts)?;
            match operator {
                Operator::Add => left.plus(right),
                Operator::Subtract => left.minus(right),
                Operator::Multiply => left.times(right),
                Operator::Divide => left.over(right),
            }
        }
    }
}
