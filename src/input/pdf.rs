//! A PDF file to paragraphs and tables, each with its page.
//!
//! Takes bytes; gives a [`Document`]. Characters and straight rules are laid out anew: rules to grids, lines to
//! paragraphs, tables put together over the ends of pages. Pictures are not looked into: a page that is nothing else
//! is said to be scanned. Nothing is fetched or run. No other place knows the library, and only here are numbers binary.

mod aligned;
mod bounds;
mod cells;
mod flow;
mod furniture;
mod glyphs;
mod grid;
mod lines;
mod struck;
mod unicode;
mod write;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};

use super::{Foreign, ReadError};
use crate::document::Document;
use cells::Table;
use glyphs::{Budget, Drawn, Spent};
use lines::Line;

const MOST_PAGES: usize = 10_000;
/// Characters and lines of drawings of all pages together.
const MOST_MARKS: u64 = 30_000_000;
/// Characters on a page that is nothing but a picture: its number, a stamp.
const STAMP: usize = 24;
/// Part of the page that the picture of a scanned page covers.
const COVERED: f64 = 0.4;
/// Letters drawn as shapes: that many on a page without a character.
const OUTLINES: u32 = 200;

/// What stands on one page, each from top to bottom.
struct Page {
    lines: Vec<Line>,
    tables: Vec<Table>,
    width: f64,
    height: f64,
    scanned: bool,
}

pub fn read(name: &str, bytes: Vec<u8>) -> Result<Document, ReadError> {
    // A file broken on purpose may make the library panic; that is one unreadable file and no more.
    catch_unwind(AssertUnwindSafe(|| {
        let form = bounds::largest_form(&bytes)?;
        let pdf = Pdf::new(bytes).map_err(broken)?;
        if pdf.pages().len() > MOST_PAGES {
            return Err(ReadError::TooManyPages { limit: MOST_PAGES });
        }
        let pages = match catch_unwind(AssertUnwindSafe(|| pages(&pdf, form))) {
            Ok(pages) => pages,
            Err(cause) if cause.is::<Spent>() => return Err(ReadError::TooManyMarks { limit: MOST_MARKS }),
            Err(cause) => resume_unwind(cause),
        };
        if pages.is_empty() {
            return Err(ReadError::Broken(Foreign::Pdf));
        }
        if pages.iter().all(|page| page.lines.is_empty() && page.tables.is_empty() || page.scanned) {
            let scanned = pages.iter().filter(|page| page.scanned).count();
            return Err(if scanned > 0 {
                ReadError::Scanned { pages: pages.len() }
            } else {
                ReadError::Empty(Foreign::Pdf)
            });
        }
        Ok(write::write(name, pages))
    }))
    .unwrap_or(Err(ReadError::Broken(Foreign::Pdf)))
}

fn broken(error: LoadPdfError) -> ReadError {
    match error {
        LoadPdfError::Decryption(_) => ReadError::Encrypted,
        LoadPdfError::Invalid => ReadError::Broken(Foreign::Pdf),
    }
}

fn pages(pdf: &Pdf, form: u64) -> Vec<Page> {
    let cache = InterpreterCache::new();
    let mut budget = Budget { left: MOST_MARKS, form: form / 64 };
    let mut predefined = unicode::Predefined::new(pdf);
    let mut pages = Vec::new();
    for page in pdf.pages().iter() {
        let drawn = glyphs::draw(page, &cache, &mut budget, &mut predefined);
        pages.push(laid_out(drawn));
    }
    pages
}

fn laid_out(drawn: Drawn) -> Page {
    let Drawn { glyphs, aside, rules, pictures, shapes, width, height } = drawn;
    let count = glyphs.iter().filter(|glyph| !glyph.is_blank()).count();
    let scanned = count <= STAMP && pictures >= COVERED || count == 0 && shapes >= OUTLINES;
    let mut struck = struck::Struck::new(&rules);
    let (mut tables, outside) = cells::fill(grid::grids(rules), glyphs);
    let (aligned, mut rest) = aligned::tables(lines::lines(outside));
    tables.extend(aligned);
    rest.extend(lines::lines(aside));
    tables.sort_by(|a, b| a.top.total_cmp(&b.top));
    rest.iter_mut().for_each(|line| struck.mark(line));
    Page { lines: rest, tables, width, height, scanned }
}
