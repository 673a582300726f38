//! `gouji facts --unread`: the figures that were not read whole, each with the reason, so that the lexicon
//! can grow.

use std::fmt::Write;

use anyhow::Result;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::audit::Audit;
use crate::document::{Document, LineIndex, Span};
use crate::emit::columns::{aligned, quoted, short};
use crate::facts::gaps::{Gap, gaps, is_counted};
use crate::facts::{Fact, Role};
use crate::options::Lang;
use crate::reconcile::{Check, State};
use crate::rules::RuleSet;

/// How many characters around a figure are shown.
const BEFORE: usize = 16;
const AFTER: usize = 8;

#[derive(Serialize)]
struct Row<'a> {
    /// The figure as printed.
    text: &'a str,
    before: String,
    after: String,
    /// Words that were taken for its name.
    label: &'a str,
    /// False: it is not known what the figure is.
    partly_read: bool,
    reason: &'static str,
    message: String,
    line: u32,
    column: u32,
    start: u32,
    end: u32,
}

fn rows<'a>(document: &'a Document, set: &RuleSet, read: &Audit, lang: Lang) -> Vec<Row<'a>> {
    let lines = LineIndex::new(&document.text);
    let row = |span: Span, fact: Option<&Fact>, partly_read: bool, reason: &'static str, message: String| {
        let at = lines.position(&document.text, span.start as usize);
        let (before, after) = around(document, span);
        Row {
            text: document.slice(span),
            before,
            after,
            label: fact.map(|fact| document.slice(fact.label)).unwrap_or_default(),
            partly_read,
            reason,
            message,
            line: at.line,
            column: at.column,
            start: span.start,
            end: span.end,
        }
    };
    let quantities = &read.lexed.quantities;
    let own = gaps(document, set, &read.lexed, &read.facts).map(|(place, fact, gap)| {
        let label = fact.map(|fact| document.slice(fact.label)).unwrap_or_default();
        row(quantities[place].span, fact, gap.is_partial(), key(gap), say(gap, label, lang))
    });
    let mut all: Vec<Row> = own.collect();
    let mut best: FxHashMap<Span, &Check> = FxHashMap::default();
    for check in &read.checks {
        for span in &check.spans {
            let known = best.entry(*span).or_insert(check);
            if check.state < known.state {
                *known = check;
            }
        }
    }
    let told = read.facts.facts.iter().filter(|fact| {
        let quantity = fact.quantity.and_then(|place| quantities.get(place as usize));
        matches!(fact.role, Role::Change | Role::Rate | Role::Share | Role::Completion)
            && quantity.is_some_and(is_counted)
    });
    for fact in told {
        let message = match best.get(&fact.value_span) {
            Some(check) if check.state < State::NotEvaluable => continue,
            Some(check) => check.why.as_ref().map(|why| why.say(lang)).unwrap_or_default(),
            None => lang
                .of("没有找到和它相对的数，未核对", "no figure to hold it against, so not checked")
                .to_owned(),
        };
        all.push(row(fact.value_span, Some(fact), true, "not-checked", message));
    }
    all.sort_by_key(|row| row.start);
    all
}

/// The words before and behind, on one line.
fn around(document: &Document, span: Span) -> (String, String) {
    let flat = |c: char| if c.is_whitespace() { ' ' } else { c };
    let before = document.text.get(..span.start as usize).unwrap_or_default();
    let after = document.text.get(span.end as usize..).unwrap_or_default();
    let mut head: Vec<char> = before.chars().rev().take(BEFORE).take_while(|c| *c != '\n').collect();
    head.reverse();
    let tail = after.chars().take(AFTER).take_while(|c| *c != '\n');
    (head.into_iter().map(flat).collect(), tail.map(flat).collect())
}

