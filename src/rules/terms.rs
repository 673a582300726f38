//! All fixed words of the rule set in one index, so that a text is scanned for them once.
//!
//! Words stand in a tree by their characters from the last to the first. An Aho–Corasick automaton scans a
//! little faster and takes ten times as long to build, which is longer than everything else that is done
//! with one report.

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
    /// A bit for every last two characters of a word.
    endings: Vec<u64>,
    /// Open addressing, a power of two; a child of 0 marks an empty slot.
    edges: Vec<Edge>,
    nodes: Vec<Node>,
    owners: Vec<Owner>,
}

/// From the words that end with the characters of `node` to those that have `before` in front of them.
#[derive(Clone, Copy, Default)]
struct Edge {
    node: u32,
    before: u32,
    child: u32,
}

#[derive(Clone, Default)]
struct Node {
    /// Of the word that this is, from its last character to its first.
    owners: Range<u32>,
    /// Bytes of it.
    len: u32,
    /// The longest shorter word that it ends with; 0: none.
    shorter: u32,
    /// Longer words end with it.
    inner: bool,
}

const LASTS: usize = 1 << 14;
const ONE: u8 = 1;
const MORE: u8 = 2;
const ENDING_BITS: u32 = 16;
/// Stands for what is before the first character.
const NOTHING: u32 = 0;

fn mix(a: u32, b: u32) -> u32 {
    (a.wrapping_mul(0x9E37_79B1) ^ b).wrapping_mul(0x85EB_CA77)
}

fn ending(before: u32, last: u32) -> usize {
    (mix(before, last) >> (u32::BITS - ENDING_BITS)) as usize
}

/// The character at byte `at` of a text, where one begins, and its length. Nearly all have three bytes.
fn character(bytes: &[u8], at: usize) -> (u32, usize) {
    let low = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(byte & 0x3F));
    match bytes[at] {
        lead @ 0xE0..=0xEF => (u32::from(lead & 0xF) << 12 | low(at + 1) << 6 | low(at + 2), 3),
        lead @ 0..=0x7F => (lead.into(), 1),
        lead @ 0xF0..=0xFF => {
            (u32::from(lead & 7) << 18 | low(at + 1) << 12 | low(at + 2) << 6 | low(at + 3), 4)
        }
        lead => (u32::from(lead & 0x1F) << 6 | low(at + 1), 2),
    }
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Terms({} owners)", self.owners.len())
    }
}

impl Terms {
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, Owner)>) -> Self {
        let words: Vec<(&str, Owner)> = words.filter(|(word, _)| !word.is_empty()).collect();
        let characters: usize = words.iter().map(|(word, _)| word.len().div_ceil(3)).sum();
        let mut terms = Terms {
            lasts: vec![0; LASTS],
            endings: vec![0; 1 << (ENDING_BITS - 6)],
            edges: vec![Edge::default(); (characters * 2).next_power_of_two()],
            nodes: vec![Node::default()],
            owners: Vec::with_capacity(words.len()),
        };
        let mut owned: Vec<(u32, Owner)> =
            words.into_iter().map(|(word, owner)| (terms.insert(word), owner)).collect();
        owned.sort_by_key(|(node, _)| *node);
        for same in owned.chunk_by(|a, b| a.0 == b.0) {
            let start = terms.owners.len() as u32;
            terms.owners.extend(same.iter().map(|(_, owner)| *owner));
            terms.nodes[same[0].0 as usize].owners = start..terms.owners.len() as u32;
        }
        // A node comes after the one it was made from.
        for node in 1..terms.nodes.len() {
            let above = &terms.nodes[terms.nodes[node].shorter as usize];
            let word = if above.owners.is_empty() { above.shorter } else { terms.nodes[node].shorter };
            terms.nodes[node].shorter = word;
        }
        terms
    }

    /// The node of `word`, made where there is none.
    fn insert(&mut self, word: &str) -> u32 {
        let mut chars = word.chars().rev().map(u32::from);
        let last = chars.next().unwrap_or(NOTHING);
        let before = chars.next();
        self.lasts[last as usize % LASTS] |= if before.is_some() { MORE } else { ONE };
        let bit = ending(before.unwrap_or(NOTHING), last);
        self.endings[bit / 64] |= 1 << (bit % 64);
        let mut node = 0;
        for c in word.chars().rev() {
            if self.edges.len() < self.nodes.len() * 2 {
                self.grow();
            }
            let slot = self.slot(node, c.into());
            self.nodes[node as usize].inner = true;
            if self.edges[slot].child == 0 {
                self.edges[slot] = Edge { node, before: c.into(), child: self.nodes.len() as u32 };
                let len = self.nodes[node as usize].len + c.len_utf8() as u32;
                self.nodes.push(Node { len, shorter: node, ..Node::default() });
            }
            node = self.edges[slot].child;
        }
        node
    }

    /// Words of characters of one byte take more slots than their bytes promise.
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.edges);
        self.edges = vec![Edge::default(); (old.len() * 2).max(2)];
        for edge in old.into_iter().filter(|edge| edge.child != 0) {
            let slot = self.slot(edge.node, edge.before);
            self.edges[slot] = edge;
        }
    }

    /// Where the edge is, or the empty slot where it would be.
    fn slot(&self, node: u32, before: u32) -> usize {
        let last = self.edges.len() - 1;
        let mut slot = (mix(node, before) >> 8) as usize & last;
        while self.edges[slot].child != 0
            && (self.edges[slot].node, self.edges[slot].before) != (node, before)
        {
            slot = (slot + 1) & last;
        }
        slot
    }

    /// Calls `found` for every occurrence of every word, in order of its end, longer ones first.
    pub fn scan(&self, text: &str, mut found: impl FnMut(Span, Owner)) {
        if self.owners.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let (mut before, mut at) = (NOTHING, 0);
        while at < bytes.len() {
            let (last, len) = character(bytes, at);
            at += len;
            let known = self.lasts[last as usize % LASTS];
            if known != 0 && (known & ONE != 0 || self.ends(before, last)) {
                self.ending_at(text, at, &mut found);
            }
            before = last;
        }
    }

    /// Whether a word may end with these two.
    fn ends(&self, before: u32, last: u32) -> bool {
        let bit = ending(before, last);
        self.endings[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// The words that end at byte `end` of `text`.
    fn ending_at(&self, text: &str, end: usize, found: &mut impl FnMut(Span, Owner)) {
        let (mut node, mut longest) = (0, 0);
        for c in text[..end].chars().rev() {
            node = self.edges[self.slot(node, c.into())].child;
            let Some(here) = self.nodes.get(node as usize).filter(|_| node != 0) else { break };
            if !here.owners.is_empty() {
                longest = node;
            }
            if !here.inner {
                break;
            }
        }
        while longest != 0 {
            let word = &self.nodes[longest as usize];
            let span = Span::of(end - word.len as usize, end);
            let owners = &self.owners[word.owners.start as usize..word.owners.end as usize];
            owners.iter().for_each(|&owner| found(span, owner));
            longest = word.shorter;
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
    fn characters_are_read_as_they_are() {
        let text = "a\u{a0}é支，😀b";
        for (at, c) in text.char_indices() {
            assert_eq!(character(text.as_bytes(), at), (c.into(), c.len_utf8()));
        }
    }

    #[test]
    fn no_words_find_nothing() {
        Terms::default().scan("元", |_, _| panic!("nothing is looked for"));
    }
}
