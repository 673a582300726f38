//! Old Word documents: what is read of them, where it stood, and files that are broken on purpose.
//! tests/fixtures/formats.py makes the fixture with LibreOffice.
#![cfg(feature = "word")]

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use gouji::document::{BlockKind, Document};
use gouji::emit;
use gouji::input::{Limits, ReadError, read_bytes};
use gouji::options::Lang;

const RICH: &[u8] = include_bytes!("fixtures/rich.doc");

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    read_bytes("报告.doc", bytes.to_vec(), &Limits::default())
}

#[test]
fn a_document_is_read_as_it_is_shown() {
    let document = read(RICH).expect("readable");
    assert_eq!(
        document.text,
        "某县文化馆2023年度部门整体支出绩效自评报告\n一、部门概况\n（一）基本情况\n\
         全年预算数120.00万元，全年执行数118.43万元，执行率98.69%。\n（二）主要职责\n1．第一项\n2．第二项\n①细目\n\
         （三）部门决算\n1．又第一项\n1．重新起头\n见附件1，2020-2023年，换行\n二、预算执行\n表1 收支情况表（单位：万元）\n\
         项目\t2023年\t备注\n预算数\t决算数\n基本支出\t100.00\t99.50\t甲乙\n项目支出\t20.00\t18.93\t\n\
         合计\t120.00\t118.43\t—\n表后的话。\n外\t100 200\n乙\t丙\n三、经验做法\n分页之后。\n\
         某县文化馆绩效材料\n联系人：某某\n"
    );
    let heading = |quote: &str| {
        let block = document.blocks.iter().find(|block| document.slice(block.span).ends_with(quote));
        block.expect("a block").kind
    };
    assert_eq!(heading("部门概况"), BlockKind::Heading(1));
    assert_eq!(heading("基本情况"), BlockKind::Heading(2));
    let table = &document.tables[0];
    assert!(table.rows.iter().all(|row| row.len() == 4), "{:#?}", table.rows);
    assert_eq!(table.header_rows, 2);
    let shown = |row: usize| table.rows[row].iter().map(|cell| document.slice(cell.span)).collect::<Vec<_>>();
    assert_eq!(shown(0), ["项目", "2023年", "2023年", "备注"]);
    assert_eq!(shown(1), ["项目", "预算数", "决算数", "备注"]);
    let at = document.text.find("18.93").expect("stands there") as u32;
    assert_eq!(emit::place(&document, at, Lang::Zh).as_deref(), Some("表1 第4行“决算数”列"));
    assert!(document.damage.is_empty());
}

#[test]
fn what_stands_beside_the_body_follows_it() {
    let document = read(include_bytes!("fixtures/everything.doc")).expect("readable");
    let end = document.text.find("尾注在此。\n").expect("the last of the body") + "尾注在此。\n".len();
    let asides = document.blocks.iter().filter(|block| block.span.start as usize >= end);
    let said: Vec<_> = asides
        .map(|block| {
            (
                emit::place(&document, block.span.start, Lang::Zh).unwrap_or_default(),
                document.slice(block.span),
            )
        })
        .collect();
    let said: Vec<(&str, &str)> = said.iter().map(|(place, text)| (place.as_str(), *text)).collect();
    let boxed = ("文本框 第1段", "盒中得分95分。");
    // LibreOffice takes the first footnote for the second.
    let notes = [("脚注 第1段", "没有引用的注。"), ("尾注 第1段", "尾注的文字。")];
    assert_eq!(said, [boxed, notes[0], notes[1], ("页眉 第1段", "云岭县文联绩效材料")]);
}

#[test]
fn both_word_formats_read_alike() {
    let newer = read_bytes("报告.docx", include_bytes!("fixtures/rich.docx").to_vec(), &Limits::default());
    assert_eq!(read(RICH).expect("readable").text, newer.expect("readable").text);
}

#[test]
fn a_cut_document_is_said_to_be_damaged() {
    for cut in [9, 100, 512, 1_000, 5_000, RICH.len() / 2, RICH.len() - 600] {
        match read(&RICH[..cut]) {
            Err(error) => {
                assert!(matches!(error, ReadError::Broken(_) | ReadError::Foreign(_)), "{cut}: {error:?}")
            }
            Ok(document) => assert!(!document.text.is_empty()),
        }
    }
}

/// The fixture with the bytes at `at` of a stream replaced.
fn with(stream: &str, at: u64, bytes: &[u8]) -> Vec<u8> {
    let mut container = cfb::CompoundFile::open(Cursor::new(RICH.to_vec())).expect("a container");
    let mut stream = container.open_stream(stream).expect("a stream");
    stream.seek(SeekFrom::Start(at)).expect("inside");
    stream.write_all(bytes).expect("written");
    drop(stream);
    container.into_inner().into_inner()
}

#[test]
fn locked_and_older_documents_are_named() {
    assert!(matches!(read(&with("/WordDocument", 11, &[0x03])), Err(ReadError::Encrypted)));
    let older = with("/WordDocument", 0, &[0xdc, 0xa5, 0x68, 0x00]);
    assert!(matches!(read(&older), Err(ReadError::NeedsOffice(_))));
}

/// Single bytes changed all over the file: whatever comes of it, it is told or read, and stays in bounds.
#[test]
fn damage_anywhere_is_survived() {
    for at in (0..RICH.len()).step_by(101) {
        for value in [0, 0xff] {
            let mut file = RICH.to_vec();
            file[at] = value;
            if let Ok(document) = read(&file) {
                assert!(document.text.len() < RICH.len() * 4);
                for block in &document.blocks {
                    assert!(document.text.get(block.span.range()).is_some());
                }
            }
        }
    }
}

fn main_stream() -> Vec<u8> {
    let mut container = cfb::CompoundFile::open(Cursor::new(RICH)).expect("a container");
    let mut bytes = Vec::new();
    container.open_stream("/WordDocument").expect("a stream").read_to_end(&mut bytes).expect("read");
    bytes
}

#[test]
fn a_list_that_is_not_in_the_file_is_told() {
    // How many uses of lists there are, as it stands before the first of them.
    let place = u32::from_le_bytes(*main_stream()[154 + 74 * 8..].first_chunk().expect("four bytes"));
    let file = with("/1Table", place.into(), &[0; 4]);
    let document = read(&file).expect("readable");
    let rules = gouji::rules::embedded().expect("rules load");
    let found = gouji::audit(&document, &rules, &gouji::Options::default()).diagnostics;
    assert!(found.iter().any(|found| found.code == "TXT013"), "{:?} {}", document.damage, document.text);
}
