//! 发文字号: agency code, year in brackets, serial number, 号.
//!
//! Takes the text at an opening bracket; gives year, brackets and what is left. Wrong brackets are read
//! too, so that a rule can say so.

use nom::character::complete::satisfy;
use nom::combinator::{opt, verify};
use nom::sequence::delimited;
use nom::{IResult, Parser};

use super::number::digits;

/// Year and byte length of the bracketed part; the rest begins after 号.
pub fn bracketed_year(input: &str) -> IResult<&str, (u16, usize)> {
    let blank = |input| opt(satisfy(|c| c == ' ' || c == '\u{a0}')).parse(input);
    let (rest, (year, _)) = delimited(
        (satisfy(is_open), blank),
        verify(digits, |(value, count)| *count == 4 && (1949..2100).contains(value)),
        (blank, satisfy(is_close)),
    )
    .parse(input)?;
    let bracketed = input.len() - rest.len();
    let (rest, _) = (blank, opt(satisfy(|c| c == '第')), blank).parse(rest)?;
    let (rest, _) = verify(digits, |(_, count)| *count <= 5).parse(rest)?;
    let (rest, _) = (blank, satisfy(|c| c == '号')).parse(rest)?;
    Ok((rest, (year as u16, bracketed)))
}

pub fn is_open(c: char) -> bool {
    matches!(c, '〔' | '【' | '[' | '［' | '(' | '（' | '〈' | '<')
}

fn is_close(c: char) -> bool {
    matches!(c, '〕' | '】' | ']' | '］' | ')' | '）' | '〉' | '>')
}

/// Words that introduce a document number and are no part of the agency code.
const BEFORE_CODE: [&str; 15] =
    ["根据", "按照", "依据", "依照", "遵照", "关于", "印发", "以", "据", "按", "和", "与", "及", "由", "见"];

/// Byte length of the agency code at the end of `before`, at most twelve characters.
pub fn agency_code(before: &str) -> usize {
    let start = before
        .char_indices()
        .rev()
        .take(12)
        .take_while(|(_, c)| ('\u{4e00}'..='\u{9fff}').contains(c))
        .last()
        .map_or(before.len(), |(at, _)| at);
    let code = &before[start..];
    let lead = BEFORE_CODE
        .iter()
        .filter_map(|word| code.rfind(word).map(|at| at + word.len()))
        .filter(|&end| end < code.len())
        .max()
        .unwrap_or(0);
    code.len() - lead
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_right_and_wrong_brackets() {
        for (text, rest) in
            [("〔2018〕34号", ""), ("【2024】2号文", "文"), ("(2019)第7号", ""), ("[2024] 15 号", "")]
        {
            assert_eq!(bracketed_year(text).map(|(rest, _)| rest), Ok(rest), "{text}");
        }
        for text in ["（2023年）", "〔34〕号", "（2023）", "（1）2号"] {
            assert!(bracketed_year(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_code_ends_before_the_introducing_word() {
        for (before, code) in [("根据云财绩", "云财绩"), ("《通知》（湘财预", "湘财预"), ("，", "")]
        {
            assert_eq!(&before[before.len() - agency_code(before)..], code);
        }
    }
}
