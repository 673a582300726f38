//! Identities and indicators: equations over measures, as data.
//!
//! Takes `rules/identities.toml` and `rules/indicators.toml`; gives equations with their names looked up
//! in the lexicon. An unknown name or a slip in an equation is a mistake of the file.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Deserialize;
use smol_str::SmolStr;

use super::formula::{self, Comparison, Equation, Node, Operator};
use super::lexicon::{BasisId, Lexicon, MeasureId};
use crate::diagnostic::Severity;

/// 勾稽关系: an equation that accounting makes true.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityFile {
    pub id: SmolStr,
    pub formula: String,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    /// A list of exactly these parts is whole under any total, whatever that is called.
    #[serde(default)]
    pub loose: bool,
    /// Parts that the report does not state may be missing: then only a right side above the left is wrong.
    #[serde(default)]
    pub open: bool,
    /// True of most and not of all: a mismatch is told only where a slip of the pen explains it.
    #[serde(default)]
    pub soft: bool,
    /// How near to its left side the figures of the right side must stand.
    #[serde(default)]
    pub within: Within,
    /// `存在(name)`, `不存在(name)`: all must be so.
    #[serde(default)]
    pub when: Vec<String>,
    /// The most that a mismatch is; an error where nothing is said.
    pub severity: Option<Severity>,
    /// How far the left side may be off beside rounding, in the unit it is printed in.
    #[serde(default)]
    pub tolerance: Decimal,
}

/// How near to each other the figures of an equation must stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    Sentence,
    Paragraph,
    Section,
    #[default]
    Report,
}

/// An official indicator; each variant is one way to compute it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorFile {
    pub id: SmolStr,
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    pub variants: Vec<VariantFile>,
    #[serde(default)]
    pub claims: Vec<ClaimFile>,
    /// How near to its left side the figures of the right side must stand.
    #[serde(default)]
    pub within: Within,
    /// `存在(name)`, `不存在(name)`: all must be so.
    #[serde(default)]
    pub when: Vec<String>,
    /// The most that a mismatch is; an error where nothing is said.
    pub severity: Option<Severity>,
    /// How far the left side may be off beside rounding, in the unit it is printed in.
    #[serde(default)]
    pub tolerance: Decimal,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantFile {
    pub formula: String,
    /// What the variant is called in the message.
    pub zh: String,
    pub en: String,
}

/// Words that assert a bound of the indicator: 控制在编制以内.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimFile {
    pub words: Vec<SmolStr>,
    /// The bounds asserted; one for each way the operands may be stated.
    pub formulas: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct EquationsFile {
    #[serde(default, rename = "identity")]
    pub identities: Vec<IdentityFile>,
    #[serde(default, rename = "indicator")]
    pub indicators: Vec<IndicatorFile>,
}

/// One name of an equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    pub measure: MeasureId,
    pub basis: Option<BasisId>,
    /// `[上年]`
    pub prior: bool,
    /// `?`
    pub optional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EquationKind {
    Identity,
    /// The left side is a printed rate in percent.
    Indicator,
    /// Asserted by the claim's words; place in `RuleSet::claim_words`.
    Claim,
}

/// An equation ready to be evaluated.
#[derive(Debug, Clone)]
pub struct BoundEquation {
    pub kind: EquationKind,
    /// Identity or indicator; variants of one indicator share it.
    pub id: SmolStr,
    pub equation: Arc<Equation>,
    /// In the order of the names.
    pub operands: Vec<Operand>,
    pub formula: String,
    pub zh: String,
    pub en: String,
    pub cites: Vec<SmolStr>,
    /// For a claim: the words that assert it.
    pub words: Vec<SmolStr>,
    pub loose: bool,
    pub within: Within,
    /// Names that must be stated (true) or must not.
    pub when: Vec<(bool, Operand)>,
    pub open: bool,
    pub soft: bool,
    pub severity: Option<Severity>,
}

/// A total with the measures that make it up: what closes a list of exactly these parts.
#[derive(Debug, Clone)]
pub struct Split {
    pub total: MeasureId,
    pub required: Vec<MeasureId>,
    pub optional: Vec<MeasureId>,
    pub loose: bool,
}

/// Why an equation cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EquationError {
    #[error("公式“{formula}”从“{rest}”处读不下去")]
    Syntax { formula: String, rest: String },
    #[error("公式“{formula}”中的“{name}”不在 lexicon.toml 中")]
    Name { formula: String, name: String },
}

impl EquationError {
    /// The formula at fault, as written.
    pub fn formula(&self) -> &str {
        match self {
            EquationError::Syntax { formula, .. } | EquationError::Name { formula, .. } => formula,
        }
    }
}

