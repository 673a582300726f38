//! Bytes in every encoding, line end and state of repair that people hand in.

use encoding_rs::GB18030;
use gouji::document::{DamageKind, Document, LineEnd, Newline};
use gouji::input::{EncodeError, Foreign, Limits, ReadError, encode, read_bytes};
use proptest::prelude::*;

const TEXT: &str = "某局2023年度自评报告\n一、基本情况\n　　全年预算数138.43万元，执行率98.79%。\n";

fn read(bytes: impl Into<Vec<u8>>) -> Document {
    read_bytes("测试.txt", bytes.into(), &Limits::default()).expect("readable")
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn every_encoding_gives_the_same_text_and_comes_back_as_it_was() {
    let bom = |text: &str| format!("\u{feff}{text}");
    let gb = |text: &str| GB18030.encode(text).0.into_owned();
    let cases: [(&str, bool, Vec<u8>); 9] = [
        ("UTF-8", false, TEXT.into()),
        ("UTF-8", true, bom(TEXT).into()),
        ("gb18030", false, gb(TEXT)),
        ("gb18030", true, gb(&bom(TEXT))),
        ("UTF-16LE", true, utf16(&bom(TEXT), u16::to_le_bytes)),
        ("UTF-16BE", true, utf16(&bom(TEXT), u16::to_be_bytes)),
        ("UTF-16LE", false, utf16(TEXT, u16::to_le_bytes)),
        ("UTF-16BE", false, utf16(TEXT, u16::to_be_bytes)),
        ("gb18030", false, gb("①②③㎡‰ 某局㐂公")),
    ];
    for (encoding, marked, bytes) in cases {
        let document = read(bytes.clone());
        assert_eq!((document.origin.encoding, document.origin.bom), (encoding, marked));
        if encoding != "gb18030" || document.text.starts_with("某") {
            assert_eq!(document.text, TEXT, "{encoding}");
        }
        assert!(document.damage.is_empty(), "{encoding}");
        assert_eq!(encode(&document, &document.text).expect("written"), bytes, "{encoding}, BOM {marked}");
    }
}

#[test]
fn short_gbk_is_recognised() {
    for text in ["预算", "绩效自评", "执行率99.5%"] {
        let document = read(GB18030.encode(text).0.into_owned());
        assert_eq!((document.text.as_str(), document.origin.encoding), (text, "gb18030"));
    }
}

#[test]
fn line_ends_become_lf_and_come_back() {
    use LineEnd::{Cr, CrLf, Lf};
    let cases = [
        ("甲\r\n乙\r\n", "甲\n乙\n", Newline::Uniform(CrLf)),
        ("甲\r乙", "甲\n乙", Newline::Uniform(Cr)),
        ("甲\n乙\r\n丙\r丁", "甲\n乙\n丙\n丁", Newline::Mixed(vec![Lf, CrLf, Cr])),
        ("\r\r\n", "\n\n", Newline::Mixed(vec![Cr, CrLf])),
    ];
    for (bytes, text, newline) in cases {
        let document = read(bytes);
        assert_eq!((document.text.as_str(), &document.origin.newline), (text, &newline));
        assert_eq!(encode(&document, text).expect("written"), bytes.as_bytes());
    }
}

#[test]
fn a_repair_keeps_the_line_ends_around_it() {
    let document = read("台帐\r\n乙\n丙\r\n");
    assert_eq!(encode(&document, "台账\n乙\n丙\n").expect("written"), "台账\r\n乙\n丙\r\n".as_bytes());
    assert_eq!(encode(&document, "台帐\n丙\n").expect("written"), "台帐\r\n丙\r\n".as_bytes());
}

#[test]
fn damage_is_kept_and_never_written_back() {
    let lone = [&utf16("\u{feff}共", u16::to_le_bytes)[..], &[0x3d, 0xd8], &utf16("元\n", u16::to_le_bytes)]
        .concat();
    let mut cut = TEXT.as_bytes().to_vec();
    cut.truncate(TEXT.len() - 2);
    let torn = [TEXT.as_bytes(), b"\xff\xfe", TEXT.as_bytes()].concat();
    for bytes in [lone, cut, torn] {
        let document = read(bytes);
        assert_eq!(document.damage.len(), 1);
        let damage = document.damage[0];
        assert_eq!(damage.kind, DamageKind::Undecodable);
        assert!(document.slice(damage.span).chars().all(|c| c == '\u{fffd}'));
        assert_eq!(encode(&document, &document.text), Err(EncodeError::Lossy));
    }
    let document = read("共\u{fffd}元\0整\0\0");
    let found: Vec<_> =
        document.damage.iter().map(|damage| (damage.kind, document.slice(damage.span))).collect();
    let (lost, nul) = (DamageKind::Replaced, DamageKind::Nul);
    assert_eq!(found, [(lost, "\u{fffd}"), (nul, "\0"), (nul, "\0\0")]);
}

#[test]
fn files_that_are_no_text_are_named() {
    let cases: [(&[u8], Foreign); 7] = [
        (b"PK\x03\x04\x14\0\0\0\x08\0word/document.xml", Foreign::Docx),
        (b"PK\x03\x04\x14\0\0\0\x08\0xl/workbook.xml", Foreign::Xlsx),
        (b"PK\x03\x04\x14\0\0\0\x08\0a.txt", Foreign::Zip),
        (b"%PDF-1.7\n", Foreign::Pdf),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", Foreign::Doc),
        (b"<!DOCTYPE html><html>", Foreign::Html),
        (b"\x01\x02\0\0\0\x05abc\0\0\0", Foreign::Binary),
    ];
    for (bytes, what) in cases {
        match read_bytes("x", bytes.to_vec(), &Limits::default()) {
            Err(ReadError::Foreign(found)) => assert_eq!(found, what),
            other => panic!("{what:?}: {other:?}"),
        }
    }
    let docx = ReadError::Foreign(Foreign::Docx).to_string();
    assert_eq!(docx, "这是 Word 文档（docx），本版本只读纯文本和 Markdown，请先另存为纯文本再检查");
}

#[test]
fn limits_and_unknown_encodings_are_named() {
    let small = Limits { bytes: 16 << 20 };
    let error = read_bytes("x", vec![b'1'; (16 << 20) + 1], &small).expect_err("too large");
    assert!(error.to_string().contains("16 MiB"), "{error}");
    let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x80).collect();
    assert!(matches!(read_bytes("x", noise, &Limits::default()), Err(ReadError::UnknownEncoding)));
}

