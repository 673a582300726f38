//! Input that no author means to hand in: the engine reports or refuses, never panics, and never
//! takes time that grows faster than the text. There are no clocks here: what is quadratic makes this
//! suite visibly hang.

use gouji::document::Span;
use gouji::input::{Limits, ReadError, read_bytes, read_text};
use gouji::rules::RuleSet;
use gouji::{Audit, Options, audit, rules};
use std::sync::LazyLock;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules::embedded().expect("rules load"));

/// Audits `bytes` and holds every place in the result to the text.
fn run(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Audit, ReadError> {
    let document = read_bytes(name, bytes.into(), &Limits::default())?;
    let audit = audit(&document, &RULES, &Options::default());
    let check = |span: Span, what: &str| {
        assert!(document.text.get(span.range()).is_some(), "{what}: {span:?} is no place in the text");
    };
    for found in &audit.diagnostics {
        check(found.span, &found.code);
        found.labels.iter().for_each(|label| check(label.span, &found.code));
        found.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| check(edit.span, &found.code));
    }
    for check_of in &audit.checks {
        check_of.spans.iter().for_each(|&span| check(span, check_of.kind));
    }
    for quantity in &audit.lexed.quantities {
        check(quantity.span, "quantity");
        check(quantity.number, "number");
    }
    Ok(audit)
}

fn text(text: impl Into<Vec<u8>>) -> Audit {
    run("a.txt", text).expect("readable")
}

#[test]
fn nothing_at_all() {
    for empty in ["", "\n", "\u{feff}", "　\r\n\t"] {
        text(empty);
    }
}

#[test]
fn one_line_of_four_megabytes() {
    let clause = "本年支出138.43万元，其中基本支出118.43万元、项目支出20万元，占预算的98.79%；";
    text(clause.repeat((4 << 20) / clause.len()));
    for piece in ["预", "1", "1,", "1 ", "（", "一", "一、", "。", "”", "12:", " 1", "O"] {
        text(piece.repeat(10_000));
    }
    text(format!("甲{}乙", " ".repeat(1 << 20)));
    // No year, no stop, no heading: nothing that would end a search for one.
    text("支出12.34万元，".repeat(50_000));
}

#[test]
fn damage_throughout_is_told_so_often_and_no_more() {
    let audit = text("”甲".repeat(30_000));
    let of_rule = |code: &str| audit.diagnostics.iter().filter(|found| found.code == code).count();
    assert_eq!(of_rule("TXT005"), 10_000);
    let told = |found: &&gouji::diagnostic::Diagnostic| {
        found.help.as_deref().is_some_and(|help| help.ends_with("以下不再逐一列出）"))
    };
    assert_eq!(audit.diagnostics.iter().filter(told).count(), 1);
}

#[test]
fn only_headings() {
    text("一、基本情况\n二、预算执行\n三、主要问题\n");
    let many: String = (0..10_000).map(|i| format!("{}、第{i}个题目\n", ["一", "二", "三"][i % 3])).collect();
    text(many);
    let nested: String =
        (0..10_000).map(|i| ["一、总\n", "（一）分\n", "1.目\n", "（1）点\n"][i % 4]).collect();
    text(nested);
    let rising: String = (1..=10_000).map(|i| format!("{i}.题目\n")).collect();
    text(rising);
    let falling: String = (1..=10_000).rev().map(|i| format!("{i}、题目\n")).collect();
    text(falling);
    run("a.md", "# 题\n## 一、节\n".repeat(5_000)).expect("readable");
}

#[test]
fn only_a_table() {
    let rows: String = (0..2_000).map(|i| format!("项目{i}\t{i}.5\t{}\t98.7%\n", i * 3)).collect();
    text(format!("项目\t预算数\t决算数\t执行率\n{rows}合计\t1\t2\t3\n"));
    run("a.md", "| 项目 | 金额 |\n|---|---|\n| 甲 | 1.5 |\n").expect("readable");
    text(format!("{}\n{}\n", "1\t".repeat(4_000), "2\t".repeat(4_000)));
}

