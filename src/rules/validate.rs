//! What a rule file must hold beyond its shape. The embedded rules are held to the same by the tests.

use super::load::UserFile;
use super::model::{Rule, RuleSet};
use super::profile::{Profile, Scope};
use crate::document::Span;
use crate::mistake::{Mistake, place_of};

/// What is wrong with `rule`: the key at fault, in Chinese, in English.
pub fn faults(set: &RuleSet, rule: &Rule) -> Vec<(&'static [&'static str], String, String)> {
    let mut faults: Vec<(&'static [&'static str], String, String)> = Vec::new();
    let mut say = |key, zh: &str, en: &str| faults.push((key, zh.to_owned(), en.to_owned()));
    let (letters, digits) = rule.code.split_at(rule.code.bytes().take_while(u8::is_ascii_uppercase).count());
    if letters.len() != 3 || digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        say(
            &["code"],
            "编码应为三个大写字母加三位数字，如 FIG101",
            "a code is three capitals and three digits, like FIG101",
        );
    }
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if rule.name.is_empty() || !rule.name.bytes().all(kebab) {
        say(
            &["name"],
            "名称应为小写英文字母、数字和连字符，如 sum-mismatch",
            "a name is lower-case with hyphens, like sum-mismatch",
        );
    }
    for (key, text) in [(&["zh", "title"] as &[_], &rule.zh.title), (&["zh", "message"], &rule.zh.message)] {
        if text.is_empty() {
            say(key, "中文的 title 和 message 不能空", "title and message in Chinese must not be empty");
        }
    }
    let cites = rule.cites.iter().chain(rule.cases.iter().flat_map(|case| &case.cites));
    for key in cites.filter(|key| !set.citations.contains_key(*key)) {
        say(
            &["cites"],
            &format!("citations.toml 中没有“{key}”这条依据"),
            &format!("citations.toml has no entry `{key}`"),
        );
    }
    faults
}

/// Holds the user's rules to [`faults`], and to a name that no other rule has.
pub(super) fn user_rules(set: &RuleSet, user: &[UserFile], mistakes: &mut Vec<Mistake>) {
    for file in user {
        let Some(rule) = toml::from_str::<Rule>(&file.text).ok().filter(|_| file.name.contains('/')) else {
            continue;
        };
        let mut report = |path: &[&str], zh: String, en: String| {
            mistakes.push(Mistake::new(&file.path, &file.text, place_of(&file.text, path), zh, en))
        };
        for (path, zh, en) in faults(set, &rule) {
            report(path, zh, en);
        }
        if let Some(other) = set.rules.iter().find(|other| other.name == rule.name && other.code != rule.code)
        {
            let zh = format!("{} 已经用了“{}”这个名称", other.code, rule.name);
            report(&["name"], zh, format!("{} has this name already", other.code));
        }
    }
}

/// What is wrong with `profile`: the word at fault, in Chinese, in English.
pub fn profile_faults(set: &RuleSet, profile: &Profile) -> Vec<(String, String, String)> {
    let mut faults = Vec::new();
    let of_sections = profile.sections.iter().flat_map(|section| &section.cites);
    let of_contents = profile.contents.iter().flat_map(|content| &content.cites);
    for key in profile.cites.iter().chain(of_sections).chain(of_contents) {
        if !set.citations.contains_key(key) {
            faults.push((
                key.to_string(),
                format!("citations.toml 中没有“{key}”这条依据"),
                format!("citations.toml has no entry `{key}`"),
            ));
        }
    }
    let scopes = profile.contents.iter().filter_map(|content| match &content.scope {
        Scope::Section(id) => Some(id),
        Scope::Mentions(_) | Scope::Titles(_) => None,
    });
    let answers =
        profile.contents.iter().flat_map(|content| &content.needs).filter_map(|need| need.answers.as_ref());
    for id in scopes.chain(answers).filter(|id| profile.section(id).is_none()) {
        faults.push((
            id.to_string(),
            format!("这个体例没有 id 为“{id}”的部分"),
            format!("this profile has no section `{id}`"),
        ));
    }
    faults
}

/// Holds the user's profiles to [`profile_faults`].
pub(super) fn user_profiles(set: &RuleSet, user: &[UserFile], mistakes: &mut Vec<Mistake>) {
    for file in user {
        let Ok(profile) = toml::from_str::<Profile>(&file.text) else { continue };
        for (word, zh, en) in profile_faults(set, &profile) {
            let place = file.text.find(&word).map(|start| Span::of(start, start + word.len()));
            mistakes.push(Mistake::new(&file.path, &file.text, place, zh, en));
        }
    }
}

/// A file that lies where no rule file is looked for would be passed over in silence.
pub(super) fn user_names(user: &[UserFile], families: &[&str], tables: &[&str], mistakes: &mut Vec<Mistake>) {
    for file in user {
        let known = tables.contains(&file.name.as_str())
            || families.iter().any(|family| file.name.starts_with(family) && file.name.len() > family.len());
        if !known {
            let places = families.iter().chain(tables).copied().collect::<Vec<_>>();
            mistakes.push(Mistake::new(
                &file.path,
                &file.text,
                None,
                format!("这个位置不放规则文件；规则文件夹的布局：{}", places.join("、")),
                format!("no rule file is looked for here; the layout is {}", places.join(", ")),
            ));
        }
    }
}
