//! Kind `content`: matter that the profile asks for in a part of the report and that is not there.
//!
//! Placeholders: `{subject}` the part, `{missing}` what it lacks, `{how}` what to write.

use super::{Context, Sink};
use crate::document::{BlockKind, Span};
use crate::form::{has, hits, holds};
use crate::rules::{Content, Groups, Hit, Need, Rule, Scope, Word};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for content in &cx.form.profile.contents {
        match &content.scope {
            Scope::Mentions(words) => mentions(cx, rule, content, words, sink),
            Scope::Titles(groups) => titles(cx, rule, content, groups, sink),
            Scope::Section(id) => section(cx, rule, content, id, sink),
        }
    }
}

fn say<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    content: &'a Content,
    span: Span,
    lacks: &[&Need],
    sink: &mut Sink<'a>,
) {
    let lang = cx.options.lang;
    let missing: Vec<&str> = lacks.iter().map(|need| lang.of(need.zh.as_str(), need.en.as_str())).collect();
    let cites = if content.cites.is_empty() { &cx.form.profile.cites } else { &content.cites };
    let report = sink
        .report(rule, span)
        .value("subject", lang.of(content.zh.as_str(), content.en.as_str()))
        .value("missing", lang.list(&missing))
        .value("how", lang.of(content.help_zh.as_str(), content.help_en.as_str()))
        .cites(cites);
    match content.severity {
        Some(severity) => report.severity(severity).emit(),
        None => report.emit(),
    }
}

/// Paragraphs behind a mention that may go on about it.
const FOLLOWING: usize = 3;
/// And bytes, so that a text on one endless line costs no more than another.
const REACH: u32 = 6000;

fn mentions<'a>(cx: &Context<'a>, rule: &'a Rule, content: &'a Content, words: &[Word], sink: &mut Sink<'a>) {
    let blocks = &cx.document.blocks;
    let whole = Span::of(0, cx.document.text.len());
    let mut first: Option<Span> = None;
    let mut places: Vec<Span> = Vec::new();
    let mut all_zero = true;
    let words: Vec<&Word> = words.iter().filter(|word| has(cx.lexed, word)).collect();
    let hits: &[Hit] = if words.is_empty() { &[] } else { &cx.lexed.outline_hits };
    for hit in hits.iter().filter(|hit| words.iter().any(|word| word.id == hit.item)) {
        let at = cx.block_index(hit.span.start);
        let Some(block) = blocks.get(at) else { continue };
        let last = blocks[at..].iter().take(FOLLOWING + 1).next_back().unwrap_or(block).span;
        let place = match block.kind {
            BlockKind::Row { table, .. } => cx.document.tables[table as usize].span,
            _ => Span::new(cx.sentence(hit.span).start, last.end.min(hit.span.end.saturating_add(REACH))),
        };
        if places.last() != Some(&place) {
            places.push(place);
        }
        let until = block.span.end.min(hit.span.end.saturating_add(REACH));
        let row = matches!(block.kind, BlockKind::Row { .. });
        let mut amounts = cx
            .quantities(Span::new(hit.span.end, until))
            .iter()
            .filter(|quantity| row || cx.is(quantity, "money"));
        if let Some(amount) = amounts.next() {
            all_zero &= amount.value.is_zero() && amounts.all(|amount| amount.value.is_zero());
            first = Some(match first {
                Some(first) if !first.overlaps(hit.span) => first,
                Some(first) => first.to(hit.span),
                None => hit.span,
            });
        }
    }
    if holds(cx.lexed, whole, &content.unless) {
        return;
    }
    let Some(first) = first else {
        if let Some(severity) = content.absent {
            let lang = cx.options.lang;
            sink.report(rule, cx.top())
                .case("absent")
                .severity(severity)
                .value("subject", lang.of(content.zh.as_str(), content.en.as_str()))
                .value("how", lang.of(content.help_zh.as_str(), content.help_en.as_str()))
                .emit();
        }
        return;
    };
    if content.zero && all_zero {
        return;
    }
    let met = |need: &&Need| {
        if need.amount {
            places.iter().any(|place| amount_follows(cx, *place, &need.words))
        } else {
            holds(cx.lexed, whole, &need.words)
        }
    };
    let lacks: Vec<&Need> = content.needs.iter().filter(|need| !met(need)).collect();
    if !lacks.is_empty() {
        say(cx, rule, content, first, &lacks, sink);
    }
}

/// Whether an amount or a percentage stands behind one of the words, in its sentence or its table.
fn amount_follows(cx: &Context, place: Span, groups: &Groups) -> bool {
    let is_row = matches!(
        cx.document.blocks.get(cx.block_index(place.start)).map(|block| block.kind),
        Some(BlockKind::Row { .. })
    );
    hits(cx.lexed, place).filter(|hit| groups.iter().flatten().any(|word| word.id == hit.item)).any(|hit| {
        if is_row {
            return true;
        }
        let sentence = cx.sentence(hit.span);
        let after = Span::new(hit.span.end, sentence.end.max(hit.span.end));
        cx.quantities(after).iter().any(|quantity| cx.is(quantity, "money") || cx.is(quantity, "percent"))
    })
}

