//! `textDocument/codeAction`: repairs, all safe repairs at once, ignoring a finding with a reason, explaining it.

use lsp_types::Range;
use serde_json::{Value, json};

use super::capabilities::Client;
use super::files::Read;
use super::place::Places;
use super::settings::Configure;
use super::{diagnostics, edits, explain};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::document::{BlockKind, Span};
use crate::input;

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll.gouji";
pub const KINDS: [&str; 2] = [QUICK_FIX, FIX_ALL];

/// Characters of a paragraph that tell it from others.
const QUOTED: usize = 20;

/// Shows the place in `gouji.toml` where the reason is to be written. Its argument is what `window/showDocument` takes.
pub const REASON: &str = "gouji.reason";
/// What stands before the reason in its line.
const REASON_KEY: &str = "reason = \"";

pub fn answer(read: &Read, client: &Client, config: &dyn Configure, range: Range, context: &Value) -> Value {
    let only: Option<Vec<&str>> =
        context["only"].as_array().map(|list| list.iter().filter_map(Value::as_str).collect());
    // A kind stands for all below it: `source` asks for `source.fixAll.gouji`.
    let wanted = |kind: &str| {
        only.as_ref().is_none_or(|only| {
            only.iter().any(|asked| {
                kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
    };
    let mut actions = Vec::new();
    let (start, end) = (read.offset(range.start), read.offset(range.end));
    let touched = |span: Span| span.start <= end && start <= span.end;
    if wanted(QUICK_FIX) {
        for found in read.audit.diagnostics.iter().filter(|found| touched(found.span)) {
            of_finding(read, client, config, found, &mut actions);
        }
    }
    // Not offered with every quick fix unless there is something to do.
    if wanted(FIX_ALL) {
        let all = edits::all_safe(read);
        if !all.is_empty() {
            let lang = read.setting.options.lang;
            actions.push(json!({
                "title": lang.of("改正全部可以放心改的文字形式（不改数字）", "Make all safe repairs (figures are never changed)"),
                "kind": FIX_ALL,
                "edit": edits::workspace_edit(read, client, &all),
            }));
        }
    }
    Value::Array(actions)
}

fn of_finding(
    read: &Read,
    client: &Client,
    config: &dyn Configure,
    found: &Diagnostic,
    actions: &mut Vec<Value>,
) {
    let lang = read.setting.options.lang;
    let shown = diagnostics::one(read, client, found);
    let safe = found.fixes.iter().any(|fix| fix.applicability == Applicability::Safe);
    for fix in &found.fixes {
        let is_safe = fix.applicability == Applicability::Safe;
        let suffix = if is_safe { "" } else { lang.of("（请核对）", " (please check)") };
        actions.push(json!({
            "title": format!("{}{suffix}", title(read, fix)),
            "kind": QUICK_FIX,
            "diagnostics": [shown],
            // What needs a look is preferred only where nothing else is offered.
            "isPreferred": is_safe || !safe && found.fixes.len() == 1,
            "edit": edits::workspace_edit(read, client, &fix.edits),
        }));
    }
    let ignored = match is_markdown(read) {
        false => in_config(read, client, config, found),
        true => Some((edits::workspace_edit(read, client, &[in_text(read, found)]), None)),
    };
    if let Some((edit, reason)) = ignored.filter(|_| !found.code.starts_with("IGN")) {
        let place = if is_markdown(read) { "" } else { lang.of("，记入 gouji.toml", ", in gouji.toml") };
        let title = lang.of(
            format!("忽略此处的 {}（补写原因{place}）", found.code),
            format!("Ignore {} here (give the reason{place})", found.code),
        );
        let mut action = json!({ "title": title, "kind": QUICK_FIX, "diagnostics": [shown], "edit": edit });
        if let Some(reason) = reason {
            action["command"] = json!({ "title": title, "command": REASON, "arguments": [reason] });
        }
        actions.push(action);
    }
    let title = lang.of(format!("解释 {}", found.code), format!("Explain {}", found.code));
    actions.push(json!({
        "title": title,
        "kind": QUICK_FIX,
        "diagnostics": [shown],
        "command": { "title": title, "command": explain::COMMAND, "arguments": [found.code.as_str()] },
    }));
}

/// What a repair does; its description is no more than what is to stand there.
fn title(read: &Read, fix: &Fix) -> String {
    let lang = read.setting.options.lang;
    let olds = || fix.edits.iter().map(|edit| read.document.slice(edit.span));
    let deletes = fix.edits.iter().all(|edit| edit.replacement.is_empty());
    let inserts = fix.edits.iter().all(|edit| edit.span.is_empty());
    let alike = fix.edits.iter().all(|edit| edit.replacement == fix.description);
    let said = if deletes && olds().all(|old| old.trim().is_empty()) {
        lang.of("删去多余的空白", "Delete stray blanks").to_owned()
    } else if deletes {
        let old = short(olds().next().unwrap_or_default());
        lang.of(format!("删去“{old}”"), format!("Delete “{old}”"))
    } else if inserts {
        let new = fix.edits.first().map_or("", |edit| &edit.replacement);
        lang.of(format!("补上“{new}”"), format!("Insert “{new}”"))
    } else {
        lang.of(format!("改为“{}”", fix.description), format!("Change to “{}”", fix.description))
    };
    match fix.edits.len() {
        2.. if deletes || inserts || alike => {
            let places = fix.edits.len();
            lang.of(format!("{said}（{places} 处）"), format!("{said} ({places} places)"))
        }
        _ => said,
    }
}

fn short(text: &str) -> String {
    let head: String = text.chars().take(QUOTED).collect();
    if head.len() < text.len() { format!("{head}…") } else { head }
}

fn is_markdown(read: &Read) -> bool {
    input::is_markdown(&read.document)
}

/// A comment before the paragraph, its reason to be filled in: until then it is told to be faulty. A row of a
/// table has it behind its text, as a line between rows would end the table.
fn in_text(read: &Read, found: &Diagnostic) -> Edit {
    let text = &read.document.text;
    let reason = read.setting.options.lang.of("原因：", "reason:");
    let comment = format!("<!-- gouji-ignore: {} {reason} -->", found.code);
    let blocks = &read.document.blocks;
    let place = blocks.partition_point(|block| block.span.end <= found.span.start);
    let block = blocks.get(place).filter(|block| block.span.start <= found.span.start);
    match block {
        Some(block) if matches!(block.kind, BlockKind::Row { .. }) => {
            let at = found.span.end as usize;
            Edit { span: Span::of(at, at), replacement: comment }
        }
        _ => {
            let start = block.map_or(found.span.start, |block| block.span.start) as usize;
            let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
            Edit { span: Span::of(line, line), replacement: format!("{comment}\n") }
        }
    }
}

/// An entry at the end of `gouji.toml`, its reason to be filled in; and where, for clients that can go there.
fn in_config(
    read: &Read,
    client: &Client,
    config: &dyn Configure,
    found: &Diagnostic,
) -> Option<(Value, Option<Value>)> {
    let path = &read.setting.config;
    let uri = lsp_types::Uri::from_file_path(path).ok()?;
    let there = config.text(path);
    let file = read.uri.to_file_path().ok()?;
    let file = file.file_name()?.to_string_lossy();
    let blocks = &read.document.blocks;
    let place = blocks.partition_point(|block| block.span.end <= found.span.start);
    let block = blocks.get(place).filter(|block| block.span.start <= found.span.start);
    let text = read.document.slice(block.map_or(found.span, |block| block.span));
    let from = block.map_or(0, |block| found.span.start.saturating_sub(block.span.start)) as usize;
    let from = text[..from.min(text.len())].char_indices().rev().nth(QUOTED / 2).map_or(0, |(at, _)| at);
    let quote: String = text[from..].chars().filter(|c| *c != '\n').take(QUOTED).collect();
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let old = there.clone().unwrap_or_default();
    let lead = if old.is_empty() {
        ""
    } else if old.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    let hint = read.setting.options.lang.of("请写明原因", "give the reason");
    let head = format!(
        "{lead}[[suppress]]\nfiles = [{}]\nrules = [{}]\nquote = {}\n",
        quoted(&file),
        quoted(&found.code),
        quoted(&quote),
    );
    let entry = format!("{head}{REASON_KEY}\" # {hint}\n");
    let places = Places::new(&old, client.encoding);
    let end = places.position(&old, old.len() as u32);
    let reason = client.shows_documents.then(|| {
        let line = end.line + head.matches('\n').count() as u32;
        let at = json!({ "line": line, "character": REASON_KEY.len() });
        json!({ "uri": uri, "takeFocus": true, "selection": { "start": at, "end": at } })
    });
    let edit = json!({ "range": { "start": end, "end": end }, "newText": entry });
    // Without leave to create a file, one that is not there is opened by the client and saved by its user.
    if !client.document_changes || there.is_none() && !client.creates_files {
        return Some((json!({ "changes": { uri.as_str(): [edit] } }), reason));
    }
    let mut changes = Vec::new();
    if there.is_none() {
        changes.push(json!({ "kind": "create", "uri": uri, "options": { "ignoreIfExists": true } }));
    }
    changes.push(json!({
        "textDocument": { "uri": uri, "version": null },
        "edits": [edit],
    }));
    Some((json!({ "documentChanges": changes }), reason))
}
