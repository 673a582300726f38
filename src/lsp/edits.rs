//! Changes of a text as the protocol has them.

use lsp_types::TextEdit;
use serde_json::{Value, json};

use super::capabilities::Client;
use super::files::Read;
use crate::diagnostic::Edit;
use crate::document::Span;
use crate::{fix, input};

pub fn text_edits(read: &Read, edits: &[Edit]) -> Vec<TextEdit> {
    let one = |edit: &Edit| TextEdit {
        range: read.range(edit.span),
        new_text: edit.replacement.replace('\n', read.newline),
    };
    edits.iter().map(one).collect()
}

/// A change of this document; with the version it is for, where the client takes that.
pub fn workspace_edit(read: &Read, client: &Client, edits: &[Edit]) -> Value {
    let changes = text_edits(read, edits);
    if client.document_changes {
        json!({ "documentChanges": [
            { "textDocument": { "uri": read.uri, "version": read.version }, "edits": changes }
        ] })
    } else {
        json!({ "changes": { read.uri.as_str(): changes } })
    }
}

/// All safe repairs, and those they lay bare: the text that `check --fix` writes.
pub fn all_safe(read: &Read) -> Vec<Edit> {
    let Read { document, audit, setting, .. } = read;
    let first = fix::safe_edits(document, &audit.diagnostics);
    if first.is_empty() {
        return Vec::new();
    }
    let once = fix::apply(&document.text, &first);
    let again = input::read_text(&document.name, once.clone());
    let repaired = fix::repair(again, &setting.rules, &setting.options);
    if repaired.places == 0 {
        return first.into_iter().cloned().collect();
    }
    difference(&document.text, &repaired.document.text)
}

/// Line by line where there are as many lines; else one edit between what both texts begin and end with.
fn difference(old: &str, new: &str) -> Vec<Edit> {
    let (olds, news): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    if olds.len() != news.len() {
        return narrowed(old, new, 0).into_iter().collect();
    }
    let mut at = 0;
    let mut edits = Vec::new();
    for (line, (old, new)) in olds.iter().zip(&news).enumerate() {
        at += usize::from(line > 0);
        edits.extend(narrowed(old, new, at));
        at += old.len();
    }
    edits
}

/// The change of `old`, which stands at `base`, to `new`, without what they begin and end with alike.
fn narrowed(old: &str, new: &str, base: usize) -> Option<Edit> {
    if old == new {
        return None;
    }
    let alike = |(a, b): &(char, char)| a == b;
    let head: usize = old.chars().zip(new.chars()).take_while(alike).map(|(c, _)| c.len_utf8()).sum();
    let (a, b) = (&old[head..], &new[head..]);
    let tail: usize = a.chars().rev().zip(b.chars().rev()).take_while(alike).map(|(c, _)| c.len_utf8()).sum();
    let span = Span::of(base + head, base + old.len() - tail);
    Some(Edit { span, replacement: b[..b.len() - tail].to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_makes_the_one_text_of_the_other() {
        for (old, new) in [("甲\n乙乙\n丙", "甲\n乙丁乙\n丙丙"), ("甲\n乙", "甲"), ("", "甲\n"), ("同", "同")]
        {
            let edits = difference(old, new);
            assert_eq!(fix::apply(old, &edits.iter().collect::<Vec<_>>()), new);
        }
    }
}
