//! Messages on a stream of bytes: `Content-Length` and JSON.
//!
//! Takes a reader; gives messages, and errors that the sender can be told of. What is no message is skipped up
//! to the next header, so that one bad message does not end the conversation.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message, RequestId};
use serde_json::{Value, json};

/// Longer messages are refused; the largest report that is read is not so long.
const LONGEST: usize = 512 << 20;

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    Message(Message),
    /// To be answered with this error; `None`: with an id of null.
    Bad(Option<RequestId>, ErrorCode, String),
}

/// The next message; `None` when the stream has ended.
pub fn read(stream: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = header(stream)? else { return Ok(None) };
    if length > LONGEST {
        io::copy(&mut stream.take(length as u64), &mut io::sink())?;
        let why = format!("message of {length} bytes: more than the limit of {LONGEST}");
        return Ok(Some(Incoming::Bad(None, ErrorCode::InvalidRequest, why)));
    }
    // Grows with what comes, not with what was announced.
    let mut bytes = Vec::new();
    stream.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Ok(None);
    }
    Ok(Some(message(&bytes)))
}

/// The length that the header announces. Lines that are no header are passed over.
fn header(stream: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if stream.take(8 << 10).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        match (text.is_empty(), length) {
            (true, Some(length)) => return Ok(Some(length)),
            (true, None) => {}
            (false, _) => {
                if let Some((name, value)) = text.split_once(':')
                    && name.trim().eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().ok();
                }
            }
        }
    }
}

fn message(bytes: &[u8]) -> Incoming {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return Incoming::Bad(None, ErrorCode::ParseError, error.to_string()),
    };
    let id = value.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
    let is_response = value.get("method").is_none() && value.get("id").is_some();
    match serde_json::from_value::<Message>(value) {
        // A request whose id is none would pass for a notification.
        Ok(Message::Notification(_)) if has_key(bytes, "id") => {
            let why = "the id is neither a string nor an integer".to_owned();
            Incoming::Bad(None, ErrorCode::InvalidRequest, why)
        }
        Ok(message) => Incoming::Message(message),
        Err(_) if is_response => {
            Incoming::Bad(None, ErrorCode::InvalidRequest, "neither request nor response".to_owned())
        }
        Err(_) => Incoming::Bad(id, ErrorCode::InvalidRequest, "no method".to_owned()),
    }
}

fn has_key(bytes: &[u8], key: &str) -> bool {
    serde_json::from_slice::<Value>(bytes).is_ok_and(|value| value.get(key).is_some())
}

pub fn send(output: &mut impl Write, message: Message) -> io::Result<()> {
    message.write(output)?;
    output.flush()
}

/// An error; of what had no id, with an id of null, which `Response` cannot hold.
pub fn send_error(
    output: &mut impl Write,
    id: Option<RequestId>,
    code: ErrorCode,
    why: &str,
) -> io::Result<()> {
    let text =
        json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code as i32, "message": why } }).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut stream = io::BufReader::new(bytes);
        let mut found = Vec::new();
        while let Some(one) = read(&mut stream).expect("bytes in memory") {
            found.push(match one {
                Incoming::Message(Message::Request(request)) => format!("request {}", request.method),
                Incoming::Message(Message::Notification(one)) => format!("notification {}", one.method),
                Incoming::Message(Message::Response(_)) => "response".to_owned(),
                Incoming::Bad(id, code, _) => format!("bad {} {code:?}", id.is_some()),
            });
        }
        found
    }

    fn framed(texts: &[&str]) -> Vec<u8> {
        texts
            .iter()
            .flat_map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes())
            .collect()
    }

    #[test]
    fn a_bad_message_does_not_end_the_conversation() {
        let bytes = framed(&[
            r#"{"id":1,"method":"a"}"#,
            r#"{"id":1,"#,
            r#"[]"#,
            r#"{"id":2}"#,
            r#"{"id":1.5,"method":"a"}"#,
            r#"{"id":"x","method":7}"#,
            r#"{"method":"b"}"#,
            r#"{"id":3,"result":null}"#,
        ]);
        assert_eq!(
            all(&bytes),
            [
                "request a",
                "bad false ParseError",
                "bad false InvalidRequest",
                "bad false InvalidRequest",
                "bad false InvalidRequest",
                "bad true InvalidRequest",
                "notification b",
                "response"
            ]
        );
        assert_eq!(
            all(b"garbage\n\nContent-Length: x\r\n\r\nContent-Length: 14\r\n\r\n{\"method\":\"b\"}"),
            ["notification b"]
        );
        assert!(all(b"Content-Length: 99\r\n\r\n{}").is_empty(), "cut short");
        assert!(all(b"Content-Length: 18446744073709551615\r\n\r\n{}").len() <= 1);
    }
}
