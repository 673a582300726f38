//! The characters inside a grid to a table: what each cell says.
//!
//! Takes grids and the characters of a page; gives tables, and the characters that stand outside. A figure is never
//! put together from two cells and never parted by a line that crosses it.

use super::glyphs::Glyph;
use super::grid::{Area, Grid};
use super::lines::{Line, fuses, lines};

/// Gaps narrower than that part of the size do not part a run of characters.
const RUN: f64 = 0.2;

#[derive(Debug)]
pub struct Table {
    /// Places of its upright lines.
    pub xs: Vec<f64>,
    pub top: f64,
    pub rows: usize,
    pub cells: Vec<TextCell>,
}

#[derive(Debug, Clone)]
pub struct TextCell {
    pub area: Area,
    pub text: String,
}

/// The tables of `grids`, and what stands in none of them.
pub fn fill(grids: Vec<Grid>, glyphs: Vec<Glyph>) -> (Vec<Table>, Vec<Glyph>) {
    let mut inside: Vec<Vec<Vec<Glyph>>> =
        grids.iter().map(|grid| vec![Vec::new(); grid.cells.len()]).collect();
    let mut outside = Vec::new();
    let mut rest = glyphs.as_slice();
    while !rest.is_empty() {
        let (run, more) = rest.split_at(run(rest));
        rest = more;
        let (left, right) = (run[0].x0, run[run.len() - 1].x1);
        let middle = ((left + right) / 2.0, run[0].middle().1);
        // Of grids inside each other the smallest.
        let holds = |grid: &&Grid| grid.cell(middle).or(grid.cell(run[0].middle())).is_some();
        let Some(number) = (0..grids.len())
            .filter(|&number| holds(&&grids[number]))
            .min_by(|&a, &b| grids[a].size().total_cmp(&grids[b].size()))
        else {
            outside.extend_from_slice(run);
            continue;
        };
        let grid = &grids[number];
        let cut = |glyph: &Glyph| {
            let width = glyph.x1 - glyph.x0;
            let at = |part: f64| grid.cell((glyph.x0 + part * width, glyph.middle().1));
            at(0.25) != at(0.75)
        };
        let whole = run.iter().any(cut).then(|| majority(grid, run)).flatten();
        for glyph in run {
            match whole.or(grid.cell(glyph.middle())) {
                Some(cell) => inside[number][cell].push(glyph.clone()),
                None => outside.push(glyph.clone()),
            }
        }
    }
    let mut tables = Vec::new();
    for (grid, cells) in grids.into_iter().zip(inside) {
        if cells.iter().filter(|cell| !cell.is_empty()).count() < 2 {
            outside.extend(cells.into_iter().flatten());
        } else {
            tables.push(table(&grid, cells));
        }
    }
    (tables, outside)
}

/// How many characters from the first on follow each other closely on one line.
fn run(glyphs: &[Glyph]) -> usize {
    let follows = |pair: &[Glyph]| {
        let (before, after) = (&pair[0], &pair[1]);
        let gap = after.x0 - before.x1;
        let size = before.size.max(after.size);
        (before.y - after.y).abs() < 0.1 * size
            && gap.abs() < RUN * size
            && !before.is_blank()
            && !after.is_blank()
    };
    1 + glyphs.windows(2).take_while(|pair| follows(pair)).count()
}

