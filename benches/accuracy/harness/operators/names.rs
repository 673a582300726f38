//! Names and years left from another report.

use gouji::document::Span;
use gouji::subject::place_and_body;

use super::Operator;
use crate::harness::base::Base;
use crate::harness::mutation::Mutation;
use crate::harness::random::Random;

pub const OPERATORS: &[Operator] = &[
    Operator::of("foreign-place", "别的县市的同名单位", &["CON003"], foreign_place),
    Operator::of("foreign-body", "本地别的单位", &["CON003"], foreign_body),
    Operator::of("year-wrong", "年度写错", &["CON002"], year),
];

const PLACES: [&str; 6] = ["临岳", "青川", "石桥", "望湖", "南溪", "白沙"];
const BODIES: [&str; 8] =
    ["教育局", "民政局", "水利局", "司法局", "统计局", "审计局", "医疗保障局", "档案馆"];

/// Mentions of the report's unit by its full name, the title's left out.
fn mentions(base: &Base) -> Vec<(Span, String)> {
    let subject = &base.report.audit.subject;
    let Some(unit) = subject.unit else { return Vec::new() };
    let name = base.report.document.slice(unit);
    let titled = subject.title.unwrap_or(unit);
    let all = base.text().match_indices(name);
    all.map(|(at, name)| (Span::of(at, at + name.len()), name.to_owned()))
        .filter(|(span, _)| !titled.overlaps(*span))
        .collect()
}

fn foreign_place(base: &Base, random: &mut Random) -> Vec<Mutation> {
    let change = |(span, name): (Span, String)| {
        let (place, body) = place_and_body(&name);
        let level = place.chars().next_back()?;
        let other = random.pick(&PLACES).filter(|other| !place.starts_with(**other))?;
        Some(Mutation::at(span, format!("{other}{level}{body}")))
    };
    mentions(base).into_iter().filter_map(change).collect()
}

fn foreign_body(base: &Base, random: &mut Random) -> Vec<Mutation> {
    let change = |(span, name): (Span, String)| {
        let (place, body) = place_and_body(&name);
        let other = random.pick(&BODIES).filter(|other| **other != body && !place.is_empty())?;
        Some(Mutation::at(span, format!("{place}{other}")))
    };
    mentions(base).into_iter().filter_map(change).collect()
}

/// Mentions of the report's year in the text, one to three years off.
fn year(base: &Base, random: &mut Random) -> Vec<Mutation> {
    let read = &base.report.audit;
    let Some(own) = read.subject.year else { return Vec::new() };
    let mut title = read.subject.title.into_iter().chain(own.titled);
    let titled: Vec<Span> = title.by_ref().collect();
    let dates = read.lexed.dates.iter().filter(|date| date.year == Some(own.value) && date.month.is_none());
    dates
        .filter(|date| titled.iter().all(|title| !title.overlaps(date.span)))
        .filter_map(|date| {
            let text = base.report.document.slice(date.span);
            let digits = text.find(&own.value.to_string())?;
            let off = [-1, -2, 1, -3][random.below(4)];
            let start = date.span.range().start + digits;
            Some(Mutation::at(Span::of(start, start + 4), (i32::from(own.value) + off).to_string()))
        })
        .collect()
}
