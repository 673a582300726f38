//! Kind `paragraph-end`: a paragraph of prose ends with a stop.
//!
//! Headings, labels, cells, entries of lists and lines of a form need none, and most lines of a report
//! are such. A line without a stop is reported only on evidence: a full stop inside it, length, or a sister
//! line of the same beginning that has its stop.
//! Placeholders: `{quote}` the last words, `{mark}` the mark they end with, `{count}` how often. Labels: `sister`,
//! `same`. Cases: `comma`, `semicolon`, `colon`, `none`, `many`.

use std::cell::LazyCell;

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::{Context, Sink, is_prose};
use crate::diagnostic::{Applicability, Edit};
use crate::document::chars::{holds, is_han, is_stop};
use crate::document::{Block, BlockKind, Span};
use crate::outline::{Node, NodeId, NodeKind, Ordinal};
use crate::rules::{ParagraphEnd, Rule};

/// Characters that two lines must share at their beginnings to be sisters.
const SISTER: usize = 9;
/// A line with commas of this many characters is prose.
const LONG: usize = 48;
/// Characters of the last words that are underlined.
const LAST_WORDS: usize = 12;
const LABELS: usize = 10;

struct Missing {
    span: Span,
    sister: Option<Span>,
}

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a ParagraphEnd, sink: &mut Sink<'a>) {
    let lines = Lines::of(cx);
    let mut missing = Vec::new();
    for place in 0..cx.document.blocks.len() {
        let block = &cx.document.blocks[place];
        if !is_prose(block) {
            continue;
        }
        let span = cx.shown(block);
        let text = cx.text(span);
        if lines.is_heading(place) {
            let in_text =
                lines.nodes[place].is_some_and(|node| node.marker.is_some()) && !lines.in_contents[place];
            let cut = text.chars().next_back().filter(|mark| matches!(mark, '，' | '、'));
            if let Some(mark) = cut.filter(|_| in_text && lines.is_cut_off(cx, place, text)) {
                wrong_mark(cx, rule, span, mark, "comma", sink);
            } else if !cx.is_wrapped()
                && !lines.in_contents[place]
                && !text.ends_with(is_stop)
                && lines.lost_its_text(cx, place)
            {
                missing.push(Missing { span, sister: None });
            }
            continue;
        }
        match text.chars().next_back() {
            Some(mark @ ('，' | ',' | '、')) if lines.is_cut_off(cx, place, text) => {
                wrong_mark(cx, rule, span, mark, "comma", sink);
            }
            Some(mark @ ('；' | ';')) if lines.ends_a_list(place) && is_long(text) => {
                wrong_mark(cx, rule, span, mark, "semicolon", sink);
            }
            Some(mark @ ('：' | ':'))
                if lines.next(place).is_none() && kind.announces.iter().any(|word| holds(text, word)) =>
            {
                wrong_mark(cx, rule, span, mark, "colon", sink);
            }
            Some(last)
                if is_han(last)
                    || last.is_ascii_digit()
                    || matches!(last, '%' | '％' | '》' | '”')
                    || last == '）' && !is_aside(text) =>
            {
                if let Some(sister) = lines.wants_stop(cx, kind, place, span, text) {
                    missing.push(Missing { span, sister });
                }
            }
            _ => {}
        }
    }
    if missing.len() > kind.group_above {
        no_stop(cx, rule, &missing, sink);
    } else {
        missing.chunks(1).for_each(|one| no_stop(cx, rule, one, sink));
    }
}

/// Made when it is first asked for.
type Late<'a, T> = LazyCell<T, Box<dyn FnOnce() -> T + 'a>>;

/// What the lines are to one another.
struct Lines<'a> {
    blocks: &'a [Block],
    /// For each block, the outline node that begins with it.
    nodes: Vec<Option<&'a Node>>,
    in_contents: Vec<bool>,
    title: Option<Span>,
    /// Lines with a stop, by their first [`SISTER`] characters; asked for seldom.
    sisters: Late<'a, FxHashMap<&'a str, Span>>,
    /// Page numbers, recognised as such or not.
    furniture: Vec<bool>,
    wrapped: bool,
    /// See [`Lines::ends_its_sentences`].
    careful: OnceCell<bool>,
    /// How many lines are so many columns wide, up to [`WIDE`]; asked for seldom.
    widths: Late<'a, Vec<u16>>,
}

