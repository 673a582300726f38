//! Kind `unit-of-batch`: the name of another unit that handed in a report, where a report speaks of its own.
//!
//! Placeholders: `{quote}` the name found, `{expected}` the report's own unit. Label `own`.

use rustc_hash::FxHashSet;

use super::super::Report;
use super::{Batch, Opened};
use crate::judge::Sink;
use crate::rules::{Rule, UnitOfBatch};

/// The units of a batch.
#[derive(Debug, Default)]
pub struct Names<'a> {
    units: FxHashSet<&'a str>,
}

impl<'a> Names<'a> {
    /// Units that a title names: what was guessed from the text is no ground to blame another report.
    pub fn of(reports: &'a [Report]) -> Self {
        let titled = reports.iter().filter(|report| report.sketch.titled);
        Names { units: titled.filter_map(|report| report.unit.as_deref()).collect() }
    }

    pub fn concerns(&self, report: usize, reports: &[Report]) -> bool {
        reports[report].sketch.named.iter().any(|named| self.units.contains(named.name.as_str()))
    }
}

pub fn judge<'a>(
    batch: &Batch,
    report: usize,
    own: &Opened,
    rule: &'a Rule,
    kind: &UnitOfBatch,
    sink: &mut Sink<'a>,
) {
    let sketch = &batch.reports[report].sketch;
    let Some(unit) = sketch.unit else { return };
    let text = &own.document.text;
    for named in sketch.named.iter().filter(|named| batch.names.units.contains(named.name.as_str())) {
        // A report that speaks of the other unit time and again is about it too.
        let mentions = memchr::memmem::find_iter(text.as_bytes(), named.name.as_bytes());
        if mentions.take(kind.few as usize + 1).count() > kind.few as usize {
            continue;
        }
        sink.report(rule, named.span)
            .value("quote", named.name.as_str())
            .value("expected", own.document.slice(unit))
            .label(unit, "own")
            .emit();
    }
}
