//! Automatic numbers: lists (LST), what their uses change of them (LFO), and the count.
//!
//! A list is counted as a whole, wherever in the document and through whichever of its uses it goes on.

use rustc_hash::{FxHashMap, FxHashSet};

use super::fib::{Fib, Part};
use super::styles::Paragraph;
use crate::input::docx::numerals::numeral;
use crate::input::little_endian::{offset_at, slice, u8_at, u16_at, u32_at};

const LEVELS: usize = 9;

#[derive(Clone)]
struct Level {
    start: u32,
    numerals: &'static str,
    /// A blank or tab follows.
    gap: bool,
    /// All levels above are written in Arabic digits.
    legal: bool,
    /// Levels below this number start it anew.
    restarts_below: usize,
    /// The characters around the numbers; those below [`LEVELS`] stand for the number of a level.
    text: Vec<u16>,
}

struct Use {
    list: u32,
    starts: [Option<u32>; LEVELS],
    levels: FxHashMap<usize, Level>,
}

pub struct Lists {
    lists: FxHashMap<u32, Vec<Level>>,
    uses: Vec<Use>,
    counts: FxHashMap<u32, [Option<u32>; LEVELS]>,
    /// Starts of a use that have been obeyed.
    started: FxHashSet<(u16, usize)>,
}

impl Lists {
    pub fn read(fib: &Fib) -> Lists {
        Lists {
            lists: lists(fib).unwrap_or_default(),
            uses: uses(fib).unwrap_or_default(),
            counts: FxHashMap::default(),
            started: FxHashSet::default(),
        }
    }

    /// The number before a paragraph, which counts by it, and whether a gap follows. `Err` where the list it names is
    /// not in the file.
    pub fn label(&mut self, paragraph: &Paragraph) -> Result<(String, bool), Unknown> {
        let Some(number) = paragraph.list else { return Ok((String::new(), false)) };
        let at = usize::from(paragraph.list_level);
        let used = self.uses.get(usize::from(number) - 1).ok_or(Unknown)?;
        let levels = self.lists.get(&used.list).ok_or(Unknown)?;
        let level = |at: usize| used.levels.get(&at).or_else(|| levels.get(at));
        let own = level(at).ok_or(Unknown)?;
        let counts = self.counts.entry(used.list).or_default();
        let start = |at: usize| used.starts[at].or(level(at).map(|level| level.start)).unwrap_or(1);
        let begins = used.starts[at].is_some() && self.started.insert((number, at));
        counts[at] = Some(match counts[at].filter(|_| !begins) {
            Some(count) => count.saturating_add(1),
            None => start(at),
        });
        for (below, count) in counts.iter_mut().enumerate().skip(at + 1) {
            if level(below).is_none_or(|level| at < level.restarts_below) {
                *count = None;
            }
        }
        let mut text = Vec::new();
        for &unit in &own.text {
            let Some(shown) = level(usize::from(unit)).filter(|_| usize::from(unit) < LEVELS) else {
                text.push(unit);
                continue;
            };
            let count = counts[usize::from(unit)].unwrap_or_else(|| start(usize::from(unit)));
            let plain = own.legal && usize::from(unit) < at;
            let numerals = if plain { "decimal" } else { shown.numerals };
            text.extend(numeral(numerals, count).encode_utf16());
        }
        let text = String::from_utf16_lossy(&text);
        // The characters of symbol fonts mean nothing elsewhere.
        let of_symbol_font = text.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c));
        Ok(if of_symbol_font { ("•".to_owned(), own.gap) } else { (text, own.gap) })
    }
}

/// A list that the file does not define.
pub struct Unknown;

fn lists(fib: &Fib) -> Option<FxHashMap<u32, Vec<Level>>> {
    // The levels of all lists follow behind the stated end.
    let (bytes, len) = fib.from(Part::Lists);
    let count = usize::from(u16_at(bytes, 0)?);
    let mut at = len.max(2 + count * 28);
    let mut lists = FxHashMap::default();
    for list in 0..count {
        let head = slice(bytes, 2 + list * 28, 28)?;
        let simple = u8_at(head, 26)? & 1 != 0;
        let mut levels = Vec::new();
        for number in 0..if simple { 1 } else { LEVELS } {
            let Some((level, len)) = level(bytes.get(at..)?, number) else { return Some(lists) };
            levels.push(level);
            at += len;
        }
        lists.insert(u32_at(head, 0)?, levels);
    }
    Some(lists)
}

/// A level and how many bytes it takes.
fn level(bytes: &[u8], number: usize) -> Option<(Level, usize)> {
    let flags = u8_at(bytes, 5)?;
    let changes = usize::from(u8_at(bytes, 24)?) + usize::from(u8_at(bytes, 25)?);
    let text = 28 + changes;
    let len = usize::from(u16_at(bytes, text)?);
    let units = slice(bytes, text + 2, len * 2)?;
    let level = Level {
        start: u32_at(bytes, 0)?,
        numerals: numerals(u8_at(bytes, 4)?),
        gap: u8_at(bytes, 15)? != 2,
        legal: flags & 4 != 0,
        restarts_below: if flags & 8 != 0 { usize::from(u8_at(bytes, 26)?) } else { number },
        text: units.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect(),
    };
    Some((level, text + 2 + len * 2))
}

/// The name that newer files have for a way of counting [MSONFC].
fn numerals(code: u8) -> &'static str {
    match code {
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        5 => "ordinal",
        10 => "ideographDigital",
        11 => "japaneseCounting",
        14 => "decimalFullWidth",
        16 => "japaneseLegal",
        17 => "japaneseDigitalTenThousand",
        18 => "decimalEnclosedCircle",
        19 => "decimalFullWidth2",
        22 => "decimalZero",
        23 | 255 => "none",
        26 => "decimalEnclosedFullstop",
        27 => "decimalEnclosedParen",
        28 => "decimalEnclosedCircleChinese",
        29 => "ideographEnclosedCircle",
        30 => "ideographTraditional",
        31 => "ideographZodiac",
        32 => "ideographZodiacTraditional",
        33 => "taiwaneseCounting",
        34 => "ideographLegalTraditional",
        35 => "taiwaneseCountingThousand",
        36 => "taiwaneseDigital",
        37 => "chineseCounting",
        38 => "chineseLegalSimplified",
        39 => "chineseCountingThousand",
        _ => "decimal",
    }
}

fn uses(fib: &Fib) -> Option<Vec<Use>> {
    let bytes = fib.part(Part::ListOverrides);
    let count = offset_at(bytes, 0)?;
    let heads = slice(bytes, 4, count.checked_mul(16)?)?;
    let mut at = 4 + heads.len();
    let mut uses = Vec::new();
    for head in heads.chunks_exact(16) {
        let mut used = Use { list: u32_at(head, 0)?, starts: [None; LEVELS], levels: FxHashMap::default() };
        at += 4;
        for _ in 0..u8_at(head, 12)? {
            let (Some(start), Some(flags)) = (u32_at(bytes, at), u32_at(bytes, at + 4)) else { break };
            at += 8;
            let number = (flags & 15) as usize;
            if flags & 32 != 0 {
                let Some((level, len)) = bytes.get(at..).and_then(|bytes| level(bytes, number)) else {
                    break;
                };
                at += len;
                if flags & 16 != 0 {
                    used.starts.get_mut(number).into_iter().for_each(|it| *it = Some(level.start));
                }
                used.levels.insert(number, level);
            } else if flags & 16 != 0 {
                used.starts.get_mut(number).into_iter().for_each(|it| *it = Some(start));
            }
        }
        uses.push(used);
    }
    Some(uses)
}
