//! Files that are no plain text, told by their first bytes.
//!
//! Takes bytes; gives what they are, named as their user knows it.

use memchr::memmem;

/// A file of another format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    Docx,
    Xlsx,
    Pptx,
    Ofd,
    OpenDocument,
    Zip,
    Pdf,
    Doc,
    Xls,
    Ole,
    Encrypted,
    Rtf,
    Html,
    WordXml,
    SheetXml,
    Mhtml,
    Image,
    Archive,
    Program,
    Binary,
}

impl Foreign {
    pub const fn zh(self) -> &'static str {
        match self {
            Foreign::Docx => "Word 文档（docx）",
            Foreign::Xlsx => "Excel 工作簿（xlsx）",
            Foreign::Pptx => "PowerPoint 演示文稿（pptx）",
            Foreign::Ofd => "OFD 版式文件",
            Foreign::OpenDocument => "OpenDocument 文档（odt/ods）",
            Foreign::Zip => "压缩包（zip）",
            Foreign::Pdf => "PDF 文件",
            Foreign::Doc => "旧版 Word 或 WPS 文档（doc/wps）",
            Foreign::Xls => "旧版 Excel 或 WPS 表格（xls/et）",
            Foreign::Ole => "旧版 Office 文件",
            Foreign::Encrypted => "有密码的 Office 文件",
            Foreign::Rtf => "RTF 文档",
            Foreign::Html => "网页（HTML）",
            Foreign::WordXml => "Word XML 文档",
            Foreign::SheetXml => "Excel XML 表格",
            Foreign::Mhtml => "单个文件网页（MHTML）",
            Foreign::Image => "图片",
            Foreign::Archive => "压缩包",
            Foreign::Program => "程序文件",
            Foreign::Binary => "二进制文件",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Foreign::Docx => "a Word document (docx)",
            Foreign::Xlsx => "an Excel workbook (xlsx)",
            Foreign::Pptx => "a PowerPoint presentation (pptx)",
            Foreign::Ofd => "an OFD document",
            Foreign::OpenDocument => "an OpenDocument file (odt/ods)",
            Foreign::Zip => "a zip archive",
            Foreign::Pdf => "a PDF file",
            Foreign::Doc => "an old Word or WPS document (doc/wps)",
            Foreign::Xls => "an old Excel or WPS workbook (xls/et)",
            Foreign::Ole => "an old Office file",
            Foreign::Encrypted => "an Office file with a password",
            Foreign::Rtf => "an RTF document",
            Foreign::Html => "a web page (HTML)",
            Foreign::WordXml => "a Word XML document",
            Foreign::SheetXml => "an Excel XML workbook",
            Foreign::Mhtml => "a web page in one file (MHTML)",
            Foreign::Image => "a picture",
            Foreign::Archive => "an archive",
            Foreign::Program => "a program",
            Foreign::Binary => "a binary file",
        }
    }

    /// Whether it is a container of streams, whose kind the names at its root tell.
    pub const fn is_ole(self) -> bool {
        matches!(self, Foreign::Doc | Foreign::Xls | Foreign::Ole | Foreign::Encrypted)
    }

    /// Whether some program can save its text.
    pub const fn holds_text(self) -> bool {
        !matches!(self, Foreign::Zip | Foreign::Image | Foreign::Archive | Foreign::Program | Foreign::Binary)
    }
}

