//! Offices that are counted and listed by name: 设5个股室：…, and …4个股室 behind its list.
//!
//! The part of kind `announced-count` that reads names. Placeholders and label as there; case `ahead`: the list follows.

use rust_decimal::Decimal;

use super::{Context, Sink};
use crate::document::Span;
use crate::document::chars::is_han;
use crate::lexer::{Modifier, Quantity};
use crate::rules::{AnnouncedCount, Rule};

/// Characters between a count and the word that opens its list: 个内设机构，.
const LEAD: usize = 14;
/// Characters of one name.
const NAME: usize = 14;
/// Bytes that a list may take.
const LONGEST: usize = 1500;
const STOPS: [char; 6] = ['。', '；', ';', '\n', '，', ','];

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, params: &'a AnnouncedCount, sink: &mut Sink<'a>) {
    for quantity in &cx.lexed.quantities {
        let unit = quantity.unit.map(|unit| cx.rules.units.get(unit).name.as_str());
        let counts = unit.is_some_and(|unit| params.office_units.iter().any(|one| one == unit));
        if !counts || quantity.scale > 0 || quantity.modifier != Modifier::Exact {
            continue;
        }
        let Some(block) = cx.block_at(quantity.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        let (listed, ahead) = match names_behind(cx, params, quantity, block.span.end) {
            Some(listed) => (listed, true),
            None => match names_before(cx, params, quantity, block.span) {
                Some(listed) => (listed, false),
                None => continue,
            },
        };
        let found = cx.document.slice(listed).split('、').count();
        if Decimal::from(found as u64) != quantity.value {
            sink.report(rule, quantity.span)
                .case(if ahead { "ahead" } else { "" })
                .value("quote", cx.document.slice(quantity.span))
                .value("count", quantity.value.to_string())
                .value("found", found.to_string())
                .label(listed, "items")
                .emit();
        }
    }
}

/// 设9个内设机构，分别为：甲、乙、丙。
fn names_behind(cx: &Context, params: &AnnouncedCount, quantity: &Quantity, end: u32) -> Option<Span> {
    let rest = head(cx.document.slice(Span::new(quantity.span.end, end)), LONGEST);
    let lead = head(rest, LEAD * 4);
    let noun: usize = rest.chars().take(LEAD).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
    // 3个，分别是 and 3个分别是 have no noun, or one run together with the word.
    let (at, word) = params
        .office_lists
        .iter()
        .filter_map(|word| Some((lead.find(word.as_str())?, word)))
        .min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len())))?;
    let between = &rest[noun.min(at)..at];
    if at > LEAD * 3 || !matches!(between, "" | "，" | "（") {
        return None;
    }
    let from = at + word.len();
    let list = rest.get(from..)?;
    let stop = list.find(STOPS)?;
    let closed = list[stop..].starts_with(['。', '；', '\n']);
    (closed && is_list(params, &list[..stop])).then(|| {
        let start = quantity.span.range().end + from;
        Span::of(start, start + stop)
    })
}

/// 甲、乙、丙3个股室, and 甲、乙、丙，共3个
fn names_before(cx: &Context, params: &AnnouncedCount, quantity: &Quantity, block: Span) -> Option<Span> {
    let before = tail_of(cx.document.slice(Span::new(block.start, quantity.span.start)), LONGEST);
    let tail = params.office_totals.iter().find_map(|word| before.strip_suffix(word.as_str()));
    let list = tail.unwrap_or(before);
    // 3个 right behind a list counts it only if 个 is followed by what the names are.
    let after = cx.document.slice(Span::new(quantity.span.end, block.end));
    if tail.is_none() && !params.office_nouns.iter().any(|noun| after.starts_with(noun.as_str())) {
        return None;
    }
    let begin = list
        .rfind(|c| STOPS.contains(&c) || matches!(c, '：' | ':' | '（' | '('))
        .map_or(0, |at| at + list[at..].chars().next().map_or(1, char::len_utf8));
    // 甲、乙，丙、丁3个: the comma may part names.
    let earlier = list[..begin].trim_end_matches(['，', ',']);
    let goes_on = list[..begin].ends_with(['，', ',']) && is_office(params, earlier);
    let end = quantity.span.range().start - (before.len() - list.len());
    (!goes_on && is_list(params, &list[begin..])).then(|| Span::of(end - (list.len() - begin), end))
}

/// At most `bytes` of the beginning, so that a page in one line is not searched again for every count.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// At most `bytes` of the end.
fn tail_of(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Names of offices joined by 、 alone; 和 may join two names or stand inside one.
fn is_list(params: &AnnouncedCount, list: &str) -> bool {
    let plain = |name: &str| {
        let length = name.chars().count();
        (2..=NAME).contains(&length) && name.chars().all(is_han) && is_office(params, name)
    };
    list.contains('、') && !list.contains(['和', '及', '与', '等']) && list.split('、').all(plain)
}

fn is_office(params: &AnnouncedCount, name: &str) -> bool {
    params.office_ends.iter().any(|end| name.ends_with(end.as_str()))
}
