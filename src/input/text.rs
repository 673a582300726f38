//! Plain text to blocks: one for each line, but that lines which only wrap a paragraph are joined,
//! table rows are rows, and page numbers are set apart.

use memchr::memchr_iter;

use super::lines::{Line, trim};
use super::{table, wrap};
use crate::document::{Block, Document, Span};

pub fn cut(document: &mut Document) {
    let text = document.text.as_str();
    let mut lines = lines(text);
    let (tables, rows) = table::find(text, &mut lines);
    let roles = wrap::roles(text, &lines);
    document.blocks.reserve(lines.len());
    wrap::assemble(text, &lines, &roles, &mut document.blocks, &mut document.markup);
    document.tables = tables;
    rows_into(&mut document.blocks, rows);
}

/// The lines of `text` that are not blank.
fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let (mut start, mut blank, mut page) = (0, 0u32, false);
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let raw = &text[start..end];
        let body = trim(raw);
        page |= raw.as_bytes().first() == Some(&b'\x0c');
        if body.is_empty() {
            blank += 1;
        } else {
            let at = start + (body.as_ptr() as usize - raw.as_ptr() as usize);
            let mut line = Line::new(text, Span::of(start, end), Span::of(at, at + body.len()));
            (line.blank_before, line.page_before) = (blank, page);
            lines.push(line);
            (blank, page) = (0, false);
        }
        start = end + 1;
    }
    lines
}

/// Puts rows and headings among the prose; both are in text order.
pub fn rows_into(blocks: &mut Vec<Block>, rows: Vec<Block>) {
    if rows.is_empty() {
        return;
    }
    blocks.extend(rows);
    blocks.sort_by_key(|block| block.span);
    debug_assert!(blocks.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
}
