//! Checks over the fact table: each expected relation with its state, and whom to blame.
//!
//! Takes a [`FactTable`] with the identities and indicators of the rule set; gives [`Reconciled`]: the
//! checks and, for those that fail, the findings left when one cause is one finding. It must not word
//! findings.

mod blame;
mod elsewhere;
mod equations;
mod evaluate;
mod forms;
mod interval;
mod mentions;
mod price;
mod products;
mod readings;
mod relations;
mod rows;
mod runs;
mod sisters;
pub mod slip;
mod solve;
mod suspects;
mod tables;
mod total_rows;
mod trial;
mod why;
mod words;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use blame::Cause;
pub use evaluate::Formula;
pub use interval::Interval;
pub use why::Why;

use crate::document::{Document, Span};
use crate::facts::{Amount, Fact, FactId, FactTable};
use crate::lexer::Lexed;
use crate::options::Lang;
use crate::rules::RuleSet;
use crate::scores::Sheet;

/// One relation that was expected to hold.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// `sum`, `equality`, `share`, `growth`, `completion`, `identity`, `indicator`, `claim`,
    /// `flat`, `product`, `table-total`, `table-text`, `table-table`, and of forms `form-weights`, `form-scores`, `form-rate`,
    /// `form-funds`.
    pub kind: &'static str,
    pub state: State,
    pub formula: Option<Formula>,
    /// Place of the identity, indicator or claim in the rule set.
    pub equation: Option<u16>,
    /// The words of a claim; the figures are elsewhere.
    pub claim: Option<Span>,
    /// The direction word of a change: 增加, 下降.
    pub word: Option<Span>,
    /// 减少…增长: the two words that contradict each other.
    pub clash: Option<(Span, Span)>,
    /// How surely a failure is the author's and not the reading's.
    pub strength: Strength,
    /// `138.43 = 118.43 + 20`
    pub expression: String,
    /// The arithmetic where it fails, or why it could not be evaluated.
    pub trace: String,
    /// Why it could not be evaluated.
    pub why: Option<Why>,
    pub spans: Vec<Span>,
    /// Part of what the result would be, in base units; percent for rates.
    pub computed: Option<Decimal>,
}

/// Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Holds,
    /// 尾差: the intervals meet, the printed values are not equal.
    WithinRounding,
    Fails,
    #[default]
    NotEvaluable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Strength {
    /// Reported as a hint at most.
    #[default]
    Weak,
    /// Wrong on the plain reading.
    Likely,
    /// Wrong whatever the author meant.
    Sure,
}

/// What reconciliation gives.
#[derive(Debug, Clone, Default)]
pub struct Reconciled {
    pub checks: Vec<Check>,
    /// One for each root cause, in text order of the figure to look at.
    pub causes: Vec<Cause>,
}

impl Reconciled {
    /// What does not tie in a sentence that lacks a figure is no finding of its own. `open`: where figures are missing.
    pub fn leave_open(&mut self, document: &Document, facts: &FactTable, open: &[Span]) {
        if open.is_empty() {
            return;
        }
        // The end of a line that goes on is none of the sentence.
        let soft = |at: usize| {
            let place = document.markup.partition_point(|span| span.end as usize <= at);
            document.markup.get(place).is_some_and(|span| span.start as usize <= at)
        };
        let stops = |(at, c): &(usize, char)| *c == '。' || *c == '\n' && !soft(*at);
        let lacks = |span: Span| {
            let (start, end) = (span.start as usize, span.end as usize);
            let before = document.text[..start].char_indices().rev().find(&stops);
            let after = document.text[end..].char_indices().map(|(at, c)| (end + at, c)).find(&stops);
            let before = before.map_or(0, |(at, c)| at + c.len_utf8());
            let sentence = Span::of(before, after.map_or(document.text.len(), |(at, _)| at));
            open.iter().any(|missing| missing.overlaps(sentence))
        };
        for check in self.checks.iter_mut().filter(|check| check.state == State::Fails) {
            let figures = check.formula.as_ref().map(Formula::facts).unwrap_or_default();
            if figures.iter().any(|id| lacks(facts.fact(*id).value_span)) {
                check.state = State::NotEvaluable;
                check.why = Some(Why::Missing);
            }
        }
        self.causes.retain(|cause| self.checks[cause.check].state == State::Fails);
    }
}

pub fn reconcile(
    document: &Document,
    rules: &RuleSet,
    lexed: &Lexed,
    sheets: &[Sheet],
    facts: &FactTable,
) -> Reconciled {
    let mut checks = Vec::new();
    relations::check(document, rules, facts, &mut checks);
    runs::check(document, facts, &mut checks);
    rows::check(document, rules, facts, &mut checks);
    tables::check(document, rules, facts, &mut checks);
    mentions::check(document, rules, facts, &mut checks);
    equations::check(document, rules, lexed, facts, &mut checks);
    let causes = blame::blame(document, facts, &checks);
    forms::check(document, rules, sheets, &mut checks);
    Reconciled { checks, causes }
}

impl Check {
    /// Evaluates `formula` and words its expression.
    fn of(
        kind: &'static str,
        formula: Formula,
        strength: Strength,
        document: &Document,
        facts: &FactTable,
    ) -> Check {
        let outcome = formula.evaluate(&|id| facts.fact(id).amount);
        let ids = formula.facts();
        let state =
            if ids.iter().any(|id| facts.fact(*id).broken) { State::NotEvaluable } else { outcome.state };
        let strength = if outcome.coarse { strength.min(Strength::Likely) } else { strength };
        let why = (state == State::NotEvaluable).then(|| unevaluated(&ids, facts));
        let spans = ids.iter().map(|id| facts.fact(*id).value_span).collect();
        let expression = words::expression(&formula, document, facts);
        let trace = match &why {
            Some(why) => why.say(Lang::Zh),
            None => words::trace(&formula, state, outcome.computed, document, facts),
        };
        Check {
            kind,
            state,
            formula: Some(formula),
            equation: None,
            claim: None,
            word: None,
            clash: None,
            strength,
            expression,
            trace,
            why,
            spans,
            computed: outcome.computed,
        }
    }

    /// A relation that was expected and could not be evaluated.
    fn unknown(kind: &'static str, why: Why, spans: Vec<Span>) -> Check {
        Check { kind, trace: why.say(Lang::Zh), why: Some(why), spans, ..Check::default() }
    }

    /// A relation that might be evaluated and proves nothing.
    fn set_aside(&mut self, why: Why) {
        self.state = State::NotEvaluable;
        self.trace = why.say(Lang::Zh);
        self.why = Some(why);
    }
}

fn unevaluated(ids: &[FactId], facts: &FactTable) -> Why {
    let any = |test: fn(&Fact) -> bool| ids.iter().any(|id| test(facts.fact(*id)));
    if any(|fact| fact.broken) {
        Why::Broken
    } else if any(|fact| !fact.amount.is_exact()) {
        Why::Approximate
    } else {
        Why::Undefined
    }
}

pub use words::{figure, in_unit_of};

/// The figure's amount, with `changed` put in place of one of them.
fn with(facts: &FactTable, changed: Option<(FactId, Decimal)>) -> impl Fn(FactId) -> Amount + '_ {
    move |id| {
        let amount = facts.fact(id).amount;
        match changed {
            Some((fact, value)) if fact == id => Amount { value, ..amount },
            _ => amount,
        }
    }
}
