//! The lexicon: words by which figures are understood.

use std::collections::BTreeMap;

use serde::Deserialize;
use smol_str::SmolStr;

use super::unit::{FamilyId, Units};

/// Place of a measure in [`Lexicon::measures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MeasureId(pub u16);

/// Place of a basis in [`Lexicon::bases`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BasisId(pub u8);

/// Place of a fund in [`Lexicon::funds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FundId(pub u8);

/// What a figure measures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub id: SmolStr,
    pub aliases: Vec<SmolStr>,
    /// Unit family; figures in another one are not this measure. `any`: whatever the figure's unit.
    #[serde(default = "money")]
    pub family: SmolStr,
    /// `family` as the unit table numbers it; `None` for `any`.
    #[serde(skip)]
    pub family_id: Option<FamilyId>,
    /// The same figure whatever fund the section is about.
    #[serde(default)]
    pub fund_free: bool,
    /// Basis that the name itself implies, by id.
    pub basis: Option<SmolStr>,
    /// Measures that reports of this genre use for one and the same total.
    pub group: Option<SmolStr>,
    /// A rate of completion: outturn ÷ budget of what stands beside it.
    #[serde(default)]
    pub completion: bool,
    /// For a rate of completion: the group of the basis that is above the line, 决算 where nothing is said.
    pub done: Option<SmolStr>,
    /// Never above 100 %.
    #[serde(default)]
    pub capped: bool,
    /// So general that two mentions need not be the same thing.
    #[serde(default)]
    pub open: bool,
    /// Told beside a total more often than as a part of it: 退休人员 beside 在职人员, 结余 beside 支出.
    #[serde(default)]
    pub beside: bool,
    /// For a rate of completion: the group of the basis that is below the line, where it is no budget.
    pub plan: Option<SmolStr>,
    /// Common words that name a figure only right before it: 满意182份.
    #[serde(default)]
    pub adjacent: Vec<SmolStr>,
    /// What the sentence grammar has to know of it.
    pub role: Option<MeasureRole>,
}

/// Parts that a measure plays in the sentence grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureRole {
    /// 本年收入, 支出总计 …: a name for all of it.
    Whole,
    /// 年中追加: granted after the opening budget.
    Added,
    /// 年初结转: left from the year before.
    Carried,
    /// 年末结转: what is left of the one after the other.
    Rest,
    /// 到位资金: what came in; lends its name to no other figure.
    Received,
    /// 自评得分: the total of a form.
    Score,
    /// 预算调整率: what was added or taken off, of the opening budget.
    Adjustment,
}

fn money() -> SmolStr {
    SmolStr::new_static("money")
}

/// 口径: budget, adjusted budget, income, outturn, target.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    pub id: SmolStr,
    pub group: SmolStr,
    pub words: Vec<SmolStr>,
}

/// One of the budgets by source of money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fund {
    pub id: SmolStr,
    pub words: Vec<SmolStr>,
}

/// Classes of the sentence grammar; the words of each are data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cue {
    OfWhich,
    Including,
    /// 按支出性质分: one more way to divide the total of the sentence.
    By,
    Follows,
    Respectively,
    Composed,
    Each,
    Up,
    Down,
    UpTo,
    DownTo,
    Flat,
    Share,
    Complete,
    Compare,
    /// 由, 从: before a period, where a change begins.
    From,
    Total,
    Zero,
    Noun,
    Link,
    /// 主要用于: what follows is some of what the figure before was spent on.
    SpentOn,
    Open,
    Average,
    Below,
    Above,
    /// 其他: a plain word that must not be taken for the words in it.
    Plain,
    /// 调入, 录用: those who come and go are not those who are there.
    Moves,
}

