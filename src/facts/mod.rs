//! The fact table: what each figure measures, and the relations that the text itself states.
//!
//! Takes a document, its tokens and its outline; gives [`FactTable`]. It must not judge anything.

mod amount;
mod anchors;
mod changes;
mod clauses;
mod completions;
mod differences;
pub mod gaps;
mod heads;
mod items;
mod lists;
mod numbered;
mod parts;
mod rates;
mod ratios;
mod region;
mod rivals;
mod shares;
mod standards;
mod tables;
mod totals;
mod values;
mod wholes;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use amount::Amount;

use crate::document::{Document, Span};
use crate::lexer::Lexed;
use crate::outline::{NodeId, Outline};
use crate::rules::{BasisId, FundId, MeasureId, RuleSet};
use crate::scores::Sheet;

#[derive(Debug, Clone, Default)]
pub struct FactTable {
    /// In text order.
    pub facts: Vec<Fact>,
    pub relations: Vec<Relation>,
    pub tables: Vec<TableGroup>,
    /// 报告年度: from the title, else the year most spoken of.
    pub report_year: Option<u16>,
    /// Figures with a unit, and those of them that are in a fact with a measure or label.
    pub figures: usize,
    pub understood: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactId(pub u32);

/// (entity, measure, period, basis, scope) → quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    pub amount: Amount,
    /// Place in `Lexed::quantities`; `None` for a stated zero.
    pub quantity: Option<u32>,
    pub role: Role,
    /// From the first word of the label to the figure.
    pub span: Span,
    /// The figure as printed; for a stated zero the words that state it.
    pub value_span: Span,
    pub measure: Option<MeasureId>,
    /// The label as written; empty where the figure has none.
    pub label: Span,
    /// Words before the measure that narrow it.
    pub qualifier: Option<Span>,
    /// 口径
    pub basis: Option<BasisId>,
    /// The year, 上年 resolved against the report's year.
    pub period: Option<u16>,
    pub fund: Option<FundId>,
    /// The total that lists this fact as a part.
    pub under: Option<FactId>,
    pub section: Option<NodeId>,
    pub block: u32,
    /// Counts sentences through the document.
    pub sentence: u32,
    /// The figure is broken, and the value a guess.
    pub broken: bool,
    /// Where it stands, for a figure of a table.
    pub cell: Option<Cell>,
}

/// Table and column of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    pub table: u32,
    pub column: u16,
}

/// What the cells of one table should come to. Of the readings, likeliest first, the one that more of its
/// relations bear out is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct TableGroup {
    pub readings: Vec<Vec<CellRelation>>,
    /// A total by name over all rows: its failure counts even where no other column bears it out.
    pub closed: bool,
    /// Of a column of counts, which nothing but its layout says to add up: the other columns, which must bear that out.
    pub beside: Option<Vec<CellRelation>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CellRelation {
    Sum {
        total: FactId,
        parts: Vec<FactId>,
    },
    Share {
        rate: FactId,
        part: FactId,
        whole: FactId,
    },
    Completion {
        rate: FactId,
        done: FactId,
        plan: FactId,
    },
    /// Signed: a fall is a negative figure.
    Change {
        current: FactId,
        base: FactId,
        amount: Option<FactId>,
        rate: Option<FactId>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Value,
    /// 比上年的A: what another figure is compared with.
    Base,
    /// 增加A, 减少A
    Change,
    /// 增长P%, 下降P%
    Rate,
    /// 占P%
    Share,
    /// 完成预算的P%
    Completion,
    /// A ratio by name: 执行率, 控制率.
    Ratio,
    /// 每户350元, 500元/人: an amount for each of something.
    Standard,
}

/// Something the text itself says of several figures. Where the grammar leaves more than one reading,
/// the candidates are listed, likeliest first: the statement holds if it holds for one of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Relation {
    /// A total with its parts; `or`: other figures that may be the total.
    Sum { total: FactId, or: Vec<FactId>, parts: Vec<FactId>, closure: Closure },
    /// Change against an earlier figure; `up` is the direction in words.
    Change {
        current: Vec<FactId>,
        base: Vec<FactId>,
        amount: Option<FactId>,
        rate: Option<FactId>,
        up: bool,
        /// Where the direction word stands.
        word: Span,
        /// A second word, before the rate, that says the opposite.
        turned: Option<Span>,
        /// What is compared was told in another paragraph, and is known by its name alone.
        far: bool,
    },
    /// 占: part ÷ whole. `named`: the text says of what, or a list says it.
    Share { part: Vec<FactId>, whole: Vec<FactId>, rate: FactId, named: bool },
    /// 完成, 执行率: done ÷ plan.
    Completion { done: Vec<FactId>, plan: Vec<FactId>, rate: FactId, surety: Surety },
    /// n × standard = total; `times` are the numbers of months that may be meant.
    Product { total: Vec<FactId>, count: Vec<FactId>, standard: FactId, times: Vec<rust_decimal::Decimal> },
    /// 持平 and then a rate, or an amount, all the same.
    Level { current: FactId, rate: FactId, up: bool, words: (Span, Span) },
    /// 持平, 一致: current = base.
    Flat { current: FactId, base: Vec<FactId>, word: Span },
}

