//! Format `checkstyle`: the XML of Checkstyle, which many build servers read; columns count characters.

use std::io::Write;

use super::said;
use super::xml::escaped;
use super::{Audited, Emitter, File};
use crate::diagnostic::Severity;
use crate::document::LineIndex;

pub fn open(out: &mut Vec<u8>) {
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n");
}

pub fn close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"</checkstyle>\n");
}

/// A Vec takes every write.
pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    let _ = writeln!(out, "  <file name=\"{}\">", escaped(file.path));
    match file.result {
        Ok(Audited { document, audit, .. }) => {
            let lines = LineIndex::new(&document.text);
            for found in &audit.diagnostics {
                let at = lines.position(&document.text, found.span.start as usize);
                let (line, column) = (at.line, at.column);
                let severity = match found.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Hint => "info",
                };
                let message = escaped(&said::whole(document, found, emitter.lang));
                let (code, name) = (escaped(&found.code), escaped(&found.name));
                let _ = writeln!(
                    out,
                    "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" source=\"gouji.{code}.{name}\"/>"
                );
            }
        }
        // Line 0 is the file as a whole.
        Err(reason) => {
            let message = escaped(reason);
            let _ = writeln!(
                out,
                "    <error line=\"0\" severity=\"error\" message=\"{message}\" source=\"gouji.unreadable\"/>"
            );
        }
    }
    out.extend_from_slice(b"  </file>\n");
}