/// Words that the sentence grammar looks for inside a label or a phrase; the classes are fixed, the words are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordClass {
    /// 计划, 任务: in what is said of a figure, makes it the plan.
    Planned,
    /// 为, 相当于: before a plan, where the rate of it follows.
    AmountsTo,
    /// 结余, 节约资金: labels of what is left.
    Rest,
    /// 完成, 未: what follows a count and does not say what was counted.
    Verb,
    /// 未, 不: before a word, turns it round.
    Not,
    /// 增长, 控制: stems of rates that are no share of what they are named after.
    NoShare,
    /// 比, 上年: in a bracket, make it no list of parts.
    NoList,
    /// 全部, 总数: all of what the part counts.
    Everything,
    /// 和, 及: join two labels.
    Joins,
    /// 支出: alone, the outturn of what was spoken of.
    Spent,
    /// 持平: as high as before, and no word for a state of things.
    Level,
    /// 多, 高: right before a figure that is compared, more by that much.
    More,
    /// 少, 低
    Less,
    /// 相差, 缺口: the difference of the two figures before.
    Apart,
    /// 优, 合格: what is counted by its grade.
    Grade,
    /// 年初: behind 比 or 较, what the year began with.
    Opening,
    /// 同比, 环比: against another time than the beginning of the year.
    YearOnYear,
    /// 多增, 少增: by how much more or less a figure grew than it had grown before.
    ChangeOfChange,
    /// 主要为: behind an item of a list, the main parts of that item.
    Mainly,
    /// 实际: done, and not planned.
    Actual,
    /// 共: alone before a count behind others, all of them.
    InAll,
    /// 以上, 以下: behind a mark, a band of marks.
    Bound,
    /// 满分: the sum of the marks told before.
    FullMark,
    /// 收入, 支出: in a label, say whether it is received or spent.
    Direction,
    /// 核定, 定额: of an amount per head, that no more may be spent.
    Quota,
    /// 可用资金: all that there is to spend.
    Available,
    /// 季度末, 上半年: of a label, that it tells when and not what.
    When,
    /// 合计, and 小计: rows and columns of a table that add up.
    TotalRow,
    SubtotalRow,
    /// In the head of a column: 序号, 备注, 目标.
    AsideHead,
    /// 目标值, 完成值
    AimHead,
    /// 单价, 人均
    SpreadHead,
    /// 分值, 得分
    ScoreHead,
    /// 占比
    ShareHead,
    /// 率, 幅度: how the name of a rate ends.
    RateHead,
    /// 增, 变动: of a rate, that it is one of growth.
    GrowthHead,
    /// 增减额
    ChangeHead,
    /// 金额, 支出, 年
    AmountHead,
}

const WORD_CLASSES: usize = WordClass::AmountHead as usize + 1;

/// What a word of the lexicon is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Measure(MeasureId),
    Basis(BasisId),
    Fund(FundId),
    /// 上年, 去年
    Prior,
    /// 本年, 当年
    Current,
    Cue(Cue),
}

#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Periods {
    #[serde(default)]
    pub prior: Vec<SmolStr>,
    #[serde(default)]
    pub current: Vec<SmolStr>,
}

/// `rules/lexicon.toml` as written.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct LexiconFile {
    #[serde(default, rename = "measure")]
    pub measures: Vec<Measure>,
    #[serde(default, rename = "basis")]
    pub bases: Vec<Basis>,
    #[serde(default, rename = "fund")]
    pub funds: Vec<Fund>,
    #[serde(default)]
    pub periods: Periods,
    #[serde(default)]
    pub cues: BTreeMap<Cue, Vec<SmolStr>>,
    #[serde(default)]
    pub words: BTreeMap<WordClass, Vec<SmolStr>>,
}

/// The lexicon, with every word's meaning in one list.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    pub measures: Vec<Measure>,
    pub bases: Vec<Basis>,
    pub funds: Vec<Fund>,
    /// Word and meaning; the place in this list is what a hit carries.
    pub entries: Vec<(SmolStr, Entry)>,
    /// By [`WordClass`].
    words: Vec<Vec<SmolStr>>,
}

