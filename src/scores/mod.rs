//! Self-evaluation forms (绩效自评表): rows of funds, indicators with weight and score, total, grade.
//!
//! Takes the tables of a document and its figures; gives [`Sheet`]s, cell by cell as filled in. A form is
//! known by its heads, wherever in a table they stand: the form has no head of its own but several, one below the
//! other. It must not judge anything.

mod layout;
mod nest;
mod read;
mod reckon;

use rust_decimal::Decimal;

use crate::document::{Document, Span};
use crate::lexer::{Lexed, UnitId};
use crate::rules::{FormRow, RuleSet};
pub use nest::Rank;
pub use reckon::{Direction, Execution, Funding, Range, Sum};

/// One form; it may lie in several tables, as it does in texts taken from pages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    pub parts: Vec<Part>,
    pub funds: Vec<Fund>,
    pub indicators: Vec<Indicator>,
    /// Indicators of the first level that say their weight: 产出指标（50分）.
    pub groups: Vec<Group>,
    pub total: Option<Total>,
    /// 自评得分 as told outside the rows of indicators.
    pub stated: Option<Figure>,
    /// The form is about one project: it has 项目名称.
    pub project: bool,
    /// 优, 良 as filled in.
    pub grade: Option<Span>,
    /// The heads of the columns of weights and scores among the indicators.
    pub heads: Heads,
    /// Rows that say 总分: where there are several, what one of them sums up is not known.
    pub totals: usize,
}

/// Rows of one table below one head.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub table: u32,
    pub heads: std::ops::Range<usize>,
    pub rows: std::ops::Range<usize>,
    /// The column that names the rows, where it is known.
    pub names: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heads {
    pub weight: Option<Span>,
    pub score: Option<Span>,
    pub reason: Option<Span>,
}

/// 年度资金总额, 其中：当年财政拨款 …
#[derive(Debug, Clone, PartialEq)]
pub struct Fund {
    pub name: Span,
    /// [`FormRow::Sum`], a part of it, or unknown.
    pub is: Option<FormRow>,
    pub opening: Entry,
    pub full: Entry,
    pub outturn: Entry,
    pub rate: Entry,
    pub weight: Entry,
    pub score: Entry,
    pub reason: Entry,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    pub name: Span,
    /// 预算执行率 as an indicator of its own.
    pub execution: bool,
    /// 加分项, 扣分项.
    pub outside: bool,
    /// What the ordinal before the name tells of its level.
    pub rank: Option<Rank>,
    /// ≥ or ≤ in a column of its own.
    pub sign: Option<Direction>,
    pub target: Entry,
    pub actual: Entry,
    pub weight: Entry,
    pub score: Entry,
    pub reason: Entry,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub name: Span,
    /// Zero where it says none.
    pub weight: Figure,
    /// Its own score, where the rows below it are rows of the same column.
    pub score: Entry,
    /// Places in [`Sheet::indicators`].
    pub rows: std::ops::Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    pub name: Span,
    pub weight: Entry,
    pub score: Entry,
}

/// What is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Entry {
    /// No such column, or under a merged cell.
    #[default]
    Absent,
    /// Empty, a stroke, 无.
    Blank(Span),
    Words(Span),
    Figure(Figure),
}

/// A cell that is a figure and no more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    pub span: Span,
    /// With its power: 138000 of 13.8万.
    pub value: Decimal,
    /// Half a unit of the last printed digit.
    pub half: Decimal,
    pub unit: Option<UnitId>,
    /// ≥, ≤ or = before it, 以上 or 以内 behind it.
    pub direction: Option<Direction>,
    /// 约, 左右
    pub about: bool,
    /// What it is a rate of, as written: /台; empty for an amount.
    pub per: Span,
}

impl Entry {
    pub fn figure(&self) -> Option<&Figure> {
        match self {
            Entry::Figure(figure) => Some(figure),
            _ => None,
        }
    }

    pub fn span(&self) -> Option<Span> {
        match self {
            Entry::Absent => None,
            Entry::Blank(span) | Entry::Words(span) => Some(*span),
            Entry::Figure(figure) => Some(figure.span),
        }
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Entry::Blank(_))
    }
}

impl Sheet {
    /// A form with rows of funds that are scored and with indicators: its weights are all there.
    pub fn is_whole(&self) -> bool {
        !self.indicators.is_empty() && self.funds.iter().any(|fund| fund.weight.figure().is_some())
    }
}

/// The columns of amounts.
pub const AMOUNTS: [fn(&Fund) -> &Entry; 3] = [|fund| &fund.opening, |fund| &fund.full, |fund| &fund.outturn];

/// The forms of a document, in text order.
pub fn sheets(document: &Document, rules: &RuleSet, lexed: &Lexed) -> Vec<Sheet> {
    read::sheets(document, rules, lexed)
}
