//! Events and decisions to nodes: parents, titles, bodies.
//!
//! Takes the document, its events and the search's decisions; gives nodes in text order and the series
//! they form. It must not judge them.

use super::lines::{Event, Lines, MarkEvent, Place};
use super::search::Decision;
use super::{Node, NodeId, NodeKind, Style};
use crate::document::{Document, Span};
use crate::lexer::ordinal::is_blank;

/// One series of numbered siblings.
#[derive(Debug, Default)]
pub struct Series {
    pub parent: Option<NodeId>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, Copy)]
pub struct Item {
    pub node: NodeId,
    /// The number it was read as.
    pub value: u32,
    pub style: Style,
    pub place: Place,
    pub echo: bool,
}

#[derive(Debug, Default)]
pub struct Tree {
    pub nodes: Vec<Node>,
    pub series: Vec<Series>,
}

/// What is open while the events are read again.
struct Frame {
    series: Option<usize>,
    node: NodeId,
    /// Labels that stand between this frame's parent and its series.
    label: Option<NodeId>,
}

pub fn build(document: &Document, lines: &Lines, decisions: &[Decision]) -> Tree {
    let mut tree = Tree::default();
    let mut stack: Vec<Frame> = Vec::new();
    // A label below the frame of this depth, waiting for a series of its own.
    let mut label: Option<(usize, NodeId)> = None;
    let following = following(&lines.events, decisions);
    // The last unnumbered heading without colon.
    let mut chapter: Option<NodeId> = None;
    let events = &lines.events;
    for (index, event) in events.iter().enumerate() {
        match (event, decisions[index]) {
            (Event::Mark(mark), Decision::Open { depth, value }) => {
                let depth = usize::from(depth).min(stack.len());
                let under = label.take().filter(|&(at, _)| at == depth).map(|(_, node)| node);
                let kept = stack.get(depth).and_then(|frame| frame.label);
                stack.truncate(depth);
                let parent = under.or(kept).or_else(|| stack.last().map(|frame| frame.node));
                let node = tree.push(numbered(document, events, index, mark, parent));
                tree.series.push(Series { parent, items: Vec::new() });
                let series = tree.series.len() - 1;
                tree.add(series, node, mark, value);
                stack.push(Frame { series: Some(series), node, label: under.or(kept) });
            }
            (Event::Mark(mark), Decision::Join { depth, value }) => {
                label = None;
                stack.truncate(usize::from(depth) + 1);
                let Some(frame) = stack.last_mut() else { continue };
                let Some(series) = frame.series else { continue };
                let parent = tree.series[series].parent;
                let node = tree.push(numbered(document, events, index, mark, parent));
                tree.add(series, node, mark, value);
                stack.last_mut().expect("just seen").node = node;
            }
            (Event::Heading { block, .. }, Decision::Head { depth }) => {
                label = None;
                stack.truncate(usize::from(depth));
                let parent = stack.last().map(|frame| frame.node);
                let node = tree.push(unnumbered(document, *block, NodeKind::Heading, parent));
                stack.push(Frame { series: None, node, label: None });
            }
            (Event::Label { block, colon }, _) => {
                if let Some(last) =
                    tree.nodes.last_mut().filter(|node| node.title.is_empty() && node.block + 1 == *block)
                {
                    // 第一部分 on a line of its own, its title on the next.
                    last.title = trimmed(document, document.blocks[*block as usize].span);
                    continue;
                }
                let depth = match following[index] {
                    Some(Decision::Open { depth, .. }) => usize::from(depth).min(stack.len()),
                    _ => stack
                        .iter()
                        .rposition(|frame| tree.nodes[frame.node.0 as usize].kind != NodeKind::Item)
                        .map_or(0, |at| at + 1),
                };
                let mut parent = depth.checked_sub(1).map(|at| stack[at].node);
                let node = NodeId(tree.nodes.len() as u32);
                if !colon {
                    if let Some(before) =
                        chapter.filter(|&before| tree.is_open(parent.or(Some(before)), before))
                    {
                        // Unnumbered chapters follow one another; what was open in the last one is over.
                        parent = tree.nodes[before.0 as usize].parent;
                        let inside = |series: &Series| series.parent.is_some_and(|at| at >= before);
                        for frame in &stack {
                            if let Some(series) = frame.series.filter(|&series| inside(&tree.series[series]))
                            {
                                tree.series[series].parent = Some(node);
                            }
                        }
                    }
                    chapter = Some(node);
                }
                tree.push(unnumbered(document, *block, NodeKind::Label, parent));
                label = Some((depth, node));
            }
            _ => {}
        }
    }
    tree
}

/// For each event the next decision that is none to ignore.
fn following(events: &[Event], decisions: &[Decision]) -> Vec<Option<Decision>> {
    let mut next = None;
    let mut out = vec![None; events.len()];
    for (index, event) in events.iter().enumerate().rev() {
        out[index] = next;
        if !matches!(event, Event::Label { .. }) && decisions[index] != Decision::Ignore {
            next = Some(decisions[index]);
        }
    }
    out
}

