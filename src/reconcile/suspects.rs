//! What may have gone wrong in a failing check: each figure of it with the value it may have been meant to
//! have, and how much must be assumed for that.
//!
//! Takes a check among the others; gives [`Suspicion`]s with a cost in tenths of a bit. A cost is made of
//! how common such a slip is, of how many figures it could as well have led to, and of what the other
//! checks say: each that the change would break counts against it, each that it would mend for it, by
//! the digits that would have to agree by chance. It must not choose among them.

use std::cell::{Cell, RefCell};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::evaluate::{Formula, round_like};
use super::price::{Custom, cost, digits, half_unit, in_unit};
use super::slip::{Slip, slip, slips_from};
use super::solve::Wanted;
use super::why::Why;
use super::{Check, State};
use crate::document::Document;
use crate::facts::{Amount, FactId, FactTable};

/// A figure is tried in at most so many checks.
const CHECKS: usize = 32;
/// A check tries at most so many of its figures.
pub const FIGURES: usize = 48;
/// A report tries the slips of at most so many figures: a table run together has thousands that fail.
const PROBES: u32 = 4_000;
/// A longer relation, as a figure told a thousand times, is asked only when it is the one that fails.
const LONG: usize = 128;
/// How many values one figure is tried with.
const VALUES: usize = 12;
/// Half-units of the printed figure beyond which no rounding reaches.
const FAR: Decimal = Decimal::ONE_THOUSAND;
/// Mentions of a name, and neighbours of a figure, looked at on either side.
pub const NEAR: usize = 12;

/// Something that would explain a failing check.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion {
    /// `None`: the direction word of the check.
    pub fact: Option<FactId>,
    /// What the figure was meant to be; `None` where that is known only roughly.
    pub meant: Option<Decimal>,
    pub slip: Option<Slip>,
    /// A rate that is reckoned from the other figures of the check.
    pub reckoned: bool,
    /// Failing checks that would hold.
    pub mends: Vec<usize>,
    /// In tenths of a bit.
    pub cost: i32,
}

pub struct Graph<'a> {
    document: &'a Document,
    pub facts: &'a FactTable,
    pub checks: &'a [Check],
    of_fact: FxHashMap<FactId, Vec<usize>>,
    /// Figures by name, to find other mentions.
    by_name: FxHashMap<(Option<u16>, &'a str), Vec<FactId>>,
    probes: Cell<u32>,
    pub customs: RefCell<FxHashMap<FactId, Custom>>,
}

impl<'a> Graph<'a> {
    pub fn new(document: &'a Document, facts: &'a FactTable, checks: &'a [Check]) -> Self {
        let mut of_fact: FxHashMap<FactId, Vec<usize>> = FxHashMap::default();
        for (at, check) in checks.iter().enumerate() {
            for id in check.formula.iter().flat_map(|formula| formula.facts()) {
                of_fact.entry(id).or_default().push(at);
            }
        }
        let mut by_name: FxHashMap<(Option<u16>, &str), Vec<FactId>> = FxHashMap::default();
        for id in facts.ids() {
            by_name.entry(name(document, facts, id)).or_default().push(id);
        }
        Graph {
            document,
            facts,
            checks,
            of_fact,
            by_name,
            probes: Cell::new(PROBES),
            customs: RefCell::default(),
        }
    }

    /// Checks that the figure stands in, the first [`CHECKS`] of them.
    pub fn checks_of(&self, fact: FactId) -> &[usize] {
        self.of_fact.get(&fact).map_or(&[][..], |all| &all[..all.len().min(CHECKS)])
    }

    /// Everything that would explain the failing check `at`, the likeliest first. `open`: the checks
    /// that fail and are not explained yet.
    pub fn suspicions(&self, at: usize, open: &[bool]) -> Vec<Suspicion> {
        let Some(formula) = &self.checks[at].formula else { return Vec::new() };
        let mut all = Vec::new();
        // Only the words contradict each other: no figure is at fault.
        if formula.evaluate(&|id| self.facts.fact(id).amount).state < State::Fails {
            return all;
        }
        // With the other word the figures fit: of the two it is the one that is wrong.
        let word = self.wrong_word(at, formula);
        if self.checks[at].clash.is_some() && word.is_some() {
            all.extend(word);
            return all;
        }
        for &fact in formula.facts().iter().take(FIGURES) {
            // A figure that was never printed cannot have been misprinted.
            if self.facts.fact(fact).quantity.is_some() {
                self.suspect(fact, at, formula, open, &mut all);
            }
        }
        all.extend(word);
        all.sort_by_key(|suspicion| suspicion.cost);
        all
    }

