//! Kinds about single figures: `malformed`, `unit-missing`, `impossible`, `announced-count`, `rounding`.
//!
//! Placeholders: `{quote}` the figure as printed, `{expected}` how it should be printed or what it should
//! be, `{unit}` the unit of its siblings, `{count}` what was announced and `{found}` what is listed. Case `ahead` of an
//! announced count: the list follows.

use memchr::memmem;
use rust_decimal::Decimal;

use super::{Reckoned, Sink};
use crate::document::Span;
use crate::facts::{Fact, FactId, Relation, Role};
use crate::lexer::ordinal::chinese_numeral;
use crate::lexer::{MalformedKind, Modifier, Quantity};
use crate::reconcile::{Cause, State, Strength};
use crate::rules::{AnnouncedCount, ImpossibleRatio, Rule, WordClass};

/// FIG009: the cases are the ways a figure breaks.
pub fn malformed<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for broken in &cx.lexed.malformed {
        let case = match broken.kind {
            MalformedKind::InnerSpace => "inner-space",
            MalformedKind::FullStop => "full-stop",
            MalformedKind::TwoPoints => "two-points",
            MalformedKind::Letter => "letter",
            MalformedKind::Grouping => "grouping",
        };
        let at = cx.lexed.quantities.partition_point(|quantity| quantity.span.start < broken.span.start);
        let meant = cx.lexed.quantities.get(at).filter(|quantity| quantity.span == broken.span);
        let expected = meant.map(|quantity| quantity.value.to_string()).unwrap_or_default();
        let quote = cx.document.slice(broken.span);
        sink.report(rule, broken.span).case(case).value("quote", quote).value("expected", expected).emit();
    }
}

/// FIG010: `16万` beside `20万元`, one finding for a run of them in a paragraph.
pub fn unit_missing<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let all = &cx.lexed.quantities;
    let is_bare = |quantity: &Quantity| quantity.power >= 4 && quantity.unit.is_none();
    let is_money = |quantity: &Quantity| {
        quantity.power >= 4 && quantity.unit.is_some_and(|unit| cx.rules.units.family(unit) == "money")
    };
    if !all.iter().any(is_money) {
        return;
    }
    let mut run: Vec<&Quantity> = Vec::new();
    let mut place: Option<Span> = None;
    for quantity in all.iter().filter(|quantity| is_bare(quantity)) {
        let block = cx.block_at(quantity.span.start).map(|block| block.span);
        if block != place {
            tell_missing(cx, rule, &run, sink);
            run.clear();
            place = block;
        }
        if is_amount(cx, quantity, &is_money) {
            run.push(quantity);
        }
    }
    tell_missing(cx, rule, &run, sink);
}

/// Money by its label, or by standing under a total of money.
fn is_amount(cx: &Reckoned, quantity: &Quantity, is_money: &dyn Fn(&Quantity) -> bool) -> bool {
    let at = cx.facts.facts.partition_point(|fact| fact.value_span.start < quantity.span.start);
    let near = &cx.facts.facts[at.saturating_sub(4)..];
    let fact = near.iter().take(12).find(|fact| fact.value_span == quantity.span);
    let Some(fact) = fact else { return false };
    let label = cx.document.slice(fact.label);
    let noun = ["经费", "资金", "支出", "收入", "费", "补助", "补贴", "预算", "投资", "金额", "拨款", "工资"];
    let under_money = fact.under.is_some_and(|total| {
        let total = cx.facts.fact(total);
        total.quantity.is_some_and(|place| is_money(&cx.lexed.quantities[place as usize]))
    });
    fact.measure.is_some() || under_money || noun.iter().any(|noun| label.ends_with(noun))
}

fn tell_missing<'a>(cx: &Reckoned<'a>, rule: &'a Rule, run: &[&Quantity], sink: &mut Sink<'a>) {
    let Some((first, rest)) = run.split_first() else { return };
    let quote = run.iter().map(|quantity| cx.document.slice(quantity.span)).collect::<Vec<_>>().join("、");
    // 亿元 beside 25亿, where the report has it.
    let elsewhere = cx.lexed.quantities.iter().filter(|other| {
        other.power >= 4 && other.unit.is_some_and(|unit| cx.rules.units.family(unit) == "money")
    });
    let alike = elsewhere.min_by_key(|other| other.power != first.power).map_or(4, |other| other.power);
    let unit = match alike {
        4 => "万元",
        8 => "亿元",
        _ => "万亿元",
    };
    let mut report = sink
        .report(rule, first.span)
        .value("unit", unit)
        .value("quote", quote)
        .value("expected", format!("{}元", cx.document.slice(first.span)));
    for other in rest {
        report = report.label(other.span, "also");
    }
    report.emit();
}

