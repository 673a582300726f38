//! Reports as the harness works on them: the decoded text with everything the library read in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gouji::diagnostic::{Diagnostic, Severity};
use gouji::document::Document;
use gouji::rules::RuleSet;
use gouji::{Audit, Options, audit, input};

pub struct Report {
    /// File name without folder.
    pub name: String,
    pub document: Document,
    pub audit: Audit,
}

impl Report {
    pub fn read(path: &Path, set: &RuleSet) -> Result<Report> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::read(path).with_context(|| name.clone())?;
        Report::of(name, bytes, set)
    }

    /// `name` decides, as for a file, whether the bytes are Markdown.
    pub fn of(name: String, bytes: Vec<u8>, set: &RuleSet) -> Result<Report> {
        let document = match input::read_bytes(&name, bytes, &input::Limits::default()) {
            Ok(document) => document,
            Err(error) => anyhow::bail!("{name}: {}", error.english()),
        };
        let audit = audit(&document, set, &Options::default());
        Ok(Report { name, document, audit })
    }

    /// Errors and warnings.
    pub fn firm(&self) -> impl Iterator<Item = &Diagnostic> {
        self.audit.diagnostics.iter().filter(|found| found.severity > Severity::Hint)
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The project's own reports, in which every figure ties.
pub fn tying() -> Result<Vec<PathBuf>> {
    let mut paths = files(&root().join("tests/corpus"), &["txt", "md"])?;
    paths.retain(|path| !path.ends_with("README.md"));
    paths.extend(["clean.txt", "clean.md"].map(|name| root().join("examples").join(name)));
    Ok(paths)
}

/// Real published documents; they stand beside the repository, where they are at hand at all.
pub fn published() -> Option<PathBuf> {
    let shared = std::env::var_os("GOUJI_SHARED").map(PathBuf::from);
    let folder = shared.or_else(|| Some(root().parent()?.join("shared")))?.join("corpus");
    folder.is_dir().then_some(folder)
}

/// Files of `folder` with one of the extensions, by name.
pub fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|own| extensions.iter().any(|wanted| own == *wanted)));
    paths.sort();
    Ok(paths)
}
