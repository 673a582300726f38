//! PDF files: what their pages say, where it stands, and files that are broken on purpose.
//!
//! The fixtures are made by tests/fixtures/pdf.py.
#![cfg(feature = "pdf")]

use std::path::Path;

use gouji::document::{BlockKind, DamageKind, Document};
use gouji::input::{Limits, ReadError, read_bytes, read_path, read_text};
use gouji::options::Lang;
use gouji::{Options, emit, rules};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pdf").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn open(name: &str) -> Document {
    read(fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn read(bytes: Vec<u8>) -> Result<Document, ReadError> {
    read_bytes("报告.pdf", bytes, &Limits::default())
}

/// Paragraphs and rows in order; furniture apart.
fn said(document: &Document) -> Vec<&str> {
    let body = document.blocks.iter().filter(|block| block.kind != BlockKind::PageFurniture);
    body.map(|block| document.slice(block.span)).collect()
}

fn furniture(document: &Document) -> Vec<&str> {
    let furniture = document.blocks.iter().filter(|block| block.kind == BlockKind::PageFurniture);
    furniture.map(|block| document.slice(block.span)).collect()
}

fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Code and quote of every finding.
fn findings(document: &Document) -> Vec<(String, String)> {
    let set = rules::embedded().expect("embedded rules load");
    let audit = gouji::audit(document, &set, &Options::default());
    // Stray blanks are no part of a page.
    let mut all: Vec<(String, String)> = audit
        .diagnostics
        .iter()
        .filter(|found| found.code != "TXT009")
        .map(|found| (found.code.to_string(), solid(document.slice(found.span))))
        .collect();
    all.sort();
    all
}

fn example(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    read_path(&path, &Limits::default()).expect("an example")
}

#[test]
fn every_encoding_and_maker_says_what_the_report_says() {
    let report = example("draft.txt");
    let lines: Vec<String> = said(&report).into_iter().map(solid).collect();
    for encoding in ["GBK-EUC-H", "UniGB-UCS2-H", "UniGB-UTF16-H"] {
        let document = open(&format!("draft-{encoding}.pdf"));
        let read: Vec<String> = said(&document).into_iter().map(solid).collect();
        assert_eq!(read, lines, "{encoding}");
        let pages = furniture(&document);
        assert_eq!(pages[..2], ["云岭县文联绩效自评", "- 1 -"]);
        assert_eq!(pages.len() % 2, 0);
        assert!(document.damage.is_empty());
    }
    for maker in ["chromium", "writer"] {
        let document = open(&format!("{maker}.pdf"));
        assert_eq!(solid(&said(&document).concat()), lines.concat(), "{maker}");
    }
}

#[test]
fn the_pdf_of_a_report_has_the_findings_of_its_text() {
    let draft = findings(&example("draft.txt"));
    assert!(draft.len() > 20, "{} findings", draft.len());
    for name in ["draft-GBK-EUC-H.pdf", "draft-UniGB-UCS2-H.pdf", "chromium.pdf", "writer.pdf"] {
        let found = findings(&open(name));
        let only = |these: &[(String, String)], those: &[(String, String)]| -> Vec<(String, String)> {
            these.iter().filter(|one| !those.contains(one)).cloned().collect()
        };
        assert_eq!((only(&found, &draft), only(&draft, &found)), (vec![], vec![]), "{name}");
    }
    assert_eq!(findings(&open("clean.pdf")), findings(&example("clean.txt")));
}

#[test]
fn ruled_tables_go_on_over_the_page_break_with_one_head() {
    let document = open("ruled.pdf");
    assert_eq!(
        said(&document)[..6],
        [
            "部门支出情况表",
            "编制单位：云岭县文联",
            "单位：万元",
            "项目\t2023年\t执行率",
            "年初预算\t支出决算",
            "第1个项目\t10.00\t10.00\t100%",
        ]
    );
    assert_eq!(document.tables.len(), 3);
    let table = &document.tables[0];
    assert_eq!((table.rows.len(), table.header_rows), (12, 2));
    assert!(table.rows.iter().all(|row| row.len() == 4));
    let covered = |row: usize, column: usize, text: &str| {
        let cell = table.rows[row][column];
        assert!(cell.covered && document.slice(cell.span) == text, "{row} {column}");
    };
    covered(0, 2, "2023年");
    covered(1, 0, "项目");
    covered(1, 3, "执行率");
    let at = document.text.find("450.00").expect("the total") as u32;
    assert_eq!(emit::place(&document, at, Lang::Zh).as_deref(), Some("第2页 表1 第12行“年初预算”列"));
    assert_eq!(
        emit::place(&document, at, Lang::En).as_deref(),
        Some("page 2 table 1 row 12 column “年初预算”")
    );
    assert_eq!(furniture(&document), ["1", "2"]);
    // Pages turned by their own entry and pages whose text runs upwards read alike.
    let rows = |table: usize| -> Vec<Vec<&str>> {
        let rows = &document.tables[table].rows;
        rows.iter().map(|row| row.iter().map(|cell| document.slice(cell.span)).collect()).collect()
    };
    assert_eq!(rows(1), rows(2));
    assert_eq!(rows(1)[..6], rows(0)[..6]);
}

#[test]
fn tables_have_facts_with_their_unit_and_basis() {
    let document = open("ruled.pdf");
    let set = rules::embedded().expect("embedded rules load");
    let audit = gouji::audit(&document, &set, &Options::default());
    let total = document.text.find("450.00").expect("the total") as u32;
    let fact = audit.facts.facts.iter().find(|fact| fact.span.start == total).expect("a fact");
    assert!(fact.cell.is_some() && fact.basis.is_some());
    assert_eq!(fact.amount.low().to_string(), "4499950.000");
}

#[test]
fn columns_without_rules_are_a_table_where_figures_stand_in_them() {
    let document = open("aligned.pdf");
    assert_eq!(
        said(&document),
        [
            "各项支出如下（单位：万元）：",
            "项目\t预算数\t决算数",
            "第1个项目\t10.00\t10.50",
            "第2个项目\t20.00\t20.50",
            "第3个项目\t30.00\t30.50",
            "第4个项目\t40.00\t40.50",
            "上述支出都按规定办理了手续。",
            "张三  主任",
            "李四  副主任",
            "王五  会计",
        ]
    );
}

#[test]
fn what_is_crossed_out_drawn_twice_or_set_high_is_told() {
    let document = open("struck.pdf");
    assert_eq!(said(&document), ["2023年全年执行数为 100.00 90.00万元。", "项目支出20.00万元²"]);
    let [damage] = document.damage[..] else { panic!("{:?}", document.damage) };
    assert_eq!((damage.kind, document.slice(damage.span)), (DamageKind::Struck, "100.00"));
}

#[test]
fn pages_without_text_are_said_to_be_scanned() {
    let ReadError::Scanned { pages: 2 } = read(fixture("scanned.pdf")).expect_err("no text") else {
        panic!("another reason")
    };
    let document = open("partly-scanned.pdf");
    assert_eq!(said(&document), ["2023年收入20万元。", "2023年支出20万元。"]);
    let [damage] = document.damage[..] else { panic!("{:?}", document.damage) };
    assert_eq!(damage.kind, DamageKind::Scanned);
    assert_eq!(emit::place(&document, damage.span.start, Lang::Zh).as_deref(), Some("第2页"));
    assert!(findings(&document).iter().any(|(code, quote)| code == "TXT013" && quote.contains("第2页")));
}

#[test]
fn characters_without_a_name_are_damage_and_odd_names_are_folded() {
    let document = open("unmapped.pdf");
    assert_eq!(document.damage.len(), 1);
    assert_eq!(document.damage[0].kind, DamageKind::Unmapped);
    assert_eq!(said(&open("radicals.pdf")), ["人大工作人大工作，金额20万元，文化见效，行政和年度"]);
}

#[test]
fn a_password_of_the_reader_is_named_and_that_of_the_owner_does_not_matter() {
    assert!(matches!(read(fixture("password.pdf")), Err(ReadError::Encrypted)));
    assert_eq!(said(&open("owner.pdf")), ["2023年收入20万元。"]);
}

/// A file of these objects, numbered from 1; the first is the root.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", number + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").into_bytes()));
    let size = objects.len() + 1;
    out.extend(format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    out
}

fn stream(head: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {head} /Length {} >>\nstream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

/// A file of one page with that content, and `more` objects from number 6 on.
fn page(content: Vec<u8>, resources: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> {resources} >> >>"
        )
        .into_bytes(),
        content,
        font.as_bytes().to_vec(),
    ];
    objects.extend(more);
    file(&objects)
}

