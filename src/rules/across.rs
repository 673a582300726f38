//! Parameters of the kinds that compare a report with others.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

/// Long passages shared with another unit's report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearDuplicate {
    /// Characters (figures and marks not counted) from which on a passage is long.
    pub at_least: u32,
    /// A text that more units than this many percent of the batch have is a template's.
    pub common_percent: u32,
    /// The same as a number: never fewer, never more.
    pub common_least: u32,
    pub common_most: u32,
    /// Sentences with one of these words are everybody's.
    pub common: Vec<SmolStr>,
    /// Sections with one of these words in their title are everybody's.
    pub sections: Vec<SmolStr>,
}

/// The same file or the same unit twice, another year than the batch.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrongReport {
    /// Reports of one kind from which on their year is looked at.
    pub batch_least: u32,
    /// Percent of them that must be of one year.
    pub majority: u32,
    /// Words in a title of which a unit may hand in several in one year.
    pub several: Vec<SmolStr>,
}

/// The name of another unit of the batch where the own is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitOfBatch {
    /// What a report says of its own unit right behind the name, or behind the year that follows it.
    pub own: Vec<SmolStr>,
    /// More mentions than this are no slip.
    pub few: u32,
}

/// What a report says of last year, against last year's report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorYear {
    pub balances: Vec<PriorBalance>,
}

/// One balance at the end of a year and at the beginning of the next, by measures of the lexicon.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorBalance {
    pub closing: SmolStr,
    pub opening: SmolStr,
}

/// Figures against the bureau's own table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerMismatch {
    /// What the columns may be called.
    pub columns: LedgerColumns,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerColumns {
    pub unit: Vec<SmolStr>,
    pub measure: Vec<SmolStr>,
    pub basis: Vec<SmolStr>,
    pub year: Vec<SmolStr>,
    pub amount: Vec<SmolStr>,
    /// The unit of measurement, where it has a column of its own.
    pub counted_in: Vec<SmolStr>,
}
