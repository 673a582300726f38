//! Saved web pages: what is read of them, where it stood, and pages that are broken.

use encoding_rs::GB18030;
use gouji::document::{BlockKind, Document, Place};
use gouji::input::{Limits, ReadError, read_bytes};
use gouji::options::Lang;
use gouji::{emit, rules};

fn read(page: impl Into<Vec<u8>>) -> Document {
    read_bytes("页.html", page.into(), &Limits::default()).expect("readable")
}

const PAGE: &str = "<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>网站名</title>\
    <style>p{}</style><script>var a = '<p>假</p>';</script></head><body>\n\
    <nav><a>首页</a></nav>\n<h1>某局2023年度\n自评报告</h1>\n<p>全年预算数138&#46;43万元，\n  执行率&nbsp;<b>98</b>.79%。\
    <p style=\"display: none\">看不见<p hidden>也看不见<p>第二段<br>第三段\n\
    <table><caption>单位：万元</caption><thead><tr><th rowspan=2>项目<th colspan=2>支出</tr><tr><th>预算<th>决算</thead>\
    <tr><td>基本<br>支出<td>100.00<td>99.50<tr><td>项目支出</td><td>20.00</td><td>19</td></tr></table>\
    <div>以上。</div></body></html>";

#[test]
fn a_page_is_read_as_it_is_shown() {
    let document = read(PAGE);
    assert_eq!(
        document.text,
        "某局2023年度自评报告\n全年预算数138.43万元，执行率\u{a0}98.79%。\n第二段\n第三段\n单位：万元\n\
         项目\t支出\n预算\t决算\n基本支出\t100.00\t99.50\n项目支出\t20.00\t19\n以上。\n"
    );
    assert_eq!(document.blocks[0].kind, BlockKind::Heading(1));
    let table = &document.tables[0];
    assert_eq!((table.rows.len(), table.header_rows), (4, 2));
    assert!(table.rows.iter().all(|row| row.len() == 3), "{:#?}", table.rows);
    assert!(table.rows[1][0].covered && document.slice(table.rows[1][0].span) == "项目");
    assert!(table.rows[0][2].covered && document.slice(table.rows[0][2].span) == "支出");
    let place = |quote: &str| {
        let at = document.text.find(quote).expect("stands in the text");
        emit::place(&document, at as u32, Lang::Zh).unwrap_or_default()
    };
    assert_eq!(place("98.79"), "第2段");
    assert_eq!(place("99.50"), "表1 第3行“决算”列");
    assert_eq!(place("以上"), "第6段");
}

/// Cuts every piece of the text back out of the bytes of the file.
fn assert_pieces(document: &Document, file: &[u8]) {
    assert!(!document.source.pieces.is_empty());
    for piece in &document.source.pieces {
        let bytes = &file[piece.bytes.start as usize..piece.bytes.end as usize];
        let text = document.slice(piece.span).as_bytes();
        assert!(bytes == text || bytes.starts_with(b"&") && bytes.ends_with(b";"), "{bytes:?} {text:?}");
    }
}

#[test]
fn every_piece_stands_in_the_file() {
    for page in
        [PAGE.to_owned(), PAGE.replace('\n', "\r\n"), format!("\u{feff}{}", PAGE.replace('\n', "\r\n"))]
    {
        let document = read(page.clone());
        assert_eq!(document.text, read(PAGE).text);
        assert_pieces(&document, page.as_bytes());
    }
}

#[test]
fn a_page_in_gbk_is_read_and_claims_no_bytes() {
    let document = read(GB18030.encode(&PAGE.replace("utf-8", "gb2312")).0.into_owned());
    assert_eq!(document.text, read(PAGE).text);
    assert!(document.source.pieces.is_empty());
}

#[test]
fn tables_that_arrange_a_page_are_no_tables() {
    let document =
        read("<html><table><tr><td>栏目<td><table><tr><td>正文一</td></tr><tr><td>正文二</table></table>");
    assert_eq!((document.text.as_str(), document.tables.len()), ("栏目\n正文一\n正文二\n", 0));
}

#[test]
fn a_short_row_keeps_its_columns_under_merged_cells() {
    let document = read("<html><table><tr><td>甲<td>乙<td rowspan=3>丙<tr><td>1<tr><td>2<td>3</table>");
    let rows = &document.tables[0].rows;
    let shown = rows.iter().map(|row| row.iter().map(|cell| document.slice(cell.span)).collect::<Vec<_>>());
    assert_eq!(shown.collect::<Vec<_>>(), [["甲", "乙", "丙"], ["1", "", "丙"], ["2", "3", "丙"]]);
    assert_eq!(document.text, "甲\t乙\t丙\n1\n2\t3\n");
}

#[test]
fn a_page_without_text_is_named() {
    let empty = read_bytes("页.html", b"<html><body><img src=x></body></html>".to_vec(), &Limits::default());
    assert!(matches!(empty, Err(ReadError::Empty(_))), "{empty:?}");
    let said = empty.expect_err("empty").to_string();
    assert_eq!(said, "这是网页（HTML），里面没有可读的文字");
}

#[test]
fn hostile_pages_are_read_in_bounds() {
    let set = rules::embedded().expect("rules load");
    let deep = format!("<html>{}深{}", "<div><table><tr><td>".repeat(50_000), "</table>".repeat(50_000));
    let wide = format!("<html><table>{}", "<tr><td rowspan=65534 colspan=1000>格<td>1".repeat(5_000));
    let far =
        format!("<html><table><tr>{}<td rowspan=9999>末{}", "<td>".repeat(2_000), "<tr><td>1".repeat(5_000));
    let cut = &PAGE[..PAGE.find("决算").expect("stands there") + 3];
    for page in
        [deep.as_str(), &wide, &far, cut, "<html>&#x110000;&#0;&unknown;&amp", "<html><table><td>1<td>2"]
    {
        let document = read(page);
        assert!(
            document.tables.iter().flat_map(|table| &table.rows).map(Vec::len).sum::<usize>() < 2_000_000
        );
        gouji::audit(&document, &set, &gouji::Options::default());
    }
}

/// The same report as text and as a page gives the same findings.
#[test]
fn a_page_gives_the_findings_of_its_text() {
    let set = rules::embedded().expect("rules load");
    let text = "某局2023年度部门整体支出绩效自评报告\n一、支出情况\n\
                2023年支出合计140.43万元，其中基本支出118.43万元，项目支出20万元。\n";
    let page: String = text.lines().map(|line| format!("<p>{line}</p>\n")).collect();
    let findings = |document: &Document| {
        let audit = gouji::audit(document, &set, &gouji::Options::default());
        let shown =
            audit.diagnostics.iter().map(|found| (found.code.clone(), document.slice(found.span).to_owned()));
        shown.collect::<Vec<_>>()
    };
    let of_text = findings(&gouji::input::read_text("页.txt", text.to_owned()));
    assert!(!of_text.is_empty());
    assert_eq!(
        findings(&read(format!("<!-- saved from url=(0014)about:internet -->\n<html>{page}</html>"))),
        of_text
    );
    assert_eq!(read(PAGE).source.place(0), Some(Place::Paragraph(1)));
}
