//! `textDocument/prepareRename` and `rename`: one fact, changed in every mention of it.
//!
//! Each mention keeps its form: unit, number of digits behind the point, grouping, width. A mention that cannot
//! say the new value exactly stops the whole change, with the reason.

use lsp_server::ErrorCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::capabilities::Client;
use super::edits;
use super::files::Read;
use super::mentions;
use super::requests::invalid;
use crate::audit::{Audit, audit};
use crate::diagnostic::Edit;
use crate::document::{Document, Span};
use crate::facts::{Amount, FactId};
use crate::lexer::{self, Notation, Quantity};
use crate::options::Lang;
use crate::reconcile::State;
use crate::{fix, input};

type Refusal = (ErrorCode, String);

/// Totals that are listed when they no longer tie.
const SHOWN: usize = 5;

pub fn prepare(read: &Read, offset: u32) -> Result<Value, Refusal> {
    let (_, quantity) = figure(read, offset)?;
    let number = quantity.number;
    Ok(json!({ "range": read.range(number), "placeholder": read.document.slice(number) }))
}

/// The change, and what is to be said of it.
pub fn answer(
    read: &Read,
    client: &Client,
    offset: u32,
    name: &str,
) -> Result<(Value, Option<String>), Refusal> {
    let lang = read.setting.options.lang;
    let (id, own) = figure(read, offset)?;
    let written = written(read, &own, name.trim()).ok_or_else(|| {
        invalid(lang.of(
            "新的数字读不懂：请写一个数，可带单位，如 140.50 或 140.50万元",
            "not a figure: write a number, with or without a unit, such as 140.50",
        ))
    })?;
    let mut changes = Vec::new();
    for mention in mentions::of(read, id) {
        let fact = read.audit.facts.fact(mention);
        let quantity = fact.quantity.and_then(|place| read.audit.lexed.quantities.get(place as usize));
        let number = quantity.ok_or(Why::Words).and_then(|quantity| written.say(read, quantity, &own));
        let span = quantity.map_or(fact.value_span, |quantity| quantity.number);
        match number {
            Ok(number) if number == read.document.slice(span) => {}
            Ok(replacement) => changes.push(Edit { span, replacement }),
            Err(why) => return Err(invalid(&why.say(read, fact.value_span, lang))),
        }
    }
    changes.sort_by_key(|edit| edit.span);
    changes.dedup_by_key(|edit| edit.span);
    let message = broken(read, &changes, lang);
    Ok((edits::workspace_edit(read, client, &changes), message))
}

/// The figure at `offset`, if it can be renamed.
fn figure(read: &Read, offset: u32) -> Result<(FactId, Quantity), Refusal> {
    let lang = read.setting.options.lang;
    let id = mentions::at(read, offset).ok_or_else(|| {
        invalid(lang.of("这里没有读懂的数字，不能改名", "there is no figure here that is understood"))
    })?;
    let fact = read.audit.facts.fact(id);
    let quantity = fact.quantity.and_then(|place| read.audit.lexed.quantities.get(place as usize));
    let quantity = quantity.ok_or_else(|| invalid(&Why::Words.say(read, fact.value_span, lang)))?;
    if fact.broken {
        return Err(invalid(lang.of("这个数字写坏了，请先改正", "this figure is broken: mend it first")));
    }
    if matches!(quantity.notation, Notation::Chinese | Notation::Capital) {
        return Err(invalid(&Why::Characters.say(read, fact.value_span, lang)));
    }
    Ok((id, *quantity))
}

/// The new value.
struct Written {
    amount: Amount,
    /// As typed, half-width, without grouping.
    digits: Decimal,
    scale: u8,
    /// Typed without a unit, or with that of the figure it was typed over.
    own_unit: bool,
}

/// `name` read as a figure; without a unit it has that of `own`.
fn written(read: &Read, own: &Quantity, name: &str) -> Option<Written> {
    let unit = read.document.slice(Span::new(own.number.end, own.span.end));
    let lex = |text: String| {
        let document = input::read_text("", text);
        let lexed = lexer::lex(&document, &read.setting.rules);
        let one = lexed.quantities.first().filter(|_| lexed.quantities.len() == 1)?;
        let whole = one.span.len() == document.text.len() && lexed.malformed.is_empty();
        whole.then_some(*one)
    };
    let has_unit = |one: &Quantity| one.unit.is_some() || one.power > 0;
    let quantity = lex(name.to_owned()).filter(has_unit).or_else(|| lex(format!("{name}{unit}")))?;
    let amount = Amount::of(&quantity, &read.setting.rules.units)?;
    let like = Amount::of(own, &read.setting.rules.units)?;
    let is_figure = amount.family == like.family
        && amount.is_exact() == like.is_exact()
        && matches!(quantity.notation, Notation::Arabic | Notation::Mixed);
    is_figure.then_some(Written {
        amount,
        digits: quantity.value,
        scale: quantity.scale,
        own_unit: amount.factor == like.factor,
    })
}

/// Why a mention cannot say the new value.
enum Why {
    /// It is said in words.
    Words,
    /// 大写 or 一百三十八
    Characters,
    /// Its unit and digits are too coarse.
    Coarse(Decimal),
    Sign,
}

