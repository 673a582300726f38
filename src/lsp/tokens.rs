//! `textDocument/semanticTokens/full`: figures and the marks of headings.

use lsp_types::SemanticToken;
use serde_json::{Value, json};

use super::files::Read;
use crate::document::Span;

pub const TYPES: [&str; 2] = ["number", "keyword"];
/// A figure of which it is known what it measures.
pub const MODIFIERS: [&str; 1] = ["readonly"];

pub fn answer(read: &Read) -> Value {
    let known = |span: Span| {
        let facts = &read.audit.facts.facts;
        let place = facts.partition_point(|fact| fact.value_span.end <= span.start);
        u32::from(facts.get(place).is_some_and(|fact| fact.value_span.overlaps(span)))
    };
    let figures = read.audit.lexed.quantities.iter().map(|figure| (figure.span, 0, known(figure.span)));
    let marks = read.audit.outline.marks.iter().map(|mark| (mark.span, 1, 0));
    let mut all: Vec<(Span, u32, u32)> = figures.chain(marks).collect();
    all.sort_unstable();
    let mut tokens = Vec::with_capacity(all.len());
    let (mut line, mut character, mut end) = (0, 0, 0);
    for (span, token_type, token_modifiers_bitset) in all {
        let range = read.range(span);
        // A token stands on one line, and none in another.
        if span.start < end || range.start.line != range.end.line || span.is_empty() {
            continue;
        }
        let delta_line = range.start.line - line;
        let delta_start = range.start.character - if delta_line == 0 { character } else { 0 };
        let length = range.end.character - range.start.character;
        tokens.push(SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset });
        (line, character, end) = (range.start.line, range.start.character, span.end);
    }
    let data: Vec<u32> = tokens
        .iter()
        .flat_map(|one| {
            [one.delta_line, one.delta_start, one.length, one.token_type, one.token_modifiers_bitset]
        })
        .collect();
    json!({ "data": data })
}
