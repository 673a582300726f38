//! The page of all reports: counts, how they are spread, and a table to sort and filter.
//!
//! Takes one [`Row`] a report; gives HTML. The rows stand in the page as JSON and are shown a hundred at a time, so that
//! ten thousand of them stay quick.

use std::fmt::Write;

use serde::Serialize;

use super::html::{self, escape, escaped, in_script};
use super::papers::{self, Line};
use super::{Finding, Report, names};
use crate::diagnostic::Severity;
use crate::options::Lang;

const SCRIPT: &str = include_str!("assets/index.js");
/// Findings told in a row.
const WORST: usize = 3;
/// Rules in the chart.
const RULES: usize = 10;

/// What the table shows of one report.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Link to its page; null for a report that was not read.
    pub page: Option<String>,
    pub path: String,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub year: Option<u16>,
    pub kind: String,
    pub errors: usize,
    pub warnings: usize,
    pub hints: usize,
    /// Share of figures understood, in percent.
    pub coverage: Option<usize>,
    /// The worst findings: code and message; or why it was not read.
    pub worst: Vec<(String, String)>,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Clean,
    Hint,
    Warning,
    Error,
    Unread,
}

impl Row {
    pub fn of(report: &Report, name: Option<&str>, findings: &[Finding]) -> Row {
        let mut order: Vec<&Finding> = findings.iter().collect();
        order.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let told = |finding: &&Finding| (finding.code.clone(), super::letter::cut(&finding.message, 70));
        Row {
            page: name.map(|name| format!("reports/{}.html", names::linked(name))),
            path: report.path.clone(),
            title: report.title.clone(),
            unit: report.unit.clone(),
            year: report.year,
            kind: report.profile_name.clone(),
            errors: report.counts.errors,
            warnings: report.counts.warnings,
            hints: report.counts.hints,
            coverage: report.ledger.percent_understood(),
            worst: match &report.unread {
                Some(reason) => vec![(String::new(), reason.clone())],
                None => order.iter().take(WORST).map(told).collect(),
            },
            state: State::of(report),
        }
    }
}

impl State {
    pub fn of(report: &Report) -> State {
        match report.counts {
            _ if report.unread.is_some() => State::Unread,
            counts if counts.errors > 0 => State::Error,
            counts if counts.warnings > 0 => State::Warning,
            counts if counts.hints > 0 => State::Hint,
            _ => State::Clean,
        }
    }

    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            State::Clean => lang.of("无问题", "clean"),
            State::Hint => lang.of("只有提示", "hints only"),
            State::Warning => lang.of("有警告", "warnings"),
            State::Error => lang.of("有错误", "errors"),
            State::Unread => lang.of("没有读出", "not read"),
        }
    }

    fn class(self) -> &'static str {
        match self {
            State::Clean => "clean",
            State::Hint => "hint",
            State::Warning => "warning",
            State::Error => "error",
            State::Unread => "unread",
        }
    }
}

/// In how many reports each rule speaks: code, name, severity, reports.
pub type Spread = Vec<(String, String, Severity, usize)>;

pub fn render(rows: &[Row], spread: &Spread, media: usize, notes: &[Line], lang: Lang) -> String {
    let title = lang.of("报告审核总览", "Reports under review");
    let mut body = String::new();
    let _ = writeln!(body, "<header class=\"top\"><h1>{title}</h1>");
    cards(&mut body, rows, lang);
    if media > 0 {
        let told = lang.of(
            format!("另有图片、音视频文件 {media} 个，不属于报告，没有读。"),
            format!(
                "Besides, {media} pictures, sound or video files, which are no reports and were not read."
            ),
        );
        let _ = writeln!(body, "<p class=\"quiet\">{told}</p>");
    }
    body.push_str("<div class=\"charts\">\n");
    charts(&mut body, rows, spread, lang);
    body.push_str("</div></header>\n<main class=\"block\">\n");
    table(&mut body, lang);
    papers::render(&mut body, notes, lang);
    body.push_str("</main>\n<script type=\"application/json\" id=\"rows\">");
    body.push_str(&in_script(&serde_json::to_string(rows).unwrap_or_default()));
    body.push_str("</script>\n");
    html::page(lang, title, &body, SCRIPT)
}

