//! The same report in every format gives the same findings: code and quote.
#![cfg(feature = "word")]

#[path = "../benches/accuracy/harness/formats.rs"]
mod formats;

use gouji::rules;

#[test]
fn the_same_report_gives_the_same_findings_in_every_format() {
    let compared = formats::compare(&rules::embedded().expect("rules load"));
    assert!(compared.iter().all(|one| one.told > 0), "a report with nothing to compare");
    let wrong: Vec<&formats::Compared> = compared.iter().filter(|one| !one.is_right()).collect();
    let named: Vec<String> = wrong.iter().map(|one| format!("{} as {}", one.report, one.format)).collect();
    assert!(wrong.is_empty(), "{named:?}\n{}", formats::table(&compared));
}
