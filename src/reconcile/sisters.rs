//! Shares told beside each other are of one whole.
//!
//! Takes the checks of shares; gives those whose whole the text leaves open the whole of their sisters.

use rustc_hash::FxHashSet;

use super::evaluate::Formula;
use super::{Check, State, Strength, Why};
use crate::document::Document;
use crate::facts::{FactId, FactTable, Relation};

/// Blocks between the items of one list of shares.
const SISTERS: u32 = 3;

/// 甲占A%，乙占B%，丙占C%: what two of them are of is what the third is of, where its own clause leaves that open.
pub fn share_one_whole(document: &Document, facts: &FactTable, checks: &mut [Check]) {
    let wholes: Vec<(u32, FactId)> = checks
        .iter()
        .filter(|check| check.kind == "share" && check.state < State::Fails)
        .filter_map(|check| match check.formula {
            Some(Formula::Ratio { rate, denominator, .. }) => Some((facts.fact(rate).block, denominator)),
            _ => None,
        })
        .collect();
    if wholes.len() < 2 {
        return;
    }
    for check in checks.iter_mut().filter(|check| check.kind == "share") {
        if check.why != Some(Why::SeveralReadings) {
            continue;
        }
        let Some(Formula::Ratio { rate, numerator, denominator }) = check.formula else { continue };
        let block = facts.fact(rate).block;
        let from = wholes.partition_point(|(place, _)| place + SISTERS < block);
        let near = wholes[from..].iter().take_while(|(place, _)| *place <= block + SISTERS);
        let near: Vec<FactId> = near.map(|(_, whole)| *whole).take(NEAR).collect();
        let told = |whole: FactId| near.iter().filter(|other| **other == whole).count();
        let most = near.iter().copied().max_by_key(|whole| (told(*whole), *whole == denominator));
        if let Some(whole) = most.filter(|whole| told(*whole) >= 2 && *whole != numerator) {
            let formula = Formula::Ratio { rate, numerator, denominator: whole };
            *check = Check::of("share", formula, Strength::Sure, document, facts);
        }
    }
}

/// Shares looked at around one.
const NEAR: usize = 24;

/// 基本支出A，占P%；项目支出B，占Q%: where Q is of nothing that was said, it is of what P is of, right or wrong.
pub fn follow(document: &Document, facts: &FactTable, checks: &mut [Check]) {
    let open: FxHashSet<FactId> = facts
        .relations
        .iter()
        .filter_map(|relation| match relation {
            Relation::Share { rate, named: false, .. } => Some(*rate),
            _ => None,
        })
        .collect();
    let shares = |check: &Check| match check.formula {
        Some(Formula::Ratio { rate, numerator, denominator }) if check.kind == "share" => {
            Some((rate, numerator, denominator))
        }
        _ => None,
    };
    let held: Vec<(u32, FactId, FactId)> = checks
        .iter()
        .filter(|check| check.state < State::Fails)
        .filter_map(|check| shares(check).map(|(rate, _, whole)| (facts.fact(rate).block, rate, whole)))
        .collect();
    for check in checks.iter_mut().filter(|check| check.state == State::Fails) {
        let Some((rate, numerator, denominator)) = shares(check).filter(|(rate, ..)| open.contains(rate))
        else {
            continue;
        };
        let block = facts.fact(rate).block;
        let mut near = held.iter().filter(|(place, sister, _)| *place == block && open.contains(sister));
        let Some((_, _, whole)) = near.next() else { continue };
        let value = |id: FactId| facts.fact(id).amount.value;
        if near.all(|(_, _, other)| value(*other) == value(*whole))
            && value(*whole) != value(denominator)
            && *whole != numerator
        {
            let formula = Formula::Ratio { rate, numerator, denominator: *whole };
            *check = Check::of("share", formula, Strength::Sure, document, facts);
        }
    }
}
