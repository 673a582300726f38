//! Rule files to [`RuleSet`].
//!
//! A folder of the user's own mirrors `rules/`: a rule whose code is known replaces that rule, entries
//! of the shared tables are added to, or replace, those of the same key.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use smol_str::SmolStr;

use super::bodies::{Bodies, BodiesFile};
use super::equation::{self, EquationsFile};
use super::lexicon::{Lexicon, LexiconFile};
use super::model::{Citation, Rule, RuleSet};
use super::profile::Profile;
use super::scoring::{Scoring, ScoringFile};
use super::unit::{Unit, Units};
use super::validate;
use crate::document::Span;
use crate::mistake::Mistake;

/// The baked rule files; see build.rs for the shape.
const EMBEDDED: Baked = include!(concat!(env!("OUT_DIR"), "/rules.rs"));
const LEAN: Baked = include!(concat!(env!("OUT_DIR"), "/lean.rs"));

type Baked = &'static [(&'static str, &'static str)];

/// How much of the embedded rules is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Full,
    /// Without why, limits and examples, which auditing does not need.
    Lean,
}

/// Folders of `rules/` whose files are one rule each.
const FAMILIES: [&str; 8] =
    ["figures/", "tables/", "sections/", "numbering/", "consistency/", "wording/", "ignores/", "across/"];

/// Folder whose files are one outline profile each.
const OUTLINES: &str = "outlines/";

/// A rule file of the user's.
#[derive(Debug, Clone)]
pub struct UserFile {
    /// Path below the folder, parted by `/`.
    pub name: String,
    /// Path as shown to people.
    pub path: String,
    pub text: String,
}

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file of the binary's own: a bug of ours.
    #[error("内置规则文件 {file} 有误：{message}")]
    Embedded { file: String, message: String },
    /// Files of the user's.
    #[error("规则文件有 {} 处错误", .0.len())]
    User(Vec<Mistake>),
}

/// The rule set that the binary carries.
pub fn embedded() -> Result<RuleSet, LoadError> {
    with(&[], Detail::Full)
}

/// The rule set that the binary carries, with the user's files laid over it.
pub fn with(user: &[UserFile], detail: Detail) -> Result<RuleSet, LoadError> {
    let baked = match detail {
        Detail::Full => EMBEDDED,
        Detail::Lean => LEAN,
    };
    let mut files = Files { baked, user, mistakes: Vec::new() };
    let mut set = RuleSet {
        citations: files
            .all::<Citations>("citations.toml")?
            .into_iter()
            .flat_map(|one| one.citations)
            .collect(),
        units: Units::new(
            files.all::<UnitFile>("units.toml")?.into_iter().flat_map(|one| one.unit).collect(),
        ),
        rules: files.rules()?,
        lexicon: Lexicon::new(files.all::<LexiconFile>("lexicon.toml")?),
        bodies: Bodies::new(files.all::<BodiesFile>("bodies.toml")?),
        scoring: Scoring::new(files.all::<ScoringFile>("scoring.toml")?),
        profiles: files.profiles()?,
        no_profile: Profile::none(),
        ..RuleSet::default()
    };
    if let Some(family) = set.lexicon.resolve(&set.units) {
        files.unknown_family(&family)?;
    }
    files.equations(&mut set)?;
    validate::user_rules(&set, user, &mut files.mistakes);
    validate::user_profiles(&set, user, &mut files.mistakes);
    let folders: Vec<&str> = FAMILIES.into_iter().chain([OUTLINES]).collect();
    validate::user_names(user, &folders, &TABLES, &mut files.mistakes);
    if !files.mistakes.is_empty() {
        files.mistakes.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        return Err(LoadError::User(files.mistakes));
    }
    set.index_terms();
    Ok(set)
}

