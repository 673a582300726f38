//! A workbook (xlsx, xls, et) to tables: the used cells of every sheet that is shown, as they are shown.
//!
//! Takes bytes; gives a [`Document`]. Formulas stand with the value the office program left there; nothing is
//! reckoned, fetched or run. Hidden sheets are left out as no reader of the workbook sees them; the library does
//! not tell hidden rows, so those are read.

mod biff;
mod shown;

use std::io::{self, Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use rustc_hash::FxHashMap;

use super::builder::Builder;
use super::{Foreign, ReadError};
use crate::document::{BlockKind, Document, Format, Place};

/// What a workbook may hold once unpacked.
const MOST_BYTES: u64 = 512 << 20;
const MOST_PARTS: usize = 10_000;
/// Cells of all tables, empty ones between others included.
const MOST_CELLS: usize = 4_000_000;

type Book = Xlsx<Cursor<Vec<u8>>>;

/// The cells of a row that hold something, by column from 0.
pub struct Row {
    pub number: u32,
    pub cells: Vec<(u32, String)>,
}

pub fn read_xlsx(name: &str, bytes: Vec<u8>) -> Result<Document, ReadError> {
    guarded(Foreign::Xlsx, || {
        unpacks_within_bounds(&bytes)?;
        let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
        let mut builder = Builder::new(name, Format::Xlsx);
        let mut room = MOST_CELLS;
        for (_, sheet) in shown(&book) {
            let rows = xlsx_rows(&mut book, &sheet, &mut room)?;
            let merged = book.merge_cells_by_sheet_name(&sheet).map_err(broken)?;
            let sheet = builder.sheet(&sheet);
            write(&mut builder, sheet, &rows, &merged, &mut room)?;
        }
        Ok(builder.finish())
    })
}

pub fn read_xls(name: &str, bytes: Vec<u8>) -> Result<Document, ReadError> {
    guarded(Foreign::Xls, || {
        let formats = biff::Formats::read(&bytes)?;
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsError::Password => ReadError::Encrypted,
            _ => ReadError::Broken(Foreign::Xls),
        })?;
        let mut builder = Builder::new(name, Format::Xls);
        let mut room = MOST_CELLS;
        for (number, sheet) in shown(&book) {
            let broken = |_| ReadError::Broken(Foreign::Xls);
            let range = book.worksheet_range(&sheet).map_err(broken)?;
            let merged = book.merge_cells_by_sheet_name(&sheet).map_err(broken)?;
            let (top, left) = range.start().unwrap_or_default();
            let mut cells = Vec::new();
            for (row, column, value) in range.used_cells() {
                let at = (top + row as u32, left + column as u32);
                cells.extend(text(value, formats.code(number, at)).map(|text| (at, text)));
            }
            let sheet = builder.sheet(&sheet);
            write(&mut builder, sheet, &by_row(cells), &merged, &mut room)?;
        }
        Ok(builder.finish())
    })
}

/// A single sheet without merged cells.
pub fn one(name: &str, sheet: &str, format: Format, rows: &[Row]) -> Result<Document, ReadError> {
    let mut builder = Builder::new(name, format);
    let sheet = builder.sheet(sheet);
    write(&mut builder, sheet, rows, &[], &mut MOST_CELLS.clone())?;
    Ok(builder.finish())
}

/// A workbook broken on purpose may make the library panic; that is one unreadable file and no more.
fn guarded(what: Foreign, read: impl FnOnce() -> Result<Document, ReadError>) -> Result<Document, ReadError> {
    let document = catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(ReadError::Broken(what)))?;
    if document.text.is_empty() { Err(ReadError::Empty(what)) } else { Ok(document) }
}

/// Number among all sheets, and name.
fn shown<R: Read + Seek>(book: &impl Reader<R>) -> Vec<(usize, String)> {
    let sheets = book.sheets_metadata().iter().enumerate();
    let shown =
        sheets.filter(|(_, it)| it.typ == SheetType::WorkSheet && it.visible == SheetVisible::Visible);
    shown.map(|(number, sheet)| (number, sheet.name.clone())).collect()
}

fn broken(error: XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted,
        _ => ReadError::Broken(Foreign::Xlsx),
    }
}

/// Unpacks every part once and keeps nothing: what an archive says of its own sizes may be a lie.
fn unpacks_within_bounds(bytes: &[u8]) -> Result<(), ReadError> {
    let broken = |_| ReadError::Broken(Foreign::Xlsx);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MOST_PARTS {
        return Err(ReadError::Unpacked { limit: MOST_BYTES });
    }
    let mut left = MOST_BYTES;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(broken)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink());
        let read = read.map_err(|_| ReadError::Broken(Foreign::Xlsx))?;
        left = left.checked_sub(read).ok_or(ReadError::Unpacked { limit: MOST_BYTES })?;
    }
    Ok(())
}