    /// 增加 where the figures say 减少.
    fn wrong_word(&self, at: usize, formula: &Formula) -> Option<Suspicion> {
        let Formula::Change { up, current, base, amount, rate } = formula else { return None };
        self.checks[at].word?;
        let turned =
            Formula::Change { up: !up, current: *current, base: *base, amount: *amount, rate: *rate };
        let holds = turned.evaluate(&|id| self.facts.fact(id).amount).state < State::Fails;
        holds.then(|| Suspicion {
            fact: None,
            meant: None,
            slip: Some(Slip::Direction),
            reckoned: false,
            mends: vec![at],
            cost: cost::WORD - self.weight(at),
        })
    }

    fn suspect(&self, fact: FactId, at: usize, formula: &Formula, open: &[bool], all: &mut Vec<Suspicion>) {
        let Some(wanted) = formula.wanted(fact, &|id| self.facts.fact(id).amount) else { return };
        let amount = self.facts.fact(fact).amount;
        let mut values = self.values(fact, &amount, &wanted);
        values.retain(|(value, _)| *value != amount.value && !value.is_sign_negative());
        values.sort();
        values.dedup_by_key(|(value, _)| *value);
        let mut told = false;
        for &(value, slip) in values.iter().take(VALUES) {
            if let Some(suspicion) = self.attempt(fact, (value, slip, wanted.exact), at, formula, open) {
                told = true;
                all.push(suspicion);
            }
        }
        // Only roughly known, as from a rate: any value near it would do.
        if (!told || values.iter().all(|(_, slip)| slip.is_some())) && wanted.value >= Decimal::ZERO {
            let value = round_like(wanted.value, &self.house(fact));
            let rough = self.attempt(fact, (value, None, false), at, formula, open);
            all.extend(rough.map(|rough| Suspicion { meant: None, ..rough }));
        }
    }

    /// Values that the check would hold with, and the slip that leads from each to what is printed.
    fn values(&self, fact: FactId, amount: &Amount, wanted: &Wanted) -> Vec<(Decimal, Option<Slip>)> {
        let mut values = Vec::new();
        let (printed, scale) = in_unit(amount.value, amount);
        let named = |value: Decimal| slip(in_unit(value, amount).0, printed, scale);
        if self.probes.get() > 0 {
            self.probes.set(self.probes.get() - 1);
            // A rate is the rounded result or a unit of its last digit off, however rough its operands.
            let told = wanted.exact && self.tells_rate(fact);
            let near = |value: Decimal| {
                let half = amount.half.max(half_unit(value, amount));
                let slack = half.saturating_mul(Decimal::from(3)).min(wanted.slack.max(half));
                if told { Wanted { slack, ..*wanted }.near(value) } else { wanted.near(value) }
            };
            // Most slips lead far away, which one subtraction tells.
            let far = wanted.slack.max(amount.half.saturating_mul(FAR)).checked_div(amount.factor);
            let centre = wanted.value.checked_div(amount.factor);
            let is_far = |meant: Decimal| {
                let off = centre.map(|centre| meant.saturating_sub(centre).abs());
                off.zip(far).is_some_and(|(off, far)| off > far)
            };
            slips_from(printed, scale, |meant, slip| {
                if matches!(slip, Slip::Digit | Slip::Swap | Slip::Length) && is_far(meant) {
                    return;
                }
                if let Some(value) = meant.checked_mul(amount.factor).filter(|value| near(*value)) {
                    values.push((value, Some(slip)));
                }
            });
            // Where a rough rate lets many through, the nearest say enough.
            values.sort_by_key(|(value, _)| value.saturating_sub(wanted.value).abs());
            values.truncate(VALUES - 4);
        }
        let rounded = round_like(wanted.value, &self.house(fact));
        if wanted.exact {
            let exact = if wanted.near(rounded) && self.tells_rate(fact) { rounded } else { wanted.value };
            values.push((exact, named(exact)));
        }
        let others = self.twins(fact).iter().map(|twin| self.facts.fact(*twin).amount);
        let others = others.filter(|other| other.family == amount.family && wanted.near(other.value));
        values.extend(others.map(|other| (other.value, named(other.value))));
        // What other relations of the figure ask for, where this one leaves a range.
        let asked = self.checks_of(fact).iter().filter_map(|other| {
            let check = &self.checks[*other];
            let open = check.state == State::Fails || is_open_list(check);
            let formula = check.formula.as_ref().filter(|_| open && !wanted.exact)?;
            formula.required(fact, &|id| self.facts.fact(id).amount)
        });
        let asked: Vec<Decimal> = asked.take(4).filter(|value| wanted.near(*value)).collect();
        values.extend(asked.into_iter().map(|value| (value, named(value))));
        values
    }

