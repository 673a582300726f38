//! What an OLE container is, by the streams at its root: a document may hold a workbook and a workbook a document.

use std::io::Cursor;

use super::{Foreign, ReadError};

/// `guess`: what the bytes look like. A damaged document goes on to its reader, which may know other ways.
pub fn kind(bytes: &[u8], guess: Foreign) -> Result<Foreign, ReadError> {
    let open = || cfb::CompoundFile::open(Cursor::new(bytes)).ok();
    let Some(container) = std::panic::catch_unwind(open).ok().flatten() else {
        return match guess {
            Foreign::Encrypted | Foreign::Doc => Ok(guess),
            _ => Err(ReadError::Broken(guess)),
        };
    };
    let names = [
        ("/EncryptedPackage", Foreign::Encrypted),
        ("/WordDocument", Foreign::Doc),
        ("/Workbook", Foreign::Xls),
        ("/Book", Foreign::Xls),
    ];
    Ok(names.iter().find(|(name, _)| container.exists(name)).map_or(Foreign::Ole, |&(_, kind)| kind))
}
