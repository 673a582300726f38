//! The language server, driven over its pipes: what editors send, what they should not send, and how it ends.
#![cfg(feature = "lsp")]

use std::fs;

use gouji::{Options, audit, input, rules};
use lsp_server::Message;
use serde_json::{Value, json};

#[path = "lsp/client.rs"]
mod client;
#[path = "lsp/rename.rs"]
mod rename;
#[path = "lsp/soak.rs"]
mod soak;

use client::{Client, uri};

const DRAFT: &str = "# 云岭县文联2023年度部门整体支出绩效自评报告\n\n一、部门概况\n\n\
    𠮷：2023年我会总支出138.43万元，其中：基本支出118.43万元，项目支出20万元。\n\n\
    二、资金情况\n\n2023年总支出138.43万元，财务台帐清楚。\n";
const FILE: &str = "file:///%E6%8A%A5%E5%91%8A%201.md";

/// Line and character of `word` in `text`, in UTF-16.
fn at(text: &str, word: &str) -> Value {
    let start = text.find(word).expect("there");
    let line = text[..start].matches('\n').count();
    let column = text[..start].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[column..start].encode_utf16().count() })
}

fn there(text: &str, word: &str) -> Value {
    json!({ "textDocument": { "uri": FILE }, "position": at(text, word) })
}

/// `text` with the edits of `edits`, whose ranges are in UTF-16.
fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let line = position["line"].as_u64().expect("a line") as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = position["character"].as_u64().expect("a character") as usize;
        let mut at = start;
        for c in text[start..].chars() {
            if left == 0 {
                break;
            }
            left -= c.len_utf16();
            at += c.len_utf8();
        }
        at
    };
    let edits = edits.as_array().expect("a list");
    let mut all: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(&range["start"]), offset(&range["end"]), edit["newText"].as_str().expect("a text"))
        })
        .collect();
    all.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in all.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().filter_map(|one| one["code"].as_str()).collect()
}

#[test]
fn findings_follow_the_text_in_every_encoding() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut client = Client::ready(encoding, json!({}));
        client.open(FILE, DRAFT);
        let found = client.diagnostics(FILE, 1);
        let word = found.iter().find(|one| one["code"] == "TXT008").expect("台帐 is found");
        let before = "2023年总支出138.43万元，财务";
        let characters = match encoding {
            "utf-8" => before.len(),
            "utf-16" => before.encode_utf16().count(),
            _ => before.chars().count(),
        };
        assert_eq!(word["range"]["start"], json!({ "line": 8, "character": characters }), "{encoding}");
        assert_eq!(word["codeDescription"]["href"], "gouji-rule:/TXT008.txt");
        assert_eq!(word["data"]["fixes"][0]["safe"], true);
        // One character is put behind 𠮷, which is 4, 2 or 1 long.
        let behind = match encoding {
            "utf-8" => 4,
            "utf-16" => 2,
            _ => 1,
        };
        let place = json!({ "line": 4, "character": behind });
        client.change(FILE, 2, json!([
            { "range": { "start": place, "end": place }, "text": "𠮷\n" },
            { "range": { "start": { "line": 9, "character": 0 }, "end": { "line": 99, "character": 0 } }, "text": "" },
        ]));
        let found = client.diagnostics(FILE, 2);
        assert!(!codes(&found).contains(&"TXT008"), "{encoding}: {found:#?}");
        assert_eq!(client.leave(), Some(0));
    }
}

#[test]
fn a_client_without_a_word_on_encodings_gets_utf_16() {
    let mut client = Client::start();
    let answer = client.initialize(&[], Value::Null);
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    client.leave();
}

#[test]
fn the_other_end_of_a_finding_is_told() {
    let mut client = Client::ready("utf-16", json!({}));
    client.open(FILE, &DRAFT.replacen("118.43", "117.43", 1));
    let found = client.diagnostics(FILE, 1);
    let sum = found.iter().find(|one| one["code"].as_str().is_some_and(|code| code.starts_with("FIG")));
    let sum = sum.expect("the parts do not tie");
    assert!(!sum["relatedInformation"].as_array().expect("a list").is_empty(), "{sum:#}");
    client.leave();
}

