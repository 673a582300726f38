//! Identities and indicators: equations over measures, as data.
//!
//! Takes `rules/identities.toml` and `rules/indicators.toml`; gives equations with their names looked up
//! in the lexicon. An unknown name or a slip in an equation is a mistake of the file.

use std::sync::Arc;

use serde::Deserialize;
use smol_str::SmolStr;

use super::formula::{self, Equation, Node, Operator};
use super::lexicon::{BasisId, Lexicon, MeasureId};

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
        let (equation, operands) = read(&identity.formula, lexicon)?;
        bound.push(BoundEquation {
            kind: EquationKind::Identity,
            id: identity.id.clone(),
            equation,
            operands,
            formula: identity.formula.clone(),
            zh: identity.zh.clone(),
            en: identity.en.clone(),
            cites: identity.cites.clone(),
            words: Vec::new(),
            loose: identity.loose,
        });
    }
    for indicator in &file.indicators {
        for variant in &indicator.variants {
            let (equation, operands) = read(&variant.formula, lexicon)?;
            bound.push(BoundEquation {
                kind: EquationKind::Indicator,
                id: indicator.id.clone(),
                equation,
                operands,
                formula: variant.formula.clone(),
                zh: variant.zh.clone(),
                en: variant.en.clone(),
                cites: indicator.cites.clone(),
                words: Vec::new(),
                loose: false,
            });
        }
        for claim in &indicator.claims {
            for formula in &claim.formulas {
                let (equation, operands) = read(formula, lexicon)?;
                bound.push(BoundEquation {
                    kind: EquationKind::Claim,
                    id: indicator.id.clone(),
                    equation,
                    operands,
                    formula: formula.clone(),
                    zh: String::new(),
                    en: String::new(),
                    cites: indicator.cites.clone(),
                    words: claim.words.clone(),
                    loose: false,
                });
            }
        }
    }
    Ok(bound)
}

fn read(formula: &str, lexicon: &Lexicon) -> Result<(Arc<Equation>, Vec<Operand>), EquationError> {
    let equation = formula::equation(formula).map_err(|at| EquationError::Syntax {
        formula: formula.to_owned(),
        rest: formula.get(at..).unwrap_or_default().chars().take(12).collect(),
    })?;
    let mut operands = Vec::new();
    let mut unknown = None;
    let mut look_up = |name: &str, basis: Option<&str>, optional: bool| {
        let measure = lexicon.find_measure(name);
        let prior = basis == Some("上年");
        let known_basis = basis.filter(|_| !prior).map(|basis| (basis, lexicon.find_basis(basis)));
        match (measure, known_basis) {
            (None, _) => unknown = Some(name.to_owned()),
            (_, Some((basis, None))) => unknown = Some(basis.to_owned()),
            (Some(measure), basis) => {
                operands.push(Operand { measure, basis: basis.and_then(|(_, id)| id), prior, optional });
            }
        }
    };
    equation.left.names(&mut look_up);
    equation.right.names(&mut look_up);
    match unknown {
        Some(name) => Err(EquationError::Name { formula: formula.to_owned(), name }),
        None => Ok((Arc::new(equation), operands)),
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
    let identities = equations.iter().filter(|one| one.kind == EquationKind::Identity);
    identities
        .filter(|one| matches!(one.equation.left, Node::Name { .. }) && is_sum(&one.equation.right))
        .filter_map(|one| {
            let (total, parts) = one.operands.split_first()?;
            let of = |optional: bool| {
                parts.iter().filter(|part| part.optional == optional).map(|part| part.measure).collect()
            };
            Some(Split { total: total.measure, required: of(false), optional: of(true), loose: one.loose })
        })
        .collect()
}
