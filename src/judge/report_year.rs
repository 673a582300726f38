//! Kind `report-year`: a year that cannot be the one meant.
//!
//! Placeholders: `{quote}` the year found, `{expected}` the year meant or the report's own. Cases: `compared` the
//! report's year with itself; `parallel` another year in a sentence whose sisters bear the report's (label
//! `sister`); `leading` the same of paragraphs that begin to state figures; `opening` another year than the
//! title's with the title's own words.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Reckoned, Report, Sink, sentence};
use crate::document::Span;
use crate::document::chars::{holds, is_han};
use crate::lexer::Date;
use crate::rules::{Genre, ReportYear, Rule};

/// Characters after the year that sister sentences share.
const SISTER: usize = 4;
/// Characters of the title after its year that the opening must share.
const TITLE_WORDS: usize = 6;
/// Blocks of the opening.
const OPENING: usize = 8;

pub fn judge<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, sink: &mut Sink<'a>) {
    let Some(year) = cx.subject.year else { return };
    // 2021年预算执行情况和2022年预算草案的报告 is about both.
    let title = cx.subject.title.unwrap_or_default();
    if dates_in(cx, title).iter().any(|date| date.year.is_some_and(|other| other != year.value)) {
        return;
    }
    let own = match cx.subject.genre {
        Genre::Budget => &kind.budget[..],
        Genre::FinalAccounts => &kind.accounts[..],
        _ => &[],
    };
    if year.titled.is_some() {
        for date in cx.lexed.dates.iter().filter(|date| date.year == Some(year.value) && date.month.is_none())
        {
            let after = &cx.document.text[date.span.end as usize..];
            let after = after.strip_prefix('度').unwrap_or(after);
            let follows = |list: &[SmolStr]| list.iter().any(|words| after.starts_with(words.as_str()));
            if follows(own) && is_base(cx, kind, date, year.value)
                || follows(&kind.base) && is_sole_base(cx, kind, date, after, year.value)
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
    parallel(cx, rule, kind, year.value, sink);
    if year.titled.is_some() && !cx.subject.interim && cx.subject.genre != Genre::Other {
        leading(cx, rule, kind, year.value, sink);
        opening(cx, rule, kind, year.value, sink);
        headings(cx, rule, kind, year.value, sink);
        stating(cx, rule, kind, year.value, sink);
        signed(cx, rule, year.value, sink);
        until(cx, rule, kind, year.value, sink);
        super::copied_year::judge(cx, rule, kind, year.value, sink);
    }
}

/// Blocks at the end that may be the date below the signature.
const SIGNATURE: usize = 4;

/// 2022年3月15日 below a report on 2023: nobody reports on a year that has not begun.
fn signed<'a>(cx: &Reckoned<'a>, rule: &'a Rule, year: u16, sink: &mut Sink<'a>) {
    if !matches!(cx.subject.genre, Genre::FinalAccounts) && !cx.subject.genre.evaluates() {
        return;
    }
    for block in cx.document.blocks.iter().rev().take(SIGNATURE).filter(|block| super::is_prose(block)) {
        let text = cx.document.slice(block.span);
        for date in dates_in(cx, block.span) {
            let alone = cx.document.slice(date.span) == text.trim();
            if alone && date.month.is_some() && date.year.is_some_and(|other| other < year) {
                sink.report(rule, date.span)
                    .case("signed")
                    .value("quote", cx.document.slice(date.span))
                    .value("expected", format!("{year}年"))
                    .emit();
            }
        }
    }
}

/// 截至2022年12月31日，共有车辆… in the accounts of 2023: they tell what there is at the end of their own year.
fn until<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, year: u16, sink: &mut Sink<'a>) {
    if cx.subject.genre != Genre::FinalAccounts {
        return;
    }
    for date in cx.lexed.dates.iter().filter(|date| date.month == Some(12)) {
        let Some(block) = cx.block_at(date.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        let lead = cx.document.slice(Span::new(block.span.start, date.span.start));
        let place = sentence(&cx.document.text, block.span, date.span);
        let after = cx.document.slice(Span::new(date.span.end, place.end));
        let before = date.year.is_some_and(|other| other < year && year - other <= PAST);
        let alone =
            dates_in(cx, block.span).iter().all(|one| one.year.is_none_or(|one| Some(one) == date.year));
        if kind.until.iter().any(|word| lead == word.as_str())
            && before
            && alone
            && within(&kind.states, after)
        {
            report(cx, rule, date, year, "until", sink).emit();
        }
    }
}

