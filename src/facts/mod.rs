//! The fact table: what each figure measures, and the relations that the text itself states.
//!
//! Takes a document, its tokens and its outline; gives [`FactTable`]. It must not judge anything.

use crate::document::Document;
use crate::lexer::Lexed;
use crate::outline::Outline;
use crate::rules::RuleSet;

#[derive(Debug, Clone, Default)]
pub struct FactTable {}

pub fn gather(_document: &Document, _rules: &RuleSet, _lexed: &Lexed, _outline: &Outline) -> FactTable {
    FactTable::default()
}
