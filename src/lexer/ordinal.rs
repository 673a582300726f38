//! Numbering marks: `第一部分`, `一、`, `（一）`, `1.`, `（1）`, `①`, `第一，`, `一是`, `首先`.
//!
//! Takes text; gives [`Ordinal`]s at the start of a block or inside it. It must not know which marks
//! belong together (`outline`).

mod inside;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n};
use nom::character::complete::{one_of, satisfy};
use nom::combinator::{map_opt, opt, peek, value, verify};
use nom::{IResult, Parser};

use crate::document::Span;
pub use inside::inside;

/// A numbering mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal {
    /// Brackets and punctuation included, following blanks not.
    pub span: Span,
    pub style: Style,
    pub value: u32,
    /// Punctuation after the number or closing bracket, as typed.
    pub punctuation: Option<char>,
    /// Half-width brackets or a full-width dot, against the document's habit.
    pub width: Width,
    /// Blanks between the mark and the title: often what is left of Word's automatic numbering.
    pub blank_after: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Full,
    Half,
    /// One bracket of each.
    Mixed,
}

/// Ordered as GB/T 9704 orders the levels, then the styles it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// 第一部分
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Division,
    /// 第一条
    Article,
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 1.
    Arabic,
    /// （1）
    ArabicBracket,
    /// 1）
    ArabicHalfBracket,
    /// ①
    Circled,
    /// 第一，
    First,
    /// 一是
    Is,
    /// 首先 其次 再次 最后
    Adverb,
}

impl Style {
    /// The mark for `value` as GB/T 9704 and GB/T 15834 have it typed.
    pub fn mark(self, value: u32) -> String {
        let chinese = chinese_numeral(value);
        match self {
            Style::Part => format!("第{chinese}部分"),
            Style::Chapter => format!("第{chinese}章"),
            Style::Division => format!("第{chinese}节"),
            Style::Article => format!("第{chinese}条"),
            Style::Chinese => format!("{chinese}、"),
            Style::ChineseBracket => format!("（{chinese}）"),
            Style::Arabic => format!("{value}."),
            Style::ArabicBracket => format!("（{value}）"),
            Style::ArabicHalfBracket => format!("{value}）"),
            Style::Circled => {
                let circled = (1..=20).contains(&value).then(|| char::from_u32(0x245F + value)).flatten();
                circled.map_or_else(|| format!("（{value}）"), String::from)
            }
            Style::First => format!("第{chinese}，"),
            Style::Is => format!("{chinese}是"),
            Style::Adverb => match value {
                1 => "首先",
                2 => "其次",
                3 => "再次",
                _ => "最后",
            }
            .to_owned(),
        }
    }
}

/// 1 → 一, 12 → 十二, 105 → 一百零五; above 999 in digits.
pub fn chinese_numeral(value: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS[(d % 10) as usize];
    let (hundreds, tens, ones) = (value / 100, value / 10 % 10, value % 10);
    let mut out = String::new();
    if value == 0 || value > 999 {
        return value.to_string();
    }
    if hundreds > 0 {
        out.push_str(digit(hundreds));
        out.push('百');
        if tens == 0 && ones > 0 {
            out.push('零');
        }
    }
    if tens > 1 || (tens == 1 && hundreds > 0) {
        out.push_str(digit(tens));
    }
    if tens > 0 {
        out.push('十');
    }
    if ones > 0 {
        out.push_str(digit(ones));
    }
    out
}

/// What stands before a mark inside a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Boundary {
    /// Nothing that ends a clause; only believed where a whole page is one line.
    Weak,
    /// A comma or blank.
    Medium,
    /// 。；：！？ or a line end.
    Strong,
}

/// The mark that `text[span]` begins with, blanks before it skipped.
pub fn at_start(text: &str, span: Span) -> Option<Ordinal> {
    let block = text.get(span.range())?;
    let rest = block.trim_start_matches(is_blank);
    at(rest, span.end as usize - rest.len())
}

impl Style {
    /// Whether items in this style are commonly parted by commas inside one sentence.
    fn follows_comma(self) -> bool {
        matches!(
            self,
            Style::ChineseBracket | Style::ArabicBracket | Style::Circled | Style::First | Style::Is
        )
    }
}

impl Ordinal {
    /// Not one of the mistyped forms that only the start of a paragraph makes believable.
    fn is_plain(&self) -> bool {
        self.style != Style::Chinese || self.punctuation == Some('、')
    }
}

/// Half- and full-width blanks.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}' | '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{200b}')
}

