//! Classes of characters that every stage asks for.

/// A Chinese character.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '\u{20000}'..='\u{3134f}')
}

/// A decimal digit, half or full width.
pub fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// A blank inside a line: space, tab, U+00A0, U+3000 and their kin.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{feff}')
}

/// A full-width mark that ends a clause.
pub fn is_clause_mark(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '：' | '？' | '！')
}

/// A full-width mark that ends a sentence.
pub fn is_stop(c: char) -> bool {
    matches!(c, '。' | '？' | '！' | '…')
}

/// What the lexer looks at wherever it stands: digits, letters that look like digits, numerals, marks.
pub const SIGNS: &str = "0123456789０１２３４５６７８９OolI零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿\
                         ,;:?!()[]\"'，。；：？！、…（）［］〔〕【】《》〈〉「」『』“”‘’";

/// The character at byte `at` of a text, where one begins, and its length. Nearly all have three bytes.
#[inline(always)]
pub fn character(bytes: &[u8], at: usize) -> (u32, usize) {
    let low = |byte: u8| u32::from(byte & 0x3F);
    match bytes[at..] {
        [lead @ 0xE0..=0xEF, second, third, ..] => {
            (u32::from(lead & 0xF) << 12 | low(second) << 6 | low(third), 3)
        }
        [lead @ 0..=0x7F, ..] => (lead.into(), 1),
        [lead @ 0xF0..=0xFF, second, third, fourth, ..] => {
            (u32::from(lead & 7) << 18 | low(second) << 12 | low(third) << 6 | low(fourth), 4)
        }
        [lead, second, ..] => (u32::from(lead & 0x1F) << 6 | low(second), 2),
        _ => (0, 1),
    }
}

/// A set of characters of three bytes, which most of a Chinese text are.
pub struct Wide([u64; 1024]);

impl Wide {
    /// The characters of three bytes in `characters`, which must hold no others.
    pub const fn of(characters: &str) -> Self {
        let bytes = characters.as_bytes();
        let mut set = [0; 1024];
        let mut at = 0;
        while at < bytes.len() {
            let code = Self::code(bytes[at], bytes[at + 1], bytes[at + 2]);
            set[code >> 6] |= 1 << (code & 63);
            at += 3;
        }
        Wide(set)
    }

    const fn code(lead: u8, second: u8, third: u8) -> usize {
        ((lead & 0xF) as usize) << 12 | ((second & 0x3F) as usize) << 6 | (third & 0x3F) as usize
    }

    /// Whether `c` is in the set.
    pub const fn holds(&self, c: char) -> bool {
        let code = c as usize;
        code < 1 << 16 && self.0[code >> 6] >> (code & 63) & 1 == 1
    }

    /// Whether the character of these bytes is in the set.
    pub const fn has(&self, lead: u8, second: u8, third: u8) -> bool {
        let code = Self::code(lead, second, third);
        self.0[code >> 6] >> (code & 63) & 1 == 1
    }
}

/// How far to go on from a character with this first byte; 0 where it must be looked at.
pub type Passing = [u8; 256];

/// Passes over every character but those whose first byte is in `stops`.
pub const fn passing(stops: &[bool; 256]) -> Passing {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if !stops[byte] {
            table[byte] = match byte {
                0xC0..0xE0 => 2,
                0xE0..0xF0 => 3,
                0xF0.. => 4,
                _ => 1,
            };
        }
        byte += 1;
    }
    table
}

/// The next place from `from`, a character's start, that `table` does not pass over; at most the length.
pub fn pass(bytes: &[u8], from: usize, table: &Passing) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match table[usize::from(byte)] {
            0 => return at,
            step => at += usize::from(step),
        }
    }
    bytes.len()
}

/// Whether `word` stands in `text`.
pub fn holds(text: &str, word: &str) -> bool {
    text.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_read_as_they_are() {
        let text = "a\u{a0}é支，😀b";
        for (at, c) in text.char_indices() {
            assert_eq!(character(text.as_bytes(), at), (c.into(), c.len_utf8()));
        }
    }
}
