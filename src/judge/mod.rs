//! The judges: one file per kind of rule, each a pure function from the read document to findings.
//!
//! Takes [`Context`], or [`Reckoned`] where figures count, and a rule with its parameters; gives diagnostics into a
//! [`Sink`]. A judge must not know files, formats or how a finding is shown.

mod bounds;
mod content;
mod contents;
mod copied_year;
mod damage;
mod deviation_reason;
mod document_number;
mod ending;
mod figures;
mod foreign_body;
mod foreign_unit;
mod funding_rows;
mod grade_score;
mod half_width;
mod ignores;
mod item_marks;
mod measure_word;
mod mixed_numbering;
mod name_variant;
mod named_count;
mod numbering;
mod outturn;
mod pairs;
mod paragraph_end;
mod place;
mod reconciled;
mod references;
mod repeats;
mod report_year;
mod score;
mod score_formula;
mod score_table;
mod sections;
mod self_reference;
mod spacing;
mod stray_marks;
mod title_parts;
mod words;

use smol_str::SmolStr;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
use crate::document::chars::is_stop;
use crate::document::{Block, BlockKind, Document, Flow, Span};
use crate::facts::FactTable;
use crate::fingerprint;
use crate::form::Form;
use crate::lexer::Lexed;
use crate::options::Options;
use crate::outline::Outline;
use crate::reconcile::{Cause, Check};
use crate::rules::{Kind, Rule, RuleSet, Say, fill};
use crate::scores::Sheet;
use crate::subject::Subject;
use crate::suppress::Ignore;

/// What was read, before anything is reckoned.
pub struct Context<'a> {
    pub document: &'a Document,
    pub rules: &'a RuleSet,
    pub options: &'a Options,
    pub lexed: &'a Lexed,
    pub outline: &'a Outline,
    pub form: &'a Form<'a>,
    pub subject: &'a Subject,
    /// Self-evaluation forms.
    pub sheets: &'a [Sheet],
    /// The text without markup and soft line ends.
    pub flow: &'a Flow<'a>,
    /// Some line ends are markup: see [`Context::is_wrapped`].
    pub wrapped: bool,
    /// Comments that ignore findings.
    pub ignores: &'a [Ignore],
}

/// What was read, and what the figures come to.
pub struct Reckoned<'a> {
    pub read: &'a Context<'a>,
    pub facts: &'a FactTable,
    pub checks: &'a [Check],
    /// Failing checks, one entry for each root cause.
    pub causes: &'a [Cause],
}

impl<'a> std::ops::Deref for Reckoned<'a> {
    type Target = Context<'a>;

    fn deref(&self) -> &Context<'a> {
        self.read
    }
}

impl Context<'_> {
    /// Place of `rule` in the rule set.
    pub fn index(&self, rule: &Rule) -> usize {
        rule.place()
    }

    /// The block that holds byte `at`.
    pub fn block_at(&self, at: u32) -> Option<&'_ Block> {
        let blocks = &self.document.blocks;
        let next = blocks.partition_point(|block| block.span.start <= at);
        blocks[..next].last().filter(|block| at < block.span.end)
    }

    /// The text of a block without markup and soft line ends: its place in the flow.
    pub fn shown(&self, block: &Block) -> Span {
        self.flow.shown(block.span)
    }

    /// The text of `span` of the flow.
    pub fn text(&self, span: Span) -> &'_ str {
        self.flow.text.get(span.range()).unwrap_or_default()
    }

    /// Whether the lines of the file were broken at a margin, as in text taken from PDF.
    pub fn is_wrapped(&self) -> bool {
        self.wrapped
    }

    /// Paragraphs and headings, in places of the flow; table cells and page numbers are none.
    pub fn prose(&self) -> impl DoubleEndedIterator<Item = Span> + '_ {
        let blocks = self.document.blocks.iter();
        blocks.filter(|block| is_prose(block)).map(|block| self.shown(block))
    }
}

fn is_prose(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_))
}

