//! `gouji init`: a `gouji.toml` with every key explained, to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::config::FILE_NAME;
use super::{Shell, print};
use crate::options::Lang;

/// 写一份带说明的 gouji.toml
#[derive(clap::Args)]
#[command(override_usage = "gouji init [文件夹]", help_template = super::usage::template!(
    "写一份带说明的 gouji.toml，各项都注释掉，按需打开。已有的文件从不覆盖。"
))]
pub struct Args {
    /// 写在哪个文件夹（默认当前文件夹）
    #[arg(value_name = "文件夹", default_value = ".", hide_default_value = true, help_heading = "参数")]
    folder: PathBuf,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let lang = shell.lang();
    let path = args.folder.join(FILE_NAME);
    let path = path.strip_prefix(".").unwrap_or(&path);
    let shown = path.display();
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!(lang.of(
                format!("{shown} 已经有了，没有改动；用 gouji config 查看现在的设置"),
                format!("{shown} exists already and was not touched; see `gouji config`"),
            ))
        }
        Err(error) => {
            return Err(error)
                .with_context(|| lang.of("写不了 ", "cannot write ").to_owned() + &shown.to_string());
        }
    };
    file.write_all(template(lang).as_bytes())?;
    print(&lang.of(
        format!("已写好 {shown}；各项都注释掉了，去掉行首的 # 即生效。\n"),
        format!("{shown} is written; a key takes effect when the # before it is deleted.\n"),
    ))
}

fn template(lang: Lang) -> &'static str {
    lang.of(ZH, EN)
}

const ZH: &str = r##"# gouji 勾稽的设置，对这个文件夹及其下的报告有效。命令行上写了的，以命令行为准。
# 去掉行首的 # 即生效。全部规则的编码和名称：gouji rules。

# 只用这些规则：编码、编码前缀或名称。
#select = ["FIG", "TAB", "SEC", "NUM", "CON", "TXT"]

# 不用这些规则；写得更具体的优先。
#ignore = ["lone-child"]

# 显示的最低级别：error、warning 或 hint。
#severity = "warning"

# 达到此级别时退出码为 1：error、warning、hint 或 never。
#fail-on = "error"

# 报告体例，不写则自动判断；有哪些：gouji profiles。
#profile = "hunan-department"

# 提示所用的语言：zh 或 en。
#lang = "zh"

# 自己的规则文件夹，写法见 docs/rules-language.md。
#rules = "rules"

# 各条规则的级别。
#[levels]
#TXT008 = "hint"

# 核实无误、不再提示的问题；reason 必须写，还可用 section（标题中的字）和 quote（段落中的字）限定。
#[[suppress]]
#files = ["*.txt"]
#rules = ["FIG001"]
#quote = "项目支出20万元"
#reason = "含上年结转，已核实"
"##;

const EN: &str = r##"# Settings of gouji for the reports in and below this folder. The command line goes before them.
# Delete the # at the start of a line to make it take effect. Codes and names of rules: gouji rules.

# Only these rules: codes, prefixes of codes, or names.
#select = ["FIG", "TAB", "SEC", "NUM", "CON", "TXT"]

# Not these rules; the more exact selector wins.
#ignore = ["lone-child"]

# Lowest severity shown: error, warning or hint.
#severity = "warning"

# Exit code 1 from this severity on: error, warning, hint or never.
#fail-on = "error"

# Kind of report, instead of the one detected; see gouji profiles.
#profile = "hunan-department"

# Language of findings: zh or en.
#lang = "zh"

# Folder of your own rule files; see docs/rules-language.md.
#rules = "rules"

# Severity of single rules.
#[levels]
#TXT008 = "hint"

# Findings that are right after all; the reason is mandatory, section (words of the heading) and quote (words of the
# paragraph) narrow it.
#[[suppress]]
#files = ["*.txt"]
#rules = ["FIG001"]
#quote = "项目支出20万元"
#reason = "含上年结转，已核实"
"##;

#[cfg(test)]
mod tests {
    use super::super::config::Config;
    use super::*;

    /// Every key is there, and right when its `#` is deleted.
    #[test]
    fn the_template_is_a_configuration() {
        for lang in [Lang::Zh, Lang::En] {
            let opened: Vec<&str> =
                template(lang).lines().map(|line| line.strip_prefix('#').unwrap_or(line)).collect();
            let opened: Vec<&str> = opened.into_iter().filter(|line| !line.starts_with(' ')).collect();
            toml::from_str::<Config>(template(lang)).expect("as written");
            toml::from_str::<Config>(&opened.join("\n")).expect("opened");
            let schema = serde_json::to_value(super::super::config::schema()).expect("JSON");
            for key in schema["properties"].as_object().expect("keys").keys() {
                let has = opened.iter().any(|line| line.trim_matches(['[', ']']).starts_with(key.as_str()));
                assert!(has, "{key} is not in the template");
            }
        }
    }
}
