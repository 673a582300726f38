//! What the figures of a form should come to. Arithmetic only: which difference is a fault is judged elsewhere.

use rust_decimal::Decimal;

use super::{Entry, Figure, Fund, Group, Indicator, Sheet};
use crate::document::Span;
use crate::rules::{FormRow, Units};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    AtLeast,
    AtMost,
    Exactly,
}

/// Closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub low: Decimal,
    pub high: Decimal,
}

/// One reading of what a total sums up.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    pub value: Decimal,
    /// Half a unit of the finest part's last digit.
    pub half: Decimal,
    pub parts: Vec<Span>,
}

/// A total of funds and what its parts come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Funding {
    pub total: Figure,
    pub sum: Sum,
    /// `None`: within rounding.
    pub holds: Option<bool>,
}

/// The execution of the budget as the rows of funds have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Execution {
    /// 执行数 ÷ 预算数, as far as the printed digits say.
    pub rate: Range,
    /// 全年预算数, else 年初预算数.
    pub plan: Figure,
    pub outturn: Figure,
}

impl Default for Figure {
    /// A zero that stands nowhere.
    fn default() -> Self {
        Figure {
            span: Span::default(),
            value: Decimal::ZERO,
            half: Decimal::ZERO,
            unit: None,
            direction: None,
            about: false,
            per: Span::default(),
        }
    }
}

impl Figure {
    pub fn range(&self) -> Range {
        Range { low: self.value.saturating_sub(self.half), high: self.value.saturating_add(self.half) }
    }

    /// Both in one measure: the same family of units, or one of them without unit.
    pub fn beside(&self, other: &Figure, units: &Units) -> Option<(Decimal, Decimal)> {
        match (self.unit, other.unit) {
            (Some(a), Some(b)) if units.family_id(a) == units.family_id(b) => Some((
                self.value.checked_mul(units.get(a).factor)?,
                other.value.checked_mul(units.get(b).factor)?,
            )),
            (Some(_), Some(_)) => None,
            _ => Some((self.value, other.value)),
        }
    }
}

impl Range {
    pub fn meets(&self, other: &Range) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// `self` ÷ `other`; `None` where the divisor is not above zero.
    fn over(self, other: Range) -> Option<Range> {
        if other.low <= Decimal::ZERO {
            return None;
        }
        Some(Range { low: self.low.checked_div(other.high)?, high: self.high.checked_div(other.low)? })
    }

    /// Whether a score is what was earned: rounded, or cut off behind its last digit.
    pub fn accepts(&self, score: &Figure) -> bool {
        let unit = score.half.saturating_add(score.half);
        self.low.saturating_sub(unit) < score.value && score.value <= self.high.saturating_add(score.half)
    }

    fn times(self, factor: Decimal) -> Option<Range> {
        Some(Range { low: self.low.checked_mul(factor)?, high: self.high.checked_mul(factor)? })
    }

    fn at_most(self, most: Decimal) -> Range {
        Range { low: self.low.min(most), high: self.high.min(most) }
    }
}

impl Sum {
    /// Whether the sum is the printed total, or rounds to one that is printed coarser than its parts.
    pub fn comes_to(&self, total: &Figure) -> bool {
        let gap = self.value.saturating_sub(total.value).abs();
        gap.is_zero() || total.half > self.half && gap <= total.half
    }
}

impl Fund {
    /// Whether the printed rate is 执行数 ÷ 预算数, against either budget; above 100 % it may be capped.
    pub fn rate_holds(&self, units: &Units) -> Option<bool> {
        let (printed, execution) = (self.printed_rate(units)?, self.execution(false)?);
        let capped = |range: &Range| {
            range.low > Decimal::ONE && printed.low <= Decimal::ONE && Decimal::ONE <= printed.high
        };
        // One unit of the last digit, for rates that are cut off and not rounded.
        let unit = printed.high.saturating_sub(printed.low);
        let cut = Range { low: printed.low, high: printed.high.saturating_add(unit) };
        let holds = |range: Range| cut.meets(&range) || capped(&range);
        Some(holds(execution.rate) || self.execution(true).is_some_and(|other| holds(other.rate)))
    }

