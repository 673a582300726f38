//! `gouji profiles`: the kinds of report that are recognised, each with the forms it is told by.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

use super::{Shell, load_rules, print};
use crate::emit::columns::{aligned, short};
use crate::options::Lang;
use crate::rules::{Detail, Genre, Groups, Profile, RuleSet, Word};

/// 列出认识的报告体例
#[derive(clap::Args)]
#[command(override_usage = "gouji profiles [选项]", help_template = super::usage::template!(
    "体例是一类报告应有的章节和内容，按标题、开头和章节名称自动认出，也可用 check --profile 指定。"
))]
pub struct Args {
    /// 格式：table 或 json（默认 table）
    #[arg(long, value_name = "格式", default_value = "table", help_heading = "选项")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: ProfilesFormat,
    /// 自己的规则文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProfilesFormat {
    Table,
    Json,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let set = load_rules(args.rules.as_deref(), Detail::Lean)?;
    print(&match args.format {
        ProfilesFormat::Table => table(&set, shell.lang()),
        ProfilesFormat::Json => {
            let rows: Vec<Row> = set.profiles.iter().map(Row::of).collect();
            serde_json::to_string_pretty(&rows)? + "\n"
        }
    })
}

/// As wide as what is told of one profile gets; JSON has it whole.
const WIDTH: usize = 88;

fn table(set: &RuleSet, lang: Lang) -> String {
    let mut rows = Vec::new();
    for profile in &set.profiles {
        let title = lang.of(&profile.zh, &profile.en).to_string();
        rows.push([profile.id.to_string(), title]);
        let heading = headings(profile, lang);
        let told = [(lang.of("标题有：", "title: "), titles(&profile.detect.title, lang))];
        for (name, words) in
            told.into_iter().chain(heading.map(|words| (lang.of("章节有：", "headings: "), words)))
        {
            rows.push([String::new(), short(&format!("  {name}{words}"), WIDTH)]);
        }
    }
    aligned(rows)
}

/// 整体支出+绩效 或 绩效自评
fn titles(groups: &Groups, lang: Lang) -> String {
    let group = |words: &Vec<Word>| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("+");
    groups.iter().map(group).collect::<Vec<_>>().join(lang.of(" 或 ", " or "))
}

/// 至少 2 个：自评结论、佐证材料 …
fn headings(profile: &Profile, lang: Lang) -> Option<String> {
    let words: Vec<&str> = profile.detect.headings.iter().map(|word| word.text.as_str()).collect();
    if words.is_empty() {
        return None;
    }
    let least = profile.detect.needs;
    Some(match lang {
        Lang::Zh => format!("至少 {least} 个：{}", words.join("、")),
        Lang::En => format!("at least {least} of {}", words.join("、")),
    })
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    zh: &'a str,
    en: &'a str,
    genre: &'a str,
    /// Any list whose words all stand in the title.
    title: Vec<Vec<&'a str>>,
    /// The same of the first paragraphs, for a text without a title.
    opening: Vec<Vec<&'a str>>,
    /// Words of the title that rule the kind out.
    not: Vec<&'a str>,
    /// `needs` of these words stand in headings.
    headings: Vec<&'a str>,
    needs: u8,
    sections: Vec<Section<'a>>,
}

#[derive(Serialize)]
struct Section<'a> {
    id: &'a str,
    title: &'a str,
    required: bool,
}

impl<'a> Row<'a> {
    fn of(profile: &'a Profile) -> Self {
        let detect = &profile.detect;
        Row {
            id: &profile.id,
            zh: &profile.zh,
            en: &profile.en,
            genre: match profile.genre {
                Genre::SelfEvaluation => "self-evaluation",
                Genre::Evaluation => "evaluation",
                Genre::FinalAccounts => "final-accounts",
                Genre::Budget => "budget",
                Genre::Other => "other",
            },
            title: detect.title.iter().map(|words| texts(words)).collect(),
            opening: detect.opening.iter().map(|words| texts(words)).collect(),
            not: texts(&detect.not),
            headings: texts(&detect.headings),
            needs: detect.needs,
            sections: profile
                .sections
                .iter()
                .map(|one| Section { id: &one.id, title: &one.title.text, required: one.required })
                .collect(),
        }
    }
}

fn texts(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}
