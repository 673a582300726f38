//! The clause grammar: reads blocks item by item and makes facts and stated relations of them.
//!
//! Takes a document with tokens and outline; gives the [`FactTable`]. A clause without a subject takes
//! the one before; a new block takes its heading's. What a figure is told in `values`, what is told of
//! two figures in `changes`, lists in `parts`.

use super::changes::Change;
use super::gaps::{self, is_counted};
use super::items::{self, Anchor, Token};
use super::lists::{NumberedList, OpenList};
use super::region::{Period, Region, Subject};
use super::{FactId, FactTable, Relation};
use crate::document::{BlockKind, Document, Span};
use crate::lexer::Lexed;
use crate::lexer::ordinal::Style;
use crate::outline::{NodeId, Outline};
use crate::rules::{BasisId, Cue, Entry, FamilyId, FundId, MeasureId, RuleSet, WordClass};
use crate::scores::Sheet;

pub fn gather(
    document: &Document,
    rules: &RuleSet,
    lexed: &Lexed,
    outline: &Outline,
    sheets: &[Sheet],
    year: Option<u16>,
) -> FactTable {
    let mut reader = Reader::new(document, rules, lexed, outline, year);
    let anchors = super::anchors::anchors(rules, lexed, outline);
    let mut next = 0;
    let mut last_table = None;
    for (place, block) in document.blocks.iter().enumerate() {
        match block.kind {
            BlockKind::Paragraph | BlockKind::Heading(_) => {}
            BlockKind::Row { table, .. } => {
                if last_table.replace(table) != Some(table) {
                    reader.table(place, table, &anchors, sheets);
                }
                continue;
            }
            BlockKind::PageFurniture => continue,
        }
        next += anchors[next..].partition_point(|anchor| anchor.span.start < block.span.start);
        let end = next + anchors[next..].partition_point(|anchor| anchor.span.start < block.span.end);
        reader.block(place as u32, block.span, &anchors[next..end]);
        next = end;
    }
    reader.finish()
}

/// Bytes of indent before a numbering mark.
const INDENT: u32 = 12;

/// Brackets open at once.
const MOST_BRACKETS: usize = 1000;

/// What a colon or a clause without a figure announced for the clauses after it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Topic {
    pub(super) subject: Subject,
    pub(super) basis: Option<BasisId>,
    pub(super) period: Option<Period>,
}