/// The sentence around `span` of `text` inside `within`, without its stop; `；` ends one too.
fn sentence(text: &str, within: Span, span: Span) -> Span {
    let ends = |c: char| is_stop(c) || c == '；' || c == '\n';
    let len = |c: char| c.len_utf8();
    let before = text.get(within.start as usize..span.start as usize).unwrap_or_default();
    let lead: usize = before.chars().rev().take(SENTENCE).take_while(|c| !ends(*c)).map(len).sum();
    let after = text.get(span.end as usize..within.end as usize).unwrap_or_default();
    let tail: usize = after.chars().take(SENTENCE).take_while(|c| !ends(*c)).map(len).sum();
    Span::of(span.start as usize - lead, span.end as usize + tail)
}

/// Farther than this from a word, in characters, nothing is looked for: a sentence is not so long, and
/// a text without stops must not cost its length for every word.
const SENTENCE: usize = 300;

/// Whether nothing that `rule` can say is wanted.
fn is_unwanted(rule: &Rule, options: &Options) -> bool {
    let index = rule.place();
    let Some(&least) = options.least.get(index) else { return false };
    // These weigh each finding by itself.
    if matches!(rule.check, Kind::Content | Kind::Sections(_) | Kind::Reconciled(_)) {
        return false;
    }
    let of_cases = rule.cases.iter().filter_map(|case| case.severity).max();
    let loudest = of_cases.map_or(rule.severity, |case| case.max(rule.severity));
    options.severity.get(index).copied().flatten().unwrap_or(loudest) < least
}

/// Runs a rule about the text; one about figures says nothing. `index` is its place in the rule set.
pub fn judge_text<'a>(cx: &Context<'a>, index: u16, sink: &mut Sink<'a>) {
    let rule = &cx.rules.rules[index as usize];
    if is_unwanted(rule, cx.options) {
        return;
    }
    match &rule.check {
        Kind::Words(words) => words::judge(cx, rule, words, sink),
        Kind::DocumentNumber(kind) => document_number::judge(cx, rule, kind, sink),
        Kind::Repeats(kind) => repeats::judge(cx, rule, kind, sink),
        Kind::ParagraphEnd(kind) => paragraph_end::judge(cx, rule, kind, sink),
        Kind::HalfWidth(kind) => half_width::judge(cx, rule, kind, sink),
        Kind::Pairs(kind) => pairs::judge(cx, rule, kind, sink),
        Kind::StrayMarks(kind) => stray_marks::judge(cx, rule, kind, sink),
        Kind::Spacing(kind) => spacing::judge(cx, rule, kind, sink),
        Kind::ItemMarks(_) => item_marks::judge(cx, rule, sink),
        Kind::MeasureWord(kind) => measure_word::judge(cx, rule, kind, sink),
        Kind::SelfReference(kind) => self_reference::judge(cx, rule, kind, sink),
        Kind::ForeignUnit(kind) => foreign_unit::judge(cx, rule, kind, sink),
        Kind::NameVariant(kind) => name_variant::judge(cx, rule, kind, sink),
        Kind::Numbering(numbering) => numbering::judge(cx, rule, numbering, sink),
        Kind::MixedNumbering => mixed_numbering::judge(cx, rule, sink),
        Kind::References(references) => references::judge(cx, rule, references, sink),
        Kind::Contents(contents) => contents::judge(cx, rule, contents, sink),
        Kind::Sections(sections) => sections::judge(cx, rule, sections, sink),
        Kind::Content => content::judge(cx, rule, sink),
        Kind::Outturn(outturn) => outturn::judge(cx, rule, outturn, sink),
        Kind::Score(score) => score::judge(cx, rule, score, sink),
        Kind::Ending(ending) => ending::judge(cx, rule, ending, sink),
        Kind::TitleParts(parts) => title_parts::judge(cx, rule, parts, sink),
        Kind::Damage => damage::judge(cx, rule, sink),
        Kind::FaultyIgnore => ignores::faulty(cx, rule, sink),
        // Known when all others have spoken: see [`unused_ignores`].
        Kind::UnusedIgnore => {}
        Kind::ScoreFormula => score_formula::judge(cx, rule, sink),
        Kind::DeviationReason => deviation_reason::judge(cx, rule, sink),
        Kind::FundingRows => funding_rows::judge(cx, rule, sink),
        // [`judge_figures`] judges these.
        Kind::ReportYear(_)
        | Kind::Reconciled(_)
        | Kind::Malformed
        | Kind::UnitMissing
        | Kind::Impossible
        | Kind::ImpossibleRatio(_)
        | Kind::AnnouncedCount(_)
        | Kind::Rounding
        | Kind::ScoreTable
        | Kind::GradeScore(_)
        | Kind::BoundClaim(_) => {}
        // `review` judges these.
        Kind::NearDuplicate(_)
        | Kind::PriorYear(_)
        | Kind::LedgerMismatch(_)
        | Kind::WrongReport(_)
        | Kind::UnitOfBatch(_) => {}
    }
}

