//! One file as `check --format json` has it, as data that is kept and read back.
//!
//! It is filled from what [`crate::emit`] writes, so the two outputs cannot differ.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::baseline::Entry;
use crate::diagnostic::{Applicability, Severity, Standing};
use crate::emit::Ledger;
use crate::reconcile::State;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    pub path: String,
    /// Why the file could not be read; then nothing was checked.
    pub error: Option<String>,
    /// Id of the report kind it was judged by, `none` where no kind fits; null for a file that could not be read.
    pub profile: Option<String>,
    /// By place, then code; those found across reports behind them.
    pub diagnostics: Vec<Finding>,
    /// Findings of the baseline that are gone.
    pub fixed: Vec<Entry>,
    /// Findings that a comment or `gouji.toml` answers for; they count nowhere.
    pub suppressed: Vec<Suppressed>,
    pub ledger: FileLedger,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Diagnostic")]
pub struct Finding {
    /// Fixed for ever, e.g. FIG001.
    pub code: String,
    /// The readable name, e.g. sum-mismatch.
    pub name: String,
    pub severity: Severity,
    /// Against the baseline; null where the run has none.
    pub state: Option<Standing>,
    pub message: String,
    pub span: Place,
    /// What a reader of the file calls the place, e.g. 第3段 or Sheet1!C7; null in plain text.
    pub place: Option<String>,
    /// The text of the span.
    pub quote: String,
    /// The other places that take part.
    pub labels: Vec<Label>,
    /// The arithmetic.
    pub trace: Option<String>,
    /// What it rests on.
    pub citation: Option<String>,
    /// What to do.
    pub help: Option<String>,
    pub fixes: Vec<Fix>,
    /// Sixteen hexadecimal digits that survive edits elsewhere in the report.
    pub fingerprint: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suppressed {
    /// As given by who suppressed it.
    pub reason: String,
    /// `comment` in the text, or `config`: an entry of `gouji.toml`.
    pub by: String,
    pub diagnostic: Finding,
}

/// A place in the text as read (UTF-8, LF line ends).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Span")]
pub struct Place {
    /// Byte offset.
    pub start: u32,
    /// Byte offset of the first byte after.
    pub end: u32,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Label {
    pub span: Place,
    /// As in a diagnostic.
    pub place: Option<String>,
    pub quote: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    pub description: String,
    pub applicability: Applicability,
    pub edits: Vec<Edit>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Edit {
    pub span: Place,
    pub replacement: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileLedger {
    #[serde(flatten)]
    pub counts: Ledger,
    pub checks: Vec<Check>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    pub kind: String,
    pub state: State,
    pub expression: String,
    pub trace: String,
    pub spans: Vec<Place>,
}
