//! What a rule says: one finding with its places, arithmetic, citation and repair.
//!
//! Takes spans and finished sentences; gives plain data. It must not know how a finding is shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::document::Span;

/// How sure a finding is: an error is wrong whatever the author meant, a warning is wrong on the
/// plain reading, a hint is shown only on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Hint,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Position of the rule in its [`crate::rules::RuleSet`].
    pub rule: u16,
    pub code: SmolStr,
    pub name: SmolStr,
    pub severity: Severity,
    /// What is wrong, one sentence, figures quoted as printed.
    pub message: String,
    pub span: Span,
    /// Short text under the primary span; may be empty.
    pub note: String,
    /// Every other place that takes part.
    pub labels: Vec<Label>,
    /// The arithmetic spelled out.
    pub trace: Option<String>,
    /// The regulation it rests on, ready to print.
    pub citation: Option<String>,
    /// What to do.
    pub help: Option<String>,
    pub fixes: Vec<Fix>,
    /// Rule, section and normalised content hashed: survives edits elsewhere in the text.
    pub fingerprint: u64,
    /// How it stands against the baseline; `None` where there is none.
    pub standing: Option<Standing>,
}

/// What a baseline says of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// 新增
    New,
    /// 未改
    Known,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub description: String,
    pub applicability: Applicability,
    pub edits: Vec<Edit>,
}

/// Safe fixes change the form of the text only and may be applied unseen; they never touch a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    Safe,
    Suggested,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}
