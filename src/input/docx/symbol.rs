//! Characters of symbol fonts as characters that mean the same.

use super::xml::Tag;

/// Code in the font, and what it looks like.
const SYMBOL: [(u32, char); 12] = [
    (0xA3, '≤'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB8, '÷'),
    (0xB9, '≠'),
    (0xBB, '≈'),
    (0xD7, '·'),
    (0x2D, '−'),
    (0xD6, '√'),
    (0xE5, '∑'),
];
const WINGDINGS: [(u32, char); 8] =
    [(0x52, '☑'), (0x54, '☒'), (0x6F, '□'), (0xA8, '□'), (0xFB, '×'), (0xFC, '√'), (0xFD, '☒'), (0xFE, '☑')];

/// Codes of a font with what they look like.
pub type Table = &'static [(u32, char)];

/// The table of a font whose characters are symbols.
pub fn table(font: &str) -> Option<Table> {
    match font {
        "Symbol" => Some(&SYMBOL),
        font if font.starts_with("Wingdings") || font.starts_with("Webdings") => Some(&WINGDINGS),
        _ => None,
    }
}

/// What a `w:sym` shows; a blank for a picture that means nothing in text.
pub fn shown(tag: &Tag) -> char {
    let code =
        tag.attribute("char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok()).unwrap_or(0x20);
    let font = tag.attribute("font").unwrap_or_default();
    read(code, table(&font).unwrap_or_default())
}

/// The character of that code in a font with that table.
pub fn read(code: u32, table: Table) -> char {
    // The codes of symbol fonts are moved to where no other characters are.
    let own = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let listed = table.iter().find(|(known, _)| *known == own).map(|&(_, c)| c);
    let plain = || char::from_u32(code).filter(|c| !is_private(*c) && !c.is_control());
    listed.or_else(plain).unwrap_or(' ')
}

/// Whether a character means something in its own font only.
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}
