//! Straight rules to the cells that they enclose.
//!
//! Takes the rules of a page; gives its grids: the heights and places of their lines and, for each cell, the merged
//! cell that it belongs to. A rule that touches no other makes no grid, nor does a frame around one cell.

use super::glyphs::Rule;

/// Rules nearer to each other than that are one, or touch.
const NEAR: f64 = 2.6;
/// Part of a side that rules have to cover to close it.
const CLOSED: f64 = 0.6;
/// More pairs of rules on one page, or cells in one grid, are a drawing and no table.
const MOST_PAIRS: usize = 2_000_000;
const MOST_CELLS: usize = 200_000;

#[derive(Debug)]
pub struct Grid {
    /// Places of the upright lines from left to right, and of the level ones from top to bottom.
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    /// For each row and column the number of the merged cell there.
    pub owner: Vec<usize>,
    pub cells: Vec<Area>,
}

/// A merged cell: rows and columns, ends not included.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    pub top: usize,
    pub bottom: usize,
    pub left: usize,
    pub right: usize,
}

impl Grid {
    pub fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    /// The merged cell that holds the point.
    pub fn cell(&self, (x, y): (f64, f64)) -> Option<usize> {
        let column = self.xs.partition_point(|&line| line <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|&line| line <= y).checked_sub(1)?;
        let inside = column < self.columns() && row + 1 < self.ys.len();
        inside.then(|| self.owner[row * self.columns() + column])
    }

    pub fn size(&self) -> f64 {
        let across = |lines: &[f64]| lines[lines.len() - 1] - lines[0];
        across(&self.xs) * across(&self.ys)
    }

    pub fn width_of(&self, cell: usize) -> f64 {
        let area = self.cells[cell];
        self.xs[area.right] - self.xs[area.left]
    }
}

/// From top to bottom.
pub fn grids(rules: Vec<Rule>) -> Vec<Grid> {
    let rules = joined(rules);
    let upright = rules.partition_point(|rule| !rule.level);
    if upright.saturating_mul(rules.len() - upright) > MOST_PAIRS {
        return Vec::new();
    }
    let mut grids: Vec<Grid> = touching(&rules).into_iter().filter_map(|part| grid(&part)).collect();
    grids.sort_by(|a, b| a.ys[0].total_cmp(&b.ys[0]));
    grids
}

/// Pieces of one line put together: many programs draw each side of each cell.
fn joined(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort_by(|a, b| a.level.cmp(&b.level).then(a.at.total_cmp(&b.at)));
    let mut done: Vec<Rule> = Vec::new();
    let mut from = 0;
    while from < rules.len() {
        // What lies within a hair of the first is one line.
        let first = rules[from];
        let len = rules[from..]
            .partition_point(|rule| rule.level == first.level && rule.at - first.at <= NEAR / 2.0);
        let line = &mut rules[from..from + len];
        line.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Rule> = None;
        for rule in line.iter() {
            match &mut open {
                Some(open) if rule.from <= open.to + NEAR => open.to = open.to.max(rule.to),
                _ => done.extend(open.replace(*rule)),
            }
        }
        done.extend(open);
        from += len;
    }
    done
}

/// Groups of rules that touch each other.
fn touching(rules: &[Rule]) -> Vec<Vec<Rule>> {
    let mut group: Vec<usize> = (0..rules.len()).collect();
    let upright = rules.partition_point(|rule| !rule.level);
    for (at, level) in rules.iter().enumerate().skip(upright) {
        let from = rules[..upright].partition_point(|rule| rule.at < level.from - NEAR);
        for (other, rule) in rules[..upright].iter().enumerate().skip(from) {
            if rule.at > level.to + NEAR {
                break;
            }
            if rule.from - NEAR <= level.at && level.at <= rule.to + NEAR {
                let (a, b) = (root(&mut group, at), root(&mut group, other));
                group[a] = b;
            }
        }
    }
    let mut parts: Vec<(usize, Vec<Rule>)> = Vec::new();
    let mut place = rustc_hash::FxHashMap::default();
    for (at, rule) in rules.iter().enumerate() {
        let root = root(&mut group, at);
        let next = parts.len();
        let place = *place.entry(root).or_insert(next);
        if place == next {
            parts.push((root, Vec::new()));
        }
        parts[place].1.push(*rule);
    }
    parts.into_iter().map(|(_, rules)| rules).filter(|rules| rules.len() >= 3).collect()
}

fn root(group: &mut [usize], mut at: usize) -> usize {
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}