/// Runs a rule about figures; one about the text says nothing.
pub fn judge_figures<'a>(cx: &Reckoned<'a>, index: u16, sink: &mut Sink<'a>) {
    let rule = &cx.rules.rules[index as usize];
    if is_unwanted(rule, cx.options) {
        return;
    }
    match &rule.check {
        Kind::ReportYear(kind) => report_year::judge(cx, rule, kind, sink),
        Kind::Reconciled(params) => reconciled::judge(cx, rule, params, sink),
        Kind::Malformed => figures::malformed(cx, rule, sink),
        Kind::UnitMissing => figures::unit_missing(cx, rule, sink),
        Kind::Impossible => figures::impossible(cx, rule, sink),
        Kind::ImpossibleRatio(params) => figures::impossible_ratio(cx, rule, params, sink),
        Kind::AnnouncedCount(params) => {
            figures::announced_count(cx, rule, params, sink);
            named_count::judge(cx, rule, params, sink);
        }
        Kind::Rounding => figures::rounding(cx, rule, sink),
        Kind::ScoreTable => score_table::judge(cx, rule, sink),
        Kind::GradeScore(_) => grade_score::judge(cx, rule, sink),
        Kind::BoundClaim(params) => bounds::judge(cx, rule, params, sink),
        _ => {}
    }
}

/// Says which comments no finding answers to; `unused` are their places in [`Context::ignores`].
pub fn unused_ignores<'a>(cx: &Context<'a>, unused: &[usize], sink: &mut Sink<'a>) {
    let runs = |rule: &&Rule| cx.options.enabled.get(rule.place()).copied().unwrap_or(true);
    for rule in cx.rules.rules.iter().filter(runs) {
        if matches!(rule.check, Kind::UnusedIgnore) {
            ignores::unused(cx, rule, unused, sink);
        }
    }
}

/// Findings of one rule in one document, beyond which nobody reads on: the last of them says so. A text
/// that is damaged throughout must not cost many times its size.
const MOST: u32 = 10_000;

/// Collects findings and gives them their sentences.
pub struct Sink<'a> {
    rules: &'a RuleSet,
    options: &'a Options,
    /// Findings by rule.
    counts: Vec<u32>,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Sink<'a> {
    pub fn new(rules: &'a RuleSet, options: &'a Options) -> Self {
        Sink { rules, options, counts: vec![0; rules.rules.len()], diagnostics: Vec::new() }
    }

    /// Starts a finding of `rule` at `span`; nothing is kept until [`Report::emit`].
    pub fn report<'s>(&'s mut self, rule: &'a Rule, span: Span) -> Report<'s, 'a> {
        Report {
            sink: self,
            rule,
            case: "",
            span,
            values: Vec::new(),
            labels: Vec::new(),
            named: Vec::new(),
            trace: None,
            fixes: Vec::new(),
            severity: None,
            cites: &[],
        }
    }
}

