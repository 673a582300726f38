//! Safe repairs of a Word document as tracked changes.

use std::fs;
use std::path::Path;

use super::annotate::now;
use crate::audit::{Audit, audit};
use crate::document::Document;
use crate::input::{self, Limits};
use crate::options::Options;
use crate::rules::RuleSet;
use crate::{fix, word};

/// A document with its repairs, read again.
pub struct Tracked {
    pub bytes: Vec<u8>,
    pub document: Document,
    pub audit: Audit,
    pub places: usize,
}

/// Makes every safe repair that can be a change of the document at `path`, from which `document` was read.
pub fn repair(
    path: &Path,
    document: Document,
    rules: &RuleSet,
    options: &Options,
) -> Result<Tracked, String> {
    let lang = options.lang;
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let found = audit(&document, rules, options);
    let mut tracked = Tracked { bytes, document, audit: found, places: 0 };
    for _ in 0..fix::ROUNDS {
        let can = |edit: &_| word::can_be_made(&tracked.document, edit);
        let edits = fix::possible_edits(&tracked.document, &tracked.audit.diagnostics, can);
        let (bytes, made) = word::revise(&tracked.bytes, &tracked.document, &edits, &now())
            .map_err(|error| lang.of(error.to_string(), error.english()))?;
        if made == 0 {
            break;
        }
        let document = input::read_bytes(&tracked.document.name, bytes.clone(), &Limits::default())
            .map_err(|error| lang.of(error.to_string(), error.english()))?;
        let found = audit(&document, rules, options);
        tracked = Tracked { bytes, document, audit: found, places: tracked.places + made };
    }
    Ok(tracked)
}

/// Findings that a change can repair.
pub fn fixable(document: &Document, found: &Audit) -> usize {
    let can = |edit: &_| word::can_be_made(document, edit);
    let safe = found.diagnostics.iter().filter_map(fix::safe);
    safe.filter(|fix| fix.edits.iter().all(can)).count()
}