/// The mark at the start of `rest`, which begins at byte `base` of the text.
fn at(rest: &str, base: usize) -> Option<Ordinal> {
    let first = rest.chars().next()?;
    let parsed = match first {
        '第' => alt((named, first_comma)).parse(rest),
        '（' | '(' => bracketed(rest),
        '0'..='9' | '０'..='９' => arabic(rest),
        '首' | '其' | '再' | '最' => adverb(rest),
        '\u{2460}'..='\u{249b}' | '\u{3220}'..='\u{3229}' => symbol(rest),
        c if is_numeral(c) => alt((is_item, chinese)).parse(rest),
        _ => return None,
    };
    let (after, mark) = parsed.ok()?;
    if mark.value == 0 {
        return None;
    }
    Some(Ordinal {
        span: Span::of(base, base + rest.len() - after.len()),
        style: mark.style,
        value: mark.value,
        punctuation: mark.punctuation,
        width: mark.width,
        blank_after: after.starts_with(is_blank),
    })
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    style: Style,
    value: u32,
    punctuation: Option<char>,
    width: Width,
}

fn mark(style: Style, value: u32, punctuation: Option<char>, width: Width) -> Mark {
    Mark { style, value, punctuation, width }
}

fn blanks(input: &str) -> IResult<&str, &str> {
    take_while(is_blank).parse(input)
}

fn is_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零' | '〇')
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// 一 … 九百九十九, in the forms people count with.
fn chinese_number(input: &str) -> IResult<&str, u32> {
    map_opt(take_while_m_n(1, 7, is_numeral), chinese_value).parse(input)
}

/// The value of a Chinese number word; `None` for what nobody counts with.
pub fn chinese_value(word: &str) -> Option<u32> {
    let (mut total, mut pending) = (0, None);
    let mut unit = 1000;
    for c in word.chars() {
        match c {
            '零' | '〇' => {
                if total == 0 || pending.is_some() {
                    return None;
                }
            }
            '百' | '十' => {
                let scale = if c == '百' { 100 } else { 10 };
                if scale >= unit {
                    return None;
                }
                total += pending.take().or((scale == 10 && total == 0).then_some(1))? * scale;
                unit = scale;
            }
            _ => {
                let digit = "一二三四五六七八九".chars().position(|one| one == c)? as u32 + 1;
                if pending.replace(digit).is_some() || unit == 1 {
                    return None;
                }
            }
        }
    }
    Some(total + pending.unwrap_or(0))
}

/// One to three digits, half or full width, no leading zero, no digit after.
fn digits(input: &str) -> IResult<&str, u32> {
    let (rest, word) = take_while_m_n(1, 3, is_digit).parse(input)?;
    let number = word.chars().fold(0, |sum, c| {
        sum * 10 + if c.is_ascii() { c as u32 - '0' as u32 } else { c as u32 - '０' as u32 }
    });
    let leading_zero = word.starts_with(['0', '０']);
    verify(nom::combinator::success(number), |_: &u32| !leading_zero && !rest.starts_with(is_digit))
        .parse(rest)
}

/// 第一部分, 第二章, 第3节, 第十条; not 第十条规定 nor 第三条、第四条.
fn named(input: &str) -> IResult<&str, Mark> {
    let (rest, (_, _, number, _, style)) = (
        tag("第"),
        blanks,
        alt((chinese_number, digits)),
        blanks,
        alt((
            value(Style::Part, tag("部分")),
            value(Style::Chapter, tag("章")),
            value(Style::Division, tag("节")),
            value(Style::Article, tag("条")),
        )),
    )
        .parse(input)?;
    let next = rest.chars().next();
    let cited = match style {
        Style::Part => next.is_some_and(|c| "的是由为将和与，。；".contains(c)),
        _ => next.is_some_and(|c| !is_blank(c) && c != '：' && c != ':' && c != '\n'),
    };
    verify(nom::combinator::success(mark(style, number, None, Width::Full)), |_: &Mark| {
        !cited && !rest.trim_start_matches(is_blank).starts_with('第')
    })
    .parse(rest)
}

/// 第一，
fn first_comma(input: &str) -> IResult<&str, Mark> {
    let (rest, (_, number, comma)) = (tag("第"), chinese_number, one_of("，、,：")).parse(input)?;
    Ok((rest, mark(Style::First, number, Some(comma), Width::Full)))
}

