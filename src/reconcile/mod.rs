//! Checks over the fact table: each expected relation with its state, and whom to blame.
//!
//! Takes a [`FactTable`] and the identities of the rule set; gives [`Check`]s. It must not word findings.

use crate::document::Span;
use crate::facts::FactTable;
use crate::rules::RuleSet;

/// One relation that was expected to hold.
#[derive(Debug, Clone)]
pub struct Check {
    /// `sum`, `equality`, `share`, `growth`, `completion`, `identity`, `indicator`, `bound`, `count` …
    pub kind: &'static str,
    pub state: State,
    /// `138.43 = 118.43 + 20`
    pub expression: String,
    /// The arithmetic where it fails, or why it could not be evaluated.
    pub trace: String,
    pub spans: Vec<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Holds,
    /// 尾差: the intervals meet, the printed values are not equal.
    WithinRounding,
    Fails,
    NotEvaluable,
}

pub fn reconcile(_rules: &RuleSet, _facts: &FactTable) -> Vec<Check> {
    Vec::new()
}
