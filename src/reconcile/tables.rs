//! Tables: totals, shares and rates of cells, and figures that stand in a table and in the text.
//!
//! A table says nothing of how it adds up; its own columns do. Of several readings the one that most columns
//! or rows bear out is meant, and what disagrees with it is wrong the more surely the more agree.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::evaluate::Formula;
use super::slip::{Slip, power_apart, slip};
use super::trial::slip_explains;
use super::{Check, State, Strength, Why};
use crate::document::Document;
use crate::facts::{CellRelation, Fact, FactId, FactTable, Role, TableGroup};
use crate::rules::{FamilyId, FundId, MeasureId, RuleSet};

pub fn check(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    for group in &facts.tables {
        checks.extend(settle(document, facts, group));
    }
    let first = facts.facts.iter().find_map(|fact| fact.cell).map(|cell| cell.table);
    if let Some(first) = first {
        beside_text(document, rules, facts, checks);
        super::total_rows::check(document, facts, checks);
        if facts.facts.iter().filter_map(|fact| fact.cell).any(|cell| cell.table != first) {
            beside_tables(document, rules, facts, checks);
        }
    }
}

fn settle(document: &Document, facts: &FactTable, group: &TableGroup) -> Vec<Check> {
    let borne_out = |reading: &&Vec<CellRelation>| {
        let holds =
            |relation: &&CellRelation| tells(facts, relation) && state(facts, relation) < State::Fails;
        reading.iter().filter(holds).count()
    };
    // The first of the best.
    let best = group.readings.iter().map(|reading| (borne_out(&reading), reading)).rev();
    let Some((holds, reading)) = best.max_by_key(|(holds, _)| *holds) else { return Vec::new() };
    let mut checks: Vec<Check> = reading.iter().map(|relation| check_of(document, facts, relation)).collect();
    if let Some(beside) = &group.beside {
        let agree = beside.iter().filter(|one| tells(facts, one) && state(facts, one) < State::Fails).count();
        let differ = beside.iter().filter(|one| state(facts, one) == State::Fails).count();
        let slipped = |check: &Check| {
            let formula = check.formula.as_ref();
            formula.is_some_and(|formula| {
                formula
                    .facts()
                    .into_iter()
                    .any(|id| slip_explains(formula, id, facts, |slip| slip != Slip::Length))
            })
        };
        for check in checks.iter_mut().filter(|check| check.state == State::Fails) {
            if agree == 0 || agree <= differ || !slipped(check) {
                check.set_aside(Why::OpenList);
            }
        }
        return checks;
    }
    let fails = checks.iter().filter(|check| check.state == State::Fails).count();
    for check in checks.iter_mut().filter(|check| check.state == State::Fails) {
        let strength = if holds > fails {
            Some(Strength::Sure)
        } else if holds >= fails || group.closed && group.readings.len() == 1 && is_close(facts, check) {
            Some(Strength::Likely)
        } else {
            None
        };
        match strength {
            Some(strength) => check.strength = check.strength.min(strength),
            None => check.set_aside(Why::OpenList),
        }
    }
    if holds == 0 && group.readings.len() > 1 {
        // Nothing bears out any of the readings: nothing is known.
        checks.retain(|check| check.state != State::NotEvaluable);
    }
    checks
}

/// A relation that zeros or a single figure would fulfil tells nothing.
fn tells(facts: &FactTable, relation: &CellRelation) -> bool {
    let zero = |id: FactId| facts.fact(id).amount.value.is_zero();
    match relation {
        CellRelation::Sum { parts, .. } => parts.iter().filter(|id| !zero(**id)).count() >= 2,
        CellRelation::Share { part, whole, .. } => !zero(*part) && part != whole,
        CellRelation::Completion { done, .. } => !zero(*done),
        CellRelation::Change { current, base, .. } => {
            facts.fact(*current).amount.value != facts.fact(*base).amount.value
        }
    }
}

fn formula(relation: &CellRelation) -> (&'static str, Formula) {
    match relation {
        CellRelation::Sum { total, parts } => {
            ("table-total", Formula::Sum { total: *total, parts: parts.clone() })
        }
        CellRelation::Share { rate, part, whole } => {
            ("share", Formula::Ratio { rate: *rate, numerator: *part, denominator: *whole })
        }
        CellRelation::Completion { rate, done, plan } => {
            ("completion", Formula::Ratio { rate: *rate, numerator: *done, denominator: *plan })
        }
        CellRelation::Change { current, base, amount, rate } => (
            "growth",
            Formula::Change { current: *current, base: Some(*base), amount: *amount, rate: *rate, up: true },
        ),
    }
}

fn state(facts: &FactTable, relation: &CellRelation) -> State {
    formula(relation).1.evaluate(&|id| facts.fact(id).amount).state
}

fn check_of(document: &Document, facts: &FactTable, relation: &CellRelation) -> Check {
    let (kind, formula) = formula(relation);
    Check::of(kind, formula, Strength::Sure, document, facts)
}

/// The total is within a fifth of its parts, or one slip of the pen away from them.
fn is_close(facts: &FactTable, check: &Check) -> bool {
    let (Some(Formula::Sum { total, .. }), Some(computed)) = (&check.formula, check.computed) else {
        return false;
    };
    let printed = facts.fact(*total).amount.value;
    let gap = printed.saturating_sub(computed).abs().saturating_mul(Decimal::from(5));
    gap <= printed.abs() || power_apart(computed, printed).is_some()
}

/// More tables than that are not held against each other.
const TABLES: usize = 40;

/// Measure, unit family and basis.
type Key<'a> = (MeasureId, FamilyId, &'a str);