#[test]
fn an_empty_file_is_a_document_without_blocks() {
    for bytes in ["", "\n\n", "\u{feff}", " 　\t\r\n"] {
        let document = read(bytes);
        assert!(document.blocks.is_empty() && document.damage.is_empty());
        assert_eq!(encode(&document, &document.text).expect("written"), bytes.as_bytes());
    }
}

fn holds_its_invariants(document: &Document) {
    let mut end = 0;
    for block in &document.blocks {
        assert!(block.span.start >= end && !block.span.is_empty());
        assert!(document.text.get(block.span.range()).is_some(), "on character boundaries");
        end = block.span.end;
    }
    for span in document.damage.iter().map(|damage| damage.span) {
        assert!(document.text.get(span.range()).is_some());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(document) = read_bytes("x", bytes, &Limits::default()) {
            holds_its_invariants(&document);
            let _ = encode(&document, &document.text);
        }
    }

    #[test]
    fn any_text_comes_back_byte_for_byte(
        text in "(\\PC|\r\n|\r|\n|[一-龥]|[0-9]){0,200}",
        bom in any::<bool>(),
    ) {
        let text = format!("{}{text}", if bom { "\u{feff}" } else { "" });
        if let Ok(document) = read_bytes("x", text.clone().into_bytes(), &Limits::default()) {
            holds_its_invariants(&document);
            prop_assert_eq!(encode(&document, &document.text).expect("written"), text.into_bytes());
        }
    }

    #[test]
    fn chinese_text_comes_back_in_every_encoding(text in "([一-龥]|[，。；：、（）“”]|[0-9a-z.%]|\r?\n){8,200}") {
        let marked = format!("\u{feff}{text}");
        for bytes in [
            GB18030.encode(&text).0.into_owned(),
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
        ] {
            if let Ok(document) = read_bytes("x", bytes.clone(), &Limits::default()) {
                prop_assert_eq!(encode(&document, &document.text).expect("written"), bytes);
            }
        }
    }
}
