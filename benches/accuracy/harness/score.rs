//! Runs the operators and counts what was reported.

use std::collections::BTreeMap;

use anyhow::Result;
use gouji::diagnostic::Diagnostic;
use gouji::document::Span;
use gouji::rules::RuleSet;
use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::base::Base;
use super::corpus::Report;
use super::mutation::{Figure, Mutation, Truth, touches};
use super::operators::Operator;
use super::random::Random;

/// Counts of one operator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub made: usize,
    /// Of figures: in no relation and printed once.
    pub alone: usize,
    /// In relations, which all hold within rounding after the change too.
    pub unbroken: usize,
    /// The rest, in which there is something to find.
    pub reported: usize,
    pub missed: usize,
    /// New errors and warnings that do not touch the change.
    pub extra: usize,
    /// Mutations told by more than one finding.
    pub repeated: usize,
    pub blame: Blame,
}

/// Changes of one figure that were to be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blame {
    pub determined: usize,
    /// The figure is the primary span and its original value is suggested.
    pub right: usize,
    pub open: usize,
    /// The finding names the figure, as primary or as other end.
    pub named: usize,
    /// Over both: the figure is the primary span; the value suggested is the original one.
    pub primary: usize,
    pub value: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleTally {
    pub hits: usize,
    pub extra: usize,
    pub missed: usize,
}

/// Figures of the reports as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    pub figures: usize,
    pub understood: usize,
    /// Printed in plain digits, with a unit, in a fact.
    pub plain: usize,
    pub related: usize,
    /// In no relation, but printed elsewhere too.
    pub repeated: usize,
}

