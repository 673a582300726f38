//! `review.xlsx`: reports, findings and figures, one a row, ready to filter.
//!
//! Rows are written as they come and not kept. A sheet that is full goes on in another.

use std::path::Path;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatUnderline, Url, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::index::{Row, State};
use super::letter::cut;
use super::papers::Line;
use super::record::role;
use super::{FactRow, Finding, Report, names};
use crate::emit::severity_word;
use crate::options::Lang;

/// Rows of a sheet, the head among them.
const ROWS: u32 = 1_048_576;
/// Links of a sheet; beyond them names are plain text.
const LINKS: u32 = 60_000;
/// Characters of a cell.
const CELL: usize = 32_000;
/// Height of a line in points, and lines that a row is high at most.
const LINE: f64 = 15.0;
const MOST_LINES: usize = 12;
/// Digits that a spreadsheet's numbers keep; longer figures are text.
const DIGITS: usize = 15;

/// One of the lists, on as many sheets as it takes.
struct List {
    name: &'static str,
    heads: Vec<&'static str>,
    widths: Vec<u8>,
    /// The sheet written to, its number among those of the list, and its next row.
    sheet: usize,
    number: usize,
    row: u32,
}

pub struct Book {
    book: Workbook,
    lists: [List; 4],
    head: Format,
    wrapped: Format,
    link: Format,
    /// By digits behind the point.
    numbers: Vec<Format>,
    /// Rows of a sheet.
    most: u32,
    lang: Lang,
}

const REPORTS: usize = 0;
const FINDINGS: usize = 1;
const FIGURES: usize = 2;
/// Begun with its first row: most reviews have no papers beside the reports.
const NOTES: usize = 3;

/// A cell.
enum Value {
    Text(String),
    Number(f64, u32),
    Link(String, String),
    Blank,
}