/// Places that differ by no more than a hair are one.
fn places(mut all: Vec<f64>) -> Vec<f64> {
    all.sort_by(f64::total_cmp);
    let mut places: Vec<f64> = Vec::new();
    for at in all {
        if places.last().is_none_or(|&last| at - last > NEAR) {
            places.push(at);
        }
    }
    places
}

fn grid(rules: &[Rule]) -> Option<Grid> {
    let of = |level: bool| rules.iter().filter(move |rule| rule.level == level);
    // The ends of rules are lines too: many tables are open at the sides, or at the end of the page.
    let ends = |level: bool| {
        let from = of(level).map(|rule| rule.from).fold(f64::INFINITY, f64::min);
        let to = of(level).map(|rule| rule.to).fold(f64::NEG_INFINITY, f64::max);
        [from, to]
    };
    if of(true).count() < 2 || of(false).next().is_none() {
        return None;
    }
    let xs = places(of(false).map(|rule| rule.at).chain(ends(true)).collect());
    let ys = places(of(true).map(|rule| rule.at).chain(ends(false)).collect());
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    let count = columns.checked_mul(rows).filter(|count| (2..=MOST_CELLS).contains(count))?;
    // How much of the upper and of the left side of each cell is drawn.
    let (mut above, mut before) = (vec![0.0; count], vec![0.0; count]);
    let nearest = |lines: &[f64], at: f64| {
        let after = lines.partition_point(|&line| line < at - NEAR);
        after.min(lines.len() - 1)
    };
    for rule in rules {
        let (own, across) = if rule.level { (&ys, &xs) } else { (&xs, &ys) };
        let line = nearest(own, rule.at);
        if line >= own.len() - 1 {
            continue;
        }
        let first = across.partition_point(|&at| at <= rule.from).saturating_sub(1);
        for piece in first..across.len() - 1 {
            if across[piece] >= rule.to {
                break;
            }
            let covered = (across[piece + 1].min(rule.to) - across[piece].max(rule.from)).max(0.0);
            let part = covered / (across[piece + 1] - across[piece]);
            let at = if rule.level { line * columns + piece } else { piece * columns + line };
            *if rule.level { &mut above[at] } else { &mut before[at] } += part;
        }
    }
    let mut owner: Vec<usize> = (0..count).collect();
    for row in 0..rows {
        for column in 0..columns {
            let at = row * columns + column;
            let mut join = |other: usize| {
                let (a, b) = (root(&mut owner, at), root(&mut owner, other));
                owner[a.max(b)] = a.min(b);
            };
            if row > 0 && above[at] < CLOSED {
                join(at - columns);
            }
            if column > 0 && before[at] < CLOSED {
                join(at - 1);
            }
        }
    }
    let roots: Vec<usize> = (0..count).map(|at| root(&mut owner, at)).collect();
    let (owner, cells) = areas(&roots, rows, columns);
    (cells.len() >= 2).then_some(Grid { xs, ys, owner, cells })
}

/// Numbers the merged cells; one that is no rectangle is cut into its rows.
fn areas(roots: &[usize], rows: usize, columns: usize) -> (Vec<usize>, Vec<Area>) {
    let mut bounds: rustc_hash::FxHashMap<usize, (Area, usize)> = rustc_hash::FxHashMap::default();
    for (at, &root) in roots.iter().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let (area, count) =
            bounds.entry(root).or_insert((Area { top: row, bottom: row, left: column, right: column }, 0));
        (area.top, area.bottom) = (area.top.min(row), area.bottom.max(row + 1));
        (area.left, area.right) = (area.left.min(column), area.right.max(column + 1));
        *count += 1;
    }
    let whole = |root: usize| {
        let (area, count) = bounds[&root];
        (area.bottom - area.top) * (area.right - area.left) == count
    };
    let mut cells: Vec<Area> = Vec::new();
    let mut number: rustc_hash::FxHashMap<usize, usize> = rustc_hash::FxHashMap::default();
    let mut owner = vec![0; roots.len()];
    for row in 0..rows {
        for column in 0..columns {
            let at = row * columns + column;
            let root = roots[at];
            if whole(root) {
                owner[at] = *number.entry(root).or_insert_with(|| {
                    cells.push(bounds[&root].0);
                    cells.len() - 1
                });
            } else if column > 0 && roots[at - 1] == root {
                owner[at] = owner[at - 1];
                cells[owner[at]].right = column + 1;
            } else {
                owner[at] = cells.len();
                cells.push(Area { top: row, bottom: row + 1, left: column, right: column + 1 });
            }
        }
    }
    (owner, cells)
}
