//! Comments of an earlier run, which the new ones take the place of.
//!
//! Takes a container; gives it without the comments that gouji wrote and nobody has answered. Comments of people stay.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::pack::{Changed, pack};
use super::{AUTHOR, WordError, xml_part};
use crate::input::docx::package::Package;
use crate::input::docx::xml::{Tag, Token, Xml};

/// None where there are no such comments.
pub fn without_earlier(bytes: &[u8]) -> Result<Option<Vec<u8>>, WordError> {
    let mut package = Package::open(bytes)?;
    let main = package.main()?;
    let relations = package.relations(&main)?;
    let mut part = |kind: &str| -> Result<Option<(String, String)>, WordError> {
        let Some(relation) = relations.iter().find(|relation| relation.kind == kind) else { return Ok(None) };
        // A relationship may lead nowhere.
        if package.entry(&relation.target).is_none() {
            return Ok(None);
        }
        Ok(Some((relation.target.clone(), xml_part(&mut package, &relation.target)?)))
    };
    let Some((name, comments)) = part("comments")? else { return Ok(None) };
    let [threads, ids, more] = [part("commentsExtended")?, part("commentsIds")?, part("commentsExtensible")?];

    let mut answered = FxHashSet::default();
    if let Some((_, xml)) = &threads {
        elements(xml, |tag| answered.extend(tag.attribute("paraIdParent").map(|id| id.into_owned())))?;
    }
    let own = own_comments(&comments, &answered)?;
    if own.is_empty() {
        return Ok(None);
    }
    let numbers: FxHashSet<String> = own.iter().map(|one| one.id.clone()).collect();
    let marks: FxHashSet<String> = own.iter().flat_map(|one| one.marks.iter().cloned()).collect();
    let mut lasting = FxHashSet::default();
    if let Some((_, xml)) = &ids {
        elements(xml, |tag| {
            if tag.attribute("paraId").is_some_and(|id| marks.contains(&*id)) {
                lasting.extend(tag.attribute("durableId").map(|id| id.into_owned()));
            }
        })?;
    }

    let body = xml_part(&mut package, &main)?;
    let mut changed = vec![Changed { content: without(&body, &anchors(&body, &numbers)?), name: main }];
    let places: Vec<Range<usize>> = own.into_iter().map(|one| one.place).collect();
    changed.push(Changed { content: without(&comments, &places), name });
    let accounts = [(threads, "paraId", &marks), (ids, "paraId", &marks), (more, "durableId", &lasting)];
    for (part, key, gone) in accounts {
        let Some((name, xml)) = part else { continue };
        let mut places = Vec::new();
        each(&xml, |tag, place| {
            if tag.attribute(key).is_some_and(|id| gone.contains(&*id)) {
                places.push(place);
            }
        })?;
        changed.push(Changed { content: without(&xml, &places), name });
    }
    Ok(Some(pack(&mut package, &changed)?))
}

struct Own {
    id: String,
    /// By which other parts name its paragraphs.
    marks: Vec<String>,
    place: Range<usize>,
}

fn own_comments(xml: &str, answered: &FxHashSet<String>) -> Result<Vec<Own>, WordError> {
    let mut found = Vec::new();
    let mut open: Option<Own> = None;
    let mut reader = Xml::new(xml);
    loop {
        let (token, bytes) = reader.next()?;
        match token {
            Token::Start(tag) if tag.is("comment") => {
                let own = tag.attribute("author").is_some_and(|author| author == AUTHOR);
                let id = tag.attribute("id").filter(|_| own);
                open = id.map(|id| Own { id: id.trim().to_owned(), marks: Vec::new(), place: bytes });
            }
            Token::Start(tag) if tag.is("p") => {
                if let (Some(own), Some(mark)) = (&mut open, tag.attribute("paraId")) {
                    own.marks.push(mark.into_owned());
                }
            }
            Token::End(name) if name.local == "comment" => {
                if let Some(own) =
                    open.take().filter(|own| !own.marks.iter().any(|mark| answered.contains(mark)))
                {
                    found.push(Own { place: own.place.start..bytes.end, ..own });
                }
            }
            Token::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Where the body has the anchors of these comments; of a run that holds nothing but its reference, all of it.
fn anchors(body: &str, numbers: &FxHashSet<String>) -> Result<Vec<Range<usize>>, WordError> {
    let mut found = Vec::new();
    // The open run: where it begins, its reference, and whether it holds anything else.
    let mut run: Option<(usize, Option<Range<usize>>, bool)> = None;
    let mut reader = Xml::new(body);
    loop {
        let (token, bytes) = reader.next()?;
        match token {
            Token::Start(tag) if tag.is("r") => run = Some((bytes.start, None, false)),
            Token::Start(tag) if tag.is("rPr") => reader.skip()?,
            Token::Start(tag) => {
                let mark = ["commentRangeStart", "commentRangeEnd", "commentReference"]
                    .iter()
                    .any(|name| tag.is(name));
                let gone = mark && tag.attribute("id").is_some_and(|id| numbers.contains(id.trim()));
                match &mut run {
                    Some((_, reference, _)) if gone => *reference = Some(bytes),
                    Some((_, _, other)) => *other = true,
                    None if gone => found.push(bytes),
                    None => {}
                }
            }
            Token::Text(_) | Token::Char(_) => {
                if let Some((_, _, other)) = &mut run {
                    *other = true;
                }
            }
            Token::End(name) if name.local == "r" => {
                if let Some((start, Some(reference), other)) = run.take() {
                    found.push(if other { reference } else { start..bytes.end });
                }
            }
            Token::End(_) => {}
            Token::Eof => return Ok(found),
        }
    }
}

fn elements(xml: &str, mut take: impl FnMut(&Tag)) -> Result<(), WordError> {
    each(xml, |tag, _| take(tag))
}

/// Every element inside the root, which none of these parts nests, with its bytes.
fn each(xml: &str, mut take: impl FnMut(&Tag, Range<usize>)) -> Result<(), WordError> {
    let mut reader = Xml::new(xml);
    let mut inside = false;
    loop {
        let (token, bytes) = reader.next()?;
        match token {
            Token::Start(tag) if inside => {
                let empty = tag.raw.ends_with("/>");
                let mut end = bytes.end;
                if !empty {
                    reader.skip()?;
                    end = reader.at();
                }
                take(&tag, bytes.start..end);
            }
            Token::Start(_) => inside = true,
            Token::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// `xml` without these places, which lie in order and apart.
fn without(xml: &str, places: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut at = 0;
    for place in places {
        out.push_str(&xml[at..place.start]);
        at = place.end;
    }
    out.push_str(&xml[at..]);
    out
}
