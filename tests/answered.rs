//! Findings that are answered for, of a report on its own and across reports, in every output that keeps them; and what a
//! review tells of the papers it was given.
#![cfg(all(feature = "review", feature = "sheet"))]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;

const PASSAGE: &str = "全年完成山塘清淤二十一口、渠道衬砌14.2公里，灌溉面积恢复到3600亩；组织巡查队对沿河七个村逐户排查隐患，\
    发现问题当场登记、限期销号。春灌前召开用水户协会座谈会，由村民自行推选管水员并公示报酬标准，纠纷较上年明显减少；\
    汛期安排专人二十四小时值守，及时转移低洼地带群众，没有发生人员伤亡。";

const OTHER: &str = "全年受理临时救助申请二百一十四件，逐件入户核实并在村务公开栏张榜，群众异议当场记录、五日内答复；养老服务中心增设夜间护理岗，\
    为失能老人配齐护理床和呼叫器，家属可以在手机上查看护理记录。殡葬惠民政策印成一页纸送到每户，执行中遇到的疑难由窗口统一登记，\
    每周例会逐件销号，没有一件积压过月。";

fn gouji(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(args).current_dir(folder).output().expect("the binary runs")
}

fn folder(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

fn review(folder: &Path, args: &[&str]) -> Value {
    let output = gouji(folder, &[&["review", "in", "--out", "out"], args].concat());
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    json(&fs::read(folder.join("out/review.json")).expect("written"))
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// Codes of a file's findings, and of those that it answers for with the reason.
fn found(review: &Value, path: &str) -> (Vec<String>, Vec<(String, String)>) {
    let files = review["files"].as_array().expect("files");
    let file = files.iter().find(|file| file["path"] == path).expect("the file");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let open = file["diagnostics"].as_array().expect("findings");
    let answered = file["suppressed"].as_array().expect("findings");
    (
        open.iter().map(|one| text(&one["code"])).collect(),
        answered.iter().map(|one| (text(&one["diagnostic"]["code"]), text(&one["reason"]))).collect(),
    )
}

fn report(unit: &str, passage: &str) -> String {
    format!("# {unit}2023年度部门整体支出绩效自评报告\n\n## 一、主要成效\n\n{passage}\n")
}

#[test]
fn findings_across_reports_are_answered_for_like_any_other() {
    let ignored = format!("<!-- gouji-ignore: XRP001 两县合办的项目 -->\n{PASSAGE}");
    let folder = folder(&[
        ("in/水利.md", report("云州县水利局", &ignored)),
        ("in/农业.md", report("青山县农业农村局", PASSAGE)),
        ("in/民政.md", report("白河县民政局", OTHER)),
        ("in/教育.md", report("石桥县民政局", OTHER)),
        (
            "in/gouji.toml",
            "[[suppress]]\nfiles = [\"农业.md\"]\nrules = [\"near-duplicate\"]\nsection = \"主要成效\"\nreason = \"已核实\"\n\
             [[suppress]]\nfiles = [\"民政.md\"]\nrules = [\"XRP\"]\nquote = \"别处的话\"\nreason = \"用不上\"\n"
                .to_owned(),
        ),
    ]);
    let select = ["--select", "XRP001,IGN"];
    let made = review(folder.path(), &select);
    let answered = |reason: &str| vec![("XRP001".to_owned(), reason.to_owned())];
    assert_eq!(found(&made, "水利.md"), (vec![], answered("两县合办的项目")));
    assert_eq!(found(&made, "农业.md"), (vec![], answered("已核实")));
    assert_eq!(found(&made, "民政.md"), (vec!["XRP001".to_owned()], vec![]));
    assert_eq!(made["summary"]["suppressed"], 2);
    assert_eq!(made["summary"]["warnings"], 2);
    // The second time the records come from the cache.
    assert_eq!(review(folder.path(), &select), made);
    let page = fs::read_to_string(folder.path().join("out/reports/水利.md.html")).expect("written");
    assert!(page.contains("两县合办的项目"));
    // A report on its own cannot show what such an ignore is for: it is not called unused.
    let checked =
        gouji(folder.path(), &["check", "in/水利.md", "--select", "XRP001,IGN", "--format", "concise"]);
    assert_eq!((checked.status.code(), String::from_utf8_lossy(&checked.stdout).as_ref()), (Some(0), ""));
    let checked = gouji(folder.path(), &["check", "in", "--select", "XRP001,IGN", "--format", "concise"]);
    assert_eq!(checked.status.code(), Some(0), "{checked:?}");
}

#[test]
fn what_papers_show_is_answered_for_too() {
    let text = "云州县文学协会2023年度部门决算说明\n一、收支情况\n2023年支出合计140.43万元，2022年支出合计118.34万元。\n";
    let last = "云州县文学协会2022年度部门决算说明\n一、收支情况\n2022年支出合计118.43万元。\n";
    let entry = "[[suppress]]\nrules = [\"XRP002\"]\nquote = \"118.34万元\"\nreason = \"上年已更正\"\n";
    let folder = folder(&[
        ("in/决算.txt", text.to_owned()),
        ("in/gouji.toml", entry.to_owned()),
        ("上年/决算.txt", last.to_owned()),
    ]);
    let made = review(folder.path(), &["--select", "XRP002", "--prior", "上年"]);
    assert_eq!(found(&made, "决算.txt"), (vec![], vec![("XRP002".to_owned(), "上年已更正".to_owned())]));
    fs::remove_file(folder.path().join("in/gouji.toml")).expect("removed");
    let made = review(folder.path(), &["--select", "XRP002", "--prior", "上年"]);
    assert_eq!(found(&made, "决算.txt").0, ["XRP002"]);
    assert_eq!(made["files"][0]["diagnostics"][0]["severity"], "error");
}

#[test]
fn answered_findings_stand_in_the_outputs_for_programs() {
    let text = "# 报告\n\n<!-- gouji-ignore: TXT008 原件如此 -->\n设有台帐。\n\n另有台帐。\n";
    let entry = "[[suppress]]\nrules = [\"TXT008\"]\nquote = \"另有\"\nreason = \"旧称\"\n";
    let folder = folder(&[("报告.md", text.to_owned()), ("gouji.toml", entry.to_owned())]);
    let said = |format: &str| {
        let output = gouji(folder.path(), &["check", "报告.md", "--select", "TXT008", "--format", format]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let sarif = json(said("sarif").as_bytes());
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let reasons: Vec<&Value> = results.iter().map(|one| &one["suppressions"][0]).collect();
    assert_eq!(
        reasons[0],
        &serde_json::json!({"kind": "inSource", "status": "accepted", "justification": "原件如此"})
    );
    assert_eq!(
        reasons[1],
        &serde_json::json!({"kind": "external", "status": "accepted", "justification": "旧称"})
    );
    let lines: Vec<Value> = said("jsonl").lines().map(|line| json(line.as_bytes())).collect();
    assert_eq!((lines.len(), &lines[0]["findings"]), (3, &Value::from(0)));
    let whole = json(said("json").as_bytes());
    for (line, one) in lines[1..].iter().zip(whole["files"][0]["suppressed"].as_array().expect("a list")) {
        assert_eq!((&line["type"], &line["path"]), (&Value::from("suppressed"), &Value::from("报告.md")));
        for key in ["reason", "by", "diagnostic"] {
            assert_eq!(line[key], one[key]);
        }
    }
}

#[test]
fn what_the_papers_were_good_for_is_told_in_every_output() {
    let report = |unit: &str, year: u16| {
        format!("{unit}{year}年度部门决算说明\n一、收支情况\n{year}年支出合计140.43万元。\n")
    };
    let rows = "单位,项目,年度,金额（万元）\n云州县文学协会,支出合计,2023,140.43\n云州县水利局,支出合计,2023,9\n云州县文学协会,没有的项目,2023,1\n";
    let folder = folder(&[
        ("in/协会.txt", report("云州县文学协会", 2023)),
        ("in/教育.txt", report("云州县教育局", 2023)),
        ("上年/协会.txt", report("云州县文学协会", 2022)),
        ("上年/<民政>.txt", report("云州县民政局", 2022)),
        ("台账.csv", rows.to_owned()),
    ]);
    let made = review(folder.path(), &["--prior", "上年", "--ledger", "台账.csv"]);
    let prior = &made["papers"]["prior"];
    assert_eq!(prior["without"], serde_json::json!(["教育.txt"]));
    let used: Vec<&Value> =
        prior["files"].as_array().expect("files").iter().map(|file| &file["held_against"]).collect();
    assert_eq!(used, [&serde_json::json!([]), &serde_json::json!(["协会.txt"])]);
    let ledger = &made["papers"]["ledger"];
    assert_eq!((&ledger["rows"], &ledger["unusable"][0]["row"]), (&Value::from(2), &Value::from(4)));
    assert_eq!(ledger["unmatched"], serde_json::json!([{"row": 3, "unit": "云州县水利局"}]));
    assert_eq!(ledger["without"], serde_json::json!(["教育.txt"]));
    let schema = json(&gouji(folder.path(), &["schema", "review"]).stdout);
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("review.json", schema).expect("a schema");
    let index = compiler.compile("review.json", &mut schemas).expect("it compiles");
    schemas.validate(&made, index).expect("the data keeps to its schema");

    let page = fs::read_to_string(folder.path().join("out/index.html")).expect("written");
    for piece in
        ["上年/&lt;民政&gt;.txt", "用来核对：协会.txt", "没有找到上年报告", "本次报告中没有“云州县水利局”"]
    {
        assert!(page.contains(piece), "{piece}");
    }
    let mut book: Xlsx<_> = open_workbook(folder.path().join("out/review.xlsx")).expect("a workbook");
    let sheet = book.worksheet_range("核对材料").expect("a sheet");
    assert_eq!(sheet.height(), 8);
    assert!(sheet.rows().any(|row| row[2] == Data::Float(4.0) && row[0] == Data::String("台账".to_owned())));

    let without = review(folder.path(), &[]);
    assert_eq!(without["papers"], serde_json::json!({"prior": null, "ledger": null}));
}

#[test]
fn files_of_reports_with_nearly_one_name_do_not_overwrite_each_other() {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("in")).expect("a folder");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/draft.docx");
    let mut names = vec!["x", "x.docx", "审核通过名单"];
    // Other systems have no two such files.
    if cfg!(target_os = "linux") {
        names.extend(["X", "X.DOCX"]);
    }
    for name in &names {
        fs::copy(&fixture, folder.path().join("in").join(name)).expect("copied");
    }
    let made = review(folder.path(), &["--no-config"]);
    let files = made["files"].as_array().expect("files");
    assert_eq!(files.len(), names.len());
    for key in ["page", "letter", "annotated"] {
        let mut all: Vec<String> = files
            .iter()
            .map(|file| {
                let path = file[key].as_str().unwrap_or_else(|| panic!("{key} of {}", file["path"]));
                assert!(folder.path().join("out").join(path).is_file(), "{path}");
                path.to_lowercase()
            })
            .collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), names.len(), "{key}");
    }
    let list = fs::read_to_string(folder.path().join("out/returned/审核通过名单.md")).expect("written");
    assert!(!list.contains("退改"));
}