impl Book {
    /// `work`: where rows are kept until the book is closed.
    pub fn new(work: &Path, lang: Lang) -> Result<Book, XlsxError> {
        let mut book = Workbook::new();
        book.set_tempdir(work)?;
        // The time of writing would make two runs differ.
        let when = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&when).set_author("gouji"));
        let lists = [
            (
                lang.of("报告", "reports"),
                lang.of(
                    [
                        "结果",
                        "文件",
                        "单位",
                        "年度",
                        "体例",
                        "标题",
                        "错误",
                        "警告",
                        "提示",
                        "数字",
                        "读懂%",
                        "核对",
                        "不符",
                        "主要问题",
                    ],
                    [
                        "result",
                        "file",
                        "unit",
                        "year",
                        "kind",
                        "title",
                        "errors",
                        "warnings",
                        "hints",
                        "figures",
                        "understood %",
                        "checks",
                        "fail",
                        "worst finding",
                    ],
                )
                .to_vec(),
                vec![10, 40, 26, 8, 26, 40, 8, 8, 8, 8, 8, 8, 8, 70],
            ),
            (
                lang.of("问题", "findings"),
                lang.of(
                    ["级别", "编码", "文件", "单位", "行", "位置", "问题", "原文", "算式", "依据", "改法"],
                    [
                        "severity",
                        "code",
                        "file",
                        "unit",
                        "line",
                        "place",
                        "finding",
                        "quote",
                        "sum",
                        "basis",
                        "what to do",
                    ],
                )
                .to_vec(),
                vec![8, 10, 36, 24, 7, 18, 60, 26, 44, 36, 44],
            ),
            (
                lang.of("数字", "figures"),
                lang.of(
                    [
                        "文件",
                        "单位",
                        "行",
                        "位置",
                        "名称",
                        "口径",
                        "年度",
                        "类别",
                        "原文",
                        "数值",
                        "计量单位",
                        "章节",
                    ],
                    [
                        "file", "unit", "line", "place", "measure", "basis", "year", "role", "figure",
                        "value", "in", "section",
                    ],
                )
                .to_vec(),
                vec![36, 24, 7, 18, 28, 12, 8, 12, 18, 16, 10, 30],
            ),
            (
                lang.of("核对材料", "papers"),
                lang.of(["材料", "文件", "行", "情况"], ["paper", "file", "row", "what became of it"])
                    .to_vec(),
                vec![16, 48, 8, 90],
            ),
        ]
        .map(|(name, heads, widths)| List { name, heads, widths, sheet: 0, number: 0, row: ROWS });
        let top = || Format::new().set_align(FormatAlign::Top);
        // Indented, or a figure would run into the text of the next column.
        let right = || top().set_align(FormatAlign::Right).set_indent(1);
        let number = |digits: usize| match digits {
            0 => right().set_num_format("0"),
            digits => right().set_num_format(format!("0.{}", "0".repeat(digits))),
        };
        let mut made = Book {
            book,
            lists,
            head: Format::new()
                .set_bold()
                .set_background_color(0xDDE6F0)
                .set_align(FormatAlign::VerticalCenter),
            wrapped: top().set_text_wrap(),
            link: top().set_text_wrap().set_font_color(0x0563C1).set_underline(FormatUnderline::Single),
            numbers: (0..=10).map(number).collect(),
            most: ROWS,
            lang,
        };
        for list in [REPORTS, FINDINGS, FIGURES] {
            made.sheet(list)?;
        }
        Ok(made)
    }

    pub fn report(&mut self, row: &Row, report: &Report, lang: Lang) -> Result<(), XlsxError> {
        let text = |text: &Option<String>| text.clone().map_or(Value::Blank, Value::Text);
        let count = |count: usize| Value::Number(count as f64, 0);
        let worst = row.worst.first().map(|(code, message)| format!("{code} {message}").trim().to_owned());
        let file = match &row.page {
            Some(page) => Value::Link(format!("file:///{page}"), row.path.clone()),
            None => Value::Text(row.path.clone()),
        };
        let mut cells = vec![
            Value::Text(row.state.name(lang).to_owned()),
            file,
            text(&row.unit),
            row.year.map_or(Value::Blank, |year| count(year.into())),
            Value::Text(row.kind.clone()),
            text(&row.title),
        ];
        if row.state == State::Unread {
            cells.extend((0..7).map(|_| Value::Blank));
        } else {
            let ledger = &report.ledger;
            cells.extend([count(row.errors), count(row.warnings), count(row.hints), count(ledger.figures)]);
            cells.push(row.coverage.map_or(Value::Blank, count));
            cells.extend([count(ledger.evaluated()), count(ledger.fails)]);
        }
        cells.push(text(&worst));
        self.row(REPORTS, cells)
    }

    /// `page`: the name of the report's page, where there is one.
    pub fn finding(
        &mut self,
        row: &Row,
        page: Option<&str>,
        place: usize,
        finding: &Finding,
    ) -> Result<(), XlsxError> {
        let text = |text: &Option<String>| text.clone().map_or(Value::Blank, Value::Text);
        let file = match page {
            Some(name) => Value::Link(
                format!("file:///reports/{}.html#f{place}", names::linked(name)),
                row.path.clone(),
            ),
            None => Value::Text(row.path.clone()),
        };
        let cells = vec![
            Value::Text(severity_word(finding.severity, self.lang).to_owned()),
            Value::Text(finding.code.clone()),
            file,
            text(&row.unit),
            Value::Number(finding.span.line.into(), 0),
            text(&finding.place),
            Value::Text(finding.message.clone()),
            Value::Text(cut(&finding.quote, 200)),
            text(&finding.trace),
            text(&finding.citation),
            text(&finding.help),
        ];
        self.row(FINDINGS, cells)
    }

    pub fn figure(&mut self, row: &Row, fact: &FactRow) -> Result<(), XlsxError> {
        let text = |text: &Option<String>| text.clone().map_or(Value::Blank, Value::Text);
        let cells = vec![
            Value::Text(row.path.clone()),
            text(&row.unit),
            Value::Number(fact.line.into(), 0),
            text(&fact.place),
            Value::Text(fact.measure.clone().unwrap_or_else(|| fact.label.clone())),
            text(&fact.basis),
            fact.period.map_or(Value::Blank, |year| Value::Number(year.into(), 0)),
            Value::Text(role(fact, self.lang).to_owned()),
            Value::Text(fact.text.clone()),
            number(fact.value),
            Value::Text(fact.unit.clone()),
            text(&fact.section),
        ];
        self.row(FIGURES, cells)
    }

    pub fn note(&mut self, note: &Line) -> Result<(), XlsxError> {
        let cells = vec![
            Value::Text(note.paper.to_owned()),
            Value::Text(note.file.clone()),
            note.row.map_or(Value::Blank, |row| Value::Number(row as f64, 0)),
            Value::Text(note.told.clone()),
        ];
        self.row(NOTES, cells)
    }

    pub fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        for list in [REPORTS, FINDINGS, FIGURES, NOTES] {
            self.close(list)?;
        }
        self.book.save(path)
    }

    fn row(&mut self, list: usize, cells: Vec<Value>) -> Result<(), XlsxError> {
        if self.lists[list].row >= self.most {
            self.close(list)?;
            self.sheet(list)?;
        }
        let List { sheet, row, ref widths, .. } = self.lists[list];
        let lines = cells.iter().zip(widths).map(|(cell, width)| lines(cell, *width)).max().unwrap_or(1);
        self.lists[list].row += 1;
        let sheet = self.book.worksheet_from_index(sheet)?;
        // Not every program makes room for wrapped text by itself.
        if lines > 1 {
            sheet.set_row_height(row, LINE * lines.min(MOST_LINES) as f64)?;
        }
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Value::Text(text) if text.is_empty() => {}
                Value::Text(text) => {
                    sheet.write_string_with_format(row, column, shown(&text), &self.wrapped)?;
                }
                Value::Number(value, digits) => {
                    let format = &self.numbers[(digits as usize).min(self.numbers.len() - 1)];
                    sheet.write_number_with_format(row, column, value, format)?;
                }
                Value::Link(link, text) if row < LINKS && link.len() < 2_000 => {
                    sheet.write_url_with_format(
                        row,
                        column,
                        Url::new(link).set_text(shown(&text)),
                        &self.link,
                    )?;
                }
                Value::Link(_, text) => {
                    sheet.write_string_with_format(row, column, shown(&text), &self.wrapped)?;
                }
                Value::Blank => {}
            }
        }
        Ok(())
    }

    /// Begins the next sheet of a list.
    fn sheet(&mut self, list: usize) -> Result<(), XlsxError> {
        let place = self.book.worksheets().len();
        let List { name, heads, widths, number, sheet, row } = &mut self.lists[list];
        *number += 1;
        (*sheet, *row) = (place, 1);
        let made: &mut Worksheet = self.book.add_worksheet_with_constant_memory()?;
        made.set_name(if *number == 1 { (*name).to_owned() } else { format!("{name}{number}") })?;
        for (column, width) in (0..).zip(widths.iter()) {
            made.set_column_width(column, *width)?;
        }
        made.set_freeze_panes(1, 0)?;
        made.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        for (column, head) in (0..).zip(heads.iter()) {
            made.write_string_with_format(0, column, *head, &self.head)?;
        }
        Ok(())
    }

    fn close(&mut self, list: usize) -> Result<(), XlsxError> {
        let List { sheet, row, number, ref heads, .. } = self.lists[list];
        if number == 0 {
            return Ok(());
        }
        let last = heads.len() as u16 - 1;
        self.book.worksheet_from_index(sheet)?.autofilter(0, 0, row - 1, last)?;
        Ok(())
    }
}

