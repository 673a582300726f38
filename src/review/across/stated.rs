//! Figures of a report that can be held against another paper: what they measure is beyond doubt.

use super::super::{FactRow, Record};
use crate::facts::Role;
use crate::reconcile::Interval;
use crate::rules::Lexicon;

/// What a figure is of, beside its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key<'a> {
    pub measure: &'a str,
    pub basis: Option<&'a str>,
    pub fund: Option<&'a str>,
    pub unit: &'a str,
}

/// Figures with a name that the lexicon knows and means one thing by, printed exactly and of nothing narrower.
pub fn clear<'a>(record: &'a Record, lexicon: &'a Lexicon) -> impl Iterator<Item = (Key<'a>, &'a FactRow)> {
    record.leaf.facts.iter().filter_map(move |row| {
        let measure = row.measure.as_deref()?;
        // A general name for a rate may be any rate; for an amount it is doubted where there are several.
        let is_open =
            lexicon.find_measure(measure).is_none_or(|id| lexicon.measure(id).open) && row.amount_unit == "%";
        let is_value = matches!(row.role, Role::Value | Role::Base | Role::Ratio);
        let is_exact = row.modifier == "exact" && !row.broken && row.scope.is_none();
        let key =
            Key { measure, basis: row.basis.as_deref(), fund: row.fund.as_deref(), unit: &row.amount_unit };
        (is_value && is_exact && !is_open && !row.amount_unit.is_empty()).then_some((key, row))
    })
}

pub fn interval(row: &FactRow) -> Interval {
    Interval { low: row.amount_low, high: row.amount_high }
}

/// The figure that says most exactly what all of `rows` say; none where they do not agree.
pub fn agreed<'a>(rows: &[&'a FactRow]) -> Option<&'a FactRow> {
    let width = |row: &&FactRow| row.amount_high.saturating_sub(row.amount_low);
    let narrowest = rows.iter().copied().min_by_key(width)?;
    rows.iter().all(|row| interval(row).meets(interval(narrowest))).then_some(narrowest)
}

/// Measure and basis as people read them.
pub fn name(key: &Key) -> String {
    match key.basis {
        Some(basis) => format!("{}（{basis}）", key.measure),
        None => key.measure.to_owned(),
    }
}
