//! Tables in plain text: rows with `|` between the cells, or with tabs.
//!
//! Takes lines; gives tables and their row blocks, and takes the lines out of the prose.

use memchr::{memchr_iter, memchr2};

use super::lines::{Line, opens_paragraph, trim};
use crate::document::{Block, BlockKind, Cell, Span, Table};

pub fn find(text: &str, lines: &mut [Line]) -> (Vec<Table>, Vec<Block>) {
    let (mut tables, mut rows) = (Vec::new(), Vec::new());
    if memchr2(b'\t', b'|', text.as_bytes()).is_none() {
        return (tables, rows);
    }
    let mut at = 0;
    while at < lines.len() {
        let run = b"|\t".iter().find_map(|&mark| run(text, &lines[at..], mark).map(|len| (mark, len)));
        let Some((mark, len)) = run else {
            at += 1;
            continue;
        };
        let run = &mut lines[at..at + len];
        at += len;
        let cut: Vec<Vec<Cell>> = run
            .iter()
            .filter(|line| mark == b'\t' || !is_rule(&text[line.span.range()]))
            .map(|line| cells(text, line, mark))
            .collect();
        if cut.len() < 2 || (mark == b'\t' && is_prose(text, &cut)) {
            continue;
        }
        run.iter_mut().for_each(|line| line.prose = false);
        let table = tables.len() as u32;
        rows.extend(cut.iter().enumerate().filter_map(|(row, cells)| block(table, row, cells)));
        let span = run[0].span.to(run[len - 1].span);
        tables.push(Table { span, header_rows: header_rows(text, &cut), rows: cut });
    }
    (tables, rows)
}

/// The block of a row: from its first cell that holds something to its last.
pub fn block(table: u32, row: usize, cells: &[Cell]) -> Option<Block> {
    let own = cells.iter().filter(|cell| !cell.covered);
    let mut full = own.map(|cell| cell.span).filter(|span| !span.is_empty());
    let first = full.next()?;
    let span = first.to(full.next_back().unwrap_or(first));
    Some(Block { span, kind: BlockKind::Row { table, row: row as u32 } })
}

/// How many lines from the first on are rows: the first two have the same number of cells.
fn run(text: &str, lines: &[Line], mark: u8) -> Option<usize> {
    let count = |line: &Line| {
        let inner = memchr_iter(mark, &text.as_bytes()[line.span.range()]).count();
        if inner == 0 { 0 } else { memchr_iter(mark, &text.as_bytes()[line.raw.range()]).count() }
    };
    let [first, second, ..] = lines else { return None };
    let (in_first, in_second) = (count(first), count(second));
    if in_first == 0 || in_first != in_second || second.blank_before > 0 {
        return None;
    }
    let more = lines[2..].iter().take_while(|line| line.blank_before == 0 && count(line) > 0).count();
    Some(2 + more)
}

/// The cells of a row, each without its blanks.
fn cells(text: &str, line: &Line, mark: u8) -> Vec<Cell> {
    let whole = if mark == b'\t' { line.raw } else { line.span };
    let (mut start, mut end) = (whole.start as usize, whole.end as usize);
    let bytes = text.as_bytes();
    if mark == b'|' {
        start += usize::from(bytes[start] == b'|');
        end -= usize::from(end > start && bytes[end - 1] == b'|');
    }
    let mut cells = Vec::new();
    for stop in memchr_iter(mark, &bytes[start..end]).map(|at| start + at).chain([end]) {
        let from = cells.last().map_or(start, |&(_, stop)| stop + 1);
        cells.push((cell(text, from, stop), stop));
    }
    cells.into_iter().map(|(cell, _)| cell).collect()
}

fn cell(text: &str, start: usize, stop: usize) -> Cell {
    let body = trim(&text[start..stop]);
    let at = if body.is_empty() { start } else { body.as_ptr() as usize - text.as_ptr() as usize };
    Cell { span: Span::of(at, at + body.len()), covered: false }
}

/// The line under a head, `|---|:-:|`.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// Tabs that are no columns: after an ordinal, before a page number in a table of contents, or
/// somewhere in long sentences.
fn is_prose(text: &str, rows: &[Vec<Cell>]) -> bool {
    let of = |cell: &Cell| &text[cell.span.range()];
    let like_prose = |cells: &[Cell]| match cells {
        [first, second] => {
            let (first, second) = (of(first), of(second));
            let ordinal = first.chars().count() <= 5 && opens_paragraph(&format!("{first}某"));
            let page = !second.is_empty() && second.len() <= 4 && second.bytes().all(|c| c.is_ascii_digit());
            let leader = page && (opens_paragraph(first) || first.starts_with('第'));
            ordinal || leader || first.contains('。') || (second.contains('。') && second.len() > 240)
        }
        _ => false,
    };
    rows.iter().filter(|cells| like_prose(cells)).count() * 2 > rows.len()
}

/// Rows at the top without a figure; a table without figures has one.
pub fn header_rows(text: &str, rows: &[Vec<Cell>]) -> usize {
    let figure = |cell: &Cell| is_figure(&text[cell.span.range()]);
    let heads = rows.iter().take(4).take_while(|cells| !cells.iter().any(figure)).count();
    if heads > 3 { 1 } else { heads }
}

/// A cell that is a figure and no more; a year heads a column.
fn is_figure(cell: &str) -> bool {
    let year = cell.len() == 4 && (cell.starts_with("20") || cell.starts_with("19"));
    let digits = cell.bytes().any(|byte| byte.is_ascii_digit());
    digits && !year && cell.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b'%' | b'-'))
}
