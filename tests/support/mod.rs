//! What several suites need.

use gouji::document::Span;

/// The text without its ⟦marks⟧ and the spans they stood around; and the spans of ⟪automatic numbers⟫.
pub fn marked(example: &str) -> (String, Vec<Span>, Vec<Span>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), None);
    let (mut numbers, mut number) = (Vec::new(), None);
    for c in example.chars() {
        match c {
            '⟦' => open = Some(text.len()),
            '⟧' => spans.push(Span::of(open.take().expect("⟧ follows ⟦"), text.len())),
            '⟪' => number = Some(text.len()),
            '⟫' => numbers.push(Span::of(number.take().expect("⟫ follows ⟪"), text.len())),
            _ => text.push(c),
        }
    }
    (text, spans, numbers)
}
