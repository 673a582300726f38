//! A client of the language server, over the pipes of the real program.

use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// Long enough for a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Client {
    pub child: Child,
    pub stdin: Option<ChildStdin>,
    inbox: Receiver<Message>,
    next: i32,
    /// Notifications that came while something else was waited for.
    pub notes: Vec<Notification>,
    /// What the server asked: method and parameters.
    pub asked: Vec<(String, Value)>,
}

impl Client {
    pub fn start() -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gouji"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, inbox) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Client { child, stdin, inbox, next: 0, notes: Vec::new(), asked: Vec::new() }
    }

    /// Started and initialised.
    pub fn ready(encoding: &str, options: Value) -> Client {
        let mut client = Client::start();
        let answer = client.initialize(&[encoding], options);
        assert_eq!(answer["capabilities"]["positionEncoding"], encoding);
        client
    }

    pub fn initialize(&mut self, encodings: &[&str], options: Value) -> Value {
        let edits = json!({ "documentChanges": true, "resourceOperations": ["create"] });
        self.initialize_with(encodings, options, edits)
    }

    /// `edits`: what the client can do with a change of several files.
    pub fn initialize_with(&mut self, encodings: &[&str], options: Value, edits: Value) -> Value {
        let params = json!({
            "processId": null, "rootUri": null, "initializationOptions": options,
            "capabilities": {
                "general": { "positionEncodings": encodings },
                "workspace": { "workspaceEdit": edits, "inlayHint": { "refreshSupport": true } },
                "window": { "showDocument": { "support": true } },
                "textDocument": {
                    "publishDiagnostics": {
                        "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true,
                    },
                    "hover": { "contentFormat": ["markdown"] },
                    "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                    "rename": { "prepareSupport": true },
                },
            },
        });
        let answer = self.request("initialize", params).expect("initialises");
        self.notify("initialized", json!({}));
        answer
    }

    pub fn send(&mut self, message: Message) {
        // The server may have ended on purpose.
        if let Some(stdin) = &mut self.stdin {
            let _ = message.write(stdin);
        }
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let _ = self.stdin.as_mut().expect("open").write_all(bytes);
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification { method: method.to_owned(), params }.into());
    }

    /// Sends a request and leaves its answer for [`Client::answer`].
    pub fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Request { id: id.clone(), method: method.to_owned(), params }.into());
        id
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.ask(method, params);
        self.answer(&id)
    }

    /// The result, or the code of the error.
    pub fn answer(&mut self, id: &RequestId) -> Result<Value, i64> {
        let response = self.response(|response| response.id == *id);
        response.response_result.map_err(|error| i64::from(error.code))
    }

    fn response(&mut self, wanted: impl Fn(&Response) -> bool) -> Response {
        loop {
            match self.next() {
                Message::Response(response) if wanted(&response) => return response,
                Message::Notification(note) => self.notes.push(note),
                Message::Request(request) => self.serve(request),
                Message::Response(other) => panic!("unexpected answer {other:?}"),
            }
        }
    }

    /// What the server asks is kept; this client does nothing.
    fn serve(&mut self, request: Request) {
        self.asked.push((request.method, request.params));
        self.send(Response { id: request.id, response_result: Ok(Value::Null) }.into());
    }

    pub fn next(&mut self) -> Message {
        self.inbox.recv_timeout(PATIENCE).expect("the server says something")
    }

    /// The diagnostics of this version of the document.
    pub fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let found = self.note(|note| {
            note.method == "textDocument/publishDiagnostics"
                && note.params["uri"] == uri
                && note.params["version"] == version
        });
        found["diagnostics"].as_array().expect("a list").clone()
    }

    pub fn note(&mut self, wanted: impl Fn(&Notification) -> bool) -> Value {
        if let Some(place) = self.notes.iter().position(&wanted) {
            return self.notes.remove(place).params;
        }
        loop {
            match self.next() {
                Message::Notification(note) if wanted(&note) => return note.params,
                Message::Notification(note) => self.notes.push(note),
                Message::Request(request) => self.serve(request),
                Message::Response(other) => panic!("unexpected answer {other:?}"),
            }
        }
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        let language = if uri.ends_with(".md") { "markdown" } else { "plaintext" };
        let item = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    pub fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let params = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// The exit code of the server after an orderly end.
    pub fn leave(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null).expect("shuts down");
        self.notify("exit", Value::Null);
        self.child.wait().expect("ends").code()
    }
}

/// An error whose id is null is no `Response` to the crate: it comes as one with the id "null".
fn read(stream: &mut BufReader<std::process::ChildStdout>) -> Option<Message> {
    use std::io::{BufRead, Read};
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).ok()?;
    let mut value: Value = serde_json::from_slice(&bytes).ok()?;
    if value["id"].is_null() && value.get("error").is_some() {
        value["id"] = "null".into();
    }
    serde_json::from_value(value).ok()
}

pub fn uri(path: &Path) -> String {
    lsp_types::Uri::from_file_path(path).expect("absolute").to_string()
}
