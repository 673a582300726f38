//! `[[suppress]]` of `gouji.toml`: which entries hold for which file, and which were of no use.

use std::path::{Path, PathBuf, absolute};

use globset::{Glob, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::document::Span;
use crate::mistake::Mistake;
use crate::options::{Options, Suppress};

/// Findings not to be shown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Names or patterns of files (`*.txt`, `2024/**`), relative to this file; without a `/` in any folder;
    /// absent: all files.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    files: Vec<Spanned<String>>,
    /// Codes, prefixes of codes, or names.
    #[schemars(with = "Vec<String>")]
    pub rules: Spanned<Vec<Spanned<String>>>,
    /// Only below headings that hold these words.
    section: Option<String>,
    /// Only in paragraphs that hold these words.
    quote: Option<String>,
    /// Why it is no fault; mandatory.
    #[schemars(with = "String")]
    reason: Spanned<String>,
}

/// The entries of one `gouji.toml`.
#[derive(Debug, Default)]
pub struct Entries {
    list: Vec<Entry>,
    /// The folder of the file, absolute.
    folder: PathBuf,
    path: String,
    text: String,
}

#[derive(Debug)]
struct Entry {
    files: Option<GlobSet>,
    /// The files, where all are named in full.
    named: Option<Vec<PathBuf>>,
    suppress: Suppress,
    /// Where the entry names its rules.
    span: Span,
}

/// What an entry was good for in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    NotAsked,
    Idle,
    Used,
}

impl Use {
    pub fn add(&mut self, used: bool) {
        *self = match (*self, used) {
            (Use::Used, _) | (_, true) => Use::Used,
            _ => Use::Idle,
        };
    }
}

/// What a run went over, in absolute paths.
#[derive(Debug, Default)]
pub struct Seen {
    pub files: Vec<PathBuf>,
    pub folders: Vec<PathBuf>,
}

impl Entries {
    /// What is wrong with them goes to `mistakes`; unknown rules are found elsewhere.
    pub fn new(path: &Path, text: &str, written: Vec<Spanned<Written>>, mistakes: &mut Vec<Mistake>) -> Self {
        let name = path.display().to_string();
        let folder = absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
        let folder = folder.unwrap_or_default();
        let mut wrong = |span: std::ops::Range<usize>, zh: &str, en: &str| {
            mistakes.push(Mistake::new(&name, text, Some(Span::of(span.start, span.end)), zh, en));
        };
        let mut list = Vec::with_capacity(written.len());
        for one in written {
            let one = one.into_inner();
            if one.reason.get_ref().trim().is_empty() {
                wrong(one.reason.span(), "原因（reason）不能空", "the reason must not be empty");
            }
            if one.rules.get_ref().is_empty() {
                wrong(one.rules.span(), "没有写忽略哪些规则", "no rule is named");
            }
            let mut globs = GlobSetBuilder::new();
            for pattern in &one.files {
                match glob(pattern.get_ref()) {
                    Ok(glob) => _ = globs.add(glob),
                    Err(error) => wrong(
                        pattern.span(),
                        "这个文件名写法不对；可用 * 代表任意文字，** 代表任意层文件夹",
                        &error.to_string(),
                    ),
                }
            }
            let plain = |name: &&Spanned<String>| !name.get_ref().contains(['*', '?', '[', '{']);
            let named: Vec<PathBuf> =
                one.files.iter().filter(plain).map(|name| folder.join(name.get_ref())).collect();
            let span = one.rules.span();
            list.push(Entry {
                named: (!named.is_empty() && named.len() == one.files.len()).then_some(named),
                files: (!one.files.is_empty()).then(|| globs.build().unwrap_or_default()),
                suppress: Suppress {
                    rules: one.rules.into_inner().into_iter().map(Spanned::into_inner).collect(),
                    section: one.section,
                    quote: one.quote,
                    reason: one.reason.into_inner(),
                },
                span: Span::of(span.start, span.end),
            });
        }
        Entries { list, folder, path: name, text: text.to_owned() }
    }

    /// Places of the entries that hold for `file`.
    pub fn of(&self, file: &Path) -> Vec<usize> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let whole = absolute(file).unwrap_or_default();
        let below = whole.strip_prefix(&self.folder).unwrap_or(file);
        let holds = |entry: &Entry| entry.files.as_ref().is_none_or(|files| files.is_match(below));
        (0..self.list.len()).filter(|&place| holds(&self.list[place])).collect()
    }

    /// `options` for a file that the entries at `places` hold for.
    pub fn options(&self, options: &Options, places: &[usize]) -> Options {
        let suppress = places.iter().map(|&place| self.list[place].suppress.clone()).collect();
        Options { suppress, ..options.clone() }
    }

    /// The entries that no finding answered to. One that may hold for files which were not seen is not judged.
    pub fn unused(&self, uses: &[Use], seen: &Seen) -> Vec<Mistake> {
        let all = seen.folders.iter().any(|folder| self.folder.starts_with(folder));
        let judged = |entry: &Entry| {
            let whole = |named: &Vec<PathBuf>| named.iter().all(|name| seen.files.contains(name));
            all || entry.named.as_ref().is_some_and(whole)
        };
        let idle = self.list.iter().zip(uses).filter(|(entry, used)| **used != Use::Used && judged(entry));
        idle.map(|(entry, _)| {
            Mistake::new(
                &self.path,
                &self.text,
                Some(entry.span),
                "这条忽略用不上：没有这样的问题；问题已经改正的，可以删去",
                "this entry is not used: there is no such finding; delete it if the matter is settled",
            )
        })
        .collect()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }
}

/// Without a `/` a pattern means the file's name, in any folder.
fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    let pattern = pattern.trim_start_matches("./").replace('\\', "/");
    if pattern.contains('/') { Glob::new(&pattern) } else { Glob::new(&format!("**/{pattern}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_hold_for_the_files_they_name() {
        let text = "[[suppress]]\nfiles = [\"*.txt\"]\nrules = [\"FIG001\"]\nreason = \"已核实\"\n\
                    [[suppress]]\nfiles = [\"上报/报告.md\"]\nrules = [\"FIG\"]\nreason = \"已核实\"\n\
                    [[suppress]]\nrules = [\"TXT008\"]\nreason = \"旧称\"\n";
        #[derive(Deserialize)]
        struct File {
            suppress: Vec<Spanned<Written>>,
        }
        let file: File = toml::from_str(text).expect("reads");
        let mut mistakes = Vec::new();
        let entries = Entries::new(Path::new("/报/gouji.toml"), text, file.suppress, &mut mistakes);
        assert_eq!(mistakes, []);
        assert_eq!(entries.of(Path::new("/报/上报/a.txt")), [0, 2]);
        assert_eq!(entries.of(Path::new("/报/上报/报告.md")), [1, 2]);
        assert_eq!(entries.of(Path::new("/报/报告.md")), [2]);
        let idle = [Use::Idle; 3];
        let files = vec![PathBuf::from("/报/上报/报告.md")];
        assert_eq!(entries.unused(&idle, &Seen { files, ..Seen::default() }).len(), 1);
        let folders = vec![PathBuf::from("/报")];
        assert_eq!(entries.unused(&idle, &Seen { folders, ..Seen::default() }).len(), 3);
    }
}
