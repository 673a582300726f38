//! Kind `item-marks`: an item that holds a full stop cannot end with `；`.
//!
//! Placeholders: `{quote}` the mark that ends the item.

use super::{Context, Sink};
use crate::document::Span;
use crate::document::chars::is_blank;
use crate::lexer::Mark;
use crate::rules::Rule;

/// Longest item looked at, in bytes.
const LONGEST_ITEM: usize = 900;
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for paragraph in cx.prose() {
        let marks = cx.lexed.marks.within(paragraph);
        for (place, &mark) in marks.iter().enumerate().filter(|(_, mark)| matches!(mark.char, '；' | ';')) {
            let Some(start) = item_start(cx, paragraph, mark) else { continue };
            let stop = marks[..place].iter().rev().take_while(|other| other.at >= start);
            if stop.into_iter().any(|other| other.char == '。') {
                let span = cx.flow.source(mark.span());
                sink.report(rule, span).value("quote", mark.char.to_string()).emit();
            }
        }
    }
}

/// Where the item before `mark` begins, if an item of the same series begins after it: 一是…；二是…
fn item_start(cx: &Context, paragraph: Span, mark: Mark) -> Option<u32> {
    let after = cx.text(Span::new(mark.span().end, paragraph.end)).trim_start_matches(is_blank);
    if after.chars().nth(1).is_none_or(|second| second != '是') {
        return None;
    }
    let next = NUMERALS
        .iter()
        .position(|numeral| after.strip_prefix(numeral).is_some_and(|rest| rest.starts_with('是')))?;
    let before = cx.text(Span::new(paragraph.start, mark.at));
    let mut from = before.len().saturating_sub(LONGEST_ITEM);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let own = format!("{}是", NUMERALS[next.checked_sub(1)?]);
    let at = from + before[from..].rfind(&own)?;
    Some(paragraph.start + at as u32)
}
