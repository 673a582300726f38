//! Format `json`: one object, stable and versioned; `gouji schema output` describes it.
//!
//! The top object is written in pieces so that nothing of a file is kept when the next one comes.

use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::{Audited, File, Ledger, Summary};
use crate::audit::Audit;
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::document::{Document, LineIndex, Span};
use crate::reconcile::{Check, State};

const SCHEMA_VERSION: u32 = 1;

/// Output of `gouji check --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "described whole, written in pieces")]
pub struct Output<'a> {
    /// Raised when a field changes its meaning or goes; new fields do not raise it.
    schema_version: u32,
    tool: Tool,
    /// In the order of the command line, files of a folder by name.
    files: Vec<FileOut<'a>>,
    summary: Summary,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "File")]
struct FileOut<'a> {
    path: &'a str,
    /// Why the file could not be read; then nothing was checked.
    error: Option<&'a str>,
    /// Id of the report kind it was judged by, `none` where no kind fits; null for a file that could not be read.
    profile: Option<&'a str>,
    /// By place, then code.
    #[schemars(with = "Vec<Finding>")]
    diagnostics: Findings<'a>,
    ledger: LedgerOut<'a>,
}

#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Diagnostic")]
struct Finding<'a> {
    /// Fixed for ever, e.g. FIG001.
    code: &'a str,
    /// The readable name, e.g. sum-mismatch.
    name: &'a str,
    severity: Severity,
    message: &'a str,
    span: Place,
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

/// A place in the text as read (UTF-8, LF line ends).
#[derive(JsonSchema, Serialize)]
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

#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Label")]
struct LabelOut<'a> {
    span: Place,
    quote: &'a str,
    message: &'a str,
}

#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Fix")]
struct FixOut<'a> {
    description: &'a str,
    applicability: Applicability,
    edits: Vec<EditOut<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Edit")]
struct EditOut<'a> {
    span: Place,
    replacement: &'a str,
}

#[derive(JsonSchema, Serialize)]
#[schemars(rename = "FileLedger")]
struct LedgerOut<'a> {
    #[serde(flatten)]
    counts: Ledger,
    #[schemars(with = "Vec<CheckOut>")]
    checks: Checks<'a>,
}

#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Check")]
struct CheckOut<'a> {
    kind: &'a str,
    state: State,
    expression: &'a str,
    trace: &'a str,
    spans: Vec<Place>,
}

/// Findings, turned into their output shape one at a time.
struct Findings<'a>(Option<Text<'a>>, &'a [Diagnostic]);

struct Checks<'a>(Option<Text<'a>>, &'a [Check]);

#[derive(Clone, Copy)]
struct Text<'a> {
    document: &'a Document,
    lines: &'a LineIndex,
}

pub fn open(out: &mut Vec<u8>) {
    let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    out.extend_from_slice(format!("{{\"schema_version\":{SCHEMA_VERSION},\"tool\":").as_bytes());
    write(out, &tool);
    out.extend_from_slice(b",\"files\":[\n");
}

pub fn close(summary: &Summary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\n],\"summary\":");
    write(out, summary);
    out.extend_from_slice(b"}\n");
}

pub fn file(file: &File, out: &mut Vec<u8>) {
    let nothing = |error| FileOut {
        path: file.path,
        error: Some(error),
        profile: None,
        diagnostics: Findings(None, &[]),
        ledger: LedgerOut { counts: Ledger::default(), checks: Checks(None, &[]) },
    };
    match file.result {
        Ok(Audited { document, audit, .. }) => {
            let lines = LineIndex::new(&document.text);
            write(out, &read(file.path, Text { document, lines: &lines }, audit));
        }
        Err(error) => write(out, &nothing(error)),
    }
}

fn read<'a>(path: &'a str, text: Text<'a>, audit: &'a Audit) -> FileOut<'a> {
    FileOut {
        path,
        error: None,
        profile: Some(&audit.profile),
        diagnostics: Findings(Some(text), &audit.diagnostics),
        ledger: LedgerOut { counts: Ledger::of(audit), checks: Checks(Some(text), &audit.checks) },
    }
}

/// Plain data of strings and numbers into a buffer: neither can fail.
fn write(out: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(out, value);
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.1.len()))?;
        if let Some(text) = self.0 {
            for found in self.1 {
                seq.serialize_element(&text.finding(found))?;
            }
        }
        seq.end()
    }
}

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.1.len()))?;
        if let Some(text) = self.0 {
            for check in self.1 {
                seq.serialize_element(&text.check(check))?;
            }
        }
        seq.end()
    }
}

impl<'a> Text<'a> {
    fn finding(self, found: &'a Diagnostic) -> Finding<'a> {
        let labels = found.labels.iter().map(|label| LabelOut {
            span: self.place(label.span),
            quote: self.document.slice(label.span),
            message: &label.message,
        });
        let fixes = found.fixes.iter().map(|fix| FixOut {
            description: &fix.description,
            applicability: fix.applicability,
            edits: fix
                .edits
                .iter()
                .map(|edit| EditOut { span: self.place(edit.span), replacement: &edit.replacement })
                .collect(),
        });
        Finding {
            code: &found.code,
            name: &found.name,
            severity: found.severity,
            message: &found.message,
            span: self.place(found.span),
            quote: self.document.slice(found.span),
            labels: labels.collect(),
            trace: found.trace.as_deref(),
            citation: found.citation.as_deref(),
            help: found.help.as_deref(),
            fixes: fixes.collect(),
            fingerprint: format!("{:016x}", found.fingerprint),
        }
    }

    fn check(self, check: &'a Check) -> CheckOut<'a> {
        CheckOut {
            kind: check.kind,
            state: check.state,
            expression: &check.expression,
            trace: &check.trace,
            spans: check.spans.iter().map(|&span| self.place(span)).collect(),
        }
    }

    fn place(self, span: Span) -> Place {
        let at = self.lines.position(&self.document.text, span.start as usize);
        let to = self.lines.position_after(&self.document.text, span.start as usize, at, span.end as usize);
        Place {
            start: span.start,
            end: span.end,
            line: at.line,
            column: at.column,
            end_line: to.line,
            end_column: to.column,
        }
    }
}
