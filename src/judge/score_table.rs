//! Kind `score-table`: weights and scores of a self-evaluation form.
//!
//! Placeholders: `{trace}` the sum, `{sum}` what the rows come to, `{total}` what is printed, `{expected}` what
//! it should be, `{name}` the row, `{weight}` and `{score}` of a row.
//! Cases: `weights` (they do not come to the printed total), `full` (nor to the full mark), `scores`, `above` (a score
//! above its weight), `blank` (a weighted row without score), `unfilled` (no scores at all), `group` and `group-score`
//! (the first level says another weight or score), `stated` (a total told twice), `text` (the text tells another total).

use rust_decimal::Decimal;

use super::{Reckoned, Sink};
use crate::document::Span;
use crate::facts::{Fact, FactId, Role};
use crate::rules::Rule;
use crate::scores::{Entry, Figure, Fund, Group, Indicator, Sheet, Sum};

pub fn judge<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    for sheet in cx.sheets {
        weights(cx, rule, sheet, sink);
        rows(cx, rule, sheet, sink);
        scores(cx, rule, sheet, sink);
        groups(cx, rule, sheet, sink);
        stated(cx, rule, sheet, sink);
    }
    text(cx, rule, sink);
}

/// `10 + 20 + 70 = 100`, long lists cut.
fn expression(cx: &Reckoned, sum: &Sum) -> String {
    const SHOWN: usize = 24;
    let mut parts: Vec<&str> = sum.parts.iter().take(SHOWN).map(|span| cx.document.slice(*span)).collect();
    if sum.parts.len() > SHOWN {
        parts.push("…");
    }
    format!("{} = {}", parts.join(" + "), sum.value.normalize())
}

fn weights<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sheet: &Sheet, sink: &mut Sink<'a>) {
    let full = cx.rules.scoring.full;
    let readings = sheet.weights();
    let Some(first) = readings.first().filter(|_| sheet.totals <= 1) else { return };
    let printed = sheet.total.as_ref().and_then(|total| total.weight.figure());
    let is_full = |sum: &Sum| sum.value == full;
    let (case, span, told) = match printed {
        Some(total) if !readings.iter().any(|sum| sum.comes_to(total)) => {
            ("weights", total.span, total.value)
        }
        // What is printed adds up, and to something else than a whole form has.
        Some(total) if sheet.is_whole() && total.value != full && !readings.iter().any(is_full) => {
            ("full", total.span, full)
        }
        Some(_) => return,
        None => {
            // A part of a form comes to anything.
            let near = Decimal::from(15);
            let whole = sheet.is_whole() || sheet.total.is_some();
            let close = first.value.saturating_sub(full).abs() <= near;
            let Some(head) = sheet.heads.weight.filter(|_| whole && close) else { return };
            if readings.iter().any(is_full) {
                return;
            }
            ("full", head, full)
        }
    };
    sink.report(rule, span)
        .case(case)
        .value("sum", first.value.normalize().to_string())
        .value("total", cx.document.slice(span))
        .value("expected", told.normalize().to_string())
        .trace(format!("{} ≠ {}", expression(cx, first), told.normalize()))
        .value("trace", format!("{} ≠ {}", expression(cx, first), told.normalize()))
        .emit();
}

