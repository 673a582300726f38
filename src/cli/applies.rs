//! `gouji config`: what applies to a file, and from where.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Value, json};

use super::choice::{RuleArgs, SetupArgs, overrides};
use super::config::{self, FailOn, Resolver};
use super::{Shell, print};
use crate::document::Span;
use crate::mistake::place_of;
use crate::options::Lang;
use crate::rules::Detail;

/// 显示对一个文件起作用的设置及其出处
#[derive(clap::Args)]
#[command(override_usage = "gouji config [选项] [文件]", help_template = super::usage::template!(
    "逐项列出设置的值，以及它来自 gouji.toml 的哪一行、命令行还是默认。"
))]
pub struct Args {
    /// 报告或文件夹（默认当前文件夹）；不必存在
    #[arg(value_name = "文件", default_value = ".", hide_default_value = true, help_heading = "参数")]
    place: PathBuf,
    /// 格式：table 或 json（默认 table）
    #[arg(long, value_name = "格式", default_value = "table", help_heading = "选项")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: Format,
    /// 达到此级别时退出码为 1：error、warning、hint 或 never（默认 warning）
    #[arg(long, value_name = "级别", hide_possible_values = true, help_heading = "选项")]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    setup: SetupArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Where a value comes from.
#[derive(Serialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
enum Source {
    File { path: String, line: usize },
    CommandLine,
    Default,
}

#[derive(Serialize)]
struct Row {
    key: String,
    value: Value,
    #[serde(flatten)]
    source: Source,
}

/// The keys of `gouji.toml` that hold one value, and what they are when nobody says.
const KEYS: [(&str, &str); 7] = [
    ("select", "[]"),
    ("ignore", "[]"),
    ("severity", "\"warning\""),
    ("fail-on", "\"warning\""),
    ("profile", "null"),
    ("lang", "\"zh\""),
    ("rules", "null"),
];

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let folder = if args.place.is_dir() { &args.place } else { args.place.parent().unwrap_or(Path::new("")) };
    let chosen = overrides(shell, &args.rules, &args.setup, args.fail_on);
    let path = match &chosen.config {
        _ if chosen.no_config => None,
        Some(path) => Some(path.clone()),
        None => config::find_upwards(folder),
    };
    // What is wrong with it is told as everywhere.
    let mut resolver = Resolver::new(chosen, Detail::Lean);
    let settings = resolver.of_directory(folder)?;
    let text = path.as_ref().map(fs::read_to_string).transpose()?.unwrap_or_default();
    let written: toml::Table = toml::from_str(&text)?;
    let file = File { path: path.as_ref().map(|path| path.display().to_string()), text, written };
    let mut rows: Vec<Row> = KEYS.iter().map(|(key, default)| file.row(shell, args, key, default)).collect();
    rows.extend(file.levels());
    rows.extend(file.entries(&resolver.settings[settings].entries.of(&args.place)));
    print(&match args.format {
        Format::Json => {
            serde_json::to_string_pretty(&json!({ "config": file.path, "settings": rows }))? + "\n"
        }
        Format::Table => table(&file, &rows, shell.lang()),
    })
}

/// The configuration file as written.
struct File {
    path: Option<String>,
    text: String,
    written: toml::Table,
}

impl File {
    fn row(&self, shell: Shell, args: &Args, key: &str, default: &str) -> Row {
        let (value, source) = if let Some(value) = on_command_line(shell, args, key) {
            (value, Source::CommandLine)
        } else if let Some(value) = self.written.get(key) {
            (json!(value), self.source(&[key]))
        } else {
            (serde_json::from_str(default).unwrap_or_default(), Source::Default)
        };
        Row { key: key.to_owned(), value, source }
    }

    fn source(&self, keys: &[&str]) -> Source {
        let place = place_of(&self.text, keys).unwrap_or_default();
        self.at(place)
    }

    fn at(&self, place: Span) -> Source {
        let before = self.text.get(..place.start as usize).unwrap_or_default();
        Source::File { path: self.path.clone().unwrap_or_default(), line: before.matches('\n').count() + 1 }
    }

    fn levels(&self) -> Vec<Row> {
        let levels = self.written.get("levels").and_then(toml::Value::as_table);
        let row = |(rule, level): (&String, &toml::Value)| Row {
            key: format!("levels.{rule}"),
            value: json!(level),
            source: self.source(&["levels", rule]),
        };
        levels.into_iter().flatten().map(row).collect()
    }

    /// The entries of `[[suppress]]` that hold for the file.
    fn entries(&self, places: &[usize]) -> Vec<Row> {
        #[derive(serde::Deserialize)]
        struct Spans {
            #[serde(default)]
            suppress: Vec<toml::Spanned<toml::Table>>,
        }
        let spans: Vec<_> = toml::from_str::<Spans>(&self.text).map(|file| file.suppress).unwrap_or_default();
        let row = |&place: &usize| {
            let entry = spans.get(place)?;
            let span = Span::of(entry.span().start, entry.span().end);
            Some(Row {
                key: format!("suppress.{place}"),
                value: json!(entry.get_ref()),
                source: self.at(span),
            })
        };
        places.iter().filter_map(row).collect()
    }
}

fn on_command_line(shell: Shell, args: &Args, key: &str) -> Option<Value> {
    let name = |value: &dyn std::fmt::Debug| json!(format!("{value:?}").to_lowercase());
    match key {
        "select" => args.rules.select.as_ref().map(|list| json!(list)),
        "ignore" => args.rules.ignore.as_ref().map(|list| json!(list)),
        "severity" if args.rules.hints => Some(json!("hint")),
        "severity" => args.rules.severity.as_ref().map(|level| name(level)),
        "fail-on" => args.fail_on.as_ref().map(|level| name(level)),
        "profile" => args.rules.profile.as_ref().map(|id| json!(id)),
        "lang" => shell.lang.as_ref().map(|lang| name(lang)),
        "rules" => args.rules.rules.as_ref().map(|folder| json!(folder)),
        _ => None,
    }
}

fn table(file: &File, rows: &[Row], lang: Lang) -> String {
    let mut out = match &file.path {
        Some(path) => format!("{}{path}\n", lang.of("配置文件：", "configuration: ")),
        None => lang.of("没有 gouji.toml\n", "no gouji.toml\n").to_owned(),
    };
    for Row { key, value, source } in rows {
        let source = match source {
            Source::File { path, line } => format!("{path}:{line}"),
            Source::CommandLine => lang.of("命令行", "command line").to_owned(),
            Source::Default => lang.of("默认", "default").to_owned(),
        };
        let value = match value {
            Value::Null => "-".to_owned(),
            value => value.to_string(),
        };
        out += &format!("{key:<10}  {value}  （{source}）\n");
    }
    if lang == Lang::En { out.replace("  （", "  (").replace("）\n", ")\n") } else { out }
}
