//! The command line: arguments in, exit code out. One file per command; only this module and what
//! stands in it does I/O, and only here are errors `anyhow`.

#[cfg(feature = "word")]
mod annotate;
mod applies;
mod check;
mod choice;
mod config;
mod english;
mod explain;
mod facts;
mod fix;
mod generate;
mod init;
mod inputs;
mod list;
#[cfg(feature = "lsp")]
mod lsp;
mod outline;
mod outputs;
#[cfg(feature = "review")]
mod papers;
mod profiles;
mod repair;
#[cfg(feature = "review")]
mod review;
mod rounds;
mod selection;
mod suppress;
mod text;
#[cfg(feature = "word")]
mod tracked;
mod unread;
mod usage;
mod watch;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::document::Document;
use crate::input::{self, Limits};
use crate::mistake::Mistake;
use crate::options::Lang;
use crate::rules::{self, Detail, LoadError, RuleSet, UserFile};
use crate::{diagnostic, emit};

/// Nothing at or above the fail level.
const CLEAN: u8 = 0;
/// Findings at or above the fail level.
const FOUND: u8 = 1;
/// Usage, configuration, or an input that could not be read.
const TROUBLE: u8 = 2;

/// 勾稽：审核预算绩效报告中的数字、章节和编号
#[derive(Parser)]
#[command(name = "gouji", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, subcommand_value_name = "命令", subcommand_help_heading = "命令")]
#[command(override_usage = "gouji <命令> [选项]", after_help = usage::EXIT_CODES)]
#[command(help_template = usage::template!(
    "读入报告草稿，核对各处数字能否对得上，检查必备章节是否齐全、编号是否连贯，\n指出每一处问题的位置、算式、依据和改法。"
))]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// 显示和说明所用的语言：zh 或 en（默认 zh）
    #[arg(long, global = true, value_name = "语言", hide_possible_values = true, help_heading = "通用选项")]
    lang: Option<LangArg>,
    /// 颜色：auto、always 或 never（默认 auto）
    #[arg(long, global = true, value_name = "何时", hide_possible_values = true, help_heading = "通用选项")]
    color: Option<ColorArg>,
    /// 显示帮助
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = "通用选项")]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = "通用选项")]
    version: Option<bool>,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    #[cfg(feature = "word")]
    Annotate(annotate::Args),
    Fix(repair::Args),
    #[cfg(feature = "review")]
    Review(review::Args),
    Facts(facts::Args),
    Outline(outline::Args),
    Text(text::Args),
    Explain(explain::Args),
    #[cfg(feature = "lsp")]
    Lsp(lsp::Args),
    Rules(list::Args),
    Config(applies::Args),
    Init(init::Args),
    Profiles(profiles::Args),
    Schema(generate::SchemaArgs),
    Completions(generate::CompletionsArgs),
    Man(generate::ManArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum LangArg {
    Zh,
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Self {
        match arg {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SeverityArg {
    Error,
    Warning,
    Hint,
}

impl From<SeverityArg> for diagnostic::Severity {
    fn from(arg: SeverityArg) -> Self {
        match arg {
            SeverityArg::Error => diagnostic::Severity::Error,
            SeverityArg::Warning => diagnostic::Severity::Warning,
            SeverityArg::Hint => diagnostic::Severity::Hint,
        }
    }
}

/// What every command is given.
#[derive(Debug, Clone, Copy)]
struct Shell {
    /// As asked for on the command line.
    lang: Option<Lang>,
    color: Option<ColorArg>,
}

impl Shell {
    fn lang(&self) -> Lang {
        self.lang.unwrap_or_default()
    }

    /// Whether to colour what goes to `stream`.
    fn colors(&self, stream: &impl IsTerminal) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color.unwrap_or(ColorArg::Auto) {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => {
                !set("NO_COLOR")
                    && (stream.is_terminal() || set("CLICOLOR_FORCE"))
                    && std::env::var_os("TERM") != Some("dumb".into())
            }
        }
    }
}

pub fn run() -> ExitCode {
    ExitCode::from(run_with(std::env::args_os()))
}

fn run_with(args: impl Iterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.collect();
    let english = english::is_wanted(&args);
    let command = if english { english::translate(Cli::command()) } else { Cli::command() };
    let parsed = command.try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error, english),
    };
    let shell = Shell { lang: cli.lang.map(Lang::from), color: cli.color };
    let result = match cli.command {
        Command::Check(args) => check::run(shell, &args),
        #[cfg(feature = "word")]
        Command::Annotate(args) => annotate::run(shell, &args),
        Command::Fix(args) => repair::run(shell, args),
        #[cfg(feature = "review")]
        Command::Review(args) => review::run(shell, &args),
        Command::Facts(args) => facts::run(shell, &args),
        Command::Outline(args) => outline::run(shell, &args),
        Command::Text(args) => text::run(shell, &args),
        Command::Explain(args) => explain::run(shell, &args),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => lsp::run(shell, &args),
        Command::Config(args) => applies::run(shell, &args),
        Command::Init(args) => init::run(shell, &args),
        Command::Rules(args) => list::run(shell, &args),
        Command::Profiles(args) => profiles::run(shell, &args),
        Command::Schema(args) => generate::schema(&args),
        Command::Completions(args) => generate::completions(&args),
        Command::Man(_) => generate::man(),
    };
    result.unwrap_or_else(|error| report(shell, &error))
}

/// Mistakes in the user's own TOML files, as an error.
#[derive(Debug, thiserror::Error)]
#[error("{} 处配置错误", .0.len())]
struct Mistakes(Vec<Mistake>);

fn report(shell: Shell, error: &anyhow::Error) -> u8 {
    if error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(is_broken_pipe) {
        // Who reads us has seen enough.
        return CLEAN;
    }
    let mut stderr = io::stderr().lock();
    let color = shell.colors(&stderr);
    let lang = shell.lang();
    // Nothing is left to be told to when standard error is closed.
    let _ = match error.downcast_ref::<Mistakes>() {
        Some(Mistakes(mistakes)) => mistakes
            .iter()
            .try_for_each(|mistake| stderr.write_all(&emit::mistake(mistake, lang, color)))
            .and_then(|()| stderr.flush()),
        None => writeln!(stderr, "{}{error:#}", lang.of("错误：", "error: ")),
    };
    TROUBLE
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

fn print(text: &str) -> Result<u8> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(CLEAN)
}

/// The one document a command is about.
fn read_one(path: &Path, lang: Lang) -> Result<Document> {
    let read = if path == Path::new("-") {
        input::read_stream("<stdin>", io::stdin().lock(), &Limits::with_office())
    } else {
        input::read_path(path, &Limits::with_office())
    };
    read.map_err(|error| {
        anyhow!("{}{}{}", path.display(), lang.of("：", ": "), lang.of(error.to_string(), error.english()))
    })
}

/// The rule set with the user's folder of rule files, if any, laid over it.
fn load_rules(folder: Option<&Path>, detail: Detail) -> Result<RuleSet> {
    rules_of(&folder.map(user_files).transpose()?.unwrap_or_default(), detail)
}

fn rules_of(files: &[UserFile], detail: Detail) -> Result<RuleSet> {
    rules::with(files, detail).map_err(|error| match error {
        LoadError::User(mistakes) => Mistakes(mistakes).into(),
        LoadError::Embedded { .. } => error.into(),
    })
}

fn user_files(folder: &Path) -> Result<Vec<UserFile>> {
    let mut files = Vec::new();
    for entry in
        ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_name(|a, b| a.cmp(b)).build()
    {
        let entry = entry.with_context(|| format!("规则文件夹 {}", folder.display()))?;
        let path = entry.path();
        if path.extension().is_none_or(|ext| ext != "toml") || path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("规则文件 {}", path.display()))?;
        let below = path.strip_prefix(folder).unwrap_or(path);
        let name =
            below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        files.push(UserFile { name, path: path.display().to_string(), text });
    }
    Ok(files)
}
