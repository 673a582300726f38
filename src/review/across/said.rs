//! From a judge's finding to one as the outputs keep it.

use xxhash_rust::xxh3::Xxh3;

use super::super::Finding;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, LineIndex};
use crate::emit;
use crate::options::Lang;

/// By place, then code. What the finding says and what it quotes make its fingerprint.
pub fn findings(document: &Document, mut found: Vec<Diagnostic>, lang: Lang) -> Vec<Finding> {
    found.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
    let lines = LineIndex::new(&document.text);
    let finding = |mut one: Diagnostic| {
        let mut hash = Xxh3::with_seed(one.fingerprint);
        document.slice(one.span).split_whitespace().for_each(|word| hash.update(word.as_bytes()));
        one.fingerprint = hash.digest();
        // By way of the JSON itself: what is kept is what `check` would say.
        serde_json::from_slice(&emit::finding(document, &lines, &one, lang)).ok()
    };
    found.into_iter().filter_map(finding).collect()
}
