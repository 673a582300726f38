//! Lists of single changes of format (grpprl), as paragraphs, runs and table rows carry them.

use crate::input::little_endian::{u8_at, u16_at};

pub const DELETED: u16 = 0x0800;
pub const HIDDEN: u16 = 0x083c;
pub const CHARACTER_STYLE: u16 = 0x4a30;
pub const SPECIAL: u16 = 0x0855;
pub const SYMBOL: u16 = 0x6a09;

pub const PARAGRAPH_STYLE: u16 = 0x4600;
pub const IN_TABLE: u16 = 0x2416;
pub const ROW_END: u16 = 0x2417;
pub const DEPTH: u16 = 0x6649;
pub const INNER_CELL: u16 = 0x244b;
pub const INNER_ROW_END: u16 = 0x244c;
pub const OUTLINE_LEVEL: u16 = 0x2640;
pub const LIST_LEVEL: u16 = 0x260a;
pub const LIST: u16 = 0x460b;
pub const HUGE: u16 = 0x6646;
pub const HUGE_97: u16 = 0x6645;

pub const CELLS: u16 = 0xd608;
pub const HEAD_ROW: u16 = 0x3404;
pub const MERGE: u16 = 0x5624;
pub const SPLIT: u16 = 0x5625;
pub const MERGE_DOWN: u16 = 0xd62b;

const TABS: u16 = 0xc615;

/// The changes in `list` in order: code and operand. Ends where the list ends or makes no sense.
pub fn each(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let code = u16_at(list, at)?;
        let rest = list.get(at + 2..)?;
        let (skip, len) = operand(code, rest)?;
        let operand = rest.get(skip..skip + len)?;
        at += 2 + skip + len;
        Some((code, operand))
    })
}

/// Bytes that say how long the operand is, and how long it is.
fn operand(code: u16, rest: &[u8]) -> Option<(usize, usize)> {
    Some(match code >> 13 {
        0 | 1 => (0, 1),
        2 | 4 | 5 => (0, 2),
        3 => (0, 4),
        7 => (0, 3),
        _ if code == CELLS => (2, usize::from(u16_at(rest, 0)?).checked_sub(1)?),
        _ => match (code, u8_at(rest, 0)?) {
            (TABS, 255) => {
                let removed = usize::from(u8_at(rest, 1)?);
                let added = usize::from(u8_at(rest, 2 + removed * 4)?);
                (1, 2 + removed * 4 + added * 3)
            }
            (_, len) => (1, usize::from(len)),
        },
    })
}
