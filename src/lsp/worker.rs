//! The thread that audits. Of the states of one document only the newest is read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Instant;

use lsp_types::Uri;

use super::files::Read;
use super::place::{Encoding, Places};
use super::settings::Setting;
use crate::audit::audit;
use crate::input;

/// One state of a document.
pub struct Job {
    pub uri: Uri,
    pub name: String,
    pub version: i32,
    pub state: u64,
    pub text: String,
    pub newline: &'static str,
    pub setting: Arc<Setting>,
}

pub enum Done {
    Read(Box<Read>),
    /// The engine panicked: a mistake of ours, which must not take the editor's server away.
    Panicked(Uri, u64, String),
}

/// Works until nobody gives jobs or takes what is done.
pub fn run<T: From<Done>>(encoding: Encoding, jobs: &Receiver<Job>, done: &Sender<T>) {
    let mut waiting: Vec<Job> = Vec::new();
    loop {
        if waiting.is_empty() {
            let Ok(job) = jobs.recv() else { return };
            waiting.push(job);
        }
        for job in jobs.try_iter() {
            waiting.retain(|other| other.uri != job.uri);
            waiting.push(job);
        }
        let job = waiting.remove(0);
        if done.send(one(encoding, job).into()).is_err() {
            return;
        }
    }
}

fn one(encoding: Encoding, job: Job) -> Done {
    let start = Instant::now();
    let Job { uri, name, version, state, text, newline, setting } = job;
    let place = uri.clone();
    let read = catch_unwind(AssertUnwindSafe(|| {
        let document = input::read_text(&name, text);
        let audit = audit(&document, &setting.rules, &setting.options);
        let places = Places::new(&document.text, encoding);
        Read { uri, version, state, document, audit, places, setting, newline, took: start.elapsed() }
    }));
    match read {
        Ok(read) => Done::Read(Box::new(read)),
        Err(cause) => {
            let text = cause.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
            Done::Panicked(place, state, text.to_owned())
        }
    }
}
