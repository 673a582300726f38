//! Relations stated by the text, turned into checks.
//!
//! Where the grammar left several readings the statement holds if one of them does. It fails only where
//! no reading does, and the reading nearest to holding is the one reported.

use rust_decimal::Decimal;

use super::evaluate::Formula;
use super::slip::slip;
use super::{Check, State, Strength};
use crate::document::Document;
use crate::facts::{Closure, FactId, FactTable, Relation};
use crate::rules::RuleSet;

pub fn check(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    for relation in &facts.relations {
        match relation {
            Relation::Sum { total, parts, closure } => {
                checks.push(sum(document, rules, facts, *total, parts, *closure));
            }
            Relation::Change { current, base, amount, rate, up, .. } => {
                checks.extend(change(document, facts, (current, base), (*amount, *rate), *up));
            }
            Relation::Share { part, whole, rate, named } => {
                checks.push(ratio("share", document, facts, *rate, (part, whole), *named));
            }
            Relation::Completion { done, plan, rate } => {
                checks.push(ratio("completion", document, facts, *rate, (done, plan), true));
            }
            Relation::Flat { current, base, .. } => {
                for base in base.iter().take(1) {
                    let formula = Formula::Equal { facts: vec![*current, *base] };
                    checks.push(Check::of("flat", formula, Strength::Likely, document, facts));
                }
            }
        }
    }
}

fn sum(
    document: &Document,
    rules: &RuleSet,
    facts: &FactTable,
    total: FactId,
    parts: &[FactId],
    closure: Closure,
) -> Check {
    let formula = Formula::Sum { total, parts: parts.to_vec() };
    let mut check = Check::of("sum", formula, Strength::Sure, document, facts);
    if check.state != State::Fails {
        return check;
    }
    let printed = facts.fact(total).amount;
    let computed = check.computed.unwrap_or(printed.value);
    if computed > printed.value {
        // Parts above their total are wrong in any list; a single one may be of another kind.
        if parts.len() == 1 {
            check.strength = check.strength.min(Strength::Likely);
        }
        return check;
    }
    let complete = closure == Closure::Closed || known_split(rules, facts, total, parts);
    if complete {
        return check;
    }
    let explained = closure == Closure::Listed && explained_by_slip(facts, total, parts, computed);
    match closure {
        Closure::Listed if explained => {}
        Closure::Listed if parts.len() >= 3 => check.strength = check.strength.min(Strength::Likely),
        _ => {
            check.state = State::NotEvaluable;
            check.trace = "所列各项未必是全部，合计大于各项之和不算矛盾".to_owned();
        }
    }
    check
}

/// The parts are all those that an identity of the rule set has for this total.
fn known_split(rules: &RuleSet, facts: &FactTable, total: FactId, parts: &[FactId]) -> bool {
    let measures: Option<Vec<_>> = parts.iter().map(|part| facts.fact(*part).measure).collect();
    let Some(measures) = measures else { return false };
    rules.splits.iter().any(|split| {
        let needed = split.required.iter().all(|measure| measures.contains(measure));
        let known = measures
            .iter()
            .all(|measure| split.required.contains(measure) || split.optional.contains(measure));
        let head = facts.fact(total).measure.is_none_or(|measure| split.total == measure || split.loose);
        needed && known && head
    })
}

fn explained_by_slip(facts: &FactTable, total: FactId, parts: &[FactId], computed: Decimal) -> bool {
    let scale = |id: FactId| {
        let amount = facts.fact(id).amount;
        amount.half.checked_div(amount.factor).map_or(0, |half| half.normalize().scale().saturating_sub(1))
    };
    let in_unit =
        |value: Decimal, id: FactId| value.checked_div(facts.fact(id).amount.factor).unwrap_or(value);
    let printed = facts.fact(total).amount.value;
    let mut ids = std::iter::once((total, computed)).chain(parts.iter().map(|part| {
        let own = facts.fact(*part).amount.value;
        (*part, own.saturating_add(printed.saturating_sub(computed)))
    }));
    // A digit slip explains nearly any gap between short figures: it is evidence only for longer ones.
    ids.any(|(id, meant)| {
        let own = facts.fact(id).amount.value;
        let digits = in_unit(own, id).mantissa().unsigned_abs().to_string().len();
        digits >= 3 && slip(in_unit(meant, id), in_unit(own, id), scale(id)).is_some()
    })
}

fn ratio(
    kind: &'static str,
    document: &Document,
    facts: &FactTable,
    rate: FactId,
    (numerators, denominators): (&[FactId], &[FactId]),
    named: bool,
) -> Check {
    let mut readings = Vec::new();
    for &numerator in numerators {
        for &denominator in denominators.iter().filter(|id| **id != numerator) {
            let formula = Formula::Ratio { rate, numerator, denominator };
            readings.push(Check::of(kind, formula, Strength::Sure, document, facts));
        }
    }
    let printed = facts.fact(rate).amount.value;
    choose(readings, printed, named)
        .unwrap_or_else(|| Check::unknown(kind, "分母不明确，未核对", vec![facts.fact(rate).value_span]))
}

/// The reading that holds, else the nearest; one far off among several proves nothing.
fn choose(readings: Vec<Check>, printed: Decimal, named: bool) -> Option<Check> {
    let mut distinct: Vec<Decimal> = readings.iter().filter_map(|check| check.computed).collect();
    distinct.sort();
    distinct.dedup();
    let alone = distinct.len() == 1;
    let distance = |check: &Check| {
        let off = check.computed.map(|computed| computed.saturating_sub(printed).abs());
        (check.state, off.unwrap_or(Decimal::MAX))
    };
    let mut best = readings.into_iter().min_by_key(distance)?;
    if best.state == State::Fails && !(alone && named) {
        let off = best.computed.map_or(Decimal::MAX, |computed| computed.saturating_sub(printed).abs());
        let near = off <= printed.abs().saturating_mul(Decimal::new(1, 1));
        if !near {
            best.state = State::NotEvaluable;
            best.trace = "与哪个数比较不明确，未核对".to_owned();
        }
    }
    Some(best)
}

fn change(
    document: &Document,
    facts: &FactTable,
    (current, base): (&[FactId], &[FactId]),
    (amount, rate): (Option<FactId>, Option<FactId>),
    up: bool,
) -> Option<Check> {
    if rate.is_none() && base.is_empty() {
        return None;
    }
    let mut readings = Vec::new();
    if let (true, Some(numerator), Some(rate)) = (current.is_empty(), amount, rate) {
        for &denominator in base {
            let formula = Formula::Ratio { rate, numerator, denominator };
            readings.push(Check::of("growth", formula, Strength::Sure, document, facts));
        }
    }
    for &current in current {
        for base in
            base.iter().copied().map(Some).chain((amount.is_some() && base.is_empty()).then_some(None))
        {
            let formula = Formula::Change { current, base, amount, rate, up };
            let check = Check::of("growth", formula, Strength::Sure, document, facts);
            if check.state != State::NotEvaluable {
                readings.push(check);
            }
        }
    }
    let told = amount.or(rate)?;
    let printed = rate.map_or(facts.fact(told).amount.value, |rate| facts.fact(rate).amount.value);
    Some(choose(readings, printed, true).unwrap_or_else(|| {
        Check::unknown("growth", "比较的基数没有写出，未核对", vec![facts.fact(told).value_span])
    }))
}
