//! The heads of a table's columns: what stands in each, and in which unit.
//!
//! The part of the table reader that runs before its rows.

use super::clauses::Reader;
use super::items::{self, Anchor, Item, Token};
use super::region::Region;
use super::tables::{Column, Head};
use crate::document::{Span, Table};
use crate::rules::{Entry, UnitId, WordClass};
use crate::scores::Part;

impl Reader<'_> {
    /// 单位：万元, in the head of the table or on the lines above it.
    pub(super) fn caption(&self, place: usize, table: &Table, part: &Part) -> Option<(UnitId, u8)> {
        let above = self.document.blocks[..place].iter().rev().take(2);
        let near = above.filter(|block| block.span.len() < 120).map(|block| block.span);
        let cells = || table.rows[part.heads.clone()].iter().flatten();
        let head = cells().map(|cell| cell.span);
        let said = head.chain(near).find_map(|span| self.unit_after(self.document.slice(span), "单位"));
        // 项目资金（万元）or one unit in all the heads is said of the whole table.
        let heads = || cells().map(|cell| self.document.slice(cell.span));
        let money = |unit: &(UnitId, u8)| self.rules.units.family(unit.0) == "money";
        let mut units = heads().filter_map(|text| self.unit_in_brackets(text)).filter(money);
        said.or_else(|| {
            let first = units.next()?;
            units.all(|other| other == first).then_some(first)
        })
    }

    /// The unit behind `lead` and a colon: 单位：万元.
    fn unit_after(&self, text: &str, lead: &str) -> Option<(UnitId, u8)> {
        let rest = &text[text.find(lead)? + lead.len()..];
        self.unit(rest.trim_start().strip_prefix(['：', ':'])?.trim_start())
    }

    /// 万元, 元, %: power and unit at the head of a text, and nothing but a bracket or blank behind them.
    fn unit(&self, text: &str) -> Option<(UnitId, u8)> {
        let (rest, power) = match text.chars().next()? {
            '千' => (&text['千'.len_utf8()..], 3),
            '万' => (&text['万'.len_utf8()..], 4),
            '亿' => (&text['亿'.len_utf8()..], 8),
            _ => (text, 0),
        };
        let (unit, len) = self.rules.units.at_head(rest)?;
        let ends = rest[len..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        ends.then_some((unit, power))
    }

    /// The unit in brackets: 金额（万元）.
    fn unit_in_brackets(&self, text: &str) -> Option<(UnitId, u8)> {
        text.match_indices(['（', '('])
            .find_map(|(at, bracket)| self.unit(text[at + bracket.len()..].trim_start()))
    }

    pub(super) fn column_head(
        &self,
        table: &Table,
        part: &Part,
        column: usize,
        caption: Option<(UnitId, u8)>,
        anchors: &[Anchor],
    ) -> Head {
        let mut region = Region::default();
        let mut text = String::new();
        let mut last = None;
        for row in &table.rows[part.heads.clone()] {
            let fresh = |cell: &&crate::document::Cell| !cell.span.is_empty() && last != Some(cell.span);
            let Some(cell) = row.get(column).filter(fresh) else { continue };
            last = Some(cell.span);
            self.read_head(cell.span, anchors, &mut region);
            text.extend(self.document.slice(cell.span).chars().filter(|c| !c.is_whitespace()));
        }
        let figures = self.column_figures(table, part, column);
        let kind = match self.column_kind(&text, &region, figures) {
            Column::Other if figures > 0 => self.column_of_counts(&text, &region, part, caption),
            kind => kind,
        };
        let own = self.unit_in_brackets(&text).or_else(|| self.unit_after(&text, "单位"));
        let percent = || self.rules.units.at_head("%").map(|(unit, _)| (unit, 0));
        let score = || self.rules.units.at_head("分").map(|(unit, _)| (unit, 0));
        let unit = match kind {
            Column::Amount | Column::Change => own.or(caption),
            Column::Share | Column::Completion | Column::Growth => {
                percent().filter(|_| text.contains(['%', '％']))
            }
            Column::Score => score(),
            Column::Count => own.or(caption.filter(|unit| self.rules.units.family(unit.0) != "money")),
            Column::Aim => own.or(self.rules.units.at_head("项").map(|(unit, _)| (unit, 0))),
            Column::Label | Column::Other => own,
        };
        let plain = text.split(['（', '(']).next().unwrap_or_default();
        let lexicon = &self.rules.lexicon;
        let total =
            lexicon.is_word(WordClass::TotalRow, plain) || lexicon.is_word(WordClass::SubtotalRow, plain);
        Head { kind, region, unit, total, names: None }
    }

    /// Reads a head into `region`: its words but for those in brackets, which tell period and basis only.
    pub(super) fn read_head(&self, span: Span, anchors: &[Anchor], region: &mut Region) {
        let mut items: Vec<Item> = Vec::new();
        let from = anchors.partition_point(|anchor| anchor.span.start < span.start);
        let to = from + anchors[from..].partition_point(|anchor| anchor.span.start < span.end);
        items::lay(self.document, span, &anchors[from..to], |item| items.push(item));
        let mut brackets = 0u32;
        for item in items {
            match item.token {
                Token::Punctuation('（' | '(') => brackets += 1,
                Token::Punctuation('）' | ')') => brackets = brackets.saturating_sub(1),
                Token::Punctuation('：' | ':') if !region.subject.is_named() => {}
                Token::Date(year) => region.date(item.span, year),
                Token::Word(entry @ (Entry::Basis(_) | Entry::Prior | Entry::Current)) => {
                    region.word(item.span, entry, item.glued);
                }
                Token::Word(entry) if brackets == 0 => region.word(item.span, entry, item.glued),
                Token::Text if brackets == 0 => region.text(item.span, item.glued),
                _ => {}
            }
        }
    }

    fn column_kind(&self, text: &str, region: &Region, figures: usize) -> Column {
        let lexicon = &self.rules.lexicon;
        let has = |class: WordClass| lexicon.holds(class, text);
        let known = region.subject.measure.map(|measure| lexicon.measure(measure));
        if has(WordClass::AsideHead) {
            return Column::Other;
        }
        let name = text.split(['（', '(', '%', '％']).next().unwrap_or_default();
        let is_rate = lexicon.ends_with(WordClass::RateHead, name);
        if has(WordClass::ScoreHead) && !is_rate {
            return Column::Score;
        }
        if has(WordClass::ShareHead) {
            return Column::Share;
        }
        if is_rate || text.contains(['%', '％']) {
            let completion = known.is_some_and(|measure| measure.completion);
            return if !completion && has(WordClass::GrowthHead) {
                Column::Growth
            } else {
                Column::Completion
            };
        }
        if has(WordClass::ChangeHead) {
            return Column::Change;
        }
        if figures == 0 {
            return Column::Label;
        }
        let money = known.is_some_and(|measure| measure.family == "money");
        let amount = region.basis.is_some() || region.period.is_some() || money || has(WordClass::AmountHead);
        if amount { Column::Amount } else { Column::Other }
    }

    /// 户数（户）, 编制数, or 在职数 in a table of persons; 目标值 and 完成值 of indicators. What is spread or an age adds up to
    /// nothing.
    fn column_of_counts(
        &self,
        text: &str,
        region: &Region,
        part: &Part,
        caption: Option<(UnitId, u8)>,
    ) -> Column {
        let lexicon = &self.rules.lexicon;
        let counts = |unit: UnitId| {
            !matches!(
                self.rules.units.family(unit),
                "money" | "percent" | "point" | "times" | "score" | "year" | "month" | "day" | "age" | "hour"
            )
        };
        let spread = lexicon.holds(WordClass::SpreadHead, text);
        if lexicon.holds(WordClass::AimHead, text) {
            return if part.names.is_none() { Column::Aim } else { Column::Other };
        }
        if spread || lexicon.holds(WordClass::AsideHead, text) {
            return Column::Other;
        }
        let person =
            || region.subject.measure.is_some_and(|measure| lexicon.measure(measure).family == "person");
        let own = self.unit_in_brackets(text).is_some_and(|(unit, _)| counts(unit));
        let said = caption.is_some_and(|(unit, _)| counts(unit));
        if own || said || person() && self.unit_in_brackets(text).is_none() {
            Column::Count
        } else {
            Column::Other
        }
    }
}
