//! Rates told in a row, each of a figure told before: 三类投资分别占总投资的61.40%、28.60%和10.00%，支付率分别为….
//!
//! Takes runs of rates that no other reading explains. Where all of a run but one come to figures that follow each other at one
//! distance, these were meant, and the one is wrong.

use super::evaluate::Formula;
use super::{Check, State, Strength};
use crate::document::{Document, Span};
use crate::facts::{FactId, FactTable, Role};
use crate::rules::{RuleSet, WordClass};
use rust_decimal::Decimal;

/// Rates of a row, at least: two that come to figures of the report to two decimals are no accident.
const LEAST: usize = 3;
/// Runs looked at in a report.
const RUNS: usize = 12;
/// Figures before a run that may be the parts.
const BEFORE: usize = 24;
/// Figures between one part and the next.
const STEP: usize = 3;
/// Figures of the report that are tried as the whole.
const WHOLES: usize = 200;

pub fn check(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    let settled = |rate: FactId| {
        checks.iter().any(|check| {
            check.state != State::NotEvaluable
                && matches!(&check.formula, Some(Formula::Ratio { rate: own, .. }) if *own == rate)
        })
    };
    let percent = rules.units.at_head("%").map(|(unit, _)| rules.units.family_id(unit));
    let is_rate = |id: FactId| {
        let fact = facts.fact(id);
        Some(fact.amount.family) == percent && fact.cell.is_none() && fact.amount.half <= Decimal::new(5, 3)
    };
    let joined = |one: FactId, two: FactId| {
        let (one, two) = (facts.fact(one), facts.fact(two));
        let between = Span::new(one.value_span.end, two.value_span.start.max(one.value_span.end));
        let between = document.slice(between).trim();
        one.block == two.block && (between == "、" || rules.lexicon.is_word(WordClass::Joins, between))
    };
    let mut runs: Vec<Vec<FactId>> = Vec::new();
    for id in facts.ids().filter(|id| is_rate(*id)) {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.0 + 1 == id.0 && joined(*last, id)) => {
                run.push(id)
            }
            _ => runs.push(vec![id]),
        }
    }
    runs.retain(|run| run.len() >= LEAST && !run.iter().all(|rate| settled(*rate)));
    let found: Vec<Check> =
        runs.iter().take(RUNS).filter_map(|run| of_figures(document, facts, run)).flatten().collect();
    let found: Vec<Check> = found
        .into_iter()
        .filter(|check| check.formula.as_ref().is_some_and(|formula| !settled(formula.facts()[0])))
        .collect();
    if found.is_empty() {
        return;
    }
    let explained: Vec<FactId> =
        found.iter().filter_map(|check| check.formula.as_ref()?.facts().first().copied()).collect();
    checks.retain(|check| {
        let own = check.spans.first();
        check.state != State::NotEvaluable
            || !explained.iter().any(|rate| own == Some(&facts.fact(*rate).value_span))
    });
    checks.extend(found);
}

/// The checks of a run against the figures that all of it but one come to.
fn of_figures(document: &Document, facts: &FactTable, run: &[FactId]) -> Option<Vec<Check>> {
    let first = run[0];
    let block = facts.fact(first).block;
    let plain = |id: FactId| {
        let fact = facts.fact(id);
        fact.role == Role::Value && fact.amount.is_exact() && !fact.broken && fact.quantity.is_some()
    };
    let family = |id: FactId| facts.fact(id).amount.family;
    let rate = family(first);
    let before: Vec<FactId> = (0..first.0)
        .rev()
        .map(FactId)
        .take_while(|id| facts.fact(*id).block == block)
        .filter(|id| plain(*id) && family(*id) != rate)
        .take(BEFORE)
        .collect();
    let holds = |formulas: &[Formula]| {
        formulas
            .iter()
            .filter(|formula| formula.evaluate(&|id| facts.fact(id).amount).state < State::Fails)
            .count()
    };
    // Rows of figures of one kind at one distance, as many as there are rates; the nearest first.
    let count = run.len();
    let mut rows: Vec<Vec<FactId>> = Vec::new();
    for step in 1..=STEP {
        for last in 0..before.len() {
            let row: Vec<FactId> =
                (0..count).rev().filter_map(|at| before.get(last + at * step).copied()).collect();
            if row.len() == count && row.iter().all(|id| family(*id) == family(row[0])) {
                rows.push(row);
            }
        }
    }
    let told = |kind: &'static str, formulas: Vec<Formula>| {
        let check = |formula| Check::of(kind, formula, Strength::Sure, document, facts);
        Some(formulas.into_iter().map(check).collect::<Vec<_>>())
    };
    // Of each other: 已支付 of 投资.
    for parts in &rows {
        for wholes in rows.iter().filter(|wholes| family(wholes[0]) == family(parts[0]) && *wholes != parts) {
            let of = |((rate, part), whole): ((&FactId, &FactId), &FactId)| Formula::Ratio {
                rate: *rate,
                numerator: *part,
                denominator: *whole,
            };
            let formulas: Vec<Formula> = run.iter().zip(parts).zip(wholes).map(of).collect();
            if holds(&formulas) + 1 >= count {
                return told("completion", formulas);
            }
        }
    }
    // Of one whole, told anywhere.
    let mut tried: Vec<Decimal> = Vec::new();
    let near = (0..facts.facts.len() as u32).map(FactId);
    let mut wholes: Vec<FactId> =
        near.filter(|id| plain(*id) && facts.fact(*id).amount.value > Decimal::ZERO).collect();
    wholes.sort_by_key(|id| id.0.abs_diff(first.0));
    for whole in wholes.into_iter().take(WHOLES) {
        let amount = facts.fact(whole).amount;
        if tried.contains(&amount.value) {
            continue;
        }
        tried.push(amount.value);
        for parts in rows.iter().filter(|parts| family(parts[0]) == amount.family && !parts.contains(&whole))
        {
            let of = |(rate, part): (&FactId, &FactId)| Formula::Ratio {
                rate: *rate,
                numerator: *part,
                denominator: whole,
            };
            let formulas: Vec<Formula> = run.iter().zip(parts).map(of).collect();
            if holds(&formulas) + 1 >= count {
                return told("share", formulas);
            }
        }
    }
    None
}