impl Lexicon {
    /// Merges the files in order; a later measure, basis or fund of the same id replaces the earlier.
    pub fn new(files: Vec<LexiconFile>) -> Self {
        let mut file = LexiconFile::default();
        for more in files {
            file.measures.retain(|old| !more.measures.iter().any(|new| new.id == old.id));
            file.measures.extend(more.measures);
            file.bases.retain(|old| !more.bases.iter().any(|new| new.id == old.id));
            file.bases.extend(more.bases);
            file.funds.retain(|old| !more.funds.iter().any(|new| new.id == old.id));
            file.funds.extend(more.funds);
            file.periods.prior.extend(more.periods.prior);
            file.periods.current.extend(more.periods.current);
            for (cue, words) in more.cues {
                file.cues.entry(cue).or_default().extend(words);
            }
            for (class, words) in more.words {
                file.words.entry(class).or_default().extend(words);
            }
        }
        let mut entries = Vec::new();
        for (place, measure) in file.measures.iter().enumerate() {
            for alias in measure.aliases.iter().chain(&measure.adjacent) {
                for word in quoted_forms(alias) {
                    entries.push((word, Entry::Measure(MeasureId(place as u16))));
                }
            }
        }
        for (place, basis) in file.bases.iter().enumerate() {
            entries.extend(basis.words.iter().map(|word| (word.clone(), Entry::Basis(BasisId(place as u8)))));
        }
        for (place, fund) in file.funds.iter().enumerate() {
            entries.extend(fund.words.iter().map(|word| (word.clone(), Entry::Fund(FundId(place as u8)))));
        }
        entries.extend(file.periods.prior.iter().map(|word| (word.clone(), Entry::Prior)));
        entries.extend(file.periods.current.iter().map(|word| (word.clone(), Entry::Current)));
        for (cue, words) in &file.cues {
            entries.extend(words.iter().map(|word| (word.clone(), Entry::Cue(*cue))));
        }
        // A word with two meanings keeps the first in the order above: measure, basis, fund, period, cue.
        let mut seen = rustc_hash::FxHashSet::default();
        entries.retain(|(word, _)| seen.insert(word.clone()));
        let mut words = vec![Vec::new(); WORD_CLASSES];
        for (class, list) in file.words {
            words[class as usize] = list;
        }
        Lexicon { measures: file.measures, bases: file.bases, funds: file.funds, entries, words }
    }

    /// Looks the families of the measures up in the unit table; gives the first that is not in it.
    pub fn resolve(&mut self, units: &Units) -> Option<SmolStr> {
        let mut unknown = None;
        for measure in self.measures.iter_mut().filter(|measure| measure.family != "any") {
            measure.family_id = units.find_family(&measure.family);
            if measure.family_id.is_none() {
                unknown = unknown.or(Some(measure.family.clone()));
            }
        }
        unknown
    }

    /// Whether figures of `family` may be `measure`.
    pub fn fits(&self, measure: MeasureId, family: FamilyId) -> bool {
        let known = self.measure(measure);
        known.family_id == Some(family) || known.family == "any"
    }

    pub fn measure(&self, id: MeasureId) -> &Measure {
        &self.measures[usize::from(id.0)]
    }

    pub fn words(&self, class: WordClass) -> &[SmolStr] {
        self.words.get(class as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether `text` is one of the words of `class`.
    pub fn is_word(&self, class: WordClass, text: &str) -> bool {
        self.words(class).iter().any(|word| word == text)
    }

    /// Whether `text` begins with, ends with or holds one of them.
    pub fn starts_with(&self, class: WordClass, text: &str) -> bool {
        self.words(class).iter().any(|word| text.starts_with(word.as_str()))
    }

    pub fn ends_with(&self, class: WordClass, text: &str) -> bool {
        self.words(class).iter().any(|word| text.ends_with(word.as_str()))
    }

    pub fn holds(&self, class: WordClass, text: &str) -> bool {
        self.words(class).iter().any(|word| text.contains(word.as_str()))
    }

    /// Like [`Lexicon::holds`], without the words of one character, which are part of too many others.
    pub fn holds_long(&self, class: WordClass, text: &str) -> bool {
        let mut long = self.words(class).iter().filter(|word| word.chars().nth(1).is_some());
        long.any(|word| text.contains(word.as_str()))
    }

    pub fn basis(&self, id: BasisId) -> &Basis {
        &self.bases[usize::from(id.0)]
    }

    pub fn find_measure(&self, id: &str) -> Option<MeasureId> {
        self.measures.iter().position(|measure| measure.id == id).map(|place| MeasureId(place as u16))
    }

    pub fn fund_called(&self, words: &str) -> Option<FundId> {
        let place = self.funds.iter().position(|fund| fund.words.iter().any(|word| word == words))?;
        Some(FundId(place as u8))
    }

    pub fn find_basis(&self, id: &str) -> Option<BasisId> {
        self.bases.iter().position(|basis| basis.id == id).map(|place| BasisId(place as u8))
    }
}

/// “三公” is typed with any quotation marks or with none.
fn quoted_forms(alias: &str) -> Vec<SmolStr> {
    let plain = alias.replace(['“', '”'], "");
    if !plain.contains("三公") {
        return vec![alias.into()];
    }
    let with = |marks: &str| SmolStr::from(plain.replace("三公", marks));
    vec![with("“三公”"), with("三公"), with("\"三公\""), with("‘三公’"), with("「三公」")]
}
