//! A report's findings against the baseline of the last round.

use super::{Counts, Record};
use crate::baseline::{Compared, Entry, Kept, clause, name, plain};
use crate::diagnostic::Standing;
use crate::document::Span;

/// What is kept of a report for the next round, those found across reports included.
pub fn kept(record: &Record) -> Kept {
    let entries = record.checked.diagnostics.iter().map(|found| Entry {
        fingerprint: found.fingerprint.clone(),
        code: found.code.as_str().into(),
        name: found.name.as_str().into(),
        severity: found.severity,
        line: found.span.line,
        message: found.message.clone(),
        clause: clause(&record.leaf.text, Span::new(found.span.start, found.span.end)),
    });
    Kept {
        path: plain(&record.report.path),
        unit: record.report.unit.as_deref().map(name),
        year: record.report.year,
        profile: record.report.profile.clone(),
        findings: entries.collect(),
        suppressed: record.checked.suppressed.iter().map(|one| one.diagnostic.fingerprint.clone()).collect(),
    }
}

/// Findings of the last round that are still there, which count no more.
pub fn known(record: &Record, compared: &Compared) -> Counts {
    let mut counts = Counts::default();
    let all = record.checked.diagnostics.iter().zip(&compared.standings);
    all.filter(|(_, standing)| **standing == Standing::Known)
        .for_each(|(found, _)| counts.add(found.severity));
    counts
}
