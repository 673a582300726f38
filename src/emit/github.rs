//! Format `github`: workflow commands, which GitHub Actions shows beside the lines. Columns count characters.

use std::io::Write;

use super::said;
use super::{Audited, Emitter, File};
use crate::diagnostic::Severity;
use crate::document::LineIndex;

/// A Vec takes every write.
pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    let path = property(file.path);
    match file.result {
        Ok(Audited { document, audit, .. }) => {
            let lines = LineIndex::new(&document.text);
            for found in &audit.diagnostics {
                let at = lines.position(&document.text, found.span.start as usize);
                let to = lines.position(&document.text, found.span.end as usize);
                let command = match found.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Hint => "notice",
                };
                let _ = write!(out, "::{command} file={path},line={},endLine={}", at.line, to.line);
                // GitHub takes columns only within one line.
                if at.line == to.line {
                    let _ = write!(out, ",col={},endColumn={}", at.column, to.column);
                }
                let title = property(&format!("{} {}", found.code, found.name));
                let message = data(&said::whole(document, found, emitter.lang));
                let _ = writeln!(out, ",title={title}::{message}");
            }
        }
        Err(reason) => {
            let title = property(emitter.lang.of("读不了", "unreadable"));
            let _ = writeln!(out, "::error file={path},title={title}::{}", data(reason));
        }
    }
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_command() {
        assert_eq!(data("98%\n元::"), "98%25%0A元::");
        assert_eq!(property("a:b,c\r"), "a%3Ab%2Cc%0D");
    }
}
