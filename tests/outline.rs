//! The outline over texts, over whatever characters, and under single changes.

use std::sync::LazyLock;

use gouji::diagnostic::Severity;
use gouji::document::Document;
use gouji::input;
use gouji::outline::{NodeKind, Outline, Style, recover};
use gouji::rules::{self, RuleSet};
use gouji::{Options, audit};
use proptest::prelude::*;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules::embedded().expect("embedded rules load"));

fn outline_of(text: &str) -> (Document, Outline) {
    let document = input::read_text("x", text.to_owned());
    let outline = recover(&document);
    (document, outline)
}

/// One node a line: depth as dashes, mark, title, and a sign for the kind.
fn draw(text: &str) -> String {
    let (document, outline) = outline_of(text);
    let mut out = String::new();
    for node in &outline.nodes {
        let mark = node.marker.map_or("", |mark| document.slice(mark.span));
        let kind = match node.kind {
            NodeKind::Heading => "",
            NodeKind::RunIn => "…",
            NodeKind::Label => "?",
            NodeKind::Item => "·",
        };
        let title = document.slice(node.title);
        out.push_str(&format!("{}{mark}{title}{kind}\n", "-".repeat(node.level as usize)));
    }
    out
}

#[test]
fn texts_have_the_trees_that_a_reader_sees() {
    let cases = std::fs::read_to_string("tests/data/outlines.txt").expect("readable");
    for case in cases.split("==== ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a name");
        let (text, expected) = rest.split_once("----\n").expect("a tree");
        assert_eq!(draw(text).trim_end(), expected.trim_end(), "{name}");
    }
}

/// What family NUM finds above a hint: code and quote.
fn findings(text: &str) -> Vec<(String, String)> {
    let document = input::read_text("x", text.to_owned());
    let enabled = RULES.rules.iter().map(|rule| rule.code.starts_with("NUM")).collect();
    let found = audit(&document, &RULES, &Options { enabled, ..Options::default() }).diagnostics;
    let above = found.iter().filter(|found| found.severity > Severity::Hint);
    above.map(|found| (found.code.to_string(), document.slice(found.span).to_owned())).collect()
}

/// A change of one mark or section, and the codes of which exactly one must answer.
struct Mutation {
    what: String,
    text: String,
    codes: &'static [&'static str],
}

/// One change of each sort for each numbered heading that stands between two siblings.
fn mutations(text: &str) -> Vec<Mutation> {
    let (document, outline) = outline_of(text);
    let mut out = Vec::new();
    let mut parents: Vec<_> = outline.nodes.iter().map(|node| node.parent).collect();
    parents.sort();
    parents.dedup();
    for parent in parents {
        let series: Vec<_> =
            outline.nodes.iter().filter(|node| node.parent == parent && node.read_as.is_some()).collect();
        for three in series.windows(3) {
            let [before, node, after] = three else { continue };
            let (Some((style, value)), Some(mark)) = (node.read_as, node.marker) else { continue };
            if style > Style::ArabicBracket
                || mark.value != value
                || after.read_as.is_none_or(|read| read.1 != value + 1)
            {
                continue;
            }
            let quote = document.slice(mark.span);
            let number = |value| style.mark(value).trim_matches(['、', '.', '（', '）']).to_owned();
            let numbered = |new| quote.replacen(&number(value), &number(new), 1);
            let (start, end) = (node.start() as usize, after.start() as usize);
            let (first, at) = (before.start() as usize, mark.span.range());
            let replaced = |range: std::ops::Range<usize>, with: &str| {
                format!("{}{with}{}", &text[..range.start], &text[range.end..])
            };
            let other = match style {
                Style::Chinese => Style::Arabic,
                Style::ChineseBracket => Style::ArabicBracket,
                Style::Arabic => Style::Chinese,
                Style::ArabicBracket => Style::ChineseBracket,
                _ => style,
            };
            let mut changes: Vec<(&str, String, &'static [&'static str])> = vec![
                ("repeat", replaced(at.clone(), &numbered(value - 1)), &["NUM002"]),
                ("skip", replaced(at.clone(), &numbered(value + 1)), &["NUM001", "NUM002"]),
                ("remove", replaced(start..end, ""), &["NUM001"]),
                (
                    "swap",
                    replaced(first..end, &format!("{}{}", &text[start..end], &text[first..start])),
                    &["NUM001"],
                ),
            ];
            if node.kind != NodeKind::Item {
                changes.push(("unnumber", replaced(at.clone(), ""), &["NUM008", "NUM001"]));
            }
            if other != style {
                changes.push(("rescript", replaced(at, &other.mark(value)), &["NUM003"]));
            }
            out.extend(changes.into_iter().map(|(what, text, codes)| Mutation {
                what: format!("{what} {quote}"),
                text,
                codes,
            }));
        }
    }
    out
}

