//! What `check` and `review` let their user choose alike: rules, configuration, threads.

use std::num::NonZero;
use std::path::PathBuf;

use super::config::{FailOn, Overrides};
use super::{SeverityArg, Shell};
use crate::diagnostic::Severity;

#[derive(clap::Args)]
pub struct RuleArgs {
    /// 只用这些规则：编码、编码前缀（如 FIG）或名称，逗号分隔
    #[arg(long, value_name = "规则", value_delimiter = ',', help_heading = "规则")]
    pub select: Option<Vec<String>>,
    /// 不用这些规则；写得更具体的优先
    #[arg(long, value_name = "规则", value_delimiter = ',', help_heading = "规则")]
    pub ignore: Option<Vec<String>>,
    /// 也显示提示级别的问题
    #[arg(long, conflicts_with = "severity", help_heading = "规则")]
    pub hints: bool,
    /// 显示的最低级别：error、warning 或 hint（默认 warning）
    #[arg(long, value_name = "级别", hide_possible_values = true, help_heading = "规则")]
    pub severity: Option<SeverityArg>,
    /// 指定报告体例，不自动判断
    #[arg(long, value_name = "体例", help_heading = "规则")]
    pub profile: Option<String>,
    /// 自己的规则文件夹，布局与内置的 rules/ 相同
    #[arg(long, value_name = "文件夹", help_heading = "规则")]
    pub rules: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct SetupArgs {
    /// 配置文件；不写则从每个文件所在的文件夹向上找 gouji.toml
    #[arg(long, value_name = "文件", conflicts_with = "no_config", help_heading = "选项")]
    pub config: Option<PathBuf>,
    /// 不找配置文件
    #[arg(long, help_heading = "选项")]
    pub no_config: bool,
    /// 线程数（默认同处理器数）
    #[arg(long, value_name = "个数", help_heading = "选项")]
    pub threads: Option<NonZero<usize>>,
}

pub fn overrides(shell: Shell, rules: &RuleArgs, setup: &SetupArgs, fail_on: Option<FailOn>) -> Overrides {
    Overrides {
        select: rules.select.clone(),
        ignore: rules.ignore.clone(),
        severity: if rules.hints { Some(Severity::Hint) } else { rules.severity.map(Severity::from) },
        fail_on,
        profile: rules.profile.clone(),
        lang: shell.lang,
        rules: rules.rules.clone(),
        config: setup.config.clone(),
        no_config: setup.no_config,
    }
}
