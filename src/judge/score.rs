//! Kind `score`: a report that is to give score and grade gives neither.
//!
//! Placeholders: none.

use super::{Context, Sink};
use crate::document::chars::holds;
use crate::document::{BlockKind, Span};
use crate::lexer::Quantity;
use crate::rules::{Hit, Rule, Score};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, score: &'a Score, sink: &mut Sink<'a>) {
    if !cx.form.profile.genre.evaluates() {
        return;
    }
    let hits = &cx.lexed.rule_hits[cx.index(rule)];
    let is_score = |hit: &&Hit| usize::from(hit.item) < score.score.len();
    let scored = hits.iter().filter(is_score).any(|hit| gives_score(cx, score, hit));
    let graded = hits.iter().filter(|hit| !is_score(hit)).any(|hit| gives_grade(cx, score, hit));
    let case = match (scored, graded) {
        (true, true) => return,
        (true, false) => "no-grade",
        (false, true) => "no-score",
        (false, false) if hits.iter().filter(is_score).any(|hit| is_elsewhere(cx, score, hit)) => "elsewhere",
        (false, false) => "",
    };
    let mut report = sink.report(rule, conclusion(cx)).case(case).cites(&cx.form.profile.cites);
    let done = |hit: &&Hit| {
        let word = cx.document.slice(hit.span);
        score.done.iter().any(|done| done == word)
    };
    if !scored {
        for hit in hits.iter().filter(done).take(3) {
            report = report.label(hit.span, "done");
        }
    }
    report.emit();
}

/// Whether the sentence refers to a paper that is not here: 得分详见附表.
fn is_elsewhere(cx: &Context, score: &Score, hit: &Hit) -> bool {
    let sentence = cx.document.slice(cx.sentence(hit.span));
    score.elsewhere.iter().any(|word| holds(sentence, word))
}

/// How far behind its word a score may stand, in bytes.
const BEHIND: u32 = 90;

fn gives_score(cx: &Context, score: &Score, hit: &Hit) -> bool {
    let Some(block) = cx.document.blocks.get(cx.block_index(hit.span.start)) else { return false };
    if let BlockKind::Row { table, .. } = block.kind {
        return !cx.quantities(cx.document.tables[table as usize].span).is_empty();
    }
    let sentence = cx.sentence(hit.span);
    let after =
        Span::new(hit.span.end, sentence.end.max(hit.span.end).min(hit.span.end.saturating_add(BEHIND)));
    let full = |quantity: &Quantity| {
        let from = quantity.span.start.saturating_sub(24).max(sentence.start) as usize;
        let before =
            &cx.document.text[cx.document.text.ceil_char_boundary(from)..quantity.span.start as usize];
        score.full.iter().any(|word| holds(before, word))
            && quantity.value == rust_decimal::Decimal::ONE_HUNDRED
    };
    let names_score = cx.document.slice(hit.span).ends_with('分');
    let given = cx.quantities(after).iter().any(|quantity| {
        (cx.is(quantity, "score") || (names_score && quantity.unit.is_none())) && !full(quantity)
    });
    given || heads_flat_table(cx, block.span, names_score)
}

/// A cell of a form that lost its lines: the word alone, figures alone somewhere behind it.
fn heads_flat_table(cx: &Context, block: Span, names_score: bool) -> bool {
    const CELLS: usize = 40;
    let cell = |span: Span| cx.document.slice(span).chars().nth(6).is_none();
    let figure = |span: Span| {
        cx.document.slice(span).chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '%' | '分'))
    };
    names_score
        && cell(block)
        && cx.document.blocks[cx.block_index(block.start)..]
            .iter()
            .take(CELLS)
            .any(|other| figure(other.span))
}

fn gives_grade(cx: &Context, score: &Score, hit: &Hit) -> bool {
    let text = &cx.document.text[hit.span.end as usize..];
    let skipped =
        |c: char| "为是：:“”‘’\"「」『』【】（）()\t、定确".contains(c) || c == ' ' || c == '\u{3000}';
    let rest = text.trim_start_matches(skipped);
    if text.len() - rest.len() > 30 {
        return false;
    }
    score.grades.iter().any(|grade| {
        rest.strip_prefix(grade.as_str()).is_some_and(|after| {
            after.chars().next().is_none_or(|next| !next.is_alphanumeric() || "等级档，的，且".contains(next))
        })
    })
}

/// The heading under which score and grade belong.
fn conclusion(cx: &Context) -> Span {
    let named = |word: &str| {
        cx.outline
            .nodes
            .iter()
            .position(|node| node.title.len() < 90 && holds(cx.document.slice(node.title), word))
            .map(|at| cx.heading(crate::outline::NodeId(at as u32)))
    };
    (["评价结论", "自评结论", "结论", "得分"].into_iter().find_map(named)).unwrap_or_else(|| cx.top())
}
