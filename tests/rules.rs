//! Every rule file's own examples, run through the whole engine.

use gouji::document::Span;
use gouji::{Options, audit, input, rules};

mod support;

use support::marked;

#[test]
fn examples_of_every_rule_hold() {
    let set = rules::embedded().expect("embedded rules load");
    let mut wrong = Vec::new();
    for rule in &set.rules {
        let bad = rule.examples.iter().filter(|example| example.bad.is_some()).count();
        if bad == 0 || rule.examples.len() == bad {
            wrong.push(format!("{}: needs at least one bad and one good example", rule.code));
        }
        for example in &rule.examples {
            let Some(source) = example.bad.as_ref().or(example.good.as_ref()) else { continue };
            let (text, expected, numbers) = marked(source);
            let options =
                Options { profile: example.profile.as_ref().map(ToString::to_string), ..Options::default() };
            let mut document = input::read_text("example", text.clone());
            document.generated = numbers;
            let result = audit(&document, &set, &options);
            let own: Vec<_> = result.diagnostics.iter().filter(|found| found.code == rule.code).collect();
            let mut found: Vec<Span> = own.iter().map(|found| found.span).collect();
            found.dedup();
            if found != expected {
                let quotes: Vec<&str> = found.iter().map(|span| document.slice(*span)).collect();
                wrong.push(format!("{}: {source}\n    found {quotes:?}", rule.code));
            }
            for finding in own {
                let said = [&finding.message, &finding.note, finding.help.as_ref().unwrap_or(&String::new())]
                    .map(String::clone)
                    .join(" ");
                if said.contains('{') {
                    wrong.push(format!("{}: unfilled placeholder in “{said}”", rule.code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
