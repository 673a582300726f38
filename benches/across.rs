//! How long, and with how much memory, COUNT reports are held against one another: `across COUNT [text]`.
//!
//! With `text` the reports are read and audited as `review` does; else only their sketches are made, as large as those of
//! reports of 5,000 characters: 40 grams that all share, 376 of their own, and in one report of fifty 30 grams of the one
//! before it.

use std::time::Instant;

use gouji::review::across::{self, Desk, Sketch};
use gouji::review::{Record, Report, record};
use gouji::{Options, audit, input, rules};

mod support;

const COMMON: u64 = 40;
const OWN: u64 = 376;
const COPIED: u64 = 30;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(count) = arguments.next() else { anyhow::bail!("usage: across COUNT [text]") };
    let count: u64 = count.parse()?;
    let whole = arguments.next().is_some();
    let set = rules::embedded()?;
    let options = Options {
        enabled: set.rules.iter().map(|rule| rule.code.starts_with("XRP")).collect(),
        ..Options::default()
    };
    let made = Instant::now();
    let records: Vec<Record> =
        if whole { (0..count).map(|index| read(index, &set, &options)).collect() } else { Vec::new() };
    let reports: Vec<Report> = if whole {
        records.iter().map(|record| record.report.clone()).collect()
    } else {
        (0..count).map(sketched).collect()
    };
    let grams: usize = reports.iter().map(|report| report.sketch.grams.len()).sum();
    println!("{count} reports made in {:.2?}; {} grams each", made.elapsed(), grams / count.max(1) as usize);
    println!("memory before: {}", memory());
    let started = Instant::now();
    let open = |place: usize| records.get(place).cloned();
    let later = across::judge(&reports, &Desk { rules: &set, options: &options, open: &open });
    let found: usize = later.iter().map(|later| later.findings.len()).sum();
    println!("judged in {:.2?}, {found} findings; memory after: {}", started.elapsed(), memory());
    Ok(())
}

/// Reports of many units, every tenth with a passage of the one before it.
fn read(index: u64, set: &rules::RuleSet, options: &Options) -> Record {
    let mut text = support::report(index);
    text.push_str(&support::passage(index - u64::from(index % 10 == 9)));
    let document = input::read_text("report", text);
    let mut record = record(&document, &audit(&document, set, options), set, options.lang, "");
    record.report.path = format!("{index:06}.txt");
    record.report.unit = Some(format!("第{index}中心"));
    record
}

fn sketched(index: u64) -> Report {
    let gram = |seed: u64| (support::mixed(seed) >> 16) as u32;
    let own = |report: u64| (0..OWN).map(move |place| report * OWN + place + (1 << 32));
    let before = index.saturating_sub(1);
    let copied = if index % 50 == 49 { COPIED } else { 0 };
    let mut grams: Vec<u32> = (0..COMMON)
        .chain(own(index).skip(copied as usize))
        .chain(own(before).take(copied as usize))
        .map(gram)
        .collect();
    grams.sort_unstable();
    grams.dedup();
    Report {
        path: format!("{index:06}.txt"),
        unit: Some(format!("第{index}中心")),
        sketch: Sketch { grams, text: support::mixed(index), ..Sketch::default() },
        ..Report::default()
    }
}

/// Resident memory as Linux tells it, now and at its highest.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
}
