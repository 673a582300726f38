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
    /// What stands right before the base of a comparison: 比, 较.
    pub against: Vec<SmolStr>,
    /// What stands before it where one of `compares` stands behind: 与…相比.
    pub beside: Vec<SmolStr>,
    pub compares: Vec<SmolStr>,
    /// Words of a sentence that is on another year than the report's.
    pub other_years: Vec<SmolStr>,
    /// Words of an opening that speaks of an earlier evaluation.
    pub earlier: Vec<SmolStr>,
    /// What ends right before the year of what is evaluated: 对, and of what was ordered: 开展.
    pub object: Vec<SmolStr>,
    pub orders: Vec<SmolStr>,
    /// What begins a report of the writer's own: 现将, and what it is a report of.
    pub reports: Vec<SmolStr>,
    pub about: Vec<SmolStr>,
    /// What a heading of accounts, and one of a budget, is about.
    pub accounts_headings: Vec<SmolStr>,
    pub budget_headings: Vec<SmolStr>,
    /// Words of a heading that is on the other kind: 执行.
    pub unless_heading: Vec<SmolStr>,
    /// What speaks of another year on purpose.
    pub history: Vec<SmolStr>,
    /// How a body calls itself.
    pub own: Vec<SmolStr>,
    /// How a sentence begins that there is nothing, and how its first words may end.
    pub nothing: Vec<SmolStr>,
    pub nothing_ends: Vec<SmolStr>,
    /// What a paragraph begins with that tells the state of things at a day, and the things whose state accounts tell.
    pub until: Vec<SmolStr>,
    pub states: Vec<SmolStr>,
    /// The same of evaluations, and what tells an earlier year on purpose.
    pub year_end: Vec<SmolStr>,
    pub before_year: Vec<SmolStr>,
    /// What may stand before the figure of a base, and what the sentence then says of it: 增加.
    pub amounts: Vec<SmolStr>,
    pub changes: Vec<SmolStr>,
    /// What an order to evaluate is called, and what it is about.
    pub notices: Vec<SmolStr>,
    pub called: Vec<SmolStr>,
    /// What ends right before the year of the money evaluated: 评价对象为.
    pub objects: Vec<SmolStr>,
    /// The same of accounts: 纳入.
    pub within: Vec<SmolStr>,
    /// What only a budget says, and words on how an earlier one was carried out.
    pub budgeted: Vec<SmolStr>,
    pub other_accounts: Vec<SmolStr>,
    /// What is counted at the end of the year: 在职.
    pub staff: Vec<SmolStr>,
    /// What the result of an evaluation is called.
    pub scores: Vec<SmolStr>,
    /// Words of a sentence on what was done, and on what is planned.
    pub executed: Vec<SmolStr>,
    pub plans: Vec<SmolStr>,
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
    /// Characters that end the name of a place which has bodies of its own.
    pub levels: SmolStr,
    /// What may stand right before the name of a place, besides blanks.
    pub before_place: SmolStr,
    /// Words of the title of a report that one body alone signs.
    pub own_paper: Vec<SmolStr>,
    /// How the line of the date begins.
    pub dates: Vec<SmolStr>,
    /// How the name ends of bodies that have none of their like below them.
    pub alike: SmolStr,
    /// What a report says of its own unit, right behind the name or the name and a year, and what that unit evaluates.
    pub speaks: Vec<SmolStr>,
    pub evaluated: Vec<SmolStr>,
    /// What the name of a body's own rules goes on with: 内部.
    pub inside: Vec<SmolStr>,
    /// What may stand before a name at the beginning of a sentence, besides marks: 年.
    pub years: Vec<SmolStr>,
    /// How the name of the party's committee goes on after the place.
    pub party: Vec<SmolStr>,
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
