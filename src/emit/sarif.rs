//! Format `sarif`: SARIF 2.1.0, written in pieces; columns count Unicode code points.

use serde::Serialize;

use super::said;
use super::{Audited, Emitter, File};
use crate::baseline::Entry;
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity, Standing};
use crate::document::{Document, LineIndex, Span};
use crate::options::Lang;
use crate::rules::Rule;
use crate::suppress::{By, Suppressed};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    semantic_version: &'a str,
    language: &'a str,
    rules: Vec<Descriptor<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    id: &'a str,
    name: &'a str,
    short_description: Message<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Message<'a>>,
    default_configuration: Configuration,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Serialize)]
struct Properties<'a> {
    tags: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Note,
    Warning,
    Error,
}

#[derive(Serialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Level,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[Suppression<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixOut<'a>>,
}

/// Readers of SARIF do not count a result that has one.
#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Absent<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Level,
    message: Message<'a>,
    locations: [Whole<'a>; 1],
    partial_fingerprints: Fingerprints,
    baseline_state: &'static str,
}

#[derive(Serialize)]
struct Fingerprints {
    /// The number is the version of the fingerprint's recipe.
    #[serde(rename = "gouji/v1")]
    ours: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical<'a>,
    /// The place as a reader of the file calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[Logical; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact<'a>,
    region: Region<'a>,
}

#[derive(Serialize, Clone, Copy)]
struct Artifact<'a> {
    uri: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixOut<'a> {
    description: Message<'a>,
    artifact_changes: [Change<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact<'a>,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region<'a>,
    inserted_content: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: Level,
    message: Message<'a>,
    locations: [Whole<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'a> {
    physical_location: WholeFile<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WholeFile<'a> {
    artifact_location: Artifact<'a>,
}

pub fn open(emitter: &Emitter, out: &mut Vec<u8>) {
    let version = env!("CARGO_PKG_VERSION");
    let driver = Driver {
        name: env!("CARGO_PKG_NAME"),
        version,
        semantic_version: version,
        language: emitter.lang.of("zh-CN", "en-US"),
        rules: emitter.rules.iter().map(|rule| descriptor(rule, emitter.lang)).collect(),
    };
    out.extend_from_slice(
        format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",\"tool\":{{\"driver\":"
        )
        .as_bytes(),
    );
    write(out, &driver);
    out.extend_from_slice(b"},\"results\":[\n");
}

pub fn close(unread: &[(String, String)], out: &mut Vec<u8>) {
    let uris: Vec<String> = unread.iter().map(|(path, _)| uri(path)).collect();
    let notifications = unread.iter().zip(&uris).map(|((_, reason), uri)| Notification {
        level: Level::Error,
        message: Message { text: reason },
        locations: [Whole { physical_location: WholeFile { artifact_location: Artifact { uri } } }],
    });
    let invocation = Invocation {
        execution_successful: unread.is_empty(),
        tool_execution_notifications: notifications.collect(),
    };
    out.extend_from_slice(b"\n],\"invocations\":[");
    write(out, &invocation);
    out.extend_from_slice(b"]}]}\n");
}

pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    let Ok(Audited { document, audit, fixed, .. }) = file.result else { return };
    if audit.diagnostics.is_empty() && audit.suppressed.is_empty() && fixed.is_empty() {
        return;
    }
    let uri = uri(file.path);
    let lines = LineIndex::new(&document.text);
    let place = Placer { document, lines: &lines, artifact: Artifact { uri: &uri } };
    let open = audit.diagnostics.iter().map(|found| (found, None));
    let answered = audit.suppressed.iter().map(|one| (&one.finding, Some(one)));
    let mut pieces: Vec<Vec<u8>> =
        open.chain(answered).map(|(found, by)| outcome(emitter, &place, found, by)).collect();
    pieces.extend(fixed.iter().map(|entry| absent(emitter, place.artifact, entry)));
    out.extend_from_slice(&pieces.join(&b",\n"[..]));
}

/// A finding of the baseline that is gone; where it stood is no place of this text.
fn absent(emitter: &Emitter, artifact: Artifact, entry: &Entry) -> Vec<u8> {
    let outcome = Absent {
        rule_id: &entry.code,
        rule_index: emitter.rules.binary_search_by(|rule| rule.code.cmp(&entry.code)).ok(),
        level: level(entry.severity),
        message: Message { text: &entry.message },
        locations: [Whole { physical_location: WholeFile { artifact_location: artifact } }],
        partial_fingerprints: Fingerprints { ours: entry.fingerprint.clone() },
        baseline_state: "absent",
    };
    written(&outcome)
}

