//! Kind `self-reference`: one report, one way for the unit to speak of itself.
//!
//! Placeholders: `{quote}` the form found, `{expected}` the form used otherwise, `{count}` how often that is.
//! Labels: `own`, `same`.

use super::{Context, Sink};
use crate::document::Span;
use crate::rules::{Rule, SelfReference};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a SelfReference, sink: &mut Sink<'a>) {
    let mut places: Vec<Vec<Span>> = vec![Vec::new(); kind.forms.len()];
    for hit in &cx.lexed.rule_hits[cx.index(rule)] {
        let form = usize::from(hit.item);
        let after = cx.document.text.get(hit.span.end as usize..).unwrap_or_default();
        let excused = kind.forms[form].unless_after.iter().any(|pattern| pattern.after(after).is_some());
        if !excused && !cx.lexed.marks.is_quoted(cx.flow.shown(hit.span)) {
            places[form].push(hit.span);
        }
    }
    let unit = cx.subject.unit.map(|unit| cx.document.slice(unit)).unwrap_or_default();
    let named = kind.forms.iter().position(|form| form.ends.iter().any(|end| unit.ends_with(end.as_str())));
    let most = (0..places.len()).max_by_key(|&form| (places[form].len(), std::cmp::Reverse(form)));
    // The name of the unit decides; without it, a clear majority.
    let own = named.filter(|&form| !places[form].is_empty()).or(most);
    let Some(own) = own.filter(|&own| places[own].len() >= 2) else { return };
    for (form, found) in places.iter().enumerate().filter(|(form, found)| *form != own && !found.is_empty()) {
        if found.len() * 2 > places[own].len() {
            continue;
        }
        let mut report = sink
            .report(rule, found[0])
            .value("quote", kind.forms[form].find.as_str())
            .value("expected", kind.forms[own].find.as_str())
            .value("count", places[own].len().to_string())
            .label(places[own][0], "own");
        for other in &found[1..] {
            report = report.label(*other, "same");
        }
        report.emit();
    }
}
