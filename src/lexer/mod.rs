//! Figures, dates and document numbers in the text, and nothing that merely looks like one.
//!
//! Takes a [`Document`] and the unit table of the rule set; gives [`Lexed`], every list in text order.
//! It must not know what a figure measures (`facts`).

mod date;
mod document_number;
mod malformed;
mod marks;
mod number;
pub mod ordinal;
mod quantity;

use rust_decimal::Decimal;

use crate::document::chars::Wide;
use crate::document::{BlockKind, Document, Span};
pub use crate::rules::UnitId;
use crate::rules::{Hit, Owner, RuleSet, Units};
use marks::is_mark;
pub use marks::{Mark, Marks};

/// All tokens of a document.
#[derive(Debug, Clone, Default)]
pub struct Lexed {
    pub quantities: Vec<Quantity>,
    pub dates: Vec<Date>,
    pub document_numbers: Vec<DocumentNumber>,
    pub malformed: Vec<Malformed>,
    /// Punctuation of [`Document::flow`], in places of that text.
    pub marks: Marks,
    /// Occurrences of the lexicon's entries, in order of their end; `Hit::item` is the entry.
    pub lexicon_hits: Vec<Hit>,
    /// Ends of bodies' names and words that end like one, in order of their end.
    pub name_ends: Vec<NameEnd>,
    /// Occurrences of the words of claims; `Hit::item` is the equation.
    pub claim_hits: Vec<Hit>,
    /// For each rule, the occurrences of its words.
    pub rule_hits: Vec<Vec<Hit>>,
    /// Occurrences of the outline profiles' words, in order of their end; `Hit::item` is the word's number.
    pub outline_hits: Vec<Hit>,
    /// For each of the outline profiles' words, whether it stands in the text at all.
    pub outline_words: Vec<bool>,
}

/// An end of the names of bodies (局, 委员会), or a word that ends like a name and is none (社会, 干部).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameEnd {
    pub span: Span,
    pub ends: bool,
}

/// A figure as printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// Modifier, number and unit.
    pub span: Span,
    /// The number alone, without sign, modifier and unit.
    pub number: Span,
    /// As printed, before power and unit: 138.43 of 138.43万元.
    pub value: Decimal,
    /// Upper end of a printed range (`15%～30%`), before power and unit.
    pub upper: Option<Decimal>,
    /// Digits after the point as written; 20, 20.0 and 20.00 differ.
    pub scale: u8,
    /// Power of ten between number and unit: 4 for 万.
    pub power: u8,
    /// `None` for a bare number.
    pub unit: Option<UnitId>,
    /// A rate per something: 元/人.
    pub per: bool,
    pub modifier: Modifier,
    pub notation: Notation,
    /// The value is a guess at a broken figure, which stands in `Lexed::malformed` too.
    pub broken: bool,
}

/// How exact the author says a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Modifier {
    #[default]
    Exact,
    /// 约, 左右, 近, 上下
    About,
    /// 余, 多, 超, 以上, 不少于, ≥
    AtLeast,
    /// 以内, 不超过, 不足, ≤
    AtMost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    #[default]
    Arabic,
    /// 一百三十八
    Chinese,
    /// 大写: 壹佰叁拾捌
    Capital,
    /// 5万, where no unit follows the power
    Mixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    pub span: Span,
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

/// 发文字号, such as 益财绩〔2024〕2号.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentNumber {
    pub span: Span,
    /// The year with its brackets, `〔2024〕`.
    pub bracketed: Span,
    pub year: u16,
}

/// A figure that cannot be read as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    pub span: Span,
    pub kind: MalformedKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MalformedKind {
    /// `1 38.43`
    InnerSpace,
    /// `138。43`
    FullStop,
    /// `138.4.3`
    TwoPoints,
    /// `O.7`
    Letter,
    /// `138,43`
    Grouping,
}

