//! What each block is to the outline: a numbered start, an unnumbered heading, contents, or nothing.
//!
//! Takes a [`Document`]; gives the events that the search reads in order. It must not know which level
//! a mark belongs to.

use rustc_hash::FxHashSet;

use super::{ContentsEntry, Ordinal, Style};
use crate::document::{BlockKind, Document, Span};
use crate::lexer::ordinal::{self, Boundary, is_blank};

/// How a mark is met, which decides how much it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the start of a paragraph.
    Start,
    /// At the start of a line that seems to continue the paragraph before, or near figures without text.
    Doubtful,
    Inline(Boundary),
}

/// What stands between two marks and may end a series, in order of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    None,
    /// Plain paragraphs.
    Plain,
    /// A line that looks like a heading but has neither number nor format.
    Soft,
    /// An appendix, or the end of the contents.
    Hard,
}

#[derive(Debug, Clone, Copy)]
pub enum Event {
    Mark(MarkEvent),
    /// An unnumbered heading that the format marks.
    Heading {
        block: u32,
        level: u8,
    },
    /// A short line of its own without a number.
    Label {
        block: u32,
        colon: bool,
    },
}

#[derive(Debug, Clone, Copy)]
pub struct MarkEvent {
    pub ordinal: Ordinal,
    pub block: u32,
    pub place: Place,
    /// Level of the format's own heading; `u8::MAX` where the block is none.
    pub format: u8,
    pub before: Break,
    /// The text right before ends in a colon: a list is announced.
    pub announced: bool,
    /// The same line stood before: a running head or a page read twice.
    pub echo: bool,
}

/// The document as the outline sees it.
#[derive(Debug, Default)]
pub struct Lines {
    pub events: Vec<Event>,
    pub title: Option<Span>,
    pub contents: Vec<ContentsEntry>,
    /// Every mark of every block, whatever becomes of it.
    pub marks: Vec<Ordinal>,
}

pub fn classify(document: &Document) -> Lines {
    let mut shapes: Vec<Shape> =
        document.blocks.iter().map(|block| shape(document, block.span, block.kind)).collect();
    numbers_in_tables(&mut shapes);
    let mut lines = Lines::default();
    let skipped = contents(document, &shapes, &mut lines.contents);
    let title = title(document, &shapes, &skipped);
    lines.title = title.map(|(span, _)| span);
    let first = title.map_or(0, |(_, last)| last + 1);
    let echoes = echoes(document, &shapes, &skipped);
    let debris = debris(&shapes);
    let loose = loose(&shapes);
    let (mut before, mut announced, mut unfinished) = (Break::None, false, false);
    let mut inner = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let (block, format) = (index as u32, shape.format);
        inner.clear();
        ordinal::inside(&document.text, shape.span, shape.ordinal, |mark, boundary| {
            inner.push((mark, boundary));
        });
        lines.marks.extend(shape.ordinal);
        lines.marks.extend(inner.iter().map(|(mark, _)| *mark));
        if skipped[index] {
            before = Break::Hard;
            (announced, unfinished) = (false, false);
            continue;
        }
        if shape.page_number || shape.row || debris[index] {
            continue;
        }
        match shape.ordinal {
            Some(mark) => {
                let doubtful = unfinished || loose[index] && mark.style != Style::Part;
                let place = if doubtful && format == u8::MAX { Place::Doubtful } else { Place::Start };
                let echo = echoes[index];
                lines.events.push(Event::Mark(MarkEvent {
                    ordinal: mark,
                    block,
                    place,
                    format,
                    before,
                    announced,
                    echo,
                }));
                before = Break::None;
            }
            None if index < first => {}
            None if format != u8::MAX => lines.events.push(Event::Heading { block, level: format }),
            None if shape.appendix => before = before.max(Break::Hard),
            None if shape.label
                && !unfinished
                && !echoes[index]
                && !loose[index]
                && (shape.stop == Stop::Colon || heads_something(&shapes[index + 1..])) =>
            {
                lines.events.push(Event::Label { block, colon: shape.stop == Stop::Colon });
                before = before.max(Break::Soft);
            }
            None if !shape.fragment => before = before.max(Break::Plain),
            None => {}
        }
        if shape.stop != Stop::Closed || shape.chars > 12 {
            inline(document, block, &inner, format, &mut before, &mut lines.events);
        }
        announced = shape.stop == Stop::Colon;
        // A title is long and needs no stop.
        unfinished = shape.stop == Stop::Open && shape.chars >= 28 && index >= first;
    }
    lines
}

