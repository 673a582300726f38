//! The counts as Markdown.

use std::fmt::Write;

use super::score::{Coverage, Score, Tally};

/// One decimal, as everywhere in these tables; — where there is nothing to count.
pub fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (part * 1000 + whole / 2) / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

pub fn mutations(score: &Score) -> String {
    let mut out = String::new();
    out.push_str("| operator | 改动 | changed | in no relation | all still hold | to find | reported | missed | recall | extra | precision | told more than once |\n");
    out.push_str("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    let mut sums = [Tally::default(), Tally::default()];
    for (operator, tally) in &score.operators {
        row(&mut out, operator.id, operator.zh, tally);
        add(&mut sums[usize::from(operator.rules != ["FIG005"])], tally);
    }
    row(&mut out, "**figures**", "数字", &sums[0]);
    row(&mut out, "**others**", "其他", &sums[1]);
    out
}

fn row(out: &mut String, id: &str, zh: &str, tally: &Tally) {
    let to_find = tally.reported + tally.missed;
    let _ = writeln!(
        out,
        "| {id} | {zh} | {} | {} | {} | {to_find} | {} | {} | {} | {} | {} | {} |",
        tally.made,
        tally.alone,
        tally.unbroken,
        tally.reported,
        tally.missed,
        percent(tally.reported, to_find),
        tally.extra,
        percent(tally.reported, tally.reported + tally.extra),
        tally.repeated,
    );
}

fn add(sum: &mut Tally, one: &Tally) {
    sum.made += one.made;
    sum.alone += one.alone;
    sum.unbroken += one.unbroken;
    sum.reported += one.reported;
    sum.missed += one.missed;
    sum.extra += one.extra;
    sum.repeated += one.repeated;
    sum.blame.determined += one.blame.determined;
    sum.blame.right += one.blame.right;
    sum.blame.open += one.blame.open;
    sum.blame.named += one.blame.named;
    sum.blame.primary += one.blame.primary;
    sum.blame.value += one.blame.value;
}

/// Figures only: was the changed figure blamed?
pub fn blame(score: &Score) -> String {
    let mut out = String::from(
        "| operator | reported | determined | culprit right | share | undetermined | both ends named | culprit right or both ends | primary is the culprit | original value suggested |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let mut sum = Tally::default();
    let of_figures =
        score.operators.iter().filter(|(_, tally)| tally.blame.determined + tally.blame.open > 0);
    for (operator, tally) in of_figures {
        blame_row(&mut out, operator.id, tally);
        add(&mut sum, tally);
    }
    blame_row(&mut out, "**all**", &sum);
    out
}

fn blame_row(out: &mut String, id: &str, tally: &Tally) {
    let blame = &tally.blame;
    let all = blame.determined + blame.open;
    let _ = writeln!(
        out,
        "| {id} | {all} | {} | {} | {} | {} | {} | {} | {} | {} |",
        blame.determined,
        blame.right,
        percent(blame.right, blame.determined),
        blame.open,
        blame.named,
        percent(blame.right + blame.named, all),
        percent(blame.primary, all),
        percent(blame.value, all),
    );
}

pub fn rules(score: &Score) -> String {
    let mut out = String::from(
        "| rule | true | false | missed | precision | recall |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for (code, tally) in &score.rules {
        let _ = writeln!(
            out,
            "| {code} | {} | {} | {} | {} | {} |",
            tally.hits,
            tally.extra,
            tally.missed,
            percent(tally.hits, tally.hits + tally.extra),
            percent(tally.hits, tally.hits + tally.missed),
        );
    }
    out
}

pub fn coverage(score: &Score) -> String {
    let mut out = String::from(
        "| report | figures with a unit | understood | share | in plain digits | in a relation that holds | repeated only | in neither |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let mut sum = Coverage::default();
    for (name, one) in &score.coverage {
        coverage_row(&mut out, &format!("`{name}`"), one);
        sum.figures += one.figures;
        sum.understood += one.understood;
        sum.plain += one.plain;
        sum.related += one.related;
        sum.repeated += one.repeated;
    }
    coverage_row(&mut out, "**all**", &sum);
    out
}

fn coverage_row(out: &mut String, name: &str, one: &Coverage) {
    let neither = one.plain - one.related - one.repeated;
    let _ = writeln!(
        out,
        "| {name} | {} | {} | {} | {} | {} | {} | {neither} ({}) |",
        one.figures,
        one.understood,
        percent(one.understood, one.figures),
        one.plain,
        one.related,
        one.repeated,
        percent(neither, one.plain),
    );
}
