//! Identities of findings that survive edits elsewhere in the text, for baselines and for comparing runs.
//!
//! Takes the findings of one document in order; gives each its fingerprint. No place, line or ordinal
//! goes into it: the rule, the title of the section, the words found, and, of findings alike in all
//! that, which one it is.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::outline::Outline;

/// Longer quotes are told apart by their beginning and their length.
const QUOTE: usize = 512;

/// What a finding says, before it is known where it stands; kept in [`Diagnostic::fingerprint`] until
/// [`assign`] completes it.
pub fn seed(code: &str, case: &str, values: &[(&str, &str)]) -> u64 {
    let mut whole = Vec::with_capacity(256);
    let texts = [code, case].into_iter().chain(values.iter().flat_map(|(key, value)| [*key, *value]));
    texts.for_each(|text| add(&mut whole, text));
    xxh3_64(&whole)
}

/// Completes the fingerprints of `diagnostics`.
pub fn assign(document: &Document, outline: &Outline, diagnostics: &mut [Diagnostic]) {
    let mut seen: FxHashMap<u64, u64> = FxHashMap::default();
    let mut whole = Vec::new();
    for found in diagnostics {
        whole.clear();
        let section = outline.node_at(found.span.start).map(|id| document.slice(outline.node(id).title));
        add(&mut whole, section.unwrap_or_default());
        let quote = document.slice(found.span);
        let head = (0..=QUOTE.min(quote.len())).rev().find(|&at| quote.is_char_boundary(at)).unwrap_or(0);
        add(&mut whole, &quote[..head]);
        whole.extend((quote.len().saturating_sub(QUOTE) as u64).to_le_bytes());
        let alike = seen.entry(xxh3_64_with_seed(&whole, found.fingerprint)).or_default();
        whole.extend(alike.to_le_bytes());
        *alike += 1;
        found.fingerprint = xxh3_64_with_seed(&whole, found.fingerprint);
    }
}

/// The text without its blanks, closed so that two texts never run into one.
fn add(whole: &mut Vec<u8>, text: &str) {
    // Most texts hold no byte that a blank begins with.
    let may_hold_blank = |byte: &u8| *byte <= b' ' || matches!(byte, 0xC2 | 0xE1..=0xE3);
    if text.as_bytes().iter().fold(false, |any, byte| any | may_hold_blank(byte)) {
        text.split_whitespace().for_each(|word| whole.extend(word.as_bytes()));
    } else {
        whole.extend(text.as_bytes());
    }
    whole.push(0);
}
