//! Which rules run: codes, prefixes of codes and names, the more exact one winning.

use crate::rules::{Rule, RuleSet};

/// What `--select` and `--ignore` name.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Empty: all rules.
    pub select: Vec<String>,
    pub ignore: Vec<String>,
}

impl Selection {
    /// For each rule, whether it runs.
    pub fn enabled(&self, set: &RuleSet) -> Vec<bool> {
        let best = |selectors: &[String], rule: &Rule| {
            selectors.iter().filter_map(|selector| rule.exactness(selector)).max()
        };
        set.rules
            .iter()
            .map(|rule| {
                let wanted = if self.select.is_empty() { Some(0) } else { best(&self.select, rule) };
                wanted.is_some_and(|wanted| best(&self.ignore, rule).is_none_or(|ignored| wanted > ignored))
            })
            .collect()
    }

    /// Whether `--select` names this rule and no other: it is then shown whatever its severity.
    pub fn names(&self, rule: &Rule) -> bool {
        self.select.iter().any(|selector| rule.exactness(selector) == Some(usize::MAX))
    }
}

/// Whether `selector` means any rule of `set`.
pub fn is_known(selector: &str, set: &RuleSet) -> bool {
    set.rules.iter().any(|rule| rule.exactness(selector).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(select: &[&str], ignore: &[&str]) -> Selection {
        let own = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        Selection { select: own(select), ignore: own(ignore) }
    }

    #[test]
    fn the_more_exact_selector_wins() {
        let set = crate::rules::embedded().expect("embedded rules load");
        let place = set.rules.iter().position(|rule| rule.code == "TXT008").expect("there");
        let runs = |select: &[&str], ignore: &[&str]| selection(select, ignore).enabled(&set)[place];
        assert!(runs(&[], &[]));
        assert!(runs(&["txt"], &[]));
        assert!(!runs(&["FIG"], &[]));
        assert!(!runs(&[], &["wrong-word"]));
        assert!(!runs(&["TXT"], &["TXT"]));
        assert!(runs(&["TXT008"], &["TXT"]));
        assert!(!runs(&["TXT"], &["TXT008"]));
    }
}
