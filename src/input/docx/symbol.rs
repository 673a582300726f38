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

/// What a `w:sym` shows; a blank for a picture that means nothing in text.
pub fn shown(tag: &Tag) -> char {
    let code =
        tag.attribute("char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok()).unwrap_or(0x20);
    let font = tag.attribute("font").unwrap_or_default();
    // The codes of symbol fonts are moved to where no other characters are.
    let own = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let table: &[(u32, char)] = match &*font {
        "Symbol" => &SYMBOL,
        font if font.starts_with("Wingdings") => &WINGDINGS,
        _ => &[],
    };
    let listed = table.iter().find(|(known, _)| *known == own).map(|&(_, c)| c);
    let plain = || char::from_u32(code).filter(|c| !matches!(c, '\u{e000}'..='\u{f8ff}') && !c.is_control());
    listed.or_else(plain).unwrap_or(' ')
}
