//! Kind `bound-claim`: words that bound a figure by its budget or by last year's (低于年初预算).
//!
//! Placeholders: `{quote}` the words, `{name}` the measure, `{figure}` and `{bound}` the figures.

use rustc_hash::FxHashMap;

use super::{Reckoned, Sink};
use crate::document::Span;
use crate::facts::FactId;
use crate::facts::{Fact, Role};
use crate::reconcile::figure;
use crate::rules::{Bound, BoundClaim, Direction, MeasureId, Rule};

pub fn judge<'a>(cx: &Reckoned<'a>, rule: &'a Rule, params: &'a BoundClaim, sink: &mut Sink<'a>) {
    let mut last = Span::default();
    let mut known: FxHashMap<(MeasureId, &str), Option<(FactId, FactId)>> = FxHashMap::default();
    for hit in &cx.lexed.rule_hits[cx.index(rule)] {
        let bound = &params.bounds[usize::from(hit.item)];
        if hit.span.overlaps(last) {
            continue;
        }
        let Some((measure, clause)) = subject(cx, hit.span) else {
            if let Some((actual, limit)) = beside(cx, hit.span, bound).filter(|_| !params.unsupported) {
                last = hit.span;
                tell(cx, rule, (hit.span, hit.span), (actual, limit), bound, sink);
            }
            continue;
        };
        last = hit.span;
        let figures = *known.entry((measure, &bound.than)).or_insert_with(|| sides(cx, measure, bound));
        let name = cx.rules.lexicon.measure(measure).id.as_str();
        let quote = cx.document.slice(hit.span);
        match figures {
            None if params.unsupported => {
                sink.report(rule, clause).value("quote", quote).value("name", name).emit();
            }
            Some(sides) if !params.unsupported => tell(cx, rule, (hit.span, clause), sides, bound, sink),
            _ => {}
        }
    }
}

fn tell<'a>(
    cx: &Reckoned<'a>,
    rule: &'a Rule,
    (words, clause): (Span, Span),
    (actual, limit): (FactId, FactId),
    bound: &Bound,
    sink: &mut Sink<'a>,
) {
    if !contradicts(cx, actual, limit, bound.is) {
        return;
    }
    let shown = |id: FactId| figure(id, cx.document, cx.facts);
    let place = |id: FactId| cx.facts.fact(id).value_span;
    sink.report(rule, clause)
        .value("quote", cx.document.slice(words))
        .value("name", cx.facts.fact(actual).name(cx.document, cx.rules))
        .value("figure", shown(actual))
        .value("bound", shown(limit))
        .label(place(actual), "actual")
        .label(place(limit), "bound")
        .trace(format!("{} {} {}", shown(actual), order(cx, actual, limit), shown(limit)))
        .emit();
}

/// 预算数A，决算数B，完成预算的P%，决算数小于预算数: the last figures before the claim, of the two kinds that are compared.
fn beside(cx: &Reckoned, claim: Span, bound: &Bound) -> Option<(FactId, FactId)> {
    let facts = &cx.facts.facts;
    let before = facts.partition_point(|fact| fact.value_span.end <= claim.start);
    let group = |fact: &Fact| fact.basis.map_or("", |basis| cx.rules.lexicon.basis(basis).group.as_str());
    let in_block =
        |fact: &Fact, claim: Span| cx.block_index(fact.value_span.start) == cx.block_index(claim.start);
    let (mut actual, mut limit) = (None, None);
    for place in (0..before).rev().take(BESIDE) {
        let fact = &facts[place];
        // 决算A。其中甲B、乙C。决算数小于预算数: of the whole and not of its parts.
        if fact.under.is_some_and(|total| total.0 < place as u32 && in_block(cx.facts.fact(total), claim)) {
            continue;
        }
        let gap = claim.start.saturating_sub(fact.value_span.end);
        if gap > REACH || !in_block(fact, claim) {
            break;
        }
        let slot = match (fact.role, group(fact)) {
            (Role::Value, "outturn") => &mut actual,
            (Role::Value, than) if than == bound.than => &mut limit,
            (Role::Value | Role::Standard, _) => break,
            _ => continue,
        };
        if slot.is_some() || !cx.facts.is_current(fact) || !fact.amount.is_exact() {
            break;
        }
        *slot = Some(FactId(place as u32));
    }
    let (actual, limit) = (actual?, limit?);
    let (a, b) = (cx.facts.fact(actual), cx.facts.fact(limit));
    (a.measure == b.measure && a.amount.family == b.amount.family).then_some((actual, limit))
}