/// FIG013: shares above the whole, scores above their full mark, days that are in no calendar.
pub fn impossible<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for date in &cx.lexed.dates {
        let days = match date.month {
            None => continue,
            Some(2) => date.year.map_or(29, |year| {
                if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { 29 } else { 28 }
            }),
            Some(4 | 6 | 9 | 11) => 30,
            Some(1..=12) => 31,
            Some(_) => 0,
        };
        if days == 0 || date.day.is_some_and(|day| day == 0 || day > days) {
            sink.report(rule, date.span).case("date").value("quote", cx.document.slice(date.span)).emit();
        }
    }
    for id in cx.facts.ids() {
        let fact = cx.facts.fact(id);
        let Some(quantity) = fact.quantity.and_then(|place| cx.lexed.quantities.get(place as usize)) else {
            continue;
        };
        let family = quantity.unit.map(|unit| cx.rules.units.family(unit));
        let above = fact.amount.low() > Decimal::ONE_HUNDRED;
        let name = fact.measure.map(|measure| cx.rules.lexicon.measure(measure));
        let capped =
            || fact.role == Role::Share && !of_plan(cx, id) || name.is_some_and(|measure| measure.capped);
        let fell = fact.role == Role::Rate && family == Some("percent") && above && falls(cx, fact.span);
        let case = match (family, above) {
            (Some("percent"), true) if fell => "fall",
            (Some("percent"), true) if capped() => "share",
            (Some("score"), true)
                if name.is_some_and(|measure| measure.id == "自评得分")
                    && !cx.document.text.contains("120分") =>
            {
                "score"
            }
            _ => continue,
        };
        // The mismatch that it causes says more: one cause, one finding.
        let told =
            |cause: &Cause| cause.suspect == Some(id) && cx.checks[cause.check].strength == Strength::Sure;
        if quantity.modifier == Modifier::Exact && !cx.causes.iter().any(told) {
            sink.report(rule, fact.value_span)
                .case(case)
                .value("quote", cx.document.slice(fact.value_span))
                .emit();
        }
    }
}

/// 占调整预算105.47%, 占目标任务1200人的174%: how much more was done than was planned.
fn of_plan(cx: &Reckoned, rate: FactId) -> bool {
    let lexicon = &cx.rules.lexicon;
    let planned = |id: FactId| {
        let fact = cx.facts.fact(id);
        fact.basis.is_some_and(|basis| {
            matches!(lexicon.basis(basis).group.as_str(), "budget" | "adjusted" | "target")
        }) || lexicon.holds_long(WordClass::Planned, cx.document.slice(fact.span))
    };
    let of = |relation: &Relation| match relation {
        Relation::Share { whole, rate: told, .. } => *told == rate && whole.iter().copied().any(planned),
        _ => false,
    };
    planned(rate) || cx.facts.relations.iter().any(of)
}

fn falls(cx: &Reckoned, span: Span) -> bool {
    let words = cx.document.slice(span);
    ["下降", "减少", "降低", "降幅"].iter().any(|word| words.contains(word))
        && !["增长", "增加"].iter().any(|word| words.contains(word))
}

/// FIG015: a share of those asked that no whole number of them gives.
pub fn impossible_ratio<'a>(
    cx: &Reckoned<'a>,
    rule: &'a Rule,
    params: &'a ImpossibleRatio,
    sink: &mut Sink<'a>,
) {
    let facts = &cx.facts.facts;
    for (place, rate) in facts.iter().enumerate() {
        let named = rate.measure.map(|measure| &cx.rules.lexicon.measure(measure).id);
        if !named.is_some_and(|id| params.measures.contains(id)) || !rate.amount.is_exact() {
            continue;
        }
        // Those asked are counted in the sentence or the one before.
        let near = facts[..place]
            .iter()
            .rev()
            .take(64)
            .take_while(|fact| fact.block == rate.block && fact.sentence + 1 >= rate.sentence);
        let asked: Vec<&Fact> = near
            .filter(|fact| {
                let unit = fact.quantity.and_then(|place| cx.lexed.quantities[place as usize].unit);
                unit.is_some_and(|unit| {
                    params.families.iter().any(|family| family == cx.rules.units.family(unit))
                })
            })
            .collect();
        let whole = |fact: &&Fact| {
            fact.amount.is_exact() && fact.amount.value > Decimal::ZERO && fact.amount.value <= MOST_ASKED
        };
        let [asked] = asked.as_slice() else { continue };
        if whole(asked) && !reachable(rate, asked) {
            sink.report(rule, rate.value_span)
                .value("quote", cx.document.slice(rate.value_span))
                .value("count", cx.document.slice(asked.value_span))
                .label(asked.value_span, "asked")
                .emit();
        }
    }
}

/// Beyond this many asked, any printed rate has a whole number near enough.
const MOST_ASKED: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// Whether some whole number of those asked rounds to the printed rate.
fn reachable(rate: &Fact, asked: &Fact) -> bool {
    let share = |percent: Decimal| {
        percent.saturating_mul(asked.amount.value).checked_div(Decimal::ONE_HUNDRED).unwrap_or_default()
    };
    share(rate.amount.high()).floor() >= share(rate.amount.low()).ceil()
}

