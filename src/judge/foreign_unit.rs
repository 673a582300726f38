//! Kind `foreign-unit`: the same body of another place, left from copying.
//!
//! Placeholders: `{quote}` the name found, `{expected}` the report's own unit. Label `own`.

use memchr::memmem;

use super::{Context, Sink};
use crate::document::Span;
use crate::document::chars::is_han;
use crate::rules::{ForeignUnit, Rule};
use crate::subject::place_and_body;

/// More mentions than this are no slip: the report is about that unit too.
const FEW: usize = 2;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a ForeignUnit, sink: &mut Sink<'a>) {
    let Some(unit) = cx.subject.unit else { return };
    let name = cx.document.slice(unit);
    let (place, body) = place_and_body(name);
    let Some(level) = place
        .chars()
        .next_back()
        .filter(|level| "区县旗市镇乡".contains(*level) && body.chars().count() >= 3)
    else {
        return;
    };
    let text = &cx.document.text;
    let mut own = 0;
    let mut foreign: Vec<Span> = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), body.as_bytes()) {
        let before = &text[..at];
        if before.ends_with(place) {
            own += 1;
        } else if let Some(start) = place_before(before, level, place, kind) {
            foreign.push(Span::of(start, at + body.len()));
        }
        if foreign.len() > FEW {
            return;
        }
    }
    if own < 2 {
        return;
    }
    for span in foreign.into_iter().filter(|span| !cx.lexed.marks.is_quoted(cx.flow.shown(*span))) {
        sink.report(rule, span)
            .value("quote", cx.document.slice(span))
            .value("expected", name)
            .label(unit, "own")
            .emit();
    }
}

/// Where a place of two characters and its level, other than `own`, begins at the end of `before`.
fn place_before(before: &str, level: char, own: &str, kind: &ForeignUnit) -> Option<usize> {
    let rest = before.strip_suffix(level)?;
    let (start, _) = rest.char_indices().rev().nth(1)?;
    let name = &rest[start..];
    let is_name = name.chars().all(|c| is_han(c) && !kind.no_name.contains(c));
    // Elsewhere two characters before 区 may be anything: 负责区福利院, 包括区司法局.
    let lead = before[..start].chars().next_back();
    let begins = lead.is_none_or(|c| matches!(c, '\n' | '，' | '。' | '；' | '年' | '度' | '市'));
    let partner = kind.partners.iter().any(|word| before[..start].ends_with(word.as_str()));
    (is_name && begins && !partner && !own.ends_with(&before[start..])).then_some(start)
}