/// The same measure, year and basis once in a table and once in the text.
fn beside_text(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    let mut cells: FxHashMap<(Key, Option<u16>), Vec<FactId>> = FxHashMap::default();
    let mut mentions: FxHashMap<Key, Vec<FactId>> = FxHashMap::default();
    let mut order = Vec::new();
    for id in facts.ids() {
        let fact = facts.fact(id);
        let Some(key) = key(rules, fact) else { continue };
        if fact.cell.is_none() {
            mentions.entry(key).or_default().push(id);
            continue;
        }
        let known = cells.entry((key, fact.period)).or_default();
        if known.is_empty() {
            order.push((key, fact.period));
        }
        known.push(id);
    }
    for key in order {
        // A figure that either place gives with several values is of several scopes.
        let Some(cell) = cells.get(&key).and_then(|cells| only(facts, cells)) else { continue };
        let of_year = |id: &FactId| facts.same_period(facts.fact(*id), facts.fact(cell));
        let told: Vec<FactId> =
            mentions.get(&key.0).map_or(&[][..], Vec::as_slice).iter().copied().filter(of_year).collect();
        let Some(mention) = only(facts, &told) else { continue };
        if !same_scope(rules, facts.fact(cell), facts.fact(mention)) {
            continue;
        }
        let formula = Formula::Equal { facts: vec![mention, cell] };
        let mut check = Check::of("table-text", formula, Strength::Sure, document, facts);
        let (a, b) = (facts.fact(mention).amount, facts.fact(cell).amount);
        let scaled = |value: Decimal| value.checked_div(a.factor).unwrap_or(value);
        let explained =
            slip(scaled(b.value), scaled(a.value), 2).is_some() || power_apart(a.value, b.value).is_some();
        if check.state == State::Fails && !explained {
            check.strength = Strength::Weak;
        }
        checks.push(check);
    }
}

/// What one table gives for one measure, basis, year and fund.
type Given<'a> = (Key<'a>, Option<u16>, Option<FundId>);

/// The same measure, year, basis and fund in two tables. Two tables are of one scope if they agree elsewhere:
/// the expenditure of the unit and that from its appropriation have the same heads.
fn beside_tables(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    let mut tables: BTreeMap<u32, FxHashMap<Given, Vec<FactId>>> = BTreeMap::new();
    for id in facts.ids() {
        let fact = facts.fact(id);
        if let (Some(cell), Some(key)) = (fact.cell, key(rules, fact)) {
            let given = (key, fact.period, fact.fund);
            tables.entry(cell.table).or_default().entry(given).or_default().push(id);
        }
    }
    let tables: Vec<_> = tables.into_values().take(TABLES).collect();
    for (place, one) in tables.iter().enumerate() {
        for other in &tables[place + 1..] {
            let mut pairs: Vec<[FactId; 2]> = one
                .iter()
                .filter_map(|(given, cells)| Some([only(facts, cells)?, only(facts, other.get(given)?)?]))
                .collect();
            pairs.sort_unstable();
            checks.extend(compare(document, facts, &pairs));
        }
    }
}

/// Figures that two tables both give.
fn compare(document: &Document, facts: &FactTable, pairs: &[[FactId; 2]]) -> Vec<Check> {
    let check = |pair: &[FactId; 2]| {
        Check::of("table-table", Formula::Equal { facts: pair.to_vec() }, Strength::Weak, document, facts)
    };
    let mut checks: Vec<Check> = pairs.iter().map(check).collect();
    let zero = |pair: &[FactId; 2]| pair.iter().any(|id| facts.fact(*id).amount.value.is_zero());
    let telling = || checks.iter().zip(pairs).filter(|(_, pair)| !zero(pair));
    let agree = telling().filter(|(check, _)| check.state < State::Fails).count();
    let differ = telling().count() - agree;
    for (check, [a, b]) in checks.iter_mut().zip(pairs).filter(|(check, _)| check.state == State::Fails) {
        let (a, b) = (facts.fact(*a).amount, facts.fact(*b).amount);
        let scaled = |value: Decimal| value.checked_div(a.factor).unwrap_or(value);
        let explained =
            slip(scaled(b.value), scaled(a.value), 2).is_some() || power_apart(a.value, b.value).is_some();
        match (explained, agree > differ) {
            (true, true) => check.strength = Strength::Sure,
            (false, true) if agree >= 3 * differ => check.strength = Strength::Likely,
            (true, false) if agree > 0 => {}
            _ => check.set_aside(Why::OtherScope),
        }
    }
    checks
}

fn key<'a>(rules: &'a RuleSet, fact: &Fact) -> Option<Key<'a>> {
    let known = rules.lexicon.measure(fact.measure?);
    let basis = rules.lexicon.basis(fact.basis?);
    let said = known.basis.as_ref() != Some(&basis.id);
    let plain =
        fact.role == Role::Value && fact.qualifier.is_none() && fact.amount.is_exact() && !fact.broken;
    let measure = fact.measure?;
    let comparable = plain && said && !known.open && !known.completion;
    comparable.then_some((measure, fact.amount.family, basis.group.as_str()))
}

/// The first, where all have its value.
fn only(facts: &FactTable, all: &[FactId]) -> Option<FactId> {
    let (first, rest) = all.split_first()?;
    let value = facts.fact(*first).amount.value;
    rest.iter().all(|id| facts.fact(*id).amount.value == value).then_some(*first)
}

fn same_scope(rules: &RuleSet, a: &Fact, b: &Fact) -> bool {
    let free = a.measure.is_some_and(|measure| rules.lexicon.measure(measure).fund_free);
    free || a.fund == b.fund
}
