//! The same fact told twice: equal mentions hold, different ones conflict.
//!
//! Two facts are the same only when measure, period, basis, fund, qualifier and the total they stand
//! under agree.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::evaluate::Formula;
use super::price::{digits, in_unit};
use super::slip::{power_apart, slip};
use super::{Check, State, Strength};
use crate::document::Document;
use crate::document::chars::is_han;
use crate::facts::{Fact, FactId, FactTable, Relation, Role};
use crate::rules::{FamilyId, FundId, MeasureId, RuleSet};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    let wholes = wholes(facts);
    for group in members.iter().filter(|group| group.len() > 1) {
        checks.extend(mentions(document, rules, (facts, &wholes), group));
    }
    across(document, facts, &groups, &members, checks);
    standards(document, facts, checks);
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

/// 年末结转60.07万元 under 一般公共预算支出, and again among the problems, where no fund is said; a figure as part of its total,
/// and alone. Perhaps the same and perhaps not: told only where one slip of the pen parts the two.
fn across(
    document: &Document,
    facts: &FactTable,
    groups: &FxHashMap<Key, usize>,
    members: &[Vec<FactId>],
    checks: &mut Vec<Check>,
) {
    let mut loose: FxHashMap<Key, Vec<usize>> = FxHashMap::default();
    for (key, place) in groups {
        let wide = Key { fund: None, under: None, ..key.clone() };
        loose.entry(wide).or_default().push(*place);
    }
    let mut sets: Vec<Vec<usize>> =
        loose.into_values().filter(|places| (2..=APART).contains(&places.len())).collect();
    sets.iter_mut().for_each(|places| places.sort_unstable());
    sets.sort_unstable();
    let value = |place: usize| {
        let first = facts.fact(members[place][0]).amount.value;
        members[place].iter().all(|id| facts.fact(*id).amount.value == first).then_some(first)
    };
    // Two groups contradict each other in nothing that is said of both.
    let compatible = |one: usize, two: usize| {
        let (a, b) = (facts.fact(members[one][0]), facts.fact(members[two][0]));
        (a.fund == b.fund || a.fund.is_none() || b.fund.is_none())
            && (a.under == b.under || a.under.is_none() || b.under.is_none())
    };
    for places in sets {
        for (at, &one) in places.iter().enumerate() {
            let others = || places.iter().copied().filter(move |two| *two != one && compatible(one, *two));
            let Some(own) = value(one) else { continue };
            if others().any(|two| value(two) == Some(own)) {
                continue;
            }
            let amount = facts.fact(members[one][0]).amount;
            let apart = |two: &usize| {
                let Some(other) = value(*two) else { return false };
                let ((own, scale), (other, finer)) = (in_unit(own, &amount), in_unit(other, &amount));
                let scale = scale.max(finer);
                digits(own, scale).max(digits(other, scale)) >= ACROSS
                    && (slip(own, other, scale).is_some() || slip(other, own, scale).is_some())
            };
            let near: Vec<usize> = others().filter(apart).collect();
            // The same fund, and no other total: nearly certainly the same, if they are near each other.
            let fund = |place: usize| facts.fact(members[place][0]).fund;
            let close = |two: &usize| {
                fund(one) == fund(*two)
                    && value(*two).is_some_and(|other| {
                        own.saturating_sub(other).abs().saturating_mul(Decimal::from(5)) <= own.max(other)
                    })
            };
            let slipped = !near.is_empty();
            let near = if slipped { near } else { others().filter(close).collect() };
            // Each pair once, by the later of the two.
            let [two] = near[..] else { continue };
            if places[..at].contains(&two) || others().count() == 1 && places.len() > 2 {
                let facts_of = [two, one].iter().flat_map(|place| members[*place].iter().copied()).collect();
                let formula = Formula::Equal { facts: facts_of };
                let strength = if slipped { Strength::Sure } else { Strength::Likely };
                checks.push(Check::of("equality", formula, strength, document, facts));
            }
        }
    }
}

/// Groups of one figure that are held against each other.
const APART: usize = 6;

/// Figures per head looked at; a report has a few.
const STANDARDS: usize = 24;
/// Characters around one that may say what it is paid for.
const PURPOSE: usize = 40;
/// Characters of a name that two of them share.
const SHARED: usize = 4;