    fn attempt(
        &self,
        fact: FactId,
        (value, slip, exact): (Decimal, Option<Slip>, bool),
        at: usize,
        formula: &Formula,
        open: &[bool],
    ) -> Option<Suspicion> {
        let own = self.facts.fact(fact).amount;
        let half = own.half.min(self.house(fact).half).min(half_unit(value, &own));
        // The digits stay and the point moves: as many are certain as are printed.
        let moved = value.checked_div(own.value).and_then(|by| own.half.checked_mul(by));
        let half = moved.filter(|_| slip == Some(Slip::Point)).unwrap_or(half);
        let amount = Amount { value, half, ..own };
        let changed = |id: FactId| if id == fact { amount } else { self.facts.fact(id).amount };
        let mut mends = Vec::new();
        let mut evidence = 0;
        for &other in self.checks_of(fact) {
            let check = &self.checks[other];
            let Some(formula) = check.formula.as_ref().filter(|one| other == at || one.size() <= LONG) else {
                continue;
            };
            match (formula.evaluate(&changed).state, check.state) {
                (state @ (State::Holds | State::WithinRounding), State::Fails) if open[other] => {
                    mends.push(other);
                    evidence -= self.weight(other) + if other == at { 0 } else { cost::SECOND };
                    evidence += if state == State::Holds { 0 } else { cost::ROUNDING };
                }
                (State::Fails, State::Holds | State::WithinRounding) => evidence += self.weight(other),
                // A list that may be open and would be complete.
                (State::Holds, _) if is_open_list(check) => evidence -= self.weight(other),
                (State::WithinRounding, State::Holds) => evidence += cost::ROUNDING,
                (State::Holds, State::WithinRounding) => evidence -= cost::ROUNDING,
                _ => {}
            }
        }
        if !mends.contains(&at) {
            return None;
        }
        let slip = slip.or_else(|| self.mechanical(fact, value, formula));
        let range = if exact { 0 } else { cost::ROUGH };
        let cost = self.price(fact, value, slip, formula) + self.voices(fact, value) + evidence + range;
        let reckoned = self.tells_rate(fact) && formula.facts().first() == Some(&fact);
        Some(Suspicion { fact: Some(fact), meant: Some(value), slip, reckoned, mends, cost })
    }

