//! Markdown to blocks. The notation stays in the text and is listed as markup, so that every span is a
//! span of the file as read.
//!
//! What a Chinese office worker types is not always what CommonMark makes of it: an indented paragraph
//! is no code, a line of dashes under a sentence makes no heading of it, a single line end is the end
//! of a paragraph, `#一、概况` without a blank is a heading, and `1.` belongs to the text.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::lines::{Line, ends_sentence, is_blank};
use super::text::rows_into;
use super::{table, wrap};
use crate::document::{Block, BlockKind, Cell, Comment, Document, Span, Table};

/// By extension, or by headings with `#` that no plain text has.
pub fn is_markdown(name: &str, text: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown") {
        return true;
    }
    let bytes = text.as_bytes();
    let is_heading = |rest: &[u8]| {
        let hashes = rest.iter().take(7).take_while(|&&byte| byte == b'#').count();
        hashes < 7 && rest.get(hashes) == Some(&b' ')
    };
    let at_line_start = |at: usize| at == 0 || bytes[at - 1] == b'\n';
    let headings =
        memchr_iter(b'#', bytes).filter(|&at| at_line_start(at) && is_heading(&bytes[at..])).take(2).count();
    headings >= 2 || (headings == 1 && ["**", "|--", "| --"].iter().any(|mark| text.contains(mark)))
}

pub fn cut(document: &mut Document) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader { text: &document.text, ..Reader::default() };
    for (event, range) in Parser::new_ext(&document.text, options).into_offset_iter() {
        reader.take(event, range);
    }
    reader.paragraph();
    let Reader { text, lines, others, tables, mut markup, comments, .. } = reader;
    let roles = wrap::roles(text, &lines);
    let mut blocks = Vec::with_capacity(lines.len());
    wrap::assemble(text, &lines, &roles, &mut blocks, &mut markup);
    rows_into(&mut blocks, others);
    markup.sort_unstable();
    (document.blocks, document.tables, document.markup) = (blocks, tables, markup);
    document.comments = comments;
}

