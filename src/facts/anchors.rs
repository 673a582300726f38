//! What earlier stages found in the text, as one run of anchors for the clause grammar.
//!
//! Takes a document with tokens; gives [`Anchor`]s, sorted and disjoint.

use super::items::{Anchor, Token};
use crate::document::Document;
use crate::lexer::Lexed;
use crate::lexer::ordinal;
use crate::rules::RuleSet;

/// Figures with units, dates, numbering marks and the longest words of the lexicon, sorted and disjoint.
pub fn anchors(document: &Document, rules: &RuleSet, lexed: &Lexed) -> Vec<Anchor> {
    let mut all = Vec::with_capacity(lexed.quantities.len() + lexed.lexicon_hits.len());
    for (place, quantity) in lexed.quantities.iter().enumerate() {
        let bare = quantity.unit.is_none() && quantity.power == 0;
        if !bare || quantity.value.is_zero() {
            all.push(Anchor { span: quantity.span, token: Token::Quantity(place as u32) });
        }
    }
    all.extend(lexed.dates.iter().map(|date| Anchor { span: date.span, token: Token::Date(date.year) }));
    all.extend(lexed.document_numbers.iter().map(|number| Anchor { span: number.span, token: Token::Text }));
    for block in &document.blocks {
        let mut mark = |mark: ordinal::Ordinal| {
            all.push(Anchor { span: mark.span, token: Token::Mark(mark.style, mark.value) });
        };
        ordinal::at_start(&document.text, block.span).map(&mut mark);
        ordinal::inside(&document.text, block.span, |found, _| mark(found));
    }
    for hit in &lexed.lexicon_hits {
        let entry = rules.lexicon.entries[usize::from(hit.item)].1;
        all.push(Anchor { span: hit.span, token: Token::Word(entry) });
    }
    let weight = |token: &Token| match token {
        Token::Quantity(_) | Token::Date(_) => 0,
        Token::Mark(..) => 1,
        _ => 2,
    };
    all.sort_unstable_by_key(|anchor| (anchor.span.start, weight(&anchor.token), u32::MAX - anchor.span.end));
    // Figures and dates always stay; of the words the leftmost, then the longest.
    let mut kept: Vec<Anchor> = Vec::with_capacity(all.len());
    for anchor in all {
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
