//! Findings that the author has answered for: what comments and configuration say of them, and which
//! findings they cover.
//!
//! Takes a document with its comments, the entries of the configuration and findings; gives the findings
//! parted. It must not know files nor word a finding.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::document::chars::is_blank;
use crate::document::{BlockKind, Comment, Document, Span};
use crate::options::{Options, Suppress};
use crate::outline::Outline;
use crate::rules::{Kind, Rule, RuleSet};

/// A finding that is not shown, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    pub finding: Diagnostic,
    pub reason: String,
    pub by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A comment at this place of the text.
    Comment(Span),
    /// Place in [`Options::suppress`].
    Entry(usize),
}

impl By {
    /// As the machine-readable outputs have it.
    pub fn word(self) -> &'static str {
        match self {
            By::Comment(_) => "comment",
            By::Entry(_) => "config",
        }
    }
}

/// What is answered for of rules that only all reports together can judge: it is kept until they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Codes.
    pub rules: Vec<SmolStr>,
    /// The parts of the text it holds for; `None`: all of it.
    pub parts: Option<Vec<Span>>,
    pub reason: String,
    /// [`By::word`].
    pub by: String,
}

impl Answer {
    pub fn covers(&self, code: &str, at: u32) -> bool {
        let within = |parts: &Vec<Span>| parts.iter().any(|part| part.start <= at && at < part.end.max(1));
        self.rules.iter().any(|rule| rule == code) && self.parts.as_ref().is_none_or(within)
    }
}

/// A comment that says to ignore something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The comment.
    pub span: Span,
    /// The part of the text it holds for.
    pub target: Span,
    /// It holds for the whole text.
    pub whole: bool,
    /// Codes or names as written.
    pub rules: Vec<String>,
    pub reason: String,
    pub fault: Option<Fault>,
}

/// Why an [`Ignore`] has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    NoReason,
    UnknownRule(String),
    Unclear,
}

/// The comments that begin with `gouji`; others mean nothing to us.
pub fn read(document: &Document, rules: &RuleSet) -> Vec<Ignore> {
    document.comments.iter().filter_map(|comment| ignore(document, rules, comment)).collect()
}

fn ignore(document: &Document, rules: &RuleSet, comment: &Comment) -> Option<Ignore> {
    let text = comment.text.trim_matches(is_space);
    let rest = text.strip_prefix("gouji")?;
    let whole = rest.strip_prefix("-ignore-file");
    let after = whole.or_else(|| rest.strip_prefix("-ignore"));
    let mut found = Ignore {
        span: comment.span,
        target: Span::default(),
        whole: whole.is_some(),
        rules: Vec::new(),
        reason: String::new(),
        fault: None,
    };
    match after.filter(|after| after.starts_with(|c| is_space(c) || matches!(c, ':' | '：'))) {
        Some(after) => {
            let words = after.trim_start_matches(|c| is_space(c) || matches!(c, ':' | '：'));
            (found.rules, found.reason) = codes(words);
            let unknown = |name: &&String| !rules.rules.iter().any(|rule| rule.exactness(name).is_some());
            found.fault = if found.rules.is_empty() {
                Some(Fault::Unclear)
            } else if let Some(name) = found.rules.iter().find(unknown) {
                Some(Fault::UnknownRule(name.clone()))
            } else {
                found.reason.is_empty().then_some(Fault::NoReason)
            };
        }
        None => found.fault = Some(Fault::Unclear),
    }
    found.target =
        if found.whole { Span::of(0, document.text.len()) } else { target(document, comment.span) };
    Some(found)
}

