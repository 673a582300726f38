//! The container written again with some parts changed, everything else byte for byte as it was.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::WordError;
use crate::input::docx::package::Package;

/// A part with its new content.
pub struct Changed {
    pub name: String,
    pub content: String,
}

/// `package` with `changed` in the place of parts of the same name, or behind all others.
pub fn pack(package: &mut Package, changed: &[Changed]) -> Result<Vec<u8>, WordError> {
    let places: Vec<Option<usize>> = changed.iter().map(|part| package.entry(&part.name)).collect();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..package.archive.len() {
        let entry = package.archive.by_index_raw(at)?;
        match places.iter().position(|place| *place == Some(at)) {
            None => out.raw_copy_file(entry)?,
            Some(part) => {
                let name = entry.name()?.into_owned();
                let time = entry.last_modified().unwrap_or_default();
                drop(entry);
                out.start_file(name, options().last_modified_time(time))?;
                out.write_all(changed[part].content.as_bytes())?;
            }
        }
    }
    for (part, _) in changed.iter().zip(&places).filter(|(_, place)| place.is_none()) {
        out.start_file(&part.name, options())?;
        out.write_all(part.content.as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}

/// The time of an entry is no part of what it says: the same input must give the same bytes.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)
}

/// Text for XML, without what XML cannot hold.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// `xml` with `content` as the last of its root.
pub fn append(xml: &str, content: &str) -> Option<String> {
    let start = xml.find('<').filter(|_| !content.is_empty())?;
    match xml.rfind("</") {
        Some(end) => Some([&xml[..end], content, &xml[end..]].concat()),
        None => {
            // A root without content.
            let end = xml.rfind("/>").filter(|end| *end > start)?;
            let tag = xml[..end].rfind('<')?;
            let name = xml[tag + 1..end].split_ascii_whitespace().next()?;
            Some(format!("{}>{content}</{name}>{}", &xml[..end], &xml[end + 2..]))
        }
    }
}
