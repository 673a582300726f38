//! The fact table as rows: one for each figure, with all that was understood of it.
//!
//! Takes a read document; gives rows, and writes them as CSV and Parquet. It must not judge anything.

pub mod csv;
#[cfg(feature = "parquet")]
pub mod parquet;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde::Serialize;
use smol_str::SmolStr;

use super::place;
use crate::audit::Audit;
use crate::document::{Document, LineIndex, Span};
use crate::facts::{Fact, Relation, Role};
use crate::lexer::Modifier;
use crate::options::Lang;
use crate::rules::RuleSet;

/// What is true of all rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub file: String,
    /// The unit that speaks.
    pub entity: Option<String>,
    pub year: Option<u16>,
    /// Id of the report kind; nothing for a file that could not be read.
    pub profile: Option<String>,
    /// Why the file could not be read; it then has no rows.
    pub error: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row<'a> {
    /// The lexicon's name, or null for a label it does not know.
    pub measure: Option<&'a str>,
    /// As written.
    pub label: &'a str,
    /// Words before the measure that narrow it, as written.
    pub scope: Option<&'a str>,
    pub fund: Option<&'a str>,
    /// The measure of the total that lists it as a part.
    pub part_of: Option<&'a str>,
    pub basis: Option<&'a str>,
    pub period: Option<u16>,
    pub role: Role,
    /// The figure as printed.
    pub text: &'a str,
    /// Printed value and what it may stand for, in the printed unit.
    pub value: Decimal,
    pub unit: &'a str,
    pub low: Decimal,
    pub high: Decimal,
    /// The same in the base unit of its kind: 元, %, 人.
    pub amount: Decimal,
    pub amount_unit: SmolStr,
    pub amount_low: Decimal,
    pub amount_high: Decimal,
    /// `exact`, `about` (约), `at-least` (余), `at-most` (以内).
    pub modifier: &'static str,
    /// The figure is damaged, and its value a guess.
    pub broken: bool,
    /// `clause` or `table`.
    pub source: &'static str,
    pub section: Option<&'a str>,
    pub line: u32,
    pub column: u32,
    /// As a reader of the file calls it; null in plain text.
    pub place: Option<String>,
    pub start: u32,
    pub end: u32,
    /// In how many relations of the report it takes part.
    pub relations: usize,
}

impl Head {
    pub fn of(path: &str, document: &Document, read: &Audit) -> Self {
        let unit = read.subject.unit.map(|unit| document.slice(unit).split_whitespace().collect());
        Head {
            file: path.to_owned(),
            entity: unit,
            year: read.facts.report_year,
            profile: Some(read.profile.clone()),
            error: None,
        }
    }

    pub fn unread(path: &str, reason: &str) -> Self {
        Head { file: path.to_owned(), error: Some(reason.to_owned()), ..Head::default() }
    }
}

/// In text order.
pub fn rows<'a>(document: &'a Document, set: &'a RuleSet, read: &'a Audit, lang: Lang) -> Vec<Row<'a>> {
    let lines = LineIndex::new(&document.text);
    let mut relations: FxHashMap<Span, usize> = FxHashMap::default();
    for check in &read.checks {
        let mut spans = check.spans.clone();
        spans.sort_unstable();
        spans.dedup();
        spans.into_iter().for_each(|span| *relations.entry(span).or_default() += 1);
    }
    let compared = read.facts.relations.iter().filter_map(|relation| match relation {
        Relation::Change { current, base, .. } => match (current.as_slice(), base.as_slice()) {
            ([current], [base]) if read.facts.fact(*base).measure.is_none() => {
                Some((read.facts.fact(*base).value_span, read.facts.fact(*current)))
            }
            _ => None,
        },
        _ => None,
    });
    let compared = compared.collect();
    let reader =
        Reader { document, set, read, lines: &lines, relations: &relations, compared: &compared, lang };
    read.facts.facts.iter().map(|fact| reader.row(fact)).collect()
}

struct Reader<'a, 'b> {
    document: &'a Document,
    set: &'a RuleSet,
    read: &'a Audit,
    lines: &'b LineIndex,
    relations: &'b FxHashMap<Span, usize>,
    /// By the place of a base without a name: the figure that is compared with it.
    compared: &'b FxHashMap<Span, &'a Fact>,
    lang: Lang,
}

impl<'a> Reader<'a, '_> {
    fn row(&self, fact: &Fact) -> Row<'a> {
        let Reader { document, set, read, .. } = *self;
        let at = self.lines.position(&document.text, fact.value_span.start as usize);
        let quantity = fact.quantity.and_then(|place| read.lexed.quantities.get(place as usize));
        let in_unit = |value: Decimal| value.checked_div(fact.amount.factor).unwrap_or(value).normalize();
        // 比上年的90万元增加: what is compared with it gives the base its name.
        let whose = self.compared.get(&fact.value_span).copied().unwrap_or(fact);
        let unit =
            quantity.map(|quantity| document.slice(Span::new(quantity.number.end, quantity.span.end)).trim());
        Row {
            measure: whose.measure.map(|id| set.lexicon.measure(id).id.as_str()),
            label: document.slice(fact.label),
            scope: fact.qualifier.map(|span| document.slice(span)).filter(|text| !text.is_empty()),
            fund: fact
                .fund
                .and_then(|id| set.lexicon.funds.get(usize::from(id.0)))
                .map(|fund| fund.id.as_str()),
            part_of: fact
                .under
                .and_then(|total| read.facts.fact(total).measure)
                .map(|id| set.lexicon.measure(id).id.as_str()),
            basis: whose.basis.map(|id| set.lexicon.basis(id).id.as_str()),
            period: fact.period,
            role: fact.role,
            text: document.slice(fact.value_span),
            value: quantity.map_or_else(|| in_unit(fact.amount.value), |quantity| quantity.value),
            unit: unit.unwrap_or_default(),
            low: in_unit(fact.amount.low()),
            high: in_unit(fact.amount.high()),
            amount: fact.amount.value.normalize(),
            amount_unit: set.units.base(fact.amount.family).unwrap_or_default(),
            amount_low: fact.amount.low().normalize(),
            amount_high: fact.amount.high().normalize(),
            modifier: match fact.amount.modifier {
                Modifier::Exact => "exact",
                Modifier::About => "about",
                Modifier::AtLeast => "at-least",
                Modifier::AtMost => "at-most",
            },
            broken: fact.broken,
            source: if fact.cell.is_some() { "table" } else { "clause" },
            section: fact.section.map(|id| document.slice(read.outline.node(id).title)),
            line: at.line,
            column: at.column,
            place: place(document, fact.value_span.start, self.lang),
            start: fact.value_span.start,
            end: fact.value_span.end,
            relations: self.relations.get(&fact.value_span).copied().unwrap_or_default(),
        }
    }
}

/// As the JSON has it.
fn role(role: Role) -> &'static str {
    match role {
        Role::Value => "value",
        Role::Base => "base",
        Role::Change => "change",
        Role::Rate => "rate",
        Role::Share => "share",
        Role::Completion => "completion",
        Role::Ratio => "ratio",
        Role::Standard => "standard",
    }
}
