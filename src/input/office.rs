//! Formats without a reader of our own: what an installed LibreOffice makes of them is read instead.
//!
//! Takes bytes and what they are; gives the [`Document`], which says that it was converted. It must not know how the
//! program is run.

use memchr::memmem;

use super::convert::{Trouble, convert};
use super::{Foreign, Limits, ReadError};
use crate::document::{Document, Format};

/// The ending of the format's name, and that of what it is turned into.
fn route(what: Foreign, bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = &bytes[..bytes.len().min(4096)];
    let sheet = || memmem::find(head, b"opendocument.spreadsheet").is_some();
    Some(match what {
        Foreign::Doc => ("doc", "docx"),
        Foreign::Rtf => ("rtf", "docx"),
        Foreign::WordXml => ("xml", "docx"),
        Foreign::SheetXml => ("xml", "xlsx"),
        Foreign::OpenDocument if sheet() => ("ods", "xlsx"),
        Foreign::OpenDocument if memmem::find(head, b"opendocument.text").is_some() => ("odt", "docx"),
        _ => return None,
    })
}

/// Reads what no reader reads; `Foreign` where no program helps either.
pub fn read(name: &str, bytes: &[u8], what: Foreign, limits: &Limits) -> Result<Document, ReadError> {
    let (from, to) = route(what, bytes).ok_or(ReadError::Foreign(what))?;
    if !limits.office {
        return Err(ReadError::NeedsOffice(what));
    }
    let made = convert(bytes, from, to, limits.bytes).map_err(|trouble| match trouble {
        Trouble::NotInstalled => ReadError::NeedsOffice(what),
        Trouble::Failed => ReadError::OfficeFailed(what),
    })?;
    let (read, format) = match to {
        "xlsx" => (super::sheet::read_xlsx(name, made), Format::Xls),
        _ => (super::docx::read(name, &made), Format::Doc),
    };
    let mut document = read.map_err(|error| match error {
        ReadError::Empty(_) => ReadError::Empty(what),
        ReadError::Broken(_) => ReadError::OfficeFailed(what),
        other => other,
    })?;
    // The bytes of the converted file are not those of the file that was handed in.
    document.source.format = format;
    document.source.parts.clear();
    document.source.pieces.clear();
    document.source.converted = true;
    Ok(document)
}

/// A document that our own reader cannot read: older than it knows, or damaged.
pub fn read_instead(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    error: ReadError,
) -> Result<Document, ReadError> {
    if !matches!(error, ReadError::TooOld | ReadError::Broken(_)) {
        return Err(error);
    }
    match read(name, bytes, Foreign::Doc, limits) {
        Err(ReadError::NeedsOffice(_) | ReadError::OfficeFailed(_))
            if !matches!(error, ReadError::TooOld) =>
        {
            Err(error)
        }
        other => other,
    }
}