/// FIG012: 五个方面, 三大类 against the items named right before it (甲、乙、丙等三类) .
pub fn announced_count<'a>(
    cx: &Reckoned<'a>,
    rule: &'a Rule,
    params: &'a AnnouncedCount,
    sink: &mut Sink<'a>,
) {
    announced_ahead(cx, rule, sink);
    for quantity in &cx.lexed.quantities {
        let family = quantity.unit.map(|unit| cx.rules.units.family(unit));
        if !family.is_some_and(|family| params.families.iter().any(|one| one == family)) || quantity.scale > 0
        {
            continue;
        }
        let Some(block) = cx.block_at(quantity.span.start) else { continue };
        let before = &cx.document.text[block.span.start as usize..quantity.span.start as usize];
        let far = before.len().saturating_sub(LONGEST_LIST);
        let before = &before[(far..).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len())..];
        let Some(items) = items_before(before) else { continue };
        if Decimal::from(items.len() as u64) != quantity.value {
            let first = items.first().map_or(before.len(), |item| before.len() - item);
            let start = quantity.span.start as usize - (before.len() - first.min(before.len()));
            sink.report(rule, quantity.span)
                .value("quote", cx.document.slice(quantity.span))
                .value("count", quantity.value.to_string())
                .value("found", items.len().to_string())
                .label(Span::of(start, quantity.span.start as usize), "items")
                .emit();
        }
    }
}

/// `四个方面：一是…；二是…；三是…。`: what is announced and what follows, where the list stands in the paragraph
/// and goes on in none of the next.
fn announced_ahead<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let text = &cx.flow.text;
    for at in memmem::find_iter(text.as_bytes(), ASPECTS.as_bytes()) {
        let Some(numeral) = text[..at].chars().next_back() else { continue };
        let Some(announced) = "二三四五六七八九".chars().position(|c| c == numeral).map(|at| at + 2)
        else {
            continue;
        };
        let start = at - numeral.len_utf8();
        let before = cx.flow.source(Span::of(start, at)).start;
        let place = cx.document.blocks.partition_point(|block| block.span.end <= before);
        let Some(block) = cx.document.blocks.get(place) else { continue };
        let end = cx.shown(block).end as usize;
        // In a page run together nobody can say where a list ends.
        let Some(rest) = text.get(at + ASPECTS.len()..end).filter(|rest| rest.len() < LONGEST_ITEMS) else {
            continue;
        };
        let Some((colon, _)) = rest.char_indices().take(LEAD).find(|(_, c)| *c == '：') else { continue };
        let list = &rest[colon + '：'.len_utf8()..];
        if rest[..colon].contains(['，', '。', '；']) || !list.starts_with("一是") {
            continue;
        }
        let mut from = 0;
        let mut found = 0;
        while let Some(next) = list[from..].find(&format!("{}是", chinese_numeral(found + 1))) {
            from += next + '是'.len_utf8();
            found += 1;
        }
        let goes_on = |value: u32| format!("{}是", chinese_numeral(value));
        let later = cx.document.blocks.iter().skip(place + 1).take(NEXT_BLOCKS);
        let continued = later
            .map(|block| cx.document.slice(block.span))
            .any(|text| text.starts_with(&goes_on(found + 1)));
        let skipped = list.contains(&goes_on(found + 2));
        if found >= 2 && found as usize != announced && !continued && !skipped {
            let items = Span::of(end - list.len(), end);
            let quoted = Span::of(start, at + ASPECTS.len());
            sink.report(rule, cx.flow.source(quoted))
                .case("ahead")
                .value("quote", cx.text(quoted))
                .value("count", announced.to_string())
                .value("found", found.to_string())
                .label(cx.flow.source(items), "items")
                .emit();
        }
    }
}

const ASPECTS: &str = "个方面";
/// Bytes that announced items may take.
const LONGEST_ITEMS: usize = 6000;
/// Characters between the announcement and its colon.
const LEAD: usize = 16;
/// Paragraphs in which a list may go on.
const NEXT_BLOCKS: usize = 4;

/// Bytes before a count that its list may take.
const LONGEST_LIST: usize = 600;

/// `甲、乙、丙等` at the end of `before`: for each item how many bytes before the end it begins. Only a
/// list of short items, joined by 、 alone and closed by 等, is one.
fn items_before(before: &str) -> Option<Vec<usize>> {
    let list = before.strip_suffix('等')?;
    let begin = list
        .rfind(['，', '。', '；', '：', '（', ',', ';', ':', '\n'])
        .map_or(0, |at| at + list[at..].chars().next().map_or(1, char::len_utf8));
    let list = &list[begin..];
    // 和 and 及 may join the last two items or stand inside one: the count is not certain.
    if !list.contains('、') || list.contains(['和', '与', '及', '《', '“']) {
        return None;
    }
    let mut places = Vec::new();
    let mut at = begin;
    for item in list.split('、') {
        let length = item.chars().count();
        if length == 0 || length > 12 {
            return None;
        }
        places.push(before.len() - at);
        at += item.len() + '、'.len_utf8();
    }
    (places.len() >= 2).then_some(places)
}

/// FIG014: 尾差.
pub fn rounding<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for check in cx.checks.iter().filter(|check| check.state == State::WithinRounding) {
        if let Some(&first) = check.spans.first() {
            sink.report(rule, first)
                .value("quote", cx.document.slice(first))
                .value("expression", check.expression.clone())
                .trace(check.trace.clone())
                .emit();
        }
    }
}
