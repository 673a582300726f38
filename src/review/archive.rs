//! Zip archives of submissions: their entries as files of their own, one archive inside another too.
//!
//! Takes the path of an archive; gives its entries to the walk, and later the bytes of one entry. Everything that
//! an archive could be made large by is bounded, and what passes a bound is a row that names it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use encoding_rs::GB18030;
use zip::ZipArchive;
use zip::result::ZipError;

use super::walk::{Found, Sort, Walk, What, sort};
use crate::options::Lang;

/// Entries of one archive that are looked at.
const ENTRIES: usize = 100_000;
/// Bytes that an entry may unpack to.
const UNPACKED: u64 = 256 << 20;
/// From this size on an entry is held to [`RATIO`].
const SMALL: u64 = 8 << 20;
/// No report is packed this tightly.
const RATIO: u64 = 200;
/// Bytes that all archives inside one archive may unpack to.
const NESTED: u64 = 1 << 30;

/// An archive that has entries to be read. It is open while they are, and closed with the last one, for there may be
/// more archives than a process may have files open.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    zip: Option<Zip>,
    left: usize,
}

type Zip = ZipArchive<BufReader<File>>;

/// Whether the file is an archive and no document that is packed like one.
pub fn is_plain(path: &Path) -> bool {
    let mut head = [0; 4];
    let begins = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    begins.is_ok() && (head == *b"PK\x03\x04" || head == *b"PK\x05\x06") && !is_office(path)
}

/// Office files keep a list of their parts under this name.
fn is_office(path: &Path) -> bool {
    open(path).is_ok_and(|zip| {
        let has = |name| zip.index_for_name(name).is_some();
        has("[Content_Types].xml") || has("OFD.xml") || has("META-INF/manifest.xml")
    })
}

fn open(path: &Path) -> Result<Zip, ZipError> {
    ZipArchive::new(BufReader::new(File::open(path)?))
}

/// Adds the entries of the archive at `path` to what was found.
pub fn list(walk: &mut Walk, path: &Path, shown: &str, folder: &Path, work: &Path, lang: Lang) {
    let mut budget = NESTED;
    entries(walk, path, shown, folder, Some((work, &mut budget)), lang);
}

/// `nest`: where archives inside this one are unpacked to, and how many bytes they may still take.
fn entries(
    walk: &mut Walk,
    path: &Path,
    shown: &str,
    folder: &Path,
    nest: Option<(&Path, &mut u64)>,
    lang: Lang,
) {
    let unreadable =
        |path: String, why: String| Found { path, folder: folder.to_owned(), what: What::Unreadable(why) };
    let mut zip = match open(path) {
        Ok(zip) => zip,
        Err(error) => {
            walk.found.push(unreadable(shown.to_owned(), reason(&error, lang)));
            return;
        }
    };
    if zip.len() > ENTRIES {
        let why = lang.of(
            format!("压缩包里超过 {ENTRIES} 个文件的上限，没有检查"),
            format!("the archive has more than the limit of {ENTRIES} entries and was not checked"),
        );
        walk.found.push(unreadable(shown.to_owned(), why));
        return;
    }
    let mut names: Vec<(String, usize)> =
        zip.file_names_raw().enumerate().map(|(entry, raw)| (decoded(raw), entry)).collect();
    names.retain(|(name, _)| !name.ends_with('/'));
    names.sort();
    let archive = walk.archives.len();
    walk.archives.push(Archive { path: path.to_owned(), open: Mutex::new(Open { zip: None, left: 0 }) });
    let (mut left, mut nest) = (0, nest);
    for (name, entry) in names {
        if name
            .split('/')
            .any(|part| part.starts_with('.') && part != ".." && part != "." || part == "__MACOSX")
        {
            continue;
        }
        let below = format!("{shown}!/{name}");
        match (sort(name.rsplit('/').next().unwrap_or_default()), &mut nest) {
            (Sort::Litter, _) => {}
            (Sort::Media, _) => walk.media += 1,
            (Sort::Archive, Some((work, budget))) => match unpack(&mut zip, entry, work, budget, lang) {
                Ok(Some(inner)) => entries(walk, &inner, &below, folder, None, lang),
                // A document with the wrong ending, or nothing that can be unpacked: its reader says so.
                Ok(None) => {
                    left += 1;
                    let what = What::Entry { archive, entry };
                    walk.found.push(Found { path: below, folder: folder.to_owned(), what });
                }
                Err(why) => walk.found.push(unreadable(below, why)),
            },
            _ => {
                left += 1;
                let what = What::Entry { archive, entry };
                walk.found.push(Found { path: below, folder: folder.to_owned(), what });
            }
        }
    }
    walk.archives[archive].open.get_mut().unwrap_or_else(PoisonError::into_inner).left = left;
}