fn cards(body: &mut String, rows: &[Row], lang: Lang) {
    let count = |state: State| rows.iter().filter(|row| row.state == state).count();
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    body.push_str("<div class=\"cards\">");
    for (name, number, class) in [
        (lang.of("报告", "reports"), rows.len(), ""),
        (lang.of("无问题", "clean"), count(State::Clean) + count(State::Hint), "clean"),
        (lang.of("有错误", "with errors"), count(State::Error), "error"),
        (lang.of("只有警告", "warnings only"), count(State::Warning), "warning"),
        (lang.of("没有读出", "not read"), count(State::Unread), ""),
        (lang.of("错误（处）", "errors"), sum(|row| row.errors), "error"),
        (lang.of("警告（处）", "warnings"), sum(|row| row.warnings), "warning"),
    ] {
        let _ = write!(body, "<div class=\"card {class}\"><b>{number}</b>{name}</div>");
    }
    body.push_str("</div>\n");
}

fn charts(body: &mut String, rows: &[Row], spread: &Spread, lang: Lang) {
    let states = [State::Error, State::Warning, State::Hint, State::Clean, State::Unread];
    let bars = states.map(|state| {
        let count = rows.iter().filter(|row| row.state == state).count();
        (state.name(lang).to_owned(), count, state.class())
    });
    chart(body, lang.of("各类报告份数", "Reports by result"), &bars);

    let read = || rows.iter().filter(|row| row.state != State::Unread);
    let steps = [(0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, usize::MAX)];
    let bars = steps.map(|(low, high)| {
        let count = read().filter(|row| (low..=high).contains(&row.errors)).count();
        let name = match (low, high) {
            (low, usize::MAX) => lang.of(format!("{low} 个以上"), format!("{low} or more")),
            (low, high) if low == high => lang.of(format!("{low} 个"), low.to_string()),
            (low, high) => lang.of(format!("{low}～{high} 个"), format!("{low} to {high}")),
        };
        (name, count, if low == 0 { "clean" } else { "error" })
    });
    chart(body, lang.of("每份报告的错误数", "Errors in a report"), &bars);

    let steps = [(100, 100), (95, 99), (90, 94), (80, 89), (60, 79), (0, 59)];
    let bars = steps.map(|(low, high)| {
        let within = |row: &&Row| row.coverage.is_some_and(|percent| (low..=high).contains(&percent));
        let name = if low == high { format!("{low}%") } else { format!("{low}～{high}%") };
        (name, read().filter(within).count(), "")
    });
    chart(body, lang.of("数字读懂的比例", "Share of figures understood"), &bars);

    let bars: Vec<(String, usize, &str)> = (spread.iter().take(RULES))
        .map(|(code, name, severity, reports)| {
            let class = match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Hint => "",
            };
            (format!("{code} {name}"), *reports, class)
        })
        .collect();
    if !bars.is_empty() {
        chart(body, lang.of("最常见的问题（份数）", "Commonest findings (reports)"), &bars);
    }
}