fn inline(
    document: &Document,
    block: u32,
    marks: &[(Ordinal, Boundary)],
    format: u8,
    before: &mut Break,
    events: &mut Vec<Event>,
) {
    let text = &document.text;
    for &(mark, boundary) in marks {
        let lead = text[..mark.span.start as usize].trim_end_matches(is_blank);
        events.push(Event::Mark(MarkEvent {
            ordinal: mark,
            block,
            place: Place::Inline(boundary),
            format: if format == u8::MAX { u8::MAX } else { u8::MAX - 1 },
            before: std::mem::replace(before, Break::None),
            announced: lead.ends_with(['：', ':']),
            echo: false,
        }));
    }
}

/// How a block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// 。！？；
    Closed,
    Colon,
    /// Anything else: a heading, or a line cut by the page.
    Open,
}

struct Shape {
    /// The block without leading markup.
    span: Span,
    ordinal: Option<Ordinal>,
    format: u8,
    row: bool,
    chars: usize,
    stop: Stop,
    page_number: bool,
    /// Figures or a few characters: what is left of a table.
    fragment: bool,
    /// Figures alone, or a label and its amount.
    figures: bool,
    /// Could be a heading without number.
    label: bool,
    appendix: bool,
    leader: bool,
}

fn shape(document: &Document, span: Span, kind: BlockKind) -> Shape {
    let span = Span::new(skip_markup(document, span), span.end);
    let text = document.slice(span).trim_start_matches(is_blank);
    let span = Span::new(span.end - text.len() as u32, span.end);
    let bytes = text.len();
    // Only short lines need their characters counted one by one.
    let chars = if bytes > 240 { bytes / 3 } else { text.chars().count() };
    let last = text.chars().next_back().unwrap_or(' ');
    let stop = match last {
        '。' | '！' | '？' | '；' | ';' | '”' => Stop::Closed,
        '：' | ':' => Stop::Colon,
        _ => Stop::Open,
    };
    let short = chars <= 40;
    let ordinal = ordinal::at_start(&document.text, span);
    let numeric = short && text.chars().all(is_numeric);
    let page_number = short && (numeric && plain_page(text) || page_words(text));
    let figures = short && (numeric && ordinal.is_none() || ends_in_amount(text));
    let fragment = figures || ordinal.is_none() && chars <= 4;
    let label = short && ordinal.is_none() && !numeric && looks_like_label(text, chars, stop);
    Shape {
        span,
        ordinal,
        format: if let BlockKind::Heading(level) = kind { level } else { u8::MAX },
        row: matches!(kind, BlockKind::Row { .. }),
        chars,
        stop,
        page_number,
        fragment,
        figures: figures && !page_number,
        label,
        appendix: short && ordinal.is_none() && appendix(text),
        leader: chars <= 120 && leader(text),
    }
}

/// Part of a figure, a date or the number of a page.
fn is_numeric(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, ' ' | ',' | '.' | '-' | '—' | '–' | '%' | '％' | '/' | '·' | '\t' | '，' | '．')
}

fn skip_markup(document: &Document, span: Span) -> u32 {
    let mut start = span.start;
    let mut next = document.markup.partition_point(|markup| markup.end <= start);
    while let Some(markup) =
        document.markup.get(next).filter(|markup| markup.start <= start && markup.end <= span.end)
    {
        start = markup.end;
        next += 1;
    }
    start
}

/// `12`, `- 12 -`, `—12—`; never a decimal.
fn plain_page(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits > 0 && digits <= 3 && text.chars().all(|c| c.is_ascii_digit() || " -—–·".contains(c))
}

/// `第 3 页`, `第3页 共12页`
fn page_words(text: &str) -> bool {
    text.starts_with('第') && text.ends_with('页') && text.chars().count() <= 16
}

/// Ends in a figure with decimals: a label and its amount from one row of a table.
fn ends_in_amount(text: &str) -> bool {
    let tail = text.trim_end_matches(|c: char| c.is_ascii_digit());
    text.len() - tail.len() >= 2
        && tail.ends_with('.')
        && tail[..tail.len() - 1].ends_with(|c: char| c.is_ascii_digit())
}

fn appendix(text: &str) -> bool {
    ["附件", "附表", "附录"].iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            rest.trim_start_matches(is_blank)
                .chars()
                .next()
                .is_none_or(|c| c.is_ascii_digit() || "：:一二三四五六七八九十".contains(c))
        })
    })
}