/// A stretch of the author's text, or the end of a source line.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Text(usize, usize),
    Break,
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    /// Prose, in text order.
    lines: Vec<Line>,
    /// Headings and table rows.
    others: Vec<Block>,
    tables: Vec<Table>,
    markup: Vec<Span>,
    comments: Vec<Comment>,
    /// The paragraph, heading or cell being read.
    pieces: Vec<Piece>,
    /// For each open list, whether it is numbered.
    numbered: Vec<bool>,
    row: Vec<Cell>,
    /// Open images and metadata blocks, whose text is not the author's report.
    hidden: u32,
    in_html: bool,
    setext: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Text(_) if self.in_html => {}
            Event::Text(_) => self.visible(range),
            // Kept as text: it parts what stands on its two sides.
            Event::InlineHtml(html) if html.starts_with("<br") => self.visible(range),
            Event::InlineHtml(_) => self.comment(range),
            Event::Code(_) => {
                let inner = self.text[range.clone()].trim_matches('`');
                let start = inner.as_ptr() as usize - self.text.as_ptr() as usize;
                self.visible(start..start + inner.len());
            }
            Event::SoftBreak | Event::HardBreak => self.pieces.push(Piece::Break),
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Rule => self.paragraph(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::TableCell => {}
            Tag::Superscript | Tag::Subscript => {}
            Tag::Image { .. } => self.hidden += 1,
            Tag::MetadataBlock(_) => {
                self.paragraph();
                self.hidden += 1;
            }
            Tag::List(first) => {
                self.paragraph();
                self.numbered.push(first.is_some());
            }
            Tag::Item => {
                self.paragraph();
                if self.numbered.last() == Some(&true) {
                    self.ordinal(range);
                }
            }
            // The paragraph of a list item goes on after the item's ordinal.
            Tag::Paragraph => {}
            Tag::Table(_) => {
                self.paragraph();
                let span = Span::of(range.start, range.start + self.text[range.clone()].trim_end().len());
                self.tables.push(Table { span, rows: Vec::new(), header_rows: 1 });
            }
            Tag::Heading { .. } => {
                self.paragraph();
                self.setext = !self.text[range].trim_start().starts_with('#');
            }
            Tag::HtmlBlock => {
                self.paragraph();
                self.html(range);
                self.paragraph();
                self.in_html = true;
            }
            _ => self.paragraph(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => {}
            TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Image => self.hidden -= 1,
            TagEnd::MetadataBlock(_) => self.hidden -= 1,
            TagEnd::List(_) => {
                self.paragraph();
                self.numbered.pop();
            }
            TagEnd::HtmlBlock => self.in_html = false,
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::TableCell => {
                let cell = self.line(0..self.pieces.len());
                self.pieces.clear();
                let span = cell.unwrap_or_else(|| Span::of(range.start, range.start));
                let (start, end) = (span.start as usize, span.end as usize);
                self.notation(range.start, start);
                self.notation(end, range.end);
                self.row.push(Cell { span, covered: false });
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                let index = self.tables.len() as u32 - 1;
                let Some(table) = self.tables.last_mut() else { return };
                self.others.extend(table::block(index, table.rows.len(), &self.row));
                table.rows.push(std::mem::take(&mut self.row));
            }
            TagEnd::Table => {
                if let Some(table) = self.tables.last_mut() {
                    table.header_rows = table::header_rows(self.text, &table.rows).max(1);
                }
            }
            _ => self.paragraph(),
        }
    }

    /// Adds text of the author's, which may hold line ends in a block of code.
    fn visible(&mut self, range: Range<usize>) {
        if self.hidden > 0 {
            return;
        }
        let mut start = range.start;
        for end in memchr_iter(b'\n', &self.text.as_bytes()[range.clone()]).map(|at| range.start + at) {
            self.piece(start, end);
            self.pieces.push(Piece::Break);
            start = end + 1;
        }
        self.piece(start, range.end);
    }

    fn piece(&mut self, start: usize, end: usize) {
        match self.pieces.last_mut() {
            Some(Piece::Text(_, last)) if *last == start => *last = end,
            _ => self.pieces.push(Piece::Text(start, end)),
        }
    }

    /// `1.` of a numbered item is typed text.
    fn ordinal(&mut self, item: Range<usize>) {
        let bytes = &self.text.as_bytes()[item.clone()];
        let blanks = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let digits = bytes[blanks..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = blanks + digits + 1;
        if digits > 0 && matches!(bytes.get(end - 1), Some(b'.' | b')')) {
            self.pieces.push(Piece::Text(item.start + blanks, item.start + end));
        }
    }

    /// Keeps what stands at `range` if it is a comment.
    fn comment(&mut self, range: Range<usize>) {
        let inner = self.text[range.clone()].strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
        if let Some(inner) = inner {
            let span = Span::of(range.start, range.end);
            self.comments.push(Comment { span, text: inner.to_owned() });
        }
    }

    /// Text between the tags of an HTML block.
    fn html(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let mut at = range.start;
        while at < range.end {
            let open = memchr(b'<', &bytes[at..range.end]).map_or(range.end, |found| at + found);
            self.visible(at..open);
            let rest = &bytes[open..range.end];
            let close = if rest.starts_with(b"<!--") {
                memmem::find(rest, b"-->").map(|found| found + 3)
            } else {
                memchr(b'>', rest).map(|found| found + 1)
            };
            if !is_inline(rest) {
                self.pieces.push(Piece::Break);
            }
            self.comment(open..close.map_or(range.end, |close| open + close));
            at = close.map_or(range.end, |close| open + close);
        }
    }

    /// Ends the paragraph being read: each of its source lines is a line of prose.
    fn paragraph(&mut self) {
        let (mut start, mut first) = (0, true);
        for end in 0..=self.pieces.len() {
            if matches!(self.pieces.get(end), None | Some(Piece::Break)) {
                if let Some(span) = self.line(start..end) {
                    self.prose(span, first);
                    first = false;
                }
                start = end + 1;
            }
        }
        self.pieces.clear();
    }

    fn prose(&mut self, span: Span, first: bool) {
        let body = &self.text[span.range()];
        let title = body.trim_start_matches('#');
        let level = body.len() - title.len();
        if (1..=6).contains(&level) && title.starts_with(|c: char| !c.is_ascii() && !is_blank(c)) {
            let span = Span::new(span.start + level as u32, span.end);
            self.others.push(Block { span, kind: BlockKind::Heading(level as u8) });
            return;
        }
        let mut line = Line::new(self.text, span, span);
        // Only the lines of one paragraph may be parts of one sentence.
        line.blank_before = if first { wrap::MOST_BLANK + 1 } else { 0 };
        self.lines.push(line);
    }

    fn heading(&mut self, level: HeadingLevel) {
        let breaks = self.pieces.iter().any(|piece| matches!(piece, Piece::Break));
        let (from, to) = (self.first_piece(), self.last_piece());
        let long = || to - from > 120 || ends_sentence(&self.text[from..to]);
        if breaks || (self.setext && long()) {
            return self.paragraph();
        }
        if let Some(span) = self.line(0..self.pieces.len()) {
            self.others.push(Block { span, kind: BlockKind::Heading(level as u8) });
        }
        self.pieces.clear();
    }

    fn first_piece(&self) -> usize {
        self.pieces.iter().find_map(Piece::range).map_or(0, |(start, _)| start)
    }

    fn last_piece(&self) -> usize {
        self.pieces.iter().rev().find_map(Piece::range).map_or(0, |(_, end)| end)
    }

    /// Lists what stands in `from..to` as markup, but for the blanks around it.
    fn notation(&mut self, from: usize, to: usize) {
        let notation = self.text.get(from..to).unwrap_or_default().trim_matches(is_blank);
        if !notation.is_empty() && !notation.contains('|') {
            let at = notation.as_ptr() as usize - self.text.as_ptr() as usize;
            self.markup.push(Span::of(at, at + notation.len()));
        }
    }

    /// The span that `pieces` cover, without blanks at its ends; what lies between them is markup.
    fn line(&mut self, pieces: Range<usize>) -> Option<Span> {
        let mut whole: Option<(usize, usize)> = None;
        for place in pieces {
            let Some((start, end)) = self.pieces[place].range() else { continue };
            // CommonMark takes `**` beside Chinese punctuation for text.
            for solid in self.text[start..end].split("**").map(|piece| piece.trim_matches(is_blank)) {
                if solid.is_empty() {
                    continue;
                }
                let offset = solid.as_ptr() as usize - self.text.as_ptr() as usize;
                let end = offset + solid.len();
                match &mut whole {
                    None => whole = Some((offset, end)),
                    Some((_, last)) => {
                        let from = std::mem::replace(last, end);
                        self.notation(from, offset);
                    }
                }
            }
        }
        whole.map(|(start, end)| Span::of(start, end))
    }
}

/// Whether the tag at the start of `tag` leaves the words beside it in one sentence.
fn is_inline(tag: &[u8]) -> bool {
    const INLINE: [&[u8]; 10] = [b"a", b"b", b"code", b"em", b"font", b"i", b"span", b"strong", b"sup", b"u"];
    let name = tag.strip_prefix(b"</").or(tag.strip_prefix(b"<")).unwrap_or_default();
    let len = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    INLINE.iter().any(|inline| name[..len].eq_ignore_ascii_case(inline))
}

impl Piece {
    fn range(&self) -> Option<(usize, usize)> {
        match *self {
            Piece::Text(start, end) => Some((start, end)),
            Piece::Break => None,
        }
    }
}
