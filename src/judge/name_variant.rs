//! Kind `name-variant`: one thing named two ways.
//!
//! Placeholders: `{quote}` the name found, `{expected}` the other name. Label `other`.

use memchr::memmem;

use super::{Context, Sink};
use crate::document::Span;
use crate::document::chars::is_han;
use crate::rules::{NameVariant, Rule};

/// Names of a kind that are compared with one another.
const NAMES: usize = 48;
/// Characters that the longer of two titles may have more.
const LONGER: usize = 3;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a NameVariant, sink: &mut Sink<'a>) {
    let mut titles: Vec<(&str, Span)> = Vec::new();
    let mut names: Vec<(&str, Span)> = Vec::new();
    for &quote in &cx.lexed.marks.quoted {
        let inner = Span::new(quote.start + 3, quote.end.saturating_sub(3).max(quote.start + 3));
        let text = cx.text(inner);
        let list = if !cx.text(quote).starts_with('《') {
            let len = text.chars().count();
            if !(5..=14).contains(&len) || !text.chars().all(is_han) {
                continue;
            }
            &mut names
        } else if kind.ends.iter().any(|end| text.ends_with(end.as_str())) {
            &mut titles
        } else {
            continue;
        };
        if list.len() < NAMES && !list.iter().any(|(known, _)| *known == text) {
            list.push((text, inner));
        }
    }
    for (place, &(title, span)) in titles.iter().enumerate() {
        let other = titles[..place]
            .iter()
            .find(|(other, _)| is_shortened(title, other) || is_shortened(other, title));
        if let Some(&(_, other)) = other {
            report(cx, rule, span, other, sink);
        }
    }
    for &(name, span) in &names {
        if let Some(other) = near_miss(cx, kind, name) {
            report(cx, rule, span, other, sink);
        }
    }
}

/// Whether `short` is `long` without one to three characters inside it.
fn is_shortened(short: &str, long: &str) -> bool {
    let (short, long): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
    let missing = long.len().saturating_sub(short.len());
    let front = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let back = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    (1..=LONGER).contains(&missing)
        && front >= 4
        && back >= 4
        && front + back >= short.len()
        && short.len() >= 9
}

/// A place where `name` stands with one other character in it.
fn near_miss(cx: &Context, kind: &NameVariant, name: &str) -> Option<Span> {
    let text: &str = &cx.flow.text;
    let tail = name.char_indices().rev().nth(2).map(|(at, _)| &name[at..])?;
    memmem::find_iter(text.as_bytes(), tail.as_bytes()).take(200).find_map(|at| {
        let end = at + tail.len();
        let start = end.checked_sub(name.len())?;
        let other = text.get(start..end)?;
        let mut differing = name.chars().zip(other.chars()).filter(|(a, b)| a != b);
        let (a, b) = differing.next().filter(|_| other.chars().all(is_han))?;
        let same_head = name.chars().next() == other.chars().next();
        (differing.next().is_none() && same_head && !kind.telling.contains([a, b]))
            .then(|| Span::of(start, end))
    })
}

fn report<'a>(cx: &Context<'a>, rule: &'a Rule, span: Span, other: Span, sink: &mut Sink<'a>) {
    sink.report(rule, cx.flow.source(span))
        .value("quote", cx.text(span))
        .value("expected", cx.text(other))
        .label(cx.flow.source(other), "other")
        .emit();
}
