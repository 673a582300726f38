//! A page saved as one file (MHTML, 单个文件网页), as office systems hand out under the name of .doc or .xls.
//!
//! Takes bytes; gives the [`Document`] of the page inside. Pictures and style sheets beside it stay where they are.

use mail_parser::{MessageParser, PartType};

use super::{Foreign, ReadError, html};
use crate::document::{Document, Origin};

pub fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    let broken = ReadError::Broken(Foreign::Mhtml);
    let message = MessageParser::default().parse(bytes).ok_or(broken)?;
    let page = message.parts.into_iter().find_map(|part| match part.body {
        PartType::Html(page) => Some(page.into_owned()),
        _ => None,
    });
    let page = page.ok_or(ReadError::Empty(Foreign::Mhtml))?.replace("\r\n", "\n");
    // The page stands in the file in another form, so no place in it is a place in the file.
    let document = html::read(name, &page, Origin { lossy: true, ..Origin::default() });
    if document.text.is_empty() { Err(ReadError::Empty(Foreign::Mhtml)) } else { Ok(document) }
}
