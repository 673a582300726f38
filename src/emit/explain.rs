//! A rule for people: what it says, why, on what ground, with examples and limits.

use std::fmt::Write;

use super::severity_word;
use crate::options::Lang;
use crate::rules::{Rule, RuleSet};

pub fn explain(set: &RuleSet, rule: &Rule, lang: Lang) -> String {
    let say = lang.of(&rule.zh, &rule.en);
    let mut out = format!("{} {}  {}\n", rule.code, rule.name, say.title);
    let mut row = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "\n{name}\n  {}", text.trim().replace('\n', "\n  "));
        }
    };
    row(lang.of("级别", "Severity"), severity_word(rule.severity, lang));
    row(lang.of("为什么", "Why"), &say.why);
    row(lang.of("依据", "Basis"), &citations(set, rule, lang).join("\n"));
    row(lang.of("怎么改", "What to do"), &open_places(&say.help));
    let examples = |bad: bool| {
        let shown = rule.examples.iter().filter(|example| example.is_bad() == bad);
        shown.take(2).map(|example| example.shown(lang == Lang::Zh)).collect::<Vec<_>>().join("\n")
    };
    row(lang.of("错的写法（⟦⟧ 中为指出之处）", "Wrong (the finding stands between ⟦⟧)"), &examples(true));
    row(lang.of("对的写法", "Right"), &examples(false));
    row(lang.of("局限", "Limits"), &say.limits);
    out
}

/// The rule's citations, and those of its cases, ready to print.
pub fn citations<'a>(set: &'a RuleSet, rule: &'a Rule, lang: Lang) -> Vec<&'a str> {
    let mut keys: Vec<_> = rule.cites.iter().chain(rule.cases.iter().flat_map(|case| &case.cites)).collect();
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(*key));
    keys.into_iter()
        .filter_map(|key| set.citations.get(key))
        .map(|citation| lang.of(citation.zh.as_str(), citation.en.as_str()))
        .collect()
}

/// A sentence with `…` where a finding puts its own figures and words.
pub fn open_places(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut inside = false;
    for c in template.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('…');
            }
            '}' => inside = false,
            _ if inside => {}
            _ => out.push(c),
        }
    }
    out
}
