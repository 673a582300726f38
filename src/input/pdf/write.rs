//! Pages to a document.
//!
//! Takes what stands on each page; gives the text in reading order. Page numbers and heads follow the paragraph or
//! table that goes on behind them.

use super::Page;
use rustc_hash::FxHashMap;

use super::cells::{Table, TextCell};
use super::flow::{LONG, Margins, Paragraph};
use super::furniture;
use super::grid::Area;
use super::lines::Line;
use crate::document::{BlockKind, DamageKind, Document, Format, Place};
use crate::input::builder::Builder;

/// Places of upright lines on two pages that are one, in points.
const SAME: f64 = 5.0;
/// A gap of that many sizes parts captions on one line.
const CAPTIONS: f64 = 1.9;
/// Head rows that a table may repeat on the next page.
const HEADS: usize = 5;

/// What is still open when the page ends.
enum Open {
    Nothing,
    Paragraph(Box<Paragraph>),
    Table(Box<Joined>),
}

/// A table of one page or several.
struct Joined {
    table: Table,
    /// The page of each row.
    pages: Vec<u32>,
}

struct Writer {
    builder: Builder,
    open: Open,
    furniture: Vec<(String, u32)>,
}

pub fn write(name: &str, pages: Vec<Page>) -> Document {
    let outer: Vec<furniture::Page<'_>> = pages
        .iter()
        .map(|page| furniture::Page { lines: page.lines.iter().collect(), height: page.height })
        .collect();
    let furniture = furniture::find(&outer);
    let margins = everywhere(&pages);
    let mut writer =
        Writer { builder: Builder::new(name, Format::Pdf), open: Open::Nothing, furniture: Vec::new() };
    for (number, (page, furniture)) in pages.into_iter().zip(furniture).enumerate() {
        let margins = margins.get(&(page.width as i64)).copied().flatten();
        writer.page(page, number as u32 + 1, &furniture, margins);
    }
    writer.close();
    writer.furniture();
    writer.builder.finish()
}

/// The margins that pages of one width share, by that width.
fn everywhere(pages: &[Page]) -> FxHashMap<i64, Option<Margins>> {
    let mut widths: Vec<i64> = pages.iter().map(|page| page.width as i64).collect();
    widths.sort_unstable();
    widths.dedup();
    // A register with pages of every size has no margins worth looking for.
    widths.truncate(8);
    let of =
        |width: i64| pages.iter().filter(move |page| page.width as i64 == width).flat_map(|page| &page.lines);
    let margins = |width: i64| {
        let margins = Margins::of(of(width))?;
        // A few lines show the left margin only.
        let few = of(width).filter(|line| line.glyphs.len() >= LONG).count() < 4;
        let right = if few { margins.right.max(width as f64 - margins.left) } else { margins.right };
        Some(Margins { right, ..margins })
    };
    widths.into_iter().map(|width| (width, margins(width))).collect()
}

impl Writer {
    fn page(&mut self, page: Page, number: u32, furniture: &[usize], everywhere: Option<Margins>) {
        let body = page.lines.iter().enumerate().filter(|(at, _)| furniture.binary_search(at).is_err());
        let body = body.map(|(_, line)| line);
        let own = Margins::of(body.clone()).filter(|own| own.wraps(body));
        let margins = own.or(everywhere);
        let margins = margins.unwrap_or(Margins { left: 0.0, right: f64::INFINITY });
        if page.scanned {
            self.scanned(number);
        }
        let mut tables = page.tables.into_iter().peekable();
        for (at, line) in page.lines.into_iter().enumerate() {
            if page.scanned || furniture.binary_search(&at).is_ok() {
                self.furniture.push((line.text(), number));
                continue;
            }
            while let Some(table) = tables.next_if(|table| table.top < line.y) {
                self.table(table, number);
            }
            for line in captions(line) {
                self.line(line, number, margins);
            }
        }
        for table in tables {
            self.table(table, number);
        }
    }

    fn line(&mut self, line: Line, page: u32, margins: Margins) {
        let line = match &mut self.open {
            Open::Paragraph(paragraph) => paragraph.take(line, page, margins),
            _ => Some(line),
        };
        if let Some(line) = line {
            self.close();
            self.open = Open::Paragraph(Box::new(Paragraph::new(line, page, margins)));
        }
    }

    fn table(&mut self, table: Table, page: u32) {
        let table = match &mut self.open {
            Open::Table(open) if open.pages.last() == Some(&(page - 1)) => open.take(table, page),
            _ => Some(table),
        };
        if let Some(table) = table {
            self.close();
            let pages = vec![page; table.rows];
            self.open = Open::Table(Box::new(Joined { table, pages }));
        }
    }

