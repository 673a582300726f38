//! Word 97–2003 and WPS documents (doc, wps) to paragraphs and tables, by our own reader of [MS-DOC].
//!
//! Takes bytes; gives a [`Document`] of the text as it is shown: deleted and hidden text and the codes of fields
//! are out, automatic numbers are rebuilt, comments are left out, text boxes, notes, headers and footers follow the body.
//! Older versions are [`ReadError::TooOld`].

mod fib;
mod lists;
mod pieces;
mod rows;
mod runs;
mod sprm;
mod story;
mod styles;

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustc_hash::FxHashSet;

use super::builder::Builder;
use super::wrap::page_number;
use super::{Foreign, ReadError};
use crate::document::{Aside, BlockKind, DamageKind, Document, Format, Place};
use fib::{Fib, Part};
use lists::Lists;
use rows::Rows;
use story::{End, Shown, Text};
use styles::Paragraph;

pub fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    // The library that opens the container promises nothing for one that is broken on purpose.
    catch_unwind(AssertUnwindSafe(|| read_container(name, bytes)))
        .unwrap_or(Err(ReadError::Broken(Foreign::Doc)))
}

fn read_container(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    let most = bytes.len() as u64;
    let mut container =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| ReadError::Broken(Foreign::Doc))?;
    let mut stream = |name: &str| -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        container.open_stream(name).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let word = stream("/WordDocument").ok_or(ReadError::Broken(Foreign::Doc))?;
    let head = fib::head(&word).ok_or(ReadError::TooOld)?;
    if head.encrypted {
        return Err(ReadError::Encrypted);
    }
    let table = stream(head.table).ok_or(ReadError::Broken(Foreign::Doc))?;
    let data = stream("/Data").unwrap_or_default();
    let document = write(name, &word, &data, &Fib::new(&word, &table))?;
    if document.text.is_empty() { Err(ReadError::Empty(Foreign::Doc)) } else { Ok(document) }
}

fn write(name: &str, word: &[u8], data: &[u8], fib: &Fib) -> Result<Document, ReadError> {
    let stories = fib.stories()?;
    let text = Text::new(word, data, fib)?;
    let mut builder = Builder::new(name, Format::Doc);
    let mut lists = Lists::read(fib);
    let mut at = 0u32;
    let mut next = |characters: u32| {
        let from = at;
        at = at.saturating_add(characters);
        (from, at)
    };
    let mut writer = Writer {
        builder: &mut builder,
        lists: &mut lists,
        rows: Rows::default(),
        count: 0,
        before: 0,
        begun: None,
        kind: BlockKind::Paragraph,
        kept: None,
    };
    let (from, to) = next(stories.main);
    text.each(from, to, |shown| writer.main(shown))?;
    writer.rows.write(writer.builder)?;
    let footnotes = next(stories.footnotes);
    let headers = next(stories.headers);
    next(stories.comments);
    let endnotes = next(stories.endnotes);
    let boxes = next(stories.text_boxes);
    for (aside, (from, to)) in
        [(Aside::TextBox, boxes), (Aside::Footnote, footnotes), (Aside::Endnote, endnotes)]
    {
        writer.count = 0;
        text.each(from, to, |shown| {
            writer.paragraph(shown, |number| Place::Aside(aside, number));
            Ok(())
        })?;
    }
    writer.kept = Some(BlockKind::PageFurniture);
    page_furniture(&text, fib.part(Part::Headers), headers, &mut writer)?;
    Ok(builder.finish())
}

/// Headers and footers, each text once. `ends`: where each of their stories begins [PlcfHdd]: six that part notes from
/// the text, then six a section: headers of even, odd pages, footers of even, odd, header and footer of the first page.
fn page_furniture(
    text: &Text,
    ends: &[u8],
    (from, to): (u32, u32),
    writer: &mut Writer,
) -> Result<(), ReadError> {
    let ends: Vec<u32> =
        ends.chunks_exact(4).filter_map(|at| Some(u32::from_le_bytes(at.try_into().ok()?))).collect();
    let mut seen = FxHashSet::default();
    let mut counts = [0, 0];
    for (at, story) in ends.windows(2).enumerate().skip(6) {
        let (start, end) = (from.saturating_add(story[0]), from.saturating_add(story[1]).min(to));
        if start >= end {
            continue;
        }
        let mut all = Vec::new();
        text.each(start, end, |shown| {
            all.push(shown);
            Ok(())
        })?;
        let words: String = all.iter().map(|shown| shown.text.trim()).collect();
        if words.is_empty() || page_number(&words).is_some() || !seen.insert(words) {
            continue;
        }
        let header = matches!(at % 6, 0 | 1 | 4);
        let aside = if header { Aside::Header } else { Aside::Footer };
        writer.count = counts[usize::from(header)];
        all.into_iter().for_each(|shown| writer.paragraph(shown, |number| Place::Aside(aside, number)));
        counts[usize::from(header)] = writer.count;
    }
    Ok(())
}

struct Writer<'a> {
    builder: &'a mut Builder,
    lists: &'a mut Lists,
    rows: Rows,
    /// Paragraphs so far, and how many blocks there were before the open one.
    count: u32,
    before: usize,
    /// How the line before ended, if the open paragraph has begun on it.
    begun: Option<End>,
    kind: BlockKind,
    /// What every block is, whatever its style.
    kept: Option<BlockKind>,
}

impl Writer<'_> {
    fn main(&mut self, shown: Shown) -> Result<(), ReadError> {
        let depth = shown.properties.depth;
        if depth == 0 && !matches!(shown.end, End::Cell | End::Row(_)) {
            self.rows.write(self.builder)?;
            self.paragraph(shown, Place::Paragraph);
            return Ok(());
        }
        if self.begun.is_none() && !matches!(shown.end, End::Row(_)) {
            let (label, _) = self.label(&shown.properties);
            self.rows.text(&label);
        }
        self.rows.text(&shown.text);
        self.begun = matches!(shown.end, End::Line | End::Page).then_some(End::Line);
        match shown.end {
            End::Row(shape) => self.rows.end_row(*shape),
            End::Cell if depth <= 1 => self.rows.end_cell(),
            _ => {}
        }
        Ok(())
    }

    fn paragraph(&mut self, shown: Shown, place: impl Fn(u32) -> Place) {
        let Shown { text, properties, end } = shown;
        let here = place(self.count + 1);
        match self.begun.take() {
            None => {
                self.before = self.builder.blocks();
                let level = properties.level;
                let by_style = level.map_or(BlockKind::Paragraph, |level| BlockKind::Heading(level + 1));
                self.kind = self.kept.unwrap_or(by_style);
                let (label, gap) = self.label(&properties);
                if !label.is_empty() {
                    self.builder.number(&label, gap, &text);
                }
            }
            Some(End::Line) if !self.builder.breaks(&text) => self.builder.join(&text),
            Some(_) => {
                self.builder.paragraph(self.kind, here);
                self.kind = self.kept.unwrap_or(BlockKind::Paragraph);
            }
        }
        self.builder.text(&text, None);
        if matches!(end, End::Line | End::Page) {
            self.begun = Some(end);
            return;
        }
        self.builder.paragraph(self.kind, here);
        self.count += u32::from(self.builder.blocks() > self.before);
    }

    fn label(&mut self, properties: &Paragraph) -> (String, bool) {
        self.lists.label(properties).unwrap_or_else(|_| {
            self.builder.damage(DamageKind::Unnumbered);
            (String::new(), false)
        })
    }
}
