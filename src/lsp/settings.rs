//! What the client may set, and where the settings of a document come from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::Severity;
use crate::mistake::Mistake;
use crate::options::Options;
use crate::rules::RuleSet;

/// Settings of the client, below `gouji`. What is not said is left to `gouji.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wishes {
    pub lang: Option<String>,
    pub severity: Option<Severity>,
    pub profile: Option<String>,
    pub config: Option<PathBuf>,
    /// Milliseconds without a change before the text is read.
    pub debounce: u64,
    /// Whether totals show their sum.
    pub inlay_hints: bool,
    /// Whether safe repairs are made before the text is saved.
    pub fix_on_save: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Wishes {
            lang: None,
            severity: None,
            profile: None,
            config: None,
            debounce: 3,
            inlay_hints: false,
            fix_on_save: false,
        }
    }
}

impl Wishes {
    /// From settings with or without the section's name around them; empty texts are unset. What cannot be read
    /// is said, and nothing is changed.
    pub fn read(value: &Value) -> Result<Option<Wishes>, String> {
        let mut value = value.get("gouji").unwrap_or(value).clone();
        let Some(fields) = value.as_object_mut() else { return Ok(None) };
        fields.retain(|_, field| !(field.is_null() || field.as_str().is_some_and(str::is_empty)));
        serde_json::from_value(value).map(Some).map_err(|error| error.to_string())
    }
}

/// What a document is audited with.
#[derive(Debug)]
pub struct Setting {
    pub rules: Arc<RuleSet>,
    pub options: Options,
    /// The `gouji.toml` that holds, or would hold if it were there.
    pub config: PathBuf,
}

/// A mistake in the user's own files, or another reason why they do not hold.
#[derive(Debug, Clone)]
pub enum Trouble {
    Mistakes(Vec<Mistake>),
    Other(String),
}

/// Finds settings; the server itself reads no files.
pub trait Configure: Send {
    /// What holds for `file`, and what is wrong with its configuration; then the last that was right holds.
    fn of(&mut self, file: &Path, wishes: &Wishes) -> (Arc<Setting>, Option<Trouble>);
    /// Reads everything again.
    fn forget(&mut self);
    /// The text of a file on the disk; for edits at its end.
    fn text(&self, file: &Path) -> Option<String>;
}
