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
