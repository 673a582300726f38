//! Positions as the protocol counts them. Nothing else knows UTF-16.
//!
//! Takes byte spans of a text with LF line ends; gives lines and characters in the encoding that was agreed
//! on, and the way back.

use lsp_types::{Position, Range};

use crate::document::{LineIndex, Span};

/// What a character of a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The best of those the client knows, in the order of its preference; a client that says nothing knows UTF-16.
    pub fn agreed(offered: &[String]) -> Encoding {
        let known = |name: &String| match name.as_str() {
            "utf-8" => Some(Encoding::Utf8),
            "utf-16" => Some(Encoding::Utf16),
            "utf-32" => Some(Encoding::Utf32),
            _ => None,
        };
        offered.iter().find_map(known).unwrap_or(Encoding::Utf16)
    }

    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Utf32 => "utf-32",
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    /// The byte of `text` at `position`; past the end of a line its end, past the last line the end of the text,
    /// inside a character its start.
    pub fn offset(self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let start = if line == 0 { Some(0) } else { ends.map(|end| end + 1).nth(line - 1) };
        let Some(start) = start else { return text.len() };
        let (mut at, mut seen) = (start, 0);
        for c in text[start..].chars() {
            seen += self.width(c);
            if c == '\n' || seen > position.character as usize {
                break;
            }
            at += c.len_utf8();
        }
        at
    }
}

/// From bytes to positions, in constant time however long a line is.
#[derive(Debug)]
pub struct Places {
    encoding: Encoding,
    lines: LineIndex,
    /// Where characters stand that are two units of UTF-16.
    pairs: Vec<u32>,
}

impl Places {
    pub fn new(text: &str, encoding: Encoding) -> Places {
        let is_lead = |(at, &byte): (usize, &u8)| (byte >= 0xF0).then_some(at as u32);
        let pairs = match encoding {
            Encoding::Utf16 => text.as_bytes().iter().enumerate().filter_map(is_lead).collect(),
            Encoding::Utf8 | Encoding::Utf32 => Vec::new(),
        };
        Places { encoding, lines: LineIndex::new(text), pairs }
    }

    pub fn position(&self, text: &str, offset: u32) -> Position {
        let at = self.lines.position(text, offset as usize);
        let line = at.line - 1;
        let start = self.lines.line_range(text, at.line as usize).map_or(0, |line| line.start as u32);
        let offset = offset.min(text.len() as u32);
        let pairs = |to: u32| self.pairs.partition_point(|&pair| pair < to) as u32;
        let character = match self.encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => at.column - 1 + pairs(offset) - pairs(start),
            Encoding::Utf32 => at.column - 1,
        };
        Position { line, character }
    }

    pub fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }

    /// From 1, as people count.
    pub fn line(&self, text: &str, offset: u32) -> u32 {
        self.lines.position(text, offset as usize).line
    }

    pub fn offset(&self, text: &str, position: Position) -> u32 {
        self.encoding.offset(text, position) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_lead_there_and_back() {
        let text = "勾稽𠮷表\n\n共20万元𠮷𠮷a\n末";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let places = Places::new(text, encoding);
            for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
                let position = places.position(text, at as u32);
                assert_eq!(encoding.offset(text, position), at, "{encoding:?} {position:?}");
            }
        }
        let places = Places::new(text, Encoding::Utf16);
        let at = text.find('表').unwrap() as u32;
        assert_eq!(places.position(text, at), Position { line: 0, character: 4 });
        assert_eq!(places.offset(text, Position { line: 0, character: 3 }), 6, "inside a pair");
        assert_eq!(places.offset(text, Position { line: 0, character: 99 }), 13, "past the line");
        assert_eq!(places.offset(text, Position { line: 99, character: 0 }), text.len() as u32);
    }
}
