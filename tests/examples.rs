//! The reports in `examples/` show what they were written to show, and nothing else.

use gouji::diagnostic::{Diagnostic, Severity};
use gouji::document::{Document, LineIndex};
use gouji::{Options, audit, input, rules};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    finding: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    code: String,
    line: u32,
    severity: Severity,
    quote: String,
}

fn check(name: &str) -> (Document, Vec<Diagnostic>) {
    let set = rules::embedded().expect("embedded rules load");
    let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).expect("readable example");
    let document = input::read_bytes(name, bytes, &input::Limits::default()).expect("text");
    let diagnostics = audit(&document, &set, &Options::default()).diagnostics;
    (document, diagnostics)
}

#[test]
fn clean_examples_are_clean() {
    for name in ["clean.txt", "clean.md"] {
        let (document, diagnostics) = check(name);
        let firm = diagnostics.iter().filter(|found| found.severity > Severity::Hint);
        let said: Vec<_> = firm.map(|found| (&found.code, document.slice(found.span))).collect();
        assert!(said.is_empty(), "{name}: {said:?}");
    }
}

#[test]
fn the_draft_shows_exactly_what_it_was_made_to_show() {
    let expected: Expected =
        toml::from_str(include_str!("../examples/draft.expected.toml")).expect("a list of findings");
    let set = rules::embedded().expect("embedded rules load");
    let (document, diagnostics) = check("draft.txt");
    let index = LineIndex::new(&document.text);
    let mut left: Vec<&Diagnostic> = diagnostics.iter().collect();
    let mut wrong = Vec::new();
    for one in expected.finding.iter().filter(|one| set.find(&one.code).is_some()) {
        let answers = |found: &&Diagnostic| {
            let quote = document.slice(found.span);
            let line = index.position(&document.text, found.span.start as usize).line;
            found.code == one.code
                && line == one.line
                && found.severity == one.severity
                && (quote.contains(&one.quote) || one.quote.contains(quote))
        };
        match left.iter().position(answers) {
            Some(place) => drop(left.remove(place)),
            None => wrong.push(format!("missed: {} at line {} “{}”", one.code, one.line, one.quote)),
        }
    }
    for found in left.iter().filter(|found| found.severity > Severity::Hint) {
        let line = index.position(&document.text, found.span.start as usize).line;
        wrong.push(format!(
            "not expected: {} at line {line} “{}” {}",
            found.code,
            document.slice(found.span),
            found.message
        ));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
