//! `gouji.toml`: found upwards from each file, overridden by the command line.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::explain::no_such_rule;
use super::selection::{self, Selection};
use super::suppress::{Entries, Written};
use super::{LangArg, Mistakes, rules_of, user_files};
use crate::diagnostic::Severity;
use crate::document::Span;
use crate::mistake::{Mistake, place_of};
use crate::options::{Lang, Options};
use crate::rules::{Detail, Rule, RuleSet};

pub const FILE_NAME: &str = "gouji.toml";

/// Content of `gouji.toml`. An option on the command line replaces the key of the same name.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Rules that run: codes, prefixes of codes, or names; absent: all.
    #[schemars(with = "Option<Vec<String>>")]
    pub select: Option<Vec<toml::Spanned<String>>>,
    /// Rules that do not run.
    #[schemars(with = "Option<Vec<String>>")]
    pub ignore: Option<Vec<toml::Spanned<String>>>,
    /// Lowest severity shown; `warning` when absent.
    pub severity: Option<Severity>,
    /// Lowest severity that makes the exit code 1; `warning` when absent.
    pub fail_on: Option<FailOn>,
    /// Report kind to judge by instead of the one detected.
    #[schemars(with = "Option<String>")]
    pub profile: Option<toml::Spanned<String>>,
    pub lang: Option<LangArg>,
    /// Folder of rule files, relative to this file.
    pub rules: Option<PathBuf>,
    /// Severity of single rules, by code or name.
    pub levels: BTreeMap<String, Severity>,
    /// Findings that are answered for and not shown.
    #[schemars(with = "Vec<Written>")]
    pub suppress: Vec<toml::Spanned<Written>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Error,
    #[default]
    Warning,
    Hint,
    Never,
}

impl FailOn {
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Hint => Some(Severity::Hint),
            FailOn::Never => None,
        }
    }
}

/// What the command line says; `None` leaves it to the configuration.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub select: Option<Vec<String>>,
    pub ignore: Option<Vec<String>>,
    pub severity: Option<Severity>,
    pub fail_on: Option<FailOn>,
    pub profile: Option<String>,
    pub lang: Option<Lang>,
    pub rules: Option<PathBuf>,
    /// Configuration file to use for all inputs.
    pub config: Option<PathBuf>,
    pub no_config: bool,
}

/// Everything a file is audited with.
#[derive(Debug)]
pub struct Settings {
    /// Place in [`Resolver::sets`].
    pub set: usize,
    pub options: Options,
    pub fail_on: FailOn,
    /// Of everything chosen here and of the user's own rule files: results of other settings are other results.
    pub digest: u64,
    pub entries: Entries,
}

/// Finds the settings of each file; every configuration and rule folder is read once.
pub struct Resolver {
    overrides: Overrides,
    detail: Detail,
    pub sets: Vec<RuleSet>,
    pub settings: Vec<Settings>,
    /// Of the user's own rule files, for each of `sets`.
    digests: Vec<u64>,
    folders: HashMap<Option<PathBuf>, usize>,
    configs: HashMap<Option<PathBuf>, usize>,
    directories: HashMap<PathBuf, usize>,
}

impl Resolver {
    pub fn new(overrides: Overrides, detail: Detail) -> Self {
        Resolver {
            overrides,
            detail,
            sets: Vec::new(),
            settings: Vec::new(),
            digests: Vec::new(),
            folders: HashMap::new(),
            configs: HashMap::new(),
            directories: HashMap::new(),
        }
    }

    /// Place in `settings` of what holds for a file in `directory`.
    pub fn of_directory(&mut self, directory: &Path) -> Result<usize> {
        if let Some(&known) = self.directories.get(directory) {
            return Ok(known);
        }
        let path = match &self.overrides.config {
            _ if self.overrides.no_config => None,
            Some(path) => Some(path.clone()),
            None => find_upwards(directory),
        };
        let settings = match self.configs.get(&path) {
            Some(&known) => known,
            None => {
                let settings = self.read(path.as_deref())?;
                self.settings.push(settings);
                self.configs.insert(path, self.settings.len() - 1);
                self.settings.len() - 1
            }
        };
        self.directories.insert(directory.to_owned(), settings);
        Ok(settings)
    }

    fn read(&mut self, path: Option<&Path>) -> Result<Settings> {
        let (text, config) = match path {
            None => (String::new(), Config::default()),
            Some(path) => {
                let text =
                    fs::read_to_string(path).with_context(|| format!("配置文件 {}", path.display()))?;
                let config = toml::from_str(&text).map_err(|error| {
                    Mistakes(vec![Mistake::of_toml(&path.display().to_string(), &text, &error)])
                })?;
                (text, config)
            }
        };
        let folder = self.overrides.rules.clone().or_else(|| {
            let folder = config.rules.as_ref()?;
            Some(path.and_then(Path::parent).map_or_else(|| folder.clone(), |base| base.join(folder)))
        });
        let set = self.set(folder)?;
        let rules = &self.sets[set];
        let mut entries = Entries::default();
        if let Some(path) = path {
            let mut mistakes = unknown_names(&path.display().to_string(), &text, &config, rules);
            entries = Entries::new(path, &text, config.suppress.clone(), &mut mistakes);
            if !mistakes.is_empty() {
                return Err(Mistakes(mistakes).into());
            }
        }
        for selector in self.overrides.select.iter().chain(&self.overrides.ignore).flatten() {
            if !selection::is_known(selector, rules) {
                bail!(no_such_rule(selector, self.overrides.lang.unwrap_or_default()));
            }
        }
        if let Some(profile) = self.overrides.profile.as_deref().filter(|id| rules.profile(id).is_none()) {
            bail!(no_such_profile(profile, rules, self.overrides.lang.unwrap_or_default()));
        }
        let mut settings = settings(&self.overrides, config, rules, set, self.digests[set]);
        if entries.len() > 0 {
            settings.digest = xxh3_64(format!("{} {text}", settings.digest).as_bytes());
        }
        Ok(Settings { entries, ..settings })
    }