#[test]
fn forms_that_draw_each_other_end() {
    // Forms that draw each other: 2 to the power of 40 letters.
    let form = |next: usize| {
        let head = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X {next} 0 R >> >>"
        );
        stream(&head, b"/X Do /X Do")
    };
    let forms = (7..=46).map(form).collect();
    let laughs = page(stream("", b"/X Do"), "/XObject << /X 6 0 R >>", forms);
    assert!(matches!(read(laughs), Err(ReadError::TooManyMarks { .. })));
}

#[test]
fn broken_files_end_with_a_reason() {
    let text = stream("", b"BT /F1 12 Tf 72 700 Td (Income 20.00) Tj ET");
    let sound = page(text.clone(), "", Vec::new());
    assert_eq!(said(&read(sound.clone()).expect("sound")), ["Income 20.00"]);
    // Cut anywhere there is a reason or what is left.
    for cut in (9..sound.len()).step_by(7) {
        let _ = read(sound[..cut].to_vec());
    }
    let loops = file(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 999999999 >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Parent 3 0 R /Count 999999999 >>".to_vec(),
    ]);
    assert!(read(loops).is_err());
    let far = "9".repeat(60);
    let odd = format!(
        "BT /F1 {far} Tf {far} 0 0 -{far} {far} {far} Tm (a) Tj ET {far} {far} m -{far} {far} l S \
         0 0 {far} 1 re f q q q BT (b) Tj /F1 12 Tf 1 0 0 1 72 700 Tm (c) Tj"
    );
    assert_eq!(said(&read(page(stream("", odd.as_bytes()), "", Vec::new())).expect("readable")), ["c"]);
    let deep = "[".repeat(200_000) + "BT /F1 12 Tf 72 700 Td (x) Tj ET";
    let _ = read(page(stream("", deep.as_bytes()), "", Vec::new()));
    for bytes in [&b"%PDF-1.7"[..], b"%PDF-", b"%PDF-1.4\n%%EOF", b"%PDF-1.4\ntrailer << /Root 1 0 R >>"] {
        assert!(matches!(read(bytes.to_vec()), Err(ReadError::Broken(_) | ReadError::Empty(_))));
    }
    let pages = format!("<< /Type /Pages /Kids [{}] /Count 1 >>", "<< /Type /Page >> ".repeat(10_001));
    let many = file(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), pages.into_bytes()]);
    assert!(matches!(read(many), Err(ReadError::TooManyPages { limit: 10_000 })));
}

#[test]
fn a_text_that_speaks_of_pdf_is_text() {
    let document = read_text("a.txt", "%PDF 文件20万元。\n".to_owned());
    assert_eq!(document.blocks.len(), 1);
}