impl<'a> Lines<'a> {
    fn of(cx: &'a Context) -> Self {
        let blocks = &cx.document.blocks;
        let mut nodes = vec![None; blocks.len()];
        for node in cx.outline.nodes.iter().rev() {
            if let Some(place) = nodes.get_mut(node.block as usize) {
                *place = Some(node);
            }
        }
        let mut in_contents = vec![false; blocks.len()];
        for entry in &cx.outline.contents {
            if let Some(place) = in_contents.get_mut(entry.block as usize) {
                *place = true;
            }
        }
        let sisters = move || {
            let ended = blocks.iter().filter(|block| is_prose(block)).map(|block| cx.shown(block));
            ended
                .filter(|span| cx.text(*span).ends_with(is_stop))
                .filter_map(|span| Some((beginning(cx.text(span))?, span)))
                .collect()
        };
        let is_furniture = |block: &Block| {
            let is_number =
                |text: &str| text.len() < 8 && text.chars().all(|c| c.is_ascii_digit() || c == '-');
            block.kind == BlockKind::PageFurniture || is_number(cx.document.slice(block.span))
        };
        let furniture = blocks.iter().map(is_furniture).collect();
        let widths = move || {
            let mut widths = vec![0u16; WIDE + 1];
            for block in blocks {
                let count = &mut widths[columns(cx.document.slice(block.span)).min(WIDE)];
                *count = count.saturating_add(1);
            }
            widths
        };
        Lines {
            blocks,
            nodes,
            in_contents,
            title: cx.subject.title,
            sisters: LazyCell::new(Box::new(sisters)),
            furniture,
            wrapped: cx.is_wrapped(),
            careful: OnceCell::new(),
            widths: LazyCell::new(Box::new(widths)),
        }
    }

    fn is_heading(&self, place: usize) -> bool {
        let block = &self.blocks[place];
        let heads = |node: &Node| matches!(node.kind, NodeKind::Heading | NodeKind::Label);
        self.in_contents[place]
            || self.title.is_some_and(|title| title.overlaps(block.span))
            || matches!(block.kind, BlockKind::Heading(_))
            || self.nodes[place].is_some_and(heads)
    }

    /// The next block, page numbers passed over.
    fn next(&self, place: usize) -> Option<usize> {
        (place + 1..self.blocks.len()).take(4).find(|&next| !self.furniture[next])
    }

    fn next_marker(&self, place: usize) -> Option<Ordinal> {
        let next = self.next(place)?;
        let begins = |mark: &Ordinal| mark.span.start == self.blocks[next].span.start;
        // No list is so long: 685.96 at the start of a line is a figure.
        self.nodes[next].and_then(|node| node.marker).filter(|mark| begins(mark) && mark.value < 100)
    }

    /// Whether a line that ends with a comma is a paragraph cut off, and no line of an address, of a cell or
    /// of text broken at a margin.
    fn is_cut_off(&self, cx: &Context, place: usize, text: &str) -> bool {
        let prose = is_long(text) && text.chars().filter(|c| is_han(*c)).count() >= 10;
        // Several lines of one width betray a margin, also in a text too short to tell it by.
        let width = columns(text);
        if (MARGIN..WIDE).contains(&width)
            && self.widths[width.saturating_sub(3)..WIDE.min(width + 4)]
                .iter()
                .map(|&count| u32::from(count))
                .sum::<u32>()
                > 3
        {
            return false;
        }
        if !self.wrapped {
            // A page that ends here goes on overleaf.
            return prose && !self.furniture.get(place + 1).is_some_and(|&furniture| furniture);
        }
        let followed = self.next(place).is_none() || self.next_marker(place).is_some();
        prose
            && followed
            && cx.lexed.marks.within(cx.shown(&self.blocks[place])).iter().any(|mark| mark.char == '。')
    }

    /// A heading, the line of an attachment, or who signs: none of them goes on with the paragraph before.
    fn begins_anew(&self, cx: &Context, kind: &ParagraphEnd, place: usize) -> bool {
        let text = cx.text(cx.shown(&self.blocks[place]));
        matches!(self.blocks[place].kind, BlockKind::Heading(_))
            || kind.anew.iter().any(|start| text.starts_with(start.as_str()))
            || cx.rules.bodies.is_body(text)
    }

    /// Whether no further item of the list follows block `place`.
    fn ends_a_list(&self, place: usize) -> bool {
        let Some(next) = self.next(place) else { return true };
        let Some(next) = self.nodes[next] else { return false };
        let own = self.nodes[place].filter(|node| node.marker.is_some());
        matches!(next.kind, NodeKind::Heading)
            && next.marker.is_some()
            && own.is_none_or(|own| next.level < own.level)
    }

