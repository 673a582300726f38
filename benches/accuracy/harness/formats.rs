//! The same report in every format: tests/data/same_report.toml lists the reports and what differs by nature,
//! tests/fixtures/formats.py has saved them. Takes the rules; gives what each format shows beside the text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use encoding_rs::GB18030;
use gouji::document::Document;
use gouji::input::{Limits, ReadError, read_bytes};
use gouji::rules::RuleSet;
use gouji::{Options, audit};
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

#[derive(Deserialize, Default)]
struct Differs {
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    more: Vec<String>,
    why: String,
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

/// One report in one format, held against its text.
pub struct Compared {
    pub report: String,
    pub format: String,
    /// Findings of the text.
    pub told: usize,
    /// Code and quote of what the text shows and the file does not, and the other way round.
    pub missing: Vec<String>,
    pub more: Vec<String>,
    /// Why the difference is right; none where there is none or it is not.
    pub why: Option<String>,
}

impl Compared {
    pub fn is_right(&self) -> bool {
        self.why.is_some() || self.missing.is_empty() && self.more.is_empty()
    }
}

/// Every report in every format that this build reads.
pub fn compare(set: &RuleSet) -> Vec<Compared> {
    let listed = fs::read_to_string(Path::new(ROOT).join("tests/data/same_report.toml")).expect("the list");
    let reports: Reports = toml::from_str(&listed).expect("same_report.toml");
    let mut compared = Vec::new();
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
        let base = found(&read(ending, text.clone().into_bytes()).expect("readable"), set);
        let mut files = vec![
            ("gbk", read(ending, GB18030.encode(&text).0.into_owned())),
            ("html", read("html", page(&text).into_bytes())),
        ];
        for ending in ["docx", "doc", "pdf"] {
            let path = Path::new(ROOT).join(format!("tests/fixtures/reports/{}.{ending}", report.name));
            files.push((ending, read(ending, fs::read(path).expect("the fixture"))));
        }
        for (format, document) in files {
            if matches!(document, Err(ReadError::Foreign(_))) {
                eprintln!("{format} is not read by this build");
                continue;
            }
            let here = found(&document.expect("readable"), set);
            let (missing, more) = (less(&base, &here), less(&here, &base));
            let allowed = report.differs.get(format);
            let why = allowed.filter(|allowed| allowed.missing == missing && allowed.more == more);
            compared.push(Compared {
                report: report.name.clone(),
                format: format.to_owned(),
                told: base.len(),
                missing,
                more,
                why: why.map(|allowed| allowed.why.clone()),
            });
        }
    }
    compared
}

/// A row a format, and what differs by nature.
pub fn table(compared: &[Compared]) -> String {
    let mut out = String::from(
        "| format | reports | findings in the text | the same | missing | more |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let mut formats: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for one in compared {
        let sum = formats.entry(&one.format).or_default();
        for (sum, add) in sum.iter_mut().zip([1, one.told, one.missing.len(), one.more.len()]) {
            *sum += add;
        }
    }
    for (format, [reports, told, missing, more]) in formats {
        let _ = writeln!(out, "| {format} | {reports} | {told} | {} | {missing} | {more} |", told - missing);
    }
    out.push('\n');
    for one in compared.iter().filter(|one| !one.missing.is_empty() || !one.more.is_empty()) {
        let why = if one.is_right() { one.why.as_deref().unwrap_or_default() } else { "**not right**" };
        let _ = writeln!(
            out,
            "- `{}` as {}: missing {:?}, more {:?}: {why}",
            one.report, one.format, one.missing, one.more
        );
    }
    out
}
