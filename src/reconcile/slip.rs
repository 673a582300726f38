//! The slips of the pen that turn one figure into another.

use rust_decimal::Decimal;

/// What one slip did to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// 元 for 万元 and the like: a factor of ten thousand or a hundred million.
    Unit,
    /// The decimal point one to three places off.
    Point,
    /// Two neighbouring digits swapped.
    Swap,
    /// One digit wrong.
    Digit,
    /// One digit doubled, lost or slipped in.
    Length,
}

/// The slip that leads from `meant` to `printed`, both at `scale` digits after the point.
pub fn slip(meant: Decimal, printed: Decimal, scale: u32) -> Option<Slip> {
    if meant == printed || meant.is_sign_negative() || printed.is_sign_negative() {
        return None;
    }
    if let Some(power) = power_apart(meant, printed) {
        return Some(if power == 4 || power == 8 { Slip::Unit } else { Slip::Point });
    }
    let (mut meant, mut printed) = (meant, printed);
    meant.rescale(scale);
    printed.rescale(scale);
    let (a, b) = (meant.mantissa().unsigned_abs().to_string(), printed.mantissa().unsigned_abs().to_string());
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() == b.len() {
        let differ: Vec<usize> = (0..a.len()).filter(|&i| a[i] != b[i]).collect();
        return match differ[..] {
            [_] => Some(Slip::Digit),
            [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i] => Some(Slip::Swap),
            _ => None,
        };
    }
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    let lost = short.len() >= 2
        && long.len() == short.len() + 1
        && (0..long.len()).any(|at| long[..at] == short[..at] && long[at + 1..] == short[at..]);
    lost.then_some(Slip::Length)
}

/// k where the two are 10^k apart, k from 1 to 8.
pub fn power_apart(a: Decimal, b: Decimal) -> Option<u32> {
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    if small <= Decimal::ZERO {
        return None;
    }
    (1..=8)
        .find(|&k| small.checked_mul(Decimal::from(10u64.pow(k))) == Some(large))
        .filter(|k| matches!(k, 1..=4 | 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_named() {
        let d = |text: &str| text.parse::<Decimal>().expect("a decimal");
        for (meant, printed, expected) in [
            ("138.43", "133.43", Some(Slip::Digit)),
            ("138.43", "183.43", Some(Slip::Swap)),
            ("138.43", "13.843", Some(Slip::Point)),
            ("138.43", "1384300", Some(Slip::Unit)),
            ("138.43", "38.43", Some(Slip::Length)),
            ("138.43", "1338.43", Some(Slip::Length)),
            ("138.43", "159.43", None),
            ("138.43", "138.43", None),
        ] {
            assert_eq!(slip(d(meant), d(printed), 2), expected, "{meant} {printed}");
        }
    }
}
