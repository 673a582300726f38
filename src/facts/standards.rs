//! Figures per head: 每户350元, 500元/人. With a count and a total in the same sentence they make a product.
//!
//! The part of the clause grammar that runs at the end of a sentence.

use rust_decimal::Decimal;

use super::clauses::Reader;
use super::{Fact, FactId, Relation, Role};
use crate::rules::{MeasureId, UnitId};

/// How many counts, and how many amounts, are tried for one standard.
const NEAR: usize = 4;
/// Figures looked through for the spending that a mean is named after.
const FAR: usize = 256;

/// 每户, 人均 and the like; 每年 and 月均 spread one amount over time.
pub fn is_per_head(text: &str) -> bool {
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        if c == '每' && !matches!(next, '年' | '月' | '日' | '天' | '季' | '周')
            || c == '均' && !matches!(before, '年' | '月' | '日' | '平' | '季' | '周' | '天')
        {
            return true;
        }
        before = c;
    }
    false
}

/// 车均, 户均 at the beginning, and no spreading over time.
pub fn is_mean(text: &str) -> bool {
    let mut chars = text.chars();
    let (first, second, third) = (chars.next(), chars.next(), chars.next());
    second == Some('均')
        && first.is_some_and(|c| !matches!(c, '年' | '月' | '日' | '平' | '季' | '周' | '天' | '各' | '全'))
        && third != Some('为')
}

impl Reader<'_> {
    /// n × standard = total, for every standard of the sentence just read.
    pub(super) fn products(&mut self) {
        for standard in std::mem::take(&mut self.standards) {
            let at = self.values.partition_point(|id| *id < standard);
            let near = |wanted: &dyn Fn(&Fact) -> bool| {
                let before = self.values[..at].iter().rev();
                let after = self.values[at..].iter();
                let mut found: Vec<FactId> = Vec::new();
                for side in [
                    &mut after.take(NEAR * 4) as &mut dyn Iterator<Item = &FactId>,
                    &mut before.take(NEAR * 4),
                ] {
                    let fits = side.filter(|id| wanted(self.table.fact(**id))).take(NEAR);
                    found.extend(fits.copied());
                }
                found
            };
            let mean = *self.table.fact(standard);
            let mut total = near(&|fact| fact.amount.family == mean.amount.family);
            if let Some(measure) = mean.measure {
                total = self.one_value(measure).into_iter().collect();
            }
            // （二）公务用车运行维护费A。保有量9辆，车均B: the amount opens the paragraph; 人均接待费用: it stands in another.
            if total.is_empty() {
                total
                    .extend(self.first.filter(|id| self.table.fact(*id).amount.family == mean.amount.family));
            }
            if total.is_empty() {
                total.extend(self.called(self.document.slice(mean.label)));
            }
            let own = self.document.slice(mean.span);
            let mut count = near(&|fact| {
                fact.amount.family != mean.amount.family && (self.counts(fact) || self.is_named_by(fact, own))
            });
            // 每户: of the households, not of the people told beside them.
            if count.iter().any(|id| self.is_named_by(self.table.fact(*id), own)) {
                count.retain(|id| self.is_named_by(self.table.fact(*id), own));
            }
            let told = |family: &str| {
                let found = near(&|fact| self.family_name(fact) == family);
                found.into_iter().map(|id| self.table.fact(id).amount.value)
            };
            // 2880万公里 is kept in metres, the standard is paid for the kilometre.
            let unit = count.first().and_then(|id| self.unit_of(self.table.fact(*id)));
            let scaled = unit.and_then(|unit| Decimal::ONE.checked_div(self.rules.units.get(unit).factor));
            let mut times = vec![scaled.unwrap_or(Decimal::ONE)];
            if own.contains('月') {
                times.push(Decimal::from(12));
                times.extend(told("month"));
            }
            // 每生每天5元，全年按200天计算
            if own.contains(['天', '日']) {
                times.extend(told("day"));
            }
            if !total.is_empty() && !count.is_empty() {
                self.table.relations.push(Relation::Product { total, count, standard, times });
            }
        }
    }

    /// The spending that a mean is named after: 公务接待费 of 人均接待费用.
    fn called(&self, words: &str) -> Option<FactId> {
        let name = words.trim_end_matches('用');
        name.chars().nth(2)?;
        let near = self.table.facts.iter().rev().take(FAR);
        let mut measures = near.filter(|fact| fact.role == Role::Value).filter_map(|fact| fact.measure);
        let measure = measures.find(|measure| {
            let id = &self.rules.lexicon.measure(*measure).id;
            id.ends_with(name) && id.as_str() != name
        })?;
        let mut told = self.told_before(measure);
        told.retain(|id| self.is_now(*id) && !self.is_budget(self.table.fact(*id).basis));
        let value = self.table.fact(*told.first()?).amount.value;
        told.iter().all(|id| self.table.fact(*id).amount.value == value).then(|| told[0])
    }

    /// The figure of `measure` in the report, where its mentions agree.
    fn one_value(&self, measure: MeasureId) -> Option<FactId> {
        let mut told = self.told_before(measure).into_iter().filter(|id| self.is_now(*id));
        let first = told.next()?;
        let value = self.table.fact(first).amount.value;
        told.all(|id| self.table.fact(id).amount.value == value).then_some(first)
    }

    /// People, households, acres, pieces: what a standard is paid for.
    fn counts(&self, fact: &Fact) -> bool {
        let family = self.family_name(fact);
        let measured = family == "mu";
        let unit = self.unit_of(fact);
        let plain = unit.is_some_and(|unit| self.rules.units.get(unit).factor == Decimal::ONE);
        plain
            && (fact.amount.half.is_zero() || measured)
            && !matches!(
                family,
                "" | "money"
                    | "percent"
                    | "point"
                    | "times"
                    | "dollar"
                    | "score"
                    | "year"
                    | "month"
                    | "day"
                    | "age"
            )
    }

    /// 每公里 beside 2880万公里, 人均 beside 186人次: the words of the standard name the unit of the count.
    fn is_named_by(&self, fact: &Fact, words: &str) -> bool {
        let Some(unit) = self.unit_of(fact) else { return false };
        let unit = self.rules.units.get(unit);
        !matches!(unit.family.as_str(), "money" | "percent" | "point" | "month" | "day" | "year")
            && (words
                .match_indices('每')
                .any(|(at, per)| words[at + per.len()..].starts_with(unit.name.as_str()))
                || words.find('均').is_some_and(|at| {
                    words[..at].chars().next_back().is_some_and(|of| unit.name.starts_with(of))
                }))
    }

    fn unit_of(&self, fact: &Fact) -> Option<UnitId> {
        fact.quantity.and_then(|place| self.lexed.quantities.get(place as usize)?.unit)
    }

    fn family_name(&self, fact: &Fact) -> &str {
        self.unit_of(fact).map_or("", |unit| self.rules.units.family(unit))
    }
}
