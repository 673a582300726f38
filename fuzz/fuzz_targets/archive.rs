//! Any bytes as an archive of submissions: it is listed and every entry is read or refused, within bounds.
//!
//! `cargo +nightly fuzz run archive -- -max_len=65536`

#![no_main]

use std::fs;
use std::path::Path;

use gouji::options::Lang;
use gouji::review::walk::{self, What};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let folder = std::env::temp_dir().join(format!("gouji-fuzz-archive-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("a.zip");
    fs::write(&path, bytes).expect("written");
    let walk = walk::walk(&[path], Path::new("nowhere"), &folder, Lang::Zh);
    for found in &walk.found {
        if let What::Entry { archive, entry } = found.what {
            let _ = walk.archives[archive].read(entry, Lang::Zh);
        }
    }
    fs::remove_dir_all(&folder).expect("removed");
});
