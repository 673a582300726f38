//! `gouji schema`, `completions` and `man`: what is generated from the definitions themselves.

use std::io;

use anyhow::Result;
use clap::{CommandFactory, ValueEnum};

use super::{CLEAN, Cli, config, print};
use crate::{emit, rules};

/// 输出 JSON Schema
#[derive(clap::Args)]
#[command(override_usage = "gouji schema <种类>", help_template = super::usage::TEMPLATE)]
pub struct SchemaArgs {
    /// 哪一种：output（check --format json 的输出）、review（review.json）、config（gouji.toml）或 rule（规则文件）
    #[arg(value_name = "种类", hide_possible_values = true, help_heading = "参数")]
    which: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Output,
    #[cfg(feature = "review")]
    Review,
    Config,
    Rule,
}

/// 输出命令行补全脚本
#[derive(clap::Args)]
#[command(override_usage = "gouji completions <外壳>", help_template = super::usage::TEMPLATE)]
pub struct CompletionsArgs {
    /// bash、zsh、fish、powershell 或 elvish
    #[arg(value_name = "外壳", hide_possible_values = true, help_heading = "参数")]
    shell: clap_complete::Shell,
}

/// 输出 man 手册页
#[derive(clap::Args)]
#[command(override_usage = "gouji man", help_template = super::usage::TEMPLATE)]
pub struct ManArgs {}

pub fn schema(args: &SchemaArgs) -> Result<u8> {
    let schema = match args.which {
        Which::Output => emit::output_schema(),
        #[cfg(feature = "review")]
        Which::Review => crate::review::json::schema(),
        Which::Config => config::schema(),
        Which::Rule => rules::schema(),
    };
    print(&(serde_json::to_string_pretty(&schema)? + "\n"))
}

pub fn completions(args: &CompletionsArgs) -> Result<u8> {
    clap_complete::generate(args.shell, &mut Cli::command(), "gouji", &mut io::stdout());
    Ok(CLEAN)
}

pub fn man() -> Result<u8> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    print(&String::from_utf8_lossy(&page))
}
