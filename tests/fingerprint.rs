//! Fingerprints stay when the text around a finding changes, and differ between findings.

use std::collections::HashSet;

use gouji::{Options, audit, input, rules};

fn fingerprints(text: &str) -> Vec<u64> {
    let set = rules::embedded().expect("embedded rules load");
    let options = Options { enabled: only("TXT008", &set), ..Options::default() };
    let found = audit(&input::read_text("t", text.to_owned()), &set, &options).diagnostics;
    found.iter().map(|found| found.fingerprint).collect()
}

fn only(code: &str, set: &rules::RuleSet) -> Vec<bool> {
    set.rules.iter().map(|rule| rule.code == code).collect()
}

#[test]
fn edits_elsewhere_change_no_fingerprint() {
    let before = "一、资产管理\n设有固定资产台帐。\n二、其他\n另有会议台帐、合同台帐。\n";
    let after = "前言一段。\n一、资产管理\n我会设有固定资产台帐。\n三、其他\n另有会议台帐、合同台帐。\n";
    assert_eq!(fingerprints(before), fingerprints(after));
}

#[test]
fn findings_alike_differ() {
    let all = fingerprints("一、资产管理\n台帐和台帐。\n二、其他\n台帐。\n");
    assert_eq!(all.len(), 3);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 3);
}
