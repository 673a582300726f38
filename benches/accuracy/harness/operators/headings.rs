//! Slips in sections and their numbers.

use gouji::diagnostic::Severity;
use gouji::document::Span;
use gouji::form;
use gouji::lexer::ordinal::{Style, chinese_numeral};
use gouji::outline::{Node, NodeId, Outline};

use super::Operator;
use crate::harness::base::Base;
use crate::harness::mutation::{Mutation, Truth};

pub const OPERATORS: &[Operator] = &[
    Operator::of("section-removed", "缺一节（序号已顺延）", &["SEC001"], |base, _| removed(base)),
    Operator::of("ordinal-repeated", "序号重复", &["NUM002"], |base, _| repeated(base)),
    Operator::of("ordinal-skipped", "跳号", &["NUM001"], |base, _| skipped(base)),
    Operator::of("ordinal-rescripted", "序号换了写法", &["NUM003"], |base, _| rescripted(base)),
    Operator::of("ordinal-punctuated", "带括号的序号加顿号", &["NUM004"], |base, _| {
        punctuated(base)
    }),
];

/// The number inside a mark, in digits or Chinese numerals.
fn numeral(base: &Base, node: &Node) -> Option<Span> {
    let mark = node.marker?.span;
    let text = base.report.document.slice(mark);
    let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c);
    let start = text.find(is_numeral)?;
    let len: usize = text[start..].chars().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum();
    let from = mark.range().start + start;
    Some(Span::of(from, from + len))
}

fn is_chinese(style: Style) -> bool {
    matches!(
        style,
        Style::Part
            | Style::Chapter
            | Style::Division
            | Style::Article
            | Style::Chinese
            | Style::ChineseBracket
    )
}

fn written(style: Style, value: u32) -> String {
    if is_chinese(style) || style == Style::Is { chinese_numeral(value) } else { value.to_string() }
}

/// Numbered nodes with the sibling just before them, both of one style and in sequence.
fn in_sequence(outline: &Outline) -> impl Iterator<Item = (&Node, &Node)> {
    let follows = |before: &Node, node: &Node| match (before.marker, node.marker) {
        (Some(one), Some(two)) => one.style == two.style && one.value + 1 == two.value,
        _ => false,
    };
    outline.nodes.iter().filter_map(move |node| {
        let siblings = siblings(outline, node);
        let at = siblings.iter().position(|other| other.start() == node.start())?;
        let before = siblings[at.checked_sub(1)?];
        follows(before, node).then_some((before, node))
    })
}

fn siblings<'a>(outline: &'a Outline, node: &Node) -> Vec<&'a Node> {
    match node.parent {
        Some(NodeId(parent)) => {
            outline.nodes[parent as usize].children.iter().map(|id| outline.node(*id)).collect()
        }
        None => outline.nodes.iter().filter(|other| other.parent.is_none()).collect(),
    }
}

fn mark(node: &Node) -> Span {
    node.marker.map(|mark| mark.span).unwrap_or_default()
}

/// Marks of the siblings after `node` of its style, each with `by` more.
fn renumbered(base: &Base, node: &Node, by: i64) -> Vec<(Span, String)> {
    let Some(own) = node.marker else { return Vec::new() };
    let all = siblings(&base.report.audit.outline, node);
    let later = all.into_iter().filter(|other| {
        other.start() > node.start() && other.marker.is_some_and(|mark| mark.style == own.style)
    });
    later
        .filter_map(|other| {
            let value = u32::try_from(i64::from(other.marker?.value) + by).ok()?;
            Some((numeral(base, other)?, written(own.style, value)))
        })
        .collect()
}

fn removed(base: &Base) -> Vec<Mutation> {
    let read = &base.report.audit;
    let form = form::recognise(&base.report.document, base.set, &read.lexed, &read.outline, None);
    let sections = form.profile.sections.iter().zip(&form.places);
    let needed = sections.filter(|(section, _)| section.required && section.severity != Some(Severity::Hint));
    needed
        .filter_map(|(section, place)| {
            let node = read.outline.node((*place)?.node?);
            let whole = Span::new(node.start(), node.body.end);
            let mut edits = vec![(whole, String::new())];
            edits.extend(renumbered(base, node, -1));
            let words = section.title.text.to_string();
            let follow = &["SEC", "NUM009", "NUM010"];
            Some(Mutation { edits, also: Vec::new(), truth: Truth::Says { code: "SEC001", words, follow } })
        })
        .collect()
}

fn repeated(base: &Base) -> Vec<Mutation> {
    let pairs = in_sequence(&base.report.audit.outline);
    pairs
        .filter_map(|(before, node)| {
            let own = node.marker?;
            let made = Mutation::at(numeral(base, node)?, written(own.style, own.value - 1));
            let after = siblings(&base.report.audit.outline, node);
            let after = after.into_iter().find(|other| other.start() > node.start());
            Some(after.into_iter().fold(made.with(mark(before)), |made, next| made.with(mark(next))))
        })
        .collect()
}

fn skipped(base: &Base) -> Vec<Mutation> {
    let pairs = in_sequence(&base.report.audit.outline);
    pairs
        .filter_map(|(before, node)| {
            let own = node.marker?;
            let mut made = Mutation::at(numeral(base, node)?, written(own.style, own.value + 1));
            made.edits.extend(renumbered(base, node, 1));
            Some(made.with(mark(before)))
        })
        .collect()
}

fn rescripted(base: &Base) -> Vec<Mutation> {
    let pairs = in_sequence(&base.report.audit.outline);
    pairs
        .filter_map(|(before, node)| {
            let own = node.marker?;
            let text = match own.style {
                Style::Chinese => format!("{}、", own.value),
                Style::ChineseBracket => format!("（{}）", own.value),
                Style::Arabic => format!("{}、", chinese_numeral(own.value)),
                Style::ArabicBracket => format!("（{}）", chinese_numeral(own.value)),
                Style::Is => format!("（{}）", own.value),
                _ => return None,
            };
            Some(Mutation::at(own.span, text).with(mark(before)))
        })
        .collect()
}

fn punctuated(base: &Base) -> Vec<Mutation> {
    let nodes = base.report.audit.outline.nodes.iter();
    let bracketed = nodes.filter_map(|node| node.marker.filter(|mark| mark.style == Style::ChineseBracket));
    bracketed
        .filter(|mark| mark.punctuation.is_none())
        .map(|mark| {
            let text = format!("{}、", base.report.document.slice(mark.span));
            Mutation::at(mark.span, text)
        })
        .collect()
}
