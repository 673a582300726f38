//! What the readers of plain text and Markdown need to know of one line.

use crate::document::Span;

/// A line of text that is not blank.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The line as it stands, without its end.
    pub raw: Span,
    /// Without blanks at either end.
    pub span: Span,
    /// Columns up to the last character, in half-width units.
    pub width: u32,
    /// Columns of blanks before the first character.
    pub indent: u32,
    /// Blank lines just before.
    pub blank_before: u32,
    /// A form feed stands just before.
    pub page_before: bool,
    /// May be the continuation of another line as far as the format goes.
    pub prose: bool,
}

impl Line {
    pub fn new(text: &str, raw: Span, span: Span) -> Self {
        let bytes = text.as_bytes();
        let indent = columns(&bytes[raw.start as usize..span.start as usize]);
        Line {
            raw,
            span,
            width: indent + columns(&bytes[span.range()]),
            indent,
            blank_before: 0,
            page_before: false,
            prose: true,
        }
    }
}

/// Two columns for every character beyond ASCII: in Chinese print the quotes, dashes and operators
/// that Unicode calls ambiguous are full-width.
fn columns(bytes: &[u8]) -> u32 {
    // Summed in bytes, of which the processor adds many at a time.
    let columns = |byte: &u8| u8::from(*byte < 0x80) + 2 * u8::from(*byte >= 0xc0);
    bytes.chunks(64).map(|piece| u32::from(piece.iter().map(columns).sum::<u8>())).sum()
}

/// `line` without blanks at either end; what no reader sees counts as a blank.
pub fn trim(line: &str) -> &str {
    line.trim_matches(is_blank)
}

pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Whether `line` starts as a new paragraph does: with an ordinal or the word that heads a note.
pub fn opens_paragraph(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('（' | '(' | '〔' | '[') => {
            let inner = line.split(['）', ')', '〕', ']']).next().unwrap_or_default();
            let mut inner = inner.chars().skip(1).peekable();
            inner.peek().is_some() && inner.clone().count() <= 3 && inner.all(is_ordinal_digit)
        }
        Some('第') => {
            let rest = chars.as_str().trim_start_matches(is_ordinal_digit);
            rest.len() < chars.as_str().len()
                && rest.starts_with(['条', '章', '节', '部', '一', '，', '、'])
                && (!rest.starts_with('部') || rest.starts_with("部分"))
        }
        Some('①'..='⑳' | '㈠'..='㈩' | '●' | '■' | '◆' | '★' | '▲' | '•') => true,
        Some(first) if is_ordinal_digit(first) => {
            let rest = chars.as_str().trim_start_matches(is_ordinal_digit);
            let mut after = rest.chars();
            let number_of_one_script = line.len() - rest.len() <= 12;
            match after.next() {
                Some('、') => number_of_one_script && !follows_as_list(after.as_str()),
                // 一是, 二是
                Some('是') => !first.is_ascii_digit() && line.len() - rest.len() == '一'.len_utf8(),
                Some('.' | '．' | ')' | '）') => {
                    number_of_one_script && !after.next().is_some_and(is_ordinal_digit)
                }
                _ => false,
            }
        }
        Some('附' | '注' | '表' | '图' | '目' | '单') => {
            ["附件", "附表", "附：", "附:", "注：", "注:", "目录", "目 录", "单位："]
                .iter()
                .any(|word| line.starts_with(word))
        }
        _ => false,
    }
}

/// `2、3、4号`: an enumeration that was wrapped, no ordinal.
fn follows_as_list(rest: &str) -> bool {
    let after = rest.trim_start_matches(is_ordinal_digit);
    after.len() < rest.len() && after.starts_with('、')
}

fn is_ordinal_digit(c: char) -> bool {
    c.is_ascii_digit()
        || ('０'..='９').contains(&c)
        || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '〇')
}

/// Whether `line` ends as a paragraph may end.
pub fn ends_sentence(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next_back() {
        Some('。' | '！' | '？' | '!' | '?' | '：' | ':' | '…') => true,
        Some('”' | '’' | '』' | '」' | '）' | ')' | '》' | '"') => {
            matches!(chars.next_back(), Some('。' | '！' | '？'))
        }
        _ => false,
    }
}
