//! What the elements of a page are: blocks or parts of a line, shown or not.
//!
//! Takes names and start tags; it must not know what is read of them.

use html5gum::StartTag;

fn attribute<'a>(tag: &'a StartTag<usize>, name: &[u8]) -> Option<&'a [u8]> {
    tag.attributes.iter().find(|(key, _)| ***key == *name).map(|(_, value)| value.as_slice())
}

pub fn number(tag: &StartTag<usize>, name: &[u8]) -> u32 {
    let value = attribute(tag, name).and_then(|value| std::str::from_utf8(value).ok());
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(1)
}

/// Elements that are no text of the page, and those the page itself does not show.
pub fn is_hidden(tag: &StartTag<usize>) -> bool {
    const NONE: [&[u8]; 17] = [
        b"script",
        b"style",
        b"nav",
        b"template",
        b"title",
        b"noscript",
        b"iframe",
        b"svg",
        b"select",
        b"textarea",
        b"object",
        b"button",
        b"del",
        b"audio",
        b"video",
        b"canvas",
        b"math",
    ];
    if NONE.contains(&&**tag.name) || attribute(tag, b"hidden").is_some() {
        return !tag.self_closing || !matches!(&**tag.name, b"svg" | b"math");
    }
    if attribute(tag, b"role") == Some(b"navigation") {
        return true;
    }
    let Some(style) = attribute(tag, b"style") else { return false };
    let style: Vec<u8> =
        style.iter().filter(|c| !c.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    ["display:none", "visibility:hidden"]
        .iter()
        .any(|word| memchr::memmem::find(&style, word.as_bytes()).is_some())
}

/// End tags of these may be left out.
pub fn ends_by_itself(name: &[u8]) -> bool {
    matches!(name, b"p" | b"li" | b"td" | b"th" | b"tr" | b"dt" | b"dd")
}

pub fn holds_others(name: &[u8]) -> bool {
    matches!(
        name,
        b"div" | b"table" | b"tbody" | b"tr" | b"ul" | b"ol" | b"dl" | b"section" | b"article" | b"body"
    )
}

pub fn is_void(name: &[u8]) -> bool {
    const VOID: [&[u8]; 13] = [
        b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source",
        b"track", b"wbr",
    ];
    VOID.contains(&name)
}

/// Elements that stand inside a line; names that are not known do too.
pub fn is_inline(name: &[u8]) -> bool {
    const BLOCKS: [&[u8]; 37] = [
        b"p",
        b"div",
        b"br",
        b"hr",
        b"li",
        b"ul",
        b"ol",
        b"dl",
        b"dt",
        b"dd",
        b"table",
        b"caption",
        b"thead",
        b"tbody",
        b"tfoot",
        b"tr",
        b"td",
        b"th",
        b"section",
        b"article",
        b"main",
        b"header",
        b"footer",
        b"aside",
        b"body",
        b"html",
        b"head",
        b"blockquote",
        b"pre",
        b"form",
        b"fieldset",
        b"address",
        b"center",
        b"figure",
        b"figcaption",
        b"details",
        b"summary",
    ];
    !BLOCKS.contains(&name)
}
