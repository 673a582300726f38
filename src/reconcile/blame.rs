//! Whom to blame: one root cause, one finding.
//!
//! All checks form a graph over the figures. For each failing check everything that would explain it is
//! weighed (`suspects`); what must assume clearly least is the cause, with all the failing checks that it
//! mends. Where two figures are about equally likely neither is blamed, and both are shown.
//!
//! Bounded: `suspects` says how.

use rust_decimal::Decimal;

use super::slip::Slip;
use super::suspects::{FIGURES, Graph, Suspicion};
use super::{Check, State};
use crate::document::Document;
use crate::facts::{Amount, FactId, FactTable};

/// How much more must be assumed for every other figure, in tenths of a bit: between five and six to one.
const MARGIN: i32 = 25;

/// One root cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// The check that tells it best; place among the checks.
    pub check: usize,
    /// All failing checks that it explains, `check` among them.
    pub explains: Vec<usize>,
    /// The likeliest figure; `None` where it is a word, or nothing explains the failure.
    pub suspect: Option<FactId>,
    /// The evidence decides for the suspect.
    pub decided: bool,
    /// The value it should have, in base units, where that is certain too; the amount says to how many
    /// digits.
    pub meant: Option<Amount>,
    pub slip: Option<Slip>,
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
        let cause = cause(&graph, facts, checks, at, &open);
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
        "sum" | "product" | "table-total" => 7,
        "identity" => 6,
        "indicator" => 5,
        "claim" => 4,
        "growth" => 4,
        "completion" | "share" => 3,
        "equality" | "table-text" | "table-table" => 2,
        _ => 1,
    }
}

fn cause(graph: &Graph, facts: &FactTable, checks: &[Check], at: usize, open: &[bool]) -> Cause {
    let all = graph.suspicions(at, open);
    // Where nothing else decides, a rate is reckoned from the others and not they from it.
    let least = all.first().map_or(0, |best| best.cost);
    let reckoned = all.iter().find(|one| one.reckoned && one.cost - least < MARGIN);
    let best = reckoned.or(all.first());
    let rival = best.and_then(|best| all.iter().find(|other| other.fact != best.fact));
    let clear = |best: &Suspicion, other: Option<&Suspicion>| {
        other.is_none_or(|other| other.cost - best.cost >= MARGIN)
    };
    let decided = best.filter(|best| best.reckoned || clear(best, rival));
    // The same figure may have been meant to be several values.
    let other_value = decided.and_then(|best| {
        all.iter().find(|other| other.fact == best.fact && other.meant != best.meant && other.meant.is_some())
    });
    // 100% is said as much as reckoned: what it should be is for the author to say.
    let said = |best: &&Suspicion| {
        let whole =
            |amount: Amount| amount.value == Decimal::ONE_HUNDRED && amount.half >= Decimal::new(5, 1);
        best.reckoned && best.fact.is_some_and(|fact| whole(facts.fact(fact).amount))
    };
    let certain = decided.filter(|best| clear(best, other_value) && !said(best));
    let meant = certain.and_then(|best| Some((best.fact?, best.meant?))).map(|(fact, value)| {
        let (own, custom) = (facts.fact(fact).amount, graph.custom(fact).half);
        // The digits stay and the point moves.
        let moved = value.checked_div(own.value).and_then(|by| own.half.checked_mul(by));
        let shifted = best.is_some_and(|best| best.slip == Some(Slip::Point));
        Amount { value, half: custom.or(moved.filter(|_| shifted)).unwrap_or(own.half), ..own }
    });
    let mut explains = best.map(|best| best.mends.clone()).unwrap_or_default();
    // Words about the figures fall with them; undecided, so does every check over the very same figures.
    let same = same_figures(graph, checks, at, open).into_iter();
    explains.extend(same.filter(|one| decided.is_none() || checks[*one].kind == "claim"));
    explains.sort_unstable();
    explains.dedup();
    let told = explains.iter().copied().max_by_key(|&one| (rank(checks[one].kind), one == at)).unwrap_or(at);
    let stale = decided.is_some_and(|best| best.slip.is_none())
        && matches!(checks[told].kind, "sum" | "equality" | "identity");
    Cause {
        check: told,
        explains,
        suspect: best.and_then(|best| best.fact),
        decided: decided.is_some(),
        meant,
        slip: best.and_then(|best| best.slip).or(stale.then_some(Slip::Stale)),
    }
}

/// Undecided: failing checks over the very same figures are one cause.
fn same_figures(graph: &Graph, checks: &[Check], at: usize, open: &[bool]) -> Vec<usize> {
    let ids = |at: usize| checks[at].formula.iter().flat_map(|formula| formula.facts()).collect::<Vec<_>>();
    let own = ids(at);
    let near = &own[..own.len().min(FIGURES)];
    let mut all: Vec<usize> = near
        .iter()
        .flat_map(|id| graph.checks_of(*id))
        .copied()
        .filter(|&other| {
            open[other] && ids(other).iter().take(FIGURES).filter(|id| near.contains(id)).count() >= 2
        })
        .collect();
    all.push(at);
    all
}
