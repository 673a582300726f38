//! Slips in words and marks.

use gouji::document::{BlockKind, Span};

use super::Operator;
use crate::harness::base::Base;
use crate::harness::mutation::Mutation;
use crate::harness::random::Random;

pub const OPERATORS: &[Operator] = &[
    Operator::of("word-doubled", "词语重复", &["TXT002"], |base, _| doubled(base, &WORDS)),
    Operator::of("character-doubled", "单字重复", &["TXT002"], |base, _| doubled(base, &CHARACTERS)),
    Operator::of("mark-doubled", "标点重复", &["TXT006"], |base, _| {
        doubled(base, &["，", "。", "；", "、"])
    }),
    Operator::of("sentence-copied", "整句重复", &["TXT002"], |base, _| copied(base)),
    Operator::of("bracket-dropped", "成对标点缺一半", &["TXT005"], dropped),
    Operator::of("mark-half-width", "半角标点", &["TXT004"], |base, _| half_width(base)),
    Operator::of("stop-dropped", "段末句号丢失", &["TXT003"], |base, _| unstopped(base)),
    Operator::of("year-bracket", "文号括号写错", &["TXT001"], |base, _| year_bracket(base)),
    Operator::of("number-lost", "数字漏填", &["SEC009"], |base, _| lost(base)),
];

/// Ordinary words of such reports, no rule's list.
const WORDS: [&str; 30] = [
    "支出", "预算", "资金", "项目", "工作", "管理", "绩效", "部门", "单位", "经费", "完成", "实施", "主要",
    "开展", "提高", "加强", "其中", "全年", "增加", "减少", "进行", "按照", "服务", "培训", "制度", "问题",
    "万元", "情况", "人员", "使用",
];
const CHARACTERS: [&str; 8] = ["的", "和", "了", "在", "为", "等", "对", "与"];

fn is_prose(base: &Base, at: usize) -> bool {
    base.report
        .document
        .blocks
        .iter()
        .any(|block| block.kind == BlockKind::Paragraph && block.span.range().contains(&at))
}

fn doubled(base: &Base, words: &[&str]) -> Vec<Mutation> {
    let mut found: Vec<Mutation> = Vec::new();
    for word in words {
        for (at, _) in base.text().match_indices(word).filter(|(at, _)| is_prose(base, *at)) {
            let span = Span::of(at, at + word.len());
            found.push(Mutation::at(span, word.repeat(2)));
        }
    }
    found
}

fn copied(base: &Base) -> Vec<Mutation> {
    let mut found = Vec::new();
    for block in base.report.document.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph) {
        let text = base.report.document.slice(block.span);
        let mut start = 0;
        for (at, stop) in text.match_indices('。') {
            let sentence = &text[start..at + stop.len()];
            if start > 0 && (12..80).contains(&sentence.chars().count()) {
                let from = block.span.range().start + start;
                found.push(Mutation::at(Span::of(from, from + sentence.len()), sentence.repeat(2)));
            }
            start = at + stop.len();
        }
    }
    found
}

const PAIRS: [(char, char); 6] =
    [('（', '）'), ('《', '》'), ('“', '”'), ('〔', '〕'), ('【', '】'), ('‘', '’')];

/// One of a pair of marks taken away; the other one belongs to the slip. Marks of ordinals stay.
fn dropped(base: &Base, random: &mut Random) -> Vec<Mutation> {
    let marks: Vec<Span> =
        base.report.audit.outline.nodes.iter().filter_map(|node| Some(node.marker?.span)).collect();
    let mut found = Vec::new();
    for block in &base.report.document.blocks {
        let mut open: Vec<(char, Span)> = Vec::new();
        let from = block.span.range().start;
        for (at, c) in base.report.document.slice(block.span).char_indices() {
            let span = Span::of(from + at, from + at + c.len_utf8());
            if PAIRS.iter().any(|(left, _)| *left == c) {
                open.push((c, span));
            } else if let Some((left, _)) = PAIRS.iter().find(|(_, right)| *right == c)
                && let Some((_, partner)) = open.pop_if(|(mark, _)| mark == left)
                && marks.iter().all(|mark| !mark.overlaps(span))
            {
                let (gone, kept) = if random.below(2) == 0 { (partner, span) } else { (span, partner) };
                found.push(Mutation::at(gone, "").with(kept));
            }
        }
    }
    found
}

fn half_width(base: &Base) -> Vec<Mutation> {
    let marks = base.text().char_indices().filter_map(|(at, c)| {
        let half = match c {
            '，' => ",",
            '；' => ";",
            '：' => ":",
            _ => return None,
        };
        is_prose(base, at).then(|| Mutation::at(Span::of(at, at + c.len_utf8()), half))
    });
    marks.collect()
}

fn unstopped(base: &Base) -> Vec<Mutation> {
    let paragraphs = base.report.document.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph);
    paragraphs
        .filter(|block| base.report.document.slice(block.span).ends_with('。'))
        .map(|block| {
            let end = block.span.range().end;
            Mutation::at(Span::of(end - '。'.len_utf8(), end), "")
        })
        .collect()
}

fn year_bracket(base: &Base) -> Vec<Mutation> {
    let numbers = base.report.audit.lexed.document_numbers.iter();
    numbers.map(|number| Mutation::at(number.bracketed, format!("【{}】", number.year))).collect()
}

/// The number gone, its unit left, as in a form that was not filled in.
fn lost(base: &Base) -> Vec<Mutation> {
    let figures = base.printed().into_iter();
    figures
        .map(|figure| {
            let unit = Span::new(figure.span.end, base.quantity(figure.quantity).span.end);
            Mutation::at(figure.span, "").with(unit)
        })
        .collect()
}