/// How many changes are answered by exactly one finding of the right rule, of how many.
fn answered(text: &str) -> (usize, usize) {
    let base = findings(text);
    // A third of them keeps the tests quick.
    let all: Vec<Mutation> = mutations(text).into_iter().step_by(3).collect();
    let right = all.iter().filter(|mutation| {
        // What stood there before may now quote the changed mark.
        let mut found = findings(&mutation.text);
        let mut gone = base.clone();
        gone.retain(|one| !found.contains(one));
        found.retain(|one| !base.contains(one));
        for (code, _) in &gone {
            if let Some(at) = found.iter().position(|(other, _)| other == code) {
                found.remove(at);
            }
        }
        let right = matches!(&found[..], [(code, _)] if mutation.codes.contains(&code.as_str()));
        if !right {
            println!("{}: {found:?}", mutation.what);
        }
        right
    });
    (right.count(), all.len())
}

#[test]
fn one_change_is_one_finding() {
    let clean = std::fs::read_to_string("examples/clean.txt").expect("readable");
    assert_eq!(findings(&clean), []);
    let (right, all) = answered(&clean);
    assert!(right * 100 >= all * 97, "{right} of {all}");
}

/// Headings of a report, as nested numbers of children.
#[derive(Debug, Clone)]
struct Part(Vec<Part>);

fn parts() -> impl Strategy<Value = Part> {
    let leaf = Just(Part(Vec::new()));
    leaf.prop_recursive(3, 40, 5, |inner| {
        prop_oneof![Just(Part(Vec::new())), prop::collection::vec(inner, 3..6).prop_map(Part),]
    })
}

const STACKS: [&[Style]; 6] = [
    &[Style::Chinese, Style::ChineseBracket, Style::Arabic, Style::ArabicBracket],
    &[Style::Part, Style::Chinese, Style::ChineseBracket, Style::Arabic],
    &[Style::Chinese, Style::Arabic, Style::ArabicBracket, Style::Circled],
    &[Style::Chapter, Style::Chinese, Style::ChineseBracket, Style::Is],
    &[Style::ChineseBracket, Style::Arabic, Style::Circled, Style::Is],
    &[Style::Chinese, Style::ChineseBracket, Style::Is, Style::Circled],
];