/// （一）, (1), （2), with the mark that GB/T 15834 forbids after it.
fn bracketed(input: &str) -> IResult<&str, Mark> {
    let (rest, (open, _, (style, number), _, close, punctuation)) = (
        one_of("（("),
        blanks,
        alt((
            chinese_number.map(|number| (Style::ChineseBracket, number)),
            digits.map(|number| (Style::ArabicBracket, number)),
        )),
        blanks,
        one_of("）)"),
        opt(alt((one_of("、，,．"), plain_dot))),
    )
        .parse(input)?;
    let width = match (open, close) {
        ('（', '）') => Width::Full,
        ('(', ')') => Width::Half,
        _ => Width::Mixed,
    };
    Ok((rest, mark(style, number, punctuation, width)))
}

/// 1. 1． 1、 1) 1）; not 1.5, nor 3.15, nor 1、2月; but 2.2010302 and 4.2023年 are item 2 and item 4.
fn arabic(input: &str) -> IResult<&str, Mark> {
    let (rest, number) = digits(input)?;
    let (rest, sign) = one_of(".．、)）").parse(rest)?;
    let run: String = rest.chars().take(8).take_while(|&c| is_digit(c)).collect();
    let after = rest[run.len()..].chars().next();
    let bare = match sign {
        '.' | '．' => {
            run.is_empty() || run.chars().count() > 4 || (run.chars().count() == 4 && after == Some('年'))
        }
        '、' => run != (number + 1).to_string() || after == Some('.') || after == Some('、'),
        _ => true,
    };
    let sized = if matches!(sign, '．' | '）') { Width::Full } else { Width::Half };
    let style = if matches!(sign, ')' | '）') { Style::ArabicHalfBracket } else { Style::Arabic };
    let unit = after.is_some_and(|c| run.is_empty() && matches!(c, '%' | '％'));
    verify(nom::combinator::success(mark(style, number, Some(sign), sized)), |_: &Mark| bare && !unit)
        .parse(rest)
}

/// A half-width dot that no digit follows.
fn plain_dot(input: &str) -> IResult<&str, char> {
    let (rest, dot) = one_of(".").parse(input)?;
    verify(nom::combinator::success(dot), |_: &char| !rest.starts_with(is_digit)).parse(rest)
}

/// 一、 and its mistyped forms 一. 一．一， 一：; not 三、四季度.
fn chinese(input: &str) -> IResult<&str, Mark> {
    let (rest, (number, _, sign)) = (chinese_number, blanks, one_of("、．.，：")).parse(input)?;
    let joined =
        chinese_number(rest).is_ok_and(|(after, next)| next == number + 1 && !after.starts_with('般'));
    verify(nom::combinator::success(mark(Style::Chinese, number, Some(sign), Width::Full)), |_: &Mark| {
        !joined
    })
    .parse(rest)
}

/// 一是
fn is_item(input: &str) -> IResult<&str, Mark> {
    let (rest, (number, _)) = (verify(chinese_number, |&number| number < 20), tag("是")).parse(input)?;
    let (rest, sign) = opt(peek(one_of("，、：,:"))).parse(rest)?;
    let (rest, _) = match sign {
        Some(_) => satisfy(|_| true).map(Some).parse(rest)?,
        None => (rest, None),
    };
    verify(nom::combinator::success(mark(Style::Is, number, sign, Width::Full)), |_: &Mark| {
        !rest.starts_with(['否', '非'])
    })
    .parse(rest)
}

fn adverb(input: &str) -> IResult<&str, Mark> {
    let (rest, number) =
        alt((value(1, tag("首先")), value(2, tag("其次")), value(3, tag("再次")), value(4, tag("最后"))))
            .parse(input)?;
    let (rest, sign) = one_of("，、：,").parse(rest)?;
    Ok((rest, mark(Style::Adverb, number, Some(sign), Width::Full)))
}

/// ① ⑴ ⒈ ㈠
fn symbol(input: &str) -> IResult<&str, Mark> {
    let (rest, c) = satisfy(|_| true).parse(input)?;
    let code = c as u32;
    let (style, number) = match code {
        0x2460..=0x2473 => (Style::Circled, code - 0x245F),
        0x2474..=0x2487 => (Style::ArabicBracket, code - 0x2473),
        0x2488..=0x249B => (Style::Arabic, code - 0x2487),
        _ => (Style::ChineseBracket, code - 0x321F),
    };
    let (rest, punctuation) = opt(one_of("、，．")).parse(rest)?;
    Ok((rest, mark(style, number, punctuation, Width::Full)))
}

#[cfg(test)]
mod tests;
