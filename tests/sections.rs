//! Section rules on reports with a part removed, moved, emptied or added.

use gouji::diagnostic::{Diagnostic, Severity};
use gouji::{Options, audit, input, rules};

const CLEAN: &str = include_str!("../examples/clean.txt");
const DRAFT: &str = include_str!("../examples/draft.txt");

/// What the section rules say of `text`, hints left out: code and marked characters.
fn found(text: &str) -> Vec<(String, String)> {
    let set = rules::embedded().expect("embedded rules load");
    let document = input::read_text("report", text.to_owned());
    let firm = |found: &&Diagnostic| found.code.starts_with("SEC") && found.severity > Severity::Hint;
    let result = audit(&document, &set, &Options::default());
    let said = result.diagnostics.iter().filter(firm);
    said.map(|found| (found.code.to_string(), document.slice(found.span).to_owned())).collect()
}

fn profile(text: &str) -> String {
    let set = rules::embedded().expect("embedded rules load");
    audit(&input::read_text("report", text.to_owned()), &set, &Options::default()).profile
}

/// The report cut into what stands above the first section, the sections, and the signature.
fn parts(text: &str) -> (String, Vec<String>, String) {
    let heads = |line: &str| line.chars().nth(1) == Some('、') && "一二三四五六七八九".contains(&line[..3]);
    let (mut top, mut sections, mut end) = (String::new(), Vec::<String>::new(), String::new());
    for line in text.split_inclusive('\n') {
        if line.starts_with("附件") || !end.is_empty() {
            end.push_str(line);
        } else if heads(line) {
            sections.push(line.to_owned());
        } else if let Some(section) = sections.last_mut() {
            section.push_str(line);
        } else {
            top.push_str(line);
        }
    }
    (top, sections, end)
}

fn joined(top: &str, sections: &[String], end: &str) -> String {
    format!("{top}{}{end}", sections.concat())
}

fn heading(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

#[test]
fn the_clean_report_is_clean() {
    assert_eq!(profile(CLEAN), "hunan-department");
    assert_eq!(found(CLEAN), []);
    assert_eq!(found(include_str!("../examples/clean.md")), []);
}

#[test]
fn a_removed_section_is_missed_and_nothing_else() {
    let (top, sections, end) = parts(CLEAN);
    assert_eq!(sections.len(), 9);
    for at in 0..sections.len() {
        let mut rest = sections.clone();
        rest.remove(at);
        let expected = match at {
            0 => heading(&rest[0]),
            at => heading(&rest[at - 1]),
        };
        let found: Vec<_> = found(&joined(&top, &rest, &end))
            .into_iter()
            // Without the chapter that holds the score, the score is missing too.
            .filter(|(code, _)| code != "SEC005")
            .collect();
        assert_eq!(found, [("SEC001".to_owned(), expected.to_owned())], "without {}", heading(&sections[at]));
    }
}

#[test]
fn a_section_is_known_by_its_title_whatever_its_number() {
    for (from, to) in [
        ("八、下一步", "8、 下一步"),
        ("九、其他", "十、其他"),
        ("七、存在的问题及原因分析", "七、存在的主要问题"),
        ("一、部门基本情况", "一、单位概况"),
        ("六、部门整体支出绩效情况", "六、整体支出绩效自评情况"),
        ("三、政府性基金预算支出情况", "三、2023年政府性基金预算收支情况"),
    ] {
        let text = CLEAN.replace(from, to);
        assert_ne!(text, CLEAN, "{from}");
        assert_eq!(found(&text), [], "{to}");
    }
}

#[test]
fn swapped_neighbours_are_out_of_order_once() {
    let (top, sections, end) = parts(CLEAN);
    for at in 0..sections.len() - 1 {
        let mut moved = sections.clone();
        moved.swap(at, at + 1);
        let found = found(&joined(&top, &moved, &end));
        let pair = [heading(&sections[at]), heading(&sections[at + 1])];
        assert!(
            matches!(&found[..], [(code, quote)] if code == "SEC002" && pair.contains(&quote.as_str())),
            "{pair:?}: {found:?}"
        );
    }
}

#[test]
fn an_emptied_section_is_empty() {
    let (top, sections, end) = parts(CLEAN);
    for at in 0..sections.len() {
        let mut emptied = sections.clone();
        emptied[at] = format!("{}\n", heading(&sections[at]));
        let found: Vec<_> =
            found(&joined(&top, &emptied, &end)).into_iter().filter(|(code, _)| code != "SEC005").collect();
        assert_eq!(found, [("SEC003".to_owned(), heading(&sections[at]).to_owned())]);
    }
}

#[test]
fn an_emptied_part_of_a_section_is_empty() {
    let text = CLEAN.replace("云岭县林业局是县人民政府工作部门，", "\n");
    let start = text.find("\n负责全县林业").expect("the sentence stands there");
    let end = start + 1 + text[start + 1..].find('\n').expect("a line ends");
    let text = format!("{}{}", &text[..start], &text[end..]);
    assert_eq!(found(&text), [("SEC003".to_owned(), "（一）主要职能".to_owned())]);
}

#[test]
fn the_draft_shows_what_it_lacks() {
    let said = found(DRAFT);
    let codes: Vec<&str> = said.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["SEC004", "SEC006", "SEC006", "SEC005", "SEC006"], "{said:?}");
}

