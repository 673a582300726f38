//! The formats that are fed to other programs: each held against the shape that its readers document, and every
//! file in every format.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

const REPORT: &str = "一、资产管理\n设有固定资产台帐<&\"1\">，共98%。\n二、其他\n另有合同台帐。\n";
const PAGE: &str =
    "<html><body><h1>一、资产管理</h1><p>设有台账。</p><p>另有固定资产台帐。</p></body></html>";

/// One report with findings, one without, one page, one that cannot be read.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("甲,乙:1.txt"), REPORT).expect("writable");
    fs::write(folder.path().join("丙.txt"), "一、资产管理\n设有台账。\n").expect("writable");
    fs::write(folder.path().join("丁.html"), PAGE).expect("writable");
    fs::write(folder.path().join("戊.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("writable");
    folder
}

fn gouji(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(["check", "--no-config", "--select", "TXT008", "."]).args(args).current_dir(folder);
    command.output().expect("the binary runs")
}

fn said(format: &str) -> String {
    let folder = folder();
    let output = gouji(folder.path(), &["--format", format]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn assert_valid(schema: &str, value: &Value) {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(Path::new("tests/data").join(schema)).expect("readable"))
            .expect("JSON");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("shape.json", schema).expect("a schema");
    let index = compiler.compile("shape.json", &mut schemas).expect("a schema");
    if let Err(error) = schemas.validate(value, index) {
        panic!("{error:#}");
    }
}

/// Name and attributes of every element of a well-formed document.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut all = Vec::new();
    let mut depth = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(element) => {
                depth += 1;
                all.push(read(&element));
            }
            Event::Empty(element) => all.push(read(&element)),
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    all
}

fn read(element: &quick_xml::events::BytesStart) -> (String, Vec<(String, String)>) {
    let attributes = element.attributes().map(|attribute| {
        let attribute = attribute.expect("well-formed");
        let value = quick_xml::escape::unescape(&attribute.value).expect("escaped").into_owned();
        (attribute.key.as_ref().to_owned(), value)
    });
    (element.name().as_ref().to_owned(), attributes.collect())
}

fn attribute<'a>(element: &'a (String, Vec<(String, String)>), name: &str) -> &'a str {
    let found = element.1.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("{} has no {name}", element.0))
}

#[test]
fn jsonl_is_a_line_for_each_file_and_finding() {
    let lines: Vec<Value> =
        said("jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    let (files, findings) = (of("file"), of("finding"));
    assert_eq!((files.len(), findings.len(), lines.len()), (4, 3, 7));
    assert!(files.iter().all(|file| file["schema_version"] == 1 && file["ledger"].is_object()));
    assert_eq!(files.iter().filter(|file| file["error"].is_string()).count(), 1);
    for file in files {
        let own = findings.iter().filter(|found| found["path"] == file["path"]).count();
        assert_eq!(file["findings"], own);
    }
    assert_eq!(findings[0]["place"], "第3段");
    assert_eq!(findings[1]["quote"], "台帐");
}

#[test]
fn github_commands_are_one_line_each_and_escaped() {
    let said = said("github");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")));
    assert!(lines[0].starts_with("::warning file=丁.html,line=3,endLine=3,col=7,endColumn=9,title=TXT008"));
    assert!(lines[0].contains("::第3段："));
    assert!(lines[1].starts_with("::error file=戊.txt,title="));
    assert!(lines[2].starts_with("::warning file=甲%2C乙%3A1.txt,line=2,"));
    assert!(lines[2].contains("%0A"));
}

#[test]
fn gitlab_issues_keep_to_the_documented_shape() {
    let issues: Value = serde_json::from_str(&said("gitlab")).expect("JSON");
    assert_valid("gitlab.schema.json", &issues);
    let issues = issues.as_array().expect("a list");
    assert_eq!(issues.len(), 4);
    let mut prints: Vec<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 4);
    assert!(issues.iter().any(|issue| issue["check_name"] == "unreadable"));
}

#[test]
fn rdjson_keeps_to_its_definition_and_counts_bytes() {
    let result: Value = serde_json::from_str(&said("rdjson")).expect("JSON");
    assert_valid("rdjson.schema.json", &result);
    let rows = result["diagnostics"].as_array().expect("a list");
    assert_eq!(rows.len(), 4);
    assert!(rows[0].get("suggestions").is_none(), "a web page cannot be repaired");
    let row = &rows[2];
    let (start, end) = (&row["location"]["range"]["start"], &row["location"]["range"]["end"]);
    let line = REPORT.lines().nth(start["line"].as_u64().expect("a line") as usize - 1).expect("there");
    let [from, to] = [start, end].map(|at| at["column"].as_u64().expect("a column") as usize - 1);
    assert_eq!(&line[from..to], "台帐");
    assert_eq!(row["suggestions"][0]["text"], "台账");
}

#[test]
fn junit_counts_what_it_lists() {
    let xml = said("junit");
    let all = elements(&xml);
    assert_eq!(all[0].0, "testsuites");
    let suites: Vec<_> = all.iter().filter(|element| element.0 == "testsuite").collect();
    assert_eq!(suites.len(), 4);
    let sum = |name| suites.iter().map(|suite| attribute(suite, name).parse().unwrap_or(99)).sum::<usize>();
    let count = |name: &str| all.iter().filter(|element| element.0 == name).count();
    assert_eq!(sum("tests"), count("testcase"));
    assert_eq!((sum("failures"), count("failure")), (3, 3));
    assert_eq!((sum("errors"), count("error")), (1, 1));
    assert!(suites.iter().any(|suite| attribute(suite, "name") == "甲,乙:1.txt"));
}

#[test]
fn checkstyle_has_every_file() {
    let all = elements(&said("checkstyle"));
    assert_eq!(all[0].0, "checkstyle");
    assert_eq!(all.iter().filter(|element| element.0 == "file").count(), 4);
    let errors: Vec<_> = all.iter().filter(|element| element.0 == "error").collect();
    assert_eq!(errors.len(), 4);
    for error in errors {
        assert!(attribute(error, "line").parse::<u32>().is_ok());
        assert!(["error", "warning", "info"].contains(&attribute(error, "severity")));
        assert!(attribute(error, "source").starts_with("gouji."));
    }
}

#[test]
fn several_formats_are_written_in_one_run() {
    let folder = folder();
    let formats = ["json=a.json", "junit=b.xml", "rdjson=c.json", "concise"];
    let args: Vec<&str> = formats.iter().flat_map(|format| ["--format", format]).collect();
    let output = gouji(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    let screen = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(screen.lines().count(), 4, "{screen}");
    for (format, file) in [("json", "a.json"), ("junit", "b.xml"), ("rdjson", "c.json")] {
        assert_eq!(fs::read_to_string(folder.path().join(file)).expect("written"), said(format), "{format}");
    }
    // The screen is for people where no format is meant for it.
    let output = gouji(folder.path(), &["--format", "json=a.json"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("共 4 个文件"));
}

#[test]
fn two_formats_for_one_place_are_refused() {
    let folder = folder();
    for formats in [["json", "sarif"], ["json=a", "sarif=a"]] {
        let args: Vec<&str> = formats.iter().flat_map(|format| ["--format", format]).collect();
        let output = gouji(folder.path(), &args);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("两种格式都要写到"));
    }
    let output = gouji(folder.path(), &["--format", "xml"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("可用的值：terminal、concise"));
}
