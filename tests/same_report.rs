//! The same report in every format gives the same findings: code and quote. tests/data/same_report.toml lists the reports
//! and what differs by nature; tests/fixtures/formats.py has saved them.
#![cfg(feature = "word")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use encoding_rs::GB18030;
use gouji::document::Document;
use gouji::input::{Limits, ReadError, read_bytes};
use gouji::rules::RuleSet;
use gouji::{Options, audit, rules};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reports {
    report: Vec<Report>,
}

#[derive(Deserialize)]
struct Report {
    name: String,
    text: String,
    #[serde(default)]
    replace: Vec<(String, String)>,
    #[serde(default)]
    differs: BTreeMap<String, Differs>,
}

#[derive(Deserialize)]
struct Differs {
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    more: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Paragraphs and tables of a text as a web page.
fn page(text: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut page = String::from("<html><body>\n");
    let mut open = false;
    for line in text.lines().chain([""]) {
        let is_row = line.starts_with('|');
        if is_row != open {
            page.push_str(if is_row { "<table>\n" } else { "</table>\n" });
            open = is_row;
        }
        if is_row {
            let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
            if !cells.iter().all(|cell| cell.chars().all(|c| "-:".contains(c))) {
                let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
                page.push_str(&format!("<tr>{cells}</tr>\n"));
            }
            continue;
        }
        let body = line.trim_start_matches('#');
        match line.len() - body.len() {
            _ if line.trim().is_empty() => {}
            0 => page.push_str(&format!("<p>{}</p>\n", escaped(body))),
            level => page.push_str(&format!("<h{level}>{}</h{level}>\n", escaped(body.trim()))),
        }
    }
    page + "</body></html>\n"
}

fn found(document: &Document, set: &RuleSet) -> Vec<String> {
    let audit = audit(document, set, &Options::default());
    let mut found: Vec<String> = audit
        .diagnostics
        .iter()
        .map(|found| format!("{} {}", found.code, document.slice(found.span)))
        .collect();
    found.sort();
    found
}

fn less(from: &[String], what: &[String]) -> Vec<String> {
    let mut rest = from.to_vec();
    for one in what {
        if let Some(at) = rest.iter().position(|it| it == one) {
            rest.remove(at);
        }
    }
    rest
}

#[test]
fn the_same_report_gives_the_same_findings_in_every_format() {
    let set = rules::embedded().expect("rules load");
    let reports: Reports = toml::from_str(include_str!("data/same_report.toml")).expect("same_report.toml");
    let mut wrong = Vec::new();
    for report in &reports.report {
        let text = fs::read_to_string(Path::new(ROOT).join(&report.text)).expect("the text");
        let text = report.replace.iter().fold(text, |text, (old, new)| {
            assert!(text.contains(old.as_str()), "{}: “{old}”", report.name);
            text.replace(old.as_str(), new)
        });
        let ending = report.text.rsplit('.').next().expect("an ending");
        let read = |ending: &str, bytes: Vec<u8>| {
            read_bytes(&format!("{}.{ending}", report.name), bytes, &Limits::default())
        };
        let base = found(&read(ending, text.clone().into_bytes()).expect("readable"), &set);
        assert!(!base.is_empty(), "{}: nothing to compare", report.name);
        let mut files = vec![
            ("gbk".to_owned(), read(ending, GB18030.encode(&text).0.into_owned())),
            ("html".to_owned(), read("html", page(&text).into_bytes())),
        ];
        for ending in ["docx", "doc"] {
            let path = Path::new(ROOT).join(format!("tests/fixtures/reports/{}.{ending}", report.name));
            files.push((ending.to_owned(), read(ending, fs::read(path).expect("the fixture"))));
        }
        for (format, document) in files {
            if matches!(document, Err(ReadError::Foreign(_))) {
                eprintln!("{format} is not read by this build");
                continue;
            }
            let here = found(&document.expect("readable"), &set);
            let (missing, more) = (less(&base, &here), less(&here, &base));
            let allowed = report.differs.get(&format);
            let same = match allowed {
                Some(allowed) => allowed.missing == missing && allowed.more == more,
                None => missing.is_empty() && more.is_empty(),
            };
            if !same {
                wrong.push(format!("{} as {format}: missing {missing:#?}, more {more:#?}", report.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
