//! Bytes to text: encoding, byte order mark, line ends.
//!
//! Takes bytes; gives UTF-8 with LF line ends and the [`Origin`] needed to write it back. It must not
//! know blocks.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{GB18030, UTF_8 as UTF8};
use memchr::{memchr, memchr2};

use super::magic::{self, Foreign};
use crate::document::{LineEnd, Newline, Origin};

pub const UTF_8: &str = "UTF-8";
pub const UTF_16LE: &str = "UTF-16LE";
pub const UTF_16BE: &str = "UTF-16BE";
pub const GB: &str = "gb18030";

const BOM: &str = "\u{feff}";

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoText {
    Foreign(Foreign),
    UnknownEncoding,
}

pub fn decode(mut bytes: Vec<u8>) -> Result<(String, Origin), NoText> {
    let bom = |encoding, lossy| Origin { encoding, bom: true, lossy, ..Origin::default() };
    let plain = |encoding, lossy| Origin { encoding, lossy, ..Origin::default() };
    let (text, origin) = if bytes.starts_with(BOM.as_bytes()) {
        bytes.drain(..BOM.len());
        let (text, lossy) = utf8_lossy(bytes);
        (text, bom(UTF_8, lossy))
    } else if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(NoText::UnknownEncoding);
    } else if bytes.starts_with(&[0xff, 0xfe]) {
        let (text, lossy) = utf16(&bytes[2..], u16::from_le_bytes);
        (text, bom(UTF_16LE, lossy))
    } else if bytes.starts_with(&[0xfe, 0xff]) {
        let (text, lossy) = utf16(&bytes[2..], u16::from_be_bytes);
        (text, bom(UTF_16BE, lossy))
    } else {
        let nul = memchr(0, &bytes).is_some();
        match utf8(&bytes) {
            Some(text) if !nul => (text.to_owned(), Origin::default()),
            read => {
                let valid = read.is_some();
                match guess(&bytes, valid)? {
                    GB => {
                        let (text, bad) = GB18030.decode_without_bom_handling(&bytes);
                        match text.strip_prefix(BOM) {
                            Some(rest) => (rest.to_owned(), bom(GB, bad)),
                            None => (text.into_owned(), plain(GB, bad)),
                        }
                    }
                    UTF_16LE => {
                        let (text, lossy) = utf16(&bytes, u16::from_le_bytes);
                        (text, plain(UTF_16LE, lossy))
                    }
                    UTF_16BE => {
                        let (text, lossy) = utf16(&bytes, u16::from_be_bytes);
                        (text, plain(UTF_16BE, lossy))
                    }
                    _ => {
                        let (text, lossy) = utf8_lossy(bytes);
                        (text, plain(UTF_8, lossy))
                    }
                }
            }
        }
    };
    let (text, newline) = line_feeds(text);
    Ok((text, Origin { newline, ..origin }))
}

/// The bytes as UTF-8, where they are. The standard library looks at every character by itself, which for Chinese takes
/// longer than a copy of the text.
fn utf8(bytes: &[u8]) -> Option<&str> {
    match UTF8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(Cow::Borrowed(text)) => Some(text),
        _ => None,
    }
}

