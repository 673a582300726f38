//! Plain text to blocks: one for each line that is not blank.

use crate::document::{Block, BlockKind, Span};

pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = trim(line);
        if !body.is_empty() {
            let start = body.as_ptr() as usize - text.as_ptr() as usize;
            blocks.push(Block { span: Span::of(start, start + body.len()), kind: BlockKind::Paragraph });
        }
        at += line.len();
    }
    debug_assert_eq!(at, text.len());
    blocks
}

/// `line` without blanks at either end; what no reader sees counts as a blank.
pub fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}
