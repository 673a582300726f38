//! Whom to blame: one root cause, one finding.
//!
//! All checks form a graph over the figures. For each group of failing checks that share figures, every
//! figure is tried with the value that some failing check asks of it, or that another mention of it has;
//! the smallest change that mends most and breaks nothing is the cause. Where two changes are equally
//! good neither figure is blamed.
//!
//! Bounded: a figure is tried in at most [`CHECKS`] checks, a check tries at most [`FIGURES`] figures.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::slip::{Slip, slip};
use super::{Check, State, with};
use crate::document::Document;
use crate::facts::{FactId, FactTable};

const CHECKS: usize = 32;
const FIGURES: usize = 48;

/// One root cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// The check that tells it best; place among the checks.
    pub check: usize,
    /// All failing checks that it explains, `check` among them.
    pub explains: Vec<usize>,
    /// The figure at fault with the value it should have, in base units; `None` where the evidence does
    /// not decide.
    pub culprit: Option<(FactId, Decimal)>,
    pub slip: Option<Slip>,
}

/// One figure with another value, and what that would do.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    fact: FactId,
    value: Decimal,
    mends: Vec<usize>,
    score: i32,
    slip: Option<Slip>,
    /// The figure is a rate computed from the others.
    told_rate: bool,
}

pub fn blame(document: &Document, facts: &FactTable, checks: &[Check]) -> Vec<Cause> {
    let mut failing: Vec<usize> = (0..checks.len()).filter(|&at| checks[at].state == State::Fails).collect();
    if failing.is_empty() {
        return Vec::new();
    }
    let graph = Graph::new(document, facts, checks);
    let mut causes = Vec::new();
    failing.sort_by_key(|&at| std::cmp::Reverse((checks[at].strength, rank(checks[at].kind))));
    let mut open: Vec<bool> = checks.iter().map(|check| check.state == State::Fails).collect();
    for at in failing {
        if !open[at] {
            continue;
        }
        let cause = graph.cause(at, &open);
        for &explained in &cause.explains {
            open[explained] = false;
        }
        causes.push(cause);
    }
    causes.sort_by_key(|cause| checks[cause.check].spans.first().copied());
    causes
}

/// Which kind of check tells a cause best.
fn rank(kind: &str) -> u8 {
    match kind {
        "sum" => 7,
        "identity" => 6,
        "indicator" => 5,
        "claim" => 4,
        "growth" => 4,
        "completion" | "share" => 3,
        "equality" => 2,
        _ => 1,
    }
}

struct Graph<'a> {
    document: &'a Document,
    facts: &'a FactTable,
    checks: &'a [Check],
    of_fact: FxHashMap<FactId, Vec<usize>>,
    /// Figures by name, to find other mentions.
    by_name: FxHashMap<(Option<u16>, &'a str), Vec<FactId>>,
}

impl<'a> Graph<'a> {
    fn new(document: &'a Document, facts: &'a FactTable, checks: &'a [Check]) -> Self {
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
        Graph { document, facts, checks, of_fact, by_name }
    }

