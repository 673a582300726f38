//! Identities, indicators and claims of the rule set, bound to the figures of the report.
//!
//! An identity is tried at every figure that its left side names; its operands are taken nearby, with the
//! same period, basis and fund. Where an operand has several values at the same distance the identity is
//! left alone.

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluate::Formula;
use super::{Check, State, Strength, Why};
use crate::document::Document;
use crate::facts::{Fact, FactId, FactTable, Role};
use crate::lexer::Lexed;
use crate::rules::{BasisId, BoundEquation, EquationKind, MeasureId, Operand, RuleSet};

/// How many mentions of an operand are looked at on either side.
const REACH: usize = 24;

pub fn check(
    document: &Document,
    rules: &RuleSet,
    lexed: &Lexed,
    facts: &FactTable,
    checks: &mut Vec<Check>,
) {
    let mut by_measure: FxHashMap<MeasureId, Vec<FactId>> = FxHashMap::default();
    for id in facts.ids() {
        let fact = facts.fact(id);
        if let Some(measure) = fact.measure.filter(|_| matches!(fact.role, Role::Value | Role::Ratio)) {
            by_measure.entry(measure).or_default().push(id);
        }
    }
    let finder = Finder { rules, facts, by_measure };
    let mut done = Done::default();
    for (place, equation) in rules.equations.iter().enumerate() {
        let new = match equation.kind {
            EquationKind::Identity => finder.identity(equation, document, &mut done),
            EquationKind::Indicator => finder.indicator(equation, document),
            EquationKind::Claim => finder.claims(equation, place as u16, document, lexed),
        };
        let place = place as u16;
        checks.extend(new.into_iter().map(|check| Check { equation: Some(place), ..check }));
    }
    settle_variants(rules, checks);
    checks.extend(done.missed());
}

/// What identities have come to so far.
#[derive(Default)]
struct Done {
    /// The parts that each total was held against.
    parts: FxHashMap<FactId, Vec<FactId>>,
    /// Totals that some identity or list settled.
    settled: FxHashSet<MeasureId>,
    /// For each total in the order met: the check that wanted more figures.
    wanting: Vec<(MeasureId, Check)>,
}

impl Done {
    /// One check for each total that was stated with some of its parts and that no identity settled.
    fn missed(self) -> impl Iterator<Item = Check> {
        let mut told = self.settled;
        self.wanting.into_iter().filter_map(move |(total, check)| told.insert(total).then_some(check))
    }
}

struct Finder<'a> {
    rules: &'a RuleSet,
    facts: &'a FactTable,
    by_measure: FxHashMap<MeasureId, Vec<FactId>>,
}

