//! Safe repairs: which edits may be made unseen, and the text with them made.
//!
//! Takes diagnostics and a text; gives a text. It must not know files.

use crate::audit::{Audit, audit};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::document::Document;
use crate::input;
use crate::options::Options;
use crate::rules::RuleSet;

/// A repair can lay bare another; more rounds than this mean two rules undo each other.
pub const ROUNDS: usize = 8;

/// A document after its safe repairs, and what is still found in it.
pub struct Repaired {
    pub document: Document,
    pub audit: Audit,
    /// Places repaired.
    pub places: usize,
}

/// Makes every safe repair.
pub fn repair(document: Document, rules: &RuleSet, options: &Options) -> Repaired {
    let found = audit(&document, rules, options);
    let mut repaired = Repaired { document, audit: found, places: 0 };
    for _ in 0..ROUNDS {
        let edits = safe_edits(&repaired.document, &repaired.audit.diagnostics);
        if edits.is_empty() {
            break;
        }
        let text = apply(&repaired.document.text, &edits);
        let places = repaired.places + edits.len();
        let mut document = input::read_text(&repaired.document.name, text);
        document.origin = repaired.document.origin.clone();
        let found = audit(&document, rules, options);
        repaired = Repaired { document, audit: found, places };
    }
    repaired
}

/// The edits of all safe fixes, in text order. Of fixes that meet, the first one stands; a fix is made
/// whole or not at all; and none that would change a figure is made, whatever its rule says.
pub fn safe_edits<'a>(document: &Document, diagnostics: &'a [Diagnostic]) -> Vec<&'a Edit> {
    possible_edits(document, diagnostics, |_| true)
}

/// [`safe_edits`] of the fixes all of whose edits `can` be made.
pub fn possible_edits<'a>(
    document: &Document,
    diagnostics: &'a [Diagnostic],
    can: impl Fn(&Edit) -> bool,
) -> Vec<&'a Edit> {
    let mut chosen: Vec<&Edit> = Vec::new();
    for fix in diagnostics.iter().filter_map(safe) {
        let keeps_figures =
            fix.edits.iter().all(|edit| figures(document.slice(edit.span)).eq(figures(&edit.replacement)));
        let is_free = fix.edits.iter().all(|edit| !chosen.iter().rev().any(|other| meets(edit, other)));
        if keeps_figures && is_free && fix.edits.iter().all(&can) {
            chosen.extend(&fix.edits);
            chosen.sort_by_key(|edit| edit.span);
        }
    }
    chosen
}

/// The safe fix of a finding.
pub fn safe(found: &Diagnostic) -> Option<&Fix> {
    found.fixes.iter().find(|fix| fix.applicability == Applicability::Safe)
}

/// `text` with `edits`, which are sorted and disjoint.
pub fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.range().start]);
        out.push_str(&edit.replacement);
        at = edit.span.range().end;
    }
    out.push_str(&text[at..]);
    out
}

/// Overlap, or insertion at the same place.
fn meets(one: &Edit, other: &Edit) -> bool {
    one.span.overlaps(other.span) || one.span.start == other.span.start
}

/// The digits of a text, full-width ones folded.
fn figures(text: &str) -> impl Iterator<Item = u32> + '_ {
    text.chars().filter_map(|c| match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::document::Span;

    fn finding(applicability: Applicability, edits: &[(u32, u32, &str)]) -> Diagnostic {
        let edit = |&(start, end, text): &(u32, u32, &str)| Edit {
            span: Span::new(start, end),
            replacement: text.to_owned(),
        };
        let edits = edits.iter().map(edit).collect();
        Diagnostic {
            rule: 0,
            code: "TXT999".into(),
            name: "test".into(),
            severity: Severity::Warning,
            message: String::new(),
            span: Span::default(),
            note: String::new(),
            labels: Vec::new(),
            trace: None,
            citation: None,
            help: None,
            fixes: vec![Fix { description: String::new(), applicability, edits }],
            fingerprint: 0,
            standing: None,
        }
    }

    fn repaired(text: &str, found: &[Diagnostic]) -> String {
        let document = crate::input::read_text("t", text.to_owned());
        apply(text, &safe_edits(&document, found))
    }

    #[test]
    fn safe_fixes_are_made_and_suggested_ones_are_not() {
        let safe = finding(Applicability::Safe, &[(3, 4, "；"), (0, 1, "（")]);
        let suggested = finding(Applicability::Suggested, &[(1, 2, "9")]);
        assert_eq!(repaired("(a);", &[safe, suggested]), "（a)；");
    }

    #[test]
    fn a_figure_is_never_changed() {
        assert_eq!(repaired("20万", &[finding(Applicability::Safe, &[(0, 2, "21")])]), "20万");
        assert_eq!(repaired("２0", &[finding(Applicability::Safe, &[(0, 3, "2")])]), "20");
    }

    #[test]
    fn of_two_that_meet_the_first_stands() {
        let one = finding(Applicability::Safe, &[(0, 2, "x")]);
        let two = finding(Applicability::Safe, &[(1, 3, "y"), (3, 4, "z")]);
        assert_eq!(repaired("abcd", &[one, two]), "xcd");
    }
}
