//! Kind `references`: 见表3, 详见附件2, 见第五部分 where the report numbers such things and has none of
//! that number. Where it numbers none at all, nothing can be said.
//!
//! Placeholders: `{quote}` the reference, `{target}` what is looked for, `{known}` the numbers there are.

use std::collections::BTreeSet;

use super::{Context, Sink};
use crate::document::{BlockKind, Span};
use crate::lexer::ordinal::{self, Style, is_blank};
use crate::outline::Outline;
use crate::rules::{References, Rule, Target};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, references: &'a References, sink: &mut Sink<'a>) {
    let hits = &cx.lexed.rule_hits[cx.index(rule)];
    if hits.is_empty() {
        return;
    }
    let known = Known::gather(cx);
    for hit in hits {
        let target = references.leads[hit.item as usize].target;
        let text = &cx.document.text[hit.span.end as usize..];
        let Some((len, number)) = number(text, target) else { continue };
        let numbers = known.of(target);
        if numbers.is_empty() || numbers.contains(&number) {
            continue;
        }
        let span = Span::new(hit.span.start, hit.span.end + len as u32);
        let list: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let lang = cx.options.lang;
        let word = match target {
            Target::Table => lang.of("表", "table"),
            Target::Attachment => lang.of("附件", "attachment"),
            Target::Part => lang.of("部分", "part"),
        };
        sink.report(rule, span)
            .value("quote", cx.document.slice(span))
            .value("target", word)
            .value("known", list.join(lang.of("、", ", ")))
            .emit();
    }
}

/// The numbers that tables, attachments and parts of the report have.
#[derive(Default)]
struct Known {
    tables: BTreeSet<u32>,
    attachments: BTreeSet<u32>,
    parts: BTreeSet<u32>,
}

impl Known {
    fn of(&self, target: Target) -> &BTreeSet<u32> {
        match target {
            Target::Table => &self.tables,
            Target::Attachment => &self.attachments,
            Target::Part => &self.parts,
        }
    }

    fn gather(cx: &Context) -> Known {
        let mut known = Known { parts: parts(cx.outline), ..Known::default() };
        // Attachments are listed `附件：1.… 2.…`, each item on a line or all on one.
        let mut listing = false;
        for block in &cx.document.blocks {
            if matches!(block.kind, BlockKind::Row { .. }) {
                continue;
            }
            let text = cx.document.slice(block.span).trim_start_matches(is_blank);
            if let Some(rest) = text.strip_prefix("附件").or_else(|| text.strip_prefix("附表")) {
                let rest = rest.trim_start_matches(is_blank);
                if let Some((_, number)) = plain_number(rest) {
                    known.attachments.insert(number);
                    if text.starts_with("附表") {
                        known.tables.insert(number);
                    }
                }
                listing = rest.starts_with(['：', ':']);
                let body = rest.trim_start_matches(['：', ':']);
                let list = Span::new(block.span.end - body.len() as u32, block.span.end);
                if listing {
                    let first = ordinal::at_start(&cx.document.text, list);
                    known.attachments.extend(first.map(|mark| mark.value));
                    ordinal::inside(&cx.document.text, list, first, |mark, _| {
                        known.attachments.insert(mark.value);
                    });
                }
                continue;
            }
            if let Some((_, number)) = text.strip_prefix('表').and_then(plain_number) {
                known.tables.insert(number);
            }
            let item =
                ordinal::at_start(&cx.document.text, block.span).filter(|mark| mark.style == Style::Arabic);
            listing &= item.is_some();
            known.attachments.extend(item.filter(|_| listing).map(|mark| mark.value));
        }
        known
    }
}

fn parts(outline: &Outline) -> BTreeSet<u32> {
    let read = || outline.nodes.iter().filter_map(|node| node.read_as);
    let named: BTreeSet<u32> =
        read().filter(|(style, _)| *style == Style::Part).map(|(_, value)| value).collect();
    if named.is_empty() {
        let plain = |style: &Style| matches!(style, Style::Chinese | Style::ChineseBracket);
        return read().filter(|(style, _)| plain(style)).map(|(_, value)| value).collect();
    }
    named
}

/// The number after the lead word, and the bytes it takes.
fn number(text: &str, target: Target) -> Option<(usize, u32)> {
    if target != Target::Part {
        return plain_number(text);
    }
    let inner = text.trim_start_matches(['（', '(']);
    let (len, number) = plain_number(inner)?;
    let rest = inner[len..].trim_start_matches(['）', ')']);
    rest.starts_with("部分").then(|| (text.len() - rest.len() + "部分".len(), number))
}

/// An Arabic or Chinese number that no 3-1, 3.1 or longer word goes on from.
fn plain_number(text: &str) -> Option<(usize, u32)> {
    let start = text.trim_start_matches(is_blank);
    let lead = text.len() - start.len();
    let digits = start.len() - start.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        let joined = start[digits..].starts_with(['-', '—', '－', '.', '年', '月', '～', '~', '至']);
        let number = start[..digits].parse().ok().filter(|&number: &u32| number > 0 && number < 100);
        return number.filter(|_| !joined).map(|number| (lead + digits, number));
    }
    let word: String = start.chars().take_while(|&c| "一二三四五六七八九十".contains(c)).collect();
    let number = ordinal::chinese_value(&word).filter(|&number| number > 0)?;
    let joined = start[word.len()..].starts_with(['般', '览', '至', '类', '级']);
    (!joined).then_some((lead + word.len(), number))
}
