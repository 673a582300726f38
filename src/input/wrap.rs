//! Lines that only wrap a paragraph, as text from a PDF or a mail has them, told from lines that are
//! paragraphs; page numbers and running heads between them.
//!
//! Lines are joined only where the whole document shows a right margin: most lines that do not end a
//! sentence end within a few columns of each other, hardly a line is longer, and what follows them
//! ends as paragraphs do. In a text of one paragraph a line nothing of the kind is seen.

use rustc_hash::FxHashMap;

use super::lines::{Line, ends_sentence, opens_paragraph};
use crate::document::{Block, BlockKind, Span};

/// What a line is to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Starts a block.
    Starts,
    /// Goes on with the last line that is no furniture.
    Continues,
    Furniture,
}

/// Narrowest line that may be wrapped, in half-width columns.
const NARROWEST: u32 = 36;
/// Widest margin that is looked for; beyond it lines are certainly paragraphs.
const WIDEST: u32 = 255;
/// Wrapped lines it takes to believe in a margin.
const ENOUGH: u32 = 5;
/// Blank lines that a page break may leave inside a paragraph.
pub const MOST_BLANK: u32 = 8;

pub fn roles(text: &str, lines: &[Line]) -> Vec<Role> {
    let mut roles = vec![Role::Starts; lines.len()];
    furniture(text, lines, &mut roles);
    let by_column = |measure| Margin::of(text, lines, &roles, measure);
    if let Some(margin) = by_column(Measure::Columns).or_else(|| by_column(Measure::Characters)) {
        margin.join(text, lines, &mut roles);
    }
    roles
}

/// Appends the blocks of `lines`; between joined lines nothing stays but `markup`.
pub fn assemble(text: &str, lines: &[Line], roles: &[Role], blocks: &mut Vec<Block>, markup: &mut Vec<Span>) {
    // Furniture since the last prose line: inside a paragraph it is part of the gap, else blocks.
    let mut pending: Vec<Span> = Vec::new();
    let block = |span, kind| Block { span, kind };
    for (line, role) in lines.iter().zip(roles) {
        match role {
            _ if !line.prose => {}
            Role::Furniture => pending.push(line.span),
            Role::Continues if blocks.last().is_some_and(|last| last.kind == BlockKind::Paragraph) => {
                if let Some(last) = blocks.last_mut() {
                    gap(text, last.span.end, line.span.start, markup);
                    last.span.end = line.span.end;
                }
                pending.clear();
            }
            Role::Continues | Role::Starts => {
                blocks.extend(pending.drain(..).map(|span| block(span, BlockKind::PageFurniture)));
                blocks.push(block(line.span, BlockKind::Paragraph));
            }
        }
    }
    blocks.extend(pending.into_iter().map(|span| block(span, BlockKind::PageFurniture)));
}

/// Leaves out `from..to`, all but one line end where Latin words would fuse. Digits are put together again:
/// Chinese text has no two figures side by side, but hard wrapping cuts figures in two.
pub fn gap(text: &str, from: u32, to: u32, markup: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let is = |at: usize, class: fn(&u8) -> bool| bytes.get(at).is_some_and(class);
    let word = |at: usize| is(at, u8::is_ascii_alphanumeric);
    let digits = from > 0 && is(from as usize - 1, u8::is_ascii_digit) && is(to as usize, u8::is_ascii_digit);
    if from > 0 && word(from as usize - 1) && word(to as usize) && !digits {
        let line_end = memchr::memchr(b'\n', &bytes[from as usize..to as usize]);
        let keep = from + line_end.unwrap_or_default() as u32;
        markup
            .extend([Span::new(from, keep), Span::new(keep + 1, to)].iter().filter(|span| !span.is_empty()));
    } else {
        markup.push(Span::new(from, to));
    }
}

/// What a margin is counted in: columns on paper and screen, characters where a program cut the lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Columns,
    Characters,
}

impl Measure {
    /// Width of a line without its indent counted off; a Chinese character is two columns.
    fn of(self, text: &str, line: &Line) -> u32 {
        match self {
            Measure::Columns => line.width,
            Measure::Characters => text[line.span.range()].chars().count() as u32 * 2 + line.indent,
        }
    }
}

/// The right margin of a document with wrapped lines.
struct Margin {
    measure: Measure,
    /// Narrowest full line.
    full: u32,
    /// Left margin of full lines.
    indent: u32,
}

