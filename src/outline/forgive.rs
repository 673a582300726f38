//! What the least-cost reading had to forgive.
//!
//! Takes the tree before it is finished; gives [`Forgiven`]s, one for each cause. Where too much is wrong
//! with a series, its numbers say nothing and neither does this module. It may move a heading that lost
//! its number up to its siblings, and nothing else.

use super::lines::Place;
use super::signs;
use super::tree::{Item, Series, Tree};
use super::view::View;
use super::{Forgiven, ForgivenKind, Node, NodeId, NodeKind, Ordinal, Style, Width};
use crate::document::{Document, Span};
use crate::lexer::ordinal::{Boundary, chinese_numeral};

pub fn judge(document: &Document, tree: &mut Tree) -> Vec<Forgiven> {
    let all = std::mem::take(&mut tree.series);
    let mut found = Vec::new();
    let styles: Vec<Style> = all.iter().map(|series| style_of(tree, series)).collect();
    for (series, &style) in all.iter().zip(&styles) {
        for item in &series.items {
            tree.nodes[item.node.0 as usize].read_as = Some((style, item.value));
        }
    }
    let mut series_of = vec![None; tree.nodes.len()];
    for (index, series) in all.iter().enumerate() {
        for item in &series.items {
            series_of[item.node.0 as usize] = Some(index);
        }
    }
    let mut singles = vec![0; all.len()];
    for parent in all.iter().filter(|series| series.items.len() == 1).filter_map(|series| series.parent) {
        if let Some(above) = series_of[parent.0 as usize] {
            singles[above] += 1;
        }
    }
    let view = View { document, all: &all, series_of: &series_of, singles: &singles };
    for (series, &style) in all.iter().zip(&styles) {
        script(&view, tree, series, style, &mut found);
        signs::punctuation(tree, series, &mut found);
        let sound = values(&view, tree, series, style, &mut found);
        if sound {
            lone(&view, tree, series, style, &mut found);
            order(&view, tree, series, style, &mut found);
        }
    }
    signs::bare(tree, &mut found);
    signs::widths(tree, &mut found);
    found.sort_by_key(|one| (one.span, one.kind as u8));
    found
}

impl Tree {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn mark(&self, item: &Item) -> Option<Ordinal> {
        self.node(item.node).marker
    }
}

/// The style most items have; on a tie the one GB/T 9704 puts first.
fn style_of(tree: &Tree, series: &Series) -> Style {
    let mut votes: Vec<(Style, usize)> = Vec::new();
    for mark in series.items.iter().filter_map(|item| tree.mark(item)) {
        match votes.iter_mut().find(|(style, _)| *style == mark.style) {
            Some((_, count)) => *count += 1,
            None => votes.push((mark.style, 1)),
        }
    }
    let best = votes.into_iter().max_by_key(|&(style, count)| (count, std::cmp::Reverse(style)));
    best.map_or(Style::Chinese, |(style, _)| style)
}

/// `八、` in the form its siblings have.
fn typed_like(sibling: Option<Ordinal>, style: Style, value: u32) -> String {
    let Some(sibling) = sibling.filter(|sibling| sibling.style == style) else { return style.mark(value) };
    match (style, sibling.punctuation) {
        (Style::Chinese, Some(sign)) => format!("{}{sign}", chinese_numeral(value)),
        (Style::Arabic, Some(sign)) => format!("{value}{sign}"),
        (Style::First, Some(sign)) => format!("第{}{sign}", chinese_numeral(value)),
        (Style::ChineseBracket | Style::ArabicBracket, _) if sibling.width == Width::Half => {
            style.mark(value).replace('（', "(").replace('）', ")")
        }
        _ => style.mark(value),
    }
}

