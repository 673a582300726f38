//! Numbers as the formats of automatic numbering write them.
//!
//! Takes the name of a format and a number; gives its text. Beyond what a format can write stand digits, as in Word.

/// `number` in `format`, a value of the standard's list of number formats.
pub fn numeral(format: &str, number: u32) -> String {
    let special = match format {
        "none" => Some(String::new()),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).map(|text| text.to_lowercase()),
        "upperLetter" => letter(number, 'A'),
        "lowerLetter" => letter(number, 'a'),
        "decimalZero" => Some(format!("{number:02}")),
        "decimalFullWidth" | "decimalFullWidth2" => Some(by_place(number, "０１２３４５６７８９")),
        "numberInDash" => Some(format!("- {number} -")),
        "hex" => Some(format!("{number:X}")),
        "ordinal" => Some(ordinal(number)),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => one_of(number, '①', 20),
        "decimalEnclosedFullstop" => one_of(number, '⒈', 20),
        "decimalEnclosedParen" => one_of(number, '⑴', 20),
        "ideographEnclosedCircle" => one_of(number, '㊀', 10),
        "ideographTraditional" => listed(number, STEMS),
        "ideographZodiac" => listed(number, BRANCHES),
        "ideographZodiacTraditional" => cycle(number),
        "ideographDigital" | "japaneseDigitalTenThousand" => Some(by_place(number, "〇一二三四五六七八九")),
        "taiwaneseDigital" => Some(by_place(number, RING)),
        "chineseCounting" | "taiwaneseCounting" if number < 100 => counted(number, &CHINESE),
        "chineseCounting" | "taiwaneseCounting" => Some(by_place(number, RING)),
        "chineseCountingThousand" => counted(number, &CHINESE),
        "taiwaneseCountingThousand" => counted(number, &Words { digits: TAIWANESE, ..CHINESE }),
        "chineseLegalSimplified" => counted(number, &LEGAL),
        "ideographLegalTraditional" => counted(
            number,
            &Words { digits: "零壹貳參肆伍陸柒捌玖", units: ["拾", "佰", "仟", "萬"], ..LEGAL },
        ),
        "japaneseCounting" => counted(number, &JAPANESE),
        "japaneseLegal" => counted(
            number,
            &Words {
                digits: "〇壱弐参四伍六七八九",
                units: ["拾", "百", "阡", "萬"],
                bare: [false; 3],
                ..JAPANESE
            },
        ),
        _ => None,
    };
    special.unwrap_or_else(|| number.to_string())
}

const RING: &str = "○一二三四五六七八九";
const TAIWANESE: &str = "零一二三四五六七八九";
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

/// How a language counts.
#[derive(Clone, Copy)]
struct Words {
    digits: &'static str,
    /// Ten, hundred, thousand, ten thousand.
    units: [&'static str; 4],
    /// Whether a gap inside the number is spoken: 一百〇一.
    gaps: bool,
    /// Whether one ten, hundred, thousand at the beginning goes without its one: 十二.
    bare: [bool; 3],
    /// Whether it goes without it further on too: 百十.
    bare_inside: bool,
}

const CHINESE: Words = Words {
    digits: "〇一二三四五六七八九",
    units: ["十", "百", "千", "万"],
    gaps: true,
    bare: [true, false, false],
    bare_inside: false,
};

const LEGAL: Words = Words {
    digits: "零壹贰叁肆伍陆柒捌玖",
    units: ["拾", "佰", "仟", "万"],
    gaps: true,
    bare: [false; 3],
    bare_inside: false,
};

const JAPANESE: Words = Words { gaps: false, bare: [true; 3], bare_inside: true, ..CHINESE };

/// Below a million; zero has no word of its own.
fn counted(number: u32, words: &Words) -> Option<String> {
    if number == 0 || number >= 1_000_000 {
        return None;
    }
    let digit = |value: u32| words.digits.chars().nth(value as usize).unwrap_or_default();
    let (myriads, rest) = (number / 10_000, number % 10_000);
    let mut text = String::new();
    if myriads > 0 {
        text = below_myriad(myriads, words, true, digit);
        text.push_str(words.units[3]);
    }
    if rest > 0 {
        if myriads > 0 && rest < 1_000 && words.gaps {
            text.push(digit(0));
        }
        text.push_str(&below_myriad(rest, words, myriads == 0, digit));
    }
    Some(text)
}

fn below_myriad(number: u32, words: &Words, first: bool, digit: impl Fn(u32) -> char) -> String {
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4u32).rev() {
        let value = number / 10u32.pow(place) % 10;
        if value == 0 {
            gap |= !text.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) && words.gaps {
            text.push(digit(0));
        }
        let leads = text.is_empty() && first;
        let unit = place.checked_sub(1).map(|unit| unit as usize);
        let bare = unit.is_some_and(|unit| value == 1 && words.bare[unit] && (leads || words.bare_inside));
        if !bare {
            text.push(digit(value));
        }
        if let Some(unit) = unit {
            text.push_str(words.units[unit]);
        }
    }
    text
}

