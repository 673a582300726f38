//! Format `terminal`: every finding with the text it is about, for people.

use codespan_reporting::diagnostic::{self as shown, Label};
use codespan_reporting::term::{self, Config};

use super::excerpt::{Excerpt, printable};
use super::place::place;
use super::said::mark;
use super::style::{self, Painter, paint};
use super::{Audited, Emitter, File, Format, Ledger, Summary, checks};
use crate::baseline::{Entry, Tally};
use crate::diagnostic::{Diagnostic, Severity, Standing};
use crate::document::{Document, LineIndex};
use crate::options::Lang;
use crate::suppress::Suppressed;

pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    let path = printable(file.path);
    let read = match file.result {
        Ok(read) => read,
        Err(reason) => return unreadable(emitter, &path, reason, out),
    };
    let Audited { document, audit, profile, fixed, .. } = read;
    if !audit.diagnostics.is_empty() {
        let lines = LineIndex::new(&document.text);
        for diagnostic in &audit.diagnostics {
            finding(emitter, &path, document, &lines, diagnostic, out);
        }
    }
    if emitter.show_suppressed {
        suppressed(emitter, &path, document, &audit.suppressed, out);
    }
    if emitter.explain_checks && !audit.checks.is_empty() {
        checks::list(emitter, &read, out);
        out.push(b'\n');
    }
    for entry in fixed {
        gone(emitter, entry, out);
    }
    if !fixed.is_empty() {
        out.push(b'\n');
    }
    let summary = Summary { baseline: tally(&read), ..Summary::of(audit) };
    paint(out, emitter.color, style::BOLD, &path);
    let by = |text| if document.source.converted { text } else { "" };
    let profile = match emitter.lang {
        Lang::Zh => format!("（{}按“{profile}”审核）：", by("由 LibreOffice 转换后读取，")),
        Lang::En => format!(" ({}judged as {profile}): ", by("converted by LibreOffice, ")),
    };
    out.extend_from_slice(profile.as_bytes());
    counts(emitter, &summary, out);
    out.push(b'\n');
    ledger(emitter.lang, &summary.ledger, out);
    if emitter.many {
        out.push(b'\n');
    }
}

/// The closing lines of the run.
pub fn close(emitter: &Emitter, summary: &Summary, out: &mut Vec<u8>) {
    let lang = emitter.lang;
    if emitter.many {
        let files = match lang {
            Lang::Zh => format!("共 {} 个文件：", summary.files),
            Lang::En => format!("{} files: ", summary.files),
        };
        paint(out, emitter.color, style::BOLD, &files);
        counts(emitter, summary, out);
        if summary.unreadable > 0 {
            let unread = match lang {
                Lang::Zh => format!("；{} 个文件读不了", summary.unreadable),
                Lang::En => format!("; {} unreadable", summary.unreadable),
            };
            paint(out, emitter.color, style::RED, &unread);
        }
        out.push(b'\n');
        ledger(lang, &summary.ledger, out);
    }
    let unchecked = summary.baseline.map_or(0, |tally| tally.unchecked_files);
    if unchecked > 0 {
        let line = match lang {
            Lang::Zh => format!("基线中有 {unchecked} 个文件这次没有读到。\n"),
            Lang::En => format!("{unchecked} files of the baseline were not read in this run.\n"),
        };
        out.extend_from_slice(line.as_bytes());
    }
    if summary.fixed > 0 {
        let fixed = match lang {
            Lang::Zh => format!("已改正 {} 处文字形式。\n", summary.fixed),
            Lang::En => format!("{} repaired.\n", summary.fixed),
        };
        out.extend_from_slice(fixed.as_bytes());
    }
    if summary.suppressed > 0 {
        let row = match (lang, emitter.show_suppressed) {
            (Lang::Zh, true) => format!("已忽略 {} 条（原因见上）。\n", summary.suppressed),
            (Lang::Zh, false) => format!("已忽略 {} 条，用 --show-suppressed 列出。\n", summary.suppressed),
            (Lang::En, true) => format!("{} suppressed (listed above).\n", summary.suppressed),
            (Lang::En, false) => {
                format!("{} suppressed; --show-suppressed lists them.\n", summary.suppressed)
            }
        };
        out.extend_from_slice(row.as_bytes());
    }
    if summary.fixable > 0 {
        let fixable = match lang {
            Lang::Zh => format!("其中 {} 处可用 --fix 自动改正（不改数字）。\n", summary.fixable),
            Lang::En => {
                format!("{} can be repaired with --fix (figures are never changed).\n", summary.fixable)
            }
        };
        out.extend_from_slice(fixable.as_bytes());
    }
}

