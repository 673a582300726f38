//! What the client can do, and what the server offers it.

use serde_json::{Value, json};

use super::place::Encoding;
use super::settings::Wishes;
use super::{actions, explain, tokens};

pub struct Client {
    pub encoding: Encoding,
    pub wishes: Wishes,
    /// It asks for diagnostics itself, and again when it is told that settings have changed. To one that cannot be told
    /// they are sent, as ever.
    pub pulls: bool,
    pub related: bool,
    pub code_description: bool,
    pub data: bool,
    /// It takes edits that name the version they are for.
    pub document_changes: bool,
    pub creates_files: bool,
    /// It answers `workspace/configuration`.
    pub configuration: bool,
    /// It can be asked to watch files.
    pub watches: bool,
    pub hierarchical_symbols: bool,
    pub markdown: bool,
    pub prepares_rename: bool,
    /// It can be told that it should ask for inlay hints again.
    pub refreshes_hints: bool,
    /// It can be asked to show a place in a file.
    pub shows_documents: bool,
}

impl Client {
    pub fn read(params: Value) -> Result<Client, String> {
        if !params.is_object() {
            return Err("no parameters".to_owned());
        }
        let capabilities = &params["capabilities"];
        let text = &capabilities["textDocument"];
        let workspace = &capabilities["workspace"];
        let is = |value: &Value| value.as_bool() == Some(true);
        let lists = |list: &Value, name: &str| {
            list.as_array().is_some_and(|list| list.iter().any(|one| one.as_str() == Some(name)))
        };
        let offered = capabilities["general"]["positionEncodings"].as_array();
        let offered: Vec<String> =
            offered.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let wishes = Wishes::read(&params["initializationOptions"])?;
        let published = &text["publishDiagnostics"];
        // The protocol has `diagnostics`, Helix says `diagnostic`.
        let refreshes =
            ["diagnostics", "diagnostic"].iter().any(|name| is(&workspace[*name]["refreshSupport"]));
        Ok(Client {
            encoding: Encoding::agreed(&offered),
            wishes: wishes.unwrap_or_default(),
            pulls: text["diagnostic"].is_object() && refreshes,
            related: is(&published["relatedInformation"]) || is(&text["diagnostic"]["relatedInformation"]),
            code_description: is(&published["codeDescriptionSupport"])
                || is(&text["diagnostic"]["codeDescriptionSupport"]),
            data: is(&published["dataSupport"]) || is(&text["diagnostic"]["dataSupport"]),
            document_changes: is(&workspace["workspaceEdit"]["documentChanges"]),
            creates_files: lists(&workspace["workspaceEdit"]["resourceOperations"], "create"),
            configuration: is(&workspace["configuration"]),
            watches: is(&workspace["didChangeWatchedFiles"]["dynamicRegistration"]),
            hierarchical_symbols: is(&text["documentSymbol"]["hierarchicalDocumentSymbolSupport"]),
            markdown: lists(&text["hover"]["contentFormat"], "markdown"),
            prepares_rename: is(&text["rename"]["prepareSupport"]),
            refreshes_hints: is(&workspace["inlayHint"]["refreshSupport"]),
            shows_documents: is(&capabilities["window"]["showDocument"]["support"]),
        })
    }
}

/// The answer to `initialize`.
pub fn of(client: &Client) -> Value {
    let rename = if client.prepares_rename { json!({ "prepareProvider": true }) } else { json!(true) };
    let mut answer = json!({
        "serverInfo": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": client.encoding.name(),
            "textDocumentSync": {
                "openClose": true,
                "change": 2,
                "save": { "includeText": false },
                "willSaveWaitUntil": true,
            },
            "codeActionProvider": { "codeActionKinds": actions::KINDS },
            "executeCommandProvider": { "commands": [explain::COMMAND, actions::REASON] },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "renameProvider": rename,
            "documentSymbolProvider": true,
            "foldingRangeProvider": true,
            "inlayHintProvider": true,
            "semanticTokensProvider": {
                "legend": { "tokenTypes": tokens::TYPES, "tokenModifiers": tokens::MODIFIERS },
                "full": true,
            },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": false } },
        },
    });
    if client.pulls {
        answer["capabilities"]["diagnosticProvider"] = json!({
            "identifier": "gouji", "interFileDependencies": false, "workspaceDiagnostics": false,
        });
    }
    answer
}
