//! The clause grammar: reads blocks item by item and makes facts and stated relations of them.
//!
//! Takes a document with tokens and outline; gives the [`FactTable`]. A clause without a subject takes
//! the one before; a new block takes its heading's.

use super::amount::Amount;
use super::items::{self, Anchor, Item, Token};
use super::lists::{self, ITEM_FIGURES, NumberedList, OpenList};
use super::region::{Period, Region, Subject};
use super::{Closure, Fact, FactId, FactTable, Relation, Role};
use crate::document::{BlockKind, Document, Span};
use crate::lexer::ordinal::{self, Style};
use crate::lexer::{Lexed, Notation};
use crate::outline::{NodeId, Outline};
use crate::rules::{BasisId, Cue, Entry, FamilyId, FundId, RuleSet};

pub fn gather(
    document: &Document,
    rules: &RuleSet,
    lexed: &Lexed,
    outline: &Outline,
    year: Option<u16>,
) -> FactTable {
    let mut reader = Reader::new(document, rules, lexed, outline, year);
    let anchors = anchors(document, rules, lexed);
    let (mut items, mut next) = (Vec::new(), 0);
    for (place, block) in document.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_)) {
            continue;
        }
        next += anchors[next..].partition_point(|anchor| anchor.span.start < block.span.start);
        let end = next + anchors[next..].partition_point(|anchor| anchor.span.start < block.span.end);
        items::lay(document, block.span, &anchors[next..end], &mut items);
        reader.block(place as u32, &items);
        next = end;
    }
    reader.finish()
}

/// Figures with units, dates, numbering marks and the longest words of the lexicon, sorted and disjoint.
fn anchors(document: &Document, rules: &RuleSet, lexed: &Lexed) -> Vec<Anchor> {
    let mut all = Vec::with_capacity(lexed.quantities.len() + lexed.lexicon_hits.len());
    for (place, quantity) in lexed.quantities.iter().enumerate() {
        let bare = quantity.unit.is_none() && quantity.power == 0;
        if !bare || quantity.value.is_zero() {
            all.push(Anchor { span: quantity.span, token: Token::Quantity(place as u32) });
        }
    }
    all.extend(lexed.dates.iter().map(|date| Anchor { span: date.span, token: Token::Date(date.year) }));
    all.extend(lexed.document_numbers.iter().map(|number| Anchor { span: number.span, token: Token::Text }));
    for block in &document.blocks {
        let mut mark = |mark: ordinal::Ordinal| {
            all.push(Anchor { span: mark.span, token: Token::Mark(mark.style, mark.value) });
        };
        ordinal::at_start(&document.text, block.span).map(&mut mark);
        ordinal::inside(&document.text, block.span, |found, _| mark(found));
    }
    for hit in &lexed.lexicon_hits {
        let entry = rules.lexicon.entries[usize::from(hit.item)].1;
        all.push(Anchor { span: hit.span, token: Token::Word(entry) });
    }
    let weight = |token: &Token| match token {
        Token::Quantity(_) | Token::Date(_) => 0,
        Token::Mark(..) => 1,
        _ => 2,
    };
    all.sort_unstable_by_key(|anchor| (anchor.span.start, weight(&anchor.token), u32::MAX - anchor.span.end));
    // Figures and dates always stay; of the words the leftmost, then the longest.
    let mut kept: Vec<Anchor> = Vec::with_capacity(all.len());
    for anchor in all {
        match kept.last() {
            Some(last) if last.span.end > anchor.span.start => {
                let stronger = weight(&anchor.token) == 0 && weight(&last.token) > 0;
                if stronger {
                    kept.pop();
                    kept.push(anchor);
                }
            }
            _ => kept.push(anchor),
        }
    }
    kept
}

/// What a colon or a clause without a figure announced for the clauses after it.
#[derive(Debug, Clone, Copy, Default)]
struct Topic {
    subject: Subject,
    basis: Option<BasisId>,
    period: Option<Period>,
}

