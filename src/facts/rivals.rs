//! What is compared without its figure beside it: 秋季比春季减少17个, 年末结转A，比年初减少B, 2022年户数比
//! 2021年增加912户.
//!
//! The part of the clause grammar that finds both ends of such comparisons by their names.

use super::changes::Change;
use super::clauses::Reader;
use super::region::{Period, Region};
use super::{CellRelation, Fact, FactId, Role};
use crate::document::Span;
use crate::rules::{FamilyId, MeasureRole, WordClass};

/// Figures looked through in a sentence and the one before.
const NEAR: usize = 24;
/// Figures looked through in the report.
const FAR: usize = 400;

impl Reader<'_> {
    /// 秋季比春季减少17个: the figures told before of the one and the other.
    pub(super) fn rivals(&self, region: &Region, family: FamilyId) -> Option<(FactId, FactId)> {
        let (own, rival) = region.rival.filter(|_| region.direction.is_some() && !region.compared)?;
        let told = |words: Span| {
            let words = self.document.slice(words);
            words.chars().nth(1)?;
            let near = self.values.iter().rev().take(NEAR).chain(self.previous.iter().rev().take(NEAR));
            let mut named = near.copied().filter(|id| {
                let fact = self.table.fact(*id);
                let label = self.document.slice(fact.label);
                fact.amount.family == family && (label.starts_with(words) || label.ends_with(words))
            });
            let first = named.next()?;
            let value = self.table.fact(first).amount.value;
            named.all(|id| self.table.fact(id).amount.value == value).then_some(first)
        };
        let pair = (told(own)?, told(rival)?);
        (pair.0 != pair.1).then_some(pair)
    }

    /// 年末结转A，比年初减少B: what is left now, and what the year began with, told anywhere in one value.
    pub(super) fn opening_balance(&self, change: &Change) -> Option<(FactId, FactId)> {
        let role = |id: FactId| self.role_of(self.table.fact(id));
        let against = match change.subject {
            Some(subject) => self.rules.lexicon.measure(subject).role == Some(MeasureRole::Carried),
            None => change.basis.is_none() && matches!(change.period, None | Some(Period::Prior)),
        };
        if !against || change.base.is_some() || change.amount.is_none() {
            return None;
        }
        let at = self.values.iter().rposition(|id| role(*id) == Some(MeasureRole::Rest))?;
        let now = self.values[at];
        let fact = *self.table.fact(now);
        let parts = self.values[at + 1..].iter().all(|id| {
            self.table.fact(*id).under == Some(now)
                || self.lists.iter().any(|list| list.total() == Some(now) && list.surely_has(*id))
        });
        let prior = self.table.prior_year();
        let opens = |told: &Fact| match self.role_of(told) {
            Some(MeasureRole::Carried) => self.table.is_current(told),
            Some(MeasureRole::Rest) => told.period == Some(prior),
            _ => {
                let rest = self.rules.lexicon.is_word(WordClass::Rest, self.document.slice(told.label));
                told.measure.is_none() && told.period == Some(prior) && rest
            }
        };
        let before = self.table.facts.iter().enumerate().rev().take(FAR).filter(|(_, told)| {
            matches!(told.role, Role::Value | Role::Base)
                && told.amount.family == fact.amount.family
                && told.amount.is_exact()
                && told.cell.is_none()
                && (told.fund == fact.fund || told.fund.is_none() || fact.fund.is_none())
                && opens(told)
        });
        let mut before = before.map(|(place, _)| FactId(place as u32));
        let opening = before.next().filter(|_| parts && self.is_now(now))?;
        let value = self.table.fact(opening).amount.value;
        before.all(|id| self.table.fact(id).amount.value == value).then_some((now, opening))
    }

    /// 从表1可以看出，2022年户数比2021年增加912户: both ends are cells of the one column that counts so.
    pub(super) fn rows_of_years(&self, change: &Change) -> Option<(FactId, FactId)> {
        let amount = *self.table.fact(change.amount?);
        let before = self.year(change.period?)?;
        let family = |fact: &Fact| fact.amount.family == amount.amount.family && fact.role == Role::Value;
        if change.base.is_some() || self.values.iter().any(|id| family(self.table.fact(*id))) {
            return None;
        }
        let all = || self.table.facts.iter().enumerate().rev().take(FAR).filter(|(_, fact)| family(fact));
        let table = all().find_map(|(_, fact)| fact.cell)?.table;
        // The total of all years is of none.
        let is_total = |place: usize| {
            let relations = self.table.tables.iter().flat_map(|group| &group.readings).flatten();
            relations.into_iter().any(
                |relation| matches!(relation, CellRelation::Sum { total, .. } if total.0 as usize == place),
            )
        };
        let of_year = |year: u16| -> Option<(usize, u16)> {
            let cells = all().filter_map(|(place, fact)| Some((place, fact.cell?, fact.period)));
            let mut cells = cells.filter(|(place, cell, period)| {
                cell.table == table && *period == Some(year) && !is_total(*place)
            });
            let (place, cell, _) = cells.next()?;
            cells.next().is_none().then_some((place, cell.column))
        };
        let (base, now) = (of_year(before)?, of_year(before.checked_add(1)?)?);
        (base.1 == now.1).then_some((FactId(now.0 as u32), FactId(base.0 as u32)))
    }
}
