//! Shares: 占总额的P%, and the figures told before that they may be of.
//!
//! The part of the clause grammar that makes relations of parts and wholes.

use super::clauses::Reader;
use super::lists::OpenList;
use super::region::Region;
use super::{FactId, Relation, Role};
use crate::document::Span;
use crate::rules::{BasisId, Cue, Entry, MeasureId, MeasureRole, WordClass};

/// How far back a sentence is searched: a sentence of ten thousand figures is a table run together.
const NEAR: usize = 48;

impl Reader<'_> {
    pub(super) fn share(&mut self, rate: FactId, region: &Region) {
        if !region.cues.has(Cue::Share)
            && let Some(part) = self.sharing.0.pop_front()
        {
            let whole = self.sharing.1.iter().copied().filter(|id| *id != part).collect();
            self.table.relations.push(Relation::Share { part: vec![part], whole, rate, named: true });
            return;
        }
        // 甲A，乙B，合计占总数的P%: of both, and who knows of how many more.
        if self.lost || region.cues.has(Cue::Total) {
            return;
        }
        let mut part: Vec<FactId> = self.values.last().copied().into_iter().collect();
        // 上半年支出占全年的P%: of a figure that was told before, if it was told at all, and not of the last one.
        let mut by_label = false;
        if let Some(sharer) = self.sharer.take() {
            let own = |id: &FactId| {
                let fact = self.table.fact(*id);
                fact.measure == sharer.measure
                    && (sharer.measure.is_some()
                        || self.document.slice(fact.label) == self.document.slice(sharer.label))
            };
            if !part.iter().all(own) || part.is_empty() {
                part = match sharer.measure {
                    Some(measure) => self.told_before(measure),
                    None => {
                        by_label = true;
                        self.told_by_label(sharer.label).into_iter().collect()
                    }
                };
                part.retain(|id| self.is_now(*id));
            }
        }
        let mut whole: Vec<FactId> = Vec::new();
        let mut named = true;
        if let Some(given) = self.whole.take() {
            whole.push(given);
        } else if let Some(measure) = region.subject.measure {
            whole.extend(self.told_before(measure));
            // Told in the paragraph itself, it is what is meant; an earlier year's is not.
            let here = |id: &FactId| self.table.fact(*id).block == self.block && self.is_now(*id);
            if whole.iter().any(here) {
                whole.retain(here);
            } else if whole.iter().any(|id| self.is_now(*id)) {
                whole.retain(|id| self.is_now(*id));
            }
            // 占一般公共预算项目支出的P%: 项目支出 of all funds, told elsewhere, is hardly what is meant.
            if let Some(fund) = region.subject.fund {
                let of_fund = |id: &FactId| self.table.fact(*id).fund == Some(fund);
                if whole.iter().any(of_fund) {
                    whole.retain(of_fund);
                } else if !whole.iter().any(here) {
                    named = false;
                }
            }
            // 占总收入的P% in the list of 收入合计: the total goes by several names.
            if whole.is_empty() && self.is_total(measure) {
                whole.extend(self.lists.last().and_then(OpenList::total));
                // 占全年总支出的P% after 支出总额A
                whole.extend(self.other_totals(measure));
                if whole.is_empty() {
                    whole.extend(self.unnamed_spent(measure));
                }
                named = false;
            }
        } else if !region.subject.label.is_empty() {
            let words = self.document.slice(region.subject.label);
            whole.extend(self.told_as(words, &part));
            // 占可用资金的P% of 项目可用资金A: likely, not said.
            let by_end = |id: &FactId| {
                let label = self.document.slice(self.table.fact(*id).label);
                label != words && label.ends_with(words)
            };
            named = !whole.iter().any(by_end);
            if let (true, Some(part)) = (whole.is_empty(), part.first()) {
                self.late_share = Some((*part, rate, region.subject.label));
                return;
            }
        } else if region.basis.is_some_and(|basis| self.is_budget(Some(basis))) && self.values.is_empty() {
            whole.extend(self.unnamed_before(region.basis));
        } else if by_label {
            // What stands around is of something else: only its own total counts.
            named = false;
            whole.extend(part.iter().filter_map(|id| self.table.fact(*id).under));
        } else if region.subject.label.is_empty() && region.basis.is_none() {
            let listed = self.lists.last().filter(|list| part.iter().all(|id| list.surely_has(*id)));
            let listed = listed.and_then(OpenList::total);
            // 投入A，占比P%，其中甲B，占比Q%: Q is of what P is of, but of 甲's, or of A; nobody knows.
            named = listed.is_some_and(|total| !self.has_share(total));
            whole.extend(listed);
            whole.extend(part.iter().filter_map(|id| self.table.fact(*id).under));
            // What has a share of its own is a part like this one.
            let first = self.values.first().copied().filter(|first| !self.has_share(*first));
            whole.extend(first);
            whole.extend(self.previous.first().copied());
            if whole.is_empty()
                && let Some(measure) = self.topic.and_then(|topic| topic.subject.measure)
            {
                whole.extend(self.told_before(measure));
                if whole.iter().any(|id| self.is_now(*id)) {
                    whole.retain(|id| self.is_now(*id));
                }
            }
        }
        // 采购预算A，其中货物B、服务C，占部门预算的P%: of the last or of all.
        let listed = self.lists.last().and_then(OpenList::total).filter(|total| !whole.contains(total));
        let same = |total: &FactId| {
            part.first().is_some_and(|part| {
                let (total, part) = (self.table.fact(*total), self.table.fact(*part));
                let stated = |id: &FactId| self.table.fact(*id).amount.value == total.amount.value;
                total.amount.family == part.amount.family
                    && total.amount.value >= part.amount.value
                    && !whole.iter().any(stated)
                    && (region.subject.measure.is_none() || total.measure != region.subject.measure)
            })
        };
        part.extend(listed.filter(|total| !whole.is_empty() && region.subject.is_named() && same(total)));
        let rates = self.rates_from(rate);
        let part = if rates > 1 || region.cues.has(Cue::Respectively) {
            // 占支出和收入的5%和2%: one part of several wholes, which nothing tells apart.
            let Some(first) = self.shared_out(&whole, rates) else { return };
            vec![first]
        } else {
            part
        };
        whole.retain(|id| !part.contains(id));
        if whole.is_empty() && !region.subject.is_named() {
            named = false;
            whole = self.told_in_heading();
            whole.extend(part.first().and_then(|part| self.split_total(*part)).filter(|_| whole.is_empty()));
            whole.retain(|id| !part.contains(id));
        }
        self.table.relations.push(Relation::Share { part, whole, rate, named });
    }

    /// 五、一般公共预算财政拨款支出决算情况: what the headings above are about, as told so far.
    pub(super) fn told_in_heading(&self) -> Vec<FactId> {
        let mut at = self.section;
        while let Some(id) = at {
            let node = self.outline.node(id);
            if let Some(measure) = self.measure_named_in(node.title) {
                let mut told = self.told_before(measure);
                told.retain(|id| self.is_now(*id));
                return told;
            }
            at = node.parent;
        }
        Vec::new()
    }

    /// The longest name of an amount in `title`.
    fn measure_named_in(&self, title: Span) -> Option<MeasureId> {
        let hits = &self.lexed.lexicon_hits;
        let first = hits.partition_point(|hit| hit.span.end <= title.start);
        let inside = hits[first..].iter().take_while(|hit| hit.span.end <= title.end);
        let named = inside.filter(|hit| hit.span.start >= title.start).filter_map(|hit| {
            match self.rules.lexicon.entries[usize::from(hit.item)].1 {
                Entry::Measure(measure) if self.rules.lexicon.measure(measure).family == "money" => {
                    Some((hit.span.len(), measure))
                }
                _ => None,
            }
        });
        named.max_by_key(|(length, _)| *length).map(|(_, measure)| measure)
    }

    /// The last figures of `measure`.
    pub(super) fn told_before(&self, measure: MeasureId) -> Vec<FactId> {
        let all = self.table.facts.iter().enumerate().rev().take(NEAR * 8);
        let same = all.filter(|(_, fact)| fact.measure == Some(measure) && fact.role == Role::Value);
        same.map(|(place, _)| FactId(place as u32)).take(6).collect()
    }

    /// 本年收入, 支出总计 …: a name for all of it.
    pub(super) fn is_total(&self, measure: MeasureId) -> bool {
        self.rules.lexicon.measure(measure).role == Some(MeasureRole::Whole)
    }

    /// The last figure called `words`; for 总数 the last that counts the same things as the part.
    fn told_as(&self, words: &str, part: &[FactId]) -> Option<FactId> {
        let part = part.first().map(|id| (*id, *self.table.fact(*id)))?;
        let alike = |fact: &super::Fact| {
            fact.role == Role::Value
                && fact.amount.family == part.1.amount.family
                && fact.amount.value >= part.1.amount.value
                && fact.cell.is_none()
        };
        let all = self.table.facts[..part.0.0 as usize].iter().enumerate().rev().take(NEAR * 8);
        let all_of = self.rules.lexicon.words(WordClass::Everything);
        let noun = all_of.iter().find_map(|word| words.strip_suffix(word.as_str()));
        let counted = noun.is_some();
        let noun = match noun.filter(|noun| !noun.is_empty()) {
            Some(noun) => noun.to_owned(),
            None => self.noun_behind(&part.1),
        };
        let mut found =
            all.filter(|(_, fact)| alike(fact) && self.table.is_current(fact)).filter(|(_, fact)| {
                match counted {
                    true => noun.chars().nth(1).is_some() && self.noun_behind(fact).starts_with(&noun),
                    false => self.is_called(fact, words),
                }
            });
        let (place, first) = found.next()?;
        found.all(|(_, other)| other.amount.value == first.amount.value).then_some(FactId(place as u32))
    }

    /// Totals on `basis` that go by no name, told anywhere before.
    pub(super) fn unnamed_before(&self, basis: Option<BasisId>) -> Vec<FactId> {
        let all = self.table.facts.iter().enumerate().rev().take(NEAR * 8);
        let told = all.filter(|(_, fact)| {
            fact.role == Role::Value
                && fact.measure.is_none()
                && (fact.label.is_empty()
                    || self.rules.lexicon.is_word(WordClass::When, self.document.slice(fact.label)))
                && fact.under.is_none()
                && fact.cell.is_none()
                && Some(fact.amount.family) == self.money
                && self.is_budget(fact.basis)
                && self.fits_basis(fact.basis, basis)
                && (basis.is_none() || fact.basis == basis)
                && self.table.is_current(fact)
        });
        told.map(|(place, _)| FactId(place as u32)).take(3).collect()
    }

    /// Whether the figure's own share of something was told just before.
    fn has_share(&self, figure: FactId) -> bool {
        let near = self.table.relations.iter().rev().take(NEAR);
        near.into_iter()
            .any(|relation| matches!(relation, Relation::Share { part, .. } if part.contains(&figure)))
    }

    /// 占全部的8.1%和91.9%: how many rates stand joined from this one on.
    fn rates_from(&self, rate: FactId) -> usize {
        let Some(first) = self.table.fact(rate).quantity else { return 1 };
        let behind = self.lexed.quantities[first as usize..].windows(2).take(NEAR);
        let joined = behind.take_while(|pair| {
            let between = Span::new(pair[0].span.end, pair[1].span.start.max(pair[0].span.end));
            let rate =
                pair[1].unit.is_some_and(|unit| Some(self.rules.units.family_id(unit)) == self.percent);
            let between = self.document.slice(between).trim();
            rate && (between == "、" || self.rules.lexicon.is_word(WordClass::Joins, between))
        });
        joined.count() + 1
    }

    /// 分别占: the shares come in the order of the parts, which are the last ones told where so many shares are; gives
    /// the first part.
    pub(super) fn shared_out(&mut self, whole: &[FactId], row: usize) -> Option<FactId> {
        // 甲、乙、丙分别为A、B和C，占…的P、Q和R: as many as there are shares.
        let last = &self.values[self.values.len().saturating_sub(row)..];
        let family = |id: &FactId| self.table.fact(*id).amount.family;
        let alike = row > 1 && last.len() == row && last.iter().all(|id| family(id) == family(&last[0]));
        let listed: Vec<FactId> = match self.lists.last() {
            _ if alike => last.to_vec(),
            Some(list) => list.parts.iter().map(|(part, _)| *part).collect(),
            None => self.values.iter().rev().take(NEAR).rev().copied().collect(),
        };
        let mut parts: std::collections::VecDeque<FactId> =
            listed.into_iter().filter(|id| !whole.contains(id)).collect();
        if row > 1 {
            parts.drain(..parts.len().checked_sub(row)?);
        }
        let first = parts.pop_front();
        self.sharing = (parts, whole.to_vec());
        first
    }
}
