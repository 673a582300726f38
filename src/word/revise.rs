//! Safe repairs as tracked changes: the old characters struck out, the new ones put in beside them.
//!
//! Takes edits of the text; gives the document with them. The runs keep their properties.

use std::collections::BTreeMap;
use std::ops::Range;

use super::layout::{Layout, Run, Side};
use super::pack::{Changed, escape, pack};
use super::{AUTHOR, WordError};
use crate::diagnostic::Edit;
use crate::document::{Document, Format, Piece};
use crate::input::docx::package::Package;

/// Whether every character that the edit replaces stands in the file, in one part. Automatic numbers do not; and what
/// is put in where nothing is taken out needs a neighbour that does.
pub fn can_be_made(document: &Document, edit: &Edit) -> bool {
    if document.source.format != Format::Docx {
        return false;
    }
    if edit.span.is_empty() {
        return neighbour(document, edit).is_some();
    }
    let pieces = document.source.pieces(edit.span);
    let covered: usize = pieces.iter().map(|piece| shared(piece, edit).len()).sum();
    let whole = |piece: &Piece| piece.bytes.len() == piece.span.len() || edit.span.contains(piece.span);
    covered == edit.span.len() && pieces.iter().all(|piece| piece.part == pieces[0].part && whole(piece))
}

/// The piece that ends or goes on where the edit puts something in.
fn neighbour<'d>(document: &'d Document, edit: &Edit) -> Option<&'d Piece> {
    let pieces = &document.source.pieces;
    let before = pieces.partition_point(|piece| piece.span.start < edit.span.start);
    let piece = pieces[..before].last()?;
    let plain = piece.bytes.len() == piece.span.len() || piece.span.end == edit.span.start;
    (plain && piece.span.end >= edit.span.start).then_some(piece)
}

fn part_of(document: &Document, edit: &Edit) -> Option<u16> {
    let pieces = document.source.pieces(edit.span);
    pieces.first().or_else(|| neighbour(document, edit)).map(|piece| piece.part)
}

/// The bytes of the piece that the edit takes out.
fn shared(piece: &Piece, edit: &Edit) -> Range<u32> {
    piece.span.start.max(edit.span.start)..piece.span.end.min(edit.span.end)
}

/// `bytes`, from which `document` was read, with `edits` as tracked changes, and how many could be made.
pub fn revise(
    bytes: &[u8],
    document: &Document,
    edits: &[&Edit],
    date: &str,
) -> Result<(Vec<u8>, usize), WordError> {
    let mut package = Package::open(bytes)?;
    let mut changed = Vec::new();
    let mut made = 0;
    for (number, name) in document.source.parts.iter().enumerate() {
        let of_part = |edit: &&&Edit| {
            can_be_made(document, edit) && part_of(document, edit).map(usize::from) == Some(number)
        };
        let own: Vec<&Edit> = edits.iter().filter(of_part).copied().collect();
        if own.is_empty() {
            continue;
        }
        let xml = super::xml_part(&mut package, name)?;
        let (content, count) = part(&xml, document, &own, date)?;
        made += count;
        changed.push(Changed { name: name.clone(), content });
    }
    Ok((pack(&mut package, &changed)?, made))
}

