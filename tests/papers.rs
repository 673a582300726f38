//! What `review` holds reports against from outside: the bureau's table and last year's reports.
#![cfg(feature = "review")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use gouji::options::Lang;
use gouji::reconcile::State;
use gouji::review::across::approved::{self, Approved};
use gouji::review::across::{self, Desk};
use gouji::review::{Record, record};
use gouji::{Options, audit, input, rules};

const REPORT: &str = "云州县文学协会2023年度部门整体支出绩效自评报告\n一、支出情况\n\
    2023年支出合计140.43万元，其中：基本支出118.43万元、项目支出22万元。公务接待费0.7万元。\n";

fn gouji(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(args).current_dir(folder).output().expect("the binary runs")
}

fn table(csv: &str) -> Option<Approved> {
    let set = rules::embedded().expect("embedded rules load");
    Approved::of(&input::read_text("台账.csv", csv.to_owned()), &set, Lang::Zh)
}

#[test]
fn columns_are_found_by_their_names_and_bad_rows_are_told() {
    let rows = "2024年下达\n金额（元）,年份,备注,科目,单位名称\n\
        1404300,2023年度,,支出合计,云州县文学协会\n\
        ,2023,,支出合计,云州县文学协会\n\
        12,2023,,不认识的项目,云州县文学协会\n\
        很多,2023,,基本支出,云州县文学协会\n\
        12,去年,,基本支出,云州县文学协会\n\
        12,2023,,基本支出,\n\n\
        118.43万元,2023,,基本支出,云州县文学协会\n";
    let approved = table(rows).expect("the columns are named");
    assert_eq!(approved.count(), 2);
    let bad: Vec<usize> = approved.bad.iter().map(|(row, _)| *row).collect();
    assert_eq!(bad, [4, 5, 6, 7, 8]);
    let reasons: Vec<&str> = approved.bad.iter().map(|(_, reason)| reason.as_str()).collect();
    assert!(reasons[0].contains("金额") && reasons[1].contains("不认识的项目"));
    assert!(reasons[3].contains("去年") && reasons[4].contains("单位"));
    assert!(table("单位,金额\n甲,1\n").is_none());
}

#[test]
fn what_was_checked_and_what_could_not_be_is_counted() {
    let set = rules::embedded().expect("embedded rules load");
    let options = Options::default();
    let document = input::read_text("报告.txt", REPORT.to_owned());
    let mut made: Record = record(&document, &audit(&document, &set, &options), &set, Lang::Zh, "");
    let approved = table(
        "单位,项目,年度,金额（万元）\n云州县文学协会,支出合计,2023,140.43\n云州县文学协会,基本支出,2023,118.4\n\
         云州县文学协会,项目支出,2023,30\n云州县文学协会,培训费,2023,1\n",
    )
    .expect("the columns are named");
    let open = |_: usize| None;
    let desk = Desk { rules: &set, options: &options, open: &open };
    let (findings, checks) = approved::judge(&made, &approved, &desk);
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].code.as_str(), findings[0].quote.as_str()), ("XRP003", "22万元"));
    let states: Vec<State> = checks.iter().map(|check| check.state).collect();
    let expected =
        [State::Holds, State::WithinRounding, State::Fails, State::NotEvaluable, State::NotEvaluable];
    assert_eq!(states, expected);
    assert!(checks[4].trace.contains("公务接待费"));
    let before = made.checked.ledger.counts.expected;
    across::Later { findings, checks, ..Default::default() }.add_to(&mut made);
    assert_eq!(made.checked.ledger.counts.expected, before + 5);
    assert_eq!(made.leaf.ties.len(), made.checked.ledger.checks.len());
}

#[test]
fn the_template_is_read_as_it_is_written() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let output = gouji(folder.path(), &["review", "--ledger-template", "台账.xlsx"]);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    let set = rules::embedded().expect("embedded rules load");
    let path = folder.path().join("台账.xlsx");
    let document = input::read_path(&path, &input::Limits::default()).expect("a workbook");
    let approved = Approved::of(&document, &set, Lang::Zh).expect("the columns are named");
    assert_eq!((approved.count(), approved.bad.len()), (1, 0));
}

#[test]
fn papers_that_cannot_be_used_are_told() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    };
    write("今年/报告.txt", REPORT.as_bytes());
    write("去年/旧.txt", REPORT.replace("2023", "2022").as_bytes());
    write("去年/坏.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    write(
        "台账.csv",
        "单位,项目,年度,金额（万元）\n云州县文学协会,支出合计,2023,140.43\n甲,乙,2023,1\n".as_bytes(),
    );
    let args = ["review", "今年", "--out", "结果", "--no-config", "--prior", "去年", "--ledger", "台账.csv"];
    let output = gouji(folder.path(), &args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("上年报告读不了：去年/坏.txt"), "{said}");
    assert!(said.contains("1 份找到了上年报告"), "{said}");
    assert!(said.contains("台账第 3 行没有用：词表中没有“乙”"), "{said}");
    write("空.csv", "甲,乙\n1,2\n".as_bytes());
    let args = ["review", "今年", "--out", "结果", "--no-config", "--ledger", "空.csv"];
    let output = gouji(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("没有找到表头"));
}
