//! Format `gitlab`: the report of GitLab Code Quality, a list of issues.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::said;
use super::{Audited, Emitter, File};
use crate::diagnostic::Severity;
use crate::document::LineIndex;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    /// Unique in the report: the same finding in two files is two issues.
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub fn open(out: &mut Vec<u8>) {
    out.extend_from_slice(b"[\n");
}

pub fn close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"\n]\n");
}

pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    // GitLab knows files by their path in the repository.
    let path = file.path.strip_prefix("./").unwrap_or(file.path);
    let print = |own: u64| format!("{:016x}{own:016x}", xxh3_64(path.as_bytes()));
    let location = |begin| Location { path, lines: Lines { begin } };
    match file.result {
        Ok(Audited { document, audit, .. }) => {
            let lines = LineIndex::new(&document.text);
            for (place, found) in audit.diagnostics.iter().enumerate() {
                if place > 0 {
                    out.extend_from_slice(b",\n");
                }
                let at = lines.position(&document.text, found.span.start as usize);
                let issue = Issue {
                    description: said::sentence(document, found, emitter.lang),
                    check_name: &found.code,
                    fingerprint: print(found.fingerprint),
                    severity: match found.severity {
                        Severity::Error => "major",
                        Severity::Warning => "minor",
                        Severity::Hint => "info",
                    },
                    location: location(at.line),
                };
                write(out, &issue);
            }
        }
        Err(reason) => {
            let issue = Issue {
                description: format!("{}{reason}", emitter.lang.of("读不了：", "unreadable: ")),
                check_name: "unreadable",
                fingerprint: print(0),
                severity: "blocker",
                location: location(1),
            };
            write(out, &issue);
        }
    }
}

/// Plain data of strings and numbers into a buffer: neither can fail.
fn write(out: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(out, value);
}
