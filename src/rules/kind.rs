//! The kinds of rule, with their parameters: few in code, so that rules can be many in data.
//!
//! Each variant is judged by the file of the same name in `judge/`.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    Words(Words),
}

impl Kind {
    /// The fixed words this kind wants found; their occurrences come as `Lexed::rule_hits`, with
    /// `Hit::item` the place in this list.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Kind::Words(words) => words.items.iter().map(|item| item.find.as_str()).collect(),
        }
    }
}

/// A closed list of words that are wrong wherever they stand.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub items: Vec<WordItem>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordItem {
    pub find: SmolStr,
    pub replace: Option<SmolStr>,
    /// Longer words that hold `find` rightly.
    #[serde(default)]
    pub except: Vec<SmolStr>,
    /// Case of the rule that answers for this word.
    pub case: Option<SmolStr>,
}
