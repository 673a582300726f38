//! `textDocument/definition`, `references` and `documentHighlight`: a figure and its other mentions.
//!
//! [`of`] says which figures are one fact; hover and rename ask it too.

use serde_json::{Value, json};

use super::files::Read;
use crate::document::Span;
use crate::facts::{Fact, FactId};
use crate::reconcile::{Formula, State, Strength};

/// The fact whose figure stands at `offset`, or just before it.
pub fn at(read: &Read, offset: u32) -> Option<FactId> {
    let holds = |id: &FactId| {
        let span = read.audit.facts.fact(*id).value_span;
        span.start <= offset && offset <= span.end
    };
    let inside = |id: &FactId| holds(id) && offset < read.audit.facts.fact(*id).value_span.end;
    read.audit.facts.ids().find(inside).or_else(|| read.audit.facts.ids().find(holds))
}

/// All mentions of the fact, itself included, in text order. What the engine holds against it as the same fact,
/// even where the values differ and one must be wrong; and figures of the same name, time, basis and value.
pub fn of(read: &Read, id: FactId) -> Vec<FactId> {
    let facts = &read.audit.facts;
    let own = facts.fact(id);
    let mut found = vec![id];
    for check in &read.audit.checks {
        let Some(Formula::Equal { facts: equal }) = &check.formula else { continue };
        let is_meant = equal.contains(&id)
            && match check.kind {
                "equality" => check.state != State::Fails || check.strength == Strength::Sure,
                _ => matches!(check.state, State::Holds | State::WithinRounding),
            };
        if is_meant {
            found.extend(
                equal
                    .iter()
                    .filter(|other| check.kind != "equality" || is_kin(read, own, facts.fact(**other))),
            );
        }
    }
    found.extend(facts.ids().filter(|other| is_same(read, own, facts.fact(*other))));
    found.sort_unstable();
    found.dedup();
    // Two readings of one printed figure are one mention.
    found.dedup_by_key(|id| facts.fact(*id).value_span);
    found
}

/// Whether both say the same of when and how; checks hold totals of different bases against each other too.
fn is_kin(read: &Read, one: &Fact, other: &Fact) -> bool {
    one.amount.family == other.amount.family
        && read.audit.facts.same_period(one, other)
        && one.basis == other.basis
        && one.fund == other.fund
        && one.role == other.role
}

fn is_same(read: &Read, one: &Fact, other: &Fact) -> bool {
    let text = |span: Span| read.document.slice(span).chars().filter(|c| !c.is_whitespace());
    let qualifier = |fact: &Fact| fact.qualifier.map(|span| text(span).collect::<String>());
    let under = |fact: &Fact| {
        fact.under.map(|total| {
            let total = read.audit.facts.fact(total);
            total.name(&read.document, &read.setting.rules)
        })
    };
    let named = match (one.measure, other.measure) {
        (Some(a), Some(b)) => a == b,
        (None, None) => !one.label.is_empty() && text(one.label).eq(text(other.label)),
        _ => false,
    };
    named
        && !one.broken
        && !other.broken
        && one.cell.is_none() == other.cell.is_none()
        && one.amount.is_exact()
        && other.amount.is_exact()
        && one.amount.value == other.amount.value
        && is_kin(read, one, other)
        // 我会总支出 is 总支出 where the values are the same.
        && (qualifier(one) == qualifier(other) || one.qualifier.is_none() || other.qualifier.is_none())
        && under(one) == under(other)
}

pub fn definition(read: &Read, offset: u32) -> Value {
    at(read, offset)
        .map_or(Value::Null, |id| locations(read, of(read, id).into_iter().filter(|other| *other != id)))
}

pub fn references(read: &Read, offset: u32, declared: bool) -> Value {
    at(read, offset).map_or(Value::Null, |id| {
        locations(read, of(read, id).into_iter().filter(|other| declared || *other != id))
    })
}

pub fn highlights(read: &Read, offset: u32) -> Value {
    let spans = at(read, offset).map(|id| of(read, id)).unwrap_or_default();
    spans.into_iter().map(|id| json!({ "range": read.range(read.audit.facts.fact(id).value_span) })).collect()
}

fn locations(read: &Read, ids: impl Iterator<Item = FactId>) -> Value {
    ids.map(|id| json!({ "uri": read.uri, "range": read.range(read.audit.facts.fact(id).value_span) }))
        .collect()
}
