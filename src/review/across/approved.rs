//! Kind `ledger-mismatch`: the figures of a report against the bureau's own table (`--ledger`).
//!
//! Placeholders: `{name}` what the figure is of, `{year}`, `{quote}` as printed, `{other}` as the table has it, `{row}` its row
//! there. What the report does not say, and what the table does not have, is no finding but a check that could not be made.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::super::{Check, FactRow, Finding, Place, Record};
use super::stated::{self, Key};
use super::{Desk, is_on, said};
use crate::document::{Cell, Document, Format, LineIndex, Place as SourcePlace, Span};
use crate::facts::Amount;
use crate::input;
use crate::judge::Sink;
use crate::lexer;
use crate::options::Lang;
use crate::reconcile::{Interval, State};
use crate::rules::{Kind, LedgerColumns, LedgerMismatch, Rule, RuleSet};

/// Rows at the top among which the names of the columns are looked for.
const TOP: usize = 20;
/// Figures that differ from one row of the table and are told.
const TOLD: usize = 3;
/// Names that are listed of figures that the table does not have.
const LISTED: usize = 20;

/// The bureau's table, read.
#[derive(Debug, Default)]
pub struct Approved {
    entries: Vec<Entry>,
    by_unit: FxHashMap<String, Vec<usize>>,
    /// Rows that could not be used: number and reason.
    pub bad: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Entry {
    /// As its reader counts it.
    row: usize,
    unit: String,
    measure: String,
    basis: Option<String>,
    year: u16,
    interval: Interval,
    /// Base unit of the amount.
    counted_in: String,
    text: String,
}

impl Approved {
    /// Rows that can be used.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Row and unit of what concerns none of `units`.
    pub fn unmatched<'a>(&self, units: impl Iterator<Item = &'a str>) -> Vec<(usize, &str)> {
        let mut met = vec![false; self.entries.len()];
        units.flat_map(|unit| self.of_unit(unit)).for_each(|place| met[*place] = true);
        let left = self.entries.iter().zip(met).filter(|(_, met)| !met);
        left.map(|(entry, _)| (entry.row, entry.unit.as_str())).collect()
    }

    /// Whether a row concerns the unit.
    pub fn knows(&self, unit: &str) -> bool {
        !self.of_unit(unit).is_empty()
    }

    /// The table in a read file, which may have several sheets. `None` where no row names the columns that are needed.
    pub fn of(document: &Document, rules: &RuleSet, lang: Lang) -> Option<Approved> {
        let tables = tables(document);
        let read = tables.iter().filter_map(|rows| Approved::read(rows, rules, lang));
        read.reduce(|mut all, other| {
            all.extend(other);
            all
        })
    }

    fn read(rows: &[(usize, Vec<String>)], rules: &RuleSet, lang: Lang) -> Option<Approved> {
        let kind = rules.rules.iter().find_map(|rule| match &rule.check {
            Kind::LedgerMismatch(LedgerMismatch { columns }) => Some(columns),
            _ => None,
        })?;
        let (head, columns) = rows
            .iter()
            .take(TOP)
            .enumerate()
            .find_map(|(place, (_, cells))| Some((place, Columns::of(cells, kind)?)))?;
        let mut approved = Approved::default();
        for (number, cells) in &rows[head + 1..] {
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match columns.entry(*number, cells, rules, lang) {
                Ok(entry) => {
                    approved.by_unit.entry(entry.unit.clone()).or_default().push(approved.entries.len());
                    approved.entries.push(entry);
                }
                Err(reason) => approved.bad.push((*number, reason)),
            }
        }
        Some(approved)
    }

    /// Another sheet of the same table.
    fn extend(&mut self, other: Approved) {
        let from = self.entries.len();
        for (unit, places) in other.by_unit {
            self.by_unit.entry(unit).or_default().extend(places.into_iter().map(|place| place + from));
        }
        self.entries.extend(other.entries);
        self.bad.extend(other.bad);
    }