fn outcome(emitter: &Emitter, place: &Placer, found: &Diagnostic, answered: Option<&Suppressed>) -> Vec<u8> {
    // SARIF has one message for a result.
    let text = found.message.clone() + &said::details(found, emitter.lang);
    let related = found.labels.iter().enumerate().map(|(id, label)| Location {
        id: Some(id + 1),
        physical_location: place.physical(label.span),
        logical_locations: place.logical(label.span, emitter.lang),
        message: (!label.message.is_empty()).then_some(Message { text: &label.message }),
    });
    let outcome = Outcome {
        rule_id: &found.code,
        rule_index: emitter.rules.binary_search_by(|rule| rule.code.cmp(&found.code)).ok(),
        level: level(found.severity),
        message: Message { text: &text },
        locations: [Location {
            id: None,
            physical_location: place.physical(found.span),
            logical_locations: place.logical(found.span, emitter.lang),
            message: None,
        }],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints { ours: format!("{:016x}", found.fingerprint) },
        baseline_state: found.standing.map(|standing| match standing {
            Standing::New => "new",
            Standing::Known => "unchanged",
        }),
        suppressions: answered.map(|one| {
            let kind = match one.by {
                By::Comment(_) => "inSource",
                By::Entry(_) => "external",
            };
            [Suppression { kind, status: "accepted", justification: &one.reason }]
        }),
        fixes: found.fixes.iter().map(|fix| place.fix(fix)).collect(),
    };
    written(&outcome)
}

fn written(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, value);
    out
}

fn descriptor<'a>(rule: &'a Rule, lang: Lang) -> Descriptor<'a> {
    let say = lang.of(&rule.zh, &rule.en);
    let message = |text: &'a String| (!text.is_empty()).then_some(Message { text });
    Descriptor {
        id: &rule.code,
        name: &rule.name,
        short_description: Message { text: &say.title },
        full_description: message(&say.why),
        help: message(&say.limits),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Properties { tags: [rule.family()] },
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Hint => Level::Note,
    }
}

struct Placer<'a> {
    document: &'a Document,
    lines: &'a LineIndex,
    artifact: Artifact<'a>,
}

impl<'a> Placer<'a> {
    fn physical(&self, span: Span) -> Physical<'a> {
        let mut region = self.region(span);
        region.snippet = (!span.is_empty()).then(|| Message { text: self.document.slice(span) });
        Physical { artifact_location: self.artifact, region }
    }

    fn logical(&self, span: Span, lang: Lang) -> Option<[Logical; 1]> {
        super::place(self.document, span.start, lang).map(|name| [Logical { fully_qualified_name: name }])
    }

    fn region(&self, span: Span) -> Region<'a> {
        let at = self.lines.position(&self.document.text, span.start as usize);
        let to = self.lines.position(&self.document.text, span.end as usize);
        Region {
            start_line: at.line,
            start_column: at.column,
            end_line: to.line,
            end_column: to.column,
            snippet: None,
        }
    }

    fn fix<'b>(&self, fix: &'b Fix) -> FixOut<'b>
    where
        'a: 'b,
    {
        let replacement = |edit: &'b Edit| Replacement {
            deleted_region: self.region(edit.span),
            inserted_content: Message { text: &edit.replacement },
        };
        FixOut {
            description: Message { text: &fix.description },
            artifact_changes: [Change {
                artifact_location: self.artifact,
                replacements: fix.edits.iter().map(replacement).collect(),
            }],
        }
    }
}

/// A path as a URI reference: bytes outside the unreserved set are percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() * 2);
    let bytes = path.as_bytes();
    let drive = bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if drive {
        uri.push_str("file:///");
    }
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte as char)
            }
            b'\\' => uri.push('/'),
            b':' if drive && at == 1 => uri.push(':'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// Plain data of strings and numbers into a buffer: neither can fail.
fn write(out: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("上报/a b.txt"), "%E4%B8%8A%E6%8A%A5/a%20b.txt");
        assert_eq!(uri("/x.txt"), "file:///x.txt");
        assert_eq!(uri(r"C:\x.txt"), "file:///C:/x.txt");
    }
}
