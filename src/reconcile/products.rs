//! Products: n × standard = total.
//!
//! A sentence may hold several counts and amounts. Where some of them tie, these were meant; where none
//! do, the statement is doubted only if there is one way to read it and one slip of the pen explains it.

use std::sync::{Arc, LazyLock};

use rust_decimal::Decimal;

use super::evaluate::{Formula, round_like};
use super::slip::{power_apart, slip};
use super::trial::slip_explains;
use super::{Check, State, Strength, Why};
use crate::document::Document;
use crate::facts::{FactId, FactTable};
use crate::rules::{Comparison, Equation, Node, Operator};

/// total = count × standard
static PRODUCT: LazyLock<Arc<Equation>> = LazyLock::new(|| Arc::new(equation(None)));

fn equation(times: Option<Decimal>) -> Equation {
    let name =
        |measure: &str| Node::Name { measure: measure.to_owned(), selectors: Vec::new(), optional: false };
    let by = |left: Node, right: Node| Node::Binary {
        operator: Operator::Multiply,
        left: Box::new(left),
        right: Box::new(right),
    };
    let once = by(name("数量"), name("标准"));
    Equation {
        left: name("总额"),
        comparison: Comparison::Equal,
        right: times.map_or(once.clone(), |times| by(once, Node::Number(times))),
        tolerance: Decimal::ZERO,
    }
}

pub fn check(
    document: &Document,
    facts: &FactTable,
    (totals, counts): (&[FactId], &[FactId]),
    standard: FactId,
    times: &[Decimal],
) -> Check {
    let mut readings = Vec::new();
    for &total in totals {
        for &count in counts {
            for &times in times {
                let equation =
                    if times == Decimal::ONE { PRODUCT.clone() } else { Arc::new(equation(Some(times))) };
                let operands = vec![Some(total), Some(count), Some(standard)];
                readings.push(Formula::Equation { equation, operands, percent: false });
            }
        }
    }
    let amounts = |id: FactId| facts.fact(id).amount;
    let ties = |formula: &&Formula| formula.evaluate(&amounts).state < State::Fails;
    if let Some(formula) = readings.iter().find(ties) {
        return Check::of("product", formula.clone(), Strength::Likely, document, facts);
    }
    let unread = || Check::unknown("product", Why::SeveralReadings, vec![facts.fact(standard).value_span]);
    let off = |formula: &&Formula| {
        let total = formula.facts().first().map_or(Decimal::ZERO, |id| amounts(*id).value);
        let computed = formula.evaluate(&amounts).computed;
        computed.map_or(Decimal::MAX, |computed| computed.saturating_sub(total).abs())
    };
    let Some(formula) = readings.iter().min_by_key(off) else { return unread() };
    let alone = totals.len() == 1 && counts.len() == 1;
    let ends = |formula: &&Formula| formula.facts().iter().all(|id| *id <= standard);
    let together = || {
        let near = readings.iter().filter(|formula| stand_together(&formula.facts()));
        near.chain(readings.iter().filter(|formula| are_next(&formula.facts(), standard, facts)))
    };
    let beside = together().find(ends).or_else(|| together().next());
    let check = Check::of("product", beside.unwrap_or(formula).clone(), Strength::Likely, document, facts);
    let of = check.formula.as_ref().map(|formula| formula.facts()).unwrap_or_default();
    let printed = facts.fact(of[0]).amount;
    let explained = check.computed.is_some_and(|computed| {
        let scaled = |value: Decimal| value.checked_div(printed.factor).unwrap_or(value);
        let meant = round_like(computed, &printed);
        let digits = scaled(printed.value).mantissa().unsigned_abs().to_string().len();
        digits >= 3 && slip(scaled(meant), scaled(printed.value), 4).is_some()
            || power_apart(computed, printed.value).is_some()
    });
    // 支出65.76万元，按548人、每人1200元: no other figure stands between, so these are meant; far off they are not.
    let near = check.computed.is_some_and(|computed| {
        let off = computed.saturating_sub(printed.value).abs().saturating_mul(Decimal::from(4));
        off <= printed.value.max(computed)
    });
    let told = beside.is_some() && (near || slips(&check, facts));
    let meant = told || alone && (explained || slips(&check, facts));
    if check.state == State::Fails && !meant { unread() } else { check }
}

/// Total, count and standard follow on each other.
fn stand_together(ids: &[FactId]) -> bool {
    let (low, high) = (ids.iter().min(), ids.iter().max());
    low.zip(high).is_some_and(|(low, high)| high.0 - low.0 == 2) && ids.len() == 3
}

/// 接待费A，接待48批次、360人次，人均B: no other amount stands between the total and the mean, and the count right before it.
fn are_next(ids: &[FactId], standard: FactId, facts: &FactTable) -> bool {
    let &[total, count, _] = ids else { return false };
    let family = facts.fact(total).amount.family;
    let between = (total.0 + 1..standard.0).map(FactId);
    total < standard
        && standard.0 - total.0 <= APART
        && count.0 + 1 == standard.0
        && facts.fact(total).sentence == facts.fact(standard).sentence
        && between.into_iter().all(|id| facts.fact(id).amount.family != family)
}

/// Figures between a total and its mean.
const APART: u32 = 5;

/// One slip of the pen in any of the figures explains the failure.
fn slips(check: &Check, facts: &FactTable) -> bool {
    let Some(formula) = &check.formula else { return false };
    formula.facts().into_iter().any(|id| slip_explains(formula, id, facts, |_| true))
}
