//! The self-evaluation form: five that are right and broke a peer, five slips that it missed, and more, in
//! every format a table can be typed in.

use gouji::diagnostic::Severity;
use gouji::document::Document;
use gouji::rules::RuleSet;
use gouji::{Options, audit, input, rules};
use serde::Deserialize;

#[derive(Deserialize)]
struct Forms {
    form: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    form: Option<String>,
    #[serde(default)]
    replace: Vec<(String, String)>,
    #[serde(default)]
    expect: Vec<String>,
}

fn forms() -> Forms {
    toml::from_str(include_str!("data/forms.toml")).expect("tests/data/forms.toml")
}

fn filled(form: &str, case: &Case) -> String {
    case.replace.iter().fold(form.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old.as_str()).count(), 1, "{}: “{old}”", case.name);
        text.replace(old.as_str(), new)
    })
}

fn found(document: &Document, set: &RuleSet) -> Vec<String> {
    let result = audit(document, set, &Options::default());
    let loud = result.diagnostics.iter().filter(|found| found.severity >= Severity::Warning);
    loud.map(|found| format!("{} {}", found.code, document.slice(found.span))).collect()
}

fn cells(row: &str) -> Vec<&str> {
    row.trim().trim_matches('|').split('|').map(str::trim).collect()
}

fn as_tabs(form: &str) -> String {
    form.trim().lines().map(|row| cells(row).join("\t") + "\n").collect()
}

/// Empty cells below a name are hidden under it, as forms are drawn.
fn as_page(form: &str) -> String {
    let rows: Vec<Vec<&str>> = form.trim().lines().map(cells).collect();
    let mut page = String::from("<html><body><table>");
    for (at, row) in rows.iter().enumerate() {
        page.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let below = |row: &Vec<&str>| row.get(column).is_some_and(|cell| cell.is_empty());
            let merges = column == 0 && !cell.is_empty();
            let under = rows[..at].iter().rev().find(|row| !row[0].is_empty()).is_some();
            if column == 0 && cell.is_empty() && under {
                continue;
            }
            let span = 1 + rows[at + 1..].iter().take_while(|row| below(row)).count();
            let span = if merges { span } else { 1 };
            page.push_str(&format!("<td rowspan=\"{span}\">{}</td>", cell.replace('<', "&lt;")));
        }
        page.push_str("</tr>");
    }
    page + "</table></body></html>"
}

#[test]
fn forms_hold_in_every_notation() {
    let set = rules::embedded().expect("embedded rules load");
    let forms = forms();
    let mut wrong = Vec::new();
    for case in &forms.case {
        let form = filled(case.form.as_ref().unwrap_or(&forms.form), case);
        let page = as_page(&form).into_bytes();
        let notations = [
            ("bars", input::read_text("form.txt", form.clone())),
            ("tabs", input::read_text("form.txt", as_tabs(&form))),
            ("page", input::read_bytes("form.html", page, &input::Limits::default()).expect("a page")),
        ];
        for (notation, document) in notations {
            let found = found(&document, &set);
            if found != case.expect {
                wrong.push(format!("{} ({notation}): {found:?}, not {:?}", case.name, case.expect));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The five forms that are right and the five with a slip, as tests/fixtures/formats.py saves them.
#[test]
fn forms_hold_in_every_container() {
    let set = rules::embedded().expect("embedded rules load");
    let forms = forms();
    let mut wrong = Vec::new();
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/forms"));
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the fixtures") {
        let path = entry.expect("a fixture").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let case = forms.case.iter().find(|case| file_name(&case.name) == name).expect("a case");
        if !READ.contains(&path.extension().unwrap_or_default().to_string_lossy().as_ref()) {
            continue;
        }
        count += 1;
        let document = input::read_path(&path, &input::Limits::default()).expect("readable");
        let found = found(&document, &set);
        if found != case.expect {
            wrong.push(format!("{}: {found:?}, not {:?}", path.display(), case.expect));
        }
    }
    assert_eq!(count, 10 * READ.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const READ: &[&str] = &["doc", "docx", "pdf", "xls", "xlsx"];

fn file_name(case: &str) -> String {
    let words = case.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
