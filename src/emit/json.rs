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
use crate::suppress::By;

pub use shape::Output;

const SCHEMA_VERSION: u32 = 1;

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
    field(out, "{\"path\":", file.path);
    match file.result {
        Ok(Audited { document, audit, fixed, .. }) => {
            let lines = LineIndex::new(&document.text);
            let text = Text { document, lines: &lines, lang };
            field(out, ",\"error\":null,\"profile\":", &audit.profile);
            list(out, ",\"diagnostics\":", &audit.diagnostics, |out, found| text.finding(out, "{", found));
            field(out, ",\"fixed\":", fixed);
            list(out, ",\"suppressed\":", &audit.suppressed, |out, one| {
                field(out, "{\"reason\":", &one.reason);
                let by = match one.by {
                    By::Comment(_) => "comment",
                    By::Entry(_) => "config",
                };
                field(out, ",\"by\":", by);
                out.extend_from_slice(b",\"diagnostic\":");
                text.finding(out, "{", &one.finding);
                out.push(b'}');
            });
            ledger(out, &Ledger::of(audit), |out| {
                list(out, ",\"checks\":", &audit.checks, |out, check| text.check(out, check));
            });
        }
        Err(error) => {
            field(out, ",\"error\":", error);
            out.extend_from_slice(b",\"profile\":null,\"diagnostics\":[],\"fixed\":[],\"suppressed\":[]");
            ledger(out, &Ledger::default(), |out| out.extend_from_slice(b",\"checks\":[]"));
        }
    }
    out.push(b'}');
}

/// The line of the file, then its findings, then those of the baseline that are gone.
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
    for entry in fixed {
        field(out, "{\"type\":\"fixed\",\"path\":", file.path);
        field(out, ",\"was\":", entry);
        out.extend_from_slice(b"}\n");
    }
}

/// Plain data of strings and numbers into a buffer: neither can fail.
fn write(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let _ = serde_json::to_writer(out, value);
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
        field(out, "\"code\":", found.code.as_str());
        field(out, ",\"name\":", found.name.as_str());
        field(out, ",\"severity\":", &found.severity);
        field(out, ",\"state\":", &found.standing);
        field(out, ",\"message\":", &found.message);
        self.place(out, ",\"span\":", found.span);
        self.named(out, found.span);
        field(out, ",\"quote\":", self.document.slice(found.span));
        list(out, ",\"labels\":", &found.labels, |out, label| {
            self.place(out, "{\"span\":", label.span);
            self.named(out, label.span);
            field(out, ",\"quote\":", self.document.slice(label.span));
            field(out, ",\"message\":", &label.message);
            out.push(b'}');
        });
        field(out, ",\"trace\":", &found.trace);
        field(out, ",\"citation\":", &found.citation);
        field(out, ",\"help\":", &found.help);
        list(out, ",\"fixes\":", &found.fixes, |out, fix| {
            field(out, "{\"description\":", &fix.description);
            field(out, ",\"applicability\":", &fix.applicability);
            list(out, ",\"edits\":", &fix.edits, |out, edit| {
                self.place(out, "{\"span\":", edit.span);
                field(out, ",\"replacement\":", &edit.replacement);
                out.push(b'}');
            });
            out.push(b'}');
        });
        field(out, ",\"fingerprint\":", &format!("{:016x}", found.fingerprint));
        out.push(b'}');
    }

    fn check(self, out: &mut Vec<u8>, check: &Check) {
        field(out, "{\"kind\":", check.kind);
        field(out, ",\"state\":", &check.state);
        field(out, ",\"expression\":", &check.expression);
        field(out, ",\"trace\":", &check.trace);
        list(out, ",\"spans\":", &check.spans, |out, &span| self.place(out, "", span));
        out.push(b'}');
    }

    /// What its reader calls the place; null in plain text.
    fn named(self, out: &mut Vec<u8>, span: Span) {
        field(out, ",\"place\":", &place(self.document, span.start, self.lang));
    }

    fn place(self, out: &mut Vec<u8>, key: &str, span: Span) {
        let at = self.lines.position(&self.document.text, span.start as usize);
        let to = self.lines.position_after(&self.document.text, span.start as usize, at, span.end as usize);
        out.extend_from_slice(key.as_bytes());
        field(out, "{\"start\":", &span.start);
        field(out, ",\"end\":", &span.end);
        field(out, ",\"line\":", &at.line);
        field(out, ",\"column\":", &at.column);
        field(out, ",\"end_line\":", &to.line);
        field(out, ",\"end_column\":", &to.column);
        out.push(b'}');
    }
}