/// The cell that holds most of the run.
fn majority(grid: &Grid, run: &[Glyph]) -> Option<usize> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for cell in run.iter().filter_map(|glyph| grid.cell(glyph.middle())) {
        match counts.iter_mut().find(|(other, _)| *other == cell) {
            Some((_, count)) => *count += 1,
            None => counts.push((cell, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|&(_, count)| count).map(|(cell, _)| cell)
}

fn table(grid: &Grid, glyphs: Vec<Vec<Glyph>>) -> Table {
    let lines: Vec<Vec<Line>> = glyphs.into_iter().map(lines).collect();
    // A row without lines between its rows: what stands at one height in every cell is one row.
    let mut cells = Vec::new();
    let mut below = 0;
    let rows = grid.ys.len() - 1;
    let mut tops = vec![0; rows + 1];
    let starts: Vec<Vec<usize>> = {
        let mut starts = vec![Vec::new(); rows];
        grid.cells.iter().enumerate().for_each(|(number, area)| starts[area.top].push(number));
        starts
    };
    let mut split: Vec<Vec<f64>> = vec![Vec::new(); rows];
    for row in 0..rows {
        tops[row] = row + below;
        if starts[row].iter().all(|&cell| grid.cells[cell].bottom == row + 1)
            && starts[row].len() == distinct(grid, row)
        {
            split[row] = inner_rows(&starts[row], &lines);
            below += split[row].len();
        }
    }
    tops[rows] = rows + below;
    for (number, area) in grid.cells.iter().enumerate() {
        let cuts = if area.bottom == area.top + 1 { split[area.top].as_slice() } else { &[] };
        let mut rest = lines[number].as_slice();
        for (at, cut) in cuts.iter().copied().chain([f64::INFINITY]).enumerate() {
            let (here, more) = rest.split_at(rest.partition_point(|line| line.y < cut));
            rest = more;
            let top = tops[area.top] + at;
            let bottom = if cuts.is_empty() { tops[area.bottom] } else { top + 1 };
            cells.push(TextCell {
                area: Area { top, bottom, left: area.left, right: area.right },
                text: text(here, grid.width_of(number)),
            });
        }
    }
    let mut table = Table { xs: grid.xs.clone(), top: grid.ys[0], rows: rows + below, cells };
    table.drop_empty();
    table
}

/// Merged cells that touch the row.
fn distinct(grid: &Grid, row: usize) -> usize {
    let columns = grid.columns();
    let owners = &grid.owner[row * columns..(row + 1) * columns];
    1 + owners.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// Heights between the lines of a row that is several rows in truth: two cells or more have as many lines, at the
/// same heights, and most of those lines hold a figure and no more.
fn inner_rows(cells: &[usize], lines: &[Vec<Line>]) -> Vec<f64> {
    let full: Vec<&Vec<Line>> =
        cells.iter().map(|&cell| &lines[cell]).filter(|lines| !lines.is_empty()).collect();
    let most = full.iter().map(|lines| lines.len()).max().unwrap_or(0);
    if most < 2 || full.len() < 2 {
        return Vec::new();
    }
    let Some(longest) = full.iter().find(|lines| lines.len() == most) else { return Vec::new() };
    let level = |lines: &[Line]| {
        lines.len() == most && lines.iter().zip(longest.iter()).all(|(a, b)| (a.y - b.y).abs() < 0.3 * a.size)
    };
    let figure = |line: &Line| {
        let text = line.text();
        text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b'%' | b'-'))
    };
    let figures = full.iter().filter(|lines| level(lines) && lines.iter().all(figure)).count();
    let levels = full.iter().filter(|lines| level(lines)).count();
    if figures == 0 || levels < 2 || levels != full.len() {
        return Vec::new();
    }
    longest.windows(2).map(|pair| (pair[0].y + pair[1].y - pair[1].size) / 2.0 + 0.1 * pair[1].size).collect()
}

/// The lines of a cell as one: nothing between them where the cell is full or they are single characters.
fn text(lines: &[Line], width: f64) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|at| &lines[at]) {
            let room = width - (before.x1 - before.x0);
            let full = room < line.first_token() + 1.3 * line.size;
            let short = before.glyphs.len() <= 2 || line.glyphs.len() <= 2;
            let (last, first) = (out.chars().next_back(), line.glyphs[0].text.chars().next());
            let fuse = last.zip(first).is_some_and(|(last, first)| {
                let digits = last.is_ascii_digit() && first.is_ascii_digit();
                // A figure goes on only where there was no room for one more digit.
                fuses(last, first) && (full || short && !digits) && (!digits || room < 1.8 * line.size)
            });
            if !fuse {
                out.push(' ');
            }
        }
        out.push_str(&line.text());
    }
    out
}

impl Table {
    pub fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    /// For each row and column the number of its cell.
    pub fn owners(&self) -> Vec<usize> {
        let columns = self.columns();
        let mut owners = vec![usize::MAX; self.rows * columns];
        for (number, cell) in self.cells.iter().enumerate() {
            for row in cell.area.top..cell.area.bottom {
                owners[row * columns + cell.area.left..row * columns + cell.area.right].fill(number);
            }
        }
        owners
    }

    /// Leaves out rows and columns in which no cell begins that says something.
    fn drop_empty(&mut self) {
        let (mut rows, mut columns) = (vec![false; self.rows], vec![false; self.columns()]);
        for cell in self.cells.iter().filter(|cell| !cell.text.is_empty()) {
            rows[cell.area.top] = true;
            columns[cell.area.left] = true;
        }
        let kept = |kept: &[bool]| {
            let mut count = 0;
            let mut before: Vec<usize> = kept
                .iter()
                .map(|&kept| {
                    count += usize::from(kept);
                    count - usize::from(kept)
                })
                .collect();
            before.push(count);
            before
        };
        // Columns stay where another row may need them: only slivers between double lines go.
        for (column, kept) in columns.iter_mut().enumerate() {
            *kept |= self.xs[column + 1] - self.xs[column] > 8.0;
        }
        let (rows_before, columns_before) = (kept(&rows), kept(&columns));
        let mut xs: Vec<f64> =
            self.xs.iter().zip(&columns).filter(|&(_, &kept)| kept).map(|(&x, _)| x).collect();
        xs.extend(self.xs.last());
        self.xs = xs;
        self.rows = rows_before[self.rows];
        for cell in &mut self.cells {
            let area = &mut cell.area;
            (area.top, area.bottom) = (rows_before[area.top], rows_before[area.bottom]);
            (area.left, area.right) = (columns_before[area.left], columns_before[area.right]);
        }
        self.cells.retain(|cell| cell.area.top < cell.area.bottom && cell.area.left < cell.area.right);
    }
}
