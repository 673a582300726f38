//! Kind `reconciled`: root causes that reconciliation found, told by the rule whose kind of check they are.
//!
//! Placeholders: `{name}` and `{figure}` of the figure to look at, `{expected}` what it should be,
//! `{expression}` and `{trace}` of the check, `{formula}` and `{indicator}` of an identity or indicator,
//! `{slip}` the rule's own words (`labels.slip-…`) for the slip that explains it.
//! Cases: `blamed` (one figure is at fault), `claim` (words that the figures contradict).

use super::{Context, Sink};
use crate::diagnostic::{Applicability, Edit, Severity};
use crate::facts::FactId;
use crate::reconcile::slip::Slip;
use crate::reconcile::{Cause, Strength, figure, in_unit_of};
use crate::rules::{Reconciled, Rule};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, params: &'a Reconciled, sink: &mut Sink<'a>) {
    for cause in cx.causes {
        let kind = cx.checks[cause.check].kind;
        let unit_slip = cause.slip == Some(Slip::Unit) && cause.culprit.is_some();
        if unit_slip == params.unit_slip && (params.unit_slip || params.checks.iter().any(|one| one == kind))
        {
            tell(cx, rule, cause, sink);
        }
    }
}

fn tell<'a>(cx: &Context<'a>, rule: &'a Rule, cause: &Cause, sink: &mut Sink<'a>) {
    let check = &cx.checks[cause.check];
    let Some(formula) = &check.formula else { return };
    let figures = formula.facts();
    let Some(&first) = figures.first() else { return };
    let primary = cause.culprit.map_or(first, |(fact, _)| fact);
    let fact = cx.facts.fact(primary);
    let lang = cx.options.lang;
    let mut report = sink.report(rule, check.claim.unwrap_or(fact.value_span));
    report = match (check.claim, cause.culprit) {
        (Some(_), _) => report.case("claim"),
        (None, Some(_)) => report.case("blamed"),
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
    let expected = cause.culprit.map(|(_, value)| in_unit_of(value, &fact.amount));
    report = report
        .value("name", fact.name(cx.document, cx.rules))
        .value(
            "figure",
            check.claim.map_or(figure(primary, cx.document, cx.facts), |span| cx.document.slice(span)),
        )
        .value("expected", expected.clone().unwrap_or_default())
        .value("expression", check.expression.clone())
        .value("trace", check.trace.clone())
        .value("indicator", equation.map(|one| one.id.to_string()).unwrap_or_default())
        .value("formula", equation.map(|one| lang.of(&one.zh, &one.en).clone()).unwrap_or_default())
        .value("slip", slip);
    let mut told: Vec<FactId> = vec![primary];
    for &other in &figures {
        if told.contains(&other) && check.claim.is_none() {
            continue;
        }
        told.push(other);
        let fact = cx.facts.fact(other);
        let name = fact.name(cx.document, cx.rules);
        let shown = figure(other, cx.document, cx.facts);
        report = report.named(
            fact.value_span,
            if name.is_empty() { shown.to_owned() } else { format!("{name} {shown}") },
        );
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
    if let Some(expected) = expected
        && let Some(place) = fact.quantity
    {
        let number = cx.lexed.quantities[place as usize].number;
        report = report.fix(
            Applicability::Suggested,
            expected.clone(),
            vec![Edit { span: number, replacement: expected }],
        );
    }
    report.emit();
}

fn slip_key(slip: Slip) -> &'static str {
    match slip {
        Slip::Unit => "slip-unit",
        Slip::Point => "slip-point",
        Slip::Swap => "slip-swap",
        Slip::Digit => "slip-digit",
        Slip::Length => "slip-length",
    }
}
