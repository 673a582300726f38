//! What else clerks hand in: pages in one file, csv, wrong endings, and what LibreOffice has to convert.
#![cfg(feature = "word")]

use std::process::{Command, Stdio};

use encoding_rs::GB18030;
use gouji::document::Document;
use gouji::input::{Limits, ReadError, read_bytes};
use gouji::options::Lang;
use gouji::{Options, audit, emit, rules};

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Document, ReadError> {
    read_bytes(name, bytes.into(), &Limits::default())
}

#[test]
fn csv_is_a_sheet() {
    let text = "收支情况表,,\n单位：万元,,\n项目,预算数,决算数\n基本支出,\"1,118.40\",99.50\n项目支出,,20\n";
    for bytes in [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned()] {
        let document = read("收支表.csv", bytes).expect("readable");
        assert_eq!(
            document.text,
            "收支情况表\n单位：万元\n项目\t预算数\t决算数\n基本支出\t1,118.40\t99.50\n项目支出\t\t20\n"
        );
        assert_eq!(document.tables[0].rows.len(), 3);
        let at = document.text.find("99.50").expect("stands there") as u32;
        assert_eq!(emit::place(&document, at, Lang::Zh).as_deref(), Some("收支表!C4"));
    }
}

#[test]
fn a_page_in_one_file_is_read_under_any_name() {
    let page = "<html><body><p>某局2023年支出=E5=8D=81</p></body></html>";
    let quoted: String = page
        .replace("=E5=8D=81", "十")
        .bytes()
        .map(|byte| {
            if byte.is_ascii() && byte != b'=' {
                char::from(byte).to_string()
            } else {
                format!("={byte:02X}")
            }
        })
        .collect();
    let file = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n--x\r\n\
         Content-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n\
         --x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x--\r\n"
    );
    for name in ["报告.mht", "报告.doc", "报告.xls"] {
        assert_eq!(read(name, file.clone()).expect("readable").text, "某局2023年支出十\n");
    }
}

#[test]
fn content_decides_and_not_the_name() {
    let docx = include_bytes!("fixtures/reports/budget.docx");
    let doc = include_bytes!("fixtures/reports/budget.doc");
    let xls = include_bytes!("fixtures/forms/clean.xls");
    let text = read("a.docx", docx.to_vec()).expect("readable").text;
    for (name, bytes) in
        [("a.doc", &docx[..]), ("a.wps", &doc[..]), ("a.docx", &doc[..]), ("a.txt", &docx[..])]
    {
        assert_eq!(read(name, bytes).expect("readable").text, text, "{name}");
    }
    assert!(read("a.doc", &xls[..]).expect("readable").text.contains("年度资金总额"));
    assert_eq!(read("a.xls", "<html><body><p>甲</p></body></html>").expect("readable").text, "甲\n");
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let says = |bytes: &[u8]| read("a.doc", bytes).expect_err("no report").to_string();
    assert_eq!(
        says(b"{\\rtf1 a}"),
        "这是 RTF 文档，要靠 LibreOffice 转换后才能读，但没有找到它：请安装 LibreOffice，或者用 Word、WPS 另存为 docx（表格另存为 xlsx）再检查"
    );
    assert_eq!(says(b"\x89PNG\r\n\x1a\n"), "这是图片，里面没有文字：请用文字识别（OCR）后检查识别出的文本");
    assert_eq!(says(b"Rar!\x1a\x07\0"), "这是压缩包，请解压后检查里面的文件");
    assert_eq!(
        says(b"PK\x03\x04\0\0OFD.xml"),
        "这是 OFD 版式文件，不能直接读，请用打开它的程序另存为 docx、xlsx、PDF 或纯文本再检查"
    );
    assert_eq!(says(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "这是旧版 Office 文件，但已经损坏，读不出来");
}

#[test]
fn libreoffice_converts_what_has_no_reader() {
    let version =
        Command::new("soffice").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no LibreOffice (soffice) on this machine");
        return;
    }
    let set = rules::embedded().expect("rules load");
    let found = |document: &Document| {
        let audit = audit(document, &set, &Options::default());
        let shown =
            audit.diagnostics.iter().map(|found| (found.code.clone(), document.slice(found.span).to_owned()));
        let mut shown: Vec<_> = shown.collect();
        shown.sort();
        shown
    };
    let text = found(&read("草稿.txt", include_bytes!("../examples/draft.txt").to_vec()).expect("readable"));
    for (name, bytes) in [
        ("草稿.rtf", &include_bytes!("fixtures/reports/draft.rtf")[..]),
        ("草稿.doc", &include_bytes!("fixtures/reports/draft.odt")[..]),
    ] {
        let document = read_bytes(name, bytes.to_vec(), &Limits::with_office()).expect("converted");
        assert!(document.source.converted && document.source.pieces.is_empty());
        assert_eq!(found(&document), text, "{name}");
    }
}
