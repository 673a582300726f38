//! Lists of parts under a total: gathered while a sentence is read, closed where the list must end.
//!
//! Takes parts as they come; gives [`Relation::Sum`]. The grammar may leave open which figure is the total
//! and how far the list goes: the reading that ties is taken, else the likeliest.

use rust_decimal::Decimal;

use super::{Closure, Fact, FactId, FactTable, Relation};
use crate::lexer::ordinal::Style;

/// A list inside a sentence.
#[derive(Debug)]
pub struct OpenList {
    /// Figures that may be the total, likeliest first.
    pub totals: Vec<FactId>,
    /// Each part with the mark that parts it from the one before.
    pub parts: Vec<(FactId, char)>,
    /// Figures of the same items on another basis: 预算A、执行B, 满分A，得B.
    pub others: Vec<(FactId, char)>,
    /// How many parts stand before one that may be told beside the list.
    pub beside: Option<usize>,
    /// The first of the parts that 主要为 said to be parts of the one before them.
    pub nested: Option<usize>,
    /// 资产总额A，负债总额B。其中，甲资产总额C、负债总额D: several things of one part, and no parts of B.
    pub mixed: bool,
    /// Figures of another kind right behind each part: 31批次、286人次.
    pub side: Vec<FactId>,
    /// Only what 、 or 和 joins is an item.
    pub narrow: bool,
    /// Its total stands in another paragraph, if it is that.
    pub far: bool,
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
    pub totals: Vec<FactId>,
    /// The first figures of each item.
    pub items: Vec<Vec<FactId>>,
    /// Style of its marks; unknown until the first.
    pub style: Option<Style>,
    /// How many marks were open when the list was announced.
    pub depth: usize,
    /// Figures read now belong to the item just begun.
    pub inside: bool,
    /// 其中： ended its paragraph: the items stand below, with numbers or without.
    pub below: bool,
    /// They bear no numbers: nothing says where the list ends.
    pub plain: bool,
    /// No word announced it: 1.本年支出合计A。 and deeper numbers below.
    pub implied: bool,
}

/// Figures of one item that may be its amount: budget, outturn, and one more.
pub const ITEM_FIGURES: usize = 3;

impl OpenList {
    /// The likeliest total.
    pub fn total(&self) -> Option<FactId> {
        self.totals.first().copied()
    }

    /// Whether `part` stands before any mark that may end the list.
    pub fn surely_has(&self, part: FactId) -> bool {
        self.parts.iter().take(self.plain_length()).any(|(one, _)| *one == part)
    }

    /// Puts the score `id` in the place of `before`, the mark it is out of, where that is the last part.
    pub fn scored(&mut self, before: Option<FactId>, id: FactId) -> bool {
        let Some(last) = self.parts.last_mut().filter(|last| Some(last.0) == before) else { return false };
        self.others.push(*last);
        last.0 = id;
        true
    }

    /// Closes the list; parts that prove not to belong to it are given back for the list around it.
    pub fn close(mut self, table: &mut FactTable) -> Vec<(FactId, char)> {
        // Full marks told beside the scores: a hundred in all, so that none is left out.
        let marks = table.sum(self.others.iter().map(|(mark, _)| *mark));
        let whole = self.others.len() == self.parts.len() && marks == Decimal::ONE_HUNDRED;
        self.closed |= whole;
        self.sum_side(table);
        // 收支总预算A，其中：本年收入A；本年支出A: each is the whole.
        let value = |id: FactId| table.fact(id).amount.value;
        let whole = |total: &FactId| self.parts.iter().all(|(part, _)| value(*part) == value(*total));
        if self.parts.len() > 1 && self.totals.iter().any(|total| !value(*total).is_zero() && whole(total)) {
            return Vec::new();
        }
        let tied = self.tied(table);
        let tied = match self.nested.take().filter(|_| tied.is_none()) {
            Some(place) => {
                self.take_out(table, place);
                self.tied(table)
            }
            None => tied,
        };
        if tied.is_none() && self.mixed {
            return Vec::new();
        }
        if self.two_bases(table, tied.is_some()) && tied.is_none() {
            return Vec::new();
        }
        let (total, keep) = match tied {
            Some(reading) => reading,
            None => match self.nearest(table) {
                Some(total) => (total, self.likely_length(table, total)),
                None => return self.parts,
            },
        };
        if self.far && tied.is_none() && !self.comes_near(table, total, keep) {
            return Vec::new();
        }
        let rest = self.parts.split_off(keep);
        let parted = self.parts.get(1).is_some_and(|(_, mark)| matches!(mark, '；' | ';'));
        let parts: Vec<FactId> = self.parts.iter().map(|(part, _)| *part).collect();
        let closure = match (self.open || parts.len() < 2, self.closed) {
            (true, _) => Closure::Open,
            (false, true) => Closure::Closed,
            (false, false) if parted => Closure::Parted,
            (false, false) => Closure::Listed,
        };
        let others = self.totals.into_iter().filter(|other| tied.is_none() && *other != total);
        push_sum_or(table, total, others.collect(), parts, closure);
        rest
    }

