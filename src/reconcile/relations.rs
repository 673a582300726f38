//! Relations stated by the text, turned into checks.
//!
//! Where the grammar left several readings the statement holds if one of them does. It fails only where
//! no reading does, and the reading nearest to holding is the one reported.

use rust_decimal::Decimal;

use super::elsewhere;
use super::evaluate::Formula;
use super::price::{digits, in_unit};
use super::readings::{PROBES, Probes, choose, digit_lost, one_slip_off};
use super::slip::{Slip, slip};
use super::{Check, State, Strength, Why};
use crate::document::{Document, Span};
use crate::facts::{Closure, FactId, FactTable, Relation, Role, Surety};
use crate::rules::{MeasureRole, RuleSet};

pub fn check(document: &Document, rules: &RuleSet, facts: &FactTable, checks: &mut Vec<Check>) {
    let probes = Probes::new(PROBES);
    for relation in &facts.relations {
        match relation {
            Relation::Sum { total, or, parts, closure } => {
                let check = sum(document, rules, facts, (*total, or), parts, *closure);
                checks.push(elsewhere::meant(document, rules, facts, (false, false), check));
            }
            Relation::Change { current, base, amount, rate, up, word, turned, far } => {
                let sure = if *far { Surety::Far } else { Surety::Said };
                let read = |rate, up| {
                    change((document, rules), (facts, &probes), (current, base), (*amount, rate), (up, sure))
                };
                let check = match turned {
                    None => read(*rate, *up).map(|check| Check { word: Some(*word), ..check }),
                    Some(turned) => {
                        let both = (read(*rate, *up), read(*rate, !*up));
                        let clash = Some((*word, *turned));
                        contradiction(document, facts, both, (*word, *turned))
                            .map(|check| Check { clash, ..check })
                            .or_else(|| read(None, *up))
                    }
                };
                checks.extend(check);
            }
            Relation::Share { part, whole, rate, named } => {
                let sure = if *named { Surety::Said } else { Surety::Guessed };
                checks.push(ratio("share", (document, rules), (facts, &probes), *rate, (part, whole), sure));
            }
            Relation::Completion { done, plan, rate, surety } => {
                checks.push(ratio(
                    "completion",
                    (document, rules),
                    (facts, &probes),
                    *rate,
                    (done, plan),
                    *surety,
                ));
            }
            Relation::Product { total, count, standard, times } => {
                let check = super::products::check(document, rules, facts, (total, count), *standard, times);
                checks.push(elsewhere::meant(document, rules, facts, (false, false), check));
            }
            Relation::Level { current, rate, up, words: (first, second) } => {
                let (current, rate, up) = (*current, *rate, *up);
                let in_kind = facts.fact(rate).amount.family == facts.fact(current).amount.family;
                let (amount, rate) = if in_kind { (Some(rate), None) } else { (None, Some(rate)) };
                let formula = Formula::Change { current, base: None, amount, rate, up };
                let check = Check::of("growth", formula, Strength::Sure, document, facts);
                let said = [first, second].map(|word| document.slice(*word));
                let trace = format!("先说“{}”，后说“{}”，前后矛盾", said[0], said[1]);
                let clash = Some((*first, *second));
                checks.push(Check { state: State::Fails, trace, why: None, clash, ..check });
            }
            Relation::Flat { current, base, .. } => {
                for base in base.iter().take(1) {
                    let formula = Formula::Equal { facts: vec![*current, *base] };
                    checks.push(Check::of("flat", formula, Strength::Likely, document, facts));
                }
            }
        }
    }
    super::sisters::share_one_whole(document, facts, checks);
    super::sisters::follow(document, facts, checks);
}