#[test]
fn a_renamed_figure_is_changed_in_every_mention() {
    let text = DRAFT.replacen("2023年总支出138.43万元，财务", "2023年总支出1,384,300元，财务", 1);
    let mut client = Client::ready("utf-16", json!({}));
    client.open(FILE, &text);
    let range = client.request("textDocument/prepareRename", there(&text, "138.43")).expect("can be renamed");
    assert_eq!(range["placeholder"], "138.43");
    let mut params = there(&text, "138.43");
    params["newName"] = "140.50".into();
    let edit = client.request("textDocument/rename", params.clone()).expect("renames");
    let new = edited(&text, &edit["documentChanges"][0]["edits"]);
    assert!(new.contains("总支出140.50万元，其中") && new.contains("总支出1,405,000元，财务"), "{new}");
    let told = client.note(|note| note.method == "window/showMessage");
    let said = told["message"].as_str().expect("a message");
    assert!(said.contains("118.43") && !said.contains('\n'), "in one line: {told}");
    // Half a yuan cannot be said in whole ones.
    params["newName"] = "140.50005".into();
    assert_eq!(client.request("textDocument/rename", params.clone()), Err(-32602));
    params["newName"] = "很多".into();
    assert_eq!(client.request("textDocument/rename", params), Err(-32602));
    let all = client.request("textDocument/references", there(&text, "1,384,300")).expect("answers");
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    let other = client.request("textDocument/definition", there(&text, "1,384,300")).expect("answers");
    assert_eq!(other[0]["range"]["start"], at(&text, "138.43"));
    // Where both mentions are written alike, so is what no longer ties: it is told once.
    client.change(FILE, 2, json!([{ "text": DRAFT }]));
    let mut params = there(DRAFT, "138.43");
    params["newName"] = "140.50".into();
    client.request("textDocument/rename", params).expect("renames");
    let told = client.note(|note| note.method == "window/showMessage");
    assert!(told["message"].as_str().is_some_and(|said| said.contains(" 1 处")), "{told}");
    client.leave();
}