    /// The rows of a unit; a name without its place is the unit's where no other unit ends so.
    fn of_unit(&self, unit: &str) -> &[usize] {
        if let Some(places) = self.by_unit.get(unit) {
            return places;
        }
        let is_long = |name: &str| name.chars().count() >= 4;
        let alike = |name: &String| {
            is_long(name) && is_long(unit) && (unit.ends_with(name.as_str()) || name.ends_with(unit))
        };
        let mut names = self.by_unit.iter().filter(|(name, _)| alike(name));
        match (names.next(), names.next()) {
            (Some((_, places)), None) => places,
            _ => &[],
        }
    }
}

/// The tables of a read file, row by row with the numbers that its reader counts them by: the sheets of a workbook, or
/// the lines of a CSV file.
fn tables(document: &Document) -> Vec<Vec<(usize, Vec<String>)>> {
    if document.source.format == Format::Text {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(document.text.as_bytes());
        // The text is whole, and rows may be of any length: nothing is left that could be wrong with them.
        let rows = reader.records().flatten().map(|record| {
            let line = record.position().map_or(0, |at| at.line() as usize);
            (line, record.iter().map(str::to_owned).collect())
        });
        return vec![rows.collect()];
    }
    let row = |cells: &Vec<Cell>| {
        let number = cells.first().and_then(|cell| match document.source.place(cell.span.start)? {
            SourcePlace::Sheet { row, .. } | SourcePlace::Table { row, .. } => Some(row as usize),
            _ => None,
        });
        (number.unwrap_or_default(), cells.iter().map(|cell| document.slice(cell.span).to_owned()).collect())
    };
    document.tables.iter().map(|table| table.rows.iter().map(row).collect()).collect()
}

/// Which column is which.
struct Columns {
    unit: usize,
    measure: usize,
    basis: Option<usize>,
    year: usize,
    amount: usize,
    counted_in: Option<usize>,
    /// In the head of the amounts: 金额（万元）.
    of_head: String,
}

impl Columns {
    fn of(cells: &[String], names: &LedgerColumns) -> Option<Columns> {
        let heads: Vec<(String, String)> = cells.iter().map(|cell| parted(cell)).collect();
        let find = |names: &[smol_str::SmolStr]| {
            heads.iter().position(|(head, _)| names.iter().any(|name| name == head))
        };
        let amount = find(&names.amount)?;
        Some(Columns {
            unit: find(&names.unit)?,
            measure: find(&names.measure)?,
            basis: find(&names.basis),
            year: find(&names.year)?,
            amount,
            counted_in: find(&names.counted_in),
            of_head: heads[amount].1.clone(),
        })
    }

    fn entry(&self, row: usize, cells: &[String], rules: &RuleSet, lang: Lang) -> Result<Entry, String> {
        let cell = |place: usize| cells.get(place).map(|cell| plain(cell)).unwrap_or_default();
        let missing = |zh: &str, en: &str| lang.of(format!("没有写{zh}"), format!("no {en}"));
        let (unit, measure, year) = (cell(self.unit), cell(self.measure), cell(self.year));
        if unit.is_empty() {
            return Err(missing("单位", "unit"));
        }
        if measure.is_empty() {
            return Err(missing("项目", "measure"));
        }
        let lexicon = &rules.lexicon;
        let known = lexicon
            .measures
            .iter()
            .find(|known| known.id == measure || known.aliases.iter().any(|name| *name == measure));
        let known = known.ok_or_else(|| {
            lang.of(format!("词表中没有“{measure}”这个项目"), format!("“{measure}” is not in the lexicon"))
        })?;
        let digits: String = year.chars().filter(char::is_ascii_digit).collect();
        let year = digits
            .parse()
            .ok()
            .filter(|year| (1990..2100).contains(year))
            .ok_or_else(|| lang.of(format!("“{year}”不是年度"), format!("“{year}” is no year")))?;
        let basis = self.basis.map(cell).filter(|basis| !basis.is_empty());
        let basis = match basis {
            None => known.basis.clone(),
            Some(said) => {
                let found = lexicon
                    .bases
                    .iter()
                    .find(|basis| basis.id == said || basis.words.iter().any(|word| *word == said));
                let unknown = || {
                    lang.of(
                        format!("词表中没有“{said}”这个口径"),
                        format!("“{said}” is no basis of the lexicon"),
                    )
                };
                Some(found.ok_or_else(unknown)?.id.clone())
            }
        };
        let text = cell(self.amount);
        if text.is_empty() {
            return Err(missing("金额", "amount"));
        }
        let counted_in = self.counted_in.map(cell).unwrap_or_default();
        let shown = [String::new(), counted_in, self.of_head.clone()]
            .into_iter()
            .map(|unit| format!("{text}{unit}"))
            .find_map(|text| Some((amount(&text, rules)?, text)));
        let Some((amount, text)) = shown else {
            return Err(lang.of(
                format!("“{text}”不是带单位的金额；单位写在表头“金额（万元）”里，或写在数字后面"),
                format!("“{text}” is no amount with a unit; write the unit in the head, 金额（万元）, or behind the figure"),
            ));
        };
        Ok(Entry {
            row,
            unit,
            measure: known.id.to_string(),
            basis: basis.map(|basis| basis.to_string()),
            year,
            interval: Interval { low: amount.low(), high: amount.high() },
            counted_in: rules.units.base(amount.family).unwrap_or_default().to_string(),
            text,
        })
    }
}

