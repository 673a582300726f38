//! Kind `near-duplicate`: long passages that stand in another unit's report too.
//!
//! Placeholders: `{unit}` the other unit (several are joined), `{length}` characters of the passage, `{share}` percent of the
//! report's own text.
//!
//! Which reports share grams at all is found among the sketches, in time that grows with the number of reports: a gram
//! that many units have is a template's and pairs nobody. Only pairs so found are read again and compared whole.

use std::cmp::Reverse;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::super::Report;
use super::passages::{GRAM, Passages, sampled};
use super::{Batch, Desk, Opened};
use crate::document::{LineIndex, Span};
use crate::emit;
use crate::judge::Sink;
use crate::options::Lang;
use crate::rules::{NearDuplicate, Rule};

/// Sampled grams that two reports must share before they are compared whole.
const SHARED: u32 = 3;
/// Other reports that one is compared with, those that share most first.
const OTHERS: usize = 12;
/// Characters between two passages that are still one: a name, a figure that was put in.
const GAP: usize = 24;
/// Places in the other report at which one gram is looked at.
const PLACES: usize = 4;
/// Passages of one report that are told, the longest first.
const TOLD: usize = 20;
/// Other units named for one passage.
const NAMED: usize = 3;
/// Characters of the other passage that are quoted.
const QUOTE: usize = 30;

/// The sketches of a batch, gram by gram.
#[derive(Debug, Default)]
pub struct Index {
    /// Gram and report, sorted.
    postings: Vec<(u32, u32)>,
    /// Where the grams of each leading sixteen bits begin.
    starts: Vec<u32>,
    /// What the unit of each report is known by; of reports without a unit each is its own.
    units: Vec<u64>,
}

