//! `review.json`: the files as `check --format json` has them, and what the review knows besides.

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::papers::Notes;
use super::{Checked, Record, Report};
use crate::baseline::Tally;
use crate::diagnostic::{Applicability, Severity, Standing};
use crate::emit::Summary;

const SCHEMA_VERSION: u32 = 1;

/// Content of `review.json`.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "described here, written in pieces")]
struct Output {
    /// Raised when a field changes its meaning or goes; new fields do not raise it.
    schema_version: u32,
    tool: Tool,
    /// By name, folder by folder.
    files: Vec<File>,
    summary: Summary,
    /// Pictures, sound and film: no reports, and not read.
    media: usize,
    papers: Notes,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// One file, as in the output of `check`, with fields of the review behind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    #[serde(flatten)]
    pub checked: Checked,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub year: Option<u16>,
    /// What the kind of report is called.
    pub profile_name: Option<String>,
    /// Paths of what was written for it, from the output folder.
    pub page: Option<String>,
    pub letter: Option<String>,
    pub annotated: Option<String>,
}

impl File {
    pub fn of(record: Record) -> File {
        let Report { title, unit, year, profile_name, .. } = record.report;
        File { title, unit, year, profile_name: Some(profile_name), ..File::bare(record.checked) }
    }

    pub fn unread(path: &str, reason: &str) -> File {
        let checked = Checked { path: path.to_owned(), error: Some(reason.to_owned()), ..Checked::default() };
        File::bare(checked)
    }

    fn bare(checked: Checked) -> File {
        File {
            checked,
            title: None,
            unit: None,
            year: None,
            profile_name: None,
            page: None,
            letter: None,
            annotated: None,
        }
    }
}

pub fn schema() -> Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<Output>()
}

pub fn open() -> String {
    let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    let tool = serde_json::to_string(&tool).unwrap_or_default();
    format!("{{\"schema_version\":{SCHEMA_VERSION},\"tool\":{tool},\"files\":[\n")
}

pub fn close(summary: &Summary, media: usize, notes: &Notes) -> String {
    let summary = serde_json::to_string(summary).unwrap_or_default();
    let papers = serde_json::to_string(notes).unwrap_or_default();
    format!("\n],\"summary\":{summary},\"media\":{media},\"papers\":{papers}}}\n")
}

/// Counts of one file, as `check` has them.
pub fn summary(report: &Report, checked: &Checked) -> Summary {
    if report.unread.is_some() {
        return Summary::unreadable();
    }
    let suppressed = checked.suppressed.len();
    let mut summary = Summary { files: 1, suppressed, ledger: report.ledger, ..Summary::default() };
    for finding in &checked.diagnostics {
        match finding.severity {
            Severity::Error => summary.errors += 1,
            Severity::Warning => summary.warnings += 1,
            Severity::Hint => summary.hints += 1,
        }
        let safe = finding.fixes.iter().any(|fix| fix.applicability == Applicability::Safe);
        summary.fixable += usize::from(safe);
    }
    let count = |wanted| checked.diagnostics.iter().filter(|finding| finding.state == Some(wanted)).count();
    let (new, known, fixed) = (count(Standing::New), count(Standing::Known), checked.fixed.len());
    let compared = new + known + fixed > 0;
    summary.baseline = compared.then_some(Tally { new, known, fixed, unchecked_files: 0 });
    summary
}
