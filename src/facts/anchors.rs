//! What earlier stages found in the text, as one run of anchors for the clause grammar.
//!
//! Takes tokens and numbering marks; gives [`Anchor`]s, sorted and disjoint.

use super::items::{Anchor, Token};
use crate::lexer::Lexed;
use crate::outline::Outline;
use crate::rules::{Cue, Entry, RuleSet};

/// Figures with units, dates, numbering marks and the longest words of the lexicon, sorted and disjoint.
pub fn anchors(rules: &RuleSet, lexed: &Lexed, outline: &Outline) -> Vec<Anchor> {
    let mut read = Vec::with_capacity(lexed.quantities.len() + lexed.dates.len() + outline.marks.len());
    let mut push = |span, token| read.push(Placed::of(Anchor { span, token }));
    for (place, quantity) in lexed.quantities.iter().enumerate() {
        let bare = quantity.unit.is_none() && quantity.power == 0;
        if !bare || quantity.value.is_zero() {
            push(quantity.span, Token::Quantity(place as u32));
        }
    }
    lexed.dates.iter().for_each(|date| push(date.span, Token::Date(date.year)));
    lexed.document_numbers.iter().for_each(|number| push(number.span, Token::Text));
    outline.marks.iter().for_each(|mark| push(mark.span, Token::Mark(mark.style, mark.value)));
    // Four lists in order each, which this sort joins.
    read.sort_by_key(|placed| placed.key);
    let words = words(rules, lexed);
    // Figures and dates always stay; of the words the leftmost, then the longest.
    let mut kept: Vec<Anchor> = Vec::with_capacity(read.len() + words.len());
    let (mut read, mut words) = (read.as_slice(), words.as_slice());
    loop {
        let next = match (read, words) {
            ([first, ..], [other, ..]) if first.key < other.key => &mut read,
            ([_, ..], []) => &mut read,
            (_, [_, ..]) => &mut words,
            ([], []) => break,
        };
        let Some(Placed { anchor, .. }) = next.split_off_first().copied() else { break };
        match kept.last_mut() {
            Some(last) if last.span.end > anchor.span.start => {
                if weight(&anchor.token) == 0 && weight(&last.token) > 0 {
                    *last = anchor;
                }
            }
            _ => kept.push(anchor),
        }
    }
    kept
}

/// Words of the lexicon by their start, longer ones first. They come in order of their end, so that each
/// moves but a few places.
fn words(rules: &RuleSet, lexed: &Lexed) -> Vec<Placed> {
    let mut words: Vec<Placed> = Vec::with_capacity(lexed.lexicon_hits.len());
    for hit in &lexed.lexicon_hits {
        let entry = rules.lexicon.entries[usize::from(hit.item)].1;
        let plain = entry == Entry::Cue(Cue::Plain);
        let token = if plain { Token::Text } else { Token::Word(entry) };
        let word = Placed::of(Anchor { span: hit.span, token });
        let before = words.iter().rev().take_while(|other| other.key > word.key).count();
        words.insert(words.len() - before, word);
    }
    words
}

/// An anchor with what it is sorted by: start, then weight, then length, the longest first; in one number,
/// which is compared at once.
#[derive(Clone, Copy)]
struct Placed {
    key: u64,
    anchor: Anchor,
}

impl Placed {
    fn of(anchor: Anchor) -> Self {
        let rest = (1 << 30) - 1 - (anchor.span.len() as u64).min((1 << 30) - 1);
        Placed { key: u64::from(anchor.span.start) << 32 | weight(&anchor.token) << 30 | rest, anchor }
    }
}

fn weight(token: &Token) -> u64 {
    match token {
        Token::Quantity(_) | Token::Date(_) => 0,
        Token::Mark(..) => 1,
        _ => 2,
    }
}
