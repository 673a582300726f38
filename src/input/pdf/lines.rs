//! Characters to lines: those that stand beside each other, from left to right.
//!
//! Takes the characters of a page or a cell in any order; gives lines from top to bottom.

use std::ops::Range;

use super::glyphs::Glyph;
use crate::document::chars::is_han;

/// Characters nearer than that part of their size are one and the same, drawn twice to look bold.
const TWICE: f64 = 0.2;
/// A gap of that many sizes parts Latin words where no blank is drawn.
const WORD: f64 = 0.25;
/// A gap of that many sizes parts more than words.
pub const WIDE: f64 = 1.9;

#[derive(Debug, Clone)]
pub struct Line {
    /// From left to right, without blanks; at least one.
    pub glyphs: Vec<Glyph>,
    /// For each character whether a blank is drawn before it.
    blanks: Vec<bool>,
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    /// Of the largest part of its characters.
    pub size: f64,
}

pub fn lines(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut glyphs = glyphs;
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    let mut first: Option<(f64, f64)> = None;
    for glyph in glyphs {
        match (first, rows.last_mut()) {
            (Some((y, size)), Some(row)) if glyph.y - y <= 0.25 * size.min(glyph.size).max(2.0) => {
                row.push(glyph)
            }
            _ => {
                first = Some((glyph.y, glyph.size));
                rows.push(vec![glyph]);
            }
        }
    }
    let lines = rows.into_iter().filter_map(Line::of);
    let mut done: Vec<Line> = Vec::new();
    for line in lines {
        match done.last_mut() {
            Some(last) if last.is_raised_in(&line) => {
                last.raise();
                last.take(line);
            }
            Some(last) if line.is_raised_in(last) => last.take(line),
            _ => done.push(line),
        }
    }
    done
}

impl Line {
    fn of(mut row: Vec<Glyph>) -> Option<Line> {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(row.len());
        let mut blanks = Vec::with_capacity(row.len());
        let mut blank = false;
        for mut glyph in row {
            if glyph.is_blank() {
                blank = true;
                continue;
            }
            if let Some(last) = glyphs.last_mut() {
                if last.text == glyph.text && glyph.x0 - last.x0 < TWICE * glyph.size {
                    continue;
                }
                // Advances overlap where the font is not at hand or letters are pressed together.
                last.x1 = last.x1.min(glyph.x0.max(last.x0 + 0.1 * last.size));
            }
            glyph.x1 = glyph.x1.max(glyph.x0);
            glyphs.push(glyph);
            blanks.push(blank);
            blank = false;
        }
        let (x0, x1) = (glyphs.first()?.x0, glyphs.last()?.x1);
        let mut sizes: Vec<f64> = glyphs.iter().map(|glyph| glyph.size).collect();
        sizes.sort_by(f64::total_cmp);
        let size = sizes[sizes.len() / 2];
        let y = glyphs.iter().rev().max_by(|a, b| a.size.total_cmp(&b.size))?.y;
        Some(Line { glyphs, blanks, x0, x1, y, size })
    }

    /// Small characters that stand in the gaps of a line a little above or below: footnote marks, ㎡ set by hand.
    fn is_raised_in(&self, line: &Line) -> bool {
        let near = (self.y - line.y).abs() < 0.65 * line.size;
        near && self.size < 0.8 * line.size
            && self.x1 > line.x0 - line.size
            && self.x0 < line.x1 + line.size
            && {
                let hits = |small: &Glyph| {
                    let next = line.glyphs.partition_point(|glyph| glyph.x0 < small.x0);
                    let before = next
                        .checked_sub(1)
                        .is_some_and(|at| line.glyphs[at].x1 > small.x0 + 0.3 * small.size);
                    before
                        || line.glyphs.get(next).is_some_and(|glyph| glyph.x0 < small.x1 - 0.3 * small.size)
                };
                !self.glyphs.iter().any(hits)
            }
    }

