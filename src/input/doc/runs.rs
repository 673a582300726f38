//! Formats by place in the file: the pages of runs and of paragraphs (FKP) behind their index (PlcBte).

use std::ops::Range;

use crate::input::little_endian::{offset_at, u8_at};

const PAGE: usize = 512;

/// A stretch of the main stream and where the changes of its format stand there.
pub struct Run {
    pub file: Range<usize>,
    pub changes: Range<usize>,
}

pub struct Runs(Vec<Run>);

impl Runs {
    pub fn of_characters(word: &[u8], index: &[u8]) -> Runs {
        read(word, index, 1, |at| {
            let len = usize::from(u8_at(word, at)?);
            Some(at + 1..at + 1 + len)
        })
    }

    /// The changes of a paragraph begin with the two bytes of its style.
    pub fn of_paragraphs(word: &[u8], index: &[u8]) -> Runs {
        read(word, index, 13, |at| {
            let half = usize::from(u8_at(word, at)?);
            Some(match half {
                0 => at + 2..at + 2 + 2 * usize::from(u8_at(word, at + 1)?),
                _ => at + 1..at + 2 * half,
            })
        })
    }

    /// The run that holds the byte at `at`.
    pub fn at(&self, at: usize) -> Option<&Run> {
        let after = self.0.partition_point(|run| run.file.start <= at);
        self.0[..after].last().filter(|run| at < run.file.end)
    }

    /// How far from `at` on nothing changes.
    pub fn end(&self, at: usize) -> usize {
        let after = self.0.partition_point(|run| run.file.start <= at);
        let next = self.0.get(after).map_or(usize::MAX, |run| run.file.start);
        self.at(at).map_or(next, |run| run.file.end.min(next))
    }
}

/// `width`: bytes by run in the list of a page, the first of which says where the changes stand.
fn read(word: &[u8], index: &[u8], width: usize, changes: impl Fn(usize) -> Option<Range<usize>>) -> Runs {
    let mut runs = Vec::new();
    let pages = index.len().saturating_sub(4) / 8;
    // A page named again and again would be read again and again.
    let mut seen = vec![false; word.len() / PAGE + 1];
    for page in 0..pages {
        let number = offset_at(index, (pages + 1 + page) * 4).map(|number| number & 0x3f_ffff);
        let Some(start) = number.map(|number| number * PAGE) else { break };
        let Some(bytes) = word.get(start..start + PAGE) else { continue };
        if std::mem::replace(&mut seen[start / PAGE], true) {
            continue;
        }
        let count = usize::from(bytes[PAGE - 1]);
        for run in 0..count {
            let ends = (offset_at(bytes, run * 4), offset_at(bytes, run * 4 + 4));
            let place = u8_at(bytes, (count + 1) * 4 + run * width);
            let ((Some(from), Some(to)), Some(place)) = (ends, place) else { break };
            let changes = match place {
                0 => 0..0,
                _ => changes(start + usize::from(place) * 2)
                    .filter(|it| it.end <= start + PAGE)
                    .unwrap_or(0..0),
            };
            if from < to {
                runs.push(Run { file: from..to, changes });
            }
        }
    }
    runs.sort_by_key(|run| run.file.start);
    Runs(runs)
}