impl Why {
    fn say(&self, read: &Read, span: Span, lang: Lang) -> String {
        let (line, text) = (read.line(span), read.document.slice(span));
        let (zh, en) = match self {
            Why::Words => ("是文字表述，没有数字可改".to_owned(), "is said in words".to_owned()),
            Why::Characters => {
                ("用汉字书写，请手工改".to_owned(), "is written in characters: change it by hand".to_owned())
            }
            Why::Coarse(value) => (
                format!("按它的单位和小数位数写不出 {value}，请先改它的写法"),
                format!("cannot say {value} in its unit and digits: change its form first"),
            ),
            Why::Sign => {
                ("的正负号不同，请手工改".to_owned(), "has another sign: change it by hand".to_owned())
            }
        };
        lang.of(
            format!("没有改动：第{line}行的“{text}”{zh}"),
            format!("nothing changed: “{text}” in line {line} {en}"),
        )
    }
}

impl Written {
    /// The new number in the form of `mention`.
    fn say(&self, read: &Read, mention: &Quantity, own: &Quantity) -> Result<String, Why> {
        if matches!(mention.notation, Notation::Chinese | Notation::Capital) {
            return Err(Why::Characters);
        }
        let form = Amount::of(mention, &read.setting.rules.units).ok_or(Why::Words)?;
        let value = self.amount.value.checked_div(form.factor).ok_or(Why::Words)?.normalize();
        if value.checked_mul(form.factor) != Some(self.amount.value) {
            return Err(Why::Coarse(value));
        }
        // The sign stands before the number.
        if value.is_sign_negative() != mention.value.is_sign_negative() && !value.is_zero() {
            return Err(Why::Sign);
        }
        let like_own = self.own_unit && form.factor == own_factor(read, own) && mention.scale == own.scale;
        let scale = if like_own { self.scale } else { mention.scale };
        let mut digits = if like_own { self.digits } else { value }.abs();
        if digits.normalize().scale() > u32::from(scale) {
            return Err(Why::Coarse(value));
        }
        digits.rescale(u32::from(scale));
        Ok(dressed(&digits.to_string(), read.document.slice(mention.number)))
    }
}

fn own_factor(read: &Read, own: &Quantity) -> Decimal {
    Amount::of(own, &read.setting.rules.units).map_or(Decimal::ZERO, |amount| amount.factor)
}

/// `digits` with the grouping and width of `like`.
fn dressed(digits: &str, like: &str) -> String {
    let group = like.chars().find(|c| matches!(c, ',' | '，'));
    let wide = like.chars().any(|c| matches!(c, '０'..='９'));
    let point = like.chars().find(|c| matches!(c, '.' | '．')).unwrap_or(if wide { '．' } else { '.' });
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::with_capacity(digits.len() * 2);
    for (place, c) in whole.chars().enumerate() {
        if let Some(group) = group.filter(|_| place > 0 && (whole.len() - place).is_multiple_of(3)) {
            out.push(group);
        }
        out.push(c);
    }
    if let Some(part) = part {
        out.push(point);
        out.push_str(part);
    }
    if !wide {
        return out;
    }
    let widened = |c: char| c.to_digit(10).and_then(|digit| char::from_u32('０' as u32 + digit)).unwrap_or(c);
    out.chars().map(widened).collect()
}

/// Which relations held before the change and fail after it.
fn broken(read: &Read, changes: &[Edit], lang: Lang) -> Option<String> {
    let Read { document, audit: before, setting, .. } = read;
    let text = fix::apply(&document.text, &changes.iter().collect::<Vec<_>>());
    let changed = input::read_text(&document.name, text);
    let after = audit(&changed, &setting.rules, &setting.options);
    let failing = |audit: &Audit, document: &Document| -> Vec<(String, String)> {
        let fails = audit.checks.iter().filter(|check| check.state == State::Fails);
        // Spans move with the text; what a relation is of is told by the words before its figures.
        fails.map(|check| (place(document, &check.spans), check.trace.clone())).collect()
    };
    let mut old = failing(before, document);
    let mut new = Vec::new();
    for (place, trace) in failing(&after, &changed) {
        match old.iter().position(|(known, _)| *known == place) {
            Some(known) => _ = old.swap_remove(known),
            // What a second mention adds is the same arithmetic.
            None if new.iter().any(|known: &String| known.starts_with(&trace)) => {}
            None => new.push(trace),
        }
    }
    if new.is_empty() {
        return None;
    }
    let mut message = lang.of(
        format!("改后有 {} 处勾稽不再成立：", new.len()),
        format!("{} relation(s) no longer tie: ", new.len()),
    );
    // Editors show messages in one line.
    message.push_str(&new[..new.len().min(SHOWN)].join(lang.of("；", "; ")));
    Some(message)
}

/// The lines and columns of figures, by how many figures of the text stand before them.
fn place(document: &Document, spans: &[Span]) -> String {
    let lines = |span: &Span| document.text[..span.start as usize].matches('\n').count().to_string();
    let all: Vec<String> = spans.iter().map(lines).collect();
    format!("{} {}", spans.len(), all.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_dress() {
        assert_eq!(dressed("1384300", "1,200,000"), "1,384,300");
        assert_eq!(dressed("140.50", "１３８．４３"), "１４０．５０");
        assert_eq!(dressed("140.5", "138.4"), "140.5");
    }
}
