//! The unit table, and the longest unit at the head of a text.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use smol_str::SmolStr;

/// Place of a unit in [`Units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub u8);

/// A unit family, comparable without its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FamilyId(pub u8);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub name: SmolStr,
    pub family: SmolStr,
    /// How many of the family's base unit.
    pub factor: Decimal,
    /// Words that begin with `name` and are no unit: 人员, 支出.
    #[serde(default)]
    pub except: Vec<SmolStr>,
}

#[derive(Debug, Clone, Default)]
pub struct Units {
    units: Vec<Unit>,
    /// By first character; longest name first.
    by_first: FxHashMap<char, Vec<UnitId>>,
    /// For each unit, the place of its family among the families.
    families: Vec<u8>,
    money: Option<UnitId>,
}

impl Units {
    pub fn new(units: Vec<Unit>) -> Self {
        let mut by_first: FxHashMap<char, Vec<UnitId>> = FxHashMap::default();
        for (place, unit) in units.iter().enumerate().take(usize::from(u8::MAX)) {
            if let Some(first) = unit.name.chars().next() {
                by_first.entry(first).or_default().push(UnitId(place as u8));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|id| std::cmp::Reverse(units[usize::from(id.0)].name.len()));
        }
        let money = units.iter().position(|unit| unit.name == "元").map(|place| UnitId(place as u8));
        let mut names: Vec<&SmolStr> = Vec::new();
        let mut families = Vec::with_capacity(units.len());
        for unit in &units {
            let place = names.iter().position(|name| **name == unit.family).unwrap_or_else(|| {
                names.push(&unit.family);
                names.len() - 1
            });
            families.push(place as u8);
        }
        Units { by_first, money, families, units }
    }

    pub fn get(&self, id: UnitId) -> &Unit {
        &self.units[usize::from(id.0)]
    }

    pub fn family(&self, id: UnitId) -> &str {
        &self.get(id).family
    }

    pub fn family_id(&self, id: UnitId) -> FamilyId {
        FamilyId(self.families[usize::from(id.0)])
    }

    /// The unit in which amounts of the family are reckoned.
    pub fn base(&self, family: FamilyId) -> Option<SmolStr> {
        let own = self.units.iter().zip(&self.families).filter(|(_, of)| **of == family.0);
        own.map(|(unit, _)| unit).find(|unit| unit.factor == Decimal::ONE).map(|unit| unit.name.clone())
    }

    /// The family of this name.
    pub fn find_family(&self, name: &str) -> Option<FamilyId> {
        let place = self.units.iter().position(|unit| unit.family == name)?;
        self.families.get(place).map(|family| FamilyId(*family))
    }

    /// 元.
    pub fn money(&self) -> Option<UnitId> {
        self.money
    }

    /// The longest unit that `text` begins with.
    pub fn at_head(&self, text: &str) -> Option<(UnitId, usize)> {
        let first = text.chars().next()?;
        let found = self.by_first.get(&first)?.iter().find(|id| {
            let unit = self.get(**id);
            text.starts_with(unit.name.as_str())
                && !unit.except.iter().any(|word| text.starts_with(word.as_str()))
        })?;
        Some((*found, self.get(*found).name.len()))
    }
}
