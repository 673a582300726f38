//! Automatic numbers, counted as the word processor counts them.
//!
//! Takes the numbering part and the paragraphs in their order; gives the label that each paragraph shows.

use rustc_hash::{FxHashMap, FxHashSet};

use super::numerals::numeral;
use super::styles::{ListProps, Style, Styles};
use super::symbol;
use super::xml::{Fault, Tag, Token, Xml};

const LEVELS: usize = 9;
/// Lists that take their levels from a style that takes them from a list.
const LONGEST_LINK: usize = 16;
/// A level's text may name each level many times.
const LONGEST_LABEL: usize = 200;

#[derive(Debug, Default)]
pub struct Numbering {
    kinds: FxHashMap<i64, Kind>,
    lists: FxHashMap<i64, List>,
}

/// `w:abstractNum`: how the levels of a kind of list look. Lists of one kind count together.
#[derive(Debug, Default)]
struct Kind {
    levels: [Option<Level>; LEVELS],
    /// The list style whose levels these are.
    linked_style: Option<String>,
}

/// `w:num`: a use of a kind.
#[derive(Debug, Default)]
struct List {
    kind: i64,
    levels: [Option<Level>; LEVELS],
    starts: [Option<i64>; LEVELS],
}

#[derive(Debug, Clone)]
struct Level {
    start: i64,
    format: String,
    /// For the format `custom`, a sample: `001, 002, …`.
    sample: String,
    text: String,
    /// From 1: the level whose numbers begin this one anew; 0 for none.
    restart: Option<i64>,
    legal: bool,
    /// The paragraph style that has this level.
    style: Option<String>,
    gap: bool,
    hidden: bool,
}

/// What a paragraph shows before its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Label {
    pub text: String,
    /// A blank or tab follows.
    pub gap: bool,
}

/// How far one story of a document, such as its body, has counted.
#[derive(Debug, Default)]
pub struct Counters {
    values: FxHashMap<i64, [Option<i64>; LEVELS]>,
    /// Lists and levels that have begun at a start of their own.
    begun: FxHashSet<(i64, u8)>,
}

impl Numbering {
    pub fn read(part: &str) -> Result<Numbering, Fault> {
        let mut numbering = Numbering::default();
        let mut xml = Xml::new(part);
        loop {
            let tag = match xml.next()?.0 {
                Token::Eof => return Ok(numbering),
                Token::Start(tag) => tag,
                _ => continue,
            };
            let id = |name| tag.attribute(name).and_then(|id| id.trim().parse().ok());
            if tag.is("abstractNum")
                && let Some(id) = id("abstractNumId")
            {
                let kind = kind(&mut xml)?;
                numbering.kinds.insert(id, kind);
            } else if tag.is("num")
                && let Some(id) = id("numId")
            {
                let list = list(&mut xml)?;
                numbering.lists.insert(id, list);
            }
        }
    }

    /// The list and level of a paragraph: its own, else those of its style.
    pub fn list_of(&self, own: ListProps, style: Option<&str>, styles: &Styles) -> Option<(i64, u8)> {
        if self.lists.is_empty() {
            return None;
        }
        let with_list = || styles.chain(style).find(|style| style.list.list.is_some());
        let list = own.list.or_else(|| with_list()?.list.list).filter(|list| *list != 0)?;
        let linked = |style: &Style| self.linked_level(list, &style.id);
        let level = own
            .level
            .or_else(|| styles.chain(style).find_map(linked))
            .or_else(|| styles.chain(style).find_map(|style| style.list.level).filter(|_| own.list.is_none()))
            .unwrap_or(0);
        self.lists.contains_key(&list).then_some((list, level))
    }

    fn linked_level(&self, list: i64, style: &str) -> Option<u8> {
        let of = |level: &Option<Level>| level.as_ref()?.style.as_deref().map(|linked| linked == style);
        let list = self.lists.get(&list)?;
        let kind = self.kinds.get(&list.kind);
        (0..LEVELS as u8).find(|&at| {
            let own = list.levels[usize::from(at)].is_some();
            let level = if own { Some(&list.levels) } else { kind.map(|kind| &kind.levels) };
            level.and_then(|levels| of(&levels[usize::from(at)])).unwrap_or(false)
        })
    }

    /// Counts the paragraph and gives what it shows; none where it shows nothing.
    pub fn count(&self, list: i64, level: u8, styles: &Styles, counters: &mut Counters) -> Option<Label> {
        let at = usize::from(level).min(LEVELS - 1);
        let (list_id, list) = self.resolved(list, styles)?;
        let kind = self.kinds.get(&list.kind)?;
        let of = |at: usize| list.levels[at].as_ref().or(kind.levels[at].as_ref());
        let start = |at: usize| {
            let start = list.starts[at].or_else(|| of(at).map(|level| level.start)).unwrap_or(1);
            start.clamp(0, 1_000_000_000)
        };
        let values = counters.values.entry(list.kind).or_default();
        values[at] = Some(match values[at] {
            Some(_) if list.starts[at].is_some() && counters.begun.insert((list_id, level)) => start(at),
            Some(value) => value + 1,
            None => {
                if list.starts[at].is_some() {
                    counters.begun.insert((list_id, level));
                }
                start(at)
            }
        });
        for (below, value) in values.iter_mut().enumerate().skip(at + 1) {
            let anew = match of(below).and_then(|level| level.restart) {
                None => true,
                Some(restart) => (at as i64) < restart,
            };
            if anew {
                *value = None;
            }
        }
        let own = of(at)?;
        if own.hidden {
            return None;
        }
        let shown =
            |at: usize| of(at).map(|level| level.shown(values[at].unwrap_or_else(|| start(at)), own.legal));
        let text = own.label(shown);
        (!text.is_empty()).then_some(Label { text, gap: own.gap })
    }

