//! What a self-evaluation form should come to, for the ledger: weights, scores, rates, funds.
//!
//! Takes [`Sheet`]s; gives [`Check`]s. Findings on forms are the judges' own, for a form is wrong in its own ways.

use super::{Check, State};
use crate::document::{Document, Span};
use crate::rules::RuleSet;
use crate::scores::{AMOUNTS, Figure, Fund, Sheet, Sum};

/// Parts of a sum that are shown.
const SHOWN: usize = 24;

pub fn check(document: &Document, rules: &RuleSet, sheets: &[Sheet], checks: &mut Vec<Check>) {
    let mut out = Out { document, checks };
    for sheet in sheets {
        for fund in &sheet.funds {
            out.fund(rules, fund);
        }
        for funding in AMOUNTS.into_iter().filter_map(|column| sheet.funding(column)) {
            out.sum("form-funds", funding.total.span, &funding.sum, state(funding.holds));
        }
        for group in &sheet.groups {
            if let Some(sum) = sheet.group_sum(group) {
                out.sum("form-weights", group.weight.span, &sum, exact(sum.value == group.weight.value));
            }
        }
        if let Some(total) = sheet.total.as_ref().filter(|_| sheet.totals == 1) {
            out.total("form-weights", total.weight.figure(), &sheet.weights());
            out.total("form-scores", total.score.figure(), &sheet.scores());
        }
    }
}

fn exact(holds: bool) -> State {
    if holds { State::Holds } else { State::Fails }
}

fn state(holds: Option<bool>) -> State {
    holds.map_or(State::WithinRounding, exact)
}

struct Out<'a> {
    document: &'a Document,
    checks: &'a mut Vec<Check>,
}

impl Out<'_> {
    fn fund(&mut self, rules: &RuleSet, fund: &Fund) {
        let show = |figure: &Figure| self.document.slice(figure.span);
        let mut found = Vec::new();
        let execution = fund.execution(false);
        if let (Some(rate), Some(by), Some(holds)) =
            (fund.rate.figure(), execution, fund.rate_holds(&rules.units))
        {
            let said = format!("{} = {} ÷ {}", show(rate), show(&by.outturn), show(&by.plan));
            found.push(("form-rate", said, vec![rate.span, by.outturn.span, by.plan.span], exact(holds)));
        }
        if let (Some(score), Some(weight), Some(holds)) =
            (fund.score.figure(), fund.weight.figure(), fund.score_holds(&rules.units))
        {
            let rate = match (fund.rate.figure(), execution) {
                (Some(rate), _) => show(rate).to_owned(),
                (None, Some(by)) => format!("{} ÷ {}", show(&by.outturn), show(&by.plan)),
                (None, None) => String::new(),
            };
            let said = format!("{} = {} × {rate}", show(score), show(weight));
            found.push(("form-scores", said, vec![score.span, weight.span], state(holds)));
        }
        for (kind, expression, spans, state) in found {
            self.push(kind, expression, spans, state);
        }
    }

    /// The first reading that comes to `total`, else the likeliest.
    fn total(&mut self, kind: &'static str, total: Option<&Figure>, readings: &[Sum]) {
        let (Some(total), Some(likeliest)) = (total, readings.first()) else { return };
        let held = readings.iter().find(|sum| sum.comes_to(total));
        let state = match held {
            Some(sum) if sum.value == total.value => State::Holds,
            Some(_) => State::WithinRounding,
            None => State::Fails,
        };
        self.sum(kind, total.span, held.unwrap_or(likeliest), state);
    }

    fn sum(&mut self, kind: &'static str, total: Span, sum: &Sum, state: State) {
        let shown = sum.parts.iter().take(SHOWN).map(|span| self.document.slice(*span));
        let mut parts: Vec<&str> = shown.collect();
        if sum.parts.len() > SHOWN {
            parts.push("…");
        }
        let expression = format!("{} = {}", self.document.slice(total), parts.join(" + "));
        let spans = std::iter::once(total).chain(sum.parts.iter().copied()).collect();
        self.push(kind, expression, spans, state);
    }

    fn push(&mut self, kind: &'static str, expression: String, spans: Vec<Span>, state: State) {
        let trace =
            if state == State::Fails { expression.replacen(" = ", " ≠ ", 1) } else { String::new() };
        self.checks.push(Check { kind, state, expression, trace, spans, ..Check::default() });
    }
}
