//! Statements that other figures of the report bear out than those the grammar took.
//!
//! Takes the failing checks of stated relations; gives the figures with which a statement holds, where there are such. A sum
//! to the last digit, or a rate to two decimals, that figures close by come to is no accident: these were meant, and what
//! failed was the reading.

use rust_decimal::Decimal;

use super::evaluate::Formula;
use super::price::in_unit;
use super::trial::slip_explains;
use super::{Check, State, Why};
use crate::document::Document;
use crate::facts::{Amount, Fact, FactId, FactTable, Relation, Role};
use crate::rules::RuleSet;

/// Figures before and after that are looked through.
const AROUND: usize = 200;

/// The failing check of a stated relation as it was meant. `said`: the text tells what the rate is of; `slipped`: one slip of
/// the pen explains the failure.
pub fn meant(
    document: &Document,
    rules: &RuleSet,
    facts: &FactTable,
    (said, slipped): (bool, bool),
    check: Check,
) -> Check {
    let Some(formula) = check.formula.as_ref().filter(|_| check.state == State::Fails) else { return check };
    let search = Search { rules, facts, said, slipped };
    let meant = match (check.kind, formula) {
        ("sum", Formula::Sum { total, parts }) => search.sum(*total, parts),
        ("share" | "completion" | "growth", Formula::Ratio { rate, numerator, denominator }) => {
            search.ratio(*rate, *numerator, *denominator)
        }
        ("growth", Formula::Change { .. }) => search.change(formula),
        ("product", Formula::Equation { .. }) => search.product(formula),
        _ => None,
    };
    let found = match meant {
        Some(Meant::Otherwise(formula)) => Check::of(check.kind, formula, check.strength, document, facts),
        Some(Meant::Unknown) => {
            let mut check = check;
            check.set_aside(Why::SeveralReadings);
            return check;
        }
        None => return check,
    };
    if found.state < State::Fails { Check { word: check.word, ..found } } else { check }
}

enum Meant {
    Otherwise(Formula),
    /// The figures of the reading have nothing to do with each other.
    Unknown,
}

struct Search<'a> {
    rules: &'a RuleSet,
    facts: &'a FactTable,
    said: bool,
    slipped: bool,
}

