//! A figure with its unit, power, modifier, sign and range.
//!
//! Takes a block's text and the place of a digit or Chinese numeral; gives a [`Quantity`] or nothing.

use rust_decimal::Decimal;

use super::number::{self, Number};
use super::{Modifier, Notation, Quantity};
use crate::document::Span;
use crate::rules::{UnitId, Units};

/// Words before the number, longest first where one begins another.
const BEFORE: [(&str, Modifier); 22] = [
    ("不少于", Modifier::AtLeast),
    ("不低于", Modifier::AtLeast),
    ("大于等于", Modifier::AtLeast),
    ("至少", Modifier::AtLeast),
    ("超过", Modifier::AtLeast),
    ("逾", Modifier::AtLeast),
    ("≥", Modifier::AtLeast),
    ("＞", Modifier::AtLeast),
    (">", Modifier::AtLeast),
    ("不超过", Modifier::AtMost),
    ("不高于", Modifier::AtMost),
    ("小于等于", Modifier::AtMost),
    ("至多", Modifier::AtMost),
    ("不足", Modifier::AtMost),
    ("不到", Modifier::AtMost),
    ("≤", Modifier::AtMost),
    ("＜", Modifier::AtMost),
    ("<", Modifier::AtMost),
    ("将近", Modifier::About),
    ("大约", Modifier::About),
    ("约", Modifier::About),
    ("近", Modifier::About),
];

/// Words that end like a modifier: 比预算节约1.00万元 is exactly 1.00.
const NO_MODIFIER: [&str; 7] = ["节约", "合约", "契约", "预约", "履约", "违约", "附近"];

/// The modifier that `before` ends with.
fn modifier_at_end(before: &str) -> Option<(&'static str, Modifier)> {
    if !before.ends_with(ends_modifier) || NO_MODIFIER.iter().any(|word| before.ends_with(word)) {
        return None;
    }
    BEFORE.iter().find(|(word, _)| before.ends_with(word)).copied()
}

/// Asked before the words are, as hardly any figure has one.
fn ends_modifier(c: char) -> bool {
    matches!(
        c,
        '于' | '少' | '过' | '逾' | '≥' | '＞' | '>' | '多' | '足' | '到' | '≤' | '＜' | '<' | '近' | '约'
    )
}

const AFTER: [(&str, Modifier); 6] = [
    ("左右", Modifier::About),
    ("上下", Modifier::About),
    ("以上", Modifier::AtLeast),
    ("以内", Modifier::AtMost),
    ("之内", Modifier::AtMost),
    ("以下", Modifier::AtMost),
];

/// The figure whose number begins at byte `at` of `text`; `base` is the offset of `text` in the document.
pub fn quantity(text: &str, at: usize, base: usize, units: &Units) -> Option<Quantity> {
    let input = &text[at..];
    let percent_words = input.starts_with("百分之");
    if !percent_words && counts_nothing(input, units) {
        return None;
    }
    let (rest, number) = read_number(input)?;
    let number_end = text.len() - rest.len();
    let mut tail = Tail::read(rest, units);
    if percent_words {
        tail = Tail { unit: units.at_head("%").map(|(unit, _)| unit), ..Tail::default() };
    }
    let chinese = matches!(number.notation, Notation::Chinese);
    if chinese && !worth_reading(&number, &tail, units) {
        return None;
    }
    if tail.unit.is_none() && tail.power == 0 && rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut modifier = if tail.more { Modifier::AtLeast } else { Modifier::Exact };
    let mut end = number_end + tail.len;
    let mut upper = None;
    if let Some((high, len, range_tail)) = range(&text[end..], units, &tail)
        && high > number.value
    {
        upper = Some(high);
        end += len;
        if tail.unit.is_none() {
            (tail.unit, tail.power) = (range_tail.unit, range_tail.power);
        }
    }
    let after = &text[end..];
    if after.starts_with(['左', '上', '以', '之'])
        && let Some((word, found)) = AFTER.iter().find(|(word, _)| after.starts_with(word))
    {
        modifier = *found;
        end += word.len();
    }
    let before = &text[..at];
    let mut start = at;
    let mut value = number.value;
    if let Some(sign) = before.chars().next_back().filter(|c| matches!(c, '-' | '－' | '−')) {
        let ahead = before[..before.len() - sign.len_utf8()].chars().next_back();
        let joins =
            ahead.is_some_and(|c| c.is_ascii_alphanumeric() || number::digit_value(c).is_some() || c == sign);
        if !joins && (tail.unit.is_some() || number.scale > 0) {
            value = -value;
            start -= sign.len_utf8();
        }
    } else if let Some((word, found)) = modifier_at_end(before.trim_end_matches(' ')) {
        modifier = found;
        start = before.trim_end_matches(' ').len() - word.len();
    }
    let notation = match number.notation {
        Notation::Arabic if tail.power > 0 && tail.unit.is_none() => Notation::Mixed,
        other => other,
    };
    Some(Quantity {
        span: Span::of(base + start, base + end),
        number: Span::of(base + at, base + number_end),
        value,
        upper,
        scale: number.scale,
        power: tail.power,
        unit: tail.unit,
        per: tail.per,
        modifier,
        notation,
        broken: false,
    })
}