    fn scanned(&mut self, page: u32) {
        self.close();
        let start = self.builder.len();
        self.builder.text(&format!("［第{page}页：扫描图像，没有文字］"), None);
        self.builder.doubt(start, self.builder.len(), DamageKind::Scanned);
        self.builder.paragraph(BlockKind::PageFurniture, Place::Page(page));
    }

    /// Writes what is open, and the furniture that stood within it.
    fn close(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            // The head of the first page comes behind the title.
            Open::Nothing => return,
            Open::Paragraph(paragraph) => {
                let start = self.builder.len();
                self.builder.text(&paragraph.text, None);
                for struck in &paragraph.struck {
                    self.builder.doubt(start + struck.start, start + struck.end, DamageKind::Struck);
                }
                self.builder.paragraph(BlockKind::Paragraph, Place::Page(paragraph.page));
            }
            Open::Table(joined) => self.rows(&joined),
        }
        self.furniture();
    }

    fn furniture(&mut self) {
        for (text, page) in std::mem::take(&mut self.furniture) {
            self.builder.text(&text, None);
            self.builder.paragraph(BlockKind::PageFurniture, Place::Page(page));
        }
    }

    fn rows(&mut self, joined: &Joined) {
        let table = &joined.table;
        let columns = table.columns();
        let owners = table.owners();
        self.builder.open_table();
        for row in 0..table.rows {
            for column in 0..columns {
                let (number, _) = self.builder.at();
                let place = Place::PageCell {
                    page: joined.pages[row],
                    table: number + 1,
                    row: row as u32 + 1,
                    column: column as u32 + 1,
                };
                match table.cells.get(owners[row * columns + column]) {
                    Some(TextCell { area, text }) if (area.top, area.left) == (row, column) => {
                        self.builder.text(text, None);
                        self.builder.cell(place);
                    }
                    Some(TextCell { area, .. }) => self.builder.covered(area.top, area.left),
                    None => self.builder.cell(place),
                }
            }
            self.builder.end_row();
        }
        self.builder.end_table(None);
    }
}

impl Joined {
    /// Takes the table if this one goes on with it, else gives it back. Heads printed again are left out.
    fn take(&mut self, mut next: Table, page: u32) -> Option<Table> {
        let Some(xs) = together(&self.table.xs, &next.xs) else { return Some(next) };
        let (ours, theirs) = (self.table.texts(), next.texts());
        let repeated = ours.iter().zip(&theirs).take(HEADS).take_while(|(a, b)| a == b).count();
        self.table.widen(&xs);
        next.widen(&xs);
        let before = self.table.rows - repeated;
        for mut cell in next.cells {
            cell.area.top = cell.area.top.max(repeated);
            if cell.area.top < cell.area.bottom {
                cell.area.top += before;
                cell.area.bottom += before;
                self.table.cells.push(cell);
            }
        }
        self.table.rows = before + next.rows;
        self.pages.resize(self.table.rows, page);
        None
    }
}

/// The upright lines of both, where one has all those of the other and they end at the same places.
fn together(a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    let near = |x: f64, all: &[f64]| all.iter().any(|other| (x - other).abs() <= SAME);
    let ends = (a[0] - b[0]).abs() <= SAME && (a[a.len() - 1] - b[b.len() - 1]).abs() <= SAME;
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    (ends && few.iter().all(|&x| near(x, many))).then(|| many.to_vec())
}

impl Table {
    /// What each row says, for comparison.
    fn texts(&self) -> Vec<String> {
        let mut rows = vec![String::new(); self.rows];
        for cell in &self.cells {
            rows[cell.area.top].push_str(&cell.text);
            rows[cell.area.top].push('\t');
        }
        rows
    }

    /// The same table on more upright lines.
    fn widen(&mut self, xs: &[f64]) {
        if self.xs.len() == xs.len() {
            return;
        }
        let place = |x: f64| {
            let next = xs.partition_point(|&other| other < x - SAME);
            next.min(xs.len() - 1)
        };
        let places: Vec<usize> = self.xs.iter().map(|&x| place(x)).collect();
        for cell in &mut self.cells {
            let Area { left, right, .. } = &mut cell.area;
            (*left, *right) = (places[*left], places[*right]);
        }
        self.cells.retain(|cell| cell.area.left < cell.area.right);
        self.xs = xs.to_vec();
    }
}

/// 编制单位：某局　　单位：万元 on one line are two captions.
fn captions(line: Line) -> Vec<Line> {
    let segments = line.segments(CAPTIONS);
    let parts: Vec<Line> = segments.iter().map(|&(from, to)| line.part(from, to)).collect();
    let is_caption = |part: &Line| {
        let text = part.text();
        text.contains(['：', ':']) || text.starts_with("单位")
    };
    // A title may stand between them.
    let last = parts.last().is_some_and(|last| is_caption(last) && last.glyphs.len() <= 16);
    if parts.len() >= 2 && (last || parts[1..].iter().all(is_caption)) { parts } else { vec![line] }
}
