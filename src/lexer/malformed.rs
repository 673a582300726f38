//! Figures broken by a slip of the keyboard: an inner space, 。 for a point, two points, a letter for
//! a digit, a group that is none; and figures whose thousands are parted by blanks, which are none of these.
//!
//! Takes the text at a digit or at a letter that looks like one; gives the broken run and its best
//! reading. Only a run that ends in a unit of money or a percent sign is a figure at all: codes,
//! versions and references have none.

use super::number::{digit_value, digits};
use super::quantity::quantity;
use super::{Lexed, MalformedKind, Quantity};
use crate::document::Span;
use crate::rules::Units;

/// A broken figure at byte `at` of `text`: what is wrong and how it was probably meant; nothing is wrong with thousands
/// parted by blanks (1 129 236万元), see [`allow_groups`].
pub fn malformed(
    text: &str,
    at: usize,
    base: usize,
    units: &Units,
) -> Option<(Option<MalformedKind>, Quantity)> {
    let input = &text[at..];
    let run = run_length(input);
    if is_sound(&input.as_bytes()[..run]) {
        return None;
    }
    let (kind, repaired) = match grouped(&input[..run]) {
        Some((joined, true)) => (None, joined),
        Some((joined, false)) => (Some(MalformedKind::InnerSpace), joined),
        None => repair(&input[..run], at == 0).map(|(kind, repaired)| (Some(kind), repaired))?,
    };
    let tail = &input[run..];
    let probe = format!("{repaired}{}", head(tail, 8));
    let read = quantity(&probe, 0, 0, units)?;
    let money_or_share = read.unit.is_some_and(|unit| matches!(units.family(unit), "money" | "percent"));
    if !money_or_share || read.number.len() != repaired.len() {
        return None;
    }
    let end = at + run + (read.span.len() - repaired.len());
    let number = Span::of(base + at, base + at + run);
    let broken = kind.is_some();
    Some((kind, Quantity { span: Span::of(base + at, base + end), number, broken, ..read }))
}

/// Digits with at most one point: nothing to repair, as nearly always.
fn is_sound(run: &[u8]) -> bool {
    let mut marks = run.iter().filter(|byte| !byte.is_ascii_digit());
    marks.next().is_none_or(|&mark| mark == b'.') && marks.next().is_none()
}

fn head(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

fn is_lookalike(c: char) -> bool {
    matches!(c, 'O' | 'o' | 'l' | 'I')
}

/// Digits, and single marks between two of them.
fn run_length(input: &str) -> usize {
    let mut end = 0;
    let chars = input.char_indices();
    for (place, c) in chars {
        if digit_value(c).is_some() || is_lookalike(c) {
            end = place + c.len_utf8();
        } else if !matches!(c, '.' | '．' | ',' | ' ' | '。') || place > end + 1 || place > 40 {
            break;
        }
    }
    end
}

/// A blank inside one figure (1 865.42万元) is a slip; inside several it parts their thousands.
pub fn allow_groups(text: &str, lexed: &mut Lexed) {
    let is_grouped = |number: Span| {
        let number = text.get(number.range()).unwrap_or_default();
        number.contains(' ') && grouped(number).is_some()
    };
    let slips: Vec<Span> = lexed.malformed.iter().map(|slip| slip.span).collect();
    let doubtful = |quantity: &&mut Quantity| {
        quantity.broken && slips.binary_search(&quantity.span).is_ok() && is_grouped(quantity.number)
    };
    if slips.is_empty() || lexed.quantities.iter().filter(|one| is_grouped(one.number)).nth(1).is_none() {
        return;
    }
    let mut allowed = Vec::new();
    for quantity in lexed.quantities.iter_mut().filter(doubtful) {
        quantity.broken = false;
        allowed.push(quantity.span);
    }
    lexed.malformed.retain(|slip| allowed.binary_search(&slip.span).is_err());
}

/// `1 129 236` and `18 234.28` without their blanks: groups of three digits behind one to three; and whether that is sure, as
/// `18 234.28` is not. `3 250` may as well be two figures.
fn grouped(run: &str) -> Option<(String, bool)> {
    let (whole, fraction) = run.split_once('.').unwrap_or((run, ""));
    let mut groups = whole.split(' ');
    let is_number = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let head = groups.next().filter(|head| (1..=3).contains(&head.len()) && is_number(head))?;
    let behind: Vec<&str> = groups.collect();
    let sound = !head.starts_with('0')
        && is_number(fraction)
        && behind.iter().all(|group| group.len() == 3 && is_number(group))
        && (behind.len() > 1 || behind.len() == 1 && !fraction.is_empty());
    let sure = behind.len() > 1 || head.len() == 3;
    sound.then(|| (run.replace(' ', ""), sure))
}

fn repair(run: &str, at_block_start: bool) -> Option<(MalformedKind, String)> {
    let plain: String = run
        .chars()
        .filter_map(|c| digit_value(c).and_then(|d| char::from_digit(d, 10)).or(Some(c)))
        .collect();
    let count = |wanted: fn(char) -> bool| plain.chars().filter(|&c| wanted(c)).count();
    let points = count(|c| matches!(c, '.' | '．'));
    let (stops, spaces, commas) = (count(|c| c == '。'), count(|c| c == ' '), count(|c| c == ','));
    let letters = count(is_lookalike);
    if letters > 0 {
        let fixed = plain.replace(['O', 'o'], "0").replace(['l', 'I'], "1");
        let sound = stops + spaces + commas == 0 && points <= 1 && count(|c| c.is_ascii_digit()) > 0;
        return sound.then_some((MalformedKind::Letter, fixed));
    }
    match (points, stops, spaces, commas) {
        (0, 1, 0, 0) => {
            let (whole, fraction) = plain.split_once('。')?;
            let sound = whole.len() <= 9 && fraction.len() <= 2;
            sound.then(|| (MalformedKind::FullStop, format!("{whole}.{fraction}")))
        }
        (2, 0, 0, 0) => {
            let last = plain.rfind(['.', '．'])?;
            let joined: String = plain
                .char_indices()
                .filter(|&(at, c)| c.is_ascii_digit() || at == last)
                .map(|(_, c)| c)
                .collect();
            Some((MalformedKind::TwoPoints, joined))
        }
        (1, 0, 1, 0) if !at_block_start => {
            let (before, after) = plain.split_once(' ')?;
            // `1 38.43` and `138. 43`; `2023 138.43` is a year beside a figure, `12 38` two figures.
            let split_point = before.ends_with(['.', '．']) || after.starts_with(['.', '．']);
            let split_digits =
                before.len() <= 2 && after.contains(['.', '．']) && !before.contains(['.', '．']);
            (split_point || split_digits).then(|| (MalformedKind::InnerSpace, format!("{before}{after}")))
        }
        (0, 0, 0, 1) => {
            let (whole, fraction) = plain.split_once(',')?;
            let (_, (_, digits_after)) = digits(fraction).ok()?;
            (digits_after <= 2 && whole.len() >= 2)
                .then(|| (MalformedKind::Grouping, format!("{whole}.{fraction}")))
        }
        _ => None,
    }
}