/// Whether the figures of the sentence are compared with those of `date`, and it speaks of no later year.
fn is_base(cx: &Reckoned, kind: &ReportYear, date: &Date, year: u16) -> bool {
    let before = &cx.document.text[..date.span.start as usize];
    if !ends(&kind.against, before) {
        return false;
    }
    let Some(block) = cx.block_at(date.span.start) else { return false };
    let sentence = sentence(&cx.document.text, block.span, date.span);
    let first = cx.lexed.dates.partition_point(|other| other.span.start < sentence.start);
    let inside = cx.lexed.dates[first..].iter().take_while(|other| other.span.end <= sentence.end);
    inside.into_iter().all(|other| other.year.is_none_or(|other| other <= year))
}

/// The same for any report: nothing is compared with the report's year but by a sentence on another one.
fn is_sole_base(cx: &Reckoned, kind: &ReportYear, date: &Date, after: &str, year: u16) -> bool {
    let before = &cx.document.text[..date.span.start as usize];
    // 年初预算和2023年增加的预算 compares nothing.
    let compares = ends(&kind.against, before) || ends(&kind.beside, before) && starts(&kind.compares, after);
    if !compares || cx.subject.genre == Genre::Other {
        return false;
    }
    let Some(block) = cx.block_at(date.span.start) else { return false };
    let sentence = sentence(&cx.document.text, block.span, date.span);
    let inside = dates_in(cx, sentence);
    let words = cx.document.slice(sentence);
    inside.iter().all(|other| other.year.is_none_or(|other| other == year))
        && !within(&kind.other_years, words)
}

pub(super) fn dates_in<'a>(cx: &Reckoned<'a>, span: Span) -> &'a [Date] {
    let dates = &cx.lexed.dates;
    let first = dates.partition_point(|date| date.span.start < span.start);
    let len = dates[first..].partition_point(|date| date.span.end <= span.end);
    &dates[first..first + len]
}

/// Paragraphs that begin with a year and go on to state figures: one has another year, all others the report's.
fn leading<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, year: u16, sink: &mut Sink<'a>) {
    let mut own: Vec<&Date> = Vec::new();
    let mut others: Vec<(&Date, Span)> = Vec::new();
    for date in cx.lexed.dates.iter().filter(|date| date.month.is_none()) {
        let Some(block) = cx.block_at(date.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        let after = cx.document.slice(Span::new(date.span.end, block.span.end));
        let after = after.strip_prefix('度').unwrap_or(after);
        let after = after.strip_prefix('，').unwrap_or(after);
        if block.span.start != date.span.start
            || !kind.leads.iter().any(|lead| after.starts_with(lead.as_str()))
        {
            continue;
        }
        match date.year {
            Some(other) if other == year => own.push(date),
            Some(_) => others.push((date, block.span)),
            None => {}
        }
    }
    let ([(date, block)], [sister, _, _, ..]) = (&others[..], &own[..]) else { return };
    let alone = dates_in(cx, *block).iter().all(|other| other.span == date.span || other.year.is_none());
    let mentions = cx.lexed.dates.iter().filter(|other| other.year == date.year && other.month.is_none());
    // A year that the report speaks of elsewhere may have a paragraph of its own; accounts are of one year.
    let few = matches!(cx.subject.genre, Genre::FinalAccounts | Genre::Budget) || mentions.count() < 2;
    let stated = cx.facts.facts.iter().any(|fact| block.contains(fact.value_span));
    if alone && few && stated {
        report(cx, rule, date, year, "leading", sink).label(sister.span, "sister").emit();
    }
}

