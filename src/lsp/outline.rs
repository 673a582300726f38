//! `textDocument/documentSymbol` and `textDocument/foldingRange`: the recovered headings.

use serde_json::{Value, json};

use super::files::Read;
use crate::document::Span;
use crate::outline::{Node, NodeId, NodeKind};

/// Characters of a heading that are shown.
const SHOWN: usize = 60;
/// Kinds of the protocol: a section, a list item.
const NAMESPACE: u8 = 3;
const STRING: u8 = 15;

pub fn symbols(read: &Read, hierarchical: bool) -> Value {
    let nodes = &read.audit.outline.nodes;
    if !hierarchical {
        let flat = nodes.iter().map(|node| {
            let location = json!({ "uri": read.uri, "range": read.range(whole(read, node)) });
            json!({ "name": name(read, node), "kind": kind(node), "location": location })
        });
        return flat.collect();
    }
    let roots =
        (0..nodes.len() as u32).map(NodeId).filter(|&id| read.audit.outline.node(id).parent.is_none());
    roots.map(|id| symbol(read, id)).collect()
}

fn symbol(read: &Read, id: NodeId) -> Value {
    let node = read.audit.outline.node(id);
    let children: Value = node.children.iter().map(|&child| symbol(read, child)).collect();
    json!({
        "name": name(read, node),
        "kind": kind(node),
        "range": read.range(whole(read, node)),
        "selectionRange": read.range(Span::new(node.start(), node.title.end.max(node.start()))),
        "children": children,
    })
}

fn name(read: &Read, node: &Node) -> String {
    let marker = node.marker.map_or("", |marker| read.document.slice(marker.span));
    let title = read.document.slice(node.title).replace('\n', "");
    let mut name: String = marker.chars().chain(title.chars()).take(SHOWN).collect();
    if name.trim().is_empty() {
        name.push('…');
    }
    name
}

fn kind(node: &Node) -> u8 {
    if node.kind == NodeKind::Item { STRING } else { NAMESPACE }
}

/// Heading and body, without the blank lines behind it; children lie inside.
fn whole(read: &Read, node: &Node) -> Span {
    let end = node.body.end.max(node.title.end).min(read.document.text.len() as u32);
    let text = read.document.slice(Span::new(node.start(), end));
    Span::of(
        node.start() as usize,
        node.start() as usize + text.trim_end().len().max(node.title.end as usize - node.start() as usize),
    )
}

pub fn folds(read: &Read) -> Value {
    let sections = read.audit.outline.nodes.iter().map(|node| whole(read, node));
    let tables = read.document.tables.iter().map(|table| table.span);
    let range = |span: Span| {
        let (start, end) = (read.range(span).start.line, read.range(span).end.line);
        (end > start).then(|| json!({ "startLine": start, "endLine": end, "kind": "region" }))
    };
    sections.chain(tables).filter_map(range).collect()
}
