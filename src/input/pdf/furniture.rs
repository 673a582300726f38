//! Page numbers and running heads.
//!
//! Takes the outer lines of all pages; tells which of them belong to the page and not to the text.

use rustc_hash::FxHashMap;

use super::lines::Line;
use crate::input::wrap::{PageNumber, page_number};

/// Lines at either end of a page that may be furniture.
const OUTER: usize = 2;
/// A head repeats on that many pages at least.
const OFTEN: u32 = 3;
/// Part of the page's height at either end in which furniture stands.
const EDGE: f64 = 0.14;

/// The lines of one page, from top to bottom, and its height.
pub struct Page<'a> {
    pub lines: Vec<&'a Line>,
    pub height: f64,
}

/// For each page the numbers of its lines that are furniture, in order.
pub fn find(pages: &[Page<'_>]) -> Vec<Vec<usize>> {
    let outer: Vec<Vec<(usize, String)>> = pages.iter().map(outer).collect();
    let mut found: Vec<Vec<usize>> = pages.iter().map(marked).collect();
    // A bare number is the page's only where such numbers count on with the pages.
    let mut offsets: FxHashMap<i64, u32> = FxHashMap::default();
    let bare = |text: &str| match page_number(text) {
        Some(PageNumber::Bare(number)) => Some(i64::from(number)),
        _ => None,
    };
    for (page, lines) in outer.iter().enumerate() {
        for number in lines.iter().filter_map(|(_, text)| bare(text)) {
            *offsets.entry(number - page as i64).or_default() += 1;
        }
    }
    let mut heads: FxHashMap<String, u32> = FxHashMap::default();
    for (_, text) in outer.iter().flatten() {
        *heads.entry(stripped(text)).or_default() += 1;
    }
    for (page, lines) in outer.iter().enumerate() {
        for (line, text) in lines {
            let number = match page_number(text) {
                Some(PageNumber::Marked) => true,
                Some(PageNumber::Bare(number)) => {
                    let same = offsets.get(&(i64::from(number) - page as i64)).copied().unwrap_or(0);
                    same >= 2 || pages.len() == 1 && number == 1
                }
                None => false,
            };
            let repeats = heads.get(&stripped(text)).is_some_and(|&count| count >= OFTEN);
            // A caption of a table that goes on says its unit on every page.
            let head = repeats && !text.contains("单位") && text.chars().count() <= 40;
            if number || head {
                found[page].push(*line);
            }
        }
        found[page].sort_unstable();
        found[page].dedup();
    }
    found
}

/// Lines that the file itself marks as furniture.
fn marked(page: &Page<'_>) -> Vec<usize> {
    let is = |line: &Line| line.glyphs.iter().all(|glyph| glyph.furniture);
    (0..page.lines.len()).filter(|&at| is(page.lines[at])).collect()
}

fn outer(page: &Page<'_>) -> Vec<(usize, String)> {
    let count = page.lines.len();
    (0..count)
        .filter(|&at| at < OUTER || at + OUTER >= count)
        .filter(|&at| {
            let y = page.lines[at].y;
            y < EDGE * page.height || y > (1.0 - EDGE) * page.height
        })
        .map(|at| (at, page.lines[at].text()))
        .collect()
}

/// A head without the number in it.
fn stripped(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_ascii_digit()).collect()
}