impl Tree {
    /// Whether `ancestor` is `node` or above it.
    fn is_open(&self, node: Option<NodeId>, ancestor: NodeId) -> bool {
        std::iter::successors(node, |id| self.nodes[id.0 as usize].parent).any(|id| id == ancestor)
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn add(&mut self, series: usize, node: NodeId, mark: &MarkEvent, value: u32) {
        self.series[series].items.push(Item {
            node,
            value,
            style: mark.ordinal.style,
            place: mark.place,
            echo: mark.echo,
        });
    }

    /// Fills children, levels and bodies; to be called when no parent changes any more.
    pub fn finish(&mut self, document: &Document) {
        let end = document.text.len() as u32;
        for index in 0..self.nodes.len() {
            let parent = self.nodes[index].parent;
            self.nodes[index].level =
                parent.map_or(1, |parent| self.nodes[parent.0 as usize].level.saturating_add(1));
            if let Some(parent) = parent {
                self.nodes[parent.0 as usize].children.push(NodeId(index as u32));
            }
        }
        let mut open: Vec<usize> = Vec::new();
        for index in 0..=self.nodes.len() {
            let (level, start) = self.nodes.get(index).map_or((0, end), |node| (node.level, node.start()));
            while let Some(&last) = open.last().filter(|&&last| self.nodes[last].level >= level) {
                let node = &mut self.nodes[last];
                node.body = Span::new(node.title.end.min(start), start);
                open.pop();
            }
            open.push(index);
        }
        // What is listed inside a paragraph does not own the paragraphs after it.
        for index in (0..self.nodes.len()).rev() {
            let node = &self.nodes[index];
            let block = document.blocks[node.block as usize].span;
            if node.marker.is_some_and(|mark| mark.span.start > block.start + 12) {
                let inner = node.children.last().map_or(0, |child| self.nodes[child.0 as usize].body.end);
                let node = &mut self.nodes[index];
                node.body.end = node.body.end.min(block.end.max(inner)).max(node.body.start);
            }
        }
    }
}

fn numbered(
    document: &Document,
    events: &[Event],
    index: usize,
    mark: &MarkEvent,
    parent: Option<NodeId>,
) -> Node {
    let block = document.blocks[mark.block as usize].span;
    let end = match events.get(index + 1) {
        Some(Event::Mark(next)) if next.block == mark.block => next.ordinal.span.start,
        _ => block.end,
    };
    let rest = Span::new(mark.ordinal.span.end.min(end), end);
    let (title, kind) = read_title(document, rest, mark);
    Node {
        parent,
        children: Vec::new(),
        kind,
        level: 0,
        block: mark.block,
        marker: Some(mark.ordinal),
        read_as: None,
        title,
        body: Span::new(title.end, title.end),
    }
}

fn unnumbered(document: &Document, block: u32, kind: NodeKind, parent: Option<NodeId>) -> Node {
    let title = trimmed(document, document.blocks[block as usize].span);
    Node {
        parent,
        children: Vec::new(),
        kind,
        level: 0,
        block,
        marker: None,
        read_as: None,
        title,
        body: Span::new(title.end, title.end),
    }
}

/// Without blanks, markup and the closing colon or stop.
fn trimmed(document: &Document, span: Span) -> Span {
    let noise = |c: char| is_blank(c) || matches!(c, '*' | '#' | '_' | '\n');
    let text = document.slice(span);
    let kept = text.trim_start_matches(noise);
    let start = span.start + (text.len() - kept.len()) as u32;
    let kept = kept.trim_end_matches(|c| noise(c) || matches!(c, '：' | ':' | '。'));
    Span::new(start, start + kept.len() as u32)
}

/// The title after a mark, and what the paragraph is: a heading of its own, a heading with text run in,
/// or an item.
fn read_title(document: &Document, rest: Span, mark: &MarkEvent) -> (Span, NodeKind) {
    let whole = trimmed(document, rest);
    let text = document.slice(whole);
    let (mut comma, mut stop, mut figure, mut chars) = (None, None, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '，' | ',' | '、' if comma.is_none() && c != '、' => comma = Some(at),
            '。' | '：' | '；' | '！' | ';' => stop = Some((at, c)),
            ':' if !text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => stop = Some((at, c)),
            '元' | '%' | '％' => figure = true,
            _ => {}
        }
        chars += 1;
        if stop.is_some() || chars > 44 {
            break;
        }
    }
    let list = matches!(mark.ordinal.style, Style::Is | Style::First | Style::Adverb | Style::Article);
    let upto = |at: usize| Span::new(whole.start, whole.start + at as u32);
    let clause =
        |fallback: usize| upto(comma.into_iter().chain(stop.map(|(at, _)| at)).min().unwrap_or(fallback));
    let closed = document.slice(rest).trim_end().ends_with(['。', '；', ';']);
    let short = if closed { 22 } else { 44 };
    let kind = match stop {
        _ if list || figure => NodeKind::Item,
        None if chars <= short && !(closed && comma.is_some()) && mark.place == Place::Start => {
            NodeKind::Heading
        }
        None if chars <= short
            && !(closed && comma.is_some())
            && matches!(mark.ordinal.style, Style::Chinese | Style::ChineseBracket) =>
        {
            NodeKind::Heading
        }
        Some((_, '；' | ';')) => NodeKind::Item,
        Some(_) if chars <= if comma.is_some() { 26 } else { 32 } => {
            return (upto(stop.map_or(0, |(at, _)| at)), NodeKind::RunIn);
        }
        _ => NodeKind::Item,
    };
    match kind {
        NodeKind::Heading => (whole, kind),
        _ => {
            // A page flattened to one line parts heading and text by no more than a blank.
            let blank = text.char_indices().take(30).find(|&(at, c)| at > 6 && is_blank(c)).map(|(at, _)| at);
            let title = clause(text.len().min(text.char_indices().nth(44).map_or(text.len(), |(at, _)| at)));
            match blank.filter(|&at| matches!(mark.place, Place::Inline(_)) && at < title.len()) {
                Some(at) if !list => (upto(at), NodeKind::RunIn),
                _ => (title, kind),
            }
        }
    }
}
