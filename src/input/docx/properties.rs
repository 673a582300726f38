//! What the property elements of paragraphs, runs, rows and cells say that decides what is read.
//!
//! Takes the tokens behind the start of a property element; gives plain data and leaves its end behind.

use super::styles::{self, ListProps};
use super::symbol;
use super::xml::{Fault, Space, Tag, Token, Xml};

/// Columns that one cell may take.
const WIDEST: i64 = 200;

#[derive(Debug, Default)]
pub struct ParagraphProps {
    pub style: Option<String>,
    pub list: ListProps,
    /// Outline level from 0; 9 for the body.
    pub outline: Option<u8>,
    /// Its end is deleted: the text goes on in the next paragraph.
    pub joined: bool,
    /// Its end is hidden.
    pub hidden: bool,
}

#[derive(Debug, Default)]
pub struct RunProps {
    pub hidden: Option<bool>,
    pub style: Option<String>,
    /// The font's characters are symbols.
    pub symbols: Option<symbol::Table>,
}

#[derive(Debug, Default)]
pub struct RowProps {
    /// Columns left free before the first cell.
    pub before: usize,
    pub deleted: bool,
}

#[derive(Debug)]
pub struct CellProps {
    pub columns: usize,
    /// Downwards.
    pub merge: Span,
    /// To the right, as old programs write it.
    pub across: Span,
    pub deleted: bool,
}

/// The part a cell has in a merged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A cell of its own, or the first of a merged one.
    Own,
    Continues,
}

impl Default for CellProps {
    fn default() -> Self {
        CellProps { columns: 1, merge: Span::Own, across: Span::Own, deleted: false }
    }
}

/// Calls `each` with every element up to the end of `element`; what stood there before a tracked change is none.
fn within(xml: &mut Xml, element: &str, mut each: impl FnMut(Tag)) -> Result<(), Fault> {
    loop {
        match xml.next()?.0 {
            Token::Start(tag) if tag.name.local.ends_with("Change") => xml.skip()?,
            Token::Start(tag) if tag.name.space == Space::Word => each(tag),
            Token::End(name) if name.space == Space::Word && name.local == element => return Ok(()),
            Token::Eof => return Err(Fault::Damaged),
            _ => {}
        }
    }
}

pub fn paragraph(xml: &mut Xml) -> Result<ParagraphProps, Fault> {
    let mut props = ParagraphProps::default();
    within(xml, "pPr", |tag| match tag.name.local {
        "pStyle" => props.style = tag.val().map(Into::into),
        "numId" => props.list.list = tag.number(),
        "ilvl" => props.list.level = styles::level(&tag),
        "outlineLvl" => props.outline = styles::outline(&tag),
        "del" | "moveFrom" => props.joined = true,
        "vanish" => props.hidden = tag.is_on(),
        _ => {}
    })?;
    Ok(props)
}

pub fn run(xml: &mut Xml) -> Result<RunProps, Fault> {
    let mut props = RunProps::default();
    within(xml, "rPr", |tag| match tag.name.local {
        "rStyle" => props.style = tag.val().map(Into::into),
        "rFonts" => props.symbols = tag.attribute("ascii").and_then(|font| symbol::table(&font)),
        "vanish" => props.hidden = Some(tag.is_on()),
        _ => {}
    })?;
    Ok(props)
}

pub fn row(xml: &mut Xml) -> Result<RowProps, Fault> {
    let mut props = RowProps::default();
    within(xml, "trPr", |tag| match tag.name.local {
        "gridBefore" => props.before = columns(&tag, 0),
        "del" => props.deleted = true,
        "hidden" => props.deleted |= tag.is_on(),
        _ => {}
    })?;
    Ok(props)
}

pub fn cell(xml: &mut Xml) -> Result<CellProps, Fault> {
    let mut props = CellProps::default();
    let span = |tag: &Tag| if tag.val().as_deref() == Some("restart") { Span::Own } else { Span::Continues };
    within(xml, "tcPr", |tag| match tag.name.local {
        "gridSpan" => props.columns = columns(&tag, 1),
        "vMerge" => props.merge = span(&tag),
        "hMerge" => props.across = span(&tag),
        "cellDel" => props.deleted = true,
        _ => {}
    })?;
    Ok(props)
}

/// Whether a control shows the words that ask for an entry.
pub fn is_placeholder(xml: &mut Xml) -> Result<bool, Fault> {
    let mut asks = false;
    within(xml, "sdtPr", |tag| asks |= tag.name.local == "showingPlcHdr" && tag.is_on())?;
    Ok(asks)
}

fn columns(tag: &Tag, least: i64) -> usize {
    tag.number().unwrap_or(least).clamp(least, WIDEST) as usize
}