    /// The sister line with a stop, or nothing but other evidence, where block `place` lacks its stop.
    fn wants_stop(
        &self,
        cx: &Context,
        kind: &ParagraphEnd,
        place: usize,
        span: Span,
        text: &str,
    ) -> Option<Option<Span>> {
        let no_line_of_prose = text.contains(['\t', '|', '…', '@'])
            || holds(text, "://")
            || holds(text, "  ")
            || text.chars().filter(|c| is_han(*c)).count() < 8
            || kind.unless_start.iter().any(|start| text.starts_with(start.as_str()))
            || is_dated(cx, span);
        if no_line_of_prose {
            return None;
        }
        let marks = cx.lexed.marks.within(span);
        let last_stop = marks.iter().rev().find(|mark| mark.char == '。');
        let commas = marks.iter().filter(|mark| mark.char == '，').count();
        let node = self.nodes[place];
        let item = node.is_some_and(|node| node.marker.is_some());
        let follows = self.next(place).is_none_or(|next| self.begins_anew(cx, kind, next))
            || self.next_marker(place).is_some();
        // A line that goes on in the next one, or was parted from it by a converter.
        let runs_on = self.next(place).is_some_and(|next| {
            let next = cx.text(cx.shown(&self.blocks[next]));
            next.starts_with(|c: char| !is_han(c) && !matches!(c, '（' | '“' | '《'))
                && self.next_marker(place).is_none()
        });
        if runs_on {
            return None;
        }
        if self.wrapped {
            // What stands at the foot of a page may go on overleaf.
            let tail = last_stop.map_or(0, |stop| (span.end - stop.at) as usize);
            return (follows && tail > 30).then_some(None);
        }
        let sister = beginning(text).and_then(|own| self.sisters.get(own)).copied();
        let states = kind.statements.iter().any(|start| text.starts_with(start.as_str()))
            && kind.predicates.iter().any(|word| holds(text, word));
        if states {
            return Some(sister);
        }
        if !follows {
            return None;
        }
        let tail = last_stop.map_or(0, |stop| (span.end - stop.at) as usize);
        if tail > 24 {
            return Some(None);
        }
        // Where the document ends its sentences, a line of two clauses without a stop has lost it.
        if (tail > 15 || commas >= 1 && !item) && self.ends_its_sentences(cx) {
            return Some(None);
        }
        let long = commas >= 1 && text.chars().count() >= LONG;
        let items_have_stops = || {
            let parent = node.and_then(|node| node.parent).map(|parent| cx.outline.node(parent));
            parent.is_some_and(|parent| {
                let ended = |id: &NodeId| {
                    let block = &self.blocks[cx.outline.node(*id).block as usize];
                    cx.text(cx.shown(block)).ends_with(['。', '；'])
                };
                parent.children.iter().take(20).any(ended)
            })
        };
        let careful = || commas >= 1 && items_have_stops() && self.ends_its_sentences(cx);
        (long && (!item || items_have_stops()) || item && (careful() || self.is_odd_item(cx, place)))
            .then_some(None)
    }
}

impl Lines<'_> {
    /// Whether nearly all paragraphs of several clauses end with a stop.
    fn ends_its_sentences(&self, cx: &Context) -> bool {
        *self.careful.get_or_init(|| {
            let places = 0..self.blocks.len();
            let (mut ended, mut open) = (0, 0);
            for place in places.filter(|&place| is_prose(&self.blocks[place]) && !self.is_heading(place)) {
                let span = cx.shown(&self.blocks[place]);
                let marks = cx.lexed.marks.within(span);
                if marks.iter().any(|mark| mark.char == '，') {
                    let stops =
                        marks.last().is_some_and(|mark| is_stop(mark.char) && mark.span().end == span.end);
                    *(if stops { &mut ended } else { &mut open }) += 1;
                }
            }
            ended >= CAREFUL && open * 8 <= ended
        })
    }

    /// All its sisters in a list of three or more, and of statements, end with a stop.
    fn is_odd_item(&self, cx: &Context, place: usize) -> bool {
        let Some(node) = self.nodes[place].filter(|node| node.children.is_empty()) else { return false };
        let Some(parent) = node.parent.map(|parent| cx.outline.node(parent)) else { return false };
        let mut sisters = 0;
        let all =
            parent.children.iter().map(|id| cx.outline.node(*id)).filter(|one| one.start() != node.start());
        for sister in all.take(ITEMS) {
            let text = cx.text(cx.shown(&self.blocks[sister.block as usize]));
            let alike = sister.marker.map(|mark| mark.style) == node.marker.map(|mark| mark.style);
            if !alike || !text.ends_with(['。', '；']) {
                return false;
            }
            sisters += 1;
        }
        sisters >= 2
    }

    /// A numbered line with nothing under it that ends without a stop, while its sisters run on and have theirs.
    fn lost_its_text(&self, cx: &Context, place: usize) -> bool {
        let Some(node) = self.nodes[place].filter(|node| node.kind == NodeKind::Heading) else {
            return false;
        };
        let (Some(mark), Some(parent)) = (node.marker, node.parent) else { return false };
        let parent = cx.outline.node(parent);
        let text = cx.text(cx.shown(&self.blocks[place]));
        let pair = parent.children.len() == 2;
        if text.ends_with(is_stop) || pair && text.chars().filter(|c| is_han(*c)).count() < PAIR {
            return false;
        }
        let sister = |next: &Node| next.parent == node.parent && next.kind != NodeKind::Label;
        let alone = node.children.is_empty()
            && self.next(place).is_none_or(|next| {
                self.nodes[next].is_some_and(|next| {
                    next.marker.is_some() && (next.kind == NodeKind::Heading || sister(next))
                })
            });
        let runs_on = |id: &NodeId| {
            let sister = cx.outline.node(*id);
            let text = cx.text(cx.shown(&self.blocks[sister.block as usize]));
            sister.start() == node.start()
                || sister.marker.is_some_and(|other| other.style == mark.style)
                    && matches!(sister.kind, NodeKind::RunIn | NodeKind::Item)
                    && text.ends_with('。')
        };
        alone && (2..=30).contains(&parent.children.len()) && parent.children.iter().all(runs_on)
    }
}

