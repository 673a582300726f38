//! Bytes in every encoding, line end and state of repair that people hand in.

use encoding_rs::GB18030;
use gouji::document::{BlockKind, DamageKind, Document, LineEnd, Newline, Span};
use gouji::input::{EncodeError, Foreign, Limits, ReadError, encode, read_bytes};
use gouji::{lexer, rules};
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
    let cases: [(&[u8], Foreign); 2] = [
        (b"PK\x03\x04\x14\0\0\0\x08\0a.txt", Foreign::Zip),
        (b"\x01\x02\0\0\0\x05abc\0\0\0", Foreign::Binary),
    ];
    for (bytes, what) in cases {
        match read_bytes("x", bytes.to_vec(), &Limits::default()) {
            Err(ReadError::Foreign(found) | ReadError::Broken(found)) => assert_eq!(found, what),
            other => panic!("{what:?}: {other:?}"),
        }
    }
    let ofd = ReadError::Foreign(Foreign::Ofd).to_string();
    assert_eq!(ofd, "这是 OFD 版式文件，不能直接读，请用打开它的程序另存为 docx、xlsx、PDF 或纯文本再检查");
}

#[test]
fn limits_and_unknown_encodings_are_named() {
    let small = Limits { bytes: 16 << 20, ..Limits::default() };
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
    let in_order = |spans: &mut dyn Iterator<Item = Span>| {
        let mut end = 0;
        for span in spans {
            assert!(span.start >= end && !span.is_empty(), "sorted and disjoint: {span:?}");
            assert!(document.text.get(span.range()).is_some(), "on character boundaries: {span:?}");
            end = span.end;
        }
    };
    in_order(&mut document.blocks.iter().map(|block| block.span));
    in_order(&mut document.markup.iter().copied());
    in_order(&mut document.damage.iter().map(|damage| damage.span));
    let cells = document.tables.iter().flat_map(|table| table.rows.iter().flatten());
    in_order(&mut cells.map(|cell| cell.span).filter(|span| !span.is_empty()));
    for block in &document.blocks {
        if let BlockKind::Row { table, row } = block.kind {
            assert!(document.tables[table as usize].rows.len() > row as usize);
        }
    }
    let flow = document.flow();
    for block in &document.blocks {
        let shown = flow.shown(block.span);
        assert_eq!(flow.source(shown), block.span, "markup stands inside blocks, not at their ends");
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
    fn any_layout_keeps_its_spans_in_order(
        lines in proptest::collection::vec(
            "(#{1,3} ?|[0-9]{1,2}[.、)] ?|- |> |\\||    |　　|\t)?\
             ([一-龥]{1,30}|[0-9]{1,4}|\\*\\*|`|\\||\t|[，。；：]|<td>|\\[|\\]|\\(|_){0,12}\
             (|。|；|\\|| {2})",
            0..40,
        ),
        gap in "\n{1,3}",
        name in "a\\.(md|txt)",
    ) {
        let text = lines.join(&gap);
        if let Ok(document) = read_bytes(&name, text.into_bytes(), &Limits::default()) {
            holds_its_invariants(&document);
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

fn read_as(name: &str, text: &str) -> Document {
    read_bytes(name, text.as_bytes().to_vec(), &Limits::default()).expect("readable")
}

/// Each block with its kind's first letter, as the author wrote it.
fn shown(document: &Document) -> Vec<String> {
    let flow = document.flow();
    let kind = |kind| match kind {
        BlockKind::Paragraph => "段",
        BlockKind::Heading(_) => "题",
        BlockKind::Row { .. } => "行",
        BlockKind::PageFurniture => "页",
    };
    let blocks = document.blocks.iter();
    blocks
        .map(|block| format!("{} {}", kind(block.kind), &flow.text[flow.shown(block.span).range()]))
        .collect()
}

/// Two pages of a report as a PDF gives it: lines broken at the margin, a page number in between.
const WRAPPED: &str = "\
三、项目实施情况
（一）本年度项目资金共安排一百三十八万元，其中用于乡村图书室更新的有
四十二万元，用于流动服务车购置的有三十万元，其余用于各村活动场所的日
常维护和水电开支。
（二）资金下达以后，我局会同有关乡镇逐村核对了受益名单，对名单有误的
及时更正，并在村务公开栏公示七天，公示期间没有收到群众提出的意见，随


- 3 -


后按程序全部拨付到位，全年支付进度达到98.79%，比上一年度提高了2
个百分点，未发生截留挪用。
1.项目进度方面，十二个行政村的图书室已经全部更新完毕，新增各类图书二
万余册，借阅人次比上年明显增加，群众反映良好。
2.资金管理方面，严格执行专账核算，支出均有原始凭证，年底接受了审计部
门的专项检查，未发现问题。
";

#[test]
fn wrapped_lines_are_joined_over_page_breaks() {
    let document = read_as("a.txt", WRAPPED);
    let blocks = shown(&document);
    assert_eq!(blocks.len(), 5, "{blocks:#?}");
    assert!(blocks[1].ends_with("其余用于各村活动场所的日常维护和水电开支。"));
    assert!(blocks[2].contains("没有收到群众提出的意见，随后按程序全部拨付到位"), "{}", blocks[2]);
    assert!(blocks[2].ends_with("比上一年度提高了2个百分点，未发生截留挪用。"));
    assert!(blocks[4].starts_with("段 2.资金管理方面"));
}

#[test]
fn a_paragraph_a_line_is_never_joined() {
    // The same sentences, one paragraph a line and some without their stop.
    let joined: String = shown(&read_as("a.txt", WRAPPED))
        .iter()
        .map(|block| block["段 ".len()..].trim_end_matches('。').to_owned() + "\n")
        .collect();
    for text in
        [joined.clone(), joined.replace('，', "\n"), joined.repeat(9), joined.replace('\n', "\r\n\r\n")]
    {
        let document = read_as("a.txt", &text);
        let lines = document.text.lines().filter(|line| !line.is_empty()).count();
        assert_eq!((document.blocks.len(), document.markup.len()), (lines, 0));
    }
}

#[test]
fn page_numbers_and_running_heads_are_set_apart() {
    let page =
        |number: u32| format!("某局2023年度自评报告\n第{number}部分的内容到此为止。\n— {number} —\n\x0c");
    let text: String = (1..=4).map(page).collect();
    let blocks = shown(&read_as("a.txt", &text));
    // The title on the first page stands beside no page break.
    assert_eq!(blocks.iter().filter(|block| block.starts_with('段')).count(), 5, "{blocks:#?}");
    assert!(
        blocks.contains(&"页 — 3 —".to_owned()) && blocks.contains(&"页 某局2023年度自评报告".to_owned())
    );
    // Single figures in a column are no page numbers.
    let blocks = shown(&read_as("a.txt", "受理件数\n\n1\n\n2\n\n3\n"));
    assert!(blocks.iter().all(|block| block.starts_with('段')), "{blocks:?}");
}

#[test]
fn tables_in_text_have_rows_and_cells() {
    let tabs = "附表\n项目\t预算数\t决算数\n基本支出\t118.43\t\n\t合计\t138.43\n以上单位为万元。\n";
    let pipes =
        "附表\n| 项目 | 预算数 | 决算数 |\n|---|---|---|\n| 基本支出 | 118.43 | |\n| | 合计 | 138.43 |\n";
    for text in [tabs, pipes] {
        let document = read_as("a.txt", text);
        let [table] = &document.tables[..] else { panic!("{:?}", document.tables) };
        let cells: Vec<Vec<&str>> =
            table.rows.iter().map(|row| row.iter().map(|cell| document.slice(cell.span)).collect()).collect();
        assert_eq!(cells, [["项目", "预算数", "决算数"], ["基本支出", "118.43", ""], ["", "合计", "138.43"]]);
        assert_eq!(table.header_rows, 1);
        let rows = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Row { .. }));
        assert_eq!(rows.count(), 3);
    }
}

#[test]
fn tabs_that_are_no_columns_make_no_table() {
    for text in [
        "1.\t加强学习。\n2.\t规范管理。\n3.\t强化监督。\n",
        "一、基本情况\t1\n二、预算执行\t3\n三、主要问题\t12\n",
        "\t第一段。\n\t第二段。\n",
        "金额\t12\n另起一段没有制表符\n",
    ] {
        let document = read_as("a.txt", text);
        assert!(document.tables.is_empty(), "{text}");
    }
}

#[test]
fn markdown_is_read_as_its_author_meant_it() {
    let text = "\
# 某局自评报告

## **一、基本情况**
#二、没有空格的标题
根据通知，**预算执行率：**为98.79%。共**138.**43万元
第二行是另一段
    缩进四格的一段。

带横线的一句话。
---

1. **加强管理**。建立台账
- 子项`甲`

| 项目 | **预算数** |
|---|---:|
| 合计 | **138.43** |

<table><tr><td>10</td><td>20</td></tr></table>

占____%，见[附件](a.doc)![图](a.png)。
";
    let expected = [
        "题 某局自评报告",
        "题 一、基本情况",
        "题 二、没有空格的标题",
        "段 根据通知，预算执行率：为98.79%。共138.43万元",
        "段 第二行是另一段",
        "段 缩进四格的一段。",
        "段 带横线的一句话。",
        "段 1. 加强管理。建立台账",
        "段 子项甲",
        "行 项目 | 预算数",
        "行 合计 | 138.43",
        "段 10",
        "段 20",
        "段 占____%，见附件。",
    ];
    for name in ["报告.md", "报告.MARKDOWN", "报告.txt"] {
        let document = read_as(name, text);
        assert_eq!(shown(&document), expected);
        assert_eq!(document.slice(document.tables[0].rows[1][1].span), "138.43");
    }
}

#[test]
fn figures_broken_by_markup_or_line_ends_are_read_whole() {
    let set = rules::embedded().expect("rules load");
    for (name, text) in [("a.md", "支出**138.**43万元。\n"), ("a.txt", WRAPPED)] {
        let document = read_as(name, text);
        let lexed = lexer::lex(&document, &set);
        let quotes: Vec<&str> = lexed.quantities.iter().map(|one| document.slice(one.span)).collect();
        let whole = if name == "a.md" { "138.**43万元" } else { "2\n个百分点" };
        assert!(quotes.contains(&whole), "{quotes:?}");
    }
}
