//! `gouji facts`: the fact tables of reports, and the relations between their figures.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZero;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::inputs::{self, Input};
use super::{CLEAN, Shell, TROUBLE, load_rules, print, read_one, unread};
use crate::audit::{Audit, audit};
use crate::document::{Document, LineIndex, Span};
use crate::emit::columns::{aligned, short};
use crate::emit::figures::{self, Head, Row, csv};
use crate::emit::{Ledger, printable};
use crate::input::{self, Limits};
use crate::options::{Lang, Options};
use crate::reconcile::{Check, State};
use crate::rules::{Detail, RuleSet};
use crate::stream;

/// 列出报告中的数字事实和勾稽关系
#[derive(clap::Args)]
#[command(override_usage = "gouji facts [选项] <文件>...", help_template = super::usage::template!(
    "每个数字说的是什么（单位、年度、名称、口径）、原文怎么写、折合多少、在哪一节哪一行；\n后面是找到的勾稽关系和核对结果。多个文件和文件夹可一次列出。"
))]
pub struct Args {
    /// 报告或文件夹；“-”表示标准输入
    #[arg(required = true, value_name = "文件", help_heading = "参数")]
    paths: Vec<PathBuf>,
    /// 格式：terminal、json、csv（可直接用 Excel 打开）或 parquet（供 DuckDB、pandas、Spark 用；默认 terminal）
    #[arg(long, value_name = "格式", default_value = "terminal", help_heading = "选项")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: FactsFormat,
    /// 写到文件，不写到屏幕
    #[arg(short, long, value_name = "文件", help_heading = "选项")]
    output: Option<PathBuf>,
    /// 列出没有读懂、没有读全的数字及原因，供补充词表用；一次一个文件
    #[arg(long, conflicts_with = "output", help_heading = "选项")]
    unread: bool,
    /// 自己的规则文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    rules: Option<PathBuf>,
    /// 线程数（默认同处理器数）
    #[arg(long, value_name = "个数", help_heading = "选项")]
    threads: Option<NonZero<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FactsFormat {
    #[value(alias = "table")]
    Terminal,
    Json,
    Csv,
    #[cfg(feature = "parquet")]
    Parquet,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let lang = shell.lang();
    let set = load_rules(args.rules.as_deref(), Detail::Lean)?;
    // The facts are wanted, not the findings.
    let options = Options { lang, enabled: vec![false; set.rules.len()], ..Options::default() };
    if args.unread {
        return list_unread(args, &set, &options);
    }
    let inputs = inputs::collect(&args.paths)?;
    if inputs.is_empty() {
        bail!(lang.of("没有找到可以读的文件", "no report found"));
    }
    if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
        bail!(lang.of("标准输入“-”只能写一次", "standard input can be named once only"));
    }
    // One file alone is one object, as its name and nothing else was given.
    let alone = matches!(args.paths.as_slice(), [path] if !path.is_dir());
    let run = Run { set: &set, options: &options, format: args.format, alone };
    let out: Box<dyn Write + Send> = match &args.output {
        Some(path) => {
            let cannot = || format!("{} {}", lang.of("写不了", "cannot write"), path.display());
            Box::new(BufWriter::new(File::create(path).with_context(cannot)?))
        }
        None => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
    };
    let mut unreadable = false;
    let each = |piece: &Piece| unreadable |= piece.unread.is_some();
    match args.format {
        #[cfg(feature = "parquet")]
        FactsFormat::Parquet => {
            if args.output.is_none() && io::IsTerminal::is_terminal(&io::stdout()) {
                bail!(lang.of(
                    "parquet 不能显示在屏幕上；用 --output 写到文件",
                    "parquet is no text: name a file with --output"
                ));
            }
            run.columns(&inputs, args.threads, out, each)?;
        }
        _ => run.texts(&inputs, args.threads, out, each)?,
    }
    Ok(if unreadable { TROUBLE } else { CLEAN })
}

fn list_unread(args: &Args, set: &RuleSet, options: &Options) -> Result<u8> {
    let lang = options.lang;
    let [path] = args.paths.as_slice() else {
        bail!(lang.of("--unread 一次只看一个文件", "--unread takes one file"));
    };
    let document = read_one(path, lang)?;
    let read = audit(&document, set, options);
    print(&match args.format {
        FactsFormat::Terminal => unread::table(&document, set, &read, lang),
        FactsFormat::Json => unread::json(&document, set, &read, lang)?,
        FactsFormat::Csv => unread::csv(&document, set, &read, lang),
        #[cfg(feature = "parquet")]
        FactsFormat::Parquet => {
            bail!(lang.of("--unread 没有 parquet 格式", "--unread has no format parquet"))
        }
    })
}