/// Characters of an item that is no heading, though it has but one sister.
const PAIR: usize = 9;
/// Items of one list looked at.
const ITEMS: usize = 30;

/// Paragraphs of several clauses that it takes to say how a document ends them.
const CAREFUL: usize = 5;

/// No page is so many columns wide.
const WIDE: usize = 160;

/// No margin stands so far to the left.
const MARGIN: usize = 54;

/// Columns on a terminal, near enough.
fn columns(text: &str) -> usize {
    text.chars().take(WIDE).map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>().min(WIDE)
}

/// The first characters of a line, where it is long enough to have a sister.
fn beginning(text: &str) -> Option<&str> {
    let (end, _) = text.char_indices().nth(SISTER)?;
    let start = &text[..end];
    // An ordinal is no likeness.
    let han = start.chars().filter(|c| is_han(*c)).count();
    (han >= 4 && !start.contains(['、', '（', '.', '．', '：', '“', '《'])).then_some(start)
}

fn is_long(text: &str) -> bool {
    text.chars().nth(9).is_some()
}

/// 落款: a line that ends with a date.
fn is_dated(cx: &Context, span: Span) -> bool {
    let end = cx.flow.source(span).end;
    let after = cx.lexed.dates.partition_point(|date| date.span.end < end);
    cx.lexed.dates.get(after).is_some_and(|date| date.span.end == end)
}

fn wrong_mark<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    span: Span,
    mark: char,
    case: &'static str,
    sink: &mut Sink<'a>,
) {
    let at = Span::of(span.end as usize - mark.len_utf8(), span.end as usize);
    let edit = Edit { span: cx.flow.source(at), replacement: "。".to_owned() };
    sink.report(rule, cx.flow.source(at))
        .case(case)
        .value("quote", last_words(cx.text(span)))
        .value("mark", mark.to_string())
        .fix(Applicability::Suggested, "。", vec![edit])
        .emit();
}

fn no_stop<'a>(cx: &Context<'a>, rule: &'a Rule, missing: &[Missing], sink: &mut Sink<'a>) {
    let Some(first) = missing.first() else { return };
    let underline = |span: Span| {
        let words = last_words(cx.text(span));
        cx.flow.source(Span::of(span.end as usize - words.len(), span.end as usize))
    };
    let mut report = sink
        .report(rule, underline(first.span))
        .case(if missing.len() > 1 { "many" } else { "none" })
        .value("quote", last_words(cx.text(first.span)))
        .value("count", missing.len().to_string());
    if let Some(sister) = first.sister {
        report = report.label(underline(sister), "sister");
    }
    for other in missing[1..].iter().take(LABELS) {
        report = report.label(underline(other.span), "same");
    }
    let edit = |one: &Missing| {
        let end = cx.flow.source(one.span).end;
        Edit { span: Span::new(end, end), replacement: "。".to_owned() }
    };
    report.fix(Applicability::Suggested, "。", missing.iter().map(edit).collect()).emit();
}

/// Ends with brackets behind a sentence that has its stop: 共20万元。（详见附表）
fn is_aside(text: &str) -> bool {
    let mut open = 0;
    let start = text.char_indices().rev().find(|&(_, c)| {
        open += i32::from(c == '）') - i32::from(c == '（');
        open == 0
    });
    start.is_some_and(|(start, _)| text[..start].ends_with(is_stop))
}

/// The last words of a line, after its last mark.
fn last_words(text: &str) -> &str {
    let body = text.trim_end_matches(['，', ',', '、', '；', ';', '：', ':']);
    let words = body.rsplit(['，', '。', '；', '：']).next().unwrap_or_default();
    let words = if words.is_empty() { body } else { words };
    let start = words.char_indices().rev().nth(LAST_WORDS - 1).map_or(0, |(at, _)| at);
    &words[start..]
}
