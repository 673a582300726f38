//! Workbooks: cells as they are shown, where they stand, and files that are broken on purpose.
#![cfg(feature = "sheet")]

use std::io::{Cursor, Write};

use gouji::document::Document;
use gouji::emit;
use gouji::input::{Limits, ReadError, read_bytes};
use gouji::options::Lang;
use zip::write::{SimpleFileOptions, ZipWriter};

const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                  xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

fn pack(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("closed").into_inner()
}

/// A workbook of one sheet with the styles 1 (0.00), 2 (0.00%), 3 (#,##0.00), and a hidden one.
fn book(data: &str) -> Vec<u8> {
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let link = |id: u8, what: &str, to: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"{kind}/{what}\" Target=\"{to}\"/>")
    };
    let links = |inner: String| format!("<Relationships xmlns=\"{rels}\">{inner}</Relationships>");
    pack(&[
        ("_rels/.rels", links(link(1, "officeDocument", "xl/workbook.xml"))),
        (
            "xl/_rels/workbook.xml.rels",
            links(
                link(1, "worksheet", "s1.xml")
                    + &link(2, "worksheet", "s2.xml")
                    + &link(3, "styles", "styles.xml"),
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {NS}><sheets><sheet name=\"收支\" sheetId=\"1\" r:id=\"r1\"/>\
                 <sheet name=\"底稿\" sheetId=\"2\" state=\"hidden\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet {NS}><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"2\"/><xf numFmtId=\"10\"/>\
                 <xf numFmtId=\"4\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/s1.xml", format!("<worksheet {NS}>{data}</worksheet>")),
        (
            "xl/s2.xml",
            format!(
                "<worksheet {NS}><sheetData><row r=\"1\">{}</row></sheetData></worksheet>",
                text("A1", "藏")
            ),
        ),
    ])
}

fn text(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn number(at: &str, style: u8, value: &str) -> String {
    format!("<c r=\"{at}\" s=\"{style}\"><v>{value}</v></c>")
}

fn row(number: u32, cells: &[String]) -> String {
    format!("<row r=\"{number}\">{}</row>", cells.concat())
}

fn sample() -> Vec<u8> {
    let rows = [
        row(1, &[text("A1", "收支情况表")]),
        row(2, &[text("A2", "编制单位：某局"), text("D2", "单位：万元")]),
        row(3, &[text("A3", "项目"), text("B3", "支出")]),
        row(4, &[text("B4", "预算"), text("C4", "决算"), text("D4", "执行率")]),
        row(
            5,
            &[
                text("A5", "基本支出"),
                number("B5", 1, "118.4"),
                number("C5", 3, "1117"),
                number("D5", 2, "0.995"),
            ],
        ),
        row(7, &[text("A7", "项目支出"), number("B7", 1, "20"), number("C7", 0, "0.30000000000000004")]),
        row(8, &[text("A8", "注：四舍五入。")]),
    ];
    let merged = "<mergeCells count=\"2\"><mergeCell ref=\"A3:A4\"/><mergeCell ref=\"B3:D3\"/></mergeCells>";
    book(&format!("<sheetData>{}</sheetData>{merged}", rows.concat()))
}

fn read(bytes: Vec<u8>) -> Result<Document, ReadError> {
    read_bytes("表.xlsx", bytes, &Limits::default())
}

#[test]
fn a_sheet_is_read_as_it_is_shown() {
    let document = read(sample()).expect("readable");
    assert_eq!(
        document.text,
        "收支情况表\n编制单位：某局\n单位：万元\n项目\t支出\n预算\t决算\t执行率\n\
         基本支出\t118.40\t1,117.00\t99.50%\n项目支出\t20.00\t0.3\t\n注：四舍五入。\n"
    );
    let table = &document.tables[0];
    assert!(table.rows.iter().all(|row| row.len() == 4));
    assert!(table.rows[1][0].covered && document.slice(table.rows[1][0].span) == "项目");
    assert_eq!(table.header_rows, 2);
    let at = document.text.find("0.3").expect("stands there") as u32;
    assert_eq!(emit::place(&document, at, Lang::Zh).as_deref(), Some("收支!C7"));
}

#[test]
fn an_old_workbook_is_read_as_it_is_shown() {
    let file = include_bytes!("fixtures/forms/clean.xls");
    let document = read_bytes("表.et", file.to_vec(), &Limits::default()).expect("readable");
    let row = document.text.lines().find(|line| line.starts_with("年度资金总额")).expect("a row");
    assert_eq!(row, "年度资金总额\t200.00\t210.00\t207.90\t10\t99.00%\t9.90");
    let at = document.text.find("9.90").expect("stands there") as u32;
    assert_eq!(emit::place(&document, at, Lang::Zh).as_deref(), Some("表!H4"));
    assert!(document.tables[0].rows[4][0].covered);
}

#[test]
fn broken_old_workbooks_are_named() {
    let whole = include_bytes!("fixtures/forms/clean.xls");
    for cut in [9, 600, 2_000, whole.len() / 2, whole.len() - 600] {
        let found = read(whole[..cut].to_vec());
        assert!(
            matches!(found, Ok(_) | Err(ReadError::Broken(_) | ReadError::Foreign(_) | ReadError::Empty(_))),
            "{cut}: {found:?}"
        );
    }
    for at in (0..whole.len()).step_by(211) {
        let mut file = whole.to_vec();
        file[at] = 0xff;
        if let Ok(document) = read(file) {
            assert!(
                document.tables.iter().flat_map(|table| &table.rows).map(Vec::len).sum::<usize>() < 4_000_000
            );
        }
    }
}

#[test]
fn the_library_s_trouble_is_named() {
    let whole = sample();
    for cut in [10, whole.len() / 2, whole.len() - 5] {
        let found = read(whole[..cut].to_vec());
        assert!(matches!(found, Err(ReadError::Broken(_) | ReadError::Foreign(_))), "{cut}: {found:?}");
    }
    for bad in [
        "<sheetData><row r=\"1\"><c r=\"ZZZZZZ9999999999\"><v>1</v></c></row>",
        "<sheetData><row>",
        "<a><b><c/></a>",
    ] {
        assert!(read(book(bad)).is_err(), "{bad}");
    }
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &locked].concat();
    assert_eq!(read(locked).expect_err("locked").to_string(), "文件有密码，请先去掉密码另存再检查");
}

#[test]
fn far_cells_and_bombs_meet_limits() {
    let rows: String = (1..1_000)
        .map(|at| row(at, &[number(&format!("A{at}"), 0, "1"), number(&format!("B{at}"), 0, "1")]))
        .collect();
    let far = format!("<sheetData>{rows}{}</sheetData>", row(1_000, &[number("XFD1000", 0, "1")]));
    assert!(matches!(read(book(&far)), Err(ReadError::TooManyCells { .. })));
    let names: Vec<String> = (0..10_001).map(|part| format!("xl/{part}")).collect();
    let parts: Vec<(&str, String)> = names.iter().map(|name| (name.as_str(), String::new())).collect();
    assert!(matches!(read(pack(&parts)), Err(ReadError::Unpacked { .. })));
}

#[test]
#[ignore = "slow without optimisation"]
fn an_archive_bomb_meets_its_limit() {
    let bomb = pack(&[("xl/workbook.xml", String::new()), ("xl/s.xml", " ".repeat(600 << 20))]);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(read(bomb), Err(ReadError::Unpacked { .. })));
}
