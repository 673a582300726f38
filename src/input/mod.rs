//! Bytes to [`Document`]. Reading never fails on content that is text: damage becomes part of the
//! document. What is no text at all, or passes a limit, is a [`ReadError`] that says so.
//!
//! Takes bytes and a name; gives a [`Document`]. It must not know rules.

mod builder;
#[cfg(feature = "sheet")]
mod container;
#[cfg(feature = "word")]
mod convert;
#[cfg(feature = "sheet")]
mod csv;
mod decode;
#[cfg(feature = "word")]
mod doc;
#[cfg(feature = "word")]
pub(crate) mod docx;
mod encode;
mod html;
mod lines;
#[cfg(feature = "sheet")]
mod little_endian;
mod magic;
mod markdown;
#[cfg(feature = "word")]
mod mhtml;
#[cfg(feature = "word")]
mod office;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "sheet")]
mod sheet;
mod table;
mod text;
mod wrap;

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use memchr::{memchr_iter, memmem};

pub use encode::{EncodeError, encode};
pub use magic::Foreign;

use crate::document::{Damage, DamageKind, Document, Format, Span};
use decode::NoText;

/// What reading one file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub bytes: u64,
    /// Whether an installed LibreOffice may be started for formats without a reader of our own.
    pub office: bool,
}

impl Limits {
    /// The usual ones, with the help of LibreOffice.
    pub fn with_office() -> Limits {
        Limits { office: true, ..Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 256 << 20, office: false }
    }
}

/// Why there is no document. `Display` speaks Chinese; [`ReadError::english`] the other language.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{}", io_reason(.0))]
    Io(#[from] io::Error),
    #[error("文件超过 {} 的大小上限，没有检查", size(*.limit))]
    TooLarge { limit: u64 },
    #[error("文字转成 UTF-8 后超过 4 GiB，没有检查")]
    TooLong,
    #[error("{}", foreign_zh(*.0))]
    Foreign(Foreign),
    #[error("这是{}，里面没有可读的文字", spaced(.0.zh()))]
    Empty(Foreign),
    #[error("文件有密码，请先去掉密码另存再检查")]
    Encrypted,
    #[error("这是 Word 95 或更早版本的文档，请用 Word 或 WPS 另存为 docx 再检查")]
    TooOld,
    #[error("这是{}，要靠 LibreOffice 转换后才能读，但没有找到它：请安装 LibreOffice，或者用 Word、WPS 另存为 docx（表格另存为 xlsx）再检查", spaced(.0.zh()))]
    NeedsOffice(Foreign),
    #[error("这是{}，LibreOffice 没能把它转换出来：请用 Word 或 WPS 另存为 docx（表格另存为 xlsx）再检查", spaced(.0.zh()))]
    OfficeFailed(Foreign),
    #[error("这是{}，但已经损坏，读不出来", spaced(.0.zh()))]
    Broken(Foreign),
    #[error("解压后超过 {} 的上限，没有检查", size(*.limit))]
    Unpacked { limit: u64 },
    #[error("单元格超过 {limit} 个的上限，没有检查")]
    TooManyCells { limit: usize },
    #[error("文件里的部件超过 {limit} 个的上限，没有检查")]
    TooManyParts { limit: usize },
    #[error("段落和单元格超过 {limit} 个的上限，没有检查")]
    TooManyItems { limit: usize },
    #[error("内容嵌套超过 {limit} 层的上限，没有检查")]
    TooDeep { limit: usize },
    #[error(
        "第1–{pages}页都是扫描图像，没有文字层，读不出文字；请用原来的文字版，或先用文字识别（OCR）转成文字版再检查"
    )]
    Scanned { pages: usize },
    #[error("页数超过 {limit} 页的上限，没有检查")]
    TooManyPages { limit: usize },
    #[error("页面上的文字和线条超过 {limit} 个的上限，没有检查")]
    TooManyMarks { limit: u64 },
    #[error("认不出文字编码（不是 UTF-8、GB18030/GBK 或 UTF-16），请另存为 UTF-8 编码的纯文本再检查")]
    UnknownEncoding,
}

