//! The text of a report as it is compared with others: characters alone, every figure alike, without headings, titles of
//! regulations and what everybody writes.
//!
//! Takes a text with its blocks and headings; gives [`Passages`]. It must not know other reports.

use super::super::Heading;
use crate::document::chars::{is_digit, is_han};
use crate::document::{Block, BlockKind, Span};
use crate::rules::NearDuplicate;

/// Characters that are compared at a time.
pub const GRAM: usize = 16;

/// One in so many grams is kept in a sketch, chosen by what it says, so that two reports choose alike.
const SAMPLE: u32 = 12;

/// Most grams of a report that are kept; of longer ones those with the smallest numbers.
const MOST: usize = 4096;

/// Stands between texts that are not neighbours.
const BREAK: char = '\0';

/// Stands for a figure.
const FIGURE: char = '#';

/// Longer headings, in bytes, are text that bears a number.
const TITLE: usize = 120;

#[derive(Debug, Clone, Default)]
pub struct Passages {
    pub chars: Vec<char>,
    /// Where each stands in the text.
    spans: Vec<Span>,
    /// Where sentences begin in `chars`.
    sentences: Vec<u32>,
}

impl Passages {
    /// `title`: the line that names the report.
    pub fn of(
        text: &str,
        blocks: &[Block],
        headings: &[Heading],
        title: Option<Span>,
        rule: &NearDuplicate,
    ) -> Self {
        let mut passages = Passages::default();
        let mut headings = headings.iter().peekable();
        // The level of the heading under which all is everybody's.
        let mut common: Option<u8> = None;
        for block in blocks {
            if block.kind != BlockKind::Paragraph && !is_heading(block) {
                passages.part();
                continue;
            }
            let mut from = block.span.start;
            while let Some(heading) = headings.next_if(|heading| heading.span.start < block.span.end) {
                let title = text.get(heading.span.range()).unwrap_or_default();
                common = common.filter(|level| heading.level > *level);
                let is_common = rule.sections.iter().any(|word| title.contains(word.as_str()));
                common = common.or(is_common.then_some(heading.level));
                if title.len() <= TITLE && heading.span.start <= from + TITLE as u32 {
                    passages.part();
                    from = from.max(heading.span.end);
                }
            }
            let is_title = title.is_some_and(|title| block.span.contains(title));
            if common.is_none() && !is_title && from < block.span.end && !is_heading(block) {
                passages.paragraph(text, Span::new(from, block.span.end), rule);
            }
        }
        passages
    }

    fn paragraph(&mut self, text: &str, block: Span, rule: &NearDuplicate) {
        let mut from = self.chars.len();
        let mut quoted = false;
        for (at, c) in text.get(block.range()).unwrap_or_default().char_indices() {
            let at = block.start + at as u32;
            let span = Span::new(at, at + c.len_utf8() as u32);
            match c {
                '《' => quoted = true,
                '》' => quoted = false,
                '。' | '！' | '？' | '；' => from = self.sentence(from, rule),
                _ if quoted => {}
                _ if is_digit(c) => self.figure(span, from),
                // Marks inside a figure.
                '.' | ',' | '%' | '．' | '％'
                    if self.chars.len() > from && self.chars.last() == Some(&FIGURE) =>
                {
                    self.figure(span, from);
                }
                _ if is_han(c) || c.is_ascii_alphabetic() => {
                    self.chars.push(c.to_ascii_lowercase());
                    self.spans.push(span);
                }
                _ => {}
            }
        }
        // What ends without a stop is a label, a caption or a line of the contents.
        self.take_away(from);
    }

    /// One more character of a figure: a figure is one, however long.
    fn figure(&mut self, span: Span, from: usize) {
        let filled = self.chars.len();
        match (self.chars.last(), self.spans.last_mut()) {
            (Some(&FIGURE), Some(last)) if filled > from && last.end == span.start => last.end = span.end,
            _ => {
                self.chars.push(FIGURE);
                self.spans.push(span);
            }
        }
    }

    /// Ends the sentence that began at `from`; what everybody writes is taken away again.
    fn sentence(&mut self, from: usize, rule: &NearDuplicate) -> usize {
        let text: String = self.chars[from..].iter().collect();
        if rule.common.iter().any(|word| text.contains(word.as_str())) {
            self.take_away(from);
        } else if from < self.chars.len() {
            self.sentences.push(from as u32);
        }
        self.chars.len()
    }

    fn take_away(&mut self, from: usize) {
        if from < self.chars.len() {
            self.chars.truncate(from);
            self.spans.truncate(from);
            self.part();
        }
    }

    /// What follows is no neighbour of what stands before.
    fn part(&mut self) {
        if self.chars.last().is_some_and(|last| *last != BREAK) {
            let end = self.spans.last().map_or(0, |span| span.end);
            self.chars.push(BREAK);
            self.spans.push(Span::new(end, end));
        }
    }

    /// Sentence of the character at `place`.
    pub fn sentence_at(&self, place: usize) -> usize {
        self.sentences.partition_point(|&start| start as usize <= place).saturating_sub(1)
    }

    pub fn sentence_count(&self) -> usize {
        self.sentences.len()
    }

    /// Where characters `from..to` stand.
    pub fn span(&self, from: usize, to: usize) -> Span {
        match (self.spans.get(from), to.checked_sub(1).and_then(|last| self.spans.get(last))) {
            (Some(first), Some(last)) => first.to(*last),
            _ => Span::default(),
        }
    }

    pub fn is_break(&self, place: usize) -> bool {
        self.chars.get(place) == Some(&BREAK)
    }

    /// Every gram with its place: a number that depends on nothing but its characters.
    pub fn grams(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
        let out = (0..GRAM).fold(1u64, |power, _| power.wrapping_mul(BASE));
        let mut hash = 0u64;
        let mut since = 0usize;
        self.chars.iter().enumerate().filter_map(move |(place, &c)| {
            hash = hash.wrapping_mul(BASE).wrapping_add(spread(c));
            if let Some(gone) = place.checked_sub(GRAM) {
                hash = hash.wrapping_sub(spread(self.chars[gone]).wrapping_mul(out));
            }
            since = if c == BREAK { 0 } else { since + 1 };
            (since >= GRAM).then(|| (place + 1 - GRAM, mix(hash)))
        })
    }

    /// The grams that are kept, by number, each once.
    pub fn sketch(&self) -> Vec<u32> {
        let mut kept: Vec<u32> = self.grams().filter_map(|(_, hash)| sampled(hash)).collect();
        kept.sort_unstable();
        kept.dedup();
        kept.truncate(MOST);
        kept
    }
}

/// The number under which a gram is kept, if it is.
pub fn sampled(hash: u64) -> Option<u32> {
    ((hash >> 32) as u32 <= u32::MAX / SAMPLE).then_some(hash as u32)
}

fn is_heading(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading(_))
}

fn spread(c: char) -> u64 {
    mix(u64::from(u32::from(c)))
}

/// The finaliser of MurmurHash3.
fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ hash >> 33
}
