//! Colour for terminals, and the words that codespan knows in English only.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

use crate::options::Lang;

pub const BOLD: &str = "\x1b[1m";
pub const RED: &str = "\x1b[31m";
pub const YELLOW: &str = "\x1b[33m";
pub const CYAN: &str = "\x1b[36m";
pub const GREEN: &str = "\x1b[32m";
pub const RESET: &str = "\x1b[0m";

/// `text` in `style`, when colours are wanted.
pub fn paint(out: &mut Vec<u8>, color: bool, style: &str, text: &str) {
    if color {
        out.extend_from_slice(style.as_bytes());
    }
    out.extend_from_slice(text.as_bytes());
    if color {
        out.extend_from_slice(RESET.as_bytes());
    }
}

/// What a severity is called; codespan's `Note` stands for our hint.
fn word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Bug | Severity::Error => lang.of("错误", "error"),
        Severity::Warning => lang.of("警告", "warning"),
        Severity::Note | Severity::Help => lang.of("提示", "hint"),
    }
}

fn shade(severity: Severity) -> &'static str {
    match severity {
        Severity::Bug | Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Note | Severity::Help => GREEN,
    }
}

/// Writes into a buffer; the severity's name, which codespan writes right after `set_header`, is
/// replaced by the word of the language.
pub struct Painter<'a> {
    pub out: &'a mut Vec<u8>,
    pub color: bool,
    pub lang: Lang,
    skip: bool,
}

impl<'a> Painter<'a> {
    pub fn new(out: &'a mut Vec<u8>, color: bool, lang: Lang) -> Self {
        Painter { out, color, lang, skip: false }
    }

    fn set(&mut self, style: &str) -> io::Result<()> {
        if self.color {
            self.out.extend_from_slice(style.as_bytes());
        }
        Ok(())
    }
}

impl Write for Painter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !std::mem::take(&mut self.skip) {
            self.out.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Painter<'_> {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.set(BOLD)?;
        self.set(shade(severity))?;
        self.out.extend_from_slice(word(severity, self.lang).as_bytes());
        self.skip = true;
        Ok(())
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.set(RESET)?;
        self.set(BOLD)
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.set(CYAN)
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.set(CYAN)
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.set(CYAN)
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> io::Result<()> {
        self.set(match style {
            LabelStyle::Primary => shade(severity),
            LabelStyle::Secondary => CYAN,
        })
    }

    fn reset(&mut self) -> io::Result<()> {
        self.set(RESET)
    }
}
