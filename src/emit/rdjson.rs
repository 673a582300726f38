//! Format `rdjson`: the Reviewdog Diagnostic Format; columns count bytes of UTF-8, ends are exclusive.

use serde::Serialize;

use super::said;
use super::{Audited, Emitter, File};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::document::{Document, Format, LineIndex, Span};

#[derive(Serialize)]
struct Row<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: usize,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

pub fn open(out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"source\":{\"name\":\"gouji\"},\"diagnostics\":[\n");
}

pub fn close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"\n]}\n");
}

pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    match file.result {
        Ok(Audited { document, audit, .. }) => {
            let lines = LineIndex::new(&document.text);
            for (place, found) in audit.diagnostics.iter().enumerate() {
                if place > 0 {
                    out.extend_from_slice(b",\n");
                }
                let row = Row {
                    message: said::whole(document, found, emitter.lang),
                    location: Location { path: file.path, range: Some(range(document, &lines, found.span)) },
                    severity: match found.severity {
                        Severity::Error => "ERROR",
                        Severity::Warning => "WARNING",
                        Severity::Hint => "INFO",
                    },
                    code: Code { value: &found.code },
                    suggestions: suggestions(document, &lines, found),
                };
                write(out, &row);
            }
        }
        Err(reason) => {
            let row = Row {
                message: format!("{}{reason}", emitter.lang.of("读不了：", "unreadable: ")),
                location: Location { path: file.path, range: None },
                severity: "ERROR",
                code: Code { value: "unreadable" },
                suggestions: Vec::new(),
            };
            write(out, &row);
        }
    }
}

/// Suggestions are put into the file as they stand: only safe ones are made, and only for files that are text.
fn suggestions<'a>(document: &Document, lines: &LineIndex, found: &'a Diagnostic) -> Vec<Suggestion<'a>> {
    if document.source.format != Format::Text {
        return Vec::new();
    }
    let safe = found.fixes.iter().filter(|fix| fix.applicability == Applicability::Safe);
    safe.flat_map(|fix| &fix.edits)
        .map(|edit| Suggestion { range: range(document, lines, edit.span), text: &edit.replacement })
        .collect()
}

fn range(document: &Document, lines: &LineIndex, span: Span) -> Range {
    let position = |offset: u32| {
        let line = lines.position(&document.text, offset as usize).line;
        let start = lines.line_range(&document.text, line as usize).map_or(0, |range| range.start);
        Position { line, column: (offset as usize).saturating_sub(start) + 1 }
    };
    Range { start: position(span.start), end: position(span.end) }
}

/// Plain data of strings and numbers into a buffer: neither can fail.
fn write(out: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(out, value);
}
