//! Kind `pairs`: quotation marks, book-title marks and brackets that do not pair.
//!
//! Placeholders: `{quote}` the mark, `{expected}` its partner. Cases: `unclosed`, `unopened`, `crossed` (label
//! `other`), `direction` two closing or two opening quotation marks around a word (label `other`).

use super::{Context, Sink, is_prose};
use crate::diagnostic::{Applicability, Edit};
use crate::document::chars::{is_blank, is_clause_mark, is_digit};
use crate::document::{Block, Span};
use crate::lexer::Mark;
use crate::rules::{Pairs, Rule};

/// Openers looked through for a partner: nesting is not so deep, and a text of openers alone must not
/// cost its square.
const DEPTH: usize = 12;
/// Openers of one paragraph beyond which its marks say nothing more.
const OPEN: usize = 20_000;
/// Paragraphs over which a bracket may run when its own does not end as a sentence.
const BROKEN_PARAGRAPHS: u32 = 2;
/// Longest word, in bytes, that two marks of one direction are taken to stand around.
const WORD: u32 = 90;

#[derive(Clone, Copy, PartialEq)]
struct Fault {
    mark: Mark,
    case: &'static str,
    other: Option<Mark>,
}

struct Open {
    mark: Mark,
    /// Last paragraph in which its partner may stand.
    until: u32,
}

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a Pairs, sink: &mut Sink<'a>) {
    let mut open: Vec<Open> = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    for (number, paragraph) in cx.prose().enumerate() {
        let number = number as u32;
        let marks = cx.lexed.marks.within(paragraph);
        if goes_on_quoting(paragraph, marks) {
            // Each paragraph of a long quotation opens it anew; only the last one closes it.
            open.retain(|open| open.mark.char != '“');
        }
        let before = open.len();
        pair(cx, paragraph, marks, number, &mut open, &mut faults);
        let ends = cx.text(paragraph).ends_with(['。', '！', '？', '”', '；']);
        let reach = |char| match char {
            '“' | '‘' => kind.quotation_paragraphs,
            _ if ends => 0,
            _ => BROKEN_PARAGRAPHS,
        };
        for own in open.iter_mut().skip(before).filter(|own| own.until == number) {
            own.until += reach(own.mark.char);
        }
        expire(&mut open, number, &mut faults);
    }
    expire(&mut open, u32::MAX, &mut faults);
    faults.sort_by_key(|fault| fault.mark.at);
    if faults.is_empty() {
        return;
    }
    let torn = Torn::of(cx);
    for fault in turned_round(faults) {
        let opened = &cx.flow.text[fault.mark.at as usize..];
        let button = kind.buttons.iter().any(|button| opened.starts_with(button.as_str()));
        if !button && !torn.holds(cx.flow.source(fault.mark.span())) {
            report(cx, rule, fault, sink);
        }
    }
}

/// The paragraph begins with “ and closes it at its end or nowhere: “三公”经费 at its head quotes a word.
fn goes_on_quoting(paragraph: Span, marks: &[Mark]) -> bool {
    let Some((_, rest)) =
        marks.split_first().filter(|(first, _)| first.char == '“' && first.at == paragraph.start)
    else {
        return false;
    };
    let close = rest.iter().find(|mark| matches!(mark.char, '“' | '”'));
    close.is_none_or(|mark| mark.char == '“' || mark.span().end + AT_THE_END >= paragraph.end)
}

/// Bytes that may follow the closing mark of a quoted paragraph: its stop.
const AT_THE_END: u32 = 3;

/// Lines of a text that a converter tore from cells and columns: there the partner of a mark may stand
/// anywhere. Such lines come in numbers; a few of them are a writer's own.
struct Torn(Vec<Span>);

impl Torn {
    fn of(cx: &Context) -> Self {
        let mut numbered = vec![false; cx.document.blocks.len()];
        for node in &cx.outline.nodes {
            if let Some(place) = numbered.get_mut(node.block as usize) {
                *place = true;
            }
        }
        let is_torn = |(place, block): &(usize, &Block)| {
            is_prose(block) && !numbered[*place] && !cx.document.slice(block.span).ends_with(ENDS)
        };
        let blocks = cx.document.blocks.iter().enumerate();
        let torn: Vec<Span> = blocks.filter(is_torn).map(|(_, block)| block.span).collect();
        let many = torn.len() > 20 && torn.len() * 3 > cx.document.blocks.len();
        Torn(if many { torn } else { Vec::new() })
    }

    fn holds(&self, span: Span) -> bool {
        let next = self.0.partition_point(|line| line.start <= span.start);
        next > 0 && self.0[next - 1].contains(span)
    }
}

const ENDS: [char; 7] = ['。', '！', '？', '；', '：', ':', ';'];

/// Pairs the marks of one paragraph with each other and with what is open from before.
fn pair(
    cx: &Context,
    paragraph: Span,
    marks: &[Mark],
    number: u32,
    open: &mut Vec<Open>,
    faults: &mut Vec<Fault>,
) {
    let mut crossing: Option<u32> = None;
    for (place, &mark) in marks.iter().enumerate() {
        if is_clause_mark(mark.char) {
            continue;
        }
        if open.len() > OPEN {
            break;
        }
        if crossing == Some(mark.at) || is_apostrophe(cx, paragraph, mark) {
            continue;
        }
        if closing(mark.char).is_some() {
            open.push(Open { mark, until: number });
            continue;
        }
        let Some(openers) = opening(mark.char) else { continue };
        let depth = open.iter().rev().take(DEPTH).position(|open| openers.contains(open.mark.char));
        let Some(depth) = depth else {
            if !is_enumerator(cx, paragraph, mark) && !is_interval(cx, mark) {
                faults.push(Fault { mark, case: "unopened", other: None });
            }
            continue;
        };
        let at = open.len() - 1 - depth;
        for inner in open.drain(at..).skip(1) {
            // Where the partner follows before anything else of its kind, the two pairs cross.
            let same =
                |next: &&Mark| Some(next.char) == closing(inner.mark.char) || next.char == inner.mark.char;
            let late = marks[place + 1..].iter().find(same);
            match late.filter(|late| late.char != inner.mark.char && late.at - mark.at < WORD) {
                Some(&late) => {
                    crossing = Some(late.at);
                    faults.push(Fault { mark, case: "crossed", other: Some(late) });
                }
                None if is_interval(cx, inner.mark) => {}
                None => faults.push(Fault { mark: inner.mark, case: "unclosed", other: None }),
            }
        }
    }
    // An interval such as （60，70] is closed in its way.
    open.retain(|open| open.until != number || !is_interval(cx, open.mark));
}

