//! Tables: what each cell measures, from the head of its row and the head of its column.
//!
//! Takes the rows of a table with the anchors in them; gives facts in text order, and a [`Grid`] of them
//! by which `totals` finds sums and ratios. A cell that heads do not explain makes no fact.

use super::amount::Amount;
use super::clauses::Reader;
use super::items::Anchor;
use super::region::{Region, Subject};
use super::{Cell, Fact, FactId, Role};
use crate::document::{Block, BlockKind, Span, Table};
use crate::lexer::{Notation, Quantity};
use crate::rules::{Cue, Lexicon, UnitId, WordClass};
use crate::scores::{Part, Sheet};

/// More cells or columns than that are a register of payments, no table of a report.
const CELLS: usize = 20_000;
const COLUMNS: usize = 40;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Names of rows.
    Label,
    /// Money, or counts with their unit beside them.
    Amount,
    /// 占比
    Share,
    /// 执行率, 完成率
    Completion,
    /// 增减额
    Change,
    /// 增长率
    Growth,
    /// 分值, 得分
    Score,
    /// 户数（户）, 编制数: what is counted, and may add up.
    Count,
    /// 目标值, 完成值 beside a 完成率: in whatever unit the row has.
    Aim,
    /// Ordinals, codes, remarks, targets: nothing that adds up.
    Other,
}

#[derive(Debug, Clone)]
pub struct Head {
    pub kind: Column,
    pub region: Region,
    pub unit: Option<(UnitId, u8)>,
    /// 合计 over columns that are its parts.
    pub total: bool,
    /// The column that names the rows of this one.
    pub names: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Plain,
    /// 其中：…
    OfWhich,
    /// 小计
    Subtotal,
    /// 合计, 总计
    Total,
}

/// One row: for each naming column its kind, and the fact of each cell.
#[derive(Debug, Clone)]
pub struct Line {
    pub kinds: Vec<RowKind>,
    pub cells: Vec<Option<FactId>>,
    /// How the row is numbered: rows numbered alike are of one level.
    pub level: u8,
}

pub struct Grid {
    pub heads: Vec<Head>,
    pub lines: Vec<Line>,
}

