//! Comments tied to the characters they are about.
//!
//! Takes the body and the comments to be; gives the body with an anchor for each, put between runs, which are cut
//! where a range begins or ends inside them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::WordError;
use super::layout::{Cut, Layout, STRICT, Side};
use super::notes::Note;
use crate::document::{Document, Piece, Span};
use crate::input::docx::package::Package;
use crate::input::docx::xml::{Token, Xml};

pub struct Anchored {
    pub body: String,
    /// The id of each comment.
    pub ids: Vec<i64>,
    pub strict: bool,
}

/// A note outside the body: its part, its bytes there, and the bytes in the body of the reference to it.
struct Aside {
    part: u16,
    note: Range<usize>,
    reference: Range<usize>,
}

/// Elements for one place of the body: first what ends there, then what begins.
#[derive(Default)]
struct Put {
    cut: Cut,
    ends: String,
    starts: String,
}

pub fn anchor(
    package: &mut Package,
    document: &Document,
    body: &str,
    notes: &[Note],
) -> Result<Anchored, WordError> {
    let layout = Layout::of(body)?;
    let asides = asides(package, document, &layout)?;
    let first = largest_comment(package, &layout)? + 1;
    let declared = layout.declaration();
    let mut puts: BTreeMap<(usize, bool), Put> = BTreeMap::new();
    let mut ids = Vec::with_capacity(notes.len());
    for (note, id) in notes.iter().zip(first..) {
        ids.push(id);
        let start_mark = format!("<w:commentRangeStart{declared} w:id=\"{id}\"/>");
        let end_mark = format!(
            "<w:commentRangeEnd{declared} w:id=\"{id}\"/><w:r{declared}><w:commentReference w:id=\"{id}\"/></w:r>"
        );
        let Some(range) = bytes_of(document, note.span, &asides) else {
            // A document without a run of text has no place for a comment but before its first run.
            let at = layout.runs.first().map_or(0, |run| run.start);
            if at > 0 {
                put(&mut puts, Cut { at, ..Cut::default() }).ends += &(start_mark + &end_mark);
            }
            continue;
        };
        let Some(run) = layout.run_at(range.start) else { continue };
        let start = layout.cut(run, range.start, Side::Start);
        let last = layout.run_at(range.end.saturating_sub(1)).filter(|last| last.paragraph == run.paragraph);
        let end = match last {
            Some(last) => layout.cut(last, range.end, Side::End),
            // A comment ends in the paragraph in which it begins.
            None => {
                let last = layout.last_of_paragraph(run).unwrap_or(run);
                layout.cut(last, last.end, Side::End)
            }
        };
        put(&mut puts, start).starts += &start_mark;
        put(&mut puts, end).ends += &end_mark;
    }
    let strict = layout.namespace == STRICT;
    Ok(Anchored { body: spliced(body, &puts), ids, strict })
}

fn put(puts: &mut BTreeMap<(usize, bool), Put>, cut: Cut) -> &mut Put {
    // At one place a run may be cut or two runs may meet, never both.
    let key = (cut.at, !cut.close.is_empty());
    puts.entry(key).or_insert_with(|| Put { cut, ..Put::default() })
}

fn spliced(body: &str, puts: &BTreeMap<(usize, bool), Put>) -> String {
    let mut edits: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for put in puts.values() {
        if let Some(tag) = &put.cut.keep {
            let kept = body[tag.clone()].trim_end_matches('>').to_owned() + " xml:space=\"preserve\">";
            edits.insert(tag.start, (tag.end, kept));
        }
        let text = [&put.cut.close, &put.ends, &put.starts, &put.cut.open].map(String::as_str).concat();
        edits.entry(put.cut.at).or_insert((put.cut.at, String::new())).1 += &text;
    }
    let mut out = String::with_capacity(body.len() * 5 / 4);
    let mut at = 0;
    for (start, (end, text)) in edits {
        out.push_str(&body[at..start]);
        out.push_str(&text);
        at = end;
    }
    out.push_str(&body[at..]);
    out
}