/// A cell that is an amount and nothing else.
fn amount(text: &str, rules: &RuleSet) -> Option<Amount> {
    let document = input::read_text("", text.to_owned());
    let lexed = lexer::lex(&document, rules);
    let [quantity] = lexed.quantities.as_slice() else { return None };
    let whole = document.slice(quantity.span) == text.trim() && lexed.malformed.is_empty();
    Amount::of(quantity, &rules.units).filter(|_| whole)
}

/// The name of a column and what stands in brackets behind it.
fn parted(cell: &str) -> (String, String) {
    let cell = plain(cell);
    let opened = cell.find(['（', '(']);
    match opened {
        Some(at) => {
            let inside = cell[at..].trim_matches(['（', '(', '）', ')']);
            let inside = inside.strip_prefix("单位：").or(inside.strip_prefix("单位:")).unwrap_or(inside);
            (cell[..at].to_owned(), inside.to_owned())
        }
        None => (cell, String::new()),
    }
}

fn plain(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The findings of one report, and what was checked.
pub fn judge(record: &Record, approved: &Approved, desk: &Desk) -> (Vec<Finding>, Vec<Check>) {
    let (Some(unit), Some(year)) = (&record.report.unit, record.report.year) else {
        return (Vec::new(), Vec::new());
    };
    let rules = desk.rules.rules.iter().filter(|rule| is_on(rule, desk.options));
    let rule = rules.into_iter().find(|rule| matches!(rule.check, Kind::LedgerMismatch(_)));
    let Some(rule) = rule else { return (Vec::new(), Vec::new()) };
    let document = record.leaf.document();
    let lines = LineIndex::new(&document.text);
    let round = Round { document: &document, lines: &lines, year, rule, lang: desk.options.lang };
    let facts: Vec<(Key, &FactRow)> = stated::clear(record, &desk.rules.lexicon).collect();
    let mut sink = Sink::new(desk.rules, desk.options);
    let mut checks = Vec::new();
    let mut covered = vec![false; facts.len()];
    for place in approved.of_unit(unit) {
        checks.extend(round.entry(&approved.entries[*place], &facts, &mut covered, &mut sink));
    }
    if !checks.is_empty() {
        checks.extend(round.uncovered(&facts, &covered));
    }
    (said::findings(&document, sink.diagnostics, desk.options.lang), checks)
}

struct Round<'a> {
    document: &'a Document,
    lines: &'a LineIndex,
    year: u16,
    rule: &'a Rule,
    lang: Lang,
}

