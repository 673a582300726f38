//! All fixed words of the rule set in one index, so that a text is scanned for them once.
//!
//! Words stand in a tree by their characters from the last to the first. An Aho–Corasick automaton scans a
//! little faster and takes ten times as long to build, which is longer than everything else that is done
//! with one report.

use crate::document::Span;
use crate::document::chars::{SIGNS, character};

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
    /// An end of the names of bodies, or a word that ends like one.
    NameEnd { ends: bool },
}

/// One occurrence of a word. Occurrences may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub span: Span,
    pub item: u16,
}

#[derive(Default)]
pub struct Terms {
    /// By the low bits of a character: whether some word of one, or of more, characters ends with it, and
    /// whether it is one of [`SIGNS`].
    lasts: Vec<u8>,
    /// A bit for every last two characters of a word.
    endings: Vec<u64>,
    /// Open addressing, a power of two. A node's number is its place here, so that one look gives it whole.
    nodes: Vec<Node>,
    owners: Vec<Owner>,
}

/// The words that end with the same characters.
#[derive(Clone, Copy, Default)]
struct Node {
    /// The node of these characters but the first, and the first: its key. The last two characters of a word
    /// are one step, from [`PAIR`] and the last; a word of one character is a step from [`ROOT`].
    after: u32,
    first: u32,
    /// Who asked for the word that this is, from its last character to its first: a stretch of the owners.
    owners: u32,
    count: u32,
    /// The longest shorter word that it ends with; 0: none.
    shorter: u32,
    /// Bytes of it; 0 marks an empty slot.
    len: u16,
    /// Longer words end with it.
    inner: bool,
}

const ROOT: u32 = u32::MAX;
/// Beyond every character and every node.
const PAIR: u32 = 1 << 31;
const LASTS: usize = 1 << 14;
const ONE: u8 = 1;
const MORE: u8 = 2;
const SIGN: u8 = 4;
const ENDING_BITS: u32 = 16;
/// Stands for what is before the first character; no character.
const NOTHING: u32 = u32::MAX;
/// Nobody looks for a word so long; it is not found.
const LONGEST: usize = u16::MAX as usize;

fn mix(a: u32, b: u32) -> u32 {
    (a.wrapping_mul(0x9E37_79B1) ^ b).wrapping_mul(0x85EB_CA77)
}

fn ending(before: u32, last: u32) -> usize {
    (mix(before, last) >> (u32::BITS - ENDING_BITS)) as usize
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Terms({} owners)", self.owners.len())
    }
}

