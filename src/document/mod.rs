//! The text under audit, in one shape whatever format it came in.
//!
//! Takes nothing; gives [`Document`], [`Span`] and the line index. It must not know how a format is
//! read (`input`), what a figure is (`lexer`) or how a place is shown (`emit`).

pub mod chars;
mod flow;
mod lines;
mod source;
mod span;

use serde::{Deserialize, Serialize};

pub use flow::Flow;
pub use lines::{LineIndex, Position};
pub use source::{Aside, Format, Piece, Place, Source};
pub use span::Span;

/// A read document: one UTF-8 text with LF line ends, cut into blocks.
///
/// Every span in the crate is a byte range of `text`.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The name shown to people: the path as given, or the name of standard input.
    pub name: String,
    pub text: String,
    /// Paragraphs, headings and table rows in text order; blank lines belong to none.
    pub blocks: Vec<Block>,
    pub tables: Vec<Table>,
    /// Bytes inside blocks that are no text of the author's: notation of the format (`**`, `[`,
    /// `](…)`), the line ends of a soft-wrapped paragraph, page numbers between its lines. Sorted,
    /// disjoint. Lexers read [`Document::flow`], which leaves them out.
    pub markup: Vec<Span>,
    /// Numbers before paragraphs that the program which made the file counts by itself, in text order.
    pub generated: Vec<Span>,
    /// Comments of the format (`<!-- … -->`), which its reader does not see, in text order.
    pub comments: Vec<Comment>,
    /// Damage met while reading; becomes diagnostics, never an error.
    pub damage: Vec<Damage>,
    pub origin: Origin,
    /// From the text back to the file, for formats that are no text.
    pub source: Source,
}

/// One paragraph, heading or table row; its span holds no leading or trailing blanks. A soft-wrapped
/// paragraph holds its line ends, and `Document::markup` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub span: Span,
    pub kind: BlockKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    Paragraph,
    /// A heading that the format itself marks, with its level from 1.
    Heading(u8),
    /// A row of `Document::tables[table]`.
    Row {
        table: u32,
        row: u32,
    },
    /// A page number or running head, which belongs to the page and to no paragraph.
    PageFurniture,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub span: Span,
    pub rows: Vec<Vec<Cell>>,
    /// Rows at the top that name columns.
    pub header_rows: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub span: Span,
    /// Hidden under the merged cell above or left of it, whose span it carries. It names what the merged cell
    /// names and counts nothing again.
    pub covered: bool,
}

/// A comment in Markdown or HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands; empty where the text does not hold it, as in a page.
    pub span: Span,
    /// What stands between its marks.
    pub text: String,
}

/// Something lost or doubtful in the bytes as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    pub span: Span,
    pub kind: DamageKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DamageKind {
    /// Bytes that are no character of the encoding, shown as U+FFFD.
    Undecodable,
    /// U+FFFD written in the file itself: an earlier conversion has lost a character.
    Replaced,
    /// U+0000 inside the text.
    Nul,
    /// An automatic number that could not be rebuilt; it is missing before the span.
    Unnumbered,
    /// A character that is drawn but that the file does not name, shown as U+FFFD.
    Unmapped,
    /// A page that is a picture; the span is what the reader says in its place.
    Scanned,
    /// Characters that a line crosses out.
    Struck,
}

/// How `Document::text` came from the bytes of the file, so that a repaired text can be written back
/// in the same form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// WHATWG name of the encoding, e.g. `UTF-8`, `gb18030`, `UTF-16LE`.
    pub encoding: &'static str,
    pub bom: bool,
    pub newline: Newline,
    /// Bytes were lost in decoding, so the text cannot be written back.
    pub lossy: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newline {
    /// Every line ends alike.
    Uniform(LineEnd),
    /// The end of each line in turn.
    Mixed(Vec<LineEnd>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
}

impl LineEnd {
    pub const fn as_str(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::Cr => "\r",
        }
    }
}

impl Default for Origin {
    fn default() -> Self {
        Origin { encoding: "UTF-8", bom: false, newline: Newline::Uniform(LineEnd::Lf), lossy: false }
    }
}

impl Document {
    /// The text of `span`, or the empty string where the span lies outside the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}
