//! Kind `mixed-numbering`: numbers typed by hand among those that the office program counts by itself.
//!
//! Placeholders: `{quote}` the number that is unlike the others, `{other}` the first of the others. Labels: `other`,
//! `same`. Cases: `automatic` where most are typed, `double` where a typed number follows an automatic one.

use rustc_hash::FxHashMap;

use super::{Context, Sink};
use crate::document::Span;
use crate::lexer::ordinal;
use crate::outline::{NodeId, Style};
use crate::rules::Rule;

/// Numbers of one level below one heading, in text order: those typed, and those counted.
#[derive(Default)]
struct Group {
    typed: Vec<Span>,
    counted: Vec<Span>,
}

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    if cx.document.generated.is_empty() {
        return;
    }
    double(cx, rule, sink);
    let mut groups: Vec<Group> = Vec::new();
    let mut places: FxHashMap<(Option<NodeId>, Style), usize> = FxHashMap::default();
    for node in &cx.outline.nodes {
        let (Some(mark), Some((style, _))) = (node.marker, node.read_as) else { continue };
        if cx.document.blocks[node.block as usize].span.start != mark.span.start {
            continue;
        }
        let place = *places.entry((node.parent, style)).or_insert_with(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        let group = &mut groups[place];
        if is_counted(cx, mark.span) { &mut group.counted } else { &mut group.typed }.push(mark.span);
    }
    for group in groups.iter().filter(|group| !group.typed.is_empty() && !group.counted.is_empty()) {
        let typed_most = group.typed.len() > group.counted.len();
        let (few, many) =
            if typed_most { (&group.counted, &group.typed) } else { (&group.typed, &group.counted) };
        let report = sink.report(rule, few[0]);
        let report = if typed_most { report.case("automatic") } else { report };
        let report = report
            .value("quote", cx.document.slice(few[0]))
            .value("other", cx.document.slice(many[0]))
            .label(many[0], "other");
        few[1..].iter().fold(report, |report, &span| report.label(span, "same")).emit();
    }
}

/// An automatic number and a typed one of the same kind in one place.
fn double<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for &counted in &cx.document.generated {
        let Some(block) = cx.block_at(counted.start) else { continue };
        let text = &cx.document.text;
        let typed = ordinal::at_start(text, Span::new(counted.end, block.span.end));
        let (Some(first), Some(typed)) = (ordinal::at_start(text, counted), typed) else { continue };
        if first.style == typed.style {
            sink.report(rule, typed.span)
                .case("double")
                .value("quote", cx.document.slice(typed.span))
                .value("other", cx.document.slice(counted))
                .label(counted, "other")
                .emit();
        }
    }
}

fn is_counted(cx: &Context, mark: Span) -> bool {
    let generated = &cx.document.generated;
    let after = generated.partition_point(|span| span.end <= mark.start);
    generated.get(after).is_some_and(|span| span.overlaps(mark))
}