/// Marks whose script or bracket is not that of their series.
fn script(view: &View, tree: &Tree, series: &Series, style: Style, found: &mut Vec<Forgiven>) {
    if style == Style::Adverb {
        return;
    }
    let strange: Vec<&Item> =
        series.items.iter().filter(|item| tree.mark(item).is_some_and(|mark| mark.style != style)).collect();
    // Two of three must agree, or nobody can say which is the strange one; of two, the lists beside tell.
    let told = strange.len() == 1 && series.items.len() == 2 && view.beside(tree, series, style);
    if strange.len() * 3 > series.items.len() && !told {
        return;
    }
    for item in strange {
        let Some(mark) = tree.mark(item).filter(|mark| mark.value == item.value) else { continue };
        if !trusted(item) {
            continue;
        }
        let siblings =
            series.items.iter().filter(|other| tree.mark(other).is_some_and(|mark| mark.style == style));
        let near = siblings.min_by_key(|other| other.node.0.abs_diff(item.node.0));
        let near = near.and_then(|other| tree.mark(other));
        found.push(Forgiven {
            node: item.node,
            kind: ForgivenKind::Script,
            span: mark.span,
            others: near.iter().map(|mark| mark.span).collect(),
            expected: Some(typed_like(near, style, item.value)),
        });
    }
}

fn trusted(item: &Item) -> bool {
    let flattened = item.place == Place::Inline(Boundary::Medium) && item.style == Style::Chinese;
    !item.echo && (flattened || matches!(item.place, Place::Start | Place::Inline(Boundary::Strong)))
}

/// Gaps and repeats. False where something is wrong with the numbers, said or not.
fn values(view: &View, tree: &mut Tree, series: &Series, style: Style, found: &mut Vec<Forgiven>) -> bool {
    if style == Style::Adverb {
        return false;
    }
    let mut slips = slips(tree, series);
    if slips.is_empty() {
        return true;
    }
    absorb_swaps(tree, series, &mut slips);
    let count = series.items.len();
    let missing: u32 = slips.iter().map(|slip| slip.missing).sum();
    // A series that is wrong in many places is not a series that somebody numbered.
    if count + 1 < 3 * slips.len() || missing as usize > count.div_ceil(2) {
        return false;
    }
    for slip in &slips {
        let item = &series.items[slip.at];
        let Some(mark) = tree.mark(item).filter(|_| believed(view, tree, series, slip, style)) else {
            continue;
        };
        let before = slip.at.checked_sub(1).map(|at| series.items[at]);
        if stands_elsewhere(view, tree, series, before, slip, mark) {
            continue;
        }
        if slip.kind == ForgivenKind::Gap && slip.missing == 1 && style >= Style::Chinese {
            let after = before.map(|item| item.node);
            if let Some(lost) = unnumbered(view, tree, series, after, item.node) {
                let value = slip.expected;
                found.push(lost.entry(mark.span, typed_like(Some(mark), style, value)));
                continue;
            }
        }
        let near = before.and_then(|item| tree.mark(&item));
        let mut others: Vec<Span> = near.iter().map(|mark| mark.span).collect();
        others.extend(slip.swapped);
        found.push(Forgiven {
            node: item.node,
            kind: slip.kind,
            span: mark.span,
            others,
            expected: Some(typed_like(near.or(Some(mark)), style, slip.expected)),
        });
    }
    false
}

/// The missing mark is there after all, glued to the text before it; or the repeated item is the same
/// text read twice.
fn stands_elsewhere(
    view: &View,
    tree: &Tree,
    series: &Series,
    before: Option<Item>,
    slip: &Slip,
    mark: Ordinal,
) -> bool {
    let text = &view.document.text;
    match slip.kind {
        ForgivenKind::Repeat => series.items[..slip.at].iter().rev().take(40).any(|earlier| {
            let same = tree.mark(earlier).is_some_and(|earlier| earlier.value == mark.value);
            let title = |item: &Item| view.document.slice(tree.node(item.node).title);
            same && title(earlier) == title(&series.items[slip.at])
        }),
        _ => {
            let from =
                before.map(|item| item.node).or(series.parent).map_or(0, |node| tree.node(node).start());
            let glued = typed_like(Some(mark), mark.style, slip.expected);
            // Far away it would be another series.
            let from = from.max(mark.span.start.saturating_sub(20_000)) as usize;
            let between = text.get(from..mark.span.start as usize).unwrap_or_default();
            slip.swapped.is_none()
                && between.match_indices(&glued).any(|(at, _)| {
                    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
                    // 152.00 holds no 2.
                    !between[..at].ends_with(number)
                        && !between[at + glued.len()..].starts_with(|c: char| c.is_ascii_digit())
                })
        }
    }
}