fn finding(
    emitter: &Emitter,
    path: &str,
    document: &Document,
    lines: &LineIndex,
    diagnostic: &Diagnostic,
    out: &mut Vec<u8>,
) {
    let lang = emitter.lang;
    let spans = std::iter::once(diagnostic.span).chain(diagnostic.labels.iter().map(|label| label.span));
    let place = place(document, diagnostic.span.start, lang);
    let named = place.map(|place| format!("{path} {}", printable(&place)));
    let excerpt = Excerpt::new(named.as_deref().unwrap_or(path), &document.text, lines, spans);
    let severity = match diagnostic.severity {
        Severity::Error => shown::Severity::Error,
        Severity::Warning => shown::Severity::Warning,
        Severity::Hint => shown::Severity::Note,
    };
    let mut labels =
        vec![Label::primary((), excerpt.place(diagnostic.span)).with_message(printable(&diagnostic.note))];
    for label in &diagnostic.labels {
        labels.push(Label::secondary((), excerpt.place(label.span)).with_message(printable(&label.message)));
    }
    let message = mark(diagnostic.standing, lang).unwrap_or_default().to_owned() + &diagnostic.message;
    let note = |name: &str, text: &Option<String>| {
        text.as_ref().map(|text| {
            let colon = lang.of("：", ": ");
            // Lines after the first stand under the text, not under its name.
            printable(&format!("{name}{colon}{}", text.trim_end())).into_owned()
        })
    };
    let notes = [
        note(lang.of("算式", "sum"), &diagnostic.trace),
        note(lang.of("依据", "basis"), &diagnostic.citation),
        note(lang.of("建议", "help"), &diagnostic.help),
    ];
    let shown = shown::Diagnostic::new(severity)
        .with_code(format!("{} {}", diagnostic.code, diagnostic.name))
        .with_message(printable(&message))
        .with_labels(labels)
        .with_notes(notes.into_iter().flatten().collect());
    let config = Config { start_context_lines: 2, ..Config::default() };
    // The excerpt answers for every index it gave out and the buffer takes every byte.
    let _ = term::emit_to_write_style(&mut Painter::new(out, emitter.color, lang), &config, &excerpt, &shown);
}

/// Nothing where there is no baseline, or nothing to say of it.
fn tally(read: &Audited) -> Option<Tally> {
    let count = |wanted| read.audit.diagnostics.iter().filter(|found| found.standing == Some(wanted)).count();
    let (new, known, fixed) = (count(Standing::New), count(Standing::Known), read.fixed.len());
    (new + known + fixed > 0).then_some(Tally { new, known, fixed, unchecked_files: 0 })
}

/// One line for a finding of the baseline that is gone.
fn gone(emitter: &Emitter, entry: &Entry, out: &mut Vec<u8>) {
    let lang = emitter.lang;
    paint(out, emitter.color, style::GREEN, lang.of("已改", "fixed"));
    let (code, name, message) = (&entry.code, &entry.name, printable(&entry.message));
    let line = match lang {
        Lang::Zh => format!("[{code} {name}]：{message}（原第 {} 行）\n", entry.line),
        Lang::En => format!("[{code} {name}]: {message} (was line {})\n", entry.line),
    };
    out.extend_from_slice(line.as_bytes());
}