    /// The list that has the levels: a kind may leave them to a list style.
    fn resolved(&self, list: i64, styles: &Styles) -> Option<(i64, &List)> {
        let mut id = list;
        for _ in 0..LONGEST_LINK {
            let list = self.lists.get(&id)?;
            let Some(style) = self.kinds.get(&list.kind)?.linked_style.as_deref() else {
                return Some((id, list));
            };
            let next = styles.chain(Some(style)).find_map(|style| style.list.list);
            match next.filter(|next| *next != id) {
                Some(next) => id = next,
                None => return Some((id, list)),
            }
        }
        None
    }
}

impl Level {
    fn shown(&self, value: i64, legal: bool) -> String {
        let value = value as u32;
        match self.format.as_str() {
            _ if legal => value.to_string(),
            "bullet" => String::new(),
            "custom" => {
                let width = self.sample.chars().take_while(char::is_ascii_digit).count().min(10);
                format!("{value:0width$}")
            }
            format => numeral(format, value),
        }
    }

    /// The level's text with numbers for `%1` to `%9`.
    fn label(&self, shown: impl Fn(usize) -> Option<String>) -> String {
        if self.format == "bullet" {
            // The characters of symbol fonts mean nothing elsewhere.
            return if self.text.chars().any(symbol::is_private) {
                "•".to_owned()
            } else {
                self.text.clone()
            };
        }
        let mut label = String::new();
        let mut chars = self.text.chars().peekable();
        while let Some(c) = chars.next() {
            let level =
                chars.peek().and_then(|next| next.to_digit(10)).filter(|level| c == '%' && *level > 0);
            match level {
                Some(level) => {
                    chars.next();
                    label.push_str(&shown(level as usize - 1).unwrap_or_default());
                }
                None => label.push(c),
            }
            if label.len() > LONGEST_LABEL {
                break;
            }
        }
        label
    }
}

fn kind(xml: &mut Xml) -> Result<Kind, Fault> {
    let mut kind = Kind::default();
    loop {
        match xml.next()?.0 {
            Token::Start(tag) if tag.is("lvl") => read_level(xml, tag, &mut kind.levels)?,
            Token::Start(tag) if tag.is("numStyleLink") => kind.linked_style = tag.val().map(Into::into),
            Token::End(name) if name.local == "abstractNum" => return Ok(kind),
            Token::Eof => return Err(Fault::Damaged),
            _ => {}
        }
    }
}

fn list(xml: &mut Xml) -> Result<List, Fault> {
    let mut list = List::default();
    let mut at = 0;
    loop {
        match xml.next()?.0 {
            Token::Start(tag) if tag.is("abstractNumId") => list.kind = tag.number().unwrap_or(-1),
            Token::Start(tag) if tag.is("lvlOverride") => at = usize::from(place(&tag)),
            Token::Start(tag) if tag.is("startOverride") => list.starts[at] = tag.number(),
            Token::Start(tag) if tag.is("lvl") => read_level(xml, tag, &mut list.levels)?,
            Token::End(name) if name.local == "num" => return Ok(list),
            Token::Eof => return Err(Fault::Damaged),
            _ => {}
        }
    }
}

fn place(tag: &Tag) -> u8 {
    tag.attribute("ilvl")
        .and_then(|level| level.trim().parse().ok())
        .map_or(0, |level: i64| level.clamp(0, 8) as u8)
}

fn read_level(xml: &mut Xml, tag: Tag, levels: &mut [Option<Level>; LEVELS]) -> Result<(), Fault> {
    let mut read = Level {
        start: 1,
        format: "decimal".to_owned(),
        sample: String::new(),
        text: String::new(),
        restart: None,
        legal: false,
        style: None,
        gap: true,
        hidden: false,
    };
    let mut bullet = false;
    loop {
        match xml.next()?.0 {
            Token::Start(tag) if tag.is("start") => read.start = tag.number().unwrap_or(1),
            // A custom format stands in the choice, one that every program knows in the fallback.
            Token::Start(tag) if tag.is("numFmt") && read.sample.is_empty() => {
                read.format = tag.val().unwrap_or_default().into_owned();
                read.sample = tag.attribute("format").unwrap_or_default().into_owned();
            }
            Token::Start(tag) if tag.is("lvlText") => read.text = tag.val().unwrap_or_default().into_owned(),
            Token::Start(tag) if tag.is("lvlRestart") => read.restart = tag.number(),
            Token::Start(tag) if tag.is("isLgl") => read.legal = tag.is_on(),
            Token::Start(tag) if tag.is("pStyle") => read.style = tag.val().map(Into::into),
            Token::Start(tag) if tag.is("suff") => read.gap = tag.val().is_none_or(|gap| gap != "nothing"),
            Token::Start(tag) if tag.is("lvlPicBulletId") => bullet = true,
            Token::Start(tag) if tag.is("rFonts") => {
                let symbols = tag.attribute("ascii").is_some_and(|font| symbol::table(&font).is_some());
                bullet |= symbols && read.format == "bullet";
            }
            Token::Start(tag) if tag.is("vanish") => read.hidden = tag.is_on(),
            Token::End(name) if name.local == "lvl" => break,
            Token::Eof => return Err(Fault::Damaged),
            _ => {}
        }
    }
    if bullet {
        (read.format, read.text) = ("bullet".to_owned(), "•".to_owned());
    }
    levels[usize::from(place(&tag))] = Some(read);
    Ok(())
}