/// Digit by digit: 一〇一.
fn by_place(number: u32, digits: &str) -> String {
    let digit = |c: char| digits.chars().nth(c as usize - '0' as usize).unwrap_or(c);
    number.to_string().chars().map(digit).collect()
}

fn listed(number: u32, list: &str) -> Option<String> {
    list.chars().nth(number.checked_sub(1)? as usize).map(String::from)
}

/// 甲子, 乙丑 … 癸亥.
fn cycle(number: u32) -> Option<String> {
    let place = number.checked_sub(1).filter(|place| *place < 60)?;
    Some(listed(place % 10 + 1, STEMS)? + &listed(place % 12 + 1, BRANCHES)?)
}

/// One of a row of characters that begins with `first`.
fn one_of(number: u32, first: char, last: u32) -> Option<String> {
    let known = (1..=last).contains(&number);
    char::from_u32(first as u32 + number.checked_sub(1)?).filter(|_| known).map(String::from)
}

/// A … Z, AA, BB.
fn letter(number: u32, first: char) -> Option<String> {
    let place = number.checked_sub(1).filter(|place| *place < 780)?;
    let letter = char::from_u32(first as u32 + place % 26)?;
    Some(String::from(letter).repeat(place as usize / 26 + 1))
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let (mut left, mut text) = (number, String::new());
    for (value, sign) in SIGNS {
        text.push_str(&sign.repeat((left / value) as usize));
        left %= value;
    }
    Some(text)
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1, 9, 10, 11, 20, 21, 100, 101, 110, 1001.
    const NUMBERS: [u32; 10] = [1, 9, 10, 11, 20, 21, 100, 101, 110, 1001];

    #[test]
    fn every_format_writes_as_word_does() {
        let table = [
            ("decimal", "1 9 10 11 20 21 100 101 110 1001"),
            ("decimalZero", "01 09 10 11 20 21 100 101 110 1001"),
            ("decimalFullWidth", "１ ９ １０ １１ ２０ ２１ １００ １０１ １１０ １００１"),
            ("decimalEnclosedCircle", "① ⑨ ⑩ ⑪ ⑳ 21 100 101 110 1001"),
            ("decimalEnclosedCircleChinese", "① ⑨ ⑩ ⑪ ⑳ 21 100 101 110 1001"),
            ("decimalEnclosedFullstop", "⒈ ⒐ ⒑ ⒒ ⒛ 21 100 101 110 1001"),
            ("decimalEnclosedParen", "⑴ ⑼ ⑽ ⑾ ⒇ 21 100 101 110 1001"),
            ("upperLetter", "A I J K T U VVVV WWWW FFFFF 1001"),
            ("lowerLetter", "a i j k t u vvvv wwww fffff 1001"),
            ("upperRoman", "I IX X XI XX XXI C CI CX MI"),
            ("lowerRoman", "i ix x xi xx xxi c ci cx mi"),
            ("chineseCounting", "一 九 十 十一 二十 二十一 一○○ 一○一 一一○ 一○○一"),
            ("chineseCountingThousand", "一 九 十 十一 二十 二十一 一百 一百〇一 一百一十 一千〇一"),
            ("chineseLegalSimplified", "壹 玖 壹拾 壹拾壹 贰拾 贰拾壹 壹佰 壹佰零壹 壹佰壹拾 壹仟零壹"),
            ("japaneseCounting", "一 九 十 十一 二十 二十一 百 百一 百十 千一"),
            ("ideographDigital", "一 九 一〇 一一 二〇 二一 一〇〇 一〇一 一一〇 一〇〇一"),
            ("ideographTraditional", "甲 壬 癸 11 20 21 100 101 110 1001"),
            ("ideographZodiac", "子 申 酉 戌 20 21 100 101 110 1001"),
            ("ideographZodiacTraditional", "甲子 壬申 癸酉 甲戌 癸未 甲申 100 101 110 1001"),
            ("ideographEnclosedCircle", "㊀ ㊈ ㊉ 11 20 21 100 101 110 1001"),
            ("ideographLegalTraditional", "壹 玖 壹拾 壹拾壹 貳拾 貳拾壹 壹佰 壹佰零壹 壹佰壹拾 壹仟零壹"),
            ("taiwaneseCountingThousand", "一 九 十 十一 二十 二十一 一百 一百零一 一百一十 一千零一"),
            ("ordinal", "1st 9th 10th 11th 20th 21st 100th 101st 110th 1001st"),
            ("numberInDash", "- 1 -,- 9 -,- 10 -,- 11 -,- 20 -,- 21 -,- 100 -,- 101 -,- 110 -,- 1001 -"),
            ("a format nobody knows", "1 9 10 11 20 21 100 101 110 1001"),
        ];
        for (format, expected) in table {
            let separator = if expected.contains(',') { "," } else { " " };
            let all = NUMBERS.map(|number| numeral(format, number)).join(separator);
            assert_eq!(all, expected, "{format}");
        }
        assert_eq!(numeral("chineseCountingThousand", 12_345), "一万二千三百四十五");
        assert_eq!(numeral("chineseCountingThousand", 10_020), "一万〇二十");
        assert_eq!(numeral("none", 3), "");
        assert_eq!(numeral("upperRoman", 0), "0");
    }
}