fn sum(
    document: &Document,
    rules: &RuleSet,
    facts: &FactTable,
    (first, or): (FactId, &[FactId]),
    parts: &[FactId],
    closure: Closure,
) -> Check {
    let under = |total| {
        let formula = Formula::Sum { total, parts: parts.to_vec() };
        Check::of("sum", formula, Strength::Sure, document, facts)
    };
    let mut total = first;
    let mut check = under(total);
    if check.state != State::Fails {
        return check;
    }
    // Of several totals that may be meant, the one that a slip of the pen parts from its parts.
    let listed = closure > Closure::Open && parts.len() > 1;
    let slipped = |total: FactId| {
        let sum = under(total).computed?;
        explained_by_slip(facts, total, parts, sum).then_some(total)
    };
    if listed && !or.is_empty() {
        match slipped(first).or_else(|| or.iter().find_map(|total| slipped(*total))) {
            Some(meant) if meant != first => (total, check) = (meant, under(meant)),
            _ => {}
        }
    }
    let printed = facts.fact(total).amount;
    let computed = check.computed.unwrap_or(printed.value);
    if closure == Closure::FarRest && !explained_by_slip(facts, total, parts, computed) {
        check.set_aside(Why::OpenList);
        return check;
    }
    if closure == Closure::Rest {
        let off = printed.value.saturating_sub(computed).abs().saturating_mul(Decimal::from(20));
        if !explained_by_slip(facts, total, parts, computed) {
            match off <= printed.value {
                true => check.strength = check.strength.min(Strength::Likely),
                false => check.set_aside(Why::OpenList),
            }
        }
        return check;
    }
    if computed > printed.value {
        let explained = explained_by_slip(facts, total, parts, computed);
        // 超出预算20万元，主要原因是…。其中：基本支出300万元: what lies so far above is no part of it.
        let far = computed > printed.value.saturating_mul(Decimal::from(3));
        let known = known_split(rules, facts, total, parts, false) || known_parts(rules, facts, total, parts);
        if far && !explained && !known && !has_copied_part(facts, parts) {
            check.set_aside(Why::SeveralReadings);
            return check;
        }
        // Parts above their total are wrong in any list; a single one may be of another kind.
        if parts.len() == 1 {
            check.strength = check.strength.min(Strength::Likely);
        }
        // 13家未达标，其中3家为零；2家违规: behind a semicolon may stand siblings of the total.
        let sure = closure != Closure::Parted || explained || known;
        if !sure && has_copied_part(facts, parts) {
            check.strength = check.strength.min(Strength::Likely);
        } else if !sure {
            check.set_aside(Why::SeveralReadings);
        }
        return check;
    }
    let gap = printed.value.saturating_sub(computed).saturating_mul(Decimal::from(5));
    let near = gap <= printed.value;
    let explained = listed && explained_by_slip(facts, total, parts, computed);
    let copied = listed && has_copied_part(facts, parts);
    let meant = near || explained || copied;
    // Scores make their total whole, whoever lists them.
    let scored = role_of(rules, facts, total) == Some(MeasureRole::Score)
        && parts.len() >= 3
        && computed.saturating_mul(Decimal::TWO) >= printed.value;
    if scored && listed && or.is_empty() {
        return check;
    }
    if known_split(rules, facts, total, parts, meant) || closure == Closure::Closed && or.is_empty() {
        return check;
    }
    // Posts and staff are told whole; money is often told in part.
    let counted = printed.half.is_zero();
    let close = gap.saturating_mul(Decimal::TWO) <= printed.value;
    // 万元 in all parts but one: no part that is left out explains that.
    let unit = || parts.len() > 1 && slips(facts, total, parts, computed).any(|slip| slip == Slip::Unit);
    match closure {
        _ if explained || or.is_empty() && unit() => {}
        _ if copied => check.strength = check.strength.min(Strength::Likely),
        Closure::Listed | Closure::Parted
            if near
                && (parts.len() >= 3
                    || counted && or.is_empty()
                    || known_parts(rules, facts, total, parts)
                    || close && or.is_empty()) =>
        {
            check.strength = check.strength.min(Strength::Likely);
        }
        // Of many long figures one slip parts from the total: the list was whole.
        _ if near && parts.len() >= 3 && surely_slipped(facts, total, parts, computed) => {
            check.strength = check.strength.min(Strength::Likely);
        }
        _ => {
            check.set_aside(Why::OpenList);
        }
    }
    check
}

/// A digit wrong, or two swapped, in a figure of five digits: with so many there is hardly a slip by chance.
fn surely_slipped(facts: &FactTable, total: FactId, parts: &[FactId], computed: Decimal) -> bool {
    let long = parts.iter().chain([&total]).all(|id| {
        let amount = facts.fact(*id).amount;
        let (printed, scale) = in_unit(amount.value, &amount);
        digits(printed, scale) >= 4
    });
    long && slips(facts, total, parts, computed).any(|slip| matches!(slip, Slip::Digit | Slip::Swap))
}

fn role_of(rules: &RuleSet, facts: &FactTable, id: FactId) -> Option<MeasureRole> {
    rules.lexicon.measure(facts.fact(id).measure?).role
}

/// The parts are all those that an identity of the rule set has for this total: 人员经费 and 公用经费 are the whole of
/// 基本支出, and of a figure with another name, or none, only if it is about their size.
fn known_split(rules: &RuleSet, facts: &FactTable, total: FactId, parts: &[FactId], near: bool) -> bool {
    let measures: Option<Vec<_>> = parts.iter().map(|part| facts.fact(*part).measure).collect();
    let Some(measures) = measures else { return false };
    rules.splits.iter().any(|split| {
        let needed = split.required.iter().all(|measure| measures.contains(measure));
        let known = measures
            .iter()
            .all(|measure| split.required.contains(measure) || split.optional.contains(measure));
        let measure = facts.fact(total).measure;
        let head = measure == Some(split.total) || near && (measure.is_none() || split.loose);
        needed && known && head
    })
}