pub fn lex(document: &Document, rules: &RuleSet) -> Lexed {
    let flow = document.flow();
    let mut lexed = Lexed { rule_hits: vec![Vec::new(); rules.rules.len()], ..Lexed::default() };
    // A report names something every dozen bytes.
    lexed.lexicon_hits.reserve(flow.text.len() / 12);
    lexed.outline_hits.reserve(flow.text.len() / 48);
    let mut marks = Vec::with_capacity(flow.text.len() / 32);
    let mut begins = Begins::default();
    let sign = |at: usize, code: u32| {
        let Some(char) = char::from_u32(code) else { return };
        if is_mark(char) {
            marks.push(Mark { at: at as u32, char });
        }
        if begins_token(char) {
            begins.push(at, char);
        }
    };
    rules.terms.scan(&flow.text, sign, |span, owner| {
        let span = flow.source(span);
        match owner {
            Owner::Rule { rule, item } => lexed.rule_hits[rule as usize].push(Hit { span, item }),
            Owner::Claim(item) => lexed.claim_hits.push(Hit { span, item }),
            Owner::Lexicon(item) => lexed.lexicon_hits.push(Hit { span, item }),
            Owner::NameEnd { ends } => lexed.name_ends.push(NameEnd { span, ends }),
            Owner::Outline(item) => {
                lexed.outline_hits.push(Hit { span, item });
                let item = usize::from(item);
                if lexed.outline_words.len() <= item {
                    lexed.outline_words.resize(item + 1, false);
                }
                lexed.outline_words[item] = true;
            }
        }
    });
    lexed.marks = Marks::of(marks);
    let mut lex_span = |span: Span| {
        let shown = flow.shown(span);
        let begins = begins.from(shown.start);
        lex_text(&flow.text[shown.range()], shown.start as usize, begins, &rules.units, &mut lexed);
    };
    for block in &document.blocks {
        if !matches!(block.kind, BlockKind::Row { .. } | BlockKind::PageFurniture) {
            lex_span(block.span);
        }
    }
    for table in &document.tables {
        for cell in table.rows.iter().flatten().filter(|cell| !cell.covered) {
            lex_span(cell.span);
        }
    }
    if !document.tables.is_empty() {
        lexed.sort();
    }
    malformed::allow_groups(&flow.text, &mut lexed);
    if !flow.is_whole() {
        lexed.move_spans(|span| flow.source(span));
    }
    lexed
}

impl Lexed {
    /// Into the order of the text: what tables hold was read last.
    fn sort(&mut self) {
        self.quantities.sort_by_key(|quantity| quantity.span);
        self.dates.sort_by_key(|date| date.span);
        self.document_numbers.sort_by_key(|number| number.span);
        self.malformed.sort_by_key(|broken| broken.span);
    }

    fn move_spans(&mut self, to: impl Fn(Span) -> Span) {
        for quantity in &mut self.quantities {
            (quantity.span, quantity.number) = (to(quantity.span), to(quantity.number));
        }
        for number in &mut self.document_numbers {
            (number.span, number.bracketed) = (to(number.span), to(number.bracketed));
        }
        self.dates.iter_mut().for_each(|date| date.span = to(date.span));
        self.malformed.iter_mut().for_each(|broken| broken.span = to(broken.span));
    }
}

/// Where tokens may begin, as the scan finds them: of a run of such characters the first only.
#[derive(Default)]
struct Begins {
    runs: Vec<u32>,
    end: usize,
}

impl Begins {
    fn push(&mut self, at: usize, c: char) {
        if self.runs.is_empty() || self.end != at {
            self.runs.push(at as u32);
        }
        self.end = at + c.len_utf8();
    }

    fn from(&self, start: u32) -> &[u32] {
        &self.runs[self.runs.partition_point(|&run| run < start)..]
    }
}

/// Appends the tokens of `text`, which stands at byte `base` of the flowing text. `begins`: see [`Begins`].
fn lex_text(text: &str, base: usize, begins: &[u32], units: &Units, lexed: &mut Lexed) {
    let bytes = text.as_bytes();
    let mut runs = begins.iter().map(|&run| run as usize - base).peekable();
    let mut at = 0;
    while at < bytes.len() {
        if !text[at..].starts_with(begins_token) {
            while runs.next_if(|&run| run <= at).is_some() {}
            match runs.peek() {
                Some(&run) if run < bytes.len() => at = run,
                _ => break,
            }
        }
        at = match bytes[at] {
            b'0'..=b'9' | 0xEF if text[at..].starts_with(|c| number::digit_value(c).is_some()) => {
                digits_at(text, at, base, units, lexed)
            }
            b'O' | b'o' | b'l' | b'I' => letter_at(text, at, base, units, lexed),
            _ => other_at(text, at, base, units, lexed),
        };
    }
}

/// Digits, look-alike letters, brackets, Chinese numerals.
fn begins_token(c: char) -> bool {
    match c {
        '0'..='9' | 'O' | 'o' | 'l' | 'I' | '[' | '(' => true,
        '\0'..'\u{800}' => false,
        _ => WIDE.holds(c),
    }
}

