//! Formulas in figures: `138.43 = 118.43 + 20`, and how far they are off.
//!
//! Figures are shown as printed; only what is computed is put into digits here.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::State;
use super::evaluate::Formula;
use crate::document::Document;
use crate::facts::{Amount, FactId, FactTable};
use crate::rules::{Equation, Node, Operator};

/// The figure as printed, but for blanks and line ends inside it; 0 for a stated zero.
pub fn figure<'a>(fact: FactId, document: &'a Document, facts: &FactTable) -> Cow<'a, str> {
    let fact = facts.fact(fact);
    if fact.quantity.is_none() {
        return Cow::Borrowed("0");
    }
    let printed = document.slice(fact.value_span);
    if fact.broken || !printed.contains(char::is_whitespace) {
        return Cow::Borrowed(printed);
    }
    Cow::Owned(printed.split_whitespace().collect())
}

/// `value`, in base units, as it would be printed in the unit and to the digits of `like`, or finer
/// where rounding to those would hide a difference.
pub fn in_unit_of(value: Decimal, like: &Amount) -> String {
    let factor = if like.factor.is_zero() { Decimal::ONE } else { like.factor };
    let scaled = value.checked_div(factor).unwrap_or(value);
    let printed = like.half.checked_div(factor).map_or(0, |half| half.normalize().scale().saturating_sub(1));
    let places = if like.half.is_zero() {
        scaled.normalize().scale().min(4)
    } else {
        printed.max(scaled.normalize().scale().min(2))
    };
    let mut rounded = scaled.round_dp_with_strategy(places, MidpointAwayFromZero);
    if rounded.scale() < printed {
        rounded.rescale(printed);
    }
    rounded.to_string()
}

pub fn expression(formula: &Formula, document: &Document, facts: &FactTable) -> String {
    let show = |id: FactId| figure(id, document, facts);
    let join = |parts: &[FactId], mark: &str| {
        let mut out = String::new();
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                out.push_str(mark);
            }
            out.push_str(&show(*part));
        }
        out
    };
    match formula {
        Formula::Sum { total, parts } => format!("{} = {}", show(*total), join(parts, " + ")),
        Formula::Ratio { rate, numerator, denominator } => {
            format!("{} = {} ÷ {}", show(*rate), show(*numerator), show(*denominator))
        }
        Formula::Change { current, base, amount, rate, up } => {
            let sign = if *up { "+" } else { "−" };
            match (base, amount, rate) {
                (Some(base), Some(amount), None) => {
                    format!("{} = {} {sign} {}", show(*current), show(*base), show(*amount))
                }
                (Some(base), amount, Some(rate)) => {
                    let order = if *up { (*current, *base) } else { (*base, *current) };
                    let moved = amount
                        .map(|amount| format!("{} = {} − {}，", show(amount), show(order.0), show(order.1)));
                    format!(
                        "{}{} = ({} − {}) ÷ {}",
                        moved.unwrap_or_default(),
                        show(*rate),
                        show(order.0),
                        show(order.1),
                        show(*base)
                    )
                }
                (None, Some(amount), Some(rate)) => {
                    let back = if *up { "−" } else { "+" };
                    format!(
                        "{} = {} ÷ ({} {back} {})",
                        show(*rate),
                        show(*amount),
                        show(*current),
                        show(*amount)
                    )
                }
                (Some(base), None, None) => {
                    format!("{} {} {}", show(*current), if *up { ">" } else { "<" }, show(*base))
                }
                _ => String::new(),
            }
        }
        Formula::Equal { facts: all } => join(all, " = "),
        Formula::Equation { equation, operands, .. } => {
            let mut next = 0;
            let left = side(&equation.left, operands, &mut next, &show);
            let right = side(&equation.right, operands, &mut next, &show);
            format!("{left} {} {right}", sign_of(equation))
        }
    }
}

fn sign_of(equation: &Equation) -> &'static str {
    use crate::rules::Comparison::*;
    match equation.comparison {
        Equal => "=",
        AtMost => "≤",
        AtLeast => "≥",
        Less => "<",
        More => ">",
    }
}

