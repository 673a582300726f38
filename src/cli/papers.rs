//! What `review` is given beside the reports: last year's reports, the bureau's own table.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::{CLEAN, rounds};
use crate::input::{self, Limits};
use crate::options::Lang;
use crate::review::across::approved::Approved;
use crate::review::across::prior::Shelf;
use crate::review::across::{Desk, Later, approved, prior, template};
use crate::review::papers::{LedgerNotes, Notes, PriorNotes};
use crate::review::{Record, Report};
use crate::rules::{Kind, RuleSet};

/// Rows of the table that are named one by one.
const NAMED: usize = 50;

#[derive(clap::Args)]
pub struct PaperArgs {
    /// 上年报告所在的文件夹：核对上年数、年初结转结余
    #[arg(long, value_name = "文件夹", help_heading = "核对")]
    pub prior: Option<PathBuf>,
    /// 财政部门的台账（xlsx 或 csv）：逐个核对报告中的数字
    #[arg(long, value_name = "文件", help_heading = "核对")]
    pub ledger: Option<PathBuf>,
    /// 写一份空白台账（xlsx），有示例和说明
    #[arg(long, value_name = "文件", exclusive = true, help_heading = "核对")]
    pub ledger_template: Option<PathBuf>,
}

/// The papers, read.
pub struct Papers {
    /// With its path.
    pub approved: Option<(String, Approved)>,
    pub shelf: Shelf,
    /// Last year's reports.
    pub last: Vec<Report>,
}

impl Papers {
    /// What the papers show of one report. `open`: the record of one of last year's reports.
    pub fn add(
        &self,
        record: &Record,
        desk: &Desk,
        open: impl Fn(&Report) -> Option<Record>,
        later: &mut Later,
    ) {
        let places = self.shelf.of_last_year(&record.report);
        let last: Vec<(String, Record)> = places
            .iter()
            .filter_map(|place| Some((self.last[*place].path.clone(), open(&self.last[*place])?)))
            .collect();
        if !last.is_empty() {
            later.add(&record.report, prior::judge(record, &last, desk));
        }
        if let Some((_, approved)) = &self.approved {
            let (findings, checks) = approved::judge(record, approved, desk);
            later.add(&record.report, findings);
            later.checks.extend(checks);
        }
    }

    /// Whether what the kind needs was given.
    pub fn can_judge(&self, kind: &Kind) -> bool {
        match kind {
            Kind::PriorYear(_) => !self.last.is_empty(),
            Kind::LedgerMismatch(_) => self.approved.is_some(),
            _ => true,
        }
    }

    /// Whether there is anything to hold `report` against.
    pub fn concern(&self, report: &Report) -> bool {
        report.unread.is_none() && (self.approved.is_some() || !self.shelf.of_last_year(report).is_empty())
    }

    /// What the papers were good for, for the outputs.
    /// `with_prior`: last year's reports were asked for, though there may be none.
    pub fn notes(&self, reports: &[Report], with_prior: bool) -> Notes {
        let prior = with_prior.then(|| PriorNotes::of(&self.last, &self.shelf, reports));
        let ledger = self.approved.as_ref().map(|(path, table)| LedgerNotes::of(path, table, reports));
        Notes { prior, ledger }
    }

    /// Tells on standard error what of the papers could not be used.
    pub fn tell(&self, reports: &[Report], lang: Lang) -> io::Result<()> {
        let mut out = io::stderr().lock();
        for report in &self.last {
            if let Some(reason) = &report.unread {
                let word = lang.of("上年报告读不了：", "unreadable report of last year: ");
                writeln!(out, "{word}{}{}{reason}", report.path, lang.of("：", ": "))?;
            }
        }
        if !self.last.is_empty() {
            let found = reports.iter().filter(|report| !self.shelf.of_last_year(report).is_empty()).count();
            let (all, read) = (self.last.len(), reports.len());
            writeln!(
                out,
                "{}",
                lang.of(
                    format!("上年报告 {all} 份；本次 {read} 份报告中有 {found} 份找到了上年报告"),
                    format!("{all} reports of last year; found for {found} of {read} reports"),
                )
            )?;
        }
        let Some((_, approved)) = &self.approved else { return Ok(()) };
        for (row, reason) in approved.bad.iter().take(NAMED) {
            writeln!(
                out,
                "{}",
                lang.of(
                    format!("台账第 {row} 行没有用：{reason}"),
                    format!("row {row} of the ledger was not used: {reason}")
                )
            )?;
        }
        let (used, bad) = (approved.count(), approved.bad.len());
        writeln!(
            out,
            "{}",
            lang.of(
                format!("台账 {used} 行可用，{bad} 行没有用"),
                format!("{used} rows of the ledger can be used, {bad} cannot")
            )
        )
    }
}

/// The bureau's table at `path`.
pub fn ledger(path: &Path, rules: &RuleSet, lang: Lang) -> Result<Approved> {
    let name = || format!("{} {}", lang.of("台账", "ledger"), path.display());
    let document = input::read_path(path, &Limits::default())
        .map_err(|error| anyhow!("{}", lang.of(error.to_string(), error.english())))
        .with_context(name)?;
    let Some(approved) = Approved::of(&document, rules, lang) else {
        bail!(lang.of(
            format!(
                "{}：没有找到表头；要有单位、项目、年度、金额各列（可用 --ledger-template 写一份空白台账）",
                name()
            ),
            format!("{}: no row names the columns 单位, 项目, 年度 and 金额 (see --ledger-template)", name()),
        ));
    };
    Ok(approved)
}

pub fn write_template(path: &Path, lang: Lang) -> Result<u8> {
    rounds::write(path, &template()?, lang)?;
    Ok(CLEAN)
}

/// Whether there is a folder of last year's reports at `path`.
pub fn exists(path: &Path, lang: Lang) -> Result<()> {
    fs::metadata(path)
        .with_context(|| format!("{} {}", lang.of("上年报告", "last year's reports"), path.display()))?;
    Ok(())
}