impl ReadError {
    pub fn english(&self) -> String {
        match self {
            ReadError::Io(error) => error.to_string(),
            ReadError::TooLarge { limit } => {
                format!("the file is larger than the limit of {} and was not checked", size(*limit))
            }
            ReadError::TooLong => "the text is longer than 4 GiB in UTF-8 and was not checked".to_owned(),
            ReadError::Foreign(what) => foreign_en(*what),
            ReadError::Empty(what) => format!("this is {}, and there is no text in it", what.en()),
            ReadError::Encrypted => "the file has a password: save it without one first".to_owned(),
            ReadError::NeedsOffice(what) => format!(
                "this is {}, which is read through LibreOffice, and there is none: install LibreOffice, or save the file as docx (a workbook as xlsx) first",
                what.en()
            ),
            ReadError::OfficeFailed(what) => {
                format!(
                    "this is {}, and LibreOffice could not convert it: save it as docx (a workbook as xlsx) first",
                    what.en()
                )
            }
            ReadError::TooOld => "this is a document of Word 95 or earlier: save it as docx first".to_owned(),
            ReadError::Broken(what) => format!("this is {}, but it is damaged and cannot be read", what.en()),
            ReadError::Unpacked { limit } => {
                format!("the file unpacks to more than the limit of {} and was not checked", size(*limit))
            }
            ReadError::TooManyCells { limit } => {
                format!("the file has more than the limit of {limit} cells and was not checked")
            }
            ReadError::TooManyParts { limit } => {
                format!("the file has more than the limit of {limit} parts and was not checked")
            }
            ReadError::TooManyItems { limit } => {
                format!(
                    "the file has more than the limit of {limit} paragraphs and cells and was not checked"
                )
            }
            ReadError::TooDeep { limit } => {
                format!("the file is nested deeper than the limit of {limit} levels and was not checked")
            }
            ReadError::Scanned { pages } => format!(
                "pages 1–{pages} are scanned images without a text layer: use the original text version, or run \
                 character recognition (OCR) first"
            ),
            ReadError::TooManyPages { limit } => {
                format!("the file has more than the limit of {limit} pages and was not checked")
            }
            ReadError::TooManyMarks { limit } => {
                format!(
                    "the pages draw more than the limit of {limit} characters and lines and were not checked"
                )
            }
            ReadError::UnknownEncoding => {
                "the encoding is none of UTF-8, GB18030/GBK and UTF-16: save the file as UTF-8 text"
                    .to_owned()
            }
        }
    }
}

/// Reads the file at `path`; its name in messages is the path as given.
pub fn read_path(path: &Path, limits: &Limits) -> Result<Document, ReadError> {
    read_bytes(&path.to_string_lossy(), bytes_of(path, limits)?, limits)
}

/// The bytes of the file at `path`.
pub fn bytes_of(path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > limits.bytes {
        return Err(ReadError::TooLarge { limit: limits.bytes });
    }
    all_of(file, length as usize, limits)
}

/// Reads a stream such as standard input to its end.
pub fn read_stream(name: &str, stream: impl Read, limits: &Limits) -> Result<Document, ReadError> {
    read_bytes(name, all_of(stream, 0, limits)?, limits)
}