struct Slip {
    /// Place in the series.
    at: usize,
    kind: ForgivenKind,
    /// The number that should stand here.
    expected: u32,
    /// How many numbers are left out.
    missing: u32,
    /// The mark that has the number missing here.
    swapped: Option<Span>,
}

fn slips(tree: &Tree, series: &Series) -> Vec<Slip> {
    let mut slips = Vec::new();
    let mut last = 0;
    for (at, item) in series.items.iter().enumerate() {
        let typed = tree.mark(item).map_or(item.value, |mark| mark.value);
        let expected = last + 1;
        if typed != expected {
            let kind = if typed > expected { ForgivenKind::Gap } else { ForgivenKind::Repeat };
            // Read as the expected number, nothing is lost: only the mark is wrong.
            let missing = if item.value == typed { typed.saturating_sub(expected) } else { 0 };
            slips.push(Slip { at, kind, expected, missing, swapped: None });
        }
        last = item.value;
    }
    slips
}

/// Two sections changed places: the number missing at one stands at the other.
fn absorb_swaps(tree: &Tree, series: &Series, slips: &mut Vec<Slip>) {
    let mut at = 0;
    while at < slips.len() {
        let (expected, upto) = (slips[at].expected, slips[at].expected + slips[at].missing.max(1));
        let twin = slips[at + 1..].iter().position(|later| {
            let typed = tree.mark(&series.items[later.at]).map_or(0, |mark| mark.value);
            slips[at].kind == ForgivenKind::Gap && (expected..upto).contains(&typed)
        });
        if let Some(twin) = twin {
            let later = slips.remove(at + 1 + twin);
            slips[at].swapped = tree.mark(&series.items[later.at]).map(|mark| mark.span);
            slips[at].missing = 0;
        }
        at += 1;
    }
}

/// Whether a slip is more than the chance meeting of marks.
fn believed(view: &View, tree: &Tree, series: &Series, slip: &Slip, style: Style) -> bool {
    let (item, count) = (&series.items[slip.at], series.items.len());
    if !trusted(item) || matches!(style, Style::Chapter | Style::Division | Style::Article) && count < 3 {
        return false;
    }
    let inline = item.place != Place::Start;
    let Some(before) = slip.at.checked_sub(1).map(|at| &series.items[at]) else {
        // A series that begins at 2 has lost its first item; one that begins later is a fragment.
        let numbered = series.parent.is_none_or(|parent| tree.node(parent).marker.is_some());
        let swapped = slip.swapped.is_some();
        return (swapped || slip.missing == 1)
            && count >= 3
            && !inline
            && numbered
            && style >= Style::Chinese;
    };
    if !trusted(before) {
        return false;
    }
    let same = |a: &Item, b: &Item| {
        let (Some(a), Some(b)) = (tree.mark(a), tree.mark(b)) else { return false };
        a.style == b.style && (a.punctuation == b.punctuation || a.width != b.width)
    };
    match slip.kind {
        ForgivenKind::Repeat if count == 2 => {
            !inline && same(before, item) && view.beside(tree, series, style)
        }
        ForgivenKind::Repeat => count >= 3,
        _ if inline => count >= 3 && same(before, item),
        _ => count >= 3 || same(before, item) && slip.missing == 1,
    }
}

/// A heading that stands where a number is missing and has none.
struct Lost {
    node: NodeId,
    span: Span,
}

