//! Byte offset to line and column, in constant time whatever the length of a line.

/// A place as people count it: both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Line starts, and a running count of characters every [`STRIDE`] bytes so that a column inside a
/// line of many megabytes costs no more than one inside a short line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    chars_before: Vec<u32>,
}

const STRIDE: usize = 64;

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1)).collect();
        let mut total = 0u32;
        let mut chars_before = Vec::with_capacity(bytes.len() / STRIDE + 1);
        for piece in bytes.chunks(STRIDE) {
            chars_before.push(total);
            total += leading_bytes(piece);
        }
        chars_before.push(total);
        LineIndex { starts, chars_before }
    }

    /// Line and column of `offset`, which is clamped to the text.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start as usize <= offset) - 1;
        let start = self.starts[line] as usize;
        let before = if offset - start <= STRIDE {
            leading_bytes(&text.as_bytes()[start..offset])
        } else {
            self.chars(text, offset) - self.chars(text, start)
        };
        Position { line: line as u32 + 1, column: before + 1 }
    }

    /// Line and column of a place `to` behind `offset`, whose own are `at`.
    pub fn position_after(&self, text: &str, offset: usize, at: Position, to: usize) -> Position {
        let same_line = self.starts.get(at.line as usize).is_none_or(|&next| to < next as usize);
        if same_line && offset <= to && to <= text.len() && to - offset <= STRIDE {
            return Position { column: at.column + leading_bytes(&text.as_bytes()[offset..to]), ..at };
        }
        self.position(text, to)
    }

    /// Byte range of line `line` (from 1) without its line end.
    pub fn line_range(&self, text: &str, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get(line.checked_sub(1)?)? as usize;
        let end = self.starts.get(line).map_or(text.len(), |&next| next as usize - 1);
        Some(start..end)
    }

    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    fn chars(&self, text: &str, offset: usize) -> u32 {
        let stride = offset / STRIDE;
        self.chars_before[stride] + leading_bytes(&text.as_bytes()[stride * STRIDE..offset])
    }
}

/// Counted in bytes of their own, which the processor adds many at a time.
fn leading_bytes(bytes: &[u8]) -> u32 {
    let pieces = bytes.chunks(STRIDE);
    pieces.map(|piece| u32::from(piece.iter().map(|&byte| u8::from(byte as i8 >= -0x40)).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "勾稽\n共20万元";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, text.find("20").unwrap()), Position { line: 2, column: 2 });
        assert_eq!(index.position(text, text.len()), Position { line: 2, column: 6 });
        for (from, at) in text.char_indices().map(|(from, _)| (from, index.position(text, from))) {
            for (to, _) in text.char_indices().filter(|(to, _)| *to >= from) {
                assert_eq!(index.position_after(text, from, at, to), index.position(text, to));
            }
        }
    }

    #[test]
    fn columns_are_right_past_a_stride() {
        let text = format!("{}终", "元".repeat(5000));
        let index = LineIndex::new(&text);
        assert_eq!(index.position(&text, 15_000), Position { line: 1, column: 5001 });
    }
}
