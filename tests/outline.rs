//! The outline over texts and over whatever bytes.

use gouji::input;
use gouji::outline::{NodeKind, Outline, Style, recover};

/// One node a line: depth as dashes, mark, kind, title.
fn drawn(text: &str, outline: &Outline) -> String {
    let mut out = String::new();
    for node in &outline.nodes {
        let mark = node.marker.map_or("", |mark| &text[mark.span.range()]);
        let kind = match node.kind {
            NodeKind::Heading => "",
            NodeKind::RunIn => "…",
            NodeKind::Label => "?",
            NodeKind::Item => "·",
        };
        out.push_str(&format!(
            "{}{mark}{}{kind}\n",
            "-".repeat(node.level as usize),
            &text[node.title.range()]
        ));
    }
    out
}

fn outline_of(text: &str) -> (String, Outline) {
    let document = input::read_text("x", text.to_owned());
    let outline = recover(&document);
    (document.text, outline)
}

fn draw(text: &str) -> String {
    let (text, outline) = outline_of(text);
    drawn(&text, &outline)
}

#[test]
fn a_report_without_styles_is_a_tree() {
    let text = "某县档案馆2023年度整体支出绩效自评报告\n一、基本情况\n（一）机构设置\n内设三个股室。\n（二）人员编制：编制6名。\n\
                二、支出情况\n（一）基本支出：年初预算80万元。\n1.人员经费。发放工资。\n2.公用经费。购买办公用品，一是纸张；二是墨盒。\n\
                三、问题\n一是预算不细。\n二是执行偏慢。\n";
    let tree = "-一、基本情况\n--（一）机构设置\n--（二）人员编制…\n-二、支出情况\n--（一）基本支出…\n---1.人员经费…\n---2.公用经费…\n\
                ----一是纸张·\n----二是墨盒·\n-三、问题\n--一是预算不细·\n--二是执行偏慢·\n";
    assert_eq!(draw(text), tree);
}

#[test]
fn a_number_in_the_wrong_script_stays_in_its_series() {
    let text = "一、甲情况\n文字一段。\n二、乙情况\n文字一段。\n3、 丙情况\n（1） 丁事项\n1．做法。\n2．做法。\n（二）戊事项\n1．做法。\n（三）己事项\n";
    let (_, outline) = outline_of(text);
    let levels: Vec<u8> = outline.nodes.iter().map(|node| node.level).collect();
    assert_eq!(levels, [1, 1, 1, 2, 3, 3, 2, 3, 2]);
}

#[test]
fn contents_and_page_numbers_are_no_headings() {
    let text = "目  录\n第一部分 概况\n一、职能\n第二部分 说明\n一、收入\n- 1 -\n第一部分 概况\n一、职能\n负责档案。\n12\n第二部分 说明\n一、收入\n收入80万元。\n";
    assert_eq!(draw(text), "-第一部分概况\n--一、职能\n-第二部分说明\n--一、收入\n");
    assert_eq!(outline_of(text).1.contents.len(), 4);
}

#[test]
#[ignore = "prints the outline of $FILE"]
fn show() {
    let path = std::env::var("FILE").expect("FILE");
    let (text, outline) = outline_of(&std::fs::read_to_string(path).expect("readable"));
    println!("title {:?}\n{}", outline.title.map(|title| &text[title.range()]), drawn(&text, &outline));
    for f in &outline.forgiven {
        let others: Vec<_> = f.others.iter().map(|other| &text[other.range()]).collect();
        println!("{:?} {} {:?} {others:?}", f.kind, &text[f.span.range()], f.expected);
    }
}

#[test]
#[ignore = "prints every finding of family NUM on the files of $FILES"]
fn show_findings() {
    let set = gouji::rules::embedded().expect("embedded rules load");
    for path in std::env::var("FILES").expect("FILES").split_whitespace() {
        let document = input::read_text(path, std::fs::read_to_string(path).expect("readable"));
        for found in gouji::audit(&document, &set, &gouji::Options::default()).diagnostics {
            let line = document.text[..found.span.start as usize].matches('\n').count() + 1;
            if found.code.starts_with("NUM") {
                println!("{path}:{line} {:?} {} {}", found.severity, found.code, found.message);
            }
        }
    }
}

