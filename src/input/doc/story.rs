//! Characters of a story to its paragraphs: what is deleted, hidden or the code of a field is left out.
//!
//! Takes the streams and a range of characters; gives paragraphs in order, each with the properties of the mark
//! that ends it.

use super::fib::{Fib, Part};
use super::pieces::{self, Piece};
use super::runs::{Run, Runs};
use super::sprm;
use super::styles::{Paragraph, Styles};
use super::{ReadError, rows};
use crate::input::little_endian::u16_at;

pub struct Text<'a> {
    word: &'a [u8],
    data: &'a [u8],
    pieces: Vec<Piece<'a>>,
    characters: Runs,
    paragraphs: Runs,
    styles: Styles,
}

/// A paragraph as it is shown.
pub struct Shown {
    pub text: String,
    pub properties: Paragraph,
    pub end: End,
}

pub enum End {
    Paragraph,
    /// A new line inside a paragraph.
    Line,
    /// A new page inside a paragraph.
    Page,
    Cell,
    Row(Box<rows::Shape>),
}

/// What is shown of the characters of a run.
#[derive(Clone, Copy, Default)]
struct Look {
    deleted: bool,
    hidden: bool,
    special: bool,
    symbol: Option<char>,
}

impl<'a> Text<'a> {
    pub fn new(word: &'a [u8], data: &'a [u8], fib: &Fib<'a>) -> Result<Text<'a>, ReadError> {
        Ok(Text {
            word,
            data,
            pieces: pieces::read(word, fib.part(Part::Pieces))?,
            characters: Runs::of_characters(word, fib.part(Part::CharacterPages)),
            paragraphs: Runs::of_paragraphs(word, fib.part(Part::ParagraphPages)),
            styles: Styles::read(fib.part(Part::Styles)),
        })
    }

    /// Hands the paragraphs that the characters `from` to `to` make to `take`.
    pub fn each(
        &self,
        from: u32,
        to: u32,
        mut take: impl FnMut(Shown) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut text = String::new();
        // For every open field, whether its code is over and its result has begun.
        let mut fields: Vec<bool> = Vec::new();
        let first = self.pieces.partition_point(|piece| piece.first + piece.characters <= from);
        let mut last = Paragraph::default();
        for piece in self.pieces[first..].iter().take_while(|piece| piece.first < to) {
            let (mut look, mut until) = (Look::default(), 0);
            for (c, at) in piece.characters(self.word, from, to) {
                if at >= until {
                    (look, until) = (self.look(at, piece), self.characters.end(at));
                }
                match c {
                    '\u{13}' if look.special => fields.push(false),
                    '\u{14}' if look.special => fields.last_mut().into_iter().for_each(|shown| *shown = true),
                    '\u{15}' if look.special => _ = fields.pop(),
                    '\r' | '\u{7}' | '\u{c}' => {
                        let run = self.paragraphs.at(at);
                        let in_middle = run.is_some_and(|run| run.file.end > at + piece.width);
                        if look.deleted && c == '\r' {
                            continue;
                        }
                        let (properties, shape) = self.properties(run, piece);
                        last = properties;
                        let end = match c {
                            '\u{7}' if properties.row_end => End::Row(Box::new(shape)),
                            '\u{7}' => End::Cell,
                            '\u{c}' if in_middle => End::Page,
                            _ => End::Paragraph,
                        };
                        // A field that goes on over a paragraph has shown its result, or is no field.
                        fields.retain(|&shown| shown);
                        take(Shown { text: std::mem::take(&mut text), properties, end })?;
                    }
                    _ if look.deleted || look.hidden || fields.contains(&false) => {}
                    '\u{b}' => {
                        let (properties, _) = self.properties(self.paragraphs.at(at), piece);
                        take(Shown { text: std::mem::take(&mut text), properties, end: End::Line })?;
                    }
                    '\u{1e}' => text.push('-'),
                    '(' if look.special => text.extend(look.symbol),
                    '\t' => text.push(' '),
                    '\u{1}'..'\u{20}' | '\u{7f}' => {}
                    _ if look.symbol.is_some() => text.extend(look.symbol),
                    _ => text.push(c),
                }
            }
        }
        if !text.is_empty() {
            take(Shown { text, properties: last, end: End::Paragraph })?;
        }
        Ok(())
    }

    fn look(&self, at: usize, piece: &Piece) -> Look {
        let mut look = Look::default();
        let mut style = None;
        let mut hidden = None;
        let mut apply = |code: u16, operand: &[u8]| {
            let value = operand.first().copied().unwrap_or(0);
            match code {
                sprm::DELETED => look.deleted = value != 0,
                sprm::SPECIAL => look.special = value != 0,
                sprm::HIDDEN => hidden = Some(value),
                sprm::CHARACTER_STYLE => style = u16_at(operand, 0),
                sprm::SYMBOL => look.symbol = u16_at(operand, 2).map(symbol),
                _ => {}
            }
        };
        if let Some(run) = self.characters.at(at) {
            sprm::each(&self.word[run.changes.clone()]).for_each(|(code, operand)| apply(code, operand));
        }
        piece.changes.each(apply);
        let of_style = style.is_some_and(|style| self.styles.hides(style));
        look.hidden = match hidden {
            Some(0) => false,
            Some(1) => true,
            Some(0x81) => !of_style,
            _ => of_style,
        };
        look
    }

    fn properties(&self, run: Option<&Run>, piece: &Piece) -> (Paragraph, rows::Shape) {
        let changes = run.and_then(|run| self.word.get(run.changes.clone())).unwrap_or_default();
        let style = u16_at(changes, 0).unwrap_or(0);
        let mut properties = self.styles.paragraph(style);
        let mut shape = rows::Shape::default();
        let mut apply = |code: u16, operand: &[u8]| {
            if code == sprm::PARAGRAPH_STYLE {
                properties = self.styles.paragraph(u16_at(operand, 0).unwrap_or(0));
            }
            properties.apply(code, operand);
            shape.apply(code, operand);
        };
        for (code, operand) in sprm::each(changes.get(2..).unwrap_or_default()) {
            if matches!(code, sprm::HUGE | sprm::HUGE_97) {
                // Changes too many for their page stand in a stream of their own.
                let place = crate::input::little_endian::offset_at(operand, 0).unwrap_or(usize::MAX);
                let len = u16_at(self.data, place).map_or(0, usize::from);
                let list = crate::input::little_endian::slice(self.data, place.saturating_add(2), len)
                    .unwrap_or_default();
                sprm::each(list).for_each(|(code, operand)| apply(code, operand));
            } else {
                apply(code, operand);
            }
        }
        piece.changes.each(apply);
        (properties, shape)
    }
}

/// Boxes and ticks of the symbol fonts; of other symbols only that there is one.
fn symbol(code: u16) -> char {
    match code & 0xff {
        0xfe | 0x52 => '☑',
        0xa8 | 0x6f | 0x71 | 0x72 => '□',
        0xfc => '✓',
        0xfd | 0x54 | 0x78 => '☒',
        0x6c | 0x9f => '●',
        _ => '\u{25a1}',
    }
}