fn part(xml: &str, document: &Document, edits: &[&Edit], date: &str) -> Result<(String, usize), WordError> {
    let layout = Layout::of(xml)?;
    let mut id = layout.largest_id;
    // Bytes to replace, by where they begin; they are disjoint because the edits are.
    let mut splices: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    let mut made = 0;
    for edit in edits {
        let Some(steps) = steps(&layout, document, edit) else { continue };
        made += 1;
        let count = steps.len();
        for (place, bytes) in steps.into_iter().enumerate() {
            let insert =
                (place + 1 == count).then_some(edit.replacement.as_str()).filter(|text| !text.is_empty());
            let Some(run) = layout.run_at(bytes.start) else { continue };
            let start = layout.cut(run, bytes.start, if bytes.is_empty() { Side::End } else { Side::Start });
            let end = if bytes.is_empty() { start.clone() } else { layout.cut(run, bytes.end, Side::End) };
            if let Some(tag) = start.keep {
                let before = splices.values().next_back().map_or(0, |(end, _)| *end);
                let kept = xml[tag.clone()].trim_end_matches('>').to_owned() + " xml:space=\"preserve\">";
                if before <= tag.start {
                    splices.insert(tag.start, (tag.end, kept));
                }
            }
            let text = start.close + &change(&layout, xml, run, &bytes, insert, &mut id, date) + &end.open;
            splices.insert(start.at, (end.at, text));
        }
    }
    let mut out = String::with_capacity(xml.len() + 1024 * made);
    let mut at = 0;
    for (start, (end, text)) in splices {
        out.push_str(&xml[at..start]);
        out.push_str(&text);
        at = end;
    }
    out.push_str(&xml[at..]);
    Ok((out, made))
}

/// The stretches of bytes that the edit takes out; none where one of them may not be touched.
fn steps(layout: &Layout, document: &Document, edit: &Edit) -> Option<Vec<Range<usize>>> {
    if edit.span.is_empty() {
        let piece = neighbour(document, edit)?;
        let whole = piece.bytes.len() != piece.span.len();
        let into = edit.span.start - piece.span.start;
        let at = if whole { piece.bytes.end as usize } else { (piece.bytes.start + into) as usize };
        let run = layout.run_at(at.saturating_sub(1))?;
        let around = if whole { piece.bytes.start as usize..at } else { at..at };
        return layout.is_plain(run, &around).then(|| std::iter::once(at..at).collect());
    }
    let pieces = document.source.pieces(edit.span).iter();
    let steps = pieces.map(|piece| {
        let span = shared(piece, edit);
        let start = piece.bytes.start as usize;
        let bytes = match piece.bytes.len() == piece.span.len() {
            true => {
                start + (span.start - piece.span.start) as usize
                    ..start + (span.end - piece.span.start) as usize
            }
            false => start..piece.bytes.end as usize,
        };
        let run = layout.run_at(bytes.start)?;
        layout.is_plain(run, &bytes).then_some((bytes, run.paragraph))
    });
    let steps: Vec<(Range<usize>, u32)> = steps.collect::<Option<_>>()?;
    let one_paragraph = steps.iter().all(|step| step.1 == steps[0].1);
    one_paragraph.then(|| steps.into_iter().map(|step| step.0).collect())
}

/// `bytes` struck out and `insert` put in, each in a run like the one that holds them.
fn change(
    layout: &Layout,
    xml: &str,
    run: &Run,
    bytes: &Range<usize>,
    insert: Option<&str>,
    id: &mut i64,
    date: &str,
) -> String {
    let (head, tail) = (layout.head(run), layout.tail(run));
    let declared = layout.declaration();
    let mut who = || {
        *id += 1;
        format!("{declared} w:id=\"{id}\" w:author=\"{AUTHOR}\" w:date=\"{date}\"")
    };
    let mut text = String::new();
    let old = &xml[bytes.clone()];
    if !old.is_empty() {
        let struck = match old.starts_with('<') {
            // An element such as a tab.
            true => old.to_owned(),
            false => format!("<w:delText{declared} xml:space=\"preserve\">{old}</w:delText>"),
        };
        text = format!("<w:del{}>{head}{struck}{tail}</w:del>", who());
    }
    let Some(insert) = insert else { return text };
    let new = format!("<w:t{declared} xml:space=\"preserve\">{}</w:t>", escape(insert));
    let new = format!("<w:ins{}>{head}{new}{tail}</w:ins>", who());
    match &run.inserted {
        // An insertion inside another's would be that other's.
        Some(tag) => {
            let open = &xml[tag.clone()];
            let name = open[1..].split([' ', '>']).next().unwrap_or("w:ins");
            text + "</" + name + ">" + &new + open
        }
        None => text + &new,
    }
}
