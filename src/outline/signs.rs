//! Signs around an ordinal that are not as they should be: punctuation, width.
//!
//! Takes the tree; gives [`Forgiven`]s. It must not know whether the numbers are right (`forgive`).

use super::lines::Place;
use super::tree::{Item, Series, Tree};
use super::{Forgiven, ForgivenKind, Node, NodeId, Ordinal, Style, Width};
use crate::document::Span;
use crate::lexer::ordinal::is_blank;

/// A mark of punctuation after a closing bracket.
pub fn punctuation(tree: &Tree, series: &Series, found: &mut Vec<Forgiven>) {
    let bracketed = |mark: &Ordinal| {
        matches!(mark.style, Style::ChineseBracket | Style::ArabicBracket | Style::Circled)
            && mark.punctuation.is_some()
    };
    let wrong: Vec<(&Item, Ordinal)> = series
        .items
        .iter()
        .filter_map(|item| Some((item, tree.mark(item).filter(bracketed)?)))
        .filter(|(item, _)| !item.echo && item.place == Place::Start)
        .collect();
    let entry = |&(item, mark): &(&Item, Ordinal), others: Vec<Span>| Forgiven {
        node: item.node,
        kind: ForgivenKind::Punctuation,
        span: mark.span,
        others,
        expected: Some(mark.style.mark(mark.value)),
    };
    if wrong.len() > 1 && wrong.len() == series.items.len() {
        // One habit, one finding.
        found.push(entry(&wrong[0], wrong[1..].iter().map(|(_, mark)| mark.span).collect()));
    } else {
        found.extend(wrong.iter().map(|one| entry(one, Vec::new())));
    }
}

/// `1、` for `1.`, `一.` for `一、`, `一是，` for `一是`: each once for the whole document.
pub fn bare(tree: &Tree, found: &mut Vec<Forgiven>) {
    for (style, wrong) in [
        (Style::Arabic, &['、'][..]),
        (Style::Chinese, &['.', '．', '，', '：']),
        (Style::Is, &['，', '、', '：', ',', ':']),
    ] {
        let read_right = |node: &Node| node.read_as.is_some_and(|(read, _)| read == style);
        grouped(tree, ForgivenKind::Punctuation, found, |node, mark| {
            mark.style == style
                && mark.punctuation.is_some_and(|sign| wrong.contains(&sign))
                && read_right(node)
        });
    }
}

/// Dots and brackets of two widths, once for each.
pub fn widths(tree: &Tree, found: &mut Vec<Forgiven>) {
    let dotted = |mark: &Ordinal| mark.style == Style::Arabic && matches!(mark.punctuation, Some('.' | '．'));
    let bracketed = |mark: &Ordinal| matches!(mark.style, Style::ChineseBracket | Style::ArabicBracket);
    let marks = || tree.nodes.iter().filter_map(|node| node.marker);
    if marks().any(|mark| dotted(&mark) && mark.width == Width::Half) {
        grouped(tree, ForgivenKind::Width, found, |_, mark| dotted(mark) && mark.width == Width::Full);
    }
    let full = marks().any(|mark| bracketed(&mark) && mark.width == Width::Full);
    grouped(tree, ForgivenKind::Width, found, |_, mark| {
        bracketed(mark) && (mark.width == Width::Mixed || full && mark.width == Width::Half)
    });
}

fn grouped(
    tree: &Tree,
    kind: ForgivenKind,
    found: &mut Vec<Forgiven>,
    wrong: impl Fn(&Node, &Ordinal) -> bool,
) {
    let mut marks = tree.nodes.iter().enumerate().filter_map(|(id, node)| {
        let mark = node.marker.filter(|mark| wrong(node, mark))?;
        Some((NodeId(id as u32), mark))
    });
    if let Some((node, mark)) = marks.next() {
        let others = marks.map(|(_, mark)| mark.span).collect();
        let (span, expected) = (mark.span, Some(mark.style.mark(mark.value)));
        found.push(Forgiven { node, kind, span, others, expected });
    }
}

/// The mark with the blanks after it: what a repair replaces.
pub fn with_blanks(text: &str, mark: Span) -> Span {
    let rest = &text[mark.end as usize..];
    Span::new(mark.start, mark.end + (rest.len() - rest.trim_start_matches(is_blank).len()) as u32)
}
