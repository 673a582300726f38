//! Kind `report-year`: a year that cannot be the one meant.
//!
//! Placeholders: `{quote}` the year found, `{expected}` the year meant or the report's own. Cases: `compared` the
//! report's year with itself; `parallel` another year in a sentence whose sisters bear the report's (label
//! `sister`).

use rustc_hash::FxHashMap;

use super::{Context, Sink, sentence};
use crate::document::Span;
use crate::lexer::Date;
use crate::rules::{Genre, ReportYear, Rule};

/// Characters after the year that sister sentences share.
const SISTER: usize = 4;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, kind: &'a ReportYear, sink: &mut Sink<'a>) {
    let Some(year) = cx.subject.year else { return };
    let own = match cx.subject.genre {
        Genre::Budget => &kind.budget[..],
        Genre::FinalAccounts => &kind.accounts[..],
        _ => &[],
    };
    if year.titled.is_some() {
        for date in cx.lexed.dates.iter().filter(|date| date.year == Some(year.value) && date.month.is_none())
        {
            if own.iter().any(|words| cx.document.text[date.span.end as usize..].starts_with(words.as_str()))
                && is_base(cx, date, year.value)
            {
                let expected = (year.value - 1).to_string();
                let quote = cx.document.slice(date.span);
                sink.report(rule, date.span)
                    .case("compared")
                    .value("quote", quote)
                    .value("expected", format!("{expected}年"))
                    .emit();
            }
        }
    }
    parallel(cx, rule, year.value, sink);
}

/// Whether the figures of the sentence are compared with those of `date`, and it speaks of no later year.
fn is_base(cx: &Context, date: &Date, year: u16) -> bool {
    let before = &cx.document.text[..date.span.start as usize];
    if !before.ends_with(['比', '较']) {
        return false;
    }
    let Some(block) = cx.block_at(date.span.start) else { return false };
    let sentence = sentence(&cx.document.text, block.span, date.span);
    let first = cx.lexed.dates.partition_point(|other| other.span.start < sentence.start);
    let inside = cx.lexed.dates[first..].iter().take_while(|other| other.span.end <= sentence.end);
    inside.into_iter().all(|other| other.year.is_none_or(|other| other <= year))
}

/// `2022年本单位无…` where the other paragraphs that begin so bear the report's year.
fn parallel<'a>(cx: &Context<'a>, rule: &'a Rule, year: u16, sink: &mut Sink<'a>) {
    let mut sisters: FxHashMap<&str, Vec<&Date>> = FxHashMap::default();
    for date in cx.lexed.dates.iter().filter(|date| date.year.is_some() && date.month.is_none()) {
        let Some(block) = cx.block_at(date.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        if block.span.start == date.span.start
            && let Some(shared) = beginning(cx.document.slice(Span::new(date.span.end, block.span.end)))
        {
            sisters.entry(shared).or_default().push(date);
        }
    }
    let mut odd: Vec<(&Date, &Date)> = Vec::new();
    for dates in sisters.values() {
        let (own, others): (Vec<&Date>, Vec<&Date>) = dates.iter().partition(|date| date.year == Some(year));
        if let ([other], [sister, _, ..]) = (&others[..], &own[..]) {
            odd.push((other, sister));
        }
    }
    odd.sort_by_key(|(date, _)| date.span);
    for (date, sister) in odd {
        sink.report(rule, date.span)
            .case("parallel")
            .value("quote", cx.document.slice(date.span))
            .value("expected", format!("{year}年"))
            .label(sister.span, "sister")
            .emit();
    }
}

/// 本单位无 of 本单位无政府性基金预算支出: only statements that there is nothing are alike from year to year.
fn beginning(after: &str) -> Option<&str> {
    let (end, last) = after.char_indices().nth(SISTER - 1)?;
    let shared = &after[..end + last.len_utf8()];
    (shared.ends_with('无') || shared.ends_with("没有") || shared.ends_with('未')).then_some(shared)
}
