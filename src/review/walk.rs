//! What lies in the folders: every file that may be a report, also inside zip archives.
//!
//! Takes paths; gives [`Walk`]. It must not judge what a file is worth: what cannot be read is found, and
//! becomes a row with its reason. Left out are hidden and lock files; pictures are counted.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::archive::{self, Archive};
use crate::options::Lang;

#[derive(Debug, Default)]
pub struct Walk {
    /// In order of their names, folder by folder.
    pub found: Vec<Found>,
    pub archives: Vec<Archive>,
    /// Pictures, sound and film: no reports, and not read.
    pub media: usize,
}

impl Walk {
    /// What lies elsewhere, behind what was found; `below` is put before the names that are shown.
    pub fn extend(&mut self, other: Walk, below: &str) {
        let before = self.archives.len();
        self.archives.extend(other.archives);
        self.found.extend(other.found.into_iter().map(|found| Found {
            path: format!("{below}/{}", found.path),
            what: match found.what {
                What::Entry { archive, entry } => What::Entry { archive: archive + before, entry },
                what => what,
            },
            ..found
        }));
    }
}

/// One file to review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name shown: below the folder where only one was given, `archive.zip!/a/b.docx` in an archive.
    pub path: String,
    /// Where its configuration is looked for.
    pub folder: PathBuf,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    File(PathBuf),
    /// Places in [`Walk::archives`] and in the archive.
    Entry {
        archive: usize,
        entry: usize,
    },
    /// There is something, and this is why it cannot be read.
    Unreadable(String),
}

/// Endings of files that are certainly no reports.
const MEDIA: [&str; 22] = [
    "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "svg", "ico", "heic", "mp3", "wav", "m4a",
    "wma", "mp4", "avi", "mov", "wmv", "mkv", "flv", "psd",
];
/// Files that programs leave beside the user's own.
const LITTER: [&str; 4] = ["thumbs.db", "desktop.ini", "ehthumbs.db", "gouji.toml"];

/// What becomes of a file, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Report,
    Archive,
    Media,
    Litter,
}

pub(super) fn sort(name: &str) -> Sort {
    let lower = name.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    // `~$` is Word's and WPS's mark of an open file, `.~lock` LibreOffice's.
    if lower.starts_with("~$") || lower.starts_with('.') || LITTER.contains(&lower.as_str()) {
        Sort::Litter
    } else if MEDIA.contains(&ending) {
        Sort::Media
    } else if ending == "zip" {
        Sort::Archive
    } else {
        Sort::Report
    }
}

/// Everything below `paths` but `leave_out`, the folder that the outputs go to. `work` takes what has to be unpacked.
pub fn walk(paths: &[PathBuf], leave_out: &Path, work: &Path, lang: Lang) -> Walk {
    let mut walk = Walk::default();
    let leave_out = std::fs::canonicalize(leave_out).ok();
    for path in paths {
        let base = if paths.len() == 1 && path.is_dir() { Some(path.as_path()) } else { None };
        let outputs = leave_out.clone();
        let entries = WalkBuilder::new(path)
            .standard_filters(false)
            .hidden(true)
            .sort_by_file_name(|a, b| a.cmp(b))
            .filter_entry(move |entry| {
                let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
                !(is_dir && entry.depth() > 0 && same(entry.path(), outputs.as_deref()))
            })
            .build();
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) => file(&mut walk, entry.path(), base, work, lang),
                Err(error) => {
                    let path = path_of(&error).unwrap_or(path);
                    let reason = match error.io_error() {
                        Some(error) => crate::input::ReadError::from(io_copy(error)),
                        None => crate::input::ReadError::from(std::io::Error::other(error.to_string())),
                    };
                    let what = What::Unreadable(lang.of(reason.to_string(), reason.english()));
                    walk.found.push(Found { path: shown(path, base), folder: folder_of(path), what });
                }
            }
        }
    }
    walk
}

fn file(walk: &mut Walk, path: &Path, base: Option<&Path>, work: &Path, lang: Lang) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (shown, folder) = (shown(path, base), folder_of(path));
    let what = match std::fs::metadata(path) {
        // A pipe or a device would be waited for without end.
        Ok(data) if !data.is_file() && !data.is_dir() => What::Unreadable(
            lang.of("这不是普通文件，没有检查", "this is no regular file and was not checked").to_owned(),
        ),
        _ => What::File(path.to_owned()),
    };
    match sort(&name) {
        Sort::Litter => {}
        Sort::Media => walk.media += 1,
        Sort::Archive if matches!(what, What::File(_)) && archive::is_plain(path) => {
            archive::list(walk, path, &shown, &folder, work, lang);
        }
        _ => walk.found.push(Found { path: shown, folder, what }),
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_owned()
}

fn shown(path: &Path, base: Option<&Path>) -> String {
    let below =
        base.and_then(|base| path.strip_prefix(base).ok()).filter(|below| !below.as_os_str().is_empty());
    below.unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn same(path: &Path, other: Option<&Path>) -> bool {
    let alike = |other: &Path| path.file_name() == other.file_name();
    other
        .filter(|other| alike(other))
        .is_some_and(|other| std::fs::canonicalize(path).is_ok_and(|path| path == other))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn io_copy(error: &std::io::Error) -> std::io::Error {
    match error.raw_os_error() {
        Some(code) => std::io::Error::from_raw_os_error(code),
        None => std::io::Error::new(error.kind(), error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_no_report() {
        for (name, wanted) in [
            ("自评报告.docx", Sort::Report),
            ("无后缀", Sort::Report),
            ("数据.dat", Sort::Report),
            ("~$自评报告.docx", Sort::Litter),
            (".~lock.自评.docx#", Sort::Litter),
            ("Thumbs.db", Sort::Litter),
            ("现场照片.JPG", Sort::Media),
            ("上报材料.ZIP", Sort::Archive),
        ] {
            assert_eq!(sort(name), wanted, "{name}");
        }
    }
}
