//! Word documents: what a reader of the accepted document sees, its numbers, and where every character stands.
#![cfg(feature = "word")]

use std::io::{Cursor, Read};
use std::path::Path;

use gouji::document::{BlockKind, Document, Span};
use gouji::input::{Limits, read_bytes};
use gouji::options::Lang;
use gouji::{Options, audit, emit, rules};

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(name: &str) -> Document {
    read_bytes(name, bytes(name), &Limits::default()).expect("readable")
}

fn part(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn automatic_numbers_are_those_the_word_processor_shows() {
    let document = read("numbering.docx");
    assert_eq!(
        document.text,
        "一、基本情况\n（一）单位概况\n（二）机构设置\n不编号\n二、支出情况\n（一）基本支出\n1. 其中：工资。\n\
         2. 其中：公用。\n三级标题没有编号\n一、甲组第一\n1． 2023年支出\n二、甲组第二\n1. 列表一\n2. 2024年安排\n\
         2.1 列表二之一\na) 列表二之一甲\n5. 另起为五\n6. 另起之后\n第一章 总则\n1.1 依据\n① 圈一\n第二章 附则\n\
         2.1 解释\n② 圈不重来\n• 黑点\n三、甲组第三\n"
    );
    let numbers: Vec<&str> = document.generated.iter().map(|span| document.slice(*span)).collect();
    assert_eq!(numbers[..4], ["一、", "（一）", "（二）", "二、"]);
    assert!(document.generated.iter().all(|span| document.source.pieces(*span).is_empty()));
    let level = |line: usize| document.blocks[line].kind;
    assert_eq!(level(0), BlockKind::Heading(1));
    assert_eq!(level(2), BlockKind::Heading(2));
    assert_eq!(level(8), BlockKind::Heading(3), "a built-in heading has its level by name");
    assert_eq!(level(9), BlockKind::Paragraph);
}

#[test]
fn the_accepted_document_is_read() {
    let document = read("everything.docx");
    assert_eq!(
        document.text,
        "云岭县文联2023年度部门整体支出绩效自评报告\n目录\n一、基本情况……1\n一、基本情况\n\
         全年预算数118.43万元，执行数117万元，执行率98.79%。\nA&B单位<甲>2020-2023年 见《办法》。\n《办法》于2021年印发&修订。\n前半段后半段接上。\n\
         盒子之前。盒子之后。\n盒中得分95分。\n指标≥90%，☑稽核县财政局审定。\n第一行。\n第二行说的是同一句话。\n\
         表1 支出情况表（单位：万元）\n项目\t支出\n预算\t决算\n基本支出其中工资公用 30\t60.00\t58.50\n\
         项目支出\t20 （调整后）\t20.00\n框中第一段。\n框中第二段。\n尾注在此。\n尾注的文字。\n云岭县文联绩效材料\n"
    );
    let places: Vec<String> = document
        .blocks
        .iter()
        .map(|block| emit::place(&document, block.span.start, Lang::Zh).unwrap_or_default())
        .collect();
    assert_eq!(places[4..6], ["第5段", "第6段"]);
    assert_eq!(places[6], "脚注 第1段");
    assert_eq!(places[9..11], ["文本框 第1段", "第9段"]);
    assert_eq!(places[16], "表1 第3行“项目”列");
    assert_eq!(places[21], "尾注 第1段");
    let header = document.blocks.last().expect("blocks");
    assert_eq!(
        (header.kind, &*places[22]),
        (BlockKind::PageFurniture, "页眉 第1段"),
        "a page number alone is nothing"
    );
    let table = &document.tables[0];
    assert!(table.rows.iter().all(|row| row.len() == 3), "every row has every column");
    assert!(table.rows[1][0].covered && document.slice(table.rows[1][0].span) == "项目");
    assert!(table.rows[0][2].covered);
    assert_eq!(document.tables.len(), 1, "a frame around text is no table");
}

#[test]
fn strict_documents_are_read_wherever_their_parts_stand() {
    assert_eq!(read("strict.docx").text, read("everything.docx").text);
}

/// What the bytes of a piece say.
fn said(raw: &str) -> String {
    match raw {
        raw if raw.starts_with("<w:tab") => " ".to_owned(),
        raw if raw.starts_with("<w:noBreakHyphen") => "-".to_owned(),
        raw if raw.starts_with("<w:sym") => "≥".to_owned(),
        "\u{f0fe}" => "☑".to_owned(),
        raw => raw.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
    }
}

#[test]
fn every_character_leads_back_to_its_bytes() {
    for name in ["everything.docx", "draft.docx", "numbering.docx", "strict.docx"] {
        let (document, archive) = (read(name), bytes(name));
        let parts: Vec<String> = document.source.parts.iter().map(|name| part(&archive, name)).collect();
        let mut end = 0;
        for piece in &document.source.pieces {
            assert!(piece.span.start >= end, "{name}: pieces in text order");
            end = piece.span.end;
            let raw = &parts[usize::from(piece.part)][piece.bytes.start as usize..piece.bytes.end as usize];
            assert_eq!(said(raw), document.slice(piece.span), "{name}");
        }
    }
}

/// The characters of `span` cut out of the file itself.
fn cut(document: &Document, archive: &[u8], span: Span) -> String {
    let pieces = document.source.pieces(span);
    pieces
        .iter()
        .map(|piece| {
            let xml = part(archive, &document.source.parts[usize::from(piece.part)]);
            let raw = &xml[piece.bytes.start as usize..piece.bytes.end as usize];
            if raw.len() != piece.span.len() {
                return said(raw);
            }
            let from = span.start.saturating_sub(piece.span.start) as usize;
            let to = (span.end.min(piece.span.end) - piece.span.start) as usize;
            raw[from..to].to_owned()
        })
        .collect()
}

#[test]
fn every_finding_is_cut_back_out_of_the_file() {
    let set = rules::embedded().expect("embedded rules load");
    let options = Options::default();
    let (document, archive) = (read("draft.docx"), bytes("draft.docx"));
    let found = audit(&document, &set, &options).diagnostics;
    assert!(found.len() > 20);
    for finding in &found {
        for span in std::iter::once(finding.span).chain(finding.labels.iter().map(|label| label.span)) {
            assert_eq!(cut(&document, &archive, span), document.slice(span), "{}", finding.code);
        }
    }
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/draft.txt"));
    let lines: Vec<String> = text.expect("readable").lines().map(|line| line.trim().to_owned()).collect();
    let plain = gouji::input::read_text("draft.txt", lines.join("\n"));
    let said = |found: &[gouji::diagnostic::Diagnostic]| -> Vec<String> {
        found.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect()
    };
    assert_eq!(said(&found), said(&audit(&plain, &set, &options).diagnostics), "as in the text");
}
