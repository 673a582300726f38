//! The accuracy harness gives the same figures every time, and finds what it put in.

#[path = "../benches/accuracy/harness/mod.rs"]
mod harness;

use gouji::rules;
use harness::corpus::{self, Report};
use harness::score::{self, Plan, Score};
use harness::{formats, natural, page, slips, tables};

const PLAN: Plan = Plan { seed: 7, each: 1 };

fn few() -> Score {
    let set = rules::embedded().expect("embedded rules load");
    let paths = corpus::tying().expect("own reports");
    assert!(paths.len() >= 40, "{} reports", paths.len());
    let reports: Vec<Report> =
        paths.iter().step_by(16).map(|path| Report::read(path, &set).expect("text")).collect();
    score::run(&reports, &set, &PLAN).expect("mutated reports are text too")
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

#[test]
fn labels_and_verdicts_can_be_read() {
    let set = rules::embedded().expect("embedded rules load");
    let drafts = natural::drafts(&set).expect("labels beside the drafts");
    assert!(drafts.len() >= 10, "{} drafts", drafts.len());
    for (name, draft) in &drafts {
        assert_eq!(draft.labelled, draft.found + draft.hinted + draft.missed.len(), "{name}");
    }
    let held_out = natural::held_out(&set).expect("labels beside the drafts");
    let by_hand = page::sets(|name| slips::set(name, &set)).expect("slips beside the reports");
    for (name, report) in by_hand.iter().flatten() {
        assert_eq!(report.slips, report.told + report.missed.len(), "{name}");
    }
    let folder = corpus::published();
    if folder.is_none() {
        println!("the real documents are not at hand: their verdicts are not compared");
    }
    let published = folder.map(|folder| natural::published(&folder, &set).expect("verdicts"));
    let by_format = formats::table(&formats::compare(&set));
    let page = page::page(
        &PLAN,
        "2000-01-01",
        &few(),
        page::Natural { drafts: &drafts, held_out: &held_out, by_hand: &by_hand },
        &by_format,
        published.as_ref(),
    );
    assert!(page.contains("## Drafts of our own"));
}
