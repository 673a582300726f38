//! Tables without upright rules: lines whose parts stand below each other.
//!
//! Takes the lines of a page from top to bottom; gives tables and the lines that belong to none. Careful: prose
//! that happens to have gaps must stay prose, so figures have to stand in the columns.

use super::cells::{Table, TextCell};
use super::grid::Area;
use super::lines::Line;

/// A gap of that many sizes parts columns.
const GAP: f64 = 1.0;
/// Fewer rows are no table.
const FEWEST: usize = 3;
/// Lines farther apart than that many sizes do not belong together.
const APART: f64 = 4.0;

struct Part {
    from: usize,
    to: usize,
    x0: f64,
    x1: f64,
}

pub fn tables(lines: Vec<Line>) -> (Vec<Table>, Vec<Line>) {
    let parts: Vec<Vec<Part>> = lines.iter().map(parts).collect();
    let (mut tables, mut rest) = (Vec::new(), Vec::new());
    let mut at = 0;
    let mut taken = vec![false; lines.len()];
    while at < lines.len() {
        let end = at + run(&lines[at..], &parts[at..]);
        // A head that spans columns hides them: the table then begins below it.
        let found =
            (at..end.min(at + 3)).find_map(|from| Some((from, table(&lines[from..end], &parts[from..end])?)));
        if let Some((from, table)) = found {
            taken[from..end].fill(true);
            tables.push(table);
        }
        at = end.max(at + 1);
    }
    rest.extend(lines.into_iter().zip(taken).filter(|(_, taken)| !taken).map(|(line, _)| line));
    (tables, rest)
}

fn parts(line: &Line) -> Vec<Part> {
    let part = |(from, to): (usize, usize)| {
        let glyphs = &line.glyphs[from..to];
        Part { from, to, x0: glyphs[0].x0, x1: glyphs[glyphs.len() - 1].x1 }
    };
    line.segments(GAP).into_iter().map(part).collect()
}

/// How many lines from the first on may be rows: each in several parts, or a short one between such.
fn run(lines: &[Line], parts: &[Vec<Part>]) -> usize {
    let mut end = 0;
    for at in 0..lines.len() {
        if at > 0 && lines[at].y - lines[at - 1].y > APART * lines[at].size {
            break;
        }
        if parts[at].len() >= 2 {
            end = at + 1;
        } else if at == 0 || at > end || parts[at][0].x1 > parts[at - 1][1].x0 {
            break;
        }
    }
    end
}

fn table(lines: &[Line], parts: &[Vec<Part>]) -> Option<Table> {
    if lines.len() < FEWEST {
        return None;
    }
    let mut spans: Vec<(f64, f64)> = parts.iter().flatten().map(|part| (part.x0, part.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for (x0, x1) in spans {
        match columns.last_mut() {
            Some(last) if x0 < last.1 => last.1 = last.1.max(x1),
            _ => columns.push((x0, x1)),
        }
    }
    let column = |part: &Part| columns.partition_point(|column| column.0 <= part.x0) - 1;
    let figure = |line: &Line, part: &Part| {
        let text = line.part(part.from, part.to).text();
        text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b'%' | b'-'))
    };
    // Rows with a figure of their own right of the first column, and never two parts in one column.
    let mut figures = vec![0; columns.len()];
    let mut rows = 0;
    for (line, parts) in lines.iter().zip(parts) {
        let mut last = None;
        let mut any = false;
        for part in parts {
            let column = column(part);
            if last.replace(column) == Some(column) {
                return None;
            }
            if column > 0 && figure(line, part) {
                figures[column] += 1;
                any = true;
            }
        }
        rows += usize::from(any);
    }
    let leaders = lines.iter().any(|line| {
        let text = line.text();
        text.contains("....") || text.contains("……") || text.contains("····")
    });
    let dense =
        columns.len() >= 3 && rows * 2 >= lines.len() || columns.len() == 2 && rows * 3 >= lines.len() * 2;
    // Page numbers behind titles are no column of figures.
    let contents = columns.len() == 2
        && lines.iter().zip(parts).all(|(line, parts)| {
            parts.len() < 2 || line.part(parts[1].from, parts[1].to).text().trim().len() <= 3
        });
    if columns.len() < 2 || rows < FEWEST - 1 || !dense || leaders || contents {
        return None;
    }
    let mut cells = Vec::new();
    for (row, (line, parts)) in lines.iter().zip(parts).enumerate() {
        let mut texts = vec![String::new(); columns.len()];
        for part in parts {
            texts[column(part)] = line.part(part.from, part.to).text();
        }
        cells.extend(texts.into_iter().enumerate().map(|(left, text)| TextCell {
            area: Area { top: row, bottom: row + 1, left, right: left + 1 },
            text,
        }));
    }
    let mut xs: Vec<f64> = columns.iter().map(|column| column.0).collect();
    xs.push(columns.last()?.1);
    Some(Table { xs, top: lines[0].y - lines[0].size, rows: lines.len(), cells })
}
