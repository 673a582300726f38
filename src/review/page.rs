//! The page of one report: its text with the findings marked in place, the list of findings, how the figures tie
//! together, the facts, the outline and the ledger.
//!
//! Takes a [`Record`]; gives HTML. Every link works without the script, which only lights up the two ends of
//! a finding together.

mod drawing;
mod lists;
mod text;

use std::fmt::Write;

use super::html::{self, escape, escaped};
use super::letter::cut as brief;
use super::{Finding, Record};
use crate::diagnostic::{Severity, Standing};
use crate::emit::severity_word;
use crate::options::Lang;

const SCRIPT: &str = include_str!("assets/page.js");

/// A page and what leads to its neighbours.
pub struct Around<'a> {
    pub previous: Option<&'a str>,
    pub next: Option<&'a str>,
    /// The letter that goes back to the unit.
    pub letter: Option<&'a str>,
    pub annotated: Option<&'a str>,
}

pub fn render(record: &Record, around: &Around, lang: Lang) -> String {
    let findings = &record.checked.diagnostics;
    let mut body = String::with_capacity(record.leaf.text.len() * 4 + 16_384);
    head(&mut body, record, around, lang);
    body.push_str("<main class=\"desk\">\n<section class=\"paper\" id=\"text\" aria-label=\"");
    body.push_str(lang.of("正文", "Text"));
    body.push_str("\">\n");
    text::render(&mut body, record, lang);
    body.push_str("</section>\n<aside class=\"list\" id=\"findings\" tabindex=\"-1\">\n");
    let _ = writeln!(body, "<h2>{} <small>{}</small></h2>", lang.of("问题", "Findings"), findings.len());
    if findings.is_empty() {
        let _ = writeln!(body, "<p class=\"none\">{}</p>", lang.of("没有发现问题。", "Nothing was found."));
    }
    body.push_str("<ol class=\"findings\">\n");
    for (place, finding) in findings.iter().enumerate() {
        item(&mut body, place, finding, lang);
    }
    body.push_str("</ol>\n");
    settled(&mut body, record, lang);
    body.push_str("</aside>\n</main>\n");
    drawing::render(&mut body, record, lang);
    lists::facts(&mut body, record, lang);
    lists::outline(&mut body, record, lang);
    lists::ledger(&mut body, record, lang);
    html::page(lang, title(record), &body, SCRIPT)
}

fn title(record: &Record) -> &str {
    record.report.title.as_deref().unwrap_or(&record.report.path)
}

fn head(body: &mut String, record: &Record, around: &Around, lang: Lang) {
    let report = &record.report;
    let _ = write!(
        body,
        "<header class=\"top\">\n<nav><a href=\"../index.html\">← {}</a>",
        lang.of("总览", "All reports")
    );
    for (link, name, key) in
        [(around.previous, lang.of("上一份", "previous"), "p"), (around.next, lang.of("下一份", "next"), "n")]
    {
        if let Some(link) = link {
            let _ = write!(
                body,
                " <a href=\"{}.html\" data-key=\"{key}\">{name}</a>",
                super::names::linked(link)
            );
        }
    }
    for (link, name) in [
        (around.letter, lang.of("退改函", "letter of corrections")),
        (around.annotated, lang.of("批注稿（docx）", "annotated docx")),
    ] {
        if let Some(link) = link {
            let _ = write!(body, " <a href=\"../{}\">{name}</a>", super::names::linked(link));
        }
    }
    let _ = write!(body, "</nav>\n<h1>{}</h1>\n<p class=\"meta\">", escaped(title(record)));
    let unknown = lang.of("未识别", "unknown");
    let year = report.year.map(|year| year.to_string());
    for (name, value) in [
        (lang.of("单位", "Unit"), report.unit.as_deref().unwrap_or(unknown)),
        (lang.of("年度", "Year"), year.as_deref().unwrap_or(unknown)),
        (lang.of("体例", "Kind"), &report.profile_name),
        (lang.of("文件", "File"), &report.path),
    ] {
        let _ = write!(body, "<span><b>{name}</b> {}</span> ", escaped(value));
    }
    body.push_str("</p>\n<p class=\"counts\">");
    for (count, severity) in [
        (report.counts.errors, Severity::Error),
        (report.counts.warnings, Severity::Warning),
        (report.counts.hints, Severity::Hint),
    ] {
        let _ = write!(
            body,
            "<span class=\"badge {}\">{} {count}</span> ",
            class(severity),
            severity_word(severity, lang)
        );
    }
    let ledger = &report.ledger;
    let (evaluated, expected) = (ledger.evaluated(), ledger.expected);
    let _ = write!(
        body,
        "<span class=\"quiet\">{}</span>",
        lang.of(
            format!(
                "核对 {evaluated}/{expected} 项：相符 {}，尾差 {}，不符 {}；数字读懂 {}/{}",
                ledger.holds, ledger.within_rounding, ledger.fails, ledger.figures_understood, ledger.figures
            ),
            format!(
                "{evaluated} of {expected} checks evaluated: {} hold, {} within rounding, {} fail; {} of {} figures understood",
                ledger.holds, ledger.within_rounding, ledger.fails, ledger.figures_understood, ledger.figures
            ),
        )
    );
    body.push_str("</p>\n<nav class=\"jump\">");
    for (to, name) in [
        ("text", lang.of("正文", "Text")),
        ("findings", lang.of("问题", "Findings")),
        ("drawing", lang.of("勾稽图", "How the figures tie")),
        ("facts", lang.of("数字", "Figures")),
        ("outline", lang.of("结构", "Outline")),
        ("ledger", lang.of("核对台账", "Ledger")),
    ] {
        let _ = write!(body, "<a href=\"#{to}\">{name}</a> ");
    }
    body.push_str("</nav>\n</header>\n");
}