impl Reader<'_> {
    /// The table whose first row is `blocks[place]`. A form is read head by head, and what it adds up to is
    /// settled where forms are judged.
    pub(super) fn table(&mut self, place: usize, number: u32, anchors: &[Anchor], sheets: &[Sheet]) {
        let document = self.document;
        let Some(table) = document.tables.get(number as usize) else { return };
        let width = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        if !(2..=COLUMNS).contains(&width) || width.saturating_mul(table.rows.len()) > CELLS {
            return;
        }
        self.section = document_section(self, place);
        self.section_fund.take();
        let mut parts =
            sheets.iter().flat_map(|sheet| &sheet.parts).filter(|part| part.table == number).peekable();
        if parts.peek().is_some() {
            for part in parts {
                let grid = self.grid(place, number, anchors, part);
                self.score_rates(&grid);
                self.score_subtotals(&grid);
            }
        } else if table.header_rows > 0 {
            let (heads, rows) = (0..table.header_rows, table.header_rows..table.rows.len());
            let whole = Part { table: number, heads, rows, names: None };
            let grid = self.grid(place, number, anchors, &whole);
            self.totals(&grid);
        }
    }

    /// The rows of `part` below its heads.
    fn grid(&mut self, place: usize, number: u32, anchors: &[Anchor], part: &Part) -> Grid {
        let document = self.document;
        let table = &document.tables[number as usize];
        let width = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        let caption = self.caption(place, table, part);
        let mut heads: Vec<Head> =
            (0..width).map(|column| self.column_head(table, part, column, caption, anchors)).collect();
        name_columns(&mut heads, document, table, part);
        let mut grid = Grid { heads, lines: Vec::new() };
        let rows = document.blocks[place..].iter().enumerate().map_while(|(next, block)| match block.kind {
            BlockKind::Row { table, row } if table == number => Some((place + next, block, row as usize)),
            _ => None,
        });
        for (at, block, row) in rows.filter(|(_, _, row)| part.rows.contains(row)) {
            let line = self.row(&grid.heads, (at, block), number, &table.rows[row], anchors);
            grid.lines.push(line);
        }
        grid
    }

    /// Cells of the column that are figures.
    pub(super) fn column_figures(&self, table: &Table, part: &Part, column: usize) -> usize {
        let cells = table.rows[part.rows.clone()].iter().filter_map(|row| row.get(column));
        cells.filter(|cell| self.quantity_in(cell.span).is_some()).count()
    }

    /// The figure that a cell is, with its place.
    fn quantity_in(&self, cell: Span) -> Option<(u32, &Quantity)> {
        let all = &self.lexed.quantities;
        let at = all.partition_point(|quantity| quantity.span.start < cell.start);
        let quantity = all.get(at).filter(|quantity| quantity.span == cell)?;
        (quantity.notation != Notation::Chinese && quantity.upper.is_none()).then_some((at as u32, quantity))
    }

    fn row(
        &mut self,
        heads: &[Head],
        (place, block): (usize, &Block),
        table: u32,
        cells: &[crate::document::Cell],
        anchors: &[Anchor],
    ) -> Line {
        self.block = place as u32;
        self.sentence += 1;
        let mut named: Vec<Option<(Region, RowKind)>> = vec![None; heads.len()];
        // A code before the name tells the level.
        let first = level(self.document.slice(cells.first().map_or(block.span, |cell| cell.span)));
        let mut line = Line { kinds: vec![RowKind::Plain; heads.len()], cells: Vec::new(), level: first };
        for (column, cell) in cells.iter().enumerate() {
            let mut made = None;
            if heads[column].kind == Column::Label {
                // 合计 often stands in the column of codes, or over both.
                let left = || cells[..column].iter().find(|cell| !cell.span.is_empty());
                let name =
                    if cell.span.is_empty() { left().map_or(cell.span, |cell| cell.span) } else { cell.span };
                let mut region = Region::default();
                self.read_head(name, anchors, &mut region);
                let kind = row_kind(&self.rules.lexicon, self.document.slice(name), &region);
                line.kinds[column] = kind;
                named[column] = Some((region, kind));
                line.level = match level(self.document.slice(cell.span)) {
                    0 if line.level == 0 => self.indentation(cell.span),
                    0 => line.level,
                    own => own,
                };
            } else if let Some(names) = heads[column].names
                && let Some((region, kind)) = named[names]
            {
                line.kinds[column] = kind;
                made = if cell.covered {
                    None
                } else {
                    self.cell(&heads[column], (region, kind), cell.span, (table, column))
                };
            }
            line.cells.push(made);
        }
        line.cells.resize(heads.len(), None);
        line
    }

    /// The level that wide blanks before a name show.
    fn indentation(&self, name: Span) -> u8 {
        let before = self.document.text.get(..name.start as usize).unwrap_or_default();
        let wide = before.chars().rev().take_while(|&c| c == ' ' || c == '\u{3000}' || c == '\u{a0}');
        let width: usize =
            wide.take(60).map(|c| if c == '\u{3000}' { 2 } else { usize::from(c == '\u{a0}') }).sum();
        if width == 0 { 0 } else { INDENTED + width as u8 }
    }

    /// The fact of one cell, where its heads say what it is.
    fn cell(
        &mut self,
        head: &Head,
        (name, kind): (Region, RowKind),
        span: Span,
        (table, column): (u32, usize),
    ) -> Option<FactId> {
        let (place, quantity) = self.quantity_in(span)?;
        let mut quantity = *quantity;
        if quantity.unit.is_none() && quantity.power == 0 {
            let (unit, power) = head.unit?;
            (quantity.unit, quantity.power) = (Some(unit), power);
        }
        let amount = Amount::of(&quantity, &self.rules.units)?;
        // 编制22: exact, where an area or a length is rounded.
        let measured = |unit| {
            matches!(
                self.rules.units.family(unit),
                "area" | "mu" | "length" | "mass" | "volume" | "power" | "energy"
            )
        };
        let whole = quantity.scale == 0 && quantity.power == 0 && !quantity.unit.is_some_and(measured);
        let amount = if head.kind == Column::Count && whole { amount.counted() } else { amount };
        let role = match head.kind {
            Column::Share => Role::Share,
            Column::Completion => Role::Completion,
            Column::Growth => Role::Rate,
            Column::Change => Role::Change,
            _ => Role::Value,
        };
        let total = matches!(kind, RowKind::Total | RowKind::Subtotal);
        let region = Region {
            subject: self.subject(&head.region.subject, &name.subject, total, amount.family),
            basis: name.basis.or(head.region.basis),
            period: name.period.or(head.region.period),
            ..Region::default()
        };
        let mut fact: Fact = self.fact(&region, amount, role, span);
        fact.quantity = Some(place);
        fact.broken = quantity.broken;
        fact.cell = Some(Cell { table, column: column.min(usize::from(u16::MAX)) as u16 });
        fact.period = fact.period.or(self.table.report_year);
        fact.fund = fact.fund.or_else(|| self.fund_of_section());
        if kind == RowKind::OfWhich {
            // A part of something: not the measure itself.
            fact.qualifier = fact.qualifier.or(Some(region.subject.label));
        }
        Some(self.push(fact))
    }

    /// What the heads of row and column name together. Two measures that differ are neither.
    fn subject(
        &self,
        column: &Subject,
        row: &Subject,
        total: bool,
        family: crate::rules::FamilyId,
    ) -> Subject {
        let fits = |subject: &Subject| subject.measure.filter(|id| self.rules.lexicon.fits(*id, family));
        let fund = row.fund.or(column.fund);
        match (fits(row), fits(column)) {
            (Some(a), Some(b)) if a != b => {
                Subject { measure: None, label: row.label, qualifier: None, fund }
            }
            (Some(_), _) => Subject { fund, ..*row },
            (None, Some(measure)) => {
                let qualifier = (!total && row.is_named()).then_some(row.label);
                Subject { measure: Some(measure), label: column.label, qualifier, fund }
            }
            (None, None) => Subject { measure: None, fund, ..*row },
        }
    }
}

