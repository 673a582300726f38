//! Puts a [`Document`] together from the paragraphs and tables of a container.
//!
//! Takes text in reading order with the bytes it came from; gives one paragraph or table row a line, cells
//! parted by tabs, and every place on the way back. It must not know a format.

use std::ops::Range;

use super::lines::{ends_sentence, is_blank, opens_paragraph};
use super::table;
use crate::document::{
    Block, BlockKind, Cell, Comment, Damage, DamageKind, Document, Format, Piece, Place, Source, Span, Table,
};

/// Whether a line end between `before` and `after` is a blank.
pub fn parted(before: &str, after: &str) -> bool {
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    (before.is_ascii() || after.is_ascii()) && !is_blank(before) && !is_blank(after)
}

pub struct Builder {
    document: Document,
    /// Where the open paragraph or cell begins.
    start: usize,
    open: Option<Table>,
    row: Vec<Cell>,
}

#[allow(dead_code, reason = "each reader needs some of it")]
impl Builder {
    pub fn new(name: &str, format: Format) -> Builder {
        let source = Source { format, ..Source::default() };
        let document = Document { name: name.to_owned(), source, ..Document::default() };
        Builder { document, start: 0, open: None, row: Vec::new() }
    }

    /// The number of the part of that name, for [`Builder::text`].
    pub fn part(&mut self, name: &str) -> u16 {
        let parts = &mut self.document.source.parts;
        let at = parts.iter().position(|part| part == name).unwrap_or_else(|| {
            parts.push(name.to_owned());
            parts.len() - 1
        });
        at.min(usize::from(u16::MAX)) as u16
    }

    /// The number of the sheet of that name, for [`Place::Sheet`].
    pub fn sheet(&mut self, name: &str) -> u32 {
        self.document.source.sheets.push(name.to_owned());
        self.document.source.sheets.len() as u32 - 1
    }

    /// Something doubtful about the text from `start` to `end`, which is at hand.
    pub fn doubt(&mut self, start: usize, end: usize, kind: DamageKind) {
        self.document.damage.push(Damage { span: Span::of(start, end), kind });
    }

    /// How long the text is so far, in bytes.
    pub fn len(&self) -> usize {
        self.document.text.len()
    }

    /// Paragraphs and rows so far.
    pub fn blocks(&self) -> usize {
        self.document.blocks.len()
    }

    /// Adds to the open paragraph or cell. Line ends and tabs become blanks of one byte, so that a piece still
    /// corresponds character by character. `from` is the part and the bytes that say `text`; none for what the
    /// reader made up itself, such as an automatic number.
    pub fn text(&mut self, text: &str, from: Option<(u16, Range<u32>)>) {
        let start = self.document.text.len();
        self.document
            .text
            .extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
        let span = Span::of(start, self.document.text.len());
        if let Some((part, bytes)) = from.filter(|_| !span.is_empty()) {
            self.document.source.pieces.push(Piece { span, part, bytes });
        }
    }

    /// Adds a number that the office program counts by itself.
    pub fn generated(&mut self, text: &str) {
        let start = self.document.text.len();
        self.text(text, None);
        self.document.generated.push(Span::of(start, self.document.text.len()));
    }

    /// Adds a number that the office program counts by itself, before the text `after`; `gap`: a blank or tab follows.
    pub fn number(&mut self, label: &str, gap: bool, after: &str) {
        self.generated(label);
        // A full-width mark parts the number from the text by itself; a figure must never grow by its number.
        let closed = label.ends_with(['、', '，', '：', '）', '】', '〕', '》', '〉', '。']);
        let wide = closed || label.ends_with('．');
        let digit = after.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
        if (gap && !wide || digit && !closed) && !after.starts_with(is_blank) {
            self.text(" ", None);
        }
    }

    /// What stands in the open paragraph or cell so far.
    pub fn open_text(&self) -> &str {
        &self.document.text[self.start..]
    }

    /// Whether the open paragraph is two for its reader where its line breaks before `after`.
    pub fn breaks(&self, after: &str) -> bool {
        let open = self.open_text().trim_end();
        !open.is_empty() && (ends_sentence(open) || opens_paragraph(after))
    }

    /// Puts two lines of one sentence together: between hanzi a line end means nothing.
    pub fn join(&mut self, after: &str) {
        if parted(self.open_text(), after) {
            self.text(" ", None);
        }
    }

