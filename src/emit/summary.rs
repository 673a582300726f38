//! Counts of a run: findings by severity, and the ledger of checks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::baseline::Tally;
use crate::diagnostic::{Applicability, Severity};
use crate::reconcile::State;

/// What was there to check, and how far checking came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// Relations that were expected to hold.
    pub expected: usize,
    pub holds: usize,
    /// The intervals of the printed figures meet, the printed values are not equal (尾差).
    pub within_rounding: usize,
    pub fails: usize,
    pub not_evaluable: usize,
    /// Figures with a unit.
    pub figures: usize,
    /// Those of them that stand in a fact: it is known what they measure.
    pub figures_understood: usize,
}

impl Ledger {
    pub fn of(audit: &Audit) -> Self {
        let mut ledger = Ledger {
            expected: audit.checks.len(),
            figures: audit.facts.figures,
            figures_understood: audit.facts.understood,
            ..Ledger::default()
        };
        audit.checks.iter().for_each(|check| ledger.state(check.state));
        ledger
    }

    /// One check more.
    pub fn count(&mut self, state: State) {
        self.expected += 1;
        self.state(state);
    }

    fn state(&mut self, state: State) {
        match state {
            State::Holds => self.holds += 1,
            State::WithinRounding => self.within_rounding += 1,
            State::Fails => self.fails += 1,
            State::NotEvaluable => self.not_evaluable += 1,
        }
    }

    /// Checks that could be carried out.
    pub fn evaluated(&self) -> usize {
        self.expected - self.not_evaluable
    }

    /// Share of figures understood in whole percent, rounded down so that 100 means all.
    pub fn percent_understood(&self) -> Option<usize> {
        (self.figures > 0).then(|| self.figures_understood * 100 / self.figures)
    }

    fn add(&mut self, other: &Ledger) {
        self.expected += other.expected;
        self.holds += other.holds;
        self.within_rounding += other.within_rounding;
        self.fails += other.fails;
        self.not_evaluable += other.not_evaluable;
        self.figures += other.figures;
        self.figures_understood += other.figures_understood;
    }
}

/// Counts over files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Inputs, the unreadable ones included.
    pub files: usize,
    pub unreadable: usize,
    pub errors: usize,
    pub warnings: usize,
    pub hints: usize,
    /// Findings that comments or `gouji.toml` answer for; they count nowhere else.
    pub suppressed: usize,
    /// Findings that `--fix` can repair.
    pub fixable: usize,
    /// Places repaired in this run.
    pub fixed: usize,
    /// Against the baseline; null where the run has none.
    pub baseline: Option<Tally>,
    pub ledger: Ledger,
}

impl Summary {
    pub fn of(audit: &Audit) -> Self {
        let mut summary = Summary { files: 1, ledger: Ledger::of(audit), ..Summary::default() };
        summary.suppressed = audit.suppressed.len();
        for diagnostic in &audit.diagnostics {
            match diagnostic.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Hint => summary.hints += 1,
            }
            let safe = diagnostic.fixes.iter().any(|fix| fix.applicability == Applicability::Safe);
            summary.fixable += usize::from(safe);
        }
        summary
    }

    pub fn unreadable() -> Self {
        Summary { files: 1, unreadable: 1, ..Summary::default() }
    }

    pub fn add(&mut self, other: &Summary) {
        self.files += other.files;
        self.unreadable += other.unreadable;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.hints += other.hints;
        self.suppressed += other.suppressed;
        self.fixable += other.fixable;
        self.fixed += other.fixed;
        if let Some(tally) = &other.baseline {
            self.baseline.get_or_insert_default().add(tally);
        }
        self.ledger.add(&other.ledger);
    }

    /// Findings at or above `severity`.
    pub fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Hint => self.errors + self.warnings + self.hints,
        }
    }
}
