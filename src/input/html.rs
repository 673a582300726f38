//! A saved web page to paragraphs, headings and tables.
//!
//! Takes the decoded page and how it was decoded; gives a [`Document`] of the text a reader of the page sees.
//! Nothing is fetched or run. Tags may be wrong or missing: what is open is closed where the next block begins.

mod layout;
mod tags;

use std::ops::Range;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use self::layout::Layout;
use self::tags::{ends_by_itself, holds_others, is_hidden, is_inline, is_void, number};
use super::builder::Builder;
use super::lines::is_blank;
use crate::document::{BlockKind, Document, Format, LineEnd, Newline, Origin, Place};

/// A cell may stand for this many columns and rows; the standard allows 1,000 and 65,534, no table has them.
const WIDEST: usize = 200;
const TALLEST: u32 = 5_000;
/// Cells hidden under merged ones in a whole page; beyond it a merged cell stands for itself only.
const MOST_COVERED: usize = 500_000;

pub fn read(name: &str, page: &str, origin: Origin) -> Document {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(page.as_bytes(), emitter).flatten();
    let tokens: Vec<Token<usize>> = tokens.filter(|token| !matches!(token, Token::Error(_))).collect();
    let mut builder = Builder::new(name, Format::Html);
    builder.part("");
    let mut reader = Reader {
        page,
        bytes: Bytes::of(&origin),
        builder,
        layout: Layout::of(&tokens),
        hidden: None,
        heading: None,
        ink: false,
        last: None,
        gap: Gap::None,
        paragraphs: 0,
        tables: Vec::new(),
        grid: None,
        covered: 0,
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::StartTag(tag) => reader.start(at, tag),
            Token::EndTag(tag) => reader.end(&tag.name),
            Token::Comment(text) => reader.comment(&text.value),
            Token::String(text) => reader.string(&text.value, text.span.start..text.span.end),
            _ => {}
        }
    }
    reader.close();
    let mut document = reader.builder.finish();
    document.origin = origin;
    document
}

/// Blanks met since the last character. A page is written on many lines, which mean nothing between hanzi.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
    LineEnd,
}

/// The open table of data.
struct Grid {
    /// For each column the rows still hidden under a merged cell, and the row and column where it stands.
    below: Vec<(u32, usize, usize)>,
    column: usize,
    /// A row or cell is open.
    row: bool,
    cell: Option<(usize, u32)>,
    in_head: bool,
    head_rows: usize,
    /// Whether the open row has only `th`.
    names_only: bool,
}

struct Reader<'a> {
    page: &'a str,
    bytes: Bytes,
    builder: Builder,
    layout: Layout,
    /// Inside an element that shows nothing: its name and how often it is open.
    hidden: Option<(Vec<u8>, u32)>,
    heading: Option<u8>,
    /// The open paragraph or cell has more than blanks.
    ink: bool,
    last: Option<char>,
    gap: Gap,
    paragraphs: u32,
    /// Every open table: whether it holds data. Those hold no others.
    tables: Vec<bool>,
    grid: Option<Grid>,
    covered: usize,
}

