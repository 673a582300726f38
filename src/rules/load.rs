//! Rule files to [`RuleSet`].
//!
//! A folder of the user's own mirrors `rules/`: a rule whose code is known replaces that rule, entries
//! of the shared tables are added to, or replace, those of the same key.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::model::{Citation, Rule, RuleSet};
use super::unit::{Unit, Units};
use super::validate;
use crate::mistake::Mistake;

/// The baked rule files; see build.rs for the shape.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));

/// Folders of `rules/` whose files are one rule each.
const FAMILIES: [&str; 5] = ["figures/", "sections/", "numbering/", "consistency/", "wording/"];

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
    with(&[])
}

/// The rule set that the binary carries, with the user's files laid over it.
pub fn with(user: &[UserFile]) -> Result<RuleSet, LoadError> {
    let baked: BTreeMap<&str, &RawValue> = serde_json::from_str(EMBEDDED)
        .map_err(|error| LoadError::Embedded { file: "rules.json".to_owned(), message: error.to_string() })?;
    let mut files = Files { baked, user, mistakes: Vec::new() };
    let mut set = RuleSet::default();
    set.citations =
        files.all::<Citations>("citations.toml")?.into_iter().flat_map(|one| one.citations).collect();
    set.units =
        Units::new(files.all::<UnitFile>("units.toml")?.into_iter().flat_map(|one| one.unit).collect());
    set.rules = files.rules()?;
    validate::user_rules(&set, user, &mut files.mistakes);
    validate::user_names(user, &FAMILIES, &TABLES, &mut files.mistakes);
    if !files.mistakes.is_empty() {
        return Err(LoadError::User(files.mistakes));
    }
    set.index_terms();
    Ok(set)
}

/// Shared tables that lie directly in the folder.
const TABLES: [&str; 2] = ["citations.toml", "units.toml"];

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
    baked: BTreeMap<&'a str, &'a RawValue>,
    user: &'a [UserFile],
    mistakes: Vec<Mistake>,
}

impl Files<'_> {
    /// File `name`, the embedded one first.
    fn all<T: DeserializeOwned>(&mut self, name: &str) -> Result<Vec<T>, LoadError> {
        let mut all = Vec::new();
        if let Some(raw) = self.baked.get(name) {
            all.push(baked(name, raw)?);
        }
        for file in self.user.iter().filter(|file| file.name == name) {
            all.extend(self.written(file));
        }
        Ok(all)
    }

    /// All rules, in order of code; the user's replace those of the same code.
    fn rules(&mut self) -> Result<Vec<Rule>, LoadError> {
        let is_rule = |name: &str| FAMILIES.iter().any(|family| name.starts_with(family));
        let mut rules = BTreeMap::new();
        for (name, raw) in self.baked.iter().filter(|(name, _)| is_rule(name)) {
            let rule: Rule = baked(name, raw)?;
            rules.insert(rule.code.clone(), rule);
        }
        for file in self.user.iter().filter(|file| is_rule(&file.name)) {
            if let Some(rule) = self.written::<Rule>(file) {
                rules.insert(rule.code.clone(), rule);
            }
        }
        Ok(rules.into_values().collect())
    }

    fn written<T: DeserializeOwned>(&mut self, file: &UserFile) -> Option<T> {
        toml::from_str(&file.text)
            .map_err(|error| self.mistakes.push(Mistake::of_toml(&file.path, &file.text, &error)))
            .ok()
    }
}

fn baked<T: DeserializeOwned>(file: &str, raw: &RawValue) -> Result<T, LoadError> {
    serde_json::from_str(raw.get())
        .map_err(|error| LoadError::Embedded { file: file.to_owned(), message: error.to_string() })
}
