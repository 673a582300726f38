//! Pages and pictures made by the program itself. `UPDATE=1 cargo test --test generated` rewrites
//! them; without it they are compared, so that what is shown is what the program says.

use std::fs;
use std::path::Path;
use std::process::Command;

#[path = "generated/picture.rs"]
mod picture;

fn gouji(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn assert_current(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if kept != made && std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("has a folder")).expect("writable");
        fs::write(&path, made).expect("writable");
    } else {
        assert!(kept == made, "{name} is not current: run `UPDATE=1 cargo test --test generated`");
    }
}

#[test]
fn page_of_all_rules() {
    assert_current("docs/rules.md", &gouji(&["rules", "--format", "markdown"]));
}

/// The arguments of the run that the picture shows; it must not change with every rule that is added.
const SHOWN: [&str; 4] = ["check", "examples/draft.txt", "--no-config", "--select"];
const SHOWN_RULES: &str = "indicator-mismatch,wrong-term";

#[test]
fn picture_of_a_run() {
    let output = gouji(&[&SHOWN[..], &[SHOWN_RULES, "--color", "always"]].concat());
    assert_current("docs/check.svg", &picture::svg("gouji check examples/draft.txt", &output));
}

/// Code blocks of the READMEs that follow `<!-- $ gouji … -->` hold what that command prints.
#[test]
fn output_in_the_readmes() {
    for name in ["README.md", "README.zh-CN.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = fs::read_to_string(&path).expect("readable");
        assert_current(name, &with_outputs(&text));
    }
}

fn with_outputs(text: &str) -> String {
    let mut made = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        made.push_str(line);
        made.push('\n');
        let command = line.strip_prefix("<!-- $ gouji ").and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(command) = command {
            lines.by_ref().find(|line| line.starts_with("```"));
            lines.by_ref().find(|line| line.starts_with("```"));
            let args: Vec<&str> = command.split(' ').collect();
            made.push_str(&format!("```text\n{}\n```\n", gouji(&args).trim_end()));
        }
    }
    made
}