/// Lines that a cell takes in a column so many characters wide.
fn lines(cell: &Value, width: u8) -> usize {
    let (Value::Text(text) | Value::Link(_, text)) = cell else { return 1 };
    let of = |line: &str| UnicodeWidthStr::width(line).div_ceil(usize::from(width).max(1)).max(1);
    text.split('\n').map(of).sum()
}

/// Printed digits stay: a figure with more of them than a number holds is text.
fn number(value: Decimal) -> Value {
    let digits = value.mantissa().unsigned_abs().to_string().len();
    match value.to_f64() {
        Some(number) if digits <= DIGITS => Value::Number(number, value.scale()),
        _ => Value::Text(value.to_string()),
    }
}

/// What a cell can hold.
fn shown(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    cut(&clean, CELL)
}

#[cfg(all(test, feature = "sheet"))]
mod tests {
    use calamine::{Reader, Xlsx, open_workbook};

    use super::*;

    #[test]
    fn a_full_sheet_goes_on_in_another() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut book = Book::new(folder.path(), Lang::Zh).expect("a book");
        book.most = 4;
        let report = Report { path: "甲.txt".to_owned(), ..Report::default() };
        let row = Row::of(&report, Some("甲.txt"), &[]);
        for _ in 0..7 {
            book.report(&row, &report, Lang::Zh).expect("written");
        }
        let path = folder.path().join("book.xlsx");
        book.save(&path).expect("saved");
        let mut read: Xlsx<_> = open_workbook(path).expect("a workbook");
        assert_eq!(read.sheet_names(), ["报告", "问题", "数字", "报告2", "报告3"]);
        let heights =
            ["报告", "报告2", "报告3"].map(|name| read.worksheet_range(name).expect("a sheet").height());
        assert_eq!(heights, [4, 4, 2]);
    }

    #[test]
    fn long_figures_keep_their_digits_as_text() {
        let value = |text: &str| number(Decimal::from_str_exact(text).expect("a figure"));
        assert!(matches!(value("118.430"), Value::Number(number, 3) if number == 118.43));
        assert!(matches!(value("1234567890123456.78"), Value::Text(text) if text == "1234567890123456.78"));
    }
}