fn key(gap: Gap) -> &'static str {
    match gap {
        Gap::Table => "table",
        Gap::Furniture => "furniture",
        Gap::Range => "range",
        Gap::PerHead => "per-head",
        Gap::Unread => "unread",
        Gap::NoLabel => "no-label",
        Gap::BasisAlone => "basis-alone",
        Gap::UnknownLabel => "unknown-label",
        Gap::NoBasis => "no-basis",
        Gap::NoPeriod => "no-period",
    }
}

fn say(gap: Gap, label: &str, lang: Lang) -> String {
    let label = short(label, 24);
    match gap {
        Gap::Table => lang
            .of("在表格中，表头、行名没有说明是什么", "in a table whose head and rows do not say what it is"),
        Gap::Furniture => lang.of("在页眉页脚中", "in a running head"),
        Gap::Range => lang.of("是一个范围，不是一个数", "a range, not one amount"),
        Gap::PerHead => {
            lang.of("是标准（每人、每亩等），不是总数", "a rate per head or the like, not a total")
        }
        Gap::Unread => lang.of("没有归入任何事实", "in no fact"),
        Gap::NoLabel => lang.of("前面没有名称", "no name before it"),
        Gap::BasisAlone => lang.of("只有口径，没有说是什么的", "said on what basis, not of what"),
        Gap::UnknownLabel => {
            return match lang {
                Lang::Zh => format!("“{label}”不在词表中"),
                Lang::En => format!("“{label}” is not in the lexicon"),
            };
        }
        Gap::NoBasis => lang.of("没有说明口径（预算、决算等）", "not said whether budget, outturn …"),
        Gap::NoPeriod => lang.of("没有年度，报告年度也没有认出来", "no year, nor is the report's known"),
    }
    .to_owned()
}

pub fn table(document: &Document, set: &RuleSet, read: &Audit, lang: Lang) -> String {
    let rows = rows(document, set, read, lang);
    let figures = read.facts.figures;
    let unread = rows.iter().filter(|row| !row.partly_read).count();
    let partly = rows.len() - unread;
    let mut out = String::new();
    if !rows.is_empty() {
        let head =
            lang.of(["行:列", "程度", "原文", "原因"], ["at", "read", "figure", "reason"]).map(str::to_owned);
        let cells = rows.iter().map(|row| {
            [
                format!("{}:{}", row.line, row.column),
                lang.of(["未读懂", "未读全"], ["no", "partly"])[usize::from(row.partly_read)].to_owned(),
                format!("{}⟦{}⟧{}", row.before, row.text.replace('\n', " "), row.after),
                row.message.clone(),
            ]
        });
        out = aligned(std::iter::once(head).chain(cells).collect());
        out.push('\n');
    }
    let _ = match lang {
        Lang::Zh => writeln!(out, "带单位的数字 {figures} 个：未读懂 {unread} 个，未读全 {partly} 个"),
        Lang::En => writeln!(out, "{figures} figures with a unit: {unread} not read, {partly} read in part"),
    };
    out
}

pub fn json(document: &Document, set: &RuleSet, read: &Audit, lang: Lang) -> Result<String> {
    #[derive(Serialize)]
    struct Listing<'a> {
        path: &'a str,
        figures: usize,
        unread: Vec<Row<'a>>,
    }
    let unread = rows(document, set, read, lang);
    let listing = Listing { path: &document.name, figures: read.facts.figures, unread };
    Ok(serde_json::to_string_pretty(&listing)? + "\n")
}

pub fn csv(document: &Document, set: &RuleSet, read: &Audit, lang: Lang) -> String {
    let mut out = String::from("\u{feff}line,column,text,before,after,label,partly_read,reason,message\r\n");
    for row in rows(document, set, read, lang) {
        let cells = [
            row.line.to_string(),
            row.column.to_string(),
            quoted(row.text),
            quoted(&row.before),
            quoted(&row.after),
            quoted(row.label),
            row.partly_read.to_string(),
            row.reason.to_owned(),
            quoted(&row.message),
        ];
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}
