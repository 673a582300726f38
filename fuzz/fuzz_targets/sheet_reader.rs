//! Any bytes as a workbook: parted by NULs as the sheet, the strings and the styles of a new one (xlsx), and whole as an
//! old one (xls) and as csv. Every cell and place lies inside the text.
//!
//! `cargo +nightly fuzz run sheet_reader corpus/sheet ../tests/fixtures/forms -- -max_len=32768`

#![no_main]

use std::io::{Cursor, Write};
use std::sync::Once;

use gouji::document::Span;
use gouji::input::{self, Limits};
use libfuzzer_sys::fuzz_target;

const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The library that reads workbooks may panic: the reader catches that and says that the file is damaged. Any other panic
/// is a find.
static OWN_PANICS: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    OWN_PANICS.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let library = info.location().is_some_and(|at| at.file().contains("/calamine-"));
            if !library {
                eprintln!("{info}");
                std::process::abort();
            }
        }));
    });
    check("a.xls", bytes.to_vec());
    check("a.csv", bytes.to_vec());
    check("a.xlsx", workbook(bytes));
});

fn check(name: &str, bytes: Vec<u8>) {
    let Ok(document) = input::read_bytes(name, bytes, &Limits::default()) else { return };
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    document.blocks.iter().for_each(|block| inside(block.span));
    document.tables.iter().flat_map(|table| table.rows.iter().flatten()).for_each(|cell| inside(cell.span));
    document.source.places.iter().for_each(|(start, _)| assert!(*start as usize <= document.text.len()));
}

fn workbook(bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &[u8]| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(text).expect("written");
    };
    let link = |id: u8, kind: &str, target: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"{KINDS}/{kind}\" Target=\"{target}\"/>")
    };
    let links = |lines: &[String]| format!("<Relationships xmlns=\"{LINKS}\">{}</Relationships>", lines.concat());
    part("_rels/.rels", links(&[link(1, "officeDocument", "xl/workbook.xml")]).as_bytes());
    let book = format!("<workbook {NS}><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
    part("xl/workbook.xml", book.as_bytes());
    let inner = [
        link(1, "worksheet", "worksheets/sheet1.xml"),
        link(2, "sharedStrings", "sharedStrings.xml"),
        link(3, "styles", "styles.xml"),
    ];
    part("xl/_rels/workbook.xml.rels", links(&inner).as_bytes());
    part("[Content_Types].xml", b"<Types></Types>");
    let names = [("worksheets/sheet1", "worksheet"), ("sharedStrings", "sst"), ("styles", "styleSheet")];
    for ((name, root), inner) in names.iter().zip(bytes.splitn(3, |byte| *byte == 0)) {
        let text = [format!("<{root} {NS}>").as_bytes(), inner, format!("</{root}>").as_bytes()].concat();
        part(&format!("xl/{name}.xml"), &text);
    }
    zip.finish().expect("closed").into_inner()
}