#[derive(Debug, Default)]
pub struct Score {
    pub operators: Vec<(&'static Operator, Tally)>,
    pub rules: BTreeMap<SmolStr, RuleTally>,
    pub coverage: Vec<(String, Coverage)>,
    /// One line for each mutation missed, blamed wrongly or told beside the point.
    pub notes: Vec<String>,
}

pub struct Plan {
    pub seed: u64,
    /// Mutations of each operator in each report.
    pub each: usize,
}

pub fn run(reports: &[Report], set: &RuleSet, plan: &Plan) -> Result<Score> {
    let mut score = Score::default();
    let bases: Vec<Base> = reports.iter().map(|report| Base::of(report, set)).collect();
    score.coverage = bases.iter().map(|base| (base.report.name.clone(), coverage(base))).collect();
    for operator in super::operators::all() {
        let mut tally = Tally::default();
        for base in &bases {
            let mut random = Random::named(plan.seed, &format!("{} {}", operator.id, base.report.name));
            let all = (operator.make)(base, &mut random);
            for mutation in random.sample(all, plan.each) {
                one(base, operator, &mutation, &mut tally, &mut score)?;
            }
        }
        score.operators.push((operator, tally));
    }
    Ok(score)
}

fn coverage(base: &Base) -> Coverage {
    let facts = &base.report.audit.facts;
    let plain = base.printed();
    let related = |place: usize| base.takes_part(place);
    Coverage {
        figures: facts.figures,
        understood: facts.understood,
        plain: plain.len(),
        related: plain.iter().filter(|one| related(one.quantity)).count(),
        repeated: plain.iter().filter(|one| !related(one.quantity) && base.repeats(one.quantity)).count(),
    }
}

fn one(
    base: &Base,
    operator: &Operator,
    mutation: &Mutation,
    tally: &mut Tally,
    score: &mut Score,
) -> Result<()> {
    let (text, places) = mutation.apply(base.text());
    let changed = Report::of(base.report.name.clone(), text.into_bytes(), base.set)?;
    let fresh = fresh(base.report, &changed);
    let answers = |found: &&Diagnostic| answers(mutation, &changed, &places, found);
    let (hits, extra): (Vec<&Diagnostic>, Vec<&Diagnostic>) = fresh.into_iter().partition(answers);
    tally.made += 1;
    tally.extra += extra.len();
    for found in &hits {
        score.rules.entry(found.code.clone()).or_default().hits += 1;
    }
    let mut note = |what: &str, detail: String| {
        let shown = describe(base, mutation);
        score.notes.push(format!("{what}\t{}\t{}\t{shown}\t{detail}", operator.id, base.report.name));
    };
    for found in &extra {
        note("extra", format!("{} {}", found.code, found.message));
    }
    let rule = match &mutation.truth {
        Truth::Figure(Figure { rule: None, repeated: false, related, .. }) => {
            tally.alone += usize::from(!related);
            tally.unbroken += usize::from(*related);
            None
        }
        Truth::Figure(figure) => Some(figure.rule.clone().unwrap_or_else(|| SmolStr::new("FIG002"))),
        Truth::Total { rule, .. } => Some(rule.clone()),
        Truth::Place | Truth::Says { .. } => operator.rules.first().map(SmolStr::new),
    };
    if let Some(rule) = rule {
        let found = match &mutation.truth {
            Truth::Says { code, words, .. } => {
                hits.iter().any(|found| found.code == *code && found.message.contains(words.as_str()))
            }
            Truth::Total { .. } | Truth::Figure(_) | Truth::Place => !hits.is_empty(),
        };
        if found {
            tally.reported += 1;
            tally.repeated += usize::from(hits.len() > 1);
        } else {
            tally.missed += 1;
            note("missed", rule.to_string());
            score.rules.entry(rule).or_default().missed += 1;
        }
        if let (Truth::Figure(figure), true) = (&mutation.truth, found) {
            let strict = blame(figure, &changed, places[0], &hits, &mut tally.blame);
            if !strict {
                note("blame", told(&hits));
            }
        }
        if let (Truth::Total { .. }, true) = (&mutation.truth, found) {
            let total = places[places.len() - 1];
            let named = hits
                .iter()
                .any(|found| spans(found).any(|span| touches(&changed.document.text, total, span)));
            tally.blame.open += 1;
            tally.blame.named += usize::from(named);
        }
    }
    for found in extra {
        score.rules.entry(found.code.clone()).or_default().extra += 1;
    }
    Ok(())
}

/// Counts one changed figure; whether it was blamed as well as the report allows.
fn blame(figure: &Figure, changed: &Report, place: Span, hits: &[&Diagnostic], blame: &mut Blame) -> bool {
    let text = &changed.document.text;
    let blamed = |found: &&&Diagnostic| touches(text, place, found.span);
    let primary = hits.iter().any(|found| blamed(&found));
    let value = hits.iter().filter(blamed).any(|found| suggests(figure, found));
    blame.primary += usize::from(primary);
    blame.value += usize::from(value);
    if figure.determined {
        blame.determined += 1;
        blame.right += usize::from(value);
        value
    } else {
        blame.open += 1;
        blame.named += 1;
        true
    }
}

/// The suggested figure, in the unit printed now, is the original value.
fn suggests(figure: &Figure, found: &Diagnostic) -> bool {
    let edits = found.fixes.iter().flat_map(|fix| &fix.edits);
    edits.into_iter().any(|edit| {
        let number: String =
            edit.replacement.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let value: Option<Decimal> = number.replace(',', "").parse().ok();
        // The unit may be put right instead of the number.
        let factor = match &edit.replacement[number.len()..] {
            "元" => Decimal::ONE,
            "万元" => Decimal::from(10_000),
            "亿元" => Decimal::from(100_000_000),
            _ => figure.factor,
        };
        value.and_then(|value| value.checked_mul(factor)) == Some(figure.value)
    })
}

fn answers(mutation: &Mutation, changed: &Report, places: &[Span], found: &Diagnostic) -> bool {
    let text = &changed.document.text;
    let follows = match &mutation.truth {
        Truth::Says { code, follow, .. } => {
            found.code == *code || follow.iter().any(|family| found.code.starts_with(family))
        }
        _ => false,
    };
    follows || spans(found).any(|span| places.iter().any(|place| touches(text, *place, span)))
}

fn spans(found: &Diagnostic) -> impl Iterator<Item = Span> + '_ {
    std::iter::once(found.span).chain(found.labels.iter().map(|label| label.span))
}

/// Errors and warnings that the report did not have before.
pub fn fresh<'a>(before: &Report, after: &'a Report) -> Vec<&'a Diagnostic> {
    let key = |report: &Report, found: &Diagnostic| {
        (found.code.clone(), report.document.slice(found.span).to_owned())
    };
    let mut known: Vec<_> = before.firm().map(|found| key(before, found)).collect();
    let is_new = |found: &&Diagnostic| {
        let same = known.iter().position(|one| *one == key(after, found));
        same.map(|at| known.swap_remove(at)).is_none()
    };
    after.firm().filter(is_new).collect()
}

/// The first edit with the words around it.
fn describe(base: &Base, mutation: &Mutation) -> String {
    let Some((span, new)) = mutation.edits.first() else { return String::new() };
    let text = base.text();
    let lead: String = text[..span.range().start].chars().rev().take(24).collect();
    let tail: String = text[span.range().end..].chars().take(16).collect();
    let old: String = base.report.document.slice(*span).chars().take(40).collect();
    let lead: String = lead.chars().rev().collect();
    format!("{lead}⟦{old}→{new}⟧{tail}").replace('\n', "↵")
}

fn told(hits: &[&Diagnostic]) -> String {
    hits.iter().map(|found| format!("{} {}", found.code, found.message)).collect::<Vec<_>>().join(" | ")
}
