//! A finding as plain text, for formats that have one message for it.
//!
//! Takes a finding and its document; gives text. It must not know how a format escapes it.

use super::place::place;
use crate::diagnostic::{Diagnostic, Standing};
use crate::document::Document;
use crate::options::Lang;

/// The sentence, before it whether it is known from the baseline and the place as a reader of the file calls it.
pub fn sentence(document: &Document, found: &Diagnostic, lang: Lang) -> String {
    let mut text = mark(found.standing, lang).map(str::to_owned).unwrap_or_default();
    if let Some(place) = place(document, found.span.start, lang) {
        text.push_str(&place);
        text.push_str(lang.of("：", ": "));
    }
    text.push_str(&found.message);
    text
}

/// [`details`] below the [`sentence`].
pub fn whole(document: &Document, found: &Diagnostic, lang: Lang) -> String {
    sentence(document, found, lang) + &details(found, lang)
}

/// The arithmetic, the basis, the remedy, each on a line that begins with the line end.
pub fn details(found: &Diagnostic, lang: Lang) -> String {
    let parts = [
        (lang.of("算式：", "Sum: "), &found.trace),
        (lang.of("依据：", "Basis: "), &found.citation),
        (lang.of("建议：", "Help: "), &found.help),
    ];
    let said = parts.into_iter().filter_map(|(name, part)| Some((name, part.as_ref()?)));
    said.map(|(name, part)| format!("\n{name}{}", part.trim_end())).collect()
}

/// How a finding stands against the baseline; nothing where there is none.
pub fn mark(standing: Option<Standing>, lang: Lang) -> Option<&'static str> {
    Some(match standing? {
        Standing::New => lang.of("【新增】", "[new] "),
        Standing::Known => lang.of("【未改】", "[known] "),
    })
}
