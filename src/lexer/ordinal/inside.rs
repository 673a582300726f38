//! Numbering marks that stand inside a paragraph.
//!
//! Takes the text of a block; gives the marks after its clause marks and line ends.

use super::{Boundary, Ordinal, at, is_blank, is_digit, is_numeral};
use crate::document::Span;
use crate::document::chars::{self, Passing, Wide};

/// Calls `found` for every mark inside `text[span]` but `first`, which stands at its start. In a block so long
/// that it must be a page flattened to one line, marks that follow a blank or nothing count too.
pub fn inside(text: &str, span: Span, first: Option<Ordinal>, mut found: impl FnMut(Ordinal, Boundary)) {
    const FLATTENED: usize = 2400;
    /// Blanks between a clause mark and an ordinal; bounded, or a long run would be read again at each.
    const MOST_BLANKS: usize = 8;
    let Some(block) = text.get(span.range()) else { return };
    let flattened = block.len() > FLATTENED;
    let bytes = block.as_bytes();
    let base = span.start as usize;
    let blanks = block.len() - block.trim_start_matches(is_blank).len();
    let mut i = first.map_or(blanks, |first| first.span.end as usize - base);
    while i < bytes.len() {
        if !flattened {
            i = chars::pass(bytes, i, &WITHOUT_BOUNDARIES);
            if i == bytes.len() {
                break;
            }
        }
        let (len, boundary) = match bytes[i] {
            b';' | b':' | b'\n' => (1, Boundary::Strong),
            b' ' if flattened => (1, Boundary::Medium),
            0xE3 if bytes[i..].starts_with("。".as_bytes()) => (3, Boundary::Strong),
            0xE3 if bytes[i..].starts_with("、".as_bytes()) => (3, Boundary::Medium),
            0xE3 if flattened && bytes[i..].starts_with("\u{3000}".as_bytes()) => (3, Boundary::Medium),
            0xEF if bytes[i..].starts_with("，".as_bytes()) => (3, Boundary::Medium),
            0xEF if ["；", "：", "！", "？"].iter().any(|mark| bytes[i..].starts_with(mark.as_bytes())) => {
                (3, Boundary::Strong)
            }
            _ if flattened => (0, Boundary::Weak),
            _ => {
                i += 3;
                continue;
            }
        };
        let mut at_byte = i + len;
        if boundary == Boundary::Weak {
            match weak_start(block, i) {
                Some(start) => at_byte = start,
                None => {
                    i += 1;
                    continue;
                }
            }
        } else {
            if !may_follow(bytes, at_byte) {
                i = at_byte;
                continue;
            }
            let passed = block[at_byte..].chars().take(MOST_BLANKS);
            let passed = passed.take_while(|&c| is_blank(c) || c == '”' || c == '\n');
            at_byte += passed.map(char::len_utf8).sum::<usize>();
        }
        let mark =
            block.get(at_byte..).filter(|rest| !rest.is_empty()).and_then(|rest| at(rest, base + at_byte));
        match mark {
            Some(mark)
                if mark.is_plain()
                    && (boundary != Boundary::Medium || flattened || mark.style.follows_comma()) =>
            {
                found(mark, boundary);
                i = mark.span.end as usize - base;
            }
            _ if len == 0 => i += 1,
            _ => i = at_byte,
        }
    }
}

/// Whether a numbering mark, or a blank before one, may stand at byte `at`: most clauses begin with neither,
/// and one look says so.
pub(super) fn may_follow(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at..) {
        Some(&[lead @ 0xE3..=0xE9, second, third, ..]) => STARTS.has(lead, second, third),
        Some(&[byte, ..]) => {
            byte >= 0x80 || byte.is_ascii_digit() || matches!(byte, b'(' | b' ' | b'\t' | b'\n')
        }
        _ => false,
    }
}

/// The characters from U+3000 to U+9FFF that a mark begins with, or that stand before one.
static STARTS: Wide = Wide::of("\u{3000}第首其再最一二三四五六七八九十百零〇㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩");

/// What a clause mark or a line end can begin with.
const BOUNDARIES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b';' | b':' | b'\n' | 0xE3 | 0xEF);
        byte += 1;
    }
    table
};

static WITHOUT_BOUNDARIES: Passing = chars::passing(&BOUNDARIES);

/// Where a mark might start that nothing introduces: a bracket, or the number before a 、 or dot at `i`.
fn weak_start(block: &str, i: usize) -> Option<usize> {
    let bytes = block.as_bytes();
    match bytes[i] {
        0xEF if bytes[i..].starts_with("（".as_bytes()) => Some(i),
        b'.' => {
            let digits = bytes[..i].iter().rev().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            let before = block[..i - digits].chars().next_back()?;
            (digits > 0 && !before.is_ascii() && !is_digit(before)).then_some(i - digits)
        }
        _ => {
            // A Chinese number right before 、; only its first character may start here.
            if !matches!(bytes[i], 0xE4 | 0xE5) {
                return None;
            }
            let here = block[i..].chars().next()?;
            let before = block[..i].chars().next_back()?;
            if !is_numeral(here) || is_numeral(before) || matches!(before, '第' | '（') {
                return None;
            }
            block[i..].trim_start_matches(is_numeral).starts_with('、').then_some(i)
        }
    }
}
