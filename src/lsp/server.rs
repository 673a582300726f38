//! The conversation: what comes in, in order, and what it sets off.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::capabilities::Client;
use super::files::{Files, Open};
use super::settings::{Configure, Trouble, Wishes};
use super::wire::{Incoming, send, send_error};
use super::worker::{Done, Job};
use super::{actions, diagnostics, requests};
use crate::options::Lang;

/// Longest wait for a pause in typing, whatever the last reading took.
const PATIENCE: Duration = Duration::from_millis(300);
/// A reading quicker than this may follow every keystroke.
const QUICK: Duration = Duration::from_millis(20);

/// What sets the server off.
pub enum Event {
    In(Incoming),
    Done(Done),
    /// The client has gone.
    Gone,
}

impl From<Done> for Event {
    fn from(done: Done) -> Event {
        Event::Done(done)
    }
}

pub struct Server<W> {
    output: W,
    jobs: Sender<Job>,
    pub config: Box<dyn Configure>,
    pub client: Client,
    pub wishes: Wishes,
    pub files: Files,
    /// Files of the user's own that have mistakes, and the last words about other troubles.
    troubled: HashMap<Uri, HashSet<Uri>>,
    /// Our own requests that wait for an answer.
    asked: HashMap<RequestId, &'static str>,
    next_id: i32,
    /// `shutdown` has been asked for.
    leaving: bool,
}

impl<W: Write> Server<W> {
    pub fn new(output: W, jobs: Sender<Job>, config: Box<dyn Configure>, client: Client) -> Self {
        Server {
            output,
            jobs,
            config,
            wishes: client.wishes.clone(),
            client,
            files: Files::new(),
            troubled: HashMap::new(),
            asked: HashMap::new(),
            next_id: 0,
            leaving: false,
        }
    }

    /// Until the client says `exit` or vanishes; whether it took its leave as it should.
    pub fn run(mut self, inbox: &Receiver<Event>) -> io::Result<bool> {
        loop {
            let now = Instant::now();
            let due = self.files.values().filter_map(|open| open.due).min();
            let event = match due {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(now)),
            };
            match event {
                Ok(Event::In(Incoming::Message(Message::Notification(one)))) if one.method == "exit" => {
                    return Ok(self.leaving);
                }
                Ok(Event::In(incoming)) => self.take(incoming)?,
                Ok(Event::Done(done)) => self.done(done)?,
                Ok(Event::Gone) | Err(RecvTimeoutError::Disconnected) => return Ok(false),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            let ripe: Vec<Uri> = self
                .files
                .iter()
                .filter(|(_, open)| open.due.is_some_and(|due| due <= now))
                .map(|(uri, _)| uri.clone())
                .collect();
            for uri in ripe {
                self.give(&uri)?;
            }
        }
    }

    fn take(&mut self, incoming: Incoming) -> io::Result<()> {
        match incoming {
            Incoming::Message(Message::Request(request)) => self.request(request),
            Incoming::Message(Message::Notification(one)) => self.notification(one),
            Incoming::Message(Message::Response(response)) => self.response(response),
            Incoming::Bad(id, code, why) => send_error(&mut self.output, id, code, &why),
        }
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        match request.method.as_str() {
            "shutdown" if !self.leaving => {
                self.leaving = true;
                self.answer(request.id, Ok(Value::Null))
            }
            "initialize" => self.refuse(request.id, ErrorCode::InvalidRequest, "initialized already"),
            _ if self.leaving => self.refuse(request.id, ErrorCode::InvalidRequest, "shutting down"),
            "workspace/executeCommand" if request.params["command"] == actions::REASON => {
                self.ask("window/showDocument", request.params["arguments"][0].clone())?;
                self.answer(request.id, Ok(Value::Null))
            }
            "workspace/executeCommand" => {
                let (answer, message) = requests::command(self, &request.params);
                if let Some(message) = message {
                    self.notify("window/showMessage", json!({ "type": 3, "message": message }))?;
                }
                self.answer(request.id, answer)
            }
            method if requests::is_known(method) => self.about_document(request),
            method => {
                let why = format!("`{method}` is not known");
                self.refuse(request.id, ErrorCode::MethodNotFound, &why)
            }
        }
    }

    /// Answers at once if the text is read as it is now, and else when it is.
    fn about_document(&mut self, request: Request) -> io::Result<()> {
        let uri = &request.params["textDocument"]["uri"];
        let uri = match serde_json::from_value::<Uri>(uri.clone()) {
            Ok(uri) => uri,
            Err(error) => {
                let why = format!("textDocument.uri: {error}");
                return self.refuse(request.id, ErrorCode::InvalidParams, &why);
            }
        };
        let Some(open) = self.files.get_mut(&uri) else {
            let why = format!("{uri} is not open");
            return self.refuse(request.id, ErrorCode::InvalidParams, &why);
        };
        match open.current().cloned() {
            Some(read) => {
                let (answer, message) = requests::answer(self, &read, &request);
                if let Some(message) = message {
                    self.notify("window/showMessage", json!({ "type": 2, "message": message }))?;
                }
                self.answer(request.id, answer)
            }
            None => {
                open.parked.push(request);
                if open.given == Some(open.state) { Ok(()) } else { self.give(&uri) }
            }
        }
    }

