//! Format `concise`: one line each, `path:line:column: severity[CODE name] message`; in a file that is no text the
//! place as its reader calls it stands behind the column, in brackets.

use std::io::Write;

use super::excerpt::printable;
use super::place::place;
use super::said::mark;
use super::{Audited, Emitter, File, severity_word};
use crate::document::LineIndex;

pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    let path = printable(file.path);
    if let (Ok(Audited { document, audit, .. }), true) = (file.result, emitter.show_suppressed) {
        super::terminal::suppressed(emitter, &path, document, &audit.suppressed, out);
    }
    match file.result {
        Ok(Audited { document, audit, fixed, .. }) => {
            let lines = LineIndex::new(&document.text);
            for found in &audit.diagnostics {
                let at = lines.position(&document.text, found.span.start as usize);
                let severity = severity_word(found.severity, emitter.lang);
                let mark = mark(found.standing, emitter.lang).unwrap_or_default();
                let message = one_line(&printable(&found.message));
                let (line, column, code, name) = (at.line, at.column, &found.code, &found.name);
                let place = place(document, found.span.start, emitter.lang);
                let place = place.map_or_else(String::new, |place| format!(" ({place})"));
                // A Vec takes every write.
                let _ =
                    writeln!(out, "{path}:{line}:{column}{place}: {severity}[{code} {name}] {mark}{message}");
            }
            for entry in fixed {
                let word = emitter.lang.of("已改", "fixed");
                let (code, name, message) = (&entry.code, &entry.name, one_line(&printable(&entry.message)));
                let _ = writeln!(out, "{path}: {word}[{code} {name}] {message}");
            }
        }
        Err(reason) => {
            let word = emitter.lang.of("读不了", "unreadable");
            let _ = writeln!(out, "{path}: {word}: {}", one_line(&printable(reason)));
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}