impl Index {
    pub fn of(reports: &[Report]) -> Self {
        let mut postings = Vec::with_capacity(reports.iter().map(|report| report.sketch.grams.len()).sum());
        for (place, report) in reports.iter().enumerate() {
            postings.extend(report.sketch.grams.iter().map(|gram| (*gram, place as u32)));
        }
        postings.par_sort_unstable();
        let mut starts = vec![0u32; (1 << 16) + 1];
        postings.iter().for_each(|(gram, _)| starts[(gram >> 16) as usize + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let units =
            reports.iter().map(|report| xxh3_64(report.unit.as_ref().unwrap_or(&report.path).as_bytes()));
        Index { postings, starts, units: units.collect() }
    }

    /// Reports that hold the gram.
    fn holders(&self, gram: u32) -> &[(u32, u32)] {
        let bucket = (gram >> 16) as usize;
        let (Some(&from), Some(&to)) = (self.starts.get(bucket), self.starts.get(bucket + 1)) else {
            return &[];
        };
        let bucket = &self.postings[from as usize..to as usize];
        let from = bucket.partition_point(|(other, _)| *other < gram);
        let len = bucket[from..].partition_point(|(other, _)| *other == gram);
        &bucket[from..from + len]
    }

    /// Whether more than `most` units hold the gram: it is a template's.
    fn is_common(&self, gram: u32, most: usize) -> bool {
        let holders = self.holders(gram);
        if holders.len() <= most {
            return false;
        }
        let mut units: Vec<u64> = Vec::new();
        for (_, report) in holders.iter().take(most * 8) {
            let unit = self.units[*report as usize];
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        // So many reports of so few units are one text that is handed in again and again.
        units.len() > most || holders.len() > most * 8
    }
}

/// From how many units on a text is a template's.
fn common(rule: &NearDuplicate, reports: usize) -> usize {
    let part = reports * rule.common_percent as usize / 100;
    part.max(rule.common_least as usize).min(rule.common_most as usize)
}

/// For each report the others that it may share passages with, those that share most first.
pub fn candidates(reports: &[Report], index: &Index, rule: &NearDuplicate) -> Vec<Vec<u32>> {
    let most = common(rule, reports.len());
    let of_report = |report: usize| {
        let own = &reports[report];
        let mut shared: FxHashMap<u32, u32> = FxHashMap::default();
        for gram in &own.sketch.grams {
            let holders = index.holders(*gram);
            if holders.len() < 2 || index.is_common(*gram, most) {
                continue;
            }
            for (_, other) in holders.iter().filter(|(_, other)| *other as usize != report) {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let mut others: Vec<(u32, u32)> = shared
            .into_iter()
            .filter(|(other, times)| *times >= SHARED && are_strangers(own, &reports[*other as usize]))
            .collect();
        others.sort_unstable_by_key(|&(other, times)| (Reverse(times), other));
        others.truncate(OTHERS);
        others.into_iter().map(|(other, _)| other).collect()
    };
    (0..reports.len()).into_par_iter().map(of_report).collect()
}

/// Whether two reports are of different units. The same file handed in twice is another rule's matter.
fn are_strangers(a: &Report, b: &Report) -> bool {
    a.sketch.text != b.sketch.text
        && match (&a.unit, &b.unit) {
            (Some(a), Some(b)) => !a.ends_with(b.as_str()) && !b.ends_with(a.as_str()),
            _ => true,
        }
}

/// One passage of a report that stands in others too.
struct Shared {
    span: Span,
    len: usize,
    /// The other reports, each with where it stands there.
    others: Vec<(usize, String)>,
}

pub fn judge<'a>(
    batch: &Batch,
    report: usize,
    own: &Opened,
    rule: &'a Rule,
    kind: &NearDuplicate,
    desk: &Desk,
    sink: &mut Sink<'a>,
) {
    let lang = desk.options.lang;
    let passages = own.passages(kind);
    let template = template_sentences(batch, &passages, kind);
    let mut all: Vec<Shared> = Vec::new();
    for &other in batch.near.get(report).into_iter().flatten() {
        let other = other as usize;
        let Some(opened) = (desk.open)(other).map(Opened::of) else { continue };
        if names_the_other(batch, report, own, other) || names_the_other(batch, other, &opened, report) {
            continue;
        }
        let theirs = opened.passages(kind);
        for (ours, at, len) in matches(&passages, &theirs, &template) {
            if len >= kind.at_least as usize {
                let place = elsewhere(batch, other, &opened, theirs.span(at.0, at.1), lang);
                let span = passages.span(ours.0, ours.1);
                all.push(Shared { span, len, others: vec![(other, place)] });
            }
        }
    }
    all.sort_by_key(|shared| (Reverse(shared.len), shared.span, shared.others[0].0));
    let mut told: Vec<Shared> = Vec::new();
    for shared in all {
        match told.iter().position(|known| known.span.overlaps(shared.span)) {
            Some(place) => told[place].others.extend(shared.others),
            None if told.len() < TOLD => told.push(shared),
            None => {}
        }
    }
    for Shared { span, len, mut others } in told {
        others.sort();
        others.dedup_by_key(|(other, _)| *other);
        let share = len * 100 / passages.chars.len().max(1);
        let names: Vec<&str> = others.iter().take(NAMED).map(|(other, _)| batch.called(*other)).collect();
        let mut unit = names.join(lang.of("、", ", "));
        if others.len() > NAMED {
            let count = others.len();
            unit += &lang.of(format!(" 等 {count} 份报告"), format!(" and others, {count} reports"));
        }
        let places: Vec<&str> = others.iter().take(NAMED).map(|(_, place)| place.as_str()).collect();
        sink.report(rule, span)
            .value("unit", unit)
            .value("length", len.to_string())
            .value("share", share.to_string())
            .trace(places.join("\n"))
            .emit();
    }
}

/// A report whose unit is not known may be the other unit's own.
fn names_the_other(batch: &Batch, report: usize, own: &Opened, other: usize) -> bool {
    let (own_unit, other_unit) = (&batch.reports[report].unit, &batch.reports[other].unit);
    own_unit.is_none() && other_unit.as_ref().is_some_and(|unit| own.document.text.contains(unit.as_str()))
}

/// Where a passage stands in another report, and how it begins there.
fn elsewhere(batch: &Batch, other: usize, opened: &Opened, span: Span, lang: Lang) -> String {
    let document = &opened.document;
    let line = LineIndex::new(&document.text).position(&document.text, span.start as usize).line;
    let place = emit::place(document, span.start, lang)
        .unwrap_or_else(|| lang.of(format!("第 {line} 行"), format!("line {line}")));
    let head: String = document.slice(span).chars().filter(|c| !c.is_whitespace()).take(QUOTE).collect();
    let path = &batch.reports[other].path;
    lang.of(format!("{path} {place}：“{head}…”"), format!("{path} {place}: “{head}…”"))
}

/// For each sentence, whether a template has it.
fn template_sentences(batch: &Batch, passages: &Passages, kind: &NearDuplicate) -> Vec<bool> {
    let most = common(kind, batch.reports.len());
    let mut counts = vec![(0u32, 0u32); passages.sentence_count()];
    for (place, hash) in passages.grams() {
        let Some(gram) = sampled(hash) else { continue };
        let Some(count) = counts.get_mut(passages.sentence_at(place)) else { continue };
        count.0 += 1;
        count.1 += u32::from(batch.index.is_common(gram, most));
    }
    counts.into_iter().map(|(all, common)| common * 2 > all).collect()
}

type Range = (usize, usize);

/// Passages of `ours` that stand in `theirs`, with the number of characters that are alike and no template's.
fn matches(ours: &Passages, theirs: &Passages, template: &[bool]) -> Vec<(Range, Range, usize)> {
    let mut places: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (place, hash) in theirs.grams() {
        let list = places.entry(hash).or_default();
        if list.len() < PLACES {
            list.push(place as u32);
        }
    }
    let is_own = |place: &usize| !template.get(ours.sentence_at(*place)).copied().unwrap_or_default();
    let mut found: Vec<(Range, Range, usize)> = Vec::new();
    let mut until = 0;
    for (place, hash) in ours.grams() {
        if place < until {
            continue;
        }
        let longest = places.get(&hash).into_iter().flatten().map(|&at| {
            let at = at as usize;
            let pairs = ours.chars[place..].iter().zip(&theirs.chars[at..]).zip(place..);
            let len = pairs.take_while(|((a, b), here)| a == b && !ours.is_break(*here)).count();
            (len, Reverse(at))
        });
        let Some((len, Reverse(at))) = longest.max().filter(|(len, _)| *len >= GRAM) else { continue };
        until = place + len;
        let alike = (place..until).filter(is_own).count();
        match found.last_mut() {
            Some((a, b, all))
                if place - a.1 <= GAP
                    && at >= b.1
                    && at - b.1 <= GAP
                    && !(a.1..place).any(|between| ours.is_break(between)) =>
            {
                (a.1, b.1) = (until, at + len);
                *all += alike;
            }
            _ => found.push(((place, until), (at, at + len), alike)),
        }
    }
    found
}