impl Finder<'_> {
    fn identity(&self, equation: &BoundEquation, document: &Document, done: &mut Done) -> Vec<Check> {
        let Some((left, parts)) = equation.operands.split_first() else { return Vec::new() };
        let mut found = Vec::new();
        for &total in self.by_measure.get(&left.measure).map_or(&[][..], Vec::as_slice) {
            let head = self.facts.fact(total);
            if head.role != Role::Value {
                continue;
            }
            let operands = match self.operands(head, parts) {
                Ok(operands) => operands,
                Err(Some(why)) => {
                    let check = Check::unknown("identity", why, vec![head.value_span]);
                    let expression = equation.formula.clone();
                    done.wanting.push((left.measure, Check { expression, ..check }));
                    continue;
                }
                Err(None) => continue,
            };
            let stated: Vec<FactId> = operands.iter().flatten().copied().collect();
            // A list that the text itself gives under this total is already a check.
            let listed = stated.iter().all(|id| self.facts.fact(*id).under == Some(total));
            let known = done.parts.get(&total).is_some_and(|set| stated.iter().all(|id| set.contains(id)));
            if listed || known {
                done.settled.insert(left.measure);
            }
            if stated.len() < 2 || listed || known {
                continue;
            }
            done.settled.insert(left.measure);
            done.parts.entry(total).or_default().extend(stated);
            let operands = std::iter::once(Some(total)).chain(operands).collect();
            let formula = Formula::Equation { equation: equation.equation.clone(), operands, percent: false };
            let near = self.near(head, &formula);
            found.push(Check::of(
                "identity",
                formula,
                if near { Strength::Sure } else { Strength::Likely },
                document,
                self.facts,
            ));
        }
        found
    }

    /// All figures in one block, or their basis said.
    fn near(&self, head: &Fact, formula: &Formula) -> bool {
        formula.facts().iter().all(|id| {
            let fact = self.facts.fact(*id);
            fact.block.abs_diff(head.block) <= 3 || fact.basis.is_some()
        })
    }

    /// One figure for each operand; else why not, where at least one of those required was found.
    fn operands(&self, head: &Fact, operands: &[Operand]) -> Result<Vec<Option<FactId>>, Option<Why>> {
        self.collect(operands, |operand| self.nearest(head, operand))
    }

    fn collect(
        &self,
        operands: &[Operand],
        find: impl Fn(&Operand) -> Found,
    ) -> Result<Vec<Option<FactId>>, Option<Why>> {
        let mut all = Vec::with_capacity(operands.len());
        let mut missing = Vec::new();
        let mut several = None;
        for operand in operands {
            match find(operand) {
                Found::One(id) => all.push(Some(id)),
                Found::None if operand.optional => all.push(None),
                Found::None => missing.push(operand),
                Found::Several => several = several.or(Some(operand)),
            }
        }
        match (several, missing.is_empty()) {
            (None, true) => Ok(all),
            (Some(operand), true) => Err(Some(Why::SeveralValues(self.name(operand)))),
            _ if all.iter().all(Option::is_none) => Err(None),
            _ => Err(Some(Why::NotStated(missing.into_iter().map(|operand| self.name(operand)).collect()))),
        }
    }

    /// “三公”经费（年初预算）
    fn name(&self, operand: &Operand) -> String {
        let measure = &self.rules.lexicon.measure(operand.measure).id;
        let basis = operand.basis.map(|basis| self.rules.lexicon.basis(basis).id.as_str());
        match basis.or(operand.prior.then_some("上年")) {
            Some(basis) => format!("{measure}（{basis}）"),
            None => measure.to_string(),
        }
    }

    fn nearest(&self, head: &Fact, operand: &Operand) -> Found {
        let free = self.rules.lexicon.measure(operand.measure).fund_free;
        let all = self.by_measure.get(&operand.measure).map_or(&[][..], Vec::as_slice);
        let middle = all.partition_point(|id| self.facts.fact(*id).span.start < head.span.start);
        let around = &all[middle.saturating_sub(REACH)..(middle + REACH).min(all.len())];
        let fits = |fact: &Fact| {
            fact.role == Role::Value
                && self.facts.same_period(fact, head)
                && self.same_basis(fact.basis, head.basis)
                && (free || fact.fund == head.fund)
                && self.plain(fact) == self.plain(head)
                && fact.amount.family == head.amount.family
        };
        let fitting: Vec<(u32, FactId)> = around
            .iter()
            .filter(|id| fits(self.facts.fact(**id)))
            .map(|id| {
                let fact = self.facts.fact(*id);
                let same_section = fact.section == head.section && head.section.is_some();
                let distance = match fact.block.abs_diff(head.block) {
                    0 => u32::from(fact.sentence != head.sentence),
                    _ if same_section => 2,
                    _ => 3,
                };
                (distance, *id)
            })
            .collect();
        let Some(&(closest, _)) = fitting.iter().min() else { return Found::None };
        let mut nearest = fitting.iter().filter(|(distance, _)| *distance == closest);
        let Some(&(_, first)) = nearest.next() else { return Found::None };
        let value = self.facts.fact(first).amount.value;
        if nearest.any(|(_, id)| self.facts.fact(*id).amount.value != value) {
            Found::Several
        } else {
            Found::One(first)
        }
    }

    fn plain(&self, fact: &Fact) -> usize {
        fact.qualifier.map_or(0, |qualifier| qualifier.len())
    }

    fn same_basis(&self, a: Option<BasisId>, b: Option<BasisId>) -> bool {
        let group =
            |basis: Option<BasisId>| basis.map(|basis| self.rules.lexicon.basis(basis).group.as_str());
        group(a) == group(b)
    }

    // ── indicators ──────────────────────────────────────────────────────────────────────────────

    fn indicator(&self, equation: &BoundEquation, document: &Document) -> Vec<Check> {
        let Some((left, parts)) = equation.operands.split_first() else { return Vec::new() };
        let printed = self.by_measure.get(&left.measure).map_or(&[][..], Vec::as_slice);
        let rates = printed.iter().copied().filter(|id| self.facts.fact(*id).role == Role::Ratio).take(REACH);
        let mut found = Vec::new();
        for rate in rates {
            let stated = self.stated(parts).and_then(|operands| {
                if operands.iter().all(Option::is_none) { Err(None) } else { Ok(operands) }
            });
            let operands = match stated {
                Ok(operands) => operands,
                Err(why) => {
                    let names = || parts.iter().map(|part| self.name(part)).collect();
                    let why = why.unwrap_or_else(|| Why::NotStated(names()));
                    let check = Check::unknown("indicator", why, vec![self.facts.fact(rate).value_span]);
                    found.push(Check { expression: equation.formula.clone(), ..check });
                    continue;
                }
            };
            let operands = std::iter::once(Some(rate)).chain(operands).collect();
            let formula = Formula::Equation { equation: equation.equation.clone(), operands, percent: true };
            found.push(Check::of("indicator", formula, Strength::Sure, document, self.facts));
        }
        found
    }

    /// 控制在编制以内: a bound that the report's own figures must keep.
    fn claims(&self, equation: &BoundEquation, place: u16, document: &Document, lexed: &Lexed) -> Vec<Check> {
        let hits = lexed.claim_hits.iter().filter(|hit| hit.item == place);
        let Ok(operands) = self.stated(&equation.operands) else { return Vec::new() };
        // Each side needs a figure: posts that are nowhere stated bound nothing.
        let (left, right) = operands.split_at(1);
        if left.iter().all(Option::is_none) || right.iter().all(Option::is_none) {
            return Vec::new();
        }
        let mut found: Vec<Check> = Vec::new();
        for hit in hits.take(REACH) {
            if found.last().is_some_and(|last| last.claim.is_some_and(|claim| claim.overlaps(hit.span))) {
                continue;
            }
            let operands = operands.clone();
            let formula = Formula::Equation { equation: equation.equation.clone(), operands, percent: false };
            let check = Check::of("claim", formula, Strength::Sure, document, self.facts);
            found.push(Check { claim: Some(hit.span), ..check });
        }
        found
    }

    /// One value for each operand in the whole report.
    fn stated(&self, operands: &[Operand]) -> Result<Vec<Option<FactId>>, Option<Why>> {
        self.collect(operands, |operand| self.anywhere(operand))
    }

    fn anywhere(&self, operand: &Operand) -> Found {
        let all = self.by_measure.get(&operand.measure).map_or(&[][..], Vec::as_slice);
        let group = |basis: BasisId| self.rules.lexicon.basis(basis).group.as_str();
        let mut fitting = all.iter().take(REACH * 2).filter(|id| {
            let fact = self.facts.fact(**id);
            let prior = fact.period == Some(self.facts.prior_year());
            let period = if operand.prior { prior } else { self.facts.is_current(fact) };
            let basis = match (operand.basis.map(group), fact.basis.map(group)) {
                (Some(wanted), Some(have)) => wanted == have,
                // What is spent is often said without a word for it.
                (Some(wanted), None) => wanted == "outturn",
                (None, _) => true,
            };
            fact.role == Role::Value && period && basis && fact.amount.is_exact()
        });
        let Some(first) = fitting.next() else { return Found::None };
        let value = self.facts.fact(*first).amount.value;
        if fitting.any(|id| self.facts.fact(*id).amount.value != value) {
            Found::Several
        } else {
            Found::One(*first)
        }
    }
}

enum Found {
    None,
    One(FactId),
    Several,
}

/// Of the variants of an indicator for one printed rate: any that holds settles it, else one failure is kept.
fn settle_variants(rules: &RuleSet, checks: &mut Vec<Check>) {
    let id_of = |check: &Check| {
        let equation = rules.equations.get(usize::from(check.equation?))?;
        (equation.kind == EquationKind::Indicator)
            .then(|| (equation.id.clone(), check.spans.first().copied()))
    };
    let mut best: FxHashMap<_, State> = FxHashMap::default();
    for check in checks.iter() {
        if let Some(key) = id_of(check) {
            let state = best.entry(key).or_insert(check.state);
            *state = (*state).min(check.state);
        }
    }
    let mut kept = FxHashSet::default();
    checks.retain(|check| match id_of(check) {
        Some(key) => best.get(&key) == Some(&check.state) && kept.insert(key),
        None => true,
    });
}