static WIDE: Wide =
    Wide::of("零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿〔【［（〈０１２３４５６７８９");

fn digits_at(text: &str, at: usize, base: usize, units: &Units, lexed: &mut Lexed) -> usize {
    let before = text[..at].chars().next_back();
    let run_end = at + text[at..].find(|c| number::digit_value(c).is_none()).unwrap_or(text.len() - at);
    if before.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
        return run_end;
    }
    if let Some(end) = date_at(text, at, base, lexed) {
        return end;
    }
    if before == Some('第') {
        return run_end;
    }
    // 3.2023年: item 3, and a year.
    if run_end - at <= 2
        && let Some(item) = text[run_end..].strip_prefix(['.', '．'])
        && item.get(4..).is_some_and(|rest| rest.starts_with('年'))
        && let Some(end) = date_at(text, text.len() - item.len(), base, lexed)
    {
        return end;
    }
    if let Some((kind, quantity)) = malformed::malformed(text, at, base, units) {
        lexed.malformed.extend(kind.map(|kind| Malformed { span: quantity.span, kind }));
        lexed.quantities.push(quantity);
        return quantity.span.end as usize - base;
    }
    match quantity::quantity(text, at, base, units) {
        Some(quantity) => {
            lexed.quantities.push(quantity);
            (quantity.span.end as usize - base).max(run_end)
        }
        None => run_end,
    }
}

/// Where the date at `at` ends.
fn date_at(text: &str, at: usize, base: usize, lexed: &mut Lexed) -> Option<usize> {
    let input = &text[at..];
    let (rest, parts) = date::may_begin(input).then(|| date::date(input).ok()).flatten()?;
    let end = text.len() - rest.len();
    let date::DateParts { year, month, day } = parts;
    lexed.dates.push(Date { span: Span::of(base + at, base + end), year, month, day });
    Some(end)
}

fn letter_at(text: &str, at: usize, base: usize, units: &Units, lexed: &mut Lexed) -> usize {
    let before = text[..at].chars().next_back();
    let follows = text[at + 1..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if follows
        && !before.is_some_and(|c| c.is_ascii_alphanumeric())
        && let Some((kind, quantity)) = malformed::malformed(text, at, base, units)
    {
        lexed.malformed.extend(kind.map(|kind| Malformed { span: quantity.span, kind }));
        lexed.quantities.push(quantity);
        return quantity.span.end as usize - base;
    }
    at + 1
}

/// Bytes of numerals in a row beyond which they are no number: the longest is some twenty long.
const LONGEST_RUN: usize = 96;

fn other_at(text: &str, at: usize, base: usize, units: &Units, lexed: &mut Lexed) -> usize {
    let Some(c) = text[at..].chars().next() else { return at + 1 };
    let next = at + c.len_utf8();
    if document_number::is_open(c) {
        if let Ok((rest, (year, bracketed))) = document_number::bracketed_year(&text[at..]) {
            let start = base + at - document_number::agency_code(&text[..at]);
            let end = text.len() - rest.len();
            lexed.document_numbers.push(DocumentNumber {
                span: Span::of(start, base + end),
                bracketed: Span::of(base + at, base + at + bracketed),
                year,
            });
            return end;
        }
        return next;
    }
    if !number::is_chinese_numeral(c) {
        return next;
    }
    let run_end = at + text[at..].find(|c| !number::is_chinese_numeral(c)).unwrap_or(text.len() - at);
    if run_end - at > LONGEST_RUN {
        return run_end;
    }
    if let Some(end) = date_at(text, at, base, lexed) {
        return end;
    }
    if text[..at].ends_with('第') {
        return run_end;
    }
    match quantity::quantity(text, at, base, units) {
        Some(quantity) => {
            lexed.quantities.push(quantity);
            (quantity.span.end as usize - base).max(next)
        }
        None => run_end.max(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::chars::SIGNS;

    #[test]
    fn the_set_of_beginnings_is_whole() {
        for c in ('\u{800}'..=char::MAX).filter(|c| c.len_utf8() >= 3) {
            let wanted = number::is_chinese_numeral(c)
                || number::digit_value(c).is_some()
                || document_number::is_open(c);
            assert_eq!(begins_token(c), wanted, "{c}");
        }
    }

    #[test]
    fn the_scan_tells_of_all_that_the_lexer_looks_at() {
        for c in '\0'..=char::MAX {
            assert_eq!(SIGNS.contains(c), is_mark(c) || begins_token(c), "{c}");
        }
    }
}
