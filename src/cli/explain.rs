//! `gouji explain`: what a rule says, why, on what ground, with examples and limits.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Shell, load_rules, print};
use crate::emit::explain;
use crate::options::Lang;
use crate::rules::Detail;

/// 解释一条规则
#[derive(clap::Args)]
#[command(override_usage = "gouji explain <规则>", help_template = super::usage::template!(
    "说明规则查什么、为什么、依据是什么、错的和对的写法，以及它的局限。"
))]
pub struct Args {
    /// 规则的编码或名称，如 FIG001 或 sum-mismatch
    #[arg(value_name = "规则", help_heading = "参数")]
    rule: String,
    /// 自己的规则文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    rules: Option<PathBuf>,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let set = load_rules(args.rules.as_deref(), Detail::Full)?;
    let Some(rule) = set.find(&args.rule) else { bail!(no_such_rule(&args.rule, shell.lang())) };
    print(&explain(&set, rule, shell.lang()))
}

pub fn no_such_rule(name: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("没有“{name}”这条规则；用 gouji rules 查看全部编码和名称"),
        Lang::En => format!("no rule `{name}`; `gouji rules` lists them"),
    }
}