/// Rows one by one: no score, or one above the weight.
fn rows<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sheet: &Sheet, sink: &mut Sink<'a>) {
    let funds = sheet.scored_fund().into_iter().map(|fund| (fund.name, &fund.weight, &fund.score));
    let indicators = sheet.indicators.iter().filter(|row| !row.outside);
    let rows: Vec<(Span, &Entry, &Entry)> =
        funds.chain(indicators.map(|row| (row.name, &row.weight, &row.score))).collect();
    let weighted = |(_, weight, _): &&(Span, &Entry, &Entry)| {
        weight.figure().is_some_and(|weight| !weight.value.is_zero())
    };
    let scored = rows.iter().filter(weighted).filter(|(_, _, score)| score.figure().is_some()).count();
    let blank: Vec<_> = rows.iter().filter(weighted).filter(|(_, _, score)| score.is_blank()).collect();
    if scored == 0 {
        if let Some(head) = sheet.heads.score.filter(|_| !blank.is_empty()) {
            sink.report(rule, head).case("unfilled").emit();
        }
        return;
    }
    let missing = missing(sheet, blank.len());
    for (name, weight, score) in blank {
        let cell = score.span().filter(|span| !span.is_empty()).unwrap_or(*name);
        let weight = weight.span().unwrap_or(*name);
        let mut report = sink
            .report(rule, cell)
            .case(if missing.is_some() { "blank-known" } else { "blank" })
            .value("name", cx.document.slice(*name))
            .value("weight", cx.document.slice(weight))
            .label(weight, "weight");
        if let Some(missing) = missing {
            report = report.value("expected", missing.normalize().to_string());
        }
        report.emit();
    }
    for (name, weight, score) in rows {
        let (Some(weight), Some(score)) = (weight.figure(), score.figure()) else { continue };
        if score.value > weight.value {
            sink.report(rule, score.span)
                .case("above")
                .value("name", cx.document.slice(name))
                .value("weight", cx.document.slice(weight.span))
                .value("score", cx.document.slice(score.span))
                .label(weight.span, "weight")
                .trace(format!("{} > {}", cx.document.slice(score.span), cx.document.slice(weight.span)))
                .emit();
        }
    }
}

/// What the total asks for in the one blank score.
fn missing(sheet: &Sheet, blanks: usize) -> Option<Decimal> {
    let total = sheet.total.as_ref()?.score.figure()?;
    let rest = total.value.checked_sub(sheet.scores().first()?.value)?;
    let weight = sheet
        .indicators
        .iter()
        .filter(|row| row.score.is_blank())
        .find_map(|row| row.weight.figure())
        .map(|weight| weight.value)?;
    (blanks == 1 && rest >= Decimal::ZERO && rest <= weight).then_some(rest)
}

fn scores<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sheet: &Sheet, sink: &mut Sink<'a>) {
    let Some(total) = sheet.total.as_ref().and_then(|total| total.score.figure()) else { return };
    let readings = sheet.scores();
    let Some(first) = readings.first() else { return };
    let open = |entry: &Entry, weight: &Entry| {
        matches!(entry, Entry::Blank(_) | Entry::Words(_)) && weight.figure().is_some()
    };
    let incomplete = sheet.indicators.iter().any(|row| open(&row.score, &row.weight));
    if sheet.totals > 1
        || incomplete
        || readings.iter().any(|sum| sum.comes_to(total))
        || is_explained(cx, sheet, total, first)
    {
        return;
    }
    let shown = cx.document.slice(total.span);
    let trace = format!("{} ≠ {shown}", expression(cx, first));
    sink.report(rule, total.span)
        .case("scores")
        .value("sum", first.value.normalize().to_string())
        .value("total", shown)
        .value("expected", first.value.normalize().to_string())
        .value("trace", trace.as_str())
        .trace(trace)
        .emit();
}

/// Whether a score that is wrong by itself is the cause: with what it should be the total is right.
fn is_explained(cx: &Reckoned, sheet: &Sheet, total: &Figure, sum: &Sum) -> bool {
    let rest = |score: &Figure| total.value.saturating_sub(sum.value.saturating_sub(score.value));
    let by_fund = |fund: &Fund| {
        let (Some(score), Some(earned)) = (fund.score.figure(), fund.earned(&cx.rules.units)) else {
            return false;
        };
        earned.accepts(&Figure { value: rest(score), ..*score })
    };
    let by_row = |row: &Indicator| {
        let Some((weight, score)) = row.points() else { return false };
        score.value > weight.value && (Decimal::ZERO..=weight.value).contains(&rest(score))
    };
    sheet.scored_fund().is_some_and(by_fund) || sheet.indicators.iter().any(by_row)
}