fn utf8_lossy(bytes: Vec<u8>) -> (String, bool) {
    match utf8(&bytes) {
        Some(text) => (text.to_owned(), false),
        None => (String::from_utf8_lossy(&bytes).into_owned(), true),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, bool) {
    let pairs = bytes.chunks_exact(2);
    let mut lossy = !pairs.remainder().is_empty();
    let torn = lossy.then_some(char::REPLACEMENT_CHARACTER);
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    text.extend(char::decode_utf16(units).map(|decoded| {
        decoded.unwrap_or_else(|_| {
            lossy = true;
            char::REPLACEMENT_CHARACTER
        })
    }));
    text.extend(torn);
    (text, lossy)
}

/// The encoding of bytes that are no clean UTF-8, or hold a NUL. Only encodings that a Chinese office
/// program writes are ever guessed.
fn guess(bytes: &[u8], valid_utf8: bool) -> Result<&'static str, NoText> {
    if let Some(utf16) = guess_utf16(bytes) {
        return Ok(utf16);
    }
    if magic::mostly_control(bytes) {
        return Err(NoText::Foreign(Foreign::Binary));
    }
    if valid_utf8 || mostly_utf8(bytes) {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let named = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let (pairs, common, broken) = gb_pairs(bytes);
    let named_gb = named == encoding_rs::GBK || named == GB18030;
    // A short or odd text may be taken for another encoding; common hanzi throughout say otherwise.
    let long_enough_to_tell = pairs >= 50;
    let chinese = if long_enough_to_tell || !named_gb { common * 10 >= pairs * 4 } else { true };
    if broken * 10 <= pairs && chinese && (named_gb || broken == 0) {
        return Ok(GB);
    }
    Err(NoText::UnknownEncoding)
}

/// UTF-16 without a mark: nearly every unit is ASCII, hanzi or Chinese punctuation in one byte order.
fn guess_utf16(bytes: &[u8]) -> Option<&'static str> {
    const SAMPLE: usize = 8192;
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let units = sample.len() / 2;
    if units < 2 {
        return None;
    }
    let plausible = |unit: fn([u8; 2]) -> u16| {
        let fits = |unit: u16| match unit {
            0x09 | 0x0a | 0x0d | 0x20..=0x7e => true,
            // One hanzi in 256 ends in 00, but every ASCII character read in the wrong order does.
            0x4e00..=0x9fff => unit & 0xff != 0,
            0x2010..=0x203b | 0x2460..=0x24ff | 0x3001..=0x303f | 0xff00..=0xffef => true,
            0x3000 => true,
            _ => false,
        };
        sample.chunks_exact(2).filter(|pair| fits(unit([pair[0], pair[1]]))).count()
    };
    let (le, be) = (plausible(u16::from_le_bytes), plausible(u16::from_be_bytes));
    let (encoding, best) = if le >= be { (UTF_16LE, le) } else { (UTF_16BE, be) };
    (best * 10 >= units * 9 && le != be).then_some(encoding)
}

/// UTF-8 with a scratch: whole characters outweigh broken ones, or only the last one is cut off.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken, mut cut) = (0usize, 0usize, false);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().bytes().filter(|&byte| byte >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
        cut = matches!(chunk.invalid(), [0xe0..=0xf4, ..]);
    }
    let ascii = bytes.len().saturating_sub(whole * 3);
    broken * 20 <= whole || (broken == 1 && cut && whole > 0) || (whole == 0 && broken * 100 <= ascii)
}

/// Double-byte pairs, those of them that are common hanzi (GB 2312 level 1), and bytes that start none.
fn gb_pairs(bytes: &[u8]) -> (usize, usize, usize) {
    let (mut pairs, mut common, mut broken, mut at) = (0, 0, 0, 0);
    while let Some(&lead) = bytes.get(at) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        match bytes.get(at + 1) {
            Some(0x30..=0x39) => (pairs, at) = (pairs + 1, at + 4),
            Some(0x40..=0x7e | 0x80..=0xfe) if lead != 0x80 && lead != 0xff => {
                common += usize::from((0xb0..=0xd7).contains(&lead) && bytes[at + 1] >= 0xa1);
                (pairs, at) = (pairs + 1, at + 2);
            }
            _ => (broken, at) = (broken + 1, at + 1),
        }
    }
    (pairs, common, broken)
}

fn line_feeds(text: String) -> (String, Newline) {
    if memchr(b'\r', text.as_bytes()).is_none() {
        return (text, Newline::Uniform(LineEnd::Lf));
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut ends = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr2(b'\r', b'\n', &bytes[at..]) {
        out.push_str(&text[at..at + found]);
        out.push('\n');
        let end = match &bytes[at + found..] {
            [b'\r', b'\n', ..] => LineEnd::CrLf,
            [b'\r', ..] => LineEnd::Cr,
            _ => LineEnd::Lf,
        };
        at += found + end.as_str().len();
        ends.push(end);
    }
    out.push_str(&text[at..]);
    let newline = match ends.first() {
        Some(&first) if ends.iter().all(|&end| end == first) => Newline::Uniform(first),
        _ => Newline::Mixed(ends),
    };
    (out, newline)
}
