//! A folder of broken and hostile files of every format through the program itself: each has its row in every output,
//! the good ones between them are checked, and the exit code says that something could not be read.
#![cfg(feature = "word")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use zip::write::{SimpleFileOptions, ZipWriter};

const DOCX: &[u8] = include_bytes!("fixtures/reports/budget.docx");
const DOC: &[u8] = include_bytes!("fixtures/reports/budget.doc");
const XLSX: &[u8] = include_bytes!("fixtures/forms/clean.xlsx");
const XLS: &[u8] = include_bytes!("fixtures/forms/clean.xls");

fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("closed").into_inner()
}

/// A document with this in place of its body.
fn docx(body: &str) -> Vec<u8> {
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
                Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
                Target=\"word/document.xml\"/></Relationships>";
    pack(&[("_rels/.rels", rels), ("word/document.xml", body)])
}

/// Files that no reader can make sense of.
fn broken() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let w = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    for (ending, whole) in [("docx", DOCX), ("xlsx", XLSX), ("doc", DOC), ("xls", XLS)] {
        for cut in [9, 40, 600, whole.len() / 3] {
            files.push((format!("截断{cut}.{ending}"), whole[..cut].to_vec()));
        }
    }
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice();
    files.push(("有密码.docx".to_owned(), [ole, &locked].concat()));
    files.push(("空壳.docx".to_owned(), pack(&[("word/x", "")])));
    files.push(("深层.docx".to_owned(), docx(&format!("<w:document {w}>{}", "<w:p>".repeat(100_000)))));
    let bomb = "<!DOCTYPE a [<!ENTITY a \"支出\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    files.push(("实体.docx".to_owned(), docx(&format!("{bomb}<w:document {w}><w:body>"))));
    files.push(("图片.docx".to_owned(), b"\x89PNG\r\n\x1a\n\0\0\0\0".to_vec()));
    files.push(("零.doc".to_owned(), vec![0; 4_096]));
    files.push(("程序.pdf".to_owned(), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0".to_vec()));
    files.push(("压缩包.xlsx".to_owned(), pack(&[("报告.txt", "支出")])));
    files
}

fn run(folder: &Path, format: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    // No program is to be found: what happens must not depend on the machine.
    command.current_dir(folder).env("PATH", "").args(["check", ".", "--no-config", "--format", format]);
    let output = command.output().expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("UTF-8"))
}

#[test]
fn every_broken_file_has_its_row_in_every_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = broken();
    for (name, bytes) in &files {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let slip = "2023年支出合计140.43万元，其中基本支出118.43万元，项目支出20万元。\n";
    fs::write(folder.path().join("好.txt"), slip).expect("written");
    fs::write(folder.path().join("改名.docx"), DOC).expect("written");
    for format in
        ["terminal", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"]
    {
        let (code, output) = run(folder.path(), format);
        assert_eq!(code, Some(2), "{format}");
        let encoded = |name: &str| {
            name.bytes()
                .map(|byte| match byte {
                    b'.' | b'0'..=b'9' | b'a'..=b'z' => char::from(byte).to_string(),
                    _ => format!("%{byte:02X}"),
                })
                .collect::<String>()
        };
        for name in files.iter().map(|(name, _)| name.as_str()).chain(["好.txt", "改名.docx"]) {
            assert!(output.contains(name) || output.contains(&encoded(name)), "{format}: {name}\n{output}");
        }
        assert!(
            output.contains("140.43") && output.contains("FIG001") && output.contains("TAB001"),
            "{format}"
        );
    }
}

/// Cut anywhere, a file is read as far as it goes or refused; nothing panics.
#[test]
fn files_cut_anywhere_are_survived() {
    for (ending, whole) in [("docx", DOCX), ("xlsx", XLSX), ("doc", DOC), ("xls", XLS)] {
        for cut in (0..whole.len()).step_by(whole.len() / 60) {
            let limits = gouji::input::Limits::default();
            let _ = gouji::input::read_bytes(&format!("a.{ending}"), whole[..cut].to_vec(), &limits);
        }
    }
}