/// `FIG001、TXT008 原因`: the codes and the reason.
fn codes(mut rest: &str) -> (Vec<String>, String) {
    let is_comma = |c: char| matches!(c, ',' | '，' | '、');
    let mut rules = Vec::new();
    loop {
        let end = rest.find(|c| is_space(c) || is_comma(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if !word.is_empty() {
            rules.push(word.to_owned());
        }
        let after = after.trim_start_matches(is_space);
        rest = after.trim_start_matches(|c| is_space(c) || is_comma(c));
        // After a comma another code, or in Chinese the reason.
        if !after.starts_with(is_comma) || !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return (rules, reason(rest).to_owned());
        }
    }
}

/// What is said; `原因：` alone waits to be filled in.
fn reason(rest: &str) -> &str {
    let rest = rest.trim_matches(is_space);
    let led = ["原因：", "原因:", "reason:"].iter().find_map(|lead| rest.strip_prefix(lead));
    led.map_or(rest, |reason| reason.trim_matches(is_space))
}

fn is_space(c: char) -> bool {
    is_blank(c) || matches!(c, '\n' | '\r')
}

/// What a comment holds for: the blocks on its lines, else the next block; of a table, all of it.
fn target(document: &Document, comment: Span) -> Span {
    let text = &document.text;
    let (start, end) = (comment.start as usize, comment.end as usize);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1) as u32;
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at) as u32;
    let blocks = &document.blocks;
    let first = blocks.partition_point(|block| block.span.end <= line_start);
    let on_line: Vec<Span> = blocks[first..]
        .iter()
        .map(|block| block.span)
        .take_while(|span| span.start < line_end)
        // The text of a page does not hold its comments: one between two paragraphs stands at a line's start.
        .filter(|span| !comment.is_empty() || span.start < comment.start && comment.start <= span.end)
        .collect();
    if let (Some(first), Some(last)) = (on_line.first(), on_line.last()) {
        return first.to(*last);
    }
    let next = blocks.partition_point(|block| block.span.start < comment.end);
    match blocks.get(next) {
        Some(block) => match block.kind {
            BlockKind::Row { table, .. } => {
                document.tables.get(table as usize).map_or(block.span, |table| table.span)
            }
            _ => block.span,
        },
        None => Span::new(comment.end, comment.end),
    }
}

/// The options to judge with, where ignores wait for findings: what they wait for is found whatever its
/// severity, so that none is called unused for being too quiet.
pub fn loud(options: &Options, rules: &RuleSet, ignores: &[Ignore]) -> Options {
    let mut loud = options.clone();
    for (rule, least) in rules.rules.iter().zip(&mut loud.least) {
        let of_comments = ignores.iter().filter(|ignore| ignore.fault.is_none()).flat_map(|one| &one.rules);
        let mut awaited = of_comments.chain(options.suppress.iter().flat_map(|entry| &entry.rules));
        if awaited.any(|name| rule.exactness(name).is_some()) {
            *least = crate::diagnostic::Severity::Hint;
        }
    }
    loud
}

/// Findings parted.
#[derive(Debug, Default)]
pub struct Parted {
    pub kept: Vec<Diagnostic>,
    pub suppressed: Vec<Suppressed>,
    /// Ignores that no finding answered to, though their rules ran.
    pub unused: Vec<usize>,
    /// The same of [`Options::suppress`].
    pub unused_entries: Vec<usize>,
}

pub fn part(
    document: &Document,
    outline: &Outline,
    rules: &RuleSet,
    options: &Options,
    ignores: &[Ignore],
    found: Vec<Diagnostic>,
) -> Parted {
    let mut parted = Parted::default();
    let (mut used, mut used_entries) = (vec![false; ignores.len()], vec![false; options.suppress.len()]);
    for finding in found {
        let Some(rule) = rules.rules.get(usize::from(finding.rule)) else { continue };
        let shown = options.least.get(rule.place()).is_none_or(|least| finding.severity >= *least);
        let mut by = None;
        for (place, ignore) in ignores.iter().enumerate() {
            if ignore.covers(rule, finding.span) {
                used[place] = true;
                by = by.or(Some((By::Comment(ignore.span), &ignore.reason)));
            }
        }
        for (place, entry) in options.suppress.iter().enumerate() {
            if covers(entry, rule, document, outline, finding.span) {
                used_entries[place] = true;
                by = by.or(Some((By::Entry(place), &entry.reason)));
            }
        }
        match by {
            _ if !shown => {}
            None => parted.kept.push(finding),
            Some((by, reason)) => {
                parted.suppressed.push(Suppressed { finding, by, reason: reason.clone() });
            }
        }
    }
    let ran = |names: &[String]| {
        let enabled = |rule: &&Rule| {
            !rule.check.is_across() && options.enabled.get(rule.place()).copied().unwrap_or(true)
        };
        names.iter().all(|name| rules.rules.iter().filter(enabled).any(|rule| rule.exactness(name).is_some()))
    };
    let idle = |(place, used): (usize, &bool)| (!used).then_some(place);
    parted.unused = used.iter().enumerate().filter_map(idle).collect();
    parted.unused.retain(|&place| ignores[place].fault.is_none() && ran(&ignores[place].rules));
    parted.unused_entries = used_entries.iter().enumerate().filter_map(idle).collect();
    parted.unused_entries.retain(|&place| ran(&options.suppress[place].rules));
    parted
}

