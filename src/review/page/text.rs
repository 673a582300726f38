//! The text of a report with every finding marked in it, tables as tables.

use std::fmt::Write;

use super::class;
use crate::diagnostic::Severity;
use crate::document::{BlockKind, LineIndex, Span};
use crate::options::Lang;
use crate::review::html::{escape, escaped};
use crate::review::record::{Leaf, Table};
use crate::review::{Place, Record};

/// Findings shown on one stretch of text.
const TOGETHER: usize = 8;

/// One end of a finding: where it stands and what it is.
struct Mark {
    start: u32,
    end: u32,
    finding: usize,
    /// The label's place; none for the finding itself.
    label: Option<usize>,
    severity: Severity,
}

/// Writes the text in order, so that each mark is looked at once.
struct Writer<'a> {
    leaf: &'a Leaf,
    lines: &'a LineIndex,
    /// By start.
    marks: Vec<Mark>,
    /// Marks before this one have begun.
    begun: usize,
    /// Those begun and not ended.
    open: Vec<usize>,
    /// Of each mark, whether its anchor is written.
    anchored: Vec<bool>,
    lang: Lang,
}

pub fn render(out: &mut String, record: &Record, lang: Lang) {
    let leaf = &record.leaf;
    let lines = LineIndex::new(&leaf.text);
    let mut marks = marks(record);
    marks.sort_by_key(|mark| (mark.start, mark.finding, mark.label));
    let anchored = vec![false; marks.len()];
    let mut writer = Writer { leaf, lines: &lines, marks, begun: 0, open: Vec::new(), anchored, lang };
    let mut headings = leaf.headings.iter().peekable();
    let mut blocks = leaf.blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        while headings.next_if(|heading| heading.span.start < block.span.start).is_some() {}
        let line = lines.position(&leaf.text, block.span.start as usize).line;
        match block.kind {
            BlockKind::Row { table, .. } => {
                let rows = leaf.tables.get(table as usize);
                let mut row = Some(block);
                out.push_str("<div class=\"wide\"><table>\n");
                while let Some(BlockKind::Row { row: number, .. }) = row.map(|block| block.kind) {
                    if let (Some(rows), Some(block)) = (rows, row) {
                        let line = lines.position(&leaf.text, block.span.start as usize).line;
                        writer.row(out, rows, number as usize, block.span, line);
                    }
                    row = blocks.next_if(
                        |next| matches!(next.kind, BlockKind::Row { table: other, .. } if other == table),
                    );
                }
                out.push_str("</table></div>\n");
            }
            BlockKind::PageFurniture => {
                let _ = write!(out, "<p class=\"quiet\" id=\"L{line}\">");
                writer.write(out, block.span);
                out.push_str("</p>\n");
            }
            BlockKind::Heading(_) | BlockKind::Paragraph => {
                let heading = headings.next_if(|heading| heading.span.start < block.span.end);
                // A heading that runs into its paragraph is bold at its beginning only.
                let level = heading
                    .filter(|heading| heading.span.end + 6 >= block.span.end)
                    .map(|heading| heading.level.clamp(1, 4));
                match level {
                    Some(level) => {
                        let _ = write!(out, "<p class=\"h h{level}\" id=\"L{line}\">");
                    }
                    None => {
                        let _ = write!(out, "<p id=\"L{line}\">");
                    }
                }
                inner_lines(out, &lines, &leaf.text, block.span);
                writer.write(out, block.span);
                out.push_str("</p>\n");
            }
        }
    }
    // Behind the last block.
    writer.open.extend(writer.begun..writer.marks.len());
    writer.ended(out, u32::MAX);
}

/// Where links to the further lines of a paragraph or row lead.
fn inner_lines(out: &mut String, lines: &LineIndex, text: &str, span: Span) {
    let of = |offset: u32| lines.position(text, offset as usize).line;
    for line in of(span.start) + 1..=of(span.end) {
        let _ = write!(out, "<a id=\"L{line}\"></a>");
    }
}

fn marks(record: &Record) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (finding, found) in record.checked.diagnostics.iter().enumerate() {
        let mut add = |place: Place, label| {
            let Place { start, end, .. } = place;
            marks.push(Mark { start, end: end.max(start), finding, label, severity: found.severity });
        };
        add(found.span, None);
        found.labels.iter().enumerate().for_each(|(label, end)| add(end.span, Some(label)));
    }
    marks
}