/// Everything the threads share.
struct Run<'a> {
    set: &'a RuleSet,
    options: &'a Options,
    format: FactsFormat,
    alone: bool,
}

/// What one file gives.
struct Piece {
    text: String,
    #[cfg(feature = "parquet")]
    batch: figures::parquet::Batch,
    /// The file and why it could not be read.
    unread: Option<String>,
}

impl Run<'_> {
    fn texts(
        &self,
        inputs: &[Input],
        threads: Option<NonZero<usize>>,
        mut out: Box<dyn Write + Send>,
        mut each: impl FnMut(&Piece) + Send,
    ) -> Result<()> {
        let (open, between, close) = match self.format {
            FactsFormat::Csv => (csv::open(), "", ""),
            FactsFormat::Json if !self.alone => ("[\n".to_owned(), ",\n", "\n]\n"),
            FactsFormat::Json => (String::new(), "", "\n"),
            _ => (String::new(), "\n", ""),
        };
        out.write_all(open.as_bytes())?;
        let mut first = true;
        stream::in_order(
            inputs,
            threads,
            |input| self.one(input),
            |piece| {
                each(&piece);
                if let (Some(reason), true) = (&piece.unread, self.alone && self.format != FactsFormat::Csv) {
                    bail!("{reason}");
                }
                if !std::mem::take(&mut first) {
                    out.write_all(between.as_bytes())?;
                }
                Ok(out.write_all(piece.text.as_bytes())?)
            },
        )?;
        out.write_all(close.as_bytes())?;
        Ok(out.flush()?)
    }

    #[cfg(feature = "parquet")]
    fn columns(
        &self,
        inputs: &[Input],
        threads: Option<NonZero<usize>>,
        out: Box<dyn Write + Send>,
        mut each: impl FnMut(&Piece) + Send,
    ) -> Result<()> {
        let mut writer = figures::parquet::Writer::new(out)?;
        stream::in_order(
            inputs,
            threads,
            |input| self.one(input),
            |piece| {
                each(&piece);
                Ok(writer.push(piece.batch)?)
            },
        )?;
        Ok(writer.finish()?)
    }

    fn one(&self, input: &Input) -> Piece {
        let lang = self.options.lang;
        let (name, read) = match input {
            Input::Stdin => {
                let name = "<stdin>".to_owned();
                let read = input::read_stream(&name, io::stdin().lock(), &Limits::with_office());
                (name, read)
            }
            Input::File(path) => (path.display().to_string(), input::read_path(path, &Limits::with_office())),
        };
        match read {
            Ok(document) => {
                let read = audit(&document, self.set, self.options);
                let rows = figures::rows(&document, self.set, &read, lang);
                self.piece(&Head::of(&name, &document, &read), rows, Some((&document, &read)))
            }
            Err(error) => {
                let reason = lang.of(error.to_string(), error.english());
                self.piece(&Head::unread(&name, &reason), Vec::new(), None)
            }
        }
    }

    fn piece(&self, head: &Head, rows: Vec<Row>, read: Option<(&Document, &Audit)>) -> Piece {
        let lang = self.options.lang;
        let colon = lang.of("：", ": ");
        let unread = head.error.as_ref().map(|error| format!("{}{colon}{error}", head.file));
        #[cfg(feature = "parquet")]
        let batch = match self.format {
            FactsFormat::Parquet => figures::parquet::Batch::of(head, &rows),
            _ => figures::parquet::Batch::default(),
        };
        let text = match self.format {
            FactsFormat::Csv => csv::file(head, &rows),
            FactsFormat::Json => {
                let listing = Listing::of(head, rows, read);
                let text = if self.alone {
                    serde_json::to_string_pretty(&listing)
                } else {
                    serde_json::to_string(&listing)
                };
                // Plain data of strings and numbers cannot fail.
                text.unwrap_or_default()
            }
            FactsFormat::Terminal => {
                let ledger = read.map(|(_, read)| Ledger::of(read)).unwrap_or_default();
                table(&Listing::of(head, rows, read), &ledger, lang, self.alone)
            }
            #[cfg(feature = "parquet")]
            FactsFormat::Parquet => String::new(),
        };
        Piece {
            text,
            #[cfg(feature = "parquet")]
            batch,
            unread,
        }
    }
}

