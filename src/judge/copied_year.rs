//! Years that what is said of them shows to be copied: the rest of kind `report-year`.
//!
//! Cases: `ended` the state of things at the end of another year than an evaluation's; else those of `report_year`.

use memchr::memmem;

use super::report_year::{dates_in, ends, report, starts, within};
use super::{Reckoned, Sink, is_prose, sentence};
use crate::document::Span;
use crate::lexer::Date;
use crate::rules::{Genre, ReportYear, Rule};

/// Years back that a copied year may lie.
const PAST: u16 = 4;
/// Blocks of the opening, in which the notice is named and what is evaluated.
const OPENING: usize = 10;
/// Bytes between the year of a notice and the word for it.
const NOTICE: usize = 120;
/// Bytes of a figure that is not met twice by chance.
const FIGURE: usize = 5;

pub(super) fn judge<'a>(
    cx: &Reckoned<'a>,
    rule: &'a Rule,
    kind: &'a ReportYear,
    year: u16,
    sink: &mut Sink<'a>,
) {
    let opening = cx.document.blocks.get(OPENING).map_or(u32::MAX, |block| block.span.start);
    for date in &cx.lexed.dates {
        let Some(block) = cx.block_at(date.span.start).filter(|block| is_prose(block)) else { continue };
        let Some(said) = Said::of(cx, date, block.span) else { continue };
        let told = sink
            .diagnostics
            .iter()
            .any(|one| one.span == date.span && usize::from(one.rule) == cx.index(rule));
        if told || cx.lexed.marks.is_quoted(cx.flow.shown(date.span)) && date.span.start >= opening {
            continue;
        }
        let case = if said.year == year {
            is_base(cx, kind, &said).then_some("compared")
        } else if covered(cx, kind, &said, year) {
            Some("opening")
        } else if ended(cx, kind, &said, year) {
            Some("ended")
        } else if date.span.start < opening
            && (notice(cx, kind, &said, year) || subject(cx, kind, &said, year))
        {
            Some("opening")
        } else {
            let stated = staffed(cx, kind, &said, year)
                || scored(cx, kind, &said)
                || ahead(cx, kind, &said, year)
                || budgeted(cx, kind, &said, year)
                || printed_elsewhere(cx, kind, &said, year);
            stated.then_some("stating")
        };
        if let Some(case) = case {
            let expected = if case == "compared" { year - 1 } else { year };
            report(cx, rule, date, expected, case, sink).emit();
        }
    }
}

/// A year with what its sentence says of it.
struct Said<'t> {
    date: &'t Date,
    year: u16,
    block: Span,
    sentence: Span,
    /// The sentence up to the year.
    before: &'t str,
    /// What follows the year, 度 and a comma passed over.
    after: &'t str,
}

impl<'t> Said<'t> {
    fn of(cx: &'t Reckoned, date: &'t Date, block: Span) -> Option<Self> {
        let sentence = sentence(&cx.document.text, block, date.span);
        let after = cx.document.slice(Span::new(date.span.end, sentence.end));
        let after = after.strip_prefix('度').unwrap_or(after);
        Some(Said {
            date,
            year: date.year?,
            block,
            sentence,
            before: cx.document.slice(Span::new(sentence.start, date.span.start)).trim_start(),
            after: after.strip_prefix('，').unwrap_or(after),
        })
    }

