//! What parts two figures: 相差A, 比计划多A, 超出目标A.
//!
//! Part of the clause grammar. Gives the relation of a difference with the figures that it is of.

use super::clauses::Reader;
use super::region::Region;
use super::{FactId, Role};
use crate::document::Span;
use crate::rules::{Cue, Entry, FamilyId, WordClass};

/// Figures looked through for the two that a difference is of.
const NEAR: usize = 12;
/// Bytes behind a figure within which 提高到 follows.
const NEXT: u32 = 15;

impl Reader<'_> {
    /// 比计划260家多26家: words so short mean more or less only right before a figure that is compared.
    pub(super) fn more_or_less(&self, region: &mut Region) {
        let label = region.subject.label;
        let against = region.compared
            || self.change.base.is_some()
            || self.change.period.is_some()
            || self.change.basis.is_some();
        if label.is_empty() || label.len() > 9 || region.direction.is_some() || !against {
            return;
        }
        let lexicon = &self.rules.lexicon;
        let word = self.document.slice(label);
        let cue = if lexicon.is_word(WordClass::More, word) {
            Cue::Up
        } else if lexicon.is_word(WordClass::Less, word) {
            Cue::Down
        } else {
            return;
        };
        region.direction = Some((cue, label));
        region.subject = super::region::Subject { fund: region.subject.fund, ..Default::default() };
    }

    /// 目标值55%，实际51.2%，相差3.8个百分点: the difference of the two figures before it.
    pub(super) fn apart(&mut self, id: FactId, region: &Region) -> bool {
        let fact = *self.table.fact(id);
        if region.subject.measure.is_some()
            || !self.rules.lexicon.is_word(WordClass::Apart, self.document.slice(fact.label))
        {
            return false;
        }
        self.difference(id);
        true
    }

    /// `id` is what parts the two figures of its kind that the sentence has; with more, nobody knows which.
    pub(super) fn difference(&mut self, id: FactId) {
        let own = self.table.fact(id).amount.family;
        let points = self.is_points(id);
        let before = self.table.facts[..id.0 as usize].iter().enumerate().rev().take(NEAR);
        let alike = before.take_while(|(_, fact)| fact.sentence == self.sentence).filter(|(_, fact)| {
            let told = matches!(fact.role, Role::Value | Role::Ratio | Role::Share | Role::Completion);
            let family = fact.amount.family;
            told && if points { Some(family) == self.percent } else { family == own }
        });
        let near: Vec<FactId> = alike.map(|(place, _)| FactId(place as u32)).take(3).collect();
        let &[one, two] = &near[..] else { return };
        let (one, two) = match self.table.fact(one).amount.value < self.table.fact(two).amount.value {
            true => (two, one),
            false => (one, two),
        };
        self.table.relations.push(super::Relation::Change {
            current: vec![one],
            base: vec![two],
            amount: Some(id),
            rate: None,
            up: true,
            word: self.table.fact(id).label,
            turned: None,
            far: false,
        });
    }

    /// Whether the words behind a figure are 提高到, 降至: a change begins with it.
    pub(super) fn goes_to(&self, figure: Span) -> bool {
        let hits = &self.lexed.lexicon_hits;
        let first = hits.partition_point(|hit| hit.span.start < figure.end);
        let near = hits[first..].iter().take_while(|hit| hit.span.start <= figure.end + NEXT);
        near.into_iter().any(|hit| {
            let (_, entry) = &self.rules.lexicon.entries[usize::from(hit.item)];
            matches!(entry, Entry::Cue(Cue::UpTo | Cue::DownTo))
        })
    }

    /// 超出目标45个, 决算数小于年初预算数61.80万元 behind that budget: by how much, and no plan itself.
    pub(super) fn is_surplus(&self, region: &Region, family: FamilyId) -> bool {
        let past = region.cues.has(Cue::Above) || region.cues.has(Cue::Below);
        let Some(last) = region.last.filter(|_| past && Some(family) != self.percent) else { return false };
        let lexicon = &self.rules.lexicon;
        let words = self.document.slice(last);
        if region.direction.is_some() || region.compared {
            return false;
        }
        if Some(family) == self.money {
            return self.is_budget(region.basis)
                && self.values.iter().any(|id| self.is_budget(self.table.fact(*id).basis));
        }
        lexicon.is_word(WordClass::Planned, words)
            || region.basis.is_some_and(|basis| lexicon.basis(basis).group == "target")
    }

    /// `id` is what was done beyond the plan, or short of it, where the sentence has told both.
    pub(super) fn past_plan(&mut self, id: FactId, up: bool) {
        let fact = *self.table.fact(id);
        let near = self.values.iter().rev().take(NEAR).copied();
        let alike = near.filter(|one| self.table.fact(*one).amount.family == fact.amount.family);
        let is_plan = |one: &FactId| {
            let told = self.table.fact(*one);
            self.is_budget(told.basis) || self.group_of(told) == "target"
        };
        let (plans, done): (Vec<FactId>, Vec<FactId>) = alike.partition(is_plan);
        let (Some(plan), Some(done)) = (plans.first(), done.first()) else { return };
        self.table.relations.push(super::Relation::Change {
            current: vec![*done],
            base: vec![*plan],
            amount: Some(id),
            rate: None,
            up,
            word: fact.label,
            turned: None,
            far: false,
        });
    }

    /// 个百分点
    pub(super) fn is_points(&self, id: FactId) -> bool {
        let quantity =
            self.table.fact(id).quantity.and_then(|place| self.lexed.quantities.get(place as usize));
        quantity.and_then(|one| one.unit).is_some_and(|unit| self.rules.units.family(unit) == "point")
    }
}
