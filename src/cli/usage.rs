//! Help and usage errors in Chinese; clap itself speaks English only.

use std::io::Write;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::{CLEAN, TROUBLE};

pub const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n";

/// [`TEMPLATE`] with a paragraph more. A `long_about` would make clap spread the options over three
/// lines each.
macro_rules! template {
    ($paragraph:literal) => {
        concat!("{about-with-newline}\n", $paragraph, "\n\n用法：{usage}\n\n{all-args}{after-help}\n")
    };
}
pub(super) use template;

pub const EXIT_CODES: &str = "\
退出码：0 没有达到 --fail-on 级别的问题；1 有；2 用法、配置有误或有文件读不了。
用 gouji 命令 --help 查看某个命令的全部选项。";

/// Prints help where it was asked for, and else what is wrong with the arguments.
pub fn report(error: &Error, english: bool) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Help that nobody can read is no failure.
            let _ = error.print();
            CLEAN
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            TROUBLE
        }
        _ if english => {
            let _ = error.print();
            TROUBLE
        }
        _ => {
            let _ = writeln!(std::io::stderr(), "错误：{}\n用 gouji --help 查看用法。", sentence(error));
            TROUBLE
        }
    }
}

fn sentence(error: &Error) -> String {
    let get = |kind| error.get(kind).map(words).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识的选项“{argument}”"),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", get(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::ArgumentConflict => format!("{argument} 不能和 {} 同时用", get(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("“{value}”不能用作 {argument} 的值")
        }
        ErrorKind::NoEquals => format!("{argument} 后面应有“=”"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 的值的个数不对")
        }
        _ => error.to_string().trim_start_matches("error: ").trim_end().to_owned(),
    };
    let valid = get(ContextKind::ValidValue);
    if !valid.is_empty() {
        text += &format!("；可用的值：{valid}");
    }
    // clap puts the likeliest last.
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand].map(get).concat();
    if let Some(likeliest) = suggested.rsplit('、').next().filter(|one| !one.is_empty()) {
        text += &format!("；是否想用 {likeliest}？");
    }
    text
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