/// Dot leaders and a page number at the end: an entry of the contents.
fn leader(text: &str) -> bool {
    let around = |c: char| matches!(c, '（' | '）' | '(' | ')' | '-' | '—');
    let head = text.trim_end_matches(|c: char| c.is_ascii_digit() || is_blank(c) || around(c));
    let dots = head.len() - head.trim_end_matches(['.', '…', '·', '．', '⋯']).len();
    dots >= 6
}

fn looks_like_label(text: &str, chars: usize, stop: Stop) -> bool {
    let body = text.trim_end_matches(['：', ':']);
    let chinese = body.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let limit = if stop == Stop::Colon { 16 } else { 26 };
    stop != Stop::Closed
        && (4..=limit).contains(&chars)
        && chinese * 10 >= chars * 7
        && !body.contains(['。', '，', '；', '：', ':', ';', ',', '|', '>', '\t', '='])
        && !body.ends_with(['日', '号', '元', '如', '下', '为', '是', '括'])
        && !body.starts_with(|c: char| c.is_ascii_digit() || c == '无')
}

/// A heading without colon or number is believed only where text or the start of a list follows.
fn heads_something(after: &[Shape]) -> bool {
    let next = after.iter().find(|shape| !shape.page_number);
    next.is_some_and(|next| match next.ordinal {
        Some(mark) => mark.value == 1,
        None => !next.row && !next.fragment && !next.label && (next.stop != Stop::Open || next.chars > 20),
    })
}

/// Which blocks are scraps of a table copied as text: figures stand before and after them, or they go
/// on from such a line.
fn debris(shapes: &[Shape]) -> Vec<bool> {
    let mut debris = vec![false; shapes.len()];
    if !shapes.iter().any(|shape| shape.figures) {
        return debris;
    }
    let scraps = |shapes: &[Shape]| {
        shapes
            .iter()
            .filter(|near| near.fragment && !near.page_number)
            .fold((0, 0), |(all, figures), near| (all + 1, figures + usize::from(near.figures)))
    };
    for index in 0..shapes.len() {
        let shape = &shapes[index];
        let part = shape.ordinal.is_some_and(|mark| mark.style == Style::Part);
        if shape.ordinal.is_none() && !shape.label
            || part
            || shape.stop == Stop::Closed
            || shape.format != u8::MAX
        {
            continue;
        }
        let (before, figures_before) = scraps(&shapes[index.saturating_sub(3)..index]);
        let (after, figures_after) = scraps(&shapes[index + 1..(index + 4).min(shapes.len())]);
        let between = before > 0 && after > 0 && figures_before + figures_after > 0;
        let next = shapes[index + 1..].iter().find(|next| !next.page_number);
        let runs_on = index > 0
            && debris[index - 1]
            && next.is_some_and(|next| next.fragment || next.stop == Stop::Open && next.chars <= 24);
        debris[index] = between || runs_on;
    }
    debris
}

/// A page has one number; small figures close together are cells.
fn numbers_in_tables(shapes: &mut [Shape]) {
    let lone = |shape: &Shape| shape.page_number || shape.figures;
    let crowded: Vec<bool> = (0..shapes.len())
        .map(|index| {
            let near = index.saturating_sub(3)..(index + 4).min(shapes.len());
            shapes[index].page_number
                && near.filter(|&other| other != index && lone(&shapes[other])).count() > 0
        })
        .collect();
    for (shape, _) in shapes.iter_mut().zip(crowded).filter(|(_, crowded)| *crowded) {
        (shape.page_number, shape.figures, shape.fragment) = (false, true, true);
    }
}

/// Which blocks have the scraps of a table somewhere near and no sentence of their own or right after.
fn loose(shapes: &[Shape]) -> Vec<bool> {
    const NEAR: usize = 12;
    let mut figures = vec![0u32; shapes.len() + 1];
    for (index, shape) in shapes.iter().enumerate() {
        figures[index + 1] = figures[index] + u32::from(shape.figures);
    }
    let sentence = |shape: &Shape| shape.stop != Stop::Open && shape.chars >= 15;
    (0..shapes.len())
        .map(|index| {
            let (from, upto) = (index.saturating_sub(NEAR), (index + NEAR).min(shapes.len()));
            figures[upto] > figures[from]
                && !shapes[index..].iter().filter(|shape| !shape.page_number).take(4).any(sentence)
        })
        .collect()
}