/// One line each: what, where, and why it is not shown.
pub fn suppressed(
    emitter: &Emitter,
    path: &str,
    document: &Document,
    suppressed: &[Suppressed],
    out: &mut Vec<u8>,
) {
    if suppressed.is_empty() {
        return;
    }
    let lang = emitter.lang;
    let lines = LineIndex::new(&document.text);
    for Suppressed { finding, reason, .. } in suppressed {
        let at = lines.position(&document.text, finding.span.start as usize);
        let place = place(document, finding.span.start, lang);
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        let message = printable(&finding.message).replace('\n', " ");
        let row = format!(
            "{path}:{}:{}{place}: {}[{} {}] {message}{}{}\n",
            at.line,
            at.column,
            lang.of("已忽略", "suppressed"),
            finding.code,
            finding.name,
            lang.of("——", " -- "),
            printable(reason).replace('\n', " "),
        );
        out.extend_from_slice(row.as_bytes());
    }
    if emitter.format == Format::Terminal {
        out.push(b'\n');
    }
}

fn unreadable(emitter: &Emitter, path: &str, reason: &str, out: &mut Vec<u8>) {
    paint(out, emitter.color, style::RED, emitter.lang.of("读不了", "unreadable"));
    let row = format!(" {path}{}{}\n\n", emitter.lang.of("：", ": "), printable(reason));
    out.extend_from_slice(row.as_bytes());
}

fn counts(emitter: &Emitter, summary: &Summary, out: &mut Vec<u8>) {
    let lang = emitter.lang;
    let parts = [
        (summary.errors, style::RED, lang.of("个错误", "error")),
        (summary.warnings, style::YELLOW, lang.of("个警告", "warning")),
        (summary.hints, style::GREEN, lang.of("条提示", "hint")),
    ];
    let mut first = true;
    for (count, style, word) in parts {
        if count == 0 && style == style::GREEN {
            continue;
        }
        if !first {
            out.extend_from_slice(lang.of("、", ", ").as_bytes());
        }
        first = false;
        let plural = if lang == Lang::En && count != 1 { "s" } else { "" };
        let part = format!("{count} {word}{plural}");
        paint(out, emitter.color && count > 0, style, &part);
    }
    if let Some(Tally { new, known, fixed, .. }) = summary.baseline {
        let against = match lang {
            Lang::Zh => format!("；对照基线：新增 {new}、未改 {known}、已改 {fixed}"),
            Lang::En => format!("; against the baseline: {new} new, {known} known, {fixed} fixed"),
        };
        out.extend_from_slice(against.as_bytes());
    }
}

/// What was checked: a finding count without it cannot be told from a report that was not understood.
fn ledger(lang: Lang, ledger: &Ledger, out: &mut Vec<u8>) {
    let Ledger { expected, holds, within_rounding, fails, not_evaluable, figures, figures_understood } =
        *ledger;
    let evaluated = ledger.evaluated();
    let mut line = match lang {
        Lang::Zh if expected == 0 => "没有可核对的勾稽关系".to_owned(),
        Lang::En if expected == 0 => "no relation to check".to_owned(),
        Lang::Zh => format!(
            "{expected} 项勾稽已核对 {evaluated} 项：相符 {holds}、尾差 {within_rounding}、不符 {fails}；无法核对 {not_evaluable} 项"
        ),
        Lang::En => format!(
            "{evaluated} of {expected} checks evaluated: {holds} hold, {within_rounding} within rounding, {fails} fail; {not_evaluable} not evaluable"
        ),
    };
    if let Some(percent) = ledger.percent_understood() {
        line += &match lang {
            Lang::Zh => format!("；数字读懂 {percent}%（{figures_understood}/{figures}）"),
            Lang::En => format!("; {percent}% of figures understood ({figures_understood}/{figures})"),
        };
    }
    line += "\n";
    out.extend_from_slice(line.as_bytes());
}
