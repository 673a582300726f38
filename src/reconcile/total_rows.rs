//! The last row of a table told in the text: 改造小区28个、楼栋227栋，惠及居民7616户，分年度情况见表1.
//!
//! Takes the cells of total rows and the sentences around their table. Where a sentence repeats several cells of one row, what
//! it tells in the unit of another column is that column's total, too.

use rustc_hash::FxHashMap;

use super::evaluate::Formula;
use super::price::{digits, in_unit};
use super::slip::slip;
use super::{Check, Strength};
use crate::document::Document;
use crate::facts::{CellRelation, FactId, FactTable, Role};

/// Paragraphs before and after a table that may repeat its totals.
const AROUND: u32 = 8;
/// Cells of a row looked at.
const CELLS: usize = 16;

pub fn check(document: &Document, facts: &FactTable, checks: &mut Vec<Check>) {
    let mut rows: Vec<u32> = Vec::new();
    for relation in facts.tables.iter().flat_map(|group| &group.readings).flatten() {
        if let CellRelation::Sum { total, parts } = relation
            && parts.len() >= 2
        {
            rows.push(facts.fact(*total).sentence);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        let cells: Vec<FactId> = facts
            .ids()
            .skip(facts.facts.partition_point(|fact| fact.sentence < row))
            .take_while(|id| facts.fact(*id).sentence == row)
            .filter(|id| facts.fact(*id).cell.is_some() && facts.fact(*id).role == Role::Value)
            .take(CELLS)
            .collect();
        if cells.len() >= 3 {
            checks.extend(repeated(document, facts, &cells));
        }
    }
}

/// Checks of what sentences around tell in the place of one of `cells`.
fn repeated(document: &Document, facts: &FactTable, cells: &[FactId]) -> Vec<Check> {
    let block = facts.fact(cells[0]).block;
    let from = facts.facts.partition_point(|fact| fact.block + AROUND < block);
    let around = facts.ids().skip(from).take_while(|id| facts.fact(*id).block <= block + AROUND);
    let mut sentences: FxHashMap<u32, Vec<FactId>> = FxHashMap::default();
    for id in around {
        let fact = facts.fact(id);
        if fact.cell.is_none() && fact.role == Role::Value && fact.amount.is_exact() && !fact.broken {
            sentences.entry(fact.sentence).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    let mut order: Vec<_> = sentences.into_iter().collect();
    order.sort_unstable_by_key(|(sentence, _)| *sentence);
    for (_, told) in order {
        let same = |one: FactId, other: FactId| {
            let (a, b) = (facts.fact(one).amount, facts.fact(other).amount);
            a.family == b.family && a.value == b.value
        };
        let agree = cells.iter().filter(|cell| told.iter().any(|id| same(*id, **cell))).count();
        if agree < 2 {
            continue;
        }
        // Cells that the sentence does not repeat, and its figures that no cell has.
        let left: Vec<FactId> =
            cells.iter().copied().filter(|cell| !told.iter().any(|id| same(*id, *cell))).collect();
        for &id in told.iter().filter(|id| !cells.iter().any(|cell| same(**id, *cell))) {
            let amount = facts.fact(id).amount;
            let mut like = left.iter().filter(|cell| facts.fact(**cell).amount.family == amount.family);
            let (Some(&cell), None) = (like.next(), like.next()) else { continue };
            let other = facts.fact(cell).amount;
            let ((own, scale), (meant, finer)) =
                (in_unit(amount.value, &amount), in_unit(other.value, &amount));
            let scale = scale.max(finer);
            if digits(meant, scale) >= 3 && slip(meant, own, scale).is_some() {
                let formula = Formula::Equal { facts: vec![id, cell] };
                found.push(Check::of("table-text", formula, Strength::Sure, document, facts));
            }
        }
    }
    found
}
