//! Any bytes as what a client of the language server sends: they are parted into messages and errors, no more than there
//! are headers, and a message that was read is the same when it is written and read again.
//!
//! `cargo +nightly fuzz run lsp_wire -- -max_len=4096 -dict=fuzz/wire.dict`

#![no_main]

use std::io::BufReader;

use gouji::lsp::wire::{self, Incoming};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut stream = BufReader::with_capacity(7, bytes);
    let mut read = 0;
    while let Some(one) = wire::read(&mut stream).expect("bytes in memory") {
        read += 1;
        // Every message takes its header, so there are no more than this.
        assert!(read <= bytes.len() / "Content-Length:0\n\n".len() + 1);
        let Incoming::Message(message) = one else { continue };
        let said = format!("{message:?}");
        let mut out = Vec::new();
        wire::send(&mut out, message).expect("written");
        match wire::read(&mut out.as_slice()).expect("bytes in memory") {
            Some(Incoming::Message(again)) => assert_eq!(format!("{again:?}"), said),
            other => panic!("{other:?}"),
        }
    }
});