#[test]
fn execution_figures_answer_for_the_outturn() {
    for line in [
        "2023年全年支出136.20万元，预算执行率98.39%。\n",
        "2023年基本支出决算数117.02万元，项目支出决算数19.18万元。\n",
        "年末结转结余2.23万元。\n",
    ] {
        let text = DRAFT.replace("三、政府性基金", &format!("{line}三、政府性基金"));
        assert!(found(&text).iter().all(|(code, _)| code != "SEC004"), "{line}");
    }
    // A part's outturn is not the whole's.
    let text = DRAFT.replace("三、政府性基金", "公务接待费实际支出0.7万元。\n三、政府性基金");
    assert!(found(&text).iter().any(|(code, _)| code == "SEC004"));
}

#[test]
fn a_score_answers_for_the_score() {
    for line in ["自评得分92.5分，等级为“优”。\n", "综合评定为良好。\n", "自评总分：92.5\n"]
    {
        let text = DRAFT.replace("七、存在的问题", &format!("{line}七、存在的问题"));
        assert!(found(&text).iter().all(|(code, _)| code != "SEC005"), "{line}");
    }
}

#[test]
fn the_kind_is_told_from_title_and_headings() {
    for (text, kind) in [
        ("云岭县林业局2023年度部门决算\n一、部门概况\n负责林业工作。\n", "final-accounts"),
        ("2024年度云岭县林业局部门预算公开\n一、部门概况\n负责林业工作。\n", "budget"),
        ("云岭县人民政府2023年政府信息公开工作年度报告\n一、总体情况\n公开信息120条。\n", "none"),
        ("云岭县农村公路养护项目支出绩效自评报告\n一、项目概况\n养护842公里。\n", "project-self-evaluation"),
        (
            "某村饮水项目绩效评价报告\n一、基本情况\n略述。\n二、绩效评价工作开展情况\n略述。\n三、综合评价情况及评价结论\n得90分。\n",
            "project-evaluation",
        ),
        ("云岭县林业局2023年度绩效自评报告\n一、基本情况\n略述。\n", "self-evaluation"),
        ("今天天气很好。\n", "none"),
    ] {
        assert_eq!(profile(text), kind, "{text}");
    }
    // A lost title: the opening and the four budgets tell it.
    let (_, rest) = CLEAN.split_once('\n').expect("a title line");
    assert_eq!(profile(rest), "hunan-department");
}

#[test]
fn real_disclosures_lack_nothing() {
    let folder = std::env::var("GOUJI_SHARED").unwrap_or_else(|_| "../shared".to_owned()) + "/corpus";
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no real reports in {folder}");
        return;
    };
    for path in
        files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "txt"))
    {
        let text = std::fs::read_to_string(&path).expect("readable");
        if path.file_name().is_some_and(|name| name == "README.md") {
            continue;
        }
        let said: Vec<_> = found(&text).into_iter().filter(|(code, _)| code != "SEC009").collect();
        assert_eq!(said, [], "{}", path.display());
    }
}

#[test]
fn profiles_hold_together() {
    let set = rules::embedded().expect("embedded rules load");
    for profile in &set.profiles {
        assert_eq!(rules::profile_faults(&set, profile), [], "{}", profile.id);
        assert!(!profile.detect.title.is_empty(), "{}", profile.id);
        let mut ids: Vec<_> = profile.sections.iter().map(|section| &section.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), profile.sections.len(), "{}: an id twice", profile.id);
        let grades: Vec<_> = profile.grades.iter().map(|grade| grade.from).collect();
        assert!(grades.is_sorted_by(|better, worse| better > worse), "{}: grades, best first", profile.id);
    }
}

#[test]
fn a_users_profile_is_used_and_its_slips_are_shown() {
    let file = |text: &str| rules::UserFile {
        name: "outlines/own.toml".to_owned(),
        path: "own/outlines/own.toml".to_owned(),
        text: text.to_owned(),
    };
    let own = r#"
id = "own"
zh = "本县绩效小结"
en = "our county's summary"
genre = "self-evaluation"
[detect]
title = [["绩效小结"]]
[[section]]
id = "money"
title = "资金情况"
required = true
"#;
    let set = rules::with(&[file(own)], rules::Detail::Full).expect("a sound profile");
    let document = input::read_text("report", "云岭县2023年度绩效小结\n一、基本情况\n略述。\n".to_owned());
    let result = audit(&document, &set, &Options::default());
    assert_eq!(result.profile, "own");
    assert!(
        result.diagnostics.iter().any(|found| found.code == "SEC001" && found.message.contains("资金情况"))
    );
    let wrong = own.to_owned()
        + r#"
[[content]]
id = "causes"
zh = "原因"
en = "causes"
in = { section = "problems" }
need = [{ zh = "原因", en = "causes", figure = true }]
help_zh = "写明"
help_en = "state them"
"#;
    assert!(rules::with(&[file(&wrong)], rules::Detail::Full).is_err());
}
