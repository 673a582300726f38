//! Bodies that what is said of them shows to be copied: the rest of kind `foreign-unit`.
//!
//! Cases: `speaks` another body of the place where the report speaks of its own; `place` a body of another place in one
//! breath with the own one; `titled` the title alone names the body.

use memchr::memmem;

use super::{Context, Sink, is_prose, sentence};
use crate::document::chars::{is_blank, is_han};
use crate::document::{Span, Table};
use crate::rules::{ForeignUnit, Rule};

/// Characters of the longest name.
const NAME: usize = 22;
/// More bodies than this that speak so are no slips.
const FEW: usize = 2;
/// Mentions that show whose report it is.
const OFTEN: usize = 4;

pub(super) fn judge<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    kind: &'a ForeignUnit,
    unit: Span,
    (place, body): (&str, &str),
    sink: &mut Sink<'a>,
) {
    let name = cx.document.slice(unit);
    let text = &cx.document.text;
    let count = |name: &str| memmem::find_iter(text.as_bytes(), name.as_bytes()).count();
    let mut found: Vec<(Span, &'static str)> = Vec::new();
    let own = count(name);
    // Bodies under a bureau are no bureaus, so one that speaks in its place is none of its own.
    if own >= 2
        && body.ends_with(&*kind.alike)
        && !kind.superiors.iter().any(|word| body.ends_with(word.as_str()))
    {
        let others = others(cx, kind, place, body);
        if others.len() <= FEW {
            found.extend(others.into_iter().map(|span| (span, "speaks")));
        }
    }
    if cx.subject.title.is_some_and(|title| title.contains(unit))
        && own == 1
        && let Some(other) = spoken_of(cx, kind, place, body)
    {
        sink.report(rule, unit)
            .case("titled")
            .value("quote", name)
            .value("expected", cx.document.slice(other))
            .label(other, "own")
            .emit();
        return;
    }
    if let Some(level) = place.chars().next_back() {
        found.extend(pairs(cx, kind, place, level).map(|span| (span, "place")));
        let tables = cx.document.tables.iter();
        found.extend(tables.filter_map(|table| odd_row(cx, table, place, level)).map(|span| (span, "place")));
    }
    found.sort_unstable();
    for (span, case) in found {
        sink.report(rule, span)
            .case(case)
            .value("quote", cx.document.slice(span))
            .value("expected", if case == "place" { place } else { name })
            .label(unit, "own")
            .emit();
    }
}

/// Bureaus of the place, told once, of which the report says what it says of its own unit.
fn others(cx: &Context, kind: &ForeignUnit, place: &str, body: &str) -> Vec<Span> {
    let text = &cx.document.text;
    let level = place.chars().next_back().map_or(0, char::len_utf8);
    let mut found: Vec<Span> = Vec::new();
    // 云州县司法局, or 县司法局 for short.
    for at in memmem::find_iter(text.as_bytes(), &place.as_bytes()[place.len() - level..]) {
        let start = if text[..at + level].ends_with(place) { at + level - place.len() } else { at };
        let Some(block) = cx.block_at(start as u32).filter(|block| is_prose(block)) else { continue };
        let after = cx.document.slice(Span::of(at + level, block.span.end as usize));
        let Some(other) = bureau(kind, after).filter(|other| *other != body) else { continue };
        let span = Span::of(start, at + level + other.len());
        let full = cx.document.slice(span);
        let superior = kind.superiors.iter().any(|word| other.ends_with(word.as_str()));
        let once = memmem::find_iter(text.as_bytes(), other.as_bytes()).count() == 1;
        if superior
            || !once
            || !cx.rules.bodies.is_body(&format!("{place}{other}"))
            || !leads(cx, kind, block.span, span)
            || super::foreign_unit::is_shortened(other, body)
            || super::foreign_unit::is_shortened(body, other)
        {
            continue;
        }
        let rest = &after[other.len()..];
        let inside =
            rest.starts_with(|c| kind.inside.iter().any(|word| rest.starts_with(word.as_str())) && c != '》');
        let shown = cx.flow.shown(span);
        let quoted = cx.lexed.marks.is_quoted(shown);
        if if quoted { inside && full.starts_with(place) } else { states(kind, rest) } {
            found.push(span);
        }
    }
    found
}

/// The name of a bureau that `text` begins with.
fn bureau<'t>(kind: &ForeignUnit, text: &'t str) -> Option<&'t str> {
    let end = text
        .char_indices()
        .take(NAME)
        .take_while(|(_, c)| is_han(*c))
        .find(|(_, c)| kind.alike.ends_with(*c))
        .map(|(at, c)| at + c.len_utf8())?;
    (end >= 3 * 3).then(|| &text[..end])
}

