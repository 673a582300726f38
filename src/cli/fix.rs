//! `check --fix` and `--diff`: safe repairs made, written back or shown.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::document::{Document, LineIndex};
use crate::input;
use crate::options::Lang;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// Writes `text` to `path` in the form `original` has, in one step: the file is either the old or the new one.
pub fn write_back(path: &Path, original: &Document, text: &str, lang: Lang) -> Result<(), String> {
    let bytes = input::encode(original, text).map_err(|error| lang.of(error.to_string(), error.english()))?;
    replace(path, &bytes).map_err(|error| match lang {
        Lang::Zh => format!("改正后写不回去：{error}"),
        Lang::En => format!("cannot be written back: {error}"),
    })
}

/// Writes a file whole or not at all.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // Through a symbolic link the file itself is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::Builder::new().prefix(".gouji-").tempfile_in(folder)?;
    new.write_all(bytes)?;
    match fs::metadata(&path) {
        Ok(old) => new.as_file().set_permissions(old.permissions())?,
        #[cfg(unix)]
        Err(_) => {
            use std::os::unix::fs::PermissionsExt;
            new.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        #[cfg(not(unix))]
        Err(_) => {}
    }
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
}

/// Whether both names lead to one file.
#[cfg(feature = "word")]
pub fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(one).is_some_and(|one| Some(one) == real(other))
}

/// Unified diff of two texts; empty when they are equal.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let (old_lines, new_lines) = (Lines::of(old), Lines::of(new));
    let mut out = format!("--- {path}\n+++ {path}\n");
    for hunk in hunks(&changes(&old_lines, &new_lines), old_lines.count()) {
        hunk.print(&old_lines, &new_lines, &mut out);
    }
    out
}

/// Lines `old` replaced by lines `new`; both from 0, half-open.
#[derive(Debug, Clone, Copy)]
struct Change {
    old: (usize, usize),
    new: (usize, usize),
}

/// Changes near enough to share their context.
struct Hunk {
    changes: Vec<Change>,
    old: (usize, usize),
}

struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Lines { text, index: LineIndex::new(text) }
    }

    /// A text that ends with a line end has no line after it.
    fn count(&self) -> usize {
        self.index.lines() - usize::from(self.text.is_empty() || self.text.ends_with('\n'))
    }

    fn get(&self, line: usize) -> &'a str {
        self.index.line_range(self.text, line + 1).map_or("", |range| &self.text[range])
    }

    fn print(&self, sign: char, line: usize, out: &mut String) {
        out.push(sign);
        out.push_str(self.get(line));
        out.push('\n');
        if line + 1 == self.count() && !self.text.ends_with('\n') {
            out.push_str("\\ No newline at end of file\n");
        }
    }
}

/// Line by line where the number of lines is the same, which repairs of form keep; else all between
/// the first and the last difference.
fn changes(old: &Lines, new: &Lines) -> Vec<Change> {
    let (olds, news) = (old.count(), new.count());
    if olds == news {
        let ends_differ = old.text.ends_with('\n') != new.text.ends_with('\n');
        let differs = |line: &usize| old.get(*line) != new.get(*line) || ends_differ && line + 1 == olds;
        return (0..olds)
            .filter(differs)
            .map(|line| Change { old: (line, line + 1), new: (line, line + 1) })
            .collect();
    }
    let shorter = olds.min(news);
    let head = (0..shorter).take_while(|&line| old.get(line) == new.get(line)).count();
    let tail =
        (0..shorter - head).take_while(|&line| old.get(olds - 1 - line) == new.get(news - 1 - line)).count();
    vec![Change { old: (head, olds - tail), new: (head, news - tail) }]
}

fn hunks(changes: &[Change], lines: usize) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for &change in changes {
        let end = (change.old.1 + CONTEXT).min(lines);
        match hunks.last_mut() {
            Some(last) if change.old.0 <= last.old.1 + CONTEXT => {
                last.changes.push(change);
                last.old.1 = end;
            }
            _ => {
                hunks.push(Hunk { changes: vec![change], old: (change.old.0.saturating_sub(CONTEXT), end) });
            }
        }
    }
    hunks
}

impl Hunk {
    fn print(&self, old: &Lines, new: &Lines, out: &mut String) {
        let grown: isize =
            self.changes.iter().map(|change| length(change.new) as isize - length(change.old) as isize).sum();
        let (start, end) = self.old;
        let first = self.changes[0];
        let new_start = first.new.0 - (first.old.0 - start);
        let new_length = (length(self.old) as isize + grown) as usize;
        out.push_str(&format!("@@ -{},{} +{},{} @@\n", start + 1, end - start, new_start + 1, new_length));
        let mut at = start;
        for change in &self.changes {
            (at..change.old.0).for_each(|line| old.print(' ', line, out));
            (change.old.0..change.old.1).for_each(|line| old.print('-', line, out));
            (change.new.0..change.new.1).for_each(|line| new.print('+', line, out));
            at = change.old.1;
        }
        (at..end).for_each(|line| old.print(' ', line, out));
    }
}

fn length((start, end): (usize, usize)) -> usize {
    end - start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_with_its_surroundings() {
        let old = "一\n二\n三\n四\n五\n六\n七\n";
        let shown = diff("a.txt", old, &old.replace('五', "伍"));
        assert_eq!(shown, "--- a.txt\n+++ a.txt\n@@ -2,6 +2,6 @@\n 二\n 三\n 四\n-五\n+伍\n 六\n 七\n");
    }

    #[test]
    fn lines_may_be_added_and_the_last_end_may_be_missing() {
        assert_eq!(
            diff("a", "一\n二", "一\n三\n二"),
            "--- a\n+++ a\n@@ -1,2 +1,3 @@\n 一\n+三\n 二\n\\ No newline at end of file\n"
        );
        assert_eq!(diff("a", "同", "同"), "");
    }
}