impl Margin {
    fn of(text: &str, lines: &[Line], roles: &[Role], measure: Measure) -> Option<Margin> {
        let mut counts = [0u32; WIDEST as usize + 1];
        let mut candidates = 0;
        for_each_pair(text, lines, roles, |line, next| {
            if is_broken(text, line) && may_follow(text, line, next) {
                candidates += 1;
                counts[measure.of(text, line).min(WIDEST) as usize] += 1;
            }
        });
        if candidates < ENOUGH {
            return None;
        }
        let (low, high, within) = densest(&counts);
        // A single longer line is one that somebody wrote into afterwards.
        let longer =
            lines.iter().filter(|line| line.prose && measure.of(text, line) > high + 8).count() as u32;
        if within < ENOUGH || within * 100 < candidates * 55 || longer > 1 && longer * 10 > within {
            return None;
        }
        let full = low.saturating_sub(4).max(NARROWEST);
        let (mut ends, mut sentences, mut runs) = (0, 0, 0);
        let mut indent = u32::MAX;
        for_each_pair(text, lines, roles, |line, next| {
            if measure.of(text, line) >= full && is_broken(text, line) && may_follow(text, line, next) {
                indent = indent.min(line.indent);
                if measure.of(text, next) >= full && is_broken(text, next) {
                    runs += 1;
                } else {
                    ends += 1;
                    let end = &text[next.span.range()];
                    sentences += u32::from(ends_sentence(end) || end.ends_with('；'));
                }
            }
        });
        (runs > 0 && sentences * 2 >= ends).then_some(Margin { measure, full, indent })
    }

    fn join(&self, text: &str, lines: &[Line], roles: &mut [Role]) {
        let mut before: Option<usize> = None;
        for index in 0..lines.len() {
            if roles[index] == Role::Furniture {
                continue;
            }
            if let Some(before) = before {
                let (line, next) = (&lines[before], &lines[index]);
                if may_follow(text, line, next) && self.goes_on(text, line, next) {
                    roles[index] = Role::Continues;
                }
            }
            before = Some(index);
        }
    }
}

impl Margin {
    fn goes_on(&self, text: &str, line: &Line, next: &Line) -> bool {
        let (this, after) = (&text[line.span.range()], &text[next.span.range()]);
        if !line.prose || ends_sentence(this) || is_whole_heading(this, next) {
            return false;
        }
        // A paragraph neither ends in a comma nor starts with one, wherever the line was broken.
        let torn =
            this.ends_with(['，', '、']) || after.starts_with(['，', '、', '；', '。', '）', '”', '》']);
        // Nor does a sentence end inside a figure.
        let cut = line.width >= NARROWEST
            && this.contains(['，', '。', '；'])
            && this.ends_with(|c: char| c.is_ascii_digit() || c == '.')
            && after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '%' | '万' | '亿'));
        torn || cut || (self.measure.of(text, line) >= self.full && next.indent <= self.indent + 2)
    }
}

/// A numbered title that happens to fill its line, such as `十、预算支出情况说明`.
fn is_whole_heading(line: &str, next: &Line) -> bool {
    const ONE_WORD: u32 = 12;
    ["说明", "情况", "表"].iter().any(|word| line.ends_with(word))
        && next.width > ONE_WORD
        && !line.contains(['，', '。', '；', '：'])
        && opens_paragraph(line)
}

/// Calls `see` for every line and the next that is no furniture.
fn for_each_pair(text: &str, lines: &[Line], roles: &[Role], mut see: impl FnMut(&Line, &Line)) {
    debug_assert!(lines.last().is_none_or(|line| line.raw.end as usize <= text.len()));
    let mut prose =
        lines.iter().zip(roles).filter(|(_, role)| **role != Role::Furniture).map(|(line, _)| line);
    let Some(mut line) = prose.next() else { return };
    for next in prose {
        see(line, next);
        line = next;
    }
}

/// Stops in the middle of a sentence.
fn is_broken(text: &str, line: &Line) -> bool {
    line.prose && line.width >= NARROWEST && {
        let line = &text[line.span.range()];
        !ends_sentence(line) && !line.ends_with(['；', ';'])
    }
}