/// Whether nothing stands before the name in its sentence but a mark, a year or a heading's number.
fn leads(cx: &Context, kind: &ForeignUnit, block: Span, span: Span) -> bool {
    let place = sentence(&cx.document.text, block, span);
    let before = cx.document.slice(Span::new(place.start, span.start));
    before.ends_with(['，', '《', '）', '、']) || before.trim().is_empty() || {
        let before = before.trim_end_matches(is_blank);
        kind.years.iter().any(|word| before.ends_with(word.as_str()))
    }
}

/// 收入预算…, 2023年度没有使用…, 对2023年度部门整体支出…: what a report says of the unit whose report it is.
fn states(kind: &ForeignUnit, rest: &str) -> bool {
    let begins = |rest: &str| kind.speaks.iter().any(|word| rest.starts_with(word.as_str()));
    let undated = |rest: &str| {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let rest = rest[digits..].strip_prefix('年').filter(|_| digits == 4)?;
        let rest = rest.trim_start_matches(is_blank);
        Some(begins(rest.strip_prefix('度').unwrap_or(rest)))
    };
    let evaluates = rest.strip_prefix('对').is_some_and(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let rest = rest[digits..].trim_start_matches(is_blank);
        digits == 4 && kind.evaluated.iter().any(|word| rest.starts_with(word.as_str()))
    });
    begins(rest) || undated(rest) == Some(true) || evaluates
}

/// 中共云州县委 青山县人民政府: party and government of one paper are of one place.
fn pairs<'c>(
    cx: &'c Context,
    kind: &'c ForeignUnit,
    place: &'c str,
    level: char,
) -> impl Iterator<Item = Span> + 'c {
    let text = &cx.document.text;
    kind.party.iter().flat_map(move |word| {
        let lead = format!("{place}{word}");
        let ends: Vec<usize> =
            memmem::find_iter(text.as_bytes(), lead.as_bytes()).map(|at| at + lead.len()).collect();
        ends.into_iter().filter_map(move |end| {
            let rest = &text[end..];
            let name = rest.trim_start_matches(|c| is_blank(c) || c == '、');
            let start = end + rest.len() - name.len();
            let (at, _) =
                name.char_indices().take(6).take_while(|(_, c)| is_han(*c)).find(|(_, c)| *c == level)?;
            let other = &name[..at + level.len_utf8()];
            let government = name[other.len()..].starts_with("人民政府");
            let parted = start > end;
            (parted && government && other != place && at >= 6 && !place.ends_with(other))
                .then(|| Span::of(start, start + other.len()))
        })
    })
}

/// In a column whose other names begin with the own place, one begins with another of its level.
fn odd_row(cx: &Context, table: &Table, place: &str, level: char) -> Option<Span> {
    let columns = table.rows.iter().map(Vec::len).max().unwrap_or_default().min(4);
    (0..columns).find_map(|column| {
        let (mut own, mut odd) = (0, Vec::new());
        for cell in table.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.covered) {
            let text = cx.document.slice(cell.span).trim();
            if text.starts_with(place) {
                own += 1;
            } else if let Some((at, _)) = text.char_indices().nth(2).filter(|(_, c)| *c == level)
                && text.chars().all(is_han)
                && text[at..].chars().count() > 3
                && cx.rules.bodies.is_body(text)
            {
                odd.push(Span::of(
                    cell.span.start as usize,
                    cell.span.start as usize + at + level.len_utf8(),
                ));
            }
        }
        (own >= 3 && odd.len() == 1).then(|| odd[0])
    })
}

/// The bureau of the place that all of the text is about, where the title names another.
fn spoken_of(cx: &Context, kind: &ForeignUnit, place: &str, body: &str) -> Option<Span> {
    let text = &cx.document.text;
    let title = cx.subject.title.map(|title| cx.document.slice(title)).unwrap_or_default();
    if !body.ends_with(&*kind.alike) || !kind.own_paper.iter().any(|word| title.contains(word.as_str())) {
        return None;
    }
    let mut found: Vec<(&str, Span, usize)> = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), place.as_bytes()) {
        let after = &text[at + place.len()..];
        let Some(other) = bureau(kind, after).filter(|other| *other != body) else { continue };
        let superior = kind.superiors.iter().any(|word| other.ends_with(word.as_str()));
        if superior || !cx.rules.bodies.is_body(&format!("{place}{other}")) {
            continue;
        }
        match found.iter_mut().find(|(name, ..)| *name == other) {
            Some((_, _, count)) => *count += 1,
            None => found.push((other, Span::of(at, at + place.len() + other.len()), 1)),
        }
    }
    let [(_, span, count)] = found[..] else { return None };
    (count >= OFTEN).then_some(span)
}
