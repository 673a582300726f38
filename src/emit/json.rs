//! Format `json`: one object, stable and versioned; `gouji schema output` describes it. Format `jsonl`: the same, a line
//! for each file and a line for each finding.
//!
//! The top object is written in pieces so that nothing of a file is kept when the next one comes.

mod shape;

use serde::Serialize;

use self::shape::Tool;
use super::place::place;
use super::{Audited, File, Ledger, Summary};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, LineIndex, Span};
use crate::options::Lang;
use crate::reconcile::Check;
use crate::suppress::Suppressed;

pub use shape::Output;

const SCHEMA_VERSION: u32 = 1;
const CONVERTER: &str = "LibreOffice";

#[derive(Clone, Copy)]
struct Text<'a> {
    document: &'a Document,
    lines: &'a LineIndex,
    lang: Lang,
}

pub fn open(out: &mut Vec<u8>) {
    let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    out.extend_from_slice(format!("{{\"schema_version\":{SCHEMA_VERSION},\"tool\":").as_bytes());
    write(out, &tool);
    out.extend_from_slice(b",\"files\":[\n");
}

pub fn close(summary: &Summary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\n],\"summary\":");
    write(out, summary);
    out.extend_from_slice(b"}\n");
}

pub fn file(lang: Lang, file: &File, out: &mut Vec<u8>) {
    string(out, "{\"path\":", file.path);
    match file.result {
        Ok(Audited { document, audit, fixed, .. }) => {
            let lines = LineIndex::new(&document.text);
            let text = Text { document, lines: &lines, lang };
            string(out, ",\"error\":null,\"profile\":", &audit.profile);
            if document.source.converted {
                string(out, ",\"converted_by\":", CONVERTER);
            }
            list(out, ",\"diagnostics\":", &audit.diagnostics, |out, found| text.finding(out, "{", found));
            field(out, ",\"fixed\":", fixed);
            list(out, ",\"suppressed\":", &audit.suppressed, |out, one| {
                text.suppressed(out, "{", one);
            });
            ledger(out, &Ledger::of(audit), |out| {
                list(out, ",\"checks\":", &audit.checks, |out, check| text.check(out, check));
            });
        }
        Err(error) => {
            string(out, ",\"error\":", error);
            out.extend_from_slice(b",\"profile\":null,\"diagnostics\":[],\"fixed\":[],\"suppressed\":[]");
            ledger(out, &Ledger::default(), |out| out.extend_from_slice(b",\"checks\":[]"));
        }
    }
    out.push(b'}');
}

/// The line of the file, then its findings, those that are answered for, and those of the baseline that are gone.
pub fn lines(lang: Lang, file: &File, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{{\"type\":\"file\",\"schema_version\":{SCHEMA_VERSION}").as_bytes());
    field(out, ",\"path\":", file.path);
    let Ok(Audited { document, audit, fixed, .. }) = file.result else {
        field(out, ",\"error\":", &file.result.err());
        out.extend_from_slice(b",\"profile\":null,\"findings\":0");
        field(out, ",\"ledger\":", &Ledger::default());
        out.extend_from_slice(b"}\n");
        return;
    };
    field(out, ",\"error\":null,\"profile\":", &audit.profile);
    if document.source.converted {
        string(out, ",\"converted_by\":", CONVERTER);
    }
    field(out, ",\"findings\":", &audit.diagnostics.len());
    field(out, ",\"ledger\":", &Ledger::of(audit));
    out.extend_from_slice(b"}\n");
    let index = LineIndex::new(&document.text);
    let text = Text { document, lines: &index, lang };
    for found in &audit.diagnostics {
        field(out, "{\"type\":\"finding\",\"path\":", file.path);
        text.finding(out, ",", found);
        out.push(b'\n');
    }
    for one in &audit.suppressed {
        field(out, "{\"type\":\"suppressed\",\"path\":", file.path);
        text.suppressed(out, ",", one);
        out.push(b'\n');
    }
    for entry in fixed {
        field(out, "{\"type\":\"fixed\",\"path\":", file.path);
        field(out, ",\"was\":", entry);
        out.extend_from_slice(b"}\n");
    }
}

pub fn finding(document: &Document, lines: &LineIndex, found: &Diagnostic, lang: Lang) -> Vec<u8> {
    let mut out = Vec::new();
    Text { document, lines, lang }.finding(&mut out, "{", found);
    out
}

/// Plain data of strings and numbers into a buffer: neither can fail.
fn write(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let _ = serde_json::to_writer(out, value);
}

