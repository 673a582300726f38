//! Kind `half-width`: half-width marks between Chinese characters.
//!
//! Placeholders: `{quote}` the mark, `{expected}` the full-width one, `{count}` how often. Label `same`.
//! Cases: `pair` brackets, `mixed` one bracket of each width, `quote` straight quotation marks, `many`.

use super::{Context, Sink};
use crate::diagnostic::{Applicability, Edit};
use crate::document::chars::{is_clause_mark, is_digit, is_han};
use crate::document::{BlockKind, Span};
use crate::lexer::Mark;
use crate::rules::{HalfWidth, Rule};

/// Places named in a finding for many.
const LABELS: usize = 10;
/// Longest text in straight quotation marks, in bytes.
const LONGEST_QUOTE: u32 = 90;

/// Longest text in brackets, in bytes.
const LONGEST_INSIDE: usize = 1200;

/// Half-width marks at one place: a mark, or the two of a pair.
struct Found {
    marks: Vec<(Mark, &'static str)>,
    case: &'static str,
    /// A blank after the mark, which goes with it.
    blank: bool,
}

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a HalfWidth, sink: &mut Sink<'a>) {
    let mut found: Vec<Found> = Vec::new();
    for block in &cx.document.blocks {
        let cell = matches!(block.kind, BlockKind::Row { .. });
        if block.kind == BlockKind::PageFurniture {
            continue;
        }
        let paragraph = cx.shown(block);
        let marks = cx.lexed.marks.within(paragraph);
        if !marks.iter().any(|mark| mark.char.is_ascii()) {
            continue;
        }
        let label = cell || is_label(cx.text(paragraph));
        for &mark in marks.iter().filter(|mark| mark.char.is_ascii()) {
            found.extend(single(cx, paragraph, mark, label));
        }
        if !label {
            brackets(cx, paragraph, marks, &mut found);
        }
        if !cell {
            quotes(cx, marks, &mut found);
        }
    }
    let key = |one: &Found| one.marks[0].0.char;
    for char in [',', ';', ':', '?', '!', '(', ')', '（', '"'] {
        let same: Vec<&Found> = found.iter().filter(|one| key(one) == char).collect();
        if same.len() > kind.group_above {
            report(cx, rule, &same, sink);
        } else {
            same.iter().for_each(|one| report(cx, rule, &[one], sink));
        }
    }
}

/// A short line without a mark of prose: the head of a column, a field of a form (单位:万元, 维修(护)费).
fn is_label(text: &str) -> bool {
    text.chars().nth(24).is_none() && !text.contains(['，', '。', '；'])
}

/// A mark that stands alone, with Chinese on its sides.
fn single(cx: &Context, paragraph: Span, mark: Mark, label: bool) -> Option<Found> {
    let full = match mark.char {
        ',' => "，",
        ';' => "；",
        ':' => "：",
        '?' => "？",
        '!' => "！",
        _ => return None,
    };
    let before = cx.text(Span::new(paragraph.start, mark.at));
    let after = cx.text(Span::new(mark.span().end, paragraph.end));
    let left = before.chars().next_back()?;
    let blank = after.starts_with(' ') && mark.char != ':';
    let right = after[usize::from(blank)..].chars().next();
    let chinese = |c: char| is_han(c) || "“”《》（）〔〕‘’％".contains(c);
    let right_is = |test: &dyn Fn(char) -> bool| right.is_some_and(test);
    let wrong = match mark.char {
        // At the end of a paragraph a comma is another rule's business.
        ',' | ';' => {
            let figure = |c: char| is_digit(c) || c == '%';
            let ordinal = before.chars().all(is_digit);
            (chinese(left) && right_is(&|c| chinese(c) || (is_digit(c) && !blank && !label)))
                || (figure(left) && !ordinal && right_is(&chinese))
        }
        ':' => chinese(left) && right.map_or(paragraph.len() > 18, |c| !label && chinese(c)),
        _ => chinese(left) && right.is_none_or(|c| chinese(c) || is_clause_mark(c)),
    };
    wrong.then(|| Found { marks: vec![(mark, full)], case: "", blank })
}

