//! Kind `ending`: attachments, and the unit and date under the text.
//!
//! Placeholders: `{quote}` the words that name a paper, `{missing}` what the signature lacks,
//! `{papers}` the papers that the profile wants attached.

use super::{Context, Sink};
use crate::document::{BlockKind, Span};
use crate::options::Lang;
use crate::rules::{Ending, EndingPart, Rule};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, ending: &'a Ending, sink: &mut Sink<'a>) {
    if !cx.form.profile.genre.evaluates() {
        return;
    }
    match ending.wanted {
        EndingPart::Attachment => attachment(cx, rule, sink),
        EndingPart::Signature => signature(cx, rule, sink),
    }
}

fn attachment<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let profile = cx.form.profile;
    let attached = cx.document.blocks.iter().any(|block| is_attachment(cx.document.slice(block.span)));
    let named = cx.lexed.rule_hits[cx.index(rule)].first();
    if attached || !cx.document.tables.is_empty() || (profile.attachments.is_empty() && named.is_none()) {
        return;
    }
    let papers =
        profile.attachments.iter().map(|paper| format!("《{paper}》")).collect::<Vec<_>>().join("、");
    let (span, case) = match named {
        Some(hit) => (hit.span, "named"),
        None => (cx.top(), ""),
    };
    sink.report(rule, span)
        .case(case)
        .value("quote", cx.document.slice(span))
        .value("papers", papers)
        .cites(&profile.cites)
        .emit();
}

/// Blocks at either end of a text in which the signature is looked for.
const REACH: usize = 40;

fn signature<'a>(cx: &Context<'a>, rule: &'a Rule, sink: &mut Sink<'a>) {
    let blocks: Vec<Span> = cx
        .document
        .blocks
        .iter()
        .filter(|block| !matches!(block.kind, BlockKind::Row { .. } | BlockKind::PageFurniture))
        .map(|block| block.span)
        .collect();
    // A cover bears unit and date as well as an ending does.
    let ends = blocks.iter().take(8).chain(blocks.iter().rev().take(REACH));
    let (mut unit, mut date) = (false, false);
    for span in ends {
        let text = cx.document.slice(*span);
        date |= is_date(text);
        unit |= is_unit(text);
    }
    let Some(last) = blocks.last() else { return };
    let missing = match (unit, date) {
        (true, true) => return,
        (false, false) => cx.options.lang.of("单位名称和成文日期", "unit and date"),
        (false, true) => cx.options.lang.of("单位名称", "unit"),
        (true, false) => cx.options.lang.of("成文日期", "date"),
    };
    let text = cx.document.slice(*last);
    let tail = text.char_indices().rev().nth(11).map_or(0, |(at, _)| at);
    let span = Span::new(last.start + tail as u32, last.end);
    sink.report(rule, span).value("missing", missing).emit();
}

/// Where attachments and signature begin; the length of the text where there are none.
pub(super) fn ending_start(cx: &Context) -> u32 {
    let mut start = cx.document.text.len() as u32;
    for block in cx.document.blocks.iter().rev().take(REACH) {
        let text = cx.document.slice(block.span);
        let listed = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('表');
        if matches!(block.kind, BlockKind::Heading(_))
            || !(is_attachment(text) || is_date(text) || is_unit(text) || listed)
        {
            break;
        }
        start = block.span.start;
    }
    start
}

fn is_attachment(text: &str) -> bool {
    text.starts_with(['附', '（', '('])
        && ["附件", "附：", "附:", "附表", "（附件", "(附件"].iter().any(|head| text.starts_with(head))
        && text.chars().nth(80).is_none()
}

/// A line that is a date and nothing else.
fn is_date(text: &str) -> bool {
    text.chars().take(25).all(|c| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || "年月日〇○零一二三四五六七八九十０１２３４５６７８９".contains(c)
            || "日期成文报告填报时间：:".contains(c)
    }) && text.chars().nth(24).is_none()
        && text.contains('年')
        && text.contains('月')
}

/// What names of public bodies end in.
pub(super) const BODIES: [&str; 32] = [
    "局",
    "委",
    "会",
    "办",
    "办公室",
    "院",
    "中心",
    "政府",
    "校",
    "学校",
    "中学",
    "小学",
    "所",
    "站",
    "馆",
    "队",
    "厅",
    "部",
    "社",
    "公司",
    "处",
    "联",
    "团委",
    "协会",
    "学院",
    "大学",
    "银行",
    "基地",
    "园",
    "场",
    "库",
    "署",
];

/// A short line that names a public body: no sentence, no heading.
fn is_unit(text: &str) -> bool {
    // Most lines are sentences, which end with their stop.
    if text.ends_with(['。', '；']) {
        return false;
    }
    let name = text.trim_end_matches(['（', '）', '(', ')', '盖', '章', ' ', '\u{3000}']);
    let name = name.rsplit(['：', ':']).next().unwrap_or(name);
    let chars = name.chars().take(31).count();
    (4..=30).contains(&chars)
        && !name.contains(['，', '。', '、', '；'])
        && !name.starts_with("关于")
        && BODIES.iter().any(|end| name.ends_with(end))
}

impl Lang {
    /// A list in running text.
    pub(super) fn list(self, items: &[&str]) -> String {
        items.join(self.of("、", ", "))
    }
}
