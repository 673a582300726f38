//! What is told of two figures of one thing: change against an earlier one, and none.
//!
//! The part of the clause grammar that makes relations of such figures; shares are in `shares`.

use super::clauses::Reader;
use super::lists::OpenList;
use super::region::{Period, Region};
use super::{FactId, Relation, Role};
use crate::document::Span;
use crate::rules::{BasisId, Cue, FamilyId, MeasureId, WordClass};

/// How far back a sentence is searched: a sentence of ten thousand figures is a table run together.
const NEAR: usize = 48;

/// A change being told: against what, by how much, at what rate.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) base: Option<FactId>,
    pub(super) amount: Option<FactId>,
    pub(super) rate: Option<FactId>,
    pub(super) up: bool,
    pub(super) word: Span,
    /// What is compared, where the words beside 比 name it.
    pub(super) current: Option<FactId>,
    /// 减少A，增长P%: the second word, against the first.
    pub(super) turned: Option<Span>,
    /// Whose change it is, where the clause says so.
    pub(super) subject: Option<MeasureId>,
    /// What was said to be level with its base, and the word.
    pub(super) level: Option<(FactId, Span)>,
    /// What 比 was said of.
    pub(super) basis: Option<BasisId>,
    pub(super) period: Option<Period>,
    /// 比年初
    pub(super) opening: bool,
    /// Its name, where that is none of the lexicon.
    pub(super) label: Span,
}

impl Change {
    pub(super) fn is_told(&self) -> bool {
        self.amount.is_some() || self.rate.is_some()
    }
}

impl Reader<'_> {
    pub(super) fn compare_with(&mut self, region: &Region) {
        self.change.basis = region.basis;
        self.change.period = region.period;
        self.change.opening = region.opening;
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
        // 比年初增加A，各项存款同比增长P%: P is of what there was a year ago.
        let start = region.start.unwrap_or(self.table.fact(id).value_span.start);
        let said = self.document.slice(Span::new(start, self.table.fact(id).value_span.start.max(start)));
        if self.change.opening && self.rules.lexicon.holds(WordClass::YearOnYear, said) {
            self.end_change();
            self.change = Change::default();
        }
        if self.level_and_changed(id, region) {
            return;
        }
        let Some((cue, word)) = region.direction else {
            let label = self.document.slice(region.subject.label);
            let apart = self.rules.lexicon.is_word(WordClass::Apart, label);
            // 低于全省平均水平: what it is held against has a name, and no figure.
            let lexicon = &self.rules.lexicon;
            let unnamed = label.is_empty()
                || region.subject.measure.is_some()
                || lexicon.holds(WordClass::Planned, label)
                || self
                    .values
                    .iter()
                    .any(|one| self.document.slice(self.table.fact(*one).label).contains(label));
            let held = (region.cues.has(Cue::Above) || region.cues.has(Cue::Below)) && unnamed;
            if self.is_points(id) && (apart || held) {
                self.difference(id);
            }
            return;
        };
        let up = cue == Cue::Up;
        self.change.subject = self.change.subject.or(region.subject.measure);
        if self.change.label.is_empty() {
            self.change.label = region.subject.label;
        }
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

    /// 减少A（P%）: nothing but the rate stands in the brackets behind a change.
    pub(super) fn rate_in_brackets(&mut self, id: FactId, region: &Region) -> bool {
        let fact = *self.table.fact(id);
        let bare = Some(fact.amount.family) == self.percent && region.start.is_none();
        let Some(amount) = self.change.amount.filter(|_| bare && self.change.rate.is_none()) else {
            return false;
        };
        let told = self.table.fact(amount).value_span.end;
        let text = &self.document.text;
        let between = self.document.slice(Span::new(told, fact.value_span.start.max(told)));
        let alone =
            matches!(between, "（" | "(") && text[fact.value_span.end as usize..].starts_with(['）', ')']);
        if alone {
            self.table.facts[id.0 as usize].role = Role::Rate;
            self.change.rate = Some(id);
        }
        alone
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
        if self.saved(&change) {
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
        let mean = self.standards.last().copied().filter(fits).filter(|_| change.base.is_some());
        if mean.is_some_and(|mean| current.iter().all(|id| *id < mean)) {
            current.clear();
            current.extend(mean);
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
        if change.subject.is_none() && change.base.is_none() && !change.label.is_empty() {
            current.retain(|id| self.may_be_called(*id, change.label));
        }
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
        let (mut current, mut base, mut far) = (current, base, far);
        let told = self.opening_balance(&change);
        if let Some((now, opening)) = told.or_else(|| self.rows_of_years(&change)) {
            (current, base, far) = (vec![now], vec![opening], true);
        }
        if let (Some(own), Some(rival)) = (change.current, change.base) {
            (current, base) = (vec![own], vec![rival]);
        }
        if let (Some(subject), None, Some(_), Some(_)) = (change.subject, told, change.amount, change.rate)
            && current.iter().all(|id| self.table.fact(*id).measure != Some(subject))
        {
            self.early_changes.push((self.table.relations.len(), subject));
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
            } else {
                current.retain(|id| self.may_be(*id, subject));
            }
        } else if let Some(basis) = change.base.and_then(|base| self.table.fact(base).basis) {
            let alike = |id: &FactId| self.table.fact(*id).basis == Some(basis) && !current.contains(id);
            let found: Vec<FactId> = near.filter(alike).take(2).collect();
            current.extend(found);
        }
        far
    }

    /// Whether the figure can be one of `subject`: one of another name is not.
    fn may_be(&self, id: FactId, subject: MeasureId) -> bool {
        let fact = self.table.fact(id);
        match fact.measure {
            Some(own) => own == subject || self.is_total(own) && self.is_total(subject),
            None => fact.label.is_empty(),
        }
    }

    /// 甲入库A，增长P%；乙增收B，增长Q%: what 乙 came to is not told, and A is behind a semicolon.
    fn may_be_called(&self, id: FactId, label: Span) -> bool {
        let fact = self.table.fact(id);
        let between = Span::new(fact.value_span.end, label.start.max(fact.value_span.end));
        let (own, other) = (self.document.slice(fact.label), self.document.slice(label));
        let alike = own.is_empty() || own.contains(other) || other.contains(own);
        alike || !parted(self.document.slice(between))
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

    /// 与上年持平
    pub(super) fn flat(&mut self, word: Span) {
        let Some(current) = self.values.last().copied() else { return };
        // 购置费比预算无增减变化: not of the figure before, which has another name.
        if self.region.subject.measure.is_some_and(|subject| !self.may_be(current, subject)) {
            return;
        }
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
        // 购置费与上年持平；运行费B，比上年减少C: another figure was told between.
        let bare = !region.compared
            && !region.subject.is_named()
            && region.period.is_none()
            && self.values.last() == Some(&current);
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

/// Whether a semicolon stands in the text, outside the brackets that close in it.
fn parted(text: &str) -> bool {
    let mut depth = 0usize;
    text.chars().rev().any(|character| {
        match character {
            '）' | ')' => depth += 1,
            '（' | '(' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(character, '；' | ';')
    })
}
