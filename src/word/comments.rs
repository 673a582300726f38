//! The part of the comments, those that keep account of them, and the lines that lead to it.
//!
//! Takes the comments with their ids; gives changed parts. What stands there already stays.

use std::fmt::Write;

use super::layout::{STRICT, TRANSITIONAL};
use super::notes::Note;
use super::pack::{Changed, append, escape};
use super::{AUTHOR, INITIALS, WordError};
use crate::input::docx::package::{Package, relations_part};
use crate::input::{Foreign, ReadError};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const BROKEN: WordError = WordError::Read(ReadError::Broken(Foreign::Docx));

/// Parts that must name every comment where they exist, and how they name one.
const ACCOUNTS: [(&str, &str); 3] = [
    (
        "commentsExtended",
        "<w15:commentEx xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\" w15:paraId=\"{id}\" w15:done=\"0\"/>",
    ),
    (
        "commentsIds",
        "<w16cid:commentId xmlns:w16cid=\"http://schemas.microsoft.com/office/word/2016/wordml/cid\" \
         w16cid:paraId=\"{id}\" w16cid:durableId=\"{id}\"/>",
    ),
    (
        "commentsExtensible",
        "<w16cex:commentExtensible xmlns:w16cex=\"http://schemas.microsoft.com/office/word/2018/wordml/cex\" \
         w16cex:durableId=\"{id}\" w16cex:dateUtc=\"{date}\"/>",
    ),
];

pub fn write(
    package: &mut Package,
    main: &str,
    notes: &[Note],
    ids: &[i64],
    strict: bool,
    date: &str,
    changed: &mut Vec<Changed>,
) -> Result<(), WordError> {
    if notes.is_empty() {
        return Ok(());
    }
    let relations = package.relations(main)?;
    let part =
        |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|one| one.target.clone());
    let existing = match part("comments") {
        Some(name) => Some((super::xml_part(package, &name)?, name)),
        None => None,
    };
    let accounts: Vec<(String, &str)> =
        ACCOUNTS.iter().filter_map(|(kind, line)| Some((part(kind)?, *line))).collect();
    let taken = format!("{}{}", changed[0].content, existing.as_ref().map_or("", |(xml, _)| xml));
    let marks = if accounts.is_empty() { Vec::new() } else { marks(&taken, notes.len()) };
    let namespace = if strict { STRICT } else { TRANSITIONAL };
    let mut all = String::new();
    for (place, (note, id)) in notes.iter().zip(ids).enumerate() {
        comment(&mut all, note, *id, marks.get(place).map(String::as_str), namespace, date);
    }
    match existing {
        Some((xml, name)) => changed.push(Changed { content: append(&xml, &all).ok_or(BROKEN)?, name }),
        None => {
            let name = free_name(package, main);
            let content = format!("{HEAD}<w:comments xmlns:w=\"{namespace}\">{all}</w:comments>");
            lead_to(package, main, &name, strict, changed)?;
            changed.push(Changed { name, content });
        }
    }
    for (name, line) in accounts {
        let lines: String = marks.iter().map(|id| line.replace("{id}", id).replace("{date}", date)).collect();
        let xml = super::xml_part(package, &name)?;
        changed.push(Changed { content: append(&xml, &lines).ok_or(BROKEN)?, name });
    }
    Ok(())
}

fn comment(out: &mut String, note: &Note, id: i64, mark: Option<&str>, namespace: &str, date: &str) {
    let _ = write!(
        out,
        "<w:comment xmlns:w=\"{namespace}\" w:id=\"{id}\" w:author=\"{AUTHOR}\" w:date=\"{date}\" \
         w:initials=\"{INITIALS}\">"
    );
    for (place, text) in note.paragraphs.iter().enumerate() {
        // The last paragraph is the one by which other parts name the comment.
        match mark.filter(|_| place + 1 == note.paragraphs.len()) {
            Some(mark) => {
                let _ = write!(
                    out,
                    "<w:p xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" w14:paraId=\"{mark}\">"
                );
            }
            None => out.push_str("<w:p>"),
        }
        if place == 0 {
            out.push_str("<w:r><w:annotationRef/></w:r>");
        }
        let _ = write!(out, "<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escape(text));
    }
    out.push_str("</w:comment>");
}

/// Marks of paragraphs that nothing in `taken` has.
fn marks(taken: &str, count: usize) -> Vec<String> {
    let taken = taken.to_ascii_uppercase();
    let used: rustc_hash::FxHashSet<&str> =
        taken.split("PARAID=\"").skip(1).filter_map(|rest| rest.get(..8)).collect();
    let free = (0x6A00_0000u32..).map(|mark| format!("{mark:08X}"));
    free.filter(|mark| !used.contains(mark.as_str())).take(count).collect()
}

/// A name for the part beside the body.
fn free_name(package: &Package, main: &str) -> String {
    let folder = main.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut name = format!("{folder}comments.xml");
    for number in 1.. {
        if package.entry(&name).is_none() {
            break;
        }
        name = format!("{folder}comments{number}.xml");
    }
    name
}

/// The relationship and the content type of a new part.
fn lead_to(
    package: &mut Package,
    main: &str,
    name: &str,
    strict: bool,
    changed: &mut Vec<Changed>,
) -> Result<(), WordError> {
    let base = if strict {
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    } else {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    };
    let space = "http://schemas.openxmlformats.org/package/2006/relationships";
    let links = relations_part(main);
    let xml = match package.entry(&links) {
        Some(_) => super::xml_part(package, &links)?,
        None => format!("{HEAD}<Relationships xmlns=\"{space}\"></Relationships>"),
    };
    let mut id = "rIdGouji".to_owned();
    while xml.contains(&format!("\"{id}\"")) {
        id.push('1');
    }
    let line =
        format!("<Relationship xmlns=\"{space}\" Id=\"{id}\" Type=\"{base}/comments\" Target=\"/{name}\"/>");
    changed.push(Changed { content: append(&xml, &line).ok_or(BROKEN)?, name: links });

    let types = "[Content_Types].xml".to_owned();
    let xml = super::xml_part(package, &types)?;
    let line = format!(
        "<Override xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\" PartName=\"/{name}\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml\"/>"
    );
    changed.push(Changed { content: append(&xml, &line).ok_or(BROKEN)?, name: types });
    Ok(())
}
