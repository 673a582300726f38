//! Kind `measure-word`: a count without its measure word beside siblings that have one.
//!
//! Placeholders: `{quote}` the number with what it counts, `{expected}` the number with the measure word. Label
//! `sibling`.

use super::{Context, Sink};
use crate::diagnostic::{Applicability, Edit};
use crate::document::chars::is_han;
use crate::document::{Block, Span};
use crate::lexer::{Modifier, Notation, Quantity};
use crate::rules::{MeasureWord, Rule};

/// Figures looked at on either side.
const NEAR: usize = 8;
/// Siblings with a measure word that make its absence a slip.
const SIBLINGS: usize = 2;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a MeasureWord, sink: &mut Sink<'a>) {
    let all = &cx.lexed.quantities;
    for (place, quantity) in all.iter().enumerate().filter(|(_, one)| is_bare_count(one)) {
        let Some(block) = cx.block_at(quantity.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        let after = cx.document.slice(Span::new(quantity.span.end, block.span.end));
        let before = cx.document.slice(Span::new(block.span.start, quantity.span.start));
        let ends = after.is_empty() || after.starts_with(['。', '；', '，', '、']);
        if !ends || kind.unless_before.iter().any(|word| before.ends_with(word.as_str())) {
            continue;
        }
        let near = &all[place.saturating_sub(NEAR)..all.len().min(place + NEAR)];
        let siblings: Vec<&Quantity> =
            near.iter().filter(|other| is_sibling(cx, block, before, other)).collect();
        let Some(first) = siblings.first().filter(|_| siblings.len() >= SIBLINGS) else { continue };
        if siblings.iter().any(|other| other.unit != first.unit) {
            continue;
        }
        let Some(unit) = first.unit.map(|unit| cx.rules.units.get(unit).name.as_str()) else { continue };
        let number = cx.document.slice(quantity.span);
        let mut report = sink
            .report(rule, quantity.span)
            .value("quote", number)
            .value("expected", format!("{number}{unit}"));
        for sibling in &siblings {
            report = report.label(sibling.span, "sibling");
        }
        let edit =
            Edit { span: Span::new(quantity.span.end, quantity.span.end), replacement: unit.to_owned() };
        report.fix(Applicability::Suggested, unit, vec![edit]).emit();
    }
}

fn is_bare_count(quantity: &Quantity) -> bool {
    quantity.unit.is_none()
        && quantity.scale == 0
        && quantity.power == 0
        && quantity.upper.is_none()
        && !quantity.broken
        && quantity.notation == Notation::Arabic
        && quantity.modifier == Modifier::Exact
}

/// A count with a measure word, of something whose name ends alike: 三等奖 and 优胜奖.
fn is_sibling(cx: &Context, block: &Block, before: &str, other: &Quantity) -> bool {
    let Some(unit) = other.unit.filter(|_| block.span.contains(other.span)) else { return false };
    let family = cx.rules.units.family(unit);
    let label = cx.document.slice(Span::new(block.span.start, other.span.start)).trim_end();
    let last = before.chars().next_back().filter(|c| is_han(*c));
    !matches!(family, "money" | "percent" | "point" | "times" | "year")
        && other.scale == 0
        && last.is_some()
        && label.chars().next_back() == last
}
