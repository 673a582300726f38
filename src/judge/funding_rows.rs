//! Kind `funding-rows`: 年度资金总额 against the rows of funds below it, column by column.
//!
//! Placeholders: `{trace}`, `{total}`, `{sum}`.

use rust_decimal::Decimal;

use super::{Context, Sink};
use crate::rules::{FormRow, Rule};
use crate::scores::{Entry, Figure, Fund};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let columns: [fn(&Fund) -> &Entry; 3] = [|fund| &fund.opening, |fund| &fund.full, |fund| &fund.outturn];
    for sheet in cx.sheets {
        for column in columns {
            judge_column(cx, rule, &sheet.funds, column, sink);
        }
    }
}

fn judge_column<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    funds: &[Fund],
    column: fn(&Fund) -> &Entry,
    sink: &mut Sink<'a>,
) {
    let mut totals = funds.iter().filter(|fund| fund.is == Some(FormRow::Sum));
    let (Some(total), None) = (totals.next(), totals.next()) else { return };
    let Some(total) = column(total).figure() else { return };
    let of = |is: FormRow| funds.iter().filter(move |fund| fund.is == Some(is));
    let known = [FormRow::Fiscal, FormRow::Carried, FormRow::OtherFunds];
    // One of a kind twice: the second is a part of something else.
    if known.iter().any(|is| of(*is).count() > 1) {
        return;
    }
    let parts: Vec<&Fund> = known.iter().flat_map(|is| of(*is)).collect();
    let unknown = funds.iter().any(|fund| fund.is.is_none() && column(fund).figure().is_some());
    let figures: Vec<&Figure> = parts.iter().filter_map(|fund| column(fund).figure()).collect();
    if figures.is_empty() || unknown && parts.len() < known.len() {
        return;
    }
    let mut value = Decimal::ZERO;
    let mut slack = total.half;
    for part in &figures {
        value = value.saturating_add(part.value);
        slack = slack.max(part.half);
    }
    // Each figure is off by half a unit at most.
    let slack = slack.saturating_mul(Decimal::from(figures.len() as u64 + 1));
    let gap = total.value.saturating_sub(value);
    let exact = figures.iter().all(|part| part.half == total.half);
    let one = figures.len() == 1;
    // A blank may stand for what is missing; it cannot stand for too much.
    let blank = parts.iter().any(|fund| column(fund).figure().is_none()) || parts.len() < known.len();
    if gap.is_zero() || blank && gap > Decimal::ZERO || gap.abs() < slack && !(exact && one) {
        return;
    }
    let show = |figure: &Figure| cx.document.slice(figure.span);
    let sum = figures.iter().map(|figure| show(figure)).collect::<Vec<_>>().join(" + ");
    let trace = format!("{sum} = {} ≠ {}", value.normalize(), show(total));
    let mut report = sink
        .report(rule, total.span)
        .value("total", show(total))
        .value("sum", value.normalize().to_string())
        .value("trace", trace.as_str());
    for part in &figures {
        report = report.label(part.span, "part");
    }
    report.trace(trace).emit();
}
