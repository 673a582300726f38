//! Format `junit`: a test suite for each file. A finding is a test case that fails; a hint is one that passes with a
//! remark, a finding known from the baseline one that is skipped, and a file without findings one that passes.

use std::io::Write;

use super::said;
use super::xml::escaped;
use super::{Audited, Emitter, File, severity_word};
use crate::diagnostic::{Diagnostic, Severity, Standing};
use crate::document::LineIndex;

pub fn open(out: &mut Vec<u8>) {
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gouji\">\n");
}

pub fn close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"</testsuites>\n");
}

/// A Vec takes every write.
pub fn file(emitter: &Emitter, file: &File, out: &mut Vec<u8>) {
    let path = escaped(file.path);
    let findings = file.result.map_or(&[][..], |read| &read.audit.diagnostics);
    let tests = findings.len().max(1);
    let failures = findings.iter().filter(|found| outcome(found) == Outcome::Fails).count();
    let skipped = findings.iter().filter(|found| outcome(found) == Outcome::Skipped).count();
    let errors = usize::from(file.result.is_err());
    let _ = writeln!(
        out,
        "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    );
    match file.result {
        Ok(read) if findings.is_empty() => {
            let name = escaped(emitter.lang.of("没有发现问题", "no finding"));
            let profile = escaped(read.profile);
            let _ = writeln!(out, "    <testcase classname=\"{path}\" name=\"{name}\">");
            let _ = writeln!(out, "      <system-out>{profile}</system-out>\n    </testcase>");
        }
        Ok(read) => {
            let lines = LineIndex::new(&read.document.text);
            findings.iter().for_each(|found| case(emitter, &path, &read, &lines, found, out));
        }
        Err(reason) => {
            let name = escaped(emitter.lang.of("读不了", "unreadable"));
            let reason = escaped(reason);
            let _ = writeln!(out, "    <testcase classname=\"{path}\" name=\"{name}\">");
            let _ = writeln!(out, "      <error type=\"unreadable\" message=\"{reason}\"/>\n    </testcase>");
        }
    }
    out.extend_from_slice(b"  </testsuite>\n");
}

fn case(
    emitter: &Emitter,
    path: &str,
    read: &Audited,
    lines: &LineIndex,
    found: &Diagnostic,
    out: &mut Vec<u8>,
) {
    let Audited { document, .. } = read;
    let at = lines.position(&document.text, found.span.start as usize);
    let name = escaped(&format!("{} {} {}:{}", found.code, found.name, at.line, at.column));
    let message = escaped(&said::sentence(document, found, emitter.lang));
    let details = escaped(said::details(found, emitter.lang).trim_start());
    let severity = severity_word(found.severity, emitter.lang);
    let _ = writeln!(out, "    <testcase classname=\"{path}\" name=\"{name}\">");
    let _ = match outcome(found) {
        Outcome::Fails => {
            writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{details}</failure>")
        }
        Outcome::Skipped => writeln!(out, "      <skipped message=\"{message}\"/>"),
        Outcome::Passes => writeln!(out, "      <system-out>{message}</system-out>"),
    };
    out.extend_from_slice(b"    </testcase>\n");
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Fails,
    Skipped,
    Passes,
}

fn outcome(found: &Diagnostic) -> Outcome {
    match (found.standing, found.severity) {
        (Some(Standing::Known), _) => Outcome::Skipped,
        (_, Severity::Hint) => Outcome::Passes,
        _ => Outcome::Fails,
    }
}
