//! Rule files to [`RuleSet`].

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use smol_str::SmolStr;

use super::model::{Citation, Rule, RuleSet};
use super::unit::{Unit, Units};

/// The baked rule files; see build.rs for the shape.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));

/// Folders of `rules/` whose files are one rule each.
const FAMILIES: [&str; 5] = ["figures/", "sections/", "numbering/", "consistency/", "wording/"];

/// Where a rule file came from, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Embedded,
    File(std::path::PathBuf),
}

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("规则文件 {file} 有误：{message}")]
    Shape { file: String, message: String },
}

/// The rule set that the binary carries.
pub fn embedded() -> Result<RuleSet, LoadError> {
    let files: BTreeMap<&str, &serde_json::value::RawValue> =
        serde_json::from_str(EMBEDDED).map_err(|error| shape("rules.json", &error))?;
    let mut set = RuleSet::default();
    for (&file, raw) in &files {
        if FAMILIES.iter().any(|family| file.starts_with(family)) {
            set.rules.push(read::<Rule>(file, raw)?);
        }
    }
    if let Some(raw) = files.get("citations.toml") {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Citations {
            citations: BTreeMap<SmolStr, Citation>,
        }
        set.citations = read::<Citations>("citations.toml", raw)?.citations;
    }
    if let Some(raw) = files.get("units.toml") {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct UnitFile {
            unit: Vec<Unit>,
        }
        set.units = Units::new(read::<UnitFile>("units.toml", raw)?.unit);
    }
    set.rules.sort_by(|a, b| a.code.cmp(&b.code));
    set.index_terms();
    Ok(set)
}

fn read<T: DeserializeOwned>(file: &str, raw: &serde_json::value::RawValue) -> Result<T, LoadError> {
    serde_json::from_str(raw.get()).map_err(|error| shape(file, &error))
}

fn shape(file: &str, error: &dyn std::fmt::Display) -> LoadError {
    LoadError::Shape { file: file.to_owned(), message: error.to_string() }
}