fn groups<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sheet: &'a Sheet, sink: &mut Sink<'a>) {
    let weighed = |group: &'a Group| {
        let sum = sheet.group_sum(group).filter(|sum| sum.value != group.weight.value)?;
        Some(("group", group.name, group.weight, sum))
    };
    let scored = |group: &'a Group| {
        let score = *group.score.figure()?;
        let sum = sheet.group_scores(group).filter(|sum| !sum.comes_to(&score))?;
        Some(("group-score", group.name, score, sum))
    };
    for (case, name, told, sum) in
        sheet.groups.iter().flat_map(|group| [weighed(group), scored(group)]).flatten()
    {
        let trace = format!("{} ≠ {}", expression(cx, &sum), told.value.normalize());
        sink.report(rule, told.span)
            .case(case)
            .value("name", cx.document.slice(name).split(['（', '(']).next().unwrap_or_default().trim())
            .value("sum", sum.value.normalize().to_string())
            .value("total", cx.document.slice(told.span))
            .value("trace", trace.as_str())
            .trace(trace)
            .emit();
    }
}

/// 自评得分 in the head of the form against 总分 at its end.
fn stated<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sheet: &Sheet, sink: &mut Sink<'a>) {
    let total = sheet.total.as_ref().and_then(|total| total.score.figure());
    let (Some(stated), Some(total)) = (&sheet.stated, total) else { return };
    if sheet.totals == 1 && !near(stated, total) {
        sink.report(rule, stated.span)
            .case("stated")
            .value("score", cx.document.slice(stated.span))
            .value("total", cx.document.slice(total.span))
            .label(total.span, "total")
            .trace(format!("{} ≠ {}", cx.document.slice(stated.span), cx.document.slice(total.span)))
            .emit();
    }
}

/// Equal, as far as the coarser of the two says.
fn near(a: &Figure, b: &Figure) -> bool {
    a.value.saturating_sub(b.value).abs() <= if a.half == b.half { Decimal::ZERO } else { a.half.max(b.half) }
}

/// The score that the text tells against the only form of the report.
fn text<'a>(cx: &Reckoned<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let totals = |sheet: &'a Sheet| {
        sheet.total.as_ref().and_then(|total| total.score.figure()).or(sheet.stated.as_ref())
    };
    let [sheet] = cx.sheets else { return };
    let Some(total) = totals(sheet) else { return };
    let title = cx.form.title.map(|title| cx.document.slice(title)).unwrap_or_default();
    // The form of one project beside the report on the whole unit, or the indicators of one level only.
    let full = |value: Decimal| value == cx.rules.scoring.full;
    let printed = sheet.total.as_ref().and_then(|total| total.weight.figure());
    let complete =
        printed.is_some_and(|total| full(total.value)) || sheet.weights().iter().any(|sum| full(sum.value));
    if sheet.project && !title.contains("项目") || !complete {
        return;
    }
    let Some(said) = said(cx) else { return };
    let fact = cx.facts.fact(said);
    let gap = fact.amount.value.saturating_sub(total.value).abs();
    if gap > fact.amount.half.max(total.half) || gap > Decimal::ZERO && fact.amount.half == total.half {
        let shown = cx.document.slice(fact.value_span);
        sink.report(rule, fact.value_span)
            .case("text")
            .value("score", shown)
            .value("total", cx.document.slice(total.span))
            .label(total.span, "total")
            .trace(format!("{shown} ≠ {}", cx.document.slice(total.span)))
            .emit();
    }
}

/// The one score of the whole that the text tells.
fn said(cx: &Reckoned) -> Option<FactId> {
    let mut said = cx.facts.ids().filter(|id| is_whole_score(cx, cx.facts.fact(*id)));
    let first = said.next()?;
    let alike = |id: FactId| cx.facts.fact(id).amount.value == cx.facts.fact(first).amount.value;
    said.all(alike).then_some(first)
}

/// Whether the text tells the score of the whole here: 自评得分 of whatever, but a bare 得分 only of nothing else.
pub(super) fn is_whole_score(cx: &Reckoned, fact: &Fact) -> bool {
    let named = fact.measure.is_some_and(|measure| cx.rules.lexicon.measure(measure).family == "score");
    let whole = || match fact.qualifier {
        None => true,
        Some(of) => {
            let bare = cx.document.slice(fact.label).chars().count() <= 2;
            !bare && !cx.document.slice(of).contains("指标")
        }
    };
    named
        && fact.cell.is_none()
        && fact.role == Role::Value
        && fact.under.is_none()
        && fact.amount.is_exact()
        && cx.facts.is_current(fact)
        && Some(fact.amount.family) == cx.rules.units.find_family("score")
        && whole()
}
