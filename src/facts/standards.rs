//! Figures per head: 每户350元, 500元/人. With a count and a total in the same sentence they make a product.
//!
//! The part of the clause grammar that runs at the end of a sentence.

use rust_decimal::Decimal;

use super::clauses::Reader;
use super::{Fact, FactId, Relation};

/// How many counts, and how many amounts, are tried for one standard.
const NEAR: usize = 4;

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
            let total = near(&|fact| Some(fact.amount.family) == self.money);
            let count = near(&|fact| self.counts(fact));
            let months = near(&|fact| self.family_name(fact) == "month");
            let own = self.document.slice(self.table.fact(standard).span);
            let mut times = vec![Decimal::ONE];
            if own.contains('月') {
                times.push(Decimal::from(12));
                times.extend(months.iter().map(|id| self.table.fact(*id).amount.value));
            }
            if !total.is_empty() && !count.is_empty() {
                self.table.relations.push(Relation::Product { total, count, standard, times });
            }
        }
    }

    /// People, households, acres, pieces: what a standard is paid for.
    fn counts(&self, fact: &Fact) -> bool {
        let family = self.family_name(fact);
        let measured = family == "mu";
        // 2800万公里 is kept in metres, the standard is paid for the kilometre.
        let unit = fact.quantity.and_then(|place| self.lexed.quantities.get(place as usize)?.unit);
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

    fn family_name(&self, fact: &Fact) -> &str {
        let quantity = fact.quantity.and_then(|place| self.lexed.quantities.get(place as usize));
        quantity.and_then(|quantity| quantity.unit).map_or("", |unit| self.rules.units.family(unit))
    }
}
