//! What an unmutated report says of its figures: which take part in a relation that holds, and which are
//! printed more than once.
//!
//! The relations are the library's own. What it does not see it cannot be asked to miss, so the figures
//! in no relation are counted and printed too, and repeats are found by the printed text alone.

use gouji::document::Span;
use gouji::facts::{Amount, FactId};
use gouji::lexer::{Notation, Quantity};
use gouji::reconcile::{Check, Formula, State};
use gouji::rules::{Kind, RuleSet};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::corpus::Report;
use super::mutation::Figure;

pub struct Base<'a> {
    pub report: &'a Report,
    pub set: &'a RuleSet,
    /// For each quantity: its facts, and the checks that hold with one of them.
    facts: Vec<Vec<FactId>>,
    checks: Vec<Vec<usize>>,
    repeats: Vec<bool>,
}

/// A figure in plain Arabic digits.
#[derive(Clone)]
pub struct Printed {
    pub quantity: usize,
    pub span: Span,
    pub value: Decimal,
    pub text: String,
    pub grouped: bool,
}

/// Shorter figures repeat by chance.
const REPEATED_DIGITS: usize = 4;

impl<'a> Base<'a> {
    pub fn of(report: &'a Report, set: &'a RuleSet) -> Self {
        let table = &report.audit.facts;
        let count = report.audit.lexed.quantities.len();
        let (mut facts, mut checks) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for id in table.ids() {
            if let Some(place) = table.fact(id).quantity {
                facts[place as usize].push(id);
            }
        }
        for (at, check) in report.audit.checks.iter().enumerate().filter(|(_, check)| holds(check)) {
            let mut places: Vec<u32> =
                figures(check).iter().filter_map(|id| table.fact(*id).quantity).collect();
            places.sort_unstable();
            places.dedup();
            places.iter().for_each(|place| checks[*place as usize].push(at));
        }
        let mut base = Base { report, set, facts, checks, repeats: vec![false; count] };
        let mut same: FxHashMap<(String, u8, u8), Vec<usize>> = FxHashMap::default();
        for figure in base.printed() {
            let quantity = base.quantity(figure.quantity);
            let Some(unit) = quantity.unit.filter(|unit| set.units.family(*unit) != "percent") else {
                continue;
            };
            if figure.text.chars().filter(char::is_ascii_digit).count() >= REPEATED_DIGITS {
                same.entry((figure.text, unit.0, quantity.power)).or_default().push(figure.quantity);
            }
        }
        for place in same.into_values().filter(|places| places.len() > 1).flatten() {
            base.repeats[place] = true;
        }
        base
    }

