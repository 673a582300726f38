//! Numbers: Arabic (half and full width, grouped), Chinese, capital (大写) and mixed.
//!
//! Takes the text at a digit; gives the number and what is left. A number past 28 digits is none.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::satisfy;
use nom::combinator::{map_opt, opt, peek, recognize, verify};
use nom::multi::{fold, many_m_n, many1_count};
use nom::sequence::preceded;
use nom::{IResult, Parser};
use rust_decimal::Decimal;

use super::Notation;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    pub value: Decimal,
    /// Digits after the point as written.
    pub scale: u8,
    pub notation: Notation,
}

pub fn digit_value(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// One decimal digit of either width.
pub fn digit(input: &str) -> IResult<&str, u32> {
    map_opt(satisfy(|c| digit_value(c).is_some()), digit_value).parse(input)
}

/// As many digits as there are, at least one: their value and their count.
pub fn digits(input: &str) -> IResult<&str, (u64, usize)> {
    verify(
        fold(
            1..,
            digit,
            || Some((0u64, 0usize)),
            |run, digit| {
                let (value, count) = run?;
                Some((value.checked_mul(10)?.checked_add(u64::from(digit))?, count + 1))
            },
        ),
        Option::is_some,
    )
    .map(|run| run.unwrap_or_default())
    .parse(input)
}

/// Exactly three digits with none after them: a group behind a separator.
fn group(input: &str) -> IResult<&str, u64> {
    let (rest, values) = many_m_n(3, 3, digit).parse(input)?;
    let value = values.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit));
    if digit(rest).is_ok() {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit)));
    }
    Ok((rest, value))
}

/// `1,234,567` and `1 234 567`: one to three digits, then groups behind one and the same separator.
/// A full-width comma groups only before a decimal point: elsewhere it parts two figures.
fn grouped(input: &str) -> IResult<&str, u64> {
    let (rest, (head, count)) = digits(input)?;
    if count > 3 {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit)));
    }
    for separator in [",", " ", "\u{2009}", "，"] {
        let groups = fold(
            1..,
            preceded(tag(separator), group),
            || Some(head),
            |sum: Option<u64>, next| sum?.checked_mul(1000)?.checked_add(next),
        );
        let Ok((after, Some(value))) = verify(groups, Option::is_some).parse(rest) else { continue };
        let pointed = peek(preceded(point, digit)).parse(after).is_ok();
        let spaced = separator != "," && separator != "，" && count + 3 > 6;
        if (separator == "，" && !pointed) || spaced {
            continue;
        }
        return Ok((after, value));
    }
    Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit)))
}

fn point(input: &str) -> IResult<&str, &str> {
    alt((tag("."), tag("．"))).parse(input)
}

/// Plain digits with at most a point among them, as nearly all are; `None` where another form may begin.
fn plain(input: &str) -> Option<(&str, Number)> {
    const MOST: usize = 18;
    let bytes = input.as_bytes();
    let digits =
        |from: usize| bytes[from..].iter().take(MOST).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let (mut end, mut scale) = (whole, 0);
    if bytes.get(end) == Some(&b'.') {
        scale = digits(end + 1);
        end += if scale > 0 { scale + 1 } else { 0 };
    }
    // What may group digits, or be a digit or point of the other width, begins with one of these.
    let other = matches!(bytes.get(whole), Some(b',' | b' ' | 0xE2 | 0xEF))
        || matches!(bytes.get(end), Some(b'0'..=b'9' | 0xEF));
    if whole == 0 || whole + scale > MOST || other {
        return None;
    }
    let mantissa = bytes[..end].iter().filter(|byte| **byte != b'.');
    let mantissa = mantissa.fold(0i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    let value = Decimal::new(mantissa, scale as u32);
    Some((&input[end..], Number { value, scale: scale as u8, notation: Notation::Arabic }))
}

/// An unsigned Arabic number.
pub fn arabic(input: &str) -> IResult<&str, Number> {
    plain(input).map_or_else(|| written(input), Ok)
}

/// The whole grammar, of which [`plain`] is a shortcut.
fn written(input: &str) -> IResult<&str, Number> {
    let (rest, whole) = alt((grouped, digits.map(|(value, _)| value))).parse(input)?;
    let (rest, fraction) = opt(preceded(point, digits)).parse(rest)?;
    let (fraction, scale) = fraction.unwrap_or_default();
    let number = 10i128
        .checked_pow(scale as u32)
        .and_then(|power| i128::from(whole).checked_mul(power))
        .and_then(|mantissa| mantissa.checked_add(i128::from(fraction)))
        .and_then(|mantissa| Decimal::try_from_i128_with_scale(mantissa, scale as u32).ok());
    match number {
        Some(value) => Ok((rest, Number { value, scale: scale as u8, notation: Notation::Arabic })),
        None => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::TooLarge))),
    }
}

/// A digit of the place notation and of the unit notation; 〇 is also typed as a ring.
pub fn chinese_digit(c: char) -> Option<(u64, bool)> {
    let (value, capital) = match c {
        '零' => (0, false),
        '〇' | '○' => (0, false),
        '一' => (1, false),
        '二' | '两' => (2, false),
        '三' => (3, false),
        '四' => (4, false),
        '五' => (5, false),
        '六' => (6, false),
        '七' => (7, false),
        '八' => (8, false),
        '九' => (9, false),
        '壹' => (1, true),
        '贰' => (2, true),
        '叁' => (3, true),
        '肆' => (4, true),
        '伍' => (5, true),
        '陆' => (6, true),
        '柒' => (7, true),
        '捌' => (8, true),
        '玖' => (9, true),
        _ => return None,
    };
    Some((value, capital))
}