impl Writer<'_> {
    fn row(&mut self, out: &mut String, table: &Table, number: usize, span: Span, line: u32) {
        let head = number < table.header_rows;
        let _ = write!(out, "<tr id=\"L{line}\">");
        let Some(cells) = table.rows.get(number) else {
            self.write(out, span);
            out.push_str("</tr>\n");
            return;
        };
        let tag = if head { "th" } else { "td" };
        let mut anchored = false;
        for (column, cell) in cells.iter().enumerate() {
            if cell.covered {
                continue;
            }
            let covered = |cell: Option<&crate::document::Cell>, span: Span| {
                cell.is_some_and(|cell| cell.covered && cell.span == span)
            };
            let across =
                1 + cells[column + 1..].iter().take_while(|next| covered(Some(next), cell.span)).count();
            let down = 1 + table.rows[number + 1..]
                .iter()
                .take_while(|row| covered(row.get(column), cell.span))
                .count();
            let _ = write!(out, "<{tag}");
            if across > 1 {
                let _ = write!(out, " colspan=\"{across}\"");
            }
            if down > 1 {
                let _ = write!(out, " rowspan=\"{down}\"");
            }
            if is_figure(self.leaf.slice(cell.span)) {
                out.push_str(" class=\"n\"");
            }
            out.push('>');
            if !std::mem::replace(&mut anchored, true) {
                inner_lines(out, self.lines, &self.leaf.text, span);
            }
            self.write(out, cell.span);
            let _ = write!(out, "</{tag}>");
        }
        out.push_str("</tr>\n");
    }

    /// The text of `span`, in stretches on which the same findings stand.
    fn write(&mut self, out: &mut String, span: Span) {
        let mut at = span.start;
        loop {
            while self.marks.get(self.begun).is_some_and(|mark| mark.start <= at) {
                self.open.push(self.begun);
                self.begun += 1;
            }
            self.ended(out, at);
            if at >= span.end {
                return;
            }
            let ends = self.open.iter().map(|&mark| self.marks[mark].end).filter(|&end| end > at);
            let begins = self.marks.get(self.begun).map(|mark| mark.start);
            let until = ends.chain(begins).min().unwrap_or(span.end).clamp(at + 1, span.end);
            self.stretch(out, Span::new(at, until));
            at = until;
        }
    }

    /// Closes what ends here. What stands between two characters, or in blanks that no block holds, gets its anchor
    /// at the next place there is.
    fn ended(&mut self, out: &mut String, at: u32) {
        let all = std::mem::take(&mut self.open).into_iter();
        let (over, open): (Vec<usize>, Vec<usize>) = all.partition(|&mark| self.marks[mark].end <= at);
        self.open = open;
        for mark in over {
            if !self.anchored[mark] {
                self.mark(out, &[mark]);
                out.push_str("</mark>");
            }
        }
    }

    fn stretch(&mut self, out: &mut String, span: Span) {
        let Some(text) = self.leaf.text.get(span.range()) else { return };
        if self.open.is_empty() {
            escape(out, text);
            return;
        }
        let open: Vec<usize> = self.open.iter().copied().take(TOGETHER).collect();
        self.mark(out, &open);
        escape(out, text);
        out.push_str("</mark>");
    }

    /// Opens a mark; the first stretch of each end is where links to it lead.
    fn mark(&mut self, out: &mut String, open: &[usize]) {
        let worst = open.iter().map(|&mark| self.marks[mark].severity).max().unwrap_or(Severity::Hint);
        let label_only = open.iter().all(|&mark| self.marks[mark].label.is_some());
        for &mark in open {
            if !std::mem::replace(&mut self.anchored[mark], true) {
                let Mark { finding, label, .. } = self.marks[mark];
                match label {
                    None => {
                        let _ = write!(
                            out,
                            "<a class=\"ref {}\" id=\"m{finding}\" href=\"#f{finding}\" title=\"{}\">{}</a>",
                            class(self.marks[mark].severity),
                            escaped(self.lang.of("到问题列表", "to the list of findings")),
                            finding + 1
                        );
                    }
                    Some(label) => {
                        let _ = write!(out, "<a class=\"end\" id=\"m{finding}-{label}\"></a>");
                    }
                }
            }
        }
        let kind = if label_only { "label" } else { class(worst) };
        let mut numbers: Vec<usize> = open.iter().map(|&mark| self.marks[mark].finding).collect();
        numbers.dedup();
        let numbers = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        let _ = write!(out, "<mark class=\"{kind}\" data-f=\"{numbers}\">");
    }
}

/// A cell that holds a figure and nothing else is set to the right.
fn is_figure(cell: &str) -> bool {
    let cell = cell.trim();
    cell.chars().any(|c| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '-' | '−' | '%' | '％'))
}
