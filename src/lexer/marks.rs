//! Punctuation, and what stands in quotation.
//!
//! Takes the marks as the scan finds them; gives [`Marks`]. Blanks and points are no marks here.

use crate::document::Span;
use crate::document::chars::Wide;

/// A mark of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub at: u32,
    pub char: char,
}

impl Mark {
    pub fn span(self) -> Span {
        Span::new(self.at, self.at + self.char.len_utf8() as u32)
    }
}

/// All marks of a text, in order.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    pub list: Vec<Mark>,
    /// What stands between “” or 《》, marks included; disjoint, in order.
    pub quoted: Vec<Span>,
    /// For every [`STRIDE`] bytes of the text, how many marks stand before them.
    before: Vec<u32>,
}

/// Every rule asks for the marks of every paragraph: a look at the nearest place told beforehand is all that takes.
const STRIDE: usize = 128;

/// Longest quotation, in bytes: beyond it the opening mark was rather never closed.
const LONGEST_QUOTATION: u32 = 900;

impl Marks {
    /// `list` is in order.
    pub fn of(list: Vec<Mark>) -> Self {
        let quoted = quotations(&list);
        let mut before = Vec::with_capacity(list.last().map_or(0, |last| last.at as usize / STRIDE + 1));
        for (place, mark) in list.iter().enumerate() {
            before.resize(before.len().max(mark.at as usize / STRIDE + 1), place as u32);
        }
        Marks { list, quoted, before }
    }

    /// Whether `span` lies inside a quotation or a title.
    pub fn is_quoted(&self, span: Span) -> bool {
        let place = self.quoted.partition_point(|quote| quote.end <= span.start);
        self.quoted.get(place).is_some_and(|quote| quote.contains(span))
    }

    /// The marks inside `span`.
    pub fn within(&self, span: Span) -> &[Mark] {
        let Some(&near) = self.before.get(span.start as usize / STRIDE) else { return &[] };
        let near = &self.list[near as usize..];
        let passed = near.iter().take_while(|mark| mark.at < span.start).count();
        // A paragraph holds a few: counting them takes less than looking for the last.
        let count = near[passed..].iter().take_while(|mark| mark.at < span.end).count();
        &near[passed..passed + count]
    }
}

fn quotations(list: &[Mark]) -> Vec<Span> {
    let mut quoted = Vec::new();
    // The outermost opening mark and how many of its kind are open.
    let mut open: Option<(Mark, u32)> = None;
    for &mark in list {
        if let Some((outer, _)) = open
            && mark.at - outer.at > LONGEST_QUOTATION
        {
            open = None;
        }
        open = match (open, mark.char) {
            (None, '“' | '《') => Some((mark, 1)),
            (Some((outer, depth)), same) if same == outer.char => Some((outer, depth + 1)),
            (Some((outer, depth)), '”') if outer.char == '“' => close(outer, depth, mark, &mut quoted),
            (Some((outer, depth)), '》') if outer.char == '《' => close(outer, depth, mark, &mut quoted),
            (open, _) => open,
        };
    }
    quoted
}

fn close(outer: Mark, depth: u32, mark: Mark, quoted: &mut Vec<Span>) -> Option<(Mark, u32)> {
    if depth > 1 {
        return Some((outer, depth - 1));
    }
    quoted.push(outer.span().to(mark.span()));
    None
}

pub fn is_mark(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '?' | '!' | '(' | ')' | '[' | ']' | '"' | '\'') || WIDE.holds(c)
}

static WIDE: Wide = Wide::of("，。；：？！、…（）［］〔〕【】《》〈〉「」『』“”‘’");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_in_order_and_quotations_nest() {
        let text = "按《关于转发《通知》的通知》，“三公”共2,3";
        let list = text.char_indices().filter(|(_, char)| is_mark(*char));
        let marks = Marks::of(list.map(|(at, char)| Mark { at: at as u32, char }).collect());
        let found: String = marks.list.iter().map(|mark| mark.char).collect();
        assert_eq!(found, "《《》》，“”,");
        assert_eq!(marks.quoted.len(), 2);
        let inside = text.find("转发").unwrap();
        assert!(marks.is_quoted(Span::of(inside, inside + 6)));
        assert!(!marks.is_quoted(Span::of(0, 3)));
    }

    #[test]
    fn the_marks_of_any_stretch_are_found() {
        let long = "甲，乙".repeat(200);
        let list = long.match_indices('，').map(|(at, _)| Mark { at: at as u32, char: '，' }).collect();
        let marks = Marks::of(list);
        for (from, until) in [(0, 3), (0, 1800), (3, 4), (500, 900), (1793, 1800), (1797, 1800)] {
            let wanted: Vec<Mark> =
                marks.list.iter().copied().filter(|mark| (from..until).contains(&mark.at)).collect();
            assert_eq!(marks.within(Span::new(from, until)), wanted);
        }
    }
}
