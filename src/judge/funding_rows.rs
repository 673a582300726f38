//! Kind `funding-rows`: 年度资金总额 against the rows of funds below it, column by column.
//!
//! Placeholders: `{trace}`, `{total}`, `{sum}`.

use super::{Context, Sink};
use crate::rules::Rule;
use crate::scores::AMOUNTS;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for sheet in cx.sheets {
        for funding in AMOUNTS.into_iter().filter_map(|column| sheet.funding(column)) {
            if funding.holds != Some(false) {
                continue;
            }
            let shown = cx.document.slice(funding.total.span);
            let parts: Vec<&str> = funding.sum.parts.iter().map(|part| cx.document.slice(*part)).collect();
            let sum = funding.sum.value.normalize().to_string();
            let trace = format!("{} = {sum} ≠ {shown}", parts.join(" + "));
            let mut report = sink
                .report(rule, funding.total.span)
                .value("total", shown)
                .value("sum", sum)
                .value("trace", trace.as_str());
            for part in &funding.sum.parts {
                report = report.label(*part, "part");
            }
            report.trace(trace).emit();
        }
    }
}
