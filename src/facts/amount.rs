//! A figure as an interval: the value printed, and how far the truth may lie from it.

use rust_decimal::Decimal;

use crate::lexer::{Modifier, Quantity};
use crate::rules::{FamilyId, Units};

/// All values in the base unit of the family (money: 元).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub value: Decimal,
    /// Half a unit of the last printed digit.
    pub half: Decimal,
    /// How many base units one printed unit is: 10000 for 万元.
    pub factor: Decimal,
    pub family: FamilyId,
    pub modifier: Modifier,
}

impl Amount {
    /// `None` for a figure without unit, a range, a rate per head, or a value out of range.
    pub fn of(quantity: &Quantity, units: &Units) -> Option<Amount> {
        let unit = match quantity.unit {
            Some(unit) => unit,
            // 16万 beside 20万元 is money; the missing 元 is another rule's matter.
            None if quantity.power > 0 => units.money()?,
            None => return None,
        };
        if quantity.upper.is_some() || quantity.per {
            return None;
        }
        let power = Decimal::from(10u64.checked_pow(u32::from(quantity.power))?);
        let factor = power.checked_mul(units.get(unit).factor)?;
        let value = quantity.value.checked_mul(factor)?;
        let half = Decimal::try_new(5, u32::from(quantity.scale) + 1).ok()?.checked_mul(factor)?;
        Some(Amount { value, half, factor, family: units.family_id(unit), modifier: quantity.modifier })
    }

    /// A stated zero (无…支出): exact.
    pub fn zero(family: FamilyId, factor: Decimal) -> Amount {
        Amount { value: Decimal::ZERO, half: Decimal::ZERO, factor, family, modifier: Modifier::Exact }
    }

    /// A count is exact: eight persons are not 7.5 to 8.5.
    pub fn counted(self) -> Amount {
        Amount { half: Decimal::ZERO, ..self }
    }

    pub fn low(&self) -> Decimal {
        self.value.saturating_sub(self.half)
    }

    pub fn high(&self) -> Decimal {
        self.value.saturating_add(self.half)
    }

    pub fn is_exact(&self) -> bool {
        self.modifier == Modifier::Exact
    }
}
