//! What is to be read: files as named, and the reports inside folders.

use std::path::{Path, PathBuf};

use anyhow::Result;
use ignore::WalkBuilder;

/// One input, in the order of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Stdin,
    File(PathBuf),
}

/// Names that a report in a folder can end with. Formats that cannot be read yet are among them, so
/// that such a report is named as unreadable and never passed over.
const EXTENSIONS: [&str; 22] = [
    "txt", "text", "md", "markdown", "docx", "docm", "doc", "wps", "pdf", "rtf", "odt", "ofd", "html", "htm",
    "mht", "mhtml", "xlsx", "xlsm", "xls", "et", "ods", "csv",
];

/// All inputs that `paths` stand for; the files of a folder in order of their names.
pub fn collect(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            inputs.push(Input::Stdin);
        } else if path.is_dir() {
            folder(path, &mut inputs)?;
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    Ok(inputs)
}

fn folder(path: &Path, inputs: &mut Vec<Input>) -> Result<()> {
    for entry in WalkBuilder::new(path).sort_by_file_name(|a, b| a.cmp(b)).build() {
        let entry = entry?;
        let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
        if is_file && is_report(entry.path()) {
            let path = entry.path();
            inputs.push(Input::File(path.strip_prefix(".").unwrap_or(path).to_owned()));
        }
    }
    Ok(())
}

fn is_report(path: &Path) -> bool {
    let lock_file = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"~$"));
    let known =
        path.extension().is_some_and(|ext| EXTENSIONS.iter().any(|known| ext.eq_ignore_ascii_case(known)));
    known && !lock_file
}