fn titles<'a>(cx: &Context<'a>, rule: &'a Rule, content: &'a Content, groups: &Groups, sink: &mut Sink<'a>) {
    let mut said: Option<Span> = None;
    for node in &cx.outline.nodes {
        if said.is_some_and(|body| body.contains(node.title)) || !holds(cx.lexed, node.title, groups) {
            continue;
        }
        let body = Span::new(node.title.end, node.body.end.max(node.title.end));
        let lacks = lacking(cx, content, body, node.children.len());
        if !lacks.is_empty() {
            said = Some(body);
            say(cx, rule, content, node.title, &lacks, sink);
        }
    }
    let mut last = None;
    let words: Vec<u16> =
        groups.iter().flatten().filter(|word| has(cx.lexed, word)).map(|word| word.id).collect();
    if words.is_empty() {
        return;
    }
    for hit in cx.lexed.outline_hits.iter().filter(|hit| words.contains(&hit.item)) {
        let at = cx.block_index(hit.span.start);
        if last == Some(at) {
            continue;
        }
        let Some((label, body)) = labelled(cx, at).filter(|(label, _)| label.contains(hit.span)) else {
            continue;
        };
        last = Some(at);
        if said.is_some_and(|said| said.overlaps(body)) || !holds(cx.lexed, label, groups) {
            continue;
        }
        let lacks = lacking(cx, content, body, 0);
        if !lacks.is_empty() {
            say(cx, rule, content, label, &lacks, sink);
        }
    }
}

/// The unnumbered label that a paragraph begins with, `绩效目标完成情况：…`, and the text it governs: up
/// to the next label or heading.
fn labelled(cx: &Context, at: usize) -> Option<(Span, Span)> {
    let label = Span::new(cx.document.blocks.get(at)?.span.start, label_end(cx, at)?);
    let blocks = &cx.document.blocks;
    let mut end = blocks[at].span.end;
    for (next, block) in blocks.iter().enumerate().skip(at + 1) {
        let heads = cx.outline.nodes.binary_search_by_key(&(next as u32), |node| node.block).is_ok();
        if heads || label_end(cx, next).is_some() {
            break;
        }
        end = block.span.end;
    }
    Some((label, Span::new(label.end, end)))
}

fn label_end(cx: &Context, at: usize) -> Option<u32> {
    const LABEL_CHARS: usize = 16;
    let block = cx.document.blocks.get(at)?.span;
    let text = cx.document.slice(block);
    let (colon, _) = text.char_indices().take(LABEL_CHARS).find(|(_, c)| matches!(c, '：' | ':'))?;
    let said = &text[..colon];
    let bare = !said.contains(['，', '。', '、']) && !said.contains(|c: char| c.is_ascii_digit());
    bare.then_some(block.start + colon as u32)
}

fn section<'a>(cx: &Context<'a>, rule: &'a Rule, content: &'a Content, id: &str, sink: &mut Sink<'a>) {
    let place = cx.form.profile.section(id).and_then(|at| cx.form.places[at]);
    let Some(id) = place.and_then(|place| place.node) else { return };
    let node = cx.outline.node(id);
    let body = Span::new(node.title.end, node.body.end.max(node.title.end));
    let lacks = lacking(cx, content, body, node.children.len());
    if lacks.is_empty() {
        return;
    }
    let first = cx.document.blocks.get(cx.block_index(body.start + 1)).map(|block| block.span);
    let span = first.filter(|block| body.contains(*block)).unwrap_or(node.title);
    say(cx, rule, content, span, &lacks, sink);
}

/// The needs that `body` does not meet; none where it is empty, which is another rule's to say.
fn lacking<'a>(cx: &Context, content: &'a Content, body: Span, children: usize) -> Vec<&'a Need> {
    let text = cx.document.slice(body);
    if !text.contains(char::is_alphanumeric) || holds(cx.lexed, body, &content.unless) {
        return Vec::new();
    }
    let met = |need: &&Need| {
        let words = holds(cx.lexed, body, &need.words);
        let figure = need.figure && has_figure(cx, body);
        let sentences =
            need.sentences.is_some_and(|least| children.max(sentences(cx, body)) >= least as usize);
        let answers = need.answers.as_ref().is_some_and(|section| children >= items(cx, section));
        words || figure || sentences || answers
    };
    content.needs.iter().filter(|need| !met(need)).collect()
}

/// Numbered items of a section.
fn items(cx: &Context, section: &str) -> usize {
    let place = cx.form.profile.section(section).and_then(|at| cx.form.places[at]);
    place.and_then(|place| place.node).map_or(0, |id| cx.outline.node(id).children.len())
}

/// Sentences in `body`; a paragraph without a stop is one.
fn sentences(cx: &Context, body: Span) -> usize {
    let blocks = &cx.document.blocks[cx.block_index(body.start)..];
    let inside = blocks.iter().take_while(|block| block.span.start < body.end);
    let inside = inside.filter(|block| block.kind != BlockKind::PageFurniture);
    inside.map(|block| cx.document.slice(block.span).matches(['。', '；']).count().max(1)).sum()
}

/// A figure with a unit, or any figure of a table.
fn has_figure(cx: &Context, body: Span) -> bool {
    cx.quantities(body).iter().any(|quantity| match quantity.unit {
        Some(unit) => cx.rules.units.family(unit) != "year",
        None => matches!(
            cx.document.blocks.get(cx.block_index(quantity.span.start)).map(|block| block.kind),
            Some(BlockKind::Row { .. })
        ),
    })
}
