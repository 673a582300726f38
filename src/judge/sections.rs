//! Kind `sections`: sections of the profile that are absent, out of order or empty.
//!
//! Placeholders: `{section}` title of the section at fault, `{neighbour}` title of the one it is placed
//! by, `{profile}` name of the profile.

use super::ending::ending_start;
use super::{Context, Report, Sink};
use crate::audit::Lang;
use crate::diagnostic::Severity;
use crate::document::Span;
use crate::form::Place;
use crate::outline::{NodeId, NodeKind};
use crate::rules::{Rule, SectionFault, Sections};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sections: &'a Sections, sink: &mut Sink<'a>) {
    if cx.form.profile.sections.is_empty() {
        return;
    }
    let found = accepted(cx);
    match sections.fault {
        SectionFault::Missing => missing(cx, rule, &found, sink),
        SectionFault::Order => order(cx, rule, &found, sink),
        // A disclosure's headings often stand over tables that the copy lost.
        SectionFault::Empty if !cx.form.profile.genre.evaluates() => {}
        SectionFault::Empty => empty(cx, rule, sections, &found, sink),
    }
}

fn named<'s, 'a>(cx: &Context<'a>, report: Report<'s, 'a>, section: usize, title: &str) -> Report<'s, 'a> {
    let profile = cx.form.profile;
    let name = match cx.options.lang {
        Lang::Zh => &profile.zh,
        Lang::En => &profile.en,
    };
    let section = &profile.sections[section];
    let cites = if section.cites.is_empty() { &profile.cites } else { &section.cites };
    report.value("section", title).value("profile", name.as_str()).cites(cites)
}

/// For each section its heading. A heading that is merely like a section's title counts only on the
/// level on which the sections stand.
pub(super) fn accepted(cx: &Context) -> Vec<Option<NodeId>> {
    let level = |place: &Place| cx.outline.node(place.node).level;
    let mut levels: Vec<u8> =
        cx.form.places.iter().flatten().filter(|place| place.exact).map(level).collect();
    levels.sort_unstable();
    let base = levels
        .chunk_by(|a, b| a == b)
        .max_by_key(|run| (run.len(), std::cmp::Reverse(run[0])))
        .map_or(1, |run| run[0]);
    cx.form
        .places
        .iter()
        .map(|place| place.filter(|place| place.exact || level(place) <= base).map(|place| place.node))
        .collect()
}

fn missing<'a>(cx: &Context<'a>, rule: &'a Rule, found: &[Option<NodeId>], sink: &mut Sink<'a>) {
    for (at, section) in cx.form.profile.sections.iter().enumerate() {
        if !section.required || found[at].is_some() || title_in_text(cx, at) {
            continue;
        }
        let before = found[..at].iter().rev().flatten().next();
        let after = found[at + 1..].iter().flatten().next();
        let stated = crate::form::holds(cx.lexed, whole(cx), &section.stated);
        let (span, case) = match (before, after) {
            (Some(&node), _) => (cx.heading(node), ""),
            (None, Some(&node)) => (cx.heading(node), "first"),
            (None, None) => (cx.top(), "alone"),
        };
        let mut report = named(cx, sink.report(rule, span).case(case), at, &section.title.text);
        if let Some(&node) = before.or(after) {
            report = report.value("neighbour", cx.document.slice(cx.outline.node(node).title));
        }
        report = match (stated, section.severity) {
            (true, _) => report.severity(Severity::Hint),
            (false, Some(severity)) => report.severity(severity),
            (false, None) => report,
        };
        report.emit();
    }
}

fn whole(cx: &Context) -> Span {
    Span::of(0, cx.document.text.len())
}

/// Whether the title stands in the text like a heading, behind an ordinal or at the start of a line,
/// although the outline has none there: a page flattened to one line.
fn title_in_text(cx: &Context, section: usize) -> bool {
    let section = &cx.form.profile.sections[section];
    let own = |id: u16| std::iter::once(&section.title).chain(&section.aliases).any(|word| word.id == id);
    cx.lexed.outline_hits.iter().filter(|hit| own(hit.item)).any(|hit| {
        let before =
            cx.document.text[..hit.span.start as usize].trim_end_matches([' ', '\u{3000}', '\u{a0}']);
        let mut last = before.chars().rev();
        match last.next() {
            None | Some('\n') => false,
            Some('、' | '.' | '．') => {
                last.next().is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
            }
            Some('）' | ')') => last.next().is_some_and(|c| "一二三四五六七八九十".contains(c)),
            Some(_) => false,
        }
    })
}