fn read_number(input: &str) -> Option<(&str, Number)> {
    if let Some(rest) = input.strip_prefix("百分之") {
        return number::chinese(rest).or_else(|_| number::arabic(rest)).ok();
    }
    if input.starts_with(number::is_chinese_numeral) {
        return number::chinese(input).ok();
    }
    number::arabic(input).ok()
}

/// Chinese numerals without a unit behind them, as most are: asked before the number is read.
fn counts_nothing(input: &str, units: &Units) -> bool {
    let rest = input.trim_start_matches(number::is_chinese_numeral);
    rest.len() < input.len() && !rest.starts_with('点') && Tail::read(rest, units).unit.is_none()
}

/// Chinese numerals stand in many words that count nothing (一起, 十分): only money, shares and
/// counts from two are figures.
fn worth_reading(number: &Number, tail: &Tail, units: &Units) -> bool {
    match tail.unit.map(|unit| units.family(unit)) {
        Some("money" | "percent" | "point") => true,
        Some("score" | "year" | "day" | "times") | None => false,
        Some(_) => number.value >= Decimal::TWO && tail.blanks == 0,
    }
}

/// What follows the number: blanks, 余, power, unit, a `/人` of a rate.
#[derive(Debug, Default, Clone, Copy)]
struct Tail {
    len: usize,
    blanks: usize,
    power: u8,
    unit: Option<UnitId>,
    /// 余 or 多
    more: bool,
    per: bool,
}

impl Tail {
    fn read(rest: &str, units: &Units) -> Tail {
        let blanks = blanks(rest);
        let mut tail = Tail { blanks, ..Tail::default() };
        let mut at = blanks;
        tail.more |= take_more(rest, &mut at);
        if let Some((unit, len)) = units.at_head(&rest[at..]) {
            tail.unit = Some(unit);
            at += len;
        } else {
            let (power, len) = power(&rest[at..]);
            let mut past = at + len;
            if len > 0 {
                tail.more |= take_more(rest, &mut past);
                past += blanks_len(&rest[past..]);
            }
            match units.at_head(&rest[past..]) {
                Some((unit, unit_len)) if len > 0 => {
                    (tail.power, tail.unit) = (power, Some(unit));
                    at = past + unit_len;
                }
                _ if power >= 4 && blanks == 0 && !rest[past..].starts_with(['百', '千']) => {
                    tail.power = power;
                    at += len;
                }
                _ => return Tail::default(),
            }
        }
        if let Some(rate) = per(&rest[at..]) {
            tail.per = true;
            at += rate;
        }
        tail.len = at;
        tail
    }
}

/// Blanks that may stand between a number and its unit: at most two, or one soft line end, or the
/// marks of bold text.
fn blanks(text: &str) -> usize {
    text.char_indices()
        .find(|&(place, c)| !matches!(c, ' ' | '\u{a0}' | '\n' | '*' | '\u{3000}') || place > 3)
        .map_or(0, |(place, _)| place)
}

fn blanks_len(text: &str) -> usize {
    blanks(text)
}

fn take_more(rest: &str, at: &mut usize) -> bool {
    let found = rest[*at..].chars().next().filter(|c| matches!(c, '余' | '多'));
    *at += found.map_or(0, char::len_utf8);
    found.is_some()
}

/// `万` 4, `百万` 6, `万亿` 12: the power of ten and its length; (0, 0) where there is none. 千 behind 万 begins a unit: 亿千瓦时.
fn power(text: &str) -> (u8, usize) {
    let chars = text.char_indices();
    let (mut power, mut len) = (0, 0);
    for (place, c) in chars {
        let step = match c {
            '百' => 2,
            '千' => 3,
            '万' => 4,
            '亿' => 8,
            _ => break,
        };
        if power >= 12 || power >= 4 && step < 4 {
            break;
        }
        power += step;
        len = place + c.len_utf8();
    }
    (power, len)
}

/// Length of `/人`, `/人·月`, `/平方米` after a unit.
fn per(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(['/', '／'])?;
    let len: usize = rest
        .chars()
        .take(6)
        .take_while(|c| {
            matches!(
                c,
                '人' | '年'
                    | '月'
                    | '日'
                    | '天'
                    | '次'
                    | '户'
                    | '平'
                    | '方'
                    | '米'
                    | '亩'
                    | '辆'
                    | '·'
                    | '个'
                    | '名'
                    | '台'
            )
        })
        .map(char::len_utf8)
        .sum();
    (len > 0).then_some(text.len() - rest.len() + len)
}

/// `～30%` after `15%`: the upper value, the length and what follows its number.
fn range(text: &str, units: &Units, first: &Tail) -> Option<(Decimal, usize, Tail)> {
    let mark = text.chars().next()?;
    let dash = match mark {
        '～' | '~' | '-' | '—' | '–' | '－' | '至' => mark.len_utf8(),
        '到' if first.unit.is_none() => mark.len_utf8(),
        _ => return None,
    };
    let (rest, number) = number::arabic(&text[dash..]).ok()?;
    let tail = Tail::read(rest, units);
    if tail.unit.is_none() && tail.power == 0 || first.unit.is_some() && first.unit != tail.unit {
        return None;
    }
    Some((number.value, text.len() - rest.len() + tail.len, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_modifier_ends_as_modifiers_may() {
        assert!(BEFORE.iter().all(|(word, _)| word.ends_with(ends_modifier)));
        assert!(AFTER.iter().all(|(word, _)| word.starts_with(['左', '上', '以', '之'])));
    }
}
