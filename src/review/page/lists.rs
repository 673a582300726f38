//! What stands below the text of a report: its figures, its headings, everything that was checked.

use std::fmt::Write;

use super::brief;
use crate::document::LineIndex;
use crate::emit::check_kind;
use crate::options::Lang;
use crate::reconcile::State;
use crate::review::html::{escape, escaped};
use crate::review::{Check, FactRow, Record};

pub fn facts(out: &mut String, record: &Record, lang: Lang) {
    let facts = &record.leaf.facts;
    let name = lang.of("数字", "Figures");
    let _ =
        writeln!(out, "<section id=\"facts\" class=\"block\"><h2>{name} <small>{}</small></h2>", facts.len());
    if facts.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"none\">{}</p></section>",
            lang.of("没有读出数字。", "No figures were read.")
        );
        return;
    }
    out.push_str("<div class=\"wide\"><table class=\"rows\"><thead><tr>");
    for head in lang.of(
        ["行", "名称", "口径", "年度", "原文", "数值", "单位", "章节"],
        ["line", "measure", "basis", "year", "figure", "value", "unit", "section"],
    ) {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for FactRow { measure, label, basis, period, text, value, unit, section, line, place, .. } in facts {
        let at = place.clone().unwrap_or_else(|| line.to_string());
        let _ = write!(out, "<tr><td><a href=\"#L{line}\">{}</a></td><td>", escaped(&at));
        escape(out, &brief(measure.as_ref().unwrap_or(label), 40));
        out.push_str("</td><td>");
        escape(out, basis.as_deref().unwrap_or_default());
        let _ = write!(
            out,
            "</td><td>{}</td><td class=\"n\">",
            period.map(|year| year.to_string()).unwrap_or_default()
        );
        escape(out, &brief(text, 40));
        let _ = write!(out, "</td><td class=\"n\">{value}</td><td>");
        escape(out, unit);
        out.push_str("</td><td>");
        escape(out, &brief(section.as_deref().unwrap_or_default(), 30));
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table></div></section>\n");
}

pub fn outline(out: &mut String, record: &Record, lang: Lang) {
    let leaf = &record.leaf;
    let lines = LineIndex::new(&leaf.text);
    let _ = writeln!(out, "<section id=\"outline\" class=\"block\"><h2>{}</h2>", lang.of("结构", "Outline"));
    if leaf.headings.is_empty() {
        let _ =
            writeln!(out, "<p class=\"none\">{}</p>", lang.of("没有找到标题。", "No headings were found."));
    }
    out.push_str("<ul class=\"tree\">\n");
    for heading in &leaf.headings {
        let line = lines.position(&leaf.text, heading.span.start as usize).line;
        let _ = write!(out, "<li class=\"l{}\"><a href=\"#L{line}\">", heading.level.clamp(1, 6));
        escape(out, &brief(leaf.slice(heading.span).lines().next().unwrap_or_default(), 60));
        out.push_str("</a></li>\n");
    }
    out.push_str("</ul></section>\n");
}

/// Everything that was expected to hold and what it came to; what holds is folded away.
pub fn ledger(out: &mut String, record: &Record, lang: Lang) {
    let checks = &record.checked.ledger.checks;
    let name = lang.of("核对台账", "Ledger");
    let _ = writeln!(
        out,
        "<section id=\"ledger\" class=\"block\"><h2>{name} <small>{}</small></h2>",
        checks.len()
    );
    if checks.is_empty() {
        let nothing = lang.of("没有可以核对的勾稽关系。", "There was nothing to check.");
        let _ = writeln!(out, "<p class=\"none\">{nothing}</p>");
    }
    for (state, name) in [
        (State::Fails, lang.of("不符", "fail")),
        (State::WithinRounding, lang.of("尾差", "within rounding")),
        (State::Holds, lang.of("相符", "hold")),
        (State::NotEvaluable, lang.of("无法核对", "not evaluable")),
    ] {
        let of_state: Vec<&Check> = checks.iter().filter(|check| check.state == state).collect();
        if of_state.is_empty() {
            continue;
        }
        let open = if state == State::Fails { " open" } else { "" };
        let _ = writeln!(
            out,
            "<details{open}><summary>{name} {}</summary><div class=\"wide\"><table class=\"rows\"><tbody>",
            of_state.len()
        );
        for check in of_state {
            let line = check.spans.first().map(|span| span.line);
            out.push_str("<tr><td>");
            if let Some(line) = line {
                let _ = write!(out, "<a href=\"#L{line}\">{line}</a>");
            }
            let _ = write!(out, "</td><td>{}</td><td>", escaped(check_kind(&check.kind, lang)));
            escape(out, &check.expression);
            out.push_str("</td><td>");
            if check.trace != check.expression {
                escape(out, &check.trace);
            }
            out.push_str("</td></tr>\n");
        }
        out.push_str("</tbody></table></div></details>\n");
    }
    out.push_str("</section>\n");
}