/// All parts are of those that an identity has for this total: 接待费 and 运行维护费 of 三公, the others being nil.
fn known_parts(rules: &RuleSet, facts: &FactTable, total: FactId, parts: &[FactId]) -> bool {
    let head = facts.fact(total).measure;
    rules.splits.iter().filter(|split| Some(split.total) == head).any(|split| {
        let mut all = split.required.iter().chain(&split.optional);
        parts
            .iter()
            .all(|part| facts.fact(*part).measure.is_some_and(|own| all.clone().any(|one| *one == own)))
            && all.next().is_some()
    })
}

/// A part is printed as the figure next to it, in digits enough not to be so by chance.
fn has_copied_part(facts: &FactTable, parts: &[FactId]) -> bool {
    parts.iter().any(|part| {
        let own = facts.fact(*part).amount;
        let (printed, scale) = in_unit(own.value, &own);
        let place = part.0 as usize;
        let beside = [place.checked_sub(1), Some(place + 1)].into_iter().flatten();
        let mut beside = beside.filter_map(|other| facts.facts.get(other));
        digits(printed, scale) >= 3
            && digits(printed, printed.scale()) >= if scale < 2 { 2 } else { 3 }
            && beside.any(|other| other.amount.value == own.value && other.amount.family == own.family)
    })
}

fn explained_by_slip(facts: &FactTable, total: FactId, parts: &[FactId], computed: Decimal) -> bool {
    slips(facts, total, parts, computed).next().is_some()
}

/// The slips that would explain the gap between the parts and their total.
fn slips<'a>(
    facts: &'a FactTable,
    total: FactId,
    parts: &'a [FactId],
    computed: Decimal,
) -> impl Iterator<Item = Slip> + 'a {
    let scale = |id: FactId| {
        let amount = facts.fact(id).amount;
        amount.half.checked_div(amount.factor).map_or(0, |half| half.normalize().scale().saturating_sub(1))
    };
    let in_unit =
        |value: Decimal, id: FactId| value.checked_div(facts.fact(id).amount.factor).unwrap_or(value);
    let printed = facts.fact(total).amount.value;
    let ids = std::iter::once((total, computed)).chain(parts.iter().map(move |part| {
        let own = facts.fact(*part).amount.value;
        (*part, own.saturating_add(printed.saturating_sub(computed)))
    }));
    // A digit slip explains nearly any gap between short figures: it is evidence only for longer ones.
    ids.filter_map(move |(id, meant)| {
        let own = facts.fact(id).amount.value;
        let digits = |value: Decimal| in_unit(value, id).mantissa().unsigned_abs().to_string().len();
        let long = digits(own).max(digits(meant)) >= 3;
        slip(in_unit(meant, id), in_unit(own, id), scale(id)).filter(|_| long)
    })
}

fn ratio(
    kind: &'static str,
    (document, rules): (&Document, &RuleSet),
    (facts, probes): (&FactTable, &Probes),
    rate: FactId,
    (numerators, denominators): (&[FactId], &[FactId]),
    told: Surety,
) -> Check {
    let mut readings = Vec::new();
    for &numerator in numerators {
        // A share of days in visits is no share.
        let family = facts.fact(numerator).amount.family;
        let alike = |id: &&FactId| **id != numerator && facts.fact(**id).amount.family == family;
        for &denominator in denominators.iter().filter(alike) {
            let formula = Formula::Ratio { rate, numerator, denominator };
            readings.push(Check::of(kind, formula, Strength::Sure, document, facts));
        }
    }
    let printed = facts.fact(rate).amount.value;
    match choose(readings, printed, told, (facts, probes)) {
        Some(check) => {
            let slipped = one_slip_off(&check, told, facts, probes) || digit_lost(&check, told, facts);
            elsewhere::meant(document, rules, facts, (told == Surety::Said, slipped), check)
        }
        None => Check::unknown(kind, Why::NoWhole, vec![facts.fact(rate).value_span]),
    }
}

