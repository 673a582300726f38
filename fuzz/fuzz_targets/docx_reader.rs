//! Any bytes as the body, the lists and the styles of a Word document, parted by NULs: every block, cell, piece and place
//! lies inside the text and the part, and a comment can be put at every finding.
//!
//! `cargo +nightly fuzz run docx_reader -- -max_len=8192`

#![no_main]

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use gouji::document::Span;
use gouji::input::{self, Limits};
use gouji::rules::RuleSet;
use gouji::{Lang, Options, audit, rules, word};
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules::embedded().expect("embedded rules load"));

const NS: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";
const LINKS: &str = "<Relationships><Relationship Id=\"a\" Type=\"/numbering\" Target=\"numbering.xml\"/>\
    <Relationship Id=\"b\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>";

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &[u8]| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(text).expect("written");
    };
    let mut length = 0;
    for (name, root) in [("word/document.xml", "document"), ("word/numbering.xml", "numbering"), ("word/styles.xml", "styles")] {
        let Some(inner) = parts.next() else { break };
        let text = [format!("<w:{root} {NS}>").as_bytes(), inner, format!("</w:{root}>").as_bytes()].concat();
        length = length.max(text.len());
        part(name, &text);
    }
    part("word/_rels/document.xml.rels", LINKS.as_bytes());
    part("[Content_Types].xml", b"<Types></Types>");
    let file = zip.finish().expect("closed").into_inner();
    let Ok(document) = input::read_bytes("a.docx", file.clone(), &Limits::default()) else { return };
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    document.blocks.iter().for_each(|block| inside(block.span));
    document.generated.iter().for_each(|span| inside(*span));
    document.tables.iter().flat_map(|table| table.rows.iter().flatten()).for_each(|cell| inside(cell.span));
    for piece in &document.source.pieces {
        inside(piece.span);
        assert!(piece.bytes.start <= piece.bytes.end && piece.bytes.end as usize <= length, "{piece:?}");
    }
    let found = audit(&document, &RULES, &Options::default());
    if let Ok(new) = word::annotate(&file, &document, &found, Lang::Zh, "2024-03-01T09:00:00Z") {
        let again = input::read_bytes("a.docx", new.bytes, &Limits::default()).expect("still a document");
        assert_eq!(again.text, document.text);
    }
});
