//! Whether one slip of the pen in one figure explains that a formula fails.
//!
//! Takes a formula and one of its figures; tries each value that the figure may have been meant to be.

use rust_decimal::Decimal;

use super::State;
use super::evaluate::Formula;
use super::price::in_unit;
use super::slip::{Slip, slips_from};
use crate::facts::{FactId, FactTable};

/// Some slip in `id`, of those that `counts` admits, leads away from a value that the formula holds with.
pub fn slip_explains(
    formula: &Formula,
    id: FactId,
    facts: &FactTable,
    counts: impl Fn(Slip) -> bool,
) -> bool {
    let amount = facts.fact(id).amount;
    let (printed, scale) = in_unit(amount.value, &amount);
    // Most slips lead far from what the formula asks for, which one comparison tells.
    let wanted = formula.wanted(id, &|id| facts.fact(id).amount);
    let band = wanted.and_then(|wanted| {
        let slack = wanted.slack.checked_add(amount.half.checked_mul(Decimal::from(MARGIN))?)?;
        Some((wanted.value.checked_div(amount.factor)?, slack.checked_div(amount.factor)?))
    });
    let is_far =
        |meant: Decimal| band.is_some_and(|(centre, slack)| meant.saturating_sub(centre).abs() > slack);
    let mut found = false;
    slips_from(printed, scale, |meant, slip| {
        if found || !counts(slip) || is_far(meant) {
            return;
        }
        let value = meant.checked_mul(amount.factor);
        found |= value.is_some_and(|value| {
            formula.evaluate(&super::with(facts, Some((id, value)))).state < State::Fails
        });
    });
    found
}

/// Half units of the last digit that evaluation may forgive beyond the slack of what is wanted.
const MARGIN: u8 = 4;