    /// The first total that the parts make, and how many of them make it.
    fn tied(&self, table: &FactTable) -> Option<(FactId, usize)> {
        self.totals.iter().find_map(|total| Some((*total, self.tie(table, *total)?)))
    }

    /// 其中甲B，主要为乙C；丙D: the parts of 甲 are all that make it, with semicolons or without; else those before one.
    fn take_out(&mut self, table: &mut FactTable, place: usize) {
        let whole = self.parts[place - 1].0;
        let ids: Vec<FactId> = self.parts[place..].iter().map(|(part, _)| *part).collect();
        let coarser = |(_, mark): &(FactId, char)| matches!(mark, '；' | ';');
        let end = self.parts[place + 1..].iter().position(coarser).map_or(ids.len(), |more| more + 1);
        if ids.len() > 1 && ties(table, whole, &ids) {
            self.parts.truncate(place);
            push_sum(table, whole, ids, Closure::Listed);
        } else {
            self.parts.drain(place..place + end);
            push_sum(table, whole, ids[..end].to_vec(), Closure::Open);
        }
    }

    /// 接待68批次、632人次，其中甲31批次、286人次，乙37批次、346人次: each item has two figures, and so has the total.
    fn sum_side(&self, table: &mut FactTable) {
        if self.side.len() != self.parts.len() || self.side.len() < 2 {
            return;
        }
        let family = table.fact(self.side[0]).amount.family;
        let Some(total) = self.total() else { return };
        let block = table.fact(total).block;
        let beside = [total.0.checked_sub(1), total.0.checked_add(1)].into_iter().flatten().map(FactId);
        let whole = beside.into_iter().find(|id| {
            table.facts.get(id.0 as usize).is_some_and(|fact| {
                fact.amount.family == family && fact.block == block && !self.side.contains(id)
            })
        });
        if let Some(whole) =
            whole.filter(|_| self.side.iter().all(|id| table.fact(*id).amount.family == family))
        {
            let closure = if self.open { Closure::Open } else { Closure::Listed };
            push_sum(table, whole, self.side.clone(), closure);
        }
    }

    /// 预算A、执行B，预算C、执行D: sums the figures of each basis. Where one of the two ties the other must
    /// tie with a total that is left; where none does, only the one whose total has its basis is held to it.
    fn two_bases(&self, table: &mut FactTable, first_ties: bool) -> bool {
        if self.others.len() < 2 || self.others.len() > self.parts.len() {
            return false;
        }
        let ids = |parts: &[(FactId, char)]| parts.iter().map(|(part, _)| *part).collect::<Vec<_>>();
        let groups = [ids(&self.parts), ids(&self.others)];
        let mut left = self.totals.clone();
        let mut totals = groups.clone().map(|parts| {
            let total = left.iter().copied().find(|total| ties(table, *total, &parts))?;
            left.retain(|other| *other != total);
            Some(total)
        });
        let confirmed = first_ties || totals.iter().any(Option::is_some);
        for (total, parts) in totals.iter_mut().zip(&groups) {
            let basis = table.fact(parts[0]).basis;
            let same = |total: &FactId| basis.is_some() && table.fact(*total).basis == basis;
            *total = total
                .or_else(|| left.iter().copied().find(same))
                .or_else(|| left.first().copied().filter(|_| left.len() == 1 && confirmed));
        }
        let mut found = false;
        // Of both bases something is left over: the list names the main parts only.
        let leaves = |(total, parts): (&Option<FactId>, &Vec<FactId>)| {
            total.is_some_and(|total| {
                table.fact(total).amount.value > table.sum(parts.iter().copied())
                    && !ties(table, total, parts)
            })
        };
        let partial = totals.iter().zip(&groups).all(leaves);
        let closure = if partial { Closure::Open } else { Closure::Listed };
        for (place, parts) in groups.into_iter().enumerate() {
            if let Some(total) = totals[place].filter(|_| place == 1 || !first_ties) {
                push_sum(table, total, parts, closure);
                found = true;
            }
        }
        found
    }