/// Half-width brackets around Chinese text, and brackets of two widths.
fn brackets(cx: &Context, paragraph: Span, marks: &[Mark], found: &mut Vec<Found>) {
    let mut open: Vec<Mark> = Vec::new();
    for &mark in marks {
        match mark.char {
            '(' | '（' => open.push(mark),
            ')' | '）' => {
                let Some(start) = open.pop() else { continue };
                let inside = cx.text(Span::new(start.span().end, mark.at));
                let before = cx.text(Span::new(paragraph.start, start.at)).chars().next_back();
                let ascii = (start.char == '(', mark.char == ')');
                let unit = before.is_some_and(is_digit) && inside.chars().nth(4).is_none();
                if ascii == (false, false)
                    || !is_chinese(inside)
                    || before.is_some_and(is_formula)
                    // ≥1.00(个): so forms print a figure with its unit.
                    || ascii == (true, true) && unit
                {
                    continue;
                }
                let sides = [(ascii.0, (start, "（")), (ascii.1, (mark, "）"))];
                let marks: Vec<_> = sides.iter().filter(|side| side.0).map(|side| side.1).collect();
                let case = if marks.len() == 2 { "pair" } else { "mixed" };
                found.push(Found { marks, case, blank: false });
            }
            _ => {}
        }
    }
}

/// Text that wants Chinese brackets; a bracketed ordinal such as (一) is judged with the numbering.
fn is_chinese(inside: &str) -> bool {
    // Brackets nested by the thousand must not cost their square; nobody brackets a page.
    inside.len() < LONGEST_INSIDE
        && inside.chars().any(is_han)
        && !inside.chars().all(|c| "一二三四五六七八九十百".contains(c))
        && !inside.contains(['+', '×', '÷', '=', '*', '/'])
}

fn is_formula(c: char) -> bool {
    c.is_ascii_alphabetic() || "+-×÷=*/－−".contains(c)
}

fn quotes(cx: &Context, marks: &[Mark], found: &mut Vec<Found>) {
    let mut straight = marks.iter().copied().filter(|mark| mark.char == '"');
    while let (Some(start), Some(end)) = (straight.next(), straight.next()) {
        let inside = cx.text(Span::new(start.span().end, end.at));
        if end.at - start.at <= LONGEST_QUOTE && inside.chars().any(is_han) && !inside.contains('=') {
            found.push(Found { marks: vec![(start, "“"), (end, "”")], case: "quote", blank: false });
        }
    }
}

fn report<'a>(cx: &Context<'a>, rule: &'a Rule, found: &[&Found], sink: &mut Sink<'a>) {
    let Some(first) = found.first() else { return };
    let place = |mark: Mark| cx.flow.source(mark.span());
    let join = |part: fn(&(Mark, &'static str)) -> String| first.marks.iter().map(part).collect::<String>();
    let (quote, expected) = (join(|one| one.0.char.to_string()), join(|one| one.1.to_owned()));
    let many = found.len() > 1;
    let mut report = sink
        .report(rule, place(first.marks[0].0))
        .case(if many && first.case != "quote" { "many" } else { first.case })
        .value("quote", quote)
        .value("expected", expected.clone())
        .value("count", found.len().to_string());
    let others = first.marks[1..].iter().chain(found[1..].iter().flat_map(|one| &one.marks)).take(LABELS);
    for (mark, _) in others {
        report = report.label(place(*mark), "same");
    }
    let edits = found.iter().flat_map(|one| {
        one.marks.iter().map(|(mark, full)| {
            let blank = u32::from(one.blank);
            let span = Span::new(mark.at, mark.span().end + blank);
            Edit { span: cx.flow.source(span), replacement: (*full).to_owned() }
        })
    });
    let edits = edits.collect();
    report.fix(Applicability::Safe, expected, edits).emit();
}
