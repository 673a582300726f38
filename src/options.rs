//! What a caller may choose about one run of the engine. Plain data.

use crate::diagnostic::Severity;

#[derive(Debug, Clone, Default)]
pub struct Options {
    pub lang: Lang,
    /// Profile to use instead of the one detected.
    pub profile: Option<String>,
    /// For each rule of the set, whether it runs; empty: all run.
    pub enabled: Vec<bool>,
    /// Severity set by configuration, by rule; empty: the rule's own.
    pub severity: Vec<Option<Severity>>,
    /// For each rule, the lowest severity wanted; empty: all.
    pub least: Vec<Severity>,
    /// Findings not to be shown in this document.
    pub suppress: Vec<Suppress>,
}

/// Findings that the configuration answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppress {
    /// Codes, prefixes of codes, or names.
    pub rules: Vec<String>,
    /// Only below headings that hold these words.
    pub section: Option<String>,
    /// Only in paragraphs that hold these words.
    pub quote: Option<String>,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub fn of<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
