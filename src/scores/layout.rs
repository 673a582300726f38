//! Which column of a form holds what, told by a row of heads.

use std::borrow::Cow;

use crate::document::{Cell, Document, Span};
use crate::rules::{FormColumn, Scoring};

/// The columns below one row of heads.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    pub funds: bool,
    columns: Vec<(FormColumn, usize, Span)>,
    /// Columns from here on are no names of rows.
    pub values: usize,
}

/// Fewer known heads than this are no row of heads: 得分 stands in many a row.
const HEADS: usize = 3;

/// A name is no longer than that, in bytes.
const NAME: usize = 120;

impl Layout {
    /// The layout that `row` begins, where it is a row of heads.
    pub fn of(document: &Document, scoring: &Scoring, row: &[Cell]) -> Option<Layout> {
        let mut columns: Vec<(FormColumn, usize, Span)> = Vec::new();
        for (place, cell) in row.iter().enumerate() {
            let text = document.slice(cell.span);
            let name = (!text.is_empty() && text.len() <= NAME).then(|| key(text));
            if let Some(is) = name.and_then(|name| scoring.column(&name)) {
                columns.push((is, place, cell.span));
            }
        }
        let has = |wanted: FormColumn| columns.iter().any(|(is, ..)| *is == wanted);
        let known =
            columns.iter().map(|(is, ..)| *is as u32).fold(0u32, |all, is| all | 1 << is).count_ones();
        let funds = has(FormColumn::Outturn) && (has(FormColumn::Full) || has(FormColumn::Opening));
        let named = has(FormColumn::Name) || has(FormColumn::First) || has(FormColumn::Target);
        let indicators =
            has(FormColumn::Score) && named && (has(FormColumn::Weight) || has(FormColumn::Target));
        if !(funds || indicators) || (known as usize) < if funds { 2 } else { HEADS } {
            return None;
        }
        let mut layout = Layout { funds, columns, values: 0 };
        // Levels above the last may have weights of their own, among the names.
        let weight = layout.column(FormColumn::Weight);
        let value = |is: FormColumn, place: usize| match is {
            FormColumn::First | FormColumn::Name => false,
            FormColumn::Weight => Some(place) == weight,
            _ => true,
        };
        let values = layout.columns.iter().filter(|(is, place, _)| value(*is, *place));
        layout.values = values.map(|(_, place, _)| *place).min()?;
        Some(layout)
    }

    /// The layout that `row` adds right below these heads: 计划, 完成 under 指标值. Every name in it is a known one.
    pub fn below(&self, document: &Document, scoring: &Scoring, row: &[Cell]) -> Option<Layout> {
        let named = row.iter().enumerate().filter(|(_, cell)| !cell.covered && !cell.span.is_empty());
        let columns: Option<Vec<_>> = named
            .map(|(place, cell)| Some((scoring.column(&key(document.slice(cell.span)))?, place, cell.span)))
            .collect();
        let columns = columns.filter(|columns| !columns.is_empty())?;
        let values = columns.iter().map(|(_, place, _)| *place).min()?.max(self.values);
        Some(Layout { funds: self.funds, columns, values })
    }

    /// The column that holds `wanted`: the weight nearest to the score where several are weighted, else the first.
    pub fn column(&self, wanted: FormColumn) -> Option<usize> {
        self.head(wanted).map(|(place, _)| place)
    }

    pub fn head(&self, wanted: FormColumn) -> Option<(usize, Span)> {
        let mut of =
            self.columns.iter().filter(|(is, ..)| *is == wanted).map(|(_, place, span)| (*place, *span));
        match wanted {
            FormColumn::Weight | FormColumn::Name => of.next_back(),
            _ => of.next(),
        }
    }

    /// Whether a column before the values names rows; the weights of higher levels do not.
    pub fn is_name(&self, column: usize) -> bool {
        column < self.values
            && !self.columns.iter().any(|(is, place, _)| *is == FormColumn::Weight && *place == column)
    }

    /// The column of weights that belongs to the first level: right behind its names.
    pub fn first_weight(&self) -> Option<usize> {
        let next = self.column(FormColumn::First)? + 1;
        (next < self.values && !self.is_name(next)).then_some(next)
    }

    /// A second row of heads below this one adds what this one has not.
    pub fn join(&mut self, below: Layout) {
        for column in below.columns {
            if !self.columns.iter().any(|(is, ..)| *is == column.0) {
                self.columns.push(column);
            }
        }
        self.values = self.values.min(below.values);
    }
}

/// A name as the lists spell it: without blanks, brackets and what stands in them, ordinal and 其中.
pub fn key(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !(c.is_whitespace() || "（）()*：:".contains(c));
    let text = text.trim();
    let whole = if text.chars().all(plain) { Cow::Borrowed(text) } else { Cow::Owned(bare(text)) };
    match lead(&whole) {
        0 => whole,
        at => Cow::Owned(whole[at..].to_owned()),
    }
}

fn bare(text: &str) -> String {
    let mut depth = 0u32;
    let keep = |c: &char| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0 && !c.is_whitespace() && !"*：:".contains(*c)
    };
    text.chars().filter(keep).collect()
}

/// How long 其中 and an ordinal are: 1., 一、, ①.
fn lead(text: &str) -> usize {
    let rest = text.strip_prefix("其中").unwrap_or(text);
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    let rest = match digits.strip_prefix(['.', '．', '、']) {
        Some(after) if digits.len() < rest.len() => after,
        _ => rest.trim_start_matches(|c: char| ('①'..='⑳').contains(&c)),
    };
    text.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn names_lose_what_the_lists_do_not_spell() {
        let pairs = [
            ("年度指标值（A）", "年度指标值"),
            ("其中：当年财政拨款", "当年财政拨款"),
            ("1.上年结转资金", "上年结转资金"),
            ("总　分", "总分"),
            ("执行率(B/A)", "执行率"),
            ("一级\n指标", "一级指标"),
            ("三级指标", "三级指标"),
            ("一、", ""),
        ];
        for (text, name) in pairs {
            assert_eq!(key(text), name, "{text}");
        }
    }
}