impl Terms {
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, Owner)>) -> Self {
        let words: Vec<(&str, Owner)> =
            words.filter(|(word, _)| !word.is_empty() && word.len() <= LONGEST).collect();
        let characters: usize = words.iter().map(|(word, _)| word.chars().count()).sum();
        let mut terms = Terms {
            lasts: vec![0; LASTS],
            endings: vec![0; 1 << (ENDING_BITS - 6)],
            nodes: vec![Node::default(); (characters * 2 + 2).next_power_of_two()],
            owners: Vec::with_capacity(words.len()),
        };
        SIGNS.chars().for_each(|c| terms.lasts[c as usize % LASTS] |= SIGN);
        // Slot 0 stands for no node.
        terms.nodes[0] = Node { after: ROOT, first: NOTHING, len: 1, ..Node::default() };
        let mut made = Vec::with_capacity(characters);
        let mut owned: Vec<(u32, Owner)> =
            words.into_iter().map(|(word, owner)| (terms.insert(word, &mut made), owner)).collect();
        owned.sort_by_key(|(node, _)| *node);
        for same in owned.chunk_by(|a, b| a.0 == b.0) {
            let node = &mut terms.nodes[same[0].0 as usize];
            (node.owners, node.count) = (terms.owners.len() as u32, same.len() as u32);
            terms.owners.extend(same.iter().map(|(_, owner)| *owner));
        }
        // A node was made after the one that it goes on from.
        for node in made {
            let above = terms.nodes[terms.nodes[node as usize].shorter as usize];
            if above.count == 0 {
                terms.nodes[node as usize].shorter = above.shorter;
            }
        }
        terms
    }

    /// The node of `word`, made where there is none; those made are added to `made`.
    fn insert(&mut self, word: &str, made: &mut Vec<u32>) -> u32 {
        let mut chars = word.chars().rev().map(u32::from);
        let last = chars.next().unwrap_or_default();
        let before = chars.next();
        self.lasts[last as usize % LASTS] |= if before.is_some() { MORE } else { ONE };
        if let Some(before) = before {
            let bit = ending(before, last);
            self.endings[bit / 64] |= 1 << (bit % 64);
        }
        let (mut node, mut len) = (0, 0);
        for (place, c) in word.chars().rev().enumerate() {
            let after = match place {
                0 => ROOT,
                1 => PAIR | last,
                _ => node,
            };
            len += c.len_utf8();
            self.nodes[node as usize].inner = true;
            node = self.step(after, c.into(), len, node, made);
        }
        node
    }

    /// The node that `first` makes of `after`.
    fn step(&mut self, after: u32, first: u32, len: usize, shorter: u32, made: &mut Vec<u32>) -> u32 {
        let slot = self.slot(after, first);
        if self.nodes[slot].len == 0 {
            self.nodes[slot] = Node { after, first, shorter, len: len as u16, ..Node::default() };
            made.push(slot as u32);
        }
        slot as u32
    }

    /// Where the node is, or the empty slot where it would be.
    fn slot(&self, after: u32, first: u32) -> usize {
        let most = self.nodes.len() - 1;
        let mut slot = (mix(after, first) >> 8) as usize & most;
        loop {
            let node = &self.nodes[slot];
            if node.len == 0 || (node.after, node.first) == (after, first) {
                return slot;
            }
            slot = (slot + 1) & most;
        }
    }

    /// Calls `found` for every occurrence of every word, in order of its end, longer ones first, and `sign`
    /// for every one of [`SIGNS`] with its place, and for the few characters that share a place with one.
    pub fn scan(&self, text: &str, mut sign: impl FnMut(usize, u32), mut found: impl FnMut(Span, Owner)) {
        let Ok(lasts) = <&[u8; LASTS]>::try_from(self.lasts.as_slice()) else { return };
        let bytes = text.as_bytes();
        let (mut before, mut at) = (NOTHING, 0);
        while at < bytes.len() {
            let (last, len) = character(bytes, at);
            let known = lasts[last as usize % LASTS];
            if known & SIGN != 0 {
                sign(at, last);
            }
            at += len;
            let mut longest = 0;
            if known & MORE != 0 && self.ends(before, last) {
                longest = self.longest_ending(text, at, before, last);
            }
            if longest == 0 && known & ONE != 0 {
                longest = self.slot(ROOT, last) as u32;
            }
            while longest != 0 {
                let word = &self.nodes[longest as usize];
                let span = Span::of(at - usize::from(word.len), at);
                let owners = word.owners as usize..(word.owners + word.count) as usize;
                self.owners[owners].iter().for_each(|&owner| found(span, owner));
                longest = word.shorter;
            }
            before = last;
        }
    }

    /// Whether a word may end with these two.
    fn ends(&self, before: u32, last: u32) -> bool {
        let bit = ending(before, last);
        self.endings[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// The longest word of two characters or more that ends at byte `end` of `text` with these two; 0: none.
    fn longest_ending(&self, text: &str, end: usize, before: u32, last: u32) -> u32 {
        let (mut after, mut longest) = (PAIR | last, 0);
        let mut first = before;
        let mut start = None;
        loop {
            let slot = self.slot(after, first);
            let node = &self.nodes[slot];
            if node.len == 0 {
                return longest;
            }
            if node.count > 0 {
                longest = slot as u32;
            }
            if !node.inner {
                return longest;
            }
            let left = start.get_or_insert_with(|| text[..end - usize::from(node.len)].chars());
            let Some(c) = left.next_back() else { return longest };
            (after, first) = (slot as u32, c.into());
        }
    }
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
        terms.scan(text, |_, _| (), |span, owner| found.push((&text[span.range()], owner)));
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
        Terms::default().scan("元", |_, _| panic!("no sign"), |_, _| panic!("nothing is looked for"));
    }
}