/// `对2022年度部门整体支出绩效进行了自评` under a title that says 2023年度部门整体支出绩效.
fn opening<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, year: u16, sink: &mut Sink<'a>) {
    let Some((title, titled)) = cx.subject.title.zip(cx.subject.year.and_then(|year| year.titled)) else {
        return;
    };
    let words = cx.document.slice(Span::new(titled.end, title.end.max(titled.end)));
    let words = words.strip_prefix('度').unwrap_or(words);
    let Some((end, last)) = words.char_indices().nth(TITLE_WORDS - 1) else { return };
    let words = &words[..end + last.len_utf8()];
    let blocks = cx.document.blocks.iter().take(OPENING).filter(|block| super::is_prose(block));
    for block in blocks {
        for date in dates_in(cx, block.span) {
            let after = cx.document.slice(Span::new(date.span.end, block.span.end));
            let after = after.strip_prefix('度').unwrap_or(after);
            let sentence = cx.document.slice(sentence(&cx.document.text, block.span, date.span));
            let lead = &cx.document.text[..date.span.start as usize];
            // A notice of the year after may bear its own year: 关于做好2024年度…自评工作的通知.
            let called = ends(&kind.orders, lead) && date.year.is_some_and(|other| other < year);
            // 现将我局2022年度决算情况报告如下
            let reports = kind.reports.iter().any(|word| {
                let shown = sentence.find(cx.document.slice(date.span));
                let at = sentence.find(word.as_str());
                at.zip(shown).is_some_and(|(at, place)| (at..at + REPORTS).contains(&place))
            }) && starts(&kind.about, after);
            let states = (((ends(&kind.object, lead) || called) && after.starts_with(words)) || reports)
                && date.year.is_some_and(|other| other != year)
                && !within(&kind.earlier, sentence);
            if states && !cx.lexed.marks.is_quoted(cx.flow.shown(date.span)) {
                report(cx, rule, date, year, "opening", sink).label(titled, "sister").emit();
            }
        }
    }
}

/// Bytes between 现将 and the year of what is reported.
const REPORTS: usize = 72;

pub(super) fn starts(words: &[SmolStr], text: &str) -> bool {
    words.iter().any(|word| text.starts_with(word.as_str()))
}

pub(super) fn ends(words: &[SmolStr], text: &str) -> bool {
    words.iter().any(|word| text.ends_with(word.as_str()))
}

pub(super) fn within(words: &[SmolStr], text: &str) -> bool {
    words.iter().any(|word| holds(text, word))
}

/// 第三部分 2022年度部门决算情况说明 in the accounts of 2023: a heading left from last year's paper.
fn headings<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, year: u16, sink: &mut Sink<'a>) {
    let words = match cx.subject.genre {
        Genre::FinalAccounts => &kind.accounts_headings,
        Genre::Budget => &kind.budget_headings,
        _ => return,
    };
    for node in &cx.outline.nodes {
        for date in dates_in(cx, node.title).iter().filter(|date| date.month.is_none()) {
            let after = cx.document.slice(Span::new(date.span.end, node.title.end));
            let after = after.strip_prefix('度').unwrap_or(after);
            let own = starts(words, after) && !within(&kind.unless_heading, after);
            if own && date.year.is_some_and(|other| other != year) {
                report(cx, rule, date, year, "opening", sink).emit();
            }
        }
    }
}

/// A year told once in the whole report, two or more before its own, at the beginning of a sentence that states a figure of
/// the year under report and compares nothing.
fn stating<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, year: u16, sink: &mut Sink<'a>) {
    let mut told: FxHashMap<u16, usize> = FxHashMap::default();
    for other in cx.lexed.dates.iter().filter_map(|date| date.year) {
        *told.entry(other).or_default() += 1;
    }
    if told.get(&year).is_none_or(|count| *count < OWN) {
        return;
    }
    for date in cx.lexed.dates.iter().filter(|date| date.month.is_none()) {
        let Some(other) = date.year.filter(|other| *other < year && year - *other <= PAST) else {
            continue;
        };
        let Some(block) = cx.block_at(date.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        if leads_sentence(cx, kind, date, block.span) && compared_with_later(cx, kind, date, block.span, year)
        {
            report(cx, rule, date, year, "stating", sink).emit();
            continue;
        }
        if other + 1 == year || told.get(&other) != Some(&1) {
            continue;
        }
        let place = sentence(&cx.document.text, block.span, date.span);
        let before = cx.document.slice(Span::new(place.start, date.span.start));
        let leads = before.is_empty() || kind.leads.iter().any(|lead| before == lead.as_str());
        let after = cx.document.slice(Span::new(date.span.end, place.end));
        let after = after.strip_prefix('度').unwrap_or(after);
        let after = after.strip_prefix('，').unwrap_or(after);
        let states = kind.leads.iter().any(|lead| after.starts_with(lead.as_str()))
            && cx.facts.facts.iter().any(|fact| place.contains(fact.value_span));
        let excused = within(&kind.history, after);
        let alone =
            dates_in(cx, block.span).iter().all(|one| one.year.is_none_or(|one| one == other || one == year));
        if leads && states && !excused && alone && !cx.lexed.marks.is_quoted(cx.flow.shown(date.span)) {
            report(cx, rule, date, year, "stating", sink).emit();
        }
    }
}

