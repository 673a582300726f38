//! The lines shown under a finding: long paragraphs cut at clause ends into pieces that fit a terminal.
//!
//! Takes a text and the spans of one finding; gives an [`Excerpt`], a small text of its own in which
//! codespan can underline. It must not know what a finding says.
//!
//! codespan never wraps or cuts a line, and a paragraph of a report is one line of hundreds of
//! characters. Cutting locally, around the spans only, keeps the cost of a finding independent of the
//! length of its line.

use std::borrow::Cow;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};
use unicode_width::UnicodeWidthChar;

use crate::document::{LineIndex, Span};

/// Columns of source text in one piece; with gutter and border a piece fits 80 columns.
const WIDTH: usize = 72;
/// Pieces shown of one span that is itself longer than a piece.
const PIECES: usize = 3;
const ELLIPSIS: &str = "...";

/// A text of the pieces around the spans of one finding, each on a line of its own.
pub struct Excerpt<'a> {
    name: &'a str,
    source: &'a str,
    lines: &'a LineIndex,
    text: String,
    pieces: Vec<Piece>,
}

struct Piece {
    /// Place in the source.
    source: Range<usize>,
    /// Place in `Excerpt::text`, ellipses not included.
    text: Range<usize>,
    /// The same with ellipses.
    line: Range<usize>,
    number: u32,
    /// Line index told to codespan; a jump of three makes it draw a break.
    index: usize,
}

impl<'a> Excerpt<'a> {
    pub fn new(
        name: &'a str,
        source: &'a str,
        lines: &'a LineIndex,
        spans: impl Iterator<Item = Span>,
    ) -> Self {
        let mut segments = Vec::new();
        for span in spans {
            segment(source, span, &mut segments);
        }
        segments.sort_by_key(|segment: &Range<usize>| (segment.start, segment.end));
        let ranges = grow(source, merge(source, segments));
        let mut excerpt = Excerpt { name, source, lines, text: String::new(), pieces: Vec::new() };
        for range in ranges {
            excerpt.push(range);
        }
        excerpt
    }

    fn push(&mut self, source: Range<usize>) {
        let number = self.lines.position(self.source, source.start).line;
        let (index, joined) = match self.pieces.last() {
            None => (0, false),
            Some(last) if last.source.end == source.start => (last.index + 1, true),
            Some(last) if last.number + 1 == number => (last.index + 1, false),
            Some(last) => (last.index + 3, false),
        };
        if joined {
            // What follows is shown, so the piece before needs no ellipsis.
            let last = self.pieces.last_mut().expect("joined to one");
            self.text.truncate(last.text.end);
            self.text.push('\n');
            last.line.end = last.text.end;
        }
        let line_start = self.text.len();
        let at_line_start = source.start == 0 || self.source.as_bytes()[source.start - 1] == b'\n';
        if !joined && !at_line_start {
            self.text.push_str(ELLIPSIS);
        }
        let start = self.text.len();
        push_shown(&mut self.text, &self.source[source.clone()]);
        let end = self.text.len();
        if self.source.as_bytes().get(source.end).is_some_and(|&next| next != b'\n') {
            self.text.push_str(ELLIPSIS);
        }
        let line = line_start..self.text.len();
        self.text.push('\n');
        self.pieces.push(Piece { source, text: start..end, line, number, index });
    }

    /// Where `span` stands in the excerpt, cut to what the excerpt shows of it.
    pub fn place(&self, span: Span) -> Range<usize> {
        let Range { start, end } = span.range();
        let first = self
            .pieces
            .iter()
            .find(|piece| start < piece.source.end || start == end && start == piece.source.end);
        let Some(first) = first.or(self.pieces.last()) else { return 0..0 };
        let from = first.text.start + start.clamp(first.source.start, first.source.end) - first.source.start;
        let last =
            self.pieces.iter().rev().find(|piece| piece.source.start < end && piece.source.end > start);
        let to = last.map_or(from, |last| last.text.start + end.min(last.source.end) - last.source.start);
        from..to.max(from)
    }

    fn piece_at(&self, at: usize) -> Option<&Piece> {
        let place = self.pieces.partition_point(|piece| piece.line.start <= at);
        self.pieces.get(place.saturating_sub(1))
    }