#[test]
fn hover_tells_the_fact_and_its_sums() {
    let mut client = Client::ready("utf-16", json!({ "inlayHints": true }));
    client.open(FILE, DRAFT);
    let hover = client.request("textDocument/hover", there(DRAFT, "138.43")).expect("answers");
    let text = hover["contents"]["value"].as_str().expect("text");
    for part in ["138.425", "第9行", "✓ 相符", "118.43"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let document = json!({ "uri": FILE });
    let hints = client
        .request("textDocument/inlayHint", json!({ "textDocument": document, "range": whole }))
        .expect("answers");
    assert_eq!(hints[0]["label"], "= 118.43万元 + 20万元");
    let ask = json!({ "textDocument": document });
    let symbols = client.request("textDocument/documentSymbol", ask.clone()).expect("answers");
    assert!(symbols.to_string().contains("一、部门概况"), "{symbols}");
    let folds = client.request("textDocument/foldingRange", ask.clone()).expect("answers");
    assert!(!folds.as_array().expect("a list").is_empty());
    let tokens = client.request("textDocument/semanticTokens/full", ask.clone()).expect("answers");
    let data = tokens["data"].as_array().expect("a list");
    assert!(data.len() >= 5 * 4 && data.len().is_multiple_of(5), "{tokens}");
    let pulled = client.request("textDocument/diagnostic", ask).expect("answers");
    assert_eq!(pulled["kind"], "full");
    assert!(codes(pulled["items"].as_array().expect("a list")).contains(&"TXT008"));
    client.leave();
}

#[test]
fn actions_repair_ignore_and_explain() {
    let mut client = Client::ready("utf-16", json!({ "fixOnSave": true }));
    client.open(FILE, DRAFT);
    let here = at(DRAFT, "台帐");
    let params = json!({
        "textDocument": { "uri": FILE }, "range": { "start": here, "end": here }, "context": { "diagnostics": [] },
    });
    let actions = client.request("textDocument/codeAction", params.clone()).expect("answers");
    let titled = |part: &str| {
        let all = actions.as_array().expect("a list");
        all.iter()
            .find(|one| one["title"].as_str().is_some_and(|title| title.contains(part)))
            .expect("offered")
    };
    let repair = &actions[0];
    assert_eq!((repair["isPreferred"].as_bool(), repair["kind"].as_str()), (Some(true), Some("quickfix")));
    assert_eq!(repair["title"], "改为“台账”");
    assert!(edited(DRAFT, &repair["edit"]["documentChanges"][0]["edits"]).contains("财务台账清楚"));
    let ignored = edited(DRAFT, &titled("忽略此处")["edit"]["documentChanges"][0]["edits"]);
    assert!(ignored.contains("<!-- gouji-ignore: TXT008 原因： -->\n2023年总支出"), "{ignored}");
    client.change(FILE, 2, json!([{ "text": ignored }]));
    assert!(codes(&client.diagnostics(FILE, 2)).contains(&"IGN002"), "the reason is to be filled in");
    client.change(FILE, 3, json!([{ "text": ignored.replace("原因：", "原因：原件如此") }]));
    let found = client.diagnostics(FILE, 3);
    assert!(!codes(&found).iter().any(|code| ["TXT008", "IGN001", "IGN002"].contains(code)), "{found:#?}");
    client.change(FILE, 4, json!([{ "text": DRAFT }]));
    let mut only = params;
    only["context"]["only"] = json!(["source.fixAll"]);
    let all = client.request("textDocument/codeAction", only).expect("answers");
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    let saving = json!({ "textDocument": { "uri": FILE }, "reason": 1 });
    let edits = client.request("textDocument/willSaveWaitUntil", saving).expect("answers");
    assert!(edited(DRAFT, &edits).contains("台账"));
    let command = json!({ "command": "gouji.explain", "arguments": ["TXT008"] });
    let text = client.request("workspace/executeCommand", command).expect("explains");
    assert!(text.as_str().is_some_and(|text| text.starts_with("TXT008 wrong-word")));
    client.leave();
}

#[test]
fn titles_say_what_a_repair_does() {
    let mut client = Client::ready("utf-16", json!({}));
    client.open("file:///draft.txt", include_str!("../examples/draft.txt"));
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
    let params = json!({
        "textDocument": { "uri": "file:///draft.txt" }, "range": whole, "context": { "diagnostics": [] },
    });
    let actions = client.request("textDocument/codeAction", params).expect("answers");
    let actions = actions.as_array().expect("a list").iter();
    let titles: Vec<&str> = actions.filter_map(|one| one["title"].as_str()).collect();
    for title in ["改为“〔2024〕”", "补上“。”（请核对）", "删去“累计”", "删去“、”", "改为“四是”（请核对）"]
    {
        assert!(titles.contains(&title), "{title} in {titles:#?}");
    }
    client.leave();
}

#[test]
fn configuration_holds_and_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("报告 一.txt");
    let config = folder.path().join("gouji.toml");
    fs::write(&config, "select = [\"TXT008\"]\n").expect("written");
    let (file, config_uri) = (uri(&path), uri(&config));
    let mut client = Client::ready("utf-16", json!({}));
    client.open(&file, "财务台帐清楚，另有台帐.\n");
    assert_eq!(codes(&client.diagnostics(&file, 1)), ["TXT008", "TXT008"]);
    // In plain text a finding is ignored in gouji.toml.
    let action = ignoring(&mut client, &file);
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["uri"], config_uri.as_str());
    let entry = change["edits"][0]["newText"].as_str().expect("text");
    // The client is taken to where the reason is to be written.
    let place = action["command"]["arguments"][0].clone();
    let whole = format!("select = [\"TXT008\"]\n{entry}");
    let line = whole.lines().nth(place["selection"]["start"]["line"].as_u64().expect("a line") as usize);
    assert_eq!(line, Some("reason = \"\" # 请写明原因"));
    assert_eq!(client.request("workspace/executeCommand", action["command"].clone()), Ok(Value::Null));
    assert_eq!(client.asked.pop(), Some(("window/showDocument".to_owned(), place)));
    // Without its reason it is a mistake, told in the file; what was right before goes on holding.
    fs::write(&config, format!("select = [\"TXT008\"]\n{entry}")).expect("written");
    client
        .notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": config_uri, "type": 2 }] }));
    let told = client.note(|note| note.params["uri"] == config_uri.as_str());
    assert!(told["diagnostics"][0]["message"].as_str().is_some_and(|text| text.contains("原因")), "{told}");
    assert_eq!(client.diagnostics(&file, 1).len(), 2);
    let entry = entry.replace("reason = \"\"", "reason = \"原件如此\"");
    fs::write(&config, format!("select = [\"TXT008\"]\n{entry}")).expect("written");
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "gouji": { "inlayHints": true } } }),
    );
    assert_eq!(client.note(|note| note.params["uri"] == config_uri.as_str())["diagnostics"], json!([]));
    assert_eq!(client.diagnostics(&file, 1), Vec::<Value>::new());
    assert!(client.asked.iter().any(|(method, _)| method == "workspace/inlayHint/refresh"));
    client.leave();
}