/// Horizontal bars with their names and numbers.
fn chart(body: &mut String, title: &str, bars: &[(String, usize, &str)]) {
    const ROW: usize = 22;
    const NAME: usize = 150;
    const BAR: usize = 150;
    let most = bars.iter().map(|(_, count, _)| *count).max().unwrap_or(0).max(1);
    let height = bars.len() * ROW + 4;
    let _ = write!(
        body,
        "<figure class=\"chart\"><figcaption>{title}</figcaption><svg role=\"img\" viewBox=\"0 0 350 {height}\">"
    );
    for (row, (name, count, class)) in bars.iter().enumerate() {
        let y = row * ROW + 4;
        let width = (count * BAR / most).max(usize::from(*count > 0) * 2);
        let _ = write!(body, "<g><title>{}：{count}</title><text x=\"0\" y=\"{}\">", escaped(name), y + 12);
        escape(body, &crate::emit::columns::short(name, 20));
        let _ = write!(
            body,
            "</text><rect class=\"bar {class}\" x=\"{NAME}\" y=\"{y}\" width=\"{width}\" height=\"15\" rx=\"2\"/>\
             <text class=\"number\" x=\"{}\" y=\"{}\">{count}</text></g>",
            NAME + width + 6,
            y + 12
        );
    }
    body.push_str("</svg></figure>\n");
}

fn table(body: &mut String, lang: Lang) {
    let _ = write!(
        body,
        "<noscript><p>{}</p></noscript>\n<div class=\"filters\">\
         <input id=\"words\" type=\"search\" placeholder=\"{}\" aria-label=\"{0}\">",
        lang.of(
            "浏览器关闭了脚本，表格显示不出来；同样的内容在 review.xlsx 中。",
            "Scripts are off and the table cannot be shown; review.xlsx has the same."
        ),
        lang.of("筛选：单位、文件名、问题、编码…", "filter: unit, file, finding, code …"),
    );
    let _ = write!(
        body,
        "<select id=\"state\" aria-label=\"{0}\"><option value=\"\">{0}</option>",
        lang.of("全部结果", "all results")
    );
    for state in [State::Error, State::Warning, State::Hint, State::Clean, State::Unread] {
        let _ = write!(body, "<option value=\"{}\">{}</option>", state.class(), state.name(lang));
    }
    body.push_str("</select>");
    for (id, name) in [("kind", lang.of("全部体例", "all kinds")), ("year", lang.of("全部年度", "all years"))]
    {
        let _ = write!(
            body,
            "<select id=\"{id}\" aria-label=\"{name}\"><option value=\"\">{name}</option></select>"
        );
    }
    let _ = writeln!(
        body,
        "<button id=\"clear\" type=\"button\">{}</button><span id=\"count\" class=\"quiet\" role=\"status\" data-of=\"{}\"></span></div>",
        lang.of("清除", "clear"),
        lang.of("{n} 份，共 {all} 份", "{n} of {all}"),
    );
    body.push_str("<div class=\"wide\"><table class=\"rows reports\" id=\"reports\"><thead><tr>");
    for (key, name) in [
        ("state", lang.of("结果", "result")),
        ("unit", lang.of("单位和文件", "unit and file")),
        ("year", lang.of("年度", "year")),
        ("kind", lang.of("体例", "kind")),
        ("errors", lang.of("错误", "errors")),
        ("warnings", lang.of("警告", "warnings")),
        ("hints", lang.of("提示", "hints")),
        ("coverage", lang.of("读懂", "understood")),
        ("worst", lang.of("主要问题", "worst findings")),
    ] {
        let _ =
            write!(body, "<th scope=\"col\" data-key=\"{key}\"><button type=\"button\">{name}</button></th>");
    }
    body.push_str("</tr></thead><tbody></tbody></table></div>\n<div class=\"pages\">");
    let _ = writeln!(
        body,
        "<button id=\"back\" type=\"button\">{}</button><span id=\"page\"></span><button id=\"forth\" type=\"button\">{}</button></div>",
        lang.of("上一页", "previous"),
        lang.of("下一页", "next")
    );
    body.push_str("<script type=\"application/json\" id=\"states\">{");
    for (place, state) in
        [State::Error, State::Warning, State::Hint, State::Clean, State::Unread].iter().enumerate()
    {
        let comma = if place > 0 { "," } else { "" };
        let _ = write!(body, "{comma}\"{}\":\"{}\"", state.class(), state.name(lang));
    }
    body.push_str("}</script>\n");
}
