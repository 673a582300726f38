//! Which file answers which request.

use std::sync::Arc;

use lsp_server::{ErrorCode, Request};
use lsp_types::Position;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::files::Read;
use super::server::Server;
use super::{actions, diagnostics, edits, explain, hints, hover, mentions, outline, rename, tokens};

pub type Answer = Result<Value, (ErrorCode, String)>;

const KNOWN: [&str; 13] = [
    "textDocument/codeAction",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/documentHighlight",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/prepareRename",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/semanticTokens/full",
    "textDocument/willSaveWaitUntil",
];

pub fn is_known(method: &str) -> bool {
    KNOWN.contains(&method)
}

/// The answer, and what the user is to be told besides.
pub fn answer<W>(server: &Server<W>, read: &Arc<Read>, request: &Request) -> (Answer, Option<String>) {
    let params = &request.params;
    let client = &server.client;
    let at = || part::<Position>(&params["position"]).map(|position| read.offset(position));
    let result = match request.method.as_str() {
        "textDocument/codeAction" => part(&params["range"])
            .map(|range| actions::answer(read, client, server.config.as_ref(), range, &params["context"])),
        "textDocument/definition" => at().map(|at| mentions::definition(read, at)),
        "textDocument/references" => {
            let declared = params["context"]["includeDeclaration"].as_bool() != Some(false);
            at().map(|at| mentions::references(read, at, declared))
        }
        "textDocument/documentHighlight" => at().map(|at| mentions::highlights(read, at)),
        "textDocument/diagnostic" => Ok(json!({ "kind": "full", "items": diagnostics::of(read, client) })),
        "textDocument/documentSymbol" => Ok(outline::symbols(read, client.hierarchical_symbols)),
        "textDocument/foldingRange" => Ok(outline::folds(read)),
        "textDocument/hover" => at().map(|at| hover::answer(read, client, at)),
        "textDocument/inlayHint" if !server.wishes.inlay_hints => Ok(json!([])),
        "textDocument/inlayHint" => part(&params["range"]).map(|range| hints::answer(read, range)),
        "textDocument/semanticTokens/full" => Ok(tokens::answer(read)),
        "textDocument/willSaveWaitUntil" if !server.wishes.fix_on_save => Ok(json!([])),
        "textDocument/willSaveWaitUntil" => Ok(json!(edits::text_edits(read, &edits::all_safe(read)))),
        "textDocument/prepareRename" => at().and_then(|at| rename::prepare(read, at)),
        "textDocument/rename" => {
            let renamed = at().and_then(|at| {
                let name = params["newName"].as_str().ok_or_else(|| invalid("newName is no text"))?;
                rename::answer(read, client, at, name)
            });
            match renamed {
                Ok((edit, message)) => return (Ok(edit), message),
                Err(error) => Err(error),
            }
        }
        method => Err((ErrorCode::MethodNotFound, method.to_owned())),
    };
    (result, None)
}

/// `workspace/executeCommand`.
pub fn command<W>(server: &mut Server<W>, params: &Value) -> (Answer, Option<String>) {
    match params["command"].as_str() {
        Some(explain::COMMAND) => match params["arguments"][0].as_str() {
            Some(code) => {
                let path = std::path::PathBuf::new();
                let reads = server.files.values().find_map(|open| open.read.as_ref());
                let setting = reads.map(|read| Arc::clone(&read.setting));
                let setting = setting.unwrap_or_else(|| server.config.of(&path, &server.wishes).0);
                // A client that shows the answer itself says so.
                let is_shown = params["arguments"][1].as_bool() == Some(true);
                match explain::text(&setting, code) {
                    Some(text) => (Ok(Value::String(text.clone())), (!is_shown).then_some(text)),
                    None => {
                        let lang = setting.options.lang;
                        let why = lang.of(format!("没有“{code}”这条规则"), format!("no rule `{code}`"));
                        (Err(invalid(&why)), None)
                    }
                }
            }
            None => (Err(invalid("the first argument is the code of a rule")), None),
        },
        _ => (Err(invalid("no such command")), None),
    }
}

pub fn invalid(why: &str) -> (ErrorCode, String) {
    (ErrorCode::InvalidParams, why.to_owned())
}

pub fn part<T: DeserializeOwned>(value: &Value) -> Result<T, (ErrorCode, String)> {
    serde_json::from_value(value.clone()).map_err(|error| invalid(&error.to_string()))
}