fn all_of(stream: impl Read, expected: usize, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(expected + 1);
    stream.take(limits.bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the bytes of a file. Valid UTF-8 with LF line ends becomes the text without being copied.
pub fn read_bytes(name: &str, bytes: Vec<u8>, limits: &Limits) -> Result<Document, ReadError> {
    if bytes.len() as u64 > limits.bytes {
        return Err(ReadError::TooLarge { limit: limits.bytes });
    }
    let what = magic::foreign(&bytes);
    #[cfg(feature = "sheet")]
    let what =
        what.map(|what| if what.is_ole() { container::kind(&bytes, what) } else { Ok(what) }).transpose()?;
    let (text, origin) = match what {
        #[cfg(feature = "word")]
        Some(Foreign::Doc) => {
            return doc::read(name, &bytes)
                .or_else(|error| office::read_instead(name, &bytes, limits, error));
        }
        #[cfg(feature = "sheet")]
        Some(Foreign::Xlsx) => return sheet::read_xlsx(name, bytes),
        #[cfg(feature = "sheet")]
        Some(Foreign::Xls) => return sheet::read_xls(name, bytes),
        #[cfg(feature = "word")]
        Some(Foreign::Docx) => return docx::read(name, &bytes),
        #[cfg(feature = "word")]
        Some(Foreign::Zip) if docx::is_one(&bytes) => return docx::read(name, &bytes),
        #[cfg(feature = "pdf")]
        Some(Foreign::Pdf) => return pdf::read(name, bytes),
        Some(Foreign::Encrypted) => return Err(ReadError::Encrypted),
        #[cfg(feature = "word")]
        Some(Foreign::Mhtml) => return mhtml::read(name, &bytes),
        #[cfg(feature = "word")]
        Some(what) if what != Foreign::Html => return office::read(name, &bytes, what, limits),
        Some(what) if what != Foreign::Html => return Err(ReadError::Foreign(what)),
        _ => decode::decode(bytes),
    }
    .map_err(|why| match why {
        NoText::Foreign(what) => ReadError::Foreign(what),
        NoText::UnknownEncoding => ReadError::UnknownEncoding,
    })?;
    if text.len() >= u32::MAX as usize {
        return Err(ReadError::TooLong);
    }
    if magic::foreign(text.as_bytes()) == Some(Foreign::Html) {
        let document = html::read(name, &text, origin);
        return if document.text.is_empty() { Err(ReadError::Empty(Foreign::Html)) } else { Ok(document) };
    }
    #[cfg(feature = "sheet")]
    if csv::is_csv(name) {
        return csv::read(name, &text);
    }
    let mut document = Document { name: name.to_owned(), text, origin, ..Document::default() };
    cut(&mut document);
    Ok(document)
}

/// Reads a text that is in memory already, with LF line ends.
pub fn read_text(name: &str, text: String) -> Document {
    let mut document = Document { name: name.to_owned(), text, ..Document::default() };
    cut(&mut document);
    document
}

/// Whether the document is read as Markdown.
pub fn is_markdown(document: &Document) -> bool {
    markdown::is_markdown(&document.name, &document.text)
}

fn cut(document: &mut Document) {
    find_damage(document);
    if is_markdown(document) {
        markdown::cut(document);
    } else {
        text::cut(document);
    }
}

fn find_damage(document: &mut Document) {
    let bytes = document.text.as_bytes();
    let replaced = match document.source.format {
        Format::Pdf => DamageKind::Unmapped,
        _ if document.origin.lossy => DamageKind::Undecodable,
        _ => DamageKind::Replaced,
    };
    let mut mark = |at: usize, len: usize, kind| match document.damage.last_mut() {
        Some(last) if last.kind == kind && last.span.end as usize == at => last.span.end += len as u32,
        _ => document.damage.push(Damage { span: Span::of(at, at + len), kind }),
    };
    memmem::find_iter(bytes, "\u{fffd}").for_each(|at| mark(at, 3, replaced));
    memchr_iter(0, bytes).for_each(|at| mark(at, 1, DamageKind::Nul));
    document.damage.sort_by_key(|damage| damage.span);
}

fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "没有这个文件".to_owned(),
        ErrorKind::PermissionDenied => "没有读取这个文件的权限".to_owned(),
        ErrorKind::IsADirectory => "这是文件夹，不是文件".to_owned(),
        _ => format!("读取失败：{error}"),
    }
}

fn foreign_zh(what: Foreign) -> String {
    let name = spaced(what.zh());
    match what {
        Foreign::Zip | Foreign::Archive => format!("这是{name}，请解压后检查里面的文件"),
        Foreign::Image => format!("这是{name}，里面没有文字：请用文字识别（OCR）后检查识别出的文本"),
        _ if what.holds_text() => {
            format!("这是{name}，不能直接读，请用打开它的程序另存为 docx、xlsx、PDF 或纯文本再检查")
        }
        _ => format!("这是{name}，不是报告；能读的有 {READ}"),
    }
}

fn foreign_en(what: Foreign) -> String {
    let name = what.en();
    match what {
        Foreign::Zip | Foreign::Archive => format!("this is {name}: unpack it and check the files in it"),
        Foreign::Image => {
            format!("this is {name}, and holds no text: run a text recognition (OCR) and check its result")
        }
        _ if what.holds_text() => {
            format!(
                "this is {name}, which cannot be read directly: save it as docx, xlsx, PDF or plain text first"
            )
        }
        _ => format!("this is {name}, not a report; what can be read is {READ}"),
    }
}

/// Names of the formats with a reader.
const READ: &str = "docx, doc/wps, xlsx, xls/et, PDF, html, txt, md, csv";

/// A blank between a hanzi and a Latin word that follows it.
fn spaced(name: &str) -> String {
    let blank = if name.starts_with(|c: char| c.is_ascii_alphanumeric()) { " " } else { "" };
    format!("{blank}{name}")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}
