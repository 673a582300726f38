//! The slips that are put into the project's own reports, one function each.

mod figures;
mod headings;
mod names;
mod words;

use super::base::Base;
use super::mutation::Mutation;
use super::random::Random;

#[derive(Debug)]
pub struct Operator {
    pub id: &'static str,
    pub zh: &'static str,
    /// The rules that should answer; for figures the relation that breaks decides.
    pub rules: &'static [&'static str],
    pub make: fn(&Base, &mut Random) -> Vec<Mutation>,
}

impl Operator {
    const fn figures(id: &'static str, zh: &'static str, make: Make) -> Self {
        Operator { id, zh, rules: &["FIG005"], make }
    }

    const fn of(id: &'static str, zh: &'static str, rules: &'static [&'static str], make: Make) -> Self {
        Operator { id, zh, rules, make }
    }
}

type Make = fn(&Base, &mut Random) -> Vec<Mutation>;

pub fn all() -> impl Iterator<Item = &'static Operator> {
    [figures::OPERATORS, headings::OPERATORS, names::OPERATORS, words::OPERATORS].into_iter().flatten()
}
