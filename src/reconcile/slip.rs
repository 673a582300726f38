//! The slips of the pen that turn one figure into another.
//!
//! Works on the digits as written; must not know what a figure means.

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
    /// 本年 for 上年 as the divisor of a rate of change.
    CurrentAsBase,
    /// 上年 written where the change belongs.
    BaseAsChange,
    /// The figure of a neighbour.
    Copied,
    /// One part is missing in the total.
    LeftOut,
    /// The others were changed and this one was not.
    Stale,
    /// 增加 for 减少, or the reverse.
    Direction,
}

/// Digits beyond this are no figure of a report.
const MOST_DIGITS: usize = 24;

/// A non-negative figure as written: its digits, the first of them the highest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    digits: Vec<u8>,
    /// Digits after the point.
    scale: usize,
}

impl Written {
    fn of(value: Decimal, scale: u32) -> Option<Written> {
        let mut value = value;
        value.rescale(scale);
        let scale = value.scale();
        let mut digits: Vec<u8> = Vec::with_capacity(12);
        let mut rest = value.mantissa().unsigned_abs();
        while rest > 0 || digits.len() <= scale as usize {
            digits.push((rest % 10) as u8);
            rest /= 10;
        }
        digits.reverse();
        (!value.is_sign_negative() && digits.len() <= MOST_DIGITS)
            .then_some(Written { digits, scale: scale as usize })
    }

    fn whole(&self) -> usize {
        self.digits.len() - self.scale
    }
}

fn decimal(digits: impl Iterator<Item = u8>, scale: usize) -> Decimal {
    let mantissa = digits.fold(0i128, |sum, digit| sum * 10 + i128::from(digit));
    Decimal::from_i128_with_scale(mantissa, scale as u32)
}

/// The slip that leads from `meant` to `printed`, which shows `scale` digits after the point.
pub fn slip(meant: Decimal, printed: Decimal, scale: u32) -> Option<Slip> {
    if meant == printed || meant.is_sign_negative() || printed.is_sign_negative() {
        return None;
    }
    if let Some(power) = power_apart(meant, printed) {
        return Some(if power == 4 || power == 8 { Slip::Unit } else { Slip::Point });
    }
    let finer = scale.max(meant.normalize().scale());
    if finer > scale + 1 {
        return None;
    }
    let same = (Written::of(meant, scale)?, Written::of(printed, scale)?);
    if finer == scale && same.0.digits.len() == same.1.digits.len() {
        let (a, b) = (&same.0.digits, &same.1.digits);
        let differ: Vec<usize> = (0..a.len()).filter(|&i| a[i] != b[i]).collect();
        return match differ[..] {
            [_] => Some(Slip::Digit),
            [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i] => Some(Slip::Swap),
            _ => None,
        };
    }
    // A digit lost or slipped in, before the point or behind it.
    let meant = Written::of(meant, finer)?;
    let printed = same.1;
    let (long, short) =
        if meant.digits.len() > printed.digits.len() { (&meant, &printed) } else { (&printed, &meant) };
    let point = |at: usize| {
        if at < long.whole() { short.whole() + 1 == long.whole() } else { short.scale + 1 == long.scale }
    };
    let lost = short.digits.len() >= 2
        && long.digits.len() == short.digits.len() + 1
        && (0..long.digits.len()).any(|at| {
            point(at)
                && long.digits[..at] == short.digits[..at]
                && long.digits[at + 1..] == short.digits[at..]
        });
    lost.then_some(Slip::Length)
}

/// Calls `each` with every value that one slip turns into `printed`, which shows `scale` digits after the
/// point: some 150 for a figure of six digits.
pub fn slips_from(printed: Decimal, scale: u32, mut each: impl FnMut(Decimal, Slip)) {
    let Some(written) = Written::of(printed, scale) else { return };
    let Written { digits, scale } = &written;
    let (count, scale) = (digits.len(), *scale);
    for at in 0..count {
        let put = |new: u8| {
            let digits = digits.iter().enumerate();
            decimal(digits.map(|(place, &digit)| if place == at { new } else { digit }), scale)
        };
        // No figure begins with a nought before its point.
        let least = u8::from(at == 0 && written.whole() > 1);
        (least..10).filter(|new| *new != digits[at]).for_each(|new| each(put(new), Slip::Digit));
    }
    for at in 1..count {
        if digits[at] != digits[at - 1] && !(at == 1 && digits[1] == 0 && written.whole() > 1) {
            let mut swapped = digits.clone();
            swapped.swap(at - 1, at);
            each(decimal(swapped.into_iter(), scale), Slip::Swap);
        }
    }
    for at in 0..count {
        let before = at < written.whole();
        if before && (written.whole() == 1 || at == 0 && digits[1] == 0 && written.whole() > 2) {
            continue;
        }
        let rest = digits.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, digit)| *digit);
        each(decimal(rest, scale - usize::from(!before)), Slip::Length);
    }
    for at in 0..=count {
        for new in u8::from(at == 0)..10 {
            let all = || digits[..at].iter().chain(std::iter::once(&new)).chain(&digits[at..]).copied();
            if at <= written.whole() {
                each(decimal(all(), scale), Slip::Length);
            }
            if at >= written.whole() && scale > 0 {
                each(decimal(all(), scale + 1), Slip::Length);
            }
        }
    }
    for power in [1u32, 2, 3, 4, 8] {
        let slip = if power >= 4 { Slip::Unit } else { Slip::Point };
        let ten = Decimal::from(10u64.pow(power));
        printed.checked_mul(ten).into_iter().for_each(|value| each(value, slip));
        printed.checked_div(ten).into_iter().for_each(|value| each(value, slip));
    }
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

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn slips_are_named() {
        for (meant, printed, expected) in [
            ("138.43", "133.43", Some(Slip::Digit)),
            ("138.43", "183.43", Some(Slip::Swap)),
            ("138.43", "13.843", Some(Slip::Point)),
            ("138.43", "1384300", Some(Slip::Unit)),
            ("138.43", "38.43", Some(Slip::Length)),
            ("138.43", "1338.43", Some(Slip::Length)),
            ("138.43", "138.4", Some(Slip::Length)),
            ("138.43", "138.3", Some(Slip::Length)),
            ("0.70", "9.70", Some(Slip::Digit)),
            ("138.43", "159.43", None),
            ("138.43", "138.43", None),
        ] {
            let scale = d(printed).scale();
            assert_eq!(slip(d(meant), d(printed), scale), expected, "{meant} {printed}");
        }
    }

    #[test]
    fn every_slip_that_is_made_is_named() {
        for printed in ["138.43", "8", "0.70", "20", "1005", "0.00", "98.7"] {
            let printed = d(printed);
            let mut count = 0;
            slips_from(printed, printed.scale(), |meant, made| {
                count += 1;
                let named = slip(meant, printed, printed.scale());
                // 11 and 1: a digit lost; 10 and 1: the point. Both are true.
                let alike = named == Some(made) || meant == printed || power_apart(meant, printed).is_some();
                assert!(alike || made == Slip::Length, "{meant} {printed} {made:?} {named:?}");
            });
            assert!(count > 9, "{printed}: {count}");
        }
    }
}