fn document_section(reader: &Reader, place: usize) -> Option<crate::outline::NodeId> {
    reader.outline.node_of_block.get(place).copied().flatten()
}

/// For each column the one that names its rows: the nearest run of label columns on its left, of that run
/// the finest of 一级, 二级, 三级指标, else the first.
fn name_columns(heads: &mut [Head], document: &crate::document::Document, table: &Table, part: &Part) {
    let title = |column: usize| {
        let row = part.heads.end.checked_sub(1).and_then(|last| table.rows.get(last));
        row.and_then(|row| row.get(column)).map(|cell| document.slice(cell.span)).unwrap_or_default()
    };
    if let Some(names) = part.names {
        for (column, head) in heads.iter_mut().enumerate() {
            match column.cmp(&names) {
                std::cmp::Ordering::Less => head.kind = Column::Other,
                std::cmp::Ordering::Equal => head.kind = Column::Label,
                std::cmp::Ordering::Greater => head.names = Some(names),
            }
        }
        return;
    }
    let mut names = None;
    let mut run = false;
    for (column, head) in heads.iter_mut().enumerate() {
        if head.kind == Column::Label {
            if !run || title(column).contains("级指标") || title(column).contains("指标名称") {
                names = Some(column);
            }
            run = true;
        } else {
            run &= head.kind == Column::Other && names.is_none();
            head.names = names;
        }
    }
}

fn row_kind(lexicon: &Lexicon, text: &str, region: &Region) -> RowKind {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !"*：:".contains(*c)).collect();
    match plain.as_str() {
        total if lexicon.is_word(WordClass::TotalRow, total) => RowKind::Total,
        part if lexicon.ends_with(WordClass::SubtotalRow, part) => RowKind::Subtotal,
        _ if region.cues.has(Cue::OfWhich) => RowKind::OfWhich,
        _ => RowKind::Plain,
    }
}

/// Levels from here on are told by the indentation alone.
pub(super) const INDENTED: u8 = 100;

/// How a row's name is numbered or coded: 1 一、, 2 （一）, 3 1., 4 （1）, codes by their length.
fn level(text: &str) -> u8 {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text[digits..].chars().next();
    match text.chars().next() {
        Some(c) if "一二三四五六七八九十".contains(c) && text.contains('、') => 1,
        Some('（' | '(') => match text.chars().nth(1) {
            Some(c) if c.is_ascii_digit() => 4,
            Some(c) if "一二三四五六七八九十".contains(c) => 2,
            _ => 0,
        },
        Some(c) if c.is_ascii_digit() => match after {
            Some('.' | '．' | '、') => 3,
            _ if digits >= 3 => 10 + digits.min(40) as u8,
            _ => 0,
        },
        _ => 0,
    }
}