/// One finding in the list.
fn item(body: &mut String, place: usize, finding: &Finding, lang: Lang) {
    let number = place + 1;
    let _ = write!(
        body,
        "<li id=\"f{place}\" data-f=\"{place}\" class=\"finding {}\" tabindex=\"-1\"><p class=\"what\"><a class=\"to\" \
         href=\"#m{place}\" title=\"{}\">{number}</a> <span class=\"badge {}\">{}</span> ",
        class(finding.severity),
        lang.of("到正文中的位置", "to its place in the text"),
        class(finding.severity),
        severity_word(finding.severity, lang)
    );
    if let Some(state) = finding.state {
        let _ = write!(body, "<span class=\"badge\">{}</span> ", standing(state, lang));
    }
    body.push_str("<b>");
    escape(body, &finding.message);
    let _ =
        write!(body, "</b> <code title=\"{}\">{}</code></p>", escaped(&finding.name), escaped(&finding.code));
    body.push_str("<p class=\"where\">");
    escape(body, &at(finding.span.line, finding.place.as_deref(), lang));
    body.push_str("</p>");
    if !finding.labels.is_empty() {
        body.push_str("<ul class=\"ends\">");
        for (end, label) in finding.labels.iter().enumerate() {
            let _ = write!(body, "<li><a href=\"#m{place}-{end}\">");
            escape(body, &at(label.span.line, label.place.as_deref(), lang));
            body.push_str("</a> <q>");
            escape(body, &brief(&label.quote, 48));
            body.push_str("</q> ");
            escape(body, &label.message);
            body.push_str("</li>");
        }
        body.push_str("</ul>");
    }
    for (name, text) in [
        (lang.of("算式", "sum"), &finding.trace),
        (lang.of("依据", "basis"), &finding.citation),
        (lang.of("改法", "what to do"), &finding.help),
    ] {
        if let Some(text) = text {
            let _ = write!(body, "<p><span class=\"quiet\">{name}</span> ");
            escape(body, text);
            body.push_str("</p>");
        }
    }
    body.push_str("</li>\n");
}

/// What is no finding any more: mended since the last round, or answered for with a reason.
fn settled(body: &mut String, record: &Record, lang: Lang) {
    let checked = &record.checked;
    let mended = checked.fixed.iter().map(|entry| said(&entry.code, &entry.message, None));
    let answered = checked.suppressed.iter().map(|one| {
        let Finding { code, message, .. } = &one.diagnostic;
        said(code, message, Some(&one.reason))
    });
    folded(body, lang.of("已改", "Fixed since the last round"), mended.collect());
    folded(body, lang.of("已说明理由，不算问题", "Ignored for a reason"), answered.collect());
}

fn said(code: &str, message: &str, reason: Option<&str>) -> String {
    let reason = reason.map(|reason| format!(" <q>{}</q>", escaped(reason))).unwrap_or_default();
    format!("<li><code>{}</code> {}{reason}</li>", escaped(code), escaped(message))
}

fn folded(body: &mut String, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        let (count, items) = (items.len(), items.concat());
        let _ = writeln!(
            body,
            "<details><summary>{name} {count}</summary><ul class=\"ends\">{items}</ul></details>"
        );
    }
}

/// Against the last round.
fn standing(state: Standing, lang: Lang) -> &'static str {
    match state {
        Standing::New => lang.of("新增", "new"),
        Standing::Known => lang.of("未改", "not fixed yet"),
    }
}

/// A place in words: as its reader calls it, else the line.
fn at(line: u32, place: Option<&str>, lang: Lang) -> String {
    match (place, lang) {
        (Some(place), _) => place.to_owned(),
        (None, Lang::Zh) => format!("第 {line} 行"),
        (None, Lang::En) => format!("line {line}"),
    }
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
