//! The text of a part as paragraphs and tables, in reading order.
//!
//! Takes the XML of a part; gives [`Item`]s: what a reader of the accepted document sees, each stretch of text
//! with its bytes. Deleted and hidden text, instructions of fields and alternatives for other programs are left
//! out. It must not know styles, numbers or how a document is put together.

use std::borrow::Cow;
use std::ops::Range;

use super::items::{Bit, Cell, Item, Paragraph, Row, Table};
use super::properties::{self, RunProps};
use super::styles::Styles;
use super::symbol;
use super::xml::{Fault, Space, Tag, Token, Xml};

/// Paragraphs and cells of a document.
pub const MOST_ITEMS: usize = 2_000_000;

/// Why there is no story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Xml(Fault),
    TooManyItems,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Trouble::Xml(fault)
    }
}

/// Text that is read by itself: the body, or the inside of a text box.
#[derive(Default)]
struct Flow<'a> {
    paragraph: Option<Paragraph<'a>>,
    /// Text of paragraphs whose end is deleted: it goes on in the next one.
    carried: Vec<Bit<'a>>,
    fields: Vec<Field>,
    /// Inside a run that is not shown.
    hidden: bool,
    in_run: bool,
    /// The font of the run has symbols for characters.
    symbols: Option<symbol::Table>,
    /// The style of the paragraph hides its text.
    style_hidden: bool,
    tables: Vec<Table<'a>>,
    /// Items of text boxes and references met in the open paragraph or table.
    waiting: Vec<Item<'a>>,
    done: Vec<Item<'a>>,
}

struct Field {
    /// Past the mark that parts the instruction from what it gave.
    shown: bool,
    contents: bool,
}

pub struct Story<'a> {
    xml: Xml<'a>,
    styles: &'a Styles,
    flows: Vec<Flow<'a>>,
    /// Open alternatives: whether one of them was taken.
    choices: Vec<bool>,
    /// The open text element: place of its first bit, and whether blanks at its edges count.
    text: Option<(usize, bool)>,
    in_instruction: bool,
    items: usize,
}

