//! Parameters of the kinds that look at marks, words and the ends of paragraphs.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use super::words::Words;

/// 发文字号 in another form than 〔2024〕2号.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentNumbers {
    /// Words before the number that make it the number of something else: 合同.
    #[serde(default)]
    pub unless_before: Vec<SmolStr>,
    /// Words after 号 that make it no document number: 楼.
    #[serde(default)]
    pub unless_after: Vec<SmolStr>,
}

/// A word printed twice.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeats {
    /// Words that are wrong when doubled, whatever follows.
    pub always: Vec<SmolStr>,
    /// Words that are rightly doubled.
    pub allowed: Vec<SmolStr>,
    /// What may follow a doubled word that is not in `always`: by this it cannot be the head of a compound,
    /// as the second 部门 of 各部门部门预算 is.
    pub followers: Vec<SmolStr>,
    /// Doubled characters and the like.
    #[serde(default)]
    pub fixed: Words,
    /// Nouns that never stand before a compound they begin, where they themselves begin the clause.
    #[serde(default)]
    pub nouns: Vec<SmolStr>,
    /// Words of these reports that are hardly ever rightly doubled, and such nouns.
    #[serde(default)]
    pub common: Vec<SmolStr>,
    #[serde(default)]
    pub common_nouns: Vec<SmolStr>,
    /// Compounds that begin with one of them and may follow on a compound that ends with it: 在职人员人员经费.
    #[serde(default)]
    pub compounds: Vec<SmolStr>,
    /// Characters that no compound goes on behind: 的, 由, 年.
    #[serde(default)]
    pub parts: SmolStr,
    /// Least length, in characters, of a sentence that may not stand twice in a row.
    pub sentence: usize,
}

/// Half-width marks in Chinese text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HalfWidth {
    /// More places of one mark than this are one finding.
    pub group_above: usize,
}

/// Quotation marks and brackets that do not pair.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pairs {
    /// Paragraphs over which a quotation may run.
    pub quotation_paragraphs: u32,
    /// Openers with the words behind them that a web page leaves open where its buttons were.
    #[serde(default)]
    pub buttons: Vec<SmolStr>,
}

/// Marks beside one another, at the start of a line, or before 等.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrayMarks {
    /// Words that begin with 等 and may follow a 、.
    pub words_of_deng: Vec<SmolStr>,
}

/// Paragraphs that do not end as a sentence.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParagraphEnd {
    /// Beginnings of paragraphs that need no stop: 附件.
    pub unless_start: Vec<SmolStr>,
    /// Words that make a line a sentence: 单位无, 未发生.
    pub predicates: Vec<SmolStr>,
    /// Beginnings of lines that state something: 本, 我, 20.
    pub statements: Vec<SmolStr>,
    /// Beginnings of lines that no paragraph goes on with: 附件, 第一部分.
    pub anew: Vec<SmolStr>,
    /// Words that announce what follows.
    pub announces: Vec<SmolStr>,
    /// More places without a stop than this are one finding.
    pub group_above: usize,
}

/// Blanks where Chinese text has none.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spacing {
    /// Places named in the one finding.
    pub labels: usize,
}

/// `；` after an item that holds a `。`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemMarks {}

/// A count without its measure word beside siblings that have one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureWord {
    /// Characters before a number that make it no count: 第.
    pub unless_before: Vec<SmolStr>,
}