/// 生活救助标准为每人每年1200元 and 生活救助支出…、每人1200元: one standard told twice.
fn standards(document: &Document, facts: &FactTable, checks: &mut Vec<Check>) {
    let all: Vec<FactId> =
        facts.ids().filter(|id| facts.fact(*id).role == Role::Standard).take(STANDARDS).collect();
    let text = |id: FactId| {
        let fact = facts.fact(id);
        let before = &document.text[..fact.value_span.range().start];
        let from = before.char_indices().rev().nth(PURPOSE).map_or(0, |(at, _)| at);
        let clause = &before[from..];
        clause.rsplit(['。', '；', '\n']).next().unwrap_or_default()
    };
    let per = |id: FactId| {
        let words = text(id);
        let words = words.rsplit(['，', '、']).next().unwrap_or_default();
        let at = words.find('每')?;
        words[at + '每'.len_utf8()..].chars().next()
    };
    for (place, &one) in all.iter().enumerate() {
        let Some(&two) = all[place + 1..].iter().find(|two| {
            facts.fact(**two).block != facts.fact(one).block && {
                let monthly = |id: FactId| text(id).contains('月');
                per(one).is_some()
                    && per(one) == per(**two)
                    && monthly(one) == monthly(**two)
                    && share(text(one), text(**two))
            }
        }) else {
            continue;
        };
        let (a, b) = (facts.fact(one).amount, facts.fact(two).amount);
        if a.family != b.family || !a.is_exact() || !b.is_exact() {
            continue;
        }
        // 县道每公里A、乡道每公里B: of several told together one is the other mention.
        let beside = |id: FactId| {
            let sentence = facts.fact(id).sentence;
            all.iter().filter(move |other| **other != id && facts.fact(**other).sentence == sentence)
        };
        let told =
            |id: FactId, value: Decimal| beside(id).any(|other| facts.fact(*other).amount.value == value);
        if a.value != b.value && (told(one, b.value) || told(two, a.value)) {
            continue;
        }
        let formula = Formula::Equal { facts: vec![one, two] };
        let check = Check::of("equality", formula, Strength::Likely, document, facts);
        if check.state != State::NotEvaluable {
            checks.push(check);
        }
    }
}

/// Whether both say one name of [`SHARED`] characters that is no common word of amounts.
fn share(one: &str, two: &str) -> bool {
    let places: Vec<usize> = one.char_indices().map(|(at, _)| at).chain([one.len()]).collect();
    places.windows(SHARED + 1).map(|place| &one[place[0]..place[SHARED]]).any(|name| {
        name.chars().all(is_han)
            && !["标准", "每人", "每户", "补助", "支出", "发放", "年度", "项目", "资金"]
                .iter()
                .any(|word| name.contains(word))
            && two.contains(name)
    })
}

/// Digits from which two figures a slip apart are hardly so by chance.
const ACROSS: u32 = 4;

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

/// Of which measure each figure is said to be a share.
fn wholes(facts: &FactTable) -> FxHashMap<FactId, MeasureId> {
    let mut of = FxHashMap::default();
    for relation in &facts.relations {
        if let Relation::Share { part, whole, named: true, .. } = relation
            && let ([part], Some(whole)) = (&part[..], whole.first())
            && let Some(measure) = facts.fact(*whole).measure
        {
            of.insert(*part, measure);
        }
    }
    of
}

/// 商品和服务支出A，占基本支出的P%, and B，占项目支出的Q%: two figures of one name that are of different wholes.
fn of_two_wholes(
    (facts, wholes): (&FactTable, &FxHashMap<FactId, MeasureId>),
    group: &[FactId],
    main: Decimal,
) -> bool {
    let (of_main, of_other): (Vec<_>, Vec<_>) = group
        .iter()
        .filter_map(|id| Some((facts.fact(*id).amount.value == main, *wholes.get(id)?)))
        .partition(|(is_main, _)| *is_main);
    let measures = |side: &[(bool, MeasureId)]| side.iter().map(|(_, measure)| *measure).collect::<Vec<_>>();
    let (of_main, of_other) = (measures(&of_main), measures(&of_other));
    !of_main.is_empty() && !of_other.is_empty() && of_main.iter().all(|measure| !of_other.contains(measure))
}

fn mentions(
    document: &Document,
    rules: &RuleSet,
    (facts, wholes): (&FactTable, &FxHashMap<FactId, MeasureId>),
    group: &[FactId],
) -> Option<Check> {
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
    if of_two_wholes((facts, wholes), group, main) {
        return None;
    }
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
    let near = main.saturating_sub(other).abs().saturating_mul(Decimal::from(5)) <= main.max(other);
    check.strength = match (explained, basis_said || ratio, one_clear) {
        (true, _, _) => Strength::Sure,
        (false, true, true) => Strength::Sure,
        (false, true, false) => Strength::Likely,
        // Two that agree against one.
        (false, false, true) if near => Strength::Likely,
        (false, false, _) => Strength::Weak,
    };
    Some(check)
}