/// Marks the blocks of the table of contents and reads its entries.
fn contents(document: &Document, shapes: &[Shape], entries: &mut Vec<ContentsEntry>) -> Vec<bool> {
    let mut skipped: Vec<bool> = shapes.iter().map(|shape| shape.leader).collect();
    let word =
        |shape: &Shape| if shape.chars <= 6 { squeeze(document.slice(shape.span)) } else { String::new() };
    let is_title = |shape: &Shape| matches!(word(shape).as_str(), "目录" | "目次" | "目" | "录");
    let starts = |pair: &[Shape]| match word(&pair[0]).as_str() {
        "目录" | "目次" => true,
        "目" => word(&pair[1]) == "录",
        _ => false,
    };
    if let Some(start) = shapes.windows(2).take(400).position(starts) {
        skipped[start] = true;
        let (mut end, mut first) = (start + 1, None);
        for (index, shape) in
            shapes.iter().enumerate().skip(start + 1).take(400).filter(|(_, shape)| !is_title(shape))
        {
            let mark = shape.ordinal.map(|mark| (mark.style, mark.value));
            let again = mark.is_some() && mark == first;
            let article = matches!(mark, Some((Style::Article, _)));
            if again || article || shape.row || shape.chars > 60 || shape.stop != Stop::Open && !shape.leader
            {
                break;
            }
            if mark.is_some() || shape.leader {
                end = index + 1;
            }
            first = first.or(mark);
        }
        skipped[start..end].fill(true);
    }
    for (index, shape) in shapes.iter().enumerate().filter(|&(index, _)| skipped[index]) {
        let after_mark = shape.ordinal.map_or(shape.span.start, |mark| mark.span.end);
        let rest = document.slice(Span::new(after_mark, shape.span.end));
        let lead = rest.len() - rest.trim_start_matches(is_blank).len();
        let title = rest
            .trim_matches(|c: char| is_blank(c) || c == '\n')
            .trim_end_matches(|c: char| c.is_ascii_digit() || is_blank(c) || "（）()-—.…·．⋯".contains(c));
        let start = after_mark as usize + lead;
        if !title.is_empty() && !is_title(shape) {
            let span = Span::of(start, start + title.len());
            entries.push(ContentsEntry { block: index as u32, marker: shape.ordinal, title: span });
        }
    }
    skipped
}

/// The document's title and the last block it takes.
fn title(document: &Document, shapes: &[Shape], skipped: &[bool]) -> Option<(Span, usize)> {
    const KINDS: [&str; 8] = ["报告", "说明", "公开", "决算", "预算", "方案", "年报", "自评"];
    let head = shapes.iter().take(12).enumerate().take_while(|(index, shape)| {
        shape.ordinal.is_none() && !shape.row && !skipped[*index] && shape.chars <= 60
    });
    let mut found = None;
    for (index, shape) in head {
        let text = document.slice(shape.span);
        let plain = shape.stop == Stop::Open && !text.contains(['。', '，', '：', '；', '>']);
        if plain && KINDS.iter().any(|kind| text.contains(kind)) {
            // A title set over two lines: the name above belongs to it.
            let above = index.checked_sub(1).map(|above| &shapes[above]).filter(|above| {
                above.stop == Stop::Open
                    && above.chars <= 30
                    && above.label
                    && document.text[above.span.end as usize..shape.span.start as usize].matches('\n').count()
                        == 1
            });
            found = Some((above.map_or(shape.span, |above| above.span.to(shape.span)), index));
            break;
        }
        if shape.format == 1 {
            return Some((shape.span, index));
        }
    }
    found
}

/// Blocks whose whole line stood before: running heads, and pages read twice.
fn echoes(document: &Document, shapes: &[Shape], skipped: &[bool]) -> Vec<bool> {
    // The first words and the length stand for the line, so that long paragraphs cost no more.
    let mut seen: FxHashSet<(&[u8], usize)> = FxHashSet::default();
    let key = |shape: &Shape| {
        let text = document.slice(shape.span).as_bytes();
        (&text[..text.len().min(120)], text.len())
    };
    shapes
        .iter()
        .zip(skipped)
        .map(|(shape, skipped)| {
            let candidate = shape.ordinal.is_some() && shape.chars >= 6 || shape.label;
            candidate && !shape.row && !skipped && !seen.insert(key(shape))
        })
        .collect()
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|&c| !is_blank(c) && c != '\n').collect()
}