fn expire(open: &mut Vec<Open>, number: u32, faults: &mut Vec<Fault>) {
    open.retain(|open| {
        let runs_on = open.until > number;
        if !runs_on {
            faults.push(Fault { mark: open.mark, case: "unclosed", other: None });
        }
        runs_on
    });
}

/// Two quotation marks of one direction around a word (”三公”) are one slip.
fn turned_round(faults: Vec<Fault>) -> Vec<Fault> {
    let mut told: Vec<Fault> = Vec::with_capacity(faults.len());
    for fault in faults {
        match told.last_mut() {
            Some(last)
                if last.case == fault.case
                    && last.mark.char == fault.mark.char
                    && "“”‘’".contains(fault.mark.char)
                    && fault.mark.at - last.mark.at < WORD =>
            {
                // Of two closing marks the first is wrong, of two opening ones the second.
                let (wrong, other) =
                    if last.case == "unopened" { (last.mark, fault.mark) } else { (fault.mark, last.mark) };
                *last = Fault { mark: wrong, case: "direction", other: Some(other) };
            }
            _ => told.push(fault),
        }
    }
    told
}

fn report<'a>(cx: &Context<'a>, rule: &'a Rule, fault: Fault, sink: &mut Sink<'a>) {
    let Fault { mark, case, other } = fault;
    let span = cx.flow.source(mark.span());
    let partner = partner(mark.char);
    let mut report = sink
        .report(rule, span)
        .case(case)
        .value("quote", mark.char.to_string())
        .value("expected", partner.to_string());
    if let Some(other) = other {
        report = report.label(cx.flow.source(other.span()), "other");
    }
    if case == "direction" {
        let edit = Edit { span, replacement: partner.to_string() };
        report = report.fix(Applicability::Suggested, partner.to_string(), vec![edit]);
    }
    report.emit();
}

/// Opening marks with their partners; brackets of either width go together.
const PAIRS: [(char, char); 10] = [
    ('“', '”'),
    ('‘', '’'),
    ('《', '》'),
    ('〈', '〉'),
    ('（', '）'),
    ('(', ')'),
    ('〔', '〕'),
    ('【', '】'),
    ('「', '」'),
    ('『', '』'),
];

fn closing(open: char) -> Option<char> {
    PAIRS.iter().find(|pair| pair.0 == open).map(|pair| pair.1)
}

/// The marks that `close` may close.
fn opening(close: char) -> Option<&'static str> {
    Some(match close {
        '”' => "“",
        '’' => "‘",
        '》' => "《",
        '〉' => "〈",
        // A title of an article and a document number are read elsewhere, wrong brackets and all.
        '）' | ')' => "（(",
        '〕' => "〔",
        '】' => "【",
        '」' => "「",
        '』' => "『",
        _ => return None,
    })
}

fn partner(mark: char) -> char {
    let pair = PAIRS.iter().find(|pair| pair.0 == mark || pair.1 == mark);
    pair.map_or(mark, |pair| if pair.0 == mark { pair.1 } else { pair.0 })
}

fn is_apostrophe(cx: &Context, paragraph: Span, mark: Mark) -> bool {
    let before = || cx.text(Span::new(paragraph.start, mark.at)).chars().next_back();
    mark.char == '’' && before().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// `1）`, `a)`, `一）` at the start of an item.
fn is_enumerator(cx: &Context, paragraph: Span, mark: Mark) -> bool {
    if !matches!(mark.char, '）' | ')') {
        return false;
    }
    let before = cx.text(Span::new(paragraph.start, mark.at));
    let is_ordinal = |c: char| {
        is_digit(c)
            || c.is_ascii_alphabetic()
            || "一二三四五六七八九十百".contains(c)
            || ('①'..='⑳').contains(&c)
    };
    let ordinal: usize =
        before.chars().rev().take(4).take_while(|c| is_ordinal(*c)).map(char::len_utf8).sum();
    let edge = before[..before.len() - ordinal].chars().next_back();
    ordinal > 0
        && edge.is_none_or(|c| is_blank(c) || is_clause_mark(c) || matches!(c, ';' | ':' | ',' | '”' | '（'))
}

/// `[80，90）`, `（60，70]`: a bracket beside a figure, with a square one near.
fn is_interval(cx: &Context, mark: Mark) -> bool {
    let text: &str = &cx.flow.text;
    let square = |c: char| matches!(c, '[' | ']' | '［' | '］' | '【' | '】');
    let line = |c: &char| *c != '\n';
    match mark.char {
        '）' | ')' | '】' => text[..mark.at as usize].chars().rev().take(14).take_while(line).any(square),
        '（' | '(' | '【' => {
            let mut after = text[mark.span().end as usize..].chars().take(14).take_while(line);
            after.next().is_some_and(is_digit) && after.any(square)
        }
        _ => false,
    }
}