/// A change being told: against what, by how much, at what rate.
#[derive(Debug, Default)]
struct Change {
    base: Option<FactId>,
    amount: Option<FactId>,
    rate: Option<FactId>,
    up: bool,
    word: Span,
    /// What 比 was said of.
    basis: Option<BasisId>,
    period: Option<Period>,
}

struct Reader<'a> {
    document: &'a Document,
    rules: &'a RuleSet,
    lexed: &'a Lexed,
    outline: &'a Outline,
    table: FactTable,
    money: Option<FamilyId>,
    percent: Option<FamilyId>,
    outturn: Option<BasisId>,
    block: u32,
    section: Option<NodeId>,
    sentence: u32,
    region: Region,
    topic: Option<Topic>,
    /// Labels joined by 、 or 和 that wait for 分别为.
    labels: Vec<Subject>,
    /// Labels of 分别为 that wait for their figures.
    awaiting: std::collections::VecDeque<Subject>,
    /// Values of this sentence, and of the one before in the same block.
    values: Vec<FactId>,
    previous: Vec<FactId>,
    /// The first value of the block.
    first: Option<FactId>,
    /// The mark before the figure to come.
    mark: char,
    change: Change,
    /// The figure just read is the plan of 完成…A的P%.
    plan: Option<FactId>,
    whole: Option<FactId>,
    /// 分别占: the parts whose shares are still to come, and their whole.
    sharing: (std::collections::VecDeque<FactId>, Vec<FactId>),
    lists: Vec<OpenList>,
    /// 其中 stands before a mark: the list opens at the next figure.
    opening: bool,
    brackets: Vec<Region>,
    numbered: Vec<NumberedList>,
    marks: Vec<Style>,
}

impl<'a> Reader<'a> {
    fn new(
        document: &'a Document,
        rules: &'a RuleSet,
        lexed: &'a Lexed,
        outline: &'a Outline,
        year: Option<u16>,
    ) -> Self {
        let family = |name: &str| rules.units.at_head(name).map(|(unit, _)| rules.units.family_id(unit));
        let outturn = rules.lexicon.bases.iter().position(|basis| basis.group == "outturn");
        let table = FactTable { report_year: year, ..FactTable::default() };
        Reader {
            document,
            rules,
            lexed,
            outline,
            table,
            money: family("元"),
            percent: family("%"),
            outturn: outturn.map(|place| BasisId(place as u8)),
            block: 0,
            section: None,
            sentence: 0,
            region: Region::default(),
            topic: None,
            labels: Vec::new(),
            awaiting: Default::default(),
            values: Vec::new(),
            previous: Vec::new(),
            first: None,
            mark: ' ',
            change: Change::default(),
            plan: None,
            whole: None,
            sharing: Default::default(),
            lists: Vec::new(),
            opening: false,
            brackets: Vec::new(),
            numbered: Vec::new(),
            marks: Vec::new(),
        }
    }

    fn finish(mut self) -> FactTable {
        self.end_sentence();
        while let Some(list) = self.numbered.pop() {
            list.close(&mut self.table);
        }
        let counted = |quantity: &&crate::lexer::Quantity| {
            quantity.unit.is_some() && quantity.notation != Notation::Chinese
        };
        self.table.figures = self.lexed.quantities.iter().filter(counted).count();
        let known = |fact: &&Fact| {
            let quantity = fact.quantity.and_then(|place| self.lexed.quantities.get(place as usize));
            quantity.as_ref().is_some_and(counted)
                && (fact.measure.is_some() || !fact.label.is_empty() || fact.role != Role::Value)
        };
        self.table.understood = self.table.facts.iter().filter(known).count();
        self.table
    }

