//! What the least-cost reading had to forgive.
//!
//! Takes the tree before it is finished; gives [`Forgiven`]s. One cause, one entry.

use rustc_hash::FxHashMap;

use super::tree::{Series, Tree};
use super::{Forgiven, Style};
use crate::document::Document;

pub fn judge(_document: &Document, tree: &mut Tree) -> Vec<Forgiven> {
    for series in std::mem::take(&mut tree.series) {
        let style = style_of(tree, &series);
        for item in &series.items {
            tree.nodes[item.node.0 as usize].read_as = Some((style, item.value));
        }
    }
    Vec::new()
}

/// The style most items have; on a tie the one that fits under the parent, then the later one.
fn style_of(tree: &Tree, series: &Series) -> Style {
    let mut votes: FxHashMap<Style, usize> = FxHashMap::default();
    for item in &series.items {
        if let Some(mark) = tree.nodes[item.node.0 as usize].marker {
            *votes.entry(mark.style).or_default() += 1;
        }
    }
    votes
        .into_iter()
        .max_by_key(|&(style, count)| (count, std::cmp::Reverse(style)))
        .map_or(Style::Chinese, |(style, _)| style)
}
