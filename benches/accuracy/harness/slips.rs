//! Slips that a person put into clean reports one by one: `NAME.slips.toml` beside each.
//!
//! Writers of the reports chose them without the tool: which figures hang together is their word, not the library's.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use gouji::diagnostic::Diagnostic;
use gouji::document::LineIndex;
use gouji::rules::RuleSet;
use serde::Deserialize;

use super::corpus::{self, Report};
use super::score::fresh;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slips {
    #[serde(rename = "slip")]
    slips: Vec<Slip>,
}

/// Each edit replaces text that its line has once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slip {
    kind: String,
    /// What the report itself says against it.
    why: String,
    edits: Vec<Edit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    line: usize,
    old: String,
    new: String,
}

/// What was told of the slips of one report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub characters: usize,
    pub slips: usize,
    pub told: usize,
    /// A finding that the clean text does not have, on other lines than the slip.
    pub elsewhere: usize,
    pub missed: Vec<String>,
    /// Errors and warnings on the clean text.
    pub clean: Vec<String>,
}

/// Every report of `tests/slips/SET` that has slips beside it.
pub fn set(name: &str, rules: &RuleSet) -> Result<Vec<(String, Told)>> {
    let folder = corpus::root().join("tests/slips").join(name);
    let mut all = Vec::new();
    for path in corpus::files(&folder, &["txt", "md"])? {
        all.push((
            path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            report(&path, rules)?,
        ));
    }
    Ok(all)
}

fn report(path: &Path, rules: &RuleSet) -> Result<Told> {
    let beside = path.with_extension("slips.toml");
    let text = std::fs::read_to_string(&beside).with_context(|| beside.display().to_string())?;
    let Slips { slips } = toml::from_str(&text).with_context(|| beside.display().to_string())?;
    let clean = Report::read(path, rules)?;
    let text = &clean.document.text;
    let index = LineIndex::new(text);
    let line_of = |found: &Diagnostic| index.position(text, found.span.start as usize).line;
    let mut told = Told {
        characters: text.chars().filter(|c| !c.is_whitespace()).count(),
        slips: slips.len(),
        clean: clean
            .firm()
            .map(|found| format!("{} line {} {}", found.code, line_of(found), found.message))
            .collect(),
        ..Told::default()
    };
    for slip in &slips {
        let changed = Report::of(clean.name.clone(), put(text, slip)?.into_bytes(), rules)?;
        let found = fresh(&clean, &changed);
        let on_it = |found: &&&Diagnostic| touches(&changed, slip, found);
        told.told += usize::from(found.iter().any(|one| on_it(&one)));
        if !found.iter().any(|one| on_it(&one)) {
            told.elsewhere += usize::from(!found.is_empty());
            let Edit { line, old, new } = &slip.edits[0];
            told.missed.push(format!("line {line} {}: “{old}” → “{new}” ({})", slip.kind, slip.why));
        }
    }
    Ok(told)
}

/// The text with the slip in it.
fn put(text: &str, slip: &Slip) -> Result<String> {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    ensure!(!slip.edits.is_empty(), "{}: no edit", slip.kind);
    for Edit { line, old, new } in &slip.edits {
        let place = lines.get_mut(line.wrapping_sub(1)).with_context(|| format!("no line {line}"))?;
        ensure!(place.matches(old.as_str()).count() == 1, "line {line} has not “{old}” once");
        *place = place.replacen(old.as_str(), new, 1);
    }
    Ok(lines.join("\n"))
}

fn touches(changed: &Report, slip: &Slip, found: &Diagnostic) -> bool {
    let text = &changed.document.text;
    let index = LineIndex::new(text);
    let mut spans = std::iter::once(found.span).chain(found.labels.iter().map(|label| label.span));
    spans.any(|span| {
        let line = index.position(text, span.start as usize).line as usize;
        slip.edits.iter().any(|edit| edit.line == line)
    })
}
