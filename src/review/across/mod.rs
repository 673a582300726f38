//! What only several reports together, or a report and papers from outside it, can show: passages that two
//! units share, another unit's name left in, the same unit twice, last year's figures, the bureau's own.
//!
//! Takes reports as the run keeps them; gives findings for each. It must not read files: who asks opens a record when
//! one is wanted again.

pub mod approved;
mod named;
mod near;
mod passages;
pub mod prior;
mod said;
mod sketch;
mod stated;
mod template;
mod wrong;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use self::near::Index;
use self::passages::Passages;
use super::{Check, Counts, Finding, Record, Report, Suppressed, Tie};
use crate::baseline::Entry;
use crate::diagnostic::Standing;
use crate::document::Document;
use crate::judge::Sink;
use crate::options::Options;
use crate::rules::{Kind, NearDuplicate, Rule, RuleSet};
use crate::suppress::Answer;

pub use sketch::{Named, Sketch, sketch};
pub use template::template;

/// What the judges of a batch are given beside its reports.
pub struct Desk<'a> {
    pub rules: &'a RuleSet,
    pub options: &'a Options,
    /// The record of a report, read again.
    pub open: &'a (dyn Fn(usize) -> Option<Record> + Sync),
}

/// What is found of a report after it was audited on its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Later {
    pub findings: Vec<Finding>,
    /// Findings that the report or the configuration answers for.
    pub suppressed: Vec<Suppressed>,
    pub checks: Vec<Check>,
    /// Against the baseline, of all findings in order, the report's own first; empty where there is none.
    pub standings: Vec<Standing>,
    /// Findings of the last round that are still there, which count no more.
    pub known: Counts,
    /// Findings of the last round that are gone.
    pub fixed: Vec<Entry>,
}

impl Later {
    /// Takes findings of `report`, those apart that it answers for.
    pub fn add(&mut self, report: &Report, findings: Vec<Finding>) {
        for finding in findings {
            let by = report.answers.iter().find(|answer| answer.covers(&finding.code, finding.span.start));
            match by {
                None => self.findings.push(finding),
                Some(Answer { reason, by, .. }) => {
                    let (reason, by) = (reason.clone(), by.clone());
                    self.suppressed.push(Suppressed { reason, by, diagnostic: finding });
                }
            }
        }
    }

    /// How many findings there are that the last round did not know.
    pub fn open(&self, report: &Report) -> Counts {
        let mut counts = report.counts;
        self.findings.iter().for_each(|found| counts.add(found.severity));
        Counts {
            errors: counts.errors.saturating_sub(self.known.errors),
            warnings: counts.warnings.saturating_sub(self.known.warnings),
            hints: counts.hints.saturating_sub(self.known.hints),
        }
    }

    /// Puts it into the report's record: findings behind its own, checks into its ledger.
    pub fn add_to(&self, record: &mut Record) {
        record.checked.diagnostics.extend(self.findings.iter().cloned());
        record.checked.suppressed.extend(self.suppressed.iter().cloned());
        self.findings.iter().for_each(|found| record.report.counts.add(found.severity));
        let ledger = &mut record.checked.ledger;
        for check in &self.checks {
            ledger.counts.count(check.state);
            ledger.checks.push(check.clone());
            record.leaf.ties.push(Tie::default());
        }
        record.report.ledger = ledger.counts;
        let all = record.checked.diagnostics.iter_mut().zip(&self.standings);
        all.for_each(|(found, standing)| found.state = Some(*standing));
        record.checked.fixed = self.fixed.clone();
    }
}

/// The findings of each report against all others, in the order of `reports`.
pub fn judge(reports: &[Report], desk: &Desk) -> Vec<Later> {
    let rules: Vec<&Rule> = desk.rules.rules.iter().filter(|rule| is_on(rule, desk.options)).collect();
    let near = rules.iter().find_map(|rule| match &rule.check {
        Kind::NearDuplicate(kind) => Some(kind),
        _ => None,
    });
    let index = if near.is_some() { Index::of(reports) } else { Index::default() };
    let near = near.map(|kind| near::candidates(reports, &index, kind)).unwrap_or_default();
    let wrong = rules.iter().find_map(|rule| match &rule.check {
        Kind::WrongReport(kind) => Some(wrong::Groups::of(reports, kind)),
        _ => None,
    });
    let batch =
        Batch { reports, near, index, wrong: wrong.unwrap_or_default(), names: named::Names::of(reports) };
    let later = |report: usize| {
        let mut later = Later::default();
        later.add(&reports[report], batch.judge(report, &rules, desk));
        later
    };
    (0..reports.len()).into_par_iter().map(later).collect()
}

fn is_on(rule: &Rule, options: &Options) -> bool {
    options.enabled.get(rule.place()).copied().unwrap_or(true)
}

/// All that was made of the reports before one of them is judged.
struct Batch<'a> {
    reports: &'a [Report],
    /// For each report the others that may share passages with it.
    near: Vec<Vec<u32>>,
    index: Index,
    wrong: wrong::Groups,
    names: named::Names<'a>,
}

/// A report that was read again.
struct Opened {
    document: Document,
    record: Record,
}

impl Opened {
    fn of(record: Record) -> Self {
        Opened { document: record.leaf.document(), record }
    }

    fn passages(&self, kind: &NearDuplicate) -> Passages {
        let title = self.record.report.sketch.title;
        Passages::of(&self.document.text, &self.document.blocks, &self.record.leaf.headings, title, kind)
    }
}

impl Batch<'_> {
    fn judge(&self, report: usize, rules: &[&Rule], desk: &Desk) -> Vec<Finding> {
        let is_concerned = self.near.get(report).is_some_and(|others| !others.is_empty())
            || self.wrong.concerns(report)
            || self.names.concerns(report, self.reports);
        if !is_concerned {
            return Vec::new();
        }
        let Some(own) = (desk.open)(report).map(Opened::of) else { return Vec::new() };
        let mut sink = Sink::new(desk.rules, desk.options);
        for rule in rules {
            match &rule.check {
                Kind::NearDuplicate(kind) => near::judge(self, report, &own, rule, kind, desk, &mut sink),
                Kind::WrongReport(_) => wrong::judge(self, report, &own, rule, desk.options.lang, &mut sink),
                Kind::UnitOfBatch(kind) => named::judge(self, report, &own, rule, kind, &mut sink),
                _ => {}
            }
        }
        said::findings(&own.document, sink.diagnostics, desk.options.lang)
    }

    /// The unit, else the name of the file.
    fn called(&self, report: usize) -> &str {
        let report = &self.reports[report];
        report.unit.as_deref().unwrap_or(&report.path)
    }
}
