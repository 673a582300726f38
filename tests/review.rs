//! The reviewer's desk: every file has its row, nothing is lost in an interruption, and the outputs are the same bytes
//! whatever the number of threads and wherever a run was broken off.
#![cfg(all(feature = "review", feature = "sheet"))]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use zip::write::{SimpleFileOptions, ZipWriter};

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("an entry").path());
    let mut reports: Vec<PathBuf> = entries.filter(|path| !path.ends_with("README.md")).collect();
    reports.sort();
    reports
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.args(["review", "--no-config"]).args(args).current_dir(folder);
    command
}

fn review(folder: &Path, args: &[&str]) -> Output {
    let output = command(folder, args).output().expect("the binary runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    output
}

/// Every file that was written, but for what is kept for later runs.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.ends_with(".gouji-cache") {
            continue;
        }
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else {
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
            found.insert(name, fs::read(&path).expect("readable"));
        }
    }
    found
}

fn same(one: &Path, other: &Path) {
    let (one, other) = (outputs(one), outputs(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let differ: Vec<&String> =
        one.iter().filter(|(name, bytes)| other[*name] != **bytes).map(|pair| pair.0).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

fn json(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("review.json")).expect("written")).expect("JSON")
}

/// Names as they are, in whatever encoding.
fn archive(entries: &[(&[u8], &[u8])]) -> Vec<u8> {
    // The writer takes names as text: letters stand for them until the archive is made.
    let stand_in = |place: usize, name: &[u8]| vec![b'A' + place as u8; name.len()];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (place, (name, bytes)) in entries.iter().enumerate() {
        let name = String::from_utf8(stand_in(place, name)).expect("letters");
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    let mut bytes = zip.finish().expect("closed").into_inner();
    for (place, (name, _)) in entries.iter().enumerate() {
        let letters = stand_in(place, name);
        let places: Vec<usize> =
            (0..bytes.len() - name.len()).filter(|&at| bytes[at..].starts_with(&letters)).collect();
        places.into_iter().for_each(|at| bytes[at..at + name.len()].copy_from_slice(name));
    }
    bytes
}

/// Sixty reports in two folders, and among them every kind of file that cannot be read.
fn submissions() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let place = folder.path().join("in");
    fs::create_dir_all(place.join("甲县")).expect("a folder");
    fs::create_dir_all(place.join("乙县/目录.txt")).expect("a folder with the name of a file");
    let reports = corpus();
    for number in 0..60 {
        let report = &reports[number % reports.len()];
        let name = report.file_name().expect("a name").to_string_lossy();
        let mut bytes = fs::read(report).expect("readable");
        bytes.extend_from_slice(format!("\n{number}\n").as_bytes());
        let county = if number % 3 == 0 { "甲县" } else { "乙县" };
        fs::write(place.join(county).join(format!("{number:02}-{name}")), bytes).expect("written");
    }
    let faults: [(&str, &[u8]); 7] = [
        ("甲县/残缺.xlsx", b"PK\x03\x04\x14\0\0\0\x08\0xl/workbook.xml"),
        (
            "甲县/加密.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
        ),
        ("乙县/空白.txt", b" \n\n"),
        ("乙县/程序.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
        ("乙县/残缺.zip", b"PK\x03\x04\x14\0\0\0"),
        ("乙县/照片.jpg", b"\xff\xd8\xff"),
        ("乙县/~$草稿.docx", b"lock"),
    ];
    for (name, bytes) in faults {
        fs::write(place.join(name), bytes).expect("written");
    }
    let gbk = |name: &str| encoding_rs::GB18030.encode(name).0.into_owned();
    let report = fs::read(&reports[0]).expect("readable");
    let inner = archive(&[("内层.txt".as_bytes(), &report)]);
    let outer = archive(&[
        (&gbk("上报\\教育局.txt"), &report),
        (&gbk("上报\\炸弹.txt"), &vec![b'0'; 40 << 20]),
        (&gbk("内包.zip"), &inner),
    ]);
    fs::write(place.join("丙县.zip"), outer).expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink("没有的文件", place.join("乙县/断链.txt")).expect("a link");
    folder
}

#[test]
fn nothing_is_lost_and_nothing_differs() {
    let folder = submissions();
    let at = |name: &str| folder.path().join(name);
    let output = review(folder.path(), &["in", "--out", "undisturbed", "--threads", "2"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let unread = if cfg!(unix) { 7 } else { 6 };
    assert!(said.starts_with(&format!("共 {} 份，读出 62 份，没有读出 {unread} 份", 62 + unread)), "{said}");

    review(folder.path(), &["in", "--out", "five", "--threads", "5", "--no-cache"]);
    same(&at("undisturbed"), &at("five"));

    // Broken off twice, by the hardest means, at no chosen moment; then left to end.
    for least in [3, 20] {
        let mut child = command(folder.path(), &["in", "--out", "broken", "--threads", "1"])
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary runs");
        while kept(&at("broken/.gouji-cache")) < least && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        child.kill().expect("killed");
        child.wait().expect("a child");
    }
    let before = kept(&at("broken/.gouji-cache"));
    assert!(before >= 20);
    review(folder.path(), &["in", "--out", "broken", "--threads", "3"]);
    same(&at("undisturbed"), &at("broken"));
}

/// Records in a cache.
fn kept(cache: &Path) -> usize {
    let folders = fs::read_dir(cache).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    files.filter(|file| file.path().extension().is_some_and(|ending| ending == "json")).count()
}

#[test]
fn every_file_has_its_row_and_its_reason() {
    let folder = submissions();
    review(folder.path(), &["in", "--out", "out"]);
    let json = json(&folder.path().join("out"));
    let files = json["files"].as_array().expect("files");
    let error = |path: &str| {
        let file =
            files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path} has no row"));
        file["error"].as_str().unwrap_or_default().to_owned()
    };
    for (path, reason) in [
        ("甲县/残缺.xlsx", "损坏"),
        ("甲县/加密.docx", "密码"),
        ("乙县/空白.txt", "空的"),
        ("乙县/程序.txt", "程序"),
        ("乙县/残缺.zip", "损坏"),
        ("丙县.zip!/上报/炸弹.txt", "上限"),
        ("丙县.zip!/上报/教育局.txt", ""),
        ("丙县.zip!/内包.zip!/内层.txt", ""),
    ] {
        let said = error(path);
        assert!(said.contains(reason) && reason.is_empty() == said.is_empty(), "{path}: {said}");
    }
    assert!(files.iter().all(|file| !file["path"].as_str().expect("a path").contains(['~', '$'])));
    assert_eq!(json["media"], 1);
}

#[test]
fn the_data_is_what_check_says_and_keeps_to_its_schema() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(folder.path().join("in")).expect("a folder");
    let draft = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/draft.txt");
    fs::copy(&draft, folder.path().join("in/draft.txt")).expect("copied");
    fs::write(folder.path().join("in/坏.zip"), b"PK\x03\x04").expect("written");
    review(folder.path(), &["in", "--out", "out", "--hints"]);
    let reviewed = json(&folder.path().join("out"));

    let gouji = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
        let output = command.args(args).current_dir(folder.path()).output().expect("the binary runs");
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    let checked = gouji(&["check", "in/draft.txt", "--no-config", "--hints", "--format", "json"]);
    for key in ["diagnostics", "fixed", "suppressed", "ledger", "profile", "error"] {
        assert!(reviewed["files"][0][key] == checked["files"][0][key], "{key}");
    }
    let schema = gouji(&["schema", "review"]);
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("review.json", schema).expect("a schema");
    let compiled = compiler.compile("review.json", &mut schemas).expect("it compiles");
    schemas.validate(&reviewed, compiled).expect("the data keeps to its schema");
}

#[test]
fn hostile_text_is_shown_and_never_run() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(folder.path().join("in")).expect("a folder");
    let hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let text = format!(
        "<b>{hostile}</b>2023年度部门整体支出绩效自评报告\n一、概况{hostile}\n设有台帐{hostile}。\n \n"
    );
    fs::write(folder.path().join("in/<img src=x onerror=alert(2)>.txt"), text).expect("written");
    let draft = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/draft.txt");
    fs::copy(draft, folder.path().join("in/draft.txt")).expect("copied");
    review(folder.path(), &["in", "--out", "out", "--hints"]);
    for (name, bytes) in outputs(&folder.path().join("out")) {
        if name.ends_with(".html") {
            let page = String::from_utf8(bytes).expect("UTF-8");
            for piece in ["<script>alert", "<img", "</script><script"] {
                assert!(!page.contains(piece), "{name} holds {piece}");
            }
            assert!(page.contains("default-src 'none'"));
            let links = page.split(" href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
            for link in links {
                assert!(page.contains(&format!(" id=\"{link}\"")), "{name}: nothing answers to {link}");
            }
        }
    }
}

#[test]
fn what_is_gone_leaves_no_page_behind() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(folder.path().join("in")).expect("a folder");
    for name in ["甲.txt", "乙.txt"] {
        fs::write(folder.path().join("in").join(name), "设有台帐。").expect("written");
    }
    review(folder.path(), &["in", "--out", "out"]);
    let own = folder.path().join("out/reports/自己的.html");
    fs::write(&own, "kept").expect("written");
    fs::remove_file(folder.path().join("in/甲.txt")).expect("removed");
    review(folder.path(), &["in", "--out", "out"]);
    let left = outputs(&folder.path().join("out"));
    assert!(!left.contains_key("reports/甲.txt.html") && !left.contains_key("returned/甲.txt.md"));
    assert!(left.contains_key("reports/乙.txt.html") && own.is_file());
}

#[test]
fn the_workbook_is_read_back() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(folder.path().join("in")).expect("a folder");
    let draft = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/draft.txt");
    fs::copy(&draft, folder.path().join("in/draft.txt")).expect("copied");
    review(folder.path(), &["in", "--out", "out"]);
    let reviewed = json(&folder.path().join("out"));
    let mut book: Xlsx<_> = open_workbook(folder.path().join("out/review.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names(), ["报告", "问题", "数字"]);
    let findings = book.worksheet_range("问题").expect("a sheet");
    let told = reviewed["files"][0]["diagnostics"].as_array().expect("findings");
    assert_eq!(findings.height(), told.len() + 1);
    for (row, finding) in findings.rows().skip(1).zip(told) {
        assert_eq!(row[1], Data::String(finding["code"].as_str().expect("a code").to_owned()));
        assert_eq!(row[6], Data::String(finding["message"].as_str().expect("a message").to_owned()));
        assert!(matches!(row[4], Data::Float(_)));
    }
    let figures = book.worksheet_range("数字").expect("a sheet");
    let printed =
        figures.rows().find(|row| row[8] == Data::String("118.43万元".to_owned())).expect("the figure");
    assert_eq!(printed[9], Data::Float(118.43));
    let reports = book.worksheet_range("报告").expect("a sheet");
    assert_eq!(reports.rows().nth(1).expect("a row")[0], Data::String("有错误".to_owned()));
}

#[test]
fn the_letter_says_what_to_correct() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(folder.path().join("in")).expect("a folder");
    let draft = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/draft.txt");
    fs::copy(&draft, folder.path().join("in/draft.txt")).expect("copied");
    let output = review(
        folder.path(),
        &["in", "--out", "out", "--select", "indicator-mismatch,wrong-term", "--fail-on", "never"],
    );
    assert_eq!(output.status.code(), Some(0));
    let letter = fs::read_to_string(folder.path().join("out/returned/draft.txt.md")).expect("written");
    insta::assert_snapshot!(letter);
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
}
