//! Kinds `faulty-ignore` and `unused-ignore`: comments that ignore findings and cannot be followed, or that
//! no finding answers to.
//!
//! Cases of `faulty-ignore`: `no-reason`, `unknown-rule` with `{rule}` as written, `unclear`. Placeholders of
//! `unused-ignore`: `{rules}`, and `{where}` no finding of them stands.

use super::{Context, Sink};
use crate::document::Span;
use crate::rules::Rule;
use crate::suppress::Fault;

pub fn faulty<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for ignore in cx.ignores {
        match &ignore.fault {
            None => {}
            Some(Fault::NoReason) => sink.report(rule, ignore.span).case("no-reason").emit(),
            Some(Fault::Unclear) => sink.report(rule, ignore.span).case("unclear").emit(),
            Some(Fault::UnknownRule(name)) => {
                let written = cx.document.slice(ignore.span).find(name.as_str());
                let span = written.map_or(ignore.span, |at| {
                    let start = ignore.span.start as usize + at;
                    Span::of(start, start + name.len())
                });
                sink.report(rule, span).case("unknown-rule").value("rule", name.as_str()).emit();
            }
        }
    }
}

/// `unused`: places in [`Context::ignores`].
pub fn unused<'a>(cx: &Context<'a>, rule: &'a Rule, unused: &[usize], sink: &mut Sink<'a>) {
    let lang = cx.options.lang;
    for ignore in unused.iter().filter_map(|&place| cx.ignores.get(place)) {
        let place = match (ignore.whole, ignore.target.is_empty()) {
            (true, _) => lang.of("全文", "in the whole text"),
            (false, true) => lang.of("它后面", "behind it"),
            (false, false) => lang.of("它所指的这一段", "in the paragraph it is for"),
        };
        let rules = ignore.rules.join(lang.of("、", ", "));
        sink.report(rule, ignore.span).value("where", place).value("rules", rules).emit();
    }
}
