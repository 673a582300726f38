//! `textDocument/inlayHint`: behind a total what its parts come to.

use lsp_types::Range;
use serde_json::{Value, json};

use super::files::Read;
use crate::reconcile::{Formula, State};

pub fn answer(read: &Read, range: Range) -> Value {
    let (start, end) = (read.offset(range.start), read.offset(range.end));
    let facts = &read.audit.facts;
    let sums = read.audit.checks.iter().filter_map(|check| match &check.formula {
        Some(Formula::Sum { total, .. }) if check.state != State::NotEvaluable => {
            Some((check, facts.fact(*total).value_span))
        }
        _ => None,
    });
    sums.filter(|(_, total)| start <= total.start && total.start <= end)
        .map(|(check, total)| {
            let sum = check.expression.split_once(" = ").map_or("", |(_, parts)| parts);
            let sign = match check.state {
                State::Holds => "=",
                State::WithinRounding => "≈",
                _ => "≠",
            };
            json!({
                "position": read.range(total).end,
                "label": format!("{sign} {}", short(sum)),
                "tooltip": if check.trace.is_empty() { &check.expression } else { &check.trace },
                "paddingLeft": true,
            })
        })
        .collect()
}

/// A total of many parts would push the text off the screen.
fn short(sum: &str) -> String {
    const LONGEST: usize = 40;
    if sum.chars().count() <= LONGEST {
        return sum.to_owned();
    }
    let head: String = sum.chars().take(LONGEST).collect();
    format!("{head}…")
}
