//! Kind `words`: a closed list of words that are wrong wherever they stand.
//!
//! Placeholders: `{quote}` the word found, `{expected}` its replacement.

use super::{Context, Sink};
use crate::diagnostic::{Applicability, Edit};
use crate::rules::{Rule, Words};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, words: &'a Words, sink: &mut Sink<'a>) {
    for hit in &cx.lexed.rule_hits[cx.index(rule)] {
        let item = &words.items[hit.item as usize];
        let quote = cx.document.slice(hit.span);
        let expected = item.replace.as_deref().unwrap_or_default();
        let mut report = sink.report(rule, hit.span).value("quote", quote).value("expected", expected);
        if let Some(case) = &item.case {
            report = report.case(case);
        }
        if item.replace.is_some() {
            let edit = Edit { span: hit.span, replacement: expected.to_owned() };
            report = report.fix(Applicability::Safe, expected, vec![edit]);
        }
        report.emit();
    }
}