    /// How many parts, from the first, add up to `total`: all of them, or the shortest run that is
    /// followed by a figure that would break it.
    fn tie(&self, table: &FactTable, total: FactId) -> Option<usize> {
        let total = table.fact(total).amount;
        let (mut sum, mut half) = (Decimal::ZERO, total.half);
        let mut found = None;
        for (place, (part, _)) in self.parts.iter().enumerate() {
            let amount = table.fact(*part).amount;
            sum = sum.saturating_add(amount.value);
            half = half.saturating_add(amount.half.min(total.half));
            // A total that is its first part leaves no room for the others.
            let more =
                || self.parts[place + 1..].iter().any(|(part, _)| !table.fact(*part).amount.value.is_zero());
            if sum.saturating_sub(total.value).abs() <= half && (place > 0 || !more()) {
                found = Some(place + 1);
                // Zeros behind a sum that ties are parts too.
                if self.parts[place + 1..].iter().any(|(part, _)| !table.fact(*part).amount.value.is_zero()) {
                    return found;
                }
            }
        }
        found
    }

    /// The first total of the parts' own basis that is not far off, else the first.
    fn nearest(&self, table: &FactTable) -> Option<FactId> {
        let sum = table.sum(self.parts.iter().map(|(part, _)| *part));
        let basis = self.parts.first().and_then(|(part, _)| table.fact(*part).basis);
        let away = |total: &FactId| {
            let total = table.fact(*total);
            let off = total.amount.value.saturating_sub(sum).abs();
            (
                basis.is_some() && total.basis != basis,
                off.saturating_mul(Decimal::from(5)) > total.amount.value,
            )
        };
        self.totals.iter().copied().min_by_key(away)
    }

    /// Up to where the punctuation turns coarser, and without what may be told beside the list, unless with it the parts come
    /// nearer to the total.
    fn likely_length(&self, table: &FactTable, total: FactId) -> usize {
        let plain = self.plain_length();
        let plain = self.sibling(table, total).map_or(plain, |place| plain.min(place));
        let Some(beside) = self.beside.filter(|beside| *beside < plain) else { return plain };
        if self.off(table, total, plain) < self.off(table, total, beside) { plain } else { beside }
    }

    /// 财政收入A，其中甲B；固定资产投资C: the first figure behind a semicolon that is more than the total is no part of it,
    /// but one of the total's kind; unless a point or a unit slipped in it, with which the list would tie.
    fn sibling(&self, table: &FactTable, total: FactId) -> Option<usize> {
        let whole = table.fact(total).amount;
        let value = |part: FactId| table.fact(part).amount.value;
        let beyond = |(part, mark): &(FactId, char)| matches!(mark, '；' | ';') && value(*part) > whole.value;
        let place = self.parts.iter().skip(1).position(beyond)? + 1;
        let large = value(self.parts[place].0);
        let others = table.sum(self.parts.iter().map(|(part, _)| *part)).saturating_sub(large);
        let slack = whole.half.saturating_mul(Decimal::from(self.parts.len() + 1));
        let slipped = (1..=4).any(|digits| {
            let meant = large.checked_div(Decimal::from(10u32.pow(digits))).unwrap_or(large);
            others.saturating_add(meant).saturating_sub(whole.value).abs() <= slack
        });
        (!slipped).then_some(place)
    }

    /// How far the first `count` parts are from the total.
    fn off(&self, table: &FactTable, total: FactId, count: usize) -> Decimal {
        table
            .sum(self.parts.iter().take(count).map(|(part, _)| *part))
            .saturating_sub(table.fact(total).amount.value)
            .abs()
    }

    /// Within a twentieth.
    fn comes_near(&self, table: &FactTable, total: FactId, count: usize) -> bool {
        let total_value = table.fact(total).amount.value;
        count >= 3 && self.off(table, total, count).saturating_mul(Decimal::from(20)) <= total_value
    }

