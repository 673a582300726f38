//! A mistake in a TOML file that the user wrote for gouji: configuration or a rule of their own.
//!
//! Takes the file's text and what its reader said; gives [`Mistake`] with the place, worded in both
//! languages. It must not know what the file is for.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::Span;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Path as shown to people.
    pub path: String,
    /// The whole file.
    pub text: String,
    pub span: Option<Span>,
    pub zh: String,
    pub en: String,
}

impl Mistake {
    pub fn new(
        path: &str,
        text: &str,
        span: Option<Span>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Mistake { path: path.to_owned(), text: text.to_owned(), span, zh: zh.into(), en: en.into() }
    }

    /// What the TOML reader said about `text`.
    pub fn of_toml(path: &str, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message();
        let mut span = error.span();
        // The reader names the table, or its head only, when a key inside a tagged table is unknown.
        if let Some(key) = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
            let within = span.clone().unwrap_or(0..text.len());
            span = find_key(text, key, &within).or_else(|| find_key(text, key, &(0..text.len()))).or(span);
        }
        let span = span.map(|span| clip(text, span));
        Mistake::new(path, text, span, in_chinese(message), message)
    }
}

/// The place of the value that `path` leads to, or of its nearest ancestor that is there.
pub fn place_of(text: &str, path: &[&str]) -> Option<Span> {
    let table = DeTable::parse(text).ok()?;
    let mut found = None;
    let mut here = table.get_ref();
    for step in path {
        let value = here.get(*step)?;
        found = Some(clip(text, value.span()));
        match value.get_ref() {
            DeValue::Table(inner) => here = inner,
            _ => break,
        }
    }
    found
}

fn find_key(text: &str, name: &str, within: &std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    fn search(
        table: &DeTable,
        name: &str,
        within: &std::ops::Range<usize>,
    ) -> Option<std::ops::Range<usize>> {
        table.iter().find_map(|(key, value)| {
            let place = key.span();
            let inside = within.start <= place.start && place.end <= within.end;
            if inside && key.get_ref() == name { Some(place) } else { search_value(value, name, within) }
        })
    }
    fn search_value(
        value: &Spanned<DeValue>,
        name: &str,
        within: &std::ops::Range<usize>,
    ) -> Option<std::ops::Range<usize>> {
        match value.get_ref() {
            DeValue::Table(table) => search(table, name, within),
            DeValue::Array(items) => items.iter().find_map(|item| search_value(item, name, within)),
            _ => None,
        }
    }
    search(DeTable::parse(text).ok()?.get_ref(), name, within)
}

/// On character boundaries and inside the text, whatever the reader says.
fn clip(text: &str, span: std::ops::Range<usize>) -> Span {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = floor(span.start);
    Span::of(start, floor(span.end).max(start))
}

/// The sentences that a clerk is likely to meet; others are given as they are.
fn in_chinese(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let choices = |from: usize| quoted.get(from..).unwrap_or_default().join("、");
    let first = quoted.first().copied().unwrap_or_default();
    if message.starts_with("unknown field") {
        match quoted.len() {
            1 => format!("没有“{first}”这个键"),
            _ => format!("没有“{first}”这个键；可用的键：{}", choices(1)),
        }
    } else if message.starts_with("unknown variant") {
        format!("“{first}”不是可用的值；可用的值：{}", choices(1))
    } else if message.starts_with("missing field") {
        format!("缺少“{first}”这个键")
    } else if message.starts_with("duplicate") {
        format!("同一个键写了两次（{message}）")
    } else if let Some(rest) = message.strip_prefix("invalid type: ") {
        format!("值的类型不对（{rest}）")
    } else if let Some(rest) = message.strip_prefix("invalid value: ") {
        format!("值不对（{rest}）")
    } else {
        format!("不合 TOML 的写法（{message}）")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_inside_tagged_tables() {
        let text = "[check]\nkind = \"words\"\nitems = [{ find = \"甲\", tolerence = 1 }]\n";
        let at = text.find("tolerence").expect("there");
        assert_eq!(find_key(text, "tolerence", &(0..text.len())), Some(at..at + 9));
    }

    #[test]
    fn readers_words_are_translated() {
        let message = "unknown field `a`, expected one of `b`, `c`";
        assert_eq!(in_chinese(message), "没有“a”这个键；可用的键：b、c");
    }

    #[test]
    fn a_place_outside_is_clipped() {
        assert_eq!(clip("元", 1..9), Span::of(0, 3));
    }
}
