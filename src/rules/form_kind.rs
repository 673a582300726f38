//! Parameters of the kinds that look at the form of a report: its sections, contents and ending.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

/// A fault in the order of sections that the profile lays down.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    pub fault: SectionFault,
    /// Endings of titles under which text must stand, for headings that the profile does not name.
    #[serde(default)]
    pub endings: Vec<SmolStr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SectionFault {
    Missing,
    Order,
    Empty,
}

/// No figure of execution in a report that is to evaluate it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outturn {
    /// Words of execution that an amount must follow: 决算数.
    pub outturn: Vec<SmolStr>,
    /// Words that an amount or a percentage must follow: 执行率.
    pub rates: Vec<SmolStr>,
    /// Words right behind which the amount must stand: 全年支出.
    pub direct: Vec<SmolStr>,
    /// The same, where no word of `budget` stands before: 支出.
    pub plain: Vec<SmolStr>,
    /// Words that make an amount a budget or an income: 年初预算, 拨款.
    pub budget: Vec<SmolStr>,
    /// Expenses that are a part only: 三公, 接待费.
    pub parts: Vec<SmolStr>,
}

/// No score and no grade in a report that is to give them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Words after which a figure in 分 is the score.
    pub score: Vec<SmolStr>,
    /// Words after which a grade stands.
    pub grade: Vec<SmolStr>,
    pub grades: Vec<SmolStr>,
    /// Words before a figure that make it a full mark.
    pub full: Vec<SmolStr>,
    /// Words that send the reader to another paper for the score.
    pub elsewhere: Vec<SmolStr>,
    /// Words of `score` that say scoring was done.
    pub done: Vec<SmolStr>,
}

/// What is to stand behind the text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    pub wanted: EndingPart,
    /// Words by which the text names a paper that should be attached.
    #[serde(default)]
    pub named: Vec<SmolStr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndingPart {
    Attachment,
    Signature,
}

/// Unit, year and kind in the title.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleParts {
    /// Words before which the unit stands; what is left of them must name somebody.
    pub matter: Vec<SmolStr>,
    /// Words of the kind of paper: 报告.
    pub kinds: Vec<SmolStr>,
}

impl Outturn {
    pub(super) fn list(&self) -> Vec<&str> {
        let Outturn { outturn, rates, direct, plain, budget, parts } = self;
        [outturn, rates, direct, plain, budget, parts].into_iter().flatten().map(SmolStr::as_str).collect()
    }
}

impl Score {
    pub(super) fn list(&self) -> Vec<&str> {
        self.score.iter().chain(&self.grade).map(SmolStr::as_str).collect()
    }
}
