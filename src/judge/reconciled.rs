//! Kind `reconciled`: root causes that reconciliation found, told by the rule whose kind of check they are.
//!
//! Placeholders: `{name}` and `{figure}` of the figure to look at, `{expected}` what it should be,
//! `{expression}` and `{trace}` of the check, `{formula}` and `{indicator}` of an identity or indicator,
//! `{slip}` the rule's own words (`labels.slip-…`) for the slip that explains it.
//! Cases: `blamed` (one figure is at fault), `direction` (the word of a change is), `claim` (words that the
//! figures contradict).

use rust_decimal::Decimal;

use super::{Reckoned, Sink};

use crate::diagnostic::{Applicability, Edit, Severity};
use crate::document::Span;
use crate::facts::FactId;
use crate::reconcile::slip::Slip;
use crate::reconcile::{Cause, Strength, figure, in_unit_of};
use crate::rules::{Reconciled, Rule};

pub fn judge<'a>(cx: &Reckoned<'a>, rule: &'a Rule, params: &'a Reconciled, sink: &mut Sink<'a>) {
    for cause in cx.causes {
        let kind = cx.checks[cause.check].kind;
        let unit_slip = cause.slip == Some(Slip::Unit) && cause.meant.is_some();
        if unit_slip == params.unit_slip && (params.unit_slip || params.checks.iter().any(|one| one == kind))
        {
            tell(cx, rule, cause, sink);
        }
    }
}

fn tell<'a>(cx: &Reckoned<'a>, rule: &'a Rule, cause: &Cause, sink: &mut Sink<'a>) {
    let check = &cx.checks[cause.check];
    let Some(formula) = &check.formula else { return };
    let figures = formula.facts();
    let Some(&first) = figures.first() else { return };
    let primary = cause.suspect.unwrap_or(first);
    let fact = cx.facts.fact(primary);
    let lang = cx.options.lang;
    let turned = cause.decided && cause.slip == Some(Slip::Direction);
    let correction = match check.word.filter(|_| turned) {
        Some(word) => turn(cx, word),
        None => correct(cx, cause),
    };
    let correction = correction.filter(|_| check.claim.is_none());
    let words = check.claim.or(check.word.filter(|_| turned));
    let mut report = sink.report(rule, words.unwrap_or(fact.value_span));
    report = match (check.claim, turned, &correction) {
        (Some(_), ..) => report.case("claim"),
        (_, true, Some(_)) => report.case("direction"),
        (_, false, Some(_)) => report.case("blamed"),
        _ => report,
    };
    report = match check.strength {
        Strength::Sure => report,
        Strength::Likely => report.severity(rule.severity.min(Severity::Warning)),
        Strength::Weak => report.severity(Severity::Hint),
    };
    let equation = check.equation.and_then(|place| cx.rules.equations.get(usize::from(place)));
    if let Some(equation) = equation {
        report = report.cites(&equation.cites);
    }
    let say = lang.of(&rule.zh, &rule.en);
    let slip = cause.slip.and_then(|slip| say.labels.get(slip_key(slip)));
    let slip = slip.map(|words| format!("{}{words}", lang.of("；可能是", "; perhaps "))).unwrap_or_default();
    report = report
        .value("name", fact.name(cx.document, cx.rules))
        .value(
            "figure",
            words.map_or(figure(primary, cx.document, cx.facts), |span| cx.document.slice(span).into()),
        )
        .value("expected", correction.as_ref().map(|one| one.shown.clone()).unwrap_or_default())
        .value("expression", check.expression.clone())
        .value("trace", check.trace.clone())
        .value("indicator", equation.map(|one| one.id.to_string()).unwrap_or_default())
        .value("formula", equation.map(|one| lang.of(&one.zh, &one.en).clone()).unwrap_or_default())
        .value("slip", slip);
    let mut told: Vec<FactId> = vec![primary];
    for &other in &figures {
        if told.contains(&other) && words.is_none() {
            continue;
        }
        told.push(other);
        let fact = cx.facts.fact(other);
        let name = fact.name(cx.document, cx.rules);
        let shown = figure(other, cx.document, cx.facts);
        report = report.named(
            fact.value_span,
            if name.is_empty() { shown.into_owned() } else { format!("{name} {shown}") },
        );
    }
    for word in check.clash.iter().flat_map(|(first, second)| [*first, *second]) {
        if words != Some(word) {
            report = report.named(word, cx.document.slice(word).to_owned());
        }
    }
    // The other checks that the same cause breaks: their words or result, once.
    for at in cause.explains.iter().filter(|at| **at != cause.check) {
        let other = &cx.checks[*at];
        let place = other.claim.or_else(|| other.spans.first().copied());
        if let Some(place) =
            place.filter(|place| figures.iter().all(|id| cx.facts.fact(*id).value_span != *place))
        {
            report = report.named(place, other.trace.clone());
        }
    }
    if !check.trace.is_empty() {
        report = report.trace(check.trace.clone());
    }
    if let Some(Correction { edit, .. }) = correction {
        report = report.fix(Applicability::Suggested, edit.replacement.clone(), vec![edit]);
    }
    report.emit();
}

