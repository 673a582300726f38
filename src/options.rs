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