fn change(
    (document, rules): (&Document, &RuleSet),
    (facts, probes): (&FactTable, &Probes),
    (current, base): (&[FactId], &[FactId]),
    (amount, rate): (Option<FactId>, Option<FactId>),
    (up, sure): (bool, Surety),
) -> Option<Check> {
    if rate.is_none() && base.is_empty() {
        return None;
    }
    let mut readings = Vec::new();
    let mut confirmed = None;
    // The likeliest reading cannot be evaluated: that others fail proves nothing.
    let mut open = None;
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
            // Two of the figures agree and the third does not: these figures were meant.
            if check.state == State::Fails && partly_holds((current, base, amount, rate), up, facts) {
                confirmed = confirmed.or(Some(check.clone()));
            }
            if check.state != State::NotEvaluable {
                readings.push(check);
            } else if readings.is_empty() {
                open = open.or(Some(check));
            }
        }
    }
    if readings.iter().all(|check| check.state == State::Fails)
        && let Some(check) = confirmed
    {
        return Some(check);
    }
    if readings.iter().all(|check| check.state == State::Fails) && open.is_some() {
        return open;
    }
    // 由A上升到B: only the direction is said.
    let Some(told) = amount.or(rate) else { return readings.into_iter().next() };
    let printed = rate.map_or(facts.fact(told).amount.value, |rate| facts.fact(rate).amount.value);
    let chosen = choose(readings, printed, sure, (facts, probes));
    if chosen.as_ref().is_none_or(|check| check.state == State::NotEvaluable)
        && let Some(check) = rate_of_base(document, (facts, probes), (base, amount, rate), sure)
    {
        return Some(check);
    }
    Some(match chosen {
        Some(check) => {
            let lost = rate.is_some() && digit_lost(&check, sure, facts);
            let slipped = lost || one_slip_off(&check, sure, facts, probes);
            elsewhere::meant(document, rules, facts, (sure == Surety::Said, slipped), check)
        }
        None => Check::unknown("growth", Why::NoBase, vec![facts.fact(told).value_span]),
    })
}

/// 与上年下达的A相比，下达资金增加B，增长P%: whatever has grown, P is B of A.
fn rate_of_base(
    document: &Document,
    (facts, probes): (&FactTable, &Probes),
    (base, amount, rate): (&[FactId], Option<FactId>, Option<FactId>),
    sure: Surety,
) -> Option<Check> {
    let &[denominator] = base else { return None };
    let (numerator, rate) = amount.zip(rate)?;
    let told = facts.fact(denominator).role == Role::Base
        && facts.fact(denominator).sentence == facts.fact(rate).sentence;
    let formula = Formula::Ratio { rate, numerator, denominator };
    let check = Check::of("growth", formula, Strength::Sure, document, facts);
    let printed = facts.fact(rate).amount.value;
    choose(vec![check], printed, sure, (facts, probes)).filter(|check| told && check.state == State::Fails)
}

/// 减少A，增长P%: where the figures fit one of the words, the other is wrong; where they fit both, as with
/// small changes, the words still contradict each other. Where they fit neither, the rate is of another
/// figure.
fn contradiction(
    document: &Document,
    facts: &FactTable,
    (first, second): (Option<Check>, Option<Check>),
    (word, turned): (Span, Span),
) -> Option<Check> {
    let holds = |check: &Option<Check>| check.as_ref().is_some_and(|check| check.state < State::Fails);
    let (right, wrong) = match (holds(&first), holds(&second)) {
        (true, true) => {
            let said = [word, turned].map(|word| document.slice(word));
            let trace = format!("先说“{}”，后说“{}”，方向相反", said[0], said[1]);
            return first.map(|check| Check { state: State::Fails, trace, ..check });
        }
        (true, false) => (first?, turned),
        (false, true) => (second?, word),
        (false, false) => {
            let said = [word, turned].map(|word| document.slice(word));
            let trace = format!("先说“{}”，后说“{}”，方向相反", said[0], said[1]);
            let failing = first.filter(|check| check.state == State::Fails)?;
            return Some(Check { trace, strength: Strength::Likely, ..failing });
        }
    };
    let Some(Formula::Change { current, base, amount, rate, up }) = right.formula else { return None };
    let formula = Formula::Change { current, base, amount, rate, up: !up };
    let check = Check::of("growth", formula, Strength::Sure, document, facts);
    (check.state == State::Fails).then_some(Check { word: Some(wrong), ..check })
}

/// Of current, base, amount and rate some hold together.
fn partly_holds(
    (current, base, amount, rate): (FactId, Option<FactId>, Option<FactId>, Option<FactId>),
    up: bool,
    facts: &FactTable,
) -> bool {
    let Some(base) = base else { return false };
    let holds = |formula: Formula| formula.evaluate(&|id| facts.fact(id).amount).state < State::Fails;
    let by = |amount, rate| Formula::Change { current, base: Some(base), amount, rate, up };
    // Without the base only a rate to two decimals is evidence.
    let fine = |rate: FactId| facts.fact(rate).amount.half < Decimal::new(5, 2);
    let alone = |amount, rate| Formula::Change { current, base: None, amount, rate, up };
    match (amount, rate) {
        (Some(by_amount), Some(by_rate)) => {
            holds(by(Some(by_amount), None))
                || holds(by(None, Some(by_rate)))
                || fine(by_rate) && holds(alone(amount, rate))
        }
        _ => false,
    }
}
