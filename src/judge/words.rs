//! Kind `words`: a closed list of words that are wrong where they stand.
//!
//! Placeholders: `{quote}` the text underlined, `{expected}` the replacement of the word found, `{other}` the
//! preferred spelling beside it. Labels: `other` the preferred spelling, `same` further mentions. A variant
//! answers with case `variant`.

use super::{Context, Sink, sentence};
use crate::diagnostic::{Applicability, Edit};
use crate::document::{BlockKind, Span};
use crate::rules::{Genre, Hit, Listed, Pattern, Rule, WordItem, Words};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, words: &'a Words, sink: &mut Sink<'a>) {
    let hits = &cx.lexed.rule_hits[cx.index(rule)];
    if hits.is_empty() || words.only_annual && !is_annual(cx) {
        return;
    }
    let listed = words.listed();
    let mut variants: Vec<(usize, usize, Span)> = Vec::new();
    let mut last = Span::default();
    for Hit { span, item } in hits {
        let word = cx.flow.shown(*span);
        if words.skip_quoted && cx.lexed.marks.is_quoted(word) {
            continue;
        }
        match listed[usize::from(*item)] {
            Listed::Variant(group, place) => variants.push((group, place, *span)),
            Listed::Item(item) => {
                let Some(block) = cx.block_at(span.start) else { continue };
                if words.skip_tables && matches!(block.kind, BlockKind::Row { .. }) {
                    continue;
                }
                if is_under(cx, span.start, &words.unless_section) {
                    continue;
                }
                let found = found(cx, cx.shown(block), item, word);
                let Some(cover) = found.filter(|cover| !cover.overlaps(last)) else { continue };
                last = cover;
                report(cx, rule, item, *span, cover, sink);
            }
        }
    }
    for group in 0..words.variants.len() {
        report_variant(cx, rule, words, group, &variants, sink);
    }
}

/// Whether a heading above the place holds one of the words.
fn is_under(cx: &Context, at: u32, titles: &[smol_str::SmolStr]) -> bool {
    let mut node = cx.outline.node_of_block.get(cx.block_index(at)).copied().flatten();
    while let (false, Some(id)) = (titles.is_empty(), node) {
        let title = cx.document.slice(cx.outline.node(id).title);
        if titles.iter().any(|word| title.contains(word.as_str())) {
            return true;
        }
        node = cx.outline.node(id).parent;
    }
    false
}

/// Whether the text is known to report on a whole year that is over.
fn is_annual(cx: &Context) -> bool {
    let reports = !matches!(cx.subject.genre, Genre::Budget | Genre::Other);
    (reports || cx.form.profile.annual) && !cx.subject.interim
}

/// What to underline, in places of the flow, where the surroundings make the word wrong.
fn found(cx: &Context, block: Span, item: &WordItem, word: Span) -> Option<Span> {
    if item.unless_broken && cx.is_wrapped() {
        return None;
    }
    let before = cx.text(Span::new(block.start, word.start.max(block.start)));
    let after = cx.text(Span::new(word.end, block.end.max(word.end)));
    let longest = |patterns: &[Pattern], matched: &dyn Fn(&Pattern) -> Option<usize>| {
        if patterns.is_empty() { Some(0) } else { patterns.iter().filter_map(matched).max() }
    };
    let lead = longest(&item.before, &|pattern| pattern.before(before))?;
    let tail = longest(&item.after, &|pattern| pattern.after(after))?;
    let excused = item.unless_before.iter().any(|pattern| pattern.before(before).is_some())
        || item.unless_after.iter().any(|pattern| pattern.after(after).is_some())
        || item.except.iter().any(|longer| holds(cx, longer, word))
        || (!item.unless_sentence.is_empty() && {
            let sentence = cx.text(sentence(&cx.flow.text, block, word));
            item.unless_sentence.iter().any(|excuse| crate::document::chars::holds(sentence, excuse))
        });
    let cover = if item.cover { (lead, tail) } else { (0, 0) };
    (!excused).then(|| Span::of(word.start as usize - cover.0, word.end as usize + cover.1))
}

/// Whether `word` stands inside an occurrence of `longer`.
fn holds(cx: &Context, longer: &str, word: Span) -> bool {
    longer.match_indices(cx.text(word)).any(|(at, _)| {
        let start = (word.start as usize).checked_sub(at);
        start.and_then(|start| cx.flow.text.get(start..start + longer.len())) == Some(longer)
    })
}

fn report<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    item: &'a WordItem,
    word: Span,
    cover: Span,
    sink: &mut Sink<'a>,
) {
    let undoubled = if item.replace.is_none() && item.suggest { once(cx.text(word)) } else { None };
    let expected = undoubled.as_deref().or(item.replace.as_deref()).unwrap_or_default();
    let mut report = sink
        .report(rule, cx.flow.source(cover))
        .value("quote", cx.text(cover).trim())
        .value("expected", expected);
    if let Some(case) = &item.case {
        report = report.case(case);
    }
    if item.replace.is_some() || undoubled.is_some() {
        let applicability = if item.suggest { Applicability::Suggested } else { Applicability::Safe };
        report =
            report.fix(applicability, expected, vec![Edit { span: word, replacement: expected.to_owned() }]);
    }
    report.emit();
}

/// The word with what stands in it twice in a row told once: 采购 for 采采购.
fn once(word: &str) -> Option<String> {
    let chars: Vec<char> = word.chars().collect();
    let doubled = |len: usize| {
        (0..chars.len() + 1 - 2 * len).find(|&at| chars[at..at + len] == chars[at + len..at + 2 * len])
    };
    (1..=chars.len() / 2).rev().find_map(|len| {
        let at = doubled(len)?;
        Some(chars[..at].iter().chain(&chars[at + len..]).collect())
    })
}

/// One finding for all spellings of a group but the preferred one.
fn report_variant<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    words: &'a Words,
    group: usize,
    hits: &[(usize, usize, Span)],
    sink: &mut Sink<'a>,
) {
    let own = || hits.iter().filter(|hit| hit.0 == group);
    let Some((_, _, preferred)) = own().find(|hit| hit.1 == 0) else { return };
    let mut others = own().filter(|hit| hit.1 != 0);
    let Some((_, _, first)) = others.next() else { return };
    let expected = words.variants[group][0].as_str();
    let edit = |span: Span| Edit { span, replacement: expected.to_owned() };
    let mut edits = vec![edit(*first)];
    let mut report = sink
        .report(rule, *first)
        .case("variant")
        .value("quote", cx.document.slice(*first))
        .value("expected", expected)
        .label(*preferred, "other");
    for (_, _, span) in others {
        report = report.label(*span, "same");
        edits.push(edit(*span));
    }
    report.fix(Applicability::Safe, expected, edits).emit();
}
