//! Any bytes as a saved web page: every block, cell, piece and place lies inside the text and the file.
//!
//! `cargo +nightly fuzz run html_reader -- -max_len=8192`

#![no_main]

use gouji::document::Span;
use gouji::input::{self, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [b"<html>", bytes].concat();
    let length = file.len();
    let Ok(document) = input::read_bytes("a.html", file, &Limits::default()) else { return };
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    document.blocks.iter().for_each(|block| inside(block.span));
    document.tables.iter().flat_map(|table| table.rows.iter().flatten()).for_each(|cell| inside(cell.span));
    for piece in &document.source.pieces {
        inside(piece.span);
        assert!(piece.bytes.start <= piece.bytes.end && piece.bytes.end as usize <= length, "{piece:?}");
    }
});
