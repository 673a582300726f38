//! Rows of a table, whose cells have edges and no numbers, to one grid of columns.

use super::{ReadError, sprm};
use crate::document::Place;
use crate::input::builder::{Builder, parted};
use crate::input::little_endian::{i16_at, u8_at, u16_at};

/// Cells of one table, hidden ones included.
const MOST_CELLS: usize = 1_000_000;
/// Edges that are nearer to one another are one (twentieths of a point): rows drawn by hand differ by a hair.
const NEAR: i32 = 40;

/// What the mark at the end of a row says of its cells.
#[derive(Debug, Default)]
pub struct Shape {
    /// Left and right of each cell.
    edges: Vec<(i32, i32)>,
    across: Vec<Across>,
    below: Vec<bool>,
    head: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Across {
    Own,
    /// Hidden under the cell to its left.
    Under,
}

impl Shape {
    pub fn apply(&mut self, code: u16, operand: &[u8]) {
        match code {
            sprm::CELLS => self.define(operand),
            sprm::HEAD_ROW => self.head = operand.first().is_some_and(|&value| value != 0),
            sprm::MERGE | sprm::SPLIT => {
                let (first, limit) = (u8_at(operand, 0).unwrap_or(0), u8_at(operand, 1).unwrap_or(0));
                let kind = if code == sprm::MERGE { Across::Under } else { Across::Own };
                for cell in usize::from(first) + 1..usize::from(limit) {
                    self.across.get_mut(cell).into_iter().for_each(|across| *across = kind);
                }
            }
            sprm::MERGE_DOWN => {
                let (cell, kind) = (u8_at(operand, 0).unwrap_or(0), u8_at(operand, 1).unwrap_or(0));
                self.below.get_mut(usize::from(cell)).into_iter().for_each(|below| *below = kind == 1);
            }
            _ => {}
        }
    }

    fn define(&mut self, operand: &[u8]) {
        let count = usize::from(u8_at(operand, 0).unwrap_or(0));
        let edge = |cell: usize| i16_at(operand, 1 + cell * 2).map(i32::from);
        self.edges = (0..count).map_while(|cell| Some((edge(cell)?, edge(cell + 1)?))).collect();
        let flags = |cell: usize| u16_at(operand, 1 + (count + 1) * 2 + cell * 20).unwrap_or(0);
        let cells = 0..self.edges.len();
        self.across = cells
            .clone()
            .map(|cell| if flags(cell) & 3 == 1 { Across::Under } else { Across::Own })
            .collect();
        self.below = cells.map(|cell| flags(cell) >> 5 & 3 == 1).collect();
    }
}

#[derive(Default)]
pub struct Rows {
    rows: Vec<(Vec<String>, Shape)>,
    /// Cells of the open row, and the text of the open cell.
    cells: Vec<String>,
    cell: String,
}

impl Rows {
    /// A paragraph of the open cell.
    pub fn text(&mut self, text: &str) {
        if parted(&self.cell, text) {
            self.cell.push(' ');
        }
        self.cell.push_str(text);
    }

    pub fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    pub fn end_row(&mut self, shape: Shape) {
        self.rows.push((std::mem::take(&mut self.cells), shape));
    }

    /// Writes the table, if there is one, and forgets it.
    pub fn write(&mut self, builder: &mut Builder) -> Result<(), ReadError> {
        if !self.cell.is_empty() {
            self.end_cell();
        }
        if !self.cells.is_empty() {
            self.end_row(Shape::default());
        }
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let edges = edges(&rows);
        let column = |edge: i32| edges.partition_point(|&first| first <= edge).saturating_sub(1);
        builder.open_table();
        let mut room = MOST_CELLS;
        // For each column, the cell that stands there: its row, its first column, and the column behind it.
        let mut above: Vec<(usize, usize, usize)> = Vec::new();
        let head = rows.iter().take_while(|(_, shape)| shape.head).count();
        for (number, (cells, shape)) in rows.iter().enumerate() {
            let mut below: Vec<(usize, usize, usize)> = Vec::new();
            let (mut at, mut own) = (0, (number, 0));
            for (cell, text) in cells.iter().enumerate() {
                let edges = shape.edges.get(cell).copied();
                let left = edges.map_or(at, |(left, _)| column(left)).max(at);
                let right = edges.map_or(left + 1, |(_, right)| column(right)).max(left + 1);
                let blank = "";
                for column in at..left {
                    put(builder, number, column, blank);
                    below.push((number, column, column + 1));
                }
                let covers =
                    above.get(left).copied().filter(|&(_, first, end)| (first, end) == (left, right));
                let under =
                    shape.across.get(cell) == Some(&Across::Under) && cell > 0 && text.trim().is_empty();
                let down = shape.below.get(cell) == Some(&true) && text.trim().is_empty();
                own = match covers.filter(|_| down) {
                    Some((row, first, _)) => (row, first),
                    None if under => own,
                    None => (number, left),
                };
                room = room.checked_sub(right - at).ok_or(ReadError::TooManyCells { limit: MOST_CELLS })?;
                for column in left..right {
                    if own == (number, column) {
                        put(builder, number, column, text);
                    } else {
                        builder.covered(own.0, own.1);
                    }
                    below.push((own.0, own.1, right));
                }
                // The whole width of the cell leads on, so that one below it is known by its edges.
                at = right;
            }
            builder.end_row();
            above = below;
        }
        builder.end_table((head > 0 && head < rows.len()).then_some(head));
        Ok(())
    }
}

fn put(builder: &mut Builder, row: usize, column: usize, text: &str) {
    builder.text(text, None);
    let table = builder.at().0 + 1;
    builder.cell(Place::Table { table, row: row as u32 + 1, column: column as u32 + 1 });
}

/// Where the columns begin, in order; the last is where the table ends.
fn edges(rows: &[(Vec<String>, Shape)]) -> Vec<i32> {
    let mut edges: Vec<i32> =
        rows.iter().flat_map(|(_, shape)| &shape.edges).flat_map(|&(left, right)| [left, right]).collect();
    edges.sort_unstable();
    let mut first = i32::MIN;
    edges.retain(|&edge| {
        let far = i64::from(edge) - i64::from(first) > i64::from(NEAR);
        if far {
            first = edge;
        }
        far
    });
    edges
}
