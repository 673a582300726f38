//! Completion: done ÷ plan, by the word 完成 or by a rate's name; and the plans that stand in other paragraphs.
//!
//! The part of the clause grammar that makes relations of such rates.

use super::clauses::Reader;
use super::region::Region;
use super::{Fact, FactId, Relation, Role, Surety};
use crate::document::Span;
use crate::rules::{BasisId, MeasureRole, WordClass};

/// Figures looked through in a sentence, and some times as many in the report.
const NEAR: usize = 48;

impl Reader<'_> {
    pub(super) fn completion(&mut self, rate: FactId, region: &Region) {
        if self.lost {
            return;
        }
        let done: Vec<FactId> = self.done_before().into_iter().collect();
        let Some(now) = done.first().map(|id| *self.table.fact(*id)) else { return };
        let mut plan: Vec<FactId> = self.plan.take().into_iter().collect();
        // 与年初预算A相比增加B，完成年初预算的P%
        if plan.is_empty() {
            plan.extend(self.change.base.filter(|base| {
                let base = self.table.fact(*base);
                base.amount.family == now.amount.family && self.is_budget(base.basis)
            }));
        }
        // 较年度计划260家多26家，完成计划的110%
        if plan.is_empty() && self.rules.lexicon.holds(WordClass::Planned, self.said_before(rate)) {
            plan.extend(self.change.base.filter(|base| {
                self.table.fact(*base).amount.family == now.amount.family
                    && self.rules.lexicon.holds(WordClass::Planned, self.said_before(*base))
            }));
        }
        // 甲年初预算A，决算B，完成P%；乙年初预算C，决算D，完成Q%: of what was told since the rate before.
        if plan.is_empty()
            && let Some(before) = self.rate_before(rate)
        {
            let fresh = self.values.iter().rev().take(NEAR).copied().take_while(|id| *id > before);
            plan.extend(fresh.filter(|id| {
                let fact = self.table.fact(*id);
                !done.contains(id)
                    && fact.amount.family == now.amount.family
                    && self.is_budget(fact.basis)
                    && self.fits_basis(fact.basis, region.basis)
            }));
        }
        if plan.is_empty() {
            let near = self.values.iter().rev().take(NEAR).chain(self.previous.iter().rev().take(NEAR));
            plan.extend(near.copied().filter(|id| {
                let fact = self.table.fact(*id);
                !done.contains(id)
                    && fact.amount.family == now.amount.family
                    && self.is_budget(fact.basis)
                    && self.fits_basis(fact.basis, region.basis)
            }));
        }
        // 预算A，决算B，其中甲决算C，完成预算的P%: A is the budget of all, and that of 甲 is not told.
        if let Some(list) = self.lists.last()
            && let Some((first, _)) = list.parts.first()
            && list.parts.iter().any(|(part, _)| done.contains(part))
        {
            plan.retain(|id| id >= first);
        }
        // 为调整后预算的P%, which was told in another section.
        if plan.is_empty()
            && (now.measure.is_none()
                && (now.label.is_empty()
                    // 一季度末累计支出A，占全年预算的P%
                    || self.rules.lexicon.ends_with(WordClass::When, self.document.slice(now.label)))
                || now.measure.is_some_and(|measure| self.is_total(measure)))
            && region.basis.is_some()
        {
            plan = self.unnamed_before(region.basis);
            // The budget of one fund is not that of another.
            plan.retain(|id| self.table.fact(*id).fund == now.fund);
        }
        // 完成年度计划的P%, which was told in another section.
        if plan.is_empty() && self.rules.lexicon.holds(WordClass::Planned, self.said_before(rate)) {
            plan = self.plans_of(&now);
        }
        // 加上调入资金A，收入总量B。支出C，完成预算的P%: a figure that is named otherwise is hardly the budget of this one.
        let named = |fact: &Fact| (fact.measure, self.document.slice(fact.label).trim());
        let other = |id: &FactId| {
            let plan = self.table.fact(*id);
            let (own, its) = (named(&now), named(plan));
            let named = !its.1.is_empty() && !self.rules.lexicon.is_word(WordClass::When, its.1);
            plan.sentence != self.sentence && its.0.is_none() && named && its != own
        };
        let surety = if plan.iter().all(other) { Surety::Guessed } else { Surety::Said };
        self.table.relations.push(Relation::Completion { done, plan, rate, surety });
    }

    /// What a completion told now is of: the last figure; behind a budget (决算A，预算B，完成预算的P%) the one before it.
    fn done_before(&self) -> Option<FactId> {
        let last = *self.values.last()?;
        let plan = *self.table.fact(last);
        if !self.is_budget(plan.basis) {
            return Some(last);
        }
        let before = self.values.iter().rev().skip(1).take(NEAR).copied();
        let mut spent = before.filter(|id| {
            let fact = self.table.fact(*id);
            fact.amount.family == plan.amount.family
                && !self.is_budget(fact.basis)
                && fact.under == plan.under
        });
        spent.next().or(Some(last))
    }

    /// The words of the clause before a figure.
    fn said_before(&self, id: FactId) -> &str {
        let fact = self.table.fact(id);
        self.document.slice(Span::new(fact.span.start.min(fact.value_span.start), fact.value_span.start))
    }

    /// Plans told before of what `now` is called.
    fn plans_of(&self, now: &Fact) -> Vec<FactId> {
        let lexicon = &self.rules.lexicon;
        let name = self.document.slice(now.label);
        if name.chars().nth(2).is_none() || now.measure.is_some() {
            return Vec::new();
        }
        let all = self.table.facts.iter().enumerate().rev().take(NEAR * 4);
        let told = all.filter(|(_, fact)| {
            fact.role == Role::Value
                && fact.amount.family == now.amount.family
                && fact.block != now.block
                && fact.cell.is_none()
                && self.document.slice(fact.label).ends_with(name)
                && lexicon.holds(WordClass::Planned, self.document.slice(fact.span))
        });
        told.map(|(place, _)| FactId(place as u32)).take(2).collect()
    }

    /// Budgets or incomes of the whole, told in an earlier paragraph; the last two that differ.
    pub(super) fn budgets_before(&self, now: &Fact) -> Vec<FactId> {
        let whole = |fact: &Fact| {
            fact.measure.is_none_or(|measure| {
                let measure = self.rules.lexicon.measure(measure);
                measure.group.is_some() || measure.role.is_some_and(|role| role != MeasureRole::Carried)
            })
        };
        if Some(now.amount.family) != self.money || !whole(now) {
            return Vec::new();
        }
        let mut found: Vec<FactId> = Vec::new();
        for (place, fact) in self.table.facts.iter().enumerate().rev().take(NEAR * 4) {
            let fits = fact.role == Role::Value
                && fact.amount.family == now.amount.family
                && fact.block != now.block
                && fact.cell.is_none()
                && fact.under.is_none()
                && fact.amount.is_exact()
                && (matches!(self.group_of(fact), "budget" | "adjusted" | "income")
                    || self.rules.lexicon.ends_with(WordClass::Available, self.document.slice(fact.label)))
                && !matches!(self.role_of(fact), Some(MeasureRole::Added | MeasureRole::Carried))
                && whole(fact)
                && self.table.is_current(fact)
                && found.iter().all(|id| self.table.fact(*id).amount.value != fact.amount.value);
            if fits {
                found.push(FactId(place as u32));
            }
            if found.len() == 2 {
                break;
            }
        }
        found
    }

    pub(super) fn is_budget(&self, basis: Option<BasisId>) -> bool {
        basis.is_some_and(|basis| {
            matches!(self.rules.lexicon.basis(basis).group.as_str(), "budget" | "adjusted")
        })
    }

    /// 完成预算 may mean either budget; 完成调整预算 only that one.
    pub(super) fn fits_basis(&self, have: Option<BasisId>, wanted: Option<BasisId>) -> bool {
        let group =
            |basis: Option<BasisId>| basis.map(|basis| self.rules.lexicon.basis(basis).group.as_str());
        group(wanted) != Some("adjusted") || group(have) == Some("adjusted")
    }

    /// 预算执行率P%: the figures of the sentence or the one before.
    pub(super) fn named_ratio(&mut self, rate: FactId) {
        let measure = self.table.fact(rate).measure.map(|measure| self.rules.lexicon.measure(measure));
        let Some(measure) = measure.filter(|measure| measure.completion) else { return };
        let by_plan = measure.plan.is_some();
        if let Some(group) = &measure.plan
            && self.planned_ratio(rate, group)
        {
            return;
        }
        let wanted = measure.done.as_deref().unwrap_or("outturn");
        let last = self.values.iter().rev().take(NEAR).rev();
        let mut near: Vec<FactId> = last.chain(self.previous.iter().take(NEAR)).copied().collect();
        let is_done = |id: &FactId| {
            let basis = self.table.fact(*id).basis;
            basis.is_some_and(|basis| self.rules.lexicon.basis(basis).group == wanted)
        };
        // 甲预算A，支出B，执行率P%；乙预算C，支出D，执行率Q%: each rate is of what was told since the one before.
        if let Some(before) = self.rate_before(rate) {
            let fresh: Vec<FactId> = near.iter().copied().filter(|id| *id > before).collect();
            let planned = |id: &FactId| self.is_budget(self.table.fact(*id).basis);
            if fresh.iter().any(is_done) && fresh.iter().any(planned) {
                near = fresh;
            }
        }
        let (mut done, mut rest): (Vec<FactId>, Vec<FactId>) = near.into_iter().partition(is_done);
        let mut surety = Surety::Said;
        // 财政拨款支出A，执行率P%: spent by its name.
        if done.is_empty() && wanted == "outturn" {
            let by_name = rest.iter().rposition(|id| {
                let fact = self.table.fact(*id);
                fact.basis.is_none()
                    && fact.under.is_none()
                    && fact.sentence == self.sentence
                    && self.rules.lexicon.ends_with(WordClass::Spent, self.document.slice(fact.label))
            });
            done.extend(by_name.map(|place| rest.remove(place)));
            surety = Surety::Guessed;
        }
        // What was available is a budget by its word, or a figure with no word at all: 共计A. What is left over
        // is neither.
        let value = |id: &FactId| self.table.fact(*id).amount.value;
        let least = done.iter().map(value).min();
        let is_plan = |id: &FactId| {
            let fact = self.table.fact(*id);
            let beside = fact.measure.is_some_and(|measure| self.rules.lexicon.measure(measure).beside);
            self.is_budget(fact.basis)
                || fact.basis.is_none() && !beside && least.is_none_or(|least| value(id) >= least)
        };
        let mut plan: Vec<FactId> = rest.into_iter().filter(is_plan).collect();
        plan.sort_by_key(|id| !self.is_budget(self.table.fact(*id).basis));
        if let (true, Some(now)) = (plan.is_empty(), done.last().map(|id| *self.table.fact(*id))) {
            plan = self.budgets_before(&now);
            surety = Surety::Far;
        }
        // 零售额完成A。总投资B，完成率P%: what was told a sentence before may be of something else.
        let here = |id: &FactId| self.table.fact(*id).sentence == self.sentence;
        if surety == Surety::Said && !done.iter().any(here) && plan.iter().any(here) {
            surety = Surety::Guessed;
        }
        // 完成率 of what was counted is read by its name.
        if !by_plan || !done.is_empty() && !plan.is_empty() {
            self.table.relations.push(Relation::Completion { done, plan, rate, surety });
        }
    }

    /// The last rate of the sentence before this one.
    fn rate_before(&self, rate: FactId) -> Option<FactId> {
        let before = self.table.facts[..rate.0 as usize].iter().enumerate().rev().take(NEAR);
        let mut here = before.take_while(|(_, fact)| fact.sentence == self.sentence);
        here.find(|(_, fact)| matches!(fact.role, Role::Ratio | Role::Completion))
            .map(|(place, _)| FactId(place as u32))
    }

    /// 计划数10座，完成9座，完成率90%: the sentence's only plan and the only other figure of its name, or at all.
    /// 100% is also said where more was done.
    /// Gives whether there was a plan.
    fn planned_ratio(&mut self, rate: FactId, group: &str) -> bool {
        let values: Vec<FactId> = self.values.iter().rev().take(NEAR).rev().copied().collect();
        let is_plan = |id: &FactId| {
            let basis = self.table.fact(*id).basis;
            basis.is_some_and(|basis| self.rules.lexicon.basis(basis).group == group)
        };
        let (plan, mut done): (Vec<FactId>, Vec<FactId>) = values.into_iter().partition(is_plan);
        let [plan] = &plan[..] else { return !plan.is_empty() };
        let name = |id: FactId| (self.table.fact(id).measure, self.document.slice(self.table.fact(id).label));
        if done.iter().any(|id| name(*id) == name(*plan)) {
            done.retain(|id| name(*id) == name(*plan));
        }
        let [done] = &done[..] else { return true };
        let (aim, reached) = (self.table.fact(*plan).amount, self.table.fact(*done).amount);
        let whole = self.table.fact(rate).amount.value == rust_decimal::Decimal::ONE_HUNDRED;
        if aim.family == reached.family && !(whole && reached.value >= aim.value) {
            self.completed(vec![*done], vec![*plan], rate);
        }
        true
    }
}
