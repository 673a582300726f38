//! `gouji annotate`: findings as comments in the Word document itself.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow, bail};

use super::choice::{RuleArgs, SetupArgs, overrides};
use super::config::{FailOn, Resolver, Settings};
use super::{CLEAN, FOUND, Shell, fix, print};
use crate::audit::audit;
use crate::document::Format;
use crate::emit::Summary;
use crate::input::{self, Limits};
use crate::options::Lang;
use crate::rules::Detail;
use crate::word;

/// 把问题写成 Word 批注
#[derive(clap::Args)]
#[command(override_usage = "gouji annotate [选项] -o <新文档> <文档>", after_help = super::usage::EXIT_CODES)]
#[command(help_template = super::usage::template!(
    "审核一份 Word 文档（docx），把每一处问题写成批注，另存为新文档。\n批注标在出问题的字上，对不上的两处都标，互相指明。原有内容和批注不变。"
))]
pub struct Args {
    /// Word 文档（docx）
    #[arg(value_name = "文档", help_heading = "参数")]
    document: PathBuf,
    /// 写到这个文件
    #[arg(short, long, value_name = "新文档", required = true, help_heading = "输出")]
    output: PathBuf,
    /// 允许写回原文档本身
    #[arg(long, help_heading = "输出")]
    overwrite: bool,
    /// 达到此级别时退出码为 1：error、warning、hint 或 never（默认 warning）
    #[arg(long, value_name = "级别", hide_possible_values = true, help_heading = "输出")]
    fail_on: Option<FailOn>,

    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    setup: SetupArgs,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let path = &args.document;
    let mut resolver = Resolver::new(overrides(shell, &args.rules, &args.setup, args.fail_on), Detail::Lean);
    let place = resolver.of_directory(path.parent().unwrap_or(Path::new("")))?;
    let Settings { set, options, fail_on, entries, .. } = &resolver.settings[place];
    let options = &entries.options(options, &entries.of(path));
    let lang = options.lang;
    if !args.overwrite && fix::is_same(path, &args.output) {
        bail!(lang.of(
            "-o 写的就是原文档；换一个文件名，或加 --overwrite 写回原文档",
            "-o names the document itself: choose another name, or add --overwrite"
        ));
    }
    let bytes = read(path, lang)?;
    let said = |why: String| anyhow!("{}{}{why}", path.display(), lang.of("：", ": "));
    let document = input::read_bytes(&path.to_string_lossy(), bytes.clone(), &Limits::default())
        .map_err(|error| said(lang.of(error.to_string(), error.english())))?;
    if document.source.format != Format::Docx {
        bail!(said(
            lang.of(
                "只有 Word 文档（docx）能写批注；这份文件请用 gouji check 审核，或先另存为 docx",
                "only Word documents (docx) can be annotated: use gouji check, or save it as docx first"
            )
            .to_owned()
        ));
    }
    let found = audit(&document, &resolver.sets[*set], options);
    let annotated = word::annotate(&bytes, &document, &found, lang, &now())
        .map_err(|error| said(lang.of(error.to_string(), error.english())))?;
    let out = &args.output;
    fix::replace(out, &annotated.bytes)
        .with_context(|| format!("{} {}", lang.of("写不了", "cannot write"), out.display()))?;
    let summary = Summary::of(&found);
    let (errors, warnings, hints) = (summary.errors, summary.warnings, summary.hints);
    print(&match lang {
        Lang::Zh => format!(
            "已写出 {}：{} 条批注（{errors} 个错误、{warnings} 个警告、{hints} 条提示）\n",
            out.display(),
            annotated.comments
        ),
        Lang::En => format!(
            "{} written: {} comments ({errors} errors, {warnings} warnings, {hints} hints)\n",
            out.display(),
            annotated.comments
        ),
    })?;
    let failed = fail_on.severity().is_some_and(|level| summary.at_least(level) > 0);
    Ok(if failed { FOUND } else { CLEAN })
}

fn read(path: &Path, lang: Lang) -> Result<Vec<u8>> {
    let limit = Limits::default().bytes;
    let mut bytes = Vec::new();
    let file = fs::File::open(path)
        .with_context(|| format!("{} {}", lang.of("读不了", "cannot read"), path.display()))?;
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The time as documents write it. `SOURCE_DATE_EPOCH` sets it, so that the same input can give the same bytes.
pub fn now() -> String {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse().ok());
    let clock =
        || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    written(set.unwrap_or_else(clock))
}

/// Seconds since 1970 as a date of the Gregorian calendar.
fn written(seconds: u64) -> String {
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while year < 9999 && days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while month < 11 && days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", month + 1, days.min(30) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(written(0), "1970-01-01T00:00:00Z");
        assert_eq!(written(951_826_154), "2000-02-29T12:09:14Z");
        assert_eq!(written(1_796_083_199), "2026-11-30T23:59:59Z");
    }
}
