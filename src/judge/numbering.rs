//! Kind `numbering`: what the recovery of the numbering had to forgive.
//!
//! Placeholders: `{quote}` the mark or title as typed, `{expected}` the mark that should stand there,
//! `{before}` the sibling or parent beside it, `{upto}` the last of several missing marks, `{count}` how
//! many places there are. Labels: `before`, `same`, `swapped`. Cases: `several`, `mistyped`, `first` and
//! `swapped` of a gap; `back` of a repeat; `automatic` of a script; `comma`, `chinese` and `is` of punctuation; `bracket` of the width; `inverted` of
//! the order.

use super::{Context, Report, Sink};
use crate::diagnostic::{Applicability, Edit};
use crate::document::Span;
use crate::outline::{Forgiven, ForgivenKind, Node, Ordinal, Style, Width, with_blanks};
use crate::rules::{Numbering, NumberingFault, Rule};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, numbering: &'a Numbering, sink: &mut Sink<'a>) {
    for one in cx.outline.forgiven.iter().filter(|one| fault(one.kind) == numbering.fault) {
        let node = cx.outline.node(one.node);
        let expected = one.expected.clone().unwrap_or_default();
        if one.kind == ForgivenKind::Script && runs_in(cx, one.span, &expected) {
            continue;
        }
        let before = one.others.first().map_or("", |&span| cx.document.slice(span));
        let report = sink
            .report(rule, one.span)
            .value("quote", cx.document.slice(one.span))
            .value("before", before)
            .value("count", (one.others.len() + 1).to_string())
            .value("expected", &expected);
        let report = match one.kind {
            ForgivenKind::Gap => gap(report, one, node, &expected),
            ForgivenKind::Repeat => repeat(report, one, node, &expected),
            ForgivenKind::Script => script(report, cx, one, node, &expected),
            ForgivenKind::Punctuation | ForgivenKind::Width => grouped(report, cx, one, node),
            ForgivenKind::LoneChild | ForgivenKind::Unnumbered => label_all(report, &one.others, "before"),
            ForgivenKind::LevelOrder => {
                let above = node.parent.and_then(|parent| cx.outline.node(parent).read_as);
                let inverted = above.zip(node.read_as).is_some_and(|(above, own)| above.0 > own.0);
                let report = if inverted { report.case("inverted") } else { report };
                let (parent, rest) = one.others.split_at(one.others.len().min(1));
                label_all(label_all(report, parent, "before"), rest, "same")
            }
        };
        report.emit();
    }
}

/// 一、甲 1.乙, and 2.丙 below: the mark that the others go on from stands in the line itself.
fn runs_in(cx: &Context, mark: Span, expected: &str) -> bool {
    let line = cx.block_at(mark.start).map_or("", |block| cx.document.slice(block.span));
    let own = cx.document.slice(mark);
    !expected.is_empty() && !own.contains(expected) && line.contains(expected)
}

fn fault(kind: ForgivenKind) -> NumberingFault {
    match kind {
        ForgivenKind::Gap => NumberingFault::Gap,
        ForgivenKind::Repeat => NumberingFault::Repeat,
        ForgivenKind::Script => NumberingFault::Script,
        ForgivenKind::Punctuation => NumberingFault::Punctuation,
        ForgivenKind::LoneChild => NumberingFault::LoneChild,
        ForgivenKind::LevelOrder => NumberingFault::LevelOrder,
        ForgivenKind::Width => NumberingFault::Width,
        ForgivenKind::Unnumbered => NumberingFault::Unnumbered,
    }
}

fn label_all<'s, 'a>(report: Report<'s, 'a>, spans: &[Span], key: &'static str) -> Report<'s, 'a> {
    spans.iter().fold(report, |report, &span| report.label(span, key))
}

fn gap<'s, 'a>(report: Report<'s, 'a>, one: &Forgiven, node: &Node, expected: &str) -> Report<'s, 'a> {
    let (typed, read) = values(node);
    let report = match one.others.as_slice() {
        [] => return report.case("first"),
        [_, _, ..] => report.case("swapped"),
        // The numbers after it go on from the expected one, so this one is a slip of the pen.
        _ if typed != read => correct(report.case("mistyped"), one, expected),
        _ => match node.marker.filter(|mark| mark.value > first_missing(expected) + 1) {
            Some(mark) => report.case("several").value("upto", mark.style.mark(mark.value - 1)),
            None => report,
        },
    };
    let report = label_all(report, &one.others[..1], "before");
    label_all(report, &one.others[1..], "swapped")
}

