//! The beginning of a conversation: the threads, and all up to `initialize`.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use lsp_server::{ErrorCode, Message, Request, Response};

use super::capabilities::{self, Client};
use super::server::{Event, Server};
use super::settings::Configure;
use super::wire::{self, Incoming, send, send_error};
use super::worker;

/// Serves one client until it says `exit` or vanishes; whether it took its leave as it should.
pub fn run(
    mut input: impl BufRead + Send + 'static,
    output: impl Write,
    config: Box<dyn Configure>,
) -> io::Result<bool> {
    let (events, inbox) = channel();
    let from_client = events.clone();
    thread::spawn(move || {
        while let Ok(Some(incoming)) = wire::read(&mut input) {
            if from_client.send(Event::In(incoming)).is_err() {
                return;
            }
        }
        // Nobody listens once the server has ended.
        let _ = from_client.send(Event::Gone);
    });
    Starting { output, events, inbox, config }.run()
}

/// Before `initialize`.
struct Starting<W> {
    output: W,
    events: Sender<Event>,
    inbox: Receiver<Event>,
    config: Box<dyn Configure>,
}

impl<W: Write> Starting<W> {
    fn run(mut self) -> io::Result<bool> {
        loop {
            let incoming = match self.inbox.recv() {
                Ok(Event::In(incoming)) => incoming,
                Ok(Event::Done(_)) => continue,
                Ok(Event::Gone) | Err(_) => return Ok(false),
            };
            match incoming {
                Incoming::Message(Message::Request(request)) if request.method == "initialize" => {
                    return self.start(request);
                }
                Incoming::Message(Message::Request(Request { id, method, .. })) => {
                    let why = format!("`{method}` before `initialize`");
                    send_error(&mut self.output, Some(id), ErrorCode::ServerNotInitialized, &why)?;
                }
                Incoming::Message(Message::Notification(one)) if one.method == "exit" => return Ok(false),
                Incoming::Message(_) => {}
                Incoming::Bad(id, code, why) => send_error(&mut self.output, id, code, &why)?,
            }
        }
    }

    fn start(mut self, request: Request) -> io::Result<bool> {
        let client = match Client::read(request.params) {
            Ok(client) => client,
            Err(why) => {
                send_error(&mut self.output, Some(request.id), ErrorCode::InvalidParams, &why)?;
                return self.run();
            }
        };
        let result = capabilities::of(&client);
        send(&mut self.output, Response { id: request.id, response_result: Ok(result) }.into())?;
        let (jobs, for_worker) = channel();
        let (encoding, events) = (client.encoding, self.events);
        thread::spawn(move || worker::run(encoding, &for_worker, &events));
        Server::new(self.output, jobs, self.config, client).run(&self.inbox)
    }
}
