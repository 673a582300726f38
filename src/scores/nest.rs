//! Indicators of two levels in one column: 一、投入 above 1.目标设定, each with its weight.
//!
//! Takes a form whose rows know their ordinals; the rows of the upper level become its groups.

use super::{Entry, Group, Sheet};

/// The level that the ordinal of a row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// 一、 and （一）
    Upper,
    /// 1. and （1）
    Lower,
}

pub fn rank(name: &str) -> Option<Rank> {
    let open = name.trim_start().trim_start_matches(['（', '(']);
    let chinese = |c: char| "一二三四五六七八九十".contains(c);
    let digit = |c: char| c.is_ascii_digit();
    let rest = open.trim_start_matches(|c| chinese(c) || digit(c));
    let ends = rest.is_empty() || rest.starts_with(['、', '.', '．', '）', ')']);
    if !ends || rest.len() == open.len() {
        return None;
    }
    Some(if open.starts_with(chinese) { Rank::Upper } else { Rank::Lower })
}

/// Every row of the upper level needs rows below it; otherwise the ordinals tell no levels.
pub fn fold(sheet: &mut Sheet) {
    let ranks: Vec<Option<Rank>> = sheet.indicators.iter().map(|row| row.rank).collect();
    let upper = |at: usize| ranks[at] == Some(Rank::Upper);
    let ordered = ranks.iter().flatten().count() == ranks.len();
    let first_above = ranks.first() == Some(&Some(Rank::Upper));
    let all_lead = (0..ranks.len()).filter(|&at| upper(at)).all(|at| at + 1 < ranks.len() && !upper(at + 1));
    if !sheet.groups.is_empty() || !ordered || !first_above || !all_lead {
        return;
    }
    for row in std::mem::take(&mut sheet.indicators) {
        if row.rank == Some(Rank::Lower) {
            sheet.indicators.push(row);
            continue;
        }
        let from = sheet.indicators.len();
        let weight = row.weight.figure().copied().unwrap_or_default();
        sheet.groups.push(Group { name: row.name, weight, score: row.score, rows: from..from });
    }
}

/// Each group ends where the next begins; those that say no weight are of no use.
pub fn close(sheet: &mut Sheet) {
    for place in 0..sheet.groups.len() {
        let end = sheet.groups.get(place + 1).map_or(sheet.indicators.len(), |next| next.rows.start);
        sheet.groups[place].rows.end = end;
    }
    sheet.groups.retain(|group| !group.weight.value.is_zero() || matches!(group.score, Entry::Figure(_)));
}

#[cfg(test)]
mod tests {
    use super::{Rank, rank};

    #[test]
    fn ordinals_tell_levels() {
        for (name, level) in [
            ("一、投入", Some(Rank::Upper)),
            ("（二）过程", Some(Rank::Upper)),
            ("三", Some(Rank::Upper)),
            ("1.目标设定", Some(Rank::Lower)),
            ("（2）预算配置", Some(Rank::Lower)),
            ("3", Some(Rank::Lower)),
            ("一般公共服务", None),
            ("12315热线", None),
            ("投入", None),
        ] {
            assert_eq!(rank(name), level, "{name}");
        }
    }
}
