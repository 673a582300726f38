//! Lists of parts under a total: gathered while a sentence is read, closed where the list must end.
//!
//! Takes parts as they come; gives [`Relation::Sum`]. It settles how long a list is where the sentence
//! leaves that open: the shortest run of parts that ties, else where the punctuation changes.

use rust_decimal::Decimal;

use super::{Closure, FactId, FactTable, Relation};
use crate::lexer::ordinal::Style;

/// A list inside a sentence.
#[derive(Debug)]
pub struct OpenList {
    pub total: FactId,
    /// Each part with the mark that parts it from the one before.
    pub parts: Vec<(FactId, char)>,
    /// 等, 主要, 重点 … were said of it.
    pub open: bool,
    /// 分别为, 由…组成
    pub closed: bool,
    /// Depth of brackets it was opened in.
    pub depth: usize,
}

/// A list whose items are numbered sentences or paragraphs.
#[derive(Debug)]
pub struct NumberedList {
    pub total: FactId,
    pub parts: Vec<FactId>,
    /// Style of its marks; unknown until the first.
    pub style: Option<Style>,
    /// How many marks were open when the list was announced.
    pub depth: usize,
    /// The next figure is the amount of the item just begun.
    pub awaiting: bool,
    pub open: bool,
}

impl OpenList {
    /// Closes the list; parts that prove not to belong to it are given back for the list around it.
    pub fn close(mut self, table: &mut FactTable) -> Vec<(FactId, char)> {
        let keep = self.length(table);
        let rest = self.parts.split_off(keep);
        let parts: Vec<FactId> = self.parts.iter().map(|(part, _)| *part).collect();
        let closure = match (self.open || parts.len() < 2, self.closed) {
            (true, _) => Closure::Open,
            (false, true) => Closure::Closed,
            (false, false) => Closure::Listed,
        };
        push_sum(table, self.total, parts, closure);
        rest
    }

    fn length(&self, table: &FactTable) -> usize {
        let total = table.fact(self.total).amount;
        let (mut sum, mut half) = (Decimal::ZERO, total.half);
        for (place, (part, _)) in self.parts.iter().enumerate() {
            let amount = table.fact(*part).amount;
            sum = sum.saturating_add(amount.value);
            half = half.saturating_add(amount.half);
            let ties = sum.saturating_sub(total.value).abs() <= half;
            // A first part equal to the whole list's total is the whole list: the rest stands beside it.
            if ties
                && self.parts[place + 1..].iter().any(|(part, _)| !table.fact(*part).amount.value.is_zero())
            {
                return place + 1;
            }
        }
        let first = self.parts.get(1).map(|(_, mark)| *mark);
        let coarser = |mark: char| {
            matches!((first, mark), (Some('、'), '，' | ',' | '；' | ';') | (Some('，' | ','), '；' | ';'))
        };
        self.parts
            .iter()
            .skip(2)
            .position(|(_, mark)| coarser(*mark))
            .map_or(self.parts.len(), |place| place + 2)
    }
}

impl NumberedList {
    pub fn close(self, table: &mut FactTable) {
        if self.parts.len() >= 2 {
            push_sum(table, self.total, self.parts, if self.open { Closure::Open } else { Closure::Listed });
        }
    }
}

pub fn push_sum(table: &mut FactTable, total: FactId, parts: Vec<FactId>, closure: Closure) {
    if parts.is_empty() || parts.contains(&total) {
        return;
    }
    let head = *table.fact(total);
    for part in &parts {
        let fact = &mut table.facts[part.0 as usize];
        fact.under = fact.under.or(Some(total));
        fact.basis = fact.basis.or(head.basis);
        fact.period = fact.period.or(head.period);
        fact.fund = fact.fund.or(head.fund);
    }
    table.relations.push(Relation::Sum { total, parts, closure });
}
