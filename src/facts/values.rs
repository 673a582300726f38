//! One figure: its role in the clause, and the fact it makes.
//!
//! The part of the clause grammar that runs where a figure stands.

use super::amount::Amount;
use super::clauses::Reader;
use super::region::{Period, Region};
use super::{Fact, FactId, Role};
use crate::document::Span;
use crate::lexer::Notation;
use crate::rules::{BasisId, Cue, Entry, FamilyId, FundId, Hit, MeasureRole, UnitId, WordClass};

impl Reader<'_> {
    pub(super) fn figure(&mut self, place: u32, span: Span) {
        let quantity = &self.lexed.quantities[place as usize];
        let mut region = std::mem::take(&mut self.region);
        let mark = std::mem::replace(&mut self.mark, ' ');
        // 一般公共预算收入完成64820万元: what came in, and no plan that it is held against.
        if let Some((subject, word)) = region.completed
            && region.last == Some(word)
            && !region.subject.is_named()
        {
            region.subject = subject;
        }
        // 较年度计划260家多26家, but not 医疗卫生与计划生育支出
        region.compared |= region.plan.is_some() && region.plan == region.last;
        self.more_or_less(&mut region);
        let bare_zero = quantity.unit.is_none() && quantity.power == 0;
        // 三个, 五方面 count what stands around them; they are no figures of a list.
        let word = quantity.notation == Notation::Chinese
            && !quantity
                .unit
                .is_some_and(|unit| matches!(self.rules.units.family(unit), "money" | "percent"));
        // 65岁及以上人口 names who is counted.
        let name = quantity.unit.map(|unit| self.rules.units.family(unit));
        let behind = &self.document.text[quantity.span.end as usize..];
        let band = name == Some("age") && self.rules.lexicon.starts_with(WordClass::Bound, behind);
        if word || band {
            return;
        }
        let average = region.start.is_some_and(|start| {
            let words = self.document.slice(Span::new(start, quantity.span.start.max(start)));
            self.is_average(&region, words, start, quantity.unit)
        });
        // 生均面积由7.1平方米提高到8.6平方米: where a change begins, not what is reckoned for each of something.
        let departs = region.cues.has(Cue::From) && self.goes_to(quantity.span);
        let standard =
            (quantity.per || average) && region.direction.is_none() && !region.compared && !departs;
        // 500元/人 is read as the amount it is of each.
        let alone = crate::lexer::Quantity { per: quantity.per && !standard, ..*quantity };
        let amount = match Amount::of(&alone, &self.rules.units) {
            Some(amount) => amount,
            None if bare_zero && region.subject.measure.is_some() => match self.money {
                Some(money) => Amount::zero(money, rust_decimal::Decimal::from(10_000)),
                None => return,
            },
            None => return,
        };
        let exact = quantity.scale == 0
            && !matches!(name, None | Some("money" | "percent" | "point" | "times" | "dollar"));
        // 每公里2元 is what is paid; 人均110元 is what it comes to.
        let paid = standard
            && quantity.scale == 0
            && region.start.is_some_and(|start| {
                self.document.slice(Span::new(start, quantity.span.start.max(start))).contains('每')
            });
        let yields = standard && name == Some("mass");
        let amount = if exact && !yields || paid { amount.counted() } else { amount };
        let rivals = self.rivals(&region, amount.family);
        // 秋季比春季减少17个: no name of something.
        region.maybe_name &= rivals.is_none();
        let surplus = !standard && self.is_surplus(&region, amount.family);
        // 比年初增加A，同比少增B: how much less it grew than the year before, which no other figure bears out.
        let steeper = self
            .rules
            .lexicon
            .ends_with(WordClass::ChangeOfChange, self.document.slice(region.subject.label));
        let role = match () {
            _ if standard => Role::Standard,
            _ if departs => Role::Base,
            _ if surplus || steeper => Role::Change,
            _ => self.role(&region, amount.family, name),
        };
        let mut fact = self.fact(&region, amount, role, span);
        fact.quantity = Some(place);
        fact.value_span = quantity.span;
        fact.broken = quantity.broken;
        if !self.awaiting.is_empty() && role == Role::Value {
            return self.respective(fact, &region, mark);
        }
        if role == Role::Value {
            self.inherit(&mut fact, &region);
            // 共20个三级指标: what is counted stands behind.
            if exact && fact.measure.is_none() && fact.label.is_empty() {
                fact.label = self.counted_noun(&fact);
            }
        }
        let id = self.push(fact);
        if Some(amount.family) == self.percent && matches!(role, Role::Value | Role::Ratio) {
            self.worded_rate(id);
        }
        match role {
            _ if self.rate_in_brackets(id, &region) => {}
            Role::Value if self.apart(id, &region) => {}
            Role::Value => self.value(id, &region, mark),
            Role::Base => {
                self.end_change();
                self.change.base = Some(id);
                self.compare_with(&region);
                // 其中基本支出比上年的A增加B: what is told of before 比 is what has grown.
                let before = |at: u32| region.subject.label.end <= at;
                self.change.subject = region.subject.measure.filter(|measure| {
                    self.is_full_name(*measure, region.subject.label) && region.compare.is_some_and(before)
                });
            }
            // What is told behind it is of the year before, too, and no more of the beginning of this one.
            Role::Change if steeper => {
                self.end_change();
                self.change = Default::default();
            }
            Role::Change if surplus => self.past_plan(id, region.cues.has(Cue::Above)),
            Role::Change | Role::Rate => {
                if let Some((own, rival)) = rivals {
                    self.end_change();
                    (self.change.current, self.change.base) = (Some(own), Some(rival));
                }
                self.changed(id, role, &region);
            }
            Role::Share => self.share(id, &region),
            Role::Completion => self.completion(id, &region),
            Role::Ratio => self.named_ratio(id),
            Role::Standard => self.standards.push(id),
        }
    }

    /// 每户350元, 车均2.67万元, 平均每批9.3人: what it comes to for each of something.
    fn is_average(&self, region: &Region, words: &str, start: u32, unit: Option<UnitId>) -> bool {
        let mean = super::standards::is_mean(words);
        // 人均机关运行经费 is spread; 人均公用经费 is a measure of its own.
        let named = region.subject.measure.is_some() && (!mean || region.subject.label.start == start);
        let per_head = region.cues.has(Cue::Average) && super::standards::is_per_head(words);
        let spread = match unit.map(|unit| self.rules.units.family(unit)) {
            Some("money") => mean || per_head || self.is_per_unit(words),
            Some("mass") if self.is_yield(words) => true,
            None | Some("percent" | "point" | "times" | "score" | "year" | "month" | "day" | "age") => false,
            Some(_) => (mean || per_head) && words.contains('均'),
        };
        spread && !named
    }

    pub(super) fn role(&self, region: &Region, family: FamilyId, name: Option<&str>) -> Role {
        let direction = region.direction.map(|(cue, _)| cue);
        // 支持稳增长30万元 in a list of projects is an item, not a change.
        let listed = !self.lists.is_empty() || self.opening;
        let against = region.compared || self.change.period.is_some() || self.change.basis.is_some();
        // 能力提升项目支出30万元: the word is part of a name that goes on behind it.
        let goes_on = region.direction.is_some_and(|(_, word)| region.subject.label.start >= word.end);
        let name_of_item = region.maybe_name && (listed || goes_on) && !against;
        let changes = matches!(direction, Some(Cue::Up | Cue::Down)) && !name_of_item;
        if Some(family) == self.percent {
            let shared = !self.sharing.0.is_empty() && !region.subject.is_named() && !changes;
            // 完成28583万元，占调整预算的105.47%: of what was to be, and may be more.
            if region.cues.has(Cue::Share)
                && self.is_budget(region.basis)
                && !region.subject.is_named()
                && !region.cues.has(Cue::Respectively)
                && self.sharing.0.is_empty()
                && self.sharer.is_none()
                && !self.values.is_empty()
            {
                return Role::Completion;
            }
            if region.cues.has(Cue::Share)
                || shared
                || (self.whole.is_some() && !region.subject.is_named() && !changes)
            {
                return Role::Share;
            }
            if region.cues.has(Cue::Complete)
                || self.is_of_budget(region)
                || (self.plan.is_some() && !region.subject.is_named() && !changes)
            {
                return Role::Completion;
            }
            let ratio = region
                .subject
                .measure
                .is_some_and(|measure| self.rules.lexicon.measure(measure).family == "percent");
            return if changes {
                Role::Rate
            } else if region.compared && !ratio && !region.subject.is_named() {
                Role::Base
            } else if ratio {
                Role::Ratio
            } else {
                Role::Value
            };
        }
        if name == Some("point") {
            return Role::Rate;
        }
        if changes {
            Role::Change
        } else if region.compared {
            Role::Base
        } else {
            Role::Value
        }
    }

    pub(super) fn fact(&self, region: &Region, amount: Amount, role: Role, span: Span) -> Fact {
        let subject = region.subject;
        let lexicon = &self.rules.lexicon;
        let beside = region.last.is_some_and(|last| last.end == subject.label.end);
        let measure = subject.measure.filter(|measure| {
            lexicon.fits(*measure, amount.family)
                && (beside && !self.moving || self.is_full_name(*measure, subject.label))
        });
        let start = region.start.unwrap_or(span.start).min(span.start);
        Fact {
            amount,
            quantity: None,
            role,
            span: Span::new(start, span.end),
            value_span: span,
            measure,
            label: subject.label,
            qualifier: subject.qualifier,
            basis: region
                .basis
                .filter(|basis| self.is_of(*basis, amount.family))
                .or_else(|| self.implied_basis(measure)),
            period: region.period.and_then(|period| self.year(period)),
            fund: subject.fund,
            under: None,
            section: self.section,
            block: self.block,
            sentence: self.sentence,
            broken: false,
            cell: None,
        }
    }

    /// 为调整后预算的P%: a completion without 完成.
    fn is_of_budget(&self, region: &Region) -> bool {
        let words = || {
            let start = region.start?;
            Some(self.document.slice(Span::new(start, region.last?.end)))
        };
        self.is_budget(region.basis)
            && !region.subject.is_named()
            && region.direction.is_none()
            && !region.compared
            && words().is_some_and(|words| {
                self.rules.lexicon.starts_with(WordClass::AmountsTo, words) && words.ends_with('的')
            })
    }

    /// Whether a figure of `family` can stand on `basis`: nobody has 20分 in his budget, nor scores 20万元.
    fn is_of(&self, basis: BasisId, family: FamilyId) -> bool {
        match self.rules.lexicon.basis(basis).group.as_str() {
            "budget" | "adjusted" | "income" | "outturn" => Some(family) != self.score,
            "score" => Some(family) == self.score,
            _ => true,
        }
    }

    /// Whether the words name the measure wherever they stand, not only right before a figure.
    pub(super) fn is_full_name(&self, measure: crate::rules::MeasureId, label: Span) -> bool {
        let adjacent = &self.rules.lexicon.measure(measure).adjacent;
        adjacent.is_empty() || adjacent.iter().all(|word| word != self.document.slice(label))
    }

    pub(super) fn implied_basis(&self, measure: Option<crate::rules::MeasureId>) -> Option<BasisId> {
        let name = self.rules.lexicon.measure(measure?).basis.as_ref()?;
        self.rules.lexicon.find_basis(name)
    }

    pub(super) fn year(&self, period: Period) -> Option<u16> {
        match period {
            Period::Year(year) => Some(year),
            Period::Prior => Some(self.table.prior_year()),
            Period::Current => self.table.report_year,
        }
    }

    /// Fills in from the topic, the figure before, or the heading what the clause leaves unsaid.
    pub(super) fn inherit(&self, fact: &mut Fact, region: &Region) {
        if let Some(noun) = region.bare_noun
            && fact.basis.is_none()
            && self.rules.lexicon.is_word(WordClass::Spent, self.document.slice(noun))
        {
            fact.basis = self.outturn;
        }
        let reached = matches!(region.direction, Some((Cue::UpTo | Cue::DownTo, _)));
        if let Some(base) = self.change.base.filter(|_| reached && !region.subject.is_named()) {
            let base = self.table.fact(base);
            (fact.measure, fact.label, fact.qualifier) = (base.measure, base.label, base.qualifier);
        }
        let named = fact.measure.is_some() || !fact.label.is_empty();
        if !named && !region.cues.has(Cue::Total) {
            let before = self.values.last().map(|id| self.table.fact(*id)).filter(|before| {
                before.amount.family == fact.amount.family
                    && !self.is_beside(before)
                    && (region.basis.is_some() || region.bare_noun.is_some() || region.period.is_some())
            });
            if let Some(topic) = self.topic.filter(|topic| topic.subject.is_named()) {
                let family = fact.amount.family;
                fact.measure =
                    topic.subject.measure.filter(|measure| self.rules.lexicon.fits(*measure, family));
                fact.label = topic.subject.label;
                fact.qualifier = topic.subject.qualifier;
            } else if let Some(before) = before {
                fact.measure = before.measure;
                fact.label = before.label;
                fact.qualifier = before.qualifier;
            }
        }
        // 上年的20.35万元（接待费5.61万元、…）: what stands in brackets behind a figure is of its year.
        if self.brackets.last().is_some_and(|outer| outer.start.is_none()) {
            let before = self.table.facts.last().filter(|before| before.sentence == self.sentence);
            fact.period = fact.period.or(before.and_then(|before| before.period));
        }
        if let Some(topic) = self.topic {
            fact.basis = fact.basis.or(topic.basis);
            fact.period = fact.period.or_else(|| topic.period.and_then(|period| self.year(period)));
            fact.fund = fact.fund.or(topic.subject.fund);
        }
        fact.fund = fact.fund.or_else(|| self.fund_of_section());
        fact.period = fact.period.or(self.table.report_year);
    }

    /// What was added or left over lends its name to no other figure.
    fn is_beside(&self, fact: &Fact) -> bool {
        let beside = fact.measure.is_some_and(|measure| self.rules.lexicon.measure(measure).beside);
        beside && self.is_money(fact)
            || matches!(self.role_of(fact), Some(MeasureRole::Added | MeasureRole::Received))
    }

    fn is_money(&self, fact: &Fact) -> bool {
        Some(fact.amount.family) == self.money
    }

    pub(super) fn fund_of_section(&self) -> Option<FundId> {
        *self.section_fund.get_or_init(|| self.find_section_fund())
    }

    /// The fund that the headings above are about.
    fn find_section_fund(&self) -> Option<FundId> {
        let mut at = self.section;
        while let Some(id) = at {
            let node = self.outline.node(id);
            if let Some(fund) = self.fund_named_in(node.title) {
                return Some(fund);
            }
            at = node.parent;
        }
        None
    }

    /// The first fund of the lexicon that `title` names. A word that is a measure too is found as that.
    fn fund_named_in(&self, title: Span) -> Option<FundId> {
        let lexicon = &self.rules.lexicon;
        let of = |hit: &Hit| match &lexicon.entries[usize::from(hit.item)] {
            (_, Entry::Fund(fund)) => Some(*fund),
            (word, Entry::Measure(_) | Entry::Basis(_)) => {
                let place = lexicon.funds.iter().position(|fund| fund.words.contains(word))?;
                Some(FundId(place as u8))
            }
            _ => None,
        };
        let hits = &self.lexed.lexicon_hits;
        let first = hits.partition_point(|hit| hit.span.end <= title.start);
        let inside = hits[first..].iter().take_while(|hit| hit.span.end <= title.end);
        inside.filter(|hit| hit.span.start >= title.start).filter_map(of).min_by_key(|fund| fund.0)
    }

    pub(super) fn push(&mut self, fact: Fact) -> FactId {
        let id = FactId(self.table.facts.len() as u32);
        self.table.facts.push(fact);
        id
    }
}
