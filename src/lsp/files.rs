//! The open documents: their text as the client has it, and what was last read in it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lsp_server::Request;
use lsp_types::{TextDocumentContentChangeEvent as Change, Uri};

use super::place::{Encoding, Places};
use super::settings::Setting;
use crate::audit::Audit;
use crate::document::{Document, Span};

/// One audit of one state of a document.
#[derive(Debug)]
pub struct Read {
    pub uri: Uri,
    pub version: i32,
    /// Counts the states of the document; the client's versions need not be distinct.
    pub state: u64,
    pub document: Document,
    pub audit: Audit,
    pub places: Places,
    pub setting: Arc<Setting>,
    pub newline: &'static str,
    pub took: Duration,
}

impl Read {
    pub fn range(&self, span: Span) -> lsp_types::Range {
        self.places.range(&self.document.text, span)
    }

    pub fn offset(&self, position: lsp_types::Position) -> u32 {
        self.places.offset(&self.document.text, position)
    }

    /// From 1.
    pub fn line(&self, span: Span) -> u32 {
        self.places.line(&self.document.text, span.start)
    }
}

pub struct Open {
    /// With LF line ends; the client's positions do not tell them apart.
    pub text: String,
    pub newline: &'static str,
    pub version: i32,
    pub state: u64,
    /// The name it is read by.
    pub name: String,
    pub path: PathBuf,
    pub read: Option<Arc<Read>>,
    /// When it is to be read.
    pub due: Option<Instant>,
    /// The state that the worker was given.
    pub given: Option<u64>,
    /// Requests that wait for it to be read.
    pub parked: Vec<Request>,
}

pub type Files = HashMap<Uri, Open>;

impl Open {
    pub fn new(uri: &Uri, language: &str, version: i32, text: String) -> Open {
        let path = uri.to_file_path().unwrap_or_else(|()| PathBuf::from(uri.path()));
        let mut name = path.to_string_lossy().into_owned();
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        let is_named = extension.is_some_and(|extension| extension == "md" || extension == "markdown");
        if language == "markdown" && !is_named {
            name.push_str(".md");
        }
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let text = with_lf(text);
        let read = None;
        Open {
            text,
            newline,
            version,
            state: 0,
            name,
            path,
            read,
            due: None,
            given: None,
            parked: Vec::new(),
        }
    }

    pub fn change(&mut self, encoding: Encoding, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::TextDocumentContentChangeWholeDocument(whole) => self.text = with_lf(whole.text),
                Change::TextDocumentContentChangePartial(part) => {
                    let start = encoding.offset(&self.text, part.range.start);
                    let end = encoding.offset(&self.text, part.range.end).max(start);
                    self.text.replace_range(start..end, &with_lf(part.text));
                }
            }
        }
    }

    /// What was read in the text as it is now.
    pub fn current(&self) -> Option<&Arc<Read>> {
        self.read.as_ref().filter(|read| read.state == self.state)
    }
}

fn with_lf(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}
