//! Whom a finding about figures blames, and what it suggests: tests/data/blame.txt.

use gouji::diagnostic::{Diagnostic, Severity};
use gouji::document::{Document, Span};
use gouji::input::read_text;
use gouji::{Options, audit, rules};

#[test]
fn the_changed_figure_is_blamed() {
    let set = rules::embedded().expect("embedded rules load");
    let data = include_str!("data/blame.txt");
    let mut wrong = Vec::new();
    let (mut text, mut expected) = (String::new(), Vec::new());
    for line in data.lines().chain([""]) {
        if ["=> ", "?? ", "-- "].iter().any(|mark| line.starts_with(mark)) {
            expected.push(line);
        } else if line.is_empty() && !expected.is_empty() {
            let report = format!("青溪县林业局2023年度部门整体支出绩效自评报告\n{text}");
            let document = read_text("case.txt", report.clone() + "\n");
            let result = audit(&document, &set, &Options::default());
            let of_figures =
                |found: &&Diagnostic| found.code.starts_with("FIG") && found.severity > Severity::Hint;
            let mut found: Vec<String> =
                result.diagnostics.iter().filter(of_figures).map(|found| say(&document, found)).collect();
            for line in expected.drain(..).filter(|line| !line.starts_with("--")) {
                match found.iter().position(|told| fits(line, told)) {
                    Some(place) => drop(found.remove(place)),
                    None => found.push(format!("not found: {line}")),
                }
            }
            if !found.is_empty() {
                wrong.push(format!("{text}    {}", found.join("\n    ")));
            }
            text.clear();
        } else if !line.is_empty() && !line.starts_with('#') {
            text += line;
            text.push('\n');
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// `CODE | primary | suggested | help | labels`
fn say(document: &Document, found: &Diagnostic) -> String {
    let slice = |span: Span| document.slice(span).to_owned();
    let fix = found.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.replacement.clone()).next();
    let labels: Vec<String> = found.labels.iter().map(|label| slice(label.span)).collect();
    let fields = [
        found.code.to_string(),
        slice(found.span),
        fix.unwrap_or("-".to_owned()),
        found.help.clone().unwrap_or_default().to_string(),
        labels.join("、"),
    ];
    fields.join(" | ")
}

fn fits(line: &str, told: &str) -> bool {
    let wanted: Vec<&str> = line[3..].split(" | ").collect();
    let told: Vec<&str> = told.split(" | ").collect();
    let same = wanted[0] == told[0] && wanted[1] == told[1];
    match &line[..2] {
        "=>" => same && wanted[2] == told[2] && (wanted[3] == "-" || told[3].contains(wanted[3])),
        _ => same && told[2] == "-" && wanted[2] == told[4],
    }
}
