//! Rates and remainders told by words alone: 回收率 after 发放500份、回收486份; 结余 after budget and outturn; a score after
//! the scores it adds up.
//!
//! The part of the clause grammar that finds the figures of a result by what it is called.

use rust_decimal::Decimal;

use super::clauses::Reader;
use super::lists::OpenList;
use super::{Closure, Fact, FactId, Relation, Role, Surety};
use crate::document::Span;
use crate::document::chars::is_han;
use crate::rules::{FamilyId, Lexicon, MeasureRole, WordClass};

/// Figures before a rate that it may be of.
const NEAR: usize = 8;
/// Characters behind a figure that may say what it counts.
const BEHIND: usize = 10;
/// Figures looked through for what was carried over.
const FAR: usize = 256;
/// Scores that make a total.
const SCORES: usize = 3;

impl Reader<'_> {
    /// 发放500份，回收486份，回收率97.2%: what the rate is named after is above the line, another figure of its kind below.
    pub(super) fn worded_rate(&mut self, rate: FactId) {
        let own = *self.table.fact(rate);
        let completion = own.measure.map(|measure| self.rules.lexicon.measure(measure));
        if completion.is_some_and(|measure| measure.completion && measure.plan.is_none()) {
            return;
        }
        if self.role_of(&own) == Some(MeasureRole::Adjustment) {
            return self.adjustment(rate);
        }
        if own.label.is_empty() {
            return self.rate_of_plan(rate);
        }
        let lexicon = &self.rules.lexicon;
        // 达标率, whose first character is a word of its own.
        let name = self.document.slice(Span::new(own.span.start.min(own.label.start), own.label.end));
        let Some(stem) = stem(name, lexicon) else { return };
        let near = self.counted_before(rate, &own);
        if stem == "得分" {
            return self.rate_of_score(rate, &near);
        }
        let says = |id: &FactId| {
            let words = self.words_of(*id);
            // 满意度调查问卷 counts papers, not who is content; 未完成2项 are not those that are done.
            let found = |stem: &str| {
                words.match_indices(stem).any(|(at, _)| {
                    !words[at + stem.len()..].starts_with(['率', '度'])
                        && !lexicon.ends_with(WordClass::Not, &words[..at])
                })
            };
            // 收回372份，回收率93%
            found(stem) || found(&stem.chars().rev().collect::<String>())
        };
        let undone = |id: &FactId| {
            let words = self.words_of(*id);
            words.match_indices(stem).any(|(at, _)| lexicon.ends_with(WordClass::Not, &words[..at]))
        };
        let planned = |id: &FactId| lexicon.holds(WordClass::Planned, &self.words_of(*id));
        // 加固水库9座，计划10座，完成率95%
        let done = near.iter().find(|id| says(id)).or_else(|| {
            let plan = near.iter().find(|id| planned(id)).filter(|_| stem == "完成")?;
            let family = self.table.fact(*plan).amount.family;
            near.iter().find(|id| *id != plan && self.table.fact(**id).amount.family == family)
        });
        let Some(&done) = done else { return self.rate_of_these(rate, &near) };
        let part = *self.table.fact(done);
        // 非常满意96份、满意20份，满意度P%: it may be of one of them or of both together.
        let mut dones: Vec<FactId> = near.iter().copied().filter(says).collect();
        dones.retain(|id| *id != done && self.table.fact(*id).amount.family == part.amount.family);
        dones.insert(0, done);
        let plan: Vec<FactId> = near
            .into_iter()
            .filter(|id| {
                let fact = self.table.fact(*id);
                // 100% is also said where more was done.
                let more = own.amount.value == Decimal::ONE_HUNDRED && fact.amount.value <= part.amount.value;
                *id != done
                    && !more
                    && !undone(id)
                    && fact.amount.family == part.amount.family
                    && self.counts_the_same(*id, done)
            })
            .collect();
        // 药品抽检120批次，完成率100%，合格118批次，合格率P%: what it is of stands before another rate.
        if plan.is_empty() {
            return self.rate_of_counted(rate, done);
        }
        // 零售额完成A。总投资B，完成率P%: what was told a sentence before is of something else.
        let here = |id: &FactId| self.table.fact(*id).sentence == own.sentence;
        if !dones.iter().any(here) && plan.iter().any(here) {
            return;
        }
        // 6所完工，2所延期，完工率75%: what is less than what was done is no plan of it, unless by a slip of the pen.
        let less = |id: &FactId| !planned(id) && self.table.fact(*id).amount.value < part.amount.value;
        let beyond = own.amount.value <= Decimal::ONE_HUNDRED && plan.iter().all(less);
        // Of several that are named like the rate, nobody says which; of all of them together it is often.
        if plan.is_empty() || dones.len() > 1 && self.is_of_all(&dones, &plan, &own) {
            return;
        }
        let surety = if beyond || dones.len() > 1 { Surety::Far } else { Surety::Said };
        self.table.relations.push(Relation::Completion { done: dones, plan, rate, surety });
    }

    /// 满意88户、基本满意4户 of 93户, 满意度98.92%: the rate is that of the parts together.
    fn is_of_all(&self, parts: &[FactId], wholes: &[FactId], rate: &Fact) -> bool {
        let done = self.table.sum(parts.iter().copied());
        wholes.iter().filter(|whole| !parts.contains(whole)).any(|whole| {
            let whole = self.table.fact(*whole).amount.value;
            let percent = done.saturating_mul(Decimal::ONE_HUNDRED).checked_div(whole);
            percent.is_some_and(|percent| percent.saturating_sub(rate.amount.value).abs() <= rate.amount.half)
        })
    }

    /// done ÷ plan, both told nearby.
    pub(super) fn completed(&mut self, done: Vec<FactId>, plan: Vec<FactId>, rate: FactId) {
        self.table.relations.push(Relation::Completion { done, plan, rate, surety: Surety::Said });
    }

    pub(super) fn role_of(&self, fact: &Fact) -> Option<MeasureRole> {
        self.rules.lexicon.measure(fact.measure?).role
    }

    /// 年初预算A，年中调增B，调整率P%: what was added or taken off, of the opening budget.
    fn adjustment(&mut self, rate: FactId) {
        let near = self.values.iter().rev().take(NEAR).copied();
        let added = near.clone().find(|id| self.role_of(self.table.fact(*id)) == Some(MeasureRole::Added));
        let Some(amount) = self.change.amount.or(added) else { return self.adjusted_by(rate) };
        let family = self.table.fact(amount).amount.family;
        let plan = near.filter(|id| {
            let fact = self.table.fact(*id);
            *id < amount && fact.amount.family == family && self.group_of(fact) == "budget"
        });
        let plan: Vec<FactId> = plan.take(1).collect();
        if !plan.is_empty() {
            self.completed(vec![amount], plan, rate);
        }
    }

    /// 权重20分，得17.5分，得分率87.5%
    fn rate_of_score(&mut self, rate: FactId, near: &[FactId]) {
        // 综合得分87.35分。决策20分，得17.50分，得分率P%: the marks of its own sentence.
        let own = self.table.fact(rate).sentence;
        let marks = near.iter().copied().filter(|id| Some(self.table.fact(*id).amount.family) == self.score);
        let beside = |id: &FactId| self.table.fact(*id).sentence == own;
        let alone = marks.clone().any(|id| beside(&id));
        let (got, mark): (Vec<FactId>, Vec<FactId>) = marks
            .filter(|id| !alone || beside(id))
            .partition(|id| self.group_of(self.table.fact(*id)) == "score");
        match (&got[..], &mark[..]) {
            ([got], [mark, ..]) => self.completed(vec![*got], vec![*mark], rate),
            ([got], []) => self.unmarked.push((rate, *got)),
            _ => {}
        }
    }

    pub(super) fn group_of(&self, fact: &Fact) -> &str {
        fact.basis.map_or("", |basis| self.rules.lexicon.basis(basis).group.as_str())
    }

    /// 清淤12.5公里，为计划10公里的125%: the figure right before 的 is the plan.
    fn rate_of_plan(&mut self, rate: FactId) {
        let own = *self.table.fact(rate);
        let Some(plan) = rate.0.checked_sub(1).map(FactId) else { return };
        let told = *self.table.fact(plan);
        let joined = told.sentence == own.sentence
            && told.value_span.end <= own.value_span.start
            && self.document.slice(Span::new(told.value_span.end, own.value_span.start)) == "的";
        let words =
            self.document.slice(Span::new(told.span.start, told.value_span.start.max(told.span.start)));
        let lexicon = &self.rules.lexicon;
        let planned =
            lexicon.holds(WordClass::Planned, words) && lexicon.starts_with(WordClass::AmountsTo, words);
        if !joined || !planned || Some(told.amount.family) == self.percent {
            return;
        }
        let alike = |id: &FactId| self.table.fact(*id).amount.family == told.amount.family;
        let before = self.values.iter().rev().copied().filter(|id| *id < plan).take(NEAR);
        let mut done: Vec<FactId> = before.filter(alike).take(1).collect();
        // 其中甲、乙，为计划的…: the rate is that of the whole.
        done.extend(done.first().and_then(|id| self.table.fact(*id).under));
        done.extend(self.lists.last().and_then(OpenList::total).filter(alike));
        if !done.is_empty() {
            self.completed(done, vec![plan], rate);
        }
    }

    /// Values since the last per cent, in this sentence and the one before, the nearest first.
    fn counted_before(&self, rate: FactId, own: &Fact) -> Vec<FactId> {
        let before = self.table.facts[..rate.0 as usize].iter().enumerate().rev().take(NEAR);
        before
            .take_while(|(_, fact)| {
                fact.block == own.block
                    && fact.sentence + 1 >= own.sentence
                    && Some(fact.amount.family) != self.percent
            })
            .filter(|(_, fact)| fact.role == Role::Value && fact.amount.is_exact() && fact.quantity.is_some())
            .map(|(place, _)| FactId(place as u32))
            .collect()
    }

    /// What is said of a figure: from the first word before it to the next mark behind it.
    fn words_of(&self, id: FactId) -> String {
        let fact = self.table.fact(id);
        let before =
            self.document.slice(Span::new(fact.span.start.min(fact.value_span.start), fact.value_span.start));
        let before: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        let noun = self.noun_behind(fact);
        // 120份问卷中非常满意96份: these words say what the next figure is.
        let rest = &self.document.text[fact.value_span.range().end + noun.len()..];
        let behind = if rest.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &noun };
        format!("{before}，{behind}")
    }

    /// The noun right behind a count; empty where a verb or nothing stands there.
    pub(super) fn counted_noun(&self, fact: &Fact) -> Span {
        let noun = self.noun_behind(fact);
        let start = fact.value_span.range().end;
        let long = noun.chars().nth(1).is_some() && !self.is_verb(&noun);
        if long { Span::of(start, start + noun.len()) } else { Span::default() }
    }

    pub(super) fn noun_behind(&self, fact: &Fact) -> String {
        let rest = &self.document.text[fact.value_span.range().end..];
        rest.chars().take(BEHIND).take_while(|c| is_han(*c)).collect()
    }

    /// 8个项目 and 7个 may count the same, 8个项目 and 7个乡镇 do not.
    pub(super) fn counts_the_same(&self, one: FactId, two: FactId) -> bool {
        let (one, two) = (self.noun_behind(self.table.fact(one)), self.noun_behind(self.table.fact(two)));
        let head = |text: &str| text.chars().take(2).collect::<String>();
        one.is_empty()
            || two.is_empty()
            || head(&one) == head(&two)
            || self.is_verb(&one)
            || self.is_verb(&two)
    }

    /// What follows a count as a verb says nothing of what was counted.
    fn is_verb(&self, noun: &str) -> bool {
        self.rules.lexicon.starts_with(WordClass::Verb, noun)
    }

    /// 预算A，支出B，结余C: what is left of the one after the other.
    pub(super) fn left_over(&mut self, id: FactId) {
        let fact = *self.table.fact(id);
        let label = self.document.slice(fact.label);
        let named = self.role_of(&fact) == Some(MeasureRole::Rest);
        if Some(fact.amount.family) != self.money
            || !named && !self.rules.lexicon.is_word(WordClass::Rest, label)
        {
            return;
        }
        let (mut plans, mut spent, mut plain) = (Vec::new(), Vec::new(), Vec::new());
        let near = self.values.iter().rev().chain(self.previous.iter().rev()).take(NEAR * 2);
        for &one in near {
            let told = self.table.fact(one);
            if told.amount.family != fact.amount.family || !self.table.same_period(told, &fact) {
                continue;
            }
            if matches!(self.role_of(told), Some(MeasureRole::Added | MeasureRole::Carried)) {
                return;
            }
            match told.basis.map(|basis| self.rules.lexicon.basis(basis).group.as_str()) {
                Some("budget" | "adjusted" | "income") if told.under.is_none() => plans.push(one),
                Some("outturn") if told.under.is_none() => spent.push(one),
                None if told.under.is_none() && told.sentence == fact.sentence => plain.push(one),
                _ => {}
            }
        }
        // 采购金额12.80万元，采购预算13.50万元，节约0.70万元
        if spent.is_empty() && plain.len() == 1 && !named {
            spent = plain;
        }
        // What is told of the whole stands before its parts, and they before what is left.
        let in_lists: Vec<FactId> =
            self.lists.iter().flat_map(|list| &list.parts).map(|(part, _)| *part).collect();
        plans.retain(|one| !in_lists.contains(one));
        spent.retain(|one| !in_lists.contains(one));
        let value = |one: FactId| self.table.fact(one).amount.value;
        let half = |one: FactId| self.table.fact(one).amount.half;
        let pairs = || plans.iter().flat_map(|plan| spent.iter().map(move |done| (*plan, *done)));
        let ties = |(plan, done): &(FactId, FactId)| {
            let off = value(*plan).saturating_sub(value(*done)).saturating_sub(fact.amount.value);
            off.abs() <= half(*plan).saturating_add(half(*done)).saturating_add(fact.amount.half)
        };
        let pair = match pairs().find(ties) {
            Some(pair) => pair,
            // With something carried over, told anywhere, the three need not tie.
            None if plans.len() == 1 && spent.len() == 1 && !self.carried_over() => (plans[0], spent[0]),
            None if plans.is_empty() && spent.len() == 1 && !self.carried_over() => {
                return self.left_of_far(spent[0], id);
            }
            None => return,
        };
        let (total, parts) = (pair.0, vec![pair.1, id]);
        self.table.relations.push(Relation::Sum { total, or: Vec::new(), parts, closure: Closure::Rest });
    }

    /// 到位资金A in one paragraph, 支出B，结余C in another.
    fn left_of_far(&mut self, spent: FactId, rest: FactId) {
        let done = *self.table.fact(spent);
        let (value, left) = (done.amount.value, self.table.fact(rest).amount.value);
        let mut plans = self.budgets_before(&done);
        plans.retain(|plan| self.table.fact(*plan).amount.value > value);
        let ties = |plan: &FactId| {
            let amount = self.table.fact(*plan).amount;
            let off = amount.value.saturating_sub(value).saturating_sub(left).abs();
            off <= amount.half.saturating_add(done.amount.half)
        };
        let Some(total) = plans.iter().copied().find(ties).or(plans.first().copied()) else { return };
        let (parts, or) = (vec![spent, rest], plans.into_iter().filter(|plan| *plan != total).collect());
        self.table.relations.push(Relation::Sum { total, or, parts, closure: Closure::FarRest });
    }

    fn carried_over(&self) -> bool {
        let carried =
            |fact: &Fact| self.role_of(fact) == Some(MeasureRole::Carried) && !fact.amount.value.is_zero();
        self.table.facts.iter().rev().take(FAR).any(carried)
    }

    /// 产出得48.6分，效益得28分，满意度得9.4分。自评总分95.5分: the scores told just before.
    pub(super) fn score_of_scores(&mut self, id: FactId) {
        let fact = *self.table.fact(id);
        let full_mark = self.rules.lexicon.is_word(WordClass::FullMark, self.document.slice(fact.label));
        let total = full_mark || self.role_of(&fact) == Some(MeasureRole::Score);
        if Some(fact.amount.family) != self.score || !total || !self.lists.is_empty() {
            return;
        }
        let scores = |pool: &[FactId]| {
            let all = pool.iter().copied().filter(|one| {
                let told = self.table.fact(*one);
                Some(told.amount.family) == self.score && (full_mark || told.measure != fact.measure)
            });
            all.partition::<Vec<FactId>, _>(|one| {
                let basis = self.table.fact(*one).basis;
                basis.is_some_and(|basis| self.rules.lexicon.basis(basis).group == "score")
            })
        };
        let (mut parts, mut marks) = scores(&self.values);
        if parts.is_empty() && marks.is_empty() {
            (parts, marks) = scores(&self.previous);
        }
        let full = self.table.sum(marks.iter().copied()) == Decimal::ONE_HUNDRED;
        if full_mark {
            (parts, marks) = (marks, Vec::new());
        }
        if parts.len() >= SCORES && parts.iter().all(|one| self.table.fact(*one).under.is_none()) {
            let closure = if full && marks.len() == parts.len() { Closure::Closed } else { Closure::Listed };
            self.table.relations.push(Relation::Sum { total: id, or: Vec::new(), parts, closure });
        }
    }

    /// 对16个项目自评，优的14个、良的2个: what is counted by its grade is all that was graded.
    pub(super) fn graded(&mut self) {
        let is_grade = |id: &FactId| self.is_grade(self.table.fact(*id));
        let Some(first) = self.values.iter().position(is_grade) else { return };
        let family = |id: FactId| self.table.fact(id).amount.family;
        let of_kind = |id: &FactId| family(*id) == family(self.values[first]);
        let counts = self.values[first..].iter().copied().filter(of_kind);
        let parts: Vec<FactId> = counts.take_while(is_grade).collect();
        let alike =
            parts.iter().all(|id| family(*id) == family(parts[0]) && self.table.fact(*id).under.is_none());
        let before = self.values[..first].iter().rev().chain(self.previous.iter().rev()).copied();
        let mut totals = before.filter(|id| family(*id) == family(parts[0]));
        if let (true, true, Some(total)) = (parts.len() >= 2, alike, totals.next()) {
            super::lists::push_sum(&mut self.table, total, parts, Closure::Listed);
        }
    }

    /// 为“优”的15个, 、良2个: a count of what was graded so, and no 其中2个.
    pub(super) fn is_grade(&self, fact: &Fact) -> bool {
        if !fact.amount.half.is_zero() {
            return false;
        }
        let quoted = |c: char| matches!(c, '“' | '”' | '"' | '‘' | '’' | '「' | '」');
        let before = &self.document.text[..fact.value_span.range().start];
        let before = before.strip_suffix('的').unwrap_or(before).trim_end_matches(quoted);
        // 90分以上的22个、80至89分的5个
        let bounds = self.rules.lexicon.words(WordClass::Bound);
        let band = bounds.iter().find_map(|bound| before.strip_suffix(bound.as_str())).unwrap_or(before);
        if band.strip_suffix('分').is_some_and(|mark| mark.ends_with(|c: char| c.is_ascii_digit())) {
            return true;
        }
        self.rules.lexicon.words(WordClass::Grade).iter().any(|grade| {
            let lead = before.strip_suffix(grade.as_str()).map(|lead| lead.trim_end_matches(quoted));
            lead.is_some_and(|lead| {
                lead.ends_with(['为', '、', '，', '（', '；', '和', '：', '\n', '是', '中'])
            })
        })
    }

    /// 自评92.5分。甲50分，得48分；乙50分，得44.5分: full marks of a hundred in all, and the total before them.
    pub(super) fn scores_of_total(&mut self) {
        let is_score = |id: &FactId| Some(self.table.fact(*id).amount.family) == self.score;
        let (parts, marks): (Vec<FactId>, Vec<FactId>) = self
            .values
            .iter()
            .copied()
            .filter(is_score)
            .partition(|id| self.group_of(self.table.fact(*id)) == "score");
        let total = |id: &&FactId| self.role_of(self.table.fact(**id)) == Some(MeasureRole::Score);
        let [one] = self.previous.iter().filter(total).copied().collect::<Vec<_>>()[..] else { return };
        let free = parts.iter().all(|id| {
            let fact = self.table.fact(*id);
            fact.under.is_none() && self.role_of(fact) != Some(MeasureRole::Score)
        });
        let whole = self.table.sum(marks.iter().copied()) == Decimal::ONE_HUNDRED;
        if free && whole && parts.len() >= 2 && parts.len() == marks.len() {
            super::lists::push_sum(&mut self.table, one, parts, Closure::Closed);
        }
    }

    /// （在职人员A、遗属补助B） right behind a figure: a list without a word that opens it.
    pub(super) fn bracketed_list(&self, open: Span) -> bool {
        let Some(last) = self.values.last().map(|id| self.table.fact(*id)) else { return false };
        let Some(unit) = self.unit_text(last.amount.family, last.value_span) else { return false };
        let rest = &self.document.text[open.range().end..];
        let Some(end) = rest
            .char_indices()
            .take(LONGEST_BRACKET)
            .find(|(_, c)| matches!(c, '）' | ')'))
            .map(|(at, _)| at)
        else {
            return false;
        };
        let inner = &rest[..end];
        last.value_span.end == open.start
            && inner
                .match_indices(unit)
                .filter(|(at, _)| inner[..*at].ends_with(|c: char| c.is_ascii_digit()))
                .count()
                >= 2
            && inner.starts_with(is_han)
            && !self.rules.lexicon.holds(WordClass::NoList, inner)
    }

    /// How the unit of a figure is printed.
    fn unit_text(&self, family: FamilyId, figure: Span) -> Option<&str> {
        let text = self.document.slice(figure);
        let at = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))?;
        (Some(family) != self.percent).then(|| &text[at..])
    }
}

/// Characters of a bracket that may be a list.
const LONGEST_BRACKET: usize = 100;

/// 回收 of 问卷回收率; what it is that was counted.
fn stem<'a>(label: &'a str, lexicon: &Lexicon) -> Option<&'a str> {
    let body = label
        .strip_suffix('率')
        .or_else(|| label.strip_suffix("度").filter(|body| body.ends_with("满意")))?;
    let (at, _) = body.char_indices().rev().nth(1)?;
    let stem = &body[at..];
    // 完成率 of a plan has its own grammar; 增长率 is no share.
    (stem.chars().all(is_han) && !lexicon.is_word(WordClass::NoShare, stem)).then_some(stem)
}
