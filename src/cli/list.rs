//! `gouji rules`: all rules, as a table, as JSON, or as the page docs/rules.md.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

use super::{Shell, load_rules, print};
use crate::diagnostic::Severity;
use crate::emit::{citations, open_places, severity_word};
use crate::options::Lang;
use crate::rules::{Detail, Rule, RuleSet};

/// 列出全部规则
#[derive(clap::Args)]
#[command(override_usage = "gouji rules [选项]", help_template = super::usage::TEMPLATE)]
pub struct Args {
    /// 格式：table、json 或 markdown（默认 table）
    #[arg(long, value_name = "格式", default_value = "table", help_heading = "选项")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: ListFormat,
    /// 自己的规则文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Table,
    Json,
    Markdown,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let set = load_rules(args.rules.as_deref(), Detail::Full)?;
    let lang = shell.lang();
    print(&match args.format {
        ListFormat::Table => table(&set, lang),
        ListFormat::Json => json(&set, lang)?,
        ListFormat::Markdown => markdown(&set, lang),
    })
}

fn table(set: &RuleSet, lang: Lang) -> String {
    let name_width = set.rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for rule in &set.rules {
        let severity = severity_word(rule.severity, lang);
        let severity_width = lang.of(4, 7);
        let pad = severity_width - unicode_width::UnicodeWidthStr::width(severity);
        let title = &lang.of(&rule.zh, &rule.en).title;
        let _ = writeln!(out, "{}  {:name_width$}  {severity}{:pad$}  {title}", rule.code, rule.name, "");
    }
    out
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    family: &'a str,
    severity: Severity,
    since: &'a str,
    title: &'a str,
    why: &'a str,
    help: String,
    limits: &'a str,
    citations: Vec<&'a str>,
}

fn json(set: &RuleSet, lang: Lang) -> Result<String> {
    let row = |rule: &'_ Rule| {
        let say = lang.of(&rule.zh, &rule.en);
        serde_json::to_value(Row {
            code: &rule.code,
            name: &rule.name,
            family: rule.family(),
            severity: rule.severity,
            since: &rule.since,
            title: &say.title,
            why: &say.why,
            help: open_places(&say.help),
            limits: &say.limits,
            citations: citations(set, rule, lang),
        })
    };
    let rows = set.rules.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(serde_json::to_string_pretty(&rows)? + "\n")
}

/// Families in the order they are shown.
const FAMILIES: [(&str, &str, &str); 8] = [
    ("FIG", "数字", "Figures"),
    ("TAB", "表格", "Tables"),
    ("SEC", "章节", "Sections"),
    ("NUM", "编号", "Numbering"),
    ("CON", "前后一致", "Consistency"),
    ("TXT", "文字和标点", "Wording and typography"),
    ("IGN", "忽略说明", "Ignores"),
    ("XRP", "报告之间", "Across reports"),
];

/// The page docs/rules.md.
fn markdown(set: &RuleSet, lang: Lang) -> String {
    let mut out = lang
        .of(
            "# 规则\n\n由 `gouji rules --format markdown` 生成，内容取自 `rules/` 中的规则文件，请勿手改。\n",
            "# Rules\n\nMade by `gouji rules --format markdown` from the files in `rules/`; not to be edited by hand.\n",
        )
        .to_owned();
    for (family, zh, en) in FAMILIES {
        let rules: Vec<&Rule> = set.rules.iter().filter(|rule| rule.family() == family).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {family} {}", lang.of(zh, en));
        for rule in rules {
            section(set, rule, lang, &mut out);
        }
    }
    out
}

fn section(set: &RuleSet, rule: &Rule, lang: Lang, out: &mut String) {
    let say = lang.of(&rule.zh, &rule.en);
    let severity = severity_word(rule.severity, lang);
    let _ = writeln!(out, "\n### {} {}\n\n{}（{severity}）", rule.code, rule.name, say.title);
    let rows = [
        (lang.of("为什么", "Why"), say.why.clone()),
        (lang.of("依据", "Basis"), citations(set, rule, lang).join("；")),
        (lang.of("怎么改", "What to do"), open_places(&say.help)),
        (lang.of("局限", "Limits"), say.limits.clone()),
    ];
    out.push('\n');
    for (name, text) in rows.iter().filter(|(_, text)| !text.is_empty()) {
        let _ = writeln!(out, "- **{name}**{}{}", lang.of("：", ": "), text.trim().replace('\n', " "));
    }
    let first = |bad: bool| {
        let example = rule.examples.iter().find(|example| example.is_bad() == bad);
        example.map(|example| example.shown(lang == Lang::Zh))
    };
    for (name, example) in [(lang.of("错", "wrong"), first(true)), (lang.of("对", "right"), first(false))] {
        if let Some(example) = example {
            let _ = writeln!(out, "\n{name}\n\n```text\n{}\n```", example.trim_end());
        }
    }
}
