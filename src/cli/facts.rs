//! `gouji facts`: the fact table of a report, and the relations between its figures.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use rust_decimal::Decimal;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Shell, load_rules, print, read_one, unread};
use crate::audit::{Audit, audit};
use crate::document::{Document, LineIndex, Span};
use crate::emit::columns::{aligned, quoted, short};
use crate::emit::{self, Ledger};
use crate::facts::{Fact, Role};
use crate::options::{Lang, Options};
use crate::reconcile::State;
use crate::rules::{Detail, RuleSet};

/// 列出报告中的数字事实和勾稽关系
#[derive(clap::Args)]
#[command(override_usage = "gouji facts [选项] <文件>", help_template = super::usage::template!(
    "每个数字说的是什么（名称、口径、年度）、原文怎么写、精确到哪里、在哪一节哪一行；\n后面是找到的勾稽关系和核对结果。"
))]
pub struct Args {
    /// 报告；“-”表示标准输入
    #[arg(value_name = "文件", help_heading = "参数")]
    path: PathBuf,
    /// 格式：table、json 或 csv（csv 可直接用 Excel 打开；默认 table）
    #[arg(long, value_name = "格式", default_value = "table", help_heading = "选项")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: FactsFormat,
    /// 列出没有读懂、没有读全的数字及原因，供补充词表用
    #[arg(long, help_heading = "选项")]
    unread: bool,
    /// 自己的规则文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FactsFormat {
    Table,
    Json,
    Csv,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let lang = shell.lang();
    let set = load_rules(args.rules.as_deref(), Detail::Lean)?;
    let document = read_one(&args.path, lang)?;
    // The facts are wanted, not the findings.
    let options = Options { lang, enabled: vec![false; set.rules.len()], ..Options::default() };
    let read = audit(&document, &set, &options);
    if args.unread {
        return print(&match args.format {
            FactsFormat::Table => unread::table(&document, &set, &read, lang),
            FactsFormat::Json => unread::json(&document, &set, &read, lang)?,
            FactsFormat::Csv => unread::csv(&document, &set, &read, lang),
        });
    }
    let listing = Listing::of(&document, &set, &read, lang);
    print(&match args.format {
        FactsFormat::Table => table(&listing, &Ledger::of(&read), lang),
        FactsFormat::Json => serde_json::to_string_pretty(&listing)? + "\n",
        FactsFormat::Csv => csv(&listing),
    })
}

#[derive(Serialize)]
struct Listing<'a> {
    path: &'a str,
    report_year: Option<u16>,
    facts: Vec<Row<'a>>,
    relations: Vec<Relation<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    /// The lexicon's name, or null for a label it does not know.
    measure: Option<&'a str>,
    /// As written.
    label: &'a str,
    basis: Option<&'a str>,
    period: Option<u16>,
    role: Role,
    /// The figure as printed.
    text: &'a str,
    /// Printed value and what it may stand for, in the printed unit.
    value: Decimal,
    unit: &'a str,
    low: Decimal,
    high: Decimal,
    section: Option<&'a str>,
    line: u32,
    column: u32,
    /// As a reader of the file calls it; null in plain text.
    place: Option<String>,
    start: u32,
    end: u32,
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
    fn of(document: &'a Document, set: &'a RuleSet, read: &'a Audit, lang: Lang) -> Self {
        let lines = LineIndex::new(&document.text);
        let line = |span: &Span| lines.position(&document.text, span.start as usize).line;
        let relations = read.checks.iter().map(|check| Relation {
            kind: check.kind,
            state: check.state,
            expression: &check.expression,
            trace: &check.trace,
            lines: check.spans.iter().map(line).collect(),
        });
        Listing {
            path: &document.name,
            report_year: read.facts.report_year,
            facts: read.facts.facts.iter().map(|fact| row(document, set, read, &lines, fact, lang)).collect(),
            relations: relations.collect(),
        }
    }
}

fn row<'a>(
    document: &'a Document,
    set: &'a RuleSet,
    read: &'a Audit,
    lines: &LineIndex,
    fact: &Fact,
    lang: Lang,
) -> Row<'a> {
    let at = lines.position(&document.text, fact.value_span.start as usize);
    let quantity = fact.quantity.and_then(|place| read.lexed.quantities.get(place as usize));
    let in_unit = |value: Decimal| value.checked_div(fact.amount.factor).unwrap_or(value).normalize();
    let unit =
        quantity.map(|quantity| document.slice(Span::new(quantity.number.end, quantity.span.end)).trim());
    Row {
        measure: fact.measure.map(|id| set.lexicon.measure(id).id.as_str()),
        label: document.slice(fact.label),
        basis: fact.basis.map(|id| set.lexicon.basis(id).id.as_str()),
        period: fact.period,
        role: fact.role,
        text: document.slice(fact.value_span),
        value: quantity.map_or_else(|| in_unit(fact.amount.value), |quantity| quantity.value),
        unit: unit.unwrap_or_default(),
        low: in_unit(fact.amount.low()),
        high: in_unit(fact.amount.high()),
        section: fact.section.map(|id| document.slice(read.outline.node(id).title)),
        line: at.line,
        column: at.column,
        place: emit::place(document, fact.value_span.start, lang),
        start: fact.value_span.start,
        end: fact.value_span.end,
    }
}

fn table(listing: &Listing, ledger: &Ledger, lang: Lang) -> String {
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
    let mut out = aligned(std::iter::once(head.map(str::to_owned)).chain(rows).collect());
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

/// RFC 4180 with a byte order mark, without which Excel takes Chinese for the old encoding.
fn csv(listing: &Listing) -> String {
    let mut out = String::from(
        "\u{feff}line,column,measure,label,basis,period,role,text,value,unit,low,high,section,place\r\n",
    );
    for fact in &listing.facts {
        let cells = [
            fact.line.to_string(),
            fact.column.to_string(),
            quoted(fact.measure.unwrap_or_default()),
            quoted(fact.label),
            quoted(fact.basis.unwrap_or_default()),
            fact.period.map(|year| year.to_string()).unwrap_or_default(),
            role(fact.role).to_owned(),
            quoted(fact.text),
            fact.value.to_string(),
            quoted(fact.unit),
            fact.low.to_string(),
            fact.high.to_string(),
            quoted(fact.section.unwrap_or_default()),
            quoted(fact.place.as_deref().unwrap_or_default()),
        ];
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// As the JSON has it.
fn role(role: Role) -> &'static str {
    match role {
        Role::Value => "value",
        Role::Base => "base",
        Role::Change => "change",
        Role::Rate => "rate",
        Role::Share => "share",
        Role::Completion => "completion",
        Role::Ratio => "ratio",
        Role::Standard => "standard",
    }
}
