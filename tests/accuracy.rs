//! The accuracy harness gives the same figures every time, and finds what it put in.

#[path = "../benches/accuracy/harness/mod.rs"]
mod harness;

use gouji::rules;
use harness::corpus::{self, Report};
use harness::score::{self, Plan, Score};
use harness::tables;

fn few() -> Score {
    let set = rules::embedded().expect("embedded rules load");
    let paths = corpus::tying().expect("own reports");
    assert!(paths.len() >= 40, "{} reports", paths.len());
    let reports: Vec<Report> =
        paths.iter().step_by(16).map(|path| Report::read(path, &set).expect("text")).collect();
    score::run(&reports, &set, &Plan { seed: 7, each: 1 }).expect("mutated reports are text too")
}

#[test]
fn mutations_are_reproducible() {
    let (one, two) = (few(), few());
    assert_eq!(one.notes, two.notes);
    assert_eq!(tables::mutations(&one), tables::mutations(&two));
    assert_eq!(tables::blame(&one), tables::blame(&two));
    assert_eq!(tables::rules(&one), tables::rules(&two));
    assert_eq!(tables::coverage(&one), tables::coverage(&two));
    let reported: usize = one.operators.iter().map(|(_, tally)| tally.reported).sum();
    assert!(one.operators.len() >= 18 && reported >= 20, "{reported} slips reported");
}