/// A finding under construction. Placeholders of the rule's sentences are filled from `value`s.
#[must_use = "a report does nothing until emitted"]
pub struct Report<'s, 'a> {
    sink: &'s mut Sink<'a>,
    rule: &'a Rule,
    case: &'a str,
    span: Span,
    values: Vec<(&'static str, String)>,
    labels: Vec<(Span, &'static str)>,
    named: Vec<Label>,
    trace: Option<String>,
    fixes: Vec<Fix>,
    severity: Option<Severity>,
    cites: &'a [SmolStr],
}

impl<'s, 'a> Report<'s, 'a> {
    /// Answers with the sentences and severity of this case of the rule.
    pub fn case(mut self, case: &'a str) -> Self {
        self.case = case;
        self
    }

    /// Fills `{key}` in message, note, help and labels.
    pub fn value(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.values.push((key, value.into()));
        self
    }

    /// Adds a secondary place; its text is the rule's `labels.<key>`.
    pub fn label(mut self, span: Span, key: &'static str) -> Self {
        self.labels.push((span, key));
        self
    }

    /// Adds a secondary place with a text that names the figure there.
    pub fn named(mut self, span: Span, message: impl Into<String>) -> Self {
        self.named.push(Label { span, message: message.into() });
        self
    }

    pub fn trace(mut self, trace: impl Into<String>) -> Self {
        self.trace = Some(trace.into());
        self
    }

    /// Lowers or raises the finding against the rule's own severity.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Rests the finding on these instead of what the rule rests on; none: the rule's own.
    pub fn cites(mut self, cites: &'a [SmolStr]) -> Self {
        self.cites = cites;
        self
    }

    pub fn fix(
        mut self,
        applicability: Applicability,
        description: impl Into<String>,
        edits: Vec<Edit>,
    ) -> Self {
        self.fixes.push(Fix { description: description.into(), applicability, edits });
        self
    }

    pub fn emit(self) {
        let Report { sink, rule, case: case_id, span, values, labels, named, trace, fixes, severity, cites } =
            self;
        let case = rule.case(case_id);
        let index = rule.place();
        let configured = sink.options.severity.get(index).copied().flatten();
        let severity =
            configured.or(severity).or(case.and_then(|case| case.severity)).unwrap_or(rule.severity);
        if sink.options.least.get(index).is_some_and(|&least| severity < least) {
            return;
        }
        let count = &mut sink.counts[index];
        *count += u32::from(*count <= MOST);
        if *count > MOST {
            return;
        }
        let is_last = *count == MOST;
        let lang = sink.options.lang;
        let say = lang.of(&rule.zh, &rule.en);
        let own = case.map(|case| lang.of(&case.zh, &case.en));
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let pick = |field: fn(&Say) -> &String| {
            let template = own.map(field).filter(|text| !text.is_empty()).unwrap_or(field(say));
            fill(template, &values)
        };
        let of_case = case.map(|case| case.cites.as_slice()).unwrap_or_default();
        let cites = [cites, of_case].into_iter().find(|cites| !cites.is_empty()).unwrap_or(&rule.cites);
        let citation: Vec<&str> = cites
            .iter()
            .filter_map(|key| sink.rules.citations.get(key))
            .map(|citation| lang.of(citation.zh.as_str(), citation.en.as_str()))
            .collect();
        let labels = labels
            .into_iter()
            .map(|(span, key)| {
                let template = own.and_then(|say| say.labels.get(key)).or_else(|| say.labels.get(key));
                Label { span, message: template.map(|text| fill(text, &values)).unwrap_or_default() }
            })
            .chain(named)
            .collect();
        let mut help = pick(|say| &say.help);
        if is_last {
            help.push_str(lang.of(
                "（同类问题太多，以下不再逐一列出）",
                " (too many of this kind: the rest are not listed)",
            ));
        }
        let diagnostic = Diagnostic {
            rule: index as u16,
            code: rule.code.clone(),
            name: rule.name.clone(),
            severity,
            message: pick(|say| &say.message),
            span,
            note: pick(|say| &say.note),
            labels,
            trace,
            citation: (!citation.is_empty()).then(|| citation.join(lang.of("；", "; "))),
            help: (!help.is_empty()).then_some(help),
            fixes,
            fingerprint: fingerprint::seed(&rule.code, case_id, &values),
            standing: None,
        };
        sink.diagnostics.push(diagnostic);
    }
}
