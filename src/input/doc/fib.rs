//! The head of a Word 97 file (FIB): where everything else stands, and how long each story is.
//!
//! Names in brackets are those of [MS-DOC].

use super::{Foreign, ReadError};
use crate::input::little_endian::{offset_at, slice, u16_at};

/// Structures of the table stream, by their place in FibRgFcLcb97.
#[derive(Clone, Copy)]
pub enum Part {
    Styles = 1,
    Headers = 11,
    CharacterPages = 12,
    ParagraphPages = 13,
    Pieces = 33,
    Lists = 73,
    ListOverrides = 74,
}

pub struct Fib<'a> {
    word: &'a [u8],
    table: &'a [u8],
}

/// Lengths of the stories in characters, in the order in which they follow one another.
pub struct Stories {
    pub main: u32,
    pub footnotes: u32,
    pub headers: u32,
    pub comments: u32,
    pub endnotes: u32,
    pub text_boxes: u32,
}

/// What the first bytes of the main stream say of the file.
pub struct Head {
    pub encrypted: bool,
    /// Name of the table stream.
    pub table: &'static str,
}

const WORD_97: u16 = 0xa5ec;
const FIRST_VERSION: u16 = 0x65;
const ENCRYPTED: u16 = 0x0100;
const TABLE_1: u16 = 0x0200;
const PAIRS: usize = 154;

/// None for versions before Word 97.
pub fn head(word: &[u8]) -> Option<Head> {
    let (kind, version) = (u16_at(word, 0)?, u16_at(word, 2)?);
    let flags = u16_at(word, 10)?;
    let table = if flags & TABLE_1 != 0 { "/1Table" } else { "/0Table" };
    (kind == WORD_97 && version >= FIRST_VERSION).then_some(Head { encrypted: flags & ENCRYPTED != 0, table })
}

impl<'a> Fib<'a> {
    pub fn new(word: &'a [u8], table: &'a [u8]) -> Fib<'a> {
        Fib { word, table }
    }

    pub fn stories(&self) -> Result<Stories, ReadError> {
        let count = |at: usize| offset_at(self.word, at).and_then(|number| u32::try_from(number).ok());
        let read = || {
            Some(Stories {
                main: count(0x4c)?,
                footnotes: count(0x50)?,
                headers: count(0x54)?,
                comments: count(0x5c)?,
                endnotes: count(0x60)?,
                text_boxes: count(0x64)?,
            })
        };
        read().ok_or(ReadError::Broken(Foreign::Doc))
    }

    /// The bytes of `part`; empty where the file has none.
    pub fn part(&self, part: Part) -> &'a [u8] {
        self.place(part).and_then(|(at, len)| slice(self.table, at, len)).unwrap_or_default()
    }

    /// The table stream from `part` on, for parts that go on behind their stated length.
    pub fn from(&self, part: Part) -> (&'a [u8], usize) {
        let place = self.place(part).filter(|&(_, len)| len > 0);
        place.and_then(|(at, len)| Some((self.table.get(at..)?, len))).unwrap_or_default()
    }

    fn place(&self, part: Part) -> Option<(usize, usize)> {
        let at = PAIRS + part as usize * 8;
        Some((offset_at(self.word, at)?, offset_at(self.word, at + 4)?))
    }
}
