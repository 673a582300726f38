//! What a reader of the file calls a place: 第3段, 表2 第4行“项目支出”列, Sheet1!C7, 第5页.
//!
//! Takes a document and an offset; gives words. Plain text has lines and columns and no words of this kind.

use crate::document::{Aside, Cell, Document, Place};
use crate::options::Lang;

use super::columns::short;

/// Columns of a column's name that are shown.
const NAME: usize = 24;

/// The place that holds `offset`; none for plain text.
pub fn place(document: &Document, offset: u32, lang: Lang) -> Option<String> {
    Some(match (document.source.place(offset)?, lang) {
        (Place::Paragraph(number), Lang::Zh) => format!("第{number}段"),
        (Place::Paragraph(number), Lang::En) => format!("paragraph {number}"),
        (Place::Page(number), Lang::Zh) => format!("第{number}页"),
        (Place::Page(number), Lang::En) => format!("page {number}"),
        (Place::Sheet { sheet, row, column }, _) => {
            let name = document.source.sheets.get(sheet as usize).map_or("", String::as_str);
            format!("{}!{}{row}", quoted(name), letters(column))
        }
        (Place::Table { table, row, column }, lang) => cell(document, (table, row, column), lang),
        (Place::PageCell { page, table, row, column }, lang) => {
            let cell = cell(document, (table, row, column), lang);
            match lang {
                Lang::Zh => format!("第{page}页 {cell}"),
                Lang::En => format!("page {page} {cell}"),
            }
        }
        (Place::Aside(aside, number), lang) => {
            let name = match aside {
                Aside::TextBox => lang.of("文本框", "text box"),
                Aside::Footnote => lang.of("脚注", "footnote"),
                Aside::Endnote => lang.of("尾注", "endnote"),
                Aside::Header => lang.of("页眉", "header"),
                Aside::Footer => lang.of("页脚", "footer"),
            };
            match lang {
                Lang::Zh => format!("{name} 第{number}段"),
                Lang::En => format!("{name} paragraph {number}"),
            }
        }
    })
}

fn cell(document: &Document, (table, row, column): (u32, u32, u32), lang: Lang) -> String {
    match (lang, column_name(document, table, row, column)) {
        (Lang::Zh, Some(name)) => format!("表{table} 第{row}行“{name}”列"),
        (Lang::Zh, None) => format!("表{table} 第{row}行第{column}列"),
        (Lang::En, Some(name)) => format!("table {table} row {row} column “{name}”"),
        (Lang::En, None) => format!("table {table} row {row} column {column}"),
    }
}

/// The lowest name above the cell, where the cell is no name itself.
fn column_name(document: &Document, table: u32, row: u32, column: u32) -> Option<String> {
    let (row, column) = (row.checked_sub(1)? as usize, column.checked_sub(1)? as usize);
    let table = document.tables.get(table.checked_sub(1)? as usize)?;
    if row < table.header_rows {
        return None;
    }
    // A form has further heads below the first.
    let is_head =
        |(at, cells): &(usize, &Vec<Cell>)| *at < table.header_rows || names_columns(document, cells);
    let heads = table.rows.get(..row)?.iter().enumerate().rev().filter(is_head);
    let mut names = heads.filter_map(|(_, cells)| cells.get(column)).map(|cell| document.slice(cell.span));
    let name = names.find(|name| !name.is_empty())?;
    Some(short(&super::printable(name), NAME))
}

/// Whether a row in the middle of a table is a head: many short names, no figure.
fn names_columns(document: &Document, cells: &[Cell]) -> bool {
    let own = cells.iter().filter(|cell| !cell.covered && !cell.span.is_empty());
    let texts = own.map(|cell| document.slice(cell.span));
    let is_name =
        |text: &str| text.len() <= 45 && !text.contains(|c: char| c.is_numeric() && !c.is_alphabetic());
    let (mut count, mut all) = (0, true);
    texts.for_each(|text| {
        count += 1;
        all &= is_name(text);
    });
    all && count >= 5
}

/// As a spreadsheet writes it in a formula.
fn quoted(sheet: &str) -> String {
    if sheet.chars().all(|c| c.is_alphanumeric() || c == '_') {
        sheet.to_owned()
    } else {
        format!("'{}'", sheet.replace('\'', "''"))
    }
}

/// 1 is A, 27 is AA.
fn letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        let last = (column - 1) % 26;
        letters.push(char::from(b'A' + last as u8));
        column = (column - 1 - last) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Source, Span, Table};

    #[test]
    fn places_are_named_as_their_reader_names_them() {
        let cell = |start, end| Cell { span: Span::new(start, end), covered: false };
        let table = |row, column| Place::Table { table: 1, row, column };
        let places = vec![
            (0, table(1, 1)),
            (7, table(1, 2)),
            (14, table(2, 1)),
            (16, table(2, 2)),
            (18, Place::Paragraph(3)),
            (20, Place::Sheet { sheet: 0, row: 7, column: 28 }),
            (22, Place::Page(5)),
            (24, Place::Aside(Aside::Footnote, 2)),
            (26, Place::PageCell { page: 5, table: 1, row: 2, column: 2 }),
        ];
        let document = Document {
            text: "项目\t支出\n甲\t1\n".to_owned(),
            tables: vec![Table {
                span: Span::new(0, 20),
                rows: vec![vec![cell(0, 6), cell(7, 13)], vec![cell(14, 17), cell(18, 19)]],
                header_rows: 1,
            }],
            source: Source { places, sheets: vec!["收支 表".to_owned()], ..Source::default() },
            ..Document::default()
        };
        let says = |offset, lang| place(&document, offset, lang).unwrap_or_default();
        assert_eq!(says(3, Lang::Zh), "表1 第1行第1列");
        assert_eq!(says(16, Lang::Zh), "表1 第2行“支出”列");
        assert_eq!(says(17, Lang::En), "table 1 row 2 column “支出”");
        assert_eq!(says(18, Lang::Zh), "第3段");
        assert_eq!(says(20, Lang::En), "'收支 表'!AB7");
        assert_eq!(says(23, Lang::Zh), "第5页");
        assert_eq!(says(24, Lang::Zh), "脚注 第2段");
        assert_eq!(says(26, Lang::Zh), "第5页 表1 第2行“支出”列");
        assert_eq!(says(26, Lang::En), "page 5 table 1 row 2 column “支出”");
        assert_eq!(place(&Document::default(), 0, Lang::Zh), None);
    }
}
