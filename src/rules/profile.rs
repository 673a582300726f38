//! Outline profiles: what a report of one kind is made of, as data.
//!
//! Takes the files of `rules/outlines/`; gives [`Profile`]s whose words carry their place in
//! `Lexed::outline_hits`, so that a text is searched for all of them in the one scan.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;

use crate::diagnostic::Severity;

/// A fixed word with its number; words of the same spelling have the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: SmolStr,
    pub id: u16,
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Word { text: SmolStr::deserialize(deserializer)?, id: u16::MAX })
    }
}

/// Satisfied where all words of any one list are found.
pub type Groups = Vec<Vec<Word>>;

/// One kind of report, perhaps of one province and from one year on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: SmolStr,
    pub zh: SmolStr,
    pub en: SmolStr,
    pub genre: Genre,
    /// Whether it reports on a whole year that has ended.
    #[serde(default)]
    pub annual: bool,
    /// Whether the order of its sections is laid down.
    #[serde(default)]
    pub ordered: bool,
    /// Keys of `rules/citations.toml` that its demands rest on.
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    #[serde(default)]
    pub detect: Detect,
    /// In the order they are to stand in.
    #[serde(default, rename = "section")]
    pub sections: Vec<Section>,
    #[serde(default, rename = "content")]
    pub contents: Vec<Content>,
    /// Papers that are to be attached.
    #[serde(default)]
    pub attachments: Vec<SmolStr>,
    /// Grade bands, best first.
    #[serde(default)]
    pub grades: Vec<Grade>,
}

/// What a report is for; rules that ask for scores or outturn look at this, never at a profile's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Genre {
    /// 绩效自评: a unit on itself.
    SelfEvaluation,
    /// 绩效评价: a department or the finance bureau, often through a third party, on a project.
    Evaluation,
    /// 决算公开.
    FinalAccounts,
    /// 预算公开.
    Budget,
    #[default]
    Other,
}

impl Genre {
    /// Whether execution, score and causes are to be reported.
    pub fn evaluates(self) -> bool {
        matches!(self, Genre::SelfEvaluation | Genre::Evaluation)
    }
}

/// How the kind is told from the text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Words of the title.
    #[serde(default)]
    pub title: Groups,
    /// Words of the title that rule the kind out.
    #[serde(default)]
    pub not: Vec<Word>,
    /// Words of the first paragraphs, for texts that lost their title.
    #[serde(default)]
    pub opening: Groups,
    /// Words of headings that tell this kind from its neighbours.
    #[serde(default)]
    pub headings: Vec<Word>,
    /// How many of them there must be.
    #[serde(default)]
    pub needs: u8,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: SmolStr,
    pub title: Word,
    /// Other titles in use.
    #[serde(default)]
    pub aliases: Vec<Word>,
    /// Words by which a title that is none of these is still taken for the section.
    #[serde(default)]
    pub keys: Groups,
    /// Words of a title that rule it out.
    #[serde(default)]
    pub not: Vec<Word>,
    #[serde(default)]
    pub required: bool,
    /// Where it may stand elsewhere than in its place.
    #[serde(default)]
    pub free: bool,
    /// Severity of its absence, where it is not the rule's own.
    pub severity: Option<Severity>,
    /// Keys of `rules/citations.toml`; none: the profile's own.
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    /// Words that show its matter stated outside a section of its own; its absence then is a hint.
    #[serde(default)]
    pub stated: Groups,
}

/// Matter that is to be found in a part of the report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub id: SmolStr,
    pub zh: SmolStr,
    pub en: SmolStr,
    #[serde(rename = "in")]
    pub scope: Scope,
    /// Nothing is asked where this is said.
    #[serde(default)]
    pub unless: Groups,
    /// Nothing is asked where all amounts at the place are zero.
    #[serde(default)]
    pub zero: bool,
    /// Severity where there is no such place at all; none: it may be absent.
    pub absent: Option<Severity>,
    #[serde(rename = "need")]
    pub needs: Vec<Need>,
    pub help_zh: SmolStr,
    pub help_en: SmolStr,
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    pub severity: Option<Severity>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scope {
    /// All paragraphs that hold one of the words.
    Mentions(Vec<Word>),
    /// The innermost parts whose title holds the words of a list.
    Titles(Groups),
    /// A section of this profile.
    Section(SmolStr),
}

/// One thing asked for; any of its conditions satisfies it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub zh: SmolStr,
    pub en: SmolStr,
    #[serde(default)]
    pub words: Groups,
    /// The words count only where an amount or a percentage follows in the sentence.
    #[serde(default)]
    pub amount: bool,
    /// Any figure with a unit.
    #[serde(default)]
    pub figure: bool,
    /// At least so many sentences.
    pub sentences: Option<u32>,
    /// At least as many numbered items as this section has.
    pub answers: Option<SmolStr>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    pub name: SmolStr,
    /// Lowest score of the band.
    pub from: rust_decimal::Decimal,
}

impl Profile {
    /// The profile that demands nothing.
    pub(super) fn none() -> Self {
        Profile {
            id: "none".into(),
            zh: "未识别的文种（不作章节要求）".into(),
            en: "unrecognised kind (no sections demanded)".into(),
            ..Profile::default()
        }
    }

    pub fn section(&self, id: &str) -> Option<usize> {
        self.sections.iter().position(|section| section.id == id)
    }

    fn words_mut(&mut self) -> impl Iterator<Item = &mut Word> {
        let detect = &mut self.detect;
        let sections = self.sections.iter_mut().flat_map(|one| {
            std::iter::once(&mut one.title)
                .chain(&mut one.aliases)
                .chain(&mut one.not)
                .chain(one.keys.iter_mut().chain(&mut one.stated).flatten())
        });
        let contents = self.contents.iter_mut().flat_map(|one| {
            let scope: Vec<&mut Word> = match &mut one.scope {
                Scope::Mentions(words) => words.iter_mut().collect(),
                Scope::Titles(groups) => groups.iter_mut().flatten().collect(),
                Scope::Section(_) => Vec::new(),
            };
            let needs = one.needs.iter_mut().flat_map(|need| need.words.iter_mut().flatten());
            scope.into_iter().chain(one.unless.iter_mut().flatten()).chain(needs)
        });
        (detect.title.iter_mut().chain(&mut detect.opening).flatten())
            .chain(&mut detect.not)
            .chain(&mut detect.headings)
            .chain(sections)
            .chain(contents)
    }
}

/// Numbers the words of all profiles and lists each spelling once.
pub(super) fn number(profiles: &mut [Profile]) -> Vec<SmolStr> {
    let mut spellings: Vec<SmolStr> = Vec::new();
    let mut numbers: FxHashMap<SmolStr, u16> = FxHashMap::default();
    for word in profiles.iter_mut().flat_map(Profile::words_mut) {
        word.id = *numbers.entry(word.text.clone()).or_insert_with(|| {
            spellings.push(word.text.clone());
            (spellings.len() - 1) as u16
        });
    }
    spellings
}