/// What comments and configuration say of rules that are judged later.
pub fn answers_for_later(
    document: &Document,
    outline: &Outline,
    rules: &RuleSet,
    options: &Options,
    ignores: &[Ignore],
) -> Vec<Answer> {
    let codes = |names: &[String]| -> Vec<SmolStr> {
        let later = rules.rules.iter().filter(|rule| rule.check.is_across() && answers(names, rule));
        later.map(|rule| rule.code.clone()).collect()
    };
    let of_comments = ignores.iter().filter(|ignore| ignore.fault.is_none()).map(|ignore| Answer {
        rules: codes(&ignore.rules),
        parts: (!ignore.whole).then(|| vec![ignore.target]),
        reason: ignore.reason.clone(),
        by: By::Comment(ignore.span).word().to_owned(),
    });
    let of_entries = options.suppress.iter().enumerate().map(|(place, entry)| {
        let held = document.blocks.iter().map(|block| block.span);
        let held = held.filter(|span| holds(entry, document, outline, *span));
        Answer {
            rules: codes(&entry.rules),
            parts: (entry.section.is_some() || entry.quote.is_some()).then(|| held.collect()),
            reason: entry.reason.clone(),
            by: By::Entry(place).word().to_owned(),
        }
    });
    of_comments.chain(of_entries).filter(|answer| !answer.rules.is_empty()).collect()
}

impl Ignore {
    fn covers(&self, rule: &Rule, span: Span) -> bool {
        let within = self.whole || self.target.start <= span.start && span.start < self.target.end.max(1);
        self.fault.is_none() && within && answers(&self.rules, rule)
    }
}

fn covers(entry: &Suppress, rule: &Rule, document: &Document, outline: &Outline, span: Span) -> bool {
    answers(&entry.rules, rule) && holds(entry, document, outline, span)
}

/// Whether `span` stands where the entry holds.
fn holds(entry: &Suppress, document: &Document, outline: &Outline, span: Span) -> bool {
    entry.section.as_ref().is_none_or(|title| in_section(document, outline, span, title))
        && entry.quote.as_ref().is_none_or(|quote| {
            let block = document.blocks.partition_point(|block| block.span.end <= span.start);
            let block = document.blocks.get(block).filter(|block| block.span.start <= span.start);
            solid(document.slice(block.map_or(span, |block| block.span))).contains(&solid(quote))
        })
}

/// Whether `span` stands below a heading that holds these words, or is one.
fn in_section(document: &Document, outline: &Outline, span: Span, title: &str) -> bool {
    let title = solid(title);
    let mut at = outline.node_at(span.start);
    while let Some(id) = at {
        let node = outline.node(id);
        if solid(document.slice(Span::new(node.start(), node.title.end))).contains(&title) {
            return true;
        }
        at = node.parent;
    }
    false
}

fn solid(text: &str) -> String {
    text.chars().filter(|c| !is_space(*c)).collect()
}

/// What is said of ignores themselves is never ignored.
fn answers(names: &[String], rule: &Rule) -> bool {
    !matches!(rule.check, Kind::FaultyIgnore | Kind::UnusedIgnore)
        && names.iter().any(|name| rule.exactness(name).is_some())
}
