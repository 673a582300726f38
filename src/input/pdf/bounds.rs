//! What the streams of a PDF file unpack to, before the library unpacks any of them.
//!
//! Takes the bytes of the file; gives the size of its largest form, or the limit that is passed. The library keeps
//! what it unpacks in memory, so a bomb has to be met here: every stream is unpacked once and thrown away.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use memchr::memmem;

use crate::input::ReadError;

/// What all streams may unpack to.
const MOST_BYTES: u64 = 512 << 20;
/// Streams packed in packed streams that are followed.
const DEEPEST: u32 = 4;
/// Bytes before a stream in which its dictionary is looked for.
const DICTIONARY: usize = 2048;

/// The unpacked size of the largest form: a page may draw it again and again.
pub fn largest_form(bytes: &[u8]) -> Result<u64, ReadError> {
    measured(bytes, MOST_BYTES).ok_or(ReadError::Unpacked { limit: MOST_BYTES })
}

fn measured(bytes: &[u8], limit: u64) -> Option<u64> {
    // A file whose streams overlap could be read over and over.
    let mut input = 4 * bytes.len() as u64 + (1 << 20);
    let mut output = limit;
    let mut largest = 0;
    for at in memmem::find_iter(bytes, b"stream") {
        if bytes[..at].ends_with(b"end") {
            continue;
        }
        let data = &bytes[at + b"stream".len()..];
        let Some(data) = data.strip_prefix(b"\r\n").or(data.strip_prefix(b"\n")).or(data.strip_prefix(b"\r"))
        else {
            continue;
        };
        let dictionary = &bytes[at.saturating_sub(DICTIONARY)..at];
        let dictionary = &dictionary[memmem::rfind(dictionary, b" obj").unwrap_or(0)..];
        let names = |name: &[u8]| memmem::find(dictionary, name).is_some();
        let size = if names(b"/LZW") {
            let data = &data[..data.len().min(input as usize)];
            let (read, size) = lzw_size(data, output);
            input = input.saturating_sub(read);
            size
        } else if names(b"/ASCII85Decode") || names(b"/A85") {
            let stop = data.len().min(input as usize);
            let packed = base85(&data[..memmem::find(&data[..stop], b"~>").unwrap_or(stop)]);
            input = input.saturating_sub(packed.len() as u64 * 5 / 4);
            let (_, size) = inflated(&packed, packed.len() as u64, output);
            size.max(packed.len() as u64)
        } else {
            let (read, size) = inflated(data, input, output);
            input = input.saturating_sub(read);
            size
        };
        output = output.checked_sub(size).filter(|_| input > 0)?;
        if names(b"/Form") {
            largest = largest.max(size);
        }
    }
    Some(largest)
}

/// Bytes read and bytes made, as the library does it: zlib, and without its head where that is broken.
fn inflated(data: &[u8], input: u64, output: u64) -> (u64, u64) {
    let data = &data[..data.len().min(input as usize)];
    let mut decoder = ZlibDecoder::new(data);
    let made = drained(&mut decoder, output + 1, DEEPEST);
    if decoder.total_out() > 0 {
        return (decoder.total_in(), made);
    }
    let mut decoder = DeflateDecoder::new(data);
    let made = drained(&mut decoder, output + 1, DEEPEST);
    (decoder.total_in(), made)
}

/// What comes out of `source`, and what comes out of that if it is packed again.
fn drained(source: &mut dyn Read, limit: u64, deep: u32) -> u64 {
    let mut head = [0; 2];
    let Ok(()) = source.read_exact(&mut head) else { return 0 };
    let packed = head[0] == 0x78 && u16::from_be_bytes(head).is_multiple_of(31);
    let mut counted = Counted { inner: head.chain(source).take(limit), count: 0 };
    if packed && deep > 0 {
        let inner = drained(&mut ZlibDecoder::new(&mut counted), limit, deep - 1);
        // What is wrong with the inner stream is the library's to say.
        let _ = io::copy(&mut counted, &mut io::sink());
        return counted.count.max(inner);
    }
    let _ = io::copy(&mut counted, &mut io::sink());
    counted.count
}

struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

fn base85(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut group: (u64, u32) = (0, 0);
    for &c in text {
        match c {
            b'z' => bytes.extend([0; 4]),
            b'!'..=b'u' => {
                group = (group.0 * 85 + u64::from(c - b'!'), group.1 + 1);
                if group.1 == 5 {
                    bytes.extend((group.0 as u32).to_be_bytes());
                    group = (0, 0);
                }
            }
            _ => {}
        }
    }
    bytes
}

/// Bytes read and bytes made by LZW, of which only the lengths of its words are kept.
fn lzw_size(data: &[u8], limit: u64) -> (u64, u64) {
    const RESET: usize = 256;
    const END: usize = 257;
    let (mut at, mut made, mut bits) = (0u64, 0u64, 9u32);
    let mut words: Vec<u64> = vec![1; 258];
    let mut last: Option<u64> = None;
    let read = |at: u64, bits: u32| {
        let byte = (at / 8) as usize;
        let three = [0, 1, 2].map(|next| data.get(byte + next).copied().unwrap_or(0));
        let whole = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        (byte < data.len()).then(|| (whole >> (24 - (at % 8) as u32 - bits)) as usize & ((1 << bits) - 1))
    };
    while let Some(code) = read(at, bits) {
        at += u64::from(bits);
        match code {
            RESET => {
                words.truncate(258);
                (bits, last) = (9, None);
                continue;
            }
            END => break,
            _ => {}
        }
        let length = words.get(code).copied().unwrap_or(last.unwrap_or(0) + 1);
        made += length;
        if made > limit {
            break;
        }
        if let Some(last) = last.filter(|_| words.len() < 4096) {
            words.push(last + 1);
        }
        bits = match words.len() {
            ..511 => 9,
            511..1023 => 10,
            1023..2047 => 11,
            _ => 12,
        };
        last = Some(length);
    }
    (at / 8, made)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn file(head: &str, data: &[u8]) -> Vec<u8> {
        [b"1 0 obj\n<< ", head.as_bytes(), b" >>\nstream\n", data, b"\nendstream\nendobj\n"].concat()
    }

    #[test]
    fn what_streams_unpack_to_is_known_before_they_are_unpacked() {
        let limit = 1 << 20;
        let small = deflated(&vec![b' '; 300_000]);
        let large = deflated(&vec![b' '; 3 << 20]);
        let flate = "/Filter /FlateDecode";
        assert_eq!(measured(&file(flate, &small), limit), Some(0));
        assert_eq!(measured(&file("/Subtype /Form /Filter /FlateDecode", &small), limit), Some(300_000));
        assert_eq!(measured(&file(flate, &large), limit), None);
        // Without its head, packed twice, one after the other, and cut off.
        assert_eq!(measured(&file(flate, &large[2..]), limit), None);
        assert_eq!(measured(&file("/Filter [/FlateDecode /FlateDecode]", &deflated(&large)), limit), None);
        assert_eq!(measured(&file(flate, &small).repeat(4), limit), None);
        assert_eq!(measured(&file(flate, &large[..large.len() - 9]), limit), None);
        let hollow = b"stream\nendstreamstream\r\nstream\rstream stream\n";
        assert_eq!(measured(hollow, limit), Some(0));
    }
}