    pub fn text(&self) -> &'a str {
        &self.report.document.text
    }

    pub fn quantity(&self, place: usize) -> &'a Quantity {
        &self.report.audit.lexed.quantities[place]
    }

    pub fn is_percent(&self, place: usize) -> bool {
        self.quantity(place).unit.is_some_and(|unit| self.set.units.family(unit) == "percent")
    }

    pub fn takes_part(&self, place: usize) -> bool {
        !self.checks[place].is_empty()
    }

    pub fn repeats(&self, place: usize) -> bool {
        self.repeats[place]
    }

    pub fn printed_of(&self, id: FactId) -> Option<Printed> {
        self.print(self.report.audit.facts.fact(id).quantity? as usize)
    }

    /// All plain figures with a unit that stand in a fact, in text order.
    pub fn printed(&self) -> Vec<Printed> {
        let all = 0..self.facts.len();
        all.filter(|place| !self.facts[*place].is_empty()).filter_map(|place| self.print(place)).collect()
    }

    fn print(&self, place: usize) -> Option<Printed> {
        let quantity = self.quantity(place);
        let text = self.report.document.slice(quantity.number);
        let plain: String = text.chars().filter(|c| *c != ',').collect();
        let digits = plain.chars().all(|c| c.is_ascii_digit() || c == '.');
        let usable = digits && quantity.notation == Notation::Arabic && !quantity.broken;
        let value = plain.parse().ok().filter(|_| usable && quantity.unit.is_some())?;
        let grouped = plain.len() < text.len();
        Some(Printed { quantity: place, span: quantity.number, value, text: plain, grouped })
    }

    /// What changing the figure to `value` (with `scale` decimals and `power` before its unit) would break.
    pub fn figure(&self, place: usize, value: Decimal, power: u8) -> Option<Figure> {
        let own = self.quantity(place);
        let changed = Quantity { value, scale: value.scale() as u8, power, ..*own };
        let amount = Amount::of(&changed, &self.set.units)?;
        let table = &self.report.audit.facts;
        let amounts = |id: FactId| {
            let fact = table.fact(id);
            match fact.quantity {
                Some(other) if other as usize == place && fact.amount.half.is_zero() => amount.counted(),
                Some(other) if other as usize == place => amount,
                _ => fact.amount,
            }
        };
        let all = &self.report.audit.checks;
        let breaks = |at: &usize| {
            all[*at].formula.as_ref().is_some_and(|one| one.evaluate(&amounts).state == State::Fails)
        };
        let broken: Vec<usize> = self.checks[place].iter().copied().filter(breaks).collect();
        let first = broken.iter().min_by_key(|at| rank(all[**at].kind));
        Some(Figure {
            value: Amount::of(own, &self.set.units)?.value,
            factor: amount.factor,
            rule: first.map(|at| rule_of(self.set, all[*at].kind)),
            related: self.takes_part(place),
            repeated: self.repeats[place],
            determined: !broken.is_empty() && self.determined(&broken, &amounts, place),
        })
    }

    /// No other figure could be the wrong one instead: given the value that would mend what the change
    /// breaks, each breaks a relation of its own.
    fn determined(&self, broken: &[usize], amounts: &dyn Fn(FactId) -> Amount, place: usize) -> bool {
        let all = &self.report.audit.checks;
        let table = &self.report.audit.facts;
        let printed = |id: &FactId| table.fact(*id).quantity.filter(|other| *other as usize != place);
        broken.iter().all(|at| {
            let Some(formula) = &all[*at].formula else { return true };
            let mut others = formula.facts().into_iter().filter(|id| printed(id).is_some());
            !others.any(|other| {
                let Some(value) = formula.required(other, amounts).filter(|value| !value.is_sign_negative())
                else {
                    return false;
                };
                let quantity = table.fact(other).quantity;
                let mended = |id: FactId| match table.fact(id).quantity == quantity {
                    true => Amount { value, ..table.fact(id).amount },
                    false => amounts(id),
                };
                let concerned = quantity.map_or(&[][..], |other| &self.checks[other as usize]);
                concerned.iter().chain(broken).all(|at| {
                    all[*at].formula.as_ref().is_some_and(|one| one.evaluate(&mended).state < State::Fails)
                })
            })
        })
    }
}

pub fn figures(check: &Check) -> Vec<FactId> {
    check.formula.as_ref().map(Formula::facts).unwrap_or_default()
}

pub fn holds(check: &Check) -> bool {
    check.formula.is_some() && matches!(check.state, State::Holds | State::WithinRounding)
}

/// Which of several broken relations a reader would name.
fn rank(kind: &str) -> usize {
    const ORDER: [&str; 9] =
        ["sum", "identity", "growth", "share", "completion", "indicator", "equality", "claim", "flat"];
    ORDER.iter().position(|one| *one == kind).unwrap_or(ORDER.len())
}

/// The rule that tells failures of checks of `kind`.
pub fn rule_of(set: &RuleSet, kind: &str) -> SmolStr {
    let tells = set.rules.iter().find(|rule| match &rule.check {
        Kind::Reconciled(params) => params.checks.iter().any(|one| one == kind),
        _ => false,
    });
    tells.map(|rule| rule.code.clone()).unwrap_or_default()
}