/// Looks up all names of the file's equations.
pub fn bind(file: &EquationsFile, lexicon: &Lexicon) -> Result<Vec<BoundEquation>, EquationError> {
    let mut bound = Vec::new();
    for identity in &file.identities {
        let mut equation = read(EquationKind::Identity, &identity.id, &identity.formula, lexicon)?;
        guard(
            &mut equation,
            (&identity.when, identity.within, identity.severity, identity.tolerance),
            lexicon,
        )?;
        bound.push(BoundEquation {
            zh: identity.zh.clone(),
            en: identity.en.clone(),
            cites: identity.cites.clone(),
            loose: identity.loose,
            open: identity.open,
            soft: identity.soft,
            ..equation
        });
    }
    for indicator in &file.indicators {
        let terms = (indicator.when.as_slice(), indicator.within, indicator.severity, indicator.tolerance);
        for variant in &indicator.variants {
            let mut equation = read(EquationKind::Indicator, &indicator.id, &variant.formula, lexicon)?;
            guard(&mut equation, terms, lexicon)?;
            bound.push(BoundEquation {
                zh: variant.zh.clone(),
                en: variant.en.clone(),
                cites: indicator.cites.clone(),
                ..equation
            });
        }
        for claim in &indicator.claims {
            for formula in &claim.formulas {
                let mut equation = read(EquationKind::Claim, &indicator.id, formula, lexicon)?;
                guard(
                    &mut equation,
                    (&indicator.when, Within::Report, indicator.severity, Decimal::ZERO),
                    lexicon,
                )?;
                bound.push(BoundEquation {
                    cites: indicator.cites.clone(),
                    words: claim.words.clone(),
                    ..equation
                });
            }
        }
    }
    Ok(bound)
}

fn guard(
    bound: &mut BoundEquation,
    (when, within, severity, tolerance): (&[String], Within, Option<Severity>, Decimal),
    lexicon: &Lexicon,
) -> Result<(), EquationError> {
    (bound.within, bound.severity) = (within, severity);
    if !tolerance.is_zero() {
        bound.equation = Arc::new(Equation { tolerance, ..(*bound.equation).clone() });
    }
    for text in when {
        let (wanted, name) = formula::condition(text).map_err(|at| stopped(text, at))?;
        let operands = operands(text, [&name], lexicon)?;
        bound.when.extend(operands.into_iter().map(|operand| (wanted, operand)));
    }
    Ok(())
}

fn read(
    kind: EquationKind,
    id: &SmolStr,
    formula: &str,
    lexicon: &Lexicon,
) -> Result<BoundEquation, EquationError> {
    let equation = formula::equation(formula).map_err(|at| stopped(formula, at))?;
    let operands = operands(formula, [&equation.left, &equation.right], lexicon)?;
    Ok(BoundEquation {
        kind,
        id: id.clone(),
        equation: Arc::new(equation),
        operands,
        formula: formula.to_owned(),
        zh: String::new(),
        en: String::new(),
        cites: Vec::new(),
        words: Vec::new(),
        loose: false,
        within: Within::Report,
        when: Vec::new(),
        open: false,
        soft: false,
        severity: None,
    })
}

fn stopped(text: &str, at: usize) -> EquationError {
    let rest = text.get(at..).unwrap_or_default().chars().take(12).collect();
    EquationError::Syntax { formula: text.to_owned(), rest }
}

/// The names in `nodes`, looked up.
fn operands<'a>(
    formula: &str,
    nodes: impl IntoIterator<Item = &'a Node>,
    lexicon: &Lexicon,
) -> Result<Vec<Operand>, EquationError> {
    let mut operands = Vec::new();
    let mut unknown = None;
    let mut look_up = |name: &str, selectors: &[String], optional: bool| {
        let Some(measure) = lexicon.find_measure(name) else {
            unknown = unknown.take().or(Some(name.to_owned()));
            return;
        };
        let mut operand = Operand { measure, basis: None, prior: false, optional };
        for selector in selectors {
            if selector == "上年" {
                operand.prior = true;
            } else if let Some(basis) = lexicon.find_basis(selector) {
                operand.basis = Some(basis);
            } else {
                unknown = unknown.take().or(Some(selector.clone()));
            }
        }
        operands.push(operand);
    };
    for node in nodes {
        node.names(&mut look_up);
    }
    match unknown {
        Some(name) => Err(EquationError::Name { formula: formula.to_owned(), name }),
        None => Ok(operands),
    }
}

/// The identities of the form total = part + part …
pub fn splits(equations: &[BoundEquation]) -> Vec<Split> {
    fn is_sum(node: &Node) -> bool {
        match node {
            Node::Name { .. } => true,
            Node::Number(_) => false,
            Node::Binary { operator, left, right } => {
                *operator == Operator::Add && is_sum(left) && is_sum(right)
            }
        }
    }
    let identities =
        equations.iter().filter(|one| one.kind == EquationKind::Identity && !one.open && !one.soft);
    identities
        .filter(|one| one.equation.comparison == Comparison::Equal)
        .filter(|one| matches!(one.equation.left, Node::Name { .. }) && is_sum(&one.equation.right))
        .filter_map(|one| {
            let (total, parts) = one.operands.split_first().filter(|(_, parts)| parts.len() > 1)?;
            let of = |optional: bool| {
                parts.iter().filter(|part| part.optional == optional).map(|part| part.measure).collect()
            };
            Some(Split { total: total.measure, required: of(false), optional: of(true), loose: one.loose })
        })
        .collect()
}
