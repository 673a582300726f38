//! Figures per head: 每户350元, 500元/人. With a count and a total in the same sentence they make a product.
//!
//! The part of the clause grammar that runs at the end of a sentence.

use rust_decimal::Decimal;

use super::clauses::Reader;
use super::{Fact, FactId, Relation, Role};
use crate::rules::{MeasureId, UnitId, WordClass};

/// How many counts, and how many amounts, are tried for one standard.
const NEAR: usize = 4;
/// Characters between 每户 and its figure.
const BEHIND: usize = 12;
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
                total.extend(self.opening_amount(&mean));
            }
            if total.is_empty() {
                total.extend(self.called(self.document.slice(mean.label)));
            }
            let own = self.document.slice(mean.span);
            let mut count = near(&|fact| {
                fact.amount.family != mean.amount.family && (self.counts(fact) || self.is_named_by(fact, own))
            });
            // 播种面积38.2万亩，完成目标38万亩的100.53%，平均亩产428公斤: of what there is, not of what was aimed at.
            let aimed = |id: &FactId| {
                let said = self.document.slice(self.table.fact(*id).span);
                self.rules.lexicon.holds(WordClass::Planned, said)
            };
            if count.iter().any(|id| !aimed(id)) {
                count.retain(|id| !aimed(id));
            }
            // 24个村每村配置1套器材，每套4万元: one for each counts nothing.
            let several = |id: &FactId| self.table.fact(*id).amount.value > Decimal::ONE;
            if count.iter().any(several) {
                count.retain(several);
            }
            // 县道每公里A、乡道每公里B，其中县道C、乡道D: how many kilometres each has is told elsewhere.
            if count.is_empty()
                && let Some((amount, counted)) = self.of_one_label(&mean, &total)
            {
                (total, count) = (vec![amount], vec![counted]);
            }
            // 每户: of the households, not of the people told beside them.
            if count.iter().any(|id| self.is_named_by(self.table.fact(*id), own)) {
                count.retain(|id| self.is_named_by(self.table.fact(*id), own));
            }
            // 春季98天，…；秋季102天，…: those of the same item, if it has some.
            let told = |family: &str| {
                let mut found = near(&|fact| self.family_name(fact) == family);
                let own = |id: &FactId| !self.is_parted(*id, standard);
                if found.iter().any(own) {
                    found.retain(own);
                }
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

    /// The amount that the paragraph begins with; of a budget and what was spent of it the latter.
    fn opening_amount(&self, mean: &Fact) -> Option<FactId> {
        let first = self.first.filter(|id| self.table.fact(*id).amount.family == mean.amount.family)?;
        let opening = *self.table.fact(first);
        if !self.is_budget(opening.basis) {
            return Some(first);
        }
        let behind = self.table.facts.iter().enumerate().skip(first.0 as usize + 1).take(FAR);
        let mut here = behind.take_while(|(_, fact)| fact.block == opening.block);
        let spent = here.find(|(_, fact)| {
            fact.role == Role::Value
                && fact.measure == opening.measure
                && fact.amount.family == opening.amount.family
                && !self.is_budget(fact.basis)
                && self.table.is_current(fact)
        });
        Some(spent.map_or(first, |(place, _)| FactId(place as u32)))
    }

    /// The amount of the sentence that is called as the standard is, and what the report counts under the same name.
    fn of_one_label(&self, mean: &Fact, amounts: &[FactId]) -> Option<(FactId, FactId)> {
        let (own, words) = (self.document.slice(mean.label), self.document.slice(mean.span));
        let label = |id: FactId| self.document.slice(self.table.fact(id).label);
        let mut named = amounts.iter().copied().filter(|id| {
            label(*id).chars().nth(1).is_some()
                && own.ends_with(label(*id))
                && self.table.fact(*id).role == Role::Value
        });
        let amount = named.next().filter(|_| named.next().is_none())?;
        let all = self.table.facts.iter().enumerate().rev().take(FAR);
        let mut counts = all.filter(|(_, fact)| {
            fact.role == Role::Value
                && fact.amount.is_exact()
                && fact.cell.is_none()
                && self.document.slice(fact.label) == label(amount)
                && self.is_named_by(fact, words)
        });
        let (place, first) = counts.next()?;
        counts
            .all(|(_, other)| other.amount.value == first.amount.value)
            .then_some((amount, FactId(place as u32)))
    }

    /// A semicolon stands between the two figures.
    fn is_parted(&self, one: FactId, two: FactId) -> bool {
        let (one, two) = (self.table.fact(one.min(two)).value_span, self.table.fact(one.max(two)).value_span);
        self.document.text[one.range().end..two.range().start.max(one.range().end)].contains(['；', ';'])
    }

    /// 13个乡镇每个乡镇演出12场，共156场: so many for each make so many in all.
    pub(super) fn total_of_each(&mut self, total: FactId) -> bool {
        let near = &self.values[self.values.len().saturating_sub(2)..];
        let &[count, each] = near else { return false };
        let (of_all, of_each, whole) =
            (self.table.fact(count), *self.table.fact(each), self.table.fact(total));
        let words = self.document.slice(of_each.span);
        let counted = of_each.amount.family == whole.amount.family
            && of_all.amount.family != whole.amount.family
            && count.0 + 1 == each.0
            && of_all.amount.is_exact()
            && of_each.amount.is_exact()
            && self.is_named_by(of_all, words);
        if counted {
            let (total, count) = (vec![total], vec![count]);
            let times = vec![Decimal::ONE];
            self.table.relations.push(Relation::Product { total, count, standard: each, times });
        }
        counted
    }

    /// 每口, 每批次, 每平方公里: each of a unit's things, and what it costs right behind.
    pub(super) fn is_per_unit(&self, words: &str) -> bool {
        words.match_indices('每').any(|(at, per)| {
            let rest = &words[at + per.len()..];
            self.rules.units.at_head(rest).is_some_and(|(unit, len)| {
                !matches!(
                    self.rules.units.family(unit),
                    "money" | "percent" | "point" | "times" | "score" | "month" | "day" | "year" | "hour"
                ) && rest[len..].chars().count() <= BEHIND
            })
        })
    }

    /// 亩产428公斤: what one of a unit yields.
    pub(super) fn is_yield(&self, words: &str) -> bool {
        words.match_indices('产').any(|(at, _)| {
            let before = words[..at].char_indices().next_back();
            before.is_some_and(|(from, _)| self.rules.units.at_head(&words[from..]).is_some())
        })
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
                || words.match_indices(['均', '产']).any(|(at, _)| {
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
