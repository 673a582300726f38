//! Slips in one figure.

use gouji::document::Span;
use gouji::facts::Relation;
use rust_decimal::Decimal;

use super::Operator;
use crate::harness::base::{Base, Printed, figures, holds, rule_of};
use crate::harness::mutation::{Mutation, Truth};
use crate::harness::random::Random;

pub const OPERATORS: &[Operator] = &[
    Operator::figures("digit-changed", "一位数字写错", |base, random| change(base, random, digit)),
    Operator::figures("digits-swapped", "相邻两位颠倒", |base, random| change(base, random, swapped)),
    Operator::figures("digit-lost", "漏一位数字", |base, random| change(base, random, lost)),
    Operator::figures("point-shifted", "小数点错一位", |base, random| change(base, random, point)),
    Operator::figures("unit-swapped", "元、万元写错", |base, _| unit(base)),
    Operator::figures("last-year-copied", "照抄上年数", |base, _| last_year(base)),
    Operator::figures("neighbour-copied", "照抄邻近数", |base, _| neighbour(base)),
    Operator::figures("mention-not-updated", "几处相同的数只改了其余", mention),
    Operator::figures("percent-off-0.5", "百分比差0.5", |base, random| {
        percent(base, random, Decimal::new(5, 1))
    }),
    Operator::figures("percent-off-5", "百分比差5", |base, random| {
        percent(base, random, Decimal::from(5))
    }),
    Operator::figures("total-not-updated", "分项改了合计没改", total),
    Operator::figures("sign-flipped", "增减方向写反", |base, _| sign(base, false)),
    Operator::figures("sign-contradicted", "减少…增长…自相矛盾", |base, _| sign(base, true)),
];

/// A figure with `text` put in its place.
fn put(base: &Base, figure: &Printed, text: &str) -> Option<Mutation> {
    let value: Decimal = text.parse().ok()?;
    if value == figure.value {
        return None;
    }
    let truth = base.figure(figure.quantity, value, base.quantity(figure.quantity).power)?;
    let shown = if figure.grouped { grouped(text) } else { text.to_owned() };
    Some(Mutation { edits: vec![(figure.span, shown)], also: Vec::new(), truth: Truth::Figure(truth) })
}