/// Whether the sentence begins with the year and goes on to state what the report is about.
fn leads_sentence(cx: &Reckoned, kind: &ReportYear, date: &Date, block: Span) -> bool {
    let place = sentence(&cx.document.text, block, date.span);
    let after = cx.document.slice(Span::new(date.span.end, place.end));
    let after = after.strip_prefix('度').unwrap_or(after);
    let after = after.strip_prefix('，').unwrap_or(after);
    place.start == date.span.start && kind.leads.iter().any(|lead| after.starts_with(lead.as_str()))
}

/// 2022年…，比2023年减少: figures are compared with those of the year before, so that of the report was meant.
fn compared_with_later(cx: &Reckoned, kind: &ReportYear, date: &Date, block: Span, year: u16) -> bool {
    let place = sentence(&cx.document.text, block, date.span);
    let later = dates_in(cx, Span::new(date.span.end, place.end));
    later.iter().filter(|one| one.year.is_some_and(|one| one + 1 == year)).any(|one| {
        let before = &cx.document.text[..one.span.start as usize];
        (ends(&kind.against, before) || ends(&kind.beside, before))
            && date.year.is_some_and(|own| one.year >= Some(own))
    })
}

/// How often the report must speak of its own year.
const OWN: usize = 2;
/// Years back that a copied year may lie.
const PAST: u16 = 4;

pub(super) fn report<'s, 'a>(
    cx: &Reckoned<'a>,
    rule: &'a Rule,
    date: &Date,
    year: u16,
    case: &'static str,
    sink: &'s mut Sink<'a>,
) -> Report<'s, 'a> {
    sink.report(rule, date.span)
        .case(case)
        .value("quote", cx.document.slice(date.span))
        .value("expected", format!("{year}年"))
}

/// `2022年本单位无…` where the other paragraphs that begin so bear the report's year.
fn parallel<'a>(cx: &Reckoned<'a>, rule: &'a Rule, kind: &'a ReportYear, year: u16, sink: &mut Sink<'a>) {
    let mut sisters: FxHashMap<&str, Vec<&Date>> = FxHashMap::default();
    for date in cx.lexed.dates.iter().filter(|date| date.year.is_some() && date.month.is_none()) {
        let Some(block) = cx.block_at(date.span.start).filter(|block| super::is_prose(block)) else {
            continue;
        };
        let lead = cx.document.slice(Span::new(block.span.start, date.span.start));
        let begins = lead.is_empty() || lead.len() <= LEAD && lead.chars().all(is_han);
        if begins
            && let Some(shared) = beginning(kind, cx.document.slice(Span::new(date.span.end, block.span.end)))
        {
            sisters.entry(shared).or_default().push(date);
        }
    }
    let mut odd: Vec<(&Date, &Date, &'static str)> = Vec::new();
    for dates in sisters.values() {
        let (own, others): (Vec<&Date>, Vec<&Date>) = dates.iter().partition(|date| date.year == Some(year));
        if let ([other], [sister, more @ ..]) = (&others[..], &own[..]) {
            // With one sister only where the report speaks of that year nowhere else.
            let once = || cx.lexed.dates.iter().filter(|date| date.year == other.year).count() == 1;
            if !more.is_empty() {
                odd.push((other, sister, "parallel"));
            } else if other.year < Some(year) && once() {
                odd.push((other, sister, "stating"));
            }
        }
    }
    odd.sort_by_key(|(date, ..)| date.span);
    for (date, sister, case) in odd {
        report(cx, rule, date, year, case, sink).label(sister.span, "sister").emit();
    }
}

/// Bytes of a name before the year: 我局2023年度没有…
const LEAD: usize = 36;

/// 本单位无 of 本单位无政府性基金预算支出: only statements that there is nothing are alike from year to year.
fn beginning<'t>(kind: &ReportYear, after: &'t str) -> Option<&'t str> {
    let after = after.strip_prefix('度').unwrap_or(after);
    let after = after.strip_prefix('，').unwrap_or(after);
    let after = kind.own.iter().find_map(|own| after.strip_prefix(own.as_str())).unwrap_or(after);
    if let Some(shared) = kind.nothing.iter().find(|words| after.starts_with(words.as_str())) {
        return after.get(..shared.len());
    }
    let (end, last) = after.char_indices().nth(SISTER - 1)?;
    let shared = &after[..end + last.len_utf8()];
    ends(&kind.nothing_ends, shared).then_some(shared)
}
