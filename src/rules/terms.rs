//! All fixed words of the rule set in one automaton, so that a text is scanned for them once.

use daachorse::CharwiseDoubleArrayAhoCorasick;
use rustc_hash::FxHashMap;

use crate::document::Span;

/// Who asked for a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Item `item` of [`super::Kind::words`] of rule `rule`.
    Rule { rule: u16, item: u16 },
    /// Entry of the lexicon.
    Lexicon(u16),
    /// Word of the outline profiles, by its number.
    Outline(u16),
}

/// One occurrence of a word. Occurrences may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub span: Span,
    pub item: u16,
}

#[derive(Default)]
pub struct Terms {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    owners: Vec<Vec<Owner>>,
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Terms({} words)", self.owners.len())
    }
}

impl Terms {
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, Owner)>) -> Self {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let (mut patterns, mut owners): (Vec<(&str, u32)>, Vec<Vec<Owner>>) = (Vec::new(), Vec::new());
        for (word, owner) in words.filter(|(word, _)| !word.is_empty()) {
            let place = *places.entry(word).or_insert_with(|| {
                patterns.push((word, owners.len() as u32));
                owners.push(Vec::new());
                owners.len() - 1
            });
            owners[place].push(owner);
        }
        // The words are distinct and not empty, which is all that building can refuse.
        let automaton = CharwiseDoubleArrayAhoCorasick::with_values(patterns).ok();
        Terms { automaton, owners }
    }

    /// Calls `found` for every occurrence of every word, in order of its end.
    pub fn scan(&self, text: &str, mut found: impl FnMut(Span, Owner)) {
        let Some(automaton) = &self.automaton else { return };
        for hit in automaton.find_overlapping_iter(text) {
            for &owner in &self.owners[hit.value() as usize] {
                found(Span::of(hit.start(), hit.end()), owner);
            }
        }
    }
}
