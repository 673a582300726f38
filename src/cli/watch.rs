//! `check --watch`: checks again whenever a file is saved, and refreshes one screen.
//!
//! Word and WPS save into a new file and put it in the old one's place, so the name is watched and not the file.
//! Looking three times a second costs less than a check and needs nothing of the system.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};

use super::config::{FILE_NAME, find_upwards};
use super::inputs::{self, Input};
use super::{Shell, TROUBLE};
use crate::options::Lang;

const PAUSE: Duration = Duration::from_millis(300);

/// What tells a saved file from the one before; `None` while it is away.
type Seen = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Calls `check` now and after every change of `paths` or their configuration, until the process is ended.
pub fn run(shell: Shell, paths: &[PathBuf], check: impl Fn() -> Result<u8>) -> Result<u8> {
    let lang = shell.lang();
    if paths.iter().any(|path| path == Path::new("-")) {
        bail!(lang.of("--watch 不能用于标准输入", "--watch cannot be used with standard input"));
    }
    let mut shown: Option<Seen> = None;
    let mut before = look(paths);
    loop {
        // A file that is being written, or is held by who writes it, is looked at again.
        let now = look(paths);
        let settled =
            now == before && now.iter().all(|(path, seen)| seen.is_some() && File::open(path).is_ok());
        let is_new = shown.as_ref() != Some(&now);
        if settled && is_new {
            clear()?;
            if let Err(error) = check() {
                super::report(shell, &error);
            }
            say(lang.of("在等下一次保存，按 Ctrl-C 结束。", "Waiting for the next save; Ctrl-C ends."))?;
            shown = Some(now.clone());
        } else if shown.is_none() && now == before {
            let reports = now.iter().filter(|(path, _)| !path.ends_with(FILE_NAME));
            if reports.clone().all(|(_, seen)| seen.is_none()) {
                // Nothing has ever been there: most likely a wrong name.
                return missing(reports.map(|(path, _)| path.display().to_string()).collect(), lang);
            }
        }
        before = now;
        thread::sleep(PAUSE);
    }
}

fn look(paths: &[PathBuf]) -> Seen {
    let files = inputs::collect(paths).unwrap_or_default();
    let files: Vec<PathBuf> = files
        .into_iter()
        .filter_map(|input| match input {
            Input::File(path) => Some(path),
            Input::Stdin => None,
        })
        .collect();
    let configs: Vec<PathBuf> = files.iter().filter_map(|file| find_upwards(file.parent()?)).collect();
    let stamp = |path: &Path| {
        let meta = fs::metadata(path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    };
    files.into_iter().chain(configs).map(|path| (path.clone(), stamp(&path))).collect()
}

fn missing(names: Vec<String>, lang: Lang) -> Result<u8> {
    if names.is_empty() {
        bail!(lang.of("没有找到可以审核的文件", "no report found"));
    }
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "{}{}", lang.of("没有这个文件：", "no such file: "), names.join(lang.of("、", ", ")))?;
    Ok(TROUBLE)
}

/// On a terminal the old screen goes; elsewhere runs are parted by a blank line.
fn clear() -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(if stdout.is_terminal() { b"\x1b[2J\x1b[3J\x1b[H" } else { b"\n" })?;
    stdout.flush()
}

fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}
