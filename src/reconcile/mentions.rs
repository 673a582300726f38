//! The same fact told twice: equal mentions hold, different ones conflict.
//!
//! Two facts are the same only when measure, period, basis, fund, qualifier and the total they stand
//! under agree.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::evaluate::Formula;
use super::slip::{power_apart, slip};
use super::{Check, State, Strength};
use crate::document::Document;
use crate::facts::{Fact, FactId, FactTable, Role};
use crate::rules::{FamilyId, FundId, MeasureId, RuleSet};

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key<'a> {
    measure: MeasureId,
    family: FamilyId,
    period: Option<u16>,
    basis: Option<&'a str>,
    fund: Option<FundId>,
    qualifier: SmolStr,
    /// The total it stands under: its measure, or its label.
    under: Option<(Option<MeasureId>, SmolStr)>,
    ratio: bool,
}

pub fn check(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    let mut groups: FxHashMap<Key, usize> = FxHashMap::default();
    let mut members: Vec<Vec<FactId>> = Vec::new();
    let mut totals: FxHashMap<(&str, Option<u16>), Vec<FactId>> = FxHashMap::default();
    for id in facts.ids() {
        let fact = facts.fact(id);
        let Some(measure) = fact.measure.filter(|_| matches!(fact.role, Role::Value | Role::Ratio)) else {
            continue;
        };
        let known = rules.lexicon.measure(measure);
        // Cells are held against the text elsewhere: their heads tell less of what they cover.
        if known.open || known.completion || !fact.amount.is_exact() || fact.broken || fact.cell.is_some() {
            continue;
        }
        // A part that takes its name from its total is no other mention of it.
        if fact.under.is_some_and(|total| facts.fact(total).measure == fact.measure) {
            continue;
        }
        if let Some(group) = &known.group {
            totals.entry((group.as_str(), fact.period)).or_default().push(id);
        }
        let place = *groups.entry(key(document, rules, facts, fact, measure)).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[place].push(id);
    }
    for group in members.iter().filter(|group| group.len() > 1) {
        checks.extend(mentions(document, rules, facts, group));
    }
    let mut totals: Vec<Vec<FactId>> = totals.into_values().filter(|group| group.len() > 1).collect();
    totals.sort();
    for group in totals {
        // Different bases of one total: agreement is worth noting, disagreement is no contradiction
        // unless all but one agree and that one is a slip away.
        let formula = Formula::Equal { facts: group.clone() };
        let check = Check::of("equality", formula, Strength::Likely, document, facts);
        let told = checks.iter().any(|other| other.kind == "equality" && other.spans == check.spans);
        if !told && (check.state == State::Holds || check.state == State::Fails && odd_one(facts, &group)) {
            checks.push(check);
        }
    }
}

fn key<'a>(
    document: &Document,
    rules: &'a RuleSet,
    facts: &FactTable,
    fact: &Fact,
    measure: MeasureId,
) -> Key<'a> {
    let known = rules.lexicon.measure(measure);
    let text = |span| document.slice(span).chars().filter(|c| !c.is_whitespace()).collect::<SmolStr>();
    let under = fact.under.filter(|_| !known.fund_free).map(|total| {
        let total = facts.fact(total);
        (total.measure, if total.measure.is_some() { SmolStr::default() } else { text(total.label) })
    });
    Key {
        measure,
        family: fact.amount.family,
        period: fact.period,
        basis: fact.basis.map(|basis| rules.lexicon.basis(basis).group.as_str()),
        fund: fact.fund.filter(|_| !known.fund_free),
        qualifier: fact.qualifier.map(text).unwrap_or_default(),
        under,
        ratio: fact.role == Role::Ratio,
    }
}

/// Of three or more mentions all but one agree, and one slip of the pen explains that one.
fn odd_one(facts: &FactTable, group: &[FactId]) -> bool {
    let amount = |id: &FactId| facts.fact(*id).amount;
    let [first, second, third, ..] = group else { return false };
    // With all but one in agreement, two of any three agree.
    let main = match [first, second, third].map(|id| amount(id).value) {
        [a, b, c] if a == b || a == c => a,
        [_, b, _] => b,
    };
    let mut odd = group.iter().filter(|id| amount(id).value != main);
    let (Some(first), None) = (odd.next(), odd.next()) else { return false };
    let odd = amount(first);
    let scaled = |value: Decimal| value.checked_div(odd.factor).unwrap_or(value);
    slip(scaled(main), scaled(odd.value), 2).is_some()
}

fn mentions(document: &Document, rules: &RuleSet, facts: &FactTable, group: &[FactId]) -> Option<Check> {
    let amount = |id: &FactId| facts.fact(*id).amount;
    let mut values: Vec<(Decimal, usize)> = Vec::new();
    for id in group {
        let value = amount(id).value;
        match values.iter().position(|(known, _)| *known == value) {
            Some(place) => values[place].1 += 1,
            // More than two values of one fact: the reading has mixed up several facts.
            None if values.len() == 2 => return None,
            None => values.push((value, 1)),
        }
    }
    if values.len() == 1 {
        return Some(Check::of(
            "equality",
            Formula::Equal { facts: group.to_vec() },
            Strength::Sure,
            document,
            facts,
        ));
    }
    values.sort_by_key(|(value, count)| (std::cmp::Reverse(*count), *value));
    let &[(main, main_count), (other, other_count)] = &values[..] else { return None };
    let formula = Formula::Equal { facts: group.to_vec() };
    let mut check = Check::of("equality", formula, Strength::Sure, document, facts);
    if check.state != State::Fails {
        return Some(check);
    }
    let unit = facts.fact(group[0]).amount.factor;
    let scaled = |value: Decimal| value.checked_div(unit).unwrap_or(value);
    let explained = slip(scaled(main), scaled(other), 2).is_some() || power_apart(main, other).is_some();
    // A basis that only the measure's name implies tells two mentions apart less surely.
    let implied = |measure: MeasureId| rules.lexicon.measure(measure).basis.is_some();
    let basis_said = group.iter().all(|id| {
        let fact = facts.fact(*id);
        fact.basis.is_some() && !fact.measure.is_some_and(implied)
    });
    let ratio = facts.fact(group[0]).role == Role::Ratio;
    let one_clear = main_count > other_count;
    check.strength = match (explained, basis_said || ratio, one_clear) {
        (true, _, _) => Strength::Sure,
        (false, true, true) => Strength::Sure,
        (false, true, false) => Strength::Likely,
        (false, false, _) => Strength::Weak,
    };
    Some(check)
}