    fn block(&mut self, place: u32, items: &[Item]) {
        self.block = place;
        self.section = self.outline.node_of_block.get(place as usize).copied().flatten();
        self.topic = None;
        self.first = None;
        self.previous.clear();
        for item in items {
            match item.token {
                Token::Quantity(quantity) => self.figure(quantity, item.span),
                Token::Date(year) => self.region.date(item.span, year),
                Token::Word(entry) => self.word(item.span, entry, item.glued),
                Token::Text => self.region.text(item.span, item.glued),
                Token::Mark(style, value) => self.numbering(style, value),
                Token::Punctuation(mark) => self.punctuation(mark),
            }
        }
        self.end_sentence();
        self.previous.clear();
    }

    fn word(&mut self, span: Span, entry: Entry, glued: bool) {
        let joins = matches!(entry, Entry::Cue(Cue::Link | Cue::Compare))
            && matches!(self.document.slice(span), "和" | "及" | "与" | "以及");
        if joins && self.region.subject.is_named() {
            self.labels.push(self.region.subject);
            self.region.subject = Subject { fund: self.region.subject.fund, ..Subject::default() };
        }
        if let Entry::Cue(cue) = entry {
            match cue {
                Cue::Respectively | Cue::Each
                    if self.region.subject.is_named() && !self.labels.is_empty() =>
                {
                    self.awaiting = self.labels.drain(..).collect();
                    self.awaiting.push_back(self.region.subject);
                }
                Cue::Follows => self.announce(),
                Cue::OfWhich | Cue::Including => self.opening = true,
                Cue::Flat => self.flat(span),
                _ => {}
            }
        }
        self.region.word(span, entry, glued);
    }

    fn punctuation(&mut self, mark: char) {
        match mark {
            '（' | '(' => {
                self.brackets.push(std::mem::take(&mut self.region));
                return;
            }
            '）' | ')' => {
                self.stated_zero();
                while self
                    .lists
                    .last()
                    .is_some_and(|list| list.depth == self.brackets.len() && list.depth > 0)
                {
                    self.close_list();
                }
                self.region = self.brackets.pop().unwrap_or_default();
                return;
            }
            '“' | '”' | '"' | '‘' | '’' | '—' | '－' | '-' | '.' | '/' | '+' | '=' => return,
            _ => {}
        }
        self.stated_zero();
        self.open_words();
        match mark {
            '。' | '！' | '？' | '!' | '?' => self.end_sentence(),
            '；' | ';' => {
                self.end_change();
                self.mark = mark;
                self.clause();
                while self.lists.len() > 1 {
                    self.close_list();
                }
            }
            '：' | ':' => {
                if self.opening && self.region.subject.is_named() {
                    self.opening = false;
                }
                let subject = self.region.subject;
                if subject.measure.is_some() || subject.label.len() <= 60 && subject.is_named() {
                    self.topic =
                        Some(Topic { subject, basis: self.region.basis, period: self.region.period });
                }
                self.next_region(mark);
            }
            '、' => {
                if self.region.subject.is_named() {
                    self.labels.push(self.region.subject);
                }
                let (basis, period, cues, fund) =
                    (self.region.basis, self.region.period, self.region.cues, self.region.subject.fund);
                self.next_region(mark);
                if !self.labels.is_empty() {
                    (self.region.basis, self.region.period, self.region.cues) = (basis, period, cues);
                    self.region.subject.fund = fund;
                }
            }
            _ => {
                self.mark = mark;
                self.clause();
            }
        }
    }

    /// A clause without figure ends: what it named is the topic of the next.
    fn clause(&mut self) {
        if self.region.subject.measure.is_some() && !self.region.compared && self.region.direction.is_none() {
            let Region { subject, basis, period, .. } = self.region;
            self.topic = Some(Topic { subject, basis, period });
        }
        if self.region.compared {
            self.against();
        }
        self.labels.clear();
        let mark = self.mark;
        self.next_region(mark);
    }

    fn next_region(&mut self, mark: char) {
        self.region = Region::default();
        self.mark = mark;
    }

