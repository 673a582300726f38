//! The shape of the JSON output, from which its schema is made. The tests hold what is written against it.
#![allow(dead_code, reason = "described here, written in pieces")]

use schemars::JsonSchema;
use serde::Serialize;

use super::super::{Ledger, Summary};
use crate::baseline::Entry;
use crate::diagnostic::{Applicability, Severity, Standing};
use crate::reconcile::State;

/// Output of `gouji check --format json`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Output<'a> {
    /// Raised when a field changes its meaning or goes; new fields do not raise it.
    schema_version: u32,
    tool: Tool,
    /// In the order of the command line, files of a folder by name.
    files: Vec<FileOut<'a>>,
    summary: Summary,
}

#[derive(Serialize, JsonSchema)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(JsonSchema)]
#[schemars(rename = "File")]
struct FileOut<'a> {
    path: &'a str,
    /// Why the file could not be read; then nothing was checked.
    error: Option<&'a str>,
    /// Id of the report kind it was judged by, `none` where no kind fits; null for a file that could not be read.
    profile: Option<&'a str>,
    /// The program that converted the file before it was read; absent where it was read as it is.
    #[schemars(skip_serializing_if = "Option::is_none")]
    converted_by: Option<&'a str>,
    /// By place, then code.
    diagnostics: Vec<Finding<'a>>,
    /// Findings of the baseline that are gone.
    fixed: &'a [Entry],
    /// Findings that a comment or `gouji.toml` answers for; they count nowhere.
    suppressed: Vec<SuppressedOut<'a>>,
    ledger: LedgerOut<'a>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Diagnostic")]
struct Finding<'a> {
    /// Fixed for ever, e.g. FIG001.
    code: &'a str,
    /// The readable name, e.g. sum-mismatch.
    name: &'a str,
    severity: Severity,
    /// Against the baseline; null where the run has none.
    state: Option<Standing>,
    message: &'a str,
    span: Place,
    /// What a reader of the file calls the place, e.g. 第3段 or Sheet1!C7; null in plain text.
    place: Option<&'a str>,
    /// The text of the span.
    quote: &'a str,
    /// The other places that take part.
    labels: Vec<LabelOut<'a>>,
    /// The arithmetic.
    trace: Option<&'a str>,
    /// What it rests on.
    citation: Option<&'a str>,
    /// What to do.
    help: Option<&'a str>,
    fixes: Vec<FixOut<'a>>,
    /// Sixteen hexadecimal digits that survive edits elsewhere in the report.
    fingerprint: String,
}

#[derive(JsonSchema)]
#[schemars(rename = "Suppressed")]
struct SuppressedOut<'a> {
    /// As given by who suppressed it.
    reason: &'a str,
    /// `comment` in the text, or `config`: an entry of `gouji.toml`.
    by: &'a str,
    diagnostic: Finding<'a>,
}

/// A place in the text as read (UTF-8, LF line ends).
#[derive(JsonSchema)]
#[schemars(rename = "Span")]
struct Place {
    /// Byte offset.
    start: u32,
    /// Byte offset of the first byte after.
    end: u32,
    /// From 1.
    line: u32,
    /// From 1, in characters.
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(JsonSchema)]
#[schemars(rename = "Label")]
struct LabelOut<'a> {
    span: Place,
    /// As in a diagnostic.
    place: Option<&'a str>,
    quote: &'a str,
    message: &'a str,
}

#[derive(JsonSchema)]
#[schemars(rename = "Fix")]
struct FixOut<'a> {
    description: &'a str,
    applicability: Applicability,
    edits: Vec<EditOut<'a>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Edit")]
struct EditOut<'a> {
    span: Place,
    replacement: &'a str,
}

#[derive(JsonSchema)]
#[schemars(rename = "FileLedger")]
struct LedgerOut<'a> {
    #[serde(flatten)]
    counts: Ledger,
    checks: Vec<CheckOut<'a>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Check")]
struct CheckOut<'a> {
    kind: &'a str,
    state: State,
    expression: &'a str,
    trace: &'a str,
    spans: Vec<Place>,
}