/// What the text should say instead.
struct Correction {
    edit: Edit,
    /// The figure with its unit, or the word.
    shown: String,
}

/// The suspect with the value that the evidence asks for; where only its unit is wrong, the unit.
fn correct(cx: &Reckoned, cause: &Cause) -> Option<Correction> {
    let (fact, meant) = (cx.facts.fact(cause.suspect?), cause.meant?);
    let quantity = cx.lexed.quantities.get(fact.quantity? as usize)?;
    let text = cx.document.slice(quantity.number);
    let after = Span::new(quantity.number.end, quantity.span.end);
    let unit = cx.document.slice(after);
    if let Some(unit) =
        other_unit(unit, fact.amount.value, meant.value).filter(|_| cause.slip == Some(Slip::Unit))
    {
        let shown = format!("{text}{unit}");
        let span = quantity.number.to(after);
        return Some(Correction { edit: Edit { span, replacement: shown.clone() }, shown });
    }
    let mut replacement = in_unit_of(meant.value, &meant);
    if text.contains(',') {
        replacement = grouped(&replacement);
    }
    let shown = format!("{replacement}{}", unit.trim());
    Some(Correction { edit: Edit { span: quantity.number, replacement }, shown })
}

/// 万元 where 元 is printed, and the like.
fn other_unit(unit: &str, printed: Decimal, meant: Decimal) -> Option<&'static str> {
    const UNITS: [&str; 3] = ["元", "万元", "亿元"];
    let place = UNITS.iter().position(|one| *one == unit)?;
    let place = if meant > printed { place + 1 } else { place.checked_sub(1)? };
    UNITS.get(place).copied()
}

/// `1234567.8` → `1,234,567.8`
fn grouped(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut out = String::with_capacity(number.len() + whole / 3);
    for (at, c) in number.char_indices() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// The opposite word of direction.
fn turn(cx: &Reckoned, word: Span) -> Option<Correction> {
    const PAIRS: [(&str, &str); 8] = [
        ("增加", "减少"),
        ("增长", "下降"),
        ("上升", "下降"),
        ("提高", "降低"),
        ("上涨", "下跌"),
        ("增收", "减收"),
        ("增支", "减支"),
        ("增", "减"),
    ];
    let is = cx.document.slice(word);
    // 上升到, 降低至
    let (is, tail) = match is.char_indices().next_back() {
        Some((at, '到' | '至')) => (&is[..at], &is[at..]),
        _ => (is, ""),
    };
    let to = PAIRS.iter().find_map(|(up, down)| match is {
        _ if is == *up => Some(*down),
        _ if is == *down => Some(*up),
        _ => None,
    })?;
    let to = format!("{to}{tail}");
    Some(Correction { edit: Edit { span: word, replacement: to.clone() }, shown: to })
}

fn slip_key(slip: Slip) -> &'static str {
    match slip {
        Slip::Unit => "slip-unit",
        Slip::Point => "slip-point",
        Slip::Swap => "slip-swap",
        Slip::Digit => "slip-digit",
        Slip::Length => "slip-length",
        Slip::CurrentAsBase => "slip-current-as-base",
        Slip::BaseAsChange => "slip-base-as-change",
        Slip::Copied => "slip-copied",
        Slip::LeftOut => "slip-left-out",
        Slip::Stale => "slip-stale",
        Slip::Direction => "slip-direction",
    }
}
