//! Kind `deviation-reason`: the column of reasons against targets and scores.
//!
//! Placeholders: `{name}` the row, `{weight}`, `{score}`, `{target}`, `{actual}`, `{lost}` the points lost.
//! Cases: `needless` (a reason at full marks), `exceeded` (far above the target without a word).

use rust_decimal::Decimal;

use super::score_formula::missed;
use super::{Context, Sink};
use crate::rules::Rule;
use crate::scores::{Direction, Entry, Indicator};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for sheet in cx.sheets.iter().filter(|sheet| sheet.heads.reason.is_some()) {
        for row in sheet.indicators.iter().filter(|row| !row.outside) {
            indicator(cx, rule, row, sink);
        }
    }
}

fn indicator<'a>(cx: &Context<'a>, rule: &'a Rule, row: &Indicator, sink: &mut Sink<'a>) {
    let Some((weight, score)) = row.points() else { return };
    let show = |entry: &Entry| entry.span().map(|span| cx.document.slice(span)).unwrap_or_default();
    let lost = weight.value.saturating_sub(score.value);
    let (case, span) = match &row.reason {
        Entry::Blank(reason) if lost > Decimal::ZERO => {
            ("", if reason.is_empty() { score.span } else { *reason })
        }
        Entry::Words(reason)
            if lost.is_zero()
                && missed(cx, row).is_none()
                && !is_exceeded(cx, row)
                && !cx.rules.scoring.explains_nothing(cx.document.slice(*reason)) =>
        {
            ("needless", *reason)
        }
        Entry::Blank(_) if is_exceeded(cx, row) => ("exceeded", row.actual.span().unwrap_or(row.name)),
        _ => return,
    };
    let mut report = sink
        .report(rule, span)
        .case(case)
        .value("name", cx.document.slice(row.name))
        .value("weight", show(&row.weight))
        .value("score", show(&row.score))
        .value("target", show(&row.target))
        .value("actual", show(&row.actual))
        .value("lost", lost.normalize().to_string());
    if span != score.span {
        report = report.label(score.span, "score");
    }
    report.emit();
}

/// Far above a target that more is better of.
fn is_exceeded(cx: &Context, row: &Indicator) -> bool {
    let (Some(target), Some(actual)) = (row.target.figure(), row.actual.figure()) else { return false };
    let Some((wanted, done)) = target.beside(actual, &cx.rules.units) else { return false };
    row.direction() == Some(Direction::AtLeast)
        && wanted > Decimal::ZERO
        && wanted.checked_mul(cx.rules.scoring.far).is_some_and(|most| done > most)
}