    fn set(&mut self, folder: Option<PathBuf>) -> Result<usize> {
        if let Some(&known) = self.folders.get(&folder) {
            return Ok(known);
        }
        let files = folder.as_deref().map(user_files).transpose()?.unwrap_or_default();
        let texts = files.iter().flat_map(|file| [file.name.as_bytes(), &[0], file.text.as_bytes(), &[0]]);
        self.digests.push(xxh3_64(&texts.collect::<Vec<_>>().concat()));
        self.sets.push(rules_of(&files, self.detail)?);
        self.folders.insert(folder, self.sets.len() - 1);
        Ok(self.sets.len() - 1)
    }
}

fn settings(overrides: &Overrides, config: Config, rules: &RuleSet, set: usize, digest: u64) -> Settings {
    let plain = |list: Option<Vec<toml::Spanned<String>>>| {
        list.unwrap_or_default().into_iter().map(toml::Spanned::into_inner).collect()
    };
    let selection = Selection {
        select: overrides.select.clone().unwrap_or_else(|| plain(config.select)),
        ignore: overrides.ignore.clone().unwrap_or_else(|| plain(config.ignore)),
    };
    let asked = overrides.severity.or(config.severity);
    // A rule that is named is wanted, unless a severity is asked for besides.
    let least = |rule: &Rule| match asked {
        Some(severity) => severity,
        None if selection.names(rule) => rule.severity.min(Severity::Warning),
        None => Severity::Warning,
    };
    let options = Options {
        lang: overrides.lang.or(config.lang.map(Lang::from)).unwrap_or_default(),
        profile: overrides.profile.clone().or(config.profile.map(toml::Spanned::into_inner)),
        enabled: selection.enabled(rules),
        severity: rules
            .rules
            .iter()
            .map(|rule| {
                let level = |(key, severity): (&String, &Severity)| {
                    (rule.code.eq_ignore_ascii_case(key) || rule.name == key).then_some(*severity)
                };
                config.levels.iter().find_map(level)
            })
            .collect(),
        least: rules.rules.iter().map(least).collect(),
        suppress: Vec::new(),
    };
    let digest = xxh3_64(format!("{digest} {options:?}").as_bytes());
    let fail_on = overrides.fail_on.or(config.fail_on).unwrap_or_default();
    Settings { set, options, digest, fail_on, entries: Entries::default() }
}

/// Rules and profiles that do not exist.
fn unknown_names(path: &str, text: &str, config: &Config, set: &RuleSet) -> Vec<Mistake> {
    let suppressed = config.suppress.iter().flat_map(|entry| entry.get_ref().rules.get_ref());
    let selectors = config.select.iter().chain(&config.ignore).flatten().chain(suppressed);
    let listed = selectors
        .filter(|selector| !selection::is_known(selector.get_ref(), set))
        .map(|selector| (selector.get_ref(), Some(Span::of(selector.span().start, selector.span().end))));
    let levelled = config
        .levels
        .keys()
        .filter(|key| set.find(key).is_none())
        .map(|key| (key, place_of(text, &["levels", key])));
    let profile = config.profile.iter().filter(|id| set.profile(id.get_ref()).is_none()).map(|id| {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| no_such_profile(id.get_ref(), set, lang));
        Mistake::new(path, text, Some(Span::of(id.span().start, id.span().end)), zh, en)
    });
    listed
        .chain(levelled)
        .map(|(name, span)| {
            let [zh, en] = [Lang::Zh, Lang::En].map(|lang| no_such_rule(name, lang));
            Mistake::new(path, text, span, zh, en)
        })
        .chain(profile)
        .collect()
}

fn no_such_profile(id: &str, set: &RuleSet, lang: Lang) -> String {
    let ids = |separator| {
        set.profiles.iter().map(|profile| profile.id.as_str()).collect::<Vec<_>>().join(separator)
    };
    match lang {
        Lang::Zh => format!("没有“{id}”这个体例；可用的：{}", ids("、")),
        Lang::En => format!("no profile `{id}`; there are {}", ids(", ")),
    }
}

/// The nearest `gouji.toml` in `directory` or above it.
pub fn find_upwards(directory: &Path) -> Option<PathBuf> {
    // The folder of a bare file name is the empty path, which nothing can make absolute.
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let absolute = std::path::absolute(directory).ok()?;
    absolute.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file()).map(|found| {
        // The shorter name is the one the user knows.
        std::env::current_dir()
            .ok()
            .and_then(|here| found.strip_prefix(here).ok().map(Path::to_owned))
            .unwrap_or(found)
    })
}

/// JSON Schema of `gouji.toml`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Config)
}
