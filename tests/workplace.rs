//! What stands around a run: `init`, `config`, `check --watch`, and a text that comes from an editor.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

fn gouji(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(args).current_dir(folder);
    command
}

fn says(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = gouji(folder, args).output().expect("runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).expect("UTF-8"))
}

#[test]
fn init_writes_a_configuration_and_never_writes_over_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = says(folder.path(), &["init"]);
    assert_eq!(code, Some(0), "{said}");
    fs::write(folder.path().join("报告.txt"), "财务台帐清楚。\n").expect("written");
    assert_eq!(says(folder.path(), &["check", "报告.txt", "--select", "TXT008"]).0, Some(1));
    let written = folder.path().join("gouji.toml");
    fs::write(&written, "severity = \"hint\"\n").expect("written");
    let (code, said) = says(folder.path(), &["init"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(fs::read_to_string(&written).expect("there"), "severity = \"hint\"\n");
}

#[test]
fn config_tells_what_applies_and_from_where() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("上报")).expect("made");
    let text = "severity = \"hint\"\nignore = [\"NUM\"]\n\n[levels]\nTXT008 = \"hint\"\n\n\
                [[suppress]]\nfiles = [\"*.md\"]\nrules = [\"FIG001\"]\nreason = \"已核实\"\n";
    fs::write(folder.path().join("gouji.toml"), text).expect("written");
    let (code, said) =
        says(folder.path(), &["config", "上报/报告.md", "--ignore", "TXT", "--fail-on", "never"]);
    assert_eq!(code, Some(0), "{said}");
    for row in [
        "配置文件：gouji.toml",
        "select      []  （默认）",
        "ignore      [\"TXT\"]  （命令行）",
        "severity    \"hint\"  （gouji.toml:1）",
        "fail-on     \"never\"  （命令行）",
        "levels.TXT008  \"hint\"  （gouji.toml:5）",
        "（gouji.toml:7）",
    ] {
        assert!(said.contains(row), "{row} in\n{said}");
    }
    let (_, said) = says(folder.path(), &["config", "上报/报告.txt"]);
    assert!(!said.contains("suppress"), "{said}");
    let (_, json) = says(folder.path(), &["config", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["settings"][2]["line"], 1, "{json}");
    fs::write(folder.path().join("gouji.toml"), "selct = []\n").expect("written");
    assert_eq!(says(folder.path(), &["config"]).0, Some(2));
}

#[test]
fn a_text_from_an_editor_has_the_settings_of_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("上报")).expect("made");
    fs::write(folder.path().join("上报/gouji.toml"), "select = [\"TXT008\"]\n").expect("written");
    let args = ["check", "-", "--stdin-filename", "上报/新报告.md", "--format", "concise"];
    let mut child =
        gouji(folder.path(), &args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("runs");
    let text = "<!-- gouji-ignore: TXT008 原件如此 -->\n财务台帐清楚.\n\n另有台帐.\n";
    child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("ends");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(said, "上报/新报告.md:4:3: 警告[TXT008 wrong-word] “台帐”应作“台账”\n");
}

/// Word and WPS write a new file and put it in the old one's place.
fn save(path: &Path, text: &str) {
    let new = path.with_extension("tmp");
    fs::write(&new, text).expect("written");
    fs::remove_file(path).ok();
    fs::rename(&new, path).expect("renamed");
}

#[test]
fn a_watched_file_is_checked_after_every_save() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("报告.txt");
    fs::write(&path, "财务台帐清楚。\n").expect("written");
    let args = ["check", "报告.txt", "--watch", "--select", "TXT008", "--format", "concise"];
    let mut child = gouji(folder.path(), &args).stdout(Stdio::piped()).spawn().expect("runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut round = || {
        let mut said = Vec::new();
        loop {
            let line = lines.next().expect("goes on").expect("UTF-8");
            if line.contains("Ctrl-C") {
                return said.join("\n");
            }
            said.push(line);
        }
    };
    assert!(round().contains("1:3: 警告"));
    save(&path, "财务清楚，另有台帐不清。\n");
    assert!(round().contains("1:8: 警告"));
    save(&path, "财务台账清楚，都已改正。\n");
    assert!(!round().contains("警告"));
    fs::write(folder.path().join("gouji.toml"), "selct = 1\n").expect("written");
    round();
    child.kill().expect("ends");
    child.wait().expect("ended");
    assert_eq!(says(folder.path(), &["check", "没有.txt", "--watch", "--no-config"]).0, Some(2));
}
