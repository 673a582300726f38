//! Mistakes in what the user wrote for gouji itself: configuration and rule files, shown where they stand.

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::term::{self, Config};

use super::excerpt::{Excerpt, printable};
use super::style::Painter;
use crate::audit::Lang;
use crate::document::{LineIndex, Span};

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub path: String,
    /// The file's text.
    pub text: String,
    pub span: Option<Span>,
    pub message: String,
    pub help: Option<String>,
}

/// Renders like a finding of severity error.
pub fn notice(notice: &Notice, lang: Lang, color: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let lines = LineIndex::new(&notice.text);
    let path = printable(&notice.path);
    let span = notice.span.unwrap_or_default();
    let excerpt = Excerpt::new(&path, &notice.text, &lines, std::iter::once(span));
    let mut shown = Diagnostic::new(Severity::Error).with_message(match notice.span {
        Some(_) => printable(&notice.message).into_owned(),
        None => format!("{path}{}{}", lang.of("：", ": "), printable(&notice.message)),
    });
    if notice.span.is_some() {
        shown = shown.with_label(Label::primary((), excerpt.place(span)));
    }
    if let Some(help) = &notice.help {
        shown = shown.with_note(format!("{}{}", lang.of("建议：", "help: "), printable(help)));
    }
    // The excerpt answers for every index it gave out and the buffer takes every byte.
    let _ = term::emit_to_write_style(&mut Painter::new(&mut out, color, lang), &Config::default(), &excerpt, &shown);
    out
}
