//! How findings reach people and programs: one file per output format.
//!
//! Takes read files with their [`Audit`]; gives bytes. It must not know how a rule works, nor do I/O:
//! the caller writes what is opened, then one piece per file in order, then what is closed. Pieces are
//! made independently, so files can be rendered in parallel and nothing is kept.

mod checks;
mod checkstyle;
pub mod columns;
mod concise;
mod excerpt;
mod explain;
pub mod figures;
mod github;
mod gitlab;
mod json;
mod junit;
mod mistake;
mod place;
mod rdjson;
mod said;
mod sarif;
mod style;
mod summary;
mod terminal;
mod xml;

use schemars::Schema;

use crate::audit::Audit;
use crate::baseline::Entry;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Document, LineIndex};
use crate::options::Lang;
use crate::rules::{Rule, RuleSet};

pub use checks::check_kind;
pub use excerpt::printable;
pub use explain::{citations, explain, open_places};
pub use mistake::{advice, mistake};
pub use place::place;
pub use summary::{Ledger, Summary};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    #[default]
    Terminal,
    Concise,
    Json,
    Jsonl,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Checkstyle,
    Rdjson,
}

/// One input and what became of it.
pub struct File<'a> {
    pub path: &'a str,
    /// Or why there is nothing to show.
    pub result: Result<Audited<'a>, &'a str>,
}

#[derive(Clone, Copy)]
pub struct Audited<'a> {
    pub document: &'a Document,
    pub audit: &'a Audit,
    pub rules: &'a RuleSet,
    /// What the profile is called.
    pub profile: &'a str,
    /// Findings of the baseline that are gone.
    pub fixed: &'a [Entry],
}

/// Renders a run in one format.
pub struct Emitter<'a> {
    pub format: Format,
    pub lang: Lang,
    pub color: bool,
    /// Every rule that may answer, in order of code.
    pub rules: Vec<&'a Rule>,
    /// Whether each file gets a closing line of its own.
    pub many: bool,
    /// Whether every check is listed; in the terminal only, the JSON always has them.
    pub explain_checks: bool,
    /// Whether findings that are answered for are listed; in the terminal and `concise` only.
    pub show_suppressed: bool,
}

impl Emitter<'_> {
    /// What stands before the first file.
    pub fn open(&self, out: &mut Vec<u8>) {
        match self.format {
            Format::Terminal | Format::Concise | Format::Jsonl | Format::Github => {}
            Format::Json => json::open(out),
            Format::Sarif => sarif::open(self, out),
            Format::Gitlab => gitlab::open(out),
            Format::Junit => junit::open(out),
            Format::Checkstyle => checkstyle::open(out),
            Format::Rdjson => rdjson::open(out),
        }
    }

    /// One file; may leave nothing.
    pub fn file(&self, file: &File, out: &mut Vec<u8>) {
        match self.format {
            Format::Terminal => terminal::file(self, file, out),
            Format::Concise => concise::file(self, file, out),
            Format::Json => json::file(self.lang, file, out),
            Format::Jsonl => json::lines(self.lang, file, out),
            Format::Sarif => sarif::file(self, file, out),
            Format::Github => github::file(self, file, out),
            Format::Gitlab => gitlab::file(self, file, out),
            Format::Junit => junit::file(self, file, out),
            Format::Checkstyle => checkstyle::file(self, file, out),
            Format::Rdjson => rdjson::file(self, file, out),
        }
    }

    /// What stands between two files that left something.
    pub fn separator(&self) -> &'static [u8] {
        match self.format {
            Format::Json | Format::Sarif | Format::Gitlab | Format::Rdjson => b",\n",
            _ => b"",
        }
    }

    /// What stands after the last file. `unread` are the inputs that could not be read, with the reason.
    pub fn close(&self, summary: &Summary, unread: &[(String, String)], out: &mut Vec<u8>) {
        match self.format {
            Format::Terminal => terminal::close(self, summary, out),
            Format::Concise | Format::Jsonl | Format::Github => {}
            Format::Json => json::close(summary, out),
            Format::Sarif => sarif::close(unread, out),
            Format::Gitlab => gitlab::close(out),
            Format::Junit => junit::close(out),
            Format::Checkstyle => checkstyle::close(out),
            Format::Rdjson => rdjson::close(out),
        }
    }
}

/// One finding as the JSON output has it.
pub fn finding(document: &Document, lines: &LineIndex, found: &Diagnostic, lang: Lang) -> Vec<u8> {
    json::finding(document, lines, found, lang)
}

/// JSON Schema of `--format json`.
pub fn output_schema() -> Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<json::Output>()
}

/// What a severity is called.
pub fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Error => lang.of("错误", "error"),
        Severity::Warning => lang.of("警告", "warning"),
        Severity::Hint => lang.of("提示", "hint"),
    }
}