    fn piece(&self, index: usize) -> Option<&Piece> {
        let place = self.pieces.partition_point(|piece| piece.index <= index);
        self.pieces.get(place.saturating_sub(1))
    }
}

impl<'a> Files<'a> for Excerpt<'a> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), at: usize) -> Result<usize, Error> {
        self.piece_at(at).map(|piece| piece.index).ok_or(Error::FileMissing)
    }

    fn line_number(&'a self, (): (), index: usize) -> Result<usize, Error> {
        self.piece(index).map(|piece| piece.number as usize).ok_or(Error::FileMissing)
    }

    fn column_number(&'a self, (): (), _index: usize, at: usize) -> Result<usize, Error> {
        let piece = self.piece_at(at).ok_or(Error::FileMissing)?;
        let source = piece.source.start + at.clamp(piece.text.start, piece.text.end) - piece.text.start;
        Ok(self.lines.position(self.source, source).column as usize)
    }

    fn line_range(&'a self, (): (), index: usize) -> Result<Range<usize>, Error> {
        let piece = self.piece(index).ok_or(Error::FileMissing)?;
        // An index inside a break has no text.
        Ok(if piece.index == index { piece.line.clone() } else { piece.line.end..piece.line.end })
    }
}

/// Cuts `span` into at most [`PIECES`] parts, each inside one line and no wider than a piece.
fn segment(source: &str, span: Span, segments: &mut Vec<Range<usize>>) {
    let Range { start, end } = span.range();
    if start == end {
        segments.push(start..end);
        return;
    }
    let mut at = start;
    for _ in 0..PIECES {
        if at >= end {
            return;
        }
        if source.as_bytes()[at] == b'\n' {
            at += 1;
            continue;
        }
        let to = forward(source, at, end, WIDTH);
        segments.push(at..to);
        at = to;
    }
}

/// Joins segments that fit one piece.
fn merge(source: &str, segments: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for segment in segments {
        let Some(last) = merged.last_mut() else {
            merged.push(segment);
            continue;
        };
        if segment.end <= last.end {
            continue;
        }
        let close = segment.end - last.start <= WIDTH * 4;
        let whole = &source[last.start..if close { segment.end } else { last.end }];
        if close && !whole.contains('\n') && width(whole) <= WIDTH {
            last.end = segment.end;
        } else {
            let start = segment.start.max(last.end);
            merged.push(start..segment.end);
        }
    }
    merged
}

/// Gives every piece as much of its surroundings as fits, up to a clause end on either side.
fn grow(source: &str, mut pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
    for place in 0..pieces.len() {
        let floor = if place == 0 { 0 } else { pieces[place - 1].end };
        let ceiling = pieces.get(place + 1).map_or(source.len(), |next| next.start);
        let piece = &mut pieces[place];
        let room = WIDTH.saturating_sub(width(&source[piece.clone()]));
        piece.start = backward(source, piece.start, floor, room * 2 / 3);
        let room = WIDTH.saturating_sub(width(&source[piece.clone()]));
        piece.end = forward_from(source, piece.end, ceiling, room);
        let room = WIDTH.saturating_sub(width(&source[piece.clone()]));
        piece.start = backward(source, piece.start, floor, room);
    }
    pieces
}

/// The furthest clause end at or before `end` within `room` columns of `at`; the furthest character
/// where there is no clause end.
fn forward(source: &str, at: usize, end: usize, room: usize) -> usize {
    let (mut used, mut best, mut last) = (0, None, at);
    for (offset, c) in source[at..end].char_indices() {
        if c == '\n' {
            return at + offset;
        }
        used += c.width().unwrap_or(0);
        if used > room && last > at {
            return best.unwrap_or_else(|| before_figure(source, at, last));
        }
        last = at + offset + c.len_utf8();
        if is_clause_end(c) {
            best = Some(last);
        }
    }
    end
}

/// Like [`forward`], but stays at `at` when not even one clause fits and text would be torn.
fn forward_from(source: &str, at: usize, end: usize, room: usize) -> usize {
    if room == 0 || at >= end || source.as_bytes()[at] == b'\n' { at } else { forward(source, at, end, room) }
}