fn chinese_power(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

pub fn is_chinese_numeral(c: char) -> bool {
    chinese_digit(c).is_some() || chinese_power(c).is_some()
}

/// A Chinese number: 一百零五, 十二, 一百五 (= 150), 二〇二三, 三点五, 壹拾贰万叁仟.
pub fn chinese(input: &str) -> IResult<&str, Number> {
    let (rest, text) = recognize(many1_count(satisfy(is_chinese_numeral))).parse(input)?;
    let fail = || nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit));
    let capital = text.chars().any(|c| chinese_digit(c).is_some_and(|(_, capital)| capital));
    let notation = if capital { Notation::Capital } else { Notation::Chinese };
    let whole = by_units(text).or_else(|| by_places(text)).ok_or_else(fail)?;
    let fraction = opt(preceded(
        satisfy(|c| c == '点'),
        fold(
            1..,
            map_opt(satisfy(|_| true), |c| chinese_digit(c).map(|(value, _)| value)),
            || (0u64, 0u32),
            |(sum, count), digit| (sum.saturating_mul(10).saturating_add(digit), count + 1),
        ),
    ))
    .parse(rest);
    let (rest, fraction) = fraction?;
    let (fraction, scale) = fraction.unwrap_or_default();
    let value = 10i128
        .checked_pow(scale)
        .and_then(|power| i128::from(whole).checked_mul(power))
        .and_then(|mantissa| Decimal::try_from_i128_with_scale(mantissa + i128::from(fraction), scale).ok())
        .ok_or_else(fail)?;
    Ok((rest, Number { value, scale: scale as u8, notation }))
}

/// 二〇二三: every character a digit, at least two.
fn by_places(text: &str) -> Option<u64> {
    if text.chars().count() < 2 {
        return None;
    }
    text.chars().try_fold(0u64, |sum, c| sum.checked_mul(10)?.checked_add(chinese_digit(c)?.0))
}

/// 一百三十八万零五: digits before powers, powers falling inside each 万 or 亿.
fn by_units(text: &str) -> Option<u64> {
    let (mut total, mut section, mut digit, mut last) = (0u64, 0u64, None::<u64>, u64::MAX);
    let (mut after_zero, mut last_large) = (false, u64::MAX);
    for c in text.chars() {
        if let Some((value, _)) = chinese_digit(c) {
            if value == 0 {
                after_zero = true;
                if digit.is_some() {
                    return None;
                }
                if text.chars().count() == 1 {
                    return Some(0);
                }
                continue;
            }
            if digit.is_some() {
                return None;
            }
            digit = Some(value);
            continue;
        }
        let power = chinese_power(c)?;
        if power >= 10_000 {
            let sum = section + digit.take().unwrap_or(0);
            if sum == 0 && total == 0 {
                return None;
            }
            // 一亿零五百万: the smaller power multiplies its own section; 三万亿: the larger one all.
            total = if power < last_large {
                total.checked_add(sum.checked_mul(power)?)?
            } else {
                (total + sum).checked_mul(power)?
            };
            (section, last, last_large) = (0, power, power);
        } else {
            if power >= last && last < 10_000 {
                return None;
            }
            section += match digit.take() {
                Some(value) => value * power,
                None if power == 10 && section == 0 => 10,
                None => return None,
            };
            last = power;
        }
        after_zero = false;
    }
    // 一百五 is 150, 一万五 is 15000; 一百零五 is 105.
    if let Some(value) = digit {
        let place = if after_zero || last == u64::MAX || last == 10 { 1 } else { last / 10 };
        section += value * place;
    }
    total.checked_add(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, &str)> {
        arabic(text).ok().map(|(rest, number)| (number.value.to_string(), rest))
    }

    #[test]
    fn arabic_numbers() {
        for (text, value, rest) in [
            ("138.430万元", "138.430", "万元"),
            ("1,234.50元", "1234.50", "元"),
            ("１１８．４３", "118.43", ""),
            ("1 129 236元", "1129236", "元"),
            ("1，234.50元", "1234.50", "元"),
            ("16，200万元", "16", "，200万元"),
            ("16,20", "16", ",20"),
            ("12,345,6", "12345", ",6"),
            ("5.", "5", "."),
        ] {
            assert_eq!(read(text), Some((value.to_owned(), rest)), "{text}");
        }
        assert_eq!(read("99999999999999999999999999999999"), None);
        for text in ["138.43万", "0", "12.", "7", "123456789012345678", "12.5.6", "0.050元", "12。5", "3,4万"]
        {
            assert!(plain(text).is_none_or(|read| written(text) == Ok(read)), "{text}");
        }
        assert!(plain("138.43万").is_some());
    }

    #[test]
    fn chinese_numbers() {
        for (text, value) in [
            ("一百三十八万", "1380000"),
            ("十", "10"),
            ("二十三", "23"),
            ("一百零五", "105"),
            ("一百五", "150"),
            ("二〇二三", "2023"),
            ("二○二三", "2023"),
            ("壹拾贰万叁仟", "123000"),
            ("三十七点七五", "37.75"),
            ("零", "0"),
            ("一亿零五百万", "105000000"),
        ] {
            let read = chinese(text).map(|(_, number)| number.value.to_string());
            assert_eq!(read, Ok(value.to_owned()), "{text}");
        }
        for text in ["万", "百", "三四十五"] {
            assert!(chinese(text).is_err(), "{text}");
        }
    }
}
