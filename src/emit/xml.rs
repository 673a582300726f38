//! What the XML formats share: text that cannot end its attribute or element.

/// `text` as XML 1.0 can hold it: five characters and line ends escaped, characters that XML has no place for left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_attribute() {
        assert_eq!(escaped("a\"<b>&'\n\u{1}\u{ffff}元"), "a&quot;&lt;b&gt;&amp;&apos;&#10;元");
    }
}