/// The furthest place back from `at`, at a clause start, within `room` columns and not before `floor`.
fn backward(source: &str, at: usize, floor: usize, room: usize) -> usize {
    let (mut used, mut best, mut last) = (0, None, at);
    for (offset, c) in source[floor..at].char_indices().rev() {
        let start = floor + offset;
        if c == '\n' {
            return last;
        }
        if is_clause_end(c) && last < at {
            best = Some(last);
        }
        used += c.width().unwrap_or(0);
        if used > room {
            return best.unwrap_or_else(|| after_figure(source, last, at));
        }
        last = start;
    }
    floor
}

/// A figure cut in two would show another figure: the cut moves past what is left of one.
fn after_figure(source: &str, from: usize, to: usize) -> usize {
    to - source[from..to].trim_start_matches(is_figure).len()
}

/// The same at the other end; a text that is one figure stays cut where it was.
fn before_figure(source: &str, from: usize, to: usize) -> usize {
    let whole = from + source[from..to].trim_end_matches(is_figure).len();
    if whole > from { whole } else { to }
}

fn is_figure(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%' | '０'..='９' | '．')
}

fn is_clause_end(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '：' | '、' | '！' | '？' | '\t')
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// `text` without characters that could move the cursor, replaced by ones of the same length in bytes.
fn push_shown(out: &mut String, text: &str) {
    out.extend(text.chars().map(shown));
}

/// The same for a message.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| c != '\n' && shown(c) != c) {
        Cow::Owned(text.chars().map(|c| if c == '\n' { c } else { shown(c) }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn shown(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\u{1f}' | '\u{7f}' => '?',
        '\u{80}'..='\u{9f}' => '¿',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            '\u{fffd}'
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(source: &str, quotes: &[&str]) -> (String, Vec<String>) {
        let lines = LineIndex::new(source);
        let spans: Vec<Span> = quotes
            .iter()
            .map(|quote| {
                let at = source.find(quote).expect("quote stands in the source");
                Span::of(at, at + quote.len())
            })
            .collect();
        let excerpt = Excerpt::new("甲.txt", source, &lines, spans.iter().copied());
        let places = spans.iter().map(|&span| excerpt.text[excerpt.place(span)].to_owned()).collect();
        (excerpt.text.clone(), places)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(
            excerpt("前\n共20万元。\n后", &["20万元"]),
            ("共20万元。\n".into(), vec!["20万元".into()])
        );
    }

    #[test]
    fn a_long_line_is_cut_at_clauses_and_never_wider_than_a_piece() {
        let source = "甲".repeat(60) + "，支出合计20万元，" + &"乙".repeat(60) + "，余额为零。";
        let (text, places) = excerpt(&source, &["20万元", "余额为零"]);
        assert_eq!(places, ["20万元", "余额为零"]);
        assert!(text.lines().all(|line| width(line) <= WIDTH + 2 * ELLIPSIS.len()), "{text}");
        assert!(text.starts_with("..."), "{text}");
    }

    #[test]
    fn no_figure_is_cut_in_two() {
        for shift in 0..12 {
            let source = format!(
                "{}138.43万元{}20万元{}118.43万元。",
                "甲".repeat(30),
                "乙".repeat(20 + shift),
                "丙".repeat(20)
            );
            let (text, _) = excerpt(&source, &["20万元"]);
            for part in ["138.43", "118.43"] {
                let digits: Vec<&str> =
                    text.split(|c: char| !is_figure(c)).map(|one| one.trim_matches('.')).collect();
                assert!(
                    digits.iter().all(|one| !part.contains(one) || one.is_empty() || *one == part),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_span_longer_than_a_piece_is_cut_short() {
        let source = "丙".repeat(5000);
        let (text, places) = excerpt(&source, &[&source]);
        assert_eq!(text.lines().count(), PIECES);
        assert!(places[0].starts_with("丙"));
    }

    #[test]
    fn an_empty_span_at_the_end_has_a_place() {
        let source = "总结";
        let lines = LineIndex::new(source);
        let excerpt = Excerpt::new("a", source, &lines, std::iter::once(Span::of(6, 6)));
        assert_eq!(excerpt.place(Span::of(6, 6)), 6..6);
    }

    #[test]
    fn cursor_movers_are_not_printed() {
        assert_eq!(printable("a\u{1b}[2Jb"), "a?[2Jb");
    }
}
