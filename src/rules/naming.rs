//! Parameters of the kinds that look at names and years.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use super::pattern::Pattern;

/// 我会 in a report that says 我局 of itself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfReference {
    pub forms: Vec<SelfForm>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfForm {
    pub find: SmolStr,
    /// How names of units end that speak of themselves so.
    pub ends: Vec<SmolStr>,
    #[serde(default)]
    pub unless_after: Vec<Pattern>,
}

/// Another year where the report's own is meant, or its own where another is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportYear {
    /// What follows the year in a comparison of budgets with one another.
    pub budget: Vec<SmolStr>,
    /// The same of accounts.
    pub accounts: Vec<SmolStr>,
    /// What follows the base of a comparison in any report: 相比.
    pub base: Vec<SmolStr>,
    /// What follows the year where a paragraph begins to state the report's figures.
    pub leads: Vec<SmolStr>,
}

/// The same body of another place.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignUnit {
    /// Words before a name that make its bearer a partner, not the author.
    pub partners: Vec<SmolStr>,
    /// Words after a name that do the same.
    pub visits: Vec<SmolStr>,
    /// Words that follow on the name of who speaks of himself.
    pub describes: Vec<SmolStr>,
    /// Ends of names of bodies that others' reports speak of.
    pub superiors: Vec<SmolStr>,
    /// Characters that are no part of a place's name.
    pub no_name: SmolStr,
}

/// One thing named two ways.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameVariant {
    /// Ends of titles that are compared.
    pub ends: Vec<SmolStr>,
    /// Characters that make two names two things: 一, 省, 上.
    pub telling: SmolStr,
}