    /// Up to where the punctuation turns coarser.
    fn plain_length(&self) -> usize {
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
    pub fn close(mut self, table: &mut FactTable) {
        if self.plain || self.implied {
            self.cut_off(table);
        }
        if self.items.len() < 2 || self.items.iter().any(Vec::is_empty) {
            return;
        }
        // 收、支总计A，其中：（一）收入总计A；（二）支出总计A: what equals the whole is the whole.
        let firsts: Vec<FactId> = self.items.iter().map(|item| item[0]).collect();
        self.totals.retain(|total| !holds_whole(table, *total, &firsts));
        let picks = |place: usize| -> Option<Vec<FactId>> {
            self.items.iter().map(|item| item.get(place).copied()).collect()
        };
        let readings: Vec<Vec<FactId>> = (0..ITEM_FIGURES).map_while(picks).collect();
        for parts in &readings {
            for &total in &self.totals {
                if ties(table, total, parts) {
                    return push_sum(table, total, parts.clone(), Closure::Listed);
                }
            }
        }
        // No reading ties: the first figures, where they come near to a total, are what was meant.
        if let Some(parts) = readings.first() {
            let off = |total: &FactId| {
                table.sum(parts.iter().copied()).saturating_sub(table.fact(*total).amount.value).abs()
            };
            let near = |total: &&FactId| {
                off(total).saturating_mul(Decimal::from(20)) <= table.fact(**total).amount.value
                    && !parts.contains(total)
            };
            if let Some(total) = self.totals.iter().filter(near).min_by_key(|total| off(total)).copied() {
                return push_sum(table, total, parts.clone(), Closure::Listed);
            }
        }
        // Else only a list that can be read in one way is held against its total.
        let like = |fact: &Fact, other: &Fact| {
            fact.basis == other.basis || fact.basis.is_none() || other.basis.is_none()
        };
        let Some(parts) = readings.into_iter().next() else { return };
        let head = *table.fact(parts[0]);
        let fitting: Vec<FactId> =
            self.totals.iter().copied().filter(|total| like(table.fact(*total), &head)).collect();
        if let ([total], true) = (&fitting[..], self.items.iter().all(|item| item.len() == 1)) {
            push_sum(table, *total, parts, Closure::Listed);
        }
    }
}

impl NumberedList {
    /// Ends a list of paragraphs where its first figures add up to a total, or come nearest to one.
    fn cut_off(&mut self, table: &FactTable) {
        let whole = self.items.iter().position(Vec::is_empty).unwrap_or(self.items.len());
        self.items.truncate(whole);
        let firsts: Vec<FactId> = self.items.iter().map(|item| item[0]).collect();
        let lengths = 2..=firsts.len();
        let tied = lengths
            .clone()
            .find(|length| self.totals.iter().any(|total| ties(table, *total, &firsts[..*length])));
        // Where none ties, only the likeliest total is what they may have been meant to make.
        let off = |length: usize, total: FactId| {
            let sum = table.sum(firsts[..length].iter().copied());
            sum.saturating_sub(table.fact(total).amount.value).abs()
        };
        let near = |(length, total): &(usize, FactId)| {
            off(*length, *total).saturating_mul(Decimal::from(20)) <= table.fact(*total).amount.value
        };
        let nearest = self.totals.first().and_then(|total| {
            let readings = lengths.map(|length| (length, *total));
            readings.min_by_key(|(length, total)| off(*length, *total)).filter(near)
        });
        match tied.or(nearest.map(|(length, _)| length)) {
            Some(length) => self.items.truncate(length),
            None => self.items.clear(),
        }
    }
}

fn holds_whole(table: &FactTable, total: FactId, parts: &[FactId]) -> bool {
    let value = table.fact(total).amount.value;
    let nonzero = parts.iter().filter(|part| !table.fact(**part).amount.value.is_zero()).count();
    nonzero > 1 && parts.iter().any(|part| table.fact(*part).amount.value == value)
}

fn ties(table: &FactTable, total: FactId, parts: &[FactId]) -> bool {
    let total = table.fact(total).amount;
    let amounts = parts.iter().map(|part| table.fact(*part).amount);
    let (sum, half) = amounts.fold((Decimal::ZERO, total.half), |(sum, half), amount| {
        (sum.saturating_add(amount.value), half.saturating_add(amount.half.min(total.half)))
    });
    sum.saturating_sub(total.value).abs() <= half
}

pub fn push_sum(table: &mut FactTable, total: FactId, parts: Vec<FactId>, closure: Closure) {
    push_sum_or(table, total, Vec::new(), parts, closure);
}

fn push_sum_or(table: &mut FactTable, total: FactId, or: Vec<FactId>, parts: Vec<FactId>, closure: Closure) {
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
    table.relations.push(Relation::Sum { total, or, parts, closure });
}