    /// Digits set high are a footnote's mark or a power, no figure.
    fn raise(&mut self) {
        for glyph in &mut self.glyphs {
            let raised = |c: char| c.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize));
            glyph.text = glyph.text.chars().map(|c| raised(c).unwrap_or(c)).collect();
        }
    }

    fn take(&mut self, other: Line) {
        let (y, size) = if self.size >= other.size { (self.y, self.size) } else { (other.y, other.size) };
        let mut all: Vec<(Glyph, bool)> =
            std::mem::take(&mut self.glyphs).into_iter().zip(self.blanks.drain(..)).collect();
        all.extend(other.glyphs.into_iter().zip(other.blanks));
        all.sort_by(|a, b| a.0.x0.total_cmp(&b.0.x0));
        (self.glyphs, self.blanks) = all.into_iter().unzip();
        (self.x0, self.x1) = (self.x0.min(other.x0), self.x1.max(other.x1));
        (self.y, self.size) = (y, size);
    }

    /// A new line of these characters of it.
    pub fn part(&self, from: usize, to: usize) -> Line {
        let glyphs = self.glyphs[from..to].to_vec();
        let (x0, x1) = (glyphs[0].x0, glyphs[glyphs.len() - 1].x1);
        Line { blanks: self.blanks[from..to].to_vec(), x0, x1, glyphs, ..*self }
    }

    /// Where gaps wider than `sizes` part it: ranges of its characters.
    pub fn segments(&self, sizes: f64) -> Vec<(usize, usize)> {
        let mut segments = Vec::new();
        let mut from = 0;
        for at in 1..self.glyphs.len() {
            if self.glyphs[at].x0 - self.glyphs[at - 1].x1 > sizes * self.size {
                segments.push((from, at));
                from = at;
            }
        }
        segments.push((from, self.glyphs.len()));
        segments
    }

    /// What it says. Blanks beside Chinese characters only spread the text over the line and are left out, unless
    /// they part columns.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.say(&mut out, &mut Vec::new());
        out
    }

    /// The same, added to `out`, with the ranges of `out` that are crossed out.
    pub fn say(&self, out: &mut String, struck: &mut Vec<Range<usize>>) {
        for (at, glyph) in self.glyphs.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| &self.glyphs[at]);
            if let Some(before) = before {
                let gap = (glyph.x0 - before.x1) / self.size.max(1.0);
                let latin = |text: &str, last: bool| {
                    let c = if last { text.chars().next_back() } else { text.chars().next() };
                    c.is_some_and(|c| c.is_ascii_graphic())
                };
                let words = latin(&before.text, true) && latin(&glyph.text, false);
                if words && (self.blanks[at] && gap > 0.1 || gap > WORD) {
                    out.push(' ');
                }
                if gap > WIDE {
                    out.push_str(if words { " " } else { "  " });
                }
                // What is crossed out is no part of the figure beside it.
                if before.struck != glyph.struck && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            let from = out.len();
            out.push_str(&glyph.text);
            match struck.last_mut() {
                Some(last) if glyph.struck && at > 0 && self.glyphs[at - 1].struck => last.end = out.len(),
                _ if glyph.struck => struck.push(from..out.len()),
                _ => {}
            }
        }
    }

    /// How wide the first characters are that no line end may part: a figure, a word, what may not begin a line.
    pub fn first_token(&self) -> f64 {
        let c = |at: usize| self.glyphs.get(at).and_then(|glyph| glyph.text.chars().next());
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%' | '-' | '/');
        let mut at = 0;
        while c(at).is_some_and(|c| "（(“‘《〈【〔「『[".contains(c)) {
            at += 1;
        }
        if c(at).is_some_and(word) {
            while c(at).is_some_and(word) && !self.blanks.get(at).is_some_and(|&blank| blank && at > 0) {
                at += 1;
            }
        } else {
            at += 1;
        }
        while c(at).is_some_and(|c| "，。、；：）)”’》〉】〕」』]！？％,.;:!?%".contains(c))
        {
            at += 1;
        }
        self.glyphs[at.min(self.glyphs.len()) - 1].x1 - self.x0
    }
}

/// Whether nothing, and not a blank, parts what ends with `before` from what begins with `after` on the next line.
pub fn fuses(before: char, after: char) -> bool {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let word = |c: char| c.is_ascii_alphanumeric();
    is_han(before) || is_han(after) || !(word(before) && word(after)) || digits(before) && digits(after)
}