    fn cause(&self, at: usize, open: &[bool]) -> Cause {
        let mut changes: Vec<Change> = Vec::new();
        let formula = self.checks[at].formula.as_ref();
        let ids = formula.map(|formula| formula.facts()).unwrap_or_default();
        for &id in ids.iter().take(FIGURES) {
            for value in self.candidates(id, open) {
                if let Some(change) = self.attempt(id, value, at, open) {
                    changes.push(change);
                }
            }
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.score));
        changes.dedup_by(|a, b| a.fact == b.fact && a.value == b.value);
        let decided = match changes.as_slice() {
            [] => None,
            [only] => Self::believable(only).then_some(only),
            [first, second, ..] => {
                (first.score > second.score && first.score > 0 && Self::believable(first)).then_some(first)
            }
        };
        let explains = decided.map_or_else(|| self.same_figures(at, open), |change| change.mends.clone());
        let told = explains
            .iter()
            .copied()
            .max_by_key(|&one| (rank(self.checks[one].kind), one == at))
            .unwrap_or(at);
        Cause {
            check: told,
            culprit: decided.map(|change| (change.fact, change.value)),
            slip: decided
                .and_then(|change| change.slip)
                .or_else(|| changes.iter().find_map(|change| change.slip)),
            explains,
        }
    }

    /// Values that failing checks ask of the figure, and those of its other mentions.
    fn candidates(&self, id: FactId, open: &[bool]) -> Vec<Decimal> {
        let amounts = with(self.facts, None);
        let own = self.facts.fact(id).amount.value;
        let checks = self.of_fact.get(&id).map_or(&[][..], Vec::as_slice);
        let asked = checks.iter().take(CHECKS).filter(|at| open[**at]).filter_map(|at| {
            self.checks[*at].formula.as_ref().and_then(|formula| formula.required(id, &amounts))
        });
        let mut values: Vec<Decimal> = asked.collect();
        let twins = self.twins(id);
        let family = self.facts.fact(id).amount.family;
        values.extend(
            twins
                .iter()
                .take(FIGURES)
                .map(|twin| self.facts.fact(*twin).amount)
                .filter(|amount| amount.family == family)
                .map(|amount| amount.value),
        );
        values.retain(|value| *value != own && !value.is_sign_negative());
        values.sort();
        values.dedup();
        values.truncate(8);
        values
    }

    /// Mentions of the same name, the figure's own among them; none for a figure without a name.
    fn twins(&self, id: FactId) -> &[FactId] {
        let name = name(self.document, self.facts, id);
        let named = name.0.is_some() || !name.1.is_empty();
        let all = self.by_name.get(&name).filter(|_| named).map_or(&[][..], Vec::as_slice);
        let here = all.partition_point(|other| *other < id);
        &all[here.saturating_sub(FIGURES / 2)..(here + FIGURES / 2).min(all.len())]
    }

    fn attempt(&self, fact: FactId, value: Decimal, at: usize, open: &[bool]) -> Option<Change> {
        let changed = with(self.facts, Some((fact, value)));
        let mut mends = Vec::new();
        let mut breaks = 0;
        for &other in self.of_fact.get(&fact)?.iter().take(CHECKS) {
            let check = &self.checks[other];
            let Some(formula) = &check.formula else { continue };
            let fits = matches!(formula.evaluate(&changed).state, State::Holds | State::WithinRounding);
            match (open[other], fits) {
                (true, true) => mends.push(other),
                (false, false) if matches!(check.state, State::Holds | State::WithinRounding) => breaks += 1,
                _ => {}
            }
        }
        if !mends.contains(&at) {
            return None;
        }
        let amount = self.facts.fact(fact).amount;
        // A figure that was never printed cannot have been misprinted.
        self.facts.fact(fact).quantity?;
        let scale = amount
            .half
            .checked_div(amount.factor)
            .map_or(0, |half| half.normalize().scale().saturating_sub(1));
        let in_unit = |value: Decimal| value.checked_div(amount.factor).unwrap_or(value);
        let slip = slip(in_unit(value), in_unit(amount.value), scale);
        let twins = self.twins(fact);
        let agreeing = twins
            .iter()
            .filter(|twin| **twin != fact && self.facts.fact(**twin).amount.value == value)
            .count();
        let backing = twins
            .iter()
            .filter(|twin| **twin != fact && self.facts.fact(**twin).amount.value == amount.value)
            .count();
        let told_rate = matches!(self.checks[at].kind, "share" | "completion" | "growth" | "indicator")
            && self.checks[at].formula.as_ref().is_some_and(|formula| formula.facts().first() == Some(&fact));
        let score = 4 * mends.len() as i32 - 5 * breaks
            + 3 * agreeing.min(3) as i32
            - 3 * backing.min(3) as i32
            + i32::from(slip.is_some())
            // A rate is computed from the others: alone, it is the likelier slip.
            + i32::from(told_rate);
        Some(Change { fact, value, mends, score, slip, told_rate })
    }

    /// One change among many figures needs a reason beyond “it would tie”.
    fn believable(change: &Change) -> bool {
        change.score > 5 || change.told_rate && change.score > 4
    }

    /// Undecided: failing checks over the very same figures are one cause.
    fn same_figures(&self, at: usize, open: &[bool]) -> Vec<usize> {
        let ids = |at: usize| {
            self.checks[at].formula.iter().flat_map(|formula| formula.facts()).collect::<Vec<_>>()
        };
        let own = ids(at);
        let near = &own[..own.len().min(FIGURES)];
        let mut all: Vec<usize> = own
            .iter()
            .take(FIGURES)
            .flat_map(|id| self.of_fact.get(id).map_or(&[][..], Vec::as_slice).iter().take(CHECKS))
            .copied()
            .filter(|&other| {
                open[other] && ids(other).iter().take(FIGURES).filter(|id| near.contains(id)).count() >= 2
            })
            .collect();
        all.push(at);
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn name<'a>(document: &'a Document, facts: &FactTable, id: FactId) -> (Option<u16>, &'a str) {
    let fact = facts.fact(id);
    match fact.measure {
        Some(measure) => (Some(measure.0), ""),
        None => (None, document.slice(fact.label)),
    }
}
