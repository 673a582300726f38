//! Mistakes in what the user wrote for gouji itself: configuration and rule files, shown where they stand.

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::term::{self, Config};

use super::excerpt::{Excerpt, printable};
use super::style::Painter;
use crate::document::LineIndex;
use crate::mistake::Mistake;
use crate::options::Lang;

/// Renders like a finding of severity error.
pub fn mistake(mistake: &Mistake, lang: Lang, color: bool) -> Vec<u8> {
    render(Severity::Error, mistake, lang, color)
}

/// Renders like a finding of severity warning.
pub fn advice(mistake: &Mistake, lang: Lang, color: bool) -> Vec<u8> {
    render(Severity::Warning, mistake, lang, color)
}

fn render(severity: Severity, mistake: &Mistake, lang: Lang, color: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let lines = LineIndex::new(&mistake.text);
    let path = printable(&mistake.path);
    let span = mistake.span.unwrap_or_default();
    let excerpt = Excerpt::new(&path, &mistake.text, &lines, std::iter::once(span));
    let mut shown = Diagnostic::new(severity).with_message(match mistake.span {
        Some(_) => printable(lang.of(&mistake.zh, &mistake.en)).into_owned(),
        None => format!("{path}{}{}", lang.of("：", ": "), printable(lang.of(&mistake.zh, &mistake.en))),
    });
    if mistake.span.is_some() {
        shown = shown.with_label(Label::primary((), excerpt.place(span)));
    }
    // The excerpt answers for every index it gave out and the buffer takes every byte.
    let _ = term::emit_to_write_style(
        &mut Painter::new(&mut out, color, lang),
        &Config::default(),
        &excerpt,
        &shown,
    );
    out
}
