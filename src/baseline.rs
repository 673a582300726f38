//! The findings of an earlier round, and what has become of them: 新增, 未改, 已改.
//!
//! Takes the text of a baseline file and the findings of a run; tells which of them are known and gives what is gone. It must not
//! know how a finding is shown, nor do I/O.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::audit::Audit;
use crate::diagnostic::{Diagnostic, Severity, Standing};
use crate::document::chars::is_stop;
use crate::document::{Document, LineIndex, Span};
use crate::options::Options;
use crate::rules::{Kind, Rule, RuleSet};

const VERSION: u32 = 1;

/// One finding of an earlier round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub fingerprint: String,
    #[schemars(with = "String")]
    pub code: SmolStr,
    #[schemars(with = "String")]
    pub name: SmolStr,
    pub severity: Severity,
    /// Where it stood then.
    pub line: u32,
    pub message: String,
    /// The clause it stood in, by which it is known again in another section.
    pub clause: String,
}

/// What is kept of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    pub path: String,
    /// Unit, year and kind, by which a file that was renamed is known again.
    pub unit: Option<String>,
    pub year: Option<u16>,
    pub profile: String,
    pub findings: Vec<Entry>,
    /// Fingerprints of findings that somebody answers for: they are neither fixed nor lost.
    #[serde(skip)]
    pub suppressed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    files: Vec<Kept>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("不是基线文件：{0}")]
    Shape(#[from] serde_json::Error),
    #[error("基线文件的版本是 {0}，本版本只读版本 {VERSION}")]
    Version(u32),
}

impl Error {
    pub fn english(&self) -> String {
        match self {
            Error::Shape(error) => format!("no baseline file: {error}"),
            Error::Version(version) => {
                format!("baseline file of version {version}; this program reads version {VERSION}")
            }
        }
    }
}

/// Counts of one comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    /// 新增
    pub new: usize,
    /// 未改
    pub known: usize,
    /// 已改
    pub fixed: usize,
    /// Files of the baseline that this run did not read.
    pub unchecked_files: usize,
}

impl Tally {
    pub fn of(compared: &Compared) -> Tally {
        let known = compared.standings.iter().filter(|standing| **standing == Standing::Known).count();
        let new = compared.standings.len() - known;
        Tally { new, known, fixed: compared.fixed.len(), unchecked_files: 0 }
    }

    pub fn add(&mut self, other: &Tally) {
        self.new += other.new;
        self.known += other.known;
        self.fixed += other.fixed;
        self.unchecked_files += other.unchecked_files;
    }
}

/// What became of the findings of one file.
#[derive(Debug, Default)]
pub struct Compared {
    /// Of each finding, in order.
    pub standings: Vec<Standing>,
    /// Findings that are gone, in the order of the baseline.
    pub fixed: Vec<Entry>,
    /// Findings of rules or severities that this run did not look at: nothing is known of them.
    unseen: Vec<Entry>,
    /// Place of the file in the baseline.
    file: Option<usize>,
}

/// A baseline, ready for one run.
#[derive(Debug)]
pub struct Baseline {
    files: Vec<Kept>,
    by_path: FxHashMap<String, usize>,
    /// Files that are not in the run under their old name, by unit, year and kind.
    moved: FxHashMap<(String, Option<u16>, String), Vec<usize>>,
}

impl Baseline {
    /// `run`: the paths of the run.
    pub fn read<'a>(text: &str, run: impl Iterator<Item = &'a str>) -> Result<Self, Error> {
        let Stored { version, files } = serde_json::from_str(text)?;
        if version != VERSION {
            return Err(Error::Version(version));
        }
        let run: FxHashSet<String> = run.map(plain).collect();
        let by_path = files.iter().enumerate().map(|(place, file)| (file.path.clone(), place)).collect();
        let mut moved: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (place, file) in files.iter().enumerate().filter(|(_, file)| !run.contains(&file.path)) {
            if let Some(unit) = &file.unit {
                let key = (unit.clone(), file.year, file.profile.clone());
                moved.entry(key).or_default().push(place);
            }
        }
        Ok(Baseline { files, by_path, moved })
    }

    /// What became of the findings of one file. `judged`: the kinds of rule that this run can judge at all.
    pub fn compare(
        &self,
        now: &Kept,
        rules: &RuleSet,
        options: &Options,
        judged: impl Fn(&Kind) -> bool,
    ) -> Compared {
        let file = self.find(now);
        let mut left: Vec<Option<&Entry>> = match file {
            Some(place) => self.files[place].findings.iter().map(Some).collect(),
            None => Vec::new(),
        };
        let mut standings = vec![Standing::New; now.findings.len()];
        take(&now.findings, &mut standings, &mut left, |entry| entry.fingerprint.clone());
        // Moved to another section, a finding says the same of the same words.
        let said = |entry: &Entry| format!("{}\n{}\n{}", entry.code, entry.message, entry.clause);
        take(&now.findings, &mut standings, &mut left, said);
        let gone = left.into_iter().flatten().cloned();
        let (fixed, unseen) = gone.partition(|entry| {
            !now.suppressed.contains(&entry.fingerprint)
                && rules
                    .find(&entry.code)
                    .is_some_and(|rule| judged(&rule.check) && is_looked_for(entry, rule, options))
        });
        Compared { standings, fixed, unseen, file }
    }

    /// The file under its name, else the one of the same unit, year and kind that shares most findings.
    fn find(&self, now: &Kept) -> Option<usize> {
        if let Some(&place) = self.by_path.get(&now.path) {
            return Some(place);
        }
        let key = (now.unit.clone()?, now.year, now.profile.clone());
        let prints: FxHashSet<&str> = now.findings.iter().map(|entry| entry.fingerprint.as_str()).collect();
        let shared = |place: &usize| {
            let entries = self.files[*place].findings.iter();
            entries.filter(|entry| prints.contains(entry.fingerprint.as_str())).count()
        };
        let places = self.moved.get(&key)?.iter().copied();
        // Of equals the first by name.
        places.rev().max_by_key(shared)
    }
}

