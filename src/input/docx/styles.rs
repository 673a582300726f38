//! The styles of a document, as far as they decide what a paragraph is.
//!
//! Takes the styles part; gives for each style what it says itself or inherits: outline level, list, hidden text.

use rustc_hash::FxHashMap;

use super::xml::{Fault, Tag, Token, Xml};

/// Styles based on one another; a chain that is longer goes in a circle.
const LONGEST_CHAIN: usize = 64;

#[derive(Debug, Default)]
pub struct Styles {
    list: Vec<Style>,
    /// By id; paragraph, character and list styles share one space of ids.
    places: FxHashMap<String, u32>,
    default_paragraph: Option<u32>,
}

#[derive(Debug, Default)]
pub struct Style {
    pub id: String,
    /// In small letters, blanks left out: `heading1`, `toc2`.
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    pub list: ListProps,
    hidden: Option<bool>,
}

/// What a paragraph or style says of the list it belongs to.
#[derive(Debug, Default, Clone, Copy)]
pub struct ListProps {
    /// 0 for no list.
    pub list: Option<i64>,
    /// From 0.
    pub level: Option<u8>,
}

impl Styles {
    pub fn read(part: &str) -> Result<Styles, Fault> {
        let mut styles = Styles::default();
        let mut xml = Xml::new(part);
        loop {
            match xml.next()?.0 {
                Token::Eof => return Ok(styles),
                Token::Start(tag) if tag.is("style") => styles.add(&mut xml, tag)?,
                _ => {}
            }
        }
    }

    fn add(&mut self, xml: &mut Xml, tag: Tag) -> Result<(), Fault> {
        let mut style =
            Style { id: tag.attribute("styleId").unwrap_or_default().into_owned(), ..Style::default() };
        let is_default = tag.attribute("default").is_some_and(|value| value != "0" && value != "false");
        let is_paragraph = tag.attribute("type").is_none_or(|kind| kind == "paragraph");
        loop {
            match xml.next()?.0 {
                Token::Start(tag) if tag.name.local.ends_with("Change") => xml.skip()?,
                // What a table style says of its first row is said of no paragraph.
                Token::Start(tag) if tag.is("tblStylePr") => xml.skip()?,
                Token::Start(tag) if tag.is("name") => {
                    let name = tag.val().unwrap_or_default();
                    style.name =
                        name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
                }
                Token::Start(tag) if tag.is("basedOn") => style.based_on = tag.val().map(Into::into),
                Token::Start(tag) if tag.is("outlineLvl") => style.outline = outline(&tag),
                Token::Start(tag) if tag.is("numId") => style.list.list = tag.number(),
                Token::Start(tag) if tag.is("ilvl") => style.list.level = level(&tag),
                Token::Start(tag) if tag.is("vanish") => style.hidden = Some(tag.is_on()),
                Token::End(name) if name.local == "style" => break,
                Token::Eof => return Err(Fault::Damaged),
                _ => {}
            }
        }
        let place = self.list.len() as u32;
        if is_default && is_paragraph {
            self.default_paragraph.get_or_insert(place);
        }
        self.places.entry(style.id.clone()).or_insert(place);
        self.list.push(style);
        Ok(())
    }

    /// The style of that id and those it is based on, nearest first; no id means the default of paragraphs.
    pub fn chain(&self, id: Option<&str>) -> impl Iterator<Item = &Style> {
        let first = match id {
            Some(id) => self.places.get(id).copied(),
            None => self.default_paragraph,
        };
        let next = |style: &&Style| Some(&self.list[*self.places.get(style.based_on.as_ref()?)? as usize]);
        std::iter::successors(first.map(|place| &self.list[place as usize]), next).take(LONGEST_CHAIN)
    }

    /// The level of the heading that a paragraph of this style is, from 0; none for a paragraph of the body.
    pub fn heading(&self, id: Option<&str>) -> Option<u8> {
        let own = |style: &Style| style.outline.or_else(|| named_level(&style.name));
        self.chain(id).find_map(own).filter(|level| *level < 9)
    }

    /// Whether the style is one of the entries of a table of contents.
    pub fn is_contents(&self, id: Option<&str>) -> bool {
        let is_entry = |style: &Style| {
            let rest = ["toc", "contents", "目录"].iter().find_map(|word| style.name.strip_prefix(word));
            rest.is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
        };
        self.chain(id).any(is_entry)
    }

    /// Whether the style hides text, where it says so.
    pub fn hides(&self, id: &str) -> Option<bool> {
        self.chain(Some(id)).find_map(|style| style.hidden)
    }
}

/// `heading 1`, `标题 1`: built-in headings have their level by name.
fn named_level(name: &str) -> Option<u8> {
    let digit = ["heading", "标题"].iter().find_map(|word| name.strip_prefix(word))?;
    let level: u8 = digit.parse().ok()?;
    level.checked_sub(1)
}

pub fn outline(tag: &Tag) -> Option<u8> {
    tag.number().map(|level| level.clamp(0, 9) as u8)
}

pub fn level(tag: &Tag) -> Option<u8> {
    tag.number().map(|level| level.clamp(0, 8) as u8)
}
