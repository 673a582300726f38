//! Kind `grade-score`: the grade against the score, by the bands of the kind of report.
//!
//! Placeholders: `{grade}` as written, `{score}`, `{expected}` the grade of that score, `{band}` its bounds.

use rust_decimal::Decimal;

use super::score_table::is_whole_score;
use super::{Reckoned, Sink};
use crate::document::Span;
use crate::document::chars::holds;
use crate::facts::Role;
use crate::rules::{Grade, Rule};

pub fn judge<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let own = &cx.form.profile.grades;
    let grades = if own.is_empty() { &cx.rules.scoring.grades } else { own };
    if grades.is_empty() || cx.sheets.is_empty() && cx.lexed.rule_hits[cx.index(rule)].is_empty() {
        return;
    }
    let mut pairs: Vec<(Span, Decimal, Span)> = Vec::new();
    for sheet in cx.sheets {
        let total = sheet.total.as_ref().and_then(|total| total.score.figure()).or(sheet.stated.as_ref());
        if let (Some(grade), Some(total)) = (sheet.grade, total) {
            pairs.push((grade, total.value, total.span));
        }
    }
    pairs.extend(told(cx, rule, grades));
    pairs.retain(|(grade, score, _)| {
        band(grades, cx.document.slice(*grade)).is_some_and(|told| told.name != of(grades, *score).name)
    });
    if pairs.is_empty() || has_own_bands(cx, grades) {
        return;
    }
    for (grade, score, span) in pairs {
        let expected = of(grades, score);
        let above = grades.iter().take_while(|one| one.name != expected.name).last();
        let band = match above {
            Some(above) => format!("{}≤得分＜{}", expected.from.normalize(), above.from.normalize()),
            None => format!("得分≥{}", expected.from.normalize()),
        };
        let shown = cx.document.slice(span);
        sink.report(rule, grade)
            .value("grade", cx.document.slice(grade))
            .value("score", shown)
            .value("expected", expected.name.as_str())
            .value("band", band.as_str())
            .label(span, "score")
            .trace(format!("{shown}：{band} → {}", expected.name))
            .emit();
    }
}

/// The band that a score falls into.
fn of(grades: &[Grade], score: Decimal) -> &Grade {
    grades.iter().find(|grade| grade.from <= score).unwrap_or(&grades[grades.len() - 1])
}

/// The band of this name: 优, 优秀, “良”, 良好.
fn band<'g>(grades: &'g [Grade], text: &str) -> Option<&'g Grade> {
    let text = text.trim_matches(|c: char| "“”\"「」『』 　、，。；".contains(c));
    let found = grades.iter().find(|grade| text.starts_with(grade.name.as_str()))?;
    let rest = &text[found.name.len()..];
    matches!(rest, "" | "秀" | "好" | "等" | "级" | "档").then_some(found)
}

/// Grades in sentences that tell the score of the whole too.
fn told<'c>(
    cx: &'c Reckoned<'_>,
    rule: &'c Rule,
    grades: &'c [Grade],
) -> impl Iterator<Item = (Span, Decimal, Span)> + 'c {
    let score = cx.rules.units.find_family("score");
    cx.lexed.rule_hits[cx.index(rule)].iter().filter_map(move |hit| {
        let block = cx.block_at(hit.span.start)?;
        if matches!(block.kind, crate::document::BlockKind::Row { .. }) {
            return None;
        }
        let grade = grade_behind(cx, hit.span, grades)?;
        let sentence = cx.sentence(hit.span);
        let from = cx.facts.facts.partition_point(|fact| fact.value_span.start < sentence.start);
        let until = |fact: &&crate::facts::Fact| fact.value_span.start < hit.span.start;
        let mut scores = cx.facts.facts[from..].iter().take_while(until).filter(|fact| {
            Some(fact.amount.family) == score && fact.role == Role::Value && fact.cell.is_none()
        });
        let one = scores.next()?;
        (is_whole_score(cx, one) && scores.next().is_none()).then_some((
            grade,
            one.amount.value,
            one.value_span,
        ))
    })
}

/// The grade right behind 等级 and its like: 等级为“优”.
fn grade_behind(cx: &Reckoned, hit: Span, grades: &[Grade]) -> Option<Span> {
    let text = &cx.document.text[hit.end as usize..];
    let skipped = |c: char| "为是：:“”‘’\"「」『』（）()、定确 　".contains(c);
    let rest = text.trim_start_matches(skipped);
    let start = hit.end as usize + text.len() - rest.len();
    if start - hit.end as usize > 24 {
        return None;
    }
    let grade = grades.iter().find(|grade| rest.starts_with(grade.name.as_str()))?;
    let behind = &rest[grade.name.len()..];
    let longer = ["秀", "好", "等"].into_iter().find(|more| behind.starts_with(more)).unwrap_or_default();
    let end = start + grade.name.len() + longer.len();
    let next = cx.document.text[end..].chars().next();
    let ends = next.is_none_or(|c| !c.is_alphanumeric() || c == '等' || c == '级' || c == '档');
    ends.then(|| Span::of(start, end))
}

/// Whether the report says bands of its own: three grades with figures in one paragraph, not those of the rule.
fn has_own_bands(cx: &Reckoned, grades: &[Grade]) -> bool {
    cx.document.blocks.iter().any(|block| {
        let text = cx.document.slice(block.span);
        let named = grades.iter().filter(|grade| holds(text, &grade.name)).count();
        let figures = cx.quantities(block.span);
        named >= 3
            && figures.len() >= 3
            && !grades.iter().filter(|grade| !grade.from.is_zero()).all(|grade| {
                figures.iter().any(|one| one.value == grade.from || one.upper == Some(grade.from))
            })
    })
}