/// Pairs findings with entries of the same key, each entry once.
fn take(
    found: &[Entry],
    standings: &mut [Standing],
    left: &mut [Option<&Entry>],
    key: impl Fn(&Entry) -> String,
) {
    let mut waiting: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (place, entry) in left.iter().enumerate().rev() {
        if let Some(entry) = entry {
            waiting.entry(key(entry)).or_default().push(place);
        }
    }
    let new = found.iter().zip(standings).filter(|(_, standing)| **standing == Standing::New);
    for (entry, standing) in new {
        if let Some(place) = waiting.get_mut(&key(entry)).and_then(Vec::pop) {
            left[place] = None;
            *standing = Standing::Known;
        }
    }
}

fn is_looked_for(entry: &Entry, rule: &Rule, options: &Options) -> bool {
    let place = rule.place();
    options.enabled.get(place).copied().unwrap_or(true)
        && options.least.get(place).is_none_or(|&least| entry.severity >= least)
}

/// Builds the baseline that the next round is compared with.
#[derive(Debug, Default)]
pub struct Writer {
    files: BTreeMap<String, Kept>,
    /// Places in the old baseline of files that this run has read.
    read: FxHashSet<usize>,
}

impl Writer {
    /// One file of the run with what [`kept`] made of it.
    pub fn add(&mut self, mut file: Kept, compared: Option<&Compared>) {
        if let Some(compared) = compared {
            self.read.extend(compared.file);
            file.findings.extend(compared.unseen.iter().cloned());
        }
        self.files.insert(file.path.clone(), file);
    }

    /// The new baseline. Of `old`, what this run did not look at is carried over.
    pub fn finish(mut self, old: Option<&Baseline>) -> String {
        let left = old.into_iter().flat_map(|old| old.files.iter().enumerate());
        for (_, file) in left.filter(|(place, _)| !self.read.contains(place)) {
            self.files.entry(file.path.clone()).or_insert_with(|| file.clone());
        }
        let mut out = format!("{{\"version\":{VERSION},\"files\":[");
        for (place, file) in self.files.values().enumerate() {
            out.push_str(if place > 0 { ",\n" } else { "\n" });
            let (path, unit, year) = (json(&file.path), json(&file.unit), json(&file.year));
            let profile = json(&file.profile);
            out.push_str(&format!(
                "{{\"path\":{path},\"unit\":{unit},\"year\":{year},\"profile\":{profile},\"findings\":["
            ));
            for (place, entry) in file.findings.iter().enumerate() {
                out.push_str(if place > 0 { ",\n  " } else { "\n  " });
                out.push_str(&json(entry));
            }
            out.push_str("]}");
        }
        out + "\n]}\n"
    }

    /// Files of `old` that this run has not read.
    pub fn unchecked(&self, old: &Baseline) -> usize {
        old.files.len() - self.read.len()
    }
}

/// What is kept of a file for the next round.
pub fn kept(path: &str, document: &Document, audit: &Audit) -> Kept {
    let lines = LineIndex::new(&document.text);
    let entry = |found: &Diagnostic| Entry {
        fingerprint: format!("{:016x}", found.fingerprint),
        code: found.code.clone(),
        name: found.name.clone(),
        severity: found.severity,
        line: lines.position(&document.text, found.span.start as usize).line,
        message: found.message.clone(),
        clause: clause(&document.text, found.span),
    };
    Kept {
        path: plain(path),
        unit: audit.subject.unit.map(|unit| name(document.slice(unit))),
        year: audit.subject.year.map(|year| year.value),
        profile: audit.profile.clone(),
        findings: audit.diagnostics.iter().map(entry).collect(),
        suppressed: audit.suppressed.iter().map(|one| format!("{:016x}", one.finding.fingerprint)).collect(),
    }
}

/// The words around `span` of `text`, without blanks, up to the next stop on either side.
pub fn clause(text: &str, span: Span) -> String {
    let stops = |c: &char| is_stop(*c) || matches!(c, '；' | '，' | '\n');
    let before = text.get(..span.start as usize).unwrap_or_default().chars().rev();
    let lead: usize = before.take(AROUND).take_while(|c| !stops(c)).map(char::len_utf8).sum();
    let from = text.get(span.start as usize..).unwrap_or_default();
    let own = from.chars().take(AROUND).map(char::len_utf8).sum::<usize>().min(span.len());
    let after = from.get(own..).unwrap_or_default().chars();
    let tail: usize = after.take(AROUND).take_while(|c| !stops(c)).map(char::len_utf8).sum();
    let start = span.start as usize;
    name(text.get(start - lead..start + own + tail).unwrap_or_default())
}

/// Characters of a clause that are kept on either side of a finding.
const AROUND: usize = 20;

pub fn name(unit: &str) -> String {
    unit.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The same path however it was typed.
pub fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

/// Plain data of strings and numbers cannot fail.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
