//! What a paragraph and its style say of it: table, row, heading, list.

use super::sprm;
use crate::input::little_endian::{i16_at, slice, u8_at, u16_at, u32_at};

/// Properties of a paragraph that matter to its reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paragraph {
    /// How many tables it stands in.
    pub depth: u32,
    pub row_end: bool,
    /// It ends a cell, or a row, of a table inside a cell.
    pub inner_end: bool,
    /// Level of a heading from 0.
    pub level: Option<u8>,
    /// List from 1 in the table of list overrides.
    pub list: Option<u16>,
    pub list_level: u8,
    hidden: bool,
}

impl Paragraph {
    pub fn apply(&mut self, code: u16, operand: &[u8]) {
        let flag = operand.first().is_some_and(|&value| value != 0);
        match code {
            sprm::IN_TABLE => self.depth = self.depth.max(u32::from(flag)),
            sprm::DEPTH => self.depth = u32_at(operand, 0).unwrap_or(0).max(self.depth),
            sprm::ROW_END => self.row_end = flag,
            sprm::INNER_CELL | sprm::INNER_ROW_END => self.inner_end |= flag,
            sprm::OUTLINE_LEVEL => self.level = u8_at(operand, 0).filter(|&level| level < 9),
            sprm::LIST_LEVEL => self.list_level = u8_at(operand, 0).unwrap_or(0).min(8),
            // Zero switches the list of the style off; some negative numbers say that a list was once there.
            sprm::LIST => {
                self.list =
                    i16_at(operand, 0).filter(|&list| list > 0 && list != 2047).map(|list| list as u16)
            }
            _ => {}
        }
    }
}

#[derive(Default)]
pub struct Styles(Vec<Paragraph>);

/// Deepest chain of styles that is followed.
const CHAIN: usize = 16;
const NO_STYLE: u16 = 0x0fff;

struct Style<'a> {
    base: u16,
    level: Option<u8>,
    paragraph: &'a [u8],
    hidden: Option<bool>,
}

impl Styles {
    pub fn read(bytes: &[u8]) -> Styles {
        let styles = table(bytes).unwrap_or_default();
        Styles((0..styles.len()).map(|style| resolved(&styles, style)).collect())
    }

    /// A paragraph of the style, before its own changes.
    pub fn paragraph(&self, style: u16) -> Paragraph {
        self.0.get(usize::from(style)).copied().unwrap_or_default()
    }

    /// Whether text of the style is hidden.
    pub fn hides(&self, style: u16) -> bool {
        self.paragraph(style).hidden
    }
}

fn resolved(styles: &[Option<Style>], style: usize) -> Paragraph {
    let mut chain = Vec::new();
    let mut at = style;
    while let Some(Some(style)) = styles.get(at) {
        chain.push(style);
        at = usize::from(style.base);
        if style.base == NO_STYLE || chain.len() == CHAIN {
            break;
        }
    }
    let mut paragraph = Paragraph::default();
    for style in chain.iter().rev() {
        paragraph.level = style.level.or(paragraph.level);
        paragraph.hidden = style.hidden.unwrap_or(paragraph.hidden);
        sprm::each(style.paragraph).for_each(|(code, operand)| paragraph.apply(code, operand));
    }
    paragraph
}

fn table(bytes: &[u8]) -> Option<Vec<Option<Style<'_>>>> {
    let head = usize::from(u16_at(bytes, 0)?);
    let count = usize::from(u16_at(bytes, 2)?);
    let fixed = usize::from(u16_at(bytes, 4)?);
    let mut at = 2 + head;
    let mut styles = Vec::new();
    for _ in 0..count {
        let Some(len) = u16_at(bytes, at).map(usize::from) else { break };
        styles.push(slice(bytes, at + 2, len).and_then(|bytes| style(bytes, fixed)));
        at += 2 + len;
    }
    Some(styles)
}

fn style(bytes: &[u8], fixed: usize) -> Option<Style<'_>> {
    let built_in = u16_at(bytes, 0)? & 0x0fff;
    let (kind, base) = (u16_at(bytes, 2)? & 0x0f, u16_at(bytes, 2)? >> 4);
    let name = usize::from(u16_at(bytes, fixed)?);
    let mut at = fixed + 2 + name * 2 + 2;
    let mut next = || {
        let len = usize::from(u16_at(bytes, at)?);
        let changes = slice(bytes, at + 2, len)?;
        at += 2 + len + len % 2;
        Some(changes)
    };
    // A paragraph style has its changes, behind its own number, before those of its text.
    let paragraph = if kind == 1 { next().and_then(|changes| changes.get(2..)) } else { None };
    let text = if kind <= 2 { next().unwrap_or_default() } else { &[] };
    let hidden = sprm::each(text).filter(|(code, _)| *code == sprm::HIDDEN).last();
    Some(Style {
        base,
        level: (kind == 1 && (1..=9).contains(&built_in)).then(|| built_in as u8 - 1),
        paragraph: paragraph.unwrap_or_default(),
        hidden: hidden.and_then(|(_, operand)| operand.first().map(|&value| value == 1)),
    })
}
