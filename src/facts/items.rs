//! A block as a run of items: figures, dates, words of the lexicon, punctuation, numbering marks and
//! the text between.
//!
//! Takes a block with its tokens; gives [`Item`]s in order, without gaps but for blanks and markup.

use crate::document::chars::{self, Passing};
use crate::document::{Document, Span};
use crate::lexer::ordinal::Style;
use crate::rules::Entry;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    pub span: Span,
    /// Nothing a reader sees stands between it and the item before: at most markup or a soft line end.
    pub glued: bool,
    pub token: Token,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token {
    /// Place in `Lexed::quantities`.
    Quantity(u32),
    /// Year of a date, where it has one.
    Date(Option<u16>),
    Word(Entry),
    Punctuation(char),
    /// A numbering mark: style and value.
    Mark(Style, u32),
    Text,
}

/// A token found by an earlier stage, to be laid into the run.
#[derive(Debug, Clone, Copy)]
pub struct Anchor {
    pub span: Span,
    pub token: Token,
}

/// Calls `each` for the items of `block`: `anchors` (sorted, disjoint), and what lies between them as
/// punctuation and text. Titles in 《》 are one piece of text whatever stands in them.
pub fn lay(document: &Document, block: Span, anchors: &[Anchor], mut each: impl FnMut(Item)) {
    let mut markup =
        document.markup[document.markup.partition_point(|span| span.end <= block.start)..].iter().peekable();
    let mut glued = true;
    let mut at = block.start as usize;
    let end = block.end as usize;
    let mut next = anchors.iter().peekable();
    let text = document.text.as_str();
    while at < end {
        while next.peek().is_some_and(|anchor| (anchor.span.start as usize) < at) {
            next.next();
        }
        while markup.peek().is_some_and(|span| (span.end as usize) <= at) {
            markup.next();
        }
        let hidden = markup.peek().map_or(end, |span| span.start as usize);
        if hidden == at {
            at = markup.next().map_or(end, |span| span.end as usize);
            continue;
        }
        if let Some(anchor) = next.peek()
            && anchor.span.start as usize == at
        {
            each(Item { span: anchor.span, glued: std::mem::replace(&mut glued, true), token: anchor.token });
            at = anchor.span.end as usize;
            next.next();
            continue;
        }
        let stop = next.peek().map_or(end, |anchor| anchor.span.start as usize).min(hidden);
        at = lay_gap(text, at, stop, end, &mut glued, &mut each);
    }
}

/// One item of the text at `at`, before `stop`; a title in 《》 may run past `stop`.
fn lay_gap(
    text: &str,
    at: usize,
    stop: usize,
    end: usize,
    glued: &mut bool,
    each: &mut impl FnMut(Item),
) -> usize {
    let Some(c) = text[at..stop].chars().next() else { return stop };
    let after = at + c.len_utf8();
    let mut push = |end: usize, token: Token| {
        each(Item { span: Span::of(at, end), glued: std::mem::replace(glued, true), token });
        end
    };
    if chars::is_han(c) {
        return push(text_end(text, after, stop), Token::Text);
    }
    if c == '《' {
        let title = &text[after..end];
        let close = title
            .char_indices()
            .take(80)
            .find(|&(_, c)| c == '》')
            .map(|(place, _)| after + place + '》'.len_utf8());
        return push(close.unwrap_or(after), Token::Text);
    }
    if is_blank(c) {
        *glued &= c == '\n';
        return after;
    }
    if is_punctuation(c) {
        return push(after, Token::Punctuation(c));
    }
    push(text_end(text, after, stop), Token::Text)
}

/// Where the text at `from` ends: at punctuation, a blank, a title, or at `stop`.
fn text_end(text: &str, from: usize, stop: usize) -> usize {
    let mut at = from;
    let bytes = &text.as_bytes()[..stop];
    loop {
        at = chars::pass(bytes, at, &WITHOUT_ENDS);
        let Some(c) = text[at..stop].chars().next() else { return stop };
        if is_punctuation(c) || is_blank(c) || c == '《' {
            return at;
        }
        at += c.len_utf8();
    }
}

/// Bytes that punctuation or a blank can begin with: ASCII but for letters and digits, and the lead
/// bytes of the blocks that hold the wide ones.
const ENDS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte < 0x80 && !(byte as u8).is_ascii_alphanumeric();
        table[byte] = ascii || matches!(byte as u8, 0xC2 | 0xE1..=0xE3 | 0xEF);
        byte += 1;
    }
    table
};

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{feff}' | '*' | '_' | '|')
}

fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '；'
            | '：'
            | '、'
            | '（'
            | '）'
            | ','
            | ';'
            | ':'
            | '('
            | ')'
            | '！'
            | '？'
            | '!'
            | '?'
            | '“'
            | '”'
            | '"'
            | '‘'
            | '’'
            | '—'
            | '…'
            | '.'
            | '/'
            | '〔'
            | '〕'
            | '【'
            | '】'
            | '['
            | ']'
            | '+'
            | '='
            | '－'
            | '-'
    )
}

static WITHOUT_ENDS: Passing = chars::passing(&ENDS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_text_has_its_byte() {
        for c in '\u{0}'..=char::MAX {
            let ends = is_punctuation(c) || is_blank(c) || c == '《';
            let byte = c.encode_utf8(&mut [0; 4]).as_bytes()[0];
            assert!(!ends || ENDS[usize::from(byte)], "{c:?}");
        }
    }
}
