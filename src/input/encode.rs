//! Text back to bytes in the form the file had: encoding, byte order mark, line ends.
//!
//! Takes a [`Document`] and its changed text; gives bytes. It must not know what was changed.

use encoding_rs::GB18030;

use super::decode::{GB, UTF_16BE, UTF_16LE};
use crate::document::{Document, LineEnd, Newline};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("文件中有无法读出的字符，写回会丢失原来的内容；请先修好这些字符，或另存为 UTF-8 后再改")]
    Lossy,
    #[error("改正后的文字中有 {0} 编码写不出的字符；请先把文件另存为 UTF-8")]
    Unmappable(&'static str),
}

impl EncodeError {
    /// The same sentence in English.
    pub fn english(&self) -> String {
        match self {
            EncodeError::Lossy => "the file holds characters that could not be read; writing it back would \
                                   lose them: repair them first"
                .to_owned(),
            EncodeError::Unmappable(encoding) => {
                format!(
                    "the repaired text holds characters that {encoding} cannot write: save the file as UTF-8 first"
                )
            }
        }
    }
}

/// `text`, a repaired form of `document.text`, as the bytes of the file. An unchanged text gives the
/// bytes that were read.
pub fn encode(document: &Document, text: &str) -> Result<Vec<u8>, EncodeError> {
    let origin = &document.origin;
    if origin.lossy {
        return Err(EncodeError::Lossy);
    }
    let mut out = String::with_capacity(text.len() + 3);
    if origin.bom {
        out.push('\u{feff}');
    }
    restore_line_ends(&document.text, text, &origin.newline, &mut out);
    match origin.encoding {
        GB => match GB18030.encode(&out) {
            (_, _, true) => Err(EncodeError::Unmappable(GB)),
            (bytes, ..) => Ok(bytes.into_owned()),
        },
        UTF_16LE => Ok(out.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        UTF_16BE => Ok(out.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        _ => Ok(out.into_bytes()),
    }
}

fn restore_line_ends(old: &str, new: &str, newline: &Newline, out: &mut String) {
    let end_of: Box<dyn Fn(usize) -> LineEnd> = match newline {
        Newline::Uniform(LineEnd::Lf) => return out.push_str(new),
        Newline::Uniform(end) => Box::new(|_| *end),
        Newline::Mixed(ends) => {
            // Lines before the first and after the last changed one keep their own ends.
            let same = old.split('\n').zip(new.split('\n')).take_while(|(old, new)| old == new).count();
            let lines = new.matches('\n').count();
            Box::new(move |line| {
                let from_end = (lines - line).min(ends.len());
                let place = if line < same || lines == ends.len() { line } else { ends.len() - from_end };
                ends.get(place).or(ends.last()).copied().unwrap_or(LineEnd::Lf)
            })
        }
    };
    for (index, line) in new.split_inclusive('\n').enumerate() {
        match line.strip_suffix('\n') {
            Some(body) => {
                out.push_str(body);
                out.push_str(end_of(index).as_str());
            }
            None => out.push_str(line),
        }
    }
}