    fn end_sentence(&mut self) {
        self.stated_zero();
        self.open_words();
        self.end_change();
        while !self.lists.is_empty() {
            self.close_list();
        }
        self.brackets.clear();
        self.labels.clear();
        self.awaiting.clear();
        self.opening = false;
        (self.plan, self.whole) = (None, None);
        self.sharing = Default::default();
        if !self.values.is_empty() {
            self.previous = std::mem::take(&mut self.values);
        }
        self.sentence += 1;
        self.next_region('。');
    }

    // ── figures ─────────────────────────────────────────────────────────────────────────────────

    fn figure(&mut self, place: u32, span: Span) {
        let quantity = &self.lexed.quantities[place as usize];
        let region = std::mem::take(&mut self.region);
        let mark = std::mem::replace(&mut self.mark, ' ');
        let bare_zero = quantity.unit.is_none() && quantity.power == 0;
        let amount = match Amount::of(quantity, &self.rules.units) {
            Some(amount) => amount,
            None if bare_zero && region.subject.measure.is_some() => match self.money {
                Some(money) => Amount::zero(money, rust_decimal::Decimal::from(10_000)),
                None => return,
            },
            None => return,
        };
        let name = quantity.unit.map(|unit| self.rules.units.family(unit));
        let exact = quantity.scale == 0
            && !matches!(name, None | Some("money" | "percent" | "point" | "times" | "dollar"));
        let amount = if exact { amount.counted() } else { amount };
        let role = self.role(&region, amount.family, name);
        let mut fact = self.fact(&region, amount, role, span);
        fact.quantity = Some(place);
        fact.value_span = quantity.span;
        fact.broken = quantity.broken;
        if !self.awaiting.is_empty() && role == Role::Value {
            return self.respective(fact, &region, mark);
        }
        if role == Role::Value {
            self.inherit(&mut fact, &region);
        }
        let id = self.push(fact);
        match role {
            Role::Value => self.value(id, &region, mark),
            Role::Base => {
                self.end_change();
                self.change.base = Some(id);
                self.compare_with(&region);
            }
            Role::Change | Role::Rate => self.changed(id, role, &region),
            Role::Share => self.share(id, &region),
            Role::Completion => self.completion(id, &region),
            Role::Ratio => self.named_ratio(id),
        }
    }

