//! Amounts told one after another that no word makes a list: 按功能分类：甲A，乙B，丙C.
//!
//! Takes the facts and the checks so far; gives a check for each run that some total near it comes to, or would come to but for
//! one slip of the pen. With amounts of four digits and more neither is by chance; anything less is not looked at.

use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

use super::evaluate::Formula;
use super::price::{digits, in_unit};
use super::slip::Slip;
use super::trial::slip_explains;
use super::{Check, State, Strength};
use crate::document::Document;
use crate::facts::{Fact, FactId, FactTable, Role};

/// Amounts before a run, and behind it, that may be its total.
const BEFORE: usize = 12;
const AFTER: usize = 2;
/// Blocks before it in which they stand.
const BLOCKS: u32 = 6;
/// Runs looked at, and parts of one: a report has a few, a table run together thousands.
const RUNS: usize = 200;
const PARTS: usize = 40;
/// Digits from which a tie, or a slip, is no accident.
const DIGITS: u32 = 4;

pub fn check(document: &Document, facts: &FactTable, checks: &mut Vec<Check>) {
    let mut taken: FxHashSet<FactId> = FxHashSet::default();
    let sums = checks.iter().filter(|check| check.state != State::NotEvaluable);
    for formula in sums.filter_map(|check| check.formula.as_ref()) {
        if let Formula::Sum { parts, .. } = formula {
            taken.extend(parts);
        }
    }
    let free = |id: &FactId| !taken.contains(id);
    let found: Vec<Check> = runs(document, facts)
        .into_iter()
        .filter(|run| run.iter().all(free))
        .take(RUNS)
        .flat_map(series(document, facts))
        .filter_map(|parts| one(document, facts, &parts))
        .collect();
    checks.extend(found);
}

/// Amounts of one kind in one sentence, each with a name.
fn runs(document: &Document, facts: &FactTable) -> Vec<Vec<FactId>> {
    let mut all: Vec<Vec<FactId>> = Vec::new();
    let mut respective: Vec<Vec<FactId>> = Vec::new();
    let mut last = None;
    let mut last_respective = None;
    for id in facts.ids() {
        let fact = facts.fact(id);
        if !is_amount(document, fact) || fact.cell.is_some() {
            continue;
        }
        let unnamed = fact.measure.is_none() && fact.label.is_empty();
        if unnamed && !is_respective(document, fact) {
            continue;
        }
        // 抽检A万元（每批次850元）: what is told in another unit is told of the item.
        let key = (fact.sentence, fact.amount.family, fact.amount.factor);
        // 分两批到位，分别为A和B in the midst of other amounts is a row of its own.
        let (rows, last) =
            if unnamed { (&mut respective, &mut last_respective) } else { (&mut all, &mut last) };
        match rows.last_mut().filter(|_| *last == Some(key)) {
            Some(run) => run.push(id),
            None => rows.push(vec![id]),
        }
        *last = Some(key);
    }
    all.append(&mut respective);
    all.retain(|run| (3..=PARTS).contains(&run.len()));
    all
}

/// The run itself, and where it tells two amounts of each item (投资A，已支付B；…) each of the two.
fn series<'a>(document: &'a Document, facts: &'a FactTable) -> impl Fn(Vec<FactId>) -> Vec<Vec<FactId>> + 'a {
    move |run| {
        let every = |from: usize| run.iter().skip(from).step_by(2).copied().collect::<Vec<FactId>>();
        let (first, second) = (every(0), every(1));
        let name = |id: &FactId| {
            let fact = facts.fact(*id);
            (fact.measure, fact.basis, document.slice(fact.label))
        };
        let alike = first.len() == second.len()
            && first.len() >= 3
            && second.windows(2).all(|pair| name(&pair[0]) == name(&pair[1]));
        if alike { vec![first, second] } else { vec![run] }
    }
}

/// 由三级分担，分别为A、B和C: the names stand before, in the same order.
fn is_respective(document: &Document, fact: &Fact) -> bool {
    let before = document.text[..fact.value_span.range().start].char_indices().rev().take(ROW);
    let row = before.take_while(|(_, c)| !matches!(c, '。' | '；' | '\n')).last();
    row.is_some_and(|(start, _)| document.text[start..fact.value_span.range().start].contains("分别"))
}

/// Characters behind 分别 in which its amounts stand.
const ROW: usize = 60;

fn is_amount(document: &Document, fact: &Fact) -> bool {
    let (printed, scale) = in_unit(fact.amount.value, &fact.amount);
    (fact.role == Role::Value || fact.role == Role::Change && is_name(document, fact))
        && fact.amount.is_exact()
        && !fact.broken
        && !fact.amount.half.is_zero()
        && digits(printed, scale) >= DIGITS - 1
}

/// 质量提升A万元: the words before the figure name an item, though one of them can tell of a change.
fn is_name(document: &Document, fact: &Fact) -> bool {
    let before = &document.text[..fact.value_span.range().start];
    let words = before
        .rsplit(['，', '、', '；', '：', '。', '（', '）', '\n', ',', ';', ':'])
        .next()
        .unwrap_or_default();
    words.chars().count() >= NAME
        && !words.contains(['比', '较', '年', '月', '同', '元', '增', '减', '降', '少', '多'])
}

/// Characters of the shortest name with such a word in it.
const NAME: usize = 4;

fn one(document: &Document, facts: &FactTable, parts: &[FactId]) -> Option<Check> {
    let (first, last) = (*parts.first()?, *parts.last()?);
    let own = facts.fact(first);
    let all = facts.sum(parts.iter().copied());
    let largest = parts.iter().map(|part| facts.fact(*part).amount.value).max()?;
    let long = |id: FactId| {
        let amount = facts.fact(id).amount;
        let (printed, scale) = in_unit(amount.value, &amount);
        digits(printed, scale) >= DIGITS
    };
    let fits = |id: &FactId| {
        let fact = facts.fact(*id);
        fact.amount.family == own.amount.family
            && matches!(fact.role, Role::Value | Role::Change)
            && fact.amount.is_exact()
            && !fact.broken
            && fact.amount.value > largest
            && own.block.abs_diff(fact.block) <= BLOCKS
            && long(*id)
    };
    let before = (0..first.0).rev().map(FactId).take(BEFORE * 4).filter(fits).take(BEFORE);
    let after = (last.0 + 1..facts.facts.len() as u32).map(FactId).take(AFTER).filter(fits);
    let totals: Vec<FactId> = before.chain(after).collect();
    let with = |total: FactId| Formula::Sum { total, parts: parts.to_vec() };
    if let Some(total) = totals.iter().find(|total| facts.fact(**total).amount.value == all) {
        return Some(Check::of("sum", with(*total), Strength::Likely, document, facts));
    }
    // Within a tenth: further off it is another matter that the total is about.
    let near = |total: &&FactId| {
        let total = facts.fact(**total).amount.value;
        total.saturating_sub(all).abs().saturating_mul(Decimal::TEN) <= total
    };
    let slipped = |total: &&FactId| {
        let formula = with(**total);
        let counts = |slip| matches!(slip, Slip::Digit | Slip::Swap);
        formula
            .facts()
            .into_iter()
            .filter(|id| long(*id))
            .any(|id| slip_explains(&formula, id, facts, counts))
    };
    let mut meant = totals.iter().filter(near).filter(slipped);
    let total = *meant.next()?;
    let value = facts.fact(total).amount.value;
    let alone = meant.all(|other| facts.fact(*other).amount.value == value);
    let check = Check::of("sum", with(total), Strength::Likely, document, facts);
    (alone && check.state == State::Fails).then_some(check)
}
