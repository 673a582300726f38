//! Rates whose figures their own names do not tell: 14个断面中13个达到…，达标率P%; 节约率 after what was saved; 调整率 after
//! both budgets.
//!
//! The part of the clause grammar that finds them by where they stand.

use super::changes::Change;
use super::clauses::Reader;
use super::{Closure, FactId, Relation, Surety};
use crate::document::Span;
use crate::rules::WordClass;

/// Figures before a rate that it may be of.
const NEAR: usize = 8;

impl Reader<'_> {
    /// 14个断面中13个水质达到Ⅲ类，达标率P%: so many of so many, the last two that were counted.
    pub(super) fn rate_of_these(&mut self, rate: FactId, near: &[FactId]) {
        let [done, plan, ..] = *near else { return };
        let (part, whole) = (*self.table.fact(done), *self.table.fact(plan));
        let between = Span::new(whole.value_span.end, part.value_span.start.max(whole.value_span.end));
        let between = self.document.slice(between);
        let within = between.ends_with('中') && !between.contains(['，', '。', '；', '、', '：']);
        let alike = part.amount.family == whole.amount.family && part.amount.value <= whole.amount.value;
        if within && alike {
            let (done, plan) = (vec![done], vec![plan]);
            self.table.relations.push(Relation::Completion { done, plan, rate, surety: Surety::Guessed });
        }
    }

    /// 抽检120批次，完成率100%，合格118批次，合格率P%: the figure of its kind told right before what the rate is named after.
    pub(super) fn rate_of_counted(&mut self, rate: FactId, done: FactId) {
        let Some(at) = self.values.iter().rposition(|id| *id == done) else { return };
        let Some(&plan) = self.values[..at].last() else { return };
        let (part, whole) = (*self.table.fact(done), *self.table.fact(plan));
        let fits = part.amount.family == whole.amount.family
            && part.amount.value <= whole.amount.value
            && part.under.is_none()
            && self.lists.is_empty()
            && self.counts_the_same(plan, done);
        if fits {
            let (done, plan) = (vec![done], vec![plan]);
            self.table.relations.push(Relation::Completion { done, plan, rate, surety: Surety::Guessed });
        }
    }

    /// 年初预算A，全年调整预算B，调整幅度P%: how far the one is from the other.
    pub(super) fn adjusted_by(&mut self, rate: FactId) {
        let of = |group: &str| {
            let near = self.values.iter().rev().take(NEAR).copied();
            let mut found = near.filter(|id| self.group_of(self.table.fact(*id)) == group);
            found.next().filter(|_| found.next().is_none())
        };
        let (Some(adjusted), Some(budget)) = (of("adjusted"), of("budget")) else { return };
        let (after, before) = (*self.table.fact(adjusted), *self.table.fact(budget));
        if after.amount.family != before.amount.family || after.measure != before.measure {
            return;
        }
        self.table.relations.push(Relation::Change {
            current: vec![adjusted],
            base: vec![budget],
            amount: None,
            rate: Some(rate),
            up: after.amount.value >= before.amount.value,
            word: self.table.fact(rate).label,
            turned: None,
            far: false,
        });
    }

    /// 采购预算A，实际采购B，节约资金C，节约率P%: C of A, as the three were found to tie.
    pub(super) fn saved(&mut self, change: &Change) -> bool {
        let (None, None, Some(rate)) = (change.base, change.amount, change.rate) else { return false };
        let Some(&left) = self.values.last() else { return false };
        let lexicon = &self.rules.lexicon;
        let saved = lexicon.is_word(WordClass::Rest, self.document.slice(self.table.fact(left).label));
        if !saved || !self.document.slice(change.word).ends_with('率') {
            return false;
        }
        let near = self.table.relations.iter().rev().take(NEAR);
        let whole = near.into_iter().find_map(|relation| match relation {
            Relation::Sum { total, parts, closure: Closure::Rest, .. } if parts.last() == Some(&left) => {
                Some(*total)
            }
            _ => None,
        });
        if let Some(whole) = whole {
            self.completed(vec![left], vec![whole], rate);
        }
        whole.is_some()
    }
}