    /// Something is lost just before what comes next.
    pub fn damage(&mut self, kind: DamageKind) {
        let at = self.document.text.len();
        self.document.damage.push(Damage { span: Span::of(at, at), kind });
    }

    /// A comment, which stays outside the text.
    pub fn comment(&mut self, text: &str) {
        let at = self.document.text.len();
        self.document.comments.push(Comment { span: Span::of(at, at), text: text.to_owned() });
    }

    /// Closes the paragraph; a blank one leaves nothing.
    pub fn paragraph(&mut self, kind: BlockKind, place: Place) {
        let Some(span) = self.trimmed() else { return self.forget() };
        self.document.source.places.push((self.start as u32, place));
        self.document.blocks.push(Block { span, kind });
        self.document.text.push('\n');
        self.start = self.document.text.len();
    }

    /// Opens a table; one inside another is no table of its own: its text belongs to the cell.
    pub fn open_table(&mut self) {
        let start = self.document.text.len();
        self.start = start;
        self.open = Some(Table { span: Span::of(start, start), rows: Vec::new(), header_rows: 0 });
    }

    /// The number from 0 of the open table, and of its open row.
    pub fn at(&self) -> (u32, u32) {
        let rows = self.open.as_ref().map_or(0, |table| table.rows.len());
        (self.document.tables.len() as u32, rows as u32)
    }

    /// Closes a cell that begins in this row.
    pub fn cell(&mut self, place: Place) {
        let span = self.trimmed().unwrap_or(Span::of(self.start, self.start));
        self.document.source.places.push((self.start as u32, place));
        self.row.push(Cell { span, covered: false });
        self.document.text.push('\t');
        self.start = self.document.text.len();
    }

    /// A cell hidden under the merged cell that stands at `row` and `column` of the open table (`row` may be the
    /// open row itself).
    pub fn covered(&mut self, row: usize, column: usize) {
        let Some(table) = &self.open else { return };
        let rows = table.rows.get(row).unwrap_or(&self.row);
        let span = rows.get(column).map_or(Span::of(self.start, self.start), |cell| cell.span);
        self.row.push(Cell { span, covered: true });
    }

    pub fn end_row(&mut self) {
        let text = &mut self.document.text;
        if text.ends_with('\t') {
            text.pop();
        }
        text.push('\n');
        self.start = text.len();
        let cells = std::mem::take(&mut self.row);
        let (number, row) = self.at();
        let Some(table) = &mut self.open else { return };
        self.document.blocks.extend(table::block(number, row as usize, &cells));
        table.rows.push(cells);
    }

    /// Closes the table. `header_rows` where the format says it; otherwise it is told by the cells.
    pub fn end_table(&mut self, header_rows: Option<usize>) {
        let Some(mut table) = self.open.take() else { return };
        table.span = Span::of(table.span.start as usize, self.document.text.len());
        table.header_rows =
            header_rows.unwrap_or_else(|| table::header_rows(&self.document.text, &table.rows));
        self.document.tables.push(table);
        self.start = self.document.text.len();
    }

    /// An open paragraph is closed as it stands.
    pub fn finish(mut self) -> Document {
        if self.open.is_some() {
            self.end_row();
            self.end_table(None);
        } else if self.trimmed().is_some() {
            self.paragraph(BlockKind::Paragraph, Place::Paragraph(0));
        }
        let text = &self.document.text;
        for damage in self.document.damage.iter_mut().filter(|damage| damage.span.is_empty()) {
            let next = text.get(damage.span.start as usize..).and_then(|rest| rest.chars().next());
            let end = damage.span.start as usize + next.map_or(0, char::len_utf8);
            damage.span = Span::of(damage.span.start as usize, end).min(Span::of(text.len(), text.len()));
        }
        super::find_damage(&mut self.document);
        self.document
    }

    fn trimmed(&self) -> Option<Span> {
        let text = &self.document.text[self.start..];
        let body = super::lines::trim(text);
        let at = self.start + (body.as_ptr() as usize - text.as_ptr() as usize);
        (!body.is_empty()).then(|| Span::of(at, at + body.len()))
    }

    /// Drops the blanks of a paragraph that has nothing else.
    fn forget(&mut self) {
        let start = self.start as u32;
        self.document.text.truncate(self.start);
        let pieces = &mut self.document.source.pieces;
        while pieces.pop_if(|piece| piece.span.start >= start).is_some() {}
        while self.document.generated.pop_if(|span| span.start >= start).is_some() {}
    }
}
