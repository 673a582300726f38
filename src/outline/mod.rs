//! The heading tree, recovered at least cost, and what the recovery had to forgive.
//!
//! Takes a [`Document`]; gives [`Outline`]. It must not know figures or section profiles.
//!
//! Three steps: [`lines`] says what each block is, [`search`] finds the cheapest reading of all marks,
//! [`tree`] makes nodes of it; [`forgive`] and [`signs`] then say what the reading had to forgive.

mod forgive;
mod lines;
mod search;
mod signs;
mod tree;
mod view;

pub use self::signs::with_blanks;
use crate::document::{Document, Span};
pub use crate::lexer::ordinal::{Ordinal, Style, Width};

/// The recovered tree. Nodes are in text order; a parent stands before its children.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The document's title, where one stands before the first heading.
    pub title: Option<Span>,
    pub nodes: Vec<Node>,
    pub forgiven: Vec<Forgiven>,
    /// For each block, the innermost node whose body or heading it is in.
    pub node_of_block: Vec<Option<NodeId>>,
    /// Entries of the table of contents; its blocks belong to no node.
    pub contents: Vec<ContentsEntry>,
    /// All numbering marks met, of the outline or not, in text order.
    pub marks: Vec<Ordinal>,
}

/// One line of the table of contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentsEntry {
    pub block: u32,
    pub marker: Option<Ordinal>,
    /// Without marker, dot leaders and page number.
    pub title: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub parent: Option<NodeId>,
    pub children: Vec<NodeId>,
    pub kind: NodeKind,
    /// Depth in the tree, from 1.
    pub level: u8,
    /// The block that holds the heading.
    pub block: u32,
    /// The marker as typed; `None` for an unnumbered heading or label.
    pub marker: Option<Ordinal>,
    /// What the marker was read as at least cost: `8、` after `七、` is (`Style::Chinese`, 8).
    pub read_as: Option<(Style, u32)>,
    /// The title without marker and without the closing colon or stop.
    pub title: Span,
    /// From the end of the title (run-in text included) to the next node of the same or a higher
    /// level, in bytes of the text.
    pub body: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A paragraph of its own: `二、一般公共预算支出情况`.
    Heading,
    /// Heading and text in one paragraph: `（一）基本支出：2023年…`, `（1）前期准备。按照…`.
    RunIn,
    /// A heading-like line without a number: `人员编制情况：`.
    Label,
    /// A numbered sentence or paragraph that is a list item, no heading: `一是…`, `2.强化…`.
    Item,
}

/// Something the least-cost reading had to forgive; a rule of family NUM says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgiven {
    pub node: NodeId,
    pub kind: ForgivenKind,
    /// The marker or title to underline.
    pub span: Span,
    /// Other places that take part: the sibling before, the parent, the rest of the group.
    pub others: Vec<Span>,
    /// The marker as it should be typed, where the reading decides it.
    pub expected: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgivenKind {
    Gap,
    Repeat,
    /// Script or bracket changed inside one level.
    Script,
    /// Punctuation after the ordinal.
    Punctuation,
    LoneChild,
    /// A style used again inside itself, or a level jumped.
    LevelOrder,
    Width,
    Unnumbered,
}

pub fn recover(document: &Document) -> Outline {
    let lines = lines::classify(document);
    let decisions = search::search(&lines.events);
    let mut tree = tree::build(document, &lines, &decisions);
    let forgiven = forgive::judge(document, &mut tree);
    tree.finish(document);
    let mut outline = Outline {
        title: lines.title,
        nodes: tree.nodes,
        forgiven,
        node_of_block: Vec::new(),
        contents: lines.contents,
        marks: lines.marks,
    };
    outline.place_blocks(document);
    outline
}

impl Node {
    /// Where the heading begins, mark included.
    pub fn start(&self) -> u32 {
        self.marker.map_or(self.title.start, |mark| mark.span.start)
    }
}

impl Outline {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The innermost node whose heading or body `offset` is in.
    pub fn node_at(&self, offset: u32) -> Option<NodeId> {
        let started = self.nodes.partition_point(|node| node.start() <= offset);
        self.around(started.checked_sub(1)?, offset)
    }

    /// `offset` lies behind the start of node `last` and before the next one's.
    fn around(&self, last: usize, offset: u32) -> Option<NodeId> {
        let mut id = NodeId(last as u32);
        while offset >= self.node(id).body.end.max(self.node(id).start() + 1) {
            id = self.node(id).parent?;
        }
        Some(id)
    }

    fn place_blocks(&mut self, document: &Document) {
        let (mut entries, mut started) = (self.contents.iter().map(|entry| entry.block).peekable(), 0);
        let mut of_block = Vec::with_capacity(document.blocks.len());
        for (index, block) in document.blocks.iter().enumerate() {
            while entries.next_if(|&entry| (entry as usize) < index).is_some() {}
            while self
                .nodes
                .get(started)
                .is_some_and(|node| node.start() < block.span.end && node.block as usize <= index)
                && (self.nodes[started].block as usize) < index
            {
                started += 1;
            }
            let own = self
                .nodes
                .get(started)
                .filter(|node| node.block as usize == index && node.start() <= block.span.start + 12);
            let placed = match own {
                _ if entries.peek() == Some(&(index as u32)) => None,
                Some(_) => Some(NodeId(started as u32)),
                None => started.checked_sub(1).and_then(|last| self.around(last, block.span.start)),
            };
            of_block.push(placed);
        }
        self.node_of_block = of_block;
    }
}