    /// A slip that is no matter of digits.
    fn mechanical(&self, fact: FactId, value: Decimal, formula: &Formula) -> Option<Slip> {
        let own = self.facts.fact(fact).amount;
        let of = |id: FactId| self.facts.fact(id).amount.value;
        match formula {
            Formula::Change { current, base: Some(base), rate: Some(rate), up, .. } if *rate == fact => {
                let moved = of(*current).checked_sub(of(*base))?;
                let moved = if *up { moved } else { -moved };
                let by_current = moved.checked_div(of(*current))?.checked_mul(Decimal::ONE_HUNDRED)?;
                if round_like(by_current, &own) == own.value {
                    return Some(Slip::CurrentAsBase);
                }
            }
            Formula::Change { current, base: None, amount: Some(amount), rate: Some(rate), .. }
                if *rate == fact =>
            {
                let by_current = of(*amount).checked_div(of(*current))?.checked_mul(Decimal::ONE_HUNDRED)?;
                if round_like(by_current, &own) == own.value {
                    return Some(Slip::CurrentAsBase);
                }
            }
            Formula::Change { base: Some(base), amount: Some(amount), .. }
                if *amount == fact && of(*base) == own.value =>
            {
                return Some(Slip::BaseAsChange);
            }
            Formula::Sum { total, parts } if *total == fact => {
                let gap = value.checked_sub(own.value)?;
                if parts.len() > 2 && parts.iter().take(FIGURES).any(|part| of(*part) == gap) {
                    return Some(Slip::LeftOut);
                }
            }
            _ => {}
        }
        self.is_copied(fact, formula).then_some(Slip::Copied)
    }

    /// Printed as a neighbour of its kind is, in figures enough not to be so by chance: a rate or a change as
    /// that of the next item, a part as another part of the list, this year's figure as last year's.
    fn is_copied(&self, fact: FactId, formula: &Formula) -> bool {
        let own = self.facts.fact(fact);
        let (printed, scale) = in_unit(own.amount.value, &own.amount);
        if self.is_beside(fact, formula) {
            return true;
        }
        if digits(printed, scale) < 3 || own.amount.value == Decimal::ONE_HUNDRED {
            return false;
        }
        let same = |other: FactId| {
            let other = self.facts.fact(other);
            other.amount.value == own.amount.value && other.amount.family == own.amount.family
        };
        let nearby = || {
            let place = fact.0 as usize;
            let near = place.saturating_sub(NEAR)..(place + NEAR + 1).min(self.facts.facts.len());
            let others = near.map(|other| FactId(other as u32)).filter(|other| *other != fact);
            others.filter(|other| self.facts.fact(*other).role == own.role && same(*other))
        };
        // A total that is printed elsewhere too is told again and not copied.
        let total = matches!(formula, Formula::Sum { total, .. } if *total == fact);
        let named = |id| name(self.document, self.facts, id);
        !total && nearby().any(|other| named(other) != named(fact) || named(fact) == (None, ""))
    }

    /// Another figure of the same relation is printed the same: two parts, a part and its total, this year
    /// and last year.
    pub fn is_beside(&self, fact: FactId, formula: &Formula) -> bool {
        let own = self.facts.fact(fact);
        let (printed, scale) = in_unit(own.amount.value, &own.amount);
        // 100% of something is the thing itself.
        let whole = matches!(formula, Formula::Ratio { rate, .. } if self.facts.fact(*rate).amount.half >= Decimal::new(5, 1));
        if digits(printed, scale) < 2 || whole || matches!(formula, Formula::Equal { .. }) {
            return false;
        }
        let others = formula.facts().into_iter().take(FIGURES).filter(|other| *other != fact);
        others
            .map(|other| self.facts.fact(other))
            .any(|other| other.amount.value == own.amount.value && other.amount.family == own.amount.family)
    }

    /// Mentions of the same name nearby, the figure's own among them; none for a figure without a name.
    pub fn twins(&self, id: FactId) -> &[FactId] {
        let name = name(self.document, self.facts, id);
        let named = name.0.is_some() || !name.1.is_empty();
        let all = self.by_name.get(&name).filter(|_| named).map_or(&[][..], Vec::as_slice);
        let here = all.partition_point(|other| *other < id);
        &all[here.saturating_sub(NEAR)..(here + NEAR).min(all.len())]
    }
}

/// 其中 with parts below the total: no contradiction, and yet evidence where one change completes it.
fn is_open_list(check: &Check) -> bool {
    check.why == Some(Why::OpenList)
        && matches!(&check.formula, Some(Formula::Sum { parts, .. }) if parts.len() > 1)
}

fn name<'a>(document: &'a Document, facts: &FactTable, id: FactId) -> (Option<u16>, &'a str) {
    let fact = facts.fact(id);
    match fact.measure {
        Some(measure) => (Some(measure.0), ""),
        None => (None, document.slice(fact.label)),
    }
}
