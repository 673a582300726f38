//! Findings put back into a Word document: as comments, and safe repairs as tracked changes.
//!
//! Takes the bytes of a document, the [`Document`] read from them and what was found in it; gives the bytes of the
//! same document with comments or changes. Everything else stays as it was, byte for byte. No I/O.

mod anchors;
mod comments;
mod earlier;
mod layout;
mod notes;
mod pack;
mod revise;

use std::io;

use self::pack::Changed;
use crate::audit::Audit;
use crate::document::Document;
use crate::input::docx::xml::Fault;
use crate::input::docx::{self, package::Package};
use crate::input::{Foreign, ReadError};
use crate::options::Lang;

pub use revise::{can_be_made, revise};

/// Who writes.
pub const AUTHOR: &str = "gouji";
const INITIALS: &str = "gj";

#[derive(Debug, thiserror::Error)]
pub enum WordError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("文档的正文不是 UTF-8 编码，只能检查，不能写批注或修订；用 Word 打开另存一次即可")]
    Encoding,
    #[error("写不成文档：{0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("写不成文档：{0}")]
    Io(#[from] io::Error),
}

impl WordError {
    pub fn english(&self) -> String {
        match self {
            WordError::Read(error) => error.english(),
            WordError::Encoding => {
                "the document is not in UTF-8, so it can be checked but not written: save it once with Word"
                    .to_owned()
            }
            WordError::Zip(error) => format!("cannot be written: {error}"),
            WordError::Io(error) => format!("cannot be written: {error}"),
        }
    }
}

impl From<Fault> for WordError {
    fn from(_: Fault) -> Self {
        WordError::Read(ReadError::Broken(Foreign::Docx))
    }
}

/// A document with comments.
pub struct Annotated {
    pub bytes: Vec<u8>,
    pub comments: usize,
}

/// `bytes`, from which `document` was read, with a comment at every finding and at each other end of it, in the place of
/// those that an earlier run wrote and nobody answered. `date` as XML writes it: 2024-03-01T09:00:00Z.
pub fn annotate(
    bytes: &[u8],
    document: &Document,
    audit: &Audit,
    lang: Lang,
    date: &str,
) -> Result<Annotated, WordError> {
    match earlier::without_earlier(bytes)? {
        // The same text, whose characters stand at other bytes now.
        Some(bytes) => comment(&bytes, &docx::read(&document.name, &bytes)?, audit, lang, date),
        None => comment(bytes, document, audit, lang, date),
    }
}

fn comment(
    bytes: &[u8],
    document: &Document,
    audit: &Audit,
    lang: Lang,
    date: &str,
) -> Result<Annotated, WordError> {
    let mut package = Package::open(bytes)?;
    let main = package.main()?;
    let body = xml_part(&mut package, &main)?;
    let notes = notes::notes(document, audit, lang);
    let found = anchors::anchor(&mut package, document, &body, &notes)?;
    let mut changed = vec![Changed { name: main.clone(), content: found.body }];
    comments::write(&mut package, &main, &notes, &found.ids, found.strict, date, &mut changed)?;
    let bytes = pack::pack(&mut package, &changed)?;
    Ok(Annotated { bytes, comments: notes.len() })
}

/// A part whose bytes are the ones that pieces of a document count.
fn xml_part(package: &mut Package, name: &str) -> Result<String, WordError> {
    let bytes = package.part(name)?.ok_or(ReadError::Broken(Foreign::Docx))?;
    String::from_utf8(bytes).map_err(|_| WordError::Encoding)
}