impl Lost {
    fn entry(self, sibling: Span, expected: String) -> Forgiven {
        Forgiven {
            node: self.node,
            kind: ForgivenKind::Unnumbered,
            span: self.span,
            others: vec![sibling],
            expected: Some(expected),
        }
    }
}

/// The only heading-like line between two items, if there is just one. A label becomes their sibling.
fn unnumbered(
    view: &View,
    tree: &mut Tree,
    series: &Series,
    after: Option<NodeId>,
    before: NodeId,
) -> Option<Lost> {
    let from = after.or(series.parent).map_or(0, |node| node.0 + 1);
    // A label with a colon goes with the numbered items right before it, if there are any.
    let mut below = false;
    let mut labels = (from..before.0).filter(|&id| {
        let node = &tree.nodes[id as usize];
        below |= node.marker.is_some();
        let colon = view.document.text[node.title.end as usize..].starts_with(['：', ':']);
        node.kind == NodeKind::Label && !(colon && below)
    });
    let (label, more) = (labels.next(), labels.next().is_some());
    if let Some(id) = label {
        if more {
            return None;
        }
        tree.nodes[id as usize].parent = series.parent;
        return Some(Lost { node: NodeId(id), span: tree.nodes[id as usize].title });
    }
    let first = after.or(series.parent).map_or(0, |node| tree.node(node).block + 1);
    let last = tree.node(before).block;
    let sibling = after.unwrap_or(before);
    run_in(view.document, tree, sibling, first, last)
}

/// `项目支出：2023年…` beside `（一）基本支出：2023年…`: the run-in heading lost its number.
fn run_in(document: &Document, tree: &Tree, sibling: NodeId, first: u32, last: u32) -> Option<Lost> {
    let parallel = tree.node(sibling);
    let colon = document.text[parallel.title.end as usize..].starts_with(['：', ':']);
    if parallel.kind != NodeKind::RunIn || !colon || last.saturating_sub(first) > 12 {
        return None;
    }
    let mut heads = (first..last).filter_map(|block| {
        let span = document.blocks.get(block as usize)?.span;
        let text = document.slice(span);
        let (at, _) = text.char_indices().take(14).find(|&(_, c)| c == '：' || c == ':')?;
        let head = &text[..at];
        let plain = head.chars().count() >= 2 && head.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        plain.then(|| Span::new(span.start, span.start + at as u32))
    });
    let span = heads.next()?;
    heads.next().is_none().then_some(Lost { node: sibling, span })
}

/// A series of one item.
fn lone(view: &View, tree: &mut Tree, series: &Series, style: Style, found: &mut Vec<Forgiven>) {
    let [item] = series.items[..] else { return };
    let Some(parent) = series.parent else { return };
    let judged =
        matches!(style, Style::Chinese | Style::ChineseBracket | Style::Arabic | Style::ArabicBracket);
    let (Some(mark), true) = (tree.mark(&item), judged && item.place == Place::Start && !item.echo) else {
        return;
    };
    let above = tree.node(parent);
    // The parent must be a heading in a sound series of its own.
    let firm =
        above.marker.is_some_and(|mark| mark.style >= Style::Chinese) && above.kind == NodeKind::Heading;
    if !firm || view.series(parent).is_none_or(|series| series.items.len() < 2) {
        return;
    }
    // Who numbers single items everywhere means it.
    if view.series_of[parent.0 as usize].is_some_and(|above| view.singles[above] > 1) {
        return;
    }
    // Other lists under the same heading: the numbering follows some other thought.
    let end = tree.nodes[parent.0 as usize + 1..]
        .iter()
        .position(|node| node.parent.is_none_or(|above| above < parent))
        .map_or(tree.nodes.len(), |at| parent.0 as usize + 1 + at);
    let rival = |id: usize| {
        id != item.node.0 as usize && tree.nodes[id].parent == Some(parent) && tree.nodes[id].marker.is_some()
    };
    if (parent.0 as usize + 1..end).any(rival) {
        return;
    }
    let labels: Vec<usize> = (item.node.0 as usize + 1..end)
        .filter(|&id| {
            tree.nodes[id].kind == NodeKind::Label
                && tree.nodes[id].parent.is_some_and(|at| at == item.node || at == parent)
        })
        .collect();
    let second = typed_like(Some(mark), style, 2);
    match labels[..] {
        [] => {
            let last = tree.nodes.get(end).map_or(view.document.blocks.len() as u32, |node| node.block);
            if let Some(lost) = run_in(view.document, tree, item.node, tree.node(item.node).block + 1, last) {
                found.push(lost.entry(mark.span, second));
            } else if has_text(view.document, tree.node(item.node), tree.nodes.get(end)) {
                let others = above.marker.iter().map(|mark| mark.span).collect();
                let kind = ForgivenKind::LoneChild;
                found.push(Forgiven { node: item.node, kind, span: mark.span, others, expected: None });
            }
        }
        [only] => {
            tree.nodes[only].parent = Some(parent);
            let lost = Lost { node: NodeId(only as u32), span: tree.nodes[only].title };
            found.push(lost.entry(mark.span, second));
        }
        // Several headings without number: they were never meant to have one, or all have lost it.
        _ => {}
    }
}

