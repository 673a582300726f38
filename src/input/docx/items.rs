//! What a story is made of: paragraphs and tables, each stretch of text with its bytes.
//!
//! Plain data; it must not know XML.

use std::borrow::Cow;
use std::ops::Range;

use super::properties::{CellProps, ParagraphProps, Span};

#[derive(Debug)]
pub enum Item<'a> {
    Paragraph(Paragraph<'a>),
    Table(Table<'a>),
    /// What stands in a text box anchored in the item before.
    Boxed(Box<Item<'a>>),
    /// The start of a footnote or endnote.
    Note(i64),
    /// A reference to a footnote (`true`) or endnote.
    Reference {
        footnote: bool,
        id: i64,
    },
}

#[derive(Debug, Default)]
pub struct Paragraph<'a> {
    pub bits: Vec<Bit<'a>>,
    pub props: ParagraphProps,
    /// An entry of a table of contents made by a field.
    pub contents: bool,
}

/// A stretch of text; `\n` is a line break, `\x0c` a page break.
#[derive(Debug)]
pub struct Bit<'a> {
    pub text: Cow<'a, str>,
    pub from: Option<Range<usize>>,
}

#[derive(Debug, Default)]
pub struct Table<'a> {
    pub rows: Vec<Row<'a>>,
}

#[derive(Debug, Default)]
pub struct Row<'a> {
    pub before: usize,
    pub cells: Vec<Cell<'a>>,
    pub deleted: bool,
}

#[derive(Debug, Default)]
pub struct Cell<'a> {
    pub props: CellProps,
    pub paragraphs: Vec<Paragraph<'a>>,
    pub items: Vec<Item<'a>>,
}

impl<'a> Item<'a> {
    /// Its paragraphs, in tables too, without those of text boxes inside cells.
    pub fn paragraphs(&self) -> Vec<&Paragraph<'a>> {
        match self {
            Item::Paragraph(paragraph) => vec![paragraph],
            Item::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.flat_map(|cell| &cell.paragraphs).collect()
            }
            Item::Boxed(item) => item.paragraphs(),
            Item::Note(_) | Item::Reference { .. } => Vec::new(),
        }
    }
}

impl Bit<'_> {
    /// Takes bytes of text away at either end; only where text and bytes are alike.
    pub fn cut(&mut self, start: usize, end: usize) {
        let Some(from) = self.from.as_mut().filter(|from| from.len() == self.text.len()) else { return };
        if start + end == 0 {
            return;
        }
        *from = from.start + start..from.end - end;
        let kept = start..self.text.len() - end;
        self.text = match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[kept]),
            Cow::Owned(text) => Cow::Owned(text[kept].to_owned()),
        };
    }
}

impl Cell<'_> {
    /// The text of tables inside the cell is text of the cell.
    pub fn flatten(&mut self) {
        for item in std::mem::take(&mut self.items) {
            match item {
                Item::Paragraph(paragraph) => self.paragraphs.push(paragraph),
                Item::Table(table) => {
                    let cells = table.rows.into_iter().flat_map(|row| row.cells);
                    self.paragraphs.extend(
                        cells
                            .filter(|cell| cell.props.merge != Span::Continues)
                            .flat_map(|cell| cell.paragraphs),
                    );
                }
                Item::Boxed(_) | Item::Note(_) | Item::Reference { .. } => {}
            }
        }
    }
}
