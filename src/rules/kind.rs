//! The kinds of rule, with their parameters: few in code, so that rules can be many in data.
//!
//! Each variant is judged by the file of the same name in `judge/`.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use super::across::{LedgerMismatch, NearDuplicate, PriorYear, UnitOfBatch, WrongReport};
use super::form_kind::{Ending, Outturn, Score, Sections, TitleParts};
use super::naming::{ForeignUnit, NameVariant, ReportYear, SelfReference};
use super::prose::{
    DocumentNumbers, HalfWidth, ItemMarks, MeasureWord, Pairs, ParagraphEnd, Repeats, Spacing, StrayMarks,
};
use super::words::Words;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    Words(Words),
    Numbering(Numbering),
    /// Numbers typed among automatic ones.
    MixedNumbering,
    References(References),
    Contents(Contents),
    Sections(Sections),
    Content,
    Outturn(Outturn),
    Score(Score),
    Ending(Ending),
    TitleParts(TitleParts),
    /// Characters that were lost before or while the file was read.
    Damage,
    /// A `gouji-ignore` comment that cannot be followed.
    FaultyIgnore,
    /// A `gouji-ignore` comment that no finding answers to.
    UnusedIgnore,
    Reconciled(Reconciled),
    Malformed,
    UnitMissing,
    Impossible,
    ImpossibleRatio(ImpossibleRatio),
    AnnouncedCount(AnnouncedCount),
    Rounding,
    BoundClaim(BoundClaim),
    DocumentNumber(DocumentNumbers),
    Repeats(Repeats),
    ParagraphEnd(ParagraphEnd),
    HalfWidth(HalfWidth),
    Pairs(Pairs),
    StrayMarks(StrayMarks),
    Spacing(Spacing),
    ItemMarks(ItemMarks),
    MeasureWord(MeasureWord),
    SelfReference(SelfReference),
    ReportYear(Box<ReportYear>),
    ForeignUnit(ForeignUnit),
    NameVariant(NameVariant),
    ScoreTable,
    ScoreFormula,
    DeviationReason,
    FundingRows,
    GradeScore(GradeScore),
    /// These hold a report against others, and are judged by `review`.
    NearDuplicate(NearDuplicate),
    PriorYear(PriorYear),
    LedgerMismatch(LedgerMismatch),
    WrongReport(WrongReport),
    UnitOfBatch(UnitOfBatch),
}

impl Kind {
    /// Whether a report is held against others, which only `review` does.
    pub fn is_across(&self) -> bool {
        matches!(
            self,
            Kind::NearDuplicate(_)
                | Kind::PriorYear(_)
                | Kind::LedgerMismatch(_)
                | Kind::WrongReport(_)
                | Kind::UnitOfBatch(_)
        )
    }

    /// The fixed words this kind wants found; their occurrences come as `Lexed::rule_hits`, with
    /// `Hit::item` the place in this list.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Kind::Words(words) => words.list(),
            Kind::References(references) => references.leads.iter().map(|lead| lead.find.as_str()).collect(),
            Kind::Outturn(outturn) => outturn.list(),
            Kind::Score(score) => score.list(),
            Kind::Ending(ending) => ending.named.iter().map(SmolStr::as_str).collect(),
            Kind::BoundClaim(claim) => claim.bounds.iter().map(|bound| bound.find.as_str()).collect(),
            Kind::Repeats(repeats) => repeats.fixed.list(),
            Kind::GradeScore(kind) => kind.leads.iter().map(SmolStr::as_str).collect(),
            Kind::SelfReference(kind) => kind.forms.iter().map(|form| form.find.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

/// Root causes among the failing checks of these kinds.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reconciled {
    /// `sum`, `equality`, `identity`, `share`, `completion`, `growth`, `flat`, `indicator`, `claim`.
    #[serde(default)]
    pub checks: Vec<SmolStr>,
    /// Only causes that are a confusion of 元, 万元 and 亿元; such causes belong to no other rule.
    #[serde(default)]
    pub unit_slip: bool,
}

/// Percentages of a stated number of people or papers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpossibleRatio {
    /// Measures of the lexicon that are shares of those asked.
    pub measures: Vec<SmolStr>,
    /// Unit families that count those asked: person, 份.
    pub families: Vec<SmolStr>,
}

/// Counts announced behind a list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedCount {
    /// Unit families that count items of a list: 方面, 类.
    pub families: Vec<SmolStr>,
    /// Units in which offices are counted, how their names end, and what is counted where the list stands before: 个股室.
    pub office_units: Vec<SmolStr>,
    pub office_ends: Vec<SmolStr>,
    pub office_nouns: Vec<SmolStr>,
    /// What opens their list behind the count, and what stands between a list and its count: ，共.
    pub office_lists: Vec<SmolStr>,
    pub office_totals: Vec<SmolStr>,
}

/// Words that bound a figure by another: 低于年初预算.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundClaim {
    pub bounds: Vec<Bound>,
    /// Tell the claims that have no figures behind them, instead of those contradicted by figures.
    #[serde(default)]
    pub unsupported: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    pub find: SmolStr,
    pub is: Direction,
    /// Basis of the bound, by its group in the lexicon: `budget`; `prior` for last year.
    pub than: SmolStr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Below,
    NotAbove,
    Above,
    Equal,
}

/// One kind of fault that the recovery of the numbering had to forgive.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    pub fault: NumberingFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumberingFault {
    Gap,
    Repeat,
    Script,
    Punctuation,
    LoneChild,
    LevelOrder,
    Width,
    Unnumbered,
}

/// References to a numbered table, attachment or part of the report itself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct References {
    pub leads: Vec<Lead>,
}

/// Words right before the number referred to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lead {
    pub find: SmolStr,
    pub target: Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    Table,
    Attachment,
    /// 第五部分, 第（五）部分
    Part,
}

/// The table of contents against the headings.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// Entries that must be found as headings, in percent, before any other is doubted.
    pub at_least: u8,
}

/// A grade that does not fit its score.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeScore {
    /// Words in the text behind which the grade stands: 等级.
    pub leads: Vec<SmolStr>,
}