/// The report with these headings, and the level and number of each.
fn written(part: &Part, stack: &[Style], text: &mut String, nodes: &mut Vec<(u8, u32)>, level: u8) {
    const TOPICS: [&str; 5] = ["机构设置", "预算执行", "绩效目标", "资产管理", "整改落实"];
    for (at, child) in part.0.iter().enumerate() {
        let (style, value) = (stack[0], at as u32 + 1);
        let topic = TOPICS[(at + level as usize) % 5];
        nodes.push((level, value));
        let mark = style.mark(value);
        match style {
            Style::Is => {
                text.push_str(&format!("{mark}加强{topic}工作。全年召开会议{value}次，开展检查{level}次。\n"))
            }
            Style::Circled => text.push_str(&format!("{mark}{topic}。全年已按计划完成。\n")),
            Style::Chapter | Style::Part => text.push_str(&format!("{mark} {topic}情况\n")),
            _ => text.push_str(&format!("{mark}{topic}情况{level}\n")),
        }
        if style < Style::Is && (at % 2 == 0 || child.0.is_empty()) {
            text.push_str("本单位按照年初计划组织实施，各项任务均已完成，资金使用合规。\n");
        }
        if stack.len() > 1 {
            written(child, &stack[1..], text, nodes, level + 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn what_is_numbered_well_is_read_back_and_not_blamed(part in parts(), stack in 0..STACKS.len()) {
        let (mut text, mut nodes) = (String::new(), Vec::new());
        written(&part, STACKS[stack], &mut text, &mut nodes, 1);
        let (_, outline) = outline_of(&text);
        let read: Vec<(u8, u32)> = outline.nodes.iter().filter_map(|node| Some((node.level, node.read_as?.1))).collect();
        prop_assert_eq!(read, nodes, "{}", text);
        prop_assert_eq!(&outline.forgiven, &[], "{}", text);
    }

    #[test]
    fn whatever_the_text_the_tree_is_sound(text in "([一二三四五]、|（[一二三四0-9]{1,2}）|[0-9]{1,2}[.、)]|第[一二三]部分|[一二三四]是|①|②|[甲乙丙丁]{1,9}|[。：；，\n 　]|目录\n|附件|12\n|1.5|[a-z]|\\PC){0,160}") {
        let (document, outline) = outline_of(&text);
        let mut last = 0;
        for (id, node) in outline.nodes.iter().enumerate() {
            prop_assert!(node.start() >= last, "nodes in text order");
            last = node.start();
            prop_assert!(document.text.get(node.title.range()).is_some());
            prop_assert!(document.text.get(node.body.range()).is_some());
            if let Some(parent) = node.parent {
                prop_assert!((parent.0 as usize) < id);
                prop_assert_eq!(node.level, outline.node(parent).level + 1);
                prop_assert!(outline.node(parent).children.iter().any(|child| child.0 as usize == id));
            }
        }
        prop_assert_eq!(outline.node_of_block.len(), document.blocks.len());
        for one in &outline.forgiven {
            for span in one.others.iter().chain([&one.span]) {
                prop_assert!(document.text.get(span.range()).is_some());
            }
        }
        findings(&text);
    }
}

/// Seconds that recovery and judging take over `text`.
fn seconds(text: String) -> f64 {
    let document = input::read_text("x", text);
    let start = std::time::Instant::now();
    recover(&document);
    start.elapsed().as_secs_f64()
}

#[test]
fn the_work_grows_with_the_text_and_not_with_its_square() {
    let makers: [fn(usize) -> String; 7] = [
        |n| (1..=n).map(|i| format!("{i}.标题\n正文一段，说明情况。\n")).collect(),
        |n| (0..n).map(|i| format!("{}标题\n", Style::Chinese.mark(i as u32 % 90 + 1))).collect(),
        |n| (0..n).map(|i| format!("{}甲；", Style::ArabicBracket.mark(i as u32 % 7 + 1))).collect(),
        |n| "甲乙丙丁情况：\n".repeat(n),
        |n| "一".repeat(n * 6),
        |n| format!("。{}", " ".repeat(n * 20)),
        |n| "（一）甲二、乙 1. ".repeat(n),
    ];
    // A busy machine makes a run slower, never faster.
    let best = |text: String| (0..3).map(|_| seconds(text.clone())).fold(f64::MAX, f64::min);
    for (at, make) in makers.into_iter().enumerate() {
        let (small, large) = (best(make(300)), best(make(4_800)));
        // Sixteen times the text; a square would take 256 times as long.
        assert!(large < small.max(0.002) * 100.0, "maker {at}: {small:.4} s and {large:.4} s");
    }
}

/// `../shared` beside the repository, where the real reports are.
fn shared() -> Option<std::path::PathBuf> {
    let folder =
        std::env::var_os("GOUJI_SHARED").map_or_else(|| "../shared".into(), std::path::PathBuf::from);
    folder.is_dir().then_some(folder).or_else(|| {
        println!("skipped: no ../shared and no GOUJI_SHARED");
        None
    })
}

/// Line, code and severity of every finding of family NUM.
fn at_lines(path: &std::path::Path) -> Vec<(usize, String, Severity)> {
    let document = input::read_text("x", std::fs::read_to_string(path).expect("readable"));
    let found = audit(&document, &RULES, &Options::default()).diagnostics;
    let line = |at: u32| document.text[..at as usize].matches('\n').count() + 1;
    let own = found.iter().filter(|found| found.code.starts_with("NUM"));
    own.map(|found| (line(found.span.start), found.code.to_string(), found.severity)).collect()
}

#[test]
fn the_real_draft_is_blamed_where_it_is_wrong() {
    let Some(shared) = shared() else { return };
    let path = shared.join("seed/report.txt");
    let found: Vec<String> = at_lines(&path)
        .into_iter()
        .map(|(line, code, severity)| format!("{line} {code} {severity:?}"))
        .collect();
    let expected = [
        "6 NUM008 Warning",
        "31 NUM004 Error",
        "38 NUM004 Error",
        "39 NUM004 Hint",
        "45 NUM006 Warning",
        "55 NUM003 Error",
        "60 NUM003 Error",
        "61 NUM003 Error",
        "62 NUM007 Hint",
        "72 NUM003 Error",
    ];
    assert_eq!(found, expected);
    let (right, all) = answered(&std::fs::read_to_string(path).expect("readable"));
    assert!(right * 100 >= all * 90, "{right} of {all}");
}

/// Every error and warning on the real reports was read by eye: these are true, and there are no others.
#[test]
fn real_reports_are_not_blamed_wrongly() {
    let Some(shared) = shared() else { return };
    let mut found = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(shared.join("corpus"))
        .expect("readable")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "txt")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let above = at_lines(path).into_iter().filter(|(_, _, severity)| *severity > Severity::Hint);
        found.extend(above.map(|(line, code, _)| format!("{name}:{line} {code}")));
    }
    let expected = [
        "F001.reflow.txt:33 NUM010",
        "F001.txt:37 NUM010",
        "F010.reflow.txt:50 NUM004",
        "F010.reflow.txt:3201 NUM004",
        "F010.txt:62 NUM004",
        "F010.txt:3323 NUM004",
        "F029.reflow.txt:1512 NUM005",
        "F029.txt:1735 NUM005",
        "F048.txt:10 NUM001",
        "F050.txt:10 NUM002",
    ];
    assert_eq!(found, expected);
}
