//! Reports as they are found: the project's own drafts with labelled defects, and real published
//! documents whose findings were read by eye.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use gouji::diagnostic::{Diagnostic, Severity};
use gouji::document::{LineIndex, Span};
use gouji::rules::RuleSet;
use serde::Deserialize;
use smol_str::SmolStr;

use super::corpus::{self, Report};

/// `NAME.expected.toml` beside a report: its defects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    #[serde(rename = "finding")]
    pub findings: Vec<Label>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub code: SmolStr,
    /// Codes that would say it as well.
    #[serde(default)]
    pub or: Vec<SmolStr>,
    pub line: u32,
    pub severity: Option<Severity>,
    /// Shares characters with what is marked.
    pub quote: String,
    /// Not put in on purpose: a consequence of another defect, or seen only when the tool said it. It is right,
    /// and counts for precision only.
    #[serde(default)]
    pub also: bool,
}

/// Counts of one labelled draft or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drafted {
    pub labelled: usize,
    /// Told as error or warning.
    pub found: usize,
    /// Told as hint only.
    pub hinted: usize,
    pub missed: Vec<String>,
    pub right: usize,
    pub wrong: Vec<String>,
}

/// The drafts on which the tool was tried while it was written.
pub fn drafts(set: &RuleSet) -> Result<Vec<(String, Drafted)>> {
    labelled(set, &["examples", "tests/natural"])
}

/// The drafts that the tool was not tried on before it was finished, one list for each time some were written.
pub fn held_out(set: &RuleSet) -> Result<[Vec<(String, Drafted)>; 3]> {
    let one = |folder| labelled(set, &[folder]);
    Ok([one("tests/held-out")?, one("tests/held-out-2")?, one("tests/held-out-3")?])
}

fn labelled(set: &RuleSet, folders: &[&str]) -> Result<Vec<(String, Drafted)>> {
    let mut all = Vec::new();
    for folder in folders {
        for path in corpus::files(&corpus::root().join(folder), &["txt", "md"])? {
            let beside = path.with_extension("expected.toml");
            if beside.exists() {
                let text = std::fs::read_to_string(&beside)?;
                let labels: Labels = toml::from_str(&text).with_context(|| beside.display().to_string())?;
                let report = Report::read(&path, set)?;
                all.push((report.name.clone(), compare(&report, &labels)));
            }
        }
    }
    Ok(all)
}

fn compare(report: &Report, labels: &Labels) -> Drafted {
    let index = LineIndex::new(&report.document.text);
    let mut left: Vec<&Diagnostic> = report.audit.diagnostics.iter().collect();
    let mut out = Drafted::default();
    for label in labels.findings.iter().filter(|label| label.severity != Some(Severity::Hint)) {
        let answers: Vec<&Diagnostic> =
            left.iter().copied().filter(|found| answers(report, &index, label, found)).collect();
        left.retain(|found| answers.iter().all(|answer| !std::ptr::eq(*answer, *found)));
        let firm = answers.iter().filter(|found| found.severity > Severity::Hint).count();
        out.right += firm;
        if label.also {
            continue;
        }
        out.labelled += 1;
        match (firm, answers.len()) {
            (0, 0) => out.missed.push(format!("{} line {} “{}”", label.code, label.line, label.quote)),
            (0, _) => out.hinted += 1,
            _ => out.found += 1,
        }
    }
    for found in left.iter().filter(|found| found.severity > Severity::Hint) {
        let line = index.position(&report.document.text, found.span.start as usize).line;
        let quote: String = report.document.slice(found.span).chars().take(20).collect();
        out.wrong.push(format!("{} line {line} “{quote}” {}", found.code, found.message));
    }
    out
}

fn answers(report: &Report, index: &LineIndex, label: &Label, found: &Diagnostic) -> bool {
    let code = found.code == label.code || label.or.contains(&found.code);
    let at = |span: Span| {
        let quote = report.document.slice(span);
        let line = index.position(&report.document.text, span.start as usize).line;
        line == label.line
            && (quote.contains(&label.quote) || label.quote.contains(quote) && !quote.is_empty())
    };
    code && (at(found.span) || found.labels.iter().any(|other| at(other.span)))
}

