//! Places of the document that judges of its form ask for: blocks, sentences, headings, figures.

use super::Context;
use crate::document::Span;
use crate::lexer::{Mark, Quantity};
use crate::outline::NodeId;

impl Context<'_> {
    /// Number of the block that holds `offset`, or of the next one.
    pub fn block_index(&self, offset: u32) -> usize {
        self.document.blocks.partition_point(|block| block.span.end <= offset)
    }

    /// The figures inside `span`.
    pub fn quantities(&self, span: Span) -> &[Quantity] {
        let all = &self.lexed.quantities;
        let from = all.partition_point(|quantity| quantity.span.start < span.start);
        let until = from + all[from..].partition_point(|quantity| quantity.span.start < span.end);
        &all[from..until]
    }

    /// Whether `quantity` is in a unit of this family of `rules/units.toml`.
    pub fn is(&self, quantity: &Quantity, family: &str) -> bool {
        quantity.unit.is_some_and(|unit| self.rules.units.family(unit) == family)
    }

    /// The sentence around `place`, inside its block; of an endless one, what is near.
    pub fn sentence(&self, place: Span) -> Span {
        const NEAR: usize = 3000;
        let Some(block) = self.document.blocks.get(self.block_index(place.start)) else { return place };
        let text = &self.document.text;
        let at = place.start.max(block.span.start) as usize;
        let from = text.ceil_char_boundary(at.saturating_sub(NEAR).max(block.span.start as usize));
        let until = text.floor_char_boundary((at + NEAR).min(block.span.end as usize)).max(at);
        let shown = self.flow.shown(Span::of(from, until));
        let here = self.flow.shown(Span::of(at, at)).start;
        let marks = self.lexed.marks.within(shown);
        let next = marks.partition_point(|mark| mark.at < here);
        let stops = |mark: &&Mark| matches!(mark.char, '。' | '；' | ';' | '！');
        let place = |mark: &Mark| self.flow.source(mark.span());
        let before = marks[..next].iter().rev().find(stops).map(place);
        let after = marks[next..].iter().find(stops).map(place);
        let start = before.map_or(from, |span| span.end as usize);
        Span::of(start.min(at), after.map_or(until, |span| span.start as usize))
    }

    /// Marker and title of a heading.
    pub fn heading(&self, id: NodeId) -> Span {
        let node = self.outline.node(id);
        node.marker.map_or(node.title, |marker| marker.span.to(node.title))
    }

    /// Where a finding about the text as a whole is shown: its title, else its first line.
    pub fn top(&self) -> Span {
        let first = || self.document.blocks.first().map(|block| block.span);
        let top = self.form.title.or_else(first).unwrap_or_default();
        let text = self.document.slice(top);
        let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
        Span::new(top.start, top.start + end as u32)
    }
}
