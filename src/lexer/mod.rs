//! Figures, dates and document numbers in the text, and nothing that merely looks like one.
//!
//! Takes a [`Document`] and the unit table of the rule set; gives [`Lexed`], every list in text order.
//! It must not know what a figure measures (`facts`).

use rust_decimal::Decimal;

use crate::document::{Document, Span};
use crate::rules::{Hit, Owner, RuleSet};

/// All tokens of a document.
#[derive(Debug, Clone, Default)]
pub struct Lexed {
    pub quantities: Vec<Quantity>,
    pub dates: Vec<Date>,
    pub document_numbers: Vec<DocumentNumber>,
    pub malformed: Vec<Malformed>,
    /// Occurrences of the lexicon's entries; `Hit::item` is the entry.
    pub lexicon_hits: Vec<Hit>,
    /// For each rule, the occurrences of its words.
    pub rule_hits: Vec<Vec<Hit>>,
}

/// A figure as printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Modifier, number and unit.
    pub span: Span,
    /// The number alone, without sign words, modifier and unit.
    pub number: Span,
    /// In the printed unit.
    pub value: Decimal,
    /// Upper end of a printed range (`15%～30%`), in the printed unit.
    pub upper: Option<Decimal>,
    /// Digits after the point as written; 20, 20.0 and 20.00 differ.
    pub scale: u8,
    /// Place in `RuleSet::units`; `None` for a bare number.
    pub unit: Option<UnitId>,
    pub modifier: Modifier,
    pub notation: Notation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub u8);

/// How exact the author says a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Modifier {
    #[default]
    Exact,
    /// 约, 左右, 近, 上下
    About,
    /// 余, 多, 超, 以上, 不少于, ≥
    AtLeast,
    /// 以内, 不超过, 不足, ≤
    AtMost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    #[default]
    Arabic,
    /// 一百三十八
    Chinese,
    /// 壹佰叁拾捌
    Capital,
    /// 5万, where 万 is part of the number and no money unit follows
    Mixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    pub span: Span,
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

/// 发文字号, such as 益财绩〔2024〕2号.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentNumber {
    pub span: Span,
    /// The year with its brackets, `〔2024〕`.
    pub bracketed: Span,
    pub year: u16,
}

/// A figure that cannot be read as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    pub span: Span,
    pub kind: MalformedKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MalformedKind {
    /// `1 38.43`
    InnerSpace,
    /// `138。43`
    FullStop,
    /// `138.4.3`
    TwoPoints,
    /// `O.7`
    Letter,
    /// `138,43`
    Grouping,
}

pub fn lex(document: &Document, rules: &RuleSet) -> Lexed {
    let mut lexed = Lexed { rule_hits: vec![Vec::new(); rules.rules.len()], ..Lexed::default() };
    rules.terms.scan(&document.text, |span, owner| match owner {
        Owner::Rule { rule, item } => lexed.rule_hits[rule as usize].push(Hit { span, item }),
        Owner::Lexicon(item) => lexed.lexicon_hits.push(Hit { span, item }),
    });
    lexed
}