#[test]
fn unpaired_everything() {
    for mark in ["“", "”", "《", "》", "（", "）", "(", ")", "【", "〔", "‘", "「"] {
        text(format!("某局{mark}2023年{mark}支出{mark}"));
        text(mark.repeat(4_000));
        text(format!("{mark}一\n").repeat(4_000));
    }
    text("“《（【〔‘".repeat(4_000));
    text("“甲”》乙（丙】".repeat(4_000));
}

#[test]
fn damaged_characters_are_errors() {
    let found = |bytes: Vec<u8>| {
        let audit = run("a.txt", bytes).expect("readable");
        assert_eq!(audit.diagnostics.iter().filter(|found| found.code == "TXT013").count(), 1);
    };
    found("支出138.43\0万元。".repeat(200).into_bytes());
    found(
        [
            &b"\xff\xfe"[..],
            &[0x3d, 0xd8],
            &"支出".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
        ]
        .concat(),
    );
    found(
        [
            &b"\xfe\xff"[..],
            &[0xdc, 0x00],
            &"支出".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
        ]
        .concat(),
    );
    found([&"支出138.43万元，完成预算。".repeat(9).into_bytes()[..], b"\xe6\x94"].concat());
}

#[test]
fn binaries_are_refused() {
    for bytes in [&b"PK\x03\x04\0\0\0\0"[..], &[0; 64], b"\x7fELF\x02\x01\x01\0\0\0\0\0\0"] {
        assert!(matches!(run("a.txt", bytes), Err(ReadError::Foreign(_))), "{bytes:?}");
    }
    assert!(matches!(run("a.txt", b"%PDF-1.4"), Err(ReadError::Broken(_) | ReadError::Foreign(_))));
}

#[test]
fn a_hundred_thousand_figures() {
    let same: String = (0..100_000).map(|i| format!("支出{}.{:02}万元，", i % 977, i % 89)).collect();
    text(same);
    let lines: String = (0..8_000)
        .map(|i| {
            format!("项目{i}：预算{i}.5万元，支出{i}.25万元，完成预算的{}%，比上年增加{i}万元。\n", i % 100)
        })
        .collect();
    text(lines);
    let sums: String = (0..4_000)
        .map(|i| format!("2023年收入{}万元，其中：甲{i}万元，乙{i}万元，丙{i}万元，丁{i}万元。\n", 4 * i))
        .collect();
    text(sums);
    let list: String = (0..8_000).map(|i| format!("甲{i}万元、")).collect();
    text(format!("总支出100万元，其中：{list}乙1万元。"));
}

#[test]
fn many_items_in_one_paragraph() {
    text("一是甲；二是乙；三是丙；".repeat(4_000));
    text("（一）甲。（二）乙。".repeat(4_000));
    text("见附件1、附表2、第（三）部分。".repeat(4_000));
    text("某县某局〔2024〕2号《关于某事的通知》，".repeat(4_000));
    text("累计累计".repeat(20_000));
    text("2023年2022年2021年".repeat(4_000));
    text("某省某市某县某局、".repeat(4_000));
}

#[test]
fn long_markdown() {
    for piece in ["**", "[", "![", "`", "> ", "- ", "|", "<td>", "&", "\\", "_x_", "*a "] {
        run("a.md", piece.repeat(4_000)).expect("readable");
        run("a.md", format!("{piece}\n").repeat(5_000)).expect("readable");
    }
}

#[test]
fn wrapped_text_without_end() {
    let line = "本年度某局在上级部门的正确领导下认真落实各项工作任务不断提高服务水平";
    text(format!("{line}\n").repeat(4_000));
    text(format!("{line}\n- 1 -\n\n").repeat(10_000));
    let document = read_text("a.txt", format!("{line}\n").repeat(4_000) + "结束。");
    audit(&document, &RULES, &Options::default());
}
