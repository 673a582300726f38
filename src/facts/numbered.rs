//! Values as items of a numbered list: announced by 如下 or 其中：, or by a total above deeper numbers.
//!
//! The part of the clause grammar that follows numbering marks; which figures were meant is settled in `lists`.

use super::clauses::Reader;
use super::lists::{ITEM_FIGURES, NumberedList};
use super::region::Region;
use super::{FactId, Role};
use crate::lexer::ordinal::Style;

/// Paragraphs below 其中： that may be its items.
const PLAIN_ITEMS: usize = 12;

impl Reader<'_> {
    /// 具体情况如下: numbered items follow, parts of a figure of this sentence or the one before.
    pub(super) fn announce(&mut self) {
        let near = if self.values.is_empty() { &self.previous } else { &self.values };
        let mut totals: Vec<FactId> = near.iter().copied().take(6).collect();
        totals.extend(self.first.filter(|first| !totals.contains(first)));
        // 收入A，支出B，其中： divides the last figure more often than any other.
        let family = |id: FactId| self.table.fact(id).amount.family;
        let alike = near.iter().rev().copied().find(|id| family(*id) == family(near[0]));
        if let Some(last) = alike.filter(|_| self.opening) {
            totals.retain(|total| *total != last);
            totals.insert(0, last);
        }
        let depth = self.marks.len();
        if !totals.is_empty() {
            let (items, style, below) = (Vec::new(), None, self.opening);
            self.numbered.push(NumberedList {
                totals,
                items,
                style,
                depth,
                inside: false,
                below,
                plain: false,
                implied: false,
            });
        }
    }

    /// 1.本年支出合计A。 and （1）, （2） below it, in paragraphs of their own: its parts, if they come near it.
    fn implied_list(&mut self) {
        let depth = self.marks.len();
        let whole = self.told_last.filter(|id| {
            let fact = self.table.fact(*id);
            fact.measure.is_some_and(|measure| self.is_total(measure)) && fact.block + 1 == self.block
        });
        if let Some(total) = whole
            && self.numbered.last().is_none_or(|list| list.depth < depth)
        {
            self.numbered.push(NumberedList {
                totals: vec![total],
                items: Vec::new(),
                style: None,
                depth,
                inside: false,
                below: false,
                plain: false,
                implied: true,
            });
        }
    }

    /// No other figure of its kind was told behind it.
    pub(super) fn is_alone(&self, first: FactId) -> bool {
        let family = self.table.fact(first).amount.family;
        let mut behind = self.table.facts[first.0 as usize + 1..].iter();
        behind.all(|fact| fact.role != Role::Value || fact.amount.family != family)
    }

    /// A paragraph without a number below one that ended with 其中： is an item of its list.
    pub(super) fn plain_item(&mut self) {
        let depth = self.marks.len();
        let Some(list) = self.numbered.last_mut() else { return };
        let open = list.below && list.depth == depth && list.style.is_none();
        let open = open && list.items.len() < PLAIN_ITEMS;
        let told = list.items.last().is_none_or(|item| !item.is_empty());
        if open && told {
            (list.inside, list.plain) = (true, true);
            list.items.push(Vec::new());
        } else if list.plain
            && let Some(list) = self.numbered.pop()
        {
            list.close(&mut self.table);
        }
    }

    pub(super) fn numbering(&mut self, style: Style, value: u32) {
        self.stated_zero();
        self.end_change();
        if self.opening && !self.values.is_empty() {
            self.announce();
        }
        self.opening = false;
        while !self.lists.is_empty() {
            self.close_list();
        }
        self.region = Region::default();
        match self.marks.iter().position(|open| *open == style) {
            Some(place) => self.marks.truncate(place + 1),
            None => {
                self.implied_list();
                self.marks.push(style);
            }
        }
        let depth = self.marks.len();
        while self.numbered.last().is_some_and(|list| list.depth >= depth || list.plain) {
            if let Some(list) = self.numbered.pop() {
                list.close(&mut self.table);
            }
        }
        self.divided_again(style, value);
        if let Some(list) = self.numbered.last_mut() {
            if list.style.is_none() {
                list.style = Some(style);
            }
            list.inside = list.style == Some(style);
            if list.inside {
                list.items.push(Vec::new());
            }
        }
    }

    /// ——按来源 1.甲 2.乙 ——按用途 1.丙 2.丁: where the numbers begin again, the total is divided once more.
    fn divided_again(&mut self, style: Style, value: u32) {
        let again = |list: &mut NumberedList| {
            value == 1 && list.style == Some(style) && list.items.iter().any(|item| !item.is_empty())
        };
        let Some(list) = self.numbered.pop_if(again) else { return };
        let (totals, depth) = (list.totals.clone(), list.depth);
        list.close(&mut self.table);
        self.numbered.push(NumberedList {
            totals,
            items: Vec::new(),
            style: None,
            depth,
            inside: false,
            below: false,
            plain: false,
            implied: true,
        });
    }

    /// The first figures of a numbered item: one of them is its amount.
    pub(super) fn numbered_value(&mut self, id: FactId) {
        let family = self.table.fact(id).amount.family;
        let Some(list) = self.numbered.last_mut().filter(|list| list.inside) else { return };
        let alike = self.lists.is_empty()
            && list.totals.first().is_some_and(|total| self.table.fact(*total).amount.family == family);
        if let Some(item) = list.items.last_mut().filter(|item| alike && item.len() < ITEM_FIGURES) {
            item.push(id);
        }
    }
}
