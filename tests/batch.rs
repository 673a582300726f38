//! Many files in one run: order kept, the same bytes whatever the number of threads, no file skipped.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn gouji(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(["check", "--no-config", "."]).args(args).current_dir(folder);
    command.output().expect("the binary runs")
}

/// 300 small reports of different lengths, one of them unreadable, and files that are no reports.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for place in 0..300 {
        let text = format!("一、资产管理\n{}第{place}号台帐。\n", "设有台账。".repeat(place % 7));
        fs::write(folder.path().join(format!("{place:03}.txt")), text).expect("writable");
    }
    fs::write(folder.path().join("150.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("writable");
    fs::write(folder.path().join("图片.png"), b"\x89PNG").expect("writable");
    fs::write(folder.path().join(".隐藏.txt"), "台帐").expect("writable");
    folder
}

#[test]
fn order_and_bytes_do_not_depend_on_threads() {
    let folder = folder();
    for format in
        ["terminal", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"]
    {
        let runs = ["1", "2", "5"].map(|threads| {
            let output = gouji(folder.path(), &["--format", format, "--threads", threads]);
            assert_eq!(output.status.code(), Some(2), "{format}");
            output.stdout
        });
        assert!(runs[0] == runs[1] && runs[1] == runs[2], "{format}");
    }
}

#[test]
fn every_report_has_its_row() {
    let folder = folder();
    let output = gouji(folder.path(), &["--format", "json", "--select", "TXT008"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let files = json["files"].as_array().expect("files");
    assert_eq!(files.len(), 300);
    for (place, file) in files.iter().enumerate() {
        assert!(file["path"].as_str().is_some_and(|path| path.ends_with(&format!("{place:03}.txt"))));
        assert_eq!(file["error"].is_string(), place == 150);
        assert_eq!(file["diagnostics"].as_array().map(Vec::len), Some(usize::from(place != 150)));
    }
    assert_eq!(json["summary"]["files"], 300);
    assert_eq!(json["summary"]["unreadable"], 1);
    assert_eq!(json["summary"]["warnings"], 299);
}

#[test]
fn output_goes_to_a_file_when_asked() {
    let folder = folder();
    let target = folder.path().join("结果.json");
    let output = gouji(folder.path(), &["--format", "json", "--output", "结果.json"]);
    assert!(output.stdout.is_empty());
    let json: Value = serde_json::from_slice(&fs::read(target).expect("written")).expect("JSON");
    assert_eq!(json["schema_version"], 1);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["check", "--no-config", ".", "--format", "json"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn standard_input_is_read() {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args([
            "check",
            "--no-config",
            "-",
            "--stdin-filename",
            "草稿.txt",
            "--select",
            "TXT008",
            "--format",
            "concise",
        ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("piped").write_all("设有台帐。".as_bytes()).expect("read");
    let output = child.wait_with_output().expect("ends");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("草稿.txt:1:3: "));
    assert_eq!(output.status.code(), Some(1));
}
