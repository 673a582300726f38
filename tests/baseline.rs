//! Rounds: what was found before is known again whatever else was edited, what is gone is listed as fixed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const FIRST: &str = "云州县文学协会2023年度部门整体支出绩效自评报告
一、资产管理
设有固定资产台帐，另有合同台帐。
二、会议管理
会议台帐由专人保管。
三、经费管理
经费台帐齐全。
";

/// Renumbered, a part moved, text added elsewhere, one finding mended, one new.
const SECOND: &str = "云州县文学协会2023年度部门整体支出绩效自评报告
前言一段，说明编制情况。
一、经费管理
我会加强管理，经费台帐齐全。
二、资产管理
2023年清查后，设有固定资产台帐，另有合同台账。
三、其他事项
会议台帐由专人保管。
四、档案管理
设有档案台帐。
";

fn gouji(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(["check", "--no-config", "--select", "TXT008"]).args(args).current_dir(folder);
    command.output().expect("the binary runs")
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("writable");
}

fn json(output: &Output) -> Value {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A folder with the first round in `基线.json`.
fn first_round() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    write(folder.path(), "报告.txt", FIRST);
    let output = gouji(folder.path(), &["报告.txt", "--write-baseline", "基线.json"]);
    assert_eq!(output.status.code(), Some(1));
    folder
}