    fn notification(&mut self, one: Notification) -> io::Result<()> {
        let Notification { method, params } = one;
        match method.as_str() {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.with(&method, params, Self::opened),
            "textDocument/didChange" => self.with(&method, params, Self::changed),
            "textDocument/didSave" => self.with(&method, params, Self::saved),
            "textDocument/didClose" => self.with(&method, params, Self::closed),
            "workspace/didChangeConfiguration" => match (&params["settings"], self.client.configuration) {
                (Value::Object(_), _) => self.wish(&params["settings"]),
                (_, true) => self.ask_for_wishes(),
                _ => self.renew(),
            },
            "workspace/didChangeWatchedFiles" => self.renew(),
            "$/cancelRequest" => self.cancel(&params["id"]),
            // What is not known may be ignored, says the protocol.
            _ => Ok(()),
        }
    }

    /// Calls `handle` with the parameters, or says why they are none.
    fn with<P: DeserializeOwned>(
        &mut self,
        method: &str,
        params: Value,
        handle: fn(&mut Self, P) -> io::Result<()>,
    ) -> io::Result<()> {
        match serde_json::from_value(params) {
            Ok(params) => handle(self, params),
            Err(error) => self.log(&format!("{method}: {error}")),
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) -> io::Result<()> {
        let item = params.text_document;
        let language = serde_json::to_value(&item.language_id).unwrap_or_default();
        let open = Open::new(&item.uri, language.as_str().unwrap_or_default(), item.version, item.text);
        if let Some(before) = self.files.insert(item.uri.clone(), open) {
            self.outdate(before.parked)?;
        }
        self.give(&item.uri)
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) -> io::Result<()> {
        let uri = params.text_document.text_document_identifier.uri;
        let encoding = self.client.encoding;
        let wait = Duration::from_millis(self.wishes.debounce);
        let Some(open) = self.files.get_mut(&uri) else {
            return self.log(&format!("textDocument/didChange: {uri} is not open"));
        };
        open.change(encoding, params.content_changes);
        open.version = params.text_document.version;
        open.state += 1;
        let took = open.read.as_ref().map_or(Duration::ZERO, |read| read.took);
        let wait = if took > QUICK { wait.max(took.min(PATIENCE)) } else { wait };
        open.due = Some(Instant::now() + wait);
        let outdated = std::mem::take(&mut open.parked);
        self.outdate(outdated)
    }

    fn saved(&mut self, params: DidSaveTextDocumentParams) -> io::Result<()> {
        let uri = params.text_document.uri;
        let unread = self.files.get(&uri).is_some_and(|open| open.given != Some(open.state));
        if unread { self.give(&uri) } else { Ok(()) }
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) -> io::Result<()> {
        let uri = params.text_document.uri;
        if let Some(open) = self.files.remove(&uri) {
            self.outdate(open.parked)?;
            self.publish(&uri, None, json!([]))?;
            self.clear_troubles(&uri, &HashSet::new())?;
        }
        Ok(())
    }

    /// Hands the text as it is now to the worker.
    fn give(&mut self, uri: &Uri) -> io::Result<()> {
        let Some(open) = self.files.get_mut(uri) else { return Ok(()) };
        open.due = None;
        open.given = Some(open.state);
        let (setting, trouble) = self.config.of(&open.path, &self.wishes);
        let job = Job {
            uri: uri.clone(),
            name: open.name.clone(),
            version: open.version,
            state: open.state,
            text: open.text.clone(),
            newline: open.newline,
            setting,
        };
        // The worker lives as long as this sender.
        let _ = self.jobs.send(job);
        self.tell(uri, trouble)
    }

    fn done(&mut self, done: Done) -> io::Result<()> {
        let (uri, state) = match &done {
            Done::Read(read) => (read.uri.clone(), read.state),
            Done::Panicked(uri, state, _) => (uri.clone(), *state),
        };
        // Of a text that has changed meanwhile nothing is said.
        let Some(open) = self.files.get_mut(&uri).filter(|open| open.state == state) else { return Ok(()) };
        let parked = std::mem::take(&mut open.parked);
        match done {
            Done::Read(read) => {
                let read = Arc::new(*read);
                open.read = Some(Arc::clone(&read));
                if !self.client.pulls {
                    let found = diagnostics::of(&read, &self.client);
                    self.publish(&uri, Some(read.version), found)?;
                }
                parked.into_iter().try_for_each(|request| self.about_document(request))
            }
            Done::Panicked(_, _, why) => {
                let (version, lang) = (open.version, self.lang());
                self.publish(&uri, Some(version), diagnostics::of_panic(&why, lang))?;
                parked
                    .into_iter()
                    .try_for_each(|request| self.refuse(request.id, ErrorCode::InternalError, &why))
            }
        }
    }

    /// Settings or files that hold for the documents have changed: all are read again.
    fn renew(&mut self) -> io::Result<()> {
        self.config.forget();
        let all: Vec<Uri> = self.files.keys().cloned().collect();
        for uri in all {
            if let Some(open) = self.files.get_mut(&uri) {
                open.state += 1;
            }
            self.give(&uri)?;
        }
        if self.client.pulls {
            self.ask("workspace/diagnostic/refresh", Value::Null)?;
        }
        if self.client.refreshes_hints {
            self.ask("workspace/inlayHint/refresh", Value::Null)?;
        }
        Ok(())
    }

    fn wish(&mut self, settings: &Value) -> io::Result<()> {
        match Wishes::read(settings) {
            Ok(Some(wishes)) => self.wishes = wishes,
            Ok(None) => {}
            Err(why) => {
                let text = self.lang().of("设置有误：", "wrong setting: ");
                let message = format!("{text}{why}");
                self.notify("window/showMessage", json!({ "type": 2, "message": message }))?;
            }
        }
        self.renew()
    }

    fn initialized(&mut self) -> io::Result<()> {
        if self.client.watches {
            let watchers = ["**/gouji.toml", "**/*.toml"].map(|glob| json!({ "globPattern": glob }));
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            });
            self.ask("client/registerCapability", json!({ "registrations": [registration] }))?;
        }
        if self.client.configuration { self.ask_for_wishes() } else { Ok(()) }
    }

    fn ask_for_wishes(&mut self) -> io::Result<()> {
        self.ask("workspace/configuration", json!({ "items": [{ "section": "gouji" }] }))
    }

    fn response(&mut self, response: Response) -> io::Result<()> {
        match (self.asked.remove(&response.id), response.response_result) {
            (Some("workspace/configuration"), Ok(settings)) => match &settings[0] {
                Value::Object(_) => self.wish(&settings[0]),
                _ => Ok(()),
            },
            (Some(method), Err(error)) => self.log(&format!("{method}: {}", error.message)),
            _ => Ok(()),
        }
    }

    fn cancel(&mut self, id: &Value) -> io::Result<()> {
        let Ok(id) = serde_json::from_value::<RequestId>(id.clone()) else { return Ok(()) };
        let cancelled = self.files.values_mut().find_map(|open| {
            let place = open.parked.iter().position(|request| request.id == id)?;
            Some(open.parked.remove(place))
        });
        match cancelled {
            Some(request) => self.refuse(request.id, ErrorCode::RequestCanceled, "cancelled"),
            None => Ok(()),
        }
    }

    fn outdate(&mut self, parked: Vec<Request>) -> io::Result<()> {
        let mut all = parked.into_iter();
        all.try_for_each(|request| {
            self.refuse(request.id, ErrorCode::ContentModified, "the text has changed")
        })
    }

    /// Says what is wrong with the configuration that holds for `uri`.
    fn tell(&mut self, uri: &Uri, trouble: Option<Trouble>) -> io::Result<()> {
        let mut now = HashSet::new();
        match trouble {
            Some(Trouble::Mistakes(mistakes)) => {
                for (file, found) in diagnostics::of_mistakes(&mistakes, &self.client, self.lang()) {
                    self.publish(&file, None, found)?;
                    now.insert(file);
                }
            }
            Some(Trouble::Other(why)) => {
                self.notify("window/showMessage", json!({ "type": 1, "message": why }))?;
            }
            None => {}
        }
        self.clear_troubles(uri, &now)?;
        if !now.is_empty() {
            self.troubled.insert(uri.clone(), now);
        }
        Ok(())
    }

    /// Takes back what was said because of `uri`, but for `now` and what others still need.
    fn clear_troubles(&mut self, uri: &Uri, now: &HashSet<Uri>) -> io::Result<()> {
        let before = self.troubled.remove(uri).unwrap_or_default();
        for file in before.difference(now) {
            if !self.troubled.values().any(|files| files.contains(file)) {
                self.publish(file, None, json!([]))?;
            }
        }
        Ok(())
    }

    pub fn lang(&self) -> Lang {
        if self.wishes.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh }
    }

    fn publish(&mut self, uri: &Uri, version: Option<i32>, found: Value) -> io::Result<()> {
        let mut params = json!({ "uri": uri, "diagnostics": found });
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.notify("textDocument/publishDiagnostics", params)
    }

    fn ask(&mut self, method: &'static str, params: Value) -> io::Result<()> {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        self.asked.insert(id.clone(), method);
        send(&mut self.output, Request { id, method: method.to_owned(), params }.into())
    }

    fn notify(&mut self, method: &str, params: Value) -> io::Result<()> {
        send(&mut self.output, Notification { method: method.to_owned(), params }.into())
    }

    fn log(&mut self, message: &str) -> io::Result<()> {
        self.notify("window/logMessage", json!({ "type": 2, "message": message }))
    }

    fn answer(&mut self, id: RequestId, result: requests::Answer) -> io::Result<()> {
        let response_result =
            result.map_err(|(code, message)| ResponseError { code: code as i32, message, data: None });
        send(&mut self.output, Response { id, response_result }.into())
    }

    fn refuse(&mut self, id: RequestId, code: ErrorCode, why: &str) -> io::Result<()> {
        send_error(&mut self.output, Some(id), code, why)
    }
}
