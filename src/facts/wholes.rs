//! What a share or a rate is of, where it is told in other words or in another place: 县级资金占P% a sentence after the
//! figures, 占全年总支出的P% after 支出总额A, a whole that stands behind, the marks of a table.
//!
//! The part of the clause grammar that looks for wholes by their names, and once more at the end of the report.

use super::clauses::Reader;
use super::{Fact, FactId, Relation, Role, Surety};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::document::Span;
use crate::rules::{FamilyId, MeasureId, WordClass};

/// Figures looked through for a name.
const FAR: usize = 400;
/// Figures of the paragraph looked through for a part.
const NEAR: usize = 48;
/// Characters from which the end of a label is name enough.
const NAME: usize = 4;
/// Shares beside each other from which their whole can be told.
const ROW: usize = 3;
/// Words that say in what the part is counted: 跨省务工人数 after 跨省务工3265人.
const COUNTED: [&str; 6] = ["人数", "户数", "个数", "数量", "数", "资金"];

impl Reader<'_> {
    /// 县级资金占P%: the words before 占 name a figure of the paragraph, and stand behind no other.
    pub(super) fn shares_by_label(&self) -> bool {
        let label = self.region.subject.label;
        let behind_figure = self.table.facts.last().is_some_and(|last| last.value_span.end == label.start);
        !behind_figure && self.told_by_label(label).is_some()
    }

    /// The figure of the paragraph that goes by the name, where it has one value.
    pub(super) fn told_by_label(&self, label: Span) -> Option<FactId> {
        let words = self.document.slice(label);
        words.chars().nth(1)?;
        let is_called = |fact: &Fact| {
            let own = self.document.slice(fact.label);
            own.chars().nth(1).is_some()
                && (own == words || words.strip_prefix(own).is_some_and(|rest| COUNTED.contains(&rest)))
        };
        let before = self.table.facts.iter().enumerate().rev().take(NEAR);
        let here = before.take_while(|(_, fact)| fact.block == self.block);
        let mut named = here.filter(|(_, fact)| {
            fact.role == Role::Value && Some(fact.amount.family) != self.percent && is_called(fact)
        });
        let (place, first) = named.next()?;
        named.all(|(_, other)| other.amount.value == first.amount.value).then_some(FactId(place as u32))
    }

    /// 可用资金 of 营养餐项目可用资金: the label, or the end of it.
    pub(super) fn is_called(&self, fact: &Fact, words: &str) -> bool {
        let own = self.document.slice(fact.label);
        words.chars().nth(2).is_some() && own == words
            || words.chars().nth(NAME - 1).is_some() && own.ends_with(words)
    }

    /// What all was spent, or received, under its other names.
    pub(super) fn other_totals(&self, measure: MeasureId) -> Vec<FactId> {
        let lexicon = &self.rules.lexicon;
        let way = |measure: MeasureId| {
            let id = lexicon.measure(measure).id.as_str();
            let plain = !id.contains("拨款") && !id.contains("预算");
            lexicon.words(WordClass::Direction).iter().find(|word| plain && id.contains(word.as_str()))
        };
        let Some(own) = way(measure) else { return Vec::new() };
        let all = self.table.facts.iter().enumerate().rev().take(FAR);
        let told = all.filter(|(_, fact)| {
            fact.role == Role::Value
                && fact.cell.is_none()
                && self.table.is_current(fact)
                && !self.is_budget(fact.basis)
                && fact.measure.is_some_and(|other| self.is_total(other) && way(other) == Some(own))
        });
        told.map(|(place, _)| FactId(place as u32)).take(2).collect()
    }

    /// 全年支出 after 累计支付A: what was spent under no name at all.
    pub(super) fn unnamed_spent(&self, measure: MeasureId) -> Vec<FactId> {
        let lexicon = &self.rules.lexicon;
        if !lexicon.holds(WordClass::Spent, lexicon.measure(measure).id.as_str()) {
            return Vec::new();
        }
        let all = self.table.facts.iter().enumerate().rev().take(FAR);
        let told = all.filter(|(_, fact)| {
            fact.role == Role::Value
                && fact.measure.is_none()
                && fact.label.is_empty()
                && self.group_of(fact) == "outturn"
                && Some(fact.amount.family) == self.money
                && fact.under.is_none()
                && fact.cell.is_none()
                && self.table.is_current(fact)
        });
        told.map(|(place, _)| FactId(place as u32)).take(3).collect()
    }

    /// 基本支出A，占P%: of all that was spent, as the identities have it.
    pub(super) fn split_total(&self, part: FactId) -> Option<FactId> {
        let fact = *self.table.fact(part);
        let measure = fact.measure?;
        let whole = |split: &&crate::rules::Split| split.required.contains(&measure);
        self.rules.splits.iter().filter(whole).find_map(|split| {
            let mut told = self.told_before(split.total);
            told.retain(|id| {
                let whole = self.table.fact(*id);
                self.is_now(*id)
                    && whole.cell.is_none()
                    && whole.amount.value >= fact.amount.value
                    && (whole.fund == fact.fund || whole.fund.is_none())
                    && (whole.basis == fact.basis
                        || !self.is_budget(whole.basis) && !self.is_budget(fact.basis))
            });
            let value = self.table.fact(*told.first()?).amount.value;
            told.iter().all(|id| self.table.fact(*id).amount.value == value).then(|| told[0])
        })
    }

    /// What was read as a share of nothing, once the whole report is known.
    pub(super) fn find_wholes(&mut self) {
        for place in 0..self.table.relations.len() {
            let Relation::Share { part, whole, .. } = &self.table.relations[place] else { continue };
            let (&[part], true) = (&part[..], whole.is_empty()) else { continue };
            // Of the list that the part proved to stand in.
            let found = self.table.fact(part).under.or_else(|| self.called_anywhere(place, part));
            if let (Some(found), Relation::Share { whole, named, .. }) =
                (found.filter(|whole| *whole != part), &mut self.table.relations[place])
            {
                (*whole, *named) = (vec![found], false);
            }
        }
        for (rate, got) in std::mem::take(&mut self.unmarked) {
            if let Some(mark) = self.mark_in_table(got) {
                let (done, plan) = (vec![got], vec![mark]);
                self.table.relations.push(Relation::Completion { done, plan, rate, surety: Surety::Said });
            }
        }
    }

    /// 按功能分类：甲A，占P%；乙B，占Q%；…: shares of nothing that is named, beside each other. What all of them but one are of
    /// is what they are of.
    pub(super) fn share_out_rows(&mut self) {
        let mut rows: Vec<Vec<(usize, FactId, FactId)>> = Vec::new();
        for (place, relation) in self.table.relations.iter().enumerate() {
            let Relation::Share { part, whole, rate, .. } = relation else { continue };
            let (&[part], true) = (&part[..], whole.is_empty()) else { continue };
            let sentence = self.table.fact(*rate).sentence;
            match rows.last_mut().filter(|row| self.table.fact(row[0].2).sentence == sentence) {
                Some(row) => row.push((place, part, *rate)),
                None => rows.push(vec![(place, part, *rate)]),
            }
        }
        for row in rows.into_iter().filter(|row| row.len() >= ROW) {
            let Some(of) = self.whole_of_row(&row) else { continue };
            for (place, ..) in row {
                if let Relation::Share { whole, named, .. } = &mut self.table.relations[place] {
                    (*whole, *named) = (vec![of], true);
                }
            }
        }
    }

    fn whole_of_row(&self, row: &[(usize, FactId, FactId)]) -> Option<FactId> {
        let first = *self.table.fact(row[0].1);
        let ties = |whole: Decimal| {
            let is_tie = |&&(_, part, rate): &&(usize, FactId, FactId)| {
                let (part, rate) = (self.table.fact(part).amount, self.table.fact(rate).amount);
                let percent = part.value.saturating_mul(Decimal::ONE_HUNDRED).checked_div(whole);
                percent.is_some_and(|percent| percent.saturating_sub(rate.value).abs() <= rate.half)
            };
            row.iter().filter(is_tie).count()
        };
        let before = self.table.facts[..row[0].1.0 as usize].iter().enumerate().rev().take(NEAR);
        let told = before.filter(|(_, fact)| {
            fact.role == Role::Value
                && fact.cell.is_none()
                && fact.amount.family == first.amount.family
                && fact.amount.is_exact()
                && fact.amount.value > Decimal::ZERO
        });
        let (place, most) =
            told.map(|(place, fact)| (place, ties(fact.amount.value))).rev().max_by_key(|one| one.1)?;
        (most + 1 >= row.len()).then_some(FactId(place as u32))
    }

    /// 与上年相比，本年收入增加A，增长P%, and what came in is told in the next section.
    pub(super) fn find_changed(&mut self) {
        let changes = std::mem::take(&mut self.early_changes);
        if changes.is_empty() {
            return;
        }
        // One pass for all of them: the first figure of each subject, while the others say the same.
        let mut told: FxHashMap<(MeasureId, FamilyId), Option<FactId>> = FxHashMap::default();
        for (place, fact) in self.table.facts.iter().enumerate() {
            let Some(measure) = fact.measure.filter(|_| fact.role == Role::Value && fact.cell.is_none())
            else {
                continue;
            };
            if fact.under.is_some() || !self.table.is_current(fact) || self.is_budget(fact.basis) {
                continue;
            }
            let first = told.entry((measure, fact.amount.family)).or_insert(Some(FactId(place as u32)));
            if first.is_some_and(|id| self.table.fact(id).amount.value != fact.amount.value) {
                *first = None;
            }
        }
        for (place, subject) in changes {
            let Relation::Change { amount: Some(amount), .. } = self.table.relations[place] else { continue };
            let family = self.table.fact(amount).amount.family;
            let Some(Some(now)) = told.get(&(subject, family)).copied() else { continue };
            if let Relation::Change { current, base, far, .. } = &mut self.table.relations[place] {
                (*current, *base, *far) = (vec![now], Vec::new(), true);
            }
        }
    }

    /// 占项目总投资的P%, which is told further on.
    fn called_anywhere(&self, place: usize, part: FactId) -> Option<FactId> {
        let (_, words) = self.unfound.iter().find(|(relation, _)| *relation == place)?;
        let (words, part) = (self.document.slice(*words), *self.table.fact(part));
        let fits = |fact: &Fact| {
            fact.role == Role::Value
                && fact.amount.family == part.amount.family
                && fact.amount.value >= part.amount.value
                && fact.amount.is_exact()
                && fact.cell.is_none()
                && self.table.is_current(fact)
                && self.is_called(fact, words)
        };
        let mut told = self.table.facts.iter().enumerate().filter(|(_, fact)| fits(fact));
        let (place, first) = told.next()?;
        told.all(|(_, other)| other.amount.value == first.amount.value).then_some(FactId(place as u32))
    }

    /// 过程类得16.99分，得分率P%: the table has 过程小计, 20分, 16.99分.
    fn mark_in_table(&self, got: FactId) -> Option<FactId> {
        let score = self.table.fact(got).amount;
        let pairs = self.table.facts.windows(2).enumerate().filter(|(_, pair)| {
            let [mark, cell] = pair else { return false };
            cell.cell.is_some()
                && mark.cell.is_some()
                && mark.sentence == cell.sentence
                && cell.amount.family == score.family
                && mark.amount.family == score.family
                && cell.amount.value == score.value
                && mark.amount.value >= cell.amount.value
        });
        let mut marks = pairs.map(|(place, pair)| (FactId(place as u32), pair[0].amount.value));
        let (first, value) = marks.next()?;
        marks.all(|(_, other)| other == value).then_some(first)
    }
}