/// Figures looked at before a claim.
const BESIDE: usize = 12;
/// Bytes between a figure and a claim about it.
const REACH: u32 = 240;

/// Words before a claim that may name its subject.
const LOOKED_AT: usize = 32;

/// The measure the claim is about, named before it in the same sentence, and the clause from there.
fn subject(cx: &Reckoned, claim: Span) -> Option<(MeasureId, Span)> {
    let block = cx.block_at(claim.start)?;
    let before = &cx.document.text[block.span.start as usize..claim.start as usize];
    let sentence = before
        .rfind(['。', '；'])
        .map_or(block.span.start as usize, |at| block.span.start as usize + at + 3) as u32;
    let hits = &cx.lexed.lexicon_hits;
    let before = &hits[..hits.partition_point(|hit| hit.span.end <= claim.start)];
    let found = before.iter().rev().take_while(|hit| sentence < hit.span.end).take(LOOKED_AT);
    let found = found.filter(|hit| sentence <= hit.span.start);
    let measures = found.filter_map(|hit| match cx.rules.lexicon.entries[usize::from(hit.item)].1 {
        crate::rules::Entry::Measure(measure) => Some((hit.span, measure)),
        _ => None,
    });
    let (span, measure) = measures.max_by_key(|(span, _)| (span.end, span.len()))?;
    // A figure between subject and claim belongs to another clause.
    let between = &cx.document.text[span.end as usize..claim.start as usize];
    (between.chars().count() <= 16 && !between.contains(|c: char| c.is_ascii_digit()))
        .then_some((measure, Span::new(span.start, claim.end)))
}

/// The figure and its bound, where the report states each with one value.
fn sides(cx: &Reckoned, measure: MeasureId, bound: &Bound) -> Option<(FactId, FactId)> {
    let group = |fact: &Fact| fact.basis.map(|basis| cx.rules.lexicon.basis(basis).group.as_str());
    let one = |wanted: &dyn Fn(&Fact) -> bool| {
        let mut all = cx.facts.of(measure).filter(|(_, fact)| fact.role == Role::Value && wanted(fact));
        let (id, first) = all.next()?;
        all.all(|(_, fact)| fact.amount.value == first.amount.value).then_some(id)
    };
    let actual = one(&|fact| cx.facts.is_current(fact) && matches!(group(fact), None | Some("outturn")))?;
    let limit = match bound.than.as_str() {
        "prior" => one(&|fact| fact.period == Some(cx.facts.prior_year()))?,
        than => one(&|fact| cx.facts.is_current(fact) && group(fact) == Some(than))?,
    };
    Some((actual, limit))
}

fn contradicts(cx: &Reckoned, actual: FactId, limit: FactId, is: Direction) -> bool {
    let (a, b) = (cx.facts.fact(actual).amount, cx.facts.fact(limit).amount);
    match is {
        Direction::Below => a.low() > b.high() || a.value == b.value,
        Direction::NotAbove => a.low() > b.high(),
        Direction::Above => a.high() < b.low() || a.value == b.value,
        Direction::Equal => a.low() > b.high() || a.high() < b.low(),
    }
}

fn order(cx: &Reckoned, actual: FactId, limit: FactId) -> &'static str {
    let (a, b) = (cx.facts.fact(actual).amount.value, cx.facts.fact(limit).amount.value);
    match a.cmp(&b) {
        std::cmp::Ordering::Less => "<",
        std::cmp::Ordering::Equal => "=",
        std::cmp::Ordering::Greater => ">",
    }
}
