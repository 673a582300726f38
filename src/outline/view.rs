//! All lists of a document as one list sees them.
//!
//! Takes the series of the tree; says what stands beside a series. It must not know what is forgiven.

use super::NodeId;
use super::tree::{Series, Tree};
use crate::document::Document;
use crate::lexer::ordinal::Style;

/// Lists before and after one that are looked at, so that a text of slips does not cost its square.
const NEAR: usize = 60;

pub struct View<'a> {
    pub document: &'a Document,
    pub all: &'a [Series],
    /// For each node the series it is an item of.
    pub series_of: &'a [Option<usize>],
    /// For each series how many of its items have a single numbered child.
    pub singles: &'a [usize],
}

impl View<'_> {
    /// Whether a list of `style` under a sister heading is numbered without a slip, and none is of another style.
    pub fn beside(&self, tree: &Tree, series: &Series, style: Style) -> bool {
        let family = |series: &Series| series.parent.and_then(|parent| self.series_of[parent.0 as usize]);
        let Some(own) = family(series) else { return false };
        let counts = |other: &&Series| other.parent != series.parent && family(other) == Some(own);
        let sound = |other: &Series| {
            let mut marks = other.items.iter().map(|item| tree.mark(item));
            (1..)
                .zip(&mut marks)
                .all(|(value, mark)| mark.is_some_and(|mark| mark.style == style && mark.value == value))
        };
        let here = series.items.first().and_then(|item| self.series_of[item.node.0 as usize]).unwrap_or(0);
        let near = &self.all[here.saturating_sub(NEAR)..(here + NEAR).min(self.all.len())];
        let sisters: Vec<&Series> = near.iter().filter(counts).collect();
        sisters.iter().any(|other| other.items.len() >= 2) && sisters.iter().all(|other| sound(other))
    }

    pub fn series(&self, node: NodeId) -> Option<&Series> {
        self.series_of[node.0 as usize].map(|index| &self.all[index])
    }
}
