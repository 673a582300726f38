//! What is said at the end of a review: how many reports, what became of them, the worst of them.

use std::fmt::Write;
use std::path::Path;

use super::desk::Outcome;
use crate::emit::columns::{aligned, short};
use crate::emit::printable;
use crate::options::Lang;
use crate::review::index::{Row, State};

/// Reports named.
const WORST: usize = 10;

pub fn render(outcome: &Outcome, media: usize, out: &Path, lang: Lang) -> String {
    let count = |wanted: State| outcome.rows.iter().filter(|row| row.state == wanted).count();
    let all = outcome.rows.len();
    let unread = count(State::Unread);
    let summary = &outcome.summary;
    let mut text = String::new();
    let clean = count(State::Clean) + count(State::Hint);
    let (errors, warnings) = (count(State::Error), count(State::Warning));
    let _ = match lang {
        Lang::Zh => writeln!(
            text,
            "共 {all} 份，读出 {} 份，没有读出 {unread} 份；有错误 {errors} 份，只有警告 {warnings} 份，无问题 {clean} 份",
            all - unread
        ),
        Lang::En => writeln!(
            text,
            "{all} reports: {} read, {unread} not read; {errors} with errors, {warnings} with warnings only, {clean} clean",
            all - unread
        ),
    };
    let understood = summary.ledger.percent_understood().unwrap_or_default();
    let evaluated = summary.ledger.evaluated();
    let _ = match lang {
        Lang::Zh => writeln!(
            text,
            "错误 {} 处，警告 {} 处；核对勾稽关系 {evaluated} 项，不符 {} 项；数字读懂 {understood}%",
            summary.errors, summary.warnings, summary.ledger.fails
        ),
        Lang::En => writeln!(
            text,
            "{} errors, {} warnings; {evaluated} checks evaluated, {} fail; {understood}% of figures understood",
            summary.errors, summary.warnings, summary.ledger.fails
        ),
    };
    if let Some(tally) = &summary.baseline {
        let (new, known, fixed) = (tally.new, tally.known, tally.fixed);
        let told = lang.of(
            format!("对照基线：新增 {new} 处，未改 {known} 处，已改 {fixed} 处"),
            format!("against the baseline: {new} new, {known} known, {fixed} fixed"),
        );
        let _ = writeln!(text, "{told}");
    }
    if media > 0 {
        let told = lang.of(
            format!("另有图片、音视频文件 {media} 个，没有读"),
            format!("besides, {media} pictures, sound or video files were not read"),
        );
        let _ = writeln!(text, "{told}");
    }
    worst(&mut text, &outcome.rows, lang);
    unreadable(&mut text, &outcome.rows, lang);
    let _ = writeln!(text, "{}{}", lang.of("\n结果：", "\nresults: "), out.display());
    text
}

fn worst(text: &mut String, rows: &[Row], lang: Lang) {
    let mut order: Vec<&Row> = rows.iter().filter(|row| row.errors + row.warnings > 0).collect();
    order.sort_by_key(|row| std::cmp::Reverse((row.errors, row.warnings)));
    if order.is_empty() {
        return;
    }
    let head = lang.of("\n问题最多的", "\nMost findings");
    let _ = writeln!(text, "{head}");
    let names =
        lang.of(["错误", "警告", "单位", "文件"], ["errors", "warnings", "unit", "file"]).map(str::to_owned);
    let shown = order.iter().take(WORST).map(|row| {
        [
            row.errors.to_string(),
            row.warnings.to_string(),
            short(row.unit.as_deref().unwrap_or("—"), 28),
            short(&row.path, 60),
        ]
    });
    text.push_str(&printable(&aligned(std::iter::once(names).chain(shown).collect())));
}

fn unreadable(text: &mut String, rows: &[Row], lang: Lang) {
    let mut order = rows.iter().filter(|row| row.state == State::Unread).peekable();
    if order.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "{}", lang.of("\n没有读出的", "\nNot read"));
    let reason = |row: &Row| row.worst.first().map(|(_, reason)| reason.clone()).unwrap_or_default();
    let rest = order.clone().count().saturating_sub(WORST);
    let shown = order.by_ref().take(WORST).map(|row| [short(&row.path, 60), reason(row)]);
    text.push_str(&printable(&aligned(shown.collect())));
    if rest > 0 {
        let _ = writeln!(
            text,
            "{}",
            lang.of(format!("…还有 {rest} 个，见 index.html"), format!("… and {rest} more"))
        );
    }
}
