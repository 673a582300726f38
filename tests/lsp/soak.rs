//! Random edits: in the end the server knows the text as the client has it, and finds what a fresh run finds.

use serde_json::{Value, json};

use super::client::Client;
use super::{DRAFT, FILE, fresh};

/// What is put in: figures, marks, line ends of all kinds, characters of two units, half a comment.
const PIECES: [&str; 16] = [
    "1",
    "138.43万元",
    "，其中：",
    "\n",
    "\r\n",
    "𠮷",
    "（",
    "台帐",
    "",
    "。",
    "二、",
    "|",
    "<!-- gouji-ignore: TXT008 原件如此 -->\n",
    "**",
    "2023年",
    "\n\n一、部门概况\n\n",
];

/// xorshift: the same edits every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

fn width(encoding: &str, c: char) -> usize {
    match encoding {
        "utf-8" => c.len_utf8(),
        "utf-16" => c.len_utf16(),
        _ => 1,
    }
}

fn position(text: &str, encoding: &str, offset: usize) -> Value {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let character: usize = text[start..offset].chars().map(|c| width(encoding, c)).sum();
    json!({ "line": text[..offset].matches('\n').count(), "character": character })
}

fn soak(encoding: &str, seed: u64, edits: i32) {
    let mut dice = Dice(seed);
    let mut client = Client::ready(encoding, json!({ "debounce": 0 }));
    let mut text = DRAFT.to_owned();
    client.open(FILE, &text);
    for version in 2..edits + 2 {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let start = dice.roll(places.len());
        let longest = if places.len() > 2_000 { 40 } else { 3 };
        let end = (start + dice.roll(longest + 1)).min(places.len() - 1);
        let (start, end) = (places[start], places[end]);
        let piece = PIECES[dice.roll(PIECES.len())];
        let range =
            json!({ "start": position(&text, encoding, start), "end": position(&text, encoding, end) });
        client.change(FILE, version, json!([{ "range": range, "text": piece }]));
        text.replace_range(start..end, &piece.replace("\r\n", "\n"));
    }
    let found = client.diagnostics(FILE, edits + 1);
    let found: Vec<(String, String)> = found
        .iter()
        .map(|one| {
            let offset = |place: &Value| {
                let line = place["line"].as_u64().expect("a line") as usize;
                let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
                let (mut at, mut left) = (start, place["character"].as_u64().expect("a character") as usize);
                for c in text[start..].chars() {
                    if left == 0 {
                        break;
                    }
                    left -= width(encoding, c);
                    at += c.len_utf8();
                }
                at
            };
            let (start, end) = (offset(&one["range"]["start"]), offset(&one["range"]["end"]));
            (one["code"].as_str().expect("a code").to_owned(), text[start..end].to_owned())
        })
        .collect();
    assert_eq!(found, fresh(&text), "{encoding}, seed {seed}");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn after_random_edits_the_server_finds_what_a_fresh_check_finds() {
    for (encoding, seed) in [("utf-8", 1), ("utf-16", 2), ("utf-32", 3)] {
        soak(encoding, seed, 200);
    }
}

/// `cargo test --release --test lsp -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn after_ten_thousand_random_edits_too() {
    for (encoding, seed) in [("utf-16", 4), ("utf-8", 5), ("utf-32", 6)] {
        soak(encoding, seed, 10_000);
    }
}
