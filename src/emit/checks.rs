//! `--explain-checks`: everything that was checked, each check with its place, its arithmetic and what it
//! came to; and why the others could not be.

use super::columns::aligned;
use super::excerpt::printable;
use super::style::{self, paint};
use super::{Audited, Emitter};
use crate::document::LineIndex;
use crate::options::Lang;
use crate::reconcile::{Check, State};

pub fn list(emitter: &Emitter, read: &Audited, out: &mut Vec<u8>) {
    let lang = emitter.lang;
    let lines = LineIndex::new(&read.document.text);
    let states = [
        (State::Fails, lang.of("不符", "fail"), style::RED),
        (State::WithinRounding, lang.of("尾差", "within rounding"), style::YELLOW),
        (State::Holds, lang.of("相符", "hold"), style::GREEN),
        (State::NotEvaluable, lang.of("无法核对", "not evaluable"), style::BOLD),
    ];
    for (state, name, style) in states {
        let checks: Vec<&Check> = read.audit.checks.iter().filter(|check| check.state == state).collect();
        if checks.is_empty() {
            continue;
        }
        let head = match lang {
            Lang::Zh => format!("{name} {} 项", checks.len()),
            Lang::En => format!("{} {name}", checks.len()),
        };
        paint(out, emitter.color, style, &head);
        out.push(b'\n');
        let rows = checks.iter().map(|check| row(read, &lines, check, lang)).collect();
        out.extend_from_slice(printable(&aligned(rows)).as_bytes());
    }
}

/// Place, kind, arithmetic.
fn row(read: &Audited, lines: &LineIndex, check: &Check, lang: Lang) -> [String; 3] {
    let text = &read.document.text;
    let place = check.claim.or_else(|| check.spans.first().copied());
    let at = place.map(|span| lines.position(text, span.start as usize));
    let at = at.map(|at| format!("  {}:{}", at.line, at.column)).unwrap_or_default();
    let equation = check.equation.and_then(|place| read.rules.equations.get(usize::from(place)));
    let figure = || check.spans.first().map(|span| read.document.slice(*span)).unwrap_or_default();
    let mut told = match (&check.why, check.trace.is_empty()) {
        (None, false) => check.trace.clone(),
        _ if check.expression.is_empty() => figure().to_owned(),
        (Some(_), _) if check.formula.is_none() => format!("{} {}", figure(), check.expression),
        _ => check.expression.clone(),
    };
    if let Some(why) = &check.why {
        told.push_str(lang.of("：", ": "));
        told.push_str(&why.say(lang));
    } else if let Some(formula) =
        equation.map(|one| lang.of(&one.zh, &one.en)).filter(|formula| !formula.is_empty())
    {
        told.push_str(&lang.of(format!("（{formula}）"), format!(" ({formula})")));
    }
    [at, check_kind(check.kind, lang).to_owned(), told.replace('\n', " ")]
}

/// What a kind of check is called.
pub fn check_kind(kind: &str, lang: Lang) -> &str {
    match kind {
        "sum" => lang.of("合计", kind),
        "equality" => lang.of("前后一致", kind),
        "share" => lang.of("占比", kind),
        "growth" => lang.of("增减", kind),
        "completion" => lang.of("完成率", kind),
        "identity" => lang.of("勾稽", kind),
        "indicator" => lang.of("指标", kind),
        "claim" => lang.of("说法", kind),
        "table-total" => lang.of("表内合计", kind),
        "table-text" => lang.of("表文一致", kind),
        "table-table" => lang.of("两表一致", kind),
        "form-weights" => lang.of("分值合计", kind),
        "form-scores" => lang.of("得分", kind),
        "form-rate" => lang.of("执行率", kind),
        "form-funds" => lang.of("资金总额", kind),
        "product" => lang.of("数量×标准", kind),
        "flat" => lang.of("持平", kind),
        _ => kind,
    }
}
