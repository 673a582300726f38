//! The zip container of a document: parts by name, and the relationships that lead from one to another.
//!
//! Takes bytes; gives parts. Targets outside the container are never looked at.

use std::io::{Cursor, Read};

use rustc_hash::FxHashMap;

use super::xml::{Token, Xml};
use crate::input::{Foreign, ReadError};

/// What the parts that are read may come to once unpacked.
pub const MOST_BYTES: u64 = 256 << 20;
const MOST_PARTS: usize = 10_000;

pub struct Package<'b> {
    pub archive: zip::ZipArchive<Cursor<&'b [u8]>>,
    /// Entries by name as the standard compares them.
    entries: FxHashMap<String, usize>,
    left: u64,
}

/// One line of a relationship part.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The last word of its type: `styles`, `numbering`, `officeDocument`.
    pub kind: String,
    /// The part it leads to.
    pub target: String,
}

const BROKEN: ReadError = ReadError::Broken(Foreign::Docx);

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8]) -> Result<Package<'b>, ReadError> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
        if archive.len() > MOST_PARTS {
            return Err(ReadError::TooManyParts { limit: MOST_PARTS });
        }
        let names = (0..archive.len()).filter_map(|at| {
            let name = archive.name_for_index(at)?.ok()?;
            Some((comparable(&name), at))
        });
        let entries = names.collect();
        Ok(Package { archive, entries, left: MOST_BYTES })
    }

    /// Place of the part among the entries.
    pub fn entry(&self, part: &str) -> Option<usize> {
        self.entries.get(&comparable(part)).copied()
    }

    /// The bytes of a part; none where there is no such part.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(at) = self.entry(name) else { return Ok(None) };
        let entry = self.archive.by_index(at).map_err(|_| BROKEN)?;
        // What an archive says of its own sizes may be a lie.
        let mut bytes = Vec::with_capacity(entry.size().min(4 << 20) as usize);
        entry.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| BROKEN)?;
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or(ReadError::Unpacked { limit: MOST_BYTES })?;
        Ok(Some(bytes))
    }

    /// The relationships of a part, of the package itself where `part` is "".
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, ReadError> {
        let Some(bytes) = self.part(&relations_part(part))? else { return Ok(Vec::new()) };
        let text = super::text_of(&bytes).ok_or(BROKEN)?;
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut relations = Vec::new();
        let mut xml = Xml::new(&text.0);
        loop {
            let (token, _) = xml.next().map_err(|_| BROKEN)?;
            let tag = match token {
                Token::Eof => return Ok(relations),
                Token::Start(tag) if tag.name.local == "Relationship" => tag,
                _ => continue,
            };
            let get = |name| tag.attribute(name).unwrap_or_default();
            if get("TargetMode").eq_ignore_ascii_case("external") {
                continue;
            }
            let kind = get("Type").rsplit('/').next().unwrap_or_default().to_owned();
            relations.push(Relation { kind, target: resolve(folder, &get("Target")) });
        }
    }

    /// The part that is the document, as the package itself names it.
    pub fn main(&mut self) -> Result<String, ReadError> {
        let named = self.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
        let name = named.map_or_else(|| "word/document.xml".to_owned(), |relation| relation.target);
        self.entry(&name).map(|_| name).ok_or(BROKEN)
    }
}

/// The part that holds the relationships of `part`.
pub fn relations_part(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// `target` as seen from `folder`; `/` leads back to the top.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// Names are alike whatever the case of their letters; some programs write backslashes.
fn comparable(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}