/// A report has hundreds of strings, and hardly one with a character to escape: they are copied whole.
fn string(out: &mut Vec<u8>, key: &str, value: &str) {
    let escaped = |byte: &u8| u8::from(*byte < b' ' || matches!(byte, b'"' | b'\\'));
    if value.as_bytes().iter().map(escaped).fold(0, |any, one| any | one) != 0 {
        return field(out, key, value);
    }
    out.reserve(key.len() + value.len() + 2);
    out.extend_from_slice(key.as_bytes());
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

fn optional(out: &mut Vec<u8>, key: &str, value: Option<&str>) {
    match value {
        Some(value) => string(out, key, value),
        None => field(out, key, &()),
    }
}

/// `key` is what stands before the value, from the mark that parts it from the one before.
fn field(out: &mut Vec<u8>, key: &str, value: &(impl Serialize + ?Sized)) {
    out.extend_from_slice(key.as_bytes());
    write(out, value);
}

fn list<T>(out: &mut Vec<u8>, key: &str, items: &[T], mut one: impl FnMut(&mut Vec<u8>, &T)) {
    out.extend_from_slice(key.as_bytes());
    out.push(b'[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        one(out, item);
    }
    out.push(b']');
}

/// The counts, and the checks beside them.
fn ledger(out: &mut Vec<u8>, counts: &Ledger, checks: impl FnOnce(&mut Vec<u8>)) {
    field(out, ",\"ledger\":", counts);
    out.pop();
    checks(out);
    out.push(b'}');
}

/// A report has hundreds of places: names written whole take half the time of names written one by one.
impl Text<'_> {
    /// `before` opens the object, or parts the finding from what stands beside it.
    fn finding(self, out: &mut Vec<u8>, before: &str, found: &Diagnostic) {
        out.extend_from_slice(before.as_bytes());
        string(out, "\"code\":", found.code.as_str());
        string(out, ",\"name\":", found.name.as_str());
        field(out, ",\"severity\":", &found.severity);
        field(out, ",\"state\":", &found.standing);
        string(out, ",\"message\":", &found.message);
        self.place(out, ",\"span\":", found.span);
        self.named(out, found.span);
        string(out, ",\"quote\":", self.document.slice(found.span));
        list(out, ",\"labels\":", &found.labels, |out, label| {
            self.place(out, "{\"span\":", label.span);
            self.named(out, label.span);
            string(out, ",\"quote\":", self.document.slice(label.span));
            string(out, ",\"message\":", &label.message);
            out.push(b'}');
        });
        optional(out, ",\"trace\":", found.trace.as_deref());
        optional(out, ",\"citation\":", found.citation.as_deref());
        optional(out, ",\"help\":", found.help.as_deref());
        list(out, ",\"fixes\":", &found.fixes, |out, fix| {
            string(out, "{\"description\":", &fix.description);
            field(out, ",\"applicability\":", &fix.applicability);
            list(out, ",\"edits\":", &fix.edits, |out, edit| {
                self.place(out, "{\"span\":", edit.span);
                string(out, ",\"replacement\":", &edit.replacement);
                out.push(b'}');
            });
            out.push(b'}');
        });
        string(out, ",\"fingerprint\":", &format!("{:016x}", found.fingerprint));
        out.push(b'}');
    }

    /// `before` as for [`Text::finding`].
    fn suppressed(self, out: &mut Vec<u8>, before: &str, one: &Suppressed) {
        out.extend_from_slice(before.as_bytes());
        string(out, "\"reason\":", &one.reason);
        string(out, ",\"by\":", one.by.word());
        out.extend_from_slice(b",\"diagnostic\":");
        self.finding(out, "{", &one.finding);
        out.push(b'}');
    }

    fn check(self, out: &mut Vec<u8>, check: &Check) {
        string(out, "{\"kind\":", check.kind);
        field(out, ",\"state\":", &check.state);
        string(out, ",\"expression\":", &check.expression);
        string(out, ",\"trace\":", &check.trace);
        list(out, ",\"spans\":", &check.spans, |out, &span| self.place(out, "", span));
        out.push(b'}');
    }

    /// What its reader calls the place; null in plain text.
    fn named(self, out: &mut Vec<u8>, span: Span) {
        optional(out, ",\"place\":", place(self.document, span.start, self.lang).as_deref());
    }

    fn place(self, out: &mut Vec<u8>, key: &str, span: Span) {
        let at = self.lines.position(&self.document.text, span.start as usize);
        let to = self.lines.position_after(&self.document.text, span.start as usize, at, span.end as usize);
        let mut line = Line::default();
        line.number("{\"start\":", span.start);
        line.number(",\"end\":", span.end);
        line.number(",\"line\":", at.line);
        line.number(",\"column\":", at.column);
        line.number(",\"end_line\":", to.line);
        line.number(",\"end_column\":", to.column);
        line.text("}");
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(&line.bytes[..line.len]);
    }
}

/// A place as it is written, put together aside: six numbers appended one by one to a buffer that may grow
/// cost twice as much.
struct Line {
    bytes: [u8; LONGEST_LINE],
    len: usize,
}

/// Six names with their signs, and six numbers of ten digits.
const LONGEST_LINE: usize = 128;

impl Default for Line {
    fn default() -> Self {
        Line { bytes: [0; LONGEST_LINE], len: 0 }
    }
}

impl Line {
    fn text(&mut self, text: &str) {
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text.as_bytes());
        self.len += text.len();
    }

    #[inline]
    fn number(&mut self, name: &str, mut value: u32) {
        self.text(name);
        let digits = value.checked_ilog10().unwrap_or(0) as usize + 1;
        for byte in self.bytes[self.len..self.len + digits].iter_mut().rev() {
            *byte = b'0' + (value % 10) as u8;
            value /= 10;
        }
        self.len += digits;
    }
}
