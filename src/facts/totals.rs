//! What the cells of a table should come to: totals of columns and of rows, 其中, shares, completion, growth.
//!
//! Takes a [`Grid`]; gives [`TableGroup`]s. Which reading of a table is meant is settled where they are
//! evaluated.

use rust_decimal::Decimal;

use super::clauses::Reader;
use super::tables::{Column, Grid, INDENTED, RowKind};
use super::{CellRelation, FactId, TableGroup};
use crate::rules::BasisId;

/// How many rows behind 其中 are tried as its parts.
const PARTS: usize = 12;

/// How many rows below one are tried as its parts.
const LAYER: usize = 60;

/// Columns before a rate that are tried as what it is of.
const TRIED: usize = 4;

/// How many columns of money are tried against each other.
const AMOUNTS: usize = 8;

impl Reader<'_> {
    pub(super) fn totals(&mut self, grid: &Grid) {
        let mut names: Vec<usize> = grid.heads.iter().filter_map(|head| head.names).collect();
        names.dedup();
        for name in names {
            let columns: Vec<usize> =
                (0..grid.heads.len()).filter(|column| grid.heads[*column].names == Some(name)).collect();
            self.column_totals(grid, name, &columns);
            self.count_totals(grid, name, &columns);
            self.layers(grid, name, &columns);
            self.of_which(grid, name, &columns);
            self.row_totals(grid, &columns);
            self.rates(grid, name, &columns);
        }
    }

    fn group(&mut self, readings: Vec<Vec<CellRelation>>, closed: bool) {
        let readings: Vec<_> = readings.into_iter().filter(|reading| !reading.is_empty()).collect();
        if !readings.is_empty() {
            self.table.tables.push(TableGroup { readings, closed, beside: None });
        }
    }

    /// 合计 over columns of counts: each is held to it where the other columns add up so.
    fn count_totals(&mut self, grid: &Grid, name: usize, columns: &[usize]) {
        let rows = grid.lines.len();
        let kind = |row: usize| grid.lines[row].kinds[name];
        let total = match rows {
            0..=2 => return,
            _ if kind(rows - 1) == RowKind::Total => rows - 1,
            _ if kind(0) == RowKind::Total => 0,
            _ => return,
        };
        let parts: Vec<usize> = (0..rows).filter(|row| *row != total).collect();
        let top = grid.lines[parts[0]].level;
        if parts.iter().any(|row| kind(*row) != RowKind::Plain || grid.lines[*row].level != top) {
            return;
        }
        let of = |column: usize| -> Option<CellRelation> {
            let total = grid.lines[total].cells[column]?;
            let parts: Vec<FactId> = parts.iter().filter_map(|row| grid.lines[*row].cells[column]).collect();
            (parts.len() >= 2).then_some(CellRelation::Sum { total, parts })
        };
        let adds = |column: &usize| matches!(grid.heads[*column].kind, Column::Amount | Column::Count);
        let all: Vec<usize> = columns.iter().copied().filter(adds).collect();
        for &column in all.iter().filter(|column| grid.heads[**column].kind == Column::Count) {
            let Some(own) = of(column) else { continue };
            let others = all.iter().filter(|other| **other != column);
            let beside = Some(others.filter_map(|other| of(*other)).collect());
            self.table.tables.push(TableGroup { readings: vec![vec![own]], closed: false, beside });
        }
    }

    /// 产出小计 in the rows of a form: what its columns of scores add up to since the one before.
    pub(super) fn score_subtotals(&mut self, grid: &Grid) {
        let Some(name) = grid.heads.iter().find_map(|head| head.names) else { return };
        let columns: Vec<usize> =
            (0..grid.heads.len()).filter(|column| grid.heads[*column].kind == Column::Score).collect();
        let mut since = 0;
        for row in 0..grid.lines.len() {
            match grid.lines[row].kinds[name] {
                RowKind::Subtotal => {
                    let parts: Vec<usize> = (since..row).collect();
                    self.group(vec![self.sums(grid, &columns, row, &parts)], false);
                    since = row + 1;
                }
                RowKind::Total => since = row + 1,
                RowKind::Plain | RowKind::OfWhich => {}
            }
        }
    }

    /// One sum for each column that adds up.
    fn sums(&self, grid: &Grid, columns: &[usize], total: usize, parts: &[usize]) -> Vec<CellRelation> {
        let adds = |column: &&usize| {
            matches!(
                grid.heads[**column].kind,
                Column::Amount | Column::Share | Column::Change | Column::Score
            )
        };
        let sum = |column: &usize| {
            let total = grid.lines[total].cells[*column]?;
            let family = self.table.fact(total).amount.family;
            let parts: Vec<FactId> = parts.iter().filter_map(|row| grid.lines[*row].cells[*column]).collect();
            let alike = parts.iter().all(|id| self.table.fact(*id).amount.family == family);
            (alike && parts.len() >= 2).then_some(CellRelation::Sum { total, parts })
        };
        columns.iter().filter(adds).filter_map(sum).collect()
    }

    /// 小计 over the rows above it, 合计 over all.
    fn column_totals(&mut self, grid: &Grid, name: usize, columns: &[usize]) {
        let kind = |row: &usize| grid.lines[*row].kinds[name];
        let rows = grid.lines.len();
        let mut since = 0;
        for row in 0..rows {
            match kind(&row) {
                RowKind::Subtotal => {
                    let parts: Vec<usize> = (since..row).filter(|row| kind(row) == RowKind::Plain).collect();
                    let closed = !(since..row).any(|row| kind(&row) == RowKind::OfWhich);
                    self.group(vec![self.sums(grid, columns, row, &parts)], closed);
                    since = row + 1;
                }
                RowKind::Total => since = row + 1,
                RowKind::Plain | RowKind::OfWhich => {}
            }
        }
        let totals: Vec<usize> = (0..rows).filter(|row| kind(row) == RowKind::Total).collect();
        let &[total] = &totals[..] else { return };
        let pool: Vec<usize> = if total == 0 {
            (1..rows).collect()
        } else if total + 1 == rows {
            (0..total).collect()
        } else {
            return;
        };
        let of = |wanted: RowKind| pool.iter().copied().filter(|row| kind(row) == wanted).collect::<Vec<_>>();
        let (plain, subtotals) = (of(RowKind::Plain), of(RowKind::Subtotal));
        let nested = pool.iter().any(|row| kind(row) == RowKind::OfWhich);
        let mut readings = Vec::new();
        if let Some(&last) = subtotals.last() {
            let rest = plain.iter().copied().filter(|row| *row > last);
            let parts: Vec<usize> = subtotals.iter().copied().chain(rest).collect();
            readings.push(self.sums(grid, columns, total, &parts));
        }
        let levels = || plain.iter().map(|row| grid.lines[*row].level);
        let top = levels().min().unwrap_or_default();
        let layered = levels().any(|level| level != top);
        if layered {
            let parts: Vec<usize> =
                plain.iter().copied().filter(|row| grid.lines[*row].level == top).collect();
            readings.push(self.sums(grid, columns, total, &parts));
        }
        readings.push(self.sums(grid, columns, total, &plain));
        if nested {
            let first = pool.iter().position(|row| kind(row) == RowKind::OfWhich).unwrap_or(pool.len());
            readings.push(self.sums(grid, columns, total, &pool[..first]));
        }
        self.group(readings, !layered && !nested && subtotals.is_empty());
    }

    /// Rows whose ordinals, codes or indentation put them below another: 基本支出 over （一）人员经费, 205 over 20502.
    fn layers(&mut self, grid: &Grid, name: usize, columns: &[usize]) {
        let rows = grid.lines.len();
        let level = |row: usize| grid.lines[row].level;
        let plain = |row: usize| grid.lines[row].kinds[name] == RowKind::Plain;
        let mut sums = Vec::new();
        for row in (0..rows).filter(|row| plain(*row)) {
            let Some(below) = (row + 1 < rows && plain(row + 1)).then(|| level(row + 1)) else { continue };
            // Among ordinals a row without one has no known place.
            if below <= level(row) || level(row) == 0 && below < INDENTED {
                continue;
            }
            let within = (row + 1..rows).take(LAYER).take_while(|row| plain(*row) && level(*row) >= below);
            let parts: Vec<usize> = within.filter(|row| level(*row) == below).collect();
            sums.extend(self.sums(grid, columns, row, &parts));
        }
        self.group(vec![sums], false);
    }

    /// 其中：… and the rows behind it, parts of the row above.
    fn of_which(&mut self, grid: &Grid, name: usize, columns: &[usize]) {
        let kind = |row: usize| grid.lines[row].kinds[name];
        for first in 1..grid.lines.len() {
            if kind(first) != RowKind::OfWhich || kind(first - 1) == RowKind::OfWhich {
                continue;
            }
            let end = (first + 1..grid.lines.len())
                .find(|row| matches!(kind(*row), RowKind::Total | RowKind::Subtotal))
                .unwrap_or(grid.lines.len())
                .min(first + PARTS);
            let reading = |end: usize| {
                let parts: Vec<usize> = (first..end).collect();
                self.sums(grid, columns, first - 1, &parts)
            };
            let readings = (first + 2..=end).rev().map(reading).collect();
            self.group(readings, false);
        }
    }

    /// A column 合计 beside columns that are its parts.
    fn row_totals(&mut self, grid: &Grid, columns: &[usize]) {
        let amounts: Vec<usize> =
            columns.iter().copied().filter(|column| grid.heads[*column].kind == Column::Amount).collect();
        let totals: Vec<usize> = amounts.iter().copied().filter(|column| grid.heads[*column].total).collect();
        let &[total] = &totals[..] else { return };
        let parts: Vec<usize> = amounts.iter().copied().filter(|column| *column != total).collect();
        let head = |column: &usize| &grid.heads[*column].region;
        let plain = parts.iter().all(|column| head(column).basis.is_none() && head(column).period.is_none());
        if !plain || parts.len() < 2 {
            return;
        }
        let mut sums = Vec::new();
        for line in &grid.lines {
            let Some(total) = line.cells[total] else { continue };
            let parts: Vec<FactId> = parts.iter().filter_map(|column| line.cells[*column]).collect();
            if parts.len() >= 2 {
                sums.push(CellRelation::Sum { total, parts });
            }
        }
        self.group(vec![sums], false);
    }

    /// 占比, 执行率, 增减额 and 增长率 columns.
    fn rates(&mut self, grid: &Grid, name: usize, columns: &[usize]) {
        let kind = |column: usize| grid.heads[column].kind;
        for &column in columns {
            match kind(column) {
                Column::Share => self.shares(grid, name, columns, column),
                Column::Completion => self.completions(grid, columns, column),
                Column::Growth | Column::Change => self.growths(grid, columns, column),
                _ => {}
            }
        }
    }

    fn shares(&mut self, grid: &Grid, name: usize, columns: &[usize], rate: usize) {
        let amount =
            columns.iter().copied().rfind(|one| *one < rate && grid.heads[*one].kind == Column::Amount);
        let total = grid.lines.iter().rposition(|line| line.kinds[name] == RowKind::Total);
        let (Some(amount), Some(total)) = (amount, total) else { return };
        let Some(whole) = grid.lines[total].cells[amount] else { return };
        let shares = grid.lines.iter().enumerate().filter(|(row, _)| *row != total);
        let shares = shares.filter_map(|(_, line)| {
            Some(CellRelation::Share { rate: line.cells[rate]?, part: line.cells[amount]?, whole })
        });
        let shares = shares.collect();
        self.group(vec![shares], false);
    }

    fn completions(&mut self, grid: &Grid, columns: &[usize], rate: usize) {
        let measure = grid.heads[rate].region.subject.measure;
        let measure = measure.map(|measure| self.rules.lexicon.measure(measure));
        let above = measure.and_then(|measure| measure.done.as_deref()).unwrap_or("outturn");
        let group = |basis: BasisId| self.rules.lexicon.basis(basis).group.as_str();
        let of = |wanted: &[&str]| -> Vec<usize> {
            let fits = |column: &usize| {
                let basis = grid.heads[*column].region.basis;
                grid.heads[*column].kind == Column::Amount
                    && basis.is_some_and(|one| wanted.contains(&group(one)))
            };
            columns.iter().copied().filter(fits).collect()
        };
        let (done, plans) = (of(&[above]), of(&["adjusted", "budget"]));
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for &done in &done {
            pairs.extend(plans.iter().rev().map(|plan| (done, *plan)));
        }
        // 支付率 of columns that no basis tells apart: of any two before it, the later by the earlier first.
        if pairs.is_empty() {
            let amounts = |column: &usize| {
                *column < rate && matches!(grid.heads[*column].kind, Column::Amount | Column::Aim)
            };
            let near: Vec<usize> = columns.iter().rev().copied().filter(amounts).take(TRIED).collect();
            let ordered = || near.iter().flat_map(|a| near.iter().map(move |b| (*a, *b)));
            pairs.extend(ordered().filter(|(done, plan)| done > plan));
            pairs.extend(ordered().filter(|(done, plan)| done < plan));
        }
        let readings = pairs.into_iter().map(|(done, plan)| {
            let aim = grid.heads[done].kind == Column::Aim;
            let rows = grid.lines.iter().filter_map(|line| {
                let (rate, done, plan) = (line.cells[rate]?, line.cells[done]?, line.cells[plan]?);
                let amount = |id: FactId| self.table.fact(id).amount;
                // 100% is also said where more was done, and where less is better.
                let capped = amount(rate).value == Decimal::ONE_HUNDRED
                    && (aim || amount(done).value > amount(plan).value);
                let alike = amount(done).family == amount(plan).family;
                (alike && !capped).then_some(CellRelation::Completion { rate, done, plan })
            });
            rows.collect()
        });
        let readings = readings.collect();
        self.group(readings, false);
    }

    /// 分值, 得分, 得分率: what was got of what there was to get.
    pub(super) fn score_rates(&mut self, grid: &Grid) {
        let scores = |column: &usize| grid.heads[*column].kind == Column::Score;
        for rate in (0..grid.heads.len()).filter(|rate| grid.heads[*rate].kind == Column::Completion) {
            let before: Vec<usize> = (0..rate).filter(scores).collect();
            let [.., weight, score] = before[..] else { continue };
            let rows = grid.lines.iter().filter_map(|line| {
                let (rate, done, plan) = (line.cells[rate]?, line.cells[score]?, line.cells[weight]?);
                Some(CellRelation::Completion { rate, done, plan })
            });
            let rows = rows.collect();
            self.group(vec![rows], false);
        }
    }

    /// Against the column of the year before.
    fn growths(&mut self, grid: &Grid, columns: &[usize], column: usize) {
        let amounts =
            || columns.iter().copied().filter(|one| grid.heads[*one].kind == Column::Amount).take(AMOUNTS);
        let year = |column: usize| grid.heads[column].region.period.and_then(|period| self.year(period));
        let rate = grid.heads[column].kind == Column::Growth;
        let mut readings = Vec::new();
        for base in amounts() {
            let Some(before) = year(base) else { continue };
            for now in
                amounts().filter(|now| year(*now).is_some_and(|year| Some(year) == before.checked_add(1)))
            {
                let rows = grid.lines.iter().filter_map(|line| {
                    let (told, current, base) = (line.cells[column]?, line.cells[now]?, line.cells[base]?);
                    let (amount, rate) = if rate { (None, Some(told)) } else { (Some(told), None) };
                    Some(CellRelation::Change { current, base, amount, rate })
                });
                readings.push(rows.collect());
            }
        }
        self.group(readings, false);
    }
}
