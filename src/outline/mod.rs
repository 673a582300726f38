//! The heading tree, recovered at least cost, and what the recovery had to forgive.
//!
//! Takes a [`Document`]; gives [`Outline`]. It must not know figures or section profiles.

use crate::document::{Document, Span};

/// The recovered tree. Nodes are in text order; a parent stands before its children.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The document's title, where one stands before the first heading.
    pub title: Option<Span>,
    pub nodes: Vec<Node>,
    pub forgiven: Vec<Forgiven>,
    /// For each block, the innermost node whose body or heading it is in.
    pub node_of_block: Vec<Option<NodeId>>,
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

/// A numbering mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal {
    /// Brackets and punctuation included, following blanks not.
    pub span: Span,
    pub style: Style,
    pub value: u32,
    /// Punctuation after the number or closing bracket, as typed.
    pub punctuation: Option<char>,
    /// Half-width brackets or a full-width dot, against the document's habit.
    pub width: Width,
    /// Blanks between the mark and the title: often what is left of Word's automatic numbering.
    pub blank_after: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Full,
    Half,
    /// One bracket of each.
    Mixed,
}

/// Ordered as GB/T 9704 orders the levels, then the styles it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// 第一部分
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Division,
    /// 第一条
    Article,
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 1.
    Arabic,
    /// （1）
    ArabicBracket,
    /// 1）
    ArabicHalfBracket,
    /// ①
    Circled,
    /// 第一，
    First,
    /// 一是
    Is,
    /// 首先 其次 再次 最后
    Adverb,
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

pub fn recover(_document: &Document) -> Outline {
    Outline::default()
}

impl Outline {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
}
