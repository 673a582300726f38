//! A number of a workbook as its number format shows it.
//!
//! Takes the stored binary number and the code of its format; gives the digits. Only here are numbers binary:
//! they become decimals by the shortest text that stands for them, as the office program itself does.

use calamine::ExcelDateTime;
use rust_decimal::{Decimal, RoundingStrategy};

/// `value` as `code` shows it; where the code says nothing of digits, all that the number has.
pub fn number(value: f64, code: &str) -> String {
    let Ok(exact) = Decimal::try_from(value) else { return value.to_string() };
    let mut sections = code.split(';');
    // Accounts show nothing as a stroke.
    let is_stroke = |section: &str| section.contains('-') && !section.contains(['0', '#']);
    if exact.is_zero() && code.split(';').nth(2).is_some_and(is_stroke) {
        return "-".to_owned();
    }
    let positive = sections.next().unwrap_or_default();
    let (section, own_sign) = match sections.next().filter(|_| exact.is_sign_negative()) {
        Some(negative) if !negative.trim().is_empty() => (negative, true),
        _ => (positive, false),
    };
    let Some(format) = Digits::of(section) else { return exact.normalize().to_string() };
    let mut shown = exact.abs();
    for _ in 0..format.percents {
        shown = shown.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(shown);
    }
    for _ in 0..format.thousandths {
        shown = shown.checked_div(Decimal::ONE_THOUSAND).unwrap_or(shown);
    }
    let most = format.most.min(20);
    let mut shown = shown.round_dp_with_strategy(most, RoundingStrategy::MidpointAwayFromZero);
    if shown.scale() < most {
        shown.rescale(most);
    }
    let mut digits = shown.to_string();
    while digits.contains('.') && digits.ends_with('0') && shown.scale() as usize > format.least as usize {
        let decimals = digits.len() - digits.find('.').unwrap_or(digits.len()) - 1;
        if decimals <= format.least as usize {
            break;
        }
        digits.pop();
    }
    let digits = digits.trim_end_matches('.');
    let digits = if format.grouped { group(digits) } else { digits.to_owned() };
    let minus = if exact.is_sign_negative() && !own_sign && !shown.is_zero() { "-" } else { "" };
    format!("{minus}{}{digits}{}", format.before, format.after)
}

/// Year, month and day; with hanzi where the format has them.
pub fn date(date: &ExcelDateTime, code: &str) -> String {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    if code.contains('年') || code.contains("[$-804]") {
        let day = if code.contains('d') { format!("{day}日") } else { String::new() };
        format!("{year}年{month}月{day}")
    } else {
        format!("{year}-{month:02}-{day:02}")
    }
}

struct Digits {
    before: String,
    after: String,
    /// Decimals at least and at most.
    least: u32,
    most: u32,
    percents: u32,
    thousandths: u32,
    grouped: bool,
}

impl Digits {
    /// None for a code that fixes no digits, such as General and @, and for fractions and powers.
    fn of(section: &str) -> Option<Digits> {
        let mut digits = Digits {
            before: String::new(),
            after: String::new(),
            least: 0,
            most: 0,
            percents: 0,
            thousandths: 0,
            grouped: false,
        };
        let (mut begun, mut point, mut commas) = (false, false, 0);
        let mut chars = section.chars();
        while let Some(c) = chars.next() {
            let literal = match c {
                '0' | '#' | '?' => {
                    if !digits.after.is_empty() {
                        return None;
                    }
                    digits.grouped |= commas > 0 && !point;
                    (begun, commas) = (true, 0);
                    digits.most += u32::from(point);
                    digits.least += u32::from(point && c == '0');
                    continue;
                }
                '.' if begun && !point => {
                    point = true;
                    continue;
                }
                ',' if begun => {
                    commas += 1;
                    continue;
                }
                '[' => {
                    let inner: String = chars.by_ref().take_while(|&c| c != ']').collect();
                    inner.strip_prefix('$').map(|rest| rest.split('-').next().unwrap_or_default().to_owned())
                }
                '"' => Some(chars.by_ref().take_while(|&c| c != '"').collect()),
                '\\' => chars.next().map(String::from),
                '_' | '*' => {
                    chars.next();
                    None
                }
                'E' | 'e' | '/' | '@' | 'G' => return None,
                _ => Some(c.to_string()),
            };
            digits.percents += u32::from(c == '%');
            let side = if begun { &mut digits.after } else { &mut digits.before };
            side.push_str(literal.as_deref().unwrap_or_default());
        }
        digits.thousandths = commas;
        begun.then_some(digits)
    }
}

fn group(digits: &str) -> String {
    let (whole, decimals) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::new();
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out + decimals
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_shown_as_the_workbook_shows_them() {
        let cases = [
            (118.4, "0.00", "118.40"),
            (0.995, "0.00%", "99.50%"),
            (0.995, "0%", "100%"),
            (0.1 + 0.2, "General", "0.3"),
            (1234567.5, "#,##0.00", "1,234,567.50"),
            (1234567.5, "0.00,", "1234.57"),
            (2.345, "0.00", "2.35"),
            (-12.5, "0.0;(0.0)", "(12.5)"),
            (-12.5, "0.00_ ;[Red]\\-0.00\\ ", "-12.50 "),
            (-0.001, "0.00", "0.00"),
            (5.0, "0.##", "5"),
            (5.25, "0.0##", "5.25"),
            (20.0, "0.00\"万元\"", "20.00万元"),
            (3.0, "[$¥-804]#,##0.0", "¥3.0"),
            (2023.0, "@", "2023"),
            (12.0, "_ * #,##0.00_ ;_ * \\-#,##0.00_ ", "12.00 "),
            (0.0, "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)", "-"),
            (0.0, "0.00;-0.00;0", "0.00"),
            (f64::NAN, "0", "NaN"),
            (1e300, "0", &1e300f64.to_string()),
        ];
        for (value, code, text) in cases {
            assert_eq!(number(value, code).trim_end(), text.trim_end(), "{value} as {code}");
        }
    }
}
