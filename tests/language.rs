//! The examples of docs/rules-language.md: each text audited with the files shown above it.

use gouji::document::Span;
use gouji::rules::{self, Detail, UserFile};
use gouji::{Options, audit, input};

mod support;

use support::marked;

struct Block {
    /// What stands behind the fence: `toml`, `text FIG003`.
    info: String,
    text: String,
}

/// The fenced blocks of one part of the page.
fn blocks(part: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = part.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(Block { info: info.to_owned(), text: body.join("\n") });
        }
    }
    found
}

#[test]
fn examples_of_the_page_hold() {
    let path = format!("{}/docs/rules-language.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(path).expect("readable");
    let mut wrong = Vec::new();
    let mut run = 0;
    for part in page.split("\n## ") {
        let mut files: Vec<UserFile> = Vec::new();
        let mut fresh = false;
        for block in blocks(part) {
            let mut info = block.info.split_whitespace();
            match (info.next(), info.next()) {
                (Some("toml"), _) => {
                    if !std::mem::replace(&mut fresh, true) {
                        files.clear();
                    }
                    let name = block.text.lines().next().and_then(|line| line.strip_prefix("# "));
                    let name = name.expect("a first line with the file's name").to_owned();
                    files.push(UserFile { path: name.clone(), name, text: block.text });
                }
                (Some("text"), Some(code)) => {
                    fresh = false;
                    run += 1;
                    let set = rules::with(&files, Detail::Full).unwrap_or_else(|error| panic!("{error:?}"));
                    let (text, expected, _) = marked(&block.text);
                    let document = input::read_text("例.txt", text);
                    let result = audit(&document, &set, &Options::default());
                    let own = result.diagnostics.iter().filter(|one| one.code == code);
                    let found: Vec<Span> = own.map(|one| one.span).collect();
                    if found != expected {
                        let quotes: Vec<&str> = found.iter().map(|span| document.slice(*span)).collect();
                        wrong.push(format!("{code}: {}\n    found {quotes:?}", block.text));
                    }
                    if let Some(profile) = info.next().and_then(|word| word.strip_prefix("profile="))
                        && result.profile != profile
                    {
                        wrong.push(format!("{}\n    taken for {}", block.text, result.profile));
                    }
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(run >= 14, "{run} examples");
}
