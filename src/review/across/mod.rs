//! What only several reports together, or a report and papers from outside it, can show: passages that two
//! units share, another unit's name left in, the same unit twice.
//!
//! Takes reports as the run keeps them; gives findings for each. It must not read files.

use serde::{Deserialize, Serialize};

use super::{Finding, Record, Report};
use crate::audit::Audit;
use crate::document::Document;
use crate::rules::RuleSet;

/// What is kept in memory of a report's text, to be held against the others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sketch {}

/// Made where the text is at hand.
pub fn sketch(_document: &Document, _audit: &Audit, _rules: &RuleSet) -> Sketch {
    Sketch {}
}

/// The findings of each report against all others, in the order of `reports`.
pub fn judge(reports: &[Report]) -> Vec<Vec<Finding>> {
    vec![Vec::new(); reports.len()]
}

/// The findings of one report against papers from outside the run; asked one report at a time, when its
/// facts are at hand.
pub fn compare(_record: &Record) -> Vec<Finding> {
    Vec::new()
}
