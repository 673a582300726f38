//! What is found of reports after each was audited on its own: against each other, against papers, against the last round.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::super::config::Settings;
use super::super::papers::Papers;
use super::Run;
use crate::baseline::{self, Baseline, Compared, Kept};
use crate::review::{self, Report, across};

/// The round before and the one after.
pub struct Rounds<'a> {
    pub baseline: Option<&'a Baseline>,
    pub is_written: bool,
}

/// What only all reports together show, papers beside them, and the last round; with what the next one is compared with.
pub fn later(
    run: &Run,
    reports: &[Report],
    papers: &Papers,
    rounds: &Rounds,
) -> (Vec<across::Later>, baseline::Writer) {
    let open = |place: usize| {
        let mut record = run.store.record(&reports[place].key)?;
        record.report.path = reports[place].path.clone();
        Some(record)
    };
    let Some(Settings { set, options, .. }) = run.settings.first() else { return Default::default() };
    let desk = across::Desk { rules: &run.sets[*set], options, open: &open };
    let mut later = across::judge(reports, &desk);
    let with_rounds = rounds.is_written || rounds.baseline.is_some();
    let kept: Vec<Option<(Kept, Option<Compared>)>> = later
        .par_iter_mut()
        .enumerate()
        .map(|(place, later)| {
            let report = &reports[place];
            if report.unread.is_some() || !with_rounds && !papers.concern(report) {
                return None;
            }
            let mut record = open(place)?;
            if papers.concern(report) {
                papers.add(&record, &desk, |last| run.store.record(&last.key), later);
            }
            if !with_rounds {
                return None;
            }
            later.add_to(&mut record);
            let kept = review::rounds::kept(&record);
            let Settings { set, options, .. } = &run.settings[run.settings_of[place]];
            let compared = rounds
                .baseline
                .map(|old| old.compare(&kept, &run.sets[*set], options, |kind| papers.can_judge(kind)));
            if let Some(compared) = &compared {
                later.standings = compared.standings.clone();
                later.known = review::rounds::known(&record, compared);
                later.fixed = compared.fixed.clone();
            }
            Some((kept, compared))
        })
        .collect();
    let mut next = baseline::Writer::default();
    kept.into_iter().flatten().for_each(|(kept, compared)| next.add(kept, compared.as_ref()));
    (later, next)
}
