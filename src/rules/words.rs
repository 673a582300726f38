//! Parameters of kind `words`.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use super::pattern::Pattern;

/// Words that are wrong where they stand, each with what must or must not stand beside it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[serde(default)]
    pub items: Vec<WordItem>,
    /// Spellings of one word, the preferred one first: used together in a document, the others are reported.
    #[serde(default)]
    pub variants: Vec<Vec<SmolStr>>,
    /// Passes over what stands in “” or 《》.
    #[serde(default)]
    pub skip_quoted: bool,
    /// Passes over table cells.
    #[serde(default)]
    pub skip_tables: bool,
    /// Only in reports on a whole year that is over, no budgets and no interim reports.
    #[serde(default)]
    pub only_annual: bool,
    /// Passes over sections whose title, or the title of a section around them, holds one of these.
    #[serde(default)]
    pub unless_section: Vec<SmolStr>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordItem {
    pub find: OneOrMany,
    pub replace: Option<SmolStr>,
    /// The replacement is a guess: never applied unseen.
    #[serde(default)]
    pub suggest: bool,
    /// One of these must stand right before; see [`Pattern`].
    #[serde(default)]
    pub before: Vec<Pattern>,
    #[serde(default)]
    pub after: Vec<Pattern>,
    /// None of these may stand right before.
    #[serde(default)]
    pub unless_before: Vec<Pattern>,
    #[serde(default)]
    pub unless_after: Vec<Pattern>,
    /// Longer words that hold the word rightly.
    #[serde(default)]
    pub except: Vec<SmolStr>,
    /// Words that excuse this one anywhere in the same sentence.
    #[serde(default)]
    pub unless_sentence: Vec<SmolStr>,
    /// Passes over text whose lines are broken at a margin: there figures stray from their places.
    #[serde(default)]
    pub unless_broken: bool,
    /// Underlines what `before` and `after` matched as well.
    #[serde(default)]
    pub cover: bool,
    /// Case of the rule that answers for this word.
    pub case: Option<SmolStr>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    One(SmolStr),
    Many(Vec<SmolStr>),
}

impl OneOrMany {
    pub fn as_slice(&self) -> &[SmolStr] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

/// What a place in [`Words::list`] stands for.
pub enum Listed<'a> {
    Item(&'a WordItem),
    /// Group and place in the group.
    Variant(usize, usize),
}

impl Words {
    /// All words in one list: those of the items, then the variants.
    pub fn list(&self) -> Vec<&str> {
        let items = self.items.iter().flat_map(|item| item.find.as_slice());
        items.chain(self.variants.iter().flatten()).map(SmolStr::as_str).collect()
    }

    /// For each place of [`Words::list`], what it stands for.
    pub fn listed(&self) -> Vec<Listed<'_>> {
        let items =
            self.items.iter().flat_map(|item| item.find.as_slice().iter().map(move |_| Listed::Item(item)));
        let variants = self
            .variants
            .iter()
            .enumerate()
            .flat_map(|(group, forms)| (0..forms.len()).map(move |place| Listed::Variant(group, place)));
        items.chain(variants).collect()
    }
}