fn may_follow(text: &str, line: &Line, next: &Line) -> bool {
    next.prose && next.blank_before <= MOST_BLANK && !opens_paragraph(&text[next.span.range()]) && {
        // Wide gaps inside a line are columns of a table.
        let line = &text[line.span.range()];
        memchr::memmem::find(line.as_bytes(), b"   ").is_none()
    }
}

/// The narrow range of widths that holds most of the counts, with what it holds.
fn densest(counts: &[u32]) -> (u32, u32, u32) {
    let mut best = (0, 0, 0);
    for high in NARROWEST..=WIDEST - 1 {
        let low = high - (high / 7).clamp(6, 14);
        let within = counts[low as usize..=high as usize].iter().sum();
        if within >= best.2 && counts[high as usize] > 0 {
            best = (low, high, within);
        }
    }
    best
}

/// Marks page numbers and the heads that repeat beside page breaks.
fn furniture(text: &str, lines: &[Line], roles: &mut [Role]) {
    let mut breaks = Vec::new();
    let mut bare = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.width - line.indent <= 24 && line.prose {
            match page_number(&text[line.span.range()]) {
                Some(PageNumber::Marked) => breaks.push(index),
                Some(PageNumber::Bare(number)) => bare.push((index, number)),
                None => {}
            }
        }
        if line.page_before && index > 0 {
            breaks.push(index);
        }
    }
    // A bare number is a page's only where such numbers count on, each before a wide gap. A page in
    // between may have lost its own.
    let mut last = None;
    let mut counted: Vec<usize> = Vec::new();
    for (index, number) in bare {
        let next = lines.get(index + 1);
        let stands_apart = next.is_none_or(|next| next.blank_before >= 2 || next.page_before);
        let counts_on = last.map_or(number <= 3, |last: u32| (last + 1..=last + 3).contains(&number));
        if stands_apart && counts_on {
            counted.push(index);
            last = Some(number);
        }
    }
    if counted.len() >= 2 {
        breaks.extend(counted);
    }
    if breaks.is_empty() {
        return;
    }
    breaks.sort_unstable();
    breaks.dedup();
    for &index in &breaks {
        if page_number(&text[lines[index].span.range()]).is_some() {
            roles[index] = Role::Furniture;
        }
    }
    running_heads(text, lines, &breaks, roles);
}

/// The same short line beside three or more page breaks.
fn running_heads(text: &str, lines: &[Line], breaks: &[usize], roles: &mut [Role]) {
    let beside = breaks.iter().flat_map(|&index| {
        let first = if roles[index] == Role::Furniture { index + 1 } else { index };
        [index.checked_sub(1), Some(first)]
    });
    let places: Vec<usize> = beside
        .flatten()
        .filter(|&place| lines.get(place).is_some_and(|line| line.prose && line.width <= 80))
        .filter(|&place| roles[place] == Role::Starts)
        .collect();
    let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
    for &place in &places {
        *seen.entry(&text[lines[place].span.range()]).or_default() += 1;
    }
    for &place in &places {
        if seen[&text[lines[place].span.range()]] >= 3 {
            roles[place] = Role::Furniture;
        }
    }
}

pub enum PageNumber {
    /// `- 3 -`, `第3页`, `3/10`
    Marked,
    Bare(u32),
}

pub fn page_number(line: &str) -> Option<PageNumber> {
    let dashes = |c: char| matches!(c, '-' | '—' | '－' | '–' | '―' | '~' | '·');
    let first = line.chars().next()?;
    if !(dashes(first) || first.is_ascii_digit() || first == '第') {
        return None;
    }
    let number = |part: &str| -> Option<u32> {
        let part = part.trim();
        (part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let inner = line.trim_matches(dashes);
    if inner.len() < line.len() {
        let both = line.ends_with(dashes) && dashes(first);
        return (both && number(inner).is_some()).then_some(PageNumber::Marked);
    }
    if let Some(rest) = line.strip_prefix('第') {
        let (page, rest) = rest.split_once('页')?;
        let total = rest.trim_start_matches([' ', '/', '，', ',']);
        let whole = total.is_empty() || total.starts_with('共') && total.ends_with('页');
        return (whole && number(page).is_some()).then_some(PageNumber::Marked);
    }
    match line.split_once('/') {
        Some((page, total)) => {
            let (page, total) = (number(page)?, number(total)?);
            (page >= 1 && page <= total && total >= 2).then_some(PageNumber::Marked)
        }
        None => number(line).map(PageNumber::Bare),
    }
}
