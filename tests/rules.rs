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
        let bad = rule.examples.iter().filter(|example| example.is_bad()).count();
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

/// Examples of several reports, which `review` holds against each other.
#[cfg(feature = "review")]
mod across {
    use gouji::document::Span;
    use gouji::review::across::approved::Approved;
    use gouji::review::across::prior::Shelf;
    use gouji::review::across::{self, Desk, approved, prior};
    use gouji::review::{Finding, Record, Report, record};
    use gouji::rules::{Example, Rule, RuleSet};
    use gouji::{Options, audit, input, rules};

    use super::support::marked;

    fn read(set: &RuleSet, options: &Options, name: &str, text: &str) -> Record {
        let document = input::read_text(name, text.to_owned());
        let mut made = record(&document, &audit(&document, set, options), set, options.lang, "");
        made.report.path = name.to_owned();
        made
    }

    fn run(set: &RuleSet, rule: &Rule, example: &Example) -> Vec<Vec<Finding>> {
        let enabled = set.rules.iter().map(|other| other.code == rule.code).collect();
        let options = Options { enabled, ..Options::default() };
        let read = |(place, text): (usize, &String)| {
            read(set, &options, &format!("{}.txt", place + 1), &marked(text).0)
        };
        let records: Vec<Record> = example.reports.iter().enumerate().map(read).collect();
        let reports: Vec<Report> = records.iter().map(|record| record.report.clone()).collect();
        let open = |place: usize| records.get(place).cloned();
        let desk = Desk { rules: set, options: &options, open: &open };
        let mut found: Vec<Vec<Finding>> =
            across::judge(&reports, &desk).into_iter().map(|later| later.findings).collect();
        let last: Vec<Record> = example.prior.iter().enumerate().map(read).collect();
        let shelf = Shelf::of(&last.iter().map(|record| record.report.clone()).collect::<Vec<_>>());
        let ledger = example.ledger.as_ref().map(|text| {
            let document = input::read_text("台账.csv", text.clone());
            Approved::of(&document, set, options.lang).expect("the columns are named")
        });
        for (found, record) in found.iter_mut().zip(&records) {
            let places = shelf.of_last_year(&record.report);
            let last: Vec<(String, Record)> =
                places.iter().map(|place| (format!("{place}.txt"), last[*place].clone())).collect();
            found.extend(prior::judge(record, &last, &desk));
            if let Some(ledger) = &ledger {
                assert_eq!(ledger.bad, []);
                found.extend(approved::judge(record, ledger, &desk).0);
            }
        }
        found
    }

    #[test]
    fn examples_of_several_reports_hold() {
        let set = rules::embedded().expect("embedded rules load");
        let mut wrong = Vec::new();
        for rule in &set.rules {
            for example in rule.examples.iter().filter(|example| !example.reports.is_empty()) {
                let note = example.note.as_deref().unwrap_or_default();
                for ((place, source), found) in
                    example.reports.iter().enumerate().zip(run(&set, rule, example))
                {
                    let (text, expected, _) = marked(source);
                    let spans: Vec<Span> =
                        found.iter().map(|found| Span::new(found.span.start, found.span.end)).collect();
                    if spans != expected {
                        let quotes: Vec<&str> = spans.iter().map(|span| &text[span.range()]).collect();
                        wrong.push(format!("{} {note}, report {}: found {quotes:?}", rule.code, place + 1));
                    }
                    for finding in &found {
                        let said = format!("{} {:?} {:?}", finding.message, finding.help, finding.trace);
                        if said.contains('{') || finding.code != rule.code {
                            wrong.push(format!("{}: {said}", finding.code));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }
}
