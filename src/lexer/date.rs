//! Dates and periods: 2023年, 2023年度, 2023年5月30日, 5月30日, 6月17日至18日, 2023-05-30, 2021—2025年, 二〇二三年.
//!
//! Takes the text at a digit or Chinese numeral; gives the date and what is left.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, satisfy};
use nom::combinator::{map_opt, opt, peek, verify};
use nom::multi::{fold, many_m_n};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use super::number::{chinese_digit, digit, digit_value, digits};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateParts {
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

pub fn date(input: &str) -> IResult<&str, DateParts> {
    alt((year_range, year_month_day, month_day, numeric)).parse(input)
}

/// Whether the text may begin with a date; asked before the parsers, as most figures are none.
pub fn may_begin(input: &str) -> bool {
    let mut chars = input.chars();
    let mut count = 0;
    let after = loop {
        match chars.next() {
            Some(c) if digit_value(c).is_some() || chinese_digit(c).is_some() => count += 1,
            after => break after,
        }
        if count > 4 {
            return false;
        }
    };
    let Some(after) = after else { return false };
    let blank = matches!(after, ' ' | '\u{a0}' | '\n');
    match count {
        4 => blank || matches!(after, '年' | '.' | '/' | '-' | '—' | '–' | '~' | '～' | '至' | '－'),
        1 | 2 => blank || after == '月',
        _ => false,
    }
}

fn blanks(input: &str) -> IResult<&str, ()> {
    fold(0..=2, alt((char(' '), char('\u{a0}'), char('\n'))), || (), |(), _| ()).parse(input)
}

fn is_year(value: u64) -> bool {
    (1900..2100).contains(&value)
}

/// Four digits that are a year of our time, and no part of a longer number.
fn year_number(input: &str) -> IResult<&str, u16> {
    let arabic = map_opt(verify(digits, |(_, count)| *count == 4), |(value, _)| {
        is_year(value).then_some(value as u16)
    });
    let chinese = map_opt(many_m_n(4, 4, satisfy(|c| chinese_digit(c).is_some())), |places| {
        let value =
            places.iter().filter_map(|c| chinese_digit(*c)).fold(0, |sum, (digit, _)| sum * 10 + digit);
        is_year(value).then_some(value as u16)
    });
    alt((arabic, chinese)).parse(input)
}

fn small(max: u64) -> impl FnMut(&str) -> IResult<&str, u8> {
    move |input| {
        map_opt(verify(digits, |(_, count)| *count <= 2), |(value, _)| (value <= max).then_some(value as u8))
            .parse(input)
    }
}

/// `2023年`, then as much of month and day as there is.
fn year_month_day(input: &str) -> IResult<&str, DateParts> {
    let (rest, year) = terminated(year_number, (blanks, char('年'))).parse(input)?;
    let (rest, _) = opt(char('度')).parse(rest)?;
    let (rest, month) = opt(preceded(blanks, terminated(small(99), (blanks, char('月'))))).parse(rest)?;
    let (rest, day) = if month.is_some() { opt(preceded(blanks, day)).parse(rest)? } else { (rest, None) };
    Ok((rest, DateParts { year: Some(year), month, day }))
}

fn day(input: &str) -> IResult<&str, u8> {
    terminated(small(99), (blanks, alt((char('日'), char('号'))))).parse(input)
}

/// `5月30日`, `6月17日至18日`; `5月` alone where no 个 stands between.
fn month_day(input: &str) -> IResult<&str, DateParts> {
    let (rest, month) = terminated(small(99), (blanks, char('月'))).parse(input)?;
    let (rest, day) = opt(preceded(blanks, day)).parse(rest)?;
    let (rest, _) =
        opt((alt((tag("至"), tag("—"), tag("-"), tag("～"), tag("~"))), self::day)).parse(rest)?;
    Ok((rest, DateParts { year: None, month: Some(month), day }))
}

/// `2023-05-30`, `2023.5.30`, `2023/5/30`.
fn numeric(input: &str) -> IResult<&str, DateParts> {
    let (rest, year) = year_number(input)?;
    let (rest, mark) = alt((char('-'), char('.'), char('/'))).parse(rest)?;
    let (rest, month) = verify(small(12), |month| *month > 0).parse(rest)?;
    let (rest, day) = preceded(char(mark), verify(small(31), |day| *day > 0)).parse(rest)?;
    let (rest, ()) = nom::combinator::not(peek(digit)).parse(rest)?;
    Ok((rest, DateParts { year: Some(year), month: Some(month), day: Some(day) }))
}

/// The first year of `2021—2025年` or `2021-2025年`; the second is read as a date of its own.
fn year_range(input: &str) -> IResult<&str, DateParts> {
    let (rest, year) = year_number(input)?;
    let dash =
        fold(1..=2, satisfy(|c| matches!(c, '-' | '—' | '–' | '~' | '～' | '至' | '－')), || (), |(), _| ());
    peek((blanks, dash, blanks, year_number, blanks, char('年'))).parse(rest)?;
    Ok((rest, DateParts { year: Some(year), month: None, day: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, parts, rest) in [
            ("2023年度预算", (Some(2023), None, None), "预算"),
            ("2023年5月30日，", (Some(2023), Some(5), Some(30)), "，"),
            ("2023 年 5 月", (Some(2023), Some(5), None), ""),
            ("6月17日至18日，", (None, Some(6), Some(17)), "，"),
            ("2023-05-30", (Some(2023), Some(5), Some(30)), ""),
            ("2021—2025年", (Some(2021), None, None), "—2025年"),
            ("二〇二三年", (Some(2023), None, None), ""),
            ("2月30日", (None, Some(2), Some(30)), ""),
        ] {
            let (year, month, day) = parts;
            assert_eq!(date(text), Ok((rest, DateParts { year, month, day })), "{text}");
            assert!(may_begin(text), "{text}");
        }
        for text in ["138.43", "12023年", "2023万元", "3年", "2023.5万元", "12个月"] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
