//! What the library does not tell of an old workbook (xls, et): how its cells show their numbers, and whether it
//! would unpack to more than it should.
//!
//! Takes bytes; gives the code of the number format of each cell. Names in brackets are those of [MS-XLS].

use std::io::{Cursor, Read};

use encoding_rs::WINDOWS_1252;
use rustc_hash::FxHashMap;

use super::{MOST_CELLS, ReadError};
use crate::input::Foreign;
use crate::input::little_endian::{slice, u8_at, u16_at, u32_at};

/// Rows and columns that a sheet of this format can have. The library sets aside room for as many as it is told.
const TALLEST: u32 = 65_536;
const WIDEST: u32 = 256;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;

#[derive(Default)]
pub struct Formats {
    codes: FxHashMap<u16, String>,
    /// The number of the code, by style of cell.
    styles: Vec<u16>,
    /// Style by place, for each sheet of the workbook.
    sheets: Vec<FxHashMap<(u32, u32), u16>>,
}

impl Formats {
    pub fn read(bytes: &[u8]) -> Result<Formats, ReadError> {
        let broken = |_| ReadError::Broken(Foreign::Xls);
        let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
        let name = if container.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
        let mut book = Vec::new();
        let stream = container.open_stream(name).map_err(broken)?;
        stream.take(bytes.len() as u64).read_to_end(&mut book).map_err(broken)?;
        let mut formats = Formats::default();
        let mut sheets = Vec::new();
        let mut wide = true;
        for (kind, data) in records(&book, 0) {
            match kind {
                BOF => wide = u16_at(data, 0) == Some(0x0600),
                EOF => break,
                0x041e => formats.codes.extend(code(data, wide)),
                0x00e0 => formats.styles.extend(u16_at(data, 2)),
                0x0085 => sheets.extend(u32_at(data, 0)),
                _ => {}
            }
        }
        let mut room = MOST_CELLS;
        for start in sheets {
            formats.sheets.push(cells(&book, start as usize, &mut room)?);
        }
        Ok(formats)
    }

    /// The code by which the cell of the sheet with that number shows its number.
    pub fn code(&self, sheet: usize, at: (u32, u32)) -> &str {
        let style = self.sheets.get(sheet).and_then(|cells| cells.get(&at));
        let code = style.and_then(|&style| self.styles.get(usize::from(style))).copied().unwrap_or(0);
        self.codes.get(&code).map_or_else(|| built_in(code), String::as_str)
    }
}

/// The records from `at` on, up to the end of the stream.
fn records(book: &[u8], mut at: usize) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, len) = (u16_at(book, at)?, usize::from(u16_at(book, at + 2)?));
        let data = slice(book, at + 4, len)?;
        at += 4 + len;
        Some((kind, data))
    })
}

fn cells(book: &[u8], start: usize, room: &mut usize) -> Result<FxHashMap<(u32, u32), u16>, ReadError> {
    let mut cells = FxHashMap::default();
    let mut too_many = || ReadError::TooManyCells { limit: MOST_CELLS };
    let (mut depth, mut last) = (0u32, (0, 0));
    for (kind, data) in records(book, start) {
        match kind {
            BOF => depth += 1,
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            0x0200 if depth == 1 => {
                let (rows, columns) = match data.len() {
                    10 => (u16_at(data, 2).map(u32::from), u16_at(data, 6)),
                    _ => (u32_at(data, 4), u16_at(data, 10)),
                };
                if rows > Some(TALLEST) || columns.map(u32::from) > Some(WIDEST) {
                    return Err(too_many());
                }
            }
            // Number, RK, formula; text, truth and error, which count.
            0x0203 | 0x027e | 0x0006 | 0x00fd | 0x0204 | 0x00d6 | 0x0205 if depth == 1 => {
                let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { continue };
                *room = room.checked_sub(1).ok_or_else(&mut too_many)?;
                last = (last.0.max(u32::from(row)), last.1.max(u32::from(column)));
                cells.insert((row.into(), column.into()), u16_at(data, 4).unwrap_or(0));
            }
            // Several RK in one row.
            0x00bd if depth == 1 => {
                let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else { continue };
                for (number, cell) in data.get(4..).unwrap_or_default().chunks_exact(6).enumerate() {
                    *room = room.checked_sub(1).ok_or_else(&mut too_many)?;
                    let column = u32::from(first) + number as u32;
                    last = (last.0.max(u32::from(row)), last.1.max(column));
                    cells.insert((row.into(), column), u16_at(cell, 0).unwrap_or(0));
                }
            }
            _ => {}
        }
    }
    // The library keeps the blank cells between the others too.
    let area = (last.0 as usize + 1) * (last.1 as usize + 1);
    *room = room.checked_sub(area).ok_or_else(too_many)?;
    Ok(cells)
}

/// A number format of the user's own [Format].
fn code(data: &[u8], wide: bool) -> Option<(u16, String)> {
    let number = u16_at(data, 0)?;
    if !wide {
        let len = usize::from(u8_at(data, 2)?);
        return Some((number, WINDOWS_1252.decode(slice(data, 3, len)?).0.into_owned()));
    }
    let (len, two_bytes) = (usize::from(u16_at(data, 2)?), u8_at(data, 4)? & 1 != 0);
    let text = match two_bytes {
        true => {
            let units = slice(data, 5, len * 2)?.chunks_exact(2);
            String::from_utf16_lossy(
                &units.map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect::<Vec<_>>(),
            )
        }
        // The lower half of UTF-16.
        false => slice(data, 5, len)?.iter().map(|&byte| char::from(byte)).collect(),
    };
    Some((number, text))
}

fn built_in(code: u16) -> &'static str {
    match code {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        37 | 38 => "#,##0 ;(#,##0)",
        39 | 40 => "#,##0.00;(#,##0.00)",
        41 | 42 => "#,##0;-#,##0;\"-\"",
        43 | 44 => "#,##0.00;-#,##0.00;\"-\"",
        27 | 31 | 36 | 50 | 57 => "yyyy年m月",
        28..=30 | 51..=56 | 58 => "yyyy年m月d日",
        _ => "General",
    }
}