/// A change of one mark or section, and the codes of which exactly one must answer.
struct Mutation {
    what: String,
    text: String,
    codes: &'static [&'static str],
}

fn replaced(text: &str, range: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// One change for each numbered heading that stands between two siblings.
fn mutations(text: &str, outline: &Outline) -> Vec<Mutation> {
    let mut out = Vec::new();
    let siblings = |parent| -> Vec<_> {
        outline.nodes.iter().filter(move |node| node.parent == parent && node.read_as.is_some()).collect()
    };
    let mut parents: Vec<_> = outline.nodes.iter().map(|node| node.parent).collect();
    parents.sort();
    parents.dedup();
    for parent in parents {
        let series = siblings(parent);
        let plain = series.iter().all(|node| node.read_as.map(|r| r.1) == node.marker.map(|m| m.value));
        let one = series.iter().all(|node| node.read_as.map(|r| r.0) == series[0].read_as.map(|r| r.0));
        if series.len() < 3
            || !plain
            || !one
            || series[0].read_as.is_some_and(|(style, _)| style > Style::ArabicBracket)
        {
            continue;
        }
        for at in 1..series.len() - 1 {
            let (before, node, after) = (series[at - 1], series[at], series[at + 1]);
            let (style, value) = node.read_as.unwrap();
            let mark = node.marker.unwrap().span.range();
            let quote = &text[mark.clone()];
            let mut push = |what: &str, text: String, codes| {
                out.push(Mutation {
                    what: format!(
                        "{what} {quote} under {:?}",
                        parent.map(|p| &text[outline.node(p).title.range()])
                    ),
                    text,
                    codes,
                });
            };
            let typed = |new: u32| {
                let bare = |value| style.mark(value).trim_matches(['、', '.', '（', '）']).to_owned();
                quote.replacen(&bare(value), &bare(new), 1)
            };
            push("repeat", replaced(text, mark.clone(), &typed(value - 1)), &["NUM002"]);
            push("skip", replaced(text, mark.clone(), &typed(value + 1)), &["NUM001", "NUM002"]);
            if node.kind != NodeKind::Item {
                push("unnumber", replaced(text, mark.clone(), ""), &["NUM008", "NUM001"]);
            }
            let other = match style {
                Style::Chinese => Style::Arabic,
                Style::ChineseBracket => Style::ArabicBracket,
                Style::Arabic => Style::Chinese,
                _ => Style::ChineseBracket,
            };
            push("rescript", replaced(text, mark.clone(), &other.mark(value)), &["NUM003"]);
            push("remove", replaced(text, node.start() as usize..after.start() as usize, ""), &["NUM001"]);
            let moved = format!(
                "{}{}",
                &text[node.start() as usize..after.start() as usize],
                &text[before.start() as usize..node.start() as usize]
            );
            push(
                "swap",
                replaced(text, before.start() as usize..after.start() as usize, &moved),
                &["NUM001"],
            );
        }
    }
    out
}

fn numbering_findings(text: &str) -> Vec<(String, String)> {
    let set = gouji::rules::embedded().expect("embedded rules load");
    let document = input::read_text("x", text.to_owned());
    let mut options = gouji::Options::default();
    options.enabled = set.rules.iter().map(|rule| rule.code.starts_with("NUM")).collect();
    let found = gouji::audit(&document, &set, &options).diagnostics;
    found
        .iter()
        .filter(|found| found.severity > gouji::diagnostic::Severity::Hint)
        .map(|found| (found.code.to_string(), document.slice(found.span).to_owned()))
        .collect()
}

#[test]
#[ignore = "prints the mutations of $FILE that are not answered by exactly one finding"]
fn show_mutations() {
    let (text, outline) =
        outline_of(&std::fs::read_to_string(std::env::var("FILE").expect("FILE")).expect("readable"));
    let base = numbering_findings(&text);
    let (mut right, mut all) = (0, 0);
    for mutation in mutations(&text, &outline) {
        let found: Vec<_> =
            numbering_findings(&mutation.text).into_iter().filter(|one| !base.contains(one)).collect();
        all += 1;
        if found.len() == 1 && mutation.codes.contains(&found[0].0.as_str()) {
            right += 1;
        } else {
            println!("{} -> {found:?}", mutation.what);
        }
    }
    println!("{right} of {all}");
}
