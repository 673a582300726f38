//! Kind `score-formula`: 执行率 and its score, and indicators with full marks that missed their target.
//!
//! Placeholders: `{trace}`, `{expected}`, `{figure}` the one at fault, `{name}` the row, `{target}`, `{actual}`.
//! Cases: `rate`, `execution` (score = weight × rate), `coarse` (not as printed, though digits not printed may explain it),
//! `other-rule` (a score far from it), `full` (full marks below 100 %),
//! `missed` (a target with its sign), `below` (a bare figure), `unmet` (words).

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::{Context, Sink};
use crate::rules::Rule;
use crate::scores::{Direction, Entry, Figure, Fund, Indicator};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for sheet in cx.sheets {
        for fund in &sheet.funds {
            rate(cx, rule, fund, sink);
            score(cx, rule, fund, sink);
        }
        for row in sheet.indicators.iter().filter(|row| !row.execution && !row.outside) {
            indicator(cx, rule, row, sink);
        }
    }
}

fn rounded(value: Decimal, half: Decimal) -> String {
    let digits = half.normalize().scale().saturating_sub(1);
    let mut rounded = value.round_dp_with_strategy(digits, MidpointAwayFromZero);
    rounded.rescale(digits);
    rounded.to_string()
}

/// 执行率 against 全年执行数 ÷ 全年预算数; against 年初预算数 in forms that reckon so.
fn rate<'a>(cx: &Context<'a>, rule: &'a Rule, fund: &Fund, sink: &mut Sink<'a>) {
    let (Some(figure), Some(execution)) = (fund.rate.figure(), fund.execution(false)) else { return };
    if fund.rate_holds(&cx.rules.units) != Some(false) {
        return;
    }
    let Some(rate) = execution.outturn.value.checked_div(execution.plan.value) else { return };
    let percent = figure.value > Decimal::TWO || figure.unit.is_some();
    let told = if percent { rate.saturating_mul(Decimal::ONE_HUNDRED) } else { rate };
    let sign = if percent { "%" } else { "" };
    let expected = format!("{}{sign}", rounded(told, figure.half));
    let show = |figure: &Figure| cx.document.slice(figure.span);
    let trace =
        format!("{} ÷ {} = {expected} ≠ {}", show(&execution.outturn), show(&execution.plan), show(figure));
    sink.report(rule, figure.span)
        .case("rate")
        .value("name", cx.document.slice(fund.name))
        .value("figure", show(figure))
        .value("expected", expected)
        .value("trace", trace.as_str())
        .label(execution.outturn.span, "outturn")
        .label(execution.plan.span, "plan")
        .trace(trace)
        .emit();
}

/// The score of the execution against weight × rate, no more than the weight.
fn score<'a>(cx: &Context<'a>, rule: &'a Rule, fund: &Fund, sink: &mut Sink<'a>) {
    let (Some(weight), Some(score), Some(earned)) =
        (fund.weight.figure(), fund.score.figure(), fund.earned(&cx.rules.units))
    else {
        return;
    };
    let holds = fund.score_holds(&cx.rules.units);
    if matches!(holds, None | Some(Some(true))) || score.value > weight.value {
        return;
    }
    let possible = holds == Some(None);
    let printed = fund.earned_as_printed(&cx.rules.units);
    let earned = printed.first().copied().filter(|_| possible).unwrap_or(earned);
    let expected = earned.low.saturating_add(earned.high).checked_div(Decimal::TWO).unwrap_or(earned.low);
    let far = weight.value.checked_div(Decimal::TEN).unwrap_or_default();
    let case = if score.value == weight.value {
        "full"
    } else if score.value.saturating_sub(expected).abs() > far {
        "other-rule"
    } else if possible {
        "coarse"
    } else {
        "execution"
    };
    let show = |figure: &Figure| cx.document.slice(figure.span);
    let rate = match (&fund.rate, fund.execution(false)) {
        (Entry::Figure(rate), _) => show(rate).to_owned(),
        (_, Some(execution)) => format!("{} ÷ {}", show(&execution.outturn), show(&execution.plan)),
        _ => return,
    };
    let expected = rounded(expected, score.half.min(Decimal::new(5, 3)));
    let trace = format!("{} × {rate} = {expected} ≠ {}", show(weight), show(score));
    let mut report = sink
        .report(rule, score.span)
        .case(case)
        .value("name", cx.document.slice(fund.name))
        .value("figure", show(score))
        .value("expected", expected)
        .value("trace", trace.as_str())
        .label(weight.span, "weight");
    if let Some(span) = fund.rate.span().filter(|span| !span.is_empty()) {
        report = report.label(span, "rate");
    }
    report.trace(trace).emit();
}

/// Full marks for an indicator that did not reach its target.
fn indicator<'a>(cx: &Context<'a>, rule: &'a Rule, row: &Indicator, sink: &mut Sink<'a>) {
    let Some((weight, score)) = row.points() else { return };
    if score.value != weight.value || weight.value.is_zero() {
        return;
    }
    let (Some(target), Some(actual)) = (row.target.span(), row.actual.span()) else { return };
    let (target, actual) = (cx.document.slice(target), cx.document.slice(actual));
    let case = match missed(cx, row) {
        Some(true) => "missed",
        Some(false) => "below",
        None if matches!(row.actual, Entry::Words(_)) && cx.rules.scoring.is_unmet(target, actual) => "unmet",
        None => return,
    };
    let name = cx.document.slice(row.name);
    sink.report(rule, score.span)
        .case(case)
        .value("name", name)
        .value("target", target)
        .value("actual", actual)
        .value("figure", cx.document.slice(score.span))
        .label(row.target.span().unwrap_or(row.name), "target")
        .label(row.actual.span().unwrap_or(row.name), "actual")
        .emit();
}

/// Whether the target was missed; `Some(false)`: by a figure without sign, that more is taken to be better of.
pub(super) fn missed(cx: &Context, row: &Indicator) -> Option<bool> {
    let (target, actual) = (row.target.figure()?, row.actual.figure()?);
    let same_rate = cx.document.slice(target.per).trim() == cx.document.slice(actual.per).trim();
    if target.about || actual.about || actual.direction.is_some() || !same_rate {
        return None;
    }
    let (wanted, done) = target.beside(actual, &cx.rules.units)?;
    let falls = done < wanted;
    match row.direction() {
        Some(Direction::AtLeast) => falls.then_some(true),
        Some(Direction::AtMost) => (done > wanted).then_some(true),
        Some(Direction::Exactly) | None => {
            let name = cx.document.slice(row.name);
            let lower = cx.rules.scoring.is_lower_better(name);
            if wanted.is_zero() {
                // 安全事故 0起: none was to happen.
                return (lower && done > wanted).then_some(true);
            }
            (falls && !lower).then_some(false)
        }
    }
}
