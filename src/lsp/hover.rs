//! `textDocument/hover`: the fact of a figure, its other mentions, its sums; and what a finding rests on.

use std::fmt::Write;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::capabilities::Client;
use super::files::Read;
use super::mentions;
use crate::document::Span;
use crate::facts::FactId;
use crate::options::Lang;
use crate::reconcile::State;

/// More would not be read.
const SHOWN: usize = 12;

pub fn answer(read: &Read, client: &Client, offset: u32) -> Value {
    let mut text = String::new();
    let mut range = None;
    if let Some(id) = mentions::at(read, offset) {
        fact(read, id, &mut text);
        range = Some(read.audit.facts.fact(id).value_span);
    }
    let here =
        |span: Span| span.start <= offset && (offset < span.end || span.is_empty() && offset == span.start);
    for found in read.audit.diagnostics.iter().filter(|found| here(found.span)) {
        let Some(rule) = read.setting.rules.rules.get(usize::from(found.rule)) else { continue };
        let say = read.setting.options.lang.of(&rule.zh, &rule.en);
        if !text.is_empty() {
            text.push_str("\n---\n\n");
        }
        let _ = writeln!(text, "**{} {}** {}\n\n{}", found.code, found.name, say.title, say.why.trim());
        if let Some(citation) = &found.citation {
            let _ = writeln!(text, "\n{}{citation}", read.setting.options.lang.of("依据：", "Basis: "));
        }
        range = range.or(Some(found.span));
    }
    if text.is_empty() {
        return Value::Null;
    }
    let (kind, value) =
        if client.markdown { ("markdown", text) } else { ("plaintext", text.replace("**", "")) };
    json!({ "contents": { "kind": kind, "value": value }, "range": range.map(|span| read.range(span)) })
}

fn fact(read: &Read, id: FactId, out: &mut String) {
    let lang = read.setting.options.lang;
    let rules = &read.setting.rules;
    let facts = &read.audit.facts;
    let fact = facts.fact(id);
    let name = fact.name(&read.document, rules);
    let name = if name.is_empty() {
        lang.of("（没有名称的数字）", "(a figure without a name)")
    } else {
        &name
    };
    let qualifier = fact.qualifier.map(|span| read.document.slice(span)).unwrap_or_default();
    let _ = writeln!(out, "**{qualifier}{name}** {}\n", read.document.slice(fact.value_span));
    let mut row = |name: &str, text: String| {
        let _ = writeln!(out, "- {name}{}{text}", lang.of("：", ": "));
    };
    if let Some(year) = fact.period {
        row(lang.of("年度", "year"), year.to_string());
    }
    if let Some(basis) = fact.basis {
        row(lang.of("口径", "basis"), rules.lexicon.basis(basis).id.to_string());
    }
    let amount = fact.amount;
    let scaled = |value: Decimal| value.checked_div(amount.factor).unwrap_or(value).normalize();
    let unit = fact
        .quantity
        .and_then(|place| read.audit.lexed.quantities.get(place as usize))
        .map_or("", |quantity| read.document.slice(Span::new(quantity.number.end, quantity.span.end)));
    row(lang.of("数值", "value"), format!("{}{unit}", scaled(amount.value)));
    if !amount.half.is_zero() {
        let (low, high) = (scaled(amount.low()), scaled(amount.high()));
        row(lang.of("按所写位数，实际在", "by the digits printed, between"), format!("{low}～{high}{unit}"));
    }
    let others: Vec<String> = mentions::of(read, id)
        .into_iter()
        .filter(|other| *other != id)
        .map(|other| {
            let other = facts.fact(other).value_span;
            let line = read.line(other);
            let figure = read.document.slice(other);
            lang.of(format!("第{line}行 {figure}"), format!("line {line} {figure}"))
        })
        .collect();
    if !others.is_empty() {
        row(lang.of("别处也写到", "also printed"), listed(&others, lang));
    }
    for check in read.audit.checks.iter().filter(|check| check.spans.contains(&fact.value_span)).take(SHOWN) {
        let state = match check.state {
            State::Holds => lang.of("✓ 相符", "✓ holds"),
            State::WithinRounding => lang.of("≈ 尾差", "≈ within rounding"),
            State::Fails => lang.of("✗ 不符", "✗ fails"),
            State::NotEvaluable => lang.of("？无法核对", "? not evaluable"),
        };
        let said = if check.trace.is_empty() { &check.expression } else { &check.trace };
        row(state, said.clone());
    }
}

fn listed(all: &[String], lang: Lang) -> String {
    let mut text = all[..all.len().min(SHOWN)].join(lang.of("、", ", "));
    if all.len() > SHOWN {
        text += &lang.of(format!("等 {} 处", all.len()), format!(" and {} more", all.len() - SHOWN));
    }
    text
}