/// How surely the figures of a ratio are those that were meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surety {
    /// The text says of what.
    Said,
    /// By their names or places alone.
    Guessed,
    /// In another paragraph: only a slip of the pen shows that they were meant.
    Far,
}

/// How surely a list of parts is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closure {
    /// 等, 主要, 包括 stand in it, or a single part: parts may be left out.
    Open,
    /// What is left of a figure in another paragraph, if it is that.
    FarRest,
    /// What was spent and what is left: something may have been added that the sentence does not tell.
    Rest,
    /// 其中 and items parted by semicolons, which part siblings of the total too.
    Parted,
    /// 其中 and items, nothing said of others.
    Listed,
    /// 分别为, 由…组成, 合计, or the parts that an identity knows.
    Closed,
}

impl FactTable {
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }

    /// What the figures come to; at the bounds of a decimal it stays there.
    pub fn sum(&self, ids: impl IntoIterator<Item = FactId>) -> Decimal {
        let values = ids.into_iter().map(|id| self.fact(id).amount.value);
        values.fold(Decimal::ZERO, Decimal::saturating_add)
    }

    /// The year before the report's; 0 where the report's year is not known.
    pub fn prior_year(&self) -> u16 {
        self.report_year.map_or(0, |year| year.saturating_sub(1))
    }

    /// Whether the fact is of the year the report is about; said or understood.
    pub fn is_current(&self, fact: &Fact) -> bool {
        match (self.report_year, fact.period) {
            (Some(year), Some(period)) => year == period,
            (None, Some(0)) => false,
            _ => true,
        }
    }

    /// Whether two facts are of one year; what says none is of the report's.
    pub fn same_period(&self, a: &Fact, b: &Fact) -> bool {
        a.period == b.period
            || self.is_current(a) && self.is_current(b) && (a.period.is_none() || b.period.is_none())
    }

    pub fn ids(&self) -> impl Iterator<Item = FactId> + use<> {
        (0..self.facts.len() as u32).map(FactId)
    }

    /// Values of `measure`, in text order.
    pub fn of(&self, measure: MeasureId) -> impl Iterator<Item = (FactId, &Fact)> {
        let all = self.facts.iter().enumerate().map(|(place, fact)| (FactId(place as u32), fact));
        all.filter(move |(_, fact)| fact.measure == Some(measure) && fact.role == Role::Value)
    }
}

impl Fact {
    /// What the figure is called: the measure's name, else the label as written.
    pub fn name(&self, document: &Document, rules: &RuleSet) -> SmolStr {
        match self.measure {
            Some(measure) => rules.lexicon.measure(measure).id.clone(),
            None => document.slice(self.label).chars().filter(|c| !c.is_whitespace()).collect(),
        }
    }
}

/// `year` is the report's year, against which 上年 is resolved.
pub fn gather(
    document: &Document,
    rules: &RuleSet,
    lexed: &Lexed,
    outline: &Outline,
    sheets: &[Sheet],
    year: Option<u16>,
) -> FactTable {
    clauses::gather(document, rules, lexed, outline, sheets, year)
}
