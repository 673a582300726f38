//! Kind `outturn`: a report that is to evaluate execution gives no figure of it.
//!
//! Placeholders: none.

use super::{Context, Sink};
use crate::document::{BlockKind, Span};
use crate::lexer::Quantity;
use crate::rules::{Hit, Outturn, Rule};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, outturn: &'a Outturn, sink: &mut Sink<'a>) {
    if !cx.form.profile.genre.evaluates() {
        return;
    }
    let words = Words { outturn, hits: &cx.lexed.rule_hits[cx.index(rule)] };
    if words.hits.iter().any(|hit| shows_outturn(cx, &words, hit)) {
        return;
    }
    let budgets = budget_amounts(cx, &words);
    let (span, case) = match budgets.first() {
        Some(first) => (*first, ""),
        None => (cx.top(), "bare"),
    };
    let mut report = sink.report(rule, span).case(case).cites(&cx.form.profile.cites);
    for other in budgets.iter().skip(1) {
        report = report.label(*other, "budget");
    }
    report.emit();
}

/// The rule's words as found, told apart by their place in its lists.
struct Words<'a> {
    outturn: &'a Outturn,
    hits: &'a [Hit],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Outturn,
    Rate,
    Direct,
    Plain,
    Budget,
    Part,
}

impl Words<'_> {
    fn class(&self, hit: &Hit) -> Class {
        let Outturn { outturn, rates, direct, plain, budget, parts } = self.outturn;
        let lists = [
            (outturn, Class::Outturn),
            (rates, Class::Rate),
            (direct, Class::Direct),
            (plain, Class::Plain),
            (budget, Class::Budget),
            (parts, Class::Part),
        ];
        let mut item = usize::from(hit.item);
        for (list, class) in lists {
            if item < list.len() {
                return class;
            }
            item -= list.len();
        }
        Class::Part
    }

    /// Whether a word of `class` stands between `from` and `until`.
    fn between(&self, class: Class, from: u32, until: u32) -> bool {
        let first = self.hits.partition_point(|hit| hit.span.end <= from);
        self.hits[first..]
            .iter()
            .take_while(|hit| hit.span.end <= until)
            .any(|hit| hit.span.start >= from && self.class(hit) == class)
    }
}

/// How far behind 支出 its amount may stand: 支出总额为…
const BEHIND: u32 = 15;
/// How far before it a word of the budget still governs the paragraph.
const NEAR: u32 = 3000;

fn shows_outturn(cx: &Context, words: &Words, hit: &Hit) -> bool {
    let class = words.class(hit);
    if matches!(class, Class::Budget | Class::Part) {
        return false;
    }
    let Some(block) = cx.document.blocks.get(cx.block_index(hit.span.start)) else { return false };
    if let BlockKind::Row { table, .. } = block.kind {
        // In a form the word heads a row or column of figures.
        let table = cx.document.tables[table as usize].span;
        return matches!(class, Class::Outturn | Class::Rate) && !cx.quantities(table).is_empty();
    }
    let sentence = cx.sentence(hit.span);
    if words.between(Class::Part, sentence.start, hit.span.start) {
        return false;
    }
    let after = cx.quantities(Span::new(hit.span.end, sentence.end.max(hit.span.end)));
    let money = |quantity: &Quantity| cx.is(quantity, "money");
    match class {
        Class::Outturn => after.iter().any(money),
        Class::Rate => after.iter().any(|quantity| money(quantity) || cx.is(quantity, "percent")),
        _ => {
            let near = after.first().filter(|first| first.span.start <= hit.span.end.saturating_add(BEHIND));
            let governed = |from, until| words.between(Class::Budget, from, until);
            let near_start = block.span.start.max(hit.span.start.saturating_sub(NEAR));
            near.is_some_and(|first| {
                money(first) && !first.value.is_zero() && !governed(hit.span.end, first.span.start)
            }) && (class == Class::Direct || !governed(near_start, hit.span.start))
        }
    }
}

/// The amounts that a word of the budget governs; a few are enough to show.
fn budget_amounts(cx: &Context, words: &Words) -> Vec<Span> {
    let mut amounts: Vec<Span> = Vec::new();
    for hit in words.hits.iter().filter(|hit| words.class(hit) == Class::Budget) {
        if amounts.last().is_some_and(|last| last.start >= hit.span.start) {
            continue;
        }
        let sentence = cx.sentence(hit.span);
        if words.between(Class::Part, sentence.start, hit.span.start) {
            continue;
        }
        let after = Span::new(hit.span.end, sentence.end.max(hit.span.end));
        if let Some(amount) = cx.quantities(after).iter().find(|quantity| cx.is(quantity, "money")) {
            amounts.push(amount.span);
        }
        if amounts.len() == 4 {
            break;
        }
    }
    amounts
}
