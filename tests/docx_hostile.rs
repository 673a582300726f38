//! Word documents that are broken, or made to do harm: each meets a limit with a name.
#![cfg(feature = "word")]

use std::io::{Cursor, Write};

use gouji::document::Format;
use gouji::input::{Limits, ReadError, read_bytes};
use zip::write::{SimpleFileOptions, ZipWriter};

const NS: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("closed").into_inner()
}

fn body(inner: &str) -> Vec<u8> {
    pack(&[("word/document.xml", &format!("<w:document {NS}><w:body>{inner}</w:body></w:document>"))])
}

fn read(bytes: Vec<u8>) -> Result<String, ReadError> {
    read_bytes("报告.docx", bytes, &Limits::default()).map(|document| document.text)
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn what_is_missing_is_done_without() {
    assert_eq!(read(body(&p("支出20万元。"))).expect("readable"), "支出20万元。\n");
    assert!(matches!(read(body("<w:p/>")), Err(ReadError::Empty(_))));
    assert!(matches!(read(pack(&[("word/other.xml", "<a/>")])), Err(ReadError::Broken(_))));
}

#[test]
fn damage_is_named() {
    let whole = body(&p("支出20万元。").repeat(50));
    for cut in [40, whole.len() / 2, whole.len() - 30] {
        let found = read(whole[..cut].to_vec());
        assert!(matches!(found, Err(ReadError::Broken(_) | ReadError::Foreign(_))), "{cut}: {found:?}");
    }
    for bad in ["<w:p>", "</w:p>", "<w:p></w:r>", "<w:p a=>&unknown;</w:p>", "<w:p><![CDATA[</w:p>"] {
        assert!(matches!(read(body(bad)), Err(ReadError::Broken(_))), "{bad}");
    }
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &locked].concat();
    assert!(matches!(read(locked), Err(ReadError::Encrypted)));
}

#[test]
fn entities_of_its_own_are_refused() {
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY b \"{0}\"><!ENTITY c \"&b;&b;&b;\">]><w:document {NS}><w:body>{1}</w:body></w:document>",
        "啊".repeat(1000),
        p("&c;")
    );
    assert!(matches!(read(pack(&[("word/document.xml", &bomb)])), Err(ReadError::Broken(_))));
}

#[test]
fn depth_and_width_have_limits() {
    let deep =
        format!("{}{}", "<w:sdt><w:sdtContent>".repeat(5_000), "</w:sdtContent></w:sdt>".repeat(5_000));
    assert!(matches!(read(body(&deep)), Err(ReadError::TooDeep { limit: 2_000 })));
    let tables = format!(
        "{}{}{}",
        "<w:tbl><w:tr><w:tc>".repeat(600),
        p("最里面。"),
        "</w:tc></w:tr></w:tbl>".repeat(600)
    );
    assert_eq!(read(body(&tables)).expect("readable"), "最里面。\n");
    let wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2000000000\"/></w:tcPr><w:p><w:r><w:t>项目</w:t></w:r></w:p></w:tc><w:tc>";
    let wide = format!("{wide}{}</w:tc></w:tr></w:tbl>", p("金额"));
    assert_eq!(read(body(&wide)).expect("readable"), "项目\t金额\n");
    let row =
        format!("<w:tr>{}</w:tr>", "<w:tc><w:tcPr><w:gridSpan w:val=\"200\"/></w:tcPr></w:tc>".repeat(50));
    let many = format!("<w:tbl>{}</w:tbl>", row.repeat(201));
    assert!(matches!(read(body(&many)), Err(ReadError::TooManyItems { limit: 2_000_000 })));
    let names: Vec<String> = (0..10_001).map(|part| format!("word/{part}")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert!(matches!(read(pack(&parts)), Err(ReadError::TooManyParts { limit: 10_000 })));
}

#[test]
fn styles_and_lists_that_lead_in_circles_end() {
    let styles = format!(
        "<w:styles {NS}><w:style w:styleId=\"a\"><w:basedOn w:val=\"b\"/></w:style>\
         <w:style w:styleId=\"b\"><w:basedOn w:val=\"a\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style></w:styles>"
    );
    let numbering = format!(
        "<w:numbering {NS}><w:abstractNum w:abstractNumId=\"1\"><w:numStyleLink w:val=\"a\"/></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>"
    );
    let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = format!(
        "<Relationships><Relationship Id=\"1\" Type=\"{kinds}/styles\" Target=\"styles.xml\"/>\
         <Relationship Id=\"2\" Type=\"{kinds}/numbering\" Target=\"numbering.xml\"/>\
         <Relationship Id=\"3\" Type=\"{kinds}/footnotes\" Target=\"http://nowhere.invalid/x\" TargetMode=\"External\"/></Relationships>"
    );
    let text = format!(
        "<w:document {NS}><w:body><w:p><w:pPr><w:pStyle w:val=\"a\"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>"
    );
    let parts = [
        ("word/document.xml", text.as_str()),
        ("word/_rels/document.xml.rels", &links),
        ("word/styles.xml", &styles),
        ("word/numbering.xml", &numbering),
        ("word/vbaProject.bin", "Sub AutoOpen()"),
    ];
    assert_eq!(read(pack(&parts)).expect("readable"), "甲\n");
}

#[test]
fn content_decides_and_not_the_name() {
    let document = read_bytes("报告.txt", body(&p("支出20万元。")), &Limits::default()).expect("readable");
    assert_eq!(document.source.format, Format::Docx);
    assert_eq!(read("支出20万元。".as_bytes().to_vec()).expect("readable"), "支出20万元。");
}

#[test]
#[ignore = "slow without optimisation"]
fn an_archive_bomb_meets_its_limit() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    let blank = vec![b' '; 1 << 20];
    (0..300).for_each(|_| zip.write_all(&blank).expect("written"));
    let bomb = zip.finish().expect("closed").into_inner();
    assert!(matches!(read(bomb), Err(ReadError::Unpacked { .. })));
}
