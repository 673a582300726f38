//! What is told of two figures: change against an earlier one, share of a whole, completion of a plan.
//!
//! The part of the clause grammar that makes relations of such figures.

use super::clauses::{Change, Reader};
use super::lists::OpenList;
use super::region::Region;
use super::{FactId, Relation, Role};

/// How far back a sentence is searched: a sentence of ten thousand figures is a table run together.
const NEAR: usize = 48;

use crate::document::Span;
use crate::rules::{BasisId, Cue, Entry, FamilyId, MeasureId, MeasureRole, WordClass};

impl Reader<'_> {
    pub(super) fn compare_with(&mut self, region: &Region) {
        self.change.basis = region.basis;
        self.change.period = region.period;
    }

    /// 比上年，: the comparison is named before the change.
    pub(super) fn against(&mut self) {
        if self.change.amount.is_some() || self.change.rate.is_some() {
            self.end_change();
        }
        let region = self.region;
        self.compare_with(&region);
    }

    pub(super) fn changed(&mut self, id: FactId, role: Role, region: &Region) {
        if region.compared {
            if self.change.amount.is_some() || self.change.rate.is_some() {
                self.end_change();
            }
            self.compare_with(region);
        }
        if self.level_and_changed(id, region) {
            return;
        }
        let Some((cue, word)) = region.direction else {
            let label = self.document.slice(region.subject.label);
            let apart = self.rules.lexicon.is_word(WordClass::Apart, label);
            if self.is_points(id) && (apart || region.cues.has(Cue::Above) || region.cues.has(Cue::Below)) {
                self.difference(id);
            }
            return;
        };
        let up = cue == Cue::Up;
        self.change.subject = self.change.subject.or(region.subject.measure);
        let known = self.change.amount.is_some() || self.change.rate.is_some();
        if known && up != self.change.up {
            let bare = !region.compared && !region.subject.is_named() && self.change.turned.is_none();
            let percent = Some(self.table.fact(id).amount.family) == self.percent;
            if bare && percent && self.change.rate.is_none() {
                self.change.rate = Some(id);
                self.change.turned = Some(word);
                return;
            }
            self.end_change();
        }
        self.change.up = up;
        self.change.word = word;
        let point = Some(self.table.fact(id).amount.family) != self.percent && role == Role::Rate;
        match role {
            // 比上年的94.8%提高1.4个百分点; without the earlier rate there is nothing to hold it against.
            _ if point => {
                let base = self.change.base.map(|base| self.table.fact(base).amount.family);
                if base.is_some() && base == self.percent {
                    self.change.amount = self.change.amount.or(Some(id));
                }
            }
            Role::Rate => self.change.rate = self.change.rate.or(Some(id)),
            _ => self.change.amount = self.change.amount.or(Some(id)),
        }
    }

    pub(super) fn end_change(&mut self) {
        let change = std::mem::take(&mut self.change);
        if change.amount.is_none() && change.rate.is_none() {
            self.change = Change {
                base: change.base,
                basis: change.basis,
                period: change.period,
                level: change.level,
                ..Change::default()
            };
            return;
        }
        let family = change.base.or(change.amount).map(|id| self.table.fact(id).amount.family).or(self.money);
        let fits = |id: &FactId| Some(self.table.fact(*id).amount.family) == family;
        let mut current: Vec<FactId> = Vec::new();
        let told = self.told_rate(&change, family);
        current.extend(told);
        let pool = if told.is_some() {
            &[][..]
        } else if self.values.iter().rev().take(NEAR).any(fits) {
            &self.values[..]
        } else {
            &self.previous[..]
        };
        current.extend(pool.iter().rev().copied().filter(fits).take(1));
        current.extend(current.first().and_then(|id| self.table.fact(*id).under));
        current.extend(self.lists.iter().filter_map(OpenList::total).filter(|id| fits(id)));
        current.extend(pool.first().copied().filter(fits));
        // 人均收入14286元，比上年的12630元增长: a figure per head has a past too.
        if current.is_empty() && change.base.is_some() {
            current.extend(self.standards.last().copied().filter(fits));
        }
        // 2.公务接待费。接待62批次。比上年减少A: the amount was told in the paragraph on the whole.
        if current.is_empty()
            && change.base.is_none()
            && let Some(lead) = self.lead
        {
            let now = self.told_before(lead).into_iter().filter(|id| self.is_now(*id) && fits(id));
            current.extend(now.take(1));
        }
        let mut seen = Vec::with_capacity(current.len());
        current.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        let far = self.prefer_subject(&change, family, &mut current);
        // 与上年相比（上年为A），增加B: an earlier year's figure right before the change is its base.
        let past =
            |id: &FactId| self.table.fact(*id).period.zip(self.table.report_year).is_some_and(|(a, b)| a < b);
        let told = change.base.or_else(|| current.first().copied().filter(past));
        // 年初预算A，决算B，较年初预算减少C: what is compared is not the budget.
        if told.is_none() && change.period.is_none() && change.basis.is_some() {
            let other = |id: &FactId| self.table.fact(*id).basis != change.basis;
            if current.iter().any(other) {
                current.retain(other);
            }
        }
        let base: Vec<FactId> = match told {
            Some(base) => vec![base],
            None => self.earlier(&current, &change),
        };
        current.retain(|id| !base.contains(id));
        if change.base.is_none()
            && let Some(base) = told.map(|base| *self.table.fact(base))
        {
            let label = self.document.slice(base.label);
            current.retain(|id| {
                let fact = self.table.fact(*id);
                let alike =
                    base.measure.is_some() || !label.is_empty() && self.document.slice(fact.label) == label;
                alike && fact.measure == base.measure
            });
        }
        self.table.relations.push(Relation::Change {
            current,
            base,
            amount: change.amount,
            rate: change.rate,
            up: change.up,
            word: change.word,
            turned: change.turned,
            far,
        });
    }

    /// 执行率96.23%，比上年93.85%提高2.38个百分点: the rate of the sentence that the earlier one is held against.
    fn told_rate(&self, change: &Change, family: Option<FamilyId>) -> Option<FactId> {
        let base = change.base.filter(|_| family == self.percent)?;
        // 由上年的83.2%上升至86.9%，上升3.7个百分点: what it rose to stands behind.
        if self
            .values
            .last()
            .is_some_and(|last| *last > base && Some(self.table.fact(*last).amount.family) == family)
        {
            return None;
        }
        let before = self.table.facts[..base.0 as usize].iter().enumerate().rev().take(NEAR);
        let mut here = before.take_while(|(_, fact)| fact.sentence == self.sentence);
        let (place, last) = here.find(|(_, fact)| Some(fact.amount.family) == self.percent)?;
        let told = matches!(last.role, Role::Ratio | Role::Share | Role::Completion);
        told.then_some(FactId(place as u32))
    }

    /// 收入预算比上年减少B: the figure is that of the subject, however many parts were told since; with a
    /// base and no subject, one of the base's own basis.
    /// Gives whether it was looked for in other paragraphs.
    fn prefer_subject(&self, change: &Change, family: Option<FamilyId>, current: &mut Vec<FactId>) -> bool {
        let mut far = false;
        let near = self.values.iter().rev().take(NEAR).chain(self.previous.iter().rev().take(NEAR)).copied();
        let near = near.filter(|id| Some(self.table.fact(*id).amount.family) == family);
        if let Some(subject) = change.subject {
            let own = |id: &FactId| self.table.fact(*id).measure == Some(subject) && self.is_now(*id);
            let mut found: Vec<FactId> = near.filter(own).take(3).collect();
            // 其中公务接待费减少A，下降P%: what it came to was told in another paragraph.
            if found.is_empty() {
                found = self.told_before(subject);
                found.retain(|id| {
                    let fact = self.table.fact(*id);
                    let now = self.is_now(*id) && fact.under.is_none_or(|total| self.is_now(total));
                    Some(fact.amount.family) == family && now && fact.cell.is_none()
                });
                far = !found.is_empty() && found.iter().all(|id| self.table.fact(*id).block != self.block);
            }
            if !found.is_empty() {
                *current = found;
            } else if self.rules.lexicon.measure(subject).fund_free {
                // 无因公出国费；公务用车费较上年减少A: the change is not that of another item.
                current.retain(|id| self.table.fact(*id).measure.is_none_or(|own| own == subject));
            }
        } else if let Some(basis) = change.base.and_then(|base| self.table.fact(base).basis) {
            let alike = |id: &FactId| self.table.fact(*id).basis == Some(basis) && !current.contains(id);
            let found: Vec<FactId> = near.filter(alike).take(2).collect();
            current.extend(found);
        }
        far
    }

    pub(super) fn is_now(&self, id: FactId) -> bool {
        self.table.is_current(self.table.fact(id))
    }

    /// Figures that the comparison may mean: the same subject at the named period or basis, nearby.
    pub(super) fn earlier(&self, current: &[FactId], change: &Change) -> Vec<FactId> {
        let Some(now) = current.first().map(|id| self.table.fact(*id)) else { return Vec::new() };
        let period = change.period.and_then(|period| self.year(period)).or(now.period);
        let near = self.values.iter().rev().take(NEAR).rev().chain(self.previous.iter().take(NEAR));
        near.copied()
            .filter(|id| {
                let fact = self.table.fact(*id);
                fact.measure == now.measure
                    && self.document.slice(fact.label) == self.document.slice(now.label)
                    && fact.amount.family == now.amount.family
                    && !current.contains(id)
                    && match change.period {
                        Some(_) => fact.period == period && period != now.period,
                        None => change.basis.is_some() && fact.basis == change.basis,
                    }
            })
            .collect()
    }

    pub(super) fn share(&mut self, rate: FactId, region: &Region) {
        if !region.cues.has(Cue::Share)
            && let Some(part) = self.sharing.0.pop_front()
        {
            let whole = self.sharing.1.iter().copied().filter(|id| *id != part).collect();
            self.table.relations.push(Relation::Share { part: vec![part], whole, rate, named: true });
            return;
        }
        if self.lost {
            return;
        }
        let mut part: Vec<FactId> = self.values.last().copied().into_iter().collect();
        // 上半年支出占全年的P%: of a figure that was told before, if it was told at all, and not of the last one.
        if let Some(sharer) = self.sharer.take() {
            let own = |id: &FactId| {
                let fact = self.table.fact(*id);
                fact.measure == sharer.measure
                    && (sharer.measure.is_some()
                        || self.document.slice(fact.label) == self.document.slice(sharer.label))
            };
            if !part.iter().all(own) || part.is_empty() {
                part = sharer.measure.map(|measure| self.told_before(measure)).unwrap_or_default();
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
            // 占总收入的P% in the list of 收入合计: the total goes by several names.
            if whole.is_empty() && self.is_total(measure) {
                whole.extend(self.lists.last().and_then(OpenList::total));
            }
        } else if !region.subject.label.is_empty() {
            let words = self.document.slice(region.subject.label);
            whole.extend(self.told_as(words, &part));
            if let (true, Some(part)) = (whole.is_empty(), part.first()) {
                self.late_share = Some((*part, rate, region.subject.label));
                return;
            }
        } else if region.basis.is_some_and(|basis| self.is_budget(Some(basis))) && self.values.is_empty() {
            whole.extend(self.unnamed_before(region.basis));
        } else if region.subject.label.is_empty() && region.basis.is_none() {
            let listed = self.lists.last().filter(|list| part.iter().all(|id| list.surely_has(*id)));
            let listed = listed.and_then(OpenList::total);
            named = listed.is_some();
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
                    && !whole.iter().any(stated)
                    && (region.subject.measure.is_none() || total.measure != region.subject.measure)
            })
        };
        part.extend(listed.filter(|total| !whole.is_empty() && region.subject.is_named() && same(total)));
        let row = self.percents_in_a_row(rate);
        let part = if region.cues.has(Cue::Respectively) || row > 1 {
            self.shared_out(&whole, row).into_iter().collect()
        } else {
            part
        };
        whole.retain(|id| !part.contains(id));
        if whole.is_empty() && !region.subject.is_named() {
            named = false;
            whole = self.told_in_heading();
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
                    false => words.chars().nth(2).is_some() && self.document.slice(fact.label) == words,
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
                && fact.label.is_empty()
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

    /// 分别占: the shares come in the order of the parts; gives the first part.
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
        let first = parts.pop_front();
        self.sharing = (parts, whole.to_vec());
        first
    }

    /// How many per cents follow on each other from this one: P%、Q%和R%.
    fn percents_in_a_row(&self, rate: FactId) -> usize {
        let Some(place) = self.table.fact(rate).quantity else { return 1 };
        let row = self.lexed.quantities[place as usize..].windows(2).take(NEAR).take_while(|two| {
            let between =
                self.document.slice(Span::new(two[0].span.end, two[1].span.start.max(two[0].span.end)));
            let percent = two[1].unit.is_some_and(|unit| self.rules.units.family(unit) == "percent");
            percent && matches!(between, "、" | "和" | "，" | "及")
        });
        row.count() + 1
    }

    /// 与上年持平
    pub(super) fn flat(&mut self, word: Span) {
        let Some(current) = self.values.last().copied() else { return };
        let plain = self.rules.lexicon.is_word(WordClass::Level, self.document.slice(word));
        let change = Change { basis: self.region.basis, period: self.region.period, ..Change::default() };
        let base = self.earlier(&[current], &change);
        self.change.level = plain.then_some((current, word));
        self.table.relations.push(Relation::Flat { current, base, word });
    }

    /// 与上年持平，下降10%: the words contradict each other whatever the figures are.
    fn level_and_changed(&mut self, id: FactId, region: &Region) -> bool {
        let Some((current, word)) = self.change.level.take() else { return false };
        let Some((cue, turned)) = region.direction else { return false };
        let bare = !region.compared && !region.subject.is_named() && region.period.is_none();
        let fact = self.table.fact(id);
        let contradicts = bare
            && !fact.amount.value.is_zero()
            && (Some(fact.amount.family) == self.percent
                || fact.amount.family == self.table.fact(current).amount.family)
            && fact.sentence == self.sentence;
        if contradicts {
            self.table.relations.push(Relation::Level {
                current,
                rate: id,
                up: cue == Cue::Up,
                words: (word, turned),
            });
        }
        contradicts
    }
}
