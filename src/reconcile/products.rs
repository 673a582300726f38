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
use crate::document::{Document, Span};
use crate::facts::{Amount, FactId, FactTable, Role};
use crate::rules::{Comparison, Equation, FamilyId, Node, Operator, RuleSet, WordClass};

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
    rules: &RuleSet,
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
    let away = |formula: &&Formula| {
        let total = formula.facts().first().map_or(Decimal::ZERO, |id| amounts(*id).value);
        let most = total.saturating_add(off(formula)).max(Decimal::ONE);
        off(formula).checked_div(most).unwrap_or(Decimal::MAX)
    };
    let alone = totals.len() == 1 && counts.len() == 1;
    let times =
        ["个月", "天"].map(|unit| rules.units.at_head(unit).map(|(unit, _)| rules.units.family_id(unit)));
    let is_time = |family: FamilyId| times.contains(&Some(family));
    let together = || {
        let near = |formula: &&Formula| {
            let ids = formula.facts();
            stand_together(&ids, facts, is_time) || are_next(&ids, standard, facts)
        };
        readings.iter().filter(near)
    };
    let scaled = |value: Decimal, total: &Amount| value.checked_div(total.factor).unwrap_or(value);
    let explained = |formula: &Formula| {
        let Some(printed) = formula.facts().first().map(|id| amounts(*id)) else { return false };
        formula.evaluate(&amounts).computed.is_some_and(|computed| {
            let meant = round_like(computed, &printed);
            let digits = scaled(printed.value, &printed).mantissa().unsigned_abs().to_string().len();
            digits >= 3 && slip(scaled(meant, &printed), scaled(printed.value, &printed), 4).is_some()
                || power_apart(computed, printed.value).is_some()
        })
    };
    // 甲N户，每户B，计A；乙…: what stands behind a semicolon belongs to another item, and 每户B，计A，其中M户 is no way to say it.
    let likeliest = |formula: &&Formula| {
        let ids = formula.facts();
        let turned = standard < ids[0] && ids[0] < ids[1];
        (is_parted(&ids, document, facts), turned, !explained(formula), away(formula))
    };
    // 每场3680万元 with the visits and the amount further off: nothing but the unit parts the three.
    let unit_apart = |formula: &&Formula| {
        let total = formula.facts().first().map(|id| amounts(*id));
        let computed = formula.evaluate(&amounts).computed;
        total.zip(computed).is_some_and(|(total, computed)| {
            scaled(total.value, &total).mantissa().unsigned_abs() >= 1000
                && matches!(power_apart(computed, total.value), Some(4 | 8))
        })
    };
    let beside = together().min_by_key(likeliest);
    let beside = beside.filter(|one| explained(one)).or_else(|| readings.iter().find(unit_apart)).or(beside);
    let check = Check::of("product", beside.unwrap_or(formula).clone(), Strength::Likely, document, facts);
    let of = check.formula.as_ref().map(|formula| formula.facts()).unwrap_or_default();
    let printed = facts.fact(of[0]).amount;
    let explained = check.formula.as_ref().is_some_and(explained);
    // 支出65.76万元，按548人、每人1200元: no other figure stands between, so these are meant; far off they are not.
    let near = check.computed.is_some_and(|computed| {
        let off = computed.saturating_sub(printed.value).abs().saturating_mul(Decimal::from(4));
        off <= printed.value.max(computed)
    });
    let told = beside.is_some() && (near || explained || slips(&check, facts));
    let meant = told || alone && (explained || slips(&check, facts));
    // 每辆核定3万元 bounds what is spent, and need not be all of it.
    let bounds = rules.lexicon.holds(WordClass::Quota, document.slice(facts.fact(standard).span));
    let meant = meant && (!bounds || check.formula.as_ref().is_some_and(|formula| unit_apart(&formula)));
    if check.state == State::Fails && !meant { unread() } else { check }
}

/// Total, count and standard follow on each other, but for months or days between them.
fn stand_together(ids: &[FactId], facts: &FactTable, is_time: impl Fn(FamilyId) -> bool) -> bool {
    let (low, high) = (ids.iter().min(), ids.iter().max());
    let Some((low, high)) = low.zip(high).filter(|(low, high)| ids.len() == 3 && high.0 - low.0 <= APART)
    else {
        return false;
    };
    let mut between = (low.0 + 1..high.0).map(FactId).filter(|id| !ids.contains(id));
    between.all(|id| is_time(facts.fact(id).amount.family))
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
        && between
            .into_iter()
            .map(|id| facts.fact(id))
            .all(|fact| fact.amount.family != family || matches!(fact.role, Role::Base | Role::Change))
}

/// A semicolon or the end of a sentence stands between them.
fn is_parted(ids: &[FactId], document: &Document, facts: &FactTable) -> bool {
    let spans = || ids.iter().map(|id| facts.fact(*id).value_span);
    let (Some(low), Some(high)) = (spans().map(|span| span.end).min(), spans().map(|span| span.start).max())
    else {
        return false;
    };
    low < high && document.slice(Span::new(low, high)).contains(['；', ';', '。'])
}

/// Figures between a total and its mean.
const APART: u32 = 5;

/// One slip of the pen in any of the figures explains the failure.
fn slips(check: &Check, facts: &FactTable) -> bool {
    let Some(formula) = &check.formula else { return false };
    formula.facts().into_iter().any(|id| slip_explains(formula, id, facts, |_| true))
}