pub(super) struct Reader<'a> {
    pub(super) document: &'a Document,
    pub(super) rules: &'a RuleSet,
    pub(super) lexed: &'a Lexed,
    pub(super) outline: &'a Outline,
    pub(super) table: FactTable,
    pub(super) money: Option<FamilyId>,
    pub(super) percent: Option<FamilyId>,
    pub(super) score: Option<FamilyId>,
    pub(super) outturn: Option<BasisId>,
    pub(super) block: u32,
    pub(super) section: Option<NodeId>,
    /// The fund that the headings above are about, once asked for.
    pub(super) section_fund: std::cell::OnceCell<Option<FundId>>,
    pub(super) sentence: u32,
    pub(super) region: Region,
    pub(super) topic: Option<Topic>,
    /// Labels joined by 、 or 和 that wait for 分别为.
    pub(super) labels: Vec<Subject>,
    /// Labels of 分别为 that wait for their figures.
    pub(super) awaiting: std::collections::VecDeque<Subject>,
    /// Values of this sentence, and of the one before in the same block.
    pub(super) values: Vec<FactId>,
    pub(super) previous: Vec<FactId>,
    /// Figures per head of this sentence.
    pub(super) standards: Vec<FactId>,
    /// The sentence tells scores.
    pub(super) scored: bool,
    /// It counts by grade: 优的14个.
    pub(super) by_grade: bool,
    /// 公务接待费。 at the head of the block: what it goes on to speak of.
    pub(super) lead: Option<MeasureId>,
    /// The first value of the block, and of the one before.
    pub(super) first: Option<FactId>,
    pub(super) told_last: Option<FactId>,
    /// The mark before the figure to come.
    pub(super) mark: char,
    pub(super) change: Change,
    /// The figure just read is the plan of 完成…A的P%.
    pub(super) plan: Option<FactId>,
    pub(super) whole: Option<FactId>,
    /// A label ended with its unit: the figure is missing.
    pub(super) lost: bool,
    /// 项目支出占…的P%: whose share is told, where the clause has no figure of it.
    pub(super) sharer: Option<Subject>,
    /// 调入3人, 退休1人: the people of this sentence come and go.
    pub(super) moving: bool,
    /// 占…的P%（…为A）: a share whose whole may stand behind it, and the words for the whole.
    pub(super) late_share: Option<(FactId, FactId, Span)>,
    /// Shares whose whole was told in no words before them: the place of the relation, and the words for the whole.
    pub(super) unfound: Vec<(usize, Span)>,
    /// Changes of what may be told further on: the place of the relation, and what changed.
    pub(super) early_changes: Vec<(usize, MeasureId)>,
    /// 得分率 without the mark it is out of: the rate, and what was got.
    pub(super) unmarked: Vec<(FactId, FactId)>,
    /// 分别占: the parts whose shares are still to come, and their whole.
    pub(super) sharing: (std::collections::VecDeque<FactId>, Vec<FactId>),
    pub(super) lists: Vec<OpenList>,
    /// The item of the list that is being read has its figure.
    pub(super) item_told: bool,
    /// 其中 stands before a mark: the list opens at the next figure.
    pub(super) opening: bool,
    /// 主要用于: it opens in this clause or not at all, and goes on as far as 、 does.
    pub(super) narrow: bool,
    /// The list that opens divides a total told before, not the last figure.
    pub(super) divided: bool,
    pub(super) brackets: Vec<Region>,
    pub(super) numbered: Vec<NumberedList>,
    pub(super) marks: Vec<Style>,
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
            score: family("分"),
            outturn: outturn.map(|place| BasisId(place as u8)),
            block: 0,
            section: None,
            section_fund: Default::default(),
            sentence: 0,
            region: Region::default(),
            topic: None,
            labels: Vec::new(),
            awaiting: Default::default(),
            values: Vec::new(),
            previous: Vec::new(),
            standards: Vec::new(),
            scored: false,
            by_grade: false,
            lead: None,
            first: None,
            told_last: None,
            mark: ' ',
            change: Change::default(),
            plan: None,
            whole: None,
            unfound: Vec::new(),
            early_changes: Vec::new(),
            unmarked: Vec::new(),
            sharing: Default::default(),
            lost: false,
            sharer: None,
            moving: false,
            late_share: None,
            lists: Vec::new(),
            item_told: false,
            opening: false,
            divided: false,
            narrow: false,
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
        self.find_wholes();
        self.share_out_rows();
        self.find_changed();
        self.table.figures = self.lexed.quantities.iter().filter(|one| is_counted(one)).count();
        let gaps = gaps::gaps(self.document, self.rules, self.lexed, &self.table);
        let unread = gaps.filter(|(_, _, gap)| !gap.is_partial()).count();
        self.table.understood = self.table.figures.saturating_sub(unread);
        self.table
    }

    fn block(&mut self, place: u32, span: Span, anchors: &[Anchor]) {
        self.block = place;
        let section = self.outline.node_of_block.get(place as usize).copied().flatten();
        if section != self.section {
            self.section_fund.take();
        }
        self.section = section;
        self.topic = None;
        self.told_last = self.first.filter(|first| self.is_alone(*first));
        (self.first, self.lead) = (None, None);
        self.previous.clear();
        if !anchors.first().is_some_and(|first| {
            matches!(first.token, Token::Mark(..)) && first.span.start <= span.start + INDENT
        }) {
            self.plain_item();
        }
        items::lay(self.document, span, anchors, |item| match item.token {
            Token::Quantity(quantity) => self.figure(quantity, item.span),
            Token::Date(year) => self.region.date(item.span, year),
            Token::Word(entry) => self.word(item.span, entry, item.glued),
            Token::Text => self.text(item.span, item.glued),
            Token::Mark(style, value) => self.numbering(style, value),
            Token::Punctuation(mark) => {
                self.opening |= matches!(mark, '（' | '(') && self.bracketed_list(item.span);
                self.punctuation(mark);
            }
        });
        // 支出A，其中： and the parts below, each a paragraph of its own.
        let goes_on = self.opening && self.document.slice(span).trim_end().ends_with(['：', ':']);
        if goes_on {
            self.announce();
        }
        self.end_sentence();
        self.previous.clear();
    }

    fn text(&mut self, span: Span, glued: bool) {
        let words = self.document.slice(span);
        // 较年初的318.44万元增加
        if self.region.pending_compare && self.rules.lexicon.is_word(WordClass::Opening, words) {
            (self.region.compared, self.region.pending_compare) = (true, false);
            self.region.opening = true;
            return;
        }
        // 2021年末的71.2%: the day of the year names nothing.
        if glued && self.region.period.is_some() && matches!(words, "末" | "底" | "初") {
            return;
        }
        let plan = self.region.pending_compare && self.rules.lexicon.ends_with(WordClass::Planned, words);
        self.region.text(span, glued);
        self.region.plan = plan.then_some(span).or(self.region.plan);
    }

    pub(super) fn word(&mut self, span: Span, entry: Entry, glued: bool) {
        let joins = matches!(entry, Entry::Cue(Cue::Link | Cue::Compare))
            && self.rules.lexicon.is_word(WordClass::Joins, self.document.slice(span));
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
                // 6月、9月、11月执行进度分别为A、B、C: all are of the one name.
                Cue::Respectively if self.region.subject.is_named() => {
                    let Region { subject, basis, period, .. } = self.region;
                    self.topic = Some(Topic { subject, basis, period });
                }
                // 支出77.20万元，分别为：甲A，乙B
                Cue::Respectively
                    if !self.region.subject.is_named()
                        && self.labels.is_empty()
                        && self.document.text[span.range().end..].starts_with(['：', ':']) =>
                {
                    self.opening = true;
                }
                Cue::Share if self.names_sharer() || self.shares_by_label() => {
                    self.sharer = Some(self.region.subject)
                }
                Cue::Moves => self.moving = true,
                Cue::SpentOn if self.brackets.is_empty() && self.lists.is_empty() && !self.opening => {
                    (self.opening, self.narrow) = (true, true);
                }
                Cue::Follows => self.announce(),
                Cue::OfWhich | Cue::Including => self.opening = true,
                Cue::By => {
                    // What was listed so far is one division; this is another of the same total.
                    while !self.lists.is_empty() {
                        self.close_list();
                    }
                    (self.opening, self.divided) = (true, true);
                }
                Cue::Flat => self.flat(span),
                _ => {}
            }
        }
        self.region.word(span, entry, glued);
        // 一般公共预算财政拨款基本支出: whose money it is, and not another figure that narrows it.
        if let (Entry::Measure(_), Some(words)) = (entry, self.region.subject.qualifier)
            && let Some(fund) = self.rules.lexicon.fund_called(self.document.slice(words))
        {
            (self.region.subject.fund, self.region.subject.qualifier) = (Some(fund), None);
        }
        // 加本年收入A，减本年支出B
        if self
            .region
            .subject
            .qualifier
            .is_some_and(|words| self.document.slice(words).chars().nth(1).is_none())
        {
            self.region.subject.qualifier = None;
        }
    }

    /// 上半年支出占…, 项目支出占…: the words before 占 name what is spent or received.
    fn names_sharer(&self) -> bool {
        let Subject { measure, label, .. } = self.region.subject;
        measure.is_some() || self.rules.lexicon.ends_with(WordClass::Direction, self.document.slice(label))
    }

    pub(super) fn punctuation(&mut self, mark: char) {
        match mark {
            // Nobody opens so many: a text of brackets alone must not cost many times its size.
            '（' | '(' if self.brackets.len() >= MOST_BRACKETS => return,
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
        if std::mem::take(&mut self.narrow) {
            self.opening = false;
        }
        // 项目支出万元，占39.64%: the share is of no figure that is there.
        let label = self.document.slice(self.region.subject.label);
        if label.ends_with("万元") || label == "分" {
            self.lost = true;
            // A list with such an item is not whole.
            self.lists.iter_mut().for_each(|list| list.open = true);
        }
        self.open_words();
        if self.lists.last().is_none_or(|list| list.depth == self.brackets.len()) {
            self.item_told = false;
        }
        match mark {
            '。' | '！' | '？' | '!' | '?' => self.end_sentence(),
            '；' | ';' => {
                self.end_change();
                self.moving = false;
                // 主要包括甲、乙等；: what follows is no part of it.
                self.opening = false;
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
                // 主要用于以下方面：甲A，乙B: parts of what was told in an earlier paragraph.
                let unsaid = self.values.is_empty() && self.previous.is_empty() && self.brackets.is_empty();
                self.opening |=
                    unsaid && self.region.cues.has(Cue::Follows) && self.region.subject.measure.is_some();
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
    pub(super) fn clause(&mut self) {
        let Subject { measure, label, .. } = self.region.subject;
        let subject = measure.filter(|measure| self.is_full_name(*measure, label));
        if subject.is_some() && !self.region.compared && self.region.direction.is_none() {
            let Region { subject, basis, period, .. } = self.region;
            self.topic = Some(Topic { subject, basis, period });
        }
        if self.region.compared {
            self.against();
            // 运行维护费比预算无增减，比上年增加B: what is compared is what the change is of.
            self.change.subject = subject.or(self.change.subject);
        }
        self.labels.clear();
        let mark = self.mark;
        self.next_region(mark);
    }

    pub(super) fn next_region(&mut self, mark: char) {
        self.region = Region::default();
        self.mark = mark;
    }

    pub(super) fn end_sentence(&mut self) {
        self.stated_zero();
        self.open_words();
        self.end_change();
        self.change = Change::default();
        if self.first.is_none() && self.values.is_empty() {
            let Subject { measure, label, .. } = self.region.subject;
            self.lead = measure.filter(|measure| self.is_full_name(*measure, label)).or(self.lead);
        }
        while !self.lists.is_empty() {
            self.close_list();
        }
        self.brackets.clear();
        self.labels.clear();
        self.awaiting.clear();
        (self.opening, self.divided, self.narrow) = (false, false, false);
        (self.plan, self.whole) = (None, None);
        if let Some((part, rate, words)) = self.late_share.take() {
            let mut whole = self.told_in_heading();
            whole.retain(|id| *id != part);
            let part = vec![part];
            self.unfound.push((self.table.relations.len(), words));
            self.table.relations.push(Relation::Share { part, whole, rate, named: false });
        }
        (self.sharer, self.lost, self.moving) = (None, false, false);
        self.sharing = Default::default();
        if !self.standards.is_empty() {
            self.products();
        }
        if std::mem::take(&mut self.scored) {
            self.scores_of_total();
        }
        if std::mem::take(&mut self.by_grade) {
            self.graded();
        }
        if !self.values.is_empty() {
            self.previous = std::mem::take(&mut self.values);
        }
        self.sentence += 1;
        self.next_region('。');
    }
}