fn side<'a>(
    node: &Node,
    operands: &[Option<FactId>],
    next: &mut usize,
    show: &impl Fn(FactId) -> Cow<'a, str>,
) -> String {
    match node {
        Node::Number(value) => value.to_string(),
        Node::Name { .. } => {
            let operand = operands.get(*next).copied().flatten();
            *next += 1;
            operand.map(|fact| show(fact).into_owned()).unwrap_or_default()
        }
        Node::Binary { operator, left, right } => {
            let a = side(left, operands, next, show);
            let b = side(right, operands, next, show);
            let sign = match operator {
                Operator::Add => "+",
                Operator::Subtract => "−",
                Operator::Multiply => "×",
                Operator::Divide => "÷",
            };
            // An optional operand that is not stated leaves no trace.
            match (a.is_empty(), b.is_empty()) {
                (_, true) => a,
                (true, false) => b,
                _ if matches!(operator, Operator::Divide | Operator::Multiply) => {
                    let bracket =
                        |text: String| if text.contains([' ']) { format!("({text})") } else { text };
                    format!("{} {sign} {}", bracket(a), bracket(b))
                }
                _ => format!("{a} {sign} {b}"),
            }
        }
    }
}

/// Whether current = base ± amount within rounding.
fn fits(current: FactId, base: FactId, amount: FactId, up: bool, facts: &FactTable) -> bool {
    let formula = Formula::Change { current, base: Some(base), amount: Some(amount), rate: None, up };
    formula.evaluate(&|id| facts.fact(id).amount).state != State::Fails
}

/// `138.43 ≠ 118.43 + 22 = 140.43，差 2`
pub fn trace(
    formula: &Formula,
    state: State,
    computed: Option<Decimal>,
    document: &Document,
    facts: &FactTable,
) -> String {
    // 由A上升到B: how the two stand to each other.
    if let (Formula::Change { current, base: Some(base), amount: None, rate: None, .. }, State::Fails) =
        (formula, state)
    {
        let value = |id: FactId| facts.fact(id).amount.value;
        let sign = match value(*current).cmp(&value(*base)) {
            std::cmp::Ordering::Less => "<",
            std::cmp::Ordering::Equal => "=",
            std::cmp::Ordering::Greater => ">",
        };
        return format!("{} {sign} {}", figure(*current, document, facts), figure(*base, document, facts));
    }
    let Some(computed) = computed.filter(|_| matches!(state, State::Fails | State::WithinRounding)) else {
        return String::new();
    };
    let expression = expression(formula, document, facts);
    let sign = if state == State::Fails { "≠" } else { "≈" };
    let opened = expression.replacen('=', sign, 1);
    match formula {
        Formula::Sum { total, .. } => {
            let amount = facts.fact(*total).amount;
            let off = in_unit_of(computed.saturating_sub(amount.value).abs(), &amount);
            format!("{opened} = {}，差 {off}", in_unit_of(computed, &amount))
        }
        Formula::Change { current, base: Some(base), amount: Some(amount), up, .. }
            if !fits(*current, *base, *amount, *up, facts) =>
        {
            let show = |id: FactId| figure(id, document, facts);
            let (more, less) = if *up { (*current, *base) } else { (*base, *current) };
            let like = facts.fact(*amount).amount;
            let value = |id: FactId| facts.fact(id).amount.value;
            let meant = in_unit_of(value(more).saturating_sub(value(less)), &like);
            format!("{} {sign} {} − {} = {meant}", show(*amount), show(more), show(less))
        }
        Formula::Change { current, base: Some(base), rate: Some(rate), up, .. } => {
            let alone = Formula::Change {
                current: *current,
                base: Some(*base),
                amount: None,
                rate: Some(*rate),
                up: *up,
            };
            let amount = facts.fact(*rate).amount;
            let percent = Amount { half: amount.half.min(Decimal::new(5, 3)), ..amount };
            let opened = self::expression(&alone, document, facts).replacen('=', sign, 1);
            format!("{opened} = {}%", in_unit_of(computed, &percent))
        }
        Formula::Ratio { rate, .. } | Formula::Change { rate: Some(rate), .. } => {
            let amount = facts.fact(*rate).amount;
            let percent = Amount { half: amount.half.min(Decimal::new(5, 3)), ..amount };
            format!("{opened} = {}%", in_unit_of(computed, &percent))
        }
        Formula::Change { current, .. } => {
            format!("{opened}，应为 {}", in_unit_of(computed, &facts.fact(*current).amount))
        }
        Formula::Equal { .. } => expression.replace('=', sign),
        // Beside a lone figure its value would only be said twice.
        Formula::Equation { equation, .. } if matches!(equation.right, Node::Name { .. }) => opened,
        Formula::Equation { .. } => match formula.facts().first() {
            Some(first) => {
                let amount = facts.fact(*first).amount;
                let digits = Amount {
                    half: amount.half.min(Decimal::new(5, 3).saturating_mul(amount.factor)),
                    ..amount
                };
                let unit = if matches!(formula, Formula::Equation { percent: true, .. }) { "%" } else { "" };
                format!("{opened} = {}{unit}", in_unit_of(computed, &digits))
            }
            None => opened,
        },
    }
}