impl<'a> Search<'a> {
    fn fact(&self, id: FactId) -> &'a Fact {
        &self.facts.facts[id.0 as usize]
    }

    fn amount(&self, id: FactId) -> &'a Amount {
        &self.fact(id).amount
    }

    /// To the last digit: within rounding, figures of three digits come to many a rate by chance.
    fn holds(&self, formula: &Formula) -> bool {
        formula.evaluate(&|id| *self.amount(id)).state == State::Holds
    }

    /// Plain figures around `id`, nearest first, that `fits`.
    fn around(&self, id: FactId, fits: impl Fn(&Fact) -> bool) -> impl Iterator<Item = FactId> {
        let place = id.0 as usize;
        let before = (place.saturating_sub(AROUND)..place).rev().map(Some);
        let after = (place + 1..(place + 1 + AROUND).min(self.facts.facts.len())).map(Some);
        let longest = before.len().max(after.len());
        let pad = |one: usize| std::iter::repeat_n(None, longest - one);
        let (before, after) =
            (before.clone().chain(pad(before.len())), after.clone().chain(pad(after.len())));
        let both = before.zip(after).flat_map(|(before, after)| [before, after]).flatten();
        both.map(|place| FactId(place as u32)).filter(move |id| {
            let fact = self.fact(*id);
            fact.amount.is_exact() && !fact.broken && is_amount(fact) && fits(fact)
        })
    }

    /// 新登记A户，完成目标B户的P%，其中甲、乙、丙: the parts come to A.
    fn sum(&self, total: FactId, parts: &[FactId]) -> Option<Meant> {
        let own = self.fact(total);
        let all = self.facts.sum(parts.iter().copied());
        let first = parts.iter().min()?;
        if parts.len() < 2 {
            return None;
        }
        let with = |total: FactId| Formula::Sum { total, parts: parts.to_vec() };
        let beside = total.0 + 1 == first.0;
        let family = own.amount.family;
        let same = |fact: &Fact| {
            let block = fact.block == own.block || fact.block == self.fact(*first).block;
            block && fact.amount.family == family && fact.amount.value == all
        };
        let named =
            |fact: &Fact| fact.measure.is_some() && fact.measure == own.measure && fact.basis == own.basis;
        let mut others = self.around(*first, same).filter(|id| *id != total && !parts.contains(id));
        if !(beside && self.slipped(&with(total))) {
            let other = others.find(|id| *id < *first && !named(self.fact(*id)));
            if let Some(other) = other {
                return Some(Meant::Otherwise(with(other)));
            }
        }
        // 共46个，计划30个，…，剩余16个: what is left is of another whole.
        if let [_, left] = parts {
            let whole = own.amount.value.saturating_add(self.amount(*left).value);
            let of_both = |fact: &Fact| {
                fact.block == own.block && fact.amount.family == family && fact.amount.value == whole
            };
            let own = self.amount(*left);
            let copied = [left.0.wrapping_sub(1), left.0 + 1]
                .iter()
                .any(|beside| self.facts.facts.get(*beside as usize).is_some_and(|fact| fact.amount == *own));
            if !copied && self.around(total, of_both).any(|id| id < *left) {
                return Some(Meant::Unknown);
            }
        }
        if self.told_in_part(total, parts) { Some(Meant::Unknown) } else { self.nested(total, parts) }
    }

    /// 共A，其中甲、乙。 where the report tells of A with 甲、乙、丙 too, which come to it: here only the main parts are named.
    fn told_in_part(&self, total: FactId, parts: &[FactId]) -> bool {
        let whole = *self.amount(total);
        let same = |fact: &Fact| fact.amount.family == whole.family && fact.amount.value == whole.value;
        let value = |id: &FactId| self.amount(*id).value;
        self.around(total, same).filter(|id| *id != total).any(|other| {
            let own = self.fact(other);
            let behind = self.facts.facts[other.0 as usize + 1..].iter();
            let listed = behind.take_while(|fact| fact.sentence == own.sentence).take(LISTED);
            let mut named: Vec<Decimal> = Vec::new();
            let mut sum = Decimal::ZERO;
            for fact in listed.filter(|fact| fact.amount.family == whole.family && is_amount(fact)) {
                named.push(fact.amount.value);
                sum = sum.saturating_add(fact.amount.value);
                if sum >= whole.value {
                    break;
                }
            }
            sum == whole.value
                && named.len() > parts.len()
                && parts.iter().all(|one| named.contains(&value(one)))
        })
    }

    /// 省级A，分两批到位，分别为甲、乙；州级B: 甲 and 乙 are parts of A.
    fn nested(&self, total: FactId, parts: &[FactId]) -> Option<Meant> {
        for (at, part) in parts.iter().enumerate() {
            let whole = self.amount(*part).value;
            // 7眼, 4眼 and 3眼 are so by chance.
            if in_unit(whole, self.amount(*part)).0.normalize().mantissa().unsigned_abs() < 100 {
                continue;
            }
            let mut sum = Decimal::ZERO;
            for (to, inner) in parts.iter().enumerate().skip(at + 1) {
                sum = sum.saturating_add(self.amount(*inner).value);
                if sum == whole && to > at + 1 {
                    let outer: Vec<FactId> = parts[..=at].iter().chain(&parts[to + 1..]).copied().collect();
                    let formula = Formula::Sum { total, parts: outer };
                    return Some(if self.holds(&formula) {
                        Meant::Otherwise(formula)
                    } else {
                        Meant::Unknown
                    });
                }
                if sum > whole {
                    break;
                }
            }
        }
        None
    }

    /// 电梯A台、锅炉B台…；电梯占总数的P%: of the figures of the sentence it is A; 占P% and nothing said of what: some figure
    /// of the report is the whole.
    fn ratio(&self, rate: FactId, numerator: FactId, denominator: FactId) -> Option<Meant> {
        let told = self.fact(rate);
        let of = |numerator, denominator| Formula::Ratio { rate, numerator, denominator };
        // Both together are hardly by chance; yet what is all of it is told as often as it is part of something.
        let all = told.amount.value == Decimal::ONE_HUNDRED;
        if self.said && self.slipped && !all || self.is_copied(rate) {
            return None;
        }
        let family = self.amount(numerator).family;
        let alike = |fact: &Fact| fact.amount.family == family && fact.amount.value > Decimal::ZERO;
        let sentence = |fact: &Fact| alike(fact) && fact.sentence == told.sentence;
        let others: Vec<FactId> = self.around(rate, sentence).collect();
        // A whole per cent, or one decimal, fits too much by chance.
        let (fine, rough) = (is_telling(&told.amount), told.amount.half > Decimal::new(5, 2));
        let near = |one: &FactId| !rough || one.0.abs_diff(rate.0) <= BESIDE;
        let beside = others.iter().copied().filter(near);
        let mut readings = beside.clone().filter(|one| *one != denominator).map(|one| of(one, denominator));
        if let Some(formula) = readings.find(|formula| self.holds(formula)) {
            return Some(Meant::Otherwise(formula));
        }
        let barred = |whole: FactId| {
            self.are_siblings(numerator, whole) || self.is_named_otherwise(denominator, whole)
        };
        let mut wholes = beside.filter(|one| *one != numerator);
        if let Some(whole) = wholes.find(|one| self.holds(&of(numerator, *one)) && !barred(*one)) {
            return Some(Meant::Otherwise(of(numerator, whole)));
        }
        // 涉及资金A，占项目支出的100%: what is as large was told elsewhere.
        let own = self.amount(numerator).value;
        let mut same = self.around(rate, |fact| alike(fact) && fact.amount.value == own);
        let far = self.fact(denominator).sentence != told.sentence;
        if let (true, Some(whole)) = (all && far, same.find(|one| *one != numerator)) {
            return Some(Meant::Otherwise(of(numerator, whole)));
        }
        // 发放12次，其中11次按时，按时发放率91.67%: the part by the whole.
        let turned = of(denominator, numerator);
        if !self.said && told.amount.value < Decimal::ONE_HUNDRED && self.holds(&turned) {
            return Some(Meant::Otherwise(turned));
        }
        // 占总支出A的P%: the whole stands right before the rate.
        if !fine || denominator.0 + 1 == rate.0 {
            return None;
        }
        let whole = |fact: &Fact| alike(fact) && (!self.said || fact.block == told.block);
        let mut wholes = self.around(rate, whole).filter(|one| *one != numerator);
        if let Some(whole) = wholes.find(|whole| self.holds(&of(numerator, *whole)) && !barred(*whole)) {
            return Some(Meant::Otherwise(of(numerator, whole)));
        }
        // 累计支出A，占P%: told before the one that the reading took, or in brackets behind.
        let behind = |part: FactId| part.0 == rate.0 + 1;
        let others = others.into_iter().filter(|part| {
            ![numerator, denominator].contains(part) && (behind(*part) || !self.said && !self.slipped)
        });
        for part in others.take(PARTS) {
            let mut wholes = self.around(rate, alike).filter(|one| *one != part);
            if let Some(whole) = wholes.find(|whole| self.holds(&of(part, *whole))) {
                return Some(Meant::Otherwise(of(part, whole)));
            }
        }
        None
    }

    /// 其中甲A，占P%；乙B，占Q%: no part of a whole is told as a share of another of its parts.
    fn are_siblings(&self, one: FactId, two: FactId) -> bool {
        self.facts.relations.iter().any(|relation| match relation {
            Relation::Sum { parts, .. } => parts.contains(&one) && parts.contains(&two),
            _ => false,
        })
    }

    /// 占全年预算的P%: the text says of what, and `other` is something else by its name.
    fn is_named_otherwise(&self, whole: FactId, other: FactId) -> bool {
        let (whole, other) = (self.fact(whole), self.fact(other));
        let group = |fact: &Fact| fact.basis.map(|basis| self.rules.lexicon.basis(basis).group.as_str());
        let planned = matches!(group(whole), Some("budget" | "adjusted"));
        let differs = match (whole.measure, other.measure) {
            (Some(own), Some(other)) => own != other,
            (None, Some(_)) => planned && other.basis.is_none(),
            _ => false,
        };
        self.said && (differs || group(whole).zip(group(other)).is_some_and(|(own, other)| own != other))
    }

    /// 三公经费比上年A减少B: of the figures of the paragraph, the one that is A − B.
    fn change(&self, formula: &Formula) -> Option<Meant> {
        let Formula::Change { current, base, amount, rate, up } = *formula else { return None };
        let by = amount.or(rate).filter(|_| !(self.said && self.slipped))?;
        let told = self.fact(by);
        let family = self.amount(current).family;
        let alike = |fact: &Fact| fact.amount.family == family;
        let paragraph = |fact: &Fact| alike(fact) && fact.block == told.block;
        let with = |current, base| Formula::Change { current, base, amount, rate, up };
        // 增加 for 减少, or last year's figure written as the change.
        let turned = Formula::Change { current, base, amount, rate, up: !up };
        let by_base =
            amount.map(|amount| Formula::Change { current, base: Some(amount), amount: None, rate, up });
        if [Some(turned), by_base.filter(|_| rate.is_some())]
            .iter()
            .flatten()
            .any(|one| one.evaluate(&|id| *self.amount(id)).state < State::Fails)
            || self.said && rate.is_none() && self.slipped(formula)
        {
            return None;
        }
        let fine = |rate: FactId| is_telling(self.amount(rate));
        let sure = amount.is_some() || rate.is_some_and(fine);
        let own = self.fact(current);
        // What differs among mentions of one figure is another matter.
        let named = |id: FactId| {
            let fact = self.fact(id);
            fact.measure.is_some() && fact.measure == own.measure && fact.basis == own.basis
        };
        if let (Some(base), true) = (base, sure) {
            let others = self.around(by, paragraph).filter(|one| *one != base && Some(*one) != amount);
            for one in others.filter(|one| !named(*one)) {
                if one != current && self.holds(&with(one, Some(base))) {
                    return Some(Meant::Otherwise(with(one, Some(base))));
                }
            }
        }
        if sure {
            let others = self.around(by, paragraph).filter(|one| *one != current && Some(*one) != amount);
            for one in others {
                if Some(one) != base && self.holds(&with(current, Some(one))) {
                    return Some(Meant::Otherwise(with(current, Some(one))));
                }
            }
        }
        // 调整预算比年初预算增加A，增长P%: what both are is told elsewhere.
        if let (None, Some(amount), Some(rate)) = (base, amount, rate.filter(|rate| fine(*rate))) {
            let of = |denominator| Formula::Ratio { rate, numerator: amount, denominator };
            // Divided by the present figure is what is often done wrong.
            let mut wholes = self
                .around(by, |fact| alike(fact) && fact.amount.value != own.amount.value)
                .filter(|one| *one != amount);
            if let Some(whole) = wholes.find(|whole| self.holds(&of(*whole))) {
                return Some(Meant::Otherwise(of(whole)));
            }
        }
        None
    }

    /// 新增A，平均每口B: the count is the one of the sentence that A ÷ B comes to; 每辆B: the amount is the one that the
    /// cars cost, in the table before.
    fn product(&self, formula: &Formula) -> Option<Meant> {
        let Formula::Equation { equation, operands, percent } = formula else { return None };
        let &[Some(total), Some(count), Some(standard)] = operands.as_slice() else { return None };
        let with = |total, count| Formula::Equation {
            equation: equation.clone(),
            operands: vec![Some(total), Some(count), Some(standard)],
            percent: *percent,
        };
        let told = self.fact(standard);
        let family = self.amount(total).family;
        // 投入A，合计B平方米，每平方米C元: a mean in whole yuan.
        let whole =
            told.amount.half.is_zero() && told.amount.value >= told.amount.factor * Decimal::ONE_HUNDRED;
        let mean = Amount { half: told.amount.factor / Decimal::TWO, ..told.amount };
        let amounts = |id: FactId| if id == standard { mean } else { *self.amount(id) };
        let last = standard > total && standard > count;
        if whole && last && formula.evaluate(&amounts).state < State::Fails {
            return Some(Meant::Unknown);
        }
        if self.slipped(formula) {
            return None;
        }
        let paragraph = |fact: &Fact| fact.block == told.block && fact.amount.family != family;
        let mut counts = self.around(standard, paragraph).filter(|one| *one != count);
        if let Some(count) = counts.find(|count| self.holds(&with(total, *count))) {
            return Some(Meant::Otherwise(with(total, count)));
        }
        let near = |fact: &Fact| fact.amount.family == family && fact.block.abs_diff(told.block) <= BLOCKS;
        let mut totals = self.around(standard, near).filter(|one| *one != total);
        let total = totals.find(|total| self.holds(&with(*total, count)))?;
        Some(Meant::Otherwise(with(total, count)))
    }

    /// The neighbour's rate once more.
    fn is_copied(&self, rate: FactId) -> bool {
        let own = self.fact(rate);
        let rates = |fact: &Fact| {
            fact.sentence == own.sentence
                && fact.amount.family == own.amount.family
                && fact.amount == own.amount
        };
        let place = rate.0 as usize;
        let near = place.saturating_sub(AROUND)..(place + AROUND).min(self.facts.facts.len());
        near.filter(|other| *other != place).any(|other| rates(&self.facts.facts[other]))
    }

    /// One slip of the pen explains the failure.
    fn slipped(&self, formula: &Formula) -> bool {
        formula.facts().into_iter().any(|id| slip_explains(formula, id, self.facts, |_| true))
    }
}

/// Figures between a rate and what it is of, where the rate is a whole per cent.
const BESIDE: u32 = 3;
/// Paragraphs and rows around a mean in which its total may stand.
const BLOCKS: u32 = 12;
/// Figures behind a total that may be its parts.
const LISTED: usize = 16;
/// Figures of a sentence that are tried as parts of an unknown whole.
const PARTS: usize = 4;

/// A rate with two decimals and three digits that say something: 20.00% is what many a pair of figures comes to.
fn is_telling(rate: &Amount) -> bool {
    let digits = rate.value.normalize().mantissa().unsigned_abs();
    rate.half <= Decimal::new(5, 3) && digits >= 100
}

/// Not a change, a rate or a standard.
fn is_amount(fact: &Fact) -> bool {
    matches!(fact.role, Role::Value | Role::Base | Role::Change)
}
