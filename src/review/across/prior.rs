//! Kind `prior-year`: what a report says of last year, against last year's report of the same unit.
//!
//! Cases: the rule itself (a figure of last year), `balance` (the balance at the beginning of the year against the one at the
//! end of the last). Placeholders: `{name}` what the figure is of, `{quote}` as printed, `{year}` last year, `{other}` as printed
//! there. Both ends stand in the trace.

use rustc_hash::FxHashMap;

use super::super::{FactRow, Finding, Record, Report};
use super::stated::{self, Key};
use super::{Desk, is_on, said};
use crate::judge::Sink;
use crate::options::Lang;
use crate::rules::{Kind, PriorBalance, Rule};

/// Last year's reports, by unit and year.
#[derive(Debug, Default)]
pub struct Shelf {
    by_unit: FxHashMap<(String, u16), Vec<usize>>,
}

impl Shelf {
    pub fn of(reports: &[Report]) -> Self {
        let mut by_unit: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (place, report) in reports.iter().enumerate() {
            if let (Some(unit), Some(year), None) = (&report.unit, report.year, &report.unread) {
                by_unit.entry((unit.clone(), year)).or_default().push(place);
            }
        }
        Shelf { by_unit }
    }

    /// Last year's reports of the unit of `report`; of whatever kind, for they speak of the same money.
    pub fn of_last_year(&self, report: &Report) -> &[usize] {
        let key = report.unit.clone().zip(report.year.and_then(|year| year.checked_sub(1)));
        key.and_then(|key| self.by_unit.get(&key)).map_or(&[], Vec::as_slice)
    }
}

/// The findings of one report against last year's of its unit, each with its path.
pub fn judge(record: &Record, last: &[(String, Record)], desk: &Desk) -> Vec<Finding> {
    let Some(year) = record.report.year.and_then(|year| year.checked_sub(1)) else { return Vec::new() };
    let document = record.leaf.document();
    let mut sink = Sink::new(desk.rules, desk.options);
    for rule in desk.rules.rules.iter().filter(|rule| is_on(rule, desk.options)) {
        if let Kind::PriorYear(kind) = &rule.check {
            let round = Round { record, last, year, desk };
            round.figures(rule, &mut sink);
            kind.balances.iter().for_each(|balance| round.balance(rule, balance, &mut sink));
        }
    }
    said::findings(&document, sink.diagnostics, desk.options.lang)
}

struct Round<'a> {
    record: &'a Record,
    last: &'a [(String, Record)],
    year: u16,
    desk: &'a Desk<'a>,
}

/// A figure of last year's report, with the report's path.
type Source<'a> = (&'a str, &'a FactRow);

impl<'a> Round<'a> {
    fn figures(&self, rule: &'a Rule, sink: &mut Sink<'a>) {
        let lexicon = &self.desk.rules.lexicon;
        let mut own: Vec<(Key, Vec<&FactRow>)> = Vec::new();
        for (key, row) in stated::clear(self.record, lexicon).filter(|(_, row)| row.period == Some(self.year))
        {
            match own.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(row),
                None => own.push((key, vec![row])),
            }
        }
        for (key, rows) in own {
            let Some(row) = stated::agreed(&rows) else { continue };
            if let Some(source) =
                self.find(|other| other == key || key.basis.is_none() && loose(other) == loose(key))
            {
                self.compare(rule, "", &key, row, source, sink);
            }
        }
    }

    /// `balance`: the measure at the end of a year, and at the beginning of the next.
    fn balance(&self, rule: &'a Rule, balance: &'a PriorBalance, sink: &mut Sink<'a>) {
        let lexicon = &self.desk.rules.lexicon;
        let is_own = |period: Option<u16>| period.is_none_or(|period| period == self.year + 1);
        let opening: Vec<(Key, &FactRow)> = stated::clear(self.record, lexicon)
            .filter(|(key, row)| key.measure == balance.opening && is_own(row.period))
            .collect();
        let rows: Vec<&FactRow> = opening.iter().map(|(_, row)| *row).collect();
        let (Some((key, _)), Some(row)) = (opening.first(), stated::agreed(&rows)) else { return };
        let same =
            |other: Key| other.measure == balance.closing && (other.fund, other.unit) == (key.fund, key.unit);
        if let Some(source) = self.find(same) {
            self.compare(rule, "balance", key, row, source, sink);
        }
    }

    /// The figure of last year's reports that `wanted` means, where all that it means say one thing.
    fn find(&self, wanted: impl Fn(Key) -> bool) -> Option<Source<'a>> {
        let lexicon = &self.desk.rules.lexicon;
        let is_own = |period: Option<u16>| period.is_none_or(|period| period == self.year);
        let mut found: Vec<Source> = Vec::new();
        for (path, record) in self.last {
            let rows = stated::clear(record, lexicon).filter(|(key, row)| wanted(*key) && is_own(row.period));
            found.extend(rows.map(|(_, row)| (path.as_str(), row)));
        }
        let rows: Vec<&FactRow> = found.iter().map(|(_, row)| *row).collect();
        let row = stated::agreed(&rows)?;
        found.into_iter().find(|(_, other)| std::ptr::eq(*other, row))
    }

    fn compare(
        &self,
        rule: &'a Rule,
        case: &'static str,
        key: &Key,
        row: &FactRow,
        (path, other): Source,
        sink: &mut Sink<'a>,
    ) {
        if stated::interval(row).meets(stated::interval(other)) {
            return;
        }
        let lang = self.desk.options.lang;
        sink.report(rule, row.span)
            .case(case)
            .value("name", stated::name(key))
            .value("quote", row.text.as_str())
            .value("year", self.year.to_string())
            .value("other", other.text.as_str())
            .trace(format!("{} ≠ {}\n{}", row.text, other.text, whence(path, other, lang)))
            .emit();
    }
}

/// The file and the place of a figure of another report.
fn whence(path: &str, row: &FactRow, lang: Lang) -> String {
    let place = row
        .place
        .clone()
        .unwrap_or_else(|| lang.of(format!("第 {} 行", row.line), format!("line {}", row.line)));
    lang.of(format!("{path} {place}：{}", row.text), format!("{path} {place}: {}", row.text))
}

fn loose(key: Key) -> Key {
    Key { basis: None, ..key }
}
