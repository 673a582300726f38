//! Lines to paragraphs, over the ends of pages too.
//!
//! Takes lines in reading order with the margins of their page; gives paragraphs. A line goes on where the line before
//! it had no room for what comes next and nothing says that a paragraph ends.

use std::ops::Range;

use super::lines::{Line, WIDE, fuses};
use crate::input::lines::{ends_sentence, opens_paragraph};

/// Characters of a line that may show the margins.
pub const LONG: usize = 12;

/// Left and right end of the full lines of a page.
#[derive(Debug, Clone, Copy)]
pub struct Margins {
    pub left: f64,
    pub right: f64,
}

impl Margins {
    /// Of lines that are long enough to show them.
    pub fn of<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Option<Margins> {
        let widest = lines.clone().map(|line| line.x1 - line.x0).fold(0.0, f64::max);
        let long = |line: &&Line| line.x1 - line.x0 > 0.6 * widest && line.glyphs.len() >= LONG;
        let right = shared(lines.clone().filter(long).map(|line| (line.x1, line.size)).collect())?;
        let left = -shared(lines.filter(long).map(|line| (-line.x0, line.size)).collect())?;
        Some(Margins { left, right })
    }

    /// Whether the lines of one page end so often at its own margin that they are wrapped there.
    pub fn wraps<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> bool {
        let (mut all, mut full) = (0, 0);
        for line in lines.filter(|line| line.glyphs.len() >= LONG) {
            all += 1;
            let runs_on = !ends_sentence(&line.text());
            full += usize::from(runs_on && self.right - line.x1 < 1.2 * line.size);
        }
        full >= 4 && full * 3 >= all
    }
}

/// The outermost place at which several lines end; a single one may stick out.
fn shared(mut all: Vec<(f64, f64)>) -> Option<f64> {
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let several = |&(at, &(x, size)): &(usize, &(f64, f64))| {
        all.get(at + 1).is_some_and(|&(next, _)| x - next < 0.6 * size)
    };
    let found = all.iter().enumerate().find(several);
    found.map(|(_, &(x, _))| x).or(all.first().map(|&(x, _)| x))
}

/// `5．2023年…`: the ordinal of an item, no figure.
fn is_numbered_year(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let year = rest.strip_prefix(['．', '.', '、']).map(str::trim_start);
    rest.len() < line.len()
        && year.is_some_and(|year| year.starts_with("20") && year[2..].chars().nth(2) == Some('年'))
}

/// A paragraph that may go on.
pub struct Paragraph {
    pub text: String,
    pub page: u32,
    /// Ranges of the text that are crossed out.
    pub struck: Vec<Range<usize>>,
    first: Line,
    last: Line,
    last_page: u32,
    lines: u32,
    /// From line to line, once there are two.
    pitch: Option<f64>,
    margins: Margins,
}

impl Paragraph {
    pub fn new(line: Line, page: u32, margins: Margins) -> Paragraph {
        let (mut text, mut struck) = (String::new(), Vec::new());
        line.say(&mut text, &mut struck);
        Paragraph {
            text,
            page,
            struck,
            first: line.clone(),
            last: line,
            last_page: page,
            lines: 1,
            pitch: None,
            margins,
        }
    }

    /// Takes the line if it goes on with the paragraph, else gives it back.
    pub fn take(&mut self, line: Line, page: u32, margins: Margins) -> Option<Line> {
        if !self.goes_on(&line, page, margins) {
            return Some(line);
        }
        let first = line.glyphs[0].text.chars().next();
        if let (Some(before), Some(after)) = (self.text.chars().next_back(), first)
            && !fuses(before, after)
        {
            self.text.push(' ');
        }
        line.say(&mut self.text, &mut self.struck);
        if page == self.last_page {
            self.pitch = Some(line.y - self.last.y);
        }
        self.lines += 1;
        (self.last, self.last_page, self.margins) = (line, page, margins);
        None
    }

    fn goes_on(&self, next: &Line, page: u32, margins: Margins) -> bool {
        let last = &self.last;
        let size = last.size.max(next.size);
        if (last.size - next.size).abs() > 0.12 * size || page > self.last_page + 1 {
            return false;
        }
        if page == self.last_page {
            let down = next.y - last.y;
            let most = self.pitch.map_or(3.0 * size, |pitch| (1.35 * pitch).max(pitch + 2.0));
            if down < 0.5 * size || down > most {
                return false;
            }
        }
        if last.segments(WIDE).len() > 1 {
            return false;
        }
        let (this, after) = (self.text.as_str(), next.text());
        if after.starts_with(['，', '。', '、', '；', '）', '”', '》']) {
            return true;
        }
        let opens = opens_paragraph(&after) || is_numbered_year(&after);
        let indented = |x: f64, margins: Margins| x > margins.left + 1.2 * size;
        let first_indented = indented(self.first.x0, self.margins);
        let next_indented = indented(next.x0, margins);
        let comma = this.ends_with(['，', '、']);
        let room = self.margins.right - last.x1;
        if room > next.first_token() + 0.6 * size {
            // Words and figures that must not be parted leave ragged ends; a sentence says that it goes on.
            let ragged = room < 0.3 * (self.margins.right - self.margins.left)
                && this.contains(['，', '；', '。'])
                && !this.ends_with('；')
                && !ends_sentence(this);
            // A line broken by hand begins where the one before it did.
            let by_hand = comma && self.lines == 1 && (next.x0 - last.x0).abs() < 0.6 * size;
            return !opens && ((comma || ragged) && !next_indented || by_hand);
        }
        if next_indented && !comma {
            // Only what hangs below an ordinal goes on further in than the margin.
            let hangs = self.lines > 1 && (next.x0 - last.x0).abs() < 0.6 * size;
            if !hangs || ends_sentence(this) || opens {
                return false;
            }
        }
        if opens && (!first_indented || next_indented || ends_sentence(this) || this.ends_with('；')) {
            return false;
        }
        // Without indents nothing tells a sentence that ends with its line from the end of a paragraph.
        !ends_sentence(this) || first_indented && !next_indented
    }
}
