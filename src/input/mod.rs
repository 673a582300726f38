//! Bytes to [`Document`]. Reading never fails on content: damage becomes part of the document.
//!
//! Takes bytes and a name; gives a [`Document`]. It must not know rules.

use crate::document::{Block, BlockKind, Document, Span};

/// Reads plain text; blocks are its lines that are not blank.
pub fn read_text(name: &str, text: String) -> Document {
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let start = at + (line.len() - line.trim_start().len());
            blocks.push(Block { span: Span::of(start, start + trimmed.len()), kind: BlockKind::Paragraph });
        }
        at += line.len();
    }
    Document { name: name.to_owned(), text, blocks, ..Document::default() }
}
