//! `gouji fix`: `check --fix` under a name of its own, and into a file of its own.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::choice::{RuleArgs, SetupArgs};
use super::config::FailOn;
use super::{Shell, check};

/// 改正可以放心自动改的文字形式
#[derive(clap::Args)]
#[command(override_usage = "gouji fix [选项] <文件>...", after_help = super::usage::EXIT_CODES)]
#[command(help_template = super::usage::template!(
    "改正可以放心自动改的文字形式（标点、序号写法等），写回文件；数字从不改动。\nWord 文档（docx）中的改正写成修订，可以逐处接受或拒绝。列出的是改正之后还有的问题。"
))]
pub struct Args {
    /// 要审核的文件或文件夹；“-”表示标准输入
    #[arg(required = true, value_name = "文件", help_heading = "参数")]
    paths: Vec<PathBuf>,
    /// 写到这个文件，不写回原文件；只能有一个输入文件
    #[arg(short, long, value_name = "文件", help_heading = "输出")]
    output: Option<PathBuf>,
    /// 达到此级别时退出码为 1：error、warning、hint 或 never（默认 warning）
    #[arg(long, value_name = "级别", hide_possible_values = true, help_heading = "输出")]
    fail_on: Option<FailOn>,

    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    setup: SetupArgs,
}

pub fn run(shell: Shell, args: Args) -> Result<u8> {
    let single = args.paths.len() == 1 && args.paths[0].is_file();
    if args.output.is_some() && !single {
        bail!(shell.lang().of("-o 只能用于一个文件", "-o takes one file"));
    }
    let Args { paths, output, fail_on, rules, setup } = args;
    check::run(shell, &check::Args::fixing(paths, output, fail_on, rules, setup))
}
