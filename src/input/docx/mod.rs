//! A Word document (docx) to paragraphs, headings and tables.
//!
//! Takes bytes; gives a [`Document`] of the text that a reader sees once all tracked changes are accepted, automatic
//! numbers included. Nothing is fetched or run: macros and links stay where they are.

mod items;
mod numbering;
pub mod numerals;
pub mod package;
mod properties;
mod story;
mod styles;
mod symbol;
mod write;
pub mod xml;

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use self::items::Item;
use self::numbering::Numbering;
use self::package::{Package, Relation};
use self::story::{Story, Trouble};
use self::styles::Styles;
use self::write::Writer;
use self::xml::{Fault, Token, Xml};
use super::wrap::page_number;
use super::{Foreign, ReadError};
use crate::document::Document;

pub fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    let mut package = Package::open(bytes)?;
    let main = package.main()?;
    let relations = package.relations(&main)?;
    let mut part = |kind: &str| -> Result<Option<(String, Vec<u8>)>, ReadError> {
        let Some(relation) = relations.iter().find(|relation| relation.kind == kind) else { return Ok(None) };
        Ok(package.part(&relation.target)?.map(|bytes| (relation.target.clone(), bytes)))
    };
    let [styles, numbering] = [part("styles")?, part("numbering")?];
    let [footnotes, endnotes] = [part("footnotes")?, part("endnotes")?];
    let body = package.part(&main)?.ok_or(ReadError::Broken(Foreign::Docx))?;

    let styles = of_part(styles.as_ref(), Styles::read)?;
    let numbering = of_part(numbering.as_ref(), Numbering::read)?;
    let mut writer = Writer::new(name, &styles, &numbering);
    let (text, in_place) = text(&body)?;
    writer.body(&main, in_place);
    let notes = [(true, footnotes), (false, endnotes)];
    let notes = notes.iter().filter_map(|(footnote, part)| Some((*footnote, part.as_ref()?)));
    let notes: Vec<_> = notes.map(|(footnote, (part, bytes))| (footnote, part, self::text(bytes))).collect();
    for (footnote, part, text) in &notes {
        let Ok((text, in_place)) = text else { return Err(ReadError::Broken(Foreign::Docx)) };
        let part = writer.part(part, *in_place);
        let mut open = None;
        let mut story = Story::new(text, &styles);
        while let Some(items) = story.next().map_err(trouble)? {
            for item in items {
                match item {
                    Item::Note(id) => open = Some(id),
                    item => {
                        if let Some(id) = open {
                            writer.note((*footnote, id), part, item);
                        }
                    }
                }
            }
        }
    }
    let mut story = Story::new(&text, &styles);
    while let Some(items) = story.next().map_err(trouble)? {
        items.iter().for_each(|item| writer.item(item));
    }
    page_furniture(&mut package, &relations, &styles, &mut writer)?;
    let document = writer.finish();
    if document.text.len() >= u32::MAX as usize {
        return Err(ReadError::TooLong);
    }
    if document.text.is_empty() { Err(ReadError::Empty(Foreign::Docx)) } else { Ok(document) }
}

/// Headers and footers, behind the body: each text once, however many sections repeat it.
fn page_furniture(
    package: &mut Package,
    relations: &[Relation],
    styles: &Styles,
    writer: &mut Writer,
) -> Result<(), ReadError> {
    let mut seen = FxHashSet::default();
    for kind in ["header", "footer"] {
        for relation in relations.iter().filter(|relation| relation.kind == kind) {
            let Some(bytes) = package.part(&relation.target)? else { continue };
            let (xml, in_place) = text(&bytes)?;
            let mut story = Story::new(&xml, styles);
            let mut items = Vec::new();
            while let Some(some) = story.next().map_err(trouble)? {
                items.extend(some);
            }
            let bits = items.iter().flat_map(Item::paragraphs).flat_map(|paragraph| &paragraph.bits);
            let words: String = bits.map(|bit| &*bit.text).collect();
            let words = words.trim().to_owned();
            if !words.is_empty() && page_number(&words).is_none() && seen.insert(words) {
                let part = writer.part(&relation.target, in_place);
                writer.furniture(kind == "header", part, &items);
            }
        }
    }
    Ok(())
}

/// Whether a zip archive is a document although the names of its parts do not tell.
pub fn is_one(bytes: &[u8]) -> bool {
    let main = || {
        let mut package = Package::open(bytes)?;
        let main = package.main()?;
        package.part(&main)
    };
    let Ok(Some(part)) = main() else { return false };
    let Some((text, _)) = text_of(&part) else { return false };
    let mut xml = Xml::new(&text);
    loop {
        match xml.next() {
            Ok((Token::Start(tag), _)) => return tag.is("document"),
            Ok((Token::Text(_), _)) => {}
            _ => return false,
        }
    }
}

/// What a part that may be absent says.
fn of_part<T: Default>(
    part: Option<&(String, Vec<u8>)>,
    read: impl Fn(&str) -> Result<T, Fault>,
) -> Result<T, ReadError> {
    let Some((_, bytes)) = part else { return Ok(T::default()) };
    read(&text(bytes)?.0).map_err(|fault| trouble(Trouble::Xml(fault)))
}

/// The text of an XML part, and whether its bytes are those of the part.
fn text(bytes: &[u8]) -> Result<(Cow<'_, str>, bool), ReadError> {
    text_of(bytes).ok_or(ReadError::Broken(Foreign::Docx))
}

fn text_of(bytes: &[u8]) -> Option<(Cow<'_, str>, bool)> {
    let wide = match bytes {
        [0xFF, 0xFE, ..] => Some(encoding_rs::UTF_16LE),
        [0xFE, 0xFF, ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    match wide {
        Some(encoding) => {
            let (text, _, lossy) = encoding.decode(bytes);
            (!lossy).then_some((Cow::Owned(text.into_owned()), false))
        }
        None => std::str::from_utf8(bytes).ok().map(|text| (Cow::Borrowed(text), true)),
    }
}

fn trouble(trouble: Trouble) -> ReadError {
    match trouble {
        Trouble::Xml(Fault::Damaged) => ReadError::Broken(Foreign::Docx),
        Trouble::Xml(Fault::TooDeep) => ReadError::TooDeep { limit: xml::DEEPEST },
        Trouble::TooManyItems => ReadError::TooManyItems { limit: story::MOST_ITEMS },
    }
}
