//! Items of a story into a [`Document`]: numbers counted, headings told, places named.
//!
//! Takes items in reading order; gives the document.

use rustc_hash::FxHashMap;

use super::items::{Bit, Item, Paragraph, Row, Table};
use super::numbering::{Counters, Label, Numbering};
use super::properties::Span;
use super::styles::Styles;
use crate::document::{Aside, BlockKind, Document, Format, Place};
use crate::input::builder::Builder;

pub struct Writer<'s> {
    builder: Builder,
    styles: &'s Styles,
    numbering: &'s Numbering,
    /// The open part; none where its bytes are not those of the text.
    part: Option<u16>,
    body: Counters,
    boxes: Counters,
    notes: Counters,
    /// Paragraphs so far: of the body, of text boxes, of footnotes, of endnotes, of headers, of footers.
    paragraphs: [u32; 6],
    /// Footnotes (`true`) and endnotes by id, with their part, until the reference to them is met.
    kept: FxHashMap<(bool, i64), (Option<u16>, Vec<Item<'s>>)>,
}

/// Which of the counters of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    Body,
    Box,
    Note(Aside),
}

impl<'s> Writer<'s> {
    pub fn new(name: &str, styles: &'s Styles, numbering: &'s Numbering) -> Writer<'s> {
        Writer {
            builder: Builder::new(name, Format::Docx),
            styles,
            numbering,
            part: None,
            body: Counters::default(),
            boxes: Counters::default(),
            notes: Counters::default(),
            paragraphs: [0; 6],
            kept: FxHashMap::default(),
        }
    }

    /// The number of a part; none where its bytes are not those of the text.
    pub fn part(&mut self, name: &str, in_place: bool) -> Option<u16> {
        let part = self.builder.part(name);
        in_place.then_some(part)
    }

    /// Items that follow stand in this part.
    pub fn body(&mut self, name: &str, in_place: bool) {
        self.part = self.part(name, in_place);
    }

    /// Keeps what a note holds until the text refers to it.
    pub fn note(&mut self, key: (bool, i64), part: Option<u16>, item: Item<'s>) {
        self.kept.entry(key).or_insert((part, Vec::new())).1.push(item);
    }

    /// What stands at the head (`true`) or foot of the pages.
    pub fn furniture(&mut self, header: bool, part: Option<u16>, items: &[Item]) {
        let aside = if header { Aside::Header } else { Aside::Footer };
        self.part = part;
        items.iter().flat_map(Item::paragraphs).for_each(|one| self.paragraph(one, Story::Note(aside)));
    }

    pub fn finish(self) -> Document {
        self.builder.finish()
    }

    pub fn item(&mut self, item: &Item) {
        self.write(item, Story::Body);
    }

    fn write(&mut self, item: &Item, story: Story) {
        match item {
            Item::Paragraph(paragraph) => self.paragraph(paragraph, story),
            Item::Table(table) => self.table(table, story),
            Item::Boxed(item) => {
                let story = if story == Story::Body { Story::Box } else { story };
                self.write(item, story);
            }
            Item::Reference { footnote, id } if !matches!(story, Story::Note(_)) => {
                let Some((part, items)) = self.kept.remove(&(*footnote, *id)) else { return };
                let aside = if *footnote { Aside::Footnote } else { Aside::Endnote };
                let outer = std::mem::replace(&mut self.part, part);
                items.iter().for_each(|item| self.write(item, Story::Note(aside)));
                self.part = outer;
            }
            Item::Reference { .. } | Item::Note(_) => {}
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, story: Story) {
        let (at, aside) = match story {
            Story::Body => (0, None),
            Story::Box => (1, Some(Aside::TextBox)),
            Story::Note(aside) => (aside as usize + 1, Some(aside)),
        };
        let number = self.paragraphs[at] + 1;
        let place = aside.map_or(Place::Paragraph(number), |aside| Place::Aside(aside, number));
        let furniture = matches!(aside, Some(Aside::Header | Aside::Footer));
        let mut kind = if furniture { BlockKind::PageFurniture } else { self.kind(paragraph) };
        let before = self.builder.len();
        if let Some(label) = self.label(paragraph, story) {
            self.put(&label, &beginning(&paragraph.bits));
        }
        let leader = contents_leader(paragraph, self.styles);
        for (bit_at, bit) in paragraph.bits.iter().enumerate() {
            if bit.is_break() {
                let after = beginning(&paragraph.bits[bit_at + 1..]);
                if bit.text == "\x0c" || self.builder.breaks(&after) {
                    self.builder.paragraph(kind, place);
                    kind = if furniture { kind } else { BlockKind::Paragraph };
                } else {
                    self.builder.join(&after);
                }
            } else if leader == Some(bit_at) {
                self.builder.text("……", None);
            } else {
                self.bit(bit);
            }
        }
        self.builder.paragraph(kind, place);
        if self.builder.len() > before {
            self.paragraphs[at] = number;
        }
    }

    fn kind(&self, paragraph: &Paragraph) -> BlockKind {
        let style = paragraph.props.style.as_deref();
        let level = match paragraph.props.outline {
            Some(level) => Some(level).filter(|level| *level < 9),
            None => self.styles.heading(style),
        };
        match level.filter(|_| !self.styles.is_contents(style)) {
            Some(level) => BlockKind::Heading(level + 1),
            None => BlockKind::Paragraph,
        }
    }

    /// Counts the paragraph; what it shows before its text.
    fn label(&mut self, paragraph: &Paragraph, story: Story) -> Option<Label> {
        let style = paragraph.props.style.as_deref();
        let (list, level) = self.numbering.list_of(paragraph.props.list, style, self.styles)?;
        let counters = match story {
            Story::Body => &mut self.body,
            Story::Box => &mut self.boxes,
            Story::Note(_) => &mut self.notes,
        };
        self.numbering.count(list, level, self.styles, counters)
    }

    fn put(&mut self, label: &Label, after: &str) {
        self.builder.number(&label.text, label.gap, after);
    }

    fn bit(&mut self, bit: &Bit) {
        let from = bit.from.clone().and_then(|from| {
            let bytes = u32::try_from(from.start).ok()?..u32::try_from(from.end).ok()?;
            Some((self.part?, bytes))
        });
        self.builder.text(&bit.text, from);
    }

    fn table(&mut self, table: &Table, story: Story) {
        self.builder.open_table();
        // For each column of the grid the cell that stands there or reaches down to there.
        let mut above: Vec<(usize, usize)> = Vec::new();
        for row in &table.rows {
            self.row(row, &mut above, story);
            self.builder.end_row();
        }
        self.builder.end_table(None);
    }

    fn row(&mut self, row: &Row, above: &mut Vec<(usize, usize)>, story: Story) {
        let (table, at) = self.builder.at();
        let mut column = 0;
        let mut left = None;
        for _ in 0..row.before {
            self.builder.covered(usize::MAX, usize::MAX);
            column += 1;
        }
        for cell in &row.cells {
            let over = (cell.props.merge == Span::Continues).then(|| above.get(column).copied()).flatten();
            let owner = over.or(left.filter(|_| cell.props.across == Span::Continues));
            let own = owner.unwrap_or((at as usize, column));
            let first = column;
            if owner.is_none() {
                for paragraph in &cell.paragraphs {
                    self.cell_paragraph(paragraph, story);
                }
                self.builder.cell(Place::Table { table: table + 1, row: at + 1, column: column as u32 + 1 });
            } else {
                self.builder.covered(own.0, own.1);
            }
            for _ in 1..cell.props.columns {
                self.builder.covered(own.0, own.1);
            }
            column += cell.props.columns;
            if above.len() < column {
                above.resize(column, (usize::MAX, usize::MAX));
            }
            above[first..column].fill(own);
            left = Some(own);
        }
    }

    fn cell_paragraph(&mut self, paragraph: &Paragraph, story: Story) {
        let after = beginning(&paragraph.bits);
        match self.label(paragraph, story) {
            Some(label) => {
                self.builder.join(&label.text);
                self.put(&label, &after);
            }
            None => self.builder.join(&after),
        }
        for (at, bit) in paragraph.bits.iter().enumerate() {
            if bit.is_break() {
                self.builder.join(&beginning(&paragraph.bits[at + 1..]));
            } else {
                self.bit(bit);
            }
        }
    }
}