fn states(file: &Value) -> Vec<(String, String)> {
    let all = file["diagnostics"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    all.map(|found| (format!("{}", found["span"]["line"]), text(&found["state"]))).collect()
}

#[test]
fn a_resubmission_shows_what_is_new_known_and_fixed() {
    let folder = first_round();
    write(folder.path(), "报告.txt", SECOND);
    let args = ["报告.txt", "--baseline", "基线.json", "--format", "json"];
    let output = gouji(folder.path(), &args);
    assert_eq!(output.status.code(), Some(1), "one is new");
    let json = json(&output);
    let expected = [("4", "known"), ("6", "known"), ("8", "known"), ("10", "new")];
    let file = &json["files"][0];
    assert_eq!(states(file), expected.map(|(line, state)| (line.to_owned(), state.to_owned())));
    let fixed = file["fixed"].as_array().expect("a list");
    assert_eq!(fixed.len(), 1);
    assert_eq!((&fixed[0]["code"], &fixed[0]["line"]), (&"TXT008".into(), &3.into()));
    let counts = serde_json::json!({"new": 1, "known": 3, "fixed": 1, "unchecked_files": 0});
    assert_eq!(json["summary"]["baseline"], counts);
}

#[test]
fn known_findings_are_marked_and_do_not_fail() {
    let folder = first_round();
    let output = gouji(folder.path(), &["报告.txt", "--baseline", "基线.json"]);
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(shown.matches("警告[TXT008 wrong-word]: 【未改】").count(), 4, "{shown}");
    assert!(shown.contains("对照基线：新增 0、未改 4、已改 0"), "{shown}");
    let output = gouji(folder.path(), &["报告.txt", "--baseline", "基线.json", "--format", "sarif"]);
    let sarif = json(&output);
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    assert!(results.iter().all(|result| result["baselineState"] == "unchanged"));
}

#[test]
fn a_renamed_file_is_known_by_its_unit_and_year() {
    let folder = first_round();
    fs::remove_file(folder.path().join("报告.txt")).expect("there");
    write(folder.path(), "第二次报送.txt", SECOND);
    write(folder.path(), "别的单位.txt", &FIRST.replace("文学协会", "科学技术协会"));
    let args = ["第二次报送.txt", "别的单位.txt", "--baseline", "基线.json", "--format", "json"];
    let json = json(&gouji(folder.path(), &args));
    assert_eq!(json["files"][0]["fixed"].as_array().map(Vec::len), Some(1));
    assert_eq!(states(&json["files"][0]).iter().filter(|(_, state)| state == "known").count(), 3);
    assert!(states(&json["files"][1]).iter().all(|(_, state)| state == "new"));
}

#[test]
fn of_findings_alike_each_is_counted() {
    let folder = tempfile::tempdir().expect("temporary folder");
    write(folder.path(), "a.txt", "一、资产\n台帐和台帐。\n");
    gouji(folder.path(), &["a.txt", "--write-baseline", "b.json"]);
    write(folder.path(), "a.txt", "一、资产\n台帐和台账。\n");
    let one = json(&gouji(folder.path(), &["a.txt", "--baseline", "b.json", "--format", "json"]));
    assert_eq!(one["summary"]["baseline"]["known"], 1);
    assert_eq!(one["summary"]["baseline"]["fixed"], 1);
    write(folder.path(), "a.txt", "一、资产\n台帐和台帐和台帐。\n");
    let three = json(&gouji(folder.path(), &["a.txt", "--baseline", "b.json", "--format", "json"]));
    assert_eq!(three["summary"]["baseline"]["known"], 2);
    assert_eq!(three["summary"]["baseline"]["new"], 1);
}

#[test]
fn what_a_run_does_not_look_at_is_neither_fixed_nor_lost() {
    let folder = first_round();
    write(folder.path(), "乙.txt", "设有台帐。\n");
    // Another rule, another file: nothing is known of the old findings.
    let args = ["check", "--no-config", "--select", "TXT004", "报告.txt", "乙.txt", "--format", "json"];
    let rounds = ["--baseline", "基线.json", "--write-baseline", "新.json"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    let output =
        command.args(args).args(rounds).current_dir(folder.path()).output().expect("the binary runs");
    assert_eq!(json(&output)["files"][0]["fixed"], serde_json::json!([]));
    let only_other =
        gouji(folder.path(), &["乙.txt", "--baseline", "新.json", "--write-baseline", "新.json"]);
    assert!(String::from_utf8_lossy(&only_other.stdout).contains("基线中有 1 个文件这次没有读到"));
    let again =
        json(&gouji(folder.path(), &["报告.txt", "乙.txt", "--baseline", "新.json", "--format", "json"]));
    assert_eq!(again["summary"]["baseline"]["known"], 5);
    assert_eq!(again["summary"]["baseline"]["new"], 0);
}

#[test]
fn the_file_is_the_same_every_time_and_sorted() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for name in ["丙.txt", "甲.txt", "乙.txt"] {
        write(folder.path(), name, FIRST);
    }
    let written = ["1", "2", "3"].map(|threads| {
        let args = ["丙.txt", "甲.txt", "./乙.txt", "--threads", threads, "--write-baseline", "b.json"];
        gouji(folder.path(), &args);
        fs::read_to_string(folder.path().join("b.json")).expect("written")
    });
    assert!(written[0] == written[1] && written[1] == written[2]);
    let value: Value = serde_json::from_str(&written[0]).expect("JSON");
    let paths: Vec<&str> =
        value["files"].as_array().expect("a list").iter().filter_map(|file| file["path"].as_str()).collect();
    assert_eq!(paths, ["丙.txt", "乙.txt", "甲.txt"]);
}

#[test]
fn a_file_that_is_no_baseline_is_named() {
    let folder = first_round();
    let cases = [("坏.json", "{}", "不是基线文件"), ("新.json", "{\"version\":9,\"files\":[]}", "版本是 9")];
    for (name, text, says) in cases {
        write(folder.path(), name, text);
        let output = gouji(folder.path(), &["报告.txt", "--baseline", name]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(name) && said.contains(says), "{said}");
    }
    let output = gouji(folder.path(), &["报告.txt", "--baseline", "没有.json"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("没有.json"));
}

#[cfg(feature = "review")]
#[test]
fn review_knows_the_last_round_too() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(folder.path().join("报送")).expect("writable");
    let review = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
        command.args(["review", "报送", "--out", "结果", "--no-config", "--select", "TXT008"]);
        let output = command.args(args).current_dir(folder.path()).output().expect("the binary runs");
        output.status.code()
    };
    write(folder.path(), "报送/报告.txt", FIRST);
    assert_eq!(review(&["--write-baseline", "基线.json"]), Some(1));
    assert_eq!(review(&["--baseline", "基线.json"]), Some(0));
    fs::remove_file(folder.path().join("报送/报告.txt")).expect("there");
    write(folder.path(), "报送/改后.txt", SECOND);
    assert_eq!(review(&["--baseline", "基线.json", "--write-baseline", "新.json"]), Some(1));
    let text = fs::read_to_string(folder.path().join("新.json")).expect("written");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["files"].as_array().map(Vec::len), Some(1), "the old name is gone");
    assert_eq!(value["files"][0]["findings"].as_array().map(Vec::len), Some(4));
}

#[test]
fn what_somebody_answers_for_is_not_fixed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    write(folder.path(), "报告.md", "# 一、资产\n\n设有台帐。\n");
    gouji(folder.path(), &["报告.md", "--write-baseline", "基线.json"]);
    write(folder.path(), "报告.md", "# 一、资产\n\n<!-- gouji-ignore: TXT008 原文如此 -->\n设有台帐。\n");
    let rounds = ["--baseline", "基线.json", "--write-baseline", "基线.json", "--format", "json"];
    let output = gouji(folder.path(), &[&["报告.md"], &rounds[..]].concat());
    let json = json(&output);
    assert_eq!(json["files"][0]["suppressed"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["files"][0]["fixed"], serde_json::json!([]));
    let kept = fs::read_to_string(folder.path().join("基线.json")).expect("written");
    assert!(kept.contains("TXT008"), "{kept}");
}
