//! What last year's reports and the bureau's table were good for: which file was held against which report, and what
//! could not be matched. A reviewer has to know, for what was not matched was not checked.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::Report;
use super::across::approved::Approved;
use super::across::prior::Shelf;
use super::html::escaped;
use crate::options::Lang;

/// Lines on the page of all reports; the workbook has them all.
const SHOWN: usize = 200;

/// The papers beside the reports, each null where it was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Papers")]
pub struct Notes {
    pub prior: Option<PriorNotes>,
    pub ledger: Option<LedgerNotes>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Prior")]
pub struct PriorNotes {
    /// Reports of last year.
    files: Vec<PriorFile>,
    /// Paths of the reports that none of them belongs to.
    without: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct PriorFile {
    path: String,
    /// Why it could not be read.
    error: Option<String>,
    unit: Option<String>,
    year: Option<u16>,
    /// Paths of the reports it was held against.
    held_against: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BureauTable")]
pub struct LedgerNotes {
    path: String,
    /// Rows that could be read.
    rows: usize,
    /// Rows that could not.
    unusable: Vec<Unusable>,
    /// Rows whose unit none of the reports has.
    unmatched: Vec<Unmatched>,
    /// Paths of the reports whose unit has no row.
    without: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct Unusable {
    /// As the table counts it.
    row: usize,
    reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct Unmatched {
    row: usize,
    unit: String,
}

/// One line for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub paper: &'static str,
    pub file: String,
    /// Of the table.
    pub row: Option<usize>,
    pub told: String,
}

impl PriorNotes {
    /// `last`: last year's reports, in the order of `shelf`.
    pub fn of(last: &[Report], shelf: &Shelf, reports: &[Report]) -> Self {
        let file = |report: &Report| PriorFile {
            path: report.path.clone(),
            error: report.unread.clone(),
            unit: report.unit.clone(),
            year: report.year,
            held_against: Vec::new(),
        };
        let mut notes = PriorNotes { files: last.iter().map(file).collect(), without: Vec::new() };
        for report in reports.iter().filter(|report| report.unread.is_none()) {
            let places = shelf.of_last_year(report);
            places.iter().for_each(|place| notes.files[*place].held_against.push(report.path.clone()));
            if places.is_empty() {
                notes.without.push(report.path.clone());
            }
        }
        notes
    }

    fn lines(&self, lang: Lang, lines: &mut Vec<Line>) {
        let paper = lang.of("上年报告", "last year's reports");
        let unknown = lang.of("未识别", "unknown");
        for file in &self.files {
            let used = file.held_against.join(lang.of("、", ", "));
            let told = match &file.error {
                Some(reason) => lang.of(format!("没有读出：{reason}"), format!("not read: {reason}")),
                None if !used.is_empty() => {
                    lang.of(format!("用来核对：{used}"), format!("held against: {used}"))
                }
                None => {
                    let unit = file.unit.as_deref().unwrap_or(unknown);
                    let year = file.year.map_or(unknown.to_owned(), |year| year.to_string());
                    lang.of(
                        format!("没有用上：本次没有这个单位下一年的报告（单位：{unit}，年度：{year}）"),
                        format!(
                            "not used: no report of this unit for the year after (unit: {unit}, year: {year})"
                        ),
                    )
                }
            };
            lines.push(Line { paper, file: file.path.clone(), row: None, told });
        }
        let missing = lang.of(
            "没有找到上年报告，上年数没有核对",
            "no report of last year was found: last year's figures were not checked",
        );
        lines.extend(self.without.iter().map(|path| Line {
            paper,
            file: path.clone(),
            row: None,
            told: missing.to_owned(),
        }));
    }
}

impl LedgerNotes {
    pub fn of(path: &str, table: &Approved, reports: &[Report]) -> Self {
        let read = || reports.iter().filter(|report| report.unread.is_none());
        let unmatched = table.unmatched(read().filter_map(|report| report.unit.as_deref()));
        let has_row = |report: &&Report| report.unit.as_deref().is_some_and(|unit| table.knows(unit));
        LedgerNotes {
            path: path.to_owned(),
            rows: table.count(),
            unusable: table
                .bad
                .iter()
                .map(|(row, reason)| Unusable { row: *row, reason: reason.clone() })
                .collect(),
            unmatched: unmatched
                .iter()
                .map(|(row, unit)| Unmatched { row: *row, unit: (*unit).to_owned() })
                .collect(),
            without: read().filter(|report| !has_row(report)).map(|report| report.path.clone()).collect(),
        }
    }

    fn lines(&self, lang: Lang, lines: &mut Vec<Line>) {
        let paper = lang.of("台账", "ledger");
        let (rows, bad) = (self.rows, self.unusable.len());
        let told = lang
            .of(format!("{rows} 行可用，{bad} 行没有用"), format!("{rows} rows can be used, {bad} cannot"));
        let mut add = |file: &String, row, told| lines.push(Line { paper, file: file.clone(), row, told });
        add(&self.path, None, told);
        for Unusable { row, reason } in &self.unusable {
            add(&self.path, Some(*row), lang.of(format!("没有用：{reason}"), format!("not used: {reason}")));
        }
        for Unmatched { row, unit } in &self.unmatched {
            let told =
                lang.of(format!("本次报告中没有“{unit}”"), format!("none of the reports is of “{unit}”"));
            add(&self.path, Some(*row), told);
        }
        let missing =
            lang.of("台账里没有这个单位，没有核对", "the ledger does not have the unit: nothing was checked");
        self.without.iter().for_each(|path| add(path, None, missing.to_owned()));
    }
}

impl Notes {
    pub fn lines(&self, lang: Lang) -> Vec<Line> {
        let mut lines = Vec::new();
        self.prior.iter().for_each(|prior| prior.lines(lang, &mut lines));
        self.ledger.iter().for_each(|ledger| ledger.lines(lang, &mut lines));
        lines
    }
}

/// The lines as a part of the page of all reports; nothing where there are none.
pub fn render(body: &mut String, lines: &[Line], lang: Lang) {
    if lines.is_empty() {
        return;
    }
    let title =
        lang.of("核对材料：用上了哪些，哪些没有对上", "Papers: what was used, and what could not be matched");
    let _ = writeln!(
        body,
        "<details class=\"papers\" id=\"papers\"><summary>{title} <small>{}</small></summary>\n\
         <div class=\"wide\"><table class=\"rows\"><thead><tr>",
        lines.len()
    );
    for head in lang.of(["材料", "文件", "行", "情况"], ["paper", "file", "row", "what became of it"])
    {
        let _ = write!(body, "<th scope=\"col\">{head}</th>");
    }
    body.push_str("</tr></thead><tbody>\n");
    for line in lines.iter().take(SHOWN) {
        let row = line.row.map(|row| row.to_string()).unwrap_or_default();
        let (file, told) = (escaped(&line.file), escaped(&line.told));
        let _ = writeln!(
            body,
            "<tr><td>{}</td><td class=\"path\">{file}</td><td class=\"n\">{row}</td><td>{told}</td></tr>",
            line.paper
        );
    }
    body.push_str("</tbody></table></div>\n");
    if let Some(rest) = lines.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
        let told = lang.of(
            format!("另有 {rest} 行，见 review.xlsx 的“核对材料”表。"),
            format!("{rest} more are in the sheet “papers” of review.xlsx."),
        );
        let _ = writeln!(body, "<p class=\"quiet\">{told}</p>");
    }
    body.push_str("</details>\n");
}
