//! Kind `document-number`: 发文字号 is written agency code, 〔year〕, serial number, 号.
//!
//! Placeholders: `{quote}` the number as typed, `{expected}` the year in right brackets. Cases: `unfinished` 号 is
//! missing, `di` a 第 before the serial number, `zero` a leading zero.

use super::{Context, Sink};
use crate::diagnostic::{Applicability, Edit};
use crate::document::Span;
use crate::document::chars::{is_blank, is_digit, is_han};
use crate::lexer::DocumentNumber;
use crate::rules::{DocumentNumbers, Rule};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a DocumentNumbers, sink: &mut Sink<'a>) {
    for number in &cx.lexed.document_numbers {
        let (start, end) = (number.span.start as usize, number.span.end as usize);
        let lead = &cx.document.text[..start.max(number.bracketed.start as usize)];
        let after = &cx.document.text[end..];
        let excused = kind.unless_before.iter().any(|word| {
            let code = cx.document.slice(Span::new(number.span.start, number.bracketed.start));
            code.contains(word.as_str()) || lead.ends_with(word.as_str())
        }) || kind.unless_after.iter().any(|word| after.starts_with(word.as_str()));
        if !excused {
            form(cx, rule, number, sink);
        }
    }
    unfinished(cx, rule, sink);
}

fn form<'a>(cx: &Context<'a>, rule: &'a Rule, number: &DocumentNumber, sink: &mut Sink<'a>) {
    let brackets = cx.document.slice(number.bracketed);
    let quote = Span::new(number.bracketed.start, number.span.end);
    let (Some(open), Some(close)) = (brackets.chars().next(), brackets.chars().next_back()) else { return };
    let expected = format!("〔{}〕", number.year);
    let report = sink
        .report(rule, quote)
        .value("quote", cx.document.slice(number.span))
        .value("expected", expected.clone());
    if open != '〔' || close != '〕' {
        let (start, end) = (number.bracketed.start as usize, number.bracketed.end as usize);
        let edits = vec![
            Edit { span: Span::of(start, start + open.len_utf8()), replacement: "〔".to_owned() },
            Edit { span: Span::of(end - close.len_utf8(), end), replacement: "〕".to_owned() },
        ];
        report.fix(Applicability::Safe, expected, edits).emit();
        return;
    }
    let serial =
        cx.document.slice(Span::new(number.bracketed.end, number.span.end)).trim_start_matches(is_blank);
    if serial.starts_with('第') {
        report.case("di").emit();
    } else if serial.starts_with(['0', '０']) {
        report.case("zero").emit();
    }
}

/// `〔2017〕167《…`: the lexer takes no number without its 号, so this one looks for it.
fn unfinished<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let text: &str = &cx.flow.text;
    for mark in cx.lexed.marks.list.iter().filter(|mark| mark.char == '〔') {
        let inside = &text[mark.span().end as usize..];
        let year: usize = inside.chars().take_while(|c| is_digit(*c)).map(char::len_utf8).sum();
        let Some(serial) = inside[year..].strip_prefix('〕').map(|rest| rest.trim_start_matches(is_blank))
        else {
            continue;
        };
        let rest = serial.trim_start_matches(is_digit);
        let digits = serial.len() - rest.len();
        let next = rest.trim_start_matches(is_blank).chars().next();
        let ends = next.is_none_or(|c| {
            c == '\n' || "，。；）)》《“”".contains(c) || (is_han(c) && !"号第和与及至到".contains(c))
        });
        if year != 4 || digits == 0 || digits > 4 || !ends {
            continue;
        }
        let span = cx.flow.source(Span::of(mark.at as usize, text.len() - rest.len()));
        let edit = Edit { span: Span::new(span.end, span.end), replacement: "号".to_owned() };
        let quote = cx.document.slice(span);
        sink.report(rule, span)
            .case("unfinished")
            .value("quote", quote)
            .value("expected", format!("{quote}号"))
            .fix(Applicability::Suggested, "号", vec![edit])
            .emit();
    }
}
