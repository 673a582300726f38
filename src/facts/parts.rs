//! Values as parts: lists inside a sentence, lists of numbered items, figures told in one breath.
//!
//! The part of the clause grammar that keeps open lists; where they end is settled in `lists`.

use super::amount::Amount;
use super::clauses::Reader;
use super::lists::{self, OpenList};
use super::region::Region;
use super::{Closure, Fact, FactId, Relation, Role};
use crate::document::Span;
use crate::rules::{BasisId, Cue, FamilyId, MeasureRole, WordClass};

/// Figures looked through for a total told earlier.
const FAR: usize = 64;
/// Figures before a budget of the whole year that may be its parts.
const WHOLE_BUDGET: usize = 6;
/// Figures in brackets that may stand behind a total.
const BRACKETED: usize = 8;
/// Counts of a sentence that a total behind them may add up.
const COUNTED: usize = 12;

impl Reader<'_> {
    /// A value is read: it joins a list, opens one, or stands alone.
    pub(super) fn value(&mut self, id: FactId, region: &Region, mark: char) {
        let fact = *self.table.fact(id);
        let role = self.role_of(&fact);
        if let Some((part, rate, words)) = self.late_share
            && !fact.label.is_empty()
            && self.document.slice(fact.label) == self.document.slice(words)
        {
            self.late_share = None;
            self.table.relations.push(Relation::Share {
                part: vec![part],
                whole: vec![id],
                rate,
                named: true,
            });
        }
        self.lost = false;
        let past = fact.period.zip(self.table.report_year).is_some_and(|(period, year)| period < year);
        // 减少A，下降P%（上年为B）: the base stands behind.
        if past && self.change.is_told() && self.change.base.is_none() {
            self.change.base = Some(id);
        }
        self.end_change();
        if let (Some((cue @ (Cue::UpTo | Cue::DownTo), word)), Some(base)) =
            (region.direction, self.change.base)
        {
            let up = cue == Cue::UpTo;
            self.table.relations.push(Relation::Change {
                current: vec![id],
                base: vec![base],
                amount: None,
                rate: None,
                up,
                word,
                turned: None,
                far: false,
            });
        }
        if region.cues.has(Cue::Complete) && region.basis.is_some() {
            self.plan = Some(id);
            return;
        }
        if region.cues.has(Cue::Share) {
            self.whole = Some(id);
            return;
        }
        if mark == '；' && self.turns(&fact) || self.outgrows(&fact) {
            self.close_list();
        }
        let opens = std::mem::take(&mut self.opening) && region.direction.is_none();
        let narrow = std::mem::take(&mut self.narrow);
        if opens {
            let totals = if std::mem::take(&mut self.divided) {
                self.divided_total(fact.amount.family)
            } else {
                self.heads(fact.amount.family)
            };
            // 病床使用率79.4%，其中公立医院86%: what is below is a rate of its own.
            let rate = totals.first().is_some_and(|total| {
                let label = self.document.slice(self.table.fact(*total).label);
                Some(fact.amount.family) == self.percent
                    && self.rules.lexicon.ends_with(WordClass::RateHead, label)
            });
            if !totals.is_empty() && !rate {
                let depth = self.brackets.len();
                let open = region.cues.has(Cue::Open);
                let closed = region.cues.has(Cue::Composed);
                self.item_told = true;
                let far = totals.iter().all(|total| self.table.fact(*total).block != self.block);
                self.lists.push(OpenList {
                    far,
                    totals,
                    parts: vec![(id, mark)],
                    others: Vec::new(),
                    nested: None,
                    mixed: false,
                    side: Vec::new(),
                    narrow,
                    beside: None,
                    open,
                    closed,
                    depth,
                });
            }
        } else if let Some(list) = self.lists.last_mut() {
            let budgeted = |basis: Option<BasisId>| {
                basis.is_some_and(|basis| self.rules.lexicon.basis(basis).group == "budget")
            };
            let group = region.basis.map(|basis| self.rules.lexicon.basis(basis).group.as_str());
            let family = list.total().map(|total| self.table.fact(total).amount.family);
            let first = list.parts.first().map(|(part, _)| self.table.fact(*part));
            let clash = first.is_some_and(|first| {
                (region.basis.is_some() && first.basis != fact.basis)
                    || (region.period.is_some() && first.period != fact.period)
            });
            // 预算执行20分得19分: the score stands right behind the mark that it is out of.
            let scored = mark == ' ' && group == Some("score");
            let joined = scored && list.scored(self.values.last().copied(), id);
            // 开工项目183个，其中计划开工140个，实际开工118个: what was done is no part of what was to be.
            let lexicon = &self.rules.lexicon;
            let said = |fact: &Fact| {
                let start = fact.span.start.min(fact.value_span.start);
                self.document.slice(Span::new(start, fact.value_span.start))
            };
            let fulfils = lexicon.holds(WordClass::Actual, said(&fact))
                && first.is_some_and(|first| lexicon.holds_long(WordClass::Planned, said(first)));
            // 得分9.41分（满分10分）: what stands in brackets behind an item's figure is said of it.
            let remark = self.brackets.len() > list.depth && self.item_told;
            let item = family == Some(fact.amount.family)
                && !remark
                && !joined
                && !fulfils
                && (!list.narrow || matches!(mark, '、' | ' '));
            let beside = fact.measure.is_some_and(|measure| self.rules.lexicon.measure(measure).beside);
            let behind = list.parts.last().is_some_and(|(last, _)| last.0 + 1 == id.0);
            let rate = Some(fact.amount.family) == self.percent;
            if behind && !remark && !rate && family.is_some_and(|family| family != fact.amount.family) {
                list.side.push(id);
            }
            if item && clash && region.period.is_none() && !region.subject.is_named() {
                list.others.push((id, mark));
            }
            if item && !clash && !region.cues.has(Cue::Average) && !region.cues.has(Cue::Total) {
                list.open |= region.cues.has(Cue::Open);
                if beside && list.parts.len() > 1 {
                    list.beside.get_or_insert(list.parts.len());
                }
                // 其中年初预算A、年中追加B: what was granted, all of it.
                list.closed |= role == Some(MeasureRole::Added)
                    && first.is_some_and(|first| first.measure.is_none() && budgeted(first.basis));
                let name = |one: &Fact| (one.measure, self.document.slice(one.label));
                let own = name(&fact);
                if let Some(total) = list.total()
                    && own != (None, "")
                    && own == name(self.table.fact(total))
                {
                    let at = total.0 as usize;
                    let before = &self.table.facts[at.saturating_sub(BRACKETED)..at];
                    let mut parts = list.parts.iter().map(|(part, _)| name(self.table.fact(*part)));
                    list.mixed |= parts.any(|part| {
                        part != own && part != (None, "") && before.iter().any(|told| name(told) == part)
                    });
                }
                // 甲B，主要为乙C
                if matches!(mark, '，' | ',') && lexicon.starts_with(WordClass::Mainly, said(&fact)) {
                    list.nested.get_or_insert(list.parts.len());
                }
                list.parts.push((id, mark));
                self.item_told = true;
            }
        }
        self.whole_budget(id, &fact);
        self.left_over(id);
        self.scored |= Some(fact.amount.family) == self.score;
        self.score_of_scores(id);
        self.by_grade |= self.is_grade(&fact);
        if mark == '，' && self.counts_all(&fact) && self.total_of_each(id) {
        } else if region.cues.has(Cue::Total) && !region.subject.is_named() {
            self.total_of_preceding(id);
        } else if mark == '，' && self.lists.is_empty() && self.counts_all(&fact) {
            self.total_of_counted(id);
        }
        self.numbered_value(id);
        self.first = self.first.or(Some(id));
        self.values.push(id);
    }

    /// 年初预算A，年中追加B，全年预算C: the opening budget with what was added and carried over.
    fn whole_budget(&mut self, id: FactId, fact: &Fact) {
        let lexicon = &self.rules.lexicon;
        if self.group_of(fact) != "adjusted"
            || fact.measure.is_some_and(|measure| lexicon.measure(measure).family != "money")
        {
            return;
        }
        let (mut parts, mut budget, mut added) = (Vec::new(), false, false);
        for &one in self.values.iter().rev().take(WHOLE_BUDGET) {
            let told = self.table.fact(one);
            let opening = self.group_of(told) == "budget"
                && told.measure == fact.measure
                && told.amount.family == fact.amount.family
                && !budget;
            let role = self.role_of(told);
            if !opening && !matches!(role, Some(MeasureRole::Added | MeasureRole::Carried)) {
                break;
            }
            budget |= opening;
            added |= role == Some(MeasureRole::Added);
            parts.insert(0, one);
        }
        let added = added && budget;
        if added {
            // Said of the whole, not of what was added: the parts keep their own basis.
            self.table.relations.push(Relation::Sum {
                total: id,
                or: Vec::new(),
                parts,
                closure: Closure::Closed,
            });
        }
    }

    /// Figures that a list beginning now may be the parts of: the last in the sentence; else those of the
    /// sentence before, the last first.
    pub(super) fn heads(&self, family: FamilyId) -> Vec<FactId> {
        let fits = |id: &&FactId| self.table.fact(**id).amount.family == family;
        // 共132.7万，其中甲B人: of what was told without its unit, and of nothing before it.
        let bare = |id: &FactId| {
            let quantity = self.table.fact(*id).quantity;
            quantity.is_some_and(|place| {
                let quantity = &self.lexed.quantities[place as usize];
                quantity.unit.is_none() && quantity.power > 0
            })
        };
        if self.values.last().is_some_and(bare) && !self.values.iter().any(|id| fits(&id)) {
            return Vec::new();
        }
        // 车辆4辆（机关1辆、下属单位3辆），其中…: what stands in brackets is said of the figure before them.
        let last = self.values.iter().rev().filter(fits).copied();
        let outside = last.clone().take(BRACKETED).find(|id| !self.is_aside(*id));
        let mut here: Vec<FactId> = outside.or_else(|| last.clone().next()).into_iter().collect();
        // 支出A，控制在年初预算B以内，其中…: what is divided may be the one that is held against the budget.
        if let Some(bound) = here.first().map(|id| self.table.fact(*id))
            && self.is_budget(bound.basis)
            && bound.measure.is_none()
        {
            let spent = |id: &&FactId| {
                let fact = self.table.fact(**id);
                fits(id) && fact.under.is_none() && !self.is_budget(fact.basis)
            };
            let within = !bound.amount.is_exact();
            let spent: Option<FactId> = self.values.iter().rev().skip(1).filter(spent).copied().next();
            if within && spent.is_some() {
                here.clear();
            }
            here.extend(spent);
        }
        if !here.is_empty() {
            return here;
        }
        let mut heads: Vec<FactId> = self.previous.iter().rev().filter(fits).copied().take(4).collect();
        if heads.is_empty() {
            return self.far_heads(family);
        }
        // 收入包括甲、乙。支出包括丙、丁: both divide the total before them.
        for place in 0..heads.len() {
            let total = self.table.fact(heads[place]).under;
            heads.extend(total.filter(|total| !heads.contains(total)));
        }
        heads
    }

    /// Whether the brackets that `id` stands in have closed before the figure that is read now.
    fn is_aside(&self, id: FactId) -> bool {
        let (told, now) = (self.table.fact(id).value_span.end, self.table.facts.last());
        let between = now.map_or("", |now| self.document.slice(Span::new(told, now.span.start.max(told))));
        let mut depth = 0_i32;
        between.chars().any(|c| {
            depth += i32::from(matches!(c, '（' | '(')) - i32::from(matches!(c, '）' | ')'));
            depth < 0
        })
    }

    /// Totals told in an earlier paragraph, for a list whose own has none: of the name that the sentence speaks of, else those
    /// that have no name but their basis. They are the total only where the parts come near them.
    fn far_heads(&self, family: FamilyId) -> Vec<FactId> {
        let topic = self.topic.and_then(|topic| topic.subject.measure);
        let all = self.table.facts.iter().enumerate().rev().take(FAR);
        let told = all.filter(|(_, fact)| {
            let named = match topic {
                Some(topic) => fact.measure == Some(topic),
                None => fact.measure.is_none() && fact.label.is_empty() && fact.basis == self.outturn,
            };
            named
                && fact.role == Role::Value
                && fact.amount.family == family
                && fact.under.is_none()
                && fact.cell.is_none()
                && self.table.is_current(fact)
        });
        told.map(|(place, _)| FactId(place as u32)).take(3).collect()
    }

    /// What 按…分 may divide: the figures of the sentence that are no parts themselves, the last first; else
    /// those of the sentence before.
    fn divided_total(&self, family: FamilyId) -> Vec<FactId> {
        let fits = |id: &&FactId| {
            let fact = self.table.fact(**id);
            fact.amount.family == family && fact.under.is_none()
        };
        let here: Vec<FactId> = self.values.iter().rev().filter(fits).copied().take(4).collect();
        if here.is_empty() { self.heads(family) } else { here }
    }

    /// 合计: the total of the values before it in the sentence.
    pub(super) fn total_of_preceding(&mut self, total: FactId) {
        let family = self.table.fact(total).amount.family;
        // Behind 其中 the parts are the list's; its own total stands outside.
        let pool: Vec<FactId> = match self.lists.last() {
            Some(list) => list.parts.iter().map(|(part, _)| *part).collect(),
            None => self.values.clone(),
        };
        let mut parts: Vec<FactId> =
            pool.into_iter().filter(|id| self.table.fact(*id).amount.family == family).collect();
        // 满分15分得14分，满分25分得23分，合计…: what was got is added up, not what it is out of.
        let scored = |id: &FactId| self.group_of(self.table.fact(*id)) == "score";
        if Some(family) == self.score && parts.iter().any(scored) {
            parts.retain(scored);
        }
        if parts.len() >= 2 {
            lists::push_sum(&mut self.table, total, parts, Closure::Closed);
        }
    }

    /// 收入A，其中税收收入B；支出C: what is spent is no part of what came in.
    fn turns(&self, fact: &Fact) -> bool {
        let Some(list) = self.lists.last() else { return false };
        let (Some(total), Some((first, _))) = (list.total(), list.parts.first()) else { return false };
        let word = |fact: &Fact| {
            let start = fact.span.start.min(fact.value_span.start);
            let said = self.document.slice(Span::new(start, fact.value_span.start));
            let words = self.rules.lexicon.words(WordClass::Direction).iter();
            let last = words.filter_map(|word| Some((said.rfind(word.as_str())?, word)));
            last.max_by_key(|(at, _)| *at).map(|(_, word)| word)
        };
        // 支出A，其中财政拨款收入安排B: sources of spending are told by their names.
        let (of_total, of_first) = (word(self.table.fact(total)), word(self.table.fact(*first)));
        let own = word(fact);
        let one_way = of_total.is_some() && (of_first.is_none() || of_first == of_total);
        one_way && own.is_some() && own != of_total
    }

    /// 转移支付收入A，其中甲B，上年结余C，收入合计D: what adds up more than the list's total is no part of it.
    fn outgrows(&self, fact: &Fact) -> bool {
        let total = self.lists.last().and_then(OpenList::total);
        fact.measure.is_some_and(|measure| self.is_total(measure))
            && total.is_some_and(|total| {
                let total = self.table.fact(total).amount;
                total.family == fact.amount.family && fact.amount.value > total.value
            })
    }

    /// 共 and nothing else stands before the count.
    fn counts_all(&self, fact: &Fact) -> bool {
        let words =
            self.document.slice(Span::new(fact.span.start.min(fact.value_span.start), fact.value_span.start));
        fact.amount.half.is_zero() && self.rules.lexicon.is_word(WordClass::InAll, words)
    }

    /// 职能科室5个、临床科室9个，共14个科室: all that the sentence counts in this unit, if it counts nothing else.
    fn total_of_counted(&mut self, total: FactId) {
        let family = self.table.fact(total).amount.family;
        let parts: Vec<FactId> = self.values.iter().rev().take(COUNTED).rev().copied().collect();
        let alike = parts.iter().all(|id| self.table.fact(*id).amount.family == family);
        if alike && parts.len() >= 2 && self.values.len() < COUNTED {
            lists::push_sum(&mut self.table, total, parts, Closure::Listed);
        }
    }

    /// 甲、乙分别为A、B, and 甲、乙均为A.
    pub(super) fn respective(&mut self, fact: Fact, region: &Region, mark: char) {
        let each = region.cues.has(Cue::Each);
        while let Some(subject) = self.awaiting.pop_front() {
            let mut one = fact;
            let own = Region { subject, cues: region.cues, ..*region };
            let named = self.fact(&own, fact.amount, Role::Value, fact.value_span);
            (one.measure, one.label, one.qualifier) = (named.measure, named.label, named.qualifier);
            one.fund = subject.fund.or(fact.fund);
            self.inherit(&mut one, &own);
            let id = self.push(one);
            self.value(id, &own, mark);
            if !each {
                break;
            }
        }
    }

    /// 无…支出: a value of zero.
    pub(super) fn stated_zero(&mut self) {
        let region = self.region;
        let (Some(measure), Some(money)) = (region.subject.measure, self.money) else { return };
        if !region.cues.has(Cue::Zero) || self.rules.lexicon.measure(measure).family != "money" {
            return;
        }
        let start = region.zero.unwrap_or(region.subject.label.start).min(region.subject.label.start);
        let zero = Amount::zero(money, rust_decimal::Decimal::from(10_000));
        let mut fact = self.fact(&region, zero, Role::Value, Span::new(start, region.subject.label.end));
        fact.measure = Some(measure);
        let said = fact.basis;
        self.inherit(&mut fact, &region);
        // What did not happen is not told of any budget unless the words say so.
        fact.basis = said;
        let id = self.push(fact);
        let mark = self.mark;
        self.value(id, &region, mark);
        self.region = Region::default();
    }

    /// 等 right after a part: the list names only some.
    pub(super) fn open_words(&mut self) {
        if self.region.cues.has(Cue::Open) && !self.region.subject.is_named() {
            for list in &mut self.lists {
                list.open = true;
            }
        }
    }

    pub(super) fn close_list(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        let rest = list.close(&mut self.table);
        if let Some(outer) = self.lists.last_mut() {
            outer.parts.extend(rest);
        }
    }
}
