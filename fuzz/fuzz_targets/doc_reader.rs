//! Any bytes as the streams of a Word 97 file: every block and cell lies inside the text, which is no longer than
//! the file allows.
//!
//! `cargo +nightly fuzz run doc_reader corpus/doc ../tests/fixtures -- -max_len=65536`

#![no_main]

use gouji::document::Span;
use gouji::input::{self, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = input::read_bytes("a.doc", bytes.to_vec(), &Limits::default()) else { return };
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    document.blocks.iter().for_each(|block| inside(block.span));
    document.damage.iter().for_each(|damage| inside(damage.span));
    document.tables.iter().flat_map(|table| table.rows.iter().flatten()).for_each(|cell| inside(cell.span));
});