    fn words(&self, cx: &'t Reckoned) -> &'t str {
        cx.document.slice(self.sentence)
    }

    /// The whole paragraph speaks of no other year.
    fn is_alone(&self, cx: &Reckoned) -> bool {
        dates_in(cx, self.block).iter().all(|one| one.year.is_none_or(|year| year == self.year))
    }

    /// What is said behind the unit's own name, where the sentence begins with the year or with that name.
    fn statement(&self, cx: &'t Reckoned, kind: &ReportYear) -> Option<&'t str> {
        let unit = cx.subject.unit.map(|unit| cx.document.slice(unit)).unwrap_or_default();
        let is_own = |text: &str| text == unit || kind.own.iter().any(|own| own == text);
        if !(self.before.is_empty() || is_own(self.before)) || self.date.month.is_some() {
            return None;
        }
        // 与⏎2025年预算持平: a line broken by hand begins no sentence.
        let prior = cx.document.text[..self.sentence.start as usize].trim_end();
        if ends(&kind.against, prior) || prior.ends_with(['，', '、']) {
            return None;
        }
        let after = self.after.strip_prefix(unit).unwrap_or(self.after);
        Some(kind.own.iter().find_map(|own| after.strip_prefix(own.as_str())).unwrap_or(after))
    }

    fn states_figure(&self, cx: &Reckoned) -> bool {
        cx.facts.facts.iter().any(|fact| self.sentence.contains(fact.value_span))
    }
}

/// 支出比2023年的3286.94万元增加 in the report on 2023: the base is a figure, not a budget, and so that of the year before.
fn is_base(cx: &Reckoned, kind: &ReportYear, said: &Said) -> bool {
    if said.date.month.is_some() || cx.subject.genre == Genre::Budget || !ends(&kind.against, said.before) {
        return false;
    }
    let words = said.words(cx);
    let after = said.after.strip_prefix('的').unwrap_or(said.after);
    let after = kind.amounts.iter().find_map(|word| after.strip_prefix(word.as_str())).unwrap_or(after);
    let sole = dates_in(cx, said.sentence).iter().all(|one| one.year.is_none_or(|one| one == said.year));
    let changes = after.find('元').is_some_and(|end| starts(&kind.changes, &after[end + '元'.len_utf8()..]));
    sole && changes && after.starts_with(|c: char| c.is_ascii_digit()) && !within(&kind.other_years, words)
}

/// 截至2022年12月31日，实有在职… in an evaluation of 2023: no history, but the state at the end of its own year.
fn ended(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let last_day = said.date.month == Some(12) && said.date.day == Some(31);
    let past = said.year < year && year - said.year <= PAST;
    cx.subject.genre.evaluates()
        && last_day
        && past
        && kind.until.iter().any(|word| word == said.before)
        && said.is_alone(cx)
        && within(&kind.year_end, said.after)
        && !within(&kind.history, said.after)
        && !within(&kind.before_year, said.after)
}

/// 关于做好2021年度项目支出绩效自评的通知（青财绩〔2024〕11号）in the report on 2023.
fn notice(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let accounts = cx.subject.genre == Genre::FinalAccounts;
    let wrong = said.year < year && cx.subject.genre.evaluates() || accounts && said.year != year;
    if !wrong || said.date.month.is_some() || !ends(&kind.orders, said.before) {
        return false;
    }
    let rest = cx.document.slice(Span::new(said.date.span.end, said.block.end));
    let end = kind.notices.iter().filter_map(|word| rest.find(word.as_str())).min();
    let Some(end) = end.filter(|&end| end <= NOTICE) else { return false };
    let about = if accounts { &kind.accounts_headings } else { &kind.called };
    // A notice of those years may be cited as a standing one.
    let from = said.date.span.end + end as u32;
    let number =
        cx.lexed.document_numbers.iter().find(|one| one.span.start >= from && one.span.start < from + 24);
    let dated = number.map(|number| number.year);
    within(about, &rest[..end]) && dated.is_none_or(|dated| dated > said.year + 1)
}

/// 评价对象为2021年度项目资金 or 对西陵市2021年高标准农田… under a title of 2022 with these words.
fn subject(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let Some((title, titled)) = cx.subject.title.zip(cx.subject.year.and_then(|year| year.titled)) else {
        return false;
    };
    if !cx.subject.genre.evaluates() || said.year >= year || said.date.month.is_some() {
        return false;
    }
    let lead = cx.document.slice(Span::new(title.start, titled.start)).trim_start();
    let words = cx.document.slice(Span::new(titled.end, title.end.max(titled.end)));
    let words: String = words.trim_start_matches('度').chars().take(6).collect();
    let object = |before: &str| ends(&kind.object, before);
    let clause = said.after.split('，').next().unwrap_or_default();
    words.chars().count() == 6
        && said.after.starts_with(&words)
        && (object(said.before) || said.before.strip_suffix(lead).is_some_and(object))
        && !within(&kind.earlier, clause)
}

/// 评价对象为2021年度项目资金 in the report on 2022, 纳入2021年度部门决算编制范围 in its accounts.
fn covered(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let accounts = cx.subject.genre == Genre::FinalAccounts
        && ends(&kind.within, said.before)
        && starts(&kind.accounts_headings, said.after);
    let evaluated = cx.subject.genre.evaluates() && ends(&kind.objects, said.before);
    (accounts || evaluated)
        && said.year < year
        && year - said.year <= PAST
        && said.date.month.is_none()
        && said.is_alone(cx)
}

/// 2023年，我局收入预算… in the budget of 2024, with nothing of the year of the budget beside it.
fn budgeted(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let past = said.year < year && year - said.year <= PAST;
    let Some(after) = said.statement(cx, kind).filter(|_| past && cx.subject.genre == Genre::Budget) else {
        return false;
    };
    let words = said.words(cx);
    (starts(&kind.leads, after) || starts(&kind.nothing, after))
        && within(&kind.budgeted, after)
        && said.is_alone(cx)
        && !within(&kind.executed, words)
        && !within(&kind.other_accounts, words)
        && only_compared(cx, kind, said)
}

/// Whether the report speaks of that year only as what it compares with, but for here.
fn only_compared(cx: &Reckoned, kind: &ReportYear, said: &Said) -> bool {
    let others =
        cx.lexed.dates.iter().filter(|one| one.year == Some(said.year) && one.span != said.date.span);
    let before = |date: &Date| cx.document.text[..date.span.start as usize].trim_end();
    others.into_iter().all(|date| ends(&kind.against, before(date)))
}

/// 2022年末在职17人 in the report on 2023.
fn staffed(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let past = said.year < year && year - said.year <= PAST;
    let behind = said.after.strip_prefix(['末', '底']).map(|after| after.strip_prefix('，').unwrap_or(after));
    let lead = said.before.rsplit('，').next().unwrap_or_default();
    past && said.date.month.is_none()
        && cx.subject.genre != Genre::Budget
        && lead.is_empty()
        && behind.is_some_and(|behind| starts(&kind.staff, behind))
        && said.is_alone(cx)
}

/// 2022年度部门整体支出绩效自评得分95分 in the report on 2023.
fn scored(cx: &Reckoned, kind: &ReportYear, said: &Said) -> bool {
    let of_report = said.statement(cx, kind).is_some_and(|after| {
        let clause = after.split('，').next().unwrap_or_default();
        starts(&kind.about, after)
            && kind.scores.iter().any(|word| {
                clause.find(word.as_str()).is_some_and(|at| {
                    clause[at + word.len()..]
                        .trim_start_matches('为')
                        .starts_with(|c: char| c.is_ascii_digit())
                })
            })
    });
    cx.subject.genre.evaluates() && of_report && said.is_alone(cx)
}

/// 2024年度收、支总计… in the accounts of 2023: figures of a year that had not begun, told as those of the report.
fn ahead(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let Some(after) = said.statement(cx, kind).filter(|_| said.year == year + 1) else { return false };
    let words = said.words(cx);
    let once =
        cx.lexed.dates.iter().filter(|one| one.year == Some(said.year) && one.month.is_none()).count() == 1;
    let past = |one: &Date| one.year.is_none_or(|one| one == said.year || one + 1 == year);
    once && (starts(&kind.leads, after) || starts(&kind.nothing, after))
        && (said.states_figure(cx) || starts(&kind.nothing, after))
        && dates_in(cx, said.block).iter().all(past)
        && !within(&kind.plans, words)
}

/// 2022年支出826.38万元 where the report on 2023 has that figure elsewhere, and not for 2022.
fn printed_elsewhere(cx: &Reckoned, kind: &ReportYear, said: &Said, year: u16) -> bool {
    let past = said.year < year && year - said.year <= PAST;
    let Some(after) = said.statement(cx, kind).filter(|_| past) else { return false };
    if !starts(&kind.leads, after) || !said.is_alone(cx) || within(&kind.history, after) {
        return false;
    }
    let text = &cx.document.text;
    let is_of_year = |at: usize| {
        cx.block_at(at as u32).is_some_and(|block| {
            let place = Span::of(at, at + 1);
            let words = cx.document.slice(sentence(text, block.span, place));
            let own = dates_in(cx, block.span).iter().all(|one| one.year.is_none_or(|one| one == year));
            !said.block.contains(place) && own && !within(&kind.other_years, words)
        })
    };
    let figures = cx.facts.facts.iter().filter(|fact| said.sentence.contains(fact.value_span));
    figures.map(|fact| cx.document.slice(fact.value_span)).any(|figure| {
        let digits = figure.trim_end_matches(|c: char| !c.is_ascii_digit());
        let distinct = digits.len() > FIGURE && digits.contains('.');
        let places: Vec<usize> = if distinct {
            memmem::find_iter(text.as_bytes(), figure.as_bytes()).collect()
        } else {
            Vec::new()
        };
        let outside = |at: &usize| !said.block.contains(Span::of(*at, at + 1));
        places.iter().any(outside) && places.iter().copied().filter(outside).all(is_of_year)
    })
}
