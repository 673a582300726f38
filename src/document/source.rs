//! Where the text of a container stands in its file: for machines as byte ranges, for readers as places.
//!
//! Takes nothing; gives plain data that `input` fills and `emit` shows. It must not know a format's notation.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Span;

/// The kind of file that a document was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Plain text and Markdown: a span is, but for the encoding, a range of the file.
    #[default]
    Text,
    Docx,
    Doc,
    Xlsx,
    Xls,
    Csv,
    Html,
    Pdf,
}

/// From the spans of a text back to its file. Empty for plain text.
#[derive(Debug, Clone, Default)]
pub struct Source {
    pub format: Format,
    /// Names of the parts of a container (`word/document.xml`); a file that is no container has one, named "".
    pub parts: Vec<String>,
    /// In text order, disjoint. What no piece covers was made by the reader: automatic numbers, tabs between cells.
    pub pieces: Vec<Piece>,
    /// In text order by `start`; each holds up to the next.
    pub places: Vec<(u32, Place)>,
    /// Names of sheets, for [`Place::Sheet`].
    pub sheets: Vec<String>,
    /// Read from what LibreOffice made of the file.
    pub converted: bool,
}

/// A stretch of the text and the bytes of the part that say it. Where both are equally long the characters
/// correspond one to one; otherwise (an entity, another encoding) the piece can only be taken whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub part: u16,
    pub bytes: Range<u32>,
}

/// What a reader of the file calls the place. All numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// 第3段 of the body, blank paragraphs and tables not counted.
    Paragraph(u32),
    /// 表2 第4行第3列
    Table { table: u32, row: u32, column: u32 },
    /// Sheet1!C7; `sheet` from 0 in [`Source::sheets`].
    Sheet { sheet: u32, row: u32, column: u32 },
    /// 第5页
    Page(u32),
    /// 第5页 表2 第4行第3列
    PageCell { page: u32, table: u32, row: u32, column: u32 },
    /// A paragraph of a text box (文本框), footnote (脚注), endnote (尾注), page header (页眉) or footer (页脚).
    Aside(Aside, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aside {
    TextBox,
    Footnote,
    Endnote,
    Header,
    Footer,
}

impl Source {
    /// The place that holds the byte at `offset` of the text.
    pub fn place(&self, offset: u32) -> Option<Place> {
        let after = self.places.partition_point(|&(start, _)| start <= offset);
        after.checked_sub(1).map(|at| self.places[at].1)
    }

    /// The pieces that `span` touches.
    pub fn pieces(&self, span: Span) -> &[Piece] {
        let from = self.pieces.partition_point(|piece| piece.span.end <= span.start);
        let len = self.pieces[from..].partition_point(|piece| piece.span.start < span.end);
        &self.pieces[from..from + len]
    }
}
