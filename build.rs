//! Bakes `rules/**/*.toml` into JSON: the same data, read in a tenth of the time at start-up.
//!
//! Shape: a Rust slice of (path below rules/, JSON text) in path order. Only syntax is checked here; what a
//! file means is checked where it is loaded, and by the tests. `lean.rs` is the same without what only
//! a reader of a rule wants (why, limits, examples): half of the text, and `check` needs none of it.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("rules");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut all = serde_json::Map::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("readable rule file");
        let value: toml::Table = match text.parse() {
            Ok(value) => value,
            Err(error) => panic!("{}: {error}", file.display()),
        };
        let name = file.strip_prefix(&root).expect("below rules/").to_string_lossy().replace('\\', "/");
        all.insert(name, serde_json::to_value(value).expect("TOML is JSON but for dates"));
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let write = |name: &str, all: &serde_json::Map<String, serde_json::Value>| {
        let files: Vec<(&str, String)> =
            all.iter().map(|(path, value)| (path.as_str(), value.to_string())).collect();
        fs::write(out.join(name), format!("&{files:?}")).expect("writable OUT_DIR");
    };
    write("rules.rs", &all);
    for value in all.values_mut().filter(|value| value.get("code").is_some()) {
        let rule = value.as_object_mut().expect("a rule is a table");
        rule.remove("example");
        for language in ["zh", "en"] {
            if let Some(say) = rule.get_mut(language).and_then(|say| say.as_object_mut()) {
                say.remove("why");
                say.remove("limits");
            }
        }
    }
    write("lean.rs", &all);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable rules folder") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ext| ext == "toml") {
            files.push(path);
        }
    }
}
