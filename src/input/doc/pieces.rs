//! The piece table: which bytes of the main stream are which characters of the text.

use encoding_rs::WINDOWS_1252;

use super::sprm;
use super::{Foreign, ReadError};
use crate::input::little_endian::{slice, u8_at, u16_at, u32_at};

pub struct Piece<'a> {
    /// First character, counted over all stories.
    pub first: u32,
    pub characters: u32,
    /// Where the bytes stand in the main stream.
    pub at: usize,
    /// Bytes a character.
    pub width: usize,
    /// Changes of format that hold for the whole piece.
    pub changes: Changes<'a>,
}

#[derive(Clone, Copy)]
pub enum Changes<'a> {
    List(&'a [u8]),
    /// A single change of a flag.
    Flag(u16, u8),
}

impl Changes<'_> {
    pub fn each(&self, mut take: impl FnMut(u16, &[u8])) {
        match self {
            Changes::List(list) => sprm::each(list).for_each(|(code, operand)| take(code, operand)),
            Changes::Flag(code, value) => take(*code, &[*value]),
        }
    }
}

pub fn read<'a>(word: &[u8], table: &'a [u8]) -> Result<Vec<Piece<'a>>, ReadError> {
    pieces(word, table).ok_or(ReadError::Broken(Foreign::Doc))
}

fn pieces<'a>(word: &[u8], mut table: &'a [u8]) -> Option<Vec<Piece<'a>>> {
    let mut lists: Vec<&[u8]> = Vec::new();
    while u8_at(table, 0)? == 1 {
        let len = usize::from(u16_at(table, 1)?);
        lists.push(slice(table, 3, len)?);
        table = table.get(3 + len..)?;
    }
    let len = u32_at(table, 1).filter(|_| table.first() == Some(&2))? as usize;
    let places = slice(table, 5, len)?;
    let count = len.checked_sub(4)? / 12;
    let mut pieces = Vec::with_capacity(count);
    let mut room = word.len();
    for piece in 0..count {
        let (first, end) = (u32_at(places, piece * 4)?, u32_at(places, piece * 4 + 4)?);
        let descriptor = slice(places, (count + 1) * 4 + piece * 8, 8)?;
        let place = u32_at(descriptor, 2)?;
        let narrow = place & 0x4000_0000 != 0;
        let at = (place & 0x3fff_ffff) as usize;
        let (at, width) = if narrow { (at / 2, 1) } else { (at, 2) };
        let characters = end.checked_sub(first)?;
        // No byte is read twice, so the text is never longer than the file.
        room = room.checked_sub(characters as usize * width)?;
        slice(word, at, characters as usize * width)?;
        pieces.push(Piece { first, characters, at, width, changes: changes(u16_at(descriptor, 6)?, &lists) });
    }
    Some(pieces)
}

fn changes<'a>(code: u16, lists: &[&'a [u8]]) -> Changes<'a> {
    if code & 1 != 0 {
        return Changes::List(lists.get(usize::from(code >> 1)).copied().unwrap_or_default());
    }
    let value = (code >> 8) as u8;
    match (code >> 1) & 0x7f {
        0x41 => Changes::Flag(sprm::DELETED, value),
        0x5c => Changes::Flag(sprm::HIDDEN, value),
        _ => Changes::List(&[]),
    }
}

impl Piece<'_> {
    /// The characters from number `from` to `to`, each with its place in the main stream.
    pub fn characters(&self, word: &[u8], from: u32, to: u32) -> impl Iterator<Item = (char, usize)> {
        let from = from.clamp(self.first, self.first + self.characters);
        let to = to.clamp(from, self.first + self.characters);
        let at = self.at + (from - self.first) as usize * self.width;
        let bytes = slice(word, at, (to - from) as usize * self.width).unwrap_or_default();
        let narrow = bytes.chunks_exact(1).filter(|_| self.width == 1).map(|byte| narrow(byte[0]));
        let units = bytes.chunks_exact(2).filter(|_| self.width == 2);
        let wide = char::decode_utf16(units.map(|unit| u16::from_le_bytes([unit[0], unit[1]])));
        let wide = wide.map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
        let width = self.width;
        narrow.chain(wide).scan(at, move |at, c| {
            let here = *at;
            *at += if width == 1 { 1 } else { 2 * c.len_utf16() };
            Some((c, here))
        })
    }
}

fn narrow(byte: u8) -> char {
    // The library reads bytes that Windows-1252 leaves open as control characters of the same number.
    if byte < 0x80 {
        return char::from(byte);
    }
    let bytes = [byte];
    let text = WINDOWS_1252.decode_without_bom_handling(&bytes).0;
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}