    /// Whether the score is weight × rate; `Some(None)`: not as printed, though digits that are not printed may
    /// explain it.
    pub fn score_holds(&self, units: &Units) -> Option<Option<bool>> {
        let (score, earned) = (self.score.figure()?, self.earned(units)?);
        if !earned.accepts(score) {
            return Some(Some(false));
        }
        Some(self.earned_as_printed(units).iter().any(|range| range.accepts(score)).then_some(true))
    }

    /// Executed against the whole year's budget; `opening`: against the budget at its beginning.
    pub fn execution(&self, opening: bool) -> Option<Execution> {
        let plan = if opening { self.opening.figure() } else { self.full.figure().or(self.opening.figure()) };
        let (plan, outturn) = (*plan?, *self.outturn.figure()?);
        let rate = outturn.range().over(plan.range())?;
        Some(Execution { rate, plan, outturn })
    }

    /// The score that the execution gives: weight × rate, no more than the weight.
    pub fn earned(&self, units: &Units) -> Option<Range> {
        let weight = self.weight.figure()?.value;
        let by = |rate: Range| rate.at_most(Decimal::ONE).times(weight);
        let reckoned = self.execution(false).and_then(|execution| by(execution.rate));
        let printed = self.printed_rate(units).and_then(by);
        let (Some(a), Some(b)) = (reckoned, printed) else { return reckoned.or(printed) };
        let (low, high) = (a.low.max(b.low), a.high.min(b.high));
        // A printed rate that is wrong may have been reckoned with.
        let both = Range { low: a.low.min(b.low), high: a.high.max(b.high) };
        Some(if low <= high { Range { low, high } } else { both })
    }

    /// The same from the figures as printed, taken as exact: by the amounts, and by the printed rate.
    pub fn earned_as_printed(&self, units: &Units) -> Vec<Range> {
        let Some(weight) = self.weight.figure() else { return Vec::new() };
        let exact = |rate: Decimal| Range { low: rate, high: rate }.at_most(Decimal::ONE).times(weight.value);
        let amounts = self.execution(false).and_then(|one| one.outturn.value.checked_div(one.plan.value));
        let middle = |rate: Range| rate.low.checked_add(rate.high)?.checked_div(Decimal::TWO);
        let printed = self.printed_rate(units).and_then(middle);
        [amounts, printed].into_iter().flatten().filter_map(exact).collect()
    }

    /// The printed rate as a fraction; 80 without a sign is per cent, 0.8 is not.
    pub fn printed_rate(&self, units: &Units) -> Option<Range> {
        let figure = self.rate.figure()?;
        let percent = match figure.unit {
            Some(unit) if units.family(unit) != "percent" => return None,
            Some(_) => true,
            None => figure.value > Decimal::TWO,
        };
        let range = figure.range();
        if percent { range.times(Decimal::new(1, 2)) } else { Some(range) }
    }
}

impl Indicator {
    /// Weight and score, both filled in.
    pub fn points(&self) -> Option<(&Figure, &Figure)> {
        Some((self.weight.figure()?, self.score.figure()?))
    }

    /// Which way the target bounds, by its sign; a bare figure says none.
    pub fn direction(&self) -> Option<Direction> {
        self.sign.or(self.target.figure().and_then(|target| target.direction))
    }
}

impl Sheet {
    /// The row whose score is that of the execution: 年度资金总额, or the first that has one.
    pub fn scored_fund(&self) -> Option<&Fund> {
        let scored = || self.funds.iter().filter(|fund| fund.weight.figure().is_some());
        scored().find(|fund| fund.is == Some(FormRow::Sum)).or_else(|| scored().next())
    }

    /// What the weights may come to, likeliest first.
    pub fn weights(&self) -> Vec<Sum> {
        self.readings(|row| &row.weight, |fund| &fund.weight, false)
    }

    /// What the scores may come to, likeliest first.
    pub fn scores(&self) -> Vec<Sum> {
        self.readings(|row| &row.score, |fund| &fund.score, true)
    }

    /// What the rows of a group come to; none where a row stands for the group or no row is weighted.
    pub fn group_sum(&self, group: &Group) -> Option<Sum> {
        if group.weight.value.is_zero() {
            return None;
        }
        let weights: Vec<&Figure> = self.rows_of(group).filter_map(|row| row.weight.figure()).collect();
        let heads = weights.first().is_none_or(|first| first.value == group.weight.value);
        sum(weights.into_iter()).filter(|_| !heads)
    }