/// Whether the heading has text under it: a bare name in a list of one is no heading.
fn has_text(document: &Document, node: &Node, next: Option<&Node>) -> bool {
    match node.kind {
        NodeKind::RunIn => true,
        NodeKind::Heading => {
            let own = document.blocks[node.block as usize].span.end;
            next.map_or(document.text.len() as u32, Node::start) > own + 30
        }
        _ => false,
    }
}

/// A style used again below itself, or below a style that stands under it.
fn order(view: &View, tree: &Tree, series: &Series, style: Style, found: &mut Vec<Forgiven>) {
    let ranked = |style: Style| (Style::Chinese..=Style::ArabicBracket).contains(&style);
    let (Some(first), Some(parent)) = (series.items.first(), series.parent) else { return };
    if !ranked(style)
        || series.items.len() < 2
        || series.items.iter().any(|item| !trusted(item) || item.place != Place::Start)
    {
        return;
    }
    let sign = |item: &Item| tree.mark(item).map(|mark| (mark.style, mark.punctuation));
    let mut above = Some(parent);
    while let Some(id) = above {
        let node = tree.node(id);
        above = node.parent;
        let Some((outer_style, value)) = node.read_as.filter(|(outer, _)| ranked(*outer)) else { continue };
        if outer_style < style {
            continue;
        }
        let Some(outer) = view.series(id) else { continue };
        // Where the outer script is in doubt, so is its rank.
        if outer.items.iter().any(|item| item.style != outer_style) && outer_style > style {
            return;
        }
        let at = outer.items.iter().position(|item| item.node == id).unwrap_or_default();
        // Only where the outer series goes on is the inner one surely inside it.
        let Some(next) = outer.items.get(at + 1).filter(|_| at > 0 || outer_style > style || value == 1)
        else {
            return;
        };
        let inner = series.items.last().map_or(0, |item| item.value);
        let could_run_on = outer_style == style && next.value == inner + 1 && sign(next) == sign(first);
        if could_run_on || outer.items.iter().any(|item| !trusted(item)) {
            return;
        }
        let Some(mark) = tree.mark(first) else { return };
        let mut others: Vec<Span> = node.marker.iter().map(|mark| mark.span).collect();
        others.extend(series.items[1..].iter().filter_map(|item| tree.mark(item)).map(|mark| mark.span));
        let below = [Style::Chinese, Style::ChineseBracket, Style::Arabic, Style::ArabicBracket]
            .into_iter()
            .find(|&next| next > outer_style);
        let expected = below.map(|style| style.mark(1));
        found.push(Forgiven {
            node: first.node,
            kind: ForgivenKind::LevelOrder,
            span: mark.span,
            others,
            expected,
        });
        return;
    }
}