    fn role(&self, region: &Region, family: FamilyId, name: Option<&str>) -> Role {
        let direction = region.direction.map(|(cue, _)| cue);
        let changes = matches!(direction, Some(Cue::Up | Cue::Down));
        if Some(family) == self.percent {
            let shared = !self.sharing.0.is_empty() && !region.subject.is_named() && !changes;
            if region.cues.has(Cue::Share)
                || shared
                || (self.whole.is_some() && !region.subject.is_named() && !changes)
            {
                return Role::Share;
            }
            if region.cues.has(Cue::Complete)
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

    fn fact(&self, region: &Region, amount: Amount, role: Role, span: Span) -> Fact {
        let subject = region.subject;
        let lexicon = &self.rules.lexicon;
        let family_of = |measure| {
            let name = lexicon.measure(measure).family.as_str();
            let known = match name {
                "money" => "元",
                "person" => "人",
                "percent" => "%",
                "score" => "分",
                other => other,
            };
            self.rules.units.at_head(known).map(|(unit, _)| self.rules.units.family_id(unit))
        };
        let measure = subject.measure.filter(|measure| family_of(*measure) == Some(amount.family));
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
            basis: region.basis.or_else(|| self.implied_basis(measure)),
            period: region.period.and_then(|period| self.year(period)),
            fund: subject.fund,
            under: None,
            section: self.section,
            block: self.block,
            sentence: self.sentence,
            broken: false,
        }
    }

    fn implied_basis(&self, measure: Option<crate::rules::MeasureId>) -> Option<BasisId> {
        let name = self.rules.lexicon.measure(measure?).basis.as_ref()?;
        self.rules.lexicon.find_basis(name)
    }

    fn year(&self, period: Period) -> Option<u16> {
        match period {
            Period::Year(year) => Some(year),
            Period::Prior => Some(self.table.prior_year()),
            Period::Current => self.table.report_year,
        }
    }

    /// Fills in from the topic, the figure before, or the heading what the clause leaves unsaid.
    fn inherit(&self, fact: &mut Fact, region: &Region) {
        if let Some(noun) = region.bare_noun
            && fact.basis.is_none()
            && self.document.slice(noun) == "支出"
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
                    && (region.basis.is_some() || region.bare_noun.is_some() || region.period.is_some())
            });
            if let Some(topic) = self.topic.filter(|topic| topic.subject.is_named()) {
                fact.measure = topic.subject.measure;
                fact.label = topic.subject.label;
                fact.qualifier = topic.subject.qualifier;
            } else if let Some(before) = before {
                fact.measure = before.measure;
                fact.label = before.label;
                fact.qualifier = before.qualifier;
            }
        }
        if let Some(topic) = self.topic {
            fact.basis = fact.basis.or(topic.basis);
            fact.period = fact.period.or_else(|| topic.period.and_then(|period| self.year(period)));
            fact.fund = fact.fund.or(topic.subject.fund);
        }
        fact.fund = fact.fund.or_else(|| self.section_fund());
        fact.period = fact.period.or(self.table.report_year);
    }

    /// The fund that the headings above are about.
    fn section_fund(&self) -> Option<FundId> {
        let mut at = self.section;
        while let Some(id) = at {
            let node = self.outline.node(id);
            let title = self.document.slice(node.title);
            let found = self
                .rules
                .lexicon
                .funds
                .iter()
                .position(|fund| fund.words.iter().any(|word| title.contains(word.as_str())));
            if let Some(place) = found {
                return Some(FundId(place as u8));
            }
            at = node.parent;
        }
        None
    }

    fn push(&mut self, fact: Fact) -> FactId {
        let id = FactId(self.table.facts.len() as u32);
        self.table.facts.push(fact);
        id
    }

    /// A value is read: it joins a list, opens one, or stands alone.
    fn value(&mut self, id: FactId, region: &Region, mark: char) {
        self.end_change();
        let fact = *self.table.fact(id);
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
        let opens = std::mem::take(&mut self.opening) && region.direction.is_none();
        if opens {
            let totals = self.heads(fact.amount.family);
            if !totals.is_empty() {
                let depth = self.brackets.len();
                let open = region.cues.has(Cue::Open);
                let closed = region.cues.has(Cue::Composed);
                self.lists.push(OpenList { totals, parts: vec![(id, mark)], open, closed, depth });
            }
        } else if let Some(list) = self.lists.last_mut() {
            let family = list.total().map(|total| self.table.fact(total).amount.family);
            let first = list.parts.first().map(|(part, _)| self.table.fact(*part));
            let clash = first.is_some_and(|first| {
                (region.basis.is_some() && first.basis != fact.basis)
                    || (region.period.is_some() && first.period != fact.period)
            });
            if family == Some(fact.amount.family)
                && !clash
                && !region.cues.has(Cue::Average)
                && !region.cues.has(Cue::Total)
            {
                list.open |= region.cues.has(Cue::Open);
                list.parts.push((id, mark));
            }
        }
        if region.cues.has(Cue::Total) && !region.subject.is_named() {
            self.total_of_preceding(id);
        }
        self.numbered_value(id);
        self.first = self.first.or(Some(id));
        self.values.push(id);
    }

    /// Figures that a list beginning now may be the parts of: the last in the sentence; else those of the
    /// sentence before, the last first.
    fn heads(&self, family: FamilyId) -> Vec<FactId> {
        let fits = |id: &&FactId| self.table.fact(**id).amount.family == family;
        let here: Vec<FactId> = self.values.iter().rev().filter(fits).copied().take(1).collect();
        if !here.is_empty() {
            return here;
        }
        self.previous.iter().rev().filter(fits).copied().take(4).collect()
    }

    /// 合计: the total of the values before it in the sentence.
    fn total_of_preceding(&mut self, total: FactId) {
        let family = self.table.fact(total).amount.family;
        let parts: Vec<FactId> =
            self.values.iter().copied().filter(|id| self.table.fact(*id).amount.family == family).collect();
        if parts.len() >= 2 {
            lists::push_sum(&mut self.table, total, parts, Closure::Closed);
        }
    }

    /// 甲、乙分别为A、B, and 甲、乙均为A.
    fn respective(&mut self, fact: Fact, region: &Region, mark: char) {
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
    fn stated_zero(&mut self) {
        let region = self.region;
        let (Some(measure), Some(money)) = (region.subject.measure, self.money) else { return };
        if !region.cues.has(Cue::Zero) || self.rules.lexicon.measure(measure).family != "money" {
            return;
        }
        let start = region.zero.unwrap_or(region.subject.label.start).min(region.subject.label.start);
        let zero = Amount::zero(money, rust_decimal::Decimal::from(10_000));
        let mut fact = self.fact(&region, zero, Role::Value, Span::new(start, region.subject.label.end));
        fact.measure = Some(measure);
        self.inherit(&mut fact, &region);
        let id = self.push(fact);
        let mark = self.mark;
        self.value(id, &region, mark);
        self.region = Region::default();
    }

    /// 等 right after a part: the list names only some.
    fn open_words(&mut self) {
        if self.region.cues.has(Cue::Open) && !self.region.subject.is_named() {
            for list in &mut self.lists {
                list.open = true;
            }
        }
    }

    fn close_list(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        let rest = list.close(&mut self.table);
        if let Some(outer) = self.lists.last_mut() {
            outer.parts.extend(rest);
        }
    }

    // ── changes, shares, completion ─────────────────────────────────────────────────────────────

    fn compare_with(&mut self, region: &Region) {
        self.change.basis = region.basis;
        self.change.period = region.period;
    }

    /// 比上年，: the comparison is named before the change.
    fn against(&mut self) {
        if self.change.amount.is_some() || self.change.rate.is_some() {
            self.end_change();
        }
        let region = self.region;
        self.compare_with(&region);
    }

    fn changed(&mut self, id: FactId, role: Role, region: &Region) {
        if region.compared {
            if self.change.amount.is_some() || self.change.rate.is_some() {
                self.end_change();
            }
            self.compare_with(region);
        }
        let Some((cue, word)) = region.direction else { return };
        let up = cue == Cue::Up;
        let known = self.change.amount.is_some() || self.change.rate.is_some();
        if known && up != self.change.up {
            self.end_change();
        }
        self.change.up = up;
        self.change.word = word;
        let point = Some(self.table.fact(id).amount.family) != self.percent && role == Role::Rate;
        match role {
            _ if point => {}
            Role::Rate => self.change.rate = self.change.rate.or(Some(id)),
            _ => self.change.amount = self.change.amount.or(Some(id)),
        }
    }

    fn end_change(&mut self) {
        let change = std::mem::take(&mut self.change);
        if change.amount.is_none() && change.rate.is_none() {
            self.change =
                Change { base: change.base, basis: change.basis, period: change.period, ..Change::default() };
            return;
        }
        let family = change.amount.or(change.base).map(|id| self.table.fact(id).amount.family).or(self.money);
        let fits = |id: &FactId| Some(self.table.fact(*id).amount.family) == family;
        let mut current: Vec<FactId> = Vec::new();
        let pool = if self.values.iter().any(fits) { &self.values } else { &self.previous };
        current.extend(pool.iter().rev().copied().filter(fits).take(1));
        current.extend(current.first().and_then(|id| self.table.fact(*id).under));
        current.extend(self.lists.iter().filter_map(OpenList::total).filter(|id| fits(id)));
        current.extend(pool.first().copied().filter(fits));
        let mut seen = Vec::with_capacity(current.len());
        current.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        let base: Vec<FactId> = match change.base {
            Some(base) => vec![base],
            None => self.earlier(&current, &change),
        };
        current.retain(|id| !base.contains(id));
        self.table.relations.push(Relation::Change {
            current,
            base,
            amount: change.amount,
            rate: change.rate,
            up: change.up,
            word: change.word,
        });
    }

    /// Figures that the comparison may mean: the same subject at the named period or basis, nearby.
    fn earlier(&self, current: &[FactId], change: &Change) -> Vec<FactId> {
        let Some(now) = current.first().map(|id| self.table.fact(*id)) else { return Vec::new() };
        let period = change.period.and_then(|period| self.year(period)).or(now.period);
        let near = self.values.iter().chain(&self.previous);
        near.copied()
            .filter(|id| {
                let fact = self.table.fact(*id);
                fact.measure == now.measure
                    && self.document.slice(fact.label) == self.document.slice(now.label)
                    && fact.amount.family == now.amount.family
                    && !current.contains(id)
                    && (fact.period == period && period != now.period
                        || change.basis.is_some() && fact.basis == change.basis)
            })
            .collect()
    }

    fn share(&mut self, rate: FactId, region: &Region) {
        if !region.cues.has(Cue::Share)
            && let Some(part) = self.sharing.0.pop_front()
        {
            let whole = self.sharing.1.iter().copied().filter(|id| *id != part).collect();
            self.table.relations.push(Relation::Share { part: vec![part], whole, rate, named: true });
            return;
        }
        let part: Vec<FactId> = self.values.last().copied().into_iter().collect();
        let mut whole: Vec<FactId> = Vec::new();
        let mut named = true;
        if let Some(given) = self.whole.take() {
            whole.push(given);
        } else if let Some(measure) = region.subject.measure {
            let all = self.table.facts.iter().enumerate().rev();
            let same = all.filter(|(_, fact)| fact.measure == Some(measure) && fact.role == Role::Value);
            whole.extend(same.map(|(place, _)| FactId(place as u32)).take(6));
        } else if region.subject.label.is_empty() && region.basis.is_none() {
            let listed = self.lists.last().filter(|list| part.iter().all(|id| list.surely_has(*id)));
            let listed = listed.and_then(OpenList::total);
            named = listed.is_some();
            whole.extend(listed);
            whole.extend(part.iter().filter_map(|id| self.table.fact(*id).under));
            whole.extend(self.values.first().copied());
            whole.extend(self.previous.first().copied());
        }
        let part = if region.cues.has(Cue::Respectively) {
            self.shared_out(&whole).into_iter().collect()
        } else {
            part
        };
        whole.retain(|id| !part.contains(id));
        self.table.relations.push(Relation::Share { part, whole, rate, named });
    }

    /// 分别占: the shares come in the order of the parts; gives the first part.
    fn shared_out(&mut self, whole: &[FactId]) -> Option<FactId> {
        let listed: Vec<FactId> = match self.lists.last() {
            Some(list) => list.parts.iter().map(|(part, _)| *part).collect(),
            None => self.values.clone(),
        };
        let mut parts: std::collections::VecDeque<FactId> =
            listed.into_iter().filter(|id| !whole.contains(id)).collect();
        let first = parts.pop_front();
        self.sharing = (parts, whole.to_vec());
        first
    }

    fn completion(&mut self, rate: FactId, region: &Region) {
        let done: Vec<FactId> = self.values.last().copied().into_iter().collect();
        let Some(now) = done.first().map(|id| *self.table.fact(*id)) else { return };
        let mut plan: Vec<FactId> = self.plan.take().into_iter().collect();
        if plan.is_empty() {
            let near = self.values.iter().rev().chain(self.previous.iter().rev());
            plan.extend(near.copied().filter(|id| {
                let fact = self.table.fact(*id);
                !done.contains(id)
                    && fact.amount.family == now.amount.family
                    && self.is_budget(fact.basis)
                    && self.fits_basis(fact.basis, region.basis)
            }));
        }
        self.table.relations.push(Relation::Completion { done, plan, rate });
    }

    fn is_budget(&self, basis: Option<BasisId>) -> bool {
        basis.is_some_and(|basis| {
            matches!(self.rules.lexicon.basis(basis).group.as_str(), "budget" | "adjusted")
        })
    }

    /// 完成预算 may mean either budget; 完成调整预算 only that one.
    fn fits_basis(&self, have: Option<BasisId>, wanted: Option<BasisId>) -> bool {
        let group =
            |basis: Option<BasisId>| basis.map(|basis| self.rules.lexicon.basis(basis).group.as_str());
        group(wanted) != Some("adjusted") || group(have) == Some("adjusted")
    }

    /// 预算执行率P%: the figures of the sentence or the one before.
    fn named_ratio(&mut self, rate: FactId) {
        let measure = self.table.fact(rate).measure.map(|measure| self.rules.lexicon.measure(measure));
        if !measure.is_some_and(|measure| measure.completion) {
            return;
        }
        let near: Vec<FactId> = self.values.iter().chain(&self.previous).copied().collect();
        let is_done = |id: &FactId| {
            let basis = self.table.fact(*id).basis;
            basis.is_some_and(|basis| self.rules.lexicon.basis(basis).group == "outturn")
        };
        let (done, rest): (Vec<FactId>, Vec<FactId>) = near.into_iter().partition(is_done);
        // What was available is a budget by its word, or a figure with no word at all: 共计A.
        let is_plan = |id: &FactId| {
            let fact = self.table.fact(*id);
            self.is_budget(fact.basis) || fact.basis.is_none()
        };
        let mut plan: Vec<FactId> = rest.into_iter().filter(is_plan).collect();
        plan.sort_by_key(|id| !self.is_budget(self.table.fact(*id).basis));
        self.table.relations.push(Relation::Completion { done, plan, rate });
    }

    /// 与上年持平
    fn flat(&mut self, word: Span) {
        let Some(current) = self.values.last().copied() else { return };
        let change = Change { basis: self.region.basis, period: self.region.period, ..Change::default() };
        let base = self.earlier(&[current], &change);
        self.table.relations.push(Relation::Flat { current, base, word });
    }

    // ── numbered lists ──────────────────────────────────────────────────────────────────────────

    /// 具体情况如下: numbered items follow, parts of a figure of this sentence or the one before.
    fn announce(&mut self) {
        let near = if self.values.is_empty() { &self.previous } else { &self.values };
        let mut totals: Vec<FactId> = near.iter().copied().take(6).collect();
        totals.extend(self.first.filter(|first| !totals.contains(first)));
        let depth = self.marks.len();
        if !totals.is_empty() {
            self.numbered.push(NumberedList { totals, items: Vec::new(), style: None, depth, inside: false });
        }
    }

    fn numbering(&mut self, style: Style, _value: u32) {
        self.stated_zero();
        self.end_change();
        if self.opening && !self.values.is_empty() {
            self.announce();
        }
        self.opening = false;
        while !self.lists.is_empty() {
            self.close_list();
        }
        self.region = Region::default();
        match self.marks.iter().position(|open| *open == style) {
            Some(place) => self.marks.truncate(place + 1),
            None => self.marks.push(style),
        }
        let depth = self.marks.len();
        while self.numbered.last().is_some_and(|list| list.depth >= depth) {
            if let Some(list) = self.numbered.pop() {
                list.close(&mut self.table);
            }
        }
        if let Some(list) = self.numbered.last_mut() {
            if list.style.is_none() {
                list.style = Some(style);
            }
            list.inside = list.style == Some(style);
            if list.inside {
                list.items.push(Vec::new());
            }
        }
    }

    /// The first figures of a numbered item: one of them is its amount.
    fn numbered_value(&mut self, id: FactId) {
        let family = self.table.fact(id).amount.family;
        let Some(list) = self.numbered.last_mut().filter(|list| list.inside) else { return };
        let alike = list.totals.first().is_some_and(|total| self.table.fact(*total).amount.family == family);
        if let Some(item) = list.items.last_mut().filter(|item| alike && item.len() < ITEM_FIGURES) {
            item.push(id);
        }
    }
}