#[test]
fn clients_that_ask_for_findings_are_told_when_to_ask_again() {
    let refreshes = json!({ "refreshSupport": true });
    for (workspace, pulls) in [
        (json!({ "diagnostics": refreshes }), true),
        // As Helix has it.
        (json!({ "diagnostic": refreshes }), true),
        // One that cannot be told is sent them.
        (json!({}), false),
    ] {
        let mut client = Client::start();
        let capabilities = json!({ "workspace": workspace, "textDocument": { "diagnostic": {} } });
        let answer =
            client.request("initialize", json!({ "capabilities": capabilities })).expect("initialises");
        assert_eq!(answer["capabilities"]["diagnosticProvider"].is_object(), pulls, "{workspace}");
        client.notify("initialized", json!({}));
        client.open(FILE, DRAFT);
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
        if pulls {
            let ask = json!({ "textDocument": { "uri": FILE } });
            client.request("textDocument/diagnostic", ask).expect("answers");
            assert!(client.asked.iter().any(|(method, _)| method == "workspace/diagnostic/refresh"));
        } else {
            assert!(!client.diagnostics(FILE, 1).is_empty());
        }
        client.leave();
    }
}

#[test]
fn ignoring_works_for_clients_that_know_plain_changes_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("报告.txt");
    let config = folder.path().join("gouji.toml");
    let (file, config_uri) = (uri(&path), uri(&config));
    let text = "财务台帐清楚。\n";
    for (edits, old) in [
        (Value::Null, Some("select = [\"TXT008\"]")),
        (Value::Null, None),
        (json!({ "documentChanges": true }), None),
    ] {
        match old {
            Some(old) => fs::write(&config, old).expect("written"),
            None => _ = fs::remove_file(&config),
        }
        let mut client = Client::start();
        client.initialize_with(&["utf-16"], json!({}), edits);
        client.open(&file, text);
        client.diagnostics(&file, 1);
        let changes = &ignoring(&mut client, &file)["edit"]["changes"];
        let written =
            edited(old.unwrap_or_default(), &changes[config_uri.as_str()]).replace("\"\"", "\"原件如此\"");
        fs::write(&config, written).expect("written");
        client.notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": [{ "uri": config_uri, "type": 2 }] }),
        );
        assert_eq!(client.diagnostics(&file, 1), Vec::<Value>::new());
        client.leave();
    }
}