#[derive(Serialize)]
struct Listing<'a> {
    path: &'a str,
    /// Why the file could not be read.
    error: Option<&'a str>,
    entity: Option<&'a str>,
    report_year: Option<u16>,
    profile: Option<&'a str>,
    facts: Vec<Row<'a>>,
    relations: Vec<Relation<'a>>,
}

#[derive(Serialize)]
struct Relation<'a> {
    kind: &'a str,
    state: State,
    expression: &'a str,
    trace: &'a str,
    lines: Vec<u32>,
}

impl<'a> Listing<'a> {
    fn of(head: &'a Head, facts: Vec<Row<'a>>, read: Option<(&'a Document, &'a Audit)>) -> Self {
        let relations = read.map(|(document, read)| relations(document, read)).unwrap_or_default();
        Listing {
            path: &head.file,
            error: head.error.as_deref(),
            entity: head.entity.as_deref(),
            report_year: head.year,
            profile: head.profile.as_deref(),
            facts,
            relations,
        }
    }
}

fn relations<'a>(document: &'a Document, read: &'a Audit) -> Vec<Relation<'a>> {
    let lines = LineIndex::new(&document.text);
    let line = |span: &Span| lines.position(&document.text, span.start as usize).line;
    let relation = |check: &'a Check| Relation {
        kind: check.kind,
        state: check.state,
        expression: &check.expression,
        trace: &check.trace,
        lines: check.spans.iter().map(line).collect(),
    };
    read.checks.iter().map(relation).collect()
}

fn table(listing: &Listing, ledger: &Ledger, lang: Lang, alone: bool) -> String {
    if let Some(error) = listing.error {
        let (word, colon) = (lang.of("读不了", "unreadable"), lang.of("：", ": "));
        return format!("{word} {}{colon}{}\n", printable(listing.path), printable(error));
    }
    let mut out = if alone { String::new() } else { format!("{}\n", printable(listing.path)) };
    let head = lang.of(
        ["行:列", "名称", "口径", "年度", "原文", "区间", "章节"],
        ["at", "measure", "basis", "year", "figure", "interval", "section"],
    );
    let rows = listing.facts.iter().map(|fact| {
        let interval = if fact.low == fact.high {
            fact.low.to_string()
        } else {
            format!("{}～{}", fact.low, fact.high)
        };
        [
            match &fact.place {
                Some(place) => format!("{place} {}:{}", fact.line, fact.column),
                None => format!("{}:{}", fact.line, fact.column),
            },
            short(fact.measure.unwrap_or(fact.label), 28),
            fact.basis.unwrap_or_default().to_owned(),
            fact.period.map(|year| year.to_string()).unwrap_or_default(),
            short(fact.text, 20),
            interval,
            short(fact.section.unwrap_or_default(), 28),
        ]
    });
    out += &aligned(std::iter::once(head.map(str::to_owned)).chain(rows).collect());
    if !listing.relations.is_empty() {
        out.push_str(lang.of("\n勾稽关系\n", "\nRelations\n"));
    }
    for relation in &listing.relations {
        let state = match relation.state {
            State::Holds => lang.of("相符", "holds"),
            State::WithinRounding => lang.of("尾差", "within rounding"),
            State::Fails => lang.of("不符", "fails"),
            State::NotEvaluable => lang.of("无法核对", "not evaluable"),
        };
        let mut lines = relation.lines.clone();
        lines.sort_unstable();
        lines.dedup();
        let lines = lines.iter().map(u32::to_string).collect::<Vec<_>>().join(lang.of("、", ", "));
        let pad = " ".repeat(lang.of(8usize, 15).saturating_sub(state.width()));
        let _ = write!(out, "{state}{pad}  {}", relation.expression);
        let _ = match lang {
            Lang::Zh => writeln!(out, "（第 {lines} 行）"),
            Lang::En => writeln!(out, " (line {lines})"),
        };
        if relation.state != State::Holds && !relation.trace.is_empty() {
            let _ = writeln!(out, "          {}", relation.trace.replace('\n', "\n          "));
        }
    }
    if let Some(percent) = ledger.percent_understood() {
        let (understood, figures) = (ledger.figures_understood, ledger.figures);
        let _ = match lang {
            Lang::Zh => writeln!(out, "\n数字读懂 {percent}%（{understood}/{figures}）"),
            Lang::En => writeln!(out, "\n{percent}% of figures understood ({understood}/{figures})"),
        };
    }
    out
}
