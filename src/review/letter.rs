//! The letter that goes back to a unit: what to correct, by number, in plain words.
//!
//! Takes a [`Record`]; gives Markdown, or nothing where there is nothing to correct.

use std::fmt::Write;

use super::{Finding, Record, Report};
use crate::diagnostic::{Severity, Standing};
use crate::options::Lang;

/// Characters of a quote.
const QUOTE: usize = 60;

pub fn letter(record: &Record, lang: Lang) -> Option<String> {
    let findings = &record.checked.diagnostics;
    let of = |severity: Severity| findings.iter().filter(move |finding| finding.severity == severity);
    let count = |severity: Severity| of(severity).count();
    let (errors, warnings, hints) = (count(Severity::Error), count(Severity::Warning), count(Severity::Hint));
    if errors + warnings == 0 {
        return None;
    }
    let report = &record.report;
    let name = plain(report.title.as_deref().unwrap_or(&report.path));
    let unit = report.unit.as_deref().map_or_else(|| lang.of("报送单位", "Sir or Madam").to_owned(), plain);
    let file = plain(&report.path);
    let mut out = lang.of(
        format!(
            "# 关于修改《{name}》的函\n\n{unit}：\n\n你单位报送的《{name}》（文件：{file}）已经审核。{}，请逐项核对，改正后重新报送。\n",
            found_zh(errors, warnings)
        ),
        format!(
            "# Corrections to “{name}”\n\nTo {unit}:\n\nYour report “{name}” (file: {file}) has been reviewed: {errors} \
             to correct, {warnings} to verify. Please go through them one by one and submit the report again.\n"
        ),
    );
    let mut number = 0;
    for (severity, head) in [
        (Severity::Error, lang.of("必须改正", "To correct")),
        (Severity::Warning, lang.of("请核实", "To verify")),
        (Severity::Hint, lang.of("供参考", "For your information")),
    ] {
        let mut listed = of(severity).peekable();
        if listed.peek().is_some() {
            let _ = writeln!(out, "\n## {head}");
        }
        for finding in listed {
            number += 1;
            item(&mut out, number, finding, lang);
        }
    }
    let fixed = record.checked.fixed.len();
    if fixed > 0 {
        let told = lang.of(
            format!("\n上一轮指出的问题中，有 {fixed} 处已经改正。\n"),
            format!("\nOf what was told in the last round, {fixed} have been fixed.\n"),
        );
        out.push_str(&told);
    }
    let ledger = &report.ledger;
    let (understood, figures) = (ledger.figures_understood, ledger.figures);
    let closing = lang.of(
        format!(
            "\n## 说明\n\n以上由程序逐项核对得出，共核对勾稽关系 {} 项，读懂数字 {understood}/{figures} 个；没有列出的部分不等于没有问题。\
             {}“请核实”的各项如口径确有不同，请在报告中写明。\n\n请于规定期限内将改正后的报告报回。\n",
            ledger.evaluated(),
            if hints > 0 { "“供参考”的各项不要求修改。" } else { "" },
        ),
        format!(
            "\n## Note\n\nThese are findings of a program, which made {} checks and understood {understood} of {figures} \
             figures: what is not listed is not thereby right. Where an item to verify is right on another basis, please say so \
             in the report.\n\nPlease send the corrected report back within the time set.\n",
            ledger.evaluated(),
        ),
    );
    out.push_str(&closing);
    Some(out)
}

fn found_zh(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, warnings) => format!("有 {warnings} 处需要核实"),
        (errors, 0) => format!("有 {errors} 处必须改正"),
        (errors, warnings) => format!("有 {errors} 处必须改正，{warnings} 处需要核实"),
    }
}

fn item(out: &mut String, number: usize, finding: &Finding, lang: Lang) {
    let colon = lang.of("：", ": ");
    let place = match &finding.place {
        Some(place) => place.clone(),
        None => lang.of(format!("第 {} 行", finding.span.line), format!("line {}", finding.span.line)),
    };
    let again = match finding.state {
        Some(Standing::Known) => {
            lang.of("（上一轮已指出，仍未改）", " (told in the last round and not fixed)")
        }
        _ => "",
    };
    let _ = writeln!(out, "\n{number}. **{}**{again}", plain(&finding.message));
    let mut line = |name: &str, text: &str| {
        let _ = writeln!(out, "   - {name}{colon}{text}");
    };
    let quote = cut(&finding.quote, QUOTE);
    let quoted = if quote.is_empty() { String::new() } else { format!("“{}”", plain(&quote)) };
    line(
        lang.of("位置", "Place"),
        &format!("{}{}{quoted}", plain(&place), if quoted.is_empty() { "" } else { lang.of("，", ", ") }),
    );
    for label in &finding.labels {
        let place = match &label.place {
            Some(place) => place.clone(),
            None => lang.of(format!("第 {} 行", label.span.line), format!("line {}", label.span.line)),
        };
        let said = if label.message.is_empty() { cut(&label.quote, QUOTE) } else { label.message.clone() };
        line(lang.of("对照", "See"), &format!("{}{}{}", plain(&place), lang.of("，", ", "), plain(&said)));
    }
    for (name, text) in [
        (lang.of("算式", "Sum"), &finding.trace),
        (lang.of("依据", "Basis"), &finding.citation),
        (lang.of("改法", "What to do"), &finding.help),
    ] {
        if let Some(text) = text {
            line(name, &plain(text));
        }
    }
}

/// The reports that go back to nobody: those without anything to correct.
pub fn passed<'a>(reports: impl Iterator<Item = &'a Report>, lang: Lang) -> String {
    listing(
        lang.of("审核通过的报告", "Reports without anything to correct"),
        reports.map(|report| (report, None)),
        lang,
    )
}

/// Those that could not be read, which have to be sent again.
pub fn unread<'a>(reports: impl Iterator<Item = &'a Report>, lang: Lang) -> String {
    let rows = reports.map(|report| (report, report.unread.as_deref()));
    listing(
        lang.of("没有读出、需要重新报送的文件", "Files that could not be read and have to be sent again"),
        rows,
        lang,
    )
}

fn listing<'a>(title: &str, rows: impl Iterator<Item = (&'a Report, Option<&'a str>)>, lang: Lang) -> String {
    let mut out = format!("# {title}\n\n");
    let mut count = 0;
    for (report, reason) in rows {
        count += 1;
        let unit = report.unit.as_deref().map(|unit| format!("{}{}", plain(unit), lang.of("：", ": ")));
        let _ = write!(out, "{count}. {}{}", unit.unwrap_or_default(), plain(&report.path));
        if let Some(reason) = reason {
            let _ = write!(out, "{}{}", lang.of("——", ": "), plain(reason));
        }
        out.push('\n');
    }
    if count == 0 {
        out.push_str(lang.of("没有。\n", "None.\n"));
    }
    out
}

/// On one line, with nothing that Markdown would take for its own.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '#' | '|' | '&') {
                out.push('\\');
            }
            out.push(if c.is_control() { '\u{fffd}' } else { c });
        }
    }
    out
}

/// At most `most` characters of `text`.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