fn order<'a>(cx: &Context<'a>, rule: &'a Rule, found: &[Option<NodeId>], sink: &mut Sink<'a>) {
    let sections = &cx.form.profile.sections;
    let level = found.iter().flatten().map(|id| cx.outline.node(*id).level).min();
    let mut placed: Vec<(NodeId, usize)> = found
        .iter()
        .enumerate()
        .filter(|(at, _)| !sections[*at].free && cx.form.places[*at].is_some_and(|place| place.exact))
        .filter_map(|(at, node)| node.map(|node| (node, at)))
        .filter(|(node, _)| Some(cx.outline.node(*node).level) == level)
        .collect();
    placed.sort_unstable();
    placed.dedup_by_key(|(node, _)| *node);
    let kept = longest_rising(&placed);
    for (place, &(node, at)) in placed.iter().enumerate().filter(|(place, _)| !kept.contains(place)) {
        let in_order = kept.iter().map(|&place| (place, placed[place]));
        let (mut before, mut after) = (None, None);
        for (other, one) in in_order {
            if one.1 < at {
                before = Some((other, one));
            } else if after.is_none() {
                after = Some((other, one));
            }
        }
        let misplaced = (before.filter(|(other, _)| *other > place).map(|(_, one)| (one, "late")))
            .or(after.filter(|(other, _)| *other < place).map(|(_, one)| (one, "early")));
        let Some(((neighbour, _), case)) = misplaced else { continue };
        let title = cx.outline.node(neighbour).title;
        let own = cx.document.slice(cx.outline.node(node).title);
        named(cx, sink.report(rule, cx.heading(node)).case(case), at, own)
            .value("neighbour", cx.document.slice(title))
            .label(cx.heading(neighbour), "neighbour")
            .emit();
    }
}

/// Places of a longest run of sections that stand in the profile's order; a dozen at most.
fn longest_rising(placed: &[(NodeId, usize)]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(placed.len());
    for (place, (_, at)) in placed.iter().enumerate() {
        let before = (0..place)
            .filter(|&other| placed[other].1 < *at)
            .max_by_key(|&other| (best[other].0, std::cmp::Reverse(other)));
        best.push((before.map_or(1, |other| best[other].0 + 1), before));
    }
    let mut run = Vec::new();
    let mut at = (0..best.len()).max_by_key(|&place| (best[place].0, std::cmp::Reverse(place)));
    while let Some(place) = at {
        run.push(place);
        at = best[place].1;
    }
    run.reverse();
    run
}

/// Headings in a row without text that are a list rather than emptied sections.
const LIST: usize = 3;

fn empty<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    sections: &'a Sections,
    found: &[Option<NodeId>],
    sink: &mut Sink<'a>,
) {
    let blank = blank_nodes(cx);
    let mut reported: Option<Span> = None;
    let mut run = 0;
    for (at, node) in cx.outline.nodes.iter().enumerate() {
        let id = NodeId(at as u32);
        run = if blank[at] { run + 1 } else { 0 };
        let section = found.iter().position(|place| *place == Some(id));
        if !blank[at] || reported.is_some_and(|body| body.contains(node.title)) {
            continue;
        }
        let title = cx.document.slice(node.title);
        let of_outline = node.marker.is_some()
            && node.kind == NodeKind::Heading
            && sections.endings.iter().any(|ending| title.ends_with(ending.as_str()))
            && run + blank[at + 1..].iter().take_while(|blank| **blank).count() < LIST;
        if section.is_none() && !of_outline {
            continue;
        }
        if !node.children.is_empty() && !node.children.iter().all(|child| needs_text(cx, sections, *child)) {
            continue;
        }
        reported = Some(node.body);
        let report = sink.report(rule, cx.heading(id));
        match section {
            Some(section) => named(cx, report, section, title).emit(),
            None => report.value("section", title).value("profile", "").emit(),
        }
    }
}

fn needs_text(cx: &Context, sections: &Sections, id: NodeId) -> bool {
    let title = cx.document.slice(cx.outline.node(id).title);
    sections.endings.iter().any(|ending| title.ends_with(ending.as_str()))
}

/// For each node, whether nothing stands under it but headings that are blank themselves.
fn blank_nodes(cx: &Context) -> Vec<bool> {
    let nodes = &cx.outline.nodes;
    let end = ending_start(cx);
    let mut blank = vec![false; nodes.len()];
    for at in (0..nodes.len()).rev() {
        let node = &nodes[at];
        if node.kind == NodeKind::Item || node.title.start >= end {
            continue;
        }
        let first_child = node.children.first().map(|child| {
            let child = &nodes[child.0 as usize];
            child.marker.map_or(child.title.start, |marker| marker.span.start)
        });
        let own = Span::new(
            node.title.end,
            first_child.unwrap_or(node.body.end).min(node.body.end).min(end).max(node.title.end),
        );
        let says_nothing = |c: char| !c.is_alphanumeric();
        blank[at] = cx.document.slice(own).chars().all(says_nothing)
            && node.children.iter().all(|child| blank[child.0 as usize]);
    }
    blank
}
