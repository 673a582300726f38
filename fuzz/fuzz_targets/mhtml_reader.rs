//! Any bytes as a page saved as one file: it is read or refused, and every block lies inside the text.
//!
//! `cargo +nightly fuzz run mhtml_reader -- -max_len=8192`

#![no_main]

use gouji::document::Span;
use gouji::input::{self, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let head: &[u8] = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n";
    let Ok(document) = input::read_bytes("a.mht", [head, bytes].concat(), &Limits::default()) else { return };
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    document.blocks.iter().for_each(|block| inside(block.span));
    document.tables.iter().flat_map(|table| table.rows.iter().flatten()).for_each(|cell| inside(cell.span));
});