/// The archive inside an archive as a file, or nothing where it is none.
fn unpack(
    zip: &mut Zip,
    entry: usize,
    work: &Path,
    budget: &mut u64,
    lang: Lang,
) -> Result<Option<PathBuf>, String> {
    let bytes = read_entry(zip, entry, (*budget).min(UNPACKED), lang)?;
    if !bytes.starts_with(b"PK") {
        return Ok(None);
    }
    *budget -= bytes.len() as u64;
    let write = || {
        let mut file = tempfile::Builder::new().suffix(".zip").tempfile_in(work)?;
        io::Write::write_all(&mut file, &bytes)?;
        file.into_temp_path().keep().map_err(io::Error::other)
    };
    let path: PathBuf = write().map_err(|error: io::Error| reason(&ZipError::Io(error), lang))?;
    Ok(is_plain(&path).then_some(path))
}

impl Archive {
    /// The bytes of one entry.
    pub fn read(&self, entry: usize, lang: Lang) -> Result<Vec<u8>, String> {
        // A thread that broke while it held the lock has at worst left an open archive behind.
        let mut held = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if held.zip.is_none() {
            held.zip = Some(open(&self.path).map_err(|error| reason(&error, lang))?);
        }
        let bytes = match &mut held.zip {
            Some(zip) => read_entry(zip, entry, UNPACKED, lang),
            None => Ok(Vec::new()),
        };
        held.left = held.left.saturating_sub(1);
        if held.left == 0 {
            held.zip = None;
        }
        bytes
    }
}

fn read_entry(zip: &mut Zip, entry: usize, limit: u64, lang: Lang) -> Result<Vec<u8>, String> {
    let file = zip.by_index(entry).map_err(|error| reason(&error, lang))?;
    let packed = file.compressed_size().max(1);
    // What the archive says of itself may be a lie: the bytes are counted as they come.
    let limit = limit.min(SMALL.max(packed.saturating_mul(RATIO)));
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| reason(&ZipError::Io(error), lang))?;
    if bytes.len() as u64 > limit {
        return Err(lang.of(
            format!("解压后超过 {} MiB 的上限，可能是压缩炸弹，没有检查", limit >> 20),
            format!(
                "unpacks to more than the limit of {} MiB, perhaps a zip bomb, and was not checked",
                limit >> 20
            ),
        ));
    }
    Ok(bytes)
}

/// Names are UTF-8 or, from Chinese Windows, GBK; which of the two, the archive says wrongly as often as not.
fn decoded(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

fn reason(error: &ZipError, lang: Lang) -> String {
    let (zh, en) = match error {
        ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED => {
            ("压缩包有密码，请先解压再检查", "the archive has a password: unpack it first")
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => (
            "压缩包用了本版本不支持的压缩方法，请先解压再检查",
            "the archive is packed in a way that this version does not know: unpack it first",
        ),
        ZipError::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            ("没有读取这个文件的权限", "no permission to read the file")
        }
        _ => ("压缩包已经损坏，读不出来", "the archive is damaged and cannot be read"),
    };
    lang.of(zh, en).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_made_on_chinese_windows_are_read() {
        let (gbk, _, _) = GB18030.encode("上报材料\\教育局自评.docx");
        assert_eq!(decoded(&gbk), "上报材料/教育局自评.docx");
        assert_eq!(decoded("教育局.docx".as_bytes()), "教育局.docx");
    }
}
