//! Kind `damage`: characters that were lost before or while the file was read.
//!
//! One finding for each sort of damage, at its first place. Placeholders: `{count}` of places,
//! `{before}` the words just before the first, `{quote}` the first. Cases: `undecodable`, `replaced`, `nul`,
//! `unnumbered`, `unmapped`, `scanned`, `struck`.

use super::{Context, Sink};
use crate::document::{Damage, DamageKind};
use crate::rules::Rule;

/// Further places that are shown beside the first.
const SHOWN: usize = 9;
/// Characters of the text before the damage that help to find it.
const BEFORE: usize = 8;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for (kind, case) in [
        (DamageKind::Undecodable, "undecodable"),
        (DamageKind::Replaced, "replaced"),
        (DamageKind::Nul, "nul"),
        (DamageKind::Unnumbered, "unnumbered"),
        (DamageKind::Unmapped, "unmapped"),
        (DamageKind::Scanned, "scanned"),
        (DamageKind::Struck, "struck"),
    ] {
        let mut places = cx.document.damage.iter().filter(|damage| damage.kind == kind);
        let Some(first) = places.next() else { continue };
        let count = 1 + places.clone().count();
        let mut report = sink
            .report(rule, first.span)
            .case(case)
            .value("count", count.to_string())
            .value("before", before(cx, first))
            .value("quote", cx.document.slice(first.span));
        for more in places.take(SHOWN) {
            report = report.label(more.span, "more");
        }
        report.emit();
    }
}

/// What stands on the line just before the damage.
fn before<'a>(cx: &Context<'a>, damage: &Damage) -> &'a str {
    let text = &cx.document.text[..damage.span.start as usize];
    let start = text.char_indices().rev().take(BEFORE).take_while(|&(_, c)| c != '\n').last();
    start.map_or(cx.options.lang.of("（行首）", "(line start)"), |(start, _)| &text[start..])
}
