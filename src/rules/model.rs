//! The shapes of the rule files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use super::bodies::Bodies;
use super::equation::{BoundEquation, Split};
use super::kind::Kind;
use super::lexicon::Lexicon;
use super::profile::{Profile, number};
use super::scoring::Scoring;
use super::terms::{Owner, Terms};
use super::unit::Units;
use crate::diagnostic::Severity;

/// Everything the engine knows before it sees a document.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// In order of code.
    pub rules: Vec<Rule>,
    pub citations: BTreeMap<SmolStr, Citation>,
    pub units: Units,
    pub lexicon: Lexicon,
    pub scoring: Scoring,
    /// How names of public bodies are written.
    pub bodies: Bodies,
    /// Identities, indicators and claims.
    pub equations: Vec<BoundEquation>,
    pub splits: Vec<Split>,
    /// In order of their files; the first of equals is the one detected.
    pub profiles: Vec<Profile>,
    /// What a text is judged by that is like none of `profiles`: it demands nothing.
    pub no_profile: Profile,
    /// Every fixed word that some rule or the lexicon looks for.
    pub terms: Terms,
}

/// One file of `rules/<family>/`: all there is to know of a rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub code: SmolStr,
    pub name: SmolStr,
    /// First version that had the rule.
    pub since: SmolStr,
    pub severity: Severity,
    /// Keys of `rules/citations.toml`, strongest first.
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    /// A finding says that a figure is missing: what does not tie in its sentence is explained by it.
    #[serde(default)]
    pub leaves_open: bool,
    pub check: Kind,
    pub zh: Say,
    pub en: Say,
    /// Variants of the rule that say something else or weigh differently.
    #[serde(default, rename = "case")]
    pub cases: Vec<Case>,
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
    /// Place in [`RuleSet::rules`].
    #[serde(skip)]
    pub(super) place: u16,
}

/// The sentences of a rule in one language. `{placeholders}` are filled by the kind; which ones
/// exist is said in the kind's file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// What the rule is about, a noun phrase.
    #[serde(default)]
    pub title: String,
    /// What is wrong.
    #[serde(default)]
    pub message: String,
    /// Text under the primary span.
    #[serde(default)]
    pub note: String,
    /// What to do.
    #[serde(default)]
    pub help: String,
    /// Why it matters.
    #[serde(default)]
    pub why: String,
    /// Known limits.
    #[serde(default)]
    pub limits: String,
    /// Text under the other spans, by the kind's label key.
    #[serde(default)]
    pub labels: BTreeMap<SmolStr, String>,
}

/// A variant: empty sentences and an absent severity fall back to the rule's own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: SmolStr,
    pub severity: Option<Severity>,
    /// Keys of `rules/citations.toml`; none: the rule's own.
    #[serde(default)]
    pub cites: Vec<SmolStr>,
    #[serde(default)]
    pub zh: Say,
    #[serde(default)]
    pub en: Say,
}

/// `bad` must raise this rule exactly on the characters between ⟦ and ⟧ (`⟦⟧` with nothing between
/// marks an empty span); `good` must raise nothing of this rule. Characters between ⟪ and ⟫ are a number that the
/// office program counts by itself. A rule that holds reports against others has `reports` instead, each with its own
/// marks, and is wrong where any of them has one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub bad: Option<String>,
    pub good: Option<String>,
    /// Reports that are handed in together.
    #[serde(default)]
    pub reports: Vec<String>,
    /// Last year's reports.
    #[serde(default)]
    pub prior: Vec<String>,
    /// The bureau's table, as CSV.
    pub ledger: Option<String>,
    /// The case that must answer, where a rule has several.
    pub case: Option<SmolStr>,
    /// Profile to force; the detected one when absent.
    pub profile: Option<SmolStr>,
    /// One line on the trap that a `good` example guards against.
    pub note: Option<String>,
}

impl Example {
    pub fn is_bad(&self) -> bool {
        self.bad.is_some() || self.reports.iter().any(|report| report.contains('⟦'))
    }

    /// As people read it; of several papers each with what it is called.
    pub fn shown(&self, zh: bool) -> String {
        if let Some(text) = self.bad.as_ref().or(self.good.as_ref()) {
            return text.clone();
        }
        let [report, prior, ledger] = if zh {
            ["报告", "上年的报告", "台账"]
        } else {
            ["report", "last year's report", "ledger"]
        };
        let number =
            |name: &str, place: usize| format!("【{name}{}{}】", if zh { "" } else { " " }, place + 1);
        let reports = self.reports.iter().enumerate().map(|(place, text)| (number(report, place), text));
        let prior = self.prior.iter().enumerate().map(|(place, text)| (number(prior, place), text));
        let ledger = self.ledger.iter().map(|text| (format!("【{ledger}】"), text));
        let papers: Vec<String> = reports
            .chain(prior)
            .chain(ledger)
            .map(|(name, text)| format!("{name}\n{}", text.trim_end()))
            .collect();
        papers.join("\n")
    }
}

/// A regulation, standard or practice that a finding rests on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    pub zh: String,
    pub en: String,
    /// How it is known, in the tags of docs/standards.md: `read`, `copy` or `memory`. A clause number
    /// known from memory is never printed.
    pub evidence: SmolStr,
}

impl Rule {
    /// `FIG`, `SEC` …: the letters of the code.
    pub fn family(&self) -> &str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// Place in [`RuleSet::rules`].
    pub fn place(&self) -> usize {
        self.place.into()
    }

    /// How much of the rule `selector` says, a code, a name or the beginning of a code: letters of the code, or
    /// [`usize::MAX`] for all of it.
    pub fn exactness(&self, selector: &str) -> Option<usize> {
        if self.code.eq_ignore_ascii_case(selector) || self.name == selector {
            return Some(usize::MAX);
        }
        let head = self.code.get(..selector.len())?;
        (!selector.is_empty() && head.eq_ignore_ascii_case(selector)).then_some(selector.len())
    }

    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }
}

impl RuleSet {
    /// Numbers the rules and rebuilds `terms`; to be called when the rules are complete.
    pub(super) fn index_terms(&mut self) {
        for (place, rule) in self.rules.iter_mut().enumerate() {
            rule.place = place as u16;
        }
        let words = self.rules.iter().enumerate().flat_map(|(rule, one)| {
            one.check
                .words()
                .into_iter()
                .enumerate()
                .map(move |(item, word)| (word, Owner::Rule { rule: rule as u16, item: item as u16 }))
        });
        let spellings = number(&mut self.profiles);
        let outline =
            spellings.iter().enumerate().map(|(id, word)| (word.as_str(), Owner::Outline(id as u16)));
        let lexicon = self.lexicon.entries.iter().enumerate();
        let lexicon = lexicon.map(|(place, (word, _))| (word.as_str(), Owner::Lexicon(place as u16)));
        let claims = self.equations.iter().enumerate().flat_map(|(place, equation)| {
            equation.words.iter().map(move |word| (word.as_str(), Owner::Claim(place as u16)))
        });
        let names = self.bodies.ends().map(|(word, ends)| (word, Owner::NameEnd { ends }));
        self.terms = Terms::new(words.chain(outline).chain(lexicon).chain(claims).chain(names));
    }

    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }

    /// The rule with this code or name; codes are matched without regard to case.
    pub fn find(&self, code_or_name: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
    }
}
