//! A form row by row.

use rust_decimal::Decimal;

use super::layout::{Layout, key};
use super::nest;
use super::{Direction, Entry, Figure, Fund, Group, Heads, Indicator, Part, Sheet, Total};
use crate::document::chars::holds;
use crate::document::{BlockKind, Cell, Document, Span};
use crate::lexer::{Lexed, Modifier, Notation, Quantity};
use crate::rules::{FormColumn, FormRow, RuleSet, Scoring};

/// More cells than that are a register, no form.
const CELLS: usize = 50_000;

pub fn sheets(document: &Document, rules: &RuleSet, lexed: &Lexed) -> Vec<Sheet> {
    let mut reader =
        Reader { document, rules, lexed, sheets: Vec::new(), open: None, layout: None, width: 0 };
    for (number, table) in document.tables.iter().enumerate() {
        let cells = table.rows.iter().map(Vec::len).sum::<usize>();
        // Every form says 得分 or 评分.
        if cells <= CELLS && holds(document.slice(table.span), "分") {
            reader.table(number as u32);
        } else {
            reader.close();
        }
    }
    reader.close();
    reader.sheets
}

struct Reader<'a> {
    document: &'a Document,
    rules: &'a RuleSet,
    lexed: &'a Lexed,
    sheets: Vec<Sheet>,
    open: Option<Sheet>,
    layout: Option<Layout>,
    /// Cells of the first row of the table before.
    width: usize,
}