fn repeat<'s, 'a>(report: Report<'s, 'a>, one: &Forgiven, node: &Node, expected: &str) -> Report<'s, 'a> {
    let (typed, read) = values(node);
    let report = if typed + 1 < read { report.case("back") } else { report };
    let report = if typed != read { correct(report, one, expected) } else { report };
    label_all(report, &one.others, "before")
}

fn correct<'s, 'a>(report: Report<'s, 'a>, one: &Forgiven, expected: &str) -> Report<'s, 'a> {
    let edit = Edit { span: one.span, replacement: expected.to_owned() };
    report.fix(Applicability::Suggested, expected, vec![edit])
}

fn script<'s, 'a>(
    report: Report<'s, 'a>,
    cx: &Context,
    one: &Forgiven,
    node: &Node,
    expected: &str,
) -> Report<'s, 'a> {
    let automatic = node.marker.is_some_and(|mark| mark.blank_after);
    let report = if automatic { report.case("automatic") } else { report };
    let edit = Edit { span: with_blanks(&cx.document.text, one.span), replacement: expected.to_owned() };
    // 四是 for （4） joins a sentence to the mark: a person should look.
    let same_family = !matches!(node.read_as, Some((Style::Is | Style::First, _)));
    let applicability = if same_family { Applicability::Safe } else { Applicability::Suggested };
    label_all(report, &one.others, "before").fix(applicability, expected, vec![edit])
}

/// One finding over all marks with the same habit, and one repair for them.
fn grouped<'s, 'a>(mut report: Report<'s, 'a>, cx: &Context, one: &Forgiven, node: &Node) -> Report<'s, 'a> {
    let style = node.marker.map(|mark| mark.style);
    let bare = match style {
        Some(Style::Arabic) => Some("comma"),
        Some(Style::Chinese) => Some("chinese"),
        Some(Style::Is) => Some("is"),
        _ => None,
    };
    if let Some(case) = bare.filter(|_| one.kind == ForgivenKind::Punctuation) {
        report = report.case(case);
    } else if one.kind == ForgivenKind::Width && style != Some(Style::Arabic) {
        report = report.case("bracket");
    }
    let edits: Vec<Edit> = std::iter::once(&one.span)
        .chain(&one.others)
        .filter_map(|&span| retyped(cx, span, one.kind))
        .collect();
    let report = label_all(report, &one.others, "same");
    match edits.first() {
        Some(first) => {
            let description = first.replacement.clone();
            report.fix(Applicability::Safe, description, edits)
        }
        None => report,
    }
}

/// The mark at `span` as it should be typed; none where a digit follows that a dot would join.
fn retyped(cx: &Context, span: Span, kind: ForgivenKind) -> Option<Edit> {
    let nodes = &cx.outline.nodes;
    let at = nodes.binary_search_by_key(&span.start, Node::start).ok()?;
    let mark = nodes[at].marker?;
    let digit = cx.document.text[span.end as usize..].starts_with(|c: char| c.is_ascii_digit());
    if mark.style == Style::Arabic && digit {
        return None;
    }
    let replacement = match kind {
        ForgivenKind::Width if mark.style != Style::Arabic => widened(&mark, cx.document.slice(span)),
        _ => mark.style.mark(mark.value),
    };
    Some(Edit { span, replacement })
}

fn widened(mark: &Ordinal, quote: &str) -> String {
    match mark.width {
        Width::Full => quote.to_owned(),
        _ => quote.replace('(', "（").replace(')', "）"),
    }
}

fn values(node: &Node) -> (u32, u32) {
    let typed = node.marker.map_or(0, |mark| mark.value);
    (typed, node.read_as.map_or(typed, |(_, read)| read))
}

fn first_missing(expected: &str) -> u32 {
    let span = Span::of(0, expected.len());
    crate::lexer::ordinal::at_start(expected, span).map_or(0, |mark| mark.value)
}