/// `1234567.8` → `1,234,567.8`
fn grouped(text: &str) -> String {
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn change(base: &Base, random: &mut Random, slip: fn(&str, &mut Random) -> Option<String>) -> Vec<Mutation> {
    let all = base.printed();
    all.iter().filter_map(|figure| put(base, figure, &slip(&figure.text, random)?)).collect()
}

fn digits(text: &str) -> Vec<usize> {
    text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect()
}

/// `05.1` and `00` are no slip of the hand; `0.51` is.
fn natural(text: String) -> Option<String> {
    let odd = text.starts_with('0') && text.len() > 1 && !text.starts_with("0.");
    (!odd && !text.starts_with('.') && !text.ends_with('.') && !text.is_empty()).then_some(text)
}

fn digit(text: &str, random: &mut Random) -> Option<String> {
    let at = *random.pick(&digits(text))?;
    let old = text.as_bytes()[at] - b'0';
    let new = (old + 1 + random.below(9) as u8) % 10;
    natural(format!("{}{new}{}", &text[..at], &text[at + 1..]))
}

fn swapped(text: &str, random: &mut Random) -> Option<String> {
    let places = digits(text);
    let pairs: Vec<(usize, usize)> = places.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let &(one, two) = random.pick(&pairs)?;
    let mut bytes = text.as_bytes().to_vec();
    bytes.swap(one, two);
    natural(String::from_utf8(bytes).ok()?).filter(|new| new != text)
}

fn lost(text: &str, random: &mut Random) -> Option<String> {
    let places = digits(text);
    let at = *random.pick(&places).filter(|_| places.len() > 1)?;
    natural(format!("{}{}", &text[..at], &text[at + 1..]))
}

fn point(text: &str, random: &mut Random) -> Option<String> {
    let at = text.find('.')?;
    let plain: String = text.chars().filter(|c| *c != '.').collect();
    let to = if random.below(2) == 0 { at.checked_sub(1)? } else { at + 1 };
    let (whole, rest) = plain.split_at_checked(to)?;
    let point = if rest.is_empty() { "" } else { "." };
    natural(format!("{whole}{point}{rest}"))
}

/// 万元 printed as 元, and 元 as 万元.
fn unit(base: &Base) -> Vec<Mutation> {
    let swap = |figure: Printed| {
        let quantity = base.quantity(figure.quantity);
        let after = Span::new(quantity.number.end, quantity.span.end);
        let (power, to) = match base.report.document.slice(after) {
            "万元" => (0, "元"),
            "元" => (4, "万元"),
            _ => return None,
        };
        let truth = base.figure(figure.quantity, figure.value, power)?;
        Some(Mutation { edits: vec![(after, to.to_owned())], also: Vec::new(), truth: Truth::Figure(truth) })
    };
    base.printed().into_iter().filter(|figure| !figure.value.is_zero()).filter_map(swap).collect()
}

fn last_year(base: &Base) -> Vec<Mutation> {
    let copied = |relation: &Relation| {
        let Relation::Change { current, base: before, .. } = relation else { return None };
        let ([current, ..], [before, ..]) = (&current[..], &before[..]) else { return None };
        put(base, &base.printed_of(*current)?, &base.printed_of(*before)?.text)
    };
    base.report.audit.facts.relations.iter().filter_map(copied).collect()
}

/// The next figure of the same unit, as where a line is copied and one figure forgotten.
fn neighbour(base: &Base) -> Vec<Mutation> {
    let all = base.printed();
    let same = |one: &Printed, two: &Printed| {
        let (one, two) = (base.quantity(one.quantity), base.quantity(two.quantity));
        one.unit == two.unit && one.power == two.power
    };
    let pairs = all.windows(2).filter(|pair| same(&pair[0], &pair[1]));
    pairs.filter_map(|pair| put(base, &pair[0], &pair[1].text)).collect()
}

fn mention(base: &Base, random: &mut Random) -> Vec<Mutation> {
    let all = base.printed().into_iter().filter(|figure| base.repeats(figure.quantity));
    all.filter_map(|figure| put(base, &figure, &other_value(&figure, random))).collect()
}

/// A value some per cent off, with as many decimals.
fn other_value(figure: &Printed, random: &mut Random) -> String {
    let percent = Decimal::from(3 + random.below(12));
    let off = figure.value * percent / Decimal::from(100);
    let value = if random.below(2) == 0 { figure.value + off } else { figure.value - off };
    let scale = figure.value.scale();
    let mut value = value.round_dp(scale);
    value.rescale(scale);
    value.to_string()
}

fn percent(base: &Base, random: &mut Random, off: Decimal) -> Vec<Mutation> {
    let change = |figure: Printed| {
        let up = random.below(2) == 0;
        let mut value = if up { figure.value + off } else { figure.value - off };
        value.rescale(figure.value.scale());
        let fits = figure.value.scale() >= off.scale() && !value.is_sign_negative();
        put(base, &figure, &value.to_string()).filter(|_| fits)
    };
    base.printed().into_iter().filter(|figure| base.is_percent(figure.quantity)).filter_map(change).collect()
}

/// A part and all its other mentions changed, the total left as it was; only parts whose change breaks
/// sums alone, so that the total is what is left behind.
fn total(base: &Base, random: &mut Random) -> Vec<Mutation> {
    let table = &base.report.audit.facts;
    let sums = base.report.audit.checks.iter().filter(|check| check.kind == "sum" && holds(check));
    let mut found = Vec::new();
    for check in sums {
        let ids = figures(check);
        let (Some(total), parts) = (ids.first(), ids.get(1..).unwrap_or_default()) else { continue };
        let parts: Vec<Printed> = parts.iter().filter_map(|part| base.printed_of(*part)).collect();
        let Some(part) = random.pick(&parts).filter(|part| !part.value.is_zero()) else { continue };
        let new = other_value(part, random);
        let Some(truth) = new
            .parse()
            .ok()
            .and_then(|value| base.figure(part.quantity, value, base.quantity(part.quantity).power))
        else {
            continue;
        };
        let unit = |one: &Printed| (base.quantity(one.quantity).unit, base.quantity(one.quantity).power);
        let mentions =
            base.printed().into_iter().filter(|one| one.text == part.text && unit(one) == unit(part));
        let text = if part.grouped { grouped(&new) } else { new.clone() };
        let edits: Vec<(Span, String)> = mentions.map(|one| (one.span, text.clone())).collect();
        let total = table.fact(*total).value_span;
        let sum = rule_of(base.set, "sum");
        if truth.rule == Some(sum.clone()) && edits.iter().all(|(edit, _)| !edit.overlaps(total)) {
            found.push(Mutation { edits, also: vec![total], truth: Truth::Total { rule: sum } });
        }
    }
    found
}

const OPPOSITE: [(&str, &str); 8] = [
    ("增加", "减少"),
    ("减少", "增加"),
    ("增长", "下降"),
    ("下降", "增长"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("降低", "提高"),
    ("压减", "增加"),
];

/// All words of direction of a change turned round, or only the last of several.
fn sign(base: &Base, only_last: bool) -> Vec<Mutation> {
    let table = &base.report.audit.facts;
    let mut found: Vec<Mutation> = Vec::new();
    for relation in &table.relations {
        let Relation::Change { amount, rate, word, .. } = relation else { continue };
        let told: Vec<_> = amount.iter().chain(rate).map(|id| table.fact(*id)).collect();
        let checked = told.iter().all(|fact| {
            !fact.amount.value.is_zero() && fact.quantity.is_some_and(|place| base.takes_part(place as usize))
        });
        let figures: Vec<Span> = told.iter().map(|fact| fact.value_span).collect();
        let Some(clause) = figures.iter().copied().reduce(Span::to).filter(|_| checked) else { continue };
        let mut words = directions(base, clause.to(*word));
        if only_last {
            words = words.split_off(words.len().min(1));
        }
        let known = |edit: &(Span, String)| found.iter().any(|one| one.edits.contains(edit));
        if !words.is_empty() && !words.iter().any(known) {
            found.push(Mutation { edits: words, also: figures, truth: Truth::Place });
        }
    }
    found
}

/// Words of direction in or right before `clause`, with their opposites.
fn directions(base: &Base, clause: Span) -> Vec<(Span, String)> {
    let text = base.text();
    let start = text[..clause.range().start].char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    let within = &text[start..clause.range().end];
    let mut found: Vec<(Span, String)> = OPPOSITE
        .iter()
        .flat_map(|(old, new)| within.match_indices(old).map(move |(at, _)| (start + at, old, new)))
        .map(|(at, old, new)| (Span::of(at, at + old.len()), (*new).to_owned()))
        .collect();
    found.sort();
    found
}
