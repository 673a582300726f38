//! Identities, indicators and claims of the rule set, bound to the figures of the report.
//!
//! An identity is tried at every figure that its left side names; its operands are taken nearby, with the
//! same period, basis and fund. Where an operand has several values at the same distance the identity is
//! left alone.

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluate::Formula;
use super::price::{digits, in_unit};
use super::slip::slip;
use super::{Check, State, Strength, Why};
use crate::diagnostic::Severity;
use crate::document::Document;
use crate::facts::{Fact, FactId, FactTable, Role};
use crate::lexer::Lexed;
use crate::rules::{BasisId, BoundEquation, EquationKind, MeasureId, Operand, RuleSet, Within};

/// Digits from which two figures a slip apart are hardly so by chance.
const SOFT_DIGITS: u32 = 4;

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
        // 较公用经费预算A节约B: the budget is told as what is compared with.
        let told = matches!(fact.role, Role::Value | Role::Ratio)
            || fact.role == Role::Base
                && fact.basis.is_some_and(|basis| rules.lexicon.basis(basis).group == "budget");
        if let Some(measure) = fact.measure.filter(|_| told) {
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
            if head.role != Role::Value || !self.is_left(head, left) || !self.conditions(equation, Some(head))
            {
                continue;
            }
            let operands = match self.operands(head, equation) {
                Ok(operands) => operands,
                // With more than one figure missing the report does not show the relation.
                Err(Some(why)) if !matches!(&why, Why::NotStated(names) if names.len() > 1) => {
                    let check = Check::unknown("identity", why, vec![head.value_span]);
                    let expression = equation.formula.clone();
                    done.wanting.push((left.measure, Check { expression, ..check }));
                    continue;
                }
                Err(_) => continue,
            };
            let stated: Vec<FactId> = operands.iter().flatten().copied().collect();
            // A list that the text itself gives under this total is already a check.
            let listed = stated.iter().all(|id| self.facts.fact(*id).under == Some(total));
            let known = !equation.soft
                && done.parts.get(&total).is_some_and(|set| stated.iter().all(|id| set.contains(id)));
            if listed || known {
                done.settled.insert(left.measure);
            }
            if stated.len() < parts.len().min(2) || listed || known {
                continue;
            }
            if !equation.soft {
                done.settled.insert(left.measure);
                done.parts.entry(total).or_default().extend(stated.iter().copied());
            }
            let operands = std::iter::once(Some(total)).chain(operands).collect();
            let formula = Formula::Equation { equation: equation.equation.clone(), operands, percent: false };
            let near = if self.near(head, &formula) { Strength::Sure } else { Strength::Likely };
            let strength = near.min(strongest(equation));
            let whole = formula.facts().len() == equation.operands.len();
            let mut check = Check::of("identity", formula, strength, document, self.facts);
            let short = check.computed.is_some_and(|computed| computed < head.amount.value);
            if check.state == State::Fails && equation.open && !whole && short {
                check.set_aside(Why::OpenList);
            }
            let apart = || self.is_of_item(head) || self.divide_another(total, &check);
            // What is itself a part of the total that the others divide is another division of it.
            let sisters =
                stated.iter().all(|id| head.under.is_some() && self.facts.fact(*id).under == head.under);
            if check.state == State::Fails && sisters {
                continue;
            }
            if check.state == State::Fails && (equation.soft || apart()) && !self.is_slip(head, &check) {
                continue;
            }
            found.push(check);
        }
        found
    }

    /// A slip of the pen parts the figure from what it should be, in figures too long for chance.
    fn is_slip(&self, head: &Fact, check: &Check) -> bool {
        let scaled = |value: Decimal| value.checked_div(head.amount.factor).unwrap_or(value);
        let (printed, scale) = in_unit(head.amount.value, &head.amount);
        let meant = check.computed.map(scaled);
        meant.is_some_and(|meant| {
            digits(meant, scale).min(digits(printed, scale)) >= SOFT_DIGITS - 1
                && digits(meant, scale).max(digits(printed, scale)) >= SOFT_DIGITS
                && slip(meant, printed, scale).is_some()
        })
    }

    /// 博物馆支出A，其中：基本支出B: the basic spending of that item and not of the unit.
    fn is_of_item(&self, head: &Fact) -> bool {
        let total = head.under.map(|total| self.facts.fact(total));
        total.is_some_and(|total| total.measure.is_none() && !total.label.is_empty())
    }

    /// 全年支出A，按性质分：基本支出B、项目支出C；按来源分：一般公共预算支出D: the two make A, and need not make D.
    fn divide_another(&self, head: FactId, check: &Check) -> bool {
        let figures = check.formula.as_ref().map(Formula::facts).unwrap_or_default();
        let parts = || figures.iter().filter(|id| **id != head).map(|id| self.facts.fact(*id));
        let Some(total) = parts().next().and_then(|part| part.under).filter(|total| *total != head) else {
            return false;
        };
        let amount = self.facts.fact(total).amount;
        parts().all(|part| part.under == Some(total))
            && check.computed.is_some_and(|sum| {
                sum.saturating_sub(amount.value).abs() <= amount.half.saturating_mul(Decimal::TWO)
            })
    }

    /// All figures in one block, or their basis said.
    fn near(&self, head: &Fact, formula: &Formula) -> bool {
        formula.facts().iter().all(|id| {
            let fact = self.facts.fact(*id);
            fact.block.abs_diff(head.block) <= 3 || fact.basis.is_some()
        })
    }

    /// Whether the figure is of the basis and period that the left side asks for.
    fn is_left(&self, head: &Fact, left: &Operand) -> bool {
        (left.basis.is_none() || self.has_basis(head, left, None))
            && (!left.prior || head.period == Some(self.facts.prior_year()))
    }

    /// `when`: nearby for an identity, anywhere else for the others.
    fn conditions(&self, equation: &BoundEquation, head: Option<&Fact>) -> bool {
        equation.when.iter().all(|(wanted, operand)| {
            let found = match head {
                Some(head) => self.nearest(head, operand, Within::Report),
                None => self.anywhere(operand, None, Within::Report),
            };
            matches!(found, Found::None) != *wanted
        })
    }

    /// One figure for each operand of the right side; else why not, where at least one was found.
    fn operands(&self, head: &Fact, equation: &BoundEquation) -> Result<Vec<Option<FactId>>, Option<Why>> {
        let parts = equation.operands.get(1..).unwrap_or_default();
        self.collect(parts, |operand| self.nearest(head, operand, equation.within))
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

    fn nearest(&self, head: &Fact, operand: &Operand, within: Within) -> Found {
        let free = self.rules.lexicon.measure(operand.measure).fund_free;
        let all = self.by_measure.get(&operand.measure).map_or(&[][..], Vec::as_slice);
        let middle = all.partition_point(|id| self.facts.fact(*id).span.start < head.span.start);
        let around = &all[middle.saturating_sub(REACH)..(middle + REACH).min(all.len())];
        let fits = |fact: &Fact| {
            fact.role == Role::Value
                && fact.cell == head.cell
                && self.right_period(fact, operand, head)
                && self.has_basis(fact, operand, Some(head))
                && (free || fact.fund == head.fund)
                && self.plain(fact) == self.plain(head)
        };
        let fitting: Vec<(Within, FactId)> = around
            .iter()
            .filter(|id| fits(self.facts.fact(**id)))
            .map(|id| (distance(self.facts.fact(*id), head), *id))
            .filter(|(distance, _)| *distance <= within)
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

    fn right_period(&self, fact: &Fact, operand: &Operand, head: &Fact) -> bool {
        if operand.prior {
            head.period.is_some() && fact.period == head.period.map(|year| year.saturating_sub(1))
        } else {
            self.facts.same_period(fact, head)
        }
    }

    /// The basis that the operand asks for, else the one of the left side.
    fn has_basis(&self, fact: &Fact, operand: &Operand, head: Option<&Fact>) -> bool {
        let wanted = operand.basis.map(|basis| self.group(basis));
        match (wanted, self.said_basis(fact)) {
            // What is spent is often said without a word for it.
            (Some(wanted), None) => wanted == "outturn",
            (Some(wanted), have) => have == Some(wanted),
            (None, have) => head.is_none_or(|head| have == self.said_basis(head)),
        }
    }

    fn group(&self, basis: BasisId) -> &str {
        self.rules.lexicon.basis(basis).group.as_str()
    }

    /// The basis in words; what only the measure's name implies tells nothing apart.
    fn said_basis(&self, fact: &Fact) -> Option<&str> {
        let lexicon = &self.rules.lexicon;
        let implied = fact.measure.and_then(|measure| lexicon.measure(measure).basis.as_deref());
        let basis = fact.basis.map(|basis| lexicon.basis(basis))?;
        (implied != Some(basis.id.as_str())).then_some(basis.group.as_str())
    }

    // ── indicators ──────────────────────────────────────────────────────────────────────────────

    fn indicator(&self, equation: &BoundEquation, document: &Document) -> Vec<Check> {
        let Some((left, parts)) = equation.operands.split_first() else { return Vec::new() };
        let printed = self.by_measure.get(&left.measure).map_or(&[][..], Vec::as_slice);
        let rates = printed.iter().copied().filter(|id| {
            let fact = self.facts.fact(*id);
            fact.role == Role::Ratio && fact.cell.is_none()
        });
        let rates = rates.take(REACH);
        let mut found = Vec::new();
        if !self.conditions(equation, None) {
            return found;
        }
        let strength = strongest(equation);
        for rate in rates {
            let stated =
                self.stated(parts, Some(self.facts.fact(rate)), equation.within).and_then(|operands| {
                    if operands.iter().all(Option::is_none) { Err(None) } else { Ok(operands) }
                });
            let operands = match stated {
                Ok(operands) => operands,
                // 满意度95% without a survey told is no indicator left open.
                Err(None) if self.rules.lexicon.measure(left.measure).open => continue,
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
            found.push(Check::of("indicator", formula, strength, document, self.facts));
        }
        found
    }

    /// 控制在编制以内: a bound that the report's own figures must keep.
    fn claims(&self, equation: &BoundEquation, place: u16, document: &Document, lexed: &Lexed) -> Vec<Check> {
        let hits = lexed.claim_hits.iter().filter(|hit| hit.item == place);
        let Ok(operands) = self.stated(&equation.operands, None, Within::Report) else { return Vec::new() };
        if !self.conditions(equation, None) {
            return Vec::new();
        }
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
            let strength = strongest(equation);
            let check = Check::of("claim", formula, strength, document, self.facts);
            found.push(Check { claim: Some(hit.span), ..check });
        }
        found
    }

    /// One value for each operand in the whole report, or near the printed rate.
    fn stated(
        &self,
        operands: &[Operand],
        rate: Option<&Fact>,
        within: Within,
    ) -> Result<Vec<Option<FactId>>, Option<Why>> {
        self.collect(operands, |operand| self.anywhere(operand, rate, within))
    }

    /// The operand's one value in the report; where it has several, the one nearest to the rate.
    fn anywhere(&self, operand: &Operand, rate: Option<&Fact>, within: Within) -> Found {
        let all = self.by_measure.get(&operand.measure).map_or(&[][..], Vec::as_slice);
        let middle = rate
            .map_or(0, |rate| all.partition_point(|id| self.facts.fact(*id).span.start < rate.span.start));
        let around = &all[middle.saturating_sub(REACH)..(middle + REACH * 2).min(all.len())];
        let fits = |fact: &Fact| {
            let prior = fact.period == Some(self.facts.prior_year());
            let period = if operand.prior { prior } else { self.facts.is_current(fact) };
            let basis = operand.basis.is_none() || self.has_basis(fact, operand, None);
            period && basis && fact.amount.is_exact() && fact.cell.is_none()
        };
        let far = |fact: &Fact| rate.map_or(Within::Report, |rate| distance(fact, rate));
        let fitting: Vec<(Within, FactId)> = around
            .iter()
            .filter(|id| fits(self.facts.fact(**id)))
            .map(|id| (far(self.facts.fact(*id)), *id))
            .filter(|(distance, _)| *distance <= within)
            .collect();
        let value = |id: FactId| self.facts.fact(id).amount.value;
        let one_of = |closest: Within| {
            let mut near = fitting.iter().filter(|(distance, _)| *distance <= closest).map(|(_, id)| *id);
            let first = near.next()?;
            near.all(|id| value(id) == value(first)).then_some(first)
        };
        let Some(&(closest, _)) = fitting.iter().min() else { return Found::None };
        // Far from the rate a choice among several would be a guess.
        let chosen =
            one_of(Within::Report).or_else(|| (closest < Within::Report).then(|| one_of(closest)).flatten());
        chosen.map_or(Found::Several, Found::One)
    }
}

fn strongest(equation: &BoundEquation) -> Strength {
    match equation.severity {
        None | Some(Severity::Error) => Strength::Sure,
        Some(Severity::Warning) => Strength::Likely,
        Some(Severity::Hint) => Strength::Weak,
    }
}

/// The least part of the report that holds both.
fn distance(fact: &Fact, other: &Fact) -> Within {
    if fact.block == other.block {
        if fact.sentence == other.sentence { Within::Sentence } else { Within::Paragraph }
    } else if fact.section == other.section && other.section.is_some() {
        Within::Section
    } else {
        Within::Report
    }
}

enum Found {
    None,
    One(FactId),
    Several,
}

/// Of the variants of one identity or indicator for one printed figure: any that holds settles it, else one
/// failure is kept. A rate that is right as a completion of what stands beside it is right, and the other
/// way round.
fn settle_variants(rules: &RuleSet, checks: &mut Vec<Check>) {
    let id_of = |check: &Check| {
        let equation = rules.equations.get(usize::from(check.equation?))?;
        (equation.kind != EquationKind::Claim).then(|| (equation.id.clone(), check.spans.first().copied()))
    };
    let mut best: FxHashMap<_, State> = FxHashMap::default();
    let mut rates: FxHashMap<_, State> = FxHashMap::default();
    for check in checks.iter() {
        if let Some(key) = id_of(check) {
            let state = best.entry(key).or_insert(check.state);
            *state = (*state).min(check.state);
        }
        if matches!(check.kind, "completion" | "indicator") {
            let state = rates.entry(check.spans.first().copied()).or_insert(check.state);
            *state = (*state).min(check.state);
        }
    }
    let mut kept = FxHashSet::default();
    checks.retain(|check| {
        let settled = matches!(check.kind, "completion" | "indicator")
            && rates
                .get(&check.spans.first().copied())
                .is_some_and(|state| *state < State::Fails && check.state >= State::Fails);
        !settled
            && match id_of(check) {
                Some(key) => best.get(&key) == Some(&check.state) && kept.insert(key),
                None => true,
            }
    });
}