/// Shared tables that lie directly in the folder.
const TABLES: [&str; 7] = [
    "bodies.toml",
    "citations.toml",
    "identities.toml",
    "indicators.toml",
    "lexicon.toml",
    "scoring.toml",
    "units.toml",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Citations {
    citations: BTreeMap<SmolStr, Citation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitFile {
    unit: Vec<Unit>,
}

/// The embedded files and the user's, read alike.
struct Files<'a> {
    baked: Baked,
    user: &'a [UserFile],
    mistakes: Vec<Mistake>,
}

impl Files<'_> {
    /// File `name`, the embedded one first.
    fn all<T: DeserializeOwned>(&mut self, name: &str) -> Result<Vec<T>, LoadError> {
        let mut all = Vec::new();
        if let Some((_, json)) = self.baked.iter().find(|(path, _)| *path == name) {
            all.push(baked(name, json)?);
        }
        for file in self.user.iter().filter(|file| file.name == name) {
            all.extend(self.written(file));
        }
        Ok(all)
    }

    /// All rules, in order of code; the user's replace those of the same code.
    fn rules(&mut self) -> Result<Vec<Rule>, LoadError> {
        let is_rule = |name: &str| FAMILIES.iter().any(|family| name.starts_with(family));
        self.keyed(is_rule, |rule: &Rule| rule.code.clone())
    }

    /// All profiles, in order of id; the user's replace those of the same id.
    fn profiles(&mut self) -> Result<Vec<Profile>, LoadError> {
        self.keyed(|name| name.starts_with(OUTLINES), |profile: &Profile| profile.id.clone())
    }

    /// The files that `wanted` picks, one thing each, the user's laid over the embedded ones.
    fn keyed<T: DeserializeOwned>(
        &mut self,
        wanted: impl Fn(&str) -> bool,
        key: impl Fn(&T) -> SmolStr,
    ) -> Result<Vec<T>, LoadError> {
        let mut all = BTreeMap::new();
        for (name, json) in self.baked.iter().filter(|(name, _)| wanted(name)) {
            let one: T = baked(name, json)?;
            all.insert(key(&one), one);
        }
        for file in self.user.iter().filter(|file| wanted(&file.name)) {
            if let Some(one) = self.written::<T>(file) {
                all.insert(key(&one), one);
            }
        }
        Ok(all.into_values().collect())
    }

    /// A measure of `family`, which no unit has.
    fn unknown_family(&mut self, family: &str) -> Result<(), LoadError> {
        let zh = format!("units.toml 中没有“{family}”这一类单位");
        let quoted = format!("\"{family}\"");
        let wrote = |file: &&UserFile| file.name == "lexicon.toml" && file.text.contains(&quoted);
        let Some(file) = self.user.iter().find(wrote) else {
            return Err(LoadError::Embedded { file: "lexicon.toml".to_owned(), message: zh });
        };
        let place = file.text.find(&quoted).map(|at| Span::of(at, at + quoted.len()));
        let en = format!("units.toml has no unit of family `{family}`");
        self.mistakes.push(Mistake::new(&file.path, &file.text, place, zh, en));
        Ok(())
    }

    /// Identities and indicators, their names looked up; the user's come after the binary's.
    fn equations(&mut self, set: &mut RuleSet) -> Result<(), LoadError> {
        for name in ["identities.toml", "indicators.toml"] {
            if let Some((_, json)) = self.baked.iter().find(|(path, _)| *path == name) {
                let file: EquationsFile = baked(name, json)?;
                let bound = equation::bind(&file, &set.lexicon).map_err(|error| LoadError::Embedded {
                    file: name.to_owned(),
                    message: error.to_string(),
                })?;
                set.equations.extend(bound);
            }
            for file in self.user.iter().filter(|file| file.name == name) {
                let Some(read) = self.written::<EquationsFile>(file) else { continue };
                match equation::bind(&read, &set.lexicon) {
                    Ok(bound) => set.equations.extend(bound),
                    Err(error) => {
                        let formula = error.formula();
                        let place = file.text.find(formula).map(|at| Span::of(at, at + formula.len()));
                        let said = error.to_string();
                        self.mistakes.push(Mistake::new(&file.path, &file.text, place, said.clone(), said));
                    }
                }
            }
        }
        set.splits = equation::splits(&set.equations);
        Ok(())
    }

    fn written<T: DeserializeOwned>(&mut self, file: &UserFile) -> Option<T> {
        toml::from_str(&file.text)
            .map_err(|error| self.mistakes.push(Mistake::of_toml(&file.path, &file.text, &error)))
            .ok()
    }
}

fn baked<T: DeserializeOwned>(file: &str, json: &str) -> Result<T, LoadError> {
    serde_json::from_str(json)
        .map_err(|error| LoadError::Embedded { file: file.to_owned(), message: error.to_string() })
}