/// What `bytes` are, where their first bytes say so.
pub fn foreign(bytes: &[u8]) -> Option<Foreign> {
    let first = *bytes.first()?;
    match first {
        b'P' if bytes.starts_with(b"PK\x03\x04") => Some(zip(bytes)),
        b'%' if bytes.starts_with(b"%PDF-") => Some(Foreign::Pdf),
        0xd0 if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Some(ole(bytes)),
        b'{' if bytes.starts_with(b"{\\rtf") => Some(Foreign::Rtf),
        b'R' if bytes.starts_with(b"Rar!\x1a\x07") => Some(Foreign::Archive),
        b'7' if bytes.starts_with(b"7z\xbc\xaf\x27\x1c") => Some(Foreign::Archive),
        0x1f if bytes.starts_with(b"\x1f\x8b\x08") => Some(Foreign::Archive),
        0xff if bytes.starts_with(b"\xff\xd8\xff") => Some(Foreign::Image),
        0x89 if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(Foreign::Image),
        b'G' if bytes.starts_with(b"GIF8") => Some(Foreign::Image),
        b'I' if bytes.starts_with(b"II*\0") => Some(Foreign::Image),
        b'M' if bytes.starts_with(b"MM\0*") => Some(Foreign::Image),
        b'M' if bytes.starts_with(b"MZ") && mostly_control(bytes) => Some(Foreign::Program),
        0x7f if bytes.starts_with(b"\x7fELF") => Some(Foreign::Program),
        b'M' | b'F' | b'm' | b'f' | b'S' if is_mhtml(bytes) => Some(Foreign::Mhtml),
        b'<' | b' ' | b'\t' | b'\r' | b'\n' => markup(bytes),
        _ => None,
    }
}

/// Whether more than a tenth of the beginning is NULs and control characters, as in no text.
pub fn mostly_control(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(65_536)];
    let control = sample.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, 0x09..=0x0d | 0x1b));
    let count = control.count();
    count > 4 && count * 10 > sample.len()
}

fn zip(bytes: &[u8]) -> Foreign {
    // Names stand before each entry and again at the end of the archive.
    let head = &bytes[..bytes.len().min(4096)];
    let tail = &bytes[bytes.len().saturating_sub(65_536)..];
    let holds = |name: &[u8]| memmem::find(head, name).is_some() || memmem::find(tail, name).is_some();
    let table: [(&[u8], Foreign); 5] = [
        (b"word/", Foreign::Docx),
        (b"xl/", Foreign::Xlsx),
        (b"ppt/", Foreign::Pptx),
        (b"OFD.xml", Foreign::Ofd),
        (b"opendocument", Foreign::OpenDocument),
    ];
    table.iter().find(|(name, _)| holds(name)).map_or(Foreign::Zip, |&(_, kind)| kind)
}

fn ole(bytes: &[u8]) -> Foreign {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    if holds("EncryptedPackage") {
        Foreign::Encrypted
    } else if holds("WordDocument") {
        Foreign::Doc
    } else if holds("Workbook") || holds("Book") {
        Foreign::Xls
    } else {
        Foreign::Ole
    }
}

/// A message of several parts, as browsers and Word save a page with its pictures.
fn is_mhtml(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let begins: [&[u8]; 5] =
        [b"mime-version:", b"from:", b"subject:", b"message-id:", b"snapshot-content-location:"];
    begins.iter().any(|name| head.starts_with(name))
        && memmem::find(&head, b"mime-version:").is_some()
        && memmem::find(&head, b"multipart/").is_some()
}

fn markup(bytes: &[u8]) -> Option<Foreign> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let mut start = head.trim_ascii_start();
    // Browsers write where a page came from before everything else.
    while let Some(end) = start.strip_prefix(b"<!--").and_then(|rest| memmem::find(rest, b"-->")) {
        start = start[end + 7..].trim_ascii_start();
    }
    let says = |word: &[u8]| memmem::find(&head, word).is_some();
    let pages: [&[u8]; 6] = [b"<!doctype html", b"<html", b"<head>", b"<meta ", b"<body", b"<title>"];
    let xhtml = start.starts_with(b"<?xml") && memmem::find(start, b"<html").is_some();
    let table = start.starts_with(b"<table") && memmem::find(start, b"<tr").is_some();
    if xhtml || table || pages.iter().any(|page| start.starts_with(page)) {
        Some(Foreign::Html)
    } else if start.starts_with(b"<?xml") && (says(b"excel.sheet") || says(b"office:spreadsheet")) {
        Some(Foreign::SheetXml)
    } else if start.starts_with(b"<?xml") && says(b"word") {
        Some(Foreign::WordXml)
    } else {
        None
    }
}
