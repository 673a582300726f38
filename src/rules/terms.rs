//! All fixed words of the rule set in one index, so that a text is scanned for them once.
//!
//! Words are looked up by their last two characters. An Aho–Corasick automaton scans a little faster
//! and takes ten times as long to build, which is longer than everything else that is done with one
//! report.

use std::ops::Range;

use crate::document::Span;

/// Who asked for a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Item `item` of [`super::Kind::words`] of rule `rule`.
    Rule { rule: u16, item: u16 },
    /// Entry of the lexicon.
    Lexicon(u16),
    /// Equation of kind claim.
    Claim(u16),
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
    /// By the low bits of a character: whether some word of one, or of more, characters ends with it.
    lasts: Vec<u8>,
    /// First of the groups whose ending falls into the slot, from 1; 0: none.
    slots: Vec<u32>,
    groups: Vec<Group>,
    words: Vec<Word>,
    owners: Vec<Owner>,
}

/// Words with the same last two characters, longest first.
struct Group {
    ending: Ending,
    words: Range<u32>,
    /// The next group of the slot, from 1.
    next: u32,
}

struct Word {
    text: Box<str>,
    owners: Range<u32>,
}

/// The last two characters; the first is NUL for a word of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ending(u32, u32);

const LASTS: usize = 1 << 14;
const SLOT_BITS: u32 = 13;
const ONE: u8 = 1;
const MORE: u8 = 2;

impl Ending {
    fn of(word: &str) -> Self {
        let mut chars = word.chars().rev();
        let last = chars.next().map_or(0, u32::from);
        Ending(chars.next().map_or(0, u32::from), last)
    }

    /// Two rounds of multiplication, whose high bits depend on all bits of both characters.
    fn slot(self) -> usize {
        let mixed = self.0.wrapping_mul(0x9E37_79B1).wrapping_add(self.1).wrapping_mul(0x85EB_CA77);
        (mixed >> (u32::BITS - SLOT_BITS)) as usize
    }

    fn low(self) -> usize {
        self.1 as usize & (LASTS - 1)
    }
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Terms({} words)", self.words.len())
    }
}

impl Terms {
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, Owner)>) -> Self {
        let mut all: Vec<(Ending, &str, Owner)> = words
            .filter(|(word, _)| !word.is_empty())
            .map(|(word, owner)| (Ending::of(word), word, owner))
            .collect();
        all.sort_by(|a, b| (a.0, b.1.len(), a.1).cmp(&(b.0, a.1.len(), b.1)));
        let mut terms = Terms { lasts: vec![0; LASTS], slots: vec![0; 1 << SLOT_BITS], ..Terms::default() };
        for group in all.chunk_by(|a, b| a.0 == b.0) {
            let first = terms.words.len() as u32;
            for same in group.chunk_by(|a, b| a.1 == b.1) {
                let start = terms.owners.len() as u32;
                terms.owners.extend(same.iter().map(|(_, _, owner)| *owner));
                terms.words.push(Word { text: same[0].1.into(), owners: start..terms.owners.len() as u32 });
            }
            let ending = group[0].0;
            terms.lasts[ending.low()] |= if ending.0 == 0 { ONE } else { MORE };
            let slot = &mut terms.slots[ending.slot()];
            terms.groups.push(Group { ending, words: first..terms.words.len() as u32, next: *slot });
            *slot = terms.groups.len() as u32;
        }
        terms
    }

    /// Calls `found` for every occurrence of every word, in order of its end, longer ones first.
    pub fn scan(&self, text: &str, mut found: impl FnMut(Span, Owner)) {
        if self.words.is_empty() {
            return;
        }
        let mut before = 0;
        for (at, c) in text.char_indices() {
            let last = u32::from(c);
            let known = self.lasts[Ending(0, last).low()];
            if known != 0 {
                let head = &text[..at + c.len_utf8()];
                if known & MORE != 0 {
                    self.ending(Ending(before, last), head, &mut found);
                }
                if known & ONE != 0 {
                    self.ending(Ending(0, last), head, &mut found);
                }
            }
            before = last;
        }
    }

    /// The words with `ending` that `head` ends with.
    fn ending(&self, ending: Ending, head: &str, found: &mut impl FnMut(Span, Owner)) {
        let mut place = self.slots[ending.slot()];
        while let Some(group) = place.checked_sub(1).map(|place| &self.groups[place as usize]) {
            if group.ending == ending {
                let words = &self.words[group.words.start as usize..group.words.end as usize];
                for word in words.iter().filter(|word| ends_with(head.as_bytes(), word.text.as_bytes())) {
                    let span = Span::of(head.len() - word.text.len(), head.len());
                    let owners = &self.owners[word.owners.start as usize..word.owners.end as usize];
                    owners.iter().for_each(|&owner| found(span, owner));
                }
                return;
            }
            place = group.next;
        }
    }
}

/// Asks the second byte first: it tells most words apart, and a call for every word costs more.
fn ends_with(head: &[u8], word: &[u8]) -> bool {
    let Some(start) = head.len().checked_sub(word.len()) else { return false };
    let differ = word.len() > 1 && head[start + 1] != word[1];
    !differ && head[start..] == *word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_occurrences_are_found_in_order_of_their_end_longer_ones_first() {
        let words = ["支出", "基本支出", "出", "元", "万元", "支出", "甲乙"];
        let terms = Terms::new(words.iter().enumerate().map(|(at, word)| (*word, Owner::Lexicon(at as u16))));
        let text = "基本支出20万元";
        let mut found = Vec::new();
        terms.scan(text, |span, owner| found.push((&text[span.range()], owner)));
        let owned = |place| Owner::Lexicon(place);
        assert_eq!(
            found,
            [
                ("基本支出", owned(1)),
                ("支出", owned(0)),
                ("支出", owned(5)),
                ("出", owned(2)),
                ("万元", owned(4)),
                ("元", owned(3)),
            ]
        );
    }

    #[test]
    fn no_words_find_nothing() {
        Terms::default().scan("元", |_, _| panic!("nothing is looked for"));
    }
}