/// `tests/accuracy/verdicts.toml`: what a reader said of each finding on the real documents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    #[serde(rename = "document")]
    pub documents: Vec<Read>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Name of the file up to its first dot: the variants of one document are one.
    pub id: String,
    #[serde(default)]
    pub findings: Vec<Verdict>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    pub code: SmolStr,
    /// Characters around the finding, blanks left out; it covers every finding that they touch.
    pub quote: String,
    #[serde(rename = "true")]
    pub is_true: bool,
    pub why: String,
}

/// One finding on a real document, alike findings in its variants counted once.
#[derive(Debug)]
pub struct Judged {
    pub document: String,
    pub code: SmolStr,
    pub severity: Severity,
    pub quote: String,
    /// None where nobody has read it yet.
    pub verdict: Option<(bool, String)>,
}

pub struct Published {
    pub findings: Vec<Judged>,
    pub documents: usize,
    /// Characters without blanks, each document counted once.
    pub characters: usize,
}

/// Characters kept on each side of a finding to tell it from others.
const AROUND: usize = 12;

pub fn published(folder: &Path, set: &RuleSet) -> Result<Published> {
    let path = corpus::root().join("tests/accuracy/verdicts.toml");
    let text = std::fs::read_to_string(&path).context("tests/accuracy/verdicts.toml")?;
    let verdicts: Verdicts = toml::from_str(&text).context("tests/accuracy/verdicts.toml")?;
    let mut characters: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: BTreeMap<(String, SmolStr, String, usize), Judged> = BTreeMap::new();
    for path in corpus::files(folder, &["txt", "md", "pdf"])? {
        let report = Report::read(&path, set)?;
        let id = report.name.split('.').next().unwrap_or_default().to_owned();
        if id == "README" {
            continue;
        }
        let size = report.document.text.chars().filter(|c| !c.is_whitespace()).count();
        let most = characters.entry(id.clone()).or_default();
        *most = size.max(*most);
        let mut alike: BTreeMap<(SmolStr, String), usize> = BTreeMap::new();
        for found in report.firm() {
            let (around, place) = surroundings(&report.document.text, found.span);
            let nth = alike.entry((found.code.clone(), around.clone())).or_default();
            *nth += 1;
            let verdict = verdicts.of(&id, &found.code, &around, place);
            seen.entry((id.clone(), found.code.clone(), around.clone(), *nth)).or_insert_with(|| Judged {
                document: id.clone(),
                code: found.code.clone(),
                severity: found.severity,
                quote: verdict.map_or_else(|| around.clone(), |one| one.quote.clone()),
                verdict: verdict.map(|one| (one.is_true, one.why.clone())),
            });
        }
    }
    Ok(Published {
        findings: seen.into_values().collect(),
        documents: characters.len(),
        characters: characters.values().sum(),
    })
}

impl Verdicts {
    fn of(&self, id: &str, code: &str, around: &str, place: (usize, usize)) -> Option<&Verdict> {
        let read = self.documents.iter().find(|read| read.id == id)?;
        read.findings.iter().find(|one| {
            let touches =
                |(at, quote): (usize, &str)| at < place.1.max(place.0 + 1) && at + quote.len() > place.0;
            one.code == code && around.match_indices(&one.quote).any(touches)
        })
    }
}

/// The text around `span` without blanks, and where in it the span itself is.
fn surroundings(text: &str, span: Span) -> (String, (usize, usize)) {
    let solid = |c: &char| !c.is_whitespace();
    let before: String = text[..span.range().start].chars().rev().filter(solid).take(AROUND).collect();
    let before: String = before.chars().rev().collect();
    let own: String = text[span.range()].chars().filter(solid).take(AROUND * 2).collect();
    let after = text[span.range().end..].chars().filter(solid).take(AROUND);
    let place = (before.len(), before.len() + own.len());
    (before.chars().chain(own.chars()).chain(after).collect(), place)
}