impl Bit<'_> {
    fn is_break(&self) -> bool {
        // A line end inside the XML of a text is a blank.
        matches!(&*self.text, "\n" | "\x0c") && self.from.as_ref().is_some_and(|from| from.len() > 1)
    }
}

/// The first characters of a line.
fn beginning(bits: &[Bit]) -> String {
    const ENOUGH: usize = 24;
    let mut text = String::new();
    for bit in bits.iter().take_while(|bit| !bit.is_break()) {
        text.extend(bit.text.chars().take(ENOUGH));
        if text.len() >= ENOUGH {
            break;
        }
    }
    text
}

/// In an entry of a table of contents, the tab that a row of dots fills: the last one, before the page number.
fn contents_leader(paragraph: &Paragraph, styles: &Styles) -> Option<usize> {
    if !paragraph.contents && !styles.is_contents(paragraph.props.style.as_deref()) {
        return None;
    }
    let tab = paragraph.bits.iter().rposition(|bit| bit.text == "\t")?;
    let page = paragraph.bits[tab + 1..].iter().flat_map(|bit| bit.text.chars());
    let mut page = page.filter(|c| !c.is_whitespace()).peekable();
    (page.peek().is_some() && page.all(|c| c.is_ascii_digit() || matches!(c, '-' | 'I' | 'V' | 'X')))
        .then_some(tab)
}
