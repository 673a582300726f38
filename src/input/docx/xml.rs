//! The XML of a part: tokens with their byte ranges, and names whose prefixes are resolved.
//!
//! Takes the text of a part; gives [`Token`]s. Entities that a document declares itself are never expanded: a
//! part with a document type is refused, as the standard has it.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::{Namespace, QName, ResolveResult};
use quick_xml::reader::NsReader;

/// Elements inside one another.
pub const DEEPEST: usize = 2_000;

/// Which vocabulary a name is of; transitional and strict documents name theirs differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    Word,
    Math,
    /// Alternatives for programs of other ages.
    Compat,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'a> {
    pub space: Space,
    pub local: &'a str,
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    pub name: Name<'a>,
    /// From `<` to `>`.
    pub raw: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub enum Token<'a> {
    Start(Tag<'a>),
    End(Name<'a>),
    /// Text as it stands.
    Text(&'a str),
    /// What a reference such as `&amp;` stands for.
    Char(char),
    Eof,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Damaged,
    TooDeep,
}

pub struct Xml<'a> {
    text: &'a str,
    reader: NsReader<&'a [u8]>,
    /// Where `text` begins in the part.
    lead: usize,
    depth: usize,
    /// An element without content is a start and an end.
    ending: Option<Name<'a>>,
}

impl<'a> Xml<'a> {
    pub fn new(part: &'a str) -> Xml<'a> {
        let text = part.strip_prefix('\u{feff}').unwrap_or(part);
        Xml { text, reader: NsReader::from_str(text), lead: part.len() - text.len(), depth: 0, ending: None }
    }

    /// The next token and its bytes in the part.
    pub fn next(&mut self) -> Result<(Token<'a>, Range<usize>), Fault> {
        let start = self.reader.buffer_position() as usize;
        if let Some(name) = self.ending.take() {
            return Ok((Token::End(name), self.lead + start..self.lead + start));
        }
        loop {
            let start = self.reader.buffer_position() as usize;
            let event = self.reader.read_event().map_err(|_| Fault::Damaged)?;
            let end = self.reader.buffer_position() as usize;
            let raw = self.text.get(start..end).ok_or(Fault::Damaged)?;
            let token = match event {
                Event::Start(_) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(Fault::TooDeep);
                    }
                    Token::Start(self.tag(raw))
                }
                Event::Empty(_) => {
                    let tag = self.tag(raw);
                    self.ending = Some(tag.name);
                    Token::Start(tag)
                }
                Event::End(_) => {
                    self.depth = self.depth.checked_sub(1).ok_or(Fault::Damaged)?;
                    let name = raw.trim_start_matches("</").trim_end_matches('>').trim_end();
                    Token::End(self.name(name))
                }
                Event::Text(_) => Token::Text(raw),
                Event::CData(_) => {
                    let inner = raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>"));
                    let inner = inner.ok_or(Fault::Damaged)?;
                    let start = self.lead + start + "<![CDATA[".len();
                    return Ok((Token::Text(inner), start..start + inner.len()));
                }
                Event::GeneralRef(reference) => {
                    let known = resolve_predefined_entity(&reference).and_then(|text| text.chars().next());
                    let numbered = || reference.resolve_char_ref().ok().flatten();
                    Token::Char(known.or_else(numbered).ok_or(Fault::Damaged)?)
                }
                Event::DocType(_) => return Err(Fault::Damaged),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
                Event::Eof if self.depth > 0 => return Err(Fault::Damaged),
                Event::Eof => Token::Eof,
            };
            return Ok((token, self.lead + start..self.lead + end));
        }
    }

    /// The bytes of the part that have been read.
    pub fn at(&self) -> usize {
        self.lead + self.reader.buffer_position() as usize
    }

    /// Passes over what is left of the element whose start was the last token.
    pub fn skip(&mut self) -> Result<(), Fault> {
        if self.ending.take().is_some() {
            return Ok(());
        }
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    fn tag(&self, raw: &'a str) -> Tag<'a> {
        let inner = &raw[1..];
        let name =
            &inner[..inner.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(0)];
        Tag { name: self.name(name), raw }
    }

    fn name(&self, name: &'a str) -> Name<'a> {
        let local = name.split_once(':').map_or(name, |(_, local)| local);
        let space = match self.reader.resolver().resolve_element(QName(name)).0 {
            ResolveResult::Bound(Namespace(uri)) => match uri {
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Space::Word,
                "http://schemas.openxmlformats.org/officeDocument/2006/math"
                | "http://purl.oclc.org/ooxml/officeDocument/math" => Space::Math,
                "http://schemas.openxmlformats.org/markup-compatibility/2006" => Space::Compat,
                _ => Space::Other,
            },
            _ => Space::Other,
        };
        Name { space, local }
    }
}

impl<'a> Tag<'a> {
    pub fn is(&self, local: &str) -> bool {
        self.name.space == Space::Word && self.name.local == local
    }

    /// The value of the attribute of that local name.
    pub fn attribute(&self, local: &str) -> Option<Cow<'a, str>> {
        let inner = self.raw.strip_prefix('<')?.strip_suffix('>')?;
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let name = inner.find(|c: char| c.is_ascii_whitespace())?;
        let mut attributes = Attributes::new(inner, name);
        let found = attributes.with_checks(false).flatten().find(|one| {
            let key = one.key.0;
            key.split_once(':').map_or(key, |(_, local)| local) == local
        });
        found?.normalized_value(XmlVersion::Explicit1_0).ok()
    }

    pub fn val(&self) -> Option<Cow<'a, str>> {
        self.attribute("val")
    }

    pub fn number(&self) -> Option<i64> {
        self.val()?.trim().parse().ok()
    }

    /// A switch is on unless it says otherwise.
    pub fn is_on(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off"))
    }
}
