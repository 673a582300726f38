//! `--fix` changes what it names and keeps the form of everything else.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use encoding_rs::GB18030;

fn gouji(args: &[&str], path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(["check", "--no-config", "--select", "TXT008"]).args(args).arg(path);
    command.output().expect("the binary runs")
}

fn file(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("报告.txt");
    std::fs::write(&path, bytes).expect("writable folder");
    path
}

/// The bytes after `--fix`.
fn fixed(bytes: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = file(&folder, bytes);
    let output = gouji(&["--fix"], &path);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 1, "nothing is left beside");
    std::fs::read(path).expect("readable")
}

const BAD: &str = "一、资产管理\n设有固定资产台帐，20万元。\n";

fn good() -> String {
    BAD.replace("台帐", "台账")
}

#[test]
fn utf8_with_and_without_its_mark() {
    assert_eq!(fixed(BAD.as_bytes()), good().as_bytes());
    assert_eq!(fixed(format!("\u{feff}{BAD}").as_bytes()), format!("\u{feff}{}", good()).as_bytes());
}

#[test]
fn line_ends_of_windows() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(fixed(crlf(BAD).as_bytes()), crlf(&good()).as_bytes());
    let mixed = "一、资产管理\r\n设有台帐。\n二、其他\r\n";
    assert_eq!(fixed(mixed.as_bytes()), mixed.replace("台帐", "台账").as_bytes());
}

#[test]
fn gbk_and_utf16() {
    let gbk = |text: &str| GB18030.encode(&text.replace('\n', "\r\n")).0.into_owned();
    assert_eq!(fixed(&gbk(BAD)), gbk(&good()));
    let utf16 = |text: &str| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    assert_eq!(fixed(&utf16(BAD)), utf16(&good()));
}

#[test]
fn diff_writes_nothing() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = file(&folder, BAD.as_bytes());
    let output = gouji(&["--diff"], &path);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("+设有固定资产台账"));
    assert_eq!(std::fs::read(path).expect("readable"), BAD.as_bytes());
}

#[test]
fn a_file_without_findings_is_not_touched() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = file(&folder, good().as_bytes());
    let before = std::fs::metadata(&path).and_then(|data| data.modified()).expect("has a time");
    assert_eq!(gouji(&["--fix"], &path).status.code(), Some(0));
    assert_eq!(std::fs::metadata(&path).and_then(|data| data.modified()).expect("has a time"), before);
}

#[test]
fn a_file_that_would_lose_bytes_is_refused() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut bytes = GB18030.encode(BAD).0.into_owned();
    bytes.extend_from_slice(b"\xff\xff\n");
    let path = file(&folder, &bytes);
    let output = gouji(&["--fix"], &path);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(std::fs::read(path).expect("readable"), bytes);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = file(&folder, BAD.as_bytes());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("ours");
    let link = folder.path().join("链接.txt");
    symlink(&path, &link).expect("links exist here");
    assert_eq!(gouji(&["--fix"], &link).status.code(), Some(0));
    assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
    assert_eq!(std::fs::read(&path).expect("readable"), good().as_bytes());
    assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
}