impl Reader<'_> {
    fn start(&mut self, at: usize, tag: &StartTag<usize>) {
        let name: &[u8] = &tag.name;
        if let Some((hidden, depth)) = &mut self.hidden {
            let same = hidden.as_slice() == name;
            if !(same && ends_by_itself(name)) {
                *depth += u32::from(same && !tag.self_closing);
                return;
            }
            self.hidden = None;
        }
        if !is_void(name) && is_hidden(tag) {
            self.block(name);
            self.hidden = Some((name.to_vec(), 1));
            return;
        }
        match name {
            b"table" => self.open_table(at),
            b"tr" if self.in_table() => self.open_row(),
            b"td" | b"th" if self.in_table() => self.open_cell(tag),
            b"thead" | b"tbody" | b"tfoot" if self.in_table() => {
                self.end_row();
                if let Some(grid) = &mut self.grid {
                    grid.in_head = name == b"thead";
                }
            }
            b"br" if self.grid.is_some() => self.gap = Gap::LineEnd,
            [b'h', level @ b'1'..=b'6'] => {
                self.flush();
                self.heading = Some(level - b'0');
            }
            _ => self.block(name),
        }
    }

    fn end(&mut self, name: &[u8]) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden.as_slice() == name {
                *depth -= 1;
                if *depth == 0 {
                    self.hidden = None;
                }
                return;
            }
            // What needs no end tag ends with whatever holds it.
            if !(ends_by_itself(hidden) && *depth == 1 && holds_others(name)) {
                return;
            }
            self.hidden = None;
        }
        match name {
            b"table" => self.close_table(),
            b"tr" if self.grid.is_some() => self.end_row(),
            b"thead" if self.grid.is_some() => {
                self.end_row();
                self.grid.iter_mut().for_each(|grid| grid.in_head = false);
            }
            b"td" | b"th" if self.grid.is_some() => self.end_cell(),
            [b'h', b'1'..=b'6'] => {
                self.flush();
                self.heading = None;
            }
            _ => self.block(name),
        }
    }

    /// Whether the innermost open table holds data; its rows begin here, for a caption is a paragraph before them.
    fn in_table(&mut self) -> bool {
        let data = self.tables.last() == Some(&true);
        if data && self.grid.is_none() {
            self.begin_grid();
        }
        data
    }

    /// The edge of an element: of a paragraph where the element is no inline one.
    fn block(&mut self, name: &[u8]) {
        if is_inline(name) {
            return;
        }
        if self.grid.is_some() {
            self.gap = if self.gap == Gap::None { Gap::Blank } else { self.gap };
        } else {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.grid.is_some() {
            return;
        }
        let kind = self.heading.map_or(BlockKind::Paragraph, BlockKind::Heading);
        self.paragraphs += u32::from(self.ink);
        self.builder.paragraph(kind, Place::Paragraph(self.paragraphs));
        self.forget();
    }

    fn forget(&mut self) {
        (self.ink, self.last, self.gap) = (false, None, Gap::None);
    }

    fn open_table(&mut self, at: usize) {
        self.flush();
        self.tables.push(self.layout.holds_data(at));
    }

    fn begin_grid(&mut self) {
        self.flush();
        self.builder.open_table();
        self.grid = Some(Grid {
            below: Vec::new(),
            column: 0,
            row: false,
            cell: None,
            in_head: false,
            head_rows: 0,
            names_only: true,
        });
        self.forget();
    }

    fn close_table(&mut self) {
        self.tables.pop();
        self.end_grid();
        self.flush();
    }

    fn end_grid(&mut self) {
        self.end_row();
        if let Some(grid) = self.grid.take() {
            self.builder.end_table((grid.head_rows > 0).then_some(grid.head_rows));
            self.forget();
        }
    }

    fn open_row(&mut self) {
        self.end_row();
        if let Some(grid) = &mut self.grid {
            (grid.row, grid.column, grid.names_only) = (true, 0, true);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(mut grid) = self.grid.take() else { return };
        if grid.row {
            self.cover(&mut grid, true);
            let (_, row) = self.builder.at();
            if grid.in_head || grid.names_only && grid.head_rows == row as usize {
                grid.head_rows = row as usize + 1;
            }
            self.builder.end_row();
            grid.row = false;
        }
        self.grid = Some(grid);
    }

    /// Steps over the columns that cells above cover: up to the first free one, or to the end of the row.
    fn cover(&mut self, grid: &mut Grid, to_end: bool) {
        if self.covered >= MOST_COVERED {
            grid.below.clear();
        }
        while grid.below.pop_if(|cell| cell.0 == 0).is_some() {}
        while grid.column < grid.below.len() {
            match &mut grid.below[grid.column] {
                (rows, row, column) if *rows > 0 => {
                    *rows -= 1;
                    self.builder.covered(*row, *column);
                }
                // A short row leaves its place empty before what a cell above still covers.
                _ if to_end => self.builder.covered(usize::MAX, usize::MAX),
                _ => return,
            }
            self.covered += 1;
            grid.column += 1;
        }
    }

    fn open_cell(&mut self, tag: &StartTag<usize>) {
        self.end_cell();
        let Some(mut grid) = self.grid.take() else { return };
        if !grid.row {
            (grid.row, grid.column, grid.names_only) = (true, 0, true);
        }
        self.cover(&mut grid, false);
        grid.names_only &= *tag.name == *b"th";
        let columns = number(tag, b"colspan").clamp(1, WIDEST as u32) as usize;
        let rows = number(tag, b"rowspan").clamp(1, TALLEST);
        let few = self.covered < MOST_COVERED;
        grid.cell = Some(if few { (columns, rows) } else { (1, 1) });
        self.grid = Some(grid);
        self.forget();
    }

    fn end_cell(&mut self) {
        let Some(mut grid) = self.grid.take() else { return };
        if let Some((columns, rows)) = grid.cell.take() {
            let (table, row) = self.builder.at();
            let first = grid.column;
            let place = Place::Table { table: table + 1, row: row + 1, column: first as u32 + 1 };
            self.builder.cell(place);
            for column in first..first + columns {
                if column > first {
                    self.builder.covered(row as usize, first);
                    self.covered += 1;
                }
                if rows > 1 {
                    if grid.below.len() <= column {
                        grid.below.resize(column + 1, (0, 0, 0));
                    }
                    grid.below[column] = (rows - 1, row as usize, first);
                }
            }
            grid.column = first + columns;
            self.forget();
        }
        self.grid = Some(grid);
    }

    fn close(&mut self) {
        self.end_grid();
        self.flush();
    }

    fn comment(&mut self, text: &[u8]) {
        if self.hidden.is_none() {
            self.builder.comment(&String::from_utf8_lossy(text));
        }
    }

    /// Text between tags; `raw` is where it stands in the page.
    fn string(&mut self, text: &[u8], raw: Range<usize>) {
        if self.hidden.is_some() {
            return;
        }
        let Ok(text) = std::str::from_utf8(text) else { return };
        let source = self.page.get(raw.clone()).unwrap_or_default();
        let (mut done, mut at) = (0, 0);
        while done < text.len() {
            let same =
                text[done..].bytes().zip(source[at..].bytes()).take_while(|&(a, b)| a == b && b != b'&');
            let mut same = same.count();
            while !text.is_char_boundary(done + same) {
                same -= 1;
            }
            self.words(&text[done..done + same], Some(raw.start + at));
            (done, at) = (done + same, at + same);
            let Some(c) = text[done..].chars().next() else { break };
            // A character reference, whole.
            let rest = &source[at..];
            let end = rest.bytes().take(40).position(|byte| byte == b';').filter(|_| rest.starts_with('&'));
            let Some(end) = end else {
                self.words(&text[done..], None);
                break;
            };
            self.character(c, Some(raw.start + at..raw.start + at + end + 1));
            (done, at) = (done + c.len_utf8(), at + end + 1);
        }
    }

    /// Text that stands in the page as it is, from `from` on.
    fn words(&mut self, text: &str, from: Option<usize>) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        let mut at = 0;
        for word in text.split_inclusive(is_space) {
            let body = word.trim_end_matches(is_space);
            if !body.is_empty() {
                self.say(body, from.map(|from| from + at..from + at + body.len()));
            }
            for c in word[body.len()..].chars() {
                self.blank(c != ' ' && c != '\t');
            }
            at += word.len();
        }
    }

    fn character(&mut self, c: char, raw: Option<Range<usize>>) {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            return self.blank(false);
        }
        self.say(c.encode_utf8(&mut [0; 4]), raw);
    }

    fn blank(&mut self, line_end: bool) {
        if self.gap != Gap::LineEnd {
            self.gap = if line_end { Gap::LineEnd } else { Gap::Blank };
        }
    }

    fn say(&mut self, text: &str, raw: Option<Range<usize>>) {
        let first = text.chars().next().unwrap_or_default();
        let between_hanzi = |last: char| !last.is_ascii() || !first.is_ascii();
        let gap = match (self.gap, self.last) {
            (Gap::None, _) | (_, None) => false,
            (Gap::LineEnd, Some(last)) => !between_hanzi(last),
            (Gap::Blank, Some(_)) => true,
        };
        if gap {
            self.builder.text(" ", None);
        }
        self.gap = Gap::None;
        self.ink |= !text.chars().all(is_blank);
        self.last = text.chars().next_back();
        let from = raw.and_then(|raw| self.bytes.of_file(self.page, raw)).map(|bytes| (0, bytes));
        self.builder.text(text, from);
    }
}

/// From places in the decoded page to bytes of the file.
struct Bytes {
    /// None where the file has another encoding or line ends of several kinds.
    lead: Option<usize>,
    two_byte_ends: bool,
    /// Line ends up to a place, for the places come in order.
    seen: (usize, usize),
}

impl Bytes {
    fn of(origin: &Origin) -> Bytes {
        let known =
            origin.encoding == "UTF-8" && !origin.lossy && !matches!(origin.newline, Newline::Mixed(_));
        Bytes {
            lead: known.then_some(if origin.bom { 3 } else { 0 }),
            two_byte_ends: origin.newline == Newline::Uniform(LineEnd::CrLf),
            seen: (0, 0),
        }
    }

    fn of_file(&mut self, page: &str, raw: Range<usize>) -> Option<Range<u32>> {
        let mut shift = self.lead?;
        if self.two_byte_ends {
            let between = page.as_bytes().get(self.seen.0..raw.start)?;
            self.seen = (raw.start, self.seen.1 + memchr::memchr_iter(b'\n', between).count());
            shift += self.seen.1;
        }
        Some(u32::try_from(raw.start + shift).ok()?..u32::try_from(raw.end + shift).ok()?)
    }
}
