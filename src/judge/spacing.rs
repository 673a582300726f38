//! Kind `spacing`: blanks where Chinese text has none; one finding for the document.
//!
//! Placeholders: `{count}` how many places. Label `same`.

use super::{Context, Sink, is_prose};
use crate::diagnostic::{Applicability, Edit};
use crate::document::Span;
use crate::document::chars::{holds, is_blank, is_clause_mark, is_digit, is_han};
use crate::rules::{Rule, Spacing};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a Spacing, sink: &mut Sink<'a>) {
    // Text out of a page layout is full of blanks that nobody typed.
    if cx.is_wrapped() {
        return;
    }
    let mut inner = Vec::new();
    let mut edges = Vec::new();
    let mut previous_end = 0;
    for block in cx.document.blocks.iter() {
        let lead = Span::new(previous_end, block.span.start);
        previous_end = block.span.end;
        if is_prose(block) {
            inner.extend(blanks(cx, block.span));
            edges.extend(edge_blanks(cx, lead));
        }
    }
    // Behind a table stand its empty cells.
    if cx.document.blocks.last().is_some_and(is_prose) {
        edges.extend(edge_blanks(cx, Span::new(previous_end, cx.document.text.len() as u32)));
    }
    // A writer who parts figures from words throughout means it.
    if inner.len() > cx.lexed.quantities.len() / 4 + 8 {
        inner.clear();
    }
    inner.extend(edges);
    inner.sort();
    let Some(&first) = inner.first() else { return };
    let mut report = sink.report(rule, first).value("count", inner.len().to_string());
    for &span in inner[1..].iter().take(kind.labels) {
        report = report.label(span, "same");
    }
    let edits = inner.iter().map(|&span| Edit { span, replacement: String::new() }).collect();
    report.fix(Applicability::Safe, "", edits).emit();
}

/// Single blanks between Chinese characters, marks and figures of one paragraph.
fn blanks(cx: &Context, paragraph: Span) -> Vec<Span> {
    let text = cx.document.slice(paragraph);
    // A title spread out (附 件) and columns set with blanks are layout.
    if memchr::memchr(b' ', text.as_bytes()).is_none()
        || text.chars().take(12).count() < 12
        || holds(text, "  ")
        || text.contains('\t')
    {
        return Vec::new();
    }
    let places = memchr::memchr_iter(b' ', text.as_bytes()).filter(|&at| {
        let left = text[..at].chars().next_back();
        let right = text[at + 1..].chars().next();
        let chinese = |c: char| is_han(c) || is_clause_mark(c) || "“”《》（）".contains(c);
        match (left, right) {
            (Some(left), Some(right)) => {
                // `一、 概况` and `1. 概况` belong to the numbering.
                let mark_at_start = text[..at].chars().take(6).count() <= 5 && !is_han(left);
                !mark_at_start
                    && ((chinese(left) && (chinese(right) || is_digit(right)))
                        || (is_digit(left) && chinese(right)))
            }
            _ => false,
        }
    });
    places.map(|at| Span::of(paragraph.start as usize + at, paragraph.start as usize + at + 1)).collect()
}

/// Blanks at the ends of lines between two paragraphs; an indent of full-width blanks is layout.
fn edge_blanks(cx: &Context, between: Span) -> Vec<Span> {
    let text = cx.document.slice(between);
    if text == "\n" || !text.contains(|c: char| is_blank(c) && c != '\u{3000}') {
        return Vec::new();
    }
    let mut at = between.start as usize;
    let mut spans = Vec::new();
    for line in text.split('\n') {
        if !line.is_empty() && line.chars().all(is_blank) && !line.contains('\u{3000}') {
            spans.push(Span::of(at, at + line.len()));
        }
        at += line.len() + 1;
    }
    spans
}
