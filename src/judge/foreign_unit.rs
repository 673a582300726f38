//! Kind `foreign-unit`: the same body of another place, left from copying.
//!
//! Placeholders: `{quote}` the name found, `{expected}` the report's own unit. Label `own`. Case `signature`: another
//! body of the same place signs the report.

use memchr::memmem;

use super::{Context, Sink, is_prose};
use crate::document::chars::{is_blank, is_han};
use crate::document::{Block, BlockKind, Span};
use crate::rules::{ForeignUnit, Genre, Rule};
use crate::subject::place_and_body;

/// More mentions than this are no slip: the report is about that unit too.
const FEW: usize = 2;
/// Blocks at the end among which the signature is looked for.
const ENDING: usize = 8;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a ForeignUnit, sink: &mut Sink<'a>) {
    let Some(unit) = cx.subject.unit else { return };
    let name = cx.document.slice(unit);
    let (place, body) = place_and_body(name);
    let Some(level) =
        place.chars().next_back().filter(|level| kind.levels.contains(*level) && body.chars().count() >= 3)
    else {
        return;
    };
    let text = &cx.document.text;
    let mut own = 0;
    let mut foreign: Vec<Span> = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), body.as_bytes()) {
        let before = &text[..at];
        if before.ends_with(place) {
            own += 1;
        } else if let Some(start) = place_before(before, level, place, kind)
            && !kind.visits.iter().any(|word| text[at + body.len()..].starts_with(word.as_str()))
        {
            foreign.push(Span::of(start, at + body.len()));
        }
        if foreign.len() > FEW {
            return;
        }
    }
    super::foreign_body::judge(cx, rule, kind, unit, (place, body), sink);
    let titled = cx.subject.title.is_some_and(|title| title.contains(unit));
    if titled && foreign.is_empty() {
        signature(cx, rule, kind, unit, sink);
        described(cx, rule, kind, unit, sink);
    }
    let told = |span: &Span| {
        // Where the title alone has the own name, only what a paragraph speaks of or is signed with counts.
        let leads = cx.block_at(span.start).is_some_and(|block| block.span.start == span.start);
        (own >= 2 || own == 1 && titled && leads) && !cx.lexed.marks.is_quoted(cx.flow.shown(*span))
    };
    for span in foreign.into_iter().filter(told) {
        sink.report(rule, span)
            .value("quote", cx.document.slice(span))
            .value("expected", name)
            .label(unit, "own")
            .emit();
    }
}

/// The last line above the date is the name of another body of the place, and not a shorter form of the own one.
fn signature<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a ForeignUnit, unit: Span, sink: &mut Sink<'a>) {
    let title = cx.subject.title.map(|title| cx.document.slice(title)).unwrap_or_default();
    let own_paper = matches!(cx.subject.genre, Genre::SelfEvaluation | Genre::FinalAccounts | Genre::Budget)
        && kind.own_paper.iter().any(|word| title.contains(word.as_str()));
    let name = cx.document.slice(unit);
    let (place, body) = place_and_body(name);
    let on_page = |block: &&Block| block.kind != BlockKind::PageFurniture;
    let mut ending: Vec<&Block> = cx.document.blocks.iter().rev().filter(on_page).take(ENDING).collect();
    ending.reverse();
    let is_date = |text: &str| kind.dates.iter().any(|start| text.starts_with(start.as_str()));
    for pair in ending.windows(2).filter(|pair| own_paper && pair.iter().all(|block| is_prose(block))) {
        let (text, next) = (cx.document.slice(pair[0].span), cx.document.slice(pair[1].span));
        let Some(other) = text.strip_prefix(place).filter(|_| is_date(next) && next.len() < 40) else {
            continue;
        };
        if cx.rules.bodies.is_body(text) && !is_shortened(other, body) && !is_shortened(body, other) {
            sink.report(rule, pair[0].span)
                .case("signature")
                .value("quote", text)
                .value("expected", name)
                .label(unit, "own")
                .emit();
        }
    }
}

/// The paragraph that describes the unit, right below its heading, is of another body of the place, of which the report
/// speaks nowhere else.
fn described<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a ForeignUnit, unit: Span, sink: &mut Sink<'a>) {
    let name = cx.document.slice(unit);
    let (place, body) = place_and_body(name);
    let blocks = &cx.document.blocks;
    for pair in blocks[..blocks.len().min(OPENING)].windows(2) {
        let (heading, text) = (cx.document.slice(pair[0].span), cx.document.slice(pair[1].span));
        let heads = heading.chars().count() <= HEADING && !heading.ends_with('。');
        let Some(other) = text.strip_prefix(place).filter(|_| heads && is_prose(&pair[1])) else { continue };
        let ends = kind.describes.iter().filter_map(|word| other.find(word.as_str())).min();
        let Some(other) =
            ends.map(|end| &other[..end]).filter(|other| (3..=20).contains(&other.chars().count()))
        else {
            continue;
        };
        let full = &text[..place.len() + other.len()];
        let once = memmem::find_iter(cx.document.text.as_bytes(), full.as_bytes()).count() == 1;
        let own = memmem::find_iter(cx.document.text.as_bytes(), name.as_bytes()).count() >= 2;
        let parent = kind.superiors.iter().any(|word| other.ends_with(word.as_str()));
        let told = sink
            .diagnostics
            .iter()
            .any(|one| one.span.start == pair[1].span.start && usize::from(one.rule) == cx.index(rule));
        if once
            && own
            && !told
            && !parent
            && cx.rules.bodies.is_body(full)
            && !is_shortened(other, body)
            && !is_shortened(body, other)
        {
            let span = Span::of(pair[1].span.start as usize, pair[1].span.start as usize + full.len());
            sink.report(rule, span)
                .case("describes")
                .value("quote", full)
                .value("expected", name)
                .label(unit, "own")
                .emit();
        }
    }
}

/// Blocks at the beginning in which a unit describes itself.
const OPENING: usize = 40;
/// Characters of a heading.
const HEADING: usize = 24;

/// Whether the characters of `short` stand in `long` in their order: 人社局 of 人力资源和社会保障局.
pub(super) fn is_shortened(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|other| other == c))
}

/// Where a place of two characters and its level, other than `own`, begins at the end of `before`.
fn place_before(before: &str, level: char, own: &str, kind: &ForeignUnit) -> Option<usize> {
    let rest = before.strip_suffix(level)?;
    let (start, _) = rest.char_indices().rev().nth(1)?;
    let name = &rest[start..];
    let is_name = name.chars().all(|c| is_han(c) && !kind.no_name.contains(c));
    // Elsewhere two characters before 区 may be anything: 负责区福利院, 包括区司法局.
    let lead = before[..start].chars().next_back();
    let begins = lead.is_none_or(|c| is_blank(c) || kind.before_place.contains(c));
    let partner = kind.partners.iter().any(|word| before[..start].ends_with(word.as_str()));
    (is_name && begins && !partner && !own.ends_with(&before[start..])).then_some(start)
}
