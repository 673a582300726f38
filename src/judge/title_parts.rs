//! Kind `title-parts`: whose report, on which year, and of what kind, as the title says.
//!
//! Placeholders: `{quote}` the title, `{missing}` what it lacks.

use super::{Context, Sink};
use crate::rules::{Rule, TitleParts};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, parts: &'a TitleParts, sink: &mut Sink<'a>) {
    if !cx.form.profile.genre.evaluates() {
        return;
    }
    let Some(title) = cx.form.title else { return };
    let quote = cx.document.slice(title);
    // A title often fills two or three lines, and a cover names the unit on a line of its own.
    let head: String = cx.form.head.iter().take(4).map(|line| cx.document.slice(*line)).collect();
    if !parts.kinds.iter().any(|kind| head.contains(kind.as_str())) {
        return;
    }
    let year = has_year(&head);
    let unit = names_somebody(&head, &parts.matter);
    let lacks =
        [(unit, cx.options.lang.of("单位名称", "the unit")), (year, cx.options.lang.of("年度", "the year"))];
    let missing: Vec<&str> = lacks.iter().filter(|(there, _)| !there).map(|(_, name)| *name).collect();
    if missing.is_empty() {
        return;
    }
    sink.report(rule, title)
        .value("quote", quote.trim())
        .value("missing", cx.options.lang.list(&missing))
        .emit();
}

fn has_year(text: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || "〇○零一二三四五六七八九０１２３４５６７８９".contains(c);
    text.match_indices('年')
        .any(|(at, _)| text[..at].trim_end().chars().rev().take_while(|c| digits(*c)).count() >= 2)
}

/// Whether anything but year and empty words stands before the words of the matter.
fn names_somebody(head: &str, matter: &[smol_str::SmolStr]) -> bool {
    let Some(at) = matter.iter().filter_map(|word| head.find(word.as_str())).min() else { return true };
    let name: String = head[..at]
        .replace("关于", "")
        .chars()
        .filter(|c| c.is_alphabetic() && !"年度〇○零一二三四五六七八九十".contains(*c))
        .collect();
    name.chars().count() >= 3
}
