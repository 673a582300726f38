//! Kind `wrong-report`: a report that should not be in the batch as it is.
//!
//! Cases `same-file` the same text twice, `same-unit` two reports of one unit, year and kind, `other-year` another year than
//! the batch. Placeholders: `{other}` the other report, `{unit}`, `{year}`, `{expected}` the year of the batch, `{count}` how
//! many reports have it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Report;
use super::{Batch, Opened};
use crate::document::Span;
use crate::judge::Sink;
use crate::options::Lang;
use crate::rules::{Genre, Rule, WrongReport};

/// Other reports named for one.
const NAMED: usize = 3;

/// What is wrong with each report, by its place.
#[derive(Debug, Default)]
pub struct Groups {
    same_file: FxHashMap<usize, Vec<usize>>,
    same_unit: FxHashMap<usize, Vec<usize>>,
    /// The year of the batch, and how many reports have it.
    other_year: FxHashMap<usize, (u16, usize)>,
}

impl Groups {
    pub fn of(reports: &[Report], kind: &WrongReport) -> Self {
        let read = || reports.iter().enumerate().filter(|(_, report)| report.unread.is_none());
        let same_file = alike(read().filter(|(_, report)| report.sketch.text != EMPTY), |report| {
            Some(report.sketch.text)
        });
        let mut same_unit = alike(read(), |report| {
            let sketch = &report.sketch;
            let title = report.title.as_deref().filter(|_| sketch.titled && sketch.year.is_some())?;
            let several = kind.several.iter().any(|word| title.contains(word.as_str()));
            let whole = title.contains("整体支出");
            (sketch.genre != Genre::Other && !several).then_some((
                report.unit.as_deref()?,
                report.year?,
                sketch.genre as u8,
                sketch.interim,
                whole,
            ))
        });
        for (report, others) in &mut same_unit {
            others.retain(|other| reports[*other].sketch.text != reports[*report].sketch.text);
        }
        same_unit.retain(|_, others| !others.is_empty());
        Groups { same_file, same_unit, other_year: other_years(reports, kind) }
    }

    pub fn concerns(&self, report: usize) -> bool {
        self.same_file.contains_key(&report)
            || self.same_unit.contains_key(&report)
            || self.other_year.contains_key(&report)
    }
}

/// The hash of no text at all.
const EMPTY: u64 = 0x2D06_8005_38D3_94C2;

/// Reports of one key, each with the others.
fn alike<'a, K: Eq + std::hash::Hash>(
    reports: impl Iterator<Item = (usize, &'a Report)>,
    key: impl Fn(&'a Report) -> Option<K>,
) -> FxHashMap<usize, Vec<usize>> {
    let mut groups: FxHashMap<K, Vec<usize>> = FxHashMap::default();
    for (place, report) in reports {
        if let Some(key) = key(report) {
            groups.entry(key).or_default().push(place);
        }
    }
    let mut others = FxHashMap::default();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        for &place in &group {
            // Of a large group the first few: who reads the finding needs one.
            let rest = group.iter().copied().filter(|other| *other != place).take(NAMED * 4);
            others.insert(place, rest.collect());
        }
    }
    others
}

/// Reports whose title says another year than nearly all others of their kind. Where a unit handed in both years, both
/// were asked for.
fn other_years(reports: &[Report], kind: &WrongReport) -> FxHashMap<usize, (u16, usize)> {
    let mut found = FxHashMap::default();
    let mut by_genre: FxHashMap<u8, Vec<(usize, u16)>> = FxHashMap::default();
    for (place, report) in reports.iter().enumerate() {
        if let (Some(year), Some(_), Genre::SelfEvaluation | Genre::FinalAccounts | Genre::Budget) =
            (report.year, report.sketch.year, report.sketch.genre)
        {
            by_genre.entry(report.sketch.genre as u8).or_default().push((place, year));
        }
    }
    for of_genre in by_genre.into_values() {
        let mut counts: FxHashMap<u16, usize> = FxHashMap::default();
        of_genre.iter().for_each(|(_, year)| *counts.entry(*year).or_default() += 1);
        let Some((year, most)) = counts.into_iter().max_by_key(|&(year, count)| (count, year)) else {
            continue;
        };
        let enough = of_genre.len() >= kind.batch_least as usize;
        if !enough || most * 100 < of_genre.len() * kind.majority as usize {
            continue;
        }
        let of_year: FxHashSet<&str> = of_genre
            .iter()
            .filter(|(_, own)| *own == year)
            .filter_map(|(place, _)| reports[*place].unit.as_deref())
            .collect();
        for &(place, _) in of_genre.iter().filter(|(_, own)| *own != year) {
            if reports[place].unit.as_deref().is_none_or(|unit| !of_year.contains(unit)) {
                found.insert(place, (year, most));
            }
        }
    }
    found
}

pub fn judge<'a>(
    batch: &Batch,
    report: usize,
    own: &Opened,
    rule: &'a Rule,
    lang: Lang,
    sink: &mut Sink<'a>,
) {
    let row = &batch.reports[report];
    let title = row.sketch.title.unwrap_or_else(|| first_line(&own.document.text));
    let names = |others: &[usize]| {
        let shown = others.iter().take(NAMED).map(|other| batch.reports[*other].path.as_str());
        let shown = shown.collect::<Vec<_>>().join(lang.of("、", ", "));
        if others.len() > NAMED { shown + lang.of(" 等", " and more") } else { shown }
    };
    if let Some(others) = batch.wrong.same_file.get(&report) {
        sink.report(rule, title).case("same-file").value("other", names(others)).emit();
    }
    if let (Some(others), Some(unit), Some(year)) = (batch.wrong.same_unit.get(&report), &row.unit, row.year)
    {
        sink.report(rule, title)
            .case("same-unit")
            .value("other", names(others))
            .value("unit", unit.as_str())
            .value("year", year.to_string())
            .emit();
    }
    if let (Some((expected, count)), Some(year), Some(span)) =
        (batch.wrong.other_year.get(&report), row.year, row.sketch.year)
    {
        sink.report(rule, span)
            .case("other-year")
            .value("year", year.to_string())
            .value("expected", expected.to_string())
            .value("count", count.to_string())
            .emit();
    }
}

fn first_line(text: &str) -> Span {
    let start = text.len() - text.trim_start().len();
    let end = text[start..].find('\n').map_or(text.len(), |len| start + len);
    Span::of(start, end)
}