/// The bytes of the body that `span` of the text is about: where its characters stand, else the text nearest to it;
/// of a note outside the body, the reference that leads to it.
fn bytes_of(document: &Document, span: Span, asides: &[Aside]) -> Option<Range<usize>> {
    let source = &document.source;
    let mut touched = source.pieces(span);
    if span.is_empty() || touched.is_empty() {
        let after = document.blocks.partition_point(|block| block.span.start <= span.start);
        let block = document.blocks[..after].last().filter(|block| span.start <= block.span.end);
        // What the program counted, or what is missing: the words right behind or before it.
        let behind = source.pieces.partition_point(|piece| piece.span.end <= span.start);
        let near = source
            .pieces
            .get(behind)
            .filter(|piece| block.is_none_or(|block| block.span.contains(piece.span)));
        let nearest = near.or_else(|| source.pieces[..behind].last()).or_else(|| source.pieces.get(behind));
        touched = nearest.map(std::slice::from_ref).unwrap_or_default();
        return on_page(touched, touched.first()?.span, asides);
    }
    on_page(touched, span, asides)
}

fn on_page(pieces: &[Piece], span: Span, asides: &[Aside]) -> Option<Range<usize>> {
    let first = pieces.first()?;
    let last = pieces.iter().rev().find(|piece| piece.part == first.part)?;
    let start = inside(first, span.start);
    if first.part == 0 {
        let end = inside(last, span.end).max(start);
        return Some(start..if last.bytes.len() == last.span.len() { end } else { last.bytes.end as usize });
    }
    let holds = |aside: &&Aside| aside.part == first.part && aside.note.contains(&start);
    asides.iter().find(holds).map(|aside| aside.reference.clone())
}

/// The byte at `offset` of the text, which lies in or beside the piece.
fn inside(piece: &Piece, offset: u32) -> usize {
    let before = offset.clamp(piece.span.start, piece.span.end) - piece.span.start;
    let whole = piece.bytes.len() != piece.span.len();
    piece.bytes.start as usize + if whole { 0 } else { before as usize }
}

/// The notes that the body refers to.
fn asides(package: &mut Package, document: &Document, layout: &Layout) -> Result<Vec<Aside>, WordError> {
    let mut asides = Vec::new();
    for (number, name) in document.source.parts.iter().enumerate().skip(1) {
        let xml = super::xml_part(package, name)?;
        let mut reader = Xml::new(&xml);
        let mut open: Option<((bool, i64), usize)> = None;
        loop {
            let (token, bytes) = reader.next()?;
            match token {
                Token::Start(tag) if tag.is("footnote") || tag.is("endnote") => {
                    let id = tag.attribute("id").and_then(|id| id.trim().parse().ok());
                    open = id.map(|id| ((tag.is("footnote"), id), bytes.start));
                }
                Token::End(name) if matches!(name.local, "footnote" | "endnote") => {
                    if let Some((key, start)) = open.take()
                        && let Some(reference) = layout.references.get(&key)
                    {
                        asides.push(Aside {
                            part: number as u16,
                            note: start..bytes.end,
                            reference: reference.clone(),
                        });
                    }
                }
                Token::Eof => break,
                _ => {}
            }
        }
    }
    Ok(asides)
}

/// The largest id that a comment has, in the body or in the part of the comments.
fn largest_comment(package: &mut Package, layout: &Layout) -> Result<i64, WordError> {
    let main = package.main()?;
    let relations = package.relations(&main)?;
    let mut largest = layout.largest_comment;
    if let Some(comments) = relations.iter().find(|relation| relation.kind == "comments") {
        let xml = super::xml_part(package, &comments.target)?;
        largest = largest.max(Layout::of(&xml)?.largest_comment);
    }
    Ok(largest)
}