    /// What the scores of the rows of a group come to; none where one of them is not filled in.
    pub fn group_scores(&self, group: &Group) -> Option<Sum> {
        let scores: Vec<&Figure> =
            self.rows_of(group).map(|row| row.score.figure()).collect::<Option<_>>()?;
        sum(scores.into_iter()).filter(|sum| !sum.parts.is_empty())
    }

    fn rows_of(&self, group: &Group) -> impl Iterator<Item = &Indicator> {
        self.indicators[group.rows.clone()].iter().filter(|row| !row.outside)
    }

    /// 年度资金总额 against its three parts in one column; none where it cannot be told what the parts are.
    pub fn funding(&self, column: fn(&Fund) -> &Entry) -> Option<Funding> {
        let mut totals = self.funds.iter().filter(|fund| fund.is == Some(FormRow::Sum));
        let (Some(total), None) = (totals.next(), totals.next()) else { return None };
        let total = *column(total).figure()?;
        let of = |is: FormRow| self.funds.iter().filter(move |fund| fund.is == Some(is));
        let known = [FormRow::Fiscal, FormRow::Carried, FormRow::OtherFunds];
        // One of a kind twice: the second is a part of something else.
        if known.iter().any(|is| of(*is).count() > 1) {
            return None;
        }
        let rows: Vec<&Fund> = known.iter().flat_map(|is| of(*is)).collect();
        let unknown = self.funds.iter().any(|fund| fund.is.is_none() && column(fund).figure().is_some());
        let parts: Vec<Figure> = rows.iter().filter_map(|fund| column(fund).figure()).copied().collect();
        if unknown && rows.len() < known.len() {
            return None;
        }
        let blank = rows.len() < known.len() || parts.len() < rows.len();
        let sum = sum(parts.iter()).filter(|_| !parts.is_empty())?;
        let gap = total.value.saturating_sub(sum.value);
        // Each figure is off by half a unit at most.
        let slack = parts.iter().map(|part| part.half).fold(total.half, Decimal::saturating_add);
        let copied = parts.len() == 1 && parts[0].half == total.half;
        let state = if gap.is_zero() {
            Some(true)
        } else if blank && gap > Decimal::ZERO {
            // A blank may stand for what is missing; it cannot stand for too much.
            return None;
        } else if gap.abs() <= slack && !copied {
            None
        } else {
            Some(false)
        };
        Some(Funding { total, sum, holds: state })
    }

    fn readings(&self, of: fn(&Indicator) -> &Entry, fund: fn(&Fund) -> &Entry, outside: bool) -> Vec<Sum> {
        let executes = self.indicators.iter().any(|row| row.execution);
        let first: Vec<Figure> =
            self.scored_fund().and_then(|row| fund(row).figure()).copied().into_iter().collect();
        let all: Vec<Figure> = self.funds.iter().filter_map(|row| fund(row).figure()).copied().collect();
        let rows = |wanted: &dyn Fn(&Indicator) -> bool| -> Vec<Figure> {
            let rows = self.indicators.iter().filter(|row| wanted(row));
            rows.filter_map(|row| of(row).figure()).copied().collect()
        };
        let plain = rows(&|row| !row.outside);
        let told = |row: &Indicator| row.target != Entry::Absent && !row.target.is_blank();
        // Rows that only sum up the rows below them state no target.
        let detailed = rows(&|row| !row.outside && told(row));
        let every = rows(&|_| true);
        let mut readings = Vec::new();
        let own: [&[Figure]; 3] = if executes { [&[], &first, &all] } else { [&first, &[], &all] };
        for rows in [&plain, &detailed, &every] {
            if rows.is_empty() || (!outside && std::ptr::eq(rows, &every)) {
                continue;
            }
            for funds in own {
                readings.extend(sum(funds.iter().chain(rows.iter())));
            }
        }
        readings
    }
}

fn sum<'a>(figures: impl Iterator<Item = &'a Figure>) -> Option<Sum> {
    let mut sum = Sum { value: Decimal::ZERO, half: Decimal::ONE, parts: Vec::new() };
    for figure in figures {
        sum.value = sum.value.checked_add(figure.value)?;
        sum.half = sum.half.min(figure.half);
        sum.parts.push(figure.span);
    }
    Some(sum)
}
