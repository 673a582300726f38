//! Any bytes as a PDF file: every block, cell and damage lies inside the text.
//!
//! `cargo +nightly fuzz run pdf_reader corpus/pdf ../tests/fixtures/pdf -- -max_len=65536`

#![no_main]

use gouji::document::Span;
use gouji::input::{self, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = if bytes.starts_with(b"%PDF-") { bytes.to_vec() } else { [b"%PDF-1.7\n", bytes].concat() };
    let Ok(document) = input::read_bytes("a.pdf", file, &Limits::default()) else { return };
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    document.blocks.iter().for_each(|block| inside(block.span));
    document.damage.iter().for_each(|damage| inside(damage.span));
    document.tables.iter().flat_map(|table| table.rows.iter().flatten()).for_each(|cell| inside(cell.span));
});
