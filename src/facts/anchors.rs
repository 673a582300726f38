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
    for (place, quantity) in lexed.quantities.iter().enumerate() {
        let bare = quantity.unit.is_none() && quantity.power == 0;
        if !bare || quantity.value.is_zero() {
            read.push(Anchor { span: quantity.span, token: Token::Quantity(place as u32) });
        }
    }
    read.extend(lexed.dates.iter().map(|date| Anchor { span: date.span, token: Token::Date(date.year) }));
    read.extend(lexed.document_numbers.iter().map(|number| Anchor { span: number.span, token: Token::Text }));
    let marks = outline.marks.iter();
    read.extend(marks.map(|mark| Anchor { span: mark.span, token: Token::Mark(mark.style, mark.value) }));
    read.sort_unstable_by_key(key);
    let words = words(rules, lexed);
    // Figures and dates always stay; of the words the leftmost, then the longest.
    let mut kept: Vec<Anchor> = Vec::with_capacity(read.len() + words.len());
    let (mut read, mut words) = (read.into_iter().peekable(), words.into_iter().peekable());
    while let Some(anchor) = match (read.peek(), words.peek()) {
        (Some(a), Some(b)) if key(a) < key(b) => read.next(),
        (Some(_), None) => read.next(),
        _ => words.next(),
    } {
        match kept.last() {
            Some(last) if last.span.end > anchor.span.start => {
                let stronger = weight(&anchor.token) == 0 && weight(&last.token) > 0;
                if stronger {
                    kept.pop();
                    kept.push(anchor);
                }
            }
            _ => kept.push(anchor),
        }
    }
    kept
}

/// Words of the lexicon by their start, longer ones first. They come in order of their end, so that each
/// moves but a few places.
fn words(rules: &RuleSet, lexed: &Lexed) -> Vec<Anchor> {
    let mut words: Vec<Anchor> = Vec::with_capacity(lexed.lexicon_hits.len());
    for hit in &lexed.lexicon_hits {
        let entry = rules.lexicon.entries[usize::from(hit.item)].1;
        let plain = entry == Entry::Cue(Cue::Plain);
        let token = if plain { Token::Text } else { Token::Word(entry) };
        let word = Anchor { span: hit.span, token };
        let mut place = words.len();
        words.push(word);
        while place > 0 && key(&words[place - 1]) > key(&word) {
            words[place] = words[place - 1];
            place -= 1;
        }
        words[place] = word;
    }
    words
}

/// By start, then weight, then length, the longest first; in one number, which is compared at once.
fn key(anchor: &Anchor) -> u64 {
    let rest = (1 << 30) - 1 - (anchor.span.len() as u64).min((1 << 30) - 1);
    u64::from(anchor.span.start) << 32 | weight(&anchor.token) << 30 | rest
}

fn weight(token: &Token) -> u64 {
    match token {
        Token::Quantity(_) | Token::Date(_) => 0,
        Token::Mark(..) => 1,
        _ => 2,
    }
}
