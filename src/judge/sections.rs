//! Kind `sections`: sections of the profile that are absent, out of order or empty.
//!
//! Placeholders: `{section}` title of the section at fault, `{neighbour}` title of the one it is placed
//! by, `{profile}` name of the profile.

use super::ending::ending_start;
use super::{Context, Report, Sink};
use crate::diagnostic::Severity;
use crate::document::Span;
use crate::form::holds;
use crate::options::Lang;
use crate::outline::{NodeId, NodeKind};
use crate::rules::{Rule, SectionFault, Sections};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, sections: &'a Sections, sink: &mut Sink<'a>) {
    if cx.form.profile.sections.is_empty() {
        return;
    }
    match sections.fault {
        SectionFault::Missing => missing(cx, rule, sink),
        SectionFault::Order if !cx.form.profile.ordered => {}
        SectionFault::Order => order(cx, rule, sink),
        // A disclosure's headings often stand over tables that the copy lost.
        SectionFault::Empty if !cx.form.profile.genre.evaluates() => {}
        SectionFault::Empty => empty(cx, rule, sections, sink),
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

fn missing<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let places = &cx.form.places;
    for (at, section) in cx.form.profile.sections.iter().enumerate() {
        if !section.required || places[at].is_some() {
            continue;
        }
        let before = places[..at].iter().rev().flatten().next();
        let after = places[at + 1..].iter().flatten().next();
        let (span, case) = match (before, after) {
            (Some(place), _) => (place.heading, ""),
            (None, Some(place)) => (place.heading, "first"),
            (None, None) => (cx.top(), "alone"),
        };
        let mut report = named(cx, sink.report(rule, span).case(case), at, &section.title.text);
        if let Some(place) = before.or(after) {
            report = report.value("neighbour", cx.document.slice(place.title));
        }
        let stated = holds(cx.lexed, whole(cx), &section.stated);
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

fn order<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let sections = &cx.form.profile.sections;
    let mut placed: Vec<(Span, usize)> = cx
        .form
        .places
        .iter()
        .enumerate()
        .filter_map(|(at, place)| Some((at, place.filter(|place| place.exact && place.ranked)?)))
        .filter(|(at, _)| !sections[*at].free)
        .map(|(at, place)| (place.heading, at))
        .collect();
    placed.sort_unstable();
    placed.dedup_by_key(|(heading, _)| *heading);
    let kept = longest_rising(&placed);
    for (place, &(heading, at)) in placed.iter().enumerate().filter(|(place, _)| !kept.contains(place)) {
        let before = kept.iter().copied().rfind(|&other| placed[other].1 < at);
        let after = kept.iter().copied().find(|&other| placed[other].1 > at);
        let misplaced = (before.filter(|&other| other > place).map(|other| (other, "late")))
            .or(after.filter(|&other| other < place).map(|other| (other, "early")));
        let Some((neighbour, case)) = misplaced else { continue };
        let (neighbour, title) =
            (placed[neighbour].0, |at: usize| cx.form.places[at].map(|place| place.title));
        let own = title(at).map(|title| cx.document.slice(title)).unwrap_or_default();
        let other = cx.form.places.iter().flatten().find(|place| place.heading == neighbour);
        named(cx, sink.report(rule, heading).case(case), at, own)
            .value("neighbour", other.map(|place| cx.document.slice(place.title)).unwrap_or_default())
            .label(neighbour, "neighbour")
            .emit();
    }
}

/// Places of a longest run of sections that stand in the profile's order; a dozen at most.
fn longest_rising(placed: &[(Span, usize)]) -> Vec<usize> {
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

fn empty<'a>(cx: &Context<'a>, rule: &'a Rule, sections: &'a Sections, sink: &mut Sink<'a>) {
    let end = ending_start(cx);
    let blank = blank_nodes(cx, end);
    let mut reported: Option<Span> = None;
    let mut run = 0;
    for (at, node) in cx.outline.nodes.iter().enumerate() {
        let id = NodeId(at as u32);
        run = if blank[at] { run + 1 } else { 0 };
        let section = cx.form.places.iter().position(|place| place.and_then(|place| place.node) == Some(id));
        if !blank[at] || node.title.start >= end || reported.is_some_and(|body| body.contains(node.title)) {
            continue;
        }
        let title = cx.document.slice(node.title);
        let of_outline = node.marker.is_some()
            && node.kind == NodeKind::Heading
            && sections.endings.iter().any(|ending| title.ends_with(ending.as_str()))
            && run + blank[at + 1..].iter().take_while(|blank| **blank).count() < LIST;
        if section.is_none() && !of_outline || leads(cx, at) {
            continue;
        }
        let parts = node.children.iter().filter(|child| cx.outline.node(**child).title.start < end);
        if !parts.copied().all(|child| needs_text(cx, sections, child)) {
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

/// 4.任务完成情况：, and a first （一） below it: its content, whatever level the mark is of.
fn leads(cx: &Context, at: usize) -> bool {
    let behind = cx.document.text[cx.outline.nodes[at].title.end as usize..].starts_with(['：', ':']);
    let next = cx.outline.nodes.get(at + 1).and_then(|next| next.marker);
    behind && next.is_some_and(|next| next.value == 1)
}

fn needs_text(cx: &Context, sections: &Sections, id: NodeId) -> bool {
    let title = cx.document.slice(cx.outline.node(id).title);
    sections.endings.iter().any(|ending| title.ends_with(ending.as_str()))
}

/// For each node, whether nothing stands under it but headings that are blank themselves.
fn blank_nodes(cx: &Context, end: u32) -> Vec<bool> {
    let nodes = &cx.outline.nodes;
    let mut blank = vec![false; nodes.len()];
    for at in (0..nodes.len()).rev() {
        let node = &nodes[at];
        if node.title.start >= end {
            blank[at] = true;
            continue;
        }
        if node.kind == NodeKind::Item {
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
