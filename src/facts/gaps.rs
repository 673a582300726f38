//! What keeps a figure from being read whole: in a fact with measure, basis and period.
//!
//! Takes the fact table; gives the [`Gap`] of each figure that has one. The reasons are for people who add
//! to the lexicon.

use serde::Serialize;

use super::{Fact, FactTable, Role};
use crate::document::{BlockKind, Document};
use crate::lexer::{Lexed, Notation, Quantity};
use crate::rules::{RuleSet, WordClass};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// In a table whose head and rows do not say what it is.
    Table,
    /// In a page number or a running head.
    Furniture,
    /// 15%～30%
    Range,
    /// 500元/人
    PerHead,
    /// In no fact, for no other reason known here.
    Unread,
    /// No words before it that name it.
    NoLabel,
    /// 预算, 决算 … is said, but not of what: mostly the total of what the section is about.
    BasisAlone,
    /// Named by words that the lexicon does not have.
    UnknownLabel,
    /// 预算, 决算 … is not said, and its name does not imply it.
    NoBasis,
    /// Neither it nor the report has a year.
    NoPeriod,
}

impl Gap {
    /// It is known what the figure is, though not all of it.
    pub fn is_partial(self) -> bool {
        matches!(self, Gap::BasisAlone | Gap::UnknownLabel | Gap::NoBasis | Gap::NoPeriod)
    }
}

/// A figure that is to be read: printed with a unit. 三个 and 五方面 count what stands around them.
pub fn is_counted(quantity: &Quantity) -> bool {
    quantity.unit.is_some() && quantity.notation != Notation::Chinese
}

/// Every figure to be read that has a gap: its place in `Lexed::quantities`, its fact, the gap.
pub fn gaps<'a>(
    document: &'a Document,
    rules: &'a RuleSet,
    lexed: &'a Lexed,
    table: &'a FactTable,
) -> impl Iterator<Item = (usize, Option<&'a Fact>, Gap)> {
    let mut of_quantity: Vec<Option<&Fact>> = vec![None; lexed.quantities.len()];
    for fact in &table.facts {
        if let Some(slot) = fact.quantity.and_then(|place| of_quantity.get_mut(place as usize)) {
            // A figure that stands for several labels (均为5万元) is read if one of them is.
            *slot = slot.or(Some(fact));
        }
    }
    let counted = lexed.quantities.iter().zip(of_quantity).enumerate();
    counted.filter(|(_, (quantity, _))| is_counted(quantity)).filter_map(|(place, (quantity, fact))| {
        let gap = match fact {
            Some(fact) => gap_of(document, rules, fact),
            None => Some(unread(document, quantity)),
        };
        gap.map(|gap| (place, fact, gap))
    })
}

fn gap_of(document: &Document, rules: &RuleSet, fact: &Fact) -> Option<Gap> {
    if fact.role != Role::Value {
        return None;
    }
    let money = fact.measure.is_some_and(|measure| rules.lexicon.measure(measure).family == "money");
    // 项目支出 and 其他收入 say whether they are spent or received; 公务接待费 does not.
    let label = document.slice(fact.label);
    let says = rules.lexicon.holds(WordClass::Direction, label);
    match fact.measure {
        None if fact.label.is_empty() && fact.basis.is_some() => Some(Gap::BasisAlone),
        None if fact.label.is_empty() => Some(Gap::NoLabel),
        None => Some(Gap::UnknownLabel),
        Some(_) if money && !says && fact.basis.is_none() => Some(Gap::NoBasis),
        Some(_) if fact.period.is_none() => Some(Gap::NoPeriod),
        Some(_) => None,
    }
}

fn unread(document: &Document, quantity: &Quantity) -> Gap {
    let at = document.blocks.partition_point(|block| block.span.end <= quantity.span.start);
    match document.blocks.get(at).map(|block| block.kind) {
        Some(BlockKind::Row { .. }) => Gap::Table,
        Some(BlockKind::PageFurniture) => Gap::Furniture,
        _ if quantity.upper.is_some() => Gap::Range,
        _ if quantity.per => Gap::PerHead,
        _ => Gap::Unread,
    }
}