impl<'a> Story<'a> {
    pub fn new(part: &'a str, styles: &'a Styles) -> Story<'a> {
        Story {
            xml: Xml::new(part),
            styles,
            flows: vec![Flow::default()],
            choices: Vec::new(),
            text: None,
            in_instruction: false,
            items: 0,
        }
    }

    /// The next items in reading order; none at the end.
    pub fn next(&mut self) -> Result<Option<Vec<Item<'a>>>, Trouble> {
        loop {
            let (token, bytes) = self.xml.next()?;
            match token {
                Token::Start(tag) => self.start(tag, bytes)?,
                Token::End(name) => self.end(name.space, name.local),
                Token::Text(text) => self.words(Cow::Borrowed(text), bytes),
                Token::Char(c) => self.words(Cow::Owned(c.to_string()), bytes),
                Token::Eof => {
                    while self.flows.len() > 1 {
                        self.close_box();
                    }
                    self.close_paragraph();
                    while !self.flow().tables.is_empty() {
                        self.close_table();
                    }
                    let done = std::mem::take(&mut self.flow().done);
                    return Ok((!done.is_empty()).then_some(done));
                }
            }
            if self.items > MOST_ITEMS {
                return Err(Trouble::TooManyItems);
            }
            if let [flow] = self.flows.as_mut_slice()
                && !flow.done.is_empty()
            {
                return Ok(Some(std::mem::take(&mut flow.done)));
            }
        }
    }

    fn flow(&mut self) -> &mut Flow<'a> {
        // There is always the body.
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    fn start(&mut self, tag: Tag<'a>, bytes: Range<usize>) -> Result<(), Trouble> {
        match (tag.name.space, tag.name.local) {
            (Space::Word, local) => self.word(local, tag, bytes)?,
            (Space::Math, "t") => self.text = Some((self.bits(), true)),
            (Space::Math, "den") => self.say("/", None),
            (Space::Math, "ctrlPr") => self.xml.skip()?,
            (Space::Compat, "AlternateContent") => self.choices.push(false),
            (Space::Compat, "Choice" | "Fallback") => match self.choices.last_mut() {
                Some(taken) if *taken => self.xml.skip()?,
                Some(taken) => *taken = true,
                None => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn word(&mut self, local: &str, tag: Tag<'a>, bytes: Range<usize>) -> Result<(), Trouble> {
        match local {
            "p" => {
                self.close_paragraph();
                self.items += 1;
                let flow = self.flow();
                flow.paragraph = Some(Paragraph::default());
                flow.style_hidden = false;
            }
            "pPr" => {
                let props = properties::paragraph(&mut self.xml)?;
                let by_style = props.style.as_deref().and_then(|style| self.styles.hides(style));
                self.flow().style_hidden = by_style.unwrap_or(false);
                if let Some(paragraph) = &mut self.flow().paragraph {
                    paragraph.props = props;
                }
            }
            "r" => {
                let flow = self.flow();
                (flow.in_run, flow.hidden, flow.symbols) = (true, flow.style_hidden, None);
            }
            "rPr" => {
                let RunProps { hidden, style, symbols } = properties::run(&mut self.xml)?;
                let by_style = || style.as_deref().and_then(|style| self.styles.hides(style));
                let hidden = hidden.or_else(by_style);
                let flow = self.flow();
                if flow.in_run {
                    flow.hidden = hidden.unwrap_or(flow.style_hidden);
                    flow.symbols = symbols;
                }
            }
            "t" => {
                let keeps = tag.attribute("space").is_some_and(|space| space == "preserve");
                self.text = Some((self.bits(), keeps));
            }
            "instrText" => self.in_instruction = true,
            "tab" | "ptab" => self.say("\t", Some(bytes)),
            "noBreakHyphen" => self.say("-", Some(bytes)),
            "br" | "cr" => {
                let page = matches!(tag.attribute("type").as_deref(), Some("page" | "column"));
                self.say(if page { "\x0c" } else { "\n" }, Some(bytes));
            }
            "sym" => {
                let symbol = symbol::shown(&tag);
                self.say(symbol.encode_utf8(&mut [0; 4]), Some(bytes));
            }
            "fldChar" => self.field(&tag),
            "tbl" => {
                self.close_paragraph();
                self.flow().tables.push(Table::default());
            }
            "tr" => {
                self.close_paragraph();
                if let Some(table) = self.flow().tables.last_mut() {
                    table.rows.push(Row::default());
                }
            }
            "trPr" => {
                let props = properties::row(&mut self.xml)?;
                if let Some(row) = self.row() {
                    (row.before, row.deleted) = (props.before, props.deleted);
                }
            }
            "tc" => {
                self.close_paragraph();
                self.items += 1;
                if let Some(row) = self.row() {
                    row.cells.push(Cell::default());
                }
            }
            "tcPr" => {
                let props = properties::cell(&mut self.xml)?;
                self.items += props.columns - 1;
                if let Some(cell) = self.row().and_then(|row| row.cells.last_mut()) {
                    cell.props = props;
                }
            }
            "txbxContent" if !self.flow().shows() => self.xml.skip()?,
            "txbxContent" => self.flows.push(Flow::default()),
            "sdtPr" => {
                let asks = properties::is_placeholder(&mut self.xml)?;
                // Words that ask for an entry are none.
                if asks {
                    self.skip_content()?;
                }
            }
            "footnote" | "endnote" => {
                let shown = tag.attribute("type").is_none_or(|kind| kind == "normal");
                match tag.attribute("id").and_then(|id| id.trim().parse().ok()).filter(|_| shown) {
                    Some(id) => self.flow().done.push(Item::Note(id)),
                    None => self.xml.skip()?,
                }
            }
            "footnoteReference" | "endnoteReference" => {
                if let Some(id) = tag.attribute("id").and_then(|id| id.trim().parse().ok()) {
                    let footnote = local == "footnoteReference";
                    if self.flow().shows() {
                        self.flow().waiting.push(Item::Reference { footnote, id });
                    }
                }
            }
            // Taken out by a tracked change, read aloud beside its base, or of no paragraph.
            "del" | "moveFrom" | "rt" | "rubyPr" | "sectPr" | "tblPr" | "tblPrEx" | "tblGrid" | "comment"
            | "delText" | "delInstrText" => self.xml.skip()?,
            _ if local.ends_with("Change") => self.xml.skip()?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, space: Space, local: &str) {
        match (space, local) {
            (Space::Word | Space::Math, "t") => self.close_text(),
            (Space::Word, "instrText") => self.in_instruction = false,
            (Space::Word, "r") => {
                let flow = self.flow();
                (flow.in_run, flow.hidden) = (false, false);
            }
            (Space::Word, "p") => self.close_paragraph(),
            (Space::Word, "tbl") => {
                self.close_paragraph();
                self.close_table();
            }
            (Space::Word, "tc") => self.close_paragraph(),
            (Space::Word, "txbxContent") if self.flows.len() > 1 => self.close_box(),
            (Space::Compat, "AlternateContent") => drop(self.choices.pop()),
            _ => {}
        }
    }

    fn words(&mut self, text: Cow<'a, str>, bytes: Range<usize>) {
        if self.in_instruction {
            let contents = text.trim_start().get(..3).is_some_and(|word| word.eq_ignore_ascii_case("toc"));
            if let Some(field) = self.flow().fields.last_mut() {
                field.contents |= contents;
            }
        } else if self.text.is_some() {
            match (self.flow().symbols, text) {
                (Some(table), Cow::Borrowed(text)) => self.symbols(text, bytes, table),
                (_, text) => self.push(text, Some(bytes)),
            }
        }
    }

    /// Text in a font of symbols.
    fn symbols(&mut self, text: &'a str, bytes: Range<usize>, table: symbol::Table) {
        for part in text.split_inclusive(symbol::is_private) {
            let start = bytes.start + (part.as_ptr() as usize - text.as_ptr() as usize);
            let plain = part.trim_end_matches(symbol::is_private);
            self.push(Cow::Borrowed(plain), Some(start..start + plain.len()));
            if let Some(symbol) = part[plain.len()..].chars().next() {
                let shown = symbol::read(symbol as u32, table);
                self.push(Cow::Owned(shown.to_string()), Some(start + plain.len()..start + part.len()));
            }
        }
    }

    fn say(&mut self, text: &str, from: Option<Range<usize>>) {
        if self.flow().in_run || from.is_none() {
            self.push(Cow::Owned(text.to_owned()), from);
        }
    }

    fn push(&mut self, text: Cow<'a, str>, from: Option<Range<usize>>) {
        let flow = self.flow();
        if flow.shows()
            && let Some(paragraph) = &mut flow.paragraph
        {
            paragraph.bits.push(Bit { text, from });
        }
    }

    fn bits(&mut self) -> usize {
        self.flow().paragraph.as_ref().map_or(0, |paragraph| paragraph.bits.len())
    }

    /// Blanks at the edges of a text are layout of the file unless it says otherwise.
    fn close_text(&mut self) {
        let Some((first, keeps)) = self.text.take() else { return };
        let Some(paragraph) = self.flow().paragraph.as_mut().filter(|_| !keeps) else { return };
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        if let Some(bit) = paragraph.bits.get_mut(first) {
            let kept = bit.text.trim_start_matches(is_space).len();
            bit.cut(bit.text.len() - kept, 0);
        }
        if let Some(bit) = paragraph.bits.get_mut(first..).and_then(<[Bit]>::last_mut) {
            let kept = bit.text.trim_end_matches(is_space).len();
            bit.cut(0, bit.text.len() - kept);
        }
    }

    fn field(&mut self, tag: &Tag) {
        let flow = self.flow();
        match tag.attribute("fldCharType").as_deref() {
            Some("begin") => flow.fields.push(Field { shown: false, contents: false }),
            Some("separate") => flow.fields.iter_mut().rev().take(1).for_each(|field| field.shown = true),
            Some("end") => drop(flow.fields.pop()),
            _ => {}
        }
    }

    fn row(&mut self) -> Option<&mut Row<'a>> {
        self.flow().tables.last_mut()?.rows.last_mut()
    }

    /// Passes over the content that follows the properties of a control.
    fn skip_content(&mut self) -> Result<(), Fault> {
        loop {
            match self.xml.next()?.0 {
                Token::Start(tag) if tag.is("sdtContent") => return self.xml.skip(),
                Token::Start(_) => self.xml.skip()?,
                Token::End(_) => return Ok(()),
                Token::Eof => return Err(Fault::Damaged),
                Token::Text(_) | Token::Char(_) => {}
            }
        }
    }

    fn close_paragraph(&mut self) {
        self.text = None;
        let flow = self.flow();
        let Some(mut paragraph) = flow.paragraph.take() else { return };
        (flow.in_run, flow.hidden) = (false, false);
        paragraph.contents = flow.fields.iter().any(|field| field.contents);
        // A field whose instruction does not end in its paragraph is broken, and hides nothing.
        flow.fields.retain(|field| field.shown);
        if paragraph.props.joined {
            flow.carried.append(&mut paragraph.bits);
            return;
        }
        if !flow.carried.is_empty() {
            let own = std::mem::replace(&mut paragraph.bits, std::mem::take(&mut flow.carried));
            paragraph.bits.extend(own);
        }
        // A paragraph that is hidden whole is not counted either.
        if paragraph.props.hidden && paragraph.bits.is_empty() {
            return;
        }
        self.finish(Item::Paragraph(paragraph));
    }

    fn close_table(&mut self) {
        let Some(mut table) = self.flow().tables.pop() else { return };
        for row in &mut table.rows {
            row.cells.retain(|cell| !cell.props.deleted);
        }
        table.rows.retain(|row| !row.deleted && !row.cells.is_empty());
        if let [row] = table.rows.as_mut_slice()
            && let [cell] = row.cells.as_mut_slice()
        {
            // A frame around text.
            let items = std::mem::take(&mut cell.items);
            return items.into_iter().for_each(|item| self.finish(item));
        }
        for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            cell.flatten();
        }
        if !table.rows.is_empty() {
            self.finish(Item::Table(table));
        }
    }

    fn close_box(&mut self) {
        self.close_paragraph();
        while !self.flow().tables.is_empty() {
            self.close_table();
        }
        let Some(inner) = self.flows.pop() else { return };
        let boxed = inner.done.into_iter().chain(inner.waiting).map(|item| match item {
            Item::Boxed(_) | Item::Note(_) | Item::Reference { .. } => item,
            item => Item::Boxed(Box::new(item)),
        });
        let flow = self.flow();
        flow.waiting.extend(boxed);
    }

    /// Puts an item where it belongs: into the open cell, or among those that are done.
    fn finish(&mut self, item: Item<'a>) {
        let flow = self.flow();
        let in_table = !flow.tables.is_empty();
        let cell = flow.tables.last_mut().and_then(|table| table.rows.last_mut()?.cells.last_mut());
        match cell {
            Some(cell) => cell.items.push(item),
            // Text of a table that stands in no cell has no place.
            None if in_table => {}
            None => {
                flow.done.push(item);
                flow.done.append(&mut flow.waiting);
            }
        }
    }
}

impl Flow<'_> {
    /// Whether text is shown here: not in a hidden run, nor in the instruction of a field.
    fn shows(&self) -> bool {
        !self.hidden && self.fields.iter().all(|field| field.shown)
    }
}
