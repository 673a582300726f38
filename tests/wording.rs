//! What the wording and consistency rules say of a whole document: findings grouped, majorities, traps.

use gouji::diagnostic::{Applicability, Diagnostic, Severity};
use gouji::{Options, audit, input, rules};

/// The findings of one rule, and the text they were found in.
fn found(code: &str, text: &str) -> Vec<Diagnostic> {
    let set = rules::embedded().expect("embedded rules load");
    let document = input::read_text("test", text.to_owned());
    let result = audit(&document, &set, &Options::default());
    result.diagnostics.into_iter().filter(|one| one.code == code).collect()
}

/// The text with the first fix of each finding applied, from the back.
fn fixed(code: &str, text: &str) -> String {
    let mut edits: Vec<_> = found(code, text)
        .into_iter()
        .flat_map(|one| one.fixes.into_iter().take(1))
        .filter(|fix| fix.applicability == Applicability::Safe)
        .flat_map(|fix| fix.edits)
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut text = text.to_owned();
    edits.iter().for_each(|edit| text.replace_range(edit.span.range(), &edit.replacement));
    text
}

#[test]
fn brackets_of_a_document_number_are_changed_and_nothing_else() {
    assert_eq!(fixed("TXT001", "按云财绩【2024】07号执行。"), "按云财绩〔2024〕07号执行。");
}

#[test]
fn half_width_marks_become_full_width_with_their_blank() {
    assert_eq!(fixed("TXT004", "编制合理; 执行到位,认真组织。"), "编制合理；执行到位，认真组织。");
}

#[test]
fn a_habit_is_one_finding() {
    let text = "完善制度,加强管理。\n".repeat(12);
    let all = found("TXT004", &text);
    assert_eq!(all.len(), 1);
    assert!(all[0].message.contains("12"), "{}", all[0].message);
    assert!(!fixed("TXT004", &text).contains(','));
}

#[test]
fn variants_of_a_word_are_one_finding_with_the_preferred_one_as_label() {
    let all = found("TXT008", "培养想象力。\n激发想像力和想像空间。");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].labels.len(), 2);
}

#[test]
fn blanks_are_one_hint() {
    let all =
        found("TXT009", "基本支出共计118.43万元，项目支出 20万元。\n二等奖 13个，三等奖 46个，优胜奖若干。");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].severity, Severity::Hint);
}

#[test]
fn a_slip_in_self_reference_is_reported_once_for_each_form() {
    let text = "我局负责管理。我局负责执行。我局已公开。我局接受监督。\n我办资金到位。我办制度健全。";
    let all = found("CON001", text);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].labels.len(), 2);
}

#[test]
fn lines_broken_at_a_margin_are_no_cut_off_sentences() {
    let line = "云州县教育局按照县委县政府的部署认真履行职责，统筹安排各项资金，";
    let text = format!("{}\n", [line; 5].join("\n"));
    assert!(found("TXT003", &text).is_empty());
}

#[test]
fn nothing_is_said_twice_of_a_comma_at_the_end() {
    let text = "一、做法\n有效激发全区青少年的好奇心和想象力和创新意识,\n二、问题\n无。";
    assert_eq!(found("TXT003", text).len(), 1);
    assert!(found("TXT004", text).is_empty());
}

#[test]
fn marks_without_number_do_not_cost_their_square() {
    for piece in ["（", "《“", "“", "）", "((", ")", "(一)(", "累计累计", "1、等，，", "“《”"]
    {
        let text = piece.repeat(60_000 / piece.len());
        let start = std::time::Instant::now();
        found("TXT005", &text);
        assert!(start.elapsed().as_secs() < 20, "{piece}");
    }
}