impl<'a> Reader<'a> {
    fn scoring(&self) -> &'a Scoring {
        &self.rules.scoring
    }

    fn table(&mut self, number: u32) {
        let document = self.document;
        let table = &document.tables[number as usize];
        let width = table.rows.first().map_or(0, Vec::len);
        let goes_on = self.follows(number);
        if !(goes_on && width == self.width) {
            self.layout = None;
        }
        if !goes_on {
            self.close();
        }
        self.width = width;
        let mut was_head = false;
        for (place, row) in table.rows.iter().enumerate() {
            let below = || self.layout.as_ref().filter(|_| was_head)?.below(document, self.scoring(), row);
            if let Some(layout) = Layout::of(document, self.scoring(), row).or_else(below) {
                self.head(layout, was_head, (number, place));
                was_head = true;
                continue;
            }
            was_head = false;
            self.pairs(row);
            match self.layout.clone() {
                Some(layout) if layout.funds => self.fund(&layout, row),
                Some(layout) => self.indicator(&layout, row),
                None => {}
            }
            self.extend(number, place);
        }
    }

    /// Whether nothing but page numbers stands between this table and the one before.
    fn follows(&self, number: u32) -> bool {
        let tables = &self.document.tables;
        let Some(before) = (number as usize).checked_sub(1).and_then(|before| tables.get(before)) else {
            return false;
        };
        let blocks = &self.document.blocks;
        let next = blocks.partition_point(|block| block.span.start < tables[number as usize].span.start);
        let last = blocks[..next].iter().rev().find(|block| block.kind != BlockKind::PageFurniture);
        last.is_some_and(|block| before.span.contains(block.span))
    }

    fn head(&mut self, layout: Layout, was_head: bool, (table, row): (u32, usize)) {
        if was_head
            && let Some(above) = &mut self.layout
            && above.funds == layout.funds
        {
            above.join(layout);
            if let Some(part) = self.open.as_mut().and_then(|sheet| sheet.parts.last_mut()) {
                (part.heads.end, part.rows) = (row + 1, row + 1..row + 1);
            }
            return;
        }
        let begins = self.open.as_ref().is_some_and(|sheet| {
            if layout.funds {
                !sheet.indicators.is_empty() || !sheet.funds.is_empty()
            } else {
                sheet.total.is_some() && !sheet.indicators.is_empty()
            }
        });
        if begins {
            self.close();
        }
        let sheet = self.open.get_or_insert_default();
        let names = layout.values.checked_sub(1);
        sheet.parts.push(Part { table, heads: row..row + 1, rows: row + 1..row + 1, names });
        if !layout.funds {
            let head = |column| layout.head(column).map(|(_, span)| span);
            sheet.heads = Heads {
                weight: head(FormColumn::Weight),
                score: head(FormColumn::Score),
                reason: head(FormColumn::Reason),
            };
        }
        self.layout = Some(layout);
    }

    /// Row `row` belongs to the part that is being read; a table that goes on without heads is a part of its own.
    fn extend(&mut self, table: u32, row: usize) {
        let (Some(layout), Some(sheet)) = (&self.layout, &mut self.open) else { return };
        let names = layout.values.checked_sub(1);
        match sheet.parts.last_mut().filter(|part| part.table == table) {
            Some(part) => part.rows.end = row + 1,
            None => sheet.parts.push(Part { table, heads: 0..0, rows: row..row + 1, names }),
        }
    }

    fn close(&mut self) {
        self.layout = None;
        let Some(mut sheet) = self.open.take() else { return };
        let scored = sheet.indicators.iter().any(|row| row.score != Entry::Absent);
        if scored || sheet.funds.iter().any(|fund| fund.score.figure().is_some()) {
            nest::fold(&mut sheet);
            nest::close(&mut sheet);
            self.sheets.push(sheet);
        }
    }

    /// 自评等级 | 优, 项目名称 | …, and 自评得分 | 95 outside the rows of indicators.
    fn pairs(&mut self, row: &[Cell]) {
        let mut cells = row.iter().filter(|cell| !cell.covered && !cell.span.is_empty()).peekable();
        while let Some(cell) = cells.next() {
            let is = self.row_of(cell.span);
            let Some(value) = cells.peek().map(|next| next.span) else { return };
            let wanted = match is {
                Some(FormRow::Grade | FormRow::Project) => true,
                Some(FormRow::Total) => self.layout.is_none(),
                _ => false,
            };
            if !wanted {
                continue;
            }
            if is == Some(FormRow::Project)
                && self.open.as_ref().is_some_and(|sheet| !sheet.indicators.is_empty())
            {
                self.close();
            }
            let figure = self.figure(value);
            let sheet = self.open.get_or_insert_default();
            match is {
                Some(FormRow::Grade) => sheet.grade = Some(value),
                Some(FormRow::Project) => sheet.project = true,
                _ => sheet.stated = figure.or(sheet.stated),
            }
        }
    }

    fn fund(&mut self, layout: &Layout, row: &[Cell]) {
        let names = &row[..layout.values.min(row.len())];
        let Some(name) = names.iter().rev().find(|cell| !cell.span.is_empty()) else { return };
        let is = self.row_of(name.span);
        let entry = |column| self.entry(layout, row, column);
        let (opening, full, outturn) =
            (entry(FormColumn::Opening), entry(FormColumn::Full), entry(FormColumn::Outturn));
        let mut weight = entry(FormColumn::Weight);
        let score = entry(FormColumn::Score);
        if weight == Entry::Absent && layout.column(FormColumn::Weight).is_none() && score.figure().is_some()
        {
            // 得分（20分×执行率）: the weight stands in the head.
            weight = layout
                .head(FormColumn::Score)
                .and_then(|(_, head)| self.points_in(head))
                .map_or(weight, Entry::Figure);
        }
        let fund = Fund {
            name: name.span,
            is: is.filter(|is| {
                matches!(is, FormRow::Sum | FormRow::Fiscal | FormRow::Carried | FormRow::OtherFunds)
            }),
            reason: entry(FormColumn::Reason),
            rate: entry(FormColumn::Rate),
            opening,
            full,
            outturn,
            weight,
            score,
        };
        let filled = [&fund.opening, &fund.full, &fund.outturn].iter().any(|entry| entry.figure().is_some());
        if fund.is.is_none() && !filled {
            self.layout = None;
            return;
        }
        if let Some(sheet) = &mut self.open {
            sheet.funds.push(fund);
        }
    }

    fn indicator(&mut self, layout: &Layout, row: &[Cell]) {
        let names: Vec<&Cell> = row
            .iter()
            .enumerate()
            .filter(|(column, _)| layout.is_name(*column))
            .map(|(_, cell)| cell)
            .collect();
        let entry = |column| self.entry(layout, row, column);
        let (weight, score) = (entry(FormColumn::Weight), entry(FormColumn::Score));
        let called = |cell: &&Cell| !cell.covered && !cell.span.is_empty();
        let kind = names.iter().copied().filter(called).find_map(|cell| {
            let is = self.row_of(cell.span)?;
            matches!(is, FormRow::Total | FormRow::Subtotal | FormRow::Grade).then_some((is, cell.span))
        });
        match kind {
            Some((FormRow::Total, name)) => {
                let (weight, score) = self.total(row, weight, score);
                let figure = weight.figure().or(score.figure()).is_some();
                let Some(sheet) = self.open.as_mut().filter(|_| figure || score.is_blank()) else { return };
                if figure {
                    sheet.totals += 1;
                }
                sheet.total = Some(Total { name, weight, score });
                return;
            }
            Some(_) => return,
            None => {}
        }
        let measured = |column| match entry(column) {
            Entry::Words(span) => self.rate(span).map_or(Entry::Words(span), Entry::Figure),
            entry => entry,
        };
        let (target, actual) = (measured(FormColumn::Target), measured(FormColumn::Actual));
        let group = layout.column(FormColumn::First).and_then(|column| row.get(column)).filter(called);
        let beside = || layout.first_weight().and_then(|column| row.get(column)).filter(called);
        let group = group.map(|cell| {
            let points = self.points_in(cell.span);
            (cell.span, points.or_else(|| beside().and_then(|cell| self.figure(cell.span))))
        });
        let filled = [&weight, &score, &target].iter().any(|entry| entry.figure().is_some());
        let name = names.iter().rev().find(|cell| !cell.span.is_empty()).map(|cell| cell.span);
        let text = name.map(|name| key(self.document.slice(name))).unwrap_or_default();
        let indicator = Indicator {
            name: name.or(score.span()).unwrap_or_default(),
            execution: self.scoring().row(&text) == Some(FormRow::Execution),
            outside: names.iter().any(|cell| self.scoring().is_outside(self.document.slice(cell.span))),
            rank: names
                .iter()
                .copied()
                .find(called)
                .and_then(|cell| nest::rank(self.document.slice(cell.span))),
            sign: entry(FormColumn::Sign).span().and_then(|span| sign(self.document.slice(span))),
            reason: entry(FormColumn::Reason),
            target,
            actual,
            weight,
            score,
        };
        let Some(sheet) = &mut self.open else { return };
        if sheet.total.is_some() && !sheet.indicators.is_empty() {
            return;
        }
        if let Some((name, points)) = group {
            let from = sheet.indicators.len();
            let none = Figure::default();
            let weight = points.unwrap_or(none);
            sheet.groups.push(Group { name, weight, score: Entry::Absent, rows: from..from });
        }
        if filled && name.is_some() {
            sheet.indicators.push(indicator);
        }
    }

    /// The row of 总分 is often drawn without the columns above it: one figure is the score, two are both.
    fn total(&self, row: &[Cell], weight: Entry, score: Entry) -> (Entry, Entry) {
        if score.figure().is_some() {
            return (weight, score);
        }
        let own = row.iter().filter(|cell| !cell.covered && !cell.span.is_empty());
        let figures: Vec<Figure> = own.filter_map(|cell| self.figure(cell.span)).collect();
        match figures[..] {
            [one] if weight.figure().is_none() => (weight, Entry::Figure(one)),
            [full, one] if full.value == self.scoring().full => (Entry::Figure(full), Entry::Figure(one)),
            _ => (weight, score),
        }
    }

    fn row_of(&self, name: Span) -> Option<FormRow> {
        let text = self.document.slice(name);
        if text.is_empty() || text.len() > 90 { None } else { self.scoring().row(&key(text)) }
    }

    fn entry(&self, layout: &Layout, row: &[Cell], column: FormColumn) -> Entry {
        let Some(cell) = layout.column(column).and_then(|column| row.get(column)) else {
            return Entry::Absent;
        };
        if cell.covered {
            return Entry::Absent;
        }
        if self.scoring().is_blank(self.document.slice(cell.span)) {
            return Entry::Blank(cell.span);
        }
        self.figure(cell.span).map_or(Entry::Words(cell.span), Entry::Figure)
    }

    /// The figure that a cell is, a sign before it aside.
    fn figure(&self, cell: Span) -> Option<Figure> {
        self.figure_or_rate(cell).filter(|figure| figure.per.is_empty())
    }

    /// The rate that a cell is: ≤4.5万元/台.
    fn rate(&self, cell: Span) -> Option<Figure> {
        self.figure_or_rate(cell).filter(|figure| !figure.per.is_empty())
    }

    fn figure_or_rate(&self, cell: Span) -> Option<Figure> {
        let all = &self.lexed.quantities;
        let first = all.partition_point(|quantity| quantity.span.start < cell.start);
        let quantity = all.get(first).filter(|quantity| quantity.span.end <= cell.end)?;
        if quantity.notation == Notation::Chinese || quantity.upper.is_some() {
            return None;
        }
        let before = self.document.slice(Span::new(cell.start, quantity.number.start));
        let behind = self.document.slice(Span::new(quantity.span.end, cell.end));
        let direction = match sign(before) {
            None if before.trim().is_empty() => None,
            None if quantity.modifier != Modifier::Exact => None,
            None => return None,
            found => found,
        };
        let inside = self.document.slice(quantity.span).find(['/', '／', '每']).filter(|_| quantity.per);
        let is_rate = quantity.per || behind.trim_start().starts_with(['/', '／', '每']);
        if !behind.trim().is_empty() && !is_rate {
            return None;
        }
        let from = inside.map_or(quantity.span.end, |at| quantity.span.start + at as u32);
        let per = if is_rate { Span::new(from, cell.end) } else { Span::default() };
        let bound = match quantity.modifier {
            Modifier::AtLeast => Some(Direction::AtLeast),
            Modifier::AtMost => Some(Direction::AtMost),
            Modifier::Exact | Modifier::About => None,
        };
        let figure = figure(quantity)?;
        Some(Figure { span: cell, direction: direction.or(bound), per, ..figure })
    }

    /// 50分 in the name of a group: （50分）, 产出指标50分, or a bare figure in brackets.
    fn points_in(&self, cell: Span) -> Option<Figure> {
        let all = &self.lexed.quantities;
        let first = all.partition_point(|quantity| quantity.span.start < cell.start);
        let within = all[first..].iter().take_while(|quantity| quantity.span.end <= cell.end);
        let points = |quantity: &&Quantity| match quantity.unit {
            Some(unit) => self.rules.units.family(unit) == "score",
            None => {
                let before = self.document.slice(Span::new(cell.start, quantity.span.start));
                let behind = self.document.slice(Span::new(quantity.span.end, cell.end));
                before.trim_end().ends_with(['（', '(']) && behind.trim_start().starts_with(['）', ')'])
            }
        };
        let mut found = within.filter(|quantity| quantity.upper.is_none()).filter(points);
        let one = found.next()?;
        figure(one).filter(|_| found.next().is_none())
    }
}

fn figure(quantity: &Quantity) -> Option<Figure> {
    let power = Decimal::from(10u64.checked_pow(u32::from(quantity.power))?);
    Some(Figure {
        span: quantity.span,
        value: quantity.value.checked_mul(power)?,
        half: Decimal::try_new(5, u32::from(quantity.scale) + 1).ok()?.checked_mul(power)?,
        unit: quantity.unit,
        direction: None,
        about: quantity.modifier == Modifier::About,
        per: Span::default(),
    })
}

/// ≥, ≤, = and what is written for them.
fn sign(text: &str) -> Option<Direction> {
    match text.trim() {
        "≥" | ">=" | "＞" | ">" | "＞=" | "不低于" | "不少于" | "大于等于" | "大于" | "高于" | "超过"
        | "达到" => Some(Direction::AtLeast),
        "≤" | "<=" | "＜" | "<" | "＜=" | "不高于" | "不超过" | "不大于" | "小于等于" | "小于" | "低于" => {
            Some(Direction::AtMost)
        }
        "=" | "＝" | "等于" => Some(Direction::Exactly),
        _ => None,
    }
}