#[test]
fn what_is_no_message_is_answered_and_survived() {
    let mut client = Client::start();
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32002), "before initialize");
    assert_eq!(client.request("initialize", Value::Null), Err(-32602));
    client.initialize(&["utf-16"], json!({}));
    assert_eq!(client.request("initialize", json!({ "capabilities": {} })), Err(-32600), "twice");
    assert_eq!(client.request("textDocument/unheardOf", json!({})), Err(-32601));
    assert_eq!(client.request("textDocument/hover", json!({ "textDocument": 7 })), Err(-32602));
    assert_eq!(client.request("textDocument/hover", there(DRAFT, "云岭")), Err(-32602), "not open");
    for (sent, code) in [("{\"id\":1,", -32700), ("[1]", -32600), ("{\"id\":[],\"method\":\"x\"}", -32600)] {
        client.raw(format!("Content-Length: {}\r\n\r\n{sent}", sent.len()).as_bytes());
        loop {
            match client.next() {
                Message::Response(answer) => {
                    assert_eq!(answer.response_result.expect_err("an error").code, code, "{sent}");
                    break;
                }
                Message::Notification(_) | Message::Request(_) => {}
            }
        }
    }
    client.raw(b"nonsense\r\nContent-Length: many\r\n\r\n");
    client.change(FILE, 7, json!([{ "text": "无" }]));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": FILE } }));
    client.notify("textDocument/didOpen", json!({ "textDocument": { "uri": "：", "text": 5 } }));
    client.notify("$/cancelRequest", json!({ "id": 99 }));
    client.open(FILE, DRAFT);
    client.change(FILE, 2, json!([
        { "range": { "start": { "line": 9, "character": 5 }, "end": { "line": 2, "character": 1 } }, "text": "倒" },
        { "range": { "start": { "line": 4_000_000_000_u32, "character": 4_000_000_000_u32 }, "end": { "line": 4_000_000_001_u32, "character": 0 } }, "text": "远" },
    ]));
    client.diagnostics(FILE, 2);
    assert_eq!(
        client.request("textDocument/hover", json!({ "textDocument": { "uri": FILE }, "position": -1 })),
        Err(-32602)
    );
    client.request("shutdown", Value::Null).expect("shuts down");
    assert_eq!(client.request("textDocument/hover", there(DRAFT, "云岭")), Err(-32600), "after shutdown");
    client.notify("exit", Value::Null);
    assert_eq!(client.child.wait().expect("ends").code(), Some(0));
}

#[test]
fn requests_for_a_text_that_changes_are_outdated_or_cancelled() {
    let mut client = Client::ready("utf-16", json!({ "debounce": 0 }));
    let long = DRAFT.repeat(400);
    client.open(FILE, &long);
    let first = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": FILE } }));
    client.notify("$/cancelRequest", json!({ "id": first }));
    let second = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": FILE } }));
    client.change(FILE, 2, json!([{ "text": DRAFT }]));
    // Quick machines may have answered before.
    let first = client.answer(&first);
    assert!(first.is_ok() || first == Err(-32800), "{first:?}");
    let second = client.answer(&second);
    assert!(second.is_ok() || second == Err(-32801), "{second:?}");
    client.diagnostics(FILE, 2);
    client.leave();
}

#[test]
fn a_client_that_vanishes_ends_the_server() {
    for (initialised, exit) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut client = Client::start();
        if initialised {
            client.initialize(&["utf-8"], json!({}));
            client.open(FILE, &DRAFT.repeat(20));
        }
        if exit {
            client.notify("exit", Value::Null);
        }
        // A message cut short.
        client.raw(b"Content-Length: 100\r\n\r\n{\"id\":");
        client.stdin = None;
        assert_eq!(client.child.wait().expect("ends").code(), Some(1));
    }
}

#[test]
fn a_huge_line_is_no_trouble() {
    let mut client = Client::ready("utf-16", json!({}));
    let line = "支出𠮷138.43万元，".repeat(20_000);
    client.open(FILE, &line);
    client.diagnostics(FILE, 1);
    let hover = json!({ "textDocument": { "uri": FILE }, "position": { "line": 0, "character": 200_000 } });
    client.request("textDocument/hover", hover).expect("answers");
    client.leave();
}

/// What `gouji check` finds in the text: code and span.
fn fresh(text: &str) -> Vec<(String, String)> {
    let set = rules::embedded().expect("embedded rules load");
    let document = input::read_text("/报告 1.md", text.to_owned());
    let least = vec![gouji::diagnostic::Severity::Warning; set.rules.len()];
    let found = audit(&document, &set, &Options { least, ..Options::default() }).diagnostics;
    found.into_iter().map(|one| (one.code.to_string(), document.slice(one.span).to_owned())).collect()
}

/// The action that ignores the finding at the fourth character of a file.
fn ignoring(client: &mut Client, file: &str) -> Value {
    let here = json!({ "line": 0, "character": 3 });
    let params = json!({
        "textDocument": { "uri": file }, "range": { "start": here, "end": here }, "context": { "diagnostics": [] },
    });
    let actions = client.request("textDocument/codeAction", params).expect("answers");
    let mut actions = actions.as_array().expect("a list").iter();
    let ignore = actions.find(|one| one["title"].as_str().is_some_and(|title| title.contains("忽略")));
    ignore.expect("offered").clone()
}