impl<'a> Round<'a> {
    /// One row of the table. Rows of years that the report does not speak of are no matter of it.
    fn entry(
        &self,
        entry: &Entry,
        facts: &[(Key, &FactRow)],
        covered: &mut [bool],
        sink: &mut Sink<'a>,
    ) -> Option<Check> {
        let is_same = |key: &Key, row: &FactRow| {
            key.measure == entry.measure
                && key.unit == entry.counted_in
                && key.fund.is_none()
                && row.period.unwrap_or(self.year) == entry.year
                && (entry.basis.is_none() || key.basis == entry.basis.as_deref())
        };
        let mut same: Vec<&FactRow> = Vec::new();
        for ((key, row), covered) in facts.iter().zip(covered) {
            if is_same(key, row) {
                *covered = true;
                same.push(row);
            }
        }
        if same.is_empty() && entry.year != self.year {
            return None;
        }
        let (hold, fail): (Vec<&FactRow>, Vec<&FactRow>) =
            same.iter().partition(|row| stated::interval(row).meets(entry.interval));
        // Where one figure agrees, a part of some other total by the same name need not.
        let told: Vec<&FactRow> =
            fail.into_iter().filter(|row| hold.is_empty() || row.part_of.is_none()).take(TOLD).collect();
        let key = Key {
            measure: &entry.measure,
            basis: entry.basis.as_deref(),
            fund: None,
            unit: &entry.counted_in,
        };
        let name = stated::name(&key);
        let row = entry.row;
        for figure in &told {
            let ledger = self.lang.of(format!("台账第 {row} 行"), format!("row {row} of the ledger"));
            sink.report(self.rule, figure.span)
                .value("name", name.as_str())
                .value("year", entry.year.to_string())
                .value("quote", figure.text.as_str())
                .value("other", entry.text.as_str())
                .value("row", row.to_string())
                .trace(format!("{} ≠ {}（{ledger}）", figure.text, entry.text))
                .emit();
        }
        let is_equal =
            |row: &&&FactRow| Interval::exactly(row.amount) == Interval::exactly(middle(entry.interval));
        let (state, trace) = match (told.first(), hold.first()) {
            (Some(row), _) => (State::Fails, format!("{} ≠ {}", row.text, entry.text)),
            (None, Some(row)) if is_equal(&row) => (State::Holds, format!("{} = {}", row.text, entry.text)),
            (None, Some(row)) => (State::WithinRounding, format!("{} ≈ {}", row.text, entry.text)),
            (None, None) => {
                (State::NotEvaluable, self.lang.of("报告中没有写", "not stated in the report").to_owned())
            }
        };
        let spans = told.iter().chain(hold.first()).map(|row| self.place(row.span));
        Some(Check {
            kind: "ledger".to_owned(),
            state,
            expression: self.lang.of(
                format!("{name} {}：台账第 {row} 行 {}", entry.year, entry.text),
                format!("{name} {}: row {row} of the ledger, {}", entry.year, entry.text),
            ),
            trace,
            spans: spans.collect(),
        })
    }

    /// What the report says and the table does not have, as one check.
    fn uncovered(&self, facts: &[(Key, &FactRow)], covered: &[bool]) -> Option<Check> {
        let left = facts.iter().zip(covered).filter(|(_, covered)| !**covered);
        let mut names: Vec<String> = left.map(|((key, _), _)| stated::name(key)).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        names.truncate(LISTED);
        (count > 0).then(|| Check {
            kind: "ledger".to_owned(),
            state: State::NotEvaluable,
            expression: self.lang.of(
                format!("报告中另有 {count} 个数字台账里没有"),
                format!("{count} figures of the report are not in the ledger"),
            ),
            trace: names.join(self.lang.of("、", ", ")),
            spans: Vec::new(),
        })
    }

    fn place(&self, span: Span) -> Place {
        let text = &self.document.text;
        let at = self.lines.position(text, span.start as usize);
        let to = self.lines.position(text, span.end as usize);
        Place {
            start: span.start,
            end: span.end,
            line: at.line,
            column: at.column,
            end_line: to.line,
            end_column: to.column,
        }
    }
}

fn middle(interval: Interval) -> Decimal {
    interval.low.saturating_add(interval.high).checked_div(Decimal::TWO).unwrap_or(interval.low)
}
