//! What was worked out stays: one small file a report, known by what went into it.
//!
//! Takes a folder; gives and takes [`Record`]s. A file is written under another name and then renamed, so whenever
//! the run is broken off, a record is there whole or not at all; one that cannot be read back counts as not there.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::{Record, Report};

#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// The program itself: another build may see things otherwise.
    program: u128,
}

/// Ending of a file that is not whole yet.
const UNFINISHED: &str = ".tmp";

impl Store {
    /// Opens the store in `folder`, which is made where there is none, and clears what a broken-off run left.
    pub fn open(folder: &Path) -> io::Result<Store> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)?.flatten() {
            if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        let program =
            std::env::current_exe().and_then(fs::read).map(|bytes| xxh3_128(&bytes)).unwrap_or_default();
        Ok(Store { folder: folder.to_owned(), program })
    }

    /// What a record is known by. `kind`: the ending of the file's name, which tells some formats apart;
    /// `settings`: rules and options.
    pub fn key(&self, bytes: &[u8], kind: &str, settings: u64) -> String {
        let mut hash = Xxh3::new();
        hash.update(&self.program.to_le_bytes());
        hash.update(&settings.to_le_bytes());
        hash.update(kind.as_bytes());
        hash.update(&[0]);
        hash.update(bytes);
        format!("{:032x}", hash.digest128())
    }

    /// The part of a record that the run keeps in memory.
    pub fn report(&self, key: &str) -> Option<Report> {
        let mut line = String::new();
        BufReader::new(fs::File::open(self.path(key)).ok()?).read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    pub fn record(&self, key: &str) -> Option<Record> {
        let bytes = fs::read(self.path(key)).ok()?;
        let mut values = serde_json::Deserializer::from_slice(&bytes);
        let report = serde::Deserialize::deserialize(&mut values).ok()?;
        let checked = serde::Deserialize::deserialize(&mut values).ok()?;
        let leaf = serde::Deserialize::deserialize(&mut values).ok()?;
        Some(Record { report, checked, leaf })
    }

    pub fn keep(&self, key: &str, record: &Record) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(&record.report)?;
        bytes.push(b'\n');
        serde_json::to_writer(&mut bytes, &record.checked)?;
        bytes.push(b'\n');
        serde_json::to_writer(&mut bytes, &record.leaf)?;
        bytes.push(b'\n');
        self.write(&self.path(key), &bytes)
    }

    /// The Word document with comments; it is kept before its record, which tells of it.
    pub fn keep_annotated(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        self.write(&self.annotated(key), bytes)
    }

    pub fn annotated(&self, key: &str) -> PathBuf {
        self.path(key).with_extension("docx")
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = tempfile::Builder::new().suffix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(key.get(..2).unwrap_or_default()).join(format!("{key}.json"))
    }
}