fn xlsx_rows(book: &mut Book, sheet: &str, room: &mut usize) -> Result<Vec<Row>, ReadError> {
    let styles = book.worksheet_style(sheet).map_err(broken)?;
    let mut reader = book.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut cells: Vec<((u32, u32), String)> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let at = cell.get_position();
        let format = styles.get(at).and_then(|style| style.number_format.as_ref());
        let code = format.map_or("General", |format| format.format_code.as_str());
        if let Some(text) = text(&cell.get_value().clone().into(), code) {
            *room = room.checked_sub(1).ok_or(ReadError::TooManyCells { limit: MOST_CELLS })?;
            cells.push((at, text));
        }
    }
    cells.sort_by_key(|&(at, _)| at);
    cells.dedup_by_key(|&mut (at, _)| at);
    Ok(by_row(cells))
}

/// What a cell shows, if anything.
fn text(value: &Data, code: &str) -> Option<String> {
    let text = match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(value) => shown::number(*value, code),
        Data::Int(value) => shown::number(*value as f64, code),
        Data::DateTime(date) => shown::date(date, code),
        Data::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Error(error) => error.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn by_row(cells: Vec<((u32, u32), String)>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for ((number, column), text) in cells {
        match rows.last_mut().filter(|row| row.number == number) {
            Some(row) => row.cells.push((column, text)),
            None => rows.push(Row { number, cells: vec![(column, text)] }),
        }
    }
    rows
}

/// Titles and captions above the table and notes below it are paragraphs: 单位：万元 is said of the table.
fn write(
    builder: &mut Builder,
    sheet: u32,
    rows: &[Row],
    merged: &[Dimensions],
    room: &mut usize,
) -> Result<(), ReadError> {
    let above = rows.iter().take_while(|row| row.cells.len() == 1 || are_captions(row)).count();
    let (above, rest) = rows.split_at(above);
    let below = rest.iter().rev().take_while(|row| is_note(row)).count();
    let (rows, below) = rest.split_at(rest.len() - below);
    let place = |row: &Row, column: u32| Place::Sheet { sheet, row: row.number + 1, column: column + 1 };
    let lines = |builder: &mut Builder, rows: &[Row]| {
        for (row, (column, text)) in rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row, cell)))
        {
            builder.text(text, None);
            builder.paragraph(BlockKind::Paragraph, place(row, *column));
        }
    };
    lines(builder, above);
    if !rows.is_empty() {
        let columns = || rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.0));
        let (first, last) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
        let size = (last - first + 1) as usize * rows.len();
        *room = room.checked_sub(size).ok_or(ReadError::TooManyCells { limit: MOST_CELLS })?;
        let hidden = hidden(rows, merged, (first, last));
        builder.open_table();
        for (at, row) in rows.iter().enumerate() {
            let mut cells = row.cells.iter().peekable();
            for column in first..=last {
                let text = cells.next_if(|cell| cell.0 == column).map_or("", |cell| cell.1.as_str());
                match hidden.get(&(at, column)) {
                    Some(&(row, column)) => builder.covered(row, (column - first) as usize),
                    None => {
                        builder.text(text, None);
                        builder.cell(place(row, column));
                    }
                }
            }
            builder.end_row();
        }
        builder.end_table(None);
    }
    lines(builder, below);
    Ok(())
}

/// For each cell hidden under a merged one, where that stands; rows by their place in the table.
fn hidden(
    rows: &[Row],
    merged: &[Dimensions],
    (first, last): (u32, u32),
) -> FxHashMap<(usize, u32), (usize, u32)> {
    let mut hidden = FxHashMap::default();
    for area in merged {
        let ((top, left), (bottom, right)) = (area.start, area.end);
        let from = rows.partition_point(|row| row.number < top);
        let to = rows.partition_point(|row| row.number <= bottom);
        if left < first || rows.get(from).is_none_or(|row| row.number != top) {
            continue;
        }
        for row in from..to {
            for column in left..=right.min(last) {
                // Areas that overlap hide a cell once, so the work is bounded by the table.
                if (row, column) != (from, left) && hidden.insert((row, column), (from, left)).is_some() {
                    break;
                }
            }
        }
    }
    hidden
}

fn are_captions(row: &Row) -> bool {
    row.cells.iter().all(|(_, text)| text.contains(['：', ':']))
}

fn is_note(row: &Row) -> bool {
    let starts =
        |text: &str| ["注", "备注", "说明", "填表", "制表"].iter().any(|word| text.trim().starts_with(word));
    are_captions(row) || row.cells.len() == 1 && (starts(&row.cells[0].1) || row.cells[0].1.contains('。'))
}
