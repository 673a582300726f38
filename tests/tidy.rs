//! What must stay true of the sources themselves.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use gouji::rules;

/// Longer files are a sign that two things live in one.
const LONGEST: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below `folder` (or the file itself), paths from the root.
fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("readable folder");
            open.extend(entries.map(|entry| entry.expect("readable entry").path()));
        } else if path.extension().is_some_and(|ext| extensions.iter().any(|wanted| ext == *wanted)) {
            found.push(path.strip_prefix(root()).expect("below the root").to_owned());
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn source_files_are_short() {
    let long: Vec<String> = ["src", "tests", "benches", "build.rs"]
        .iter()
        .filter(|place| root().join(place).exists())
        .flat_map(|place| files(place, &["rs"]))
        .filter_map(|path| {
            let lines = read(&path).lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let mut needles = vec![format!("{}/", root().parent().expect("not the root of the disk").display())];
    needles.extend(std::env::var("HOME").ok().filter(|home| home.len() > 1).map(|home| format!("{home}/")));
    let places = ["src", "tests", "rules", "examples", "docs", "benches", "fuzz/fuzz_targets", ".ci"];
    let texts = ["rs", "toml", "md", "txt", "trycmd", "snap", "sh", "svg", ""];
    let mut all: Vec<PathBuf> = places
        .iter()
        .filter(|place| root().join(place).exists())
        .flat_map(|place| files(place, &texts))
        .collect();
    all.extend(["README.md", "README.zh-CN.md", "CHANGELOG.md", "Cargo.toml"].map(PathBuf::from));
    for path in all {
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        for needle in &needles {
            assert!(!text.contains(needle.as_str()), "{} names a folder of this machine", path.display());
        }
    }
}

/// The table in src/lib.rs is the order; `use crate::` may only point to rows above.
#[test]
fn modules_use_only_what_stands_above_them() {
    let lib = read(Path::new("src/lib.rs"));
    let mut order: HashMap<String, usize> = HashMap::new();
    for (row, line) in lib.lines().filter(|line| line.starts_with("//! | [`")).enumerate() {
        let cell = line.split('|').nth(1).expect("a row has cells");
        for name in cell.split('`').skip(1).step_by(2) {
            order.insert(name.to_owned(), row);
        }
    }
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches(';');
        assert!(order.contains_key(name), "src/lib.rs does not place `{name}`");
    }
    let mut wrong = Vec::new();
    for path in files("src", &["rs"]) {
        let below = path.strip_prefix("src").expect("below src");
        let module =
            below.components().next().expect("a name").as_os_str().to_string_lossy().replace(".rs", "");
        let Some(own) = order.get(&module) else { continue };
        for line in read(&path).lines() {
            let Some(used) = line.trim_start().strip_prefix("use crate::") else { continue };
            let names: Vec<&str> = match used.strip_prefix('{') {
                Some(list) => list.trim_end_matches("};").split(',').map(str::trim).collect(),
                None => vec![used],
            };
            for name in names {
                let name = name.split([':', ';', ' ', '{']).next().unwrap_or_default();
                if order.get(name).is_some_and(|row| row > own) {
                    wrong.push(format!("{}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_speaks_both_languages_and_names_what_it_rests_on() {
    let set = rules::embedded().expect("embedded rules load");
    let mut wrong = Vec::new();
    for rule in &set.rules {
        for (key, zh, _) in rules::faults(&set, rule) {
            wrong.push(format!("{} {}: {zh}", rule.code, key.join(".")));
        }
        for (language, say) in [("zh", &rule.zh), ("en", &rule.en)] {
            for (key, text) in [("title", &say.title), ("message", &say.message), ("why", &say.why)] {
                let in_cases = key == "message" && rule.cases.iter().any(|case| !case.zh.message.is_empty());
                if text.is_empty() && !in_cases {
                    wrong.push(format!("{} says no {key} in {language}", rule.code));
                }
            }
        }
        for case in &rule.cases {
            if case.zh.message.is_empty() != case.en.message.is_empty() {
                wrong.push(format!("{} case {} speaks one language only", rule.code, case.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The two READMEs have the same parts, commands and pictures.
#[test]
fn the_readmes_are_in_step() {
    let [english, chinese] = ["README.md", "README.zh-CN.md"].map(|name| outline(&read(Path::new(name))));
    assert_eq!(english, chinese);
}

/// Levels of headings, code blocks that hold commands, and places of links to files, in order.
fn outline(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut code: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut code, line.strip_prefix("```")) {
            (None, Some(language)) => code = Some((language.to_owned(), String::new())),
            (Some((language, body)), Some(_)) => {
                if language != "text" {
                    parts.push(std::mem::take(body));
                }
                code = None;
            }
            (Some((_, body)), None) => {
                // What stands behind # is prose and may be translated.
                body.push_str(line.split(" # ").next().unwrap_or_default().trim_end());
                body.push('\n');
            }
            (None, None) if line.starts_with('#') => {
                parts.push(line.chars().take_while(|c| *c == '#').collect());
            }
            (None, None) => {
                let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
                parts.extend(links.filter(|link| !link.starts_with("README")).map(str::to_owned));
            }
        }
    }
    parts
}
