//! Kind `stray-marks`: two marks together, a mark at the start of a line, 、 before 等.
//!
//! Placeholders: `{quote}` the marks. Cases: `doubled`, `start`, `etc`.

use super::{Context, Sink, is_prose};
use crate::diagnostic::{Applicability, Edit};
use crate::document::Block;
use crate::document::chars::is_clause_mark;
use crate::lexer::Mark;
use crate::rules::{Rule, StrayMarks};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a StrayMarks, sink: &mut Sink<'a>) {
    // In text broken at a margin, a mark pushed to the next line is the converter's doing.
    let starts = !cx.is_wrapped();
    for block in cx.document.blocks.iter().filter(|block| is_prose(block)) {
        let marks = cx.lexed.marks.within(cx.shown(block));
        if starts {
            start(cx, rule, block, marks, sink);
        }
        for &mark in marks.iter().filter(|mark| mark.char == '、') {
            etc(cx, rule, kind, mark, sink);
        }
        for run in
            marks.chunk_by(|a, b| a.span().end == b.at && is_clause_mark(a.char) && is_clause_mark(b.char))
        {
            doubled(cx, rule, run, sink);
        }
    }
}

fn start<'a>(cx: &Context<'a>, rule: &'a Rule, block: &Block, marks: &[Mark], sink: &mut Sink<'a>) {
    let Some(mark) = marks.first() else { return };
    if cx.flow.source(mark.span()).start == block.span.start && "，。；、：".contains(mark.char) {
        let span = cx.flow.source(mark.span());
        sink.report(rule, span).case("start").value("quote", mark.char.to_string()).emit();
    }
}

fn etc<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &StrayMarks, mark: Mark, sink: &mut Sink<'a>) {
    let rest = &cx.flow.text[mark.span().end as usize..];
    if rest.starts_with('等') && !kind.words_of_deng.iter().any(|word| rest.starts_with(word.as_str())) {
        let span = cx.flow.source(mark.span());
        let edit = Edit { span, replacement: String::new() };
        let fix = "等";
        sink.report(rule, span)
            .case("etc")
            .value("quote", "、等")
            .fix(Applicability::Safe, fix, vec![edit])
            .emit();
    }
}

fn doubled<'a>(cx: &Context<'a>, rule: &'a Rule, run: &[Mark], sink: &mut Sink<'a>) {
    let emphatic = |mark: &Mark| matches!(mark.char, '？' | '！');
    if run.len() < 2 || run.iter().all(emphatic) {
        return;
    }
    let (first, last) = (run[0], run[run.len() - 1]);
    let span = cx.flow.source(first.span().to(last.span()));
    let mut report = sink.report(rule, span).case("doubled").value("quote", cx.document.slice(span));
    // Three stops are an ellipsis in the making, and of two different marks only the author knows which.
    if run.len() == 2 && first.char == last.char {
        let edit = Edit { span: cx.flow.source(last.span()), replacement: String::new() };
        report = report.fix(Applicability::Safe, first.char.to_string(), vec![edit]);
    }
    report.emit();
}
